import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploygeo.errors import InputError, SettingError
from deploygeo.model import Interval, Stay
from deploygeo.units import UNITS, format_km, parse_length_m

DAYS = st.dates(date(1949, 1, 1), date(2049, 1, 1))
STAYS = st.tuples(st.none() | DAYS, st.none() | DAYS).map(
    lambda pair: Stay(*sorted(pair)) if None not in pair else Stay(*pair)
)


def test_interval_holds_both_of_its_ends():
    assert [value in Interval(500, 2500) for value in (499.9, 500, 2500, 2500.1)] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("ends", [(math.nan, 1), (1, math.nan), (2, 1), (True, 2), ("1", 2)])
def test_interval_refuses_what_is_not_one(ends):
    with pytest.raises(InputError):
        Interval(*ends)


def test_interval_of_minus_zero_prints_like_zero():
    assert repr(Interval(-0.0)) == repr(Interval(0.0))


def test_interval_may_be_open_upwards():
    assert 10**9 in Interval(1, math.inf)


def test_stay_refuses_times_and_a_wrong_order():
    with pytest.raises(InputError):
        Stay(datetime(2021, 12, 17), None)
    with pytest.raises(InputError):
        Stay(date(2021, 12, 17), date(2021, 12, 16))


@given(STAYS, STAYS, DAYS)
def test_a_stay_that_contains_another_covers_its_days_and_overlaps_it(outer, inner, day):
    if outer.contains(inner):
        assert outer.overlaps(inner)
        assert not inner.covers(day) or outer.covers(day)


@given(STAYS, STAYS)
def test_overlap_is_symmetric(one, other):
    assert one.overlaps(other) == other.overlaps(one)


@given(st.integers(0, 10**6), st.sampled_from(sorted(UNITS)))
def test_a_length_is_its_number_times_its_unit(number, unit):
    assert parse_length_m(f"{number} {unit}") == number * UNITS[unit]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "500",
        "km",
        "nan km",
        "1e3 km",
        "1_000 km",
        "-5 km",
        "٣ km",
        "5 Km",
        "5 furlong",
        "5  km",
        "1,5 km",
        "9" * 400 + " km",
    ],
)
def test_a_length_that_is_not_plain_is_refused(text):
    with pytest.raises(SettingError):
        parse_length_m(text)


def test_a_length_that_is_not_text_is_refused():
    with pytest.raises(SettingError, match="not 500"):
        parse_length_m(500)


def test_kilometres_are_printed_with_fewer_digits_the_larger_they_are():
    assert [format_km(value) for value in (1.0, 1_000.0, 100_000.0)] == [
        "0.001 km",
        "1.0 km",
        "100 km",
    ]


@given(
    st.tuples(st.none() | st.integers(1, 9), st.none() | st.integers(1, 9)),
    st.lists(st.tuples(st.none() | st.integers(1, 9), st.none() | st.integers(1, 9)), max_size=4),
)
def test_a_stay_is_covered_if_each_of_its_days_is_in_one_of_the_others(ends, others):
    def stay(pair):
        low, high = sorted(pair) if None not in pair else pair
        return Stay(low and date(2022, 1, low), high and date(2022, 1, high))

    one, rest = stay(ends), [stay(pair) for pair in others]
    # an open end begins or ends outside of all days that are named
    days = [date.min, *(date(2022, 1, day) for day in range(1, 10)), date.max]
    expected = all(any(other.covers(day) for other in rest) for day in days if one.covers(day))
    assert one.is_covered(rest) == expected
