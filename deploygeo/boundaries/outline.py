"""The outer edge of several polygons that share borders."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["outline"]

_STEP_DEG = 1e-5  # the data are rounded to this
_SEAM_LON = 179.9999  # an edge with both ends beyond is a cut and no boundary
_POLE_LAT = 89.9999


def outline(polygons: NDArray[np.object_]) -> Any:
    """Return the edges that no two of the polygons share, as a MultiLineString.

    Parameters
    ----------
    polygons : array of Polygon or MultiPolygon
        With the vertices of a common border equal on both sides.

    Notes
    -----
    Where the vertices of a common border differ, its edges stay: what is measured to
    the outline is then too small and never too large. Cuts at the antimeridian and at
    the poles are left out.

    Examples
    --------
    >>> outline(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])).length
    6.0
    >>> outline(np.array([], dtype=object)).is_empty
    True
    """
    rings = shapely.get_rings(polygons)
    coordinates, owner = shapely.get_coordinates(rings, return_index=True)
    if not len(coordinates):
        return shapely.MultiLineString()
    cells = np.rint(coordinates / _STEP_DEG).astype(np.int64)
    code = (cells[:, 0] + 18_000_000) * 36_000_001 + (cells[:, 1] + 9_000_000)
    # by rank, so that one 64-bit number stands for both ends of an edge
    vertices, rank = np.unique(code, return_inverse=True)
    start, end = rank[:-1], rank[1:]
    edges = np.minimum(start, end) * len(vertices) + np.maximum(start, end)
    kept = (owner[:-1] == owner[1:]) & (start != end)
    _, which, times = np.unique(edges[kept], return_inverse=True, return_counts=True)
    kept[kept] = times[which] == 1
    lon, lat = coordinates.T
    kept &= (np.abs(lon[:-1]) < _SEAM_LON) | (np.abs(lon[1:]) < _SEAM_LON)
    kept &= (np.abs(lat[:-1]) < _POLE_LAT) | (np.abs(lat[1:]) < _POLE_LAT)
    return _runs(coordinates, np.flatnonzero(kept))


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
