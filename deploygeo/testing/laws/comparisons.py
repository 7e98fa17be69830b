"""Laws of comparing: thresholds to the last bit, and intervals for what is not known exactly."""

from __future__ import annotations

import itertools
import math
import operator as operators
from collections.abc import Callable, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import clauses
from deploygeo.clauses import Outcome, Truth
from deploygeo.clauses.expression import Compare, Name, Not
from deploygeo.model import Interval
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.facts import Told

__all__ = [
    "COMPARISONS",
    "a_chain_holds_where_each_link_does",
    "a_comparison_says_what_all_values_say",
    "a_margin_is_the_way_to_the_threshold",
    "a_tie_goes_as_the_operator_says",
    "a_wider_interval_decides_no_more",
    "turning_a_comparison_round_changes_nothing",
]

_HOLDS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}
_MIRROR: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}

#: Two numbers that are compared: of one unit, and neither is a quantity that occurs elsewhere.
_LEFT, _RIGHT = Name("total"), Name("presence")


def compare(left: Interval, operator: str, right: Interval) -> Outcome:
    """Return what evaluation makes of a comparison of two intervals.

    >>> compare(Interval(500.0), "<=", Interval(500.0)).truth
    <Truth.TRUE: 'true'>
    """
    return _evaluated(Compare((_LEFT, _RIGHT), (operator,)), left, right)


def _evaluated(node: clauses.Node, left: Interval, right: Interval) -> Outcome:
    facts = Told(numbers={_LEFT.name: left, _RIGHT.name: right})
    return clauses.evaluate(node, facts)


def a_tie_goes_as_the_operator_says(limit: float, operator: str) -> None:
    """At a threshold, and at the next double on either side of it, the operator decides.

    Reason: "500 km or more" has 500 km, and "more than 500 km" has not. Nothing is rounded: a range
    of 499.99999999999994 km is below.

    Counterexample: `<` for `<=` is wrong at 500 alone; a comparison "within a metre" is wrong on
    either side of it.

    Parameters
    ----------
    limit : float
    operator : {"<", "<=", ">", ">="}

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_tie_goes_as_the_operator_says(500.0, "<=")
    """
    for value in (limit, math.nextafter(limit, math.inf), math.nextafter(limit, -math.inf)):
        for one, other in ((value, limit), (limit, value)):
            expected = Truth.of(_HOLDS[operator](one, other))
            found = compare(Interval(one), operator, Interval(other)).truth
            require(found is expected, f"{one!r} {operator} {other!r} is {expected}, not {found}")


def a_comparison_says_what_all_values_say(left: Interval, operator: str, right: Interval) -> None:
    """Comparing two intervals is true where all their values agree, false where none does.

    Reason: an interval holds the true value, and it is not known where. A comparison is monotone in
    both of its sides, so that the four pairs of ends tell of all values.

    Counterexample: by the middles 400-700 km is "500 km or more"; with `<` for `<=` where two
    intervals touch, 400-500 is not certainly "at most 500-600".

    Parameters
    ----------
    left : Interval
    operator : {"<", "<=", ">", ">="}
    right : Interval

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_comparison_says_what_all_values_say(Interval(400, 500), "<=", Interval(500, 600))
    """
    pairs = itertools.product((left.lo, left.hi), (right.lo, right.hi))
    said = {_HOLDS[operator](one, other) for one, other in pairs}
    expected = Truth.of(said.pop()) if len(said) == 1 else Truth.UNKNOWN
    found = compare(left, operator, right).truth
    require(found is expected, f"[{left}] {operator} [{right}] is {expected}, not {found}")


def a_margin_is_the_way_to_the_threshold(left: Interval, operator: str, right: Interval) -> None:
    """The margin of a comparison is how far the two sides are apart, positive where it holds.

    Reason: that is what makes it a margin: move one side by it, and the comparison is on its
    threshold. Its ends are those of the difference of the intervals.

    Counterexample: a margin of `a >= b` that is b - a has the wrong sign; one between the middles
    of two intervals excludes values that are possible.

    Parameters
    ----------
    left : Interval
    operator : {"<", "<=", ">", ">="}
    right : Interval

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_margin_is_the_way_to_the_threshold(Interval(300), ">=", Interval(500))
    """
    outcome = compare(left, operator, right)
    small, large = (left, right) if operator[0] == "<" else (right, left)
    low, high = large.lo - small.hi, large.hi - small.lo
    found = outcome.margin("persons")
    if math.isnan(low) or math.isnan(high):
        require(found is None, f"infinity less infinity is told to be {found}")
        return
    require(
        found is not None and (found.lo, found.hi) == (low, high),
        f"the margin of [{left}] {operator} [{right}] is [{low}, {high}], not {found}",
    )
    require(
        found is None or found.truth in (Truth.UNKNOWN, outcome.truth),
        f"[{left}] {operator} [{right}] is {outcome.truth} with a margin of {found}",
    )


