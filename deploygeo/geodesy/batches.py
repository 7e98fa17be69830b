"""Points with ranges, of any size and kind of array, taken in parts so that memory is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deploygeo.errors import CoordinateError, SettingError
from deploygeo.geodesy.coordinates import checked
from deploygeo.geodesy.ellipsoid import FloatArray

__all__ = ["NOTHING_M", "Batch", "batch_of"]

#: What a range that is nan counts as: it reaches nothing.
NOTHING_M = -1.0


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Longitudes, latitudes and ranges that broadcast; only a part at a time is copied.

    Attributes
    ----------
    shape : tuple of int
    lon, lat : ndarray
    least, most : ndarray
        Ends of the ranges in metres; without dimensions where one is meant for all points, and
        one and the same object where every range is a single value.

    Examples
    --------
    >>> batch = batch_of([[1.0], [2.0]], [3, 4, 5], 1e3)
    >>> batch.shape, batch.points(slice(2, 4))
    ((2, 3), (array([1., 2.]), array([5., 3.])))
    >>> batch.limits(slice(2, 4))
    (array(1000.), array(1000.))
    """

    shape: tuple[int, ...]
    lon: NDArray[Any]
    lat: NDArray[Any]
    least: NDArray[Any]
    most: NDArray[Any]

    @property
    def size(self) -> int:
        """The number of points."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def is_fixed(self) -> bool:
        """Whether one range, or one interval, is meant for all points."""
        return self.least.ndim == 0 and self.most.ndim == 0

    def parts(self, size: int) -> Iterator[slice]:
        """Yield slices of the flat points."""
        for begin in range(0, self.size, size):
            yield slice(begin, min(begin + size, self.size))

    def points(self, part: slice) -> tuple[FloatArray, FloatArray]:
        """Return longitudes and latitudes of a part.

        Raises
        ------
        CoordinateError
            If one is no coordinate; the first bad row of all is named.
        """
        lon, lat = _cut(self.lon, part), _cut(self.lat, part)
        # The least and the greatest of an array with a nan are nan, and no comparison holds then.
        if len(lon) and not (
            lon.min() >= -180.0 and lon.max() <= 180.0 and lat.min() >= -90.0 and lat.max() <= 90.0
        ):
            checked(self.lon.reshape(self.shape), self.lat.reshape(self.shape))
        return lon, lat

    def limits(self, part: slice) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the ranges of a part, nan included; the same object twice if equal.

        Raises
        ------
        SettingError
            If an interval ends before it begins.
        """
        least = _cut(self.least, part)
        if self.most is self.least:
            return least, least
        most = _cut(self.most, part)
        wrong = np.fmax(most, NOTHING_M) < np.fmax(least, NOTHING_M)
        if wrong.any():
            row = int(np.argmax(wrong))
            ends = [float(end[row] if end.ndim else end) for end in (least, most)]
            place = f" at row {part.start + row}" if wrong.ndim else ""
            raise SettingError(
                f"the interval of ranges from {ends[0]} to {ends[1]}{place} ends before it begins"
            )
        return least, most


def _cut(array: NDArray[Any], part: slice) -> FloatArray:
    if array.ndim > 1:
        return np.asarray(array.flat[part], dtype=np.float64)
    return np.asarray(array[part] if array.ndim else array, dtype=np.float64)


def _numbers(values: ArrayLike) -> NDArray[Any]:
    array = np.asarray(values)
    # Kinds that become 64-bit floats a part at a time; objects at once, if they can. No text is
    # a number, nor is None, which numpy would make nan.
    if array.dtype.kind in "fiu":
        return array
    if array.dtype.kind in "USMm" or any(value is None for value in array.flat):
        raise TypeError(f"{values!r:.60}")
    return np.asarray(values, dtype=np.float64)


def batch_of(
    lon: ArrayLike, lat: ArrayLike, least_m: ArrayLike = np.inf, most_m: ArrayLike | None = None
) -> Batch:
    """Return points and ranges as a batch; coordinates are checked when they are taken.

    Raises
    ------
    CoordinateError
        If longitudes, latitudes and ranges do not broadcast, or a coordinate is not a number.
    SettingError
        If a range is not a number.

    Examples
    --------
    >>> batch_of(1.0, 2.0).points(slice(0, 1))
    (array([1.]), array([2.]))
    >>> batch_of([], []).size
    0
    """
    try:
        x, y = _numbers(lon), _numbers(lat)
    except (TypeError, ValueError) as error:
        raise CoordinateError(f"lon and lat are not numbers that broadcast: {error}") from None
    try:
        least = _numbers(least_m)
        most = least if most_m is None else _numbers(most_m)
    except (TypeError, ValueError) as error:
        raise SettingError(f"a range is not a number: {error}") from None
    try:
        shape = np.broadcast_shapes(x.shape, y.shape, least.shape, most.shape)
    except ValueError as error:
        raise CoordinateError(
            f"lon and lat are not numbers that broadcast, with their ranges: {error}"
        ) from None

    def spread(array: NDArray[Any]) -> NDArray[Any]:
        wide = np.broadcast_to(array, shape)
        return wide.reshape(-1) if wide.ndim < 2 or wide.flags.c_contiguous else wide

    near = least if least.ndim == 0 else spread(least)
    far = near if most is least else most if most.ndim == 0 else spread(most)
    return Batch(shape, spread(x), spread(y), near, far)
