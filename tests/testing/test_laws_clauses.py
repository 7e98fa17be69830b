"""The laws of clauses hold for the drafts, and each is broken by the implementation it names."""

import itertools
from dataclasses import replace
from datetime import date

import pytest

from deploygeo import checker
from deploygeo.checker import facts, judge, places, records, run, stability, totals
from deploygeo.checker.scene import scene_of
from deploygeo.clauses.outcome import leaf, negation
from deploygeo.clauses.truth import Truth
from deploygeo.io import _sink as io_sink
from deploygeo.model import Deployment, Interval, Record
from deploygeo.testing import LAWS, LawBrokenError, Situation, check_treaty
from deploygeo.testing.laws import choices, clauses, errors, order, reach, reports, sides
from deploygeo.testing.prove import trials, tried
from deploygeo.treaties import load

US, NATO = load("us-russia-2021"), load("nato-russia-2021")
OF_CLAUSES = [law for law in LAWS if law.about == "clause"]


def ship(id_="s", place=(34.0, 43.0), party="USA", **more):
    more.setdefault("range_km", 1600)
    return Deployment(id=id_, party=party, kind="surface_warship", geometry=place, **more)


def force(id_="f", place=(21.0, 52.2), party="USA", **more):
    return Deployment(id=id_, party=party, kind="ground_force", geometry=place, **more)


def launcher(range_km):
    return Deployment(
        id="m", party="USA", kind="missile_launcher", geometry=(144.8, 13.5), range_km=range_km
    )


def breaks(law, *args):
    with pytest.raises(LawBrokenError):
        law(*args)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_has_a_statement_a_reason_and_a_counterexample(law):
    assert law.statement.endswith(".")
    assert law.reason
    assert law.counterexample


def test_no_two_laws_have_one_name():
    assert len({law.name for law in LAWS}) == len(LAWS)


@pytest.mark.parametrize("law", OF_CLAUSES, ids=lambda law: law.name)
@pytest.mark.parametrize("treaty", [US, NATO], ids=lambda treaty: treaty.id)
def test_a_law_holds_on_every_clause_of_the_drafts(law, treaty):
    proofs = [tried(trial, examples=6) for trial in trials(treaty, laws=[law])]
    assert [(one.trial.name, one.why) for one in proofs if one.outcome == "broken"] == []
    assert [one.trial.name for one in proofs if one.outcome == "untried"] == []


@pytest.mark.parametrize("law", OF_CLAUSES, ids=lambda law: law.name)
def test_a_law_applies_somewhere(law):
    """A law that is exempt everywhere would hold whatever the product did."""
    found = [one for treaty in (US, NATO) for one in trials(treaty, laws=[law]) if not one.exempt]
    assert found


# -- each law against the wrong implementation that it names


def test_withdrawal_is_broken_by_a_scene_that_is_kept(monkeypatch):
    kept = scene_of([ship()], [])
    monkeypatch.setattr("deploygeo.checker.verdicts.scene_of", lambda *_: kept)
    breaks(clauses.withdrawal_clears_every_prohibition, Situation(US, (ship(),), "5.2"), "USA")


def test_leaving_is_broken_by_an_implementation_that_asks_for_no_stay(monkeypatch):
    monkeypatch.setattr(judge, "idle", lambda *_: "")
    gone = Situation(US, (ship(stay="2021-11-10"),), "5.2")
    breaks(clauses.who_has_left_breaches_nothing, gone)


def test_parties_are_broken_by_an_implementation_that_binds_everyone(monkeypatch):
    monkeypatch.setattr(judge, "bound", lambda case: leaf("bound", Truth.TRUE))
    mission = Deployment(
        id="t", party="USA", kind="training_mission", geometry=(30.5, 50.4), personnel=20
    )
    situation = Situation(NATO, (mission,), "7.1")
    breaks(clauses.whoever_is_no_party_breaches_nothing, situation, "CHE")


def test_adding_is_broken_by_a_total_that_takes_the_place_of_what_it_holds(monkeypatch):
    def wrong(shares):
        wholes = [share for share in shares if share.actor.deployment.total]
        return real(wholes or shares)

    real = totals._sum
    monkeypatch.setattr(totals, "_sum", wrong)
    situation = Situation(NATO, (force(personnel=6000),), "4")
    whole = force("t", total=True, personnel=[0, 4500])
    breaks(clauses.adding_a_force_clears_no_breach, situation, whole)


