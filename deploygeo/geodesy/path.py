"""Paths: fixes joined by geodesics, measured by the length gone from the first fix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deploygeo.errors import CoordinateError
from deploygeo.geodesy.coordinates import checked
from deploygeo.geodesy.ellipsoid import GEOD, FloatArray

__all__ = ["Path"]

#: Azimuths of the two shortest geodesics between antipodal fixes differ by far more, unless both
#: run along the equator, where they are one; PROJ's are good to about 1e-13 degrees.
_SAME_AZIMUTH_DEG = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Fixes joined by geodesics.

    A place on it is named by its way: the length in metres gone from the first fix. The distance
    between two places is at most the difference of their ways, so whatever is 1-Lipschitz on the
    ellipsoid is so along the path as a whole, corners included.

    Attributes
    ----------
    lon, lat : ndarray
        The fixes, in degrees.
    azimuth : ndarray
        Of each leg at its start, in degrees.
    way_m : ndarray
        Of each fix; it never falls, and stays the same where a fix is repeated.
    ambiguous : tuple of int
        Legs between antipodal fixes, or so nearly that two geodesics are equally short: the path
        takes one of them, always the same.

    Examples
    --------
    >>> path = Path.of([179.0, -179.0, -179.0], [0.0, 0.0, 0.0])
    >>> np.round(path.way_m, 3)
    array([     0.   , 222638.982, 222638.982])
    >>> path.at(np.array([55_659.745]))
    (array([179.5]), array([0.]))
    >>> Path.of([10.0, -170.0], [40.0, -40.0]).ambiguous
    (0,)
    """

    lon: FloatArray
    lat: FloatArray
    azimuth: FloatArray
    way_m: FloatArray
    ambiguous: tuple[int, ...]

    @classmethod
    def of(cls, lon: ArrayLike, lat: ArrayLike) -> Path:
        """Join fixes.

        Raises
        ------
        CoordinateError
            If there is no fix, the two lists differ in length, or a coordinate is out of bounds or
            not finite; the first bad fix is named.

        Examples
        --------
        >>> Path.of([], [])
        Traceback (most recent call last):
        deploygeo.errors.CoordinateError: a track needs at least one fix
        """
        shapes = np.shape(lon), np.shape(lat)
        if shapes[0] != shapes[1] or len(shapes[0]) != 1:
            raise CoordinateError(
                f"the fixes of a track are two lists of equal length, not of shapes {shapes[0]} "
                f"and {shapes[1]}"
            )
        x, y, _ = checked(lon, lat, what="fix")
        if len(x) == 0:
            raise CoordinateError("a track needs at least one fix")
        forward, back, length = (np.asarray(v) for v in GEOD.inv(x[:-1], y[:-1], x[1:], y[1:]))
        turn = np.abs((forward - (back + 180.0) + 180.0) % 360.0 - 180.0)
        # Only between opposite latitudes are there two shortest geodesics: mirror images of each
        # other, each of which comes in at another azimuth than it set out with.
        twice = (y[:-1] == -y[1:]) & (length > 0.0)
        twice &= (turn > _SAME_AZIMUTH_DEG) | (np.abs(y[:-1]) == 90.0)
        way = np.concatenate([[0.0], np.cumsum(length)])
        return cls(x, y, forward, way, tuple(int(i) for i in np.flatnonzero(twice)))

    @property
    def length_m(self) -> float:
        """The length of the whole path.

        >>> Path.of([5.0], [5.0]).length_m
        0.0
        """
        return float(self.way_m[-1])

    def locate(
        self, way_m: FloatArray, *, last: bool = False
    ) -> tuple[NDArray[np.int64], FloatArray]:
        """Return the fix before each place and the fraction of the leg gone, in [0, 1).

        Where fixes are repeated, the first of them; with `last` the last.

        >>> path = Path.of([0.0, 1.0, 1.0, 2.0], [0.0] * 4)
        >>> path.locate(path.way_m[[1, 3]]), path.locate(path.way_m[[1]], last=True)
        ((array([1, 3]), array([0., 0.])), (array([2]), array([0.])))
        """
        count = len(self.way_m)
        fix = np.searchsorted(self.way_m, way_m, side="right" if last else "left")
        if last:
            fix = fix - 1
        else:
            fix = np.minimum(fix, count - 1)
            fix = fix - (self.way_m[fix] > way_m)
        fix = np.clip(fix, 0, count - 1)
        after = np.minimum(fix + 1, count - 1)
        leg = self.way_m[after] - self.way_m[fix]
        gone = way_m - self.way_m[fix]
        fraction = np.where(leg > 0.0, gone / np.where(leg > 0.0, leg, 1.0), 0.0)
        return fix, np.clip(fraction, 0.0, np.nextafter(1.0, 0.0))

    def at(self, way_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return longitudes and latitudes of places; at a fix, those of the fix itself."""
        fix, _ = self.locate(way_m)
        gone = way_m - self.way_m[fix]
        lon, lat = self.lon[fix], self.lat[fix]
        i = np.flatnonzero((gone > 0.0) & (fix < len(self.azimuth)))
        if len(i):
            lon[i], lat[i], _ = GEOD.fwd(lon[i], lat[i], self.azimuth[fix[i]], gone[i])
        return lon, lat
