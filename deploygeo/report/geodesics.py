"""Geodesics as lines for maps: short steps, cut at the antimeridian (RFC 7946)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from deploygeo.report._words import finite

__all__ = ["MAX_STEP_KM", "Position", "geodesic_lines", "geodesic_path", "rounded"]

#: Between vertices a map draws straight lines: at this step they stray by some 100 m at 60° N.
MAX_STEP_KM = 100.0
#: Less than a millimetre, so that a place of the file comes back as it was. Tables and JSON, which
#: tell results, keep what the border data are good for.
_DIGITS = 8

Position = tuple[float, float]


def geodesic_lines(start: Position, end: Position) -> list[list[list[float]]]:
    """Return the geodesic between two points as lines that do not cross the antimeridian.

    Parameters
    ----------
    start, end : tuple of float
        Longitude and latitude.

    Returns
    -------
    list of list of [lon, lat]
        One line, or one on each side of 180°; vertices at most `MAX_STEP_KM` apart.

    Examples
    --------
    >>> geodesic_lines((179.5, 0.0), (-179.5, 0.0))
    [[[179.5, 0.0], [180.0, 0.0]], [[-180.0, 0.0], [-179.5, 0.0]]]
    >>> geodesic_lines((5.0, 5.0), (5.0, 5.0))
    [[[5.0, 5.0], [5.0, 5.0]]]
    """
    return geodesic_path((start, end))


def geodesic_path(points: Sequence[Position]) -> list[list[list[float]]]:
    """Return a track, geodesic between its points, as lines that do not cross the antimeridian.

    Parameters
    ----------
    points : sequence of (lon, lat)
        Two or more.

    Examples
    --------
    >>> geodesic_path([(0.0, 0.0), (0.5, 0.0), (0.5, 0.5)])
    [[[0.0, 0.0], [0.5, 0.0], [0.5, 0.5]]]
    """
    return _cut([points[0], *(at for pair in pairwise(points) for at in _steps(*pair))])


def _steps(start: Position, end: Position) -> Iterator[Position]:
    """Yield the places after the start, the end last."""
    from pyproj import Geod

    # no two such places are farther apart, and most fixes of a track are near each other
    if abs(start[0] - end[0]) + abs(start[1] - end[1]) > 0.8 * MAX_STEP_KM / 111.7:
        geod = Geod(ellps="WGS84")
        _, _, metres = geod.inv(*start, *end)
        count = max(math.ceil(metres / (MAX_STEP_KM * 1000.0)) - 1, 0)
        for lon, lat in geod.npts(*start, *end, count) if count else ():
            yield float(lon), float(lat)
    yield end


def _cut(points: Sequence[Position]) -> list[list[list[float]]]:
    """Return a line in parts; where it crosses 180°, both parts get a vertex on it."""
    lon1, lat1 = points[0]
    lines: list[list[list[float]]] = [[rounded(lon1, lat1)]]
    for lon2, lat2 in points[1:]:
        if abs(lon2) == 180.0:  # on the seam it has two names, and is reached from this side
            lon2 = math.copysign(180.0, lon1)
        elif abs(lon2 - lon1) > 180.0:
            side = math.copysign(180.0, lon1)
            lat = _latitude_at(side, (lon1, lat1), (lon2 + 2.0 * side, lat2))
            if lon1 != side:
                lines[-1].append(rounded(side, lat))
            lines.append([rounded(-side, lat)])
        lines[-1].append(rounded(lon2, lat2))
        lon1, lat1 = lon2, lat2
    # a start on the seam leaves a part of one point, which is no line
    return [line for line in lines if len(line) > 1]


def _latitude_at(lon: float, start: Position, end: Position) -> float:
    """Return where the great circle of a short step crosses a meridian.

    Near a pole a step turns through much of a half circle of longitude, and a share of its
    latitude would lie kilometres off it. On the sphere a step of `MAX_STEP_KM` is right to a few
    centimetres.
    """
    first, last = (math.radians(point[0] - lon) for point in (start, end))
    turned = math.sin(last - first)
    if abs(turned) < 1e-12:  # over the pole itself, or from the meridian to the meridian
        return math.copysign(90.0, start[1]) if abs(last - first) > 1.0 else start[1]
    tangents = (math.tan(math.radians(point[1])) for point in (start, end))
    weights = (math.sin(last) / turned, -math.sin(first) / turned)
    return math.degrees(math.atan(sum(w * t for w, t in zip(weights, tangents, strict=True))))


def rounded(lon: float, lat: float) -> list[float]:
    """Return a position as maps have it.

    Parameters
    ----------
    lon, lat : float

    Examples
    --------
    >>> rounded(-0.000000001, 45.12345678901)
    [0.0, 45.12345679]
    """
    return [finite(lon, _DIGITS) or 0.0, finite(lat, _DIGITS) or 0.0]
