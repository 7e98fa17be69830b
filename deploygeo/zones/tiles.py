"""Polygons cut into small ones along a grid of degrees, chosen by their boxes, and joined again."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Geometries", "areal", "cut", "grown", "joined"]

Geometries = NDArray[np.object_]


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


def cut(geometry: Any, step: int) -> list[Any]:
    """Return a polygon, or several, cut along the lines of a grid of so many degrees.

    What is no wider and no higher than a step stays whole.

    >>> len(cut(shapely.box(0, 0, 4, 2), 2)), len(cut(shapely.box(1, 1, 3, 3), 2))
    (2, 1)
    """
    found: list[Any] = []
    open_ = list(shapely.get_parts(areal(np.array([geometry], dtype=object))[0]))
    while open_:
        polygon = open_.pop()
        west, south, east, north = polygon.bounds
        if east - west <= step and north - south <= step:
            found.append(polygon)
            continue
        if east - west >= north - south:
            middle = step * round((west + east) / 2.0 / step)
            halves = ((west, south, middle, north), (middle, south, east, north))
        else:
            middle = step * round((south + north) / 2.0 / step)
            halves = ((west, south, east, middle), (west, middle, east, north))
        boxes = np.array([shapely.box(*half) for half in halves])
        open_.extend(shapely.get_parts(areal(shapely.intersection(polygon, boxes))))
    return found


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
