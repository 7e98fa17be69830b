"""Twelve miles of sea about the land of states, and the line half way to their neighbours.

A place at sea belongs to whose land or internal waters are nearest, if those are at most twelve
nautical miles off (module `boundaries.presence`). So from what is within twelve miles two things
are taken off: the land of others, and the sea that is nearer to them. The line between is that
between the Voronoi cells of points along both coasts, made in squares of a degree, each in
an azimuthal projection of its own.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from deploygeo import boundaries
from deploygeo.zones.tiles import PIECE_DEG, Geometries, areal, cut, grown

__all__ = ["LINE_M", "nearer_to_others"]

#: Squares in which the line half way is drawn. With twelve miles around it no place is more than
#: 120 km from the middle, where the projection lengthens by 6e-5: a metre in twelve miles.
_SQUARE_DEG: Final = 1

#: Points along coasts are at most so far apart. A coast passes within half of that of one, so that
#: each distance is overstated by half at most, and half their difference is off by a quarter.
_SPACING_M: Final = 400.0

#: Points are rounded to this, which adds less than 6 m to a distance: of points that all but
#: coincide GEOS makes invalid cells.
_ROUND_M: Final = 8.0

#: So the line is where the margin is zero to this, or to the metre or two of the projection more.
#: Finer points would say nothing: coasts are known to a kilometre.
LINE_M: Final = 110.0

#: A straight line of this length in the projection is, in degrees, off by 2 m at 80° of latitude.
_STRAIGHT_M: Final = 5e3

_METRES_PER_DEGREE: Final = 111_700.0


def nearer_to_others(belt: Any, own: Geometries, others: Geometries) -> Any:
    """Return what of a belt of twelve miles belongs to others, and maybe some of one's own land.

    Parameters
    ----------
    belt : shapely.Geometry
        What is within twelve nautical miles of `own`, cut at 180°.
    own, others : ndarray of shapely.Polygon
        Land and internal waters. Only those within twelve miles of the belt matter.

    Notes
    -----
    The line half way is drawn to `LINE_M`. Sea between two coasts that is narrower may be left
    with either.

    Examples
    --------
    An island a fifth of a degree from another, on the equator:

    >>> one, two = shapely.box(0, 0, 0.1, 0.1), shapely.box(0.3, 0, 0.4, 0.1)
    >>> taken = nearer_to_others(one.buffer(0.2), np.array([one]), np.array([two]))
    >>> [bool(shapely.intersects_xy(taken, lon, 0.05)) for lon in (0.19, 0.21, 0.35)]
    [False, True, False]
    >>> nearer_to_others(one.buffer(0.1), np.array([one]), np.array([two])).is_empty
    True
    """
    squares = cut(belt, _SQUARE_DEG)
    # the edges of pieces, inside the land of others, are farther from any sea than their coast
    near = grown(shapely.bounds(squares), boundaries.TERRITORIAL_SEA_M)
    others = cut(others, PIECE_DEG, near)
    trees = shapely.STRtree(own), shapely.STRtree(others)
    taken = []
    for square in squares:
        around = grown(shapely.bounds(np.array([square])), boundaries.TERRITORIAL_SEA_M)
        theirs = others[np.unique(trees[1].query(around)[1])]
        if len(theirs) == 0:
            continue
        ours = own[np.unique(trees[0].query(around)[1])]
        land, theirs_here = (
            shapely.intersection(near[shapely.intersects(near, square)], square)
            for near in (ours, theirs)
        )
        taken += theirs_here.tolist()
        sea = shapely.difference(square, shapely.union_all(np.append(land, theirs_here)))
        narrow = LINE_M / 2.0 / _METRES_PER_DEGREE
        if not shapely.is_empty(shapely.buffer(sea, -narrow, quad_segs=1)):
            our, their = (
                np.concatenate([shapely.clip_by_rect(edge, *box.bounds) for box in around])
                for edge in (shapely.boundary(ours), shapely.boundary(theirs))
            )
            nearer = _nearer(square, our, their)
            taken.append(shapely.intersection(sea, nearer))
    return areal(np.array([shapely.union_all(taken)], dtype=np.object_))[0]


def _nearer(square: Any, our: Geometries, their: Geometries) -> Any:
    """Return what is nearer to one coast than to the other, in a square and somewhat around it."""
    west, south, east, north = shapely.bounds(square).tolist()
    lon, lat = (west + east) / 2.0, (south + north) / 2.0
    plane = pyproj.Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="WGS84")
    corners = np.array(
        plane([west, east, west, east, lon, lon], [south, south, north, north, south, north])
    )
    low = corners.min(axis=1) - boundaries.TERRITORIAL_SEA_M
    high = corners.max(axis=1) + boundaries.TERRITORIAL_SEA_M
    one, two = (_along(coast, plane, low, high) for coast in (our, their))
    if len(two) == 0:
        return shapely.MultiPolygon()
    frame = shapely.box(*low, *high)
    if len(one) == 0:
        cells = frame
    else:
        sites = shapely.multipoints(np.concatenate([one, two]))
        parts = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=frame))
        chosen = shapely.STRtree(parts).query(shapely.points(two), predicate="intersects")[1]
        # cells share their edges exactly, so that no edge needs to be noded with another
        cells = shapely.coverage_union_all(parts[np.unique(chosen)])

    def back(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = plane(xy[:, 0], xy[:, 1], inverse=True)
        return np.column_stack([lon + (np.asarray(x) - lon + 180.0) % 360.0 - 180.0, y])

    cells = shapely.intersection(cells, frame)
    return shapely.transform(shapely.segmentize(cells, _STRAIGHT_M), back)


def _along(
    coast: Geometries,
    plane: pyproj.Proj,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return points along coasts in a plane, in a frame."""
    dense = shapely.segmentize(coast, _SPACING_M / _METRES_PER_DEGREE)
    xy = np.column_stack(plane(*shapely.get_coordinates(dense).T))
    kept = xy[np.all((xy >= low) & (xy <= high), axis=1)]
    rounded: NDArray[np.float64] = np.unique(np.round(kept / _ROUND_M), axis=0) * _ROUND_M
    return rounded
