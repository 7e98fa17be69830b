"""The limits that a clause sets, as marks near which cases can be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from deploygeo.clauses.expression import Call, Compare, Name, Node
from deploygeo.clauses.expression import Literal as Constant
from deploygeo.testing.strategies.focus import Focus
from deploygeo.testing.strategies.wishes import RANGES, Asked
from deploygeo.treaties.anatomy import all_of

__all__ = ["Mark", "marks_of"]

Form: TypeAlias = Literal[
    "number", "reach", "distance", "inside", "baseline", "separation", "notice", "force"
]

_NUMBERS: Final = frozenset((*RANGES, "personnel", "brigades", "stay_days", "days_in_force"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A limit of a clause.

    Parameters
    ----------
    form : str
        How a case near it is made.
    quantity : str
        The word of the vocabulary that is limited.
    text : str
        The limit as the clause has it.
    limit : expression or None
        The number that it is, if it is one.
    region : expression or None
        The region that a place is near, if it is about one.
    steps : tuple of expression
        The classes that a reach is counted in.
    node : expression or None
        The condition that it is part of.
    """

    form: Form
    quantity: str
    text: str
    limit: Node | None = None
    region: Node | None = None
    steps: tuple[Node, ...] = ()
    node: Node | None = None


def marks_of(focus: Focus) -> tuple[Mark, ...]:
    """Return the limits of a clause under the chosen readings, in the order in which they stand.

    The last is the day from which it binds, which every clause has that is not asked at all times.
    """
    treaty, clause = focus.treaty, focus.clause
    chosen = {item.name: focus.settings.chosen(item) for item in treaty.readings}
    asked = focus.of(focus.bearers[0] if focus.bearers else "USA")
    found: dict[Mark, None] = {}
    for node in all_of(treaty, clause, chosen):
        if isinstance(node, Compare):
            found |= dict.fromkeys(replace(one, node=node) for one in _compared(asked, node))
        elif isinstance(node, Call):
            found |= dict.fromkeys(replace(one, node=node) for one in _called(asked, node))
    kept = [mark for mark in found if _fits(asked, mark, clause.subject)]
    if not clause.standing:
        kept.append(Mark("force", "day", "in force"))
    return tuple(kept)


#: No two places are farther apart, in kilometres.
_FARTHEST_KM: Final = 20_003.0


def _fits(asked: Asked, mark: Mark, subject: str) -> bool:
    """Return whether cases on both sides of a limit can be made.

    Of a record only time can be moved, and no two places are as far apart as all the Earth.
    """
    if subject == "record":
        return mark.quantity == "days_in_force"
    limit = None if mark.limit is None else asked.number(mark.limit)
    is_distance = mark.form in ("distance", "separation")
    return not is_distance or limit is None or limit < _FARTHEST_KM


def _compared(asked: Asked, node: Compare) -> Iterator[Mark]:
    for left, operator, right in zip(node.terms, node.operators, node.terms[1:], strict=False):
        for one, other in ((left, right), (right, left)):
            text = f"{left} {operator} {right}"
            match asked.body(one):
                case Name(name=name) if name in _NUMBERS:
                    yield Mark("number", name, text, other)
                case Call(name="step_up", args=(inner, *_)):
                    for name in _ranges(asked, inner):
                        yield Mark("number", name, text, other)
                case Call(name="distance", args=(region,)):
                    yield Mark("distance", "distance", text, other, region)
                case Call(name="separation"):
                    yield Mark("separation", "separation", text, other)
                case Call(name="total"):
                    yield Mark("baseline", "total", text, other)


def _called(asked: Asked, node: Call) -> Iterator[Mark]:
    match node:
        case Call(name="reaches", args=(region, reach)):
            body = asked.body(reach)
            steps: tuple[Node, ...] = ()
            if isinstance(body, Call) and body.name == "step_up":
                body, *rest = body.args
                steps = tuple(rest)
            for name in _ranges(asked, body):
                yield Mark("reach", name, str(node), None, region, steps)
            if isinstance(body, Constant):
                yield Mark("distance", "distance", str(node), body, region)
        case Call(name="step_up", args=(inner, *classes)):
            for name in _ranges(asked, inner):
                for step in classes:
                    yield Mark("number", name, str(node), step)
        case Call(name="inside", args=(region,)):
            yield Mark("inside", "depth", str(node), None, region)
        case Call(name="host_in", args=(states,)):
            yield Mark("inside", "depth", str(node), None, Call("territory", (states,)))
        case Call(name="notice", args=(days,)):
            yield Mark("notice", "notice_days", str(node), days)


def _ranges(asked: Asked, node: Node) -> tuple[str, ...]:
    """Return the range that an expression is, if it is one."""
    body = asked.body(node)
    return (body.name,) if isinstance(body, Name) and body.name in RANGES else ()
