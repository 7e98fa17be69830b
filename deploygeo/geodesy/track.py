"""Tracks: when and where a path of fixes comes within a range of a territory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deploygeo.errors import SettingError
from deploygeo.geodesy.clock import Clock, Time
from deploygeo.geodesy.ellipsoid import FloatArray
from deploygeo.geodesy.measure import signed_m
from deploygeo.geodesy.path import Path
from deploygeo.geodesy.shape import Territory, check_territory
from deploygeo.geodesy.stepping import along, crossed, lowest

__all__ = ["FLOOR_M", "Approach", "Crossings", "Gap", "Passage", "TrackPoint", "crossings"]

#: Every stay within the range that is deeper than this is found, and every leave that goes
#: farther out than this parts two stays.
FLOOR_M = 0.5

#: Below the error of a distance (1 mm) and of ways along a track of a million kilometres an entry
#: could not be told from its neighbourhood.
_LEAST_TOLERANCE_M = 0.01

#: A closest approach is proven to a metre or to this share of the distance; inside the territory,
#: where the distance is 0 in any case, the deepest place to this share of its depth.
_SHARE = 1e-4
_SHARE_INSIDE = 1e-2


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """A place on a track.

    Attributes
    ----------
    fix : int
        The last fix before it, or at it.
    fraction : float
        Of the leg from that fix to the next, in [0, 1).
    lon, lat : float
    time : datetime, numpy.datetime64 or None
        As the times were given; None where none were.
    """

    fix: int
    fraction: float
    lon: float
    lat: float
    time: Time | None = None


@dataclass(frozen=True, slots=True)
class Approach:
    """A closest approach.

    Attributes
    ----------
    distance_m : float
        0 inside the territory.
    at : TrackPoint
        Where; inside the territory the deepest place (see `signed_m`) to 1 %.
    error_m : float
        The track comes nearer by at most this, proven.
    """

    distance_m: float
    at: TrackPoint
    error_m: float


@dataclass(frozen=True, slots=True)
class Passage:
    """One stay within the range.

    Attributes
    ----------
    entry, exit : TrackPoint
        First and last place found within; the crossing is at most the tolerance away.
    closest : Approach
    starts_inside, ends_inside : bool
        The track begins, or ends, within the range: then entry, or exit, is its own end.
    """

    entry: TrackPoint
    exit: TrackPoint
    closest: Approach
    starts_inside: bool
    ends_inside: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Two consecutive fixes that are longer apart than asked.

    Attributes
    ----------
    before, after : TrackPoint
    length_m : float
        Along the geodesic, which is all that is known of the way between.
    """

    before: TrackPoint
    after: TrackPoint
    length_m: float


@dataclass(frozen=True, slots=True)
class Crossings:
    """What `crossings` finds.

    Attributes
    ----------
    passages : tuple of Passage
        In order of the track.
    closest : Approach or None
        Of the whole track; None to a territory of nothing.
    gaps : tuple of Gap
    ambiguous : tuple of int
        Legs between antipodal fixes: another geodesic is as short as the one that was taken.
    """

    passages: tuple[Passage, ...]
    closest: Approach | None
    gaps: tuple[Gap, ...] = ()
    ambiguous: tuple[int, ...] = ()


