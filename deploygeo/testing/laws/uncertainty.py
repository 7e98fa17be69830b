"""Laws of uncertainty: what is decided of conditions whose facts are not known exactly."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import clauses
from deploygeo.clauses import Node, Truth
from deploygeo.clauses.expression import And, Compare, Literal, Name, Not, Or, walk
from deploygeo.model import Interval
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.conditions import cases, decide
from deploygeo.testing.laws.facts import Told

__all__ = [
    "UNCERTAINTY",
    "a_decision_holds_at_every_point",
    "classes",
    "less_knowledge_decides_no_more",
    "one_quantity_is_one_quantity",
    "quantities",
]


def less_knowledge_decides_no_more(
    condition: Node, facts: Told, by: float, forgotten: Sequence[int]
) -> None:
    """Knowing numbers less exactly, or claims not at all, decides nothing and turns no decision.

    Reason: each word, each comparison and each joining is monotone in information, and so is what
    is put together of them. "Indeterminate" must never become a verdict because less is known.

    Counterexample: with an interval's middle for the interval, an error of 200 km turns a violation
    at 450 km of a limit of 500 into compliance.

    Parameters
    ----------
    condition : Node
    facts : Told
    by : float
        By how much every number becomes wider, at both ends.
    forgotten : sequence of int
        Which claims are forgotten, counted round.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> node = clauses.compile_expression("not (range < 500)")
    >>> less_knowledge_decides_no_more(node, Told(numbers={"range": Interval(499.0)}), 1.0, [])
    """
    claims = sorted(facts.truths)
    lost = frozenset(claims[index % len(claims)] for index in forgotten if claims)
    narrow = clauses.evaluate(condition, facts.but()).truth
    wide = clauses.evaluate(condition, facts.wider(by, lost)).truth
    require(
        wide in (Truth.UNKNOWN, narrow),
        f"{condition} is {narrow}, and {wide} by {by} less exactly without {sorted(lost)}, "
        f"with {facts}",
    )


def a_decision_holds_at_every_point(
    condition: Node, facts: Told, shares: Sequence[float], as_true: bool
) -> None:
    """What is decided of intervals and open claims is so for all that they may turn out to be.

    Reason: a verdict of "violation" or "compliant" is given under an error only if no value within
    the error gives another one. Cutting a quantity at its thresholds keeps that.

    Counterexample: deciding by the two ends of an interval alone calls `range < 500 or
    range > 600` true of 400-700 km; of 550 km it is false.

    Parameters
    ----------
    condition : Node
    facts : Told
    shares : sequence of float
        Points of the intervals, from 0 at the lower to 1 at the upper end.
    as_true : bool
        What unknown claims turn out to be.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> node = clauses.compile_expression("range < 500 or range > 600")
    >>> wide = Told(numbers={"range": Interval(400.0, 700.0)})
    >>> a_decision_holds_at_every_point(node, wide, [0.5], True)
    """
    whole = clauses.evaluate(condition, facts.but()).truth
    cut = decide(condition, facts.but()).truth
    require(
        whole in (Truth.UNKNOWN, cut),
        f"{condition} is {whole}, and {cut} where quantities are cut, with {facts}",
    )
    if cut is Truth.UNKNOWN:
        return
    for share in (0.0, 1.0, *shares):
        exact = facts.settled(share, as_true=as_true)
        found = clauses.evaluate(condition, exact).truth
        require(
            found is cut,
            f"{condition} is {cut} with {facts}, and {found} with {exact}",
        )


def one_quantity_is_one_quantity(condition: Node, quantity: Interval) -> None:
    """A condition on one uncertain quantity is decided exactly where all its values agree.

    Reason: a range of 500-2 500 km is one range wherever a rule names it. It is certainly from 500
    to 5 500 km, though not certainly above or below 1 000; so its interval is cut at the thresholds
    it is compared with, and every piece must agree.

    Counterexample: with each occurrence taken for itself, 400-700 km is neither "below 500 km or
    from 500 km on" nor outside of "below 500 and above 600".

    Parameters
    ----------
    condition : Node
        Of comparisons of `range` with numbers.
    quantity : Interval
        What is known of the range.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> node = clauses.compile_expression("500 <= range <= 5500")
    >>> one_quantity_is_one_quantity(node, Interval(500.0, 2500.0))
    """
    truths = {
        clauses.evaluate(condition, Told(numbers={"range": Interval(value)})).truth
        for value in _values(condition, quantity)
    }
    expected = truths.pop() if len(truths) == 1 else Truth.UNKNOWN
    found = decide(condition, Told(numbers={"range": quantity})).truth
    require(
        found is expected,
        f"{condition} is {expected} for all values of [{quantity}], and decided as {found}",
    )


def _values(condition: Node, quantity: Interval) -> Iterator[float]:
    """Yield every threshold in an interval, its ends, and a value between any two of them."""
    named = {item.value for item in walk(condition) if isinstance(item, Literal)}
    inner = [at for at in named if isinstance(at, int | float) and at in quantity]
    top = quantity.hi if math.isfinite(quantity.hi) else max([quantity.lo, *inner]) + 1.0
    points = sorted({quantity.lo, top, *inner})
    for below, above in itertools.pairwise(points):
        yield from (below, (below + above) / 2.0)
    yield points[-1]


_LIMITS: Final = (500.0, 1_000.0, 5_500.0)


def classes() -> SearchStrategy[Node]:
    """Return conditions that compare `range` with a few numbers, by and, or and not.

    >>> classes().validate()
    """
    limits = st.sampled_from(_LIMITS).map(Literal)
    signs = st.sampled_from(["<=", "<", ">", ">="])
    one = st.builds(lambda sign, limit: Compare((Name("range"), limit), (sign,)), signs, limits)
    chain = st.builds(
        lambda low, sign, other, high: Compare((low, Name("range"), high), (sign, other)),
        *(limits, signs, signs, limits),
    )

    def several(below: SearchStrategy[Node]) -> SearchStrategy[Node]:
        parts = st.lists(below, min_size=2, max_size=3).map(tuple)
        return parts.map(And) | parts.map(Or) | below.map(Not)

    ties = st.tuples(st.booleans(), st.booleans())
    side_by_side = st.dictionaries(st.sampled_from(_LIMITS), ties, min_size=1).map(_side_by_side)
    return st.recursive(one | chain, several, max_leaves=5) | side_by_side


def _side_by_side(ties: Mapping[float, tuple[bool, bool]]) -> Node:
    """Return classes that meet at some limits: with the limit in both, in either, or in neither."""
    terms: list[Node] = []
    below: tuple[Literal, str] | None = None
    for limit, (under, over) in sorted(ties.items()):
        last = (Literal(limit), "<=" if under else "<")
        if below is None:
            terms.append(Compare((Name("range"), last[0]), (last[1],)))
        else:
            terms.append(Compare((below[0], Name("range"), last[0]), (below[1], last[1])))
        below = (Literal(limit), "<=" if over else "<")
    if below is not None:
        terms.append(Compare((below[0], Name("range")), (below[1],)))
    return Or(tuple(terms))


def quantities() -> SearchStrategy[Interval]:
    """Return intervals that begin or end at what `classes` compare with, next to it, or beyond.

    >>> quantities().validate()
    """
    ends = st.sampled_from(_LIMITS).flatmap(
        lambda limit: st.sampled_from(
            [limit, math.nextafter(limit, 0.0), math.nextafter(limit, math.inf), limit + 200.0]
        )
    )
    pairs = st.tuples(ends, ends | st.just(math.inf)).map(sorted)
    return pairs.map(lambda pair: Interval(*pair))


_SHARES: Final = st.lists(st.integers(0, 16).map(lambda share: share / 16), max_size=4)


_INDICES: Final = st.lists(st.integers(0, 7), max_size=3)


#: All laws of uncertainty.
UNCERTAINTY: Final[tuple[Law, ...]] = (
    Law(
        less_knowledge_decides_no_more,
        lambda: cases(by=st.sampled_from([0.0, 1.0, 1e-9, 600.0]), forgotten=_INDICES),
    ),
    Law(
        a_decision_holds_at_every_point,
        lambda: cases(shares=_SHARES, as_true=st.booleans()),
    ),
    Law(
        one_quantity_is_one_quantity,
        lambda: {"condition": classes(), "quantity": quantities()},
    ),
)
