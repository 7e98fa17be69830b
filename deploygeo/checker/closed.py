"""What a clause closes to a party: the set of places that its own expression describes.

A rule is read as a set. What it says of place (`inside`, `reaches`, `distance`, `host_in`)
becomes regions and what is within a distance of them; *and*, *or*, *not* become intersection,
union and complement. What it asks of the deployment and not of the place (its kind, its activity,
its numbers) is taken to be such that the clause bites, and is told as assumed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from deploygeo import boundaries
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Settings
from deploygeo.checker.scene import Actor, Scene
from deploygeo.checker.wording import told
from deploygeo.clauses.evaluate import Number, Region, States, evaluate, value_of
from deploygeo.clauses.expression import And, Call, Compare, Literal, Name, Node, Not, Or, walk
from deploygeo.clauses.truth import Truth
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.model import Deployment, Interval
from deploygeo.treaties import Clause, Treaty

__all__ = [
    "AllOf",
    "AnyOf",
    "Closed",
    "Inside",
    "Near",
    "Outside",
    "Place",
    "Whole",
    "bound_by",
    "closed_to",
    "leaves",
]


@dataclass(frozen=True, slots=True)
class Whole:
    """Everywhere, or nowhere."""

    everywhere: bool

    def __str__(self) -> str:
        return "everywhere" if self.everywhere else "nowhere"


@dataclass(frozen=True, slots=True)
class Inside:
    """In a region."""

    region: Region

    def __str__(self) -> str:
        return f"inside {_named(self.region)}"


@dataclass(frozen=True, slots=True)
class Near:
    """At most so far from a region, in kilometres."""

    region: Region
    km: float

    def __str__(self) -> str:
        return f"within {self.km:g} km of {_named(self.region)}"


@dataclass(frozen=True, slots=True)
class Outside:
    """All that another set leaves."""

    of: Place

    def __str__(self) -> str:
        text = str(self.of)
        if isinstance(self.of, Inside):
            return f"outside {_named(self.of.region)}"
        return f"not ({text})"


@dataclass(frozen=True, slots=True)
class AllOf:
    """What several sets have in common."""

    parts: tuple[Place, ...]

    def __str__(self) -> str:
        return " and ".join(
            f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What is in one of several sets."""

    parts: tuple[Place, ...]

    def __str__(self) -> str:
        return " or ".join(
            f"({part})" if isinstance(part, AllOf) else str(part) for part in self.parts
        )


Place: TypeAlias = Whole | Inside | Near | Outside | AllOf | AnyOf

_NAMES: Final = {"border": "the border line", "outer": "the outer border", "sea": "the "}


def _named(region: Region) -> str:
    if region.kind in ("land", "territory"):
        return f"the {region.kind} of {told(region.states)}"
    return f"{_NAMES.get(region.kind, region.kind + ' ')}{region.name}"


@dataclass(frozen=True, slots=True)
class Closed:
    """What a clause closes to a party, and under which choices.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
    party : str
    range_km : float or None
        The reach of the weapon; None where the clause asks for none.
    on : date
        The day for which dated sets and holders were taken.
    settings : Settings
    place : Place
        The set.
    assumed : tuple of str
        What the rule asks and is taken as holding, since it is not about place.
    unless : tuple of str
        Exceptions that would excuse; they are not taken off.
    readings : dict of str to str
        The readings that the set depends on.
    overseas : bool
        Whether overseas territories count.
    sides : tuple of (str, frozenset of str)
        The sides of the treaty on the day.
    """

    treaty: Treaty
    clause: Clause
    party: str
    range_km: float | None
    on: date
    settings: Settings
    place: Place
    assumed: tuple[str, ...]
    unless: tuple[str, ...]
    readings: dict[str, str]
    overseas: bool
    sides: tuple[tuple[str, States], ...] = ()

    @property
    def protected(self) -> States:
        """The states whose land a reach is measured to."""
        found = [leaf.region.states for leaf in leaves(self.place) if isinstance(leaf, Near)]
        return frozenset().union(*found)


def leaves(place: Place) -> tuple[Whole | Inside | Near, ...]:
    """Return what a set is made of.

    >>> leaves(Outside(Whole(True)))
    (Whole(everywhere=True),)
    """
    match place:
        case Outside(of=of):
            return leaves(of)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
    return (place,)


#: Words whose value depends on where the deployment is.
_PLACED: Final = frozenset({"inside", "reaches", "distance", "host_in"})
#: Words that depend on where other deployments are.
_MOVING: Final = frozenset({"separation"})
#: Words that say what the weapon reaches.
_RANGES: Final = frozenset({"range", "loadable_range", "platform_range"})
#: Words about the party and the treaty alone: they are decided.
_DECIDED: Final = frozenset({"always", "never", "party_in"})


def bound_by(treaty: Treaty, clause: Clause, settings: Settings) -> tuple[str, ...]:
    """Return the parties that a clause binds on the day, sorted.

    Raises
    ------
    SettingError
        If the clause has no rule about where deployments are.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> draft = load("us-russia-2021")
    >>> bound_by(draft, draft.clause("5.2"), Settings())
    ('RUS', 'USA')
    """
    _check_placed(treaty, clause)
    case = _case(treaty, clause, "", None, settings)
    bearers = case.parties if clause.bearers is None else value_of(clause.bearers, case)
    return tuple(sorted(bearers)) if isinstance(bearers, frozenset) else ()


