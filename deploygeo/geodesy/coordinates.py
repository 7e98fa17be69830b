"""Longitudes and latitudes as they come in: broadcast, checked, and the first bad row named."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deploygeo.errors import CoordinateError

__all__ = ["checked", "unwrapped"]


def checked(
    lon: ArrayLike, lat: ArrayLike, *, what: str = "row"
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[int, ...]]:
    """Return longitudes and latitudes, flat, with the shape they broadcast to.

    Raises
    ------
    CoordinateError
        If a latitude lies outside [-90, 90], a longitude outside [-180, 180], or either is not
        finite or not a number. The first bad row is named.

    Examples
    --------
    >>> checked([10, 20], 50)
    (array([10., 20.]), array([50., 50.]), (2,))
    >>> checked([10, 49.5], [50, 120])
    Traceback (most recent call last):
    deploygeo.errors.CoordinateError: lat 120.0 at row 1 is outside [-90, 90]; lon 49.5 would be a
    latitude: are lon and lat swapped?
    """
    try:
        x, y = np.broadcast_arrays(
            np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        )
    except (TypeError, ValueError) as error:
        raise CoordinateError(f"lon and lat are not numbers that broadcast: {error}") from None
    shape = x.shape
    x, y = np.ascontiguousarray(x).ravel(), np.ascontiguousarray(y).ravel()
    # Written so that nan fails.
    good = (np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)
    if not good.all():
        _refuse(x, y, int(np.argmin(good)), shape, what)
    return x, y, shape


def _refuse(
    x: NDArray[np.float64], y: NDArray[np.float64], row: int, shape: tuple[int, ...], what: str
) -> None:
    lon, lat = float(x[row]), float(y[row])
    index = tuple(int(i) for i in np.unravel_index(row, shape)) if len(shape) > 1 else row
    place = f" at {what} {index}" if shape else ""
    if not np.isfinite([lon, lat]).all():
        name, value = ("lon", lon) if not np.isfinite(lon) else ("lat", lat)
        raise CoordinateError(f"{name} {value}{place} is not finite")
    if abs(lat) > 90.0:
        hint = ""
        if abs(lon) <= 90.0 and abs(lat) <= 180.0:
            hint = f"; lon {lon} would be a latitude: are lon and lat swapped?"
        raise CoordinateError(f"lat {lat}{place} is outside [-90, 90]{hint}")
    hint = f"; {(lon + 180.0) % 360.0 - 180.0:.12g} is the same meridian" if abs(lon) <= 540 else ""
    raise CoordinateError(f"lon {lon}{place} is outside [-180, 180]{hint}")


def unwrapped(values: NDArray[np.float64], shape: tuple[int, ...]) -> float | NDArray[np.float64]:
    """Return values in the shape asked for: a float where that is a scalar's.

    Examples
    --------
    >>> unwrapped(np.array([2.5]), ())
    2.5
    >>> unwrapped(np.array([2.5, 3.5]), (2, 1))
    array([[2.5],
           [3.5]])
    """
    return values.reshape(shape) if shape else float(values[0])
