"""What a drawn thing should be like, so that a clause has something to say about it.

The conditions of a clause are read backwards: to make ``a and b`` true both are wished for, to
make ``kind('radar')`` true the kind is wished to be ``radar``, and to make
``reaches(land(x), range)`` true the place is wished within the range. A wish is no promise: where
two contradict each other the later one is dropped, and whether a clause is broken is for the
check to say.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from deploygeo.checker import Settings
from deploygeo.checker.facts import Case
from deploygeo.checker.scene import Actor, Scene, Subject
from deploygeo.clauses.evaluate import Number, Region, States, Value, value_of
from deploygeo.clauses.expression import And, Call, Compare, Literal, Name, Node, Not, Or
from deploygeo.errors import DeploygeoError
from deploygeo.model import Deployment, Record
from deploygeo.model.vocabulary import ACTIVITIES, BASINGS, ECHELONS, KINDS, RECORD_KINDS, SCENARIOS
from deploygeo.testing.strategies._draw import Draw, chance, pick
from deploygeo.treaties import Clause, Treaty
from deploygeo.treaties.anatomy import written_out

__all__ = ["RANGES", "Asked", "Limit", "Place", "Wishes", "steer"]

#: The words that take names from a list.
_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": tuple(KINDS),
    "activity": tuple(ACTIVITIES),
    "basing": tuple(BASINGS),
    "scenario": tuple(SCENARIOS),
    "framework": (),
    "record": tuple(RECORD_KINDS),
}

#: The words whose number is a property of what is drawn.
RANGES: Final = ("range", "loadable_range", "platform_range")
_QUANTITIES: Final = frozenset((*RANGES, "personnel", "brigades", "stay_days", "days_in_force"))

#: What stands for a parameter that is not agreed: a width in km, a number of days.
_USUAL: Final = 100.0

_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that a quantity is wished to be below, at or above."""

    operator: str
    value: float

    def holds(self, number: float) -> bool:
        """Return whether a number is as wished.

        >>> Limit("<", 500.0).holds(500.0), Limit(">=", 500.0).holds(500.0)
        (False, True)
        """
        match self.operator:
            case "<":
                return number < self.value
            case "<=":
                return number <= self.value
            case ">":
                return number > self.value
            case _:
                return number >= self.value


@dataclass(frozen=True, slots=True)
class Place:
    """A region that the place is wished to be in, or within a distance of, or not.

    Parameters
    ----------
    region : Region
    holds : bool
    within : str or float or None
        None: inside it; a number of kilometres; or the quantity that is compared with the
        distance.
    steps : tuple of float
        The classes that such a quantity is counted in.
    """

    region: Region
    holds: bool
    within: str | float | None = None
    steps: tuple[float, ...] = ()


