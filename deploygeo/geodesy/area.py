"""Area on the ellipsoid of polygons whose edges are straight in lon/lat."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from deploygeo.errors import CoordinateError
from deploygeo.geodesy.coordinates import checked
from deploygeo.geodesy.ellipsoid import GEOD, FloatArray

__all__ = ["area_m2"]

_E: float = GEOD.es**0.5

#: Six Gauss points on a span of at most this much latitude integrate the zone function to rounding.
_SPAN_DEG = 5.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


def area_m2(geometry: Any) -> float:
    """Return the area of a shapely geometry on the WGS 84 ellipsoid, in square metres.

    Edges are straight in longitude and latitude, as everywhere in this package (a geodesic area
    of the same vertices is another one). Orientation does not matter; lines and points have none.

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
    return _area(geometry)


def _area(geometry: Any) -> float:
    if hasattr(geometry, "geoms"):
        return float(sum(_area(part) for part in geometry.geoms))
    if geometry.geom_type != "Polygon" or geometry.is_empty:
        return 0.0
    return _ring(geometry.exterior) - sum(_ring(hole) for hole in geometry.interiors)


def _ring(ring: Any) -> float:
    """Integrate the area between the equator and the ring over longitude."""
    xy = shapely.get_coordinates(ring)
    lon, lat = xy[:, 0], xy[:, 1]
    count = np.maximum(1, np.ceil(np.abs(np.diff(lat)) / _SPAN_DEG)).astype(np.int64)
    edge = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    t = (step[:, None] + (_NODES + 1.0) / 2.0) / count[edge, None]
    phi = lat[edge, None] + t * (lat[edge + 1] - lat[edge])[:, None]
    width = np.radians((lon[edge + 1] - lon[edge]) / count[edge])
    return abs(float((_zone(phi) * (_WEIGHTS / 2.0) * width[:, None]).sum()))


def _zone(lat: FloatArray) -> FloatArray:
    """Return the area between the equator and a latitude per radian of longitude."""
    sine = np.sin(np.radians(lat))
    zone: FloatArray = (GEOD.b**2 / 2.0) * (
        sine / (1.0 - GEOD.es * sine * sine) + np.arctanh(_E * sine) / _E
    )
    return zone
