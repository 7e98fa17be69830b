"""What is checked together: deployments with their contingents apart, records, and groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from deploygeo.checker.hosts import Host, Surroundings
from deploygeo.model import Deployment, Interval, Record, Stay, members

__all__ = [
    "AIRCRAFT",
    "Actor",
    "Group",
    "Placement",
    "Scene",
    "Subject",
    "is_point",
    "personnel_of",
    "position",
    "scene_of",
    "states_of",
]


AIRCRAFT = frozenset(
    ["heavy_bomber", "medium_bomber", "combat_aircraft", "patrol_aircraft", "transport_aircraft"]
)
"""The kinds that fly."""


def states_of(parties: Iterable[str], on: date) -> frozenset[str]:
    """Return the states that some parties are on a day; NATO is all its members.

    >>> len(states_of(["NATO"], date(2021, 12, 17))), states_of(["FRA"], date(2021, 12, 17))
    (30, frozenset({'FRA'}))
    """
    found: set[str] = set()
    for party in parties:
        found |= members("NATO", on) if party == "NATO" else {party}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Actor:
    """A deployment by one party: a whole one, or one contingent of a multinational one."""

    id: str
    deployment: Deployment

    @property
    def feature(self) -> str:
        """The id of the feature in the file."""
        return self.deployment.id

    def own(self, on: date) -> frozenset[str]:
        """Return the state that deploys; what NATO owns answers for all its members."""
        return states_of((self.deployment.party,), on)


@dataclass(frozen=True, slots=True)
class Placement:
    """An actor in a host state, certainly or not, for a time.

    Parameters
    ----------
    stay : Stay
        The part of its stay that it may be there and bound.
    is_bound : bool
        Whether the clause is in force for it at any time of its stay.
    """

    actor: Actor
    host: Host
    stay: Stay
    is_bound: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """All actors of one sender in one host state, in one unbroken period.

    Parameters
    ----------
    placements : tuple of Placement
        Those of the sender.
    others : tuple of Placement
        Those of all other senders in the same state.
    period : Stay
        From the first to the last day of any of them.
    is_one_of : bool
        The sender has several periods there.
    """

    sender: str
    host: str
    placements: tuple[Placement, ...]
    others: tuple[Placement, ...] = ()
    period: Stay = field(default_factory=Stay)
    is_one_of: bool = False

    @property
    def actors(self) -> tuple[Actor, ...]:
        """The actors, each once."""
        return tuple({item.actor.id: item.actor for item in self.placements}.values())


Subject = Actor | Record | Group


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a check looks at."""

    actors: tuple[Actor, ...]
    records: tuple[Record, ...]
    # groups and surroundings already asked for: stability asks a few choices once a group
    groups: dict[object, tuple[Group, ...]] = field(default_factory=dict, compare=False)
    surroundings: dict[object, Surroundings] = field(default_factory=dict, compare=False)

    def surroundings_of(self, actor: Actor, level: str) -> Surroundings:
        """Return the units of land near an actor; contingents of one unit share them."""
        key = (actor.feature, level)
        if key not in self.surroundings:
            self.surroundings[key] = Surroundings(actor.deployment, level)
        return self.surroundings[key]


def scene_of(deployments: Iterable[Deployment], records: Iterable[Record]) -> Scene:
    """Return the scene of some deployments, each contingent as an actor of its own."""
    actors: list[Actor] = []
    for deployment in deployments:
        if not deployment.contingents:
            actors.append(Actor(deployment.id, deployment))
            continue
        for part in deployment.contingents:
            single = replace(deployment, party=part.party, personnel=part.personnel, contingents=())
            actors.append(Actor(f"{deployment.id}/{part.party}", single))
    return Scene(tuple(actors), tuple(records))


def position(deployment: Deployment) -> tuple[float, float] | None:
    """Return one point that stands for a deployment, on it."""
    if deployment.geometry is None:
        return None
    point = deployment.geometry.representative_point()
    return (float(point.x), float(point.y))


def is_point(deployment: Deployment) -> bool:
    """Return whether a deployment has one place, or none."""
    return deployment.geometry is None or deployment.geometry.geom_type == "Point"


_NO_FORCE = frozenset({"nuclear_weapon", "nuclear_storage", "training_area", "radar", "logistics"})


def personnel_of(deployment: Deployment) -> Interval:
    """Return the personnel; where it is not given, at least one for a force."""
    if deployment.personnel is not None:
        return deployment.personnel
    return Interval(0.0 if deployment.kind in _NO_FORCE else 1.0, float("inf"))
