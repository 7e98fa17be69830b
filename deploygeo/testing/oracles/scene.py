"""What is asked about, as GeoJSON has it: deployments with their contingents apart, and records."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from deploygeo.testing.oracles.balls import Point
from deploygeo.testing.oracles.earth import members, systems

__all__ = [
    "AIRCRAFT",
    "ECHELONS",
    "Actor",
    "Choices",
    "Event",
    "Scene",
    "Span",
    "interval",
    "states_of",
]

AIRCRAFT: Final = frozenset(
    ["heavy_bomber", "medium_bomber", "combat_aircraft", "patrol_aircraft", "transport_aircraft"]
)
ECHELONS: Final = (
    *("squad", "platoon", "company", "battalion", "regiment"),
    *("brigade", "division", "corps", "army", "front"),
)
_USUAL: Final = {
    "air_base": "base",
    "exercise": "exercise",
    "naval_base": "base",
    "nuclear_storage": "base",
    "training_mission": "train",
}
_NO_FORCE: Final = frozenset(
    ["nuclear_weapon", "nuclear_storage", "training_area", "radar", "logistics"]
)


@dataclass(frozen=True)
class Choices:
    """Under what to ask: as for a check."""

    worldview: str = "un"
    readings: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, float] = field(default_factory=dict)
    on: date | None = None
    in_force: date | None = None
    level: str = "hybrid"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from a first to a last, both included; None is open."""

    start: date | None = None
    end: date | None = None

    @property
    def ends(self) -> tuple[date, date]:
        """The first and the last day, as far as the calendar goes."""
        return self.start or date.min, self.end or date.max

    def has(self, day: date) -> bool:
        """Return whether a day is among them."""
        return self.ends[0] <= day <= self.ends[1]

    def meets(self, other: Span) -> bool:
        """Return whether they share a day."""
        return self.ends[0] <= other.ends[1] and other.ends[0] <= self.ends[1]

    def within(self, other: Span) -> Span:
        """Return the days they share, if they do."""
        starts = [day for day in (self.start, other.start) if day]
        ends = [day for day in (self.end, other.end) if day]
        return Span(max(starts, default=None), min(ends, default=None))

    def is_covered(self, others: Iterable[Span]) -> bool:
        """Return whether every day is in one of some others.

        >>> Span(date(2022, 1, 1), date(2022, 1, 9)).is_covered([Span(None, date(2022, 1, 8))])
        False
        """
        day, last = self.ends
        for first, end in sorted(other.ends for other in others):
            if first > day:
                return False
            if end >= last:
                return True
            if end >= day:
                day = end + timedelta(days=1)
        return False

    def nearest(self, goal: date) -> date:
        """Return the day that is nearest to a given one."""
        return min(max(goal, self.ends[0]), self.ends[1])


def states_of(parties: Iterable[str], on: date) -> frozenset[str]:
    """Return the states that parties are: NATO is all its members on the day.

    >>> sorted(states_of(["FRA", ""], date(2021, 12, 17)))
    ['FRA']
    """
    found = [members("NATO", on) if party == "NATO" else {party} for party in parties]
    return frozenset[str]().union(*found) - {""}


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]


def _span(row: Mapping[str, Any]) -> Span:
    if row.get("on") is not None:
        return Span(_day(row["on"]), _day(row["on"]))
    return Span(_day(row.get("from")), _day(row.get("until")))


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


def interval(value: object) -> tuple[float, float] | None:
    """Return a quantity that is one number or a pair as a pair; None where it is not given.

    >>> interval(5), interval([1, 2]), interval(None)
    ((5.0, 5.0), (1.0, 2.0), None)
    """
    if value is None:
        return None
    if isinstance(value, Sequence):
        return float(value[0]), float(value[1])
    return float(value), float(value)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Actor:
    """One party's deployment at one place, or its contingent in one."""

    id: str
    feature: str
    row: Mapping[str, Any]
    place: Point | None

    @property
    def party(self) -> str:
        """Whose it is."""
        return str(self.row["party"])

    @property
    def kind(self) -> str:
        """What it is."""
        return str(self.row["kind"])

    @property
    def activity(self) -> str:
        """What it does; what a thing of its kind does where that is not said."""
        return str(self.row.get("activity") or _USUAL.get(self.kind, "deploy"))

    @property
    def stay(self) -> Span:
        """When."""
        return _span(self.row)

    @property
    def system(self) -> Mapping[str, Any]:
        """The catalogue's row of its system."""
        name = self.row.get("system")
        row: Mapping[str, Any] = {} if name is None else systems()[name]
        return row

    def states(self, on: date) -> frozenset[str]:
        """Return the state that acts."""
        return states_of([self.party], on)

    def quantity(self, name: str) -> tuple[float, float]:
        """Return a quantity at least and at most; what the file says before the catalogue."""
        given = interval(self.row.get(name))
        if given is None and name != "personnel":
            given = interval(self.system.get(name))
        if given is not None:
            return given
        if name == "loadable_range_km":  # the longest that fits is at least what is carried
            return self.quantity("range_km")[0], math.inf
        is_force = name == "personnel" and self.kind not in _NO_FORCE
        return (1.0 if is_force else 0.0), math.inf


@dataclass(frozen=True)
class Event:
    """A record."""

    id: str
    row: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What kind of record."""
        return str(self.row["record"])

    @property
    def party(self) -> str:
        """Who acceded, notified or cooperates; may be empty."""
        return str(self.row.get("party") or "")

    @property
    def stay(self) -> Span:
        """When."""
        return _span(self.row)

    def names(self, key: str) -> tuple[str, ...]:
        """Return what a key lists."""
        return _texts(self.row.get(key))

    def is_about(self, names: Iterable[str]) -> bool:
        """Return whether it is for one of some ids; a finding that names none is for all."""
        subjects = self.names("for")
        return bool(set(names) & set(subjects)) or (not subjects and self.kind == "finding")


@dataclass(frozen=True)
class Scene:
    """All deployments and records of a file."""

    actors: tuple[Actor, ...]
    events: tuple[Event, ...]

    @classmethod
    def of(cls, features: Iterable[Mapping[str, Any]]) -> Scene:
        """Return the scene of GeoJSON features whose places are points.

        Raises
        ------
        ValueError
            For a track or an area, of which this oracle knows nothing.

        Examples
        --------
        >>> unit = {"id": "u", "party": "NATO", "kind": "ground_force",
        ...         "contingents": [{"party": "DEU", "personnel": 5}, {"party": "FRA"}]}
        >>> scene = Scene.of([{"type": "Feature", "properties": unit,
        ...                    "geometry": {"type": "Point", "coordinates": [24, 55]}}])
        >>> [actor.id for actor in scene.actors]
        ['u/DEU', 'u/FRA']
        """
        actors: list[Actor] = []
        events: list[Event] = []
        for feature in features:
            row, geometry = feature["properties"], feature.get("geometry")
            name = str(row["id"])
            if "record" in row:
                events.append(Event(name, row))
                continue
            if geometry is not None and geometry["type"] != "Point":
                raise ValueError(f"{name} is no point, but a {geometry['type']}")
            place = None
            if geometry is not None:
                place = (float(geometry["coordinates"][0]), float(geometry["coordinates"][1]))
            parts = row.get("contingents") or ()
            for part in parts:
                single = {**row, "personnel": part.get("personnel"), "party": part["party"]}
                actors.append(Actor(f"{name}/{part['party']}", name, single, place))
            if not parts:
                actors.append(Actor(name, name, row, place))
        return cls(tuple(actors), tuple(events))
