"""Laws of witnesses: what is inside, where the nearest point lies, and that none is nearer."""

from __future__ import annotations

import itertools
import math
from typing import Any, Final

import numpy as np

from deploygeo import geodesy
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import (
    BOTH_M,
    GEOD,
    ONE_M,
    Position,
    cases,
    cases_inside,
    length_m,
)
from deploygeo.testing.laws.rewriting import edges_of, parts_of

__all__ = [
    "WITNESSES",
    "next_to_a_boundary_something_is_outside",
    "no_point_of_the_outline_is_nearer",
    "the_nearest_point_lies_at_the_distance",
    "zero_is_inside_or_on",
]

#: Of each edge so many places are measured; the ends are among them.
_PLACES: Final = 17


#: How far from a boundary what is beside it is asked for: much more than a millimetre.
_BESIDE_M: Final = 0.05

#: In how many directions: what is outside may be as narrow as 6 degrees.
_AROUND: Final = 64


def zero_is_inside_or_on(point: Position, territory: geodesy.Territory) -> None:
    """A distance is zero exactly inside the territory and on its boundary, and never negative.

    Reason: polygons are closed sets with edges straight in longitude and latitude, so that whether
    a point is inside can be told by counting the edges that a ray along its parallel crosses.

    Counterexample: with the point's coordinates exchanged, or the far half of a territory that is
    cut at 180° forgotten, points inside are at a distance; with a hole taken for land, points
    outside are not.

    Parameters
    ----------
    point : tuple of float
        Not decided by counting where it is within 2 mm of the boundary.
    territory : Territory
        All its vertices are tried besides.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> ring = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)
    >>> zero_is_inside_or_on((1.5, 1.5), geodesy.Territory.of(ring))
    >>> zero_is_inside_or_on((0.0, 0.0), geodesy.EMPTY)
    """
    edges = edges_of(territory)
    if len(edges) == 0:
        found = float(geodesy.distance_m(*point, territory))
        require(math.isnan(found), f"nothing is {found} m away from {point}")
        return
    at = np.asarray(geodesy.distance_m(edges[:, 0], edges[:, 1], territory))
    worst = int(np.argmax(np.abs(at)))
    require(
        abs(at[worst]) <= ONE_M,
        f"the vertex {tuple(edges[worst, :2])} is {at[worst]:.4f} m away from its own territory",
    )
    away = float(geodesy.distance_m(*point, territory))
    depth = float(geodesy.signed_m(*point, territory))
    told = bool(geodesy.nearest(*point, territory).inside)
    require(
        away >= 0.0 and (away == 0.0) == (depth <= 0.0) == told,
        f"{point} is {away} m away, its signed distance is {depth} m, and inside is {told}",
    )
    edge_m = float(geodesy.nearest_edge(*point, territory).distance_m)
    if edge_m <= BOTH_M:
        return
    inside = _is_inside(point, territory)
    require(
        (away == 0.0) == inside,
        f"{point} is {'inside' if inside else 'outside'}, {edge_m:.4f} m from the boundary, "
        f"and told to be {away:.4f} m away",
    )


def _is_inside(point: Position, territory: geodesy.Territory) -> bool:
    lon, lat = point
    if abs(lat) == 90.0:  # every longitude: inside where any polygon reaches the pole
        return any(
            part.geom_type == "Polygon" and lat in (part.bounds[1], part.bounds[3])
            for part in parts_of(territory)
        )
    names = (lon, -lon) if abs(lon) == 180.0 else (lon,)
    return any(
        _covers(part, name, lat)
        for part in parts_of(territory)
        if part.geom_type == "Polygon"
        for name in names
    )


def _covers(polygon: Any, lon: float, lat: float) -> bool:
    crossed = 0
    for ring in (polygon.exterior, *polygon.interiors):
        for (x0, y0), (x1, y1) in itertools.pairwise(ring.coords):
            side = (x1 - x0) * (lat - y0) - (y1 - y0) * (lon - x0)
            if (
                side == 0.0
                and min(x0, x1) <= lon <= max(x0, x1)
                and min(y0, y1) <= lat <= max(y0, y1)
            ):
                return True
            if (y0 <= lat) != (y1 <= lat) and (side > 0.0) == (y1 > y0):
                crossed += 1
    return crossed % 2 == 1


