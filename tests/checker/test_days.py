"""The day on which a clause is asked."""

import pytest

from deploygeo.checker import check
from deploygeo.model import Deployment, Record

US, NATO = "us-russia-2021", "nato-russia-2021"


def only(item, treaty, clause, **choices):
    found = [one for one in check(item, treaty, **choices).findings if one.clause == clause]
    assert len(found) == 1
    return found[0]


def accession(party, stay):
    return Record(id="r", kind="accession", party=party, group="NATO", stay=stay)


@pytest.mark.parametrize("stay", ["2004-03-29", ("2004-03-29", None), ("2004-03-29", "2030-01-01")])
@pytest.mark.parametrize(("treaty", "clause"), [(US, "4.1"), (NATO, "6")])
def test_an_accession_is_an_act_of_its_first_day(treaty, clause, stay):
    """One that was written as lasting was asked of 2021, when it was a member already."""
    finding = only(accession("LTU", stay), treaty, clause)
    assert (finding.verdict, str(finding.on)) == ("violation", "2004-03-29")


def test_an_accession_checked_on_a_later_day_is_still_the_act_of_its_first():
    record = accession("FIN", ("2023-04-04", None))
    assert only(record, NATO, "6", on="2023-05-01").verdict == "violation"
    assert only(record, NATO, "6", on="2023-04-03").why == ("not there on 2023-04-03",)


def test_an_accession_before_entry_into_force_is_not_bound_however_long_it_lasts():
    record = accession("LTU", ("2004-03-29", None))
    assert only(record, NATO, "6", in_force="2022-01-01").why == ("not in force then",)


def depot(*stay):
    return Deployment(
        id="d", party="USA", kind="nuclear_storage", geometry=(7.06, 50.17), stay=stay
    )


@pytest.mark.parametrize(
    ("stay", "verdict", "on"),
    [
        (("2000-01-01", "2024-01-01"), "violation", "2024-01-01"),
        (("2000-01-01", "2022-02-01"), "violation", "2022-02-01"),
        (("2000-01-01", "2022-01-31"), "compliant", "2022-01-31"),
        (("2000-01-01", None), "violation", "2022-02-01"),
    ],
)
def test_a_deadline_is_judged_where_it_runs_out(stay, verdict, on):
    """It was judged on the day of entry into force, where no deadline has run out."""
    choices = {"in_force": "2022-01-01", "params": {"deadline_days": 30}}
    finding = only(depot(*stay), US, "7.2", **choices)
    assert (finding.verdict, str(finding.on)) == (verdict, on)


def test_a_day_that_is_asked_for_is_the_day_of_a_deadline_too():
    choices = {"in_force": "2022-01-01", "params": {"deadline_days": 30}}
    day = {"on": "2022-01-31"}
    assert only(depot("2000-01-01", None), US, "7.2", **choices, **day).verdict == "compliant"


def test_a_deadline_beyond_the_calendar_never_runs_out():
    choices = {"in_force": "2022-01-01", "params": {"deadline_days": 1e11}}
    assert only(depot("2000-01-01", None), US, "7.2", **choices).verdict == "compliant"
    choices = {"in_force": "9999-12-31", "params": {"deadline_days": 30}}
    assert only(depot("2000-01-01", None), US, "7.2", **choices).verdict == "compliant"


@pytest.mark.parametrize("clause", ["7.1", "4"])
def test_what_is_not_in_force_is_told_before_what_is_not_there(clause):
    """A day before entry into force was told as a day on which the force was not there."""
    force = Deployment(
        id="f", party="USA", kind="ground_force", geometry=(21.0, 52.2), stay="2021-12-17"
    )
    finding = only(force, NATO, clause, on="2021-01-01", in_force="2022-01-01")
    assert finding.why == ("not in force then",)
    finding = only(force, NATO, clause, on="2022-02-01", in_force="2022-01-01")
    assert finding.why == ("not there on 2022-02-01",)


@pytest.mark.parametrize("clause", ["5.1", "us-russia-2021/5.1", "perceived-threat"])
def test_a_finding_names_its_clause_as_a_consent_does(clause):
    force = Deployment(
        id="f", party="USA", kind="ground_force", geometry=(21.0, 52.2), stay="2021-12-17"
    )
    human = Record(id="h", kind="finding", clause=clause, states=True)
    assert only([force, human], US, "5.1").verdict == "violation"
