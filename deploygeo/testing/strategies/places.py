"""Strategies of positions and tracks: where measuring is hard, and where clauses have limits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import shapely
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries
from deploygeo.boundaries import TERRITORIAL_SEA_M
from deploygeo.errors import SettingError
from deploygeo.geodesy import Nearest, Territory
from deploygeo.testing.strategies._draw import (
    Draw,
    chance,
    count,
    listed,
    named,
    numbered,
    pick,
    sized,
    spread,
    true,
)
from deploygeo.testing.strategies.outlines import (
    Outline,
    Position,
    at_distance,
    border,
    land,
    outlined,
    sea,
    seas,
    stepped,
)
from deploygeo.units import METRES_PER_KM

__all__ = ["KINDS", "draw_position", "draw_times", "legs", "positions", "track_of", "tracks"]

Near = str | Iterable[str] | Territory | Position | None

#: The kinds of places, the plainest first.
KINDS: Final = ("anywhere", "poles", "antimeridian", "coasts", "borders", "limits", "seas")

#: Half a meridian, rounded up, in kilometres.
_FARTHEST_KM: Final = 20_004.0

#: Steps from a vertex that are worth a look: on it, a millimetre, a metre, the limit of the
#: territorial sea, a metre either side of it, the nearest-state rule's reach.
_STEPS_M: Final = (
    *(0.0, TERRITORIAL_SEA_M, 1.0, TERRITORIAL_SEA_M - 1.0, TERRITORIAL_SEA_M + 1.0),
    *(0.001, 1_852.0, 60_000.0),
)

_BEFORE_180: Final = math.nextafter(180.0, 0.0)
_BELOW_90: Final = math.nextafter(90.0, 0.0)


def positions(
    *,
    near: Near = None,
    distance_km: float = 500.0,
    within: Near = None,
    kinds: str | Iterable[str] = KINDS,
    level: str = "hybrid",
) -> SearchStrategy[Position]:
    """Return a strategy of positions (lon, lat), biased to where measuring is hard.

    Parameters
    ----------
    near : states, sea, Territory or (lon, lat), optional
        Draw from its vertices, and from up to `distance_km` around them.
    distance_km : float
        How far from a vertex of `near`, at most.
    within : states, sea or Territory, optional
        Draw from inside, of the polygons it has.
    kinds : str or iterable of str
        Without `near` and `within`, which to draw from: ``anywhere`` (uniform in longitude and
        latitude), ``poles``, ``antimeridian``, ``coasts`` (land of any state, and about it),
        ``borders`` (on land, and about them), ``limits`` (12 nautical miles from a coast, and a
        metre either side), ``seas`` (inside a named one).
    level : {"hybrid", "ne10"}
        The border data to draw from.

    Raises
    ------
    UnknownNameError
        For a name that is no state, sea or kind.
    SettingError
        For a distance that is none, and where there is no land or no inside to draw from.

    Notes
    -----
    Shrinks to (0, 0), to whole degrees, and to the first vertex of what is near.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(positions())
    (0.0, 0.0)
    >>> simplest(positions(kinds="anywhere"), lambda place: place[1] >= 60)
    (0.0, 60.0)
    >>> positions(near="UKR")
    positions(near='UKR')
    >>> positions(near="UKR", within="RUS")
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: give either near or within
    """
    if near is not None and within is not None:
        raise SettingError("give either near or within")
    listed("level", level, boundaries.LEVELS)
    numbered("distance_km", distance_km, 0, _FARTHEST_KM)
    wanted = listed("kind of position", kinds, KINDS)
    outline = None if near is None else outlined(near, level)
    filled = None if within is None else outlined(within, level)
    if filled is not None and len(filled.polygons) == 0:
        raise SettingError(f"{within!r} has no inside to draw positions from")

    def draw_one(draw: Draw) -> Position:
        if outline is not None:
            return near_outline(draw, outline, distance_km)
        if filled is not None:
            return inside_outline(draw, filled)
        return draw_position(draw, wanted, level)

    return named(
        "positions",
        draw_one,
        near=near,
        distance_km=None if distance_km == 500.0 else distance_km,
        within=within,
        kinds=None if kinds == KINDS else kinds,
        level=None if level == "hybrid" else level,
    )


def draw_position(draw: Draw, kinds: tuple[str, ...] = KINDS, level: str = "hybrid") -> Position:
    """Draw a position of some kinds."""
    match pick(draw, kinds):
        case "anywhere":
            return _anywhere(draw)
        case "poles":
            lat = pick(draw, (90.0, _BELOW_90, 89.999, 89.0, 80.0))
            lat = -lat if true(draw) else lat
            return float(count(draw, -180, 180)), lat
        case "antimeridian":
            lon = pick(draw, (180.0, _BEFORE_180, 179.999, 179.0, 170.0))
            lon = -lon if true(draw) else lon
            return lon, float(count(draw, -90, 90))
        case "coasts":
            return near_outline(draw, _state(draw, level), 300.0)
        case "borders":
            return near_outline(draw, border(level), 50.0)
        case "limits":
            away_m = TERRITORIAL_SEA_M + pick(draw, (0.0, -1.0, 1.0))
            vertex, azimuth = _vertex(draw, _state(draw, level)), count(draw, 0, 359)
            return _off_all_land(vertex, azimuth, away_m, level)
        case _:
            return inside_outline(draw, sea(pick(draw, seas())))


def _anywhere(draw: Draw) -> Position:
    """Draw a position, uniform in degrees; it shrinks to zero, and before that to whole ones.

    What takes fewer choices is simpler to Hypothesis, so that a plain place must not take more
    of them than a vertex of a border: one choice gives the fractions of both coordinates.
    """
    lon, lat = count(draw, -180, 180), count(draw, -90, 90)
    fine = count(draw, 0, 9_999)
    return _finer(lon, 180, fine), _finer(lat, 90, fine * 6_180 % 9_999)


def _finer(whole: int, most: int, fine: int) -> float:
    found = whole + (-fine if whole < 0 else fine) / 10_000
    return max(-float(most), min(float(most), found))


def _state(draw: Draw, level: str) -> Outline:
    return land(frozenset((pick(draw, _with_land(level)),)), level=level)


def _off_all_land(vertex: Position, azimuth: float, away_m: float, level: str) -> Position:
    """Return a place at sea at a distance from the nearest land, if one is found off a vertex."""
    store = boundaries.borders(level)

    def nearest(place: Position) -> Nearest:
        return store.nearest_of(store.unit_ids(), *place)[0]

    place = vertex
    for turn in (0.0, 180.0, 90.0, 270.0):
        place = stepped(vertex, azimuth + turn, away_m)
        if nearest(place).distance_m > 0.0:
            return at_distance(nearest, place, away_m)
    return place


@lru_cache(maxsize=2)
def _with_land(level: str) -> tuple[str, ...]:
    return tuple(
        state
        for state in sorted(boundaries.states())
        if len(land(frozenset((state,)), level=level).vertices)
    )


def _vertex(draw: Draw, outline: Outline) -> Position:
    return outline.vertex(count(draw, 0, len(outline.vertices) - 1))


def near_outline(draw: Draw, outline: Outline, most_km: float) -> Position:
    """Draw a position at a vertex of an outline, or up to so far from it."""
    place = _vertex(draw, outline)
    most_m = most_km * METRES_PER_KM
    steps = [step for step in _STEPS_M if step <= most_m]
    index = count(draw, 0, len(steps) + 3)
    if index < len(steps):
        step = steps[index]
    else:  # whole kilometres, the near ones as often as the far ones
        farthest = max(1.0, most_km)
        share = count(draw, 0, 1_000) / 1_000
        step = min(most_m, round(farthest**share) * METRES_PER_KM)
    return stepped(place, count(draw, 0, 359), step)


def inside_outline(draw: Draw, outline: Outline) -> Position:
    """Draw a position inside a polygon of an outline, more often a large one."""
    most = len(outline.polygons) - 1
    part = count(draw, 0, min(most, 3 if not chance(draw, 4) else most))
    return outline.inside(part, spread(draw), spread(draw))


# -- tracks


def tracks(
    *,
    min_size: int = 2,
    max_size: int = 6,
    near: Near = None,
    distance_km: float = 500.0,
    kinds: str | Iterable[str] = KINDS,
    timed: bool = False,
    level: str = "hybrid",
) -> SearchStrategy[Any]:
    """Return a strategy of tracks, as a deployment takes them.

    A track is a LineString of fixes joined by geodesics; one that crosses the antimeridian is a
    MultiLineString that is cut there.

    Parameters
    ----------
    min_size, max_size : int
        How many fixes; a cut adds two.
    near, distance_km, kinds, level
        Where a track begins, as for `positions`.
    timed : bool
        Draw pairs of a LineString, which then does not cross the antimeridian, and one time per
        fix.

    Raises
    ------
    SettingError
        For sizes that are none.
    UnknownNameError
        As for `positions`.

    Notes
    -----
    Shrinks to two fixes, a degree apart.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(tracks())
    <LINESTRING (0 0, 0 1)>
    >>> simplest(tracks(min_size=3, timed=True))[1][2].isoformat()
    '2021-12-17T02:00:00+00:00'
    """
    low, high = sized(min_size, max_size, floor=2, ceiling=1_000)
    strides = legs(low - 1, high - 1)
    starts = positions(near=near, distance_km=distance_km, kinds=kinds, level=level)

    def draw_one(draw: Draw) -> Any:
        track = track_of(draw(starts), draw(strides), crossing=not timed)
        return (track, draw_times(draw, len(track.coords))) if timed else track

    return named(
        "tracks",
        draw_one,
        min_size=None if min_size == 2 else min_size,
        max_size=None if max_size == 6 else max_size,
        near=near,
        distance_km=None if distance_km == 500.0 else distance_km,
        kinds=None if kinds == KINDS else kinds,
        timed=timed or None,
        level=None if level == "hybrid" else level,
    )


_STRIDES_DEG: Final = (
    *(0.0, 1.0, -1.0, 0.1, -0.1, 0.01, -0.01),
    *(5.0, -5.0, 20.0, -20.0, 90.0, -90.0),
)
_LEGS: Final = st.tuples(st.sampled_from(_STRIDES_DEG), st.sampled_from(_STRIDES_DEG))


def legs(least: int, most: int) -> SearchStrategy[list[tuple[float, float]]]:
    """Return a strategy of legs: degrees east and north. A list loses items as it shrinks."""
    return st.lists(_LEGS, min_size=least, max_size=most)


def track_of(
    start: Position, strides: Iterable[tuple[float, float]], *, crossing: bool = True
) -> shapely.LineString | shapely.MultiLineString:
    """Return the track from a start by some legs: several lines where it crosses 180°.

    What would lead over a pole turns back, and so does what would cross where it must not.

    >>> track_of((179.0, 10.0), [(2.0, 2.0)])
    <MULTILINESTRING ((179 10, 180 11), (-180 11, -179 12))>
    >>> track_of((179.0, 10.0), [(2.0, 2.0)], crossing=False)
    <LINESTRING (179 10, 177 12)>
    """
    lines = [[start]]
    for index, (east, north) in enumerate(strides):
        lon, lat = lines[-1][-1]
        if index == 0 and (north == 0.0 and (east == 0.0 or abs(lat) == 90.0)):
            north = 1.0  # a track has an extent
        lat_to = round(lat + (north if -90.0 <= lat + north <= 90.0 else -north), 9)
        lon_to = round(lon + east, 9)
        if abs(lon_to) > 180.0 and not crossing:
            lon_to = round(lon - east, 9)
        if abs(lon_to) > 180.0:
            side = math.copysign(180.0, lon_to)
            share = (side - lon) / (lon_to - lon)
            middle = round(lat + (lat_to - lat) * share, 9)
            lines[-1].append((side, middle))
            lines.append([(-side, middle)])
            lon_to = round(lon_to - 2 * side, 9)
        lines[-1].append((lon_to, lat_to))
    kept = [line for line in lines if len(set(line)) > 1]
    return shapely.LineString(kept[0]) if len(kept) == 1 else shapely.MultiLineString(kept)


def draw_times(draw: Draw, size: int, first: date = date(2021, 12, 17)) -> tuple[datetime, ...]:
    """Draw times that never go back, from a day on."""
    moment = datetime(first.year, first.month, first.day, tzinfo=UTC)
    found = [moment]
    for _ in range(size - 1):
        hours = pick(draw, (1, 0, 6, 24, 240))
        moment += timedelta(hours=hours)
        found.append(moment)
    return tuple(found)