def the_nearest_point_lies_at_the_distance(point: Position, territory: geodesy.Territory) -> None:
    """The nearest point lies on the territory, at the distance that is told.

    Reason: a witness is a proof only if whoever measures to it finds the number; it shows that the
    territory is at most so far.

    Counterexample: seen from (0, 40), the planar nearest point of LINESTRING (0 0, 40 40) is (20,
    20), 63 km farther than the nearest; a witness taken from a grid is not on the boundary.

    Parameters
    ----------
    point : tuple of float
    territory : Territory

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> the_nearest_point_lies_at_the_distance((0.0, 89.0), square)
    >>> the_nearest_point_lies_at_the_distance((0.0, 0.0), geodesy.EMPTY)
    """
    if territory.is_empty:
        nothing = geodesy.nearest(*point, territory)
        require(math.isnan(float(nothing.distance_m)), f"nothing has a nearest point: {nothing}")
        return
    away = float(geodesy.distance_m(*point, territory))
    depth = abs(float(geodesy.signed_m(*point, territory)))
    for search, expected in ((geodesy.nearest, away), (geodesy.nearest_edge, depth)):
        found = search(*point, territory)
        told = float(found.distance_m)
        if math.isnan(told):  # the whole globe has no boundary
            continue
        witness = (float(found.lon), float(found.lat))
        measured = length_m(point, witness)
        require(
            abs(measured - told) <= ONE_M,
            f"{search.__name__} from {point} tells {witness} at {told:.4f} m, which is "
            f"{measured:.4f} m away",
        )
        # of several shapes the borders between them are edges too, and the depth is in the union
        require(
            told <= expected + BOTH_M and (len(territory.shapes) > 1 or told >= expected - BOTH_M),
            f"{search.__name__} from {point} is {told:.4f} m, not {expected:.4f} m",
        )
        on = float(geodesy.nearest_edge(*witness, territory).distance_m)
        require(
            on <= ONE_M or (bool(found.inside) and told == 0.0),
            f"{search.__name__} from {point} tells {witness}, {on:.4f} m off the boundary",
        )
        names = {shape.name for shape in territory.shapes}
        require(found.shape in names, f"{found.shape!r} is no shape of {sorted(names)}")


def no_point_of_the_outline_is_nearer(point: Position, territory: geodesy.Territory) -> None:
    """No place on any edge is nearer than the distance that is told.

    Reason: the distance is the least over all edges; a witness shows that it is at most so much,
    and only looking at all of them that it is not less.

    Counterexample: from (0, 60) MULTIPOINT (0 51.6, 10 60) is 557 km away; the nearest in degrees
    is the southern one, 935 km away. The middle of a long edge is forgotten where only vertices
    are measured.

    Parameters
    ----------
    point : tuple of float
    territory : Territory

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> line = geodesy.Territory.of(shapely.LineString([(-100, 49), (100, 49)]))
    >>> no_point_of_the_outline_is_nearer((0.0, 60.0), line)
    """
    edges = edges_of(territory)
    if len(edges) == 0:
        return
    share = np.linspace(0.0, 1.0, _PLACES)[:, None]
    lon = (edges[:, 0] + share * (edges[:, 2] - edges[:, 0])).ravel()
    lat = (edges[:, 1] + share * (edges[:, 3] - edges[:, 1])).ravel()
    away = np.asarray(
        GEOD.inv(np.full(len(lon), point[0]), np.full(len(lon), point[1]), lon, lat)[2]
    )
    best = int(np.argmin(away))
    found = float(geodesy.distance_m(*point, territory))
    require(
        found <= away[best] + ONE_M,
        f"from {point} the territory is told to be {found:.4f} m away, and its place "
        f"({lon[best]}, {lat[best]}) is {away[best]:.4f} m away",
    )


def next_to_a_boundary_something_is_outside(point: Position, territory: geodesy.Territory) -> None:
    """About the nearest place of a boundary some places are inside, and some are outside.

    Reason: that is what a boundary is. 180° is none where land goes on beyond it, and a pole is
    none where it is all around.

    Counterexample: an edge along 90° N, which a polygon about the pole needs to be closed, taken
    for a boundary makes the pole a border, and a depth of 1 100 km one of none.

    Parameters
    ----------
    point : tuple of float
    territory : Territory
        Of one shape; between several the borders are boundaries as well.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> cap = geodesy.Territory.of(shapely.box(-180, 80, 180, 90))
    >>> next_to_a_boundary_something_is_outside((0.0, 89.0), cap)
    """
    found = geodesy.nearest_edge(*point, territory)
    if len(territory.shapes) != 1 or math.isnan(float(found.distance_m)):
        return
    witness = float(found.lon), float(found.lat)
    around = np.linspace(0.0, 360.0, _AROUND, endpoint=False)
    start = (np.full(_AROUND, witness[0]), np.full(_AROUND, witness[1]))
    lon, lat, _ = GEOD.fwd(*start, around, np.full(_AROUND, _BESIDE_M))
    away = np.asarray(geodesy.distance_m(lon, lat, territory))
    require(
        bool((away > 0.0).any()),
        f"{witness} is told to be the boundary nearest to {point}, and all places about it are "
        f"inside {territory}",
    )


#: All laws of witnesses.
WITNESSES: Final[tuple[Law, ...]] = (
    Law(zero_is_inside_or_on, cases),
    Law(the_nearest_point_lies_at_the_distance, cases),
    Law(no_point_of_the_outline_is_nearer, cases),
    Law(
        next_to_a_boundary_something_is_outside,
        lambda: cases_inside(("pole", "across-180", "hole", "at-180", "star"), lambda point: {}),
    ),
)
