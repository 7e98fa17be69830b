"""How many people are in a host state on a day, and how many were: the words of a ceiling."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from deploygeo import boundaries
from deploygeo.checker.scene import Actor, Group, Placement, personnel_of
from deploygeo.clauses.evaluate import Number, value_of
from deploygeo.clauses.outcome import Outcome, leaf
from deploygeo.clauses.truth import Truth
from deploygeo.model import Interval, Presence, presence

if TYPE_CHECKING:
    from deploygeo.checker.facts import Case

__all__ = [
    "Share",
    "added",
    "baseline",
    "counted",
    "host_in",
    "members_on",
    "nothing_counted",
    "total",
]


@dataclass(frozen=True, slots=True)
class Share:
    """What one actor adds to a total on a day, and why that is not certain.

    Parameters
    ----------
    passing : bool
        Its least is there at some time of its stay, but not at a known one.
    is_unsure : bool
        It may not be there, or not count.
    """

    actor: Actor
    people: Interval
    why: tuple[str, ...] = ()
    passing: bool = False
    is_unsure: bool = False


def counted(case: Case, actor: Actor) -> Outcome:
    """Return whether an actor is of those that the clause counts."""
    if case.clause.counts is None:
        return leaf("all are counted", Truth.TRUE)
    # as any condition on a deployment is decided, over its place and what is not certain of it;
    # judge.py asks this module in turn
    from deploygeo.checker.judge import decide

    return decide(case.clause.counts, case.about(actor))


def nothing_counted(case: Case) -> Outcome | None:
    """Return why none of the group is there and counts, or may be so; None where one is."""
    found = None
    for item in members_on(case, _group(case).placements):
        outcome = counted(case, item.actor)
        if outcome.truth is Truth.TRUE and _may_be_elsewhere(case, item):
            outcome = leaf("it may be elsewhere", Truth.UNKNOWN, why="position")
        if outcome.truth is Truth.TRUE:
            return None
        if found is None or outcome.truth is Truth.UNKNOWN:
            found = outcome
    return found


def _may_be_elsewhere(case: Case, item: Placement) -> bool:
    """Return whether nobody of an actor need be in the host state on the day."""
    if item.host.certainty == "perhaps":
        return True
    return _is_passing(item) and case.settings.on is not None


def _is_passing(item: Placement) -> bool:
    stay = item.actor.deployment.stay
    is_one_day = stay.start is not None and stay.start == stay.end
    return item.host.certainty == "passing" and not is_one_day


def members_on(case: Case, placements: Iterable[Placement]) -> list[Placement]:
    """Return those who are there on the day of the case and not left out of it."""
    return [
        item
        for item in placements
        if item.stay.covers(case.on) and item.actor.id not in case.left_out
    ]


def _shares(case: Case, placements: Iterable[Placement]) -> Iterator[Share]:
    for item in members_on(case, placements):
        found = counted(case, item.actor)
        if found.truth is Truth.FALSE:
            continue
        people = personnel_of(item.actor.deployment)
        why = [] if people.is_exact else ["personnel"]
        least = people.lo
        certainty = item.host.certainty
        if certainty == "partly":
            least = min(least, 1.0)
        is_unsure = _may_be_elsewhere(case, item) or found.truth is Truth.UNKNOWN
        if is_unsure:
            least = 0.0
        if certainty != "there" and least < people.hi:
            why.append("position")
        if found.truth is Truth.UNKNOWN:
            # what may count must not hide a force, nor make one
            why = [*found.why, *why]
        interval = Interval(least, people.hi)
        yield Share(item.actor, interval, tuple(why), _is_passing(item), is_unsure)


def added(shares: Sequence[Share]) -> tuple[Interval, tuple[str, ...]]:
    """Return the sum of the shares of one sender, and what would make it certain.

    What is `part_of` another that is there is not added to it. What does not say whether it
    is part of a total may be or may not be.

    Examples
    --------
    >>> from deploygeo.model import Deployment
    >>> def share(id, people, **more):
    ...     unit = Deployment(id=id, party="USA", kind="ground_force", **more)
    ...     return Share(Actor(id, unit), Interval(people))
    >>> whole = share("t", 4500, total=True)
    >>> added([whole, share("p", 200, part_of="t")])
    (Interval(lo=4500.0, hi=4500.0), ())
    >>> added([whole, share("q", 200)])
    (Interval(lo=4500.0, hi=4700.0), ('part_of',))
    """
    firm, why = _sum([_at_rest(share) for share in shares])
    passing = (share.people.lo for share in shares if share.passing)
    low = max(firm.lo, *passing, 0.0)
    return Interval(low, max(firm.hi, low)), why


def _at_rest(share: Share) -> Share:
    # two that pass through need not do so at the same time
    if not share.passing:
        return share
    return replace(share, people=Interval(0.0, share.people.hi), is_unsure=True)


def _sum(shares: Sequence[Share]) -> tuple[Interval, tuple[str, ...]]:
    there = {share.actor.feature: share for share in shares}
    parts: dict[str, list[str]] = {name: [] for name in there}
    roots = []
    for name, share in there.items():
        above = share.actor.deployment.part_of
        if above is None or _top(there, name) == name:
            roots.append(name)
        else:
            parts[above].append(name)

    def least(name: str) -> float:
        return max(there[name].people.lo, math.fsum(map(least, parts[name])))

    def together(name: str) -> float:
        """Return the least that is there if all of it is: a whole is no smaller than its parts."""
        own = personnel_of(there[name].actor.deployment).lo
        return max(own, math.fsum(map(together, parts[name])))

    def most(name: str) -> float:
        # where the whole may not be there, its parts may be so without it
        of_parts = most if there[name].is_unsure else together
        return max(there[name].people.hi, math.fsum(map(of_parts, parts[name])))

    wholes = [name for name in roots if there[name].actor.deployment.total]
    loose = [name for name in roots if name not in wholes]
    high = math.fsum(map(most, roots))
    low = math.fsum(map(least, loose))
    why = dict.fromkeys(reason for name in roots for reason in _why(there, parts, name))
    if wholes:
        low = max(low, *map(least, wholes))
        if len(roots) > 1:
            why["part_of"] = None
    return Interval(low, high), tuple(why) if low < high else ()


def _why(there: dict[str, Share], parts: dict[str, list[str]], name: str) -> Iterator[str]:
    """Yield what would make a whole certain; of its parts, what may be elsewhere."""
    yield from there[name].why
    for part in parts[name]:
        if there[part].is_unsure:
            yield from _why(there, parts, part)


def _top(there: dict[str, Share], name: str) -> str:
    """Return the whole that a part belongs to; itself if it is none, or in a circle of parts."""
    seen, at = {name}, name
    while (above := there[at].actor.deployment.part_of) in there:
        if above is None or above in seen:
            return name
        seen.add(above)
        at = above
    return at


def _group(case: Case) -> Group:
    assert isinstance(case.subject, Group)  # noqa: S101 - the loader admits it for groups only
    return case.subject


def _senders(case: Case) -> list[str]:
    """Return the states bound by the clause, but for the host: nobody is abroad at home."""
    group = _group(case)
    bearers = value_of(case.clause.bearers, case) if case.clause.bearers else case.parties
    states = bearers if isinstance(bearers, frozenset) else frozenset()
    return sorted((states | {group.sender}) - {group.host})


def total(case: Case, key: str) -> Number:
    """Return the personnel there on the day: of the sender, or of all that are bound."""
    group = _group(case)
    by_sender: dict[str, list[Placement]] = {group.sender: list(group.placements)}
    if key == "host":
        case.is_over_all = True
        bound = _senders(case)
        for item in group.others:
            sender = item.actor.deployment.party
            if item.actor.own(case.on) & set(bound) and sender != group.host:
                by_sender.setdefault(sender, []).append(item)
    low = high = 0.0
    reasons: dict[str, None] = {}
    for placements in by_sender.values():
        found, why = added(list(_shares(case, placements)))
        low, high = low + found.lo, high + found.hi
        reasons |= dict.fromkeys(why)
    return Number(low, high, "persons", "there", "", " and ".join(reasons))


def host_in(case: Case, states: frozenset[str]) -> Outcome:
    """Return whether the host state is one of these; what does not count as a state is none."""
    group = _group(case)
    _ = case.worldview
    if any(item.host.is_overseas for item in group.placements) and not case.overseas:
        return leaf(f"host is {group.host}, which is overseas", Truth.FALSE)
    return leaf(f"host is {group.host}", Truth.of(group.host in states))


# -- what stood there


def baseline(case: Case, day: str, key: str) -> Number:
    """Return the personnel that stood there in the year of a day, by figures of that year."""
    group = _group(case)
    year = date.fromisoformat(day).year
    low = high = 0.0
    used: list[Presence] = []
    missing: list[str] = []
    for sender in [group.sender] if key == "sender-host" else _senders(case):
        row = presence(sender, group.host, year)
        if row is None and case.reading("baseline_absent") != "zero":
            high = math.inf
        for found in (*([] if row is None else [row]), *_overseas_rows(case, sender, year)):
            if found.personnel is None or not found.is_sourced:
                high = math.inf
                missing.append(found.sender)
            else:
                low, high = low + found.personnel.lo, high + found.personnel.hi
                used.append(found)
    case.notes |= dict.fromkeys(map(_note, used))
    told = [_figure(used)] if used else []
    told += [f"no verified figure of {', '.join(missing)}"] if missing else []
    text = f"on {day}, {' and '.join(told) or 'no figure'}"
    return Number(low, high, "persons", text, "", "baseline")


def _overseas_rows(case: Case, sender: str, year: int) -> list[Presence]:
    """Return the rows of the host's overseas territories, where those count as the host."""
    group = _group(case)
    held = boundaries.holders(case.worldview, case.on)
    rows = _dependencies(sender, year)
    found = [row for row in rows if held[row.host] == group.host != row.host]
    return found if found and case.overseas else []


@functools.cache
def _dependencies(sender: str, year: int) -> tuple[Presence, ...]:
    names = [name for name, unit in boundaries.units().items() if not unit.metropolitan]
    rows = (presence(sender, name, year) for name in names)
    return tuple(row for row in rows if row is not None)


def _figure(rows: Sequence[Presence]) -> str:
    months = dict.fromkeys(row.when for row in rows)
    kind = "ceiling" if all(row.measure == "ceiling" for row in rows) else "figure"
    return f"{kind} of {' and '.join(months)}"


def _note(row: Presence) -> str:
    people = f"{row.personnel}".replace("–", " to ")
    told = f"the baseline of {row.sender} in {row.host} is {people} of {row.when}"
    more = f"; {row.note}" if row.note else ""
    return f"{told} ({row.measure}), from {row.source}{more}"
