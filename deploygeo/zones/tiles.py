"""Polygons cut into small ones along a grid of degrees, chosen by their boxes, and joined again."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["PIECE_DEG", "Geometries", "areal", "cut", "grown", "joined"]

Geometries = NDArray[np.object_]

#: Land and seas are cut along the lines of this grid, in degrees, before what is near is chosen:
#: most pieces lie in or out as a whole, and the others are small.
PIECE_DEG: Final = 2


def areal(geometries: Geometries) -> Geometries:
    """Return the polygons of geometries, each as one geometry; lines and points are dropped."""
    flat, index = shapely.get_parts(geometries, return_index=True)
    while np.any(shapely.get_type_id(flat) >= shapely.GeometryType.MULTIPOINT):
        flat, inner = shapely.get_parts(flat, return_index=True)
        index = index[inner]
    good = shapely.get_type_id(flat) == shapely.GeometryType.POLYGON
    found = np.full(len(geometries), shapely.MultiPolygon(), dtype=np.object_)
    if np.any(good):
        shapely.multipolygons(flat[good], indices=index[good], out=found)
    return found


def cut(geometry: Any, step: int, near: Geometries | None = None) -> Geometries:
    """Return a polygon, or several, cut along the lines of a grid of so many degrees.

    What is no wider and no higher than a step stays whole. With boxes, pieces whose own boxes
    meet none of them are left out.

    >>> len(cut(shapely.box(0, 0, 4, 2), 2)), len(cut(shapely.box(1, 1, 3, 3), 2))
    (2, 1)
    >>> len(cut(shapely.box(0, 0, 20, 20), 2, near=np.array([shapely.box(0.5, 0.5, 1, 1)])))
    1
    """
    open_ = shapely.get_parts(areal(np.atleast_1d(np.asarray(geometry, dtype=np.object_))))
    found = [open_[:0]]
    tree = None if near is None else shapely.STRtree(near)
    while len(open_):
        if tree is not None:
            open_ = open_[np.unique(tree.query(open_)[0])]
        west, south, east, north = shapely.bounds(open_).T
        whole = (east - west <= step) & (north - south <= step)
        found.append(open_[whole])
        open_ = open_[~whole]
        west, south, east, north = (ends[~whole] for ends in (west, south, east, north))
        across = east - west >= north - south
        middle = step * np.round(np.where(across, west + east, south + north) / 2.0 / step)
        x, y = np.where(across, middle, west), np.where(across, south, middle)
        halves = (
            shapely.box(west, south, np.where(across, x, east), np.where(across, north, y)),
            shapely.box(x, y, east, north),
        )
        open_ = shapely.get_parts(
            areal(np.concatenate([shapely.intersection(open_, half) for half in halves]))
        )
    return np.concatenate(found)


def joined(pieces: Geometries) -> Any:
    """Return pieces as one geometry without the cuts between them."""
    return areal(np.array([shapely.union_all(pieces)], dtype=np.object_))[0]


def grown(bounds: NDArray[np.float64], metres: float) -> Geometries:
    """Return boxes grown by at least some metres; what crosses 180° is on both sides."""
    high = metres / 110_000.0
    most = np.minimum(np.abs(bounds[:, [1, 3]]).max(axis=1) + high, 89.9)
    wide = np.minimum(high / np.cos(np.radians(most)), 180.0)
    west, east = bounds[:, 0] - wide, bounds[:, 2] + wide
    south, north = bounds[:, 1] - high, bounds[:, 3] + high
    boxes = [shapely.box(west, south, east, north)]
    boxes.append(shapely.box(west + 360.0, south, east + 360.0, north)[west < -180.0])
    boxes.append(shapely.box(west - 360.0, south, east - 360.0, north)[east > 180.0])
    return np.concatenate(boxes)
