"""Laws of the distance to a territory: what holds of every point and every closed set."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from deploygeo import geodesy
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import (
    BOTH_M,
    COMPACT,
    Position,
    are_the_same,
    cases,
    lands,
    length_m,
    places,
)
from deploygeo.testing.laws.rewriting import edges_of

__all__ = [
    "DISTANCES",
    "a_scalar_is_a_batch_of_one",
    "distance_changes_no_faster_than_the_point_moves",
    "more_land_is_never_farther",
    "separation_is_the_least_distance",
]


def distance_changes_no_faster_than_the_point_moves(
    point: Position, other: Position, territory: geodesy.Territory
) -> None:
    """Moving a point by some metres changes its distances, signed or not, by no more metres.

    Reason: the triangle inequality. All that is proven without measuring everywhere rests on it:
    fields, zones, crossings of tracks, conditions over areas.

    Counterexample: the planar nearest point jumps. Seen from 60° N, that of MULTIPOINT (0 51.6,
    10 60) is 940 km away at 1.47° E and 475 km at 1.48° E, which is 558 m farther on.

    Parameters
    ----------
    point, other : tuple of float
    territory : Territory

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> distance_changes_no_faster_than_the_point_moves((0.5, 0.5), (180.0, -90.0), square)
    >>> distance_changes_no_faster_than_the_point_moves((0.0, 0.0), (1.0, 1.0), geodesy.EMPTY)
    """
    moved = length_m(point, other)
    for measure in (geodesy.distance_m, geodesy.signed_m):
        one, two = float(measure(*point, territory)), float(measure(*other, territory))
        if are_the_same(one, two):  # nan of nothing, infinitely deep in the whole globe
            continue
        require(
            abs(one - two) <= moved + BOTH_M,
            f"{measure.__name__} is {one:.4f} m at {point} and {two:.4f} m at {other}, "
            f"which is {moved:.4f} m from there",
        )


def more_land_is_never_farther(
    point: Position, territory: geodesy.Territory, more: geodesy.Territory
) -> None:
    """Of two territories the nearer one is as near as both together.

    Reason: the distance to a union is the least of the distances to its parts; so adding land never
    makes anything farther, nor what was within range be out of it.

    Counterexample: a search that drops a part by its size, or by how near it is in degrees, leaves
    the islet out that decides: from Helsinki Gogland is 112 km away, Russia's mainland over 150.

    Parameters
    ----------
    point : tuple of float
    territory, more : Territory

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> more_land_is_never_farther((5.0, 5.0), square, geodesy.Territory.of(shapely.Point(2, 2)))
    >>> more_land_is_never_farther((5.0, 5.0), square, geodesy.EMPTY)
    """
    union = geodesy.Territory("", (*territory.shapes, *more.shapes))
    parts = [float(geodesy.distance_m(*point, part)) for part in (territory, more)]
    least = min((part for part in parts if not math.isnan(part)), default=math.nan)
    found = float(geodesy.distance_m(*point, union))
    require(
        are_the_same(least, found) or abs(found - least) <= BOTH_M,
        f"from {point} the two are {parts[0]:.4f} m and {parts[1]:.4f} m away, and both together "
        f"{found:.4f} m",
    )


def separation_is_the_least_distance(
    territory: geodesy.Territory, other: geodesy.Territory
) -> None:
    """Two territories are as far apart as the nearest place of one is from the other, either way.

    Reason: the least distance over all pairs of places is symmetric, at most that from any vertex,
    and zero exactly where the two have a point in common.

    Counterexample: measuring from vertices alone, two long edges that pass each other at their
    middles are told to be farther apart than they are; in degrees, another pair is the nearest.

    Parameters
    ----------
    territory, other : Territory

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> west, east = (geodesy.Territory.of(shapely.box(x, 0, x + 1, 1)) for x in (0, 2))
    >>> separation_is_the_least_distance(west, east)
    """
    one, two = geodesy.separation_m(territory, other), geodesy.separation_m(other, territory)
    require(
        are_the_same(one, two) or abs(one - two) <= BOTH_M,
        f"they are {one:.4f} m apart from one side and {two:.4f} m from the other",
    )
    for first, second in ((territory, other), (other, territory)):
        edges = edges_of(first)
        if len(edges) == 0 or second.is_empty:
            continue
        least = float(np.min(geodesy.distance_m(edges[:, 0], edges[:, 1], second)))
        require(
            one <= least + BOTH_M,
            f"a vertex is {least:.4f} m from the other territory, and they are told to be "
            f"{one:.4f} m apart",
        )


def a_scalar_is_a_batch_of_one(points: Sequence[Position], territory: geodesy.Territory) -> None:
    """Many points at once, split anywhere, give bit for bit what each gives alone.

    Reason: a report must not depend on how a file was read; so scalar and batch are one path, and
    what is pruned for one point is not pruned by what its neighbours found.

    Counterexample: a search that starts from the last point's witness, or sums a batch pairwise,
    changes the last digits, and at a threshold the verdict.

    Parameters
    ----------
    points : sequence of (lon, lat)
    territory : Territory

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> a_scalar_is_a_batch_of_one([(0.5, 0.5), (180.0, 0.0), (-180.0, 0.0)], square)
    """
    lon, lat = np.array(points, dtype=np.float64).reshape(-1, 2).T
    for measure in (geodesy.distance_m, geodesy.signed_m):
        whole = np.asarray(measure(lon, lat, territory))
        alone = np.array([measure(*point, territory) for point in points])
        at = len(points) // 2
        halves = [np.atleast_1d(measure(lon[i], lat[i], territory)) for i in _halves(at)]
        for other in (alone, np.concatenate(halves)):
            wrong = np.flatnonzero(~_same(whole, other))
            require(
                len(wrong) == 0,
                f"{measure.__name__} of {[points[i] for i in wrong.tolist()]} is "
                f"{other[wrong].tolist()} "
                f"in parts and {whole[wrong].tolist()} at once",
            )
    many = geodesy.nearest(lon, lat, territory)
    for i, point in enumerate(points):
        single = geodesy.nearest(*point, territory)
        told = tuple(np.asarray(column)[i] for column in many)
        same = all(
            a == b or (a != a and b != b)  # nan is not itself
            for a, b in zip(single, told, strict=True)
        )
        require(same, f"nearest of {point} is {single} alone and {told} among others")


def _halves(at: int) -> tuple[slice, slice]:
    return slice(None, at), slice(at, None)


def _same(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray((one == other) | (np.isnan(one) & np.isnan(other)))


def _pairs() -> Mapping[str, SearchStrategy[Any]]:
    # two parallels are equally far apart at every place: to prove which is nearest takes seconds
    drawn = strategies.territories(kinds=COMPACT) | st.just(geodesy.EMPTY)
    return {"territory": drawn, "other": drawn}


#: All laws of the distance to a territory.
DISTANCES: Final[tuple[Law, ...]] = (
    Law(distance_changes_no_faster_than_the_point_moves, lambda: cases(other=places())),
    Law(more_land_is_never_farther, lambda: cases(more=strategies.territories())),
    Law(separation_is_the_least_distance, _pairs),
    Law(
        a_scalar_is_a_batch_of_one,
        lambda: {"points": st.lists(places(), min_size=1, max_size=8), "territory": lands()},
    ),
)
