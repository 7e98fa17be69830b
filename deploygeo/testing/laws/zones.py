"""Laws of zones and fields: what is drawn, and what is looked up, is what would be measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import geodesy
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import COMPACT, GEOD, ONE_M, Position, lands, places
from deploygeo.testing.laws.ranges import MOST_POINTS, RANGES_M, columns, require_equal

__all__ = [
    "ZONES",
    "a_field_decides_as_the_distance_does",
    "a_zone_is_what_lies_within",
]


def a_field_decides_as_the_distance_does(
    points: Sequence[Position], territory: geodesy.Territory, range_m: float, step_deg: float
) -> None:
    """Looking a reach up in a field gives what measuring gives, for every point and range.

    Reason: a distance changes by at most a metre a metre, so that distances at the nodes of a grid
    bound it in between; what the bounds leave open is measured.

    Counterexample: the distance at the nearest node, or between nodes by interpolation, is wrong by
    up to half a cell, and by most where two coasts are equally near.

    Parameters
    ----------
    points : sequence of (lon, lat)
    territory : Territory
    range_m : float
        Tried besides each distance.
    step_deg : float
        Spacing of the nodes.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> a_field_decides_as_the_distance_does([(2.0, 0.5), (0.0, 90.0)], square, 1e6, 10.0)
    """
    if territory.is_empty:
        return
    lon, lat = columns(points)
    away = np.atleast_1d(geodesy.distance_m(lon, lat, territory))
    field = geodesy.field_of(territory, step_deg=step_deg, cache=False)
    low, high = (np.atleast_1d(bound) for bound in field.bounds_m(lon, lat))
    for i, point in enumerate(points):
        require(
            low[i] - ONE_M <= away[i] <= high[i] + ONE_M,
            f"{territory} is {away[i]:.4f} m from {point}, and its field says from {low[i]:.4f} to "
            f"{high[i]:.4f} m",
        )
    for ranges in (np.full(len(away), range_m), away, np.nextafter(away, -np.inf)):
        found = np.asarray(geodesy.within(lon, lat, territory, ranges, field=field))
        require_equal(points, territory, ranges, away, away <= ranges, found)
    found = np.asarray(geodesy.within(lon, lat, territory, range_m, field=field))
    require_equal(points, territory, np.full(len(away), range_m), away, away <= range_m, found)


def a_zone_is_what_lies_within(
    points: Sequence[Position], territory: geodesy.Territory, range_km: float, share: float
) -> None:
    """A zone holds what is within its range and nothing else, but for its stated tolerance.

    Reason: a drawn outline is a promise: an analyst reads off it who is in range. A point whose
    distance differs from the range by more than the tolerance must be on the right side.

    Counterexample: a buffer in degrees, in a projection or of a circle of 64 corners on a sphere is
    off by kilometres; one that is not cut at 180° covers the wrong half of the globe.

    Parameters
    ----------
    points : sequence of (lon, lat)
        Besides each, the two points are tried that lie just within and just beyond, in line with
        it and its nearest point.
    territory : Territory
    range_km : float
    share : float
        The tolerance as a share of the range, at most a tenth.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(170, 0, 180, 1))
    >>> a_zone_is_what_lies_within([(0.0, 0.0), (-180.0, 0.5)], square, 1000.0, 0.01)
    """
    tolerance_m = max(1.0, 1e3 * range_km * share)
    zone = geodesy.zone(territory, range_km, tolerance_m=tolerance_m)
    if territory.is_empty:
        require(zone.geometry.is_empty, f"the zone of nothing is {zone.geometry}")
        return
    limit_m = 1e3 * range_km
    require(
        zone.geometry.is_valid and zone.worst_vertex_m <= tolerance_m + ONE_M,
        f"the zone of {territory} is not valid, or {zone.worst_vertex_m} m off at a vertex",
    )
    steps = (limit_m - 1.5 * tolerance_m, limit_m + 1.5 * tolerance_m)
    tried = [place for point in points for place in (point, *_in_line(point, territory, steps))]
    lon, lat = columns(tried)
    away = np.atleast_1d(geodesy.distance_m(lon, lat, territory))
    inside = np.atleast_1d(zone.contains(lon, lat))
    for i, place in enumerate(tried):
        require(
            inside[i] == (away[i] <= limit_m) or abs(away[i] - limit_m) <= tolerance_m + ONE_M,
            f"{place} is {away[i]:.2f} m from {territory}, and "
            f"{'inside' if inside[i] else 'outside'} its zone of {range_km:g} km with a tolerance "
            f"of {tolerance_m:g} m",
        )


def _in_line(
    point: Position, territory: geodesy.Territory, steps_m: Sequence[float]
) -> list[Position]:
    """Return the places so far from the nearest point of a territory, on the way to a point."""
    found = geodesy.nearest(*point, territory)
    if found.inside:
        return []
    azimuth = GEOD.inv(found.lon, found.lat, *point)[0]
    ends = [GEOD.fwd(found.lon, found.lat, azimuth, step) for step in steps_m]
    return [(float(lon), float(lat)) for lon, lat, _ in ends]


def _fields() -> Mapping[str, SearchStrategy[Any]]:
    # from many nodes of a grid every place of a long parallel is about as near: that takes seconds
    land = st.shared(strategies.territories(kinds=COMPACT), key="the territory of a field")
    anywhere = strategies.positions(kinds=("anywhere", "poles", "antimeridian"))
    near = land.flatmap(lambda land: strategies.positions(near=land, distance_km=3_000.0))
    return {
        "points": st.lists(anywhere | near, min_size=1, max_size=MOST_POINTS),
        "territory": land,
        "range_m": RANGES_M,
        "step_deg": st.sampled_from([10.0, 9.0]),
    }


#: All laws of zones and fields.
ZONES: Final[tuple[Law, ...]] = (
    Law(a_field_decides_as_the_distance_does, _fields),
    Law(
        a_zone_is_what_lies_within,
        lambda: {
            "points": st.lists(places(), min_size=1, max_size=MOST_POINTS),
            "territory": lands(),
            "range_km": st.sampled_from([500.0, 100.0, 1_000.0, 2_500.0, 5_500.0, 15_000.0]),
            "share": st.sampled_from([0.1, 0.03, 0.01]),
        },
    ),
)
