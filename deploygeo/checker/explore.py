"""A condition over a track or an area: decided by bounds, not by samples.

A condition's score changes by at most one metre a metre of place (every distance is
1-Lipschitz, and *and*, *or*, *not* keep that). A track is the geodesic between its fixes;
the edges of an area are straight in longitude and latitude. So its value at the middle of a piece
bounds it over the whole piece, and splitting where the bound is loose finds the deepest
breach or proves that there is none.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from deploygeo import geodesy
from deploygeo.clauses.outcome import Outcome, Reason, negation
from deploygeo.clauses.truth import Margin, Truth
from deploygeo.geodesy.path import Path

__all__ = ["Piece", "farthest_m", "nearest_point", "over", "pieces_of"]

MOST_EVALUATIONS: Final = 400
"""Evaluations for one track or area: enough for 1 % of the depth on a 3 000 km track."""

TOLERANCE_M: Final = 100.0
"""The deepest point is sought to this, or to 1 % of its depth."""

# Between places 2 km apart a line straight in longitude and latitude is at most
# L² tan(lat) / 8R from the geodesic: 0.9 m at 85 degrees.
_STEP_M: Final = 2_000.0

Ask = Callable[[tuple[float, float]], Outcome]


@dataclass(frozen=True, slots=True)
class _Area:
    """Part of an area, or a point, with the distance from one place in it to the farthest."""

    place: tuple[float, float]
    radius_m: float
    geometry: BaseGeometry

    @classmethod
    def of(cls, geometry: BaseGeometry) -> _Area:
        point = geometry.representative_point()
        west, south, east, north = geometry.bounds
        place = (float(point.x), float(point.y))
        # Along a parallel and then a meridian is at least as far as any way: a bound for every
        # point of the box, 111.7 km being the longest degree of the ellipsoid.
        widest = math.cos(math.radians(min(abs(south), abs(north)) if south * north > 0 else 0.0))
        across = max(place[0] - west, east - place[0]) * 111_700.0 * widest
        along = max(place[1] - south, north - place[1]) * 111_700.0
        return cls(place, across + along, geometry)

    def split(self) -> list[_Area]:
        """Return parts with smaller radii; what only touches the cut belongs to either."""
        west, south, east, north = self.geometry.bounds
        if east - west > north - south:
            middle = (west + east) / 2
            boxes = [(west, south, middle, north), (middle, south, east, north)]
        else:
            middle = (south + north) / 2
            boxes = [(west, south, east, middle), (west, middle, east, north)]
        halves = [shapely.intersection(self.geometry, shapely.box(*box)) for box in boxes]
        return [_Area.of(half) for half in halves if not half.is_empty]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Part of a track: from its middle no place of it is farther than half its length."""

    place: tuple[float, float]
    radius_m: float
    path: Path
    start_m: float

    @classmethod
    def of(cls, path: Path, start_m: float, end_m: float) -> _Stretch:
        radius_m = (end_m - start_m) / 2
        lon, lat = path.at(np.array([start_m + radius_m]))
        return cls((float(lon[0]), float(lat[0])), radius_m, path, start_m)

    def split(self) -> list[_Stretch]:
        """Return its halves."""
        start, middle = self.start_m, self.start_m + self.radius_m
        return [
            _Stretch.of(self.path, start, middle),
            _Stretch.of(self.path, middle, middle + self.radius_m),
        ]


Piece = _Area | _Stretch


def pieces_of(geometry: BaseGeometry) -> list[Piece]:
    """Return the parts of a geometry: its points, the legs of its tracks, its areas."""
    found: list[Piece] = []
    for part in shapely.get_parts(geometry):
        if isinstance(part, shapely.Point):
            found.append(_Area((part.x, part.y), 0.0, part))
        elif isinstance(part, shapely.LineString):
            path = Path.of(*shapely.get_coordinates(part).T)
            found.append(_Stretch.of(path, 0.0, path.length_m))
        else:
            found.append(_Area.of(part))
    return found


def over(geometry: BaseGeometry, ask: Ask, *, uncertain: bool) -> Outcome:
    """Return the outcome of a condition over a geometry.

    Parameters
    ----------
    geometry : shapely geometry
    ask : callable
        Gives the outcome at one place.
    uncertain : bool
        The place is one unknown point of the geometry, so the condition must hold
        everywhere to be true; otherwise one point where it holds suffices.
    """
    pieces = pieces_of(geometry)
    if len(pieces) == 1 and pieces[0].radius_m == 0.0:
        return _deepest(pieces, ask)[0]
    outcome = _over(pieces, ask, uncertain=uncertain)
    if not geometry.geom_type.endswith("LineString"):
        return outcome
    text = "where it is deepest on the track, which is geodesic between its fixes"
    return replace(outcome, reason=Reason(text, outcome.truth, None, (outcome.reason,)))


