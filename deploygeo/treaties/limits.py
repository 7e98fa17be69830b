"""The limits that a clause sets to quantities, and which way each quantity pulls the breach.

Nothing is evaluated: all is read off the expressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from deploygeo.clauses.expression import And, Call, Combine, Compare, Name, Node, Not, Or, children
from deploygeo.clauses.expression import Literal as Constant
from deploygeo.treaties.anatomy import all_of, bodies, written_out
from deploygeo.treaties.schema import Clause, Treaty

__all__ = ["QUANTITIES", "Limit", "Pull", "limits", "pulls"]

Pull: TypeAlias = Literal["up", "down"]

QUANTITIES: Final = {
    "range": ("range", "loadable_range", "platform_range"),
    "distance": ("distance",),
    "separation": ("separation",),
    "personnel": ("personnel", "total"),
    "brigades": ("brigades",),
    "stay_days": ("stay_days",),
    "days_in_force": ("days_in_force",),
    "notice_days": ("notice",),
    "consent": ("consent",),
}
"""What there may be more or less of, each with the words of the vocabulary that tell it."""

_REACHES: Final = "reaches"
_STEP: Final = "step_up"
_OPPOSITE: Final[Mapping[Pull, Pull]] = {"up": "down", "down": "up"}


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit that a clause sets to a quantity.

    Parameters
    ----------
    quantity : str
        One of `QUANTITIES`.
    operator : {"<", "<=", ">", ">="}
        As if the quantity stood on the left.
    value : float or None
        None where the limit is no number of the text: a parameter, a presence, a distance.
    param : str
        The parameter that it is, or empty.
    node : expression
        What the quantity is compared with.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> [str(limit) for limit in limits(load("us-russia-2021"), "6", {"reach": "class"})][:2]
    ['range >= 500', 'range <= 5500']
    """

    quantity: str
    operator: str
    value: float | None
    node: Node
    param: str = ""

    def __str__(self) -> str:
        return f"{self.quantity} {self.operator} {self.node}"


def limits(
    treaty: Treaty, clause: str | Clause, readings: Mapping[str, str] | None = None
) -> tuple[Limit, ...]:
    """Return the limits that a clause sets to quantities, in the order in which they stand.

    Where a deployment reaches is a limit of its range that depends on the place: its value is
    None. The steps of ``step_up`` are limits too, from which on another one holds.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> chosen = {"missile_class": "inf", "reach": "class"}
    >>> [str(limit) for limit in limits(load("us-russia-2021"), "6", chosen)]
    ['range >= 500', 'range <= 5500', 'range >= target', 'range <= 1000']
    >>> limits(load("us-russia-2021"), "7.1")
    ()
    """
    found: dict[Limit, None] = {}
    for node in all_of(treaty, clause, readings):
        if isinstance(node, Compare):
            found |= dict.fromkeys(_compared(treaty, node, readings))
        elif isinstance(node, Call) and node.name == _REACHES:
            for quantity in _quantities(treaty, node.args[1], readings):
                found[Limit(quantity, ">=", None, node.args[0])] = None
        elif isinstance(node, Call) and node.name == _STEP:
            for quantity in _quantities(treaty, node.args[0], readings):
                steps = [Limit(quantity, "<=", _value(arg), arg) for arg in node.args[1:]]
                found |= dict.fromkeys(steps)
        elif isinstance(node, Call) and node.name == "notice":
            found[Limit("notice_days", ">=", _value(node.args[0]), node.args[0])] = None
    return tuple(found)


_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _compared(treaty: Treaty, node: Compare, readings: Mapping[str, str] | None) -> Iterator[Limit]:
    pairs = zip(node.terms, node.operators, node.terms[1:], strict=False)
    for left, operator, right in pairs:
        for one, sign, other in ((left, operator, right), (right, _TURNED[operator], left)):
            for quantity in _quantities(treaty, one, readings):
                yield Limit(quantity, sign, _value(other), other, _param(other))


