"""Laws of hosts and of the sea: whose a place is, and how far a state's territory goes."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries, geodesy
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import BOTH_M, GEOD, Position, length_m
from deploygeo.testing.laws.holders import LEVEL, TODAY, held_days
from deploygeo.testing.laws.rewriting import edges_of

__all__ = [
    "SEA",
    "a_place_has_one_host",
    "presence_changes_no_faster_than_the_point_moves",
    "twelve_miles_of_sea_belong_to_the_nearest_coast",
]

#: 12 nautical miles of 1 852 m (UNCLOS art. 3).
_TERRITORIAL_SEA_M: Final = 12 * 1_852.0

#: Borders of neighbours run up to 1.5 m apart, and vertices are rounded to 1.1 m.
_BORDER_M: Final = 2.0 + BOTH_M


def a_place_has_one_host(point: Position, worldview: str, other: str, on: date) -> None:
    """A place on land is one state's, the holder of its unit, in every worldview.

    Reason: units do not overlap, and a worldview gives each to one holder. So between worldviews
    the host of a place changes exactly with the holder of the unit that it is in.

    Counterexample: a host read off a map of one worldview makes Sevastopol Ukraine's for Russia's
    view as well; with coordinates exchanged it is in Iraq.

    Parameters
    ----------
    point : tuple of float
    worldview, other : str
        Two worldviews.
    on : date

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_place_has_one_host((33.5, 44.6), "un", "russia", date(2021, 12, 17))
    >>> a_place_has_one_host((0.0, 0.0), "un", "russia", date(2021, 12, 17))
    """
    land = boundaries.borders(LEVEL)
    for view in (worldview, other):
        host, zone = boundaries.host_of(*point, on=on, worldview=view, level=LEVEL)
        here = boundaries.locate(*point, on=on, worldview=view, level=LEVEL)
        require(
            (here.state, here.zone) == (host, zone),
            f"{point} is {here.zone} of {here.state} and its host is {host}, {zone}",
        )
        require(
            (here.unit is None) == (zone == "high-seas"),
            f"{point} is {zone} and belongs to {here.unit}",
        )
        if here.unit is None:
            continue
        holder = boundaries.holders(view, on)[here.unit]
        require(
            (holder or None) == host,
            f"{point} is in {here.unit}, which {view} gives to {holder!r} on {on}, not to {host!r}",
        )
        if zone != "land" or not holder:
            continue
        own = boundaries.territory(holder, on=on, worldview=view, level=LEVEL)
        away = float(geodesy.distance_m(*point, own))
        require(away == 0.0, f"{point} is on land of {host}, {away} m away from it")
        for unit in land.parts_near(*point, 0.0):
            if boundaries.holders(view, on)[unit] != holder:
                depth = -float(geodesy.signed_m(*point, land.territory((unit,))))
                require(
                    depth <= _BORDER_M,
                    f"{point} is on land of {host}, and {depth:.1f} m inside {unit}",
                )


def twelve_miles_of_sea_belong_to_the_nearest_coast(
    point: Position, worldview: str, on: date
) -> None:
    """Up to 12 nautical miles from its coast a sea is the nearest state's, and beyond nobody's.

    Reason: a state's territory does not end at its coast (UNCLOS articles 2, 3 and 15): a ship
    8 km off Crimea is inside it, and an aircraft above it.

    Counterexample: with the territorial sea forgotten, that ship is on the high seas and in no
    state's territory; with 12 statute miles, so is one 20 km off.

    Parameters
    ----------
    point : tuple of float
    worldview : str
    on : date

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> twelve_miles_of_sea_belong_to_the_nearest_coast((33.42, 44.33), "un", date(2021, 6, 23))
    >>> twelve_miles_of_sea_belong_to_the_nearest_coast((34.0, 43.0), "un", date(2021, 6, 23))
    """
    held = boundaries.holders(worldview, on)
    land = boundaries.borders(LEVEL)
    away: dict[str, float] = {}
    for unit in land.parts_near(*point, _TERRITORIAL_SEA_M + 1.0):
        shapes = geodesy.Territory(
            "", (*land.territory((unit,)).shapes, *land.waters((unit,)).shapes)
        )
        unit_m = float(geodesy.distance_m(*point, shapes))
        away[held[unit]] = min(unit_m, away.get(held[unit], unit_m))
    least = min(away.values(), default=_TERRITORIAL_SEA_M + 1.0)
    host, zone = boundaries.host_of(*point, on=on, worldview=worldview, level=LEVEL)
    if zone == "high-seas":
        require(
            least >= _TERRITORIAL_SEA_M - BOTH_M,
            f"{point} is told to be on the high seas, and is {least:.2f} m from {away}",
        )
    else:
        mine = away.get(host or "", _TERRITORIAL_SEA_M + 1.0)
        require(
            mine <= min(least, _TERRITORIAL_SEA_M) + BOTH_M,
            f"{point} is told to be {zone} of {host}; in metres it is {away} away from coasts",
        )
    for state in sorted(set(away) - {""}):
        depth = _depth_m(point, state, worldview, on, "land+sea")
        require(
            depth >= -_BORDER_M if state == host else depth <= _BORDER_M,
            f"{point} is {zone} of {host}, and {depth:.2f} m inside the territory of {state}",
        )
        inland = _depth_m(point, state, worldview, on, "land")
        require(
            inland <= depth + _BORDER_M,
            f"{point} is {inland:.2f} m inside the land of {state} and {depth:.2f} m inside its "
            f"land and sea",
        )


def _depth_m(point: Position, state: str, worldview: str, on: date, parts: Any) -> float:
    return boundaries.presence_margin_m(
        *point, state, on=on, worldview=worldview, parts=parts, level=LEVEL, both_ends=False
    ).value_m


def presence_changes_no_faster_than_the_point_moves(
    point: Position, azimuth_deg: float, step_m: float, state: str, parts: str
) -> None:
    """How deep inside a state's territory a place is changes by at most a metre a metre.

    Reason: half the difference of two distances, and the least of two such functions, change no
    faster than a distance. Conditions over tracks and areas are decided by this bound.

    Counterexample: a depth that is the distance to the coast on one side of a limit, and to the
    limit on the other, jumps by 22 km between two places a metre apart.

    Parameters
    ----------
    point : tuple of float
    azimuth_deg, step_m : float
        The way to a second place.
    state : str
    parts : {"land", "land+sea"}

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> presence_changes_no_faster_than_the_point_moves((33.4, 44.3), 0.0, 1e4, "UKR", "land+sea")
    """
    other = _stepped(point, azimuth_deg, step_m)
    moved = length_m(point, other)
    one, two = (
        _depth_m(place, state, boundaries.DEFAULT_WORLDVIEW, TODAY, parts)
        for place in (point, other)
    )
    require(
        one == two or abs(one - two) <= moved + _BORDER_M,
        f"{point} is {one:.3f} m inside {state} ({parts}), and {other}, {moved:.3f} m from there, "
        f"{two:.3f} m",
    )


# -- cases


def _places() -> SearchStrategy[Position]:
    kinds = ("coasts", "borders", "limits", "seas", "anywhere")
    return (
        strategies.positions(kinds=kinds, level=LEVEL)
        | strategies.positions(near=_NARROWS, distance_km=25.0, level=LEVEL)
        | st.builds(_off, st.sampled_from(_closing_lines()), _SHARES, _AZIMUTHS, _STEPS_M)
    )


#: States that are not far apart across a sea, or have many islands in another's.
_NARROWS: Final = ("DNK", "GRC", "EST", "MYS", "TUR", "TTO")

_SHARES: Final = st.integers(0, 16).map(lambda share: share / 16)
_AZIMUTHS: Final = st.integers(0, 359).map(float)
_STEPS_M: Final = st.sampled_from([10_000.0, 100.0, 22_000.0, 22_223.0, 22_225.0, 40_000.0])

#: An edge of internal waters that is longer than this follows no coast.
_CLOSING_M: Final = 60_000.0


@functools.cache
def _closing_lines() -> tuple[tuple[Position, Position], ...]:
    """Return the lines that close internal waters off from the sea."""
    land = boundaries.borders(LEVEL)
    edges = edges_of(land.waters(sorted(land.with_waters))).tolist()
    lines = [((one[0], one[1]), (one[2], one[3])) for one in edges]
    return tuple(line for line in lines if length_m(*line) > _CLOSING_M)


def _off(
    line: tuple[Position, Position], share: float, azimuth_deg: float, step_m: float
) -> Position:
    (lon, lat), (to_lon, to_lat) = line
    middle = (lon + share * (to_lon - lon), lat + share * (to_lat - lat))
    return _stepped(middle, azimuth_deg, step_m)


def _stepped(place: Position, azimuth_deg: float, step_m: float) -> Position:
    lon, lat, _ = GEOD.fwd(*place, azimuth_deg, step_m)
    return float(lon), float(lat)


def _presences() -> Mapping[str, SearchStrategy[Any]]:
    point = st.shared(_places(), key="the place of a presence")
    return {
        "point": point,
        "azimuth_deg": _AZIMUTHS,
        "step_m": st.sampled_from([1.0, 0.01, 100.0, 1e4, 1e5]),
        "state": point.map(_states_near).flatmap(st.sampled_from),
        "parts": st.sampled_from(["land+sea", "land"]),
    }


def _states_near(point: Position) -> list[str]:
    """Return the states with land about a place, or one that is far away."""
    held = boundaries.holders(boundaries.DEFAULT_WORLDVIEW, TODAY)
    units = boundaries.borders(LEVEL).parts_near(*point, 3 * _TERRITORIAL_SEA_M)
    return sorted({held[unit] for unit in units} - {""}) or ["RUS"]


#: All laws of hosts and of the sea.
SEA: Final[tuple[Law, ...]] = (
    Law(
        a_place_has_one_host,
        lambda: {
            "point": _places(),
            "worldview": strategies.worldviews(),
            "other": strategies.worldviews(),
            "on": held_days(),
        },
    ),
    Law(
        twelve_miles_of_sea_belong_to_the_nearest_coast,
        lambda: {"point": _places(), "worldview": strategies.worldviews(), "on": held_days()},
    ),
    Law(presence_changes_no_faster_than_the_point_moves, _presences),
)
