"""Kleene's tables, the algebra of margins, and comparisons of intervals."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo.clauses import Margin, Number, Truth
from deploygeo.clauses.evaluate import compared
from deploygeo.clauses.truth import all_of, any_of

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
SMALL = settings(max_examples=100, deadline=None)

truths = st.sampled_from(list(Truth))
ends = st.floats(-1e6, 1e6, allow_nan=False)
margins = st.tuples(ends, ends).map(lambda pair: Margin(min(pair), max(pair), "km"))


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (T, T, T, T),
        (T, U, U, T),
        (T, F, F, T),
        (U, T, U, T),
        (U, U, U, U),
        (U, F, F, U),
        (F, T, F, T),
        (F, U, F, U),
        (F, F, F, F),
    ],
)
def test_and_and_or_follow_the_tables_of_kleene(one, other, both, either):
    assert (one & other, one | other) == (both, either)


def test_not_swaps_true_and_false_and_keeps_unknown():
    assert [~item for item in (T, U, F)] == [F, U, T]


def test_the_laws_of_de_morgan_hold_for_all_pairs():
    for one, other in itertools.product(Truth, repeat=2):
        assert ~(one & other) == ~one | ~other
        assert ~(one | other) == ~one & ~other


@SMALL
@given(st.lists(truths, max_size=6))
def test_all_and_any_do_not_depend_on_the_order(items):
    assert all_of(items) == all_of(reversed(items))
    assert any_of(items) == any_of(reversed(items))
    assert all_of(items) == ~any_of(~item for item in items)


@SMALL
@given(truths, truths, truths)
def test_learning_more_never_turns_a_decided_answer(one, other, known):
    """Kleene's logic is monotone: what is decided stays so, whatever is learned later."""
    for combine in (Truth.__and__, Truth.__or__):
        before = combine(U, other)
        if before is not U:
            assert combine(known, other) == before
        assert combine(one, other) == combine(other, one)


def test_a_truth_is_no_boolean():
    with pytest.raises(TypeError, match="three values"):
        bool(U)


def test_none_is_unknown():
    assert [Truth.of(value) for value in (True, None, False)] == [T, U, F]


# -- margins


@SMALL
@given(margins, margins)
def test_the_truth_of_joined_margins_is_the_joined_truth(one, other):
    assert (one & other).truth == one.truth & other.truth
    assert (one | other).truth == one.truth | other.truth
    assert (-one).truth == ~one.truth


@SMALL
@given(margins, margins, margins)
def test_margins_form_a_lattice_with_negation(one, other, third):
    assert one & other == other & one
    assert (one & other) & third == one & (other & third)
    assert one & (one | other) == one
    assert Margin.__neg__(-one) == one
    assert -(one & other) == -one | -other


@SMALL
@given(margins, margins, st.floats(0, 1e3))
def test_a_wider_margin_decides_no_more(one, other, by):
    hull, wide = one.hull(other), one.widened(by)
    assert hull.lo <= one.lo <= one.hi <= hull.hi
    for outer in (hull, wide):
        assert outer.truth in (U, one.truth)


@pytest.mark.parametrize(("lo", "hi"), [(1.0, 0.0), (math.nan, 1.0), (0.0, math.nan)])
def test_a_margin_needs_its_ends_in_order(lo, hi):
    with pytest.raises(ValueError, match="lo <= hi"):
        Margin(lo, hi, "km")


def test_margins_of_different_units_do_not_combine():
    with pytest.raises(ValueError, match="do not combine"):
        Margin(0.0, 1.0, "km") & Margin(0.0, 1.0, "persons")


def test_a_margin_that_touches_zero_decides_nothing_by_itself():
    assert Margin(0.0, 1.0, "km").truth == Margin(-1.0, 0.0, "km").truth == U


# -- comparisons


def compare(left, operator, right):
    return compared(Number(*left, unit="km"), operator, Number(*right), lambda *_: None)


@pytest.mark.parametrize(
    ("operator", "below", "tie", "above"),
    [("<", T, F, F), ("<=", T, T, F), (">", F, F, T), (">=", F, T, T)],
)
def test_a_tie_goes_as_the_operator_says(operator, below, tie, above):
    after = math.nextafter(500.0, math.inf)
    before = math.nextafter(500.0, 0.0)
    found = [compare((x, x), operator, (500.0, 500.0)).truth for x in (before, 500.0, after)]
    assert found == [below, tie, above]


@pytest.mark.parametrize(
    ("left", "operator", "right", "truth"),
    [
        ((400, 500), "<=", (500, 600), T),
        ((400, 500), "<", (500, 600), U),
        ((500, 600), ">=", (400, 500), T),
        ((500, 600), ">", (400, 500), U),
        ((500, 600), "<", (400, 500), F),
        ((500, 600), "<=", (400, 500), U),
        ((0, math.inf), ">=", (0, 0), T),
        ((0, math.inf), ">", (0, 0), U),
        ((math.inf, math.inf), ">", (1, 1), T),
    ],
)
def test_intervals_that_touch(left, operator, right, truth):
    assert compare(left, operator, right).truth == truth


intervals = st.tuples(st.integers(0, 20), st.integers(0, 5)).map(lambda p: (p[0], p[0] + p[1]))


@SMALL
@given(intervals, intervals, st.sampled_from(["<", "<=", ">", ">="]))
def test_a_comparison_is_what_all_points_of_the_intervals_say(left, right, operator):
    def points(interval):
        return [interval[0] + (interval[1] - interval[0]) * step / 4 for step in range(5)]

    exact = {compare((a, a), operator, (b, b)).truth for a in points(left) for b in points(right)}
    found = compare(left, operator, right).truth
    assert exact == {found} if found is not U else len(exact) == 2


@SMALL
@given(intervals, intervals, st.sampled_from(["<", "<=", ">", ">="]))
def test_a_margin_agrees_with_the_truth_that_it_explains(left, right, operator):
    outcome = compare(left, operator, right)
    margin = outcome.margin("km")
    assert margin.truth in (outcome.truth, U)


@SMALL
@given(intervals, intervals)
def test_turning_a_comparison_round_changes_nothing(left, right):
    for operator, mirror in (("<", ">"), ("<=", ">=")):
        assert compare(left, operator, right).truth == compare(right, mirror, left).truth
