"""The WGS 84 ellipsoid: geodesics, ECEF coordinates and proven bounds between chord and geodesic.

Geodesics are Karney's (2013, doi:10.1007/s00190-012-0578-z, error about 15 nm) as
implemented in PROJ. The bounds hold for any two points, near-antipodal ones included:
every normal curvature radius of the ellipsoid lies in [b²/a, a²/b].

* *Upper.* A geodesic's space curvature is its normal curvature, at most a/b², so by
  Schur's theorem a geodesic of chord k is no longer than the circular arc of radius b²/a
  on k; and no geodesic distance exceeds half a meridian.
* *Lower.* By Blaschke's rolling theorem the ellipsoid is an intersection of balls of
  radius a²/b, so it contains the spindle of such arcs on the chord; a path outside a
  convex body is no shorter than the shortest on the body, which is the arc of radius a²/b.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

from deploygeo.errors import SettingError
from deploygeo.geodesy.coordinates import checked, unwrapped

__all__ = [
    "GEOD",
    "LARGEST_M",
    "METRIC_M",
    "FloatArray",
    "chord_below",
    "direct",
    "ecef",
    "geodesic_above",
    "inverse",
    "radii",
    "surface",
]

FloatArray: TypeAlias = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")
_A: float = GEOD.a
_B: float = GEOD.b
_E2: float = GEOD.es
_R_LEAST = _B * _B / _A
_R_MOST = _A * _A / _B

#: Half a meridian, rounded up: no two points are farther apart.
LARGEST_M = 20_003_931.5

#: A bound for both principal radii (at most a²/b = 6 399 593.7 m), rounded up: a path with steps
#: (dλ, dφ) in radians is no longer than METRIC_M · hypot(cos φ dλ, dφ).
METRIC_M = 6.4e6


def ecef(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return Earth-centred coordinates in metres; element by element, so that no batch matters."""
    lam = np.radians(lon)
    phi = np.radians(lat)
    sine = np.sin(phi)
    prime = _A / np.sqrt(1.0 - _E2 * sine * sine)
    ring = prime * np.cos(phi)
    return ring * np.cos(lam), ring * np.sin(lam), prime * (1.0 - _E2) * sine


def surface(x: FloatArray, y: FloatArray, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a point of the ellipsoid in about the direction of a vector; any will do for zero.

    >>> lon, lat = surface(*ecef(np.array([30.0]), np.array([60.0])))
    >>> round(float(lon[0]), 9), round(float(lat[0]), 9)
    (30.0, 60.0)
    """
    lon = np.degrees(np.arctan2(y, x))
    lat = np.degrees(np.arctan2(z, (1.0 - _E2) * np.hypot(x, y)))
    return lon, lat


def radii(lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the radii of curvature (prime vertical, meridian) in metres."""
    sine = np.sin(np.radians(lat))
    w2 = 1.0 - _E2 * sine * sine
    prime = _A / np.sqrt(w2)
    return prime, prime * (1.0 - _E2) / w2


def geodesic_above(chord_m: FloatArray) -> FloatArray:
    """Return an upper bound of the geodesic between points a chord apart."""
    half = np.minimum(chord_m / (2.0 * _R_LEAST), 1.0)
    arc = np.where(half < 1.0, 2.0 * _R_LEAST * np.arcsin(half), LARGEST_M)
    return np.minimum(arc, LARGEST_M)


def chord_below(geodesic_m: FloatArray) -> FloatArray:
    """Return the chord beyond which a geodesic is certainly longer than the one given."""
    # LARGEST_M < pi a²/b, so the sine is still rising wherever it is asked for.
    return 2.0 * _R_MOST * np.sin(np.minimum(geodesic_m, LARGEST_M) / (2.0 * _R_MOST))


def inverse(
    lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike
) -> tuple[float | FloatArray, float | FloatArray]:
    """Return the geodesic distance in metres and the azimuth at the first point in degrees.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : array_like of float
        Degrees. They broadcast; all scalars give floats back.

    Returns
    -------
    distance_m, azimuth_deg : float or ndarray
        The azimuth is clockwise from north, in [0, 360).

    Raises
    ------
    CoordinateError
        If a longitude or latitude is out of bounds or not finite.

    Examples
    --------
    >>> distance, azimuth = inverse(0.0, 0.0, 1.0, 0.0)
    >>> round(distance, 3), azimuth
    (111319.491, 90.0)

    Across the antimeridian, and from a point to itself:

    >>> round(inverse(179.5, 0.0, -179.5, 0.0)[0], 3)
    111319.491
    >>> inverse(5.0, 5.0, 5.0, 5.0)[0]
    0.0
    """
    if _is_point(lon1, lat1) and _is_point(lon2, lat2):
        forward, _, distance = GEOD.inv(lon1, lat1, lon2, lat2)
        # twice, as -1e-15 % 360 is 360
        return float(distance), float(forward) % 360.0 % 360.0
    checked(lon1, lat1)
    checked(lon2, lat2)
    a, b, c, d = np.broadcast_arrays(
        *(np.asarray(value, dtype=np.float64) for value in (lon1, lat1, lon2, lat2))
    )
    forward, _, distance = GEOD.inv(a.ravel(), b.ravel(), c.ravel(), d.ravel())
    azimuth = np.asarray(forward) % 360.0
    azimuth = np.where(azimuth == 360.0, 0.0, azimuth)
    return unwrapped(np.asarray(distance), a.shape), unwrapped(azimuth, a.shape)


def direct(
    lon: ArrayLike, lat: ArrayLike, azimuth_deg: ArrayLike, distance_m: ArrayLike
) -> tuple[float | FloatArray, float | FloatArray]:
    """Return the point at a distance along the geodesic that starts with an azimuth.

    Parameters
    ----------
    lon, lat, azimuth_deg, distance_m : array_like of float
        Degrees, degrees clockwise from north, metres. They broadcast; all scalars give floats
        back.

    Returns
    -------
    lon, lat : float or ndarray
        Degrees.

    Raises
    ------
    CoordinateError
        If a longitude or latitude is out of bounds or not finite.
    SettingError
        If an azimuth or a distance is not a number, or they do not broadcast.

    Examples
    --------
    >>> lon, lat = direct(179.5, 0.0, 90.0, 111319.490793)
    >>> round(lon, 6), round(abs(lat), 6)
    (-179.5, 0.0)
    """
    if _is_point(lon, lat) and isinstance(azimuth_deg, float) and isinstance(distance_m, float):
        x, y, _ = GEOD.fwd(lon, lat, azimuth_deg, distance_m)
        return float(x), float(y)
    checked(lon, lat)
    try:
        a, b, c, d = np.broadcast_arrays(
            *(np.asarray(value, dtype=np.float64) for value in (lon, lat, azimuth_deg, distance_m))
        )
    except (TypeError, ValueError) as error:
        raise SettingError(
            f"azimuth and distance are not numbers that broadcast: {error}"
        ) from None
    x, y, _ = GEOD.fwd(a.ravel(), b.ravel(), c.ravel(), d.ravel())
    return unwrapped(np.asarray(x), a.shape), unwrapped(np.asarray(y), a.shape)


def _is_point(lon: object, lat: object) -> bool:
    """Return whether two values are plain floats of a good position; arrays take ten times as long.

    >>> _is_point(5.0, 90.0), _is_point(5.0, float("nan")), _is_point(np.zeros(2), 0.0)
    (True, False, False)
    """
    return (
        isinstance(lon, float) and isinstance(lat, float) and abs(lon) <= 180.0 and abs(lat) <= 90.0
    )
