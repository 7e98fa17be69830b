"""Laws of ranges: what is within reach, to the last bit, for one range and an interval of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from deploygeo import geodesy
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import Position, lands, places

__all__ = [
    "MOST_POINTS",
    "RANGES",
    "RANGES_M",
    "an_interval_of_ranges_decides_what_all_its_values_say",
    "columns",
    "more_reach_reaches_more",
    "require_equal",
    "within_is_a_distance_at_most_the_range",
]


def within_is_a_distance_at_most_the_range(
    points: Sequence[Position], territory: geodesy.Territory, range_m: float
) -> None:
    """A territory is within range exactly where its distance is at most the range.

    Reason: "up to 500 km" includes 500 km, and nothing is rounded before it is compared. So at the
    distance itself the answer is yes, and at the next smaller double no.

    Counterexample: `<` for `<=` says no at the distance itself; a margin of a millimetre "for
    rounding" says yes below it.

    Parameters
    ----------
    points : sequence of (lon, lat)
    territory : Territory
    range_m : float
        Tried besides each distance and its two neighbours.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> within_is_a_distance_at_most_the_range([(0.5, 0.5), (2.0, 0.5)], square, 0.0)
    >>> within_is_a_distance_at_most_the_range([(0.5, 0.5)], geodesy.EMPTY, math.inf)
    """
    lon, lat = columns(points)
    away = np.atleast_1d(geodesy.distance_m(lon, lat, territory))
    tried = [np.full(len(away), range_m), away, np.nextafter(away, np.inf)]
    tried.append(np.nextafter(away, -np.inf))
    for ranges in tried:
        expected = away <= ranges
        found = np.asarray(geodesy.within(lon, lat, territory, ranges))
        require_equal(points, territory, ranges, away, expected, found)
        pairs = zip(points, ranges.tolist(), strict=True)
        alone = [geodesy.within(*point, territory, reach) for point, reach in pairs]
        require_equal(points, territory, ranges, away, expected, np.array(alone, dtype=bool))
    require_equal(
        points,
        territory,
        tried[0],
        away,
        away <= range_m,
        np.asarray(geodesy.within(lon, lat, territory, range_m)),
    )


def require_equal(
    points: Sequence[Position],
    territory: geodesy.Territory,
    ranges: NDArray[np.float64],
    away: NDArray[np.float64],
    expected: NDArray[Any],
    found: NDArray[Any],
) -> None:
    """Raise where an answer differs from what the distance says, naming the first such point."""
    wrong = np.flatnonzero(np.atleast_1d(expected != found))
    if len(wrong):
        i = int(wrong[0])
        require(
            False,
            f"{territory} is {float(away[i])!r} m from {points[i]}; against a range of "
            f"{float(ranges[i])!r} m that is {expected[i]}, not {found[i]}",
        )


def an_interval_of_ranges_decides_what_all_its_values_say(
    points: Sequence[Position], territory: geodesy.Territory, range_m: float, wide_m: float
) -> None:
    """Under an interval of ranges a territory is within all of them, within none, or it depends.

    Reason: what holds at both ends holds between them, for reach only grows with the range; what
    differs at the ends is not known.

    Counterexample: the middle of the interval decides where the ends differ; a range known to
    2 000-2 500 km is told to reach what is 2 200 km away.

    Parameters
    ----------
    points : sequence of (lon, lat)
    territory : Territory
    range_m, wide_m : float
        The least range, and the width of the interval.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> an_interval_of_ranges_decides_what_all_its_values_say([(2.0, 0.5)], square, 1e5, 2e4)
    """
    lon, lat = columns(points)
    away = np.atleast_1d(geodesy.distance_m(lon, lat, territory))
    for least in (np.full(len(away), range_m), away, np.nextafter(away, -np.inf)):
        most = least + wide_m
        expected = np.where(away <= least, 1, np.where(away <= most, -1, 0))
        found = np.asarray(geodesy.within(lon, lat, territory, least, most_m=most))
        require_equal(points, territory, least, away, expected, found)


def more_reach_reaches_more(
    points: Sequence[Position], territory: geodesy.Territory, range_m: float, more_m: float
) -> None:
    """What is within a range is within every longer one.

    Reason: a distance does not depend on the range that it is compared with.

    Counterexample: a search cut off at the range finds another nearest shape with a longer one, and
    an interval for an infinite range that is not a number compares false.

    Parameters
    ----------
    points : sequence of (lon, lat)
    territory : Territory
    range_m, more_m : float

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> point = geodesy.Territory.of(shapely.Point(0, 0))
    >>> more_reach_reaches_more([(2.0, 0.5)], point, 0.0, math.inf)
    """
    lon, lat = columns(points)
    near = np.atleast_1d(geodesy.within(lon, lat, territory, range_m))
    far = np.atleast_1d(geodesy.within(lon, lat, territory, range_m + more_m))
    wrong = np.flatnonzero(near & ~far)
    require(
        len(wrong) == 0,
        f"{[points[i] for i in wrong.tolist()]} are within {range_m} m and not within "
        f"{range_m + more_m} m",
    )


def columns(points: Sequence[Position]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitudes and latitudes.

    >>> columns([(5.0, 50.0)])
    (array([5.]), array([50.]))
    """
    lon, lat = np.array(points, dtype=np.float64).reshape(-1, 2).T
    return lon, lat


MOST_POINTS: Final = 6


RANGES_M: Final = st.sampled_from([0.0, 500e3, 1.0, 22_224.0, 1_000e3, 5_500e3, math.inf])


def _cases(**more: SearchStrategy[Any]) -> Mapping[str, SearchStrategy[Any]]:
    points = st.lists(places(), min_size=1, max_size=MOST_POINTS)
    return {"points": points, "territory": lands(), "range_m": RANGES_M, **more}


#: All laws of ranges.
RANGES: Final[tuple[Law, ...]] = (
    Law(within_is_a_distance_at_most_the_range, _cases),
    Law(
        an_interval_of_ranges_decides_what_all_its_values_say,
        lambda: _cases(wide_m=st.sampled_from([0.0, 1.0, 1e3, 1e6])),
    ),
    Law(
        more_reach_reaches_more,
        lambda: _cases(more_m=st.sampled_from([0.0, 1e-9, 1.0, 1e6, math.inf])),
    ),
)
