"""Intervals, stays, parties, systems and the choices of a run."""

import math
from collections import Counter
from datetime import date

import pytest
from hypothesis import strategies as st

from deploygeo import boundaries
from deploygeo.checker.settings import prepared
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.model import PARTIES, Interval, Stay
from deploygeo.model import systems as catalogue
from deploygeo.testing.strategies import (
    drawn,
    intervals,
    params,
    parties,
    readings,
    simplest,
    stays,
    systems,
    worldviews,
)
from deploygeo.treaties import library, load


def repeated(strategy):
    """The strategy beside another: alone, Hypothesis draws each of a few values only once."""
    return st.tuples(strategy, st.integers(0, 2**60)).map(lambda pair: pair[0])


def test_intervals_are_exact_more_often_than_not_and_end_next_to_thresholds():
    found = drawn(repeated(intervals(around=[500, 5500])), 600)
    ends = Counter(end for one in found for end in (one.lo, one.hi))
    for limit in (500.0, 5_500.0):
        for near in (limit, math.nextafter(limit, 0.0), math.nextafter(limit, math.inf)):
            assert ends[near] > 0
    exact = sum(one.is_exact for one in found)
    assert len(found) / 2 < exact < len(found)
    assert ends[0.0] > 0


def test_whole_intervals_are_whole():
    for one in drawn(intervals(around=[5000], whole=True, most=20_000), 200):
        assert one.lo == int(one.lo)
        assert one.hi == int(one.hi)
        assert 0 <= one.lo <= one.hi <= 20_000


@pytest.mark.parametrize("exact", [True, False])
def test_intervals_are_exact_or_not_as_asked(exact):
    assert {one.is_exact for one in drawn(intervals(exact=exact), 200)} == {exact}


def test_intervals_are_unbounded_or_missing_only_where_asked():
    assert all(one is not None and math.isfinite(one.hi) for one in drawn(intervals(), 200))
    assert None in drawn(intervals(missing=True), 50)
    assert any(math.isinf(one.hi) for one in drawn(intervals(unbounded=True), 200))


def test_intervals_shrink_to_zero_and_to_their_threshold():
    assert simplest(intervals()) == Interval(0)
    assert simplest(intervals(around=[1000]), lambda one: one.lo > 900) == Interval(1000)
    assert simplest(intervals(missing=True)) is None


def test_stays_are_of_every_form():
    found = drawn(stays(around=[date(2020, 1, 1)]), 300)
    assert Stay() in found
    assert Stay.on(date(2020, 1, 1)) in found
    assert any(stay.start is None and stay.end is not None for stay in found)
    assert any(stay.start is not None and stay.end is None for stay in found)
    assert any(None not in (stay.start, stay.end) and stay.start < stay.end for stay in found)


def test_stays_at_the_ends_of_the_calendar_are_stays():
    for stay in drawn(stays(around=[date.min, date.max]), 100):
        assert isinstance(stay, Stay)


def test_parties_are_all_parties_and_familiar_ones_more_often():
    found = Counter(drawn(repeated(parties()), 500))
    assert set(found) <= set(PARTIES)
    assert len(found) > 40
    assert found["USA"] > found["AND"]
    assert set(drawn(parties(among=["POL", "EST"]), 50)) == {"POL", "EST"}


def test_systems_are_of_the_catalogue():
    assert len({one.id for one in drawn(systems(), 300)}) > 20
    assert all(one.id in catalogue() for one in drawn(systems(), 50))
    assert {one.kind for one in drawn(systems(kinds="heavy_bomber"), 50)} == {"heavy_bomber"}


def test_worldviews_are_half_of_the_time_the_default():
    found = Counter(drawn(repeated(worldviews()), 200))
    assert set(found) == set(boundaries.worldviews())
    assert found["un"] > 60
    assert simplest(worldviews()) == "un"


@pytest.mark.parametrize("name", library())
def test_chosen_readings_and_parameters_are_such_as_a_check_takes(name):
    treaty = load(name)
    chosen, agreed = drawn(readings(treaty), 900), drawn(params(treaty), 100)
    for one, other in zip(chosen, agreed, strict=False):
        prepared(
            treaty,
            on=None,
            worldview="un",
            readings=one,
            params=other,
            in_force=None,
            level="hybrid",
        )
    told = {(reading, value) for one in chosen for reading, value in one.items()}
    wanted = {(item.name, value) for item in treaty.readings for value in item.names[1:]}
    assert told == wanted
    assert {} in chosen
    assert {} in agreed
    assert {key for one in agreed for key in one} == {item.name for item in treaty.parameters}


def test_readings_shrink_to_the_defaults():
    assert simplest(readings("us-russia-2021")) == {}
    assert simplest(params("us-russia-2021")) == {}


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda: intervals(around=[30_000]), SettingError, "from 0 to 20000"),
        (lambda: intervals(around=[math.nan]), SettingError, "not nan"),
        (lambda: intervals(most=-1), SettingError, "most is a number"),
        (lambda: stays(around=["2021-12-17"]), SettingError, "around dates"),
        (lambda: stays(around=[]), SettingError, "no day is left"),
        (lambda: parties(among=["US"]), UnknownNameError, "did you mean 'USA'"),
        (lambda: systems(kinds="bomber"), UnknownNameError, "unknown kind of system"),
        (lambda: readings("us-rusia-2021"), UnknownNameError, "did you mean 'us-russia-2021'"),
        (lambda: drawn(parties(), 0), SettingError, "count is a number from 1"),
    ],
)
def test_a_wrong_argument_is_told_at_once(make, error, told):
    with pytest.raises(error, match=told):
        make()


def test_strategies_print_as_the_call_that_makes_them():
    assert repr(intervals(around=[500])) == "intervals(around=(500.0,))"
    assert repr(readings("us-russia-2021")) == "readings(treaty='us-russia-2021')"
    assert repr(worldviews()) == "worldviews()"
    assert repr(parties(among=["USA"])) == "parties(among=('USA',))"
