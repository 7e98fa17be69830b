"""The days on which a clause is asked: within the stay, and while the treaty binds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from deploygeo.checker.findings import Settings
from deploygeo.clauses.expression import Call, Compare, Literal, Name, Node, walk
from deploygeo.model import Stay
from deploygeo.treaties.schema import Clause, Treaty

__all__ = ["clipped", "days_of", "entry_into_force", "idle", "nearest_day"]


def _binding(treaty: Treaty, settings: Settings, party: str) -> Iterator[Stay]:
    """Yield the spans in which a treaty binds: a draft as if always, or from `in_force`."""
    if not treaty.in_force:
        yield Stay(settings.in_force, None)
    for span in treaty.in_force:
        if span.party in ("", party):
            yield Stay(span.start, span.end)


def clipped(
    treaty: Treaty, clause: Clause, settings: Settings, party: str, stay: Stay
) -> Stay | None:
    """Return the part of a stay in which the clause binds a party, or None."""
    if clause.standing:
        return stay
    for span in _binding(treaty, settings, party):
        if stay.overlaps(span) and (settings.on is None or span.covers(settings.on)):
            starts = [day for day in (stay.start, span.start) if day is not None]
            ends = [day for day in (stay.end, span.end) if day is not None]
            return Stay(max(starts, default=None), min(ends, default=None))
    return None


def idle(treaty: Treaty, clause: Clause, settings: Settings, party: str, stay: Stay) -> str:
    """Return why a clause is not asked of a stay at all; empty where it is.

    What is not in force is not applicable whether or not anything is there.
    """
    if not clause.standing:
        spans = list(_binding(treaty, settings, party))
        if settings.on is not None:
            spans = [span for span in spans if span.covers(settings.on)]
        if not spans:
            return "not in force then"
        if settings.on is None and not any(span.overlaps(stay) for span in spans):
            return "not in force then"
    if settings.on is not None and not stay.covers(settings.on):
        return f"not there on {settings.on}"
    return ""


def nearest_day(treaty: Treaty, stay: Stay) -> date:
    """Return the day of a stay that is nearest to the treaty's own date.

    >>> from deploygeo.treaties import load
    >>> str(nearest_day(load("us-russia-2021"), Stay(None, date(2020, 1, 1))))
    '2020-01-01'
    """
    day = treaty.reference_date or stay.start or stay.end or date(2021, 12, 17)
    if stay.start is not None and day < stay.start:
        return stay.start
    if stay.end is not None and day > stay.end:
        return stay.end
    return day


def days_of(treaty: Treaty, clause: Clause, settings: Settings, stay: Stay) -> tuple[date, ...]:
    """Return the days of a stay on which to ask a clause, the latest first.

    It is the day nearest to the treaty's own date. Where the rule sets a time from entry into
    force, it is also the days on which that runs out, and the last of the stay.
    """
    if settings.on is not None:
        return (settings.on,)
    days = {nearest_day(treaty, stay)}
    start = entry_into_force(treaty, settings)
    limits = [] if start is None else _limits(treaty, clause.rule, settings)
    if start is not None and limits:
        last = (date.max - start).days
        ends = {whole for limit in limits for whole in _around(limit) if whole <= last}
        days |= {start + timedelta(days=whole) for whole in ends}
        days |= {stay.end} if stay.end is not None else set()
    return tuple(sorted((day for day in days if stay.covers(day)), reverse=True))


def entry_into_force(treaty: Treaty, settings: Settings) -> date | None:
    """Return when a treaty entered, or counts as having entered, into force, if that is known."""
    return treaty.in_force[0].start if treaty.in_force else settings.in_force


def _around(limit: float) -> tuple[int, int]:
    return (math.ceil(limit), math.floor(limit) + 1)


def _limits(treaty: Treaty, rule: Node | None, settings: Settings) -> list[float]:
    """Return the numbers of days that a rule compares the time in force with."""
    seen: set[str] = set()
    todo = [] if rule is None else [rule]
    found: list[float] = []
    while todo:
        for node in walk(todo.pop()):
            if isinstance(node, Name) and node.name in treaty.named and node.name not in seen:
                seen.add(node.name)
                for item in treaty.named[node.name]:
                    todo.extend([item.rule] if item.rule is not None else item.under.values())
            if isinstance(node, Compare) and Name("days_in_force") in node.terms:
                values = (_value(treaty, settings, term) for term in node.terms)
                found.extend(value for value in values if value is not None)
    return [value for value in found if 0 <= value < _CENTURIES]


_CENTURIES = 365_000.0  # days; beyond it no calendar of a treaty runs


def _value(treaty: Treaty, settings: Settings, term: Node) -> float | None:
    match term:
        case Literal(value=float() | int() as value):
            return float(value)
        case Call(name="param", args=(Literal(value=str() as name),)):
            known = next(item for item in treaty.parameters if item.name == name)
            start = entry_into_force(treaty, settings) or date.min
            return settings.params.get(name, known.value(start))
    return None
