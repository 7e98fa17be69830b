"""The words about place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deploygeo.testing.oracles import place
from deploygeo.testing.oracles.distance import point_distance_m
from deploygeo.testing.oracles.language import Logic, Number, compared
from deploygeo.testing.oracles.regions import Part

if TYPE_CHECKING:
    from deploygeo.testing.oracles.question import Question

__all__ = [
    "brings_nearer",
    "distance",
    "extends_east",
    "host_in",
    "inside",
    "lies_east",
    "reaches",
    "separation",
]

States = frozenset[str]
_OPEN = Logic(None, 0.0)


def inside(asked: Question, region: tuple[Any, ...]) -> Logic:
    """Return whether the place is in a region."""
    at = asked.actor.place
    if at is None:
        return _OPEN
    match region:
        case ("land", states):
            truth, slack = place.in_land(asked.earth, at, asked.units(states), asked.reach_m)
        case ("territory", states):
            mine = asked.units(states)
            # overseas land that does not count is nobody's rival either
            rivals = frozenset(asked.held) - asked.units(states, overseas=True)
            truth, slack = place.in_territory(asked.earth, at, mine, rivals, asked.reach_m)
        case ("sea", name):
            truth, slack = place.in_any(place.sea_of(asked.earth, name), at, asked.reach_m)
        case ("line", name):
            truth, slack = place.in_any(place.line_of(asked.pact.folder, name), at, asked.reach_m)
        case _:
            return compared(distance(asked, region), "<=", Number(0.0, 0.0))
    return Logic(truth, slack / 1000.0)


def distance(asked: Question, region: tuple[Any, ...]) -> Number:
    """Return the distance to a region in km; infinite to what holds nothing.

    That to a territory is 12 nmi less than to its land, even where the sea of a neighbour or
    internal waters lie before it.
    """
    at = asked.actor.place
    if at is None:
        return Number(0.0, math.inf, 1)
    match region:
        case ("land", states):
            metres = place.distance_m(asked.earth, at, asked.units(states))
        case ("territory", states):
            metres = place.distance_m(asked.earth, at, asked.units(states))
            metres = max(0.0, metres - place.TERRITORIAL_SEA_M)
        case ("border", one, other):
            units = (asked.units(one, overseas=True), asked.units(other, overseas=True))
            metres = place.border_m(asked.earth, at, *units)
        case ("outer", states):
            metres = place.border_m(asked.earth, at, asked.units(states, overseas=True), None)
        case (kind, name):
            sea = kind == "sea"
            found = (
                place.sea_of(asked.earth, name) if sea else place.line_of(asked.pact.folder, name)
            )
            metres = place.any_m(found, at)
    asked.measured.append(metres / 1000.0)
    return Number(metres / 1000.0, metres / 1000.0, 1)


def reaches(asked: Question, region: tuple[Any, ...], reach: Number) -> Logic:
    """Return whether a region is within a range."""
    away = distance(asked, region)
    if math.isinf(away.lo):
        return Logic(False)
    return compared(away, "<=", reach)


def separation(asked: Question, states: States, *kinds: str) -> Number:
    """Return the distance to the nearest other deployment under way of some states and kinds."""
    mine, best = asked.actor, math.inf
    for other in asked.scene.actors:
        if other.feature == mine.feature or other.kind not in kinds or other.activity == "base":
            continue
        if not other.states(asked.on) & states or other.place is None or mine.place is None:
            continue
        if other.stay.meets(mine.stay):
            best = min(best, point_distance_m(*mine.place, *other.place) / 1000.0)
    if math.isfinite(best):
        asked.measured.append(best)
    return Number(best, best, 1)


def host_in(asked: Question, states: States) -> Logic:
    """Return whether the host of a group is one of these states."""
    host: str = asked.subject.host  # type: ignore[union-attr]
    return Logic(host in states)


# -- how far east, which no reading counts overseas land for


def extends_east(asked: Question, one: States, other: States) -> Logic:
    """Return whether the first states reach further east than the second.

    Each unit of land has its own turn of longitudes, half-way round from the middle of its
    largest polygon: what lies beyond is its far west, as the Aleutians are.
    """

    def east(states: States) -> float:
        found = -math.inf
        for unit in asked.units(states, overseas=False):
            turn = _turn(_parts(asked, [unit]))
            ends = [part.box[2] for part in _parts(asked, [unit])]
            found = max([found, *(end - 360.0 if end > turn else end for end in ends)])
        return found

    return Logic(east(one) > east(other))


def lies_east(asked: Question, one: States, other: States) -> Logic:
    """Return whether the middle of the first lies east of all of the second at its latitude."""
    parts = _parts(asked, asked.units(one, overseas=False))
    if not parts:
        return _OPEN
    lon, lat = max(map(_centroid, parts), key=lambda found: found[0])[1:]
    best = -math.inf
    for unit in asked.units(other, overseas=False):
        others = _parts(asked, [unit])
        turn = _turn(others)
        for part in others:
            for end in _crossings(part, lat):
                best = max(best, end - 360.0 if end > turn else end)
    return Logic(lon > best)


def brings_nearer(asked: Question, one: States, other: States, third: States) -> Logic:
    """Return whether the first lie nearer to the third than the second do.

    Where the second border on the third nothing is nearer; other cases would need the distance
    between two territories, which this oracle does not have.
    """
    before = [asked.units(states, overseas=True) for states in (other, third)]
    after = [asked.units(states, overseas=True) for states in (one, third)]
    if _border_on(asked, *before):
        return Logic(False)
    if _border_on(asked, *after):
        return Logic(True)
    raise NotImplementedError("the distance between two territories")


def _border_on(asked: Question, one: States, other: States) -> bool:
    return any(
        (a in one and b in other) or (b in one and a in other) for a, b, _ in asked.earth.borders
    )


def _parts(asked: Question, units: Sequence[str] | States) -> list[Part]:
    land = asked.earth.land
    return [part for unit in sorted(units) if unit in land for part in land[unit].parts]


def _turn(parts: Sequence[Part]) -> float:
    if not parts:
        return math.inf
    west, _, east, _ = max((p.box for p in parts), key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
    return (west + east) / 2.0 + 180.0


def _centroid(part: Part) -> tuple[float, float, float]:
    """Return the area of a polygon in square degrees, and its centroid."""
    total = x_sum = y_sum = 0.0
    for k, (lons, lats) in enumerate(part.rings):
        x0, y0 = lons[0], lats[0]  # near the ring, so that little is lost
        area = x_part = y_part = 0.0
        for i in range(len(lons) - 1):
            ax, ay, bx, by = lons[i] - x0, lats[i] - y0, lons[i + 1] - x0, lats[i + 1] - y0
            cross = ax * by - bx * ay
            area += cross / 2.0
            x_part += (ax + bx) * cross / 6.0
            y_part += (ay + by) * cross / 6.0
        sign = math.copysign(1.0, area) * (1.0 if k == 0 else -1.0)
        total += sign * area
        x_sum += sign * (x_part + x0 * area)
        y_sum += sign * (y_part + y0 * area)
    return (total, x_sum / total, y_sum / total) if total else (0.0, *part.box[:2])


def _crossings(part: Part, lat: float) -> list[float]:
    """Return the longitudes at which the outline of a polygon meets a parallel."""
    if not part.box[1] <= lat <= part.box[3]:
        return []
    lons, lats = part.rings[0]
    found = []
    for i in range(len(lons) - 1):
        if min(lats[i], lats[i + 1]) <= lat <= max(lats[i], lats[i + 1]):
            rise = lats[i + 1] - lats[i]
            part_of = 0.0 if rise == 0.0 else (lat - lats[i]) / rise
            found.append(lons[i] + part_of * (lons[i + 1] - lons[i]))
    return found
