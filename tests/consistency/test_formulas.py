"""Formulas allow all that the checker allows: what they rule out, no deployment does."""

import itertools
import random
from datetime import date

import pytest
from drafts import clause, draft, unless

from deploygeo.checker.findings import Settings
from deploygeo.checker.verdicts import verdicts
from deploygeo.clauses.evaluate import Region
from deploygeo.consistency.conditions import conditions_of, day_of
from deploygeo.consistency.facts import cells_of_states, facts_of, related
from deploygeo.consistency.logic import (
    Atom,
    TooManyStepsError,
    atoms_of,
    cells,
    every,
    models,
    opposite,
    satisfiable,
    some,
    truth_of,
)
from deploygeo.consistency.places import PLACES
from deploygeo.consistency.survey import Survey
from deploygeo.model import ACTIVITIES, BASINGS, KINDS, Deployment, groups
from deploygeo.treaties import load


def is_one_of(fact, *values):
    return Atom(fact, " ".join(values), lambda value: value in values)


def test_a_formula_that_nothing_fulfils_has_no_model():
    kind = is_one_of("kind", "radar")
    assert satisfiable(every([kind, opposite(kind)]), {"kind": ["radar", "artillery"]}) is None


def test_every_choice_that_differs_is_told_once():
    formula = some([is_one_of("a", "x"), is_one_of("b", "y")])
    found = list(models(formula, {"a": ["x", "z", "w"], "b": ["y", "v"]}))
    assert found == [{"a": "x"}, {"a": "z", "b": "y"}]


def test_models_agree_with_trying_everything():
    chance = random.Random(7)  # noqa: S311
    facts = {name: ["p", "q", "r"] for name in "abc"}

    def grown(depth):
        if depth == 0:
            wanted = chance.sample(["p", "q", "r"], chance.choice([1, 2]))
            return is_one_of(chance.choice("abc"), *wanted)
        parts = [grown(depth - 1) for _ in range(2)]
        return chance.choice([every(parts), some(parts), opposite(parts[0])])

    for _ in range(200):
        formula = grown(4)
        whole = [dict(zip(facts, row, strict=True)) for row in itertools.product(*facts.values())]
        expected = any(truth_of(formula, one) for one in whole)
        found = satisfiable(formula, facts)
        assert expected == (found is not None)
        assert found is None or truth_of(formula, found)


def test_a_formula_too_large_to_decide_says_so(monkeypatch):
    monkeypatch.setattr("deploygeo.consistency.logic.MOST_STEPS", 5)
    atoms = [Atom(f"f{at}", "") for at in range(10)]
    pairs = itertools.combinations(atoms, 2)
    parity = every([some([opposite(a), opposite(b)]) for a, b in pairs])
    with pytest.raises(TooManyStepsError):
        list(models(every([parity, some([every(atoms[:2]), every(atoms[2:4])])])))


@pytest.mark.parametrize("ends", [(500.0,), (500.0, 501.0), (0.0,), (0.5, 5500.0, 20_000.0)])
def test_there_is_a_number_at_each_limit_and_on_either_side_of_it(ends):
    found = cells(ends)
    assert list(found) == sorted(found)
    assert set(ends) <= set(found)
    for low, high in itertools.pairwise(ends):
        assert any(low < value < high for value in found)
    assert found[-1] > ends[-1]
    assert ends[0] == 0.0 or 0.0 <= found[0] < ends[0]


def test_states_that_no_set_divides_are_one_class():
    found = cells_of_states([frozenset({"POL", "EST"}), frozenset({"EST", "RUS"})])
    assert [cell[0] for cell in found] == ["USA", "RUS", "POL", "EST"]


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Region("land", frozenset({"POL"})), Region("territory", frozenset({"POL", "UKR"})), True),
        (Region("land", frozenset({"POL"})), Region("land", frozenset({"UKR"})), False),
        (Region("territory", frozenset({"POL"})), Region("land", frozenset({"POL"})), True),
        (Region("land", frozenset({"POL"})), Region("sea", name="Baltic Sea"), True),
    ],
)
def test_regions_that_are_apart_hold_nothing_together(one, other, both):
    atoms = [Atom(f"in {region}", "", about=region) for region in (one, other)]
    assert both == (satisfiable(related(every(atoms))) is not None)


def test_what_is_in_a_smaller_region_is_in_a_larger_one_and_at_no_distance_from_it():
    small, large = (Region("land", frozenset(states)) for states in (["POL"], ["POL", "UKR"]))
    inside = Atom("in POL", "", about=small)
    outside = opposite(Atom("in both", "", about=large))
    far = Atom("to both", "> 5", lambda km: km > 5.0, (5.0,), about=large)
    assert satisfiable(related(every([inside, outside]))) is None
    assert satisfiable(related(every([inside, far]))) is None


