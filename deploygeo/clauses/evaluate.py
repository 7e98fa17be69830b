"""The value of an expression, given facts: Kleene's logic and interval arithmetic.

Facts come through a narrow protocol, so that this module knows no geometry and no file.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from deploygeo.clauses.expression import And, Call, Combine, Compare, Literal, Name, Node, Not, Or
from deploygeo.clauses.outcome import Measure, Outcome, conjunction, disjunction, leaf, negation
from deploygeo.clauses.truth import Margin, Truth

__all__ = ["Facts", "Number", "Region", "States", "Value", "compared", "evaluate", "value_of"]

States: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity as a closed interval.

    Parameters
    ----------
    lo, hi : float
        Ends.
    unit : str
        ``km``, ``km of range``, ``persons``, ``days``, ``brigades``; empty for a plain number,
        which takes the unit of what it is compared with.
    text : str
        How a report names it.
    quantity : str
        The name of the uncertain quantity it is, or empty: the same name is the same quantity.
    why : str
        What would make it certain.
    measures : tuple of Measure
        What was measured to get it.
    place : float
        By how many kilometres it changes at most where the place changes by one: 0 where place
        does not matter, 1 for a distance, 2 for the sum or difference of two; infinite where it
        jumps.
    """

    lo: float
    hi: float
    unit: str = ""
    text: str = ""
    quantity: str = ""
    why: str = ""
    measures: tuple[Measure, ...] = ()
    place: float = 0.0


@dataclass(frozen=True, slots=True)
class Region:
    """A region by its description; facts know its geometry."""

    kind: str
    states: States = frozenset()
    others: States = frozenset()
    name: str = ""


Value: TypeAlias = Outcome | Number | States | Region | str


class Facts(Protocol):
    """What an expression is evaluated against."""

    @property
    def brief(self) -> bool:
        """Whether only the truth is wanted: then *and* and *or* stop at what settles them."""

    def definition(self, name: str) -> Node | None:
        """Return the live definition of a name, or None for a word of the vocabulary."""

    def word(self, name: str, args: tuple[Value, ...]) -> Value:
        """Return the value of a word of the vocabulary."""

    def cut(self, quantity: str, at: float) -> None:
        """Learn that a comparison splits a quantity at a value."""

    def once(self, asked: object, ask: Callable[[], Outcome]) -> Outcome:
        """Return what is asked, or what is known of it already."""


def evaluate(node: Node, facts: Facts) -> Outcome:
    """Return the outcome of a condition.

    Conjunctions stop at the first condition that is false, and disjunctions at the first that
    is true, unless later ones measure something: what is never asked has no part in the result.

    Parameters
    ----------
    node : Node
        As `compile_expression` gives it.
    facts : Facts
        Answers the words of the vocabulary about one deployment.

    Examples
    --------
    >>> from deploygeo.clauses import Number, compile_expression
    >>> class Known:  # a missile of 499 to 501 km, and nothing else
    ...     brief = False
    ...     def definition(self, name):
    ...         return None
    ...     def word(self, name, args):
    ...         return Number(499.0, 501.0, "km of range")
    ...     def cut(self, quantity, at):
    ...         pass
    ...     def once(self, asked, ask):
    ...         return ask()
    >>> evaluate(compile_expression("range >= 500"), Known()).truth.value
    'unknown'
    >>> evaluate(compile_expression("range >= 500 or range < 600"), Known()).truth.value
    'true'
    """

    def ask() -> Outcome:
        value = value_of(node, facts)
        if not isinstance(value, Outcome):
            raise TypeError(f"{node} is not a condition")
        return value

    return facts.once(node, ask)


