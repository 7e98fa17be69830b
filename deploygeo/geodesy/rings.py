"""Polygons of chords: rings closed along the edge of the map, holes in what they are cut from."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from deploygeo.geodesy.contour import Outline
from deploygeo.geodesy.ellipsoid import FloatArray
from deploygeo.geodesy.mesh import IntArray

__all__ = ["polygons"]

#: The edge of the map counter-clockwise from its south-western corner, in degrees.
_WIDTH, _HEIGHT = 360.0, 180.0
_AROUND = 2.0 * (_WIDTH + _HEIGHT)
_CORNERS = (
    (0.0, (-180.0, -90.0)),
    (_WIDTH, (180.0, -90.0)),
    (_WIDTH + _HEIGHT, (180.0, 90.0)),
    (2.0 * _WIDTH + _HEIGHT, (-180.0, 90.0)),
)


def polygons(outline: Outline) -> Any:
    """Return the inside of an outline as a MultiPolygon cut at 180°.

    Exteriors are counter-clockwise and holes clockwise (RFC 7946).
    """
    if len(outline.start) == 0:
        whole = [shapely.box(-180.0, -90.0, 180.0, 90.0)] if outline.covers_corner else []
        return shapely.MultiPolygon([shapely.orient_polygons(part) for part in whole])
    rings = _rings(outline)
    if outline.covers_corner and not _meets_edge(outline):
        rings.append(np.array([corner for _, corner in (*_CORNERS, _CORNERS[0])]))
    areas = np.array([_signed(ring) for ring in rings])
    shells = [rings[i] for i in np.flatnonzero(areas > 0.0)]
    holes = [rings[i] for i in np.flatnonzero(areas < 0.0)]
    return _nested(shells, holes)


def _meets_edge(outline: Outline) -> bool:
    return bool(np.any(np.isin(outline.end, outline.start, invert=True)))


def _rings(outline: Outline) -> list[FloatArray]:
    """Follow the chords, and the edge of the map where one ends there."""
    count = len(outline.start)
    follow = np.full(count, -1, dtype=np.int64)
    order = np.argsort(outline.start, kind="stable")
    place = np.searchsorted(outline.start[order], outline.end)
    place = np.minimum(place, count - 1)
    match = outline.start[order][place] == outline.end
    follow[match] = order[place[match]]
    between = _along_the_edge(outline, follow)
    start = list(zip(outline.start_at.lon.tolist(), outline.start_at.lat.tolist(), strict=True))
    end = list(zip(outline.end_at.lon.tolist(), outline.end_at.lat.tolist(), strict=True))
    bend = list(zip(outline.bend_at.lon.tolist(), outline.bend_at.lat.tolist(), strict=True))
    bent = np.isfinite(outline.bend_at.lon).tolist()
    path = follow.tolist()
    seen = [False] * count
    rings = []
    for first in range(count):
        ring = []
        chord = first
        while not seen[chord]:
            seen[chord] = True
            ring.append(start[chord])
            if bent[chord]:
                ring.append(bend[chord])
            if chord in between:
                ring += [end[chord], *between[chord]]
            chord = path[chord]
        if len(set(ring)) > 2:
            rings.append(np.array([*ring, ring[0]]))
    return rings


def _along_the_edge(outline: Outline, follow: IntArray) -> dict[int, list[tuple[float, float]]]:
    """Complete `follow` by the chord that starts next, counter-clockwise, after one that ends.

    Returns the corners of the map passed on the way.
    """
    ends = np.flatnonzero(follow < 0)
    starts = np.flatnonzero(np.isin(outline.start, outline.end, invert=True))
    place = _place(outline.start_at.lon[starts], outline.start_at.lat[starts])
    starts, place = starts[np.argsort(place, kind="stable")], np.sort(place)
    between = {}
    for chord, begin in zip(
        ends.tolist(), _place(outline.end_at.lon[ends], outline.end_at.lat[ends]), strict=True
    ):
        index = int(np.searchsorted(place, begin))
        follow[chord] = starts[index % len(starts)]
        stop = place[index] if index < len(starts) else place[0] + _AROUND
        turns = [(at + lap, corner) for lap in (0.0, _AROUND) for at, corner in _CORNERS]
        between[chord] = [corner for at, corner in turns if begin < at < stop]
    return between


def _place(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return how far along the edge of the map points of its eastern or western side lie."""
    return np.where(lon > 0.0, _WIDTH + lat + 90.0, 2.0 * _WIDTH + _HEIGHT + 90.0 - lat)


def _signed(ring: FloatArray) -> float:
    """Return the plane area of a ring, positive counter-clockwise."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2.0)


def _nested(shells: list[FloatArray], holes: list[FloatArray]) -> Any:
    """Give every hole to the smallest shell around it."""
    outer = np.array([shapely.Polygon(shell) for shell in shells], dtype=np.object_)
    owned: list[list[FloatArray]] = [[] for _ in shells]
    if holes:
        corners = shapely.points([hole[0] for hole in holes])
        hole, shell = shapely.STRtree(outer).query(corners, predicate="intersects")
        order = np.lexsort((shapely.area(outer)[shell], hole))
        hole, shell = hole[order], shell[order]
        chosen = np.append(True, hole[1:] != hole[:-1])[: len(hole)]
        for i, j in zip(hole[chosen], shell[chosen], strict=True):
            owned[j].append(holes[i])
    return shapely.MultiPolygon(
        [shapely.Polygon(shell, inner) for shell, inner in zip(shells, owned, strict=True)]
    )