def test_consent_is_broken_by_an_implementation_that_negates_it(monkeypatch):
    real = records.consent
    monkeypatch.setattr(records, "consent", lambda *args: negation(real(*args)))
    monkeypatch.setitem(checker.facts.WORDS, "consent", records.consent)
    situation = Situation(NATO, (force(place=(24.2, 55.1), party="DEU", personnel=500),), "4")
    agreed = Record(id="c", kind="consent", by=["NATO", "RUS"], subject=["f"])
    breaks(clauses.consent_only_excuses, situation, agreed)


def test_consent_is_that_of_the_states_which_a_clause_asks(tmp_path, monkeypatch):
    """Only Russia and allies of NATO consented, so that the law held of any treaty of others."""
    text = (US.folder / "treaty.toml").read_text(encoding="utf-8").split("[[parameter]]")[0]
    text = text.replace("states('USA')", "states('CHN')").replace("states('RUS')", "states('IND')")
    text += """
[[clause]]
id = "1"
article = "1"
text = "No forces abroad without consent."
rule = "not inside(territory(own))"

[[clause.unless]]
name = "agreed"
text = "Both agreed."
rule = "consent(parties)"
"""
    (tmp_path / "treaty.toml").write_text(text, encoding="utf-8")
    real = records.consent
    monkeypatch.setattr(records, "consent", lambda *args: negation(real(*args)))
    monkeypatch.setitem(checker.facts.WORDS, "consent", records.consent)
    (proof,) = check_treaty(tmp_path, laws=["consent-only-excuses"], examples=100)
    assert proof.outcome == "broken"


def test_entry_into_force_is_broken_by_an_interval_that_begins_a_day_early(monkeypatch):
    monkeypatch.setattr(judge, "idle", lambda *_: "")
    at_sea = Situation(US, (ship(),), "5.2")
    breaks(clauses.before_entry_into_force_nothing_is_violated, at_sea, date(2022, 3, 1))


def test_reach_is_broken_by_a_comparison_the_wrong_way(monkeypatch):
    real = places.reaches
    monkeypatch.setattr(places, "reaches", lambda *args: negation(real(*args)))
    at_sea = Situation(US, (ship(),), "5.2")
    breaks(reach.more_reach_never_fewer_violations, at_sea, 200.0, 1600.0)


def test_symmetry_is_broken_by_an_implementation_that_knows_who_the_other_is(monkeypatch):
    monkeypatch.setattr(facts.Case, "counterparts", property(lambda case: frozenset(["RUS"])))
    at_sea = Situation(US, (ship(),), "5.2")
    breaks(sides.exchanging_the_parties_exchanges_the_verdicts, at_sea)


def test_a_wider_error_is_broken_by_an_implementation_that_takes_the_middle(monkeypatch):
    real = facts.Case.quantity

    def middle(case, name):
        found = real(case, name)
        return Interval((found.lo + found.hi) / 2) if found.hi < 1e6 else found

    monkeypatch.setattr(facts.Case, "quantity", middle)
    at_sea = Situation(US, (ship(range_km=[300, 330]),), "5.2")
    breaks(errors.a_wider_error_decides_nothing, at_sea, 0.0, 320.0, 0)


def test_every_point_is_broken_by_cuts_without_the_points_themselves(monkeypatch):
    def pieces(interval, cuts):
        ends = [interval.lo, *cuts, interval.hi]
        for low, high in itertools.pairwise(sorted(set(ends))):
            yield Interval((low + high) / 2)

    monkeypatch.setattr(judge, "_pieces", pieces)
    site = Situation(US, (launcher([500, 5600]),), "6")
    site = site.under(readings={"limb6": "ranged", "missile_class": "inf"})
    site = site.with_things((replace(launcher([5500, 5600]), geometry=(178.0, 65.0)),))
    breaks(errors.a_decided_verdict_holds_at_every_point, site, 0.0, 0.0)


