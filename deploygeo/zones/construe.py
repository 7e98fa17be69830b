"""A rule construed as a set of places: what of it is about place, and what is taken as holding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from deploygeo import boundaries
from deploygeo.checker.facts import Case
from deploygeo.clauses.evaluate import Number, Region, States, evaluate, value_of
from deploygeo.clauses.expression import And, Call, Compare, Literal, Name, Node, Not, Or, walk
from deploygeo.clauses.truth import Truth
from deploygeo.errors import SettingError
from deploygeo.zones.locus import Inside, Near, Place, Whole, all_of, any_of, inverse

__all__ = ["REACH_WORDS", "Construed", "construed", "placeless"]

#: Words whose value depends on where the deployment is.
_PLACED: Final = frozenset({"inside", "reaches", "distance", "host_in"})
#: Words that depend on where other deployments are.
_MOVING: Final = frozenset({"separation"})
#: Words that say what the weapon reaches.
REACH_WORDS: Final = frozenset({"range", "loadable_range", "platform_range"})
#: Words about the party and the treaty alone: they are decided.
_DECIDED: Final = frozenset({"always", "never", "party_in"})


@dataclass(frozen=True, slots=True)
class Construed:
    """A condition as a set of places.

    Attributes
    ----------
    place : Place
    is_placed : bool
        Whether the condition has anything to do with place.
    asks_range : bool
        Whether it depends on what a weapon reaches.
    assumed : tuple of str
        What is not about place and is taken to be such that the clause bites.
    """

    place: Place
    is_placed: bool
    asks_range: bool
    assumed: tuple[str, ...]


def construed(condition: Node, case: Case, name: str, range_km: float | None) -> Construed:
    """Return the set of places where a condition holds for a deployment that it is about.

    Parameters
    ----------
    condition : Node
    case : Case
        Who asks, when, and under which readings.
    name : str
        Of the clause, for messages.
    range_km : float or None
        The reach of the weapon, which the case has as well.

    Raises
    ------
    SettingError
        If the set depends on other deployments, on a reach that is not given, or on a number
        that the text leaves open.
    """
    reader = _Reader(case, name, range_km)
    place = reader.read(condition, True)
    assumed = tuple(dict.fromkeys(reader.assumed))
    return Construed(place, reader.is_placed, reader.asks_range, assumed)


def placeless(name: str, why: str) -> str:
    """Return the message that a clause closes no place.

    >>> placeless("draft/8", "it is not a rule about deployments")
    'draft/8 closes no place: it is not a rule about deployments; try a clause about reach ...'
    """
    return f"{name} closes no place: {why}; try a clause about reach or presence"


@dataclass
class _Reader:
    """Reads a condition as a set, and learns what it rests on."""

    case: Case
    name: str
    range_km: float | None
    is_placed: bool = False
    asks_range: bool = False
    assumed: list[str] = field(default_factory=list)

    def read(self, node: Node, holds: bool) -> Place:
        """Return the set where a condition holds; `holds` is what makes the clause bite."""
        match node:
            case And(operands=operands):
                # All are read: what never matters may still be about place.
                return all_of([self.read(item, holds) for item in operands])
            case Or(operands=operands):
                return any_of([self.read(item, holds) for item in operands])
            case Not(operand=operand):
                return inverse(self.read(operand, not holds))
            case Compare():
                return self.compare(node, holds)
            case Name(name=name):
                definition = self.case.definition(name)
                if definition is not None:
                    return self.read(definition, holds)
                return self.plain(node, holds)
            case Call(name=name, args=args) if name in _PLACED:
                return self.placed(name, args)
        return self.plain(node, holds)

    def words(self, node: Node) -> set[str]:
        """Return the words of the vocabulary in a condition, those of its definitions too."""
        found: set[str] = set()
        for item in walk(node):
            if isinstance(item, Name | Call):
                definition = None
                if isinstance(item, Name):
                    definition = self.case.definition(item.name)
                found |= {item.name} if definition is None else self.words(definition)
        return found

    def placed(self, name: str, args: tuple[Node, ...]) -> Place:
        self.is_placed = True
        if name == "host_in":
            states = value_of(args[0], self.case)
            return Inside(
                Region("territory", states if isinstance(states, frozenset) else States())
            )
        region = self.region(args[0])
        if name == "inside":
            return Inside(region)
        return _near(region, self.exactly(args[1]))

    def region(self, node: Node) -> Region:
        region = value_of(node, self.case)
        if not isinstance(region, Region):
            raise TypeError(f"{node} is not a region")
        return region

    def exactly(self, node: Node) -> float:
        """Return a number that must be one, or say what it lacks."""
        number = value_of(node, self.case)
        if not isinstance(number, Number):
            raise TypeError(f"{node} is not a number")
        words = self.words(node)
        if words & REACH_WORDS:
            self.asks_range = True
            if self.range_km is None:
                raise SettingError(
                    f"{self.name} depends on what a weapon reaches; give a range in kilometres, "
                    "for example --range 1600"
                )
        if number.lo != number.hi:
            lacks = number.why or str(node)
            told_ = lacks.removeprefix("parameter ")
            hint = f"; give one, for example --param {told_}=100" if told_ != lacks else ""
            raise SettingError(f"{self.name} closes no place while {lacks} has no value{hint}")
        return number.lo

    def compare(self, node: Compare, holds: bool) -> Place:
        words = self.words(node)
        if words & _MOVING:
            raise SettingError(
                placeless(self.name, "it measures between deployments, wherever they are")
            )
        if "distance" in words:
            self.is_placed = True
            pairs = zip(node.terms, node.operators, node.terms[1:], strict=False)
            return all_of(self.distance(*pair) for pair in pairs)
        if words & REACH_WORDS:
            self.asks_range = True
            if self.range_km is not None and words <= REACH_WORDS | {"step_up", "param"}:
                truth = evaluate(node, self.case).truth
                if truth is not Truth.UNKNOWN:
                    return Whole(truth is Truth.TRUE)
        return self.assume(node, holds)

    def distance(self, left: Node, operator: str, right: Node) -> Place:
        if "distance" in self.words(right):
            left, right = right, left
            operator = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[operator]
        call = self.call_of(left)
        if call is None or "distance" in self.words(right):
            raise SettingError(placeless(self.name, f"{left} {operator} {right} has no outline"))
        near = _near(self.region(call.args[0]), self.exactly(right))
        # A set and its closure have the same outline.
        return near if operator in ("<", "<=") else inverse(near)

    def call_of(self, node: Node) -> Call | None:
        if isinstance(node, Name):
            definition = self.case.definition(node.name)
            return None if definition is None else self.call_of(definition)
        return node if isinstance(node, Call) and node.name == "distance" else None

    def plain(self, node: Node, holds: bool) -> Place:
        words = self.words(node)
        if words <= _DECIDED | {"states", "group", "parties", "own", "counterparts"}:
            return Whole(evaluate(node, self.case).truth is Truth.TRUE)
        return self.assume(node, holds)

    def assume(self, node: Node, holds: bool) -> Place:
        if isinstance(node, Literal):
            raise TypeError(f"{node} is not a condition")
        self.assumed.append(str(node) if holds else f"not {node}")
        return Whole(holds)


def _near(region: Region, km: float) -> Place:
    if region.kind == "territory":
        # As `places.distance` has it: twelve miles nearer than the land.
        km += boundaries.TERRITORIAL_SEA_M / 1e3
        region = Region("land", region.states)
    return Near(region, km)