def crossings(
    lon: ArrayLike,
    lat: ArrayLike,
    territory: Territory,
    range_m: float,
    *,
    times: Sequence[datetime] | NDArray[np.datetime64] | None = None,
    gap: timedelta | np.timedelta64 | None = None,
    tolerance_m: float = 1.0,
) -> Crossings:
    """Find every stay of a track within a range of a territory.

    Parameters
    ----------
    lon, lat : array_like of float
        Fixes in degrees, in order, joined by geodesics. One fix is a track without length.
    territory : Territory
    range_m : float
        Metres; 0 asks for stays in the territory itself, and infinity is everywhere.
    times : sequence of datetime or array of datetime64, optional
        One for each fix, never going back. Between fixes time is linear in the distance gone.
    gap : timedelta, optional
        Consecutive fixes longer apart than this are told in `gaps`; needs `times`. The track is
        taken for a geodesic there as elsewhere.
    tolerance_m : float
        How far an entry or exit may lie inside of the true one, along the track.

    Raises
    ------
    CoordinateError
        If there is no fix, longitudes and latitudes differ in number, or one is not one.
    SettingError
        If the territory is none, the range is negative or nan, or times, gap or tolerance do not
        fit.

    Notes
    -----
    The distance to a set changes by at most a metre a metre of the track. So from a place that is
    g metres out of range nothing can happen for g metres along it, and from one g metres within
    likewise; what two such steps from both ends of a stretch leave open is halved until it is
    shorter than 1 m (`deploygeo.geodesy.stepping` has the proof). It follows, for tracks of any
    shape:

    * every stay is found that comes 0.5 m (`FLOOR_M`) nearer than the range, however brief;
    * every fix within the range lies in a stay;
    * two stays are told apart if the track goes 0.5 m beyond the range between them;
    * what is found is real: entry, exit and closest approach are within the range, to the 1 mm of
      a distance, and between two passages the track was out of range.

    So only a stay less than 0.5 m deep and between two fixes may be missed, and two stays be told
    as one where they are parted by less than that. Where a track follows the range itself to
    within a metre for long, each metre is asked: this is the slowest case.

    The closest approach is within 1 m or 0.01 % of the true least distance, by the same bound; each
    `Approach` says how near it was proven. Of a stay missed as above the overall closest may be
    0.5 m less in addition.

    Examples
    --------
    >>> import shapely
    >>> square = Territory.of(shapely.box(0, 0, 1, 1))
    >>> import numpy as np
    >>> hours = np.array(["2021-11-05T00", "2021-11-05T20"], "datetime64[h]")
    >>> found = crossings([-5.0, 5.0], [0.5, 0.5], square, 100_000.0, times=hours)
    >>> stay = found.passages[0]
    >>> round(stay.entry.lon, 4), str(stay.entry.time)[:16], round(stay.exit.lon, 4)
    (-0.8983, '2021-11-05T08:12', 1.8983)
    >>> stay.closest.distance_m, stay.starts_inside
    (0.0, False)

    A track that only comes near, and one of a single fix within:

    >>> found = crossings([-5.0, 5.0], [2.0, 2.0], square, 100_000.0)
    >>> found.passages, round(found.closest.distance_m / 1000)
    ((), 111)
    >>> len(crossings([0.5], [0.5], square, 0.0).passages)
    1
    """
    check_territory(territory)
    path = Path.of(lon, lat)
    reach = _range(range_m)
    if not (isinstance(tolerance_m, int | float) and tolerance_m >= _LEAST_TOLERANCE_M):
        raise SettingError(f"the tolerance is {_LEAST_TOLERANCE_M} m or more, not {tolerance_m!r}")
    clock = None if times is None else Clock.of(times, len(path.lon))
    gaps = _gaps(path, clock, gap)
    if territory.is_empty:
        return Crossings((), None, gaps, path.ambiguous)

    def distances(way_m: FloatArray) -> FloatArray:
        return np.asarray(signed_m(*path.at(way_m), territory), dtype=np.float64)

    found = crossed(
        distances,
        path.length_m,
        reach,
        floor_m=FLOOR_M,
        tolerance_m=float(tolerance_m),
        ask=path.way_m,
    )
    starts, ends = found.below(path.length_m)
    place, value = along(distances, found, starts, ends)
    if len(starts):
        least = lowest(distances, place, value, starts, ends, _tolerance)
    else:
        whole = np.array([0.0]), np.array([path.length_m])
        least = lowest(distances, place, value, *whole, _tolerance)
    near = _points(path, clock, least.place)
    approaches = [
        Approach(max(0.0, float(d)), at, max(0.0, float(d)) - max(0.0, float(bound)))
        for d, at, bound in zip(least.value, near, least.bound, strict=True)
    ]
    entries, exits = _points(path, clock, starts), _points(path, clock, ends, last=True)
    passages = tuple(
        Passage(
            entry, exit_, approach, bool(start == 0.0 and found.starts_below), end == path.length_m
        )
        for entry, exit_, approach, start, end in zip(
            entries, exits, approaches, starts, ends.tolist(), strict=False
        )
    )
    closest = approaches[int(np.argmin(least.value))]
    return Crossings(passages, closest, gaps, path.ambiguous)


def _range(range_m: float) -> float:
    try:
        reach = float(range_m)
    except (TypeError, ValueError):
        reach = math.nan
    if math.isnan(reach) or reach < 0.0:
        raise SettingError(f"a range is a number of metres from 0, not {range_m!r}")
    return reach


def _tolerance(least: FloatArray) -> FloatArray:
    wanted: FloatArray = np.where(least > 0.0, _SHARE, _SHARE_INSIDE) * np.abs(least)
    return np.maximum(1.0, wanted)


def _points(
    path: Path, clock: Clock | None, way_m: FloatArray, *, last: bool = False
) -> list[TrackPoint]:
    lon, lat = path.at(way_m)
    fix, fraction = path.locate(way_m, last=last)
    return _made(clock, fix, fraction, lon, lat)


def _made(
    clock: Clock | None,
    fix: NDArray[np.int64],
    fraction: FloatArray,
    lon: FloatArray,
    lat: FloatArray,
) -> list[TrackPoint]:
    times: list[Any] = [None] * len(fix) if clock is None else clock.at(fix, fraction)
    columns = (fix.tolist(), fraction.tolist(), lon.tolist(), lat.tolist(), times)
    return [TrackPoint(*row) for row in zip(*columns, strict=True)]


def _gaps(
    path: Path, clock: Clock | None, gap: timedelta | np.timedelta64 | None
) -> tuple[Gap, ...]:
    if gap is None:
        return ()
    if clock is None:
        raise SettingError("gaps between fixes need their times")
    legs = clock.long(gap)

    def fixes(i: NDArray[np.int64]) -> list[TrackPoint]:
        return _made(clock, i, np.zeros(len(i)), path.lon[i], path.lat[i])

    lengths = (path.way_m[legs + 1] - path.way_m[legs]).tolist()
    return tuple(Gap(*row) for row in zip(fixes(legs), fixes(legs + 1), lengths, strict=True))
