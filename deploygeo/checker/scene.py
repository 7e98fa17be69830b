"""What is checked together: deployments with their contingents apart, records, and groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from deploygeo.boundaries import host_of
from deploygeo.model import Deployment, Interval, Record, members

__all__ = ["Actor", "Group", "Scene", "Subject", "groups_of", "scene_of"]


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
        party = self.deployment.party
        return members("NATO", on) if party == "NATO" else frozenset((party,))


@dataclass(frozen=True, slots=True)
class Group:
    """All actors of one sender in one host state."""

    sender: str
    host: str
    actors: tuple[Actor, ...]


Subject = Actor | Record | Group


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a check looks at."""

    actors: tuple[Actor, ...]
    records: tuple[Record, ...]
    # groups under choices already asked: stability asks a few choices once a group
    groups: dict[object, tuple[Group, ...]] = field(default_factory=dict, compare=False)


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


def groups_of(
    scene: Scene, *, on: date, worldview: str, level: str, counted: Sequence[Actor]
) -> tuple[Group, ...]:
    """Return the groups of the counted actors by sender and host, in order of both.

    The host is the state whose land or waters hold the point that stands for the deployment;
    a deployment on the high seas or at home belongs to no group.
    """
    found: dict[tuple[str, str], list[Actor]] = {}
    for actor in counted:
        place = position(actor.deployment)
        if place is None:
            continue
        state, _ = host_of(*place, on=on, worldview=worldview, level=level)
        if state is None or state == actor.deployment.party:
            continue
        found.setdefault((actor.deployment.party, state), []).append(actor)
    return tuple(Group(*key, tuple(actors)) for key, actors in sorted(found.items()))


_NO_FORCE = frozenset({"nuclear_weapon", "nuclear_storage", "training_area", "radar", "logistics"})


def personnel_of(deployment: Deployment) -> Interval:
    """Return the personnel; where it is not given, at least one for a force."""
    if deployment.personnel is not None:
        return deployment.personnel
    return Interval(0.0 if deployment.kind in _NO_FORCE else 1.0, float("inf"))


def total_on(actors: Iterable[Actor], day: date) -> Interval:
    """Return the personnel of some actors on a day; totals and their parts are never added.

    >>> from deploygeo.model import Deployment
    >>> whole = Deployment(id="t", party="USA", kind="ground_force", personnel=4500, total=True)
    >>> part = Deployment(id="p", party="USA", kind="ground_force", personnel=200, part_of="t")
    >>> total_on([Actor("t", whole), Actor("p", part)], date(2021, 12, 17))
    Interval(lo=4500.0, hi=4500.0)
    """
    there = [actor for actor in actors if actor.deployment.stay.covers(day)]
    ids = {actor.feature for actor in there}
    wholes = [actor for actor in there if actor.deployment.total]
    parts = [
        actor
        for actor in there
        if not actor.deployment.total and actor.deployment.part_of not in ids
    ]
    low = sum(personnel_of(actor.deployment).lo for actor in parts)
    high = sum(personnel_of(actor.deployment).hi for actor in parts)
    if not wholes:
        return Interval(low, high)
    whole_low = max(personnel_of(actor.deployment).lo for actor in wholes)
    whole_high = max(personnel_of(actor.deployment).hi for actor in wholes)
    low = max(low, whole_low)
    return Interval(low, max(whole_high, low))


def days_of(actors: Iterable[Actor], reference: date | None) -> tuple[date, ...]:
    """Return the days on which a total can peak: each arrival, and the reference date."""
    days = set()
    for actor in actors:
        stay = actor.deployment.stay
        if reference is not None and stay.covers(reference):
            days.add(reference)
        if stay.start is not None:
            days.add(stay.start)
        elif stay.end is not None:
            days.add(stay.end)
    return tuple(sorted(days))
