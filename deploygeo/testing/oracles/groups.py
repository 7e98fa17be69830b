"""Who is where together, and how many: the groups that a ceiling is asked of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from deploygeo.testing.oracles import place, times
from deploygeo.testing.oracles.earth import presence, world
from deploygeo.testing.oracles.language import Logic, Number, Pact
from deploygeo.testing.oracles.scene import Actor, Choices, Scene, Span

if TYPE_CHECKING:
    from deploygeo.testing.oracles.question import Question

__all__ = ["Gathering", "Member", "counts_of", "gatherings", "peak_days"]


@dataclass(frozen=True)
class Member:
    """An actor in a host state for some days, and whether the clause binds it then."""

    actor: Actor
    host: str
    is_overseas: bool
    stay: Span
    is_bound: bool
    slack_km: float


@dataclass(frozen=True)
class Gathering:
    """All actors of one sender in one host state in one unbroken period."""

    sender: str
    host: str
    members: tuple[Member, ...]
    others: tuple[Member, ...]
    stay: Span
    slack_km: float

    @property
    def actors(self) -> list[Actor]:
        """The actors of the sender, each once."""
        return list({member.actor.id: member.actor for member in self.members}.values())

    @property
    def id(self) -> str:
        """The name of the group: a record can't be about it."""
        return f"{self.sender}-in-{self.host}"

    @property
    def party(self) -> str:
        """The sender."""
        return self.sender

    def there(self, asked: Question, members: Iterable[Member]) -> list[Member]:
        """Return who is there on the day of a question and not left out of it."""
        return [m for m in members if m.stay.has(asked.on) and m.actor.id not in asked.left_out]

    def total(self, asked: Question, key: str) -> Number:
        """Return how many people are there: of the sender, or of all whom the clause binds."""
        by_sender = {self.sender: list(self.members)}
        if key == "host":
            asked.is_over_all = True
            bound = (asked.bearers | {self.sender}) - {self.host}
            for member in self.others:
                sender = member.actor.party
                if member.actor.states(asked.on) & bound and sender != self.host:
                    by_sender.setdefault(sender, []).append(member)
        sums = [_sum(_shares(asked, self.there(asked, found))) for found in by_sender.values()]
        return Number(math.fsum(low for low, _ in sums), math.fsum(high for _, high in sums))

    def presence(self, asked: Question, day: str, key: str) -> Number:
        """Return how many stood there in the year of a day."""
        year = date.fromisoformat(day).year
        senders = [self.sender]
        if key == "host":
            senders = sorted((asked.bearers | {self.sender}) - {self.host})
        low = high = 0.0
        absent = asked.pact.chosen("baseline_absent", asked.choices.readings)
        for sender in senders:
            row = presence().get((sender, self.host, year))
            if row is None and absent != "zero":
                high = math.inf
            rows = [row] if row is not None else []
            if asked.overseas:
                rows += [
                    figure
                    for (who, unit, when), figure in presence().items()
                    if (who, when) == (sender, year)
                    and unit in asked.earth.overseas
                    and unit != self.host
                    and asked.held[unit] == self.host
                ]
            for figure in rows:
                low, high = low + (figure.lo if math.isfinite(figure.hi) else 0.0), high + figure.hi
        return Number(low, high)


def gatherings(
    pact: Pact, clause: Mapping[str, Any], scene: Scene, choices: Choices
) -> list[Gathering]:
    """Return the groups of a scene, by sender, host and period."""
    found = [member for actor in scene.actors for member in _members(pact, clause, choices, actor)]
    groups = []
    for sender, host in sorted({(member.actor.party, member.host) for member in found}):
        mine = [m for m in found if (m.actor.party, m.host) == (sender, host)]
        others = tuple(m for m in found if m.host == host and m.actor.party != sender)
        for run in _runs(mine):
            start, end = min(m.stay.ends[0] for m in run), max(m.stay.ends[1] for m in run)
            stay = Span(None if start == date.min else start, None if end == date.max else end)
            slack = min(m.slack_km for m in (*run, *others))
            groups.append(Gathering(sender, host, tuple(run), others, stay, slack))
    return groups


def _runs(members: Sequence[Member]) -> Iterator[list[Member]]:
    for is_bound in (False, True):
        run: list[Member] = []
        last = date.min
        for member in sorted(
            (m for m in members if m.is_bound == is_bound), key=lambda m: m.stay.ends[0]
        ):
            if run and last < date.max and member.stay.ends[0] > last + timedelta(days=1):
                yield run
                run, last = [], date.min
            run.append(member)
            last = max(last, member.stay.ends[1])
        if run:
            yield run


