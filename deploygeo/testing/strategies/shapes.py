"""Strategies of territories: closed sets that are hard to measure, each of a kind with a name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import shapely
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from shapely import MultiPolygon, Polygon, box

from deploygeo import boundaries
from deploygeo.geodesy import Territory
from deploygeo.testing.strategies._draw import (
    Draw,
    chance,
    count,
    listed,
    named,
    pick,
    sized,
    true,
)

__all__ = ["SHAPES", "draw_shape", "territories"]

#: Sizes in degrees, the plainest first.
_SIZES: Final = (1.0, 2.0, 5.0, 0.1, 12.0, 0.01)

_RADII: Final = st.lists(st.sampled_from(_SIZES), min_size=3, max_size=9)


def territories(
    *, kinds: str | Iterable[str] | None = None, max_parts: int = 4
) -> SearchStrategy[Territory]:
    """Return a strategy of territories whose shape is hard to measure.

    The geometry is at ``territory.shapes[0].geometry``; the name of a territory is its geometry
    as well-known text, so that a failing test prints it.

    Parameters
    ----------
    kinds : str or iterable of str, optional
        Which to draw, by default all but ``land``:

        - ``box``: sides along meridians and parallels, as small as a degree;
        - ``star``: three to nine corners about a middle;
        - ``hole``: a box with one or two holes, perhaps with an island in one;
        - ``sliver``: a triangle less than a metre thin;
        - ``archipelago``: up to `max_parts` islands;
        - ``tiny``: about a metre, or a millimetre;
        - ``parallel``: an edge along a parallel, up to 300 degrees long;
        - ``across-180``: cut at the antimeridian, its sides alike or not;
        - ``at-180``: on one side of the antimeridian, which is its boundary there;
        - ``pole``: a cap about a pole, a wedge to it, or a ring about it;
        - ``points``, ``lines``, ``mixture``: sets without an inside, and with everything;
        - ``land``: of a state, from the border data.
    max_parts : int
        The most islands of an archipelago.

    Raises
    ------
    UnknownNameError
        For an unknown kind.
    SettingError
        For a number of parts that is none.

    Notes
    -----
    Shrinks to the box from (0, 0) to (1, 1), to fewer corners, parts and holes.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(territories())
    Territory('POLYGON ((1 0, 1 1, 0 1, 0 0, 1 0))', 1 shape)
    >>> simplest(territories(kinds="points")).shapes[0].geometry
    <POINT (0 0)>
    """
    plain = tuple(kind for kind in SHAPES if kind != "land")
    wanted = plain if kinds is None else listed("kind of territory", kinds, SHAPES)
    _, most = sized(1, max_parts, floor=1, ceiling=100)

    def draw_one(draw: Draw) -> Territory:
        kind = pick(draw, wanted)
        if kind == "land":
            return boundaries.territory(pick(draw, _STATES))
        geometry = draw_shape(draw, kind, most)
        return Territory.of(geometry, shapely.to_wkt(geometry, rounding_precision=-1))

    return named(
        "territories", draw_one, kinds=kinds, max_parts=None if max_parts == 4 else max_parts
    )


#: States with land that is hard: few vertices first, then enclaves, poles, both sides of 180.
_STATES: Final = ("MCO", "LSO", "ZAF", "AZE", "FJI", "USA", "RUS", "ATA", "KIR", "NZL")


def draw_shape(draw: Draw, kind: str, most: int = 4) -> Any:
    """Draw a geometry of one kind."""
    return SHAPES[kind](draw, most)


def _corner(draw: Draw, width: float, height: float) -> tuple[float, float]:
    """Draw the south-western corner of what is so large."""
    lon = count(draw, -180, math.floor(180 - width))
    return float(lon), float(count(draw, -90, math.floor(90 - height)))


def _sized_box(draw: Draw) -> tuple[float, float, float, float]:
    # one choice for both sides: what takes fewer is simpler to Hypothesis
    index = count(draw, 0, len(_SIZES) ** 2 - 1)
    width, height = _SIZES[index // len(_SIZES)], _SIZES[index % len(_SIZES)]
    lon, lat = _corner(draw, width, height)
    return lon, lat, lon + width, lat + height


def _box(draw: Draw, _: int) -> Polygon:
    return box(*_sized_box(draw))


def _star(draw: Draw, _: int) -> Polygon:
    radii = draw(_RADII)
    lon, lat = count(draw, -168, 168), count(draw, -78, 78)
    turn = 2 * math.pi / len(radii)
    return Polygon(
        [
            (
                round(lon + radius * math.cos(turn * index), 6),
                round(lat + radius * math.sin(turn * index), 6),
            )
            for index, radius in enumerate(radii)
        ]
    )


def _hole(draw: Draw, _: int) -> Polygon | MultiPolygon:
    lon, lat = _corner(draw, 8, 4)
    holes = [box(lon + 1, lat + 1, lon + 3, lat + 3)]
    if chance(draw, 2):
        holes.append(box(lon + 5, lat + 1, lon + 7, lat + 3))
    outer = Polygon(
        box(lon, lat, lon + 8, lat + 4).exterior, [hole.exterior.coords for hole in holes]
    )
    if chance(draw, 3):  # an enclave, perhaps one that touches its hole at a corner
        west = lon + 1 if true(draw) else lon + 1.5
        return MultiPolygon(
            [outer, Polygon([(west, lat + 2), (lon + 2, lat + 1.5), (lon + 2, lat + 2)])]
        )
    return outer


def _sliver(draw: Draw, _: int) -> Polygon:
    long, thin = pick(draw, (1.0, 10.0, 40.0)), pick(draw, (1e-6, 1e-9, 5e-6))
    lon, lat = _corner(draw, long, long)
    tip = (lon + long, lat + (long if true(draw) else 0.0))
    # towards the equator, so that it stays on the globe
    return Polygon([(lon, lat), tip, (tip[0], tip[1] - math.copysign(thin, tip[1]))])


def _archipelago(draw: Draw, most: int) -> MultiPolygon:
    wanted = count(draw, min(2, most), most)
    lon, lat = _corner(draw, 2.0 * wanted, 1.0)
    islands = []
    for index in range(wanted):
        west, size = lon + 2 * index, pick(draw, _SIZES[:1] + _SIZES[3:4] + _SIZES[5:])
        islands.append(box(west, lat, west + size, lat + size))
    return MultiPolygon(islands)


def _tiny(draw: Draw, _: int) -> Polygon:
    lon, lat = _corner(draw, 1, 1)
    size = pick(draw, (1e-5, 1e-8))
    return box(lon, lat, lon + size, lat + size)


def _parallel(draw: Draw, _: int) -> Polygon:
    width = pick(draw, (30.0, 90.0, 179.0, 180.0, 300.0))
    lon = float(count(draw, -180, math.floor(180 - width)))
    lat = float(count(draw, -88, 85))
    return box(lon, lat, lon + width, lat + pick(draw, (1.0, 3.0)))


def _across(draw: Draw, _: int) -> MultiPolygon:
    wide, high = pick(draw, _SIZES), pick(draw, _SIZES)
    lat = float(count(draw, -90, math.floor(90 - high)))
    other = high if not chance(draw, 3) else high / 2
    return MultiPolygon(
        [box(180 - wide, lat, 180, lat + high), box(-180, lat, -180 + wide, lat + other)]
    )


def _at_180(draw: Draw, _: int) -> Polygon:
    wide, high = pick(draw, _SIZES), pick(draw, _SIZES)
    lat = float(count(draw, -90, math.floor(90 - high)))
    east = box(180 - wide, lat, 180, lat + high)
    return box(-180, lat, -180 + wide, lat + high) if true(draw) else east


def _pole(draw: Draw, _: int) -> Any:
    form, edge = pick(draw, ("cap", "wedge", "ring")), pick(draw, (75.0, 60.0, 89.999))
    found: Any
    match form:
        case "cap":
            found = box(-180, edge, 180, 90)
        case "wedge":
            west = float(count(draw, -180, 120))
            found = box(west, edge, west + pick(draw, (60.0, 1.0)), 90)
        case _:
            found = box(-180, edge, 180, edge + (90 - edge) / 2)
    if true(draw):
        found = shapely.transform(found, lambda xy: xy * (1, -1)).normalize()
    return found


_POINT: Final = st.tuples(st.integers(-180, 180), st.integers(-90, 90))
_POINTS: Final = st.lists(_POINT, min_size=1, max_size=6, unique=True)
_TWO: Final = st.lists(_POINT, min_size=2, max_size=6, unique=True)


def _points(draw: Draw, _: int) -> Any:
    found = draw(_POINTS)
    return shapely.Point(found[0]) if len(found) == 1 else shapely.MultiPoint(found)


def _lines(draw: Draw, _: int) -> Any:
    line = shapely.LineString(draw(_TWO))
    if chance(draw, 3):
        lon, lat = _corner(draw, 1, 1)
        return shapely.MultiLineString([line, [(lon, lat), (lon + 1, lat + 1)]])
    return line


def _mixture(draw: Draw, most: int) -> Any:
    return shapely.GeometryCollection([_box(draw, most), _points(draw, most), _lines(draw, most)])


#: The kinds of territories, the plainest first; ``land`` comes from the border data.
SHAPES: Final[Mapping[str, Callable[[Draw, int], Any]]] = {
    "box": _box,
    "star": _star,
    "hole": _hole,
    "sliver": _sliver,
    "archipelago": _archipelago,
    "tiny": _tiny,
    "parallel": _parallel,
    "across-180": _across,
    "at-180": _at_180,
    "pole": _pole,
    "points": _points,
    "lines": _lines,
    "mixture": _mixture,
    "land": lambda draw, most: None,
}
