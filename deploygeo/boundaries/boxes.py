"""A lower bound of the distance from a point to what lies in boxes of longitude and latitude.

On the ellipsoid ds² = M² dφ² + N² cos²φ dλ², where the meridional radius M is at
least a(1 − e²) and the radius N in the prime vertical is at least a. So every curve
is at least a(1 − e²) times as long as its image on the unit sphere with the same
latitudes and longitudes, and so is every distance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["box_bound_m"]

# a(1 − e²) of WGS 84, rounded down.
_LEAST_RADIUS_M = 6_335_439.0
# The arithmetic below loses less than this; it is taken off so that the bound stays one.
_SLACK_M = 0.5


def box_bound_m(lon: float, lat: float, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a lower bound of the distance from a point to each box, in metres.

    Parameters
    ----------
    lon, lat : float
        Degrees.
    boxes : array of float, shape (n, 4)
        Least longitude, least latitude, greatest longitude, greatest latitude; no box
        crosses the antimeridian.

    Notes
    -----
    The nearest point of a box on the sphere lies on the point's own meridian where the
    box spans it, else on one of its two sides, at the latitude where a great circle
    through the point meets the side at a right angle, or at the nearer end.

    Examples
    --------
    >>> boxes = np.array([[10.0, 40.0, 20.0, 50.0], [-180.0, 60.0, -170.0, 70.0]])
    >>> float(box_bound_m(15.0, 45.0, boxes)[0])
    0.0
    >>> round(box_bound_m(179.0, 65.0, boxes)[1] / 1e3)
    47
    """
    west, south, east, north = boxes.T
    phi = np.radians(lat)
    best = np.full(len(boxes), np.inf)
    for side in (west, east):
        gap = np.radians(np.abs((lon - side + 180.0) % 360.0 - 180.0))
        foot = np.degrees(np.arctan2(np.sin(phi), np.cos(phi) * np.cos(gap)))
        # Beyond a quarter of the globe the foot lies past a pole, and either end may be nearer.
        for end in (south, north, np.clip(foot, south, north)):
            psi = np.radians(end)
            haversine = (
                np.sin((psi - phi) / 2) ** 2 + np.cos(phi) * np.cos(psi) * np.sin(gap / 2) ** 2
            )
            best = np.minimum(best, 2 * np.arcsin(np.sqrt(np.clip(haversine, 0.0, 1.0))))
    spans = (west <= lon) & (lon <= east)
    straight = np.radians(np.maximum(np.maximum(south - lat, lat - north), 0.0))
    best = np.where(spans, straight, best)
    bound: NDArray[np.float64] = np.maximum(best * _LEAST_RADIUS_M - _SLACK_M, 0.0)
    return bound
