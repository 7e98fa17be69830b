"""The boundary of a unit that leads out of a union of units: what it shares with none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["open_boundary"]

_STEP_DEG = 1e-5  # the data are rounded to this
_SEAM_LON = 179.9999  # an edge with both ends beyond is a cut and no boundary
_POLE_LAT = 89.9999

# A gap in a common border where the vertices of its sides differ has at most 8 edges in the
# data; the shortest coast between two borders that is longer than this is none of them.
_MOST_EDGES = 16

Near = Callable[[NDArray[np.float64]], NDArray[np.bool_]]


def open_boundary(polygons: NDArray[np.object_], shared: NDArray[np.object_], near: Near) -> Any:
    """Return the edges of polygons that lead out of a union, as a MultiLineString.

    Parameters
    ----------
    polygons : array of Polygon or MultiPolygon
        The land of one unit of the union.
    shared : array of LineString or MultiLineString
        The borders with the other units of the union: the edges that both have, vertex for
        vertex.
    near : callable
        Whether points, given as rows of longitude and latitude, lie in or on another unit
        of the union. It is asked only of short gaps between shared edges.

    Notes
    -----
    Where one side of a common border has a vertex that the other has not, its edges are
    shared with none. So a short gap between shared edges is left out where its vertices and
    the middles of its edges are `near`. At a coast the last edge of such a border stays (30
    borders, at most 1.6 km; on Cyprus 3.5 km). Cuts at the antimeridian and at the poles are
    left out.

    Examples
    --------
    >>> square, border = shapely.box(0, 0, 1, 1), shapely.LineString([(1, 0), (1, 1)])
    >>> nowhere = lambda points: np.zeros(len(points), dtype=bool)
    >>> open_boundary(np.array([square]), np.array([border]), nowhere).length
    3.0
    >>> open_boundary(np.array([], dtype=object), np.array([border]), nowhere).is_empty
    True
    """
    rings = shapely.get_rings(polygons)
    coordinates, owner = shapely.get_coordinates(rings, return_index=True)
    if not len(coordinates):
        return shapely.MultiLineString()
    kept = owner[:-1] == owner[1:]
    first = np.flatnonzero(kept)
    common = np.zeros(len(kept), dtype=np.bool_)
    common[first] = _common(coordinates, first, shared)
    kept &= ~common
    if common.any():
        _close(coordinates, owner, kept, common, near)
    lon, lat = coordinates.T
    kept &= (np.abs(lon[:-1]) < _SEAM_LON) | (np.abs(lon[1:]) < _SEAM_LON)
    kept &= (np.abs(lat[:-1]) < _POLE_LAT) | (np.abs(lat[1:]) < _POLE_LAT)
    return _runs(coordinates, np.flatnonzero(kept))


def _code(coordinates: NDArray[np.float64]) -> NDArray[np.int64]:
    cells = np.rint(coordinates / _STEP_DEG).astype(np.int64)
    code: NDArray[np.int64] = (cells[:, 0] + 18_000_000) * 36_000_001 + (cells[:, 1] + 9_000_000)
    return code


def _common(
    coordinates: NDArray[np.float64], first: NDArray[np.intp], shared: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """Return whether the edges that begin at `first` are edges of the shared lines."""
    parts = shapely.get_parts(shared)
    line, of = shapely.get_coordinates(parts, return_index=True)
    if not len(line):
        return np.zeros(len(first), dtype=np.bool_)
    code = _code(line)
    vertices = np.unique(code)
    # the place of a vertex among those of the lines, so that one number stands for an edge
    mine = _code(coordinates)
    place = np.minimum(np.searchsorted(vertices, mine), len(vertices) - 1)
    on_line = vertices[place] == mine
    edges = _edges(np.searchsorted(vertices, code), np.flatnonzero(of[:-1] == of[1:]), vertices)
    found: NDArray[np.bool_] = on_line[first] & on_line[first + 1]
    found[found] = np.isin(_edges(place, first[found], vertices), edges)
    return found


def _edges(
    place: NDArray[np.intp], first: NDArray[np.intp], vertices: NDArray[np.int64]
) -> NDArray[np.int64]:
    start, end = place[first], place[first + 1]
    pair: NDArray[np.int64] = np.minimum(start, end) * len(vertices) + np.maximum(start, end)
    return pair


def _close(
    coordinates: NDArray[np.float64],
    owner: NDArray[np.int64],
    kept: NDArray[np.bool_],
    common: NDArray[np.bool_],
    near: Near,
) -> None:
    """Drop short gaps between common edges that run along another unit all the same."""
    head = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    tail = np.append(head[1:], len(owner)) - 2  # the last edge of each ring
    ring = np.searchsorted(head, np.arange(len(kept)), side="right") - 1
    edge = np.flatnonzero(common)
    after = np.where(edge == tail[ring[edge]], head[ring[edge]], edge + 1)
    for start in after[kept[after]].tolist():
        gap = [start]
        first, last = head[ring[start]], tail[ring[start]]
        while len(gap) <= _MOST_EDGES and kept[gap[-1]]:
            gap.append(first if gap[-1] == last else gap[-1] + 1)
        gap.pop()
        if len(gap) < _MOST_EDGES:
            points = coordinates[gap]
            if near(np.concatenate([points, (points + coordinates[np.add(gap, 1)]) / 2])).all():
                kept[gap] = False


def _runs(coordinates: NDArray[np.float64], first: NDArray[np.intp]) -> Any:
    """Return the edges that begin at `first`, consecutive ones joined to lines."""
    if not first.size:
        return shapely.MultiLineString()
    line = np.concatenate([[0], np.cumsum(np.diff(first) != 1)])
    last = np.append(np.flatnonzero(np.diff(line)), first.size - 1)
    vertices = np.concatenate([first, first[last] + 1])
    lines = np.concatenate([line, line[last]])
    order = np.lexsort((vertices, lines))
    return shapely.multilinestrings(
        shapely.linestrings(coordinates[vertices[order]], indices=lines[order])
    )
