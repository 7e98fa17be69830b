"""A lower bound of the distance from a point to what lies in boxes of longitude and latitude.

On the ellipsoid ds² = M² dφ² + N² cos²φ dλ², where the meridional radius M is at
least a(1 − e²) and the radius N in the prime vertical is at least a. So every curve
is at least a(1 − e²) times as long as its image on the unit sphere with the same
latitudes and longitudes, and so is every distance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Boxes", "in_metres"]

# a(1 − e²) of WGS 84, rounded down.
_LEAST_RADIUS_M = 6_335_439.0
# The arithmetic below loses less than this; it is taken off so that the bound stays one.
_SLACK_M = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Boxes of longitude and latitude, of which none crosses the antimeridian.

    Parameters
    ----------
    limits : array of float, shape (n, 4)
        Least longitude, least latitude, greatest longitude, greatest latitude, in degrees.
    sides, ends : array of float, shape (2, 2, n)
        Sine and cosine of half the longitudes (west, east) and half the latitudes (south, north).
    rises : array of float, shape (2, 2, n)
        Sine and cosine of the latitudes.

    Examples
    --------
    >>> boxes = Boxes.of([[10.0, 40.0, 20.0, 50.0], [-180.0, 60.0, -170.0, 70.0]])
    >>> float(boxes.bound_m(15.0, 45.0)[0])
    0.0
    >>> round(boxes.bound_m(179.0, 65.0)[1] / 1e3)
    47
    >>> Boxes.of([]).bound_m(0.0, 0.0)
    array([], dtype=float64)
    """

    limits: NDArray[np.float64]
    sides: NDArray[np.float64]
    ends: NDArray[np.float64]
    rises: NDArray[np.float64]

    @classmethod
    def of(cls, limits: object) -> Self:
        """Return boxes by their limits, with what every bound needs worked out once."""
        rows = np.asarray(limits, dtype=np.float64).reshape(-1, 4)
        sides, ends = np.radians(rows.T[[0, 2]]), np.radians(rows.T[[1, 3]])
        return cls(rows, _sin_cos(sides / 2), _sin_cos(ends / 2), _sin_cos(ends))

    def __len__(self) -> int:
        return len(self.limits)

    def bound_m(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Return a lower bound of the distance from a point to each box, in metres."""
        return in_metres(self.haversines(lon, lat))

    def haversines(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Return the haversine of the angle on the sphere from a point to each box.

        The nearest point of a box on the sphere lies on the point's own meridian where the
        box spans it, else on one of its two sides: at the latitude where a great circle
        through the point meets the side at a right angle, or at an end. Beyond a quarter of
        the globe there is no such latitude on the side, and either end may be nearer.
        """
        west, _, east, _ = self.limits.T
        phi = math.radians(lat)
        sin, cos = math.sin(phi), math.cos(phi)
        up = self._less(self.ends, phi / 2)
        across = self._less(self.sides, math.radians(lon) / 2)
        gap = across * across
        (sin_south, sin_north), (cos_south, cos_north) = self.rises
        square = up * up
        corner = np.minimum(
            square[0] + cos * cos_south * gap.min(axis=0),
            square[1] + cos * cos_north * gap.min(axis=0),
        )
        turn = 1.0 - 2.0 * gap
        beside = (
            (turn > 0.0)
            & (sin * cos_south >= cos * sin_south * turn)
            & (sin * cos_north <= cos * sin_north * turn)
        )
        # with x the sine of the angle to the side, its haversine is (1 − √(1 − x²)) / 2
        square_x = 4.0 * cos * cos * gap * (1.0 - gap)
        foot = square_x / (2.0 * (1.0 + np.sqrt(np.maximum(1.0 - square_x, 0.0))))
        nearest = np.minimum(corner, np.where(beside, foot, np.inf).min(axis=0))
        straight = np.maximum(np.maximum(up[0], -up[1]), 0.0)
        found: NDArray[np.float64] = np.where(
            (west <= lon) & (lon <= east), straight * straight, nearest
        )
        return found

    @staticmethod
    def _less(halves: NDArray[np.float64], half: float) -> NDArray[np.float64]:
        """Return the sines of half angles less another; their squares know no antimeridian."""
        less: NDArray[np.float64] = halves[0] * math.cos(half) - halves[1] * math.sin(half)
        return less


def in_metres(haversines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a lower bound of the distances on the ellipsoid whose haversines these are."""
    angle = 2.0 * np.arcsin(np.sqrt(np.clip(haversines, 0.0, 1.0)))
    bound: NDArray[np.float64] = np.maximum(angle * _LEAST_RADIUS_M - _SLACK_M, 0.0)
    return bound


def _sin_cos(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.sin(angles), np.cos(angles)])