def _members(
    pact: Pact, clause: Mapping[str, Any], choices: Choices, actor: Actor
) -> Iterator[Member]:
    if actor.place is None:
        return
    bound = times.bound_stay(pact, clause, choices, actor.party, actor.stay)
    if choices.on is not None:
        yield from _hosted(pact, choices, actor, actor.stay, choices.on, bound is not None)
        return
    found: list[Member] = []
    for stay in _pieces(bound or actor.stay, choices):
        day = times.goal_of(pact, stay)
        for member in _hosted(pact, choices, actor, stay, day, bound is not None):
            if found and _goes_on(found[-1], member):
                found[-1] = replace(found[-1], stay=Span(found[-1].stay.start, stay.end))
                continue
            found.append(member)
    yield from found


def _goes_on(one: Member, other: Member) -> bool:
    """Return whether a stay in one host state continues another on the day after it."""
    if (one.host, one.is_overseas) != (other.host, other.is_overseas) or one.stay.end is None:
        return False
    return other.stay.start == one.stay.end + timedelta(days=1)


def _hosted(
    pact: Pact, choices: Choices, actor: Actor, stay: Span, on: date, is_bound: bool
) -> Iterator[Member]:
    earth = world(choices.level)
    held = dict(earth.holders(choices.worldview, on))
    assert actor.place is not None  # noqa: S101 - the caller saw to it
    host = place.host_of(earth, actor.place, held)
    if host.state is None or host.unit is None:
        return
    is_overseas = host.unit in earth.overseas
    counts = pact.chosen("overseas", choices.readings) == "included"
    name = host.unit if is_overseas and not counts else host.state
    yield Member(actor, name, is_overseas, stay, is_bound, host.slack_m / 1000.0)


def _pieces(stay: Span, choices: Choices) -> Iterator[Span]:
    """Yield a stay in pieces in which no land changes hands."""
    turns = set()
    for view, _, _, start, end in world(choices.level).holds:
        if view == choices.worldview:
            turns |= {day for day in (start,) if day is not None}
            turns |= {day + timedelta(days=1) for day in (end,) if day is not None}
    first = stay.start
    for turn in sorted(turns):
        before = turn - timedelta(days=1)
        if stay.has(before) and stay.has(turn):
            yield Span(first, before)
            first = turn
    yield Span(first, stay.end)


def peak_days(pact: Pact, choices: Choices, group: Gathering, *, others: bool) -> list[date]:
    """Return the days on which a total can peak: arrivals, and those nearest to the treaty's.

    Of days with the same people there it is the one nearest to the treaty's.
    """
    asked = (*group.members, *group.others) if others else group.members
    days: set[date] = set()
    if choices.on is not None:
        days = {choices.on}
    else:
        for member in asked:
            days.add(times.goal_of(pact, member.stay))
            days |= {day for day in [member.stay.start or member.stay.end] if day is not None}
    goal = pact.reference or times.GOAL
    found: dict[frozenset[int], date] = {}
    for day in sorted(days, key=lambda day: (abs((day - goal).days), day)):
        if any(member.stay.has(day) for member in group.members):
            there = frozenset(i for i, member in enumerate(asked) if member.stay.has(day))
            found.setdefault(there, day)
    return sorted(found.values())


# -- sums


def _shares(asked: Question, members: Sequence[Member]) -> list[tuple[Actor, float, float]]:
    """Return how many people each actor adds at least and at most."""
    found = []
    for member in members:
        counts = counts_of(asked, member.actor)
        if counts.truth is False:
            continue
        low, high = member.actor.quantity("personnel")
        found.append((member.actor, 0.0 if counts.truth is None else low, high))
    return found


def counts_of(asked: Question, actor: Actor) -> Logic:
    """Return whether an actor is of those that the clause counts."""
    text = asked.clause.get("counts")
    return Logic(True) if text is None else replace(asked, subject=actor).logic(text)


def _sum(shares: Sequence[tuple[Actor, float, float]]) -> tuple[float, float]:
    """Return the people of one sender: what is part of another that is there is in it.

    What does not say whether it is part of a total may be or may not.
    """
    there = {actor.feature: (actor, low, high) for actor, low, high in shares}
    roots: dict[str, float] = {}
    for name in there:
        top = _top(there, name)
        roots.setdefault(top, 0.0)
        if top != name:
            roots[top] += there[name][1]
    least = {name: max(there[name][1], parts) for name, parts in roots.items()}
    most = {name: max(there[name][2], least[name]) for name in roots}
    wholes = [name for name in roots if there[name][0].row.get("total")]
    loose = [name for name in roots if name not in wholes]
    low = math.fsum(least[name] for name in loose)
    if wholes:
        low = max([low, *(least[name] for name in wholes)])
    return low, math.fsum(most.values())


def _top(there: Mapping[str, tuple[Actor, float, float]], name: str) -> str:
    seen = [name]
    while (above := there[seen[-1]][0].row.get("part_of")) in there:
        if above in seen:
            return name
        seen.append(str(above))
    return seen[-1]
