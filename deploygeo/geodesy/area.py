"""Areas on the ellipsoid of polygons whose edges are straight in lon/lat."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from deploygeo.errors import CoordinateError
from deploygeo.geodesy.coordinates import checked
from deploygeo.geodesy.ellipsoid import GEOD, FloatArray

__all__ = ["area_m2", "areas_m2"]

_E: float = GEOD.es**0.5

#: Six Gauss points on a span of at most this much latitude integrate the zone function to rounding.
_SPAN_DEG = 5.0
#: Memory bound: edges integrated at a time.
_EDGES = 1 << 17
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


def area_m2(geometry: Any) -> float:
    """Return the area of a shapely geometry on the WGS 84 ellipsoid, in square metres.

    Edges are straight in longitude and latitude, as everywhere in this package (a geodesic area
    of the same vertices is another one). Orientation does not matter; lines and points have none.

    Parameters
    ----------
    geometry : shapely geometry
        In degrees on WGS 84, longitude first.

    Raises
    ------
    CoordinateError
        If a vertex is out of bounds or not finite.

    Examples
    --------
    >>> import shapely
    >>> round(area_m2(shapely.box(0, 0, 1, 1)) / 1e6, 3)
    12308.464
    >>> round(area_m2(shapely.box(-180, -90, 180, 90)) / 1e6, 1)  # the whole ellipsoid
    510065621.7
    >>> area_m2(shapely.Point(0, 0))
    0.0
    """
    if not isinstance(geometry, shapely.Geometry):
        raise CoordinateError(f"{type(geometry).__name__} is not a shapely geometry")
    xy = shapely.get_coordinates(geometry)
    checked(xy[:, 0], xy[:, 1], what="vertex")
    return float(areas_m2([geometry])[0])


def areas_m2(geometries: Any) -> FloatArray:
    """Return the areas of many geometries at once, as `area_m2` does one by one.

    Parameters
    ----------
    geometries : array_like of shapely.Geometry

    Examples
    --------
    >>> import shapely
    >>> (areas_m2([shapely.box(0, 0, 1, 1), shapely.Point(0, 0)]) / 1e6).round(3).tolist()
    [12308.464, 0.0]
    >>> areas_m2([]).tolist()
    []
    """
    flat = np.asarray(geometries, dtype=np.object_).ravel()
    count = len(flat)
    owner = np.arange(count)
    while np.any(shapely.get_type_id(flat) >= shapely.GeometryType.MULTIPOINT):
        flat, index = shapely.get_parts(flat, return_index=True)
        owner = owner[index]
    areal = shapely.get_type_id(flat) == shapely.GeometryType.POLYGON
    flat, owner = flat[areal], owner[areal]
    rings, polygon = shapely.get_rings(flat, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    within = np.flatnonzero(ring[1:] == ring[:-1])
    found = np.zeros(len(rings))
    for begin in range(0, len(within), _EDGES):
        edge = within[begin : begin + _EDGES]
        below = _below(xy[edge], xy[edge + 1])
        found += np.bincount(ring[edge], weights=below, minlength=len(rings))
    found = np.abs(found)
    # the first ring of a polygon is its exterior
    found[np.append(False, polygon[1:] == polygon[:-1])[: len(found)]] *= -1.0
    areas = np.bincount(owner[polygon], weights=found, minlength=count)
    return areas.astype(np.float64, copy=False)


def _below(start: FloatArray, end: FloatArray) -> FloatArray:
    """Integrate the area between the equator and edges over longitude."""
    rise = end[:, 1] - start[:, 1]
    count = np.maximum(1, np.ceil(np.abs(rise) / _SPAN_DEG)).astype(np.int64)
    edge = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    t = (step[:, None] + (_NODES + 1.0) / 2.0) / count[edge, None]
    phi = start[edge, 1, None] + t * rise[edge, None]
    width = np.radians((end[edge, 0] - start[edge, 0]) / count[edge])
    part = (_zone(phi) * (_WEIGHTS / 2.0)).sum(axis=1) * width
    below = np.bincount(edge, weights=part, minlength=len(count))
    return below.astype(np.float64, copy=False)


def _zone(lat: FloatArray) -> FloatArray:
    """Return the area between the equator and a latitude per radian of longitude."""
    sine = np.sin(np.radians(lat))
    zone: FloatArray = (GEOD.b**2 / 2.0) * (
        sine / (1.0 - GEOD.es * sine * sine) + np.arctanh(_E * sine) / _E
    )
    return zone
