"""Laws of tracks: a track is within range where its places are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

import numpy as np
import shapely
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import geodesy
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import GEOD, ONE_M, Position, lands
from deploygeo.testing.laws.ranges import RANGES_M, columns

__all__ = [
    "PASSAGES",
    "a_track_is_within_where_its_places_are",
]

#: A stay within range is found if it is deeper than this, and a leave if it goes farther out.
_FLOOR_M: Final = 0.5

#: Where a track is asked: two steps to either side of a crossing.
_TOLERANCE_M: Final = 1.0


def a_track_is_within_where_its_places_are(
    track: Sequence[Position],
    territory: geodesy.Territory,
    range_m: float,
    shares: Sequence[tuple[int, float]],
) -> None:
    """A track is told to be within range where its places are, and its closest approach is closest.

    Reason: a stay is whatever lies between coming into range and leaving it; so each place of the
    track can be asked alone. Half a metre about the range is left to the search, as it states.

    Counterexample: fixes alone, or one sample a minute, miss a corner that is cut in between; a
    straight line in degrees between fixes is not where the ship went.

    Parameters
    ----------
    track : sequence of (lon, lat)
        Its fixes.
    territory : Territory
    range_m : float
    shares : sequence of (int, float)
        Which places to ask: the leg, counted round, and the share of it that is gone.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> track = [(-5.0, 0.5), (5.0, 0.5)]
    >>> a_track_is_within_where_its_places_are(track, square, 1e5, [(0, 0.5), (0, 0.9)])
    """
    lon, lat = columns(track)
    found = geodesy.crossings(lon, lat, territory, range_m, tolerance_m=_TOLERANCE_M)
    if territory.is_empty or found.closest is None:
        require(
            territory.is_empty and found.closest is None and not found.passages,
            f"a track comes near to nothing: {found}",
        )
        return
    stays = [
        ((stay.entry.fix, stay.entry.fraction), (stay.exit.fix, stay.exit.fraction))
        for stay in found.passages
    ]
    legs = len(track) - 1
    places = [((fix, 0.0), track[fix]) for fix in range(len(track))]
    for leg, share in shares if legs else ():
        if leg % legs not in found.ambiguous:
            places.append(((leg % legs, share), _place(track, leg % legs, share)))
    for at, place in places:
        depth = range_m - float(geodesy.signed_m(*place, territory))
        staying = any(first <= at <= last for first, last in stays)
        require(
            depth <= _FLOOR_M + ONE_M or staying or _beside(at, stays, track),
            f"{place}, {at[1]:.6f} of leg {at[0]} of {list(track)}, is {depth:.3f} m within range "
            f"of {territory} and in no stay of {stays}",
        )
        require(
            depth >= -_FLOOR_M - ONE_M or not staying,
            f"{place}, {at[1]:.6f} of leg {at[0]} of {list(track)}, is {-depth:.3f} m out of range "
            f"of {territory} and in a stay of {stays}",
        )
        away = float(geodesy.distance_m(*place, territory))
        closest = found.closest.distance_m - found.closest.error_m
        require(
            away >= closest - _FLOOR_M - ONE_M,
            f"{place} of {list(track)} is {away:.3f} m from {territory}, nearer than the closest "
            f"approach, {found.closest}",
        )
    for stay in found.passages:
        for end in (stay.entry, stay.exit, stay.closest.at):
            away = float(geodesy.distance_m(end.lon, end.lat, territory))
            require(
                away <= range_m + ONE_M,
                f"a stay within {range_m} m of {territory} is told at {end}, {away:.3f} m away",
            )


def _beside(at: tuple[int, float], stays: Sequence[Any], track: Sequence[Position]) -> bool:
    """Return whether a place is so near to the end of a stay that the tolerance covers it."""
    for end in (end for stay in stays for end in stay):
        if end[0] == at[0] and at[0] + 1 < len(track):
            length = float(GEOD.inv(*track[at[0]], *track[at[0] + 1])[2])
            if abs(end[1] - at[1]) * length <= 2.0 * _TOLERANCE_M:
                return True
    return False


def _tracks() -> Mapping[str, SearchStrategy[Any]]:
    lines = strategies.tracks(kinds=("anywhere", "antimeridian"), max_size=4)
    track = st.shared(lands().flatmap(_near) | lines.map(_fixes), key="the track of a law")
    share = st.tuples(st.integers(0, 3), st.integers(0, 64).map(lambda share: share / 65))
    # a range that the track is hardly within, besides the usual ones
    hardly = st.builds(_hardly, lands(), track, st.sampled_from([1.0, 30.0, 1_000.0]))
    case = st.shared(
        st.tuples(RANGES_M, st.lists(share, max_size=8)) | hardly, key="the range of a track"
    )
    return {
        "track": track,
        "territory": lands(),
        "range_m": case.map(itemgetter(0)),
        "shares": case.map(itemgetter(1)),
    }


def _near(land: geodesy.Territory) -> SearchStrategy[list[Position]]:
    """Return tracks about a territory, and such that come near to it twice."""
    if land.is_empty:
        return st.just([(0.0, 0.0)])
    near = strategies.positions(near=land, distance_km=500.0)
    far = strategies.positions(near=land, distance_km=8_000.0)
    return st.lists(near, min_size=1, max_size=6) | st.tuples(near, far, near).map(list)


def _hardly(
    land: geodesy.Territory, track: Sequence[Position], depth_m: float
) -> tuple[float, list[tuple[int, float]]]:
    """Return a range that the nearest place of a track is so deep within, and that place."""
    if land.is_empty or len(track) < 2:
        return depth_m, []
    asked = [(leg, share / 65) for leg in range(len(track) - 1) for share in range(65)]
    lon, lat = columns([_place(track, leg, share) for leg, share in asked])
    away = np.atleast_1d(geodesy.distance_m(lon, lat, land))
    best = int(np.argmin(away))
    return float(away[best]) + depth_m, [asked[best]]


def _place(track: Sequence[Position], leg: int, share: float) -> Position:
    """Return the place at a share of a leg, which is a geodesic."""
    azimuth, _, length = GEOD.inv(*track[leg], *track[leg + 1])
    lon, lat, _ = GEOD.fwd(*track[leg], azimuth, length * share)
    return float(lon), float(lat)


def _fixes(track: Any) -> list[Position]:
    return [(float(lon), float(lat)) for lon, lat in shapely.get_coordinates(track)]


#: All laws of tracks.
PASSAGES: Final[tuple[Law, ...]] = (Law(a_track_is_within_where_its_places_are, _tracks),)