def turning_a_comparison_round_changes_nothing(
    left: Interval, operator: str, right: Interval
) -> None:
    """Read from right to left, or as the opposite that does not hold, a comparison says the same.

    Reason: a is below b where b is above a, and where a is not at least b.

    Counterexample: an implementation that swaps the sides and keeps `<=` for `>` decides ties the
    wrong way in half of all rules.

    Parameters
    ----------
    left : Interval
    operator : {"<", "<=", ">", ">="}
    right : Interval

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> turning_a_comparison_round_changes_nothing(Interval(1), "<", Interval(1, 2))
    """
    before = compare(left, operator, right)
    mirrored = _evaluated(Compare((_RIGHT, _LEFT), (_MIRROR[operator],)), left, right)
    opposite = _evaluated(Not(Compare((_LEFT, _RIGHT), (_OPPOSITE[operator],))), left, right)
    for after in (mirrored, opposite):
        require(
            (before.truth, before.margins, before.score_m)
            == (after.truth, after.margins, after.score_m),
            f"[{left}] {operator} [{right}] is {before.truth} by {before.margins}, and turned "
            f"round {after.truth} by {after.margins}",
        )


def a_wider_interval_decides_no_more(
    left: Interval, operator: str, right: Interval, by: float, more: float
) -> None:
    """Knowing either side less exactly decides nothing that was open, and turns no decision.

    Reason: the wider interval holds the narrower one, so that whatever was possible still is.

    Counterexample: an error that is added to one end alone turns "500 km or more" round for a range
    of 500 km; one that is taken off both ends decides more the less is known.

    Parameters
    ----------
    left : Interval
    operator : {"<", "<=", ">", ">="}
    right : Interval
    by, more : float
        By how much the left side and the right side become wider, at both ends.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_wider_interval_decides_no_more(Interval(499), "<", Interval(500), 1.0, 0.0)
    """
    narrow = compare(left, operator, right)
    wider = (Interval(left.lo - by, left.hi + by), Interval(right.lo - more, right.hi + more))
    wide = compare(wider[0], operator, wider[1])
    require(
        wide.truth in (Truth.UNKNOWN, narrow.truth),
        f"[{left}] {operator} [{right}] is {narrow.truth}, and [{wider[0]}] {operator} "
        f"[{wider[1]}] is {wide.truth}",
    )
    one, other = narrow.margin("persons"), wide.margin("persons")
    require(
        one is None or (other is not None and other.lo <= one.lo and one.hi <= other.hi),
        f"the margin {one} becomes {other} when less is known",
    )


def a_chain_holds_where_each_link_does(
    left: Interval, operator: str, right: Interval, last: str
) -> None:
    """A chain of comparisons, a <= b < c, holds exactly where each of its links does.

    Reason: a chain is how a text names a class: "from 500 to 5 500 km". Both of its ends count, and
    what is between them is one and the same number.

    Counterexample: read as (a <= b) < c, as in some languages, it compares a truth with a number;
    with its last link dropped a class has no upper limit.

    Parameters
    ----------
    left : Interval
    operator, last : {"<", "<=", ">", ">="}
    right : Interval

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_chain_holds_where_each_link_does(Interval(500), "<=", Interval(500), "<")
    """
    chain = _evaluated(Compare((_LEFT, _RIGHT, _LEFT), (operator, last)), left, right).truth
    links = (
        compare(left, operator, right).truth,
        _evaluated(Compare((_RIGHT, _LEFT), (last,)), left, right).truth,
    )
    require(
        chain is links[0] & links[1],
        f"[{left}] {operator} [{right}] {last} [{left}] is {chain}, and its links are {links}",
    )


# -- cases

_LIMITS: Final = (500.0, 5_500.0, 1_000.0, 22.224)
_OPERATORS: Final = st.sampled_from(["<=", "<", ">", ">="])


def _pair(**more: SearchStrategy[Any]) -> Mapping[str, SearchStrategy[Any]]:
    sides = strategies.intervals(around=_LIMITS, unbounded=True)
    return {"left": sides, "operator": _OPERATORS, "right": sides, **more}


def _widths() -> SearchStrategy[float]:
    return st.sampled_from([0.0, 1.0, 1e-9, 500.0, math.inf])


#: All laws of comparing.
COMPARISONS: Final[tuple[Law, ...]] = (
    Law(
        a_tie_goes_as_the_operator_says,
        lambda: {
            "limit": st.sampled_from(_LIMITS) | st.integers(0, 10_000_000).map(float),
            "operator": _OPERATORS,
        },
    ),
    Law(a_comparison_says_what_all_values_say, _pair),
    Law(a_margin_is_the_way_to_the_threshold, _pair),
    Law(turning_a_comparison_round_changes_nothing, _pair),
    Law(a_wider_interval_decides_no_more, lambda: _pair(by=_widths(), more=_widths())),
    Law(a_chain_holds_where_each_link_does, lambda: _pair(last=_OPERATORS)),
)
