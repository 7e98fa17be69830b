"""The properties of a deployment: one of each, whatever a clause asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import shapely

from deploygeo.model import (
    ACTIVITIES,
    BASINGS,
    ECHELONS,
    EXTENTS,
    LOADOUTS,
    SCENARIOS,
    Contingent,
    Stay,
)
from deploygeo.model import systems as catalogue
from deploygeo.testing.strategies._draw import Draw, chance, count, pick, some, true
from deploygeo.testing.strategies.outlines import Position
from deploygeo.testing.strategies.places import draw_times, legs, track_of
from deploygeo.testing.strategies.values import FAMILIAR, draw_interval, draw_stay

__all__ = ["MOST_KM", "MOST_PEOPLE", "draw_contingents", "draw_property", "put"]

#: Texts that reports must print as they are, the plainest first.
_TEXTS: Final = ("x", "Ämari", 'say "no"', "NO", "=1+1", "<b>&amp;</b>", "two\nlines", "日本")

MOST_KM: Final = 50_000.0
MOST_PEOPLE: Final = 20_000_000.0

#: Ranges that classes of missiles end at, whatever a clause says.
_RANGES_KM: Final = (500.0, 1_000.0, 5_500.0)

_LEGS: Final = legs(1, 4)


def draw_property(
    draw: Draw, key: str, values: Mapping[str, Any], days: tuple[date, ...] = (date(2021, 12, 17),)
) -> Any:
    """Draw the value of an optional property."""
    match key:
        case "range_km" | "loadable_range_km" | "radius_km":
            return draw_interval(draw, _RANGES_KM, most=MOST_KM if chance(draw, 9) else 20_000.0)
        case "personnel":
            most = MOST_PEOPLE if chance(draw, 9) else 50_000.0
            return draw_interval(draw, (1_000.0, 5_000.0), most=most, whole=True)
        case "stay":
            return draw_stay(draw, days)
        case "activity":
            return pick(draw, tuple(ACTIVITIES))
        case "nuclear":
            return not true(draw)
        case "total":
            return True
        case "basing":
            return pick(draw, tuple(BASINGS))
        case "system":
            return pick(draw, tuple(catalogue()))
        case "echelon":
            return pick(draw, tuple(ECHELONS))
        case "position_error_km":
            return pick(draw, (1.0, 0.1, 10.0, 100.0, 2_000.0))
        case "scenario":
            return pick(draw, tuple(SCENARIOS))
        case "brigades":
            return count(draw, 0, 4)
        case "partners":
            found = some(draw, FAMILIAR, 1, 3)
            return tuple(found)
        case "part_of":
            return pick(draw, [name for name in ("whole", "d0", "d1") if name != values["id"]])
        case "contingents":
            return draw_contingents(draw, tuple(FAMILIAR))
        case "extent":
            return pick(draw, tuple(EXTENTS))
        case "loadout":
            return pick(draw, tuple(LOADOUTS))
        case _:  # name, framework, un_mandate, source, notes
            return pick(draw, _TEXTS)


def draw_contingents(draw: Draw, among: tuple[str, ...]) -> tuple[Contingent, ...]:
    """Draw one to three contingents of some parties, each with people or without."""
    return tuple(
        Contingent(
            party,
            None if not true(draw) else draw_interval(draw, most=50_000.0, whole=True),
        )
        for party in some(draw, among, 1, 3)
    )


# -- where


def put(draw: Draw, site: Position, values: dict[str, Any]) -> None:
    """Put a deployment at a site: mostly as a point, or as what begins or lies there."""
    match pick(draw, _FORMS):
        case "point":
            values["geometry"] = shapely.Point(site)
        case "track":
            values["geometry"] = track_of(site, draw(_LEGS))
        case "timed":
            values["geometry"] = track_of(site, draw(_LEGS), crossing=False)
            first = values["stay"].start if isinstance(values.get("stay"), Stay) else None
            size = len(values["geometry"].coords)
            values["times"] = draw_times(draw, size, first or date(2021, 12, 17))
        case "area":
            values["geometry"] = _area(draw, site)
        case "points":
            values["geometry"] = shapely.MultiPoint([site, _beside(site)])
        case "areas":
            one, other = _area(draw, site), _area(draw, _beside(site, 30.0))
            values["geometry"] = shapely.MultiPolygon([one, other])
        case _:
            values["geometry"] = shapely.GeometryCollection(
                [shapely.Point(site), shapely.Point(_beside(site))]
            )


#: The forms of a place; most are points, which are checked most often.
_FORMS: Final = (
    *(["point"] * 14),
    *("area", "track", "timed", "area", "points", "areas", "collection"),
)


def _beside(site: Position, degrees: float = 1.0) -> Position:
    lon, lat = site
    return (lon + degrees if lon + degrees <= 180.0 else lon - degrees), lat


def _area(draw: Draw, site: Position) -> Any:
    """Draw an area that holds a site, or has it as a corner."""
    half = pick(draw, (0.1, 1.0, 0.01, 5.0))
    west, east = max(-180.0, site[0] - half), min(180.0, site[0] + half)
    south, north = max(-90.0, site[1] - half), min(90.0, site[1] + half)
    return shapely.box(round(west, 9), round(south, 9), round(east, 9), round(north, 9))
