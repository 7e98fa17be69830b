"""Whatever a caller gives: a report, or an error of ours that says what to write."""

import datetime
import math

import numpy as np
import pandas as pd
import pytest

import deploygeo as dg
from deploygeo.checker.findings import HUMAN, VERDICTS
from deploygeo.errors import DeploygeoError, SettingError

SHIP = dg.Deployment(
    id="ship",
    party="USA",
    kind="surface_warship",
    geometry=(-155.0, 15.0),
    range_km=0,
    stay="2021-11-10",
)
ZAPAD = dg.Deployment(
    id="zapad",
    party="RUS",
    kind="exercise",
    echelon="army",
    geometry=(24.0, 52.5),
    stay="2021-09-10",
)


@pytest.mark.parametrize("value", [math.nan, math.inf, -5, True, "100", None, [1], 10**400])
@pytest.mark.parametrize("name", ["width_km", "deadline_days"])
def test_a_parameter_is_a_finite_number_from_zero(name, value):
    """Not a number compares false with everything, and read as compliant."""
    with pytest.raises(SettingError, match=f"the parameter {name} is a finite number from 0, not"):
        dg.check(ZAPAD, params={name: value})


@pytest.mark.parametrize("value", [100, 100.0, np.float32(100), np.int64(100)])
def test_a_number_of_any_library_is_a_parameter(value):
    report = dg.check(ZAPAD, "nato-russia-2021", params={"width_km": value})
    assert report.of("zapad", "nato-russia-2021/7.2")[0].verdict == "violation"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"worldview": []}, "worldview is a name"),
        ({"level": []}, "level is a name"),
        ({"level": "ne20"}, "unknown level 'ne20'; did you mean 'ne10'"),
        ({"treaties": 5}, "treaties are ids"),
        ({"treaties": [5]}, "a treaty is an id"),
        ({"treaties": []}, "nothing would be checked"),
        ({"readings": "all"}, "readings are a mapping"),
        ({"readings": ["reach=class"]}, "readings are a mapping"),
        ({"readings": {"reach": []}}, "unknown value of the reading reach"),
        ({"readings": {5: "class"}}, "unknown reading 5"),
        ({"params": [1]}, "params are a mapping"),
        ({"on": "20211217"}, "a date is written 2021-12-17"),
        ({"on": 5}, "a date is written 2021-12-17"),
        ({"on": pd.NaT}, "a date is written 2021-12-17"),
        ({"on": np.datetime64("NaT")}, "a date is written 2021-12-17"),
        ({"on": datetime.datetime(2021, 12, 17, 9)}, "on is a day, not a time"),
        ({"on": np.datetime64("2021-12-17T09")}, "not '2021-12-17T09'"),
        ({"in_force": "2021-02-30"}, "in_force: a date is written"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_told_in_our_words(options, told):
    with pytest.raises(DeploygeoError, match=told):
        dg.check(SHIP, **options)


@pytest.mark.parametrize(
    "day",
    [
        "2021-12-17",
        datetime.date(2021, 12, 17),
        datetime.datetime(2021, 12, 17),
        pd.Timestamp("2021-12-17"),
        np.datetime64("2021-12-17"),
        np.datetime64("2021-12-17", "ns"),
    ],
)
def test_a_day_of_any_library_is_a_day(day):
    if not isinstance(day, np.datetime64):
        assert len(dg.nato(day)) == 30
    assert dg.check([], on=day).settings.on == datetime.date(2021, 12, 17)


def test_a_treaty_named_twice_is_checked_once():
    once = dg.check(SHIP, "us-russia-2021")
    assert dg.check(SHIP, ["us-russia-2021", dg.treaty("us-russia-2021")]).findings == once.findings


def test_what_only_a_human_decides_is_counted_apart_and_makes_no_exit_code_4():
    """A warship without missiles near Hawaii gave 4, because nearly every ship is flagged."""
    report = dg.check(SHIP, "us-russia-2021")
    assert report.counts["indeterminate"] == 0
    assert report.counts[HUMAN] > 0
    assert list(report.counts) == [*VERDICTS, HUMAN]
    assert sum(report.counts.values()) == len(report.findings)
    assert report.exit_code("indeterminate") == 0
    with pytest.raises(SettingError, match="fail_on"):
        report.exit_code("always")


def test_what_a_human_decided_counts_as_the_verdict():
    found = dg.Record(id="f", kind="finding", clause="5.1", states=True, subject=("ship",))
    report = dg.check([SHIP, found], "us-russia-2021")
    assert [one.clause for one in report.violations] == ["5.1"]
    assert report.counts["violation"] == 1


def test_a_report_is_short_at_the_prompt():
    assert len(repr(dg.check(SHIP))) < 200
    assert "1 fault in the input" in repr(dg.check("no-such-file.geojson"))


def test_a_day_of_entry_into_force_leaves_drafts_as_if():
    """With a day given, no report said any more that the drafts never were in force."""
    report = dg.check(SHIP, in_force="2021-12-01")
    assert report.as_if == ("nato-russia-2021", "us-russia-2021")
