"""A condition over a track or an area: decided by bounds, not by samples.

A condition's score changes by at most one metre a metre of place (every distance is
1-Lipschitz, and *and*, *or*, *not* keep that). So its value at the middle of a piece
bounds it over the whole piece, and splitting where the bound is loose finds the deepest
breach or proves that there is none.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from deploygeo.clauses.outcome import Outcome, negation
from deploygeo.clauses.truth import Margin, Truth
from deploygeo.geodesy.path import Path

__all__ = ["over"]

MOST_EVALUATIONS: Final = 400
"""Evaluations for one track or area: enough for 1 % of the depth on a 3 000 km track."""

TOLERANCE_M: Final = 100.0
"""The deepest point is sought to this, or to 1 % of its depth."""

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
        start, middle = self.start_m, self.start_m + self.radius_m
        return [
            _Stretch.of(self.path, start, middle),
            _Stretch.of(self.path, middle, middle + self.radius_m),
        ]


_Piece = _Area | _Stretch


def _pieces(geometry: BaseGeometry) -> list[_Piece]:
    found: list[_Piece] = []
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
    pieces = _pieces(geometry)
    best, bound = _deepest(pieces, ask)
    if len(pieces) == 1 and pieces[0].radius_m == 0.0:
        return best
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


def _deepest(pieces: list[_Piece], ask: Ask) -> tuple[Outcome, float]:
    """Return the outcome where the condition holds deepest, and a bound for everywhere."""
    best: Outcome | None = None
    heap: list[tuple[float, int, _Piece]] = []
    count = 0

    def look(piece: _Piece) -> None:
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
