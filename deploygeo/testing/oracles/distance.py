"""Geodesic distance by brute force, in pure Python over ``geographiclib`` alone.

Edges are straight in longitude and latitude (RFC 7946). Every edge that may hold the nearest
point is cut into pieces of at most 0.05 degrees, and each piece is searched by golden section.
An edge is left out only where that is proven: see `balls`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geographiclib.geodesic import Geodesic

from deploygeo.testing.oracles.balls import (
    LEAST_M,
    MOST_M,
    Ball,
    Edge,
    Point,
    Vector,
    angle,
    bound_m,
    length,
    unit,
)
from deploygeo.testing.oracles.regions import Region

__all__ = ["Found", "distance_m", "nearest_of", "point_distance_m"]

_PIECE_DEG: Final = 0.05  # no piece searched by golden section is longer
_GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0


@dataclass(frozen=True, slots=True)
class Found:
    """A nearest point, its distance in metres, the edge it is on, and its region's name.

    >>> Found().metres
    inf
    """

    metres: float = math.inf
    lon: float = math.nan
    lat: float = math.nan
    edge: Edge | None = None
    name: str = ""


def point_distance_m(lon0: float, lat0: float, lon1: float, lat1: float) -> float:
    """Return the geodesic distance between two points.

    >>> round(point_distance_m(0.0, 0.0, 0.0, 90.0))
    10001966
    """
    return float(Geodesic.WGS84.Inverse(lat0, lon0, lat1, lon1, Geodesic.DISTANCE)["s12"])


def distance_m(lon: float, lat: float, geometry: Mapping[str, Any]) -> float:
    """Return the distance from a point to a GeoJSON geometry; 0 inside, infinite to nothing.

    Every edge is tried, with geographiclib: it is slow, and off by less than a millimetre.

    Parameters
    ----------
    lon, lat : float
        Degrees on WGS 84.
    geometry : mapping
        A geometry of GeoJSON; edges are straight in longitude and latitude.

    Examples
    --------
    >>> line = {"type": "LineString", "coordinates": [[0, 49], [60, 49]]}
    >>> round(distance_m(30.0, 50.0, line))
    111219
    >>> distance_m(0.0, 0.0, {"type": "MultiPoint", "coordinates": []})
    inf
    """
    region = Region.of(geometry)
    return 0.0 if region.covers(lon, lat) else nearest_of([region], lon, lat).metres


def nearest_of(
    regions: Iterable[Region],
    lon: float,
    lat: float,
    within_m: float = math.inf,
    wanted: Callable[[str, Edge], bool] | None = None,
) -> Found:
    """Return the nearest point of the edges of several regions, nearer than `within_m`.

    Parameters
    ----------
    regions : iterable of Region
    lon, lat : float
    within_m : float
        What is no nearer than this is not looked at.
    wanted : callable, optional
        Of the name of a region and an edge of it, whether that edge counts.

    Examples
    --------
    >>> nearest_of([], 0.0, 0.0).metres
    inf
    """
    place = unit(lon, lat)
    best = Found(metres=within_m)
    heap: list[tuple[float, int, bool, Ball, str]] = []
    count = 0
    for region in regions:
        if region.root is not None:
            count += 1
            heap.append((bound_m(place, region.root), count, False, region.root, region.name))
    heapq.heapify(heap)
    while heap and heap[0][0] < best.metres:
        bound, _, is_sharp, ball, name = heapq.heappop(heap)
        if not is_sharp and ball.angle * MOST_M < 0.01 * bound:
            away = point_distance_m(lon, lat, ball.lon, ball.lat)
            sharp = max(bound, away - ball.angle * MOST_M)
            if sharp > bound:
                heapq.heappush(heap, (sharp, count, True, ball, name))
                count += 1
                continue
        below = ball.below or (() if ball.more is None else (ball.more(),))
        for inner in below:
            least = bound_m(place, inner)
            if least < best.metres:
                count += 1
                heapq.heappush(heap, (least, count, False, inner, name))
        if ball.ring is not None:
            best = _run(ball, name, (lon, lat), place, best, wanted)
    return best if best.edge is not None else Found()


def _run(
    ball: Ball,
    name: str,
    at: Point,
    place: Vector,
    best: Found,
    wanted: Callable[[str, Edge], bool] | None,
) -> Found:
    assert ball.ring is not None  # noqa: S101 - the caller saw to it
    lons, lats = ball.ring
    for i in range(ball.start, max(ball.end, ball.start + 1)):
        j = min(i + 1, len(lons) - 1)
        edge = (lons[i], lats[i], lons[j], lats[j])
        wide = length(*edge)
        middle = unit((edge[0] + edge[2]) / 2.0, (edge[1] + edge[3]) / 2.0)
        if (angle(place, middle) - wide / 2.0) * LEAST_M >= best.metres:
            continue
        if wanted is not None and not wanted(name, edge):
            continue
        found, t = _least_on(at, edge, wide * MOST_M, best.metres)
        if found < best.metres:
            best = Found(found, *_along(edge, t), edge, name)
    return best


def _along(edge: Edge, t: float) -> Point:
    return edge[0] + t * (edge[2] - edge[0]), edge[1] + t * (edge[3] - edge[1])


def _least_on(at: Point, edge: Edge, length_m: float, best: float) -> tuple[float, float]:
    """Return the least distance to an edge and where on it, if it is less than `best`."""

    def away(t: float) -> float:
        return point_distance_m(*at, *_along(edge, t))

    first, last = away(0.0), away(1.0)
    found = min((first, 0.0), (last, 1.0))
    degrees = max(abs(edge[2] - edge[0]), abs(edge[3] - edge[1]))
    shortest = min(0.25, _PIECE_DEG / degrees) if degrees > 0.0 else 1.0
    todo = [(0.0, first, 1.0, last)] if length_m > 0.0 else []
    while todo:
        low, one, high, other = todo.pop()
        # on the way from one end to the other the distance falls by at most a metre a metre
        if (one + other - (high - low) * length_m) / 2.0 >= min(best, found[0]):
            continue
        if high - low <= shortest:
            found = min(found, _golden(away, low, high, length_m))
            continue
        middle = (low + high) / 2.0
        half = away(middle)
        found = min(found, (half, middle))
        todo += [(middle, half, high, other), (low, one, middle, half)]
    return found


def _golden(
    away: Callable[[float], float], low: float, high: float, length_m: float
) -> tuple[float, float]:
    """Return the least distance on a piece, by golden section.

    Where the least is smooth, being off by w metres along the edge costs about w²/2d; where the
    edge passes through the place it costs w.
    """
    inner, outer = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    one, other = away(inner), away(outer)
    while True:
        width = (high - low) * length_m
        if width < 1e-5 or (width * width < 1e-6 * min(one, other) and width < 10.0):
            return min((one, inner), (other, outer))
        if one <= other:
            high, outer, other = outer, inner, one
            inner = high - _GOLDEN * (high - low)
            one = away(inner)
        else:
            low, inner, one = inner, outer, other
            outer = low + _GOLDEN * (high - low)
            other = away(outer)
