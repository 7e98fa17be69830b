"""Whether a territory is within range: by look-up where a field allows, exactly elsewhere."""

from __future__ import annotations

from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deploygeo.errors import SettingError
from deploygeo.geodesy.batches import Batch, batch_of
from deploygeo.geodesy.field import PART, DistanceField
from deploygeo.geodesy.fields import field_of, kept_field, saved_field
from deploygeo.geodesy.measure import within as measured
from deploygeo.geodesy.shape import Territory, check_territory

__all__ = ["within"]

#: From this many points on it is worth looking for a field in the user's cache (about 20 ms).
LOAD_FROM = 20_000

#: From this many points on it is worth building one: twice as many as it has nodes.
BUILD_FROM = 500_000

#: Points measured exactly at a time.
_EXACT = 1 << 16


@overload
def within(
    lon: ArrayLike,
    lat: ArrayLike,
    territory: Territory,
    range_m: ArrayLike,
    *,
    most_m: None = None,
    field: DistanceField | Literal["auto"] | None = "auto",
) -> bool | NDArray[np.bool_]: ...


@overload
def within(
    lon: ArrayLike,
    lat: ArrayLike,
    territory: Territory,
    range_m: ArrayLike,
    *,
    most_m: ArrayLike,
    field: DistanceField | Literal["auto"] | None = "auto",
) -> int | NDArray[np.int8]: ...


def within(
    lon: ArrayLike,
    lat: ArrayLike,
    territory: Territory,
    range_m: ArrayLike,
    *,
    most_m: ArrayLike | None = None,
    field: DistanceField | Literal["auto"] | None = "auto",
) -> bool | int | NDArray[np.bool_] | NDArray[np.int8]:
    """Return whether a territory is at most a range away.

    The same as ``distance_m(lon, lat, territory) <= range_m``, point for point, but most points
    are decided from proven bounds of the distance and only the rest are measured.

    Parameters
    ----------
    lon, lat : array_like of float
        Degrees. Scalars give a scalar back.
    territory : Territory
    range_m : array_like of float
        Metres; broadcasts with the points. nan and negative ranges reach nothing, an infinite one
        reaches every territory that is not empty.
    most_m : array_like of float, optional
        Makes an interval ``[range_m, most_m]`` of every range.
    field : {"auto"}, DistanceField or None
        Where the bounds come from. ``"auto"``: the field of the territory, if it is in memory or
        there are so many points that loading or building one pays. None: everything is measured.

    Returns
    -------
    bool or ndarray of bool
        With `most_m` int, or ndarray of int8: 1 where the territory is within every value of the
        interval, 0 where it is beyond all of them, -1 where that depends on the value.

    Raises
    ------
    CoordinateError
        As for `distance_m`.
    SettingError
        If the territory is none, a range is not a number, an interval ends before it begins, or
        the field is that of another territory.

    Notes
    -----
    A million points are taken at a time, so that what is needed besides the arrays given is a byte
    a point for the answer. Of arrays that map a file the system counts as resident what has been
    read, until it wants the memory back; who wants less reads the file in parts and asks for each
    (``tests/soak/stream.py`` does so with 10⁸ points in less than a GiB).

    Examples
    --------
    >>> import shapely
    >>> from deploygeo.geodesy import EMPTY, Territory
    >>> square = Territory.of(shapely.box(0, 0, 1, 1))
    >>> within(2.0, 0.5, square, [111_315.0, 111_316.0])
    array([False,  True])
    >>> within([2.0, 3.0, 4.0], 0.5, square, 2e5, most_m=3e5)
    array([ 1, -1,  0], dtype=int8)
    >>> within(0.5, 0.5, square, 0.0), within(0.0, 0.0, EMPTY, float("inf"))
    (True, False)
    """
    check_territory(territory)
    batch = batch_of(lon, lat, range_m, most_m)
    chosen = None if territory.is_empty else _field_for(territory, batch.size, field)
    answer = np.full(batch.size, -1, dtype=np.int8)
    for part in batch.parts(PART):
        if territory.is_empty:
            batch.points(part)
            batch.limits(part)
            answer[part] = 0
            continue
        if chosen is not None:
            chosen.fill(batch, part, answer[part])
        _measure(batch, part, territory, answer[part])
    # An answer to one value is 0 or 1, which is what a bool is.
    found = (answer.view(np.bool_) if most_m is None else answer).reshape(batch.shape)
    return found if batch.shape else found.item()


def _field_for(
    territory: Territory, size: int, field: DistanceField | Literal["auto"] | None
) -> DistanceField | None:
    if field is None:
        return None
    if isinstance(field, DistanceField):
        if field.territory.shapes != territory.shapes:
            raise SettingError(f"{field!r} is not a field of {territory!r}")
        return field
    if field != "auto":
        raise SettingError(f"unknown field {field!r}; known: 'auto', a DistanceField, None")
    if size >= BUILD_FROM:
        return field_of(territory)
    return saved_field(territory) if size >= LOAD_FROM else kept_field(territory)


def _measure(batch: Batch, part: slice, territory: Territory, answer: NDArray[np.int8]) -> None:
    """Decide exactly what is still open."""
    left = np.flatnonzero(answer < 0)
    if len(left) == 0:
        return
    lon, lat = batch.points(part)
    least, most = batch.limits(part)
    for begin in range(0, len(left), _EXACT):
        i = left[begin : begin + _EXACT]
        x, y, far = lon[i], lat[i], most[i] if most.ndim else most
        hit = np.asarray(measured(x, y, territory, far))
        if most is not least:
            # Within the greatest value of the interval: within the least one too?
            k = np.flatnonzero(hit)
            near = measured(x[k], y[k], territory, least[i[k]] if least.ndim else least)
            answer[i[k]] = np.where(near, 1, -1)
            answer[i[~hit]] = 0
        else:
            answer[i] = hit