def closed_to(
    treaty: Treaty,
    clause: Clause,
    party: str,
    range_km: float | None = None,
    settings: Settings | None = None,
) -> Closed:
    """Return what a clause closes to a party.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
    party : str
        ISO 3166-1 alpha-3.
    range_km : float, optional
        The reach of the weapon, for clauses that depend on one.
    settings : Settings, optional

    Raises
    ------
    UnknownNameError
        If the clause does not bind the party.
    SettingError
        If the clause is not about place, or lacks a range or a parameter.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> draft = load("us-russia-2021")
    >>> print(closed_to(draft, draft.clause("5.2"), "USA", 1600).place)
    outside the territory of USA and within 1600 km of the land of RUS
    """
    settings = settings or Settings()
    bound = bound_by(treaty, clause, settings)
    name = f"{treaty.id}/{clause.id}"
    if party not in bound:
        raise UnknownNameError(f"party bound by {name}", party, bound)
    if range_km is not None and not (0.0 <= range_km < math.inf):
        raise SettingError(f"the range {range_km} is no number of kilometres from 0 on")
    case = _case(treaty, clause, party, range_km, settings)
    reader = _Reader(case, name, range_km)
    rule = clause.rule if clause.modality == "prohibit" or clause.rule is None else Not(clause.rule)
    breach = clause.applies if rule is None else And((clause.applies, rule))
    place = reader.read(breach, True)
    if not reader.is_placed:
        raise SettingError(_placeless(name, "its rule names no place under these readings"))
    consulted = {item.name for item in treaty.readings if item.name in case.consulted}
    overseas = case.overseas
    return Closed(
        treaty,
        clause,
        party,
        range_km if reader.asks_range else None,
        case.on,
        settings,
        place,
        tuple(dict.fromkeys(reader.assumed)),
        tuple(f"{one.name}: {one.text}" for one in clause.unless),
        {
            item.name: settings.readings.get(item.name, item.default)
            for item in treaty.readings
            if item.name in consulted
        },
        overseas,
        tuple(zip((side.name for side in treaty.sides), case.sides, strict=True)),
    )


def _placeless(name: str, why: str) -> str:
    return f"{name} closes no place: {why}; try a clause about reach or presence"


def _check_placed(treaty: Treaty, clause: Clause) -> None:
    name = f"{treaty.id}/{clause.id}"
    if clause.check == "none":
        raise SettingError(_placeless(name, clause.why or "it is not checkable"))
    if clause.check == "flag":
        raise SettingError(_placeless(name, "only a human can decide it"))
    if clause.subject == "record":
        raise SettingError(_placeless(name, "it asks of records, which have no place"))


def _case(
    treaty: Treaty, clause: Clause, party: str, range_km: float | None, settings: Settings
) -> Case:
    # Its kind is never asked: what is not about place is assumed.
    actor = Actor("zone", Deployment(id="zone", party=party or "USA", kind="surface_warship"))
    day = settings.on or treaty.reference_date or date(2021, 12, 17)
    case = Case(treaty, clause, Scene((actor,), ()), actor, day, settings)
    reach = Interval(0.0, math.inf) if range_km is None else Interval(range_km, range_km)
    case.assigned.update(dict.fromkeys(_RANGES, reach))
    return case


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
                return _all([self.read(item, holds) for item in operands])
            case Or(operands=operands):
                return _any([self.read(item, holds) for item in operands])
            case Not(operand=operand):
                return _not(self.read(operand, not holds))
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
        if words & _RANGES:
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
                _placeless(self.name, "it measures between deployments, wherever they are")
            )
        if "distance" in words:
            self.is_placed = True
            pairs = zip(node.terms, node.operators, node.terms[1:], strict=False)
            return _all(self.distance(*pair) for pair in pairs)
        if words & _RANGES:
            self.asks_range = True
            if self.range_km is not None and words <= _RANGES | {"step_up", "param"}:
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
            raise SettingError(_placeless(self.name, f"{left} {operator} {right} has no outline"))
        near = _near(self.region(call.args[0]), self.exactly(right))
        # A set and its closure have the same outline.
        return near if operator in ("<", "<=") else _not(near)

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


def _not(place: Place) -> Place:
    match place:
        case Whole(everywhere=everywhere):
            return Whole(not everywhere)
        case Outside(of=of):
            return of
    return Outside(place)


def _all(parts: Iterable[Place]) -> Place:
    found: list[Place] = []
    for part in parts:
        if part == Whole(False):
            return part
        if part != Whole(True):
            found.extend(part.parts if isinstance(part, AllOf) else (part,))
    if len(found) > 1:
        return AllOf(tuple(dict.fromkeys(found)))
    return found[0] if found else Whole(True)


def _any(parts: Iterable[Place]) -> Place:
    found: list[Place] = []
    for part in parts:
        if part == Whole(True):
            return part
        if part != Whole(False):
            found.extend(part.parts if isinstance(part, AnyOf) else (part,))
    if len(found) > 1:
        return AnyOf(tuple(dict.fromkeys(found)))
    return found[0] if found else Whole(False)
