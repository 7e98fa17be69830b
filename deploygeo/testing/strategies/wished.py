"""Deployments as wished: with what it takes for a clause, and seldom something besides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from deploygeo.checker.scene import AIRCRAFT
from deploygeo.checker.timing import entry_into_force
from deploygeo.model import ACTIVITIES, BOMBERS, KINDS, PARTIES, Deployment, Interval, Stay
from deploygeo.testing.strategies._draw import Draw, chance, count, pick, some, true
from deploygeo.testing.strategies.focus import Focus
from deploygeo.testing.strategies.properties import (
    MOST_PEOPLE,
    draw_contingents,
    draw_property,
    put,
)
from deploygeo.testing.strategies.sites import Ground, draw_site
from deploygeo.testing.strategies.values import FAMILIAR, draw_interval, draw_stay
from deploygeo.testing.strategies.wishes import Asked, Limit, Wishes

__all__ = ["PLAIN_KINDS", "kept_number", "made", "wished"]

#: A plain kind first; the others in the order of their table.
PLAIN_KINDS: Final = ("ground_force", *(kind for kind in KINDS if kind != "ground_force"))


def made(values: dict[str, Any]) -> Deployment:
    """Return the deployment; where there are times, its stay is that of the times."""
    if values.get("times") and isinstance(values.get("stay"), Stay):
        del values["stay"]
    return Deployment(**values)


def wished(
    draw: Draw,
    focus: Focus,
    asked: Asked,
    wishes: Wishes,
    *,
    name: str = "d",
    placed: bool = True,
    plain: bool = False,
) -> Deployment:
    """Draw a deployment as wished, with no more than it takes and seldom something besides.

    With `plain` it has nothing besides, and it is at a point.
    """
    values: dict[str, Any] = {"id": name, "party": _party(draw, asked, wishes)}
    kinds = wishes.words.get("kind", PLAIN_KINDS)
    values["kind"] = pick(draw, kinds)
    for key in ("activity", "basing", "scenario", "framework", "echelon"):
        if key in wishes.words:
            values[key] = pick(draw, wishes.words[key])
    if values["kind"] in BOMBERS and "activity" not in values:
        values["activity"] = pick(draw, tuple(ACTIVITIES))
    if "nuclear" in wishes.flags and (wishes.flags["nuclear"] or true(draw)):
        values["nuclear"] = wishes.flags["nuclear"]
    if wishes.flags.get("mandate"):
        values["un_mandate"] = "UNSC 1244"
    numbers = _quantities(draw, wishes, values)
    _partners(draw, wishes, values)
    stay = _stay(draw, focus, wishes)
    if stay is not None:
        values["stay"] = stay
    site = draw_site(draw, Ground(asked), wishes.places, numbers)
    if plain:
        return Deployment(**values, geometry=site)
    for key in some(draw, [key for key in _BESIDES if key not in values], 0, 2):
        values[key] = draw_property(draw, key, values, focus.days)
    if values.get("contingents"):
        among = tuple(dict.fromkeys((values["party"], *focus.bearers[:6])))
        values["contingents"] = draw_contingents(draw, among)
    if placed or not chance(draw, 16):
        put(draw, site, values)
    return made(values)


#: What is added to a deployment as wished, seldom; the plainest first.
_BESIDES: Final = (
    *("personnel", "range_km", "activity", "position_error_km", "total", "part_of", "echelon"),
    *("stay", "nuclear", "system", "loadable_range_km", "radius_km", "brigades", "scenario"),
    *("contingents", "extent", "partners", "loadout", "un_mandate", "framework", "basing"),
    *("name", "source", "notes"),
)


def _party(draw: Draw, asked: Asked, wishes: Wishes) -> str:
    for states, holds in wishes.shares.get("own", ()):
        if (asked.party in states) is not holds:
            bearers = asked.bearers() or frozenset(PARTIES)
            found = sorted(party for party in bearers if (party in states) is holds)
            if found:
                return pick(draw, found)
    return asked.party


def _quantities(draw: Draw, wishes: Wishes, values: dict[str, Any]) -> dict[str, float]:
    """Draw the numbers that are wished for; return the ranges, which places depend on."""
    numbers: dict[str, float] = {}
    wanted = {place.within for place in wishes.places if isinstance(place.within, str)}
    for quantity in ("range", "loadable_range", "platform_range"):
        if quantity in wishes.limits or quantity in wanted:
            limits = wishes.limits.get(quantity, ())
            found = _kept(draw, limits, most=20_000.0, usual=(1_600.0, 500.0, 2_500.0))
            numbers[quantity] = found.lo
            key = "range_km" if quantity == "platform_range" else f"{quantity}_km"
            values.setdefault(key, found)
            if quantity == "platform_range" and values["kind"] in AIRCRAFT:
                values.setdefault("radius_km", Interval(0))
    for quantity in ("personnel", "total"):
        if quantity in wishes.limits and "personnel" not in values:
            values["personnel"] = _kept(
                draw, wishes.limits[quantity], most=MOST_PEOPLE, usual=(100.0, 5_000.0), whole=True
            )
    if "brigades" in wishes.limits:
        found = _kept(draw, wishes.limits["brigades"], most=10_000.0, usual=(1.0, 2.0), whole=True)
        values["brigades"] = int(found.lo)
    return numbers


def kept_number(
    draw: Draw,
    limits: Sequence[Limit],
    *,
    most: float,
    usual: tuple[float, ...],
    whole: bool = False,
) -> float:
    """Draw a number that keeps some limits: a usual one, at or next to a limit, or between.

    A limit without an end (the distance to nothing) is no limit that a number can keep.
    """
    limits = [one for one in limits if math.isfinite(one.value)]
    low = max((one.value for one in limits if one.operator in (">", ">=")), default=0.0)
    high = min((one.value for one in limits if one.operator in ("<", "<=")), default=most)
    ends = [end for end in dict.fromkeys((low, high)) if end not in (0.0, most)]
    tried = [*usual]
    for end in ends:
        if whole:
            tried += [math.floor(end), math.ceil(end) - 1.0, math.floor(end) + 1.0]
        else:
            tried += [end, math.nextafter(end, 0.0), math.nextafter(end, math.inf)]
    tried += [(low + min(high, 2 * low + 1_000.0)) // 2, low, 0.0]
    good = [
        float(one)
        for one in dict.fromkeys(tried)
        if 0.0 <= one <= most
        and not (whole and one % 1.0)
        and all(limit.holds(one) for limit in limits)
    ]
    if good and not chance(draw, 6):
        return pick(draw, good)
    first, last = math.ceil(low), math.floor(min(high, most))
    if first <= last:
        found = float(count(draw, first, last))
    else:
        found = min(float(first) if whole else low, most)
    return found if all(limit.holds(found) for limit in limits) or not good else good[0]


def _kept(
    draw: Draw,
    limits: Sequence[Limit],
    *,
    most: float,
    usual: tuple[float, ...],
    whole: bool = False,
) -> Interval:
    one = kept_number(draw, limits, most=most, usual=usual, whole=whole)
    if not chance(draw, 5):
        return Interval(one)
    if chance(draw, 3):  # across the limits, so that nothing is decided
        return draw_interval(
            draw,
            tuple(limit.value for limit in limits if math.isfinite(limit.value)),
            most=most,
            whole=whole,
            exact=False,
        )
    other = kept_number(draw, limits, most=most, usual=usual, whole=whole)
    return Interval(min(one, other), max(one, other))


def _partners(draw: Draw, wishes: Wishes, values: dict[str, Any]) -> None:
    for states, holds in wishes.shares.get("partners", ()):
        known = [party for party in PARTIES if (party in states) is holds and party != "NATO"]
        familiar = [party for party in FAMILIAR if party in known]
        if known:
            values["partners"] = (pick(draw, familiar if familiar and true(draw) else known),)
            return


def _stay(draw: Draw, focus: Focus, wishes: Wishes) -> Stay | None:
    lengths = wishes.limits.get("stay_days")
    elapsed = wishes.limits.get("days_in_force")
    start = entry_into_force(focus.treaty, focus.settings)
    if elapsed and start is not None:
        days = kept_number(draw, elapsed, most=365_000.0, usual=(0.0, 30.0), whole=True)
        day = start + timedelta(days=min(int(days), (date.max - start).days))
        return Stay(day, day)
    if lengths:
        days = kept_number(draw, lengths, most=3_650.0, usual=(1.0, 30.0), whole=True)
        day = pick(draw, focus.days)
        if days >= 1 and day.year < 9_000:
            return Stay(day, day + timedelta(days=int(days) - 1))
    if not chance(draw, 3):
        return None
    return draw_stay(draw, focus.days)
