"""Laws of conditions: how they are spelt, in which order, and what their opposite is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any, Final, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import clauses
from deploygeo.clauses import Node, Outcome
from deploygeo.clauses.expression import And, Compare, Not, Or
from deploygeo.clauses.lexis import MAX_LENGTH
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.facts import Told, told

__all__ = [
    "CONDITIONS",
    "ROUNDING_M",
    "a_brief_answer_is_the_same_answer",
    "a_spelling_is_its_condition",
    "cases",
    "conditions",
    "decide",
    "the_opposite_is_opposite",
    "the_order_of_operands_does_not_matter",
]

#: Two sums of the same kilometres in another order differ by rounding: of 1e7 m by 4e-9.
ROUNDING_M: Final = 1e-6


def decide(node: Node, facts: Told) -> Outcome:
    """Return what the checker makes of a condition, with its uncertain quantities cut.

    >>> from deploygeo.model import Interval
    >>> node = clauses.compile_expression("range < 500 or range >= 500")
    >>> decide(node, Told(numbers={"range": Interval(400.0, 600.0)})).truth
    <Truth.TRUE: 'true'>
    """
    judge = import_module("deploygeo.checker.judge")
    return cast(Outcome, judge.decide(node, facts))


def a_spelling_is_its_condition(condition: Node) -> None:
    """The text of a compiled condition compiles to the same condition.

    Reason: reports, comparisons of treaties and witnesses show conditions as text; what is shown
    must be what was evaluated, to the last bracket and the last bit of a number.

    Counterexample: `not (a and b)` spelt `not a and b`, `a - (b - c)` spelt `a - b - c`, and
    499.99999999999994 spelt 500 are other conditions.

    Parameters
    ----------
    condition : Node

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.clauses.expression import Name
    >>> a_spelling_is_its_condition(Not(And((Name("nuclear"), Name("always")))))
    """
    text = str(condition)
    if len(text) > MAX_LENGTH:
        return
    again = clauses.compile_expression(text)
    require(again == condition, f"{text} compiles to {again!r}, not to {condition!r}")
    require(str(again) == text, f"{text} is spelt {again} when it is compiled")


def the_order_of_operands_does_not_matter(condition: Node, facts: Told, turn: int) -> None:
    """Turning operands round, and comparisons from right to left, changes no truth and no score.

    Reason: `and`, `or` and a comparison mean the same in either order; stopping at the first that
    settles a conjunction saves time, and nothing else.

    Counterexample: stopping at the first *unknown* operand makes `unknown and false` unknown in
    one order and false in the other.

    Parameters
    ----------
    condition : Node
    facts : Told
    turn : int
        By how many places operands are turned.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.clauses import Truth
    >>> node = clauses.compile_expression("nuclear and never")
    >>> the_order_of_operands_does_not_matter(node, Told(truths={"nuclear": Truth.UNKNOWN}), 1)
    """
    other = _turned(condition, turn)
    before, after = clauses.evaluate(condition, facts.but()), clauses.evaluate(other, facts.but())
    require(
        before.truth is after.truth and _are_near(before.score_m, after.score_m),
        f"{condition} is {before.truth} by {before.score_m} m, and {other} is {after.truth} by "
        f"{after.score_m} m, with {facts}",
    )
    one, two = decide(condition, facts.but()).truth, decide(other, facts.but()).truth
    require(one is two, f"{condition} is decided as {one}, and {other} as {two}, with {facts}")


def _are_near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(a == b or abs(a - b) <= ROUNDING_M for a, b in zip(one, other, strict=True))


_MIRROR: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _turned(node: Node, turn: int) -> Node:
    match node:
        case And(operands=operands) | Or(operands=operands):
            items = [_turned(item, turn) for item in operands]
            at = turn % len(items)
            return replace(node, operands=(*items[at:], *items[:at]))
        case Not(operand=operand):
            return Not(_turned(operand, turn))
        case Compare(terms=terms, operators=operators) if turn % 2:
            return Compare(terms[::-1], tuple(_MIRROR[sign] for sign in operators[::-1]))
        case _:
            return node


def the_opposite_is_opposite(condition: Node, facts: Told) -> None:
    """A condition and its negation, written out by De Morgan, are opposite in truth and in score.

    Reason: an obligation is checked as the prohibition of the opposite. Whether an author writes
    `not (a or b)` or `not a and not b` must not matter.

    Counterexample: with an unknown that counts as false, both a condition and its negation are
    compliant.

    Parameters
    ----------
    condition : Node
    facts : Told

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.model import Interval
    >>> from deploygeo.clauses import Truth
    >>> node = clauses.compile_expression("nuclear or range < 500")
    >>> open = Told(truths={"nuclear": Truth.UNKNOWN}, numbers={"range": Interval(400, 600)})
    >>> the_opposite_is_opposite(node, open)
    """
    before = clauses.evaluate(condition, facts.but())
    for other in (Not(condition), _opposite(condition)):
        after = clauses.evaluate(other, facts.but())
        low, high = after.score_m
        require(
            after.truth is ~before.truth and _are_near(before.score_m, (-high, -low)),
            f"{condition} is {before.truth} by {before.score_m} m, and {other} is {after.truth} by "
            f"{after.score_m} m, with {facts}",
        )


_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _opposite(node: Node) -> Node:
    match node:
        case And(operands=operands):
            return Or(tuple(_opposite(item) for item in operands))
        case Or(operands=operands):
            return And(tuple(_opposite(item) for item in operands))
        case Not(operand=operand):
            return operand
        case Compare(terms=terms, operators=operators) if len(operators) == 1:
            return Compare(terms, (_OPPOSITE[operators[0]],))
        case _:
            return Not(node)


def a_brief_answer_is_the_same_answer(condition: Node, facts: Told) -> None:
    """Asking for the truth alone gives the truth that a full answer has.

    Reason: searches ask for verdicts alone, thousands of times, and a report is made of the full
    answer to one of them; the two must not contradict each other.

    Counterexample: stopping a conjunction at the first operand that is true.

    Parameters
    ----------
    condition : Node
    facts : Told

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.model import Interval
    >>> node = clauses.compile_expression("range < 500 and personnel < 10")
    >>> known = {"range": Interval(600.0), "personnel": Interval(5.0)}
    >>> a_brief_answer_is_the_same_answer(node, Told(numbers=known))
    """
    for answer in (clauses.evaluate, decide):
        full = answer(condition, facts.but()).truth
        brief = answer(condition, facts.but(brief=True)).truth
        require(full is brief, f"{condition} is {full}, and in brief {brief}, with {facts}")


def conditions(**more: Any) -> SearchStrategy[Node]:
    """Return the condition of a case, the same one for every keyword.

    >>> conditions().validate()
    """
    drawn = strategies.predicates(params=("lead",), **more)
    return st.shared(drawn, key=("the condition of a law", repr(more)))


def cases(**more: SearchStrategy[Any]) -> Mapping[str, SearchStrategy[Any]]:
    """Return a condition and facts that answer it by those keywords, and more.

    >>> sorted(cases())
    ['condition', 'facts']
    """
    return {"condition": conditions(), "facts": conditions().flatmap(told), **more}


#: All laws of conditions.
CONDITIONS: Final[tuple[Law, ...]] = (
    Law(a_spelling_is_its_condition, lambda: {"condition": conditions()}),
    Law(the_order_of_operands_does_not_matter, lambda: cases(turn=st.integers(1, 4))),
    Law(the_opposite_is_opposite, cases),
    Law(a_brief_answer_is_the_same_answer, cases),
)