def _over(pieces: list[Piece], ask: Ask, *, uncertain: bool) -> Outcome:
    best, bound = _deepest(pieces, ask)
    if uncertain:
        worst, low = _deepest(pieces, lambda place: negation(ask(place)))
        if low < 0:
            return negation(worst)  # true everywhere
        if bound < 0:
            return best
        return _unknown(best, (-low, bound))
    if best.truth is Truth.TRUE or bound < 0:
        return best
    return _unknown(best, (best.score_m[0], bound))


def nearest_point(
    geometry: BaseGeometry, place: tuple[float, float]
) -> tuple[float, tuple[float, float]]:
    """Return how far a geometry is from a place, to a metre, and its nearest point.

    >>> track = shapely.LineString([(30, 43), (38, 43)])
    >>> away_m, point = nearest_point(track, (34, 43))
    >>> round(away_m / 1000), round(point[0], 2), round(point[1], 2)  # bulges north
    (8, 34.0, 43.07)
    """
    found = geodesy.nearest(*place, _in_steps(geometry))
    return float(found.distance_m), (float(found.lon), float(found.lat))


@lru_cache(maxsize=64)
def _in_steps(geometry: BaseGeometry) -> geodesy.Territory:
    """Return a geometry whose tracks are in steps; one is asked for at thousands of places."""
    parts = [
        part
        for whole in shapely.get_parts(geometry)
        for part in (_steps(whole) if isinstance(whole, shapely.LineString) else [whole])
    ]
    return geodesy.Territory.of(shapely.GeometryCollection(parts))


def _steps(track: shapely.LineString) -> list[BaseGeometry]:
    """Return a track in steps so short that straight and geodesic ones are the same to a metre."""
    points: list[tuple[float, ...]] = [track.coords[0][:2]]
    for start, end in itertools.pairwise(track.coords):
        away_m, azimuth = geodesy.inverse(start[0], start[1], end[0], end[1])
        count = math.ceil(float(away_m) / _STEP_M)
        for i in range(1, count):
            lon, lat = geodesy.direct(start[0], start[1], azimuth, float(away_m) * i / count)
            points.append((float(lon), float(lat)))
        points.append(end[:2])
    # a step across the antimeridian is left to its ends
    steps = [
        shapely.LineString([one, two])
        for one, two in itertools.pairwise(points)
        if abs(one[0] - two[0]) <= 180.0
    ]
    return [*steps, shapely.MultiPoint(points)]


def farthest_m(geometry: BaseGeometry, place: tuple[float, float]) -> float:
    """Return a distance from a place that no point of a geometry exceeds."""
    return max(
        float(geodesy.inverse(*place, *piece.place)[0]) + piece.radius_m
        for piece in pieces_of(geometry)
    )


def _unknown(outcome: Outcome, score_m: tuple[float, float]) -> Outcome:
    margins = outcome.margins
    if all(math.isfinite(end) for end in score_m) and score_m[0] <= score_m[1]:
        margins = (Margin(score_m[0] / 1000, score_m[1] / 1000, "km"),)
    reason = replace(outcome.reason, truth=Truth.UNKNOWN)
    return replace(
        outcome,
        truth=Truth.UNKNOWN,
        reason=reason,
        margins=margins,
        why=outcome.why or ("position",),
        score_m=score_m,
    )


def _deepest(pieces: list[Piece], ask: Ask) -> tuple[Outcome, float]:
    """Return the outcome where the condition holds deepest, and a bound for everywhere."""
    best: Outcome | None = None
    heap: list[tuple[float, int, Piece]] = []
    count = 0

    def look(piece: Piece) -> None:
        nonlocal best, count
        outcome = ask(piece.place)
        count += 1
        rank = (outcome.truth.rank, *outcome.score_m)
        if best is None or rank > (best.truth.rank, *best.score_m):
            best = outcome
        heapq.heappush(heap, (-(outcome.score_m[1] + piece.radius_m), count, piece))

    for piece in pieces:
        look(piece)
    if best is None:
        raise ValueError("a geometry without parts has no place")
    while heap and count < MOST_EVALUATIONS:
        top = -heap[0][0]
        reached = best.score_m[1]
        if top - reached <= max(TOLERANCE_M, 0.01 * abs(reached)) or math.isinf(reached):
            break
        if heap[0][2].radius_m == 0.0:
            break
        piece = heapq.heappop(heap)[2]
        for part in piece.split():
            look(part)
    bound = max(-heap[0][0], best.score_m[1]) if heap else best.score_m[1]
    return best, bound
