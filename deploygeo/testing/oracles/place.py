"""Questions of place: what is inside what, how far away, and how near to the limit that is.

An answer is exact for the borders as the data have them. With it goes its *slack*: at least how
many metres the place would have to move for another answer, as far as `reach_m`.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from deploygeo.testing.oracles.balls import Edge, Point
from deploygeo.testing.oracles.distance import nearest_of
from deploygeo.testing.oracles.earth import World
from deploygeo.testing.oracles.regions import Region

__all__ = [
    "REACH_M",
    "TERRITORIAL_SEA_M",
    "Host",
    "any_m",
    "border_m",
    "distance_m",
    "host_of",
    "in_any",
    "in_land",
    "in_territory",
    "line_of",
    "sea_of",
]

TERRITORIAL_SEA_M: Final = 12 * 1_852.0
"""12 nautical miles (UNCLOS art. 3)."""
REACH_M: Final = 60_000.0
"""How far a limit is looked for: farther than any error of a border and most of a position."""

Units = frozenset[str]


class Host(NamedTuple):
    """Whose land or waters a place is in, in which unit, and how far the limit is at least."""

    state: str | None
    unit: str | None
    slack_m: float


@lru_cache(maxsize=50_000)
def _signed_m(earth: World, place: Point, units: Units, waters: bool, within_m: float) -> float:
    """Return the distance to the land of units, or minus the depth in it; infinite beyond reach."""
    regions = [earth.land[unit] for unit in units if unit in earth.land]
    if waters:
        regions += [earth.waters[unit] for unit in units if unit in earth.waters]
    is_in = earth.unit_at(*place) in units or (waters and earth.water_at(*place) in units)
    if not is_in:
        return nearest_of(regions, *place, within_m).metres
    inner = units | {f"~{unit}" for unit in units} if waters else units

    def is_way_out(_: str, edge: Edge) -> bool:
        x0, y0, x1, y1 = edge
        # where a polygon is cut at 180 degrees or runs along the edge of the map at a pole
        if (x0 == x1 and abs(x0) == 180.0) or (y0 == y1 and abs(y0) == 90.0):
            return False
        return any(side not in inner for side in earth.sides(edge))

    return -nearest_of(regions, *place, within_m, is_way_out).metres


def in_land(
    earth: World, place: Point, units: Units, reach_m: float = REACH_M
) -> tuple[bool, float]:
    """Return whether a place is on the land of units, and its slack in metres."""
    is_in = earth.unit_at(*place) in units
    return is_in, min(reach_m, abs(_signed_m(earth, place, units, False, reach_m)))


def in_territory(
    earth: World, place: Point, mine: Units, rivals: Units, reach_m: float = REACH_M
) -> tuple[bool, float]:
    """Return whether a place is in the land, internal waters or 12 nmi of units, and its slack.

    At sea it belongs to whom it is nearest to. With s the distance to the land and internal
    waters of `mine` and r that to those of `rivals`, each negative inside, moving by one metre
    changes 12 nmi − s by at most one metre, and (r − s)/2 too.
    """
    sea = TERRITORIAL_SEA_M
    own = _signed_m(earth, place, mine, True, sea + 2.0 * reach_m)
    if math.isinf(own) or own <= -reach_m:
        return own < 0.0, reach_m
    near = max(0.0, min(2.0 * sea - own, 2.0 * reach_m + own))
    other = _signed_m(earth, place, rivals, True, near) if near else math.inf
    value = min(sea - own, (other - own) / 2.0)
    return value >= 0.0, min(reach_m, abs(value))


@lru_cache(maxsize=10_000)
def _owner(earth: World, place: Point) -> tuple[str | None, float]:
    """Return the unit with the nearest land or internal waters within 12 nmi, and how far."""
    unit = earth.unit_at(*place) or earth.water_at(*place)
    if unit is not None:
        return unit, 0.0
    regions = [*earth.land.values(), *earth.waters.values()]
    found = nearest_of(regions, *place, TERRITORIAL_SEA_M + REACH_M)
    return (found.name if found.metres <= TERRITORIAL_SEA_M else None), found.metres


def host_of(earth: World, place: Point, held: dict[str, str], reach_m: float = REACH_M) -> Host:
    """Return whose land, internal waters or territorial sea a place is in, if anyone's.

    >>> from datetime import date
    >>> from deploygeo.testing.oracles.earth import world
    >>> earth = world("ne10")
    >>> host_of(earth, (37.6, 55.7), earth.holders("un", date(2021, 12, 17)))
    Host(state='RUS', unit='RUS', slack_m=60000.0)
    """
    unit, away = _owner(earth, place)
    if unit is None:
        return Host(None, None, min(reach_m, away - TERRITORIAL_SEA_M))
    state = held[unit]
    mine = frozenset(name for name, holder in held.items() if holder == state)
    _, slack = in_territory(earth, place, mine, frozenset(held) - mine, reach_m)
    return Host(state or None, unit, slack)


@lru_cache(maxsize=50_000)
def distance_m(earth: World, place: Point, units: Units) -> float:
    """Return the distance to the land of units."""
    if earth.unit_at(*place) in units:
        return 0.0
    regions = [earth.land[unit] for unit in units if unit in earth.land]
    return nearest_of(regions, *place).metres


@lru_cache(maxsize=50_000)
def border_m(earth: World, place: Point, one: Units, other: Units | None) -> float:
    """Return the distance to the border between two sets of units, or between one and the rest."""
    if other is None:
        lines = [line for a, b, line in earth.borders if (a in one) != (b in one)]
    else:
        lines = [
            line
            for a, b, line in earth.borders
            if (a in one and b in other) or (b in one and a in other)
        ]
    return nearest_of(lines, *place).metres


@lru_cache(maxsize=1_000)
def sea_of(earth: World, name: str) -> tuple[Region, ...]:
    """Return the polygons of a named sea, or of a group of seas."""
    wanted = earth.sea_groups.get(name, (name,))
    return tuple(region for sea, region in earth.seas.items() if sea in wanted)


@lru_cache(maxsize=64)
def line_of(folder: Path, name: str) -> tuple[Region, ...]:
    """Return a line or an area that lies beside a treaty file."""
    value = json.loads((folder / f"{name}.geojson").read_text("utf-8"))
    return (Region.of(value, name),)


@lru_cache(maxsize=50_000)
def in_any(
    regions: tuple[Region, ...], place: Point, reach_m: float = REACH_M
) -> tuple[bool, float]:
    """Return whether a place is in one of some regions, and its slack.

    The edge between two of them counts as a limit, so that the slack may be too small.
    """
    is_in = any(region.covers(*place) for region in regions)
    return is_in, min(reach_m, nearest_of(regions, *place, reach_m).metres)


@lru_cache(maxsize=50_000)
def any_m(regions: tuple[Region, ...], place: Point) -> float:
    """Return the distance to the nearest of some regions."""
    if any(region.covers(*place) for region in regions):
        return 0.0
    return nearest_of(regions, *place).metres
