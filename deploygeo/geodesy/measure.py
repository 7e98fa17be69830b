"""Distance from points to territories.

Every function takes scalars or arrays that broadcast, and gives floats or arrays back. Scalar and
batch are one path, and no result depends on how a batch was split.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deploygeo.geodesy.coordinates import checked, unwrapped
from deploygeo.geodesy.ellipsoid import FloatArray
from deploygeo.geodesy.rows import Rows, chunks, rows_of, unlimited
from deploygeo.geodesy.shape import Territory, check_territory

__all__ = ["Nearest", "distance_m", "nearest", "nearest_edge", "signed_m", "within"]


class Nearest(NamedTuple):
    """The nearest point of a territory: floats for one point asked, arrays for several.

    Attributes
    ----------
    distance_m : float or ndarray
        Geodesic distance; nan where the territory is empty.
    lon, lat : float or ndarray
        The witness; nan likewise.
    shape : str or ndarray of str
        Name of the shape it belongs to; of several the first; empty likewise.
    ring : int or ndarray of int
        Ring of that shape, in the order of its geometry; -1 where no boundary was sought, because
        the point lies inside.
    inside : bool or ndarray of bool
        Whether the point asked lies inside or on the territory.
    """

    distance_m: float | FloatArray
    lon: float | FloatArray
    lat: float | FloatArray
    shape: str | NDArray[np.object_]
    ring: int | NDArray[np.int64]
    inside: bool | NDArray[np.bool_]


def distance_m(lon: ArrayLike, lat: ArrayLike, territory: Territory) -> float | FloatArray:
    """Return the geodesic distance from points to a territory, in metres.

    The distance is exact on the WGS 84 ellipsoid up to the error stated in Notes: zero inside or
    on the boundary, otherwise the least over all edges.

    Parameters
    ----------
    lon, lat : array_like of float
        Degrees. Broadcast against each other; scalars give a float back.
    territory : Territory
        Its ``edges`` field says how vertices are joined.

    Returns
    -------
    float or ndarray
        nan for a territory of nothing.

    Raises
    ------
    CoordinateError
        If a latitude lies outside [-90, 90], a longitude outside [-180, 180] or either is not
        finite; names the first offending row.
    SettingError
        If the territory is none; `check_territory` says what makes one.

    Notes
    -----
    Geodesics follow Karney (2013), doi:10.1007/s00190-012-0578-z. Edges are pruned by proven
    bounds only (see `deploygeo.geodesy.ellipsoid`), near-antipodal points included, and the
    distance is minimised along the rest to well below 1 mm.

    Examples
    --------
    >>> import shapely
    >>> from deploygeo.geodesy import EMPTY, Territory
    >>> square = Territory.of(shapely.box(0, 0, 1, 1))
    >>> round(distance_m(2.0, 0.5, square), 3)
    111315.28
    >>> distance_m([0.5, 1.0], [0.5, 1.0], square)
    array([0., 0.])
    >>> distance_m(0.0, 0.0, EMPTY)
    nan
    """
    check_territory(territory)
    x, y, shape = checked(lon, lat)
    if territory.is_empty:
        return unwrapped(np.full(len(x), np.nan), shape)
    distance = np.empty(len(x))
    for part in chunks(len(x)):
        distance[part] = rows_of(
            x[part], y[part], territory, unlimited(part.stop - part.start)
        ).distance_m
    return unwrapped(distance, shape)


def _nearest(lon: ArrayLike, lat: ArrayLike, territory: Territory, *, edge: bool) -> Nearest:
    check_territory(territory)
    x, y, shape = checked(lon, lat)
    parts = [
        rows_of(x[part], y[part], territory, unlimited(part.stop - part.start), edge=edge)
        for part in chunks(len(x))
    ]
    rows = parts[0] if len(parts) == 1 else Rows(*map(np.concatenate, zip(*parts, strict=True)))
    distance = np.where(np.isfinite(rows.distance_m), rows.distance_m, np.nan)
    names = np.array([*(part.name for part in territory.shapes), ""], dtype=np.object_)
    name = names[rows.shape]
    if not shape:
        return Nearest(
            float(distance[0]),
            float(rows.lon[0]),
            float(rows.lat[0]),
            str(name[0]),
            int(rows.ring[0]),
            bool(rows.inside[0]),
        )
    return Nearest(
        distance.reshape(shape),
        rows.lon.reshape(shape),
        rows.lat.reshape(shape),
        name.reshape(shape),
        rows.ring.reshape(shape),
        rows.inside.reshape(shape),
    )


def nearest(lon: ArrayLike, lat: ArrayLike, territory: Territory) -> Nearest:
    """Return the nearest point of a territory; the point itself where it lies inside.

    Parameters
    ----------
    lon, lat : array_like of float
        Degrees. Broadcast against each other; scalars give scalars back.
    territory : Territory

    Raises
    ------
    CoordinateError, SettingError
        As for `distance_m`.

    Examples
    --------
    >>> import shapely
    >>> from deploygeo.geodesy import EMPTY, Territory
    >>> square = Territory.of(shapely.box(0, 0, 1, 1), "square")
    >>> witness = nearest(2.0, 0.0, square)
    >>> round(witness.distance_m, 3), witness.lon, witness.lat, witness.shape, witness.ring
    (111319.491, 1.0, 0.0, 'square', 0)
    >>> nearest(0.25, 0.5, square)
    Nearest(distance_m=0.0, lon=0.25, lat=0.5, shape='square', ring=-1, inside=True)
    >>> nearest(0.0, 0.0, EMPTY)
    Nearest(distance_m=nan, lon=nan, lat=nan, shape='', ring=-1, inside=False)
    """
    return _nearest(lon, lat, territory, edge=False)


def nearest_edge(lon: ArrayLike, lat: ArrayLike, territory: Territory) -> Nearest:
    """Return the nearest point of the boundary of a territory's shapes, from inside too.

    Of a territory with several shapes this includes the borders between them: the boundary of
    every shape counts. The antimeridian, where a shape is cut only because of it, does not.

    Parameters
    ----------
    lon, lat : array_like of float
        Degrees. Broadcast against each other; scalars give scalars back.
    territory : Territory

    Raises
    ------
    CoordinateError, SettingError
        As for `distance_m`.

    Examples
    --------
    >>> import shapely
    >>> from deploygeo.geodesy import EMPTY, Territory
    >>> square = Territory.of(shapely.box(0, 0, 1, 1), "square")
    >>> depth = nearest_edge(0.25, 0.5, square)
    >>> round(depth.distance_m, 3), round(depth.lon, 6), round(depth.lat, 6), depth.inside
    (27828.82, 0.0, 0.500005, True)
    >>> nearest_edge(0.0, 0.0, EMPTY).distance_m
    nan
    """
    return _nearest(lon, lat, territory, edge=True)


def signed_m(lon: ArrayLike, lat: ArrayLike, territory: Territory) -> float | FloatArray:
    """Return the distance to a territory, negative inside: minus the depth.

    Of a territory with one shape the depth is the distance to the boundary. With several, the
    depth in the union is at least that in each shape that contains the point; the greatest of
    these is returned, negative, so that the true depth is never less than what is stated, and
    greater only where a border between two shapes is nearer than the outer boundary.

    Parameters
    ----------
    lon, lat : array_like of float
        Degrees. Broadcast against each other; scalars give a float back.
    territory : Territory

    Raises
    ------
    CoordinateError, SettingError
        As for `distance_m`.

    Examples
    --------
    >>> import shapely
    >>> from deploygeo.geodesy import EMPTY, Territory
    >>> square = Territory.of(shapely.box(0, 0, 1, 1))
    >>> import numpy as np
    >>> np.round(signed_m([0.25, 1.0, 2.0], [0.5, 0.5, 0.5], square), 3) + 0.0
    array([-27828.82,      0.  , 111315.28])
    >>> signed_m(0.0, 0.0, EMPTY)
    nan
    """
    check_territory(territory)
    x, y, shape = checked(lon, lat)
    if territory.is_empty:
        return unwrapped(np.full(len(x), np.nan), shape)
    signed = np.empty(len(x))
    for part in chunks(len(x)):
        signed[part] = _signed(x[part], y[part], territory)
    return unwrapped(signed, shape)


def _signed(lon: FloatArray, lat: FloatArray, territory: Territory) -> FloatArray:
    rows = rows_of(lon, lat, territory, unlimited(len(lon)))
    signed = rows.distance_m
    within = np.flatnonzero(rows.inside)
    for part in territory.shapes:
        i = within[part.covers(lon[within], lat[within])]
        alone = Territory(territory.name, (part,), territory.edges)
        depth = rows_of(lon[i], lat[i], alone, unlimited(len(i)), edge=True).distance_m
        # A shape without a boundary covers the globe: no depth can be named but infinity.
        signed[i] = np.minimum(signed[i], -depth)
    return signed


def within(
    lon: ArrayLike, lat: ArrayLike, territory: Territory, range_m: ArrayLike
) -> bool | NDArray[np.bool_]:
    """Return whether a territory is at most a range away.

    The same as ``distance_m(lon, lat, territory) <= range_m``, without measuring what is certainly
    out of range.

    Parameters
    ----------
    lon, lat : array_like of float
        Degrees.
    territory : Territory
    range_m : array_like of float
        Metres; broadcasts with the points. nan and negative ranges reach nothing.

    Raises
    ------
    CoordinateError, SettingError
        As for `distance_m`.

    Examples
    --------
    >>> import shapely
    >>> from deploygeo.geodesy import EMPTY, Territory
    >>> square = Territory.of(shapely.box(0, 0, 1, 1))
    >>> within(2.0, 0.5, square, [111_315.0, 111_316.0])
    array([False,  True])
    >>> within(0.5, 0.5, square, 0.0), within(0.0, 0.0, EMPTY, 1e9)
    (True, False)
    """
    check_territory(territory)
    x, y, r = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (lon, lat, range_m)))
    shape = x.shape
    x, y, _ = checked(x, y)
    limit = np.where(np.isnan(r), -1.0, r).ravel()
    if territory.is_empty:
        hit = np.zeros(len(x), dtype=np.bool_)
    else:
        hit = np.empty(len(x), dtype=np.bool_)
        for part in chunks(len(x)):
            most = np.maximum(limit[part], 0.0)
            hit[part] = rows_of(x[part], y[part], territory, most).distance_m <= limit[part]
    return hit.reshape(shape) if shape else bool(hit[0])
