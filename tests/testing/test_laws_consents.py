"""The laws of consent are broken by the implementations that they name."""

from dataclasses import replace

import pytest

from deploygeo import checker
from deploygeo.checker import judge, records
from deploygeo.clauses.outcome import claim
from deploygeo.model import Deployment, Record
from deploygeo.model.parties import PARTIES
from deploygeo.testing import LawBrokenError, Situation
from deploygeo.testing.laws import agreement, consents
from deploygeo.testing.prove import trials, tried
from deploygeo.treaties import load

NATO = load("nato-russia-2021")
FORCE = Deployment(id="f", party="USA", kind="ground_force", geometry=(21.0, 52.2), personnel=4500)


def test_one_consent_for_all_is_excused_by_two_that_have_nobody_in_common(monkeypatch):
    real = records.consent

    def one_for_all(case, states):
        found = any(real(case, frozenset([state])).truth.value == "true" for state in states)
        return claim("somebody consented", found)

    at_base = Situation(NATO, (FORCE,), "4")
    consents.no_two_consents_without_a_common_party(at_base, frozenset({"RUS"}))
    monkeypatch.setitem(checker.facts.WORDS, "consent", one_for_all)
    with pytest.raises(LawBrokenError, match="excused by the consent of RUS, and by that of all"):
        consents.no_two_consents_without_a_common_party(at_base, frozenset({"RUS"}))


def test_what_is_excused_is_counted_where_nobody_is_left_out(monkeypatch):
    at_base = Situation(NATO, (replace(FORCE, personnel=None),), "4")
    consents.what_is_excused_adds_nothing(at_base, 9_000, 0)
    real = judge._breach
    monkeypatch.setattr(judge, "_breach", lambda case: real(case.without(())))
    with pytest.raises(LawBrokenError, match="a violation beside 9000 that are excused"):
        consents.what_is_excused_adds_nothing(at_base, 9_000, 0)


AGREED = """
id = "t"
title = "t"
status = "draft"
source = "invented"

[[side]]
name = "A"
states = "states('USA')"

[[side]]
name = "B"
states = "states('RUS')"

[[clause]]
id = "1"
article = "1"
text = "No forces abroad without consent."
rule = "not inside(territory(own))"
source = "invented"

[[clause.unless]]
name = "agreed"
text = "Somebody agreed."
rule = "{rule}"
"""


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("consent(parties)", ""),
        ("consent(counterparts)", ""),
        ("consent(parties) or consent(counterparts)", "it asks for several consents"),
        ("not consent(parties)", "consent may bring a breach about"),
        ("mandate", "it knows no exception by consent"),
    ],
)
def test_a_clause_is_exempt_where_two_consents_may_each_be_enough(tmp_path, rule, why):
    (tmp_path / "treaty.toml").write_text(AGREED.format(rule=rule), encoding="utf-8")
    (trial,) = trials(tmp_path, laws=["no-two-consents-without-a-common-party"])
    assert trial.exempt == why
    if not why:
        assert tried(trial, examples=30).outcome == "held"


def test_the_consent_of_everyone_can_be_had(tmp_path):
    """Holders of land that no record may name, such as Bir Tawil, were asked too."""
    (tmp_path / "treaty.toml").write_text(AGREED.format(rule="consent(everyone)"), encoding="utf-8")
    treaty = load(tmp_path)
    states = tuple(party for party in PARTIES if party != "NATO")
    for by, verdict in ((states, "excused"), (states[1:], "violation")):
        agreed = Record(id="r", kind="consent", by=by, subject=("f",))
        situation = Situation(treaty, (FORCE, agreed), "1")
        assert [item.verdict for item in situation.verdicts()] == [verdict]
        agreement.a_naive_evaluation_agrees(situation)