@pytest.fixture(scope="module")
def odd_treaty(tmp_path_factory):
    """A treaty with the words that the drafts do not use."""
    path = draft(
        tmp_path_factory.mktemp("odd"),
        clause("1", "basing('ground', 'air') or framework('NATO') or mandate", modality="oblige"),
        clause(
            "2",
            "platform_range - 100 > loadable_range or step_up(range, 300, 600) - 200 <= 100",
            applies="not kind('radar')",
        ),
        clause("3", "echelon_above('brigade') and not share(partners, states('DEU', 'FRA'))"),
        clause("4", "stay_days > 30 and 5 < brigades + 2 <= 7 and personnel >= 9000"),
        unless("mandate", "mandate and nuclear"),
        clause("5", "distance(land(counterparts)) - 50 < 250 or range + 100 >= 700"),
    )
    return load(path)


@pytest.mark.parametrize("name", ["us-russia-2021", "nato-russia-2021", "odd"])
def test_no_deployment_violates_a_clause_that_its_formula_rules_out(name, odd_treaty):
    """What the attributes rule out is never asked, so this must never be wrong."""
    treaty = odd_treaty if name == "odd" else load(name)
    chance = random.Random(name)  # noqa: S311
    settings = Settings(params={"width_km": 100.0, "deadline_days": 1.0, "separation_km": 5.0})
    seen = {True: 0, False: 0}
    for at in range(250):
        kind = chance.choice(sorted(KINDS))
        given = {
            "basing": chance.choice(sorted(BASINGS)),
            "nuclear": chance.choice([None, True]),
            "framework": chance.choice([None, "NATO"]),
            "scenario": chance.choice(["conventional", "nuclear"]),
            "echelon": chance.choice(["brigade", "division"]),
            "un_mandate": chance.choice([None, "asserted"]),
            "partners": chance.choice([("DEU",), ("POL", "UKR")]),
            "activity": chance.choice(sorted(ACTIVITIES)),
        }
        amounts = {
            "personnel": chance.choice([1.0, 8_999.0, 9_000.0, 20_000.0]),
            "brigades": chance.choice([1.0, 4.0, 5.0]),
            "range": chance.choice([100.0, 499.0, 500.0, 501.0, 2_500.0, 5_501.0]),
            "loadable_range": chance.choice([300.0, 3_000.0]),
        }
        radius = chance.choice([0.0, 150.0])
        thing = Deployment(
            id=f"d{at}",
            party=chance.choice(["USA", "RUS", "GBR", "POL", "UKR", "NATO"]),
            kind=kind,
            geometry=chance.choice(PLACES).at,
            range_km=amounts["range"],
            loadable_range_km=amounts["loadable_range"],
            radius_km=radius,
            personnel=amounts["personnel"],
            brigades=int(amounts["brigades"]),
            stay=("2021-12-01", chance.choice(["2021-12-10", "2022-02-01"])),
            **given,
        )
        known = {"kind": kind, **given, **amounts}
        known["un_mandate"] = True if given["un_mandate"] else None
        known["platform_range"] = amounts["range"] + radius
        known["stay_days"] = float((thing.stay.end - thing.stay.start).days + 1)
        for found in verdicts([thing], treaty, settings=settings):
            asked = treaty.clause(found.clause)
            conditions = conditions_of(treaty, asked, settings, thing.party)
            can_be = truth_of(conditions.violated, known) is not False
            seen[can_be] += 1
            assert can_be or found.verdict != "violation", (found, known)
            may_obey = truth_of(conditions.obeyed, known) is not False
            assert may_obey or found.verdict not in ("compliant", "excused"), (found, known)
            if conditions.applies is False:
                assert found.verdict == "not-applicable"
    assert min(seen.values()) > 100


def test_a_survey_tries_a_violation_of_all_that_can_be_violated():
    treaty = load("us-russia-2021")
    survey = Survey((treaty,), Settings(level="ne10"))
    violated = {
        one.id
        for _, one in survey.clauses
        for party in survey.bound(treaty, one)
        for situation in itertools.islice(
            survey.situations(survey.conditions(treaty, one, party).violated, treaty, one, party),
            60,
        )
        if survey.is_violated(situation, treaty, one)
    }
    assert {one.id for _, one in survey.clauses} - violated == {"5.3", "7.2"}


def test_dated_sets_are_those_of_the_day():
    treaty = load("nato-russia-2021")
    asked = treaty.clause("7.1")
    today = conditions_of(treaty, asked, Settings(), "FIN")
    later = conditions_of(treaty, asked, Settings(on=date(2023, 6, 1)), "FIN")
    assert today.applies is False
    assert later.applies is not False


def test_a_clause_is_asked_on_the_day_of_its_treaty():
    treaty = load("us-russia-2021")
    assert str(day_of(treaty, treaty.clause("6"), Settings())) == "2021-12-17"


def test_domains_cover_every_class_of_an_atom():
    treaty = load("nato-russia-2021")
    violated = conditions_of(treaty, treaty.clause("5"), Settings(), "USA").violated
    domains = facts_of([violated])
    for atom in atoms_of(violated):
        told = {bool(atom.holds(value)) for value in domains[atom.fact]}
        assert told == {True, False}, atom.fact
    assert "NATO" in groups()
