"""Groups of edges, and what none of them is nearer than.

Map the ellipsoid to the unit sphere by keeping
longitude and geodetic latitude. The element of length is ``M² dφ² + N² cos²φ dλ²`` on the one and
``dφ² + cos²φ dλ²`` on the other, and both radii of curvature, M and N, lie between b²/a (at the
equator, along the meridian) and a²/b (at the poles). So a curve of length σ on the sphere is
between σ·b²/a and σ·a²/b long on the ellipsoid, and so is every shortest way. If all of a group
of edges lies within the angle ρ of a centre on the sphere, then, θ being the angle from the place
to the centre and s the geodesic distance to it, no edge of the group is nearer than the greater
of (θ − ρ)·b²/a and s − ρ·a²/b: the triangle inequality, once on each surface.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from geographiclib.geodesic import Geodesic

__all__ = [
    "LEAST_M",
    "MOST_M",
    "Ball",
    "Edge",
    "Point",
    "Ring",
    "Vector",
    "angle",
    "bound_m",
    "leaves",
    "length",
    "tree",
    "unit",
]

_A: Final = float(Geodesic.WGS84.a)
_B: Final = _A * (1.0 - float(Geodesic.WGS84.f))
LEAST_M: Final = _B * _B / _A
"""Metres of the ellipsoid to a radian of the unit sphere, at least."""
MOST_M: Final = _A * _A / _B
"""And at most."""

_LEAF: Final = 16  # edges that are looked at together

Point: TypeAlias = tuple[float, float]
Vector: TypeAlias = tuple[float, float, float]
Edge: TypeAlias = tuple[float, float, float, float]
"""An edge: lon and lat of its start, lon and lat of its end."""
Ring: TypeAlias = "tuple[array[float], array[float]]"
"""Longitudes and latitudes."""


@dataclass(frozen=True, slots=True)
class Ball:
    """Some edges within an angle of a centre.

    They are in more balls, in one that `more` gives when it is wanted, or a run of a ring.
    """

    centre: Vector
    angle: float
    lon: float
    lat: float
    below: tuple[Ball, ...] = ()
    ring: Ring | None = None
    start: int = 0
    end: int = 0
    more: Callable[[], Ball] | None = None


def unit(lon: float, lat: float) -> Vector:
    """Return the point of the unit sphere with a longitude and a latitude."""
    x, y = math.radians(lon), math.radians(lat)
    flat = math.cos(y)
    return flat * math.cos(x), flat * math.sin(x), math.sin(y)


def angle(one: Vector, other: Vector) -> float:
    """Return the angle between unit vectors, accurate for small and for flat ones."""
    ax, ay, az = one
    bx, by, bz = other
    cx, cy, cz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    return math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), ax * bx + ay * by + az * bz)


def bound_m(place: Vector, ball: Ball) -> float:
    """Return what no edge of a ball is nearer than, in metres."""
    return (angle(place, ball.centre) - ball.angle) * LEAST_M


def length(x0: float, y0: float, x1: float, y1: float) -> float:
    """Return at least the length on the unit sphere of a straight way in longitude and latitude."""
    nearest = 0.0 if y0 * y1 <= 0.0 else min(abs(y0), abs(y1))
    return math.hypot(
        math.radians(y1 - y0), math.cos(math.radians(nearest)) * math.radians(x1 - x0)
    )


def leaves(ring: Ring) -> Iterator[Ball]:
    """Yield the edges of a ring, a few at a time."""
    lons, lats = ring
    last = max(1, len(lons) - 1)
    for start in range(0, last, _LEAF):
        end = min(start + _LEAF, last)
        run = range(start, end)
        ends = [(i, min(i + 1, len(lons) - 1)) for i in run]
        middles = [((lons[i] + lons[j]) / 2.0, (lats[i] + lats[j]) / 2.0) for i, j in ends]
        halves = [length(lons[i], lats[i], lons[j], lats[j]) / 2.0 for i, j in ends]
        units = [unit(*middle) for middle in middles]
        centre, lon, lat = _middle(units)
        reach = max(angle(centre, u) + half for u, half in zip(units, halves, strict=True))
        yield Ball(centre, reach, lon, lat, ring=ring, start=start, end=end)


def _middle(units: Sequence[Vector]) -> tuple[Vector, float, float]:
    x, y, z = (math.fsum(axis) for axis in zip(*units, strict=True))
    lon = math.degrees(math.atan2(y, x))
    lat = math.degrees(math.atan2(z, math.hypot(x, y)))
    return unit(lon, lat), lon, lat


def tree(balls: Sequence[Ball]) -> Ball:
    """Return balls as one, halved along the axis on which their centres are widest apart."""
    if len(balls) == 1:
        return balls[0]
    if len(balls) > 4:
        spread = [max(axis) - min(axis) for axis in zip(*(b.centre for b in balls), strict=True)]
        axis = spread.index(max(spread))
        ordered = sorted(balls, key=lambda ball: ball.centre[axis])
        half = len(ordered) // 2
        balls = (tree(ordered[:half]), tree(ordered[half:]))
    centre, lon, lat = _middle([ball.centre for ball in balls])
    reach = max(angle(centre, ball.centre) + ball.angle for ball in balls)
    return Ball(centre, reach, lon, lat, tuple(balls))
