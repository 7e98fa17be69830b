"""The days on which a clause is asked."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from deploygeo.testing.oracles.language import Pact
from deploygeo.testing.oracles.scene import Choices, Span

__all__ = ["GOAL", "bound_stay", "days_of", "entry_into_force", "goal_of", "why_never"]

GOAL: Final = date(2021, 12, 17)
"""The day that is asked where neither the treaty nor a stay names one."""
_LONGEST: Final = 365_000.0  # days; no treaty counts further


def entry_into_force(pact: Pact, choices: Choices) -> date | None:
    """Return the first day in force, if it is known."""
    return pact.in_force[0][1].start if pact.in_force else choices.in_force


def _spans(pact: Pact, choices: Choices, party: str) -> list[Span]:
    if not pact.in_force:
        return [Span(choices.in_force, None)]
    return [span for whose, span in pact.in_force if whose in ("", party)]


def bound_stay(
    pact: Pact, clause: Mapping[str, Any], choices: Choices, party: str, stay: Span
) -> Span | None:
    """Return the part of a stay in which a clause binds a party, or None."""
    if clause.get("standing"):
        return stay
    for span in _spans(pact, choices, party):
        if stay.meets(span) and (choices.on is None or span.has(choices.on)):
            return stay.within(span)
    return None


def why_never(
    pact: Pact, clause: Mapping[str, Any], choices: Choices, party: str, stay: Span
) -> str:
    """Return why a clause is not asked at all; empty where it is."""
    on = choices.on
    if not clause.get("standing"):
        spans = [s for s in _spans(pact, choices, party) if on is None or s.has(on)]
        if not spans or (on is None and not any(span.meets(stay) for span in spans)):
            return "not in force"
    return "" if on is None or stay.has(on) else "not there"


def goal_of(pact: Pact, stay: Span) -> date:
    """Return the day of a stay to ask first: the nearest to the treaty's own."""
    return stay.nearest(pact.reference or stay.start or stay.end or GOAL)


def days_of(pact: Pact, clause: Mapping[str, Any], choices: Choices, stay: Span) -> list[date]:
    """Return the days of a stay on which to ask a clause.

    It is the day nearest to the treaty's own; and where the rule sets a time from entry into
    force, the days on which that runs out, and the last of the stay.
    """
    if choices.on is not None:
        return [choices.on]
    days = {goal_of(pact, stay)}
    start = entry_into_force(pact, choices)
    if start is None:
        return list(days)
    limits = [
        value
        for term in pact.compares(str(clause["rule"]), "days_in_force")
        if (value := _number(term, pact, choices, start)) is not None and 0 <= value < _LONGEST
    ]
    if limits and stay.end is not None:
        days.add(stay.end)
    for limit in limits:
        for whole in (math.ceil(limit), math.floor(limit) + 1):
            if whole <= (date.max - start).days:
                days.add(start + timedelta(days=whole))
    return sorted(day for day in days if stay.has(day))


def _number(term: ast.expr, pact: Pact, choices: Choices, start: date) -> float | None:
    match term:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Call(func=ast.Name(id="param"), args=[ast.Constant(value=str() as name)]):
            return pact.param(name, start, choices.params)
    return None
