"""The same land written in other ways, and land moved: what laws of geometry compare.

No function here measures. Edges are straight in longitude and latitude, so that cutting, turning
and mirroring are exact but for the last bit of a coordinate (3e-14 degrees, 3 nanometres).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo import geodesy

__all__ = [
    "cut_at",
    "densified",
    "edges_of",
    "is_off_the_seam",
    "mirrored",
    "parts_of",
    "rewritten",
    "turned",
    "turned_lon",
    "written_by",
]

_GLOBE = shapely.box(-180.0, -90.0, 180.0, 90.0)


def parts_of(territory: geodesy.Territory) -> list[Any]:
    """Return every polygon, line and point of a territory.

    >>> both = shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(1, 1, 2, 2)])
    >>> [part.geom_type for part in parts_of(geodesy.Territory.of(both))]
    ['Point', 'Polygon']
    >>> parts_of(geodesy.EMPTY)
    []
    """
    return [part for shape in territory.shapes for part in _parts(shape.geometry)]


def _parts(geometry: Any) -> list[Any]:
    if hasattr(geometry, "geoms"):
        return [part for inner in geometry.geoms for part in _parts(inner)]
    return [] if geometry.is_empty else [geometry]


def edges_of(territory: geodesy.Territory) -> NDArray[np.float64]:
    """Return every edge as a row (lon, lat, lon, lat); a point is an edge without length.

    >>> edges_of(geodesy.Territory.of(shapely.LineString([(0, 0), (1, 0), (1, 2)]))).tolist()
    [[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 2.0]]
    >>> len(edges_of(geodesy.EMPTY))
    0
    """
    rows: list[tuple[float, ...]] = []
    for part in parts_of(territory):
        lines = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for line in lines:
            fixes = [tuple(fix[:2]) for fix in line.coords]
            pairs = itertools.pairwise(fixes) if len(fixes) > 1 else [(fixes[0], fixes[0])]
            rows.extend((*one, *two) for one, two in pairs)
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def written_by(territory: geodesy.Territory, change: Callable[[Any], Any]) -> geodesy.Territory:
    """Return a territory with every shape's geometry changed, names and order as they were.

    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1), "square")
    >>> written_by(square, shapely.reverse).shapes
    (Shape('square', Polygon),)
    """
    shapes = tuple(
        geodesy.Shape.of(change(shape.geometry), shape.name, edges=shape.edges)
        for shape in territory.shapes
    )
    return geodesy.Territory(territory.name, shapes, territory.edges)


def turned_lon(lon: float, by_deg: float) -> float:
    """Return a longitude turned east, within [-180, 180].

    >>> turned_lon(170.0, 20.0), turned_lon(-170.0, -10.0), turned_lon(5.0, 0.0)
    (-170.0, -180.0, 5.0)
    """
    moved = lon + by_deg
    if moved > 180.0:
        return moved - 360.0
    return moved + 360.0 if moved < -180.0 else moved


def turned(territory: geodesy.Territory, by_deg: float) -> geodesy.Territory:
    """Return a territory turned east about the Earth's axis, cut where it now crosses 180°.

    Parameters
    ----------
    territory : Territory
    by_deg : float
        Within [-360, 360].

    Examples
    --------
    >>> there = turned(geodesy.Territory.of(shapely.box(0, 0, 10, 1)), 175.0)
    >>> sorted(part.bounds for part in there.shapes[0].geometry.geoms)
    [(-180.0, 0.0, -175.0, 1.0), (175.0, 0.0, 180.0, 1.0)]
    """

    def change(geometry: Any) -> Any:
        found = []
        for lap in (-360.0, 0.0, 360.0):
            found += _within(_moved(geometry, by_deg + lap), _GLOBE)
        return _together(found)

    return written_by(territory, change)


def _moved(geometry: Any, east_deg: float) -> Any:
    step = np.array([east_deg, 0.0])
    return shapely.transform(geometry, lambda xy: xy + step)


def cut_at(territory: geodesy.Territory, lon: float) -> geodesy.Territory:
    """Return a territory whose polygons and lines are cut along a meridian.

    >>> cut = cut_at(geodesy.Territory.of(shapely.box(0, 0, 3, 1)), 1.0)
    >>> sorted(part.bounds for part in cut.shapes[0].geometry.geoms)
    [(0.0, 0.0, 1.0, 1.0), (1.0, 0.0, 3.0, 1.0)]
    """
    west = shapely.box(-180.0, -90.0, lon, 90.0)
    east = shapely.box(lon, -90.0, 180.0, 90.0)
    return written_by(
        territory, lambda geometry: _together(_within(geometry, west) + _within(geometry, east))
    )


def _within(geometry: Any, box: Any) -> list[Any]:
    """Return the parts of a geometry inside a box; where one only touches it, nothing."""
    found = []
    for part in _parts(geometry):
        if shapely.covers(box, part):
            found.append(part)
        else:
            size = shapely.get_dimensions(part)
            inner = _parts(shapely.intersection(part, box))
            found += [piece for piece in inner if shapely.get_dimensions(piece) == size]
    return found


def _together(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts)


def mirrored(territory: geodesy.Territory) -> geodesy.Territory:
    """Return a territory with north and south exchanged.

    >>> mirrored(geodesy.Territory.of(shapely.Point(5, 60))).shapes[0].geometry
    <POINT (5 -60)>
    """
    flip = np.array([1.0, -1.0])
    return written_by(territory, lambda geometry: shapely.transform(geometry, lambda xy: xy * flip))


def densified(territory: geodesy.Territory, step_deg: float) -> geodesy.Territory:
    """Return a territory with more vertices on its edges, none longer than a step.

    >>> line = geodesy.Territory.of(shapely.LineString([(0, 0), (3, 0)]))
    >>> densified(line, 1.0).shapes[0].geometry
    <LINESTRING (0 0, 1 0, 2 0, 3 0)>
    """
    return written_by(territory, lambda geometry: shapely.segmentize(geometry, step_deg))


def rewritten(territory: geodesy.Territory, start: int, *, backwards: bool) -> geodesy.Territory:
    """Return a territory with other first vertices, other directions and its parts turned round.

    Parameters
    ----------
    territory : Territory
    start : int
        How many vertices later a ring begins.
    backwards : bool
        Whether rings and lines run the other way, and parts come in the other order.

    Examples
    --------
    >>> square = geodesy.Territory.of(shapely.Polygon([(0, 0), (1, 0), (1, 1)]))
    >>> rewritten(square, 1, backwards=False).shapes[0].geometry
    <POLYGON ((1 0, 1 1, 0 0, 1 0))>
    """

    def ring(line: Any) -> NDArray[np.float64]:
        fixes = shapely.get_coordinates(line)[:-1]
        fixes = np.roll(fixes[:: -1 if backwards else 1], -start, axis=0)
        return np.concatenate([fixes, fixes[:1]])

    def part_of(part: Any) -> Any:
        if part.geom_type == "Polygon":
            return shapely.Polygon(ring(part.exterior), [ring(hole) for hole in part.interiors])
        return shapely.reverse(part) if backwards else part

    def change(geometry: Any) -> Any:
        parts = [part_of(part) for part in _parts(geometry)]
        return _together(parts[:: -1 if backwards else 1])

    return written_by(territory, change)


def is_off_the_seam(territory: geodesy.Territory) -> bool:
    """Return whether a territory touches neither the antimeridian nor a pole.

    >>> is_off_the_seam(geodesy.Territory.of(shapely.box(170, 0, 180, 1)))
    False
    >>> is_off_the_seam(geodesy.EMPTY)
    True
    """
    fixes = edges_of(territory).reshape(-1, 2)
    return bool((np.abs(fixes) < np.array([180.0, 90.0])).all())