def _quantities(treaty: Treaty, node: Node, readings: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return the quantities that a number is about."""
    words = {
        inner.name
        for inner in written_out(treaty, node, readings)
        if isinstance(inner, Name | Call)
    }
    return tuple(name for name, told in QUANTITIES.items() if words & set(told))


def _value(node: Node) -> float | None:
    match node:
        case Constant(value=int() | float() as value):
            return float(value)
    return None


def _param(node: Node) -> str:
    match node:
        case Call(name="param", args=(Constant(value=str() as name),)):
            return name
    return ""


# -- which way a quantity pulls


def pulls(
    treaty: Treaty,
    clause: str | Clause,
    quantity: str,
    readings: Mapping[str, str] | None = None,
    *,
    inside_one_class: bool = False,
) -> frozenset[Pull]:
    """Return which way a quantity may pull the breach: up, down, both, or not at all.

    With ``up`` alone more of it never ends a breach; with ``down`` alone more of it never
    begins one. The steps of ``step_up`` keep the way of what they step.

    Parameters
    ----------
    treaty : Treaty
    clause : str or Clause
    quantity : str
        One of `QUANTITIES`.
    readings : mapping, optional
    inside_one_class : bool
        Only what pulls while the quantity passes no limit that is a number of the text.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> treaty = load("us-russia-2021")
    >>> sorted(pulls(treaty, "5.2", "range")), sorted(pulls(treaty, "6", "range"))
    (['up'], ['down', 'up'])
    >>> sorted(pulls(treaty, "5.3", "separation")), sorted(pulls(treaty, "7.1", "range"))
    (['down'], [])
    >>> sorted(pulls(treaty, "6", "range", inside_one_class=True))
    ['up']
    """
    chosen = treaty.clause(clause) if isinstance(clause, str) else clause
    asked = _Asked(treaty, quantity, readings, inside_one_class)
    found: set[Pull] = set()
    rule_way: Pull = "down" if chosen.modality == "oblige" else "up"
    if chosen.rule is not None:
        found |= asked.pulled(chosen.rule, rule_way)
    for node in (chosen.applies, chosen.counts):
        if node is not None:
            found |= asked.pulled(node, "up")
    for item in chosen.unless:
        found |= asked.pulled(item.rule, "down")
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which way one quantity pulls expressions of a treaty."""

    treaty: Treaty
    quantity: str
    readings: Mapping[str, str] | None
    inside_one_class: bool

    def pulled(self, node: Node, way: Pull) -> frozenset[Pull]:
        """Return which way the quantity pulls an expression whose growth pulls `way`."""
        match node:
            case Name(name=name) if name in self.treaty.named:
                return self.all_of(bodies(self.treaty, name, self.readings), way)
            case Name(name=name) | Call(name=name) if name in QUANTITIES[self.quantity]:
                return frozenset((way,))
            case Not(operand=operand):
                return self.pulled(operand, _OPPOSITE[way])
            case Compare():
                return self.compared(node, way)
            case Combine(left=left, operator="-", right=right):
                return self.pulled(left, way) | self.pulled(right, _OPPOSITE[way])
            case Call(name=name) if name == _STEP and self.inside_one_class:
                return frozenset()
            case And() | Or() | Combine() | Call():
                return self.all_of(children(node), way)
        return frozenset()

    def all_of(self, nodes: Iterable[Node], way: Pull) -> frozenset[Pull]:
        return frozenset().union(*(self.pulled(node, way) for node in nodes))

    def compared(self, node: Compare, way: Pull) -> frozenset[Pull]:
        found: set[Pull] = set()
        pairs = zip(node.terms, node.operators, node.terms[1:], strict=False)
        for left, operator, right in pairs:
            literal = any(_value(term) is not None for term in (left, right))
            if self.inside_one_class and literal:
                continue
            left_way = _OPPOSITE[way] if operator in ("<", "<=") else way
            found |= self.pulled(left, left_way) | self.pulled(right, _OPPOSITE[left_way])
        return frozenset(found)