def value_of(node: Node, facts: Facts) -> Value:
    """Return the value of any expression."""
    # the commonest first
    match node:
        case Call(name=name, args=args):
            return facts.word(name, tuple([value_of(arg, facts) for arg in args]))
        case Literal(value=str() as text):
            return text
        case Name(name=name):
            definition = facts.definition(name)
            return facts.word(name, ()) if definition is None else value_of(definition, facts)
        case And(operands=operands):
            return _until(operands, facts, Truth.FALSE, conjunction)
        case Or(operands=operands):
            return _until(operands, facts, Truth.TRUE, disjunction)
        case Not(operand=operand):
            return negation(evaluate(operand, facts))
        case Compare(terms=terms, operators=operators):
            numbers = [_number(value_of(term, facts)) for term in terms]
            return conjunction(
                compared(left, operator, right, facts.cut)
                for left, operator, right in zip(numbers, operators, numbers[1:], strict=False)
            )
        case Combine(left=left, operator=operator, right=right):
            return _joined(value_of(left, facts), operator, value_of(right, facts))
        case Literal(value=value):
            number = float(value)
            return Number(number, number, text=f"{number:g}")


def _until(
    operands: tuple[Node, ...],
    facts: Facts,
    last: Truth,
    combine: Callable[[list[Outcome]], Outcome],
) -> Outcome:
    outcomes: list[Outcome] = []
    for operand in operands:
        outcomes.append(evaluate(operand, facts))
        if outcomes[-1].truth is last and (facts.brief or not outcomes[-1].margins):
            break
    return combine(outcomes)


def _number(value: Value) -> Number:
    if not isinstance(value, Number):
        raise TypeError(f"{value!r} is not a number")
    return value


_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def compared(
    left: Number, operator: str, right: Number, cut: Callable[[str, float], None]
) -> Outcome:
    """Return the outcome of comparing two intervals; no rounding, ties as the operator says.

    >>> half = Number(500.0, 500.0, "km of range", "range")
    >>> compared(half, "<=", Number(500.0, 500.0), lambda quantity, at: None).truth
    <Truth.TRUE: 'true'>
    """
    if operator in ("<", "<="):
        small, large, strict = left, right, operator == "<"
    else:
        small, large, strict = right, left, operator == ">"
    holds = _HOLDS["<" if strict else "<="]
    if holds(small.hi, large.lo):
        truth = Truth.TRUE
    elif not holds(small.lo, large.hi):
        truth = Truth.FALSE
    else:
        truth = Truth.UNKNOWN
    for one, other in ((left, right), (right, left)):
        if one.quantity:
            for end in (other.lo, other.hi):
                if math.isfinite(end):
                    cut(one.quantity, end)
    unit = left.unit or right.unit
    place = left.place + right.place
    if place:
        unit = "km"
    lo, hi = large.lo - small.hi, large.hi - small.lo
    margin = Margin(lo, hi, unit) if not (math.isnan(lo) or math.isnan(hi)) and unit else None
    wide = [item for item in (left, right) if item.lo < item.hi and item.why]
    # a parameter that is not agreed outweighs an error of measurement
    if any(math.isinf(item.hi) for item in wide):
        wide = [item for item in wide if math.isinf(item.hi)]
    why = " and ".join(dict.fromkeys(item.why for item in wide))
    return leaf(
        f"{_told(left)} {operator} {_told(right)}",
        truth,
        margin=margin,
        measures=left.measures + right.measures,
        why=why,
        place=place,
    )


def _told(number: Number) -> str:
    value = f"{number.lo:,.1f}" if number.lo == number.hi else f"{number.lo:,.1f}–{number.hi:,.1f}"
    value = value.replace(".0", "").replace("inf", "∞").replace(",", " ")
    if not number.text or not number.unit:
        return value
    return f"{number.text} ({value} {number.unit})"


def _joined(left: Value, operator: str, right: Value) -> Value:
    if isinstance(left, frozenset) and isinstance(right, frozenset):
        match operator:
            case "|":
                return left | right
            case "&":
                return left & right
            case _:
                return left - right
    one, other = _number(left), _number(right)
    unit = one.unit or other.unit
    text = f"{one.text} {operator} {other.text}"
    why = " and ".join(dict.fromkeys(item.why for item in (one, other) if item.why))
    measures = one.measures + other.measures
    place = one.place + other.place
    if operator == "+":
        lo, hi = one.lo + other.lo, one.hi + other.hi
    else:
        lo, hi = one.lo - other.hi, one.hi - other.lo
    # infinity less infinity is any number, and not one that compares false with all
    lo, hi = (-math.inf if math.isnan(lo) else lo), (math.inf if math.isnan(hi) else hi)
    return Number(lo, hi, unit, text, "", why, measures, place)