def test_order_is_broken_by_people_added_until_the_first_total(monkeypatch):
    real = totals._sum

    def until_total(shares):
        taken = []
        for share in shares:
            taken.append(share)
            if share.actor.deployment.total:
                break
        return real(taken)

    monkeypatch.setattr(totals, "_sum", until_total)
    both = (force("t", total=True, personnel=4500), force("u", personnel=6000))
    breaks(order.the_order_of_a_file_does_not_matter, Situation(NATO, both, "4"), [1, 0])


def test_company_is_broken_by_a_memory_without_the_place(monkeypatch):
    real, kept = places.distance, {}

    def remembered(case, region):
        return kept.setdefault((id(case.scene), region), real(case, region))

    monkeypatch.setattr(places, "distance", remembered)
    both = (ship(), ship("t", place=(-140.0, 20.0)))
    breaks(order.a_force_alone_is_judged_as_in_company, Situation(US, both, "5.2"))


def test_ids_are_broken_by_a_reader_that_keeps_the_last(monkeypatch):
    def keep(sink, thing, *_):
        sink.things[:] = [*(one for one in sink.things if one.id != thing.id), thing]

    monkeypatch.setattr(io_sink.Sink, "_keep", keep)
    breaks(order.an_id_stands_for_one_thing, Situation(US, (ship(), ship("t")), "5.2"))


def test_stability_is_broken_by_a_list_without_worldviews(monkeypatch):
    real = stability._changes
    monkeypatch.setattr(
        stability, "_changes", lambda case: (one for one in real(case) if "world" not in one[0])
    )
    near = Situation(US, (ship(range_km=200),), "5.2")
    breaks(choices.every_listed_flip_flips_and_no_other, near)


def test_findings_are_broken_by_the_margin_of_the_breach(monkeypatch):
    real = run._margin
    monkeypatch.setattr(run, "_margin", lambda *args: -real(*args))
    breaks(reports.every_finding_names_what_it_rests_on, Situation(US, (ship(),), "5.2"))


@pytest.mark.parametrize("left_out", [{"margin": None}, {"readings": {}}])
def test_findings_are_broken_by_what_they_leave_out(monkeypatch, left_out):
    """A report without any margin, or without any reading, passed."""
    real = checker.check

    def check(*args, **choices):
        found = real(*args, **choices)
        return replace(
            found, findings=tuple(replace(finding, **left_out) for finding in found.findings)
        )

    near = Situation(US, (ship(range_km=300),), "5.2")
    reports.every_finding_names_what_it_rests_on(near)
    monkeypatch.setattr(checker, "check", check)
    breaks(reports.every_finding_names_what_it_rests_on, near)


def test_a_decision_is_broken_where_nothing_is_asked_at_a_point(monkeypatch):
    """A breach that was gone at a point of the interval passed."""
    site = Situation(US, (launcher([600, 700]),), "6")
    real = Situation.verdicts

    def verdicts(self):
        exact = any(one.range_km.lo == one.range_km.hi for one in self.things)
        return () if exact else real(self)

    monkeypatch.setattr(Situation, "verdicts", verdicts)
    breaks(errors.a_decided_verdict_holds_at_every_point, site, 0.0, 0.0)


@pytest.mark.parametrize("key", ["article", "margin", "witness", "stability", "readings"])
def test_json_is_broken_by_what_it_leaves_out(monkeypatch, key):
    from deploygeo.report import structured

    real = structured.finding_mapping
    blank = {"article": "", "margin": None, "witness": None, "stability": [], "readings": {}}
    monkeypatch.setattr(
        structured, "finding_mapping", lambda finding: {**real(finding), key: blank[key]}
    )
    near = Situation(US, (ship(range_km=[200, 210]),), "5.2")
    breaks(reports.a_report_survives_json, near)


def test_bytes_are_broken_by_a_form_that_counts_its_runs(monkeypatch):
    runs = itertools.count()
    monkeypatch.setattr(reports, "FORMS", (lambda report: f"run {next(runs)}",))
    with pytest.raises((LawBrokenError, AttributeError)):
        reports.the_same_input_gives_the_same_bytes(Situation(US, (ship(),), "5.2"))
