"""Who is where together: the groups that a ceiling is asked of, by sender, host and period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from deploygeo.checker.findings import Settings
from deploygeo.checker.hosts import Host, Outlook
from deploygeo.checker.scene import Actor, Group, Placement, Scene
from deploygeo.checker.timing import clipped, nearest_day
from deploygeo.model import Stay
from deploygeo.treaties.schema import Clause, Treaty

__all__ = ["continued", "groups_of", "peak_days"]


def groups_of(
    treaty: Treaty, clause: Clause, scene: Scene, settings: Settings
) -> tuple[Group, ...]:
    """Return the groups by sender, host and period, in order of these.

    The host is the state whose land or waters a deployment is in on the days of its stay; a
    deployment on the high seas belongs to no group, and one at home to a group of its own
    state. A period is a run of days without a gap.
    """
    overseas = settings.chosen(treaty.reading("overseas")) == "included"
    outlook = Outlook(settings.worldview, settings.level, overseas)
    key = (treaty.id, clause.id, outlook, settings.on, settings.in_force)
    if key not in scene.groups:
        placements = [
            placement
            for actor in scene.actors
            for placement in _placements(treaty, clause, scene, settings, outlook, actor)
        ]
        scene.groups[key] = tuple(_grouped(placements))
    return scene.groups[key]


def _placements(
    treaty: Treaty,
    clause: Clause,
    scene: Scene,
    settings: Settings,
    outlook: Outlook,
    actor: Actor,
) -> Iterator[Placement]:
    if actor.deployment.geometry is None:
        return
    around = scene.surroundings_of(actor, settings.level)
    stay, party = actor.deployment.stay, actor.deployment.party
    span = clipped(treaty, clause, settings, party, stay)
    if settings.on is not None:
        for host in around.hosts(settings.on, outlook):
            yield Placement(actor, host, stay, span is not None)
        return
    found: dict[Host, Placement] = {}
    for piece in around.spans(span or stay, settings.worldview):
        hosts = around.hosts(nearest_day(treaty, piece), outlook)
        for host in hosts:
            before = found.pop(host, None)
            if before is not None and _follows(before.stay, piece):
                piece_there = Stay(before.stay.start, piece.end)
            else:
                piece_there = piece
                if before is not None:
                    yield before
            found[host] = Placement(actor, host, piece_there, span is not None)
    yield from found.values()


def _follows(one: Stay, other: Stay) -> bool:
    """Return whether a stay begins no later than the day after another ends."""
    if one.end is None or other.start is None or one.end == date.max:
        return True
    return other.start <= one.end + timedelta(days=1)


def _grouped(placements: Iterable[Placement]) -> Iterator[Group]:
    by_host: dict[str, list[Placement]] = {}
    by_pair: dict[tuple[str, str], list[Placement]] = {}
    for item in placements:
        sender = item.actor.deployment.party
        by_host.setdefault(item.host.state, []).append(item)
        by_pair.setdefault((sender, item.host.state), []).append(item)
    for (sender, host), items in sorted(by_pair.items()):
        periods = list(_periods(items))
        others = tuple(p for p in by_host[host] if p.actor.deployment.party != sender)
        for period, members in periods:
            yield Group(sender, host, tuple(members), others, period, len(periods) > 1)


def _periods(items: Sequence[Placement]) -> Iterator[tuple[Stay, list[Placement]]]:
    """Yield runs of placements without a day between them, in order; each as in the file."""
    index = {id(item): i for i, item in enumerate(items)}
    run: list[Placement] = []
    period = Stay()
    for item in sorted(items, key=lambda p: (p.is_bound, p.stay.start or date.min, index[id(p)])):
        if run and item.is_bound == run[0].is_bound and _follows(period, item.stay):
            ends = (period.end, item.stay.end)
            last = None if None in ends else max(end for end in ends if end is not None)
            period = Stay(period.start, last)
        else:
            if run:
                yield period, sorted(run, key=lambda p: index[id(p)])
            run, period = [], item.stay
        run.append(item)
    if run:
        yield period, sorted(run, key=lambda p: index[id(p)])


def peak_days(
    treaty: Treaty, settings: Settings, group: Group, *, others: bool = False
) -> tuple[date, ...]:
    """Return the days on which a total can peak, each with other people there.

    These are the days of arrivals and the day nearest to the treaty's own; of days with the
    same people the one nearest to that. With `others` those of other senders count too, for
    a ceiling over all of them.
    """
    if settings.on is not None:
        return (settings.on,) if _there(group.placements, settings.on) else ()
    days: dict[date, None] = {}
    asked = (*group.placements, *group.others) if others else group.placements
    for item in asked:
        stay = item.stay
        days[nearest_day(treaty, stay)] = None
        if (arrival := stay.start or stay.end) is not None:
            days[arrival] = None
    goal = treaty.reference_date or date(2021, 12, 17)
    found: dict[frozenset[int], date] = {}
    for day in sorted(days, key=lambda day: (abs((day - goal).days), day)):
        if _there(group.placements, day):
            found.setdefault(_there(asked, day), day)
    return tuple(sorted(found.values()))


def _there(placements: Sequence[Placement], day: date) -> frozenset[int]:
    return frozenset(i for i, item in enumerate(placements) if item.stay.covers(day))


def continued(group: Group, before: Sequence[Group], after: Sequence[Group]) -> list[Group]:
    """Return what becomes of a group under other choices.

    These are the groups of its sender that hold a member of it at that time: in the same
    state, or in one where that member was not before.
    """
    if before is after:
        return [group]

    def meets(item: Group) -> bool:
        return item.sender == group.sender and item.period.overlaps(group.period)

    pairs = {(item.host, actor.id) for item in before if meets(item) for actor in item.actors}
    names = {actor.id for actor in group.actors}
    return [
        item
        for item in after
        if meets(item)
        and any(
            actor.id in names and (item.host == group.host or (item.host, actor.id) not in pairs)
            for actor in item.actors
        )
    ]