@dataclass
class Wishes:
    """What a thing should be like; what is absent may be anything."""

    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    limits: dict[str, list[Limit]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    #: of ``partners``, ``joining`` and ``own``: sets to share a state with, or not
    shares: dict[str, list[tuple[States, bool]]] = field(default_factory=dict)
    group: str | None = None
    consent: States | None = None
    #: what a human is wished to find, by the condition's name
    asserted: dict[str, bool] = field(default_factory=dict)
    #: of whom, and of which kinds, another is wished to be there
    companion: tuple[States, tuple[str, ...]] | None = None
    companion_limits: list[Limit] = field(default_factory=list)
    #: the condition that should be what decides: of several ways, the one that leads to it
    toward: Node | None = None

    def narrow(self, word: str, names: tuple[str, ...], *, holds: bool) -> None:
        """Wish a word to be one of some names, or none of them."""
        known = self.words.get(word, _LISTS[word])
        if word == "framework":
            left = names if holds else ()
        else:
            left = tuple(name for name in known if (name in names) is holds)
        if left:
            self.words[word] = left

    def bound(self, quantity: str, limit: Limit) -> None:
        """Wish a quantity to keep a limit, unless it cannot with those before."""
        found = self.limits.setdefault(quantity, [])
        tried = [*found, limit]
        low = max((one.value for one in tried if one.operator in (">", ">=")), default=0.0)
        high = min((one.value for one in tried if one.operator in ("<", "<=")), default=math.inf)
        strict = any(one.operator in ("<", ">") and one.value in (low, high) for one in tried)
        if low < high or (low == high and not strict):
            found.append(limit)


class Asked:
    """A clause asked of something of a party, to read its conditions backwards.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
    settings : Settings
    party : str
    """

    def __init__(self, treaty: Treaty, clause: Clause, settings: Settings, party: str) -> None:
        self.treaty, self.clause, self.settings, self.party = treaty, clause, settings, party
        self.on = settings.on or treaty.reference_date or _some_day(treaty)
        self.case = Case(treaty, clause, _NOBODY, _subject(clause, party), self.on, settings)

    def value(self, node: Node) -> Value | None:
        """Return the value of states, a region or a number; None where it takes more to know."""
        try:
            return value_of(node, self.case)
        except (DeploygeoError, TypeError, AssertionError, AttributeError, StopIteration):
            return None

    def states(self, node: Node) -> States | None:
        """Return the value of a set of states."""
        found = self.value(node)
        return found if isinstance(found, frozenset) else None

    def number(self, node: Node) -> float | None:
        """Return a number that is certain; for a parameter that is not agreed, a usual one."""
        found = self.value(node)
        if not isinstance(found, Number):
            return None
        if found.why.startswith("parameter "):
            return _USUAL
        return found.lo if found.lo == found.hi else None

    def bearers(self) -> States:
        """Return whom the clause binds."""
        if self.clause.bearers is not None:
            return self.states(self.clause.bearers) or frozenset()
        return self.case.parties

    def holds(self, node: Node, inner: Node | None) -> bool:
        """Return whether an expression, with its definitions written out, has another in it."""
        if inner is None:
            return False
        chosen = {item.name: self.settings.chosen(item) for item in self.treaty.readings}
        return any(one == inner for one in written_out(self.treaty, node, chosen))

    def body(self, node: Node) -> Node:
        """Return an expression, or what it stands for."""
        while isinstance(node, Name):
            try:
                inner = self.case.definition(node.name)
            except DeploygeoError:
                return node
            if inner is None:
                return node
            node = inner
        return node


_NOBODY: Final = Scene((), ())


def _some_day(treaty: Treaty) -> date:
    """Return a day on which a treaty binds."""
    for span in treaty.in_force:
        return span.start
    return date(2021, 12, 17)


def _subject(clause: Clause, party: str) -> Subject:
    if clause.subject == "record":
        return Record(id="r", kind="notice", party=party)
    return Actor("d", Deployment(id="d", party=party, kind="ground_force"))


def steer(draw: Draw, asked: Asked, node: Node, wanted: bool, wishes: Wishes) -> None:
    """Add what makes a condition true, or false, to some wishes; where there is a choice, draw."""
    node = asked.body(node)
    match node:
        case And(operands=operands) | Or(operands=operands):
            if isinstance(node, And) is wanted:
                for operand in operands:
                    steer(draw, asked, operand, wanted, wishes)
            else:  # one is enough; the others stay as they come, or are wished the other way
                leading = [one for one in operands if asked.holds(one, wishes.toward)]
                chosen = pick(draw, leading or operands)
                steer(draw, asked, chosen, wanted, wishes)
                if leading or not chance(draw, 3):
                    for operand in operands:
                        if operand is not chosen:
                            steer(draw, asked, operand, not wanted, wishes)
        case Not(operand=operand):
            steer(draw, asked, operand, not wanted, wishes)
        case Compare(terms=terms, operators=operators):
            pairs = list(zip(terms, operators, terms[1:], strict=False))
            for left, operator, right in pairs if wanted else [pick(draw, pairs)]:
                _compare(asked, left, operator if wanted else _OPPOSITE[operator], right, wishes)
        case Name(name="nuclear" | "mandate" as name):
            wishes.flags.setdefault(name, wanted)
        case Call(name=name, args=args):
            _word(asked, name, args, wanted, wishes)


def _compare(asked: Asked, left: Node, operator: str, right: Node, wishes: Wishes) -> None:
    for term, other, sign in ((left, right, operator), (right, left, _MIRRORED[operator])):
        term = asked.body(term)
        if not isinstance(term, Name | Call):
            continue
        value = asked.number(other)
        match term:
            case Call(name="distance", args=(region,)):
                found = asked.value(region)
                if value is not None and isinstance(found, Region):
                    wishes.places.append(Place(found, sign in ("<", "<="), value))
            case Call(name="separation", args=(of, *kinds)):
                states = asked.states(of)
                if states and wishes.companion is None:
                    wishes.companion = (states, _texts(tuple(kinds)))
                if value is not None:
                    wishes.companion_limits.append(Limit(sign, value))
            case Call(name="total"):
                # against a baseline that only the check knows: many people, or none
                if sign in (">", ">="):
                    wishes.bound("total", Limit(sign, value if value is not None else 5_000.0))
                else:
                    wishes.bound("total", Limit(sign, value if value is not None else 1.0))
            case Call(name="step_up", args=(inner, *_)):
                name = _quantity(asked, inner)
                if name and value is not None:
                    wishes.bound(name, Limit(sign, value))
            case Name(name=name) if name in _QUANTITIES and value is not None:
                wishes.bound(name, Limit(sign, value))


def _word(asked: Asked, name: str, args: tuple[Node, ...], wanted: bool, wishes: Wishes) -> None:
    match name:
        case "kind" | "activity" | "basing" | "framework" | "scenario" | "record":
            wishes.narrow(name, _texts(args), holds=wanted)
        case "echelon_above":
            order = list(ECHELONS)
            at = order.index(_texts(args)[0]) + 1
            wishes.words["echelon"] = tuple(order[at:] if wanted else order[:at]) or tuple(order)
        case "inside" | "reaches":
            region = asked.value(args[0])
            if isinstance(region, Region):
                within, steps = (None, ()) if name == "inside" else _reach(asked, args[1])
                wishes.places.append(Place(region, wanted, within, steps))
        case "host_in":
            states = asked.states(args[0])
            if states is not None:
                wishes.places.append(Place(Region("land", states), wanted))
        case "party_in":
            states = asked.states(args[0])
            if states is not None:
                wishes.shares.setdefault("own", []).append((states, wanted))
        case "share":
            for one, other in (args, args[::-1]):
                states = asked.states(other)
                if isinstance(one, Name) and one.name in _SHARED and states is not None:
                    wishes.shares.setdefault(one.name, []).append((states, wanted))
                    break
        case "joins":
            if wanted:
                wishes.group = _texts(args)[0]
        case "consent":
            states = asked.states(args[0])
            if wanted and states:
                wishes.consent = states
        case "notice":
            days = asked.number(args[0])
            if days is not None:
                wishes.bound("notice", Limit(">=" if wanted else "<", days))
        case "asserted":
            wishes.asserted[_texts(args)[0]] = wanted


_SHARED: Final = ("partners", "joining", "own")


def _reach(asked: Asked, node: Node) -> tuple[str | float | None, tuple[float, ...]]:
    node = asked.body(node)
    if isinstance(node, Call) and node.name == "step_up":
        steps = tuple(found for arg in node.args[1:] if (found := asked.number(arg)) is not None)
        return _quantity(asked, node.args[0]) or asked.number(node), steps
    return _quantity(asked, node) or asked.number(node) or 0.0, ()


def _quantity(asked: Asked, node: Node) -> str | None:
    node = asked.body(node)
    return node.name if isinstance(node, Name) and node.name in _QUANTITIES else None


@functools.lru_cache(maxsize=4_096)
def _texts(args: tuple[Node, ...]) -> tuple[str, ...]:
    return tuple(
        arg.value for arg in args if isinstance(arg, Literal) and isinstance(arg.value, str)
    )
