"""A slow and simple judge: sample every edge, then zoom in on the best samples.

Nothing is shared with the package but PROJ's inverse; `geographiclib` and `geopy` check that.
"""

import numpy as np
import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
#: Degrees between the samples of the first round; then four zooms by 20.
STEP = 0.05
ZOOMS = 5
BEST = 24


def rings(geometry):
    """Return the coordinates of every ring, line and point of a geometry."""
    if hasattr(geometry, "geoms"):
        return [ring for part in geometry.geoms for ring in rings(part)]
    if geometry.geom_type == "Polygon":
        return [shapely.get_coordinates(r) for r in (geometry.exterior, *geometry.interiors)]
    return [shapely.get_coordinates(geometry)]


def is_inside(lon, lat, geometry):
    """Return whether a point lies in or on a geometry, under both names of the antimeridian."""
    names = {lon, -lon} if abs(lon) == 180 else {lon}
    return any(shapely.intersects(geometry, shapely.Point(x, lat)) for x in names)


def edges_of(geometry):
    """Return the edges of a geometry in rows of lon, lat, lon, lat."""
    return np.concatenate(
        [
            np.column_stack([xy[: max(1, len(xy) - 1)], xy[1:] if len(xy) > 1 else xy])
            for xy in rings(geometry)
        ]
    )


def edge_distance(lon, lat, geometry, skip=lambda edge: False):
    """Return the distance to the nearest point of any edge that is not skipped."""
    edges = np.array([edge for edge in edges_of(geometry) if not skip(edge)])
    return least(lon, lat, edges)


def least(lon, lat, edges):
    """Return the distance to the nearest point of some edges."""
    count = np.ceil(np.abs(edges[:, 2:] - edges[:, :2]).max(axis=1) / STEP).astype(int) + 2
    edge = np.repeat(np.arange(len(edges)), count)
    t = np.concatenate([np.linspace(0, 1, n) for n in count])
    s = measure(lon, lat, edges[edge], t)
    best = s.min()
    # The least samples that are least among their neighbours on the edge.
    last = np.cumsum(count)
    left, right = np.roll(s, 1), np.roll(s, -1)
    left[last - count], right[last - 1] = np.inf, np.inf
    lowest = np.flatnonzero((s < left) & (s <= right))
    chosen = lowest[np.argsort(s[lowest], kind="stable")[:BEST]]
    low = np.maximum(t[chosen] - 1.0 / (count[edge[chosen]] - 1), 0)
    high = np.minimum(t[chosen] + 1.0 / (count[edge[chosen]] - 1), 1)
    for _ in range(ZOOMS):
        grid = low[:, None] + np.linspace(0, 1, 41) * (high - low)[:, None]
        every = np.repeat(edges[edge[chosen]], 41, axis=0)
        s = measure(lon, lat, every, grid.ravel()).reshape(grid.shape)
        best = min(best, s.min())
        at = grid[np.arange(len(grid)), s.argmin(axis=1)]
        width = (high - low) / 40
        low, high = np.maximum(at - width, 0), np.minimum(at + width, 1)
    return best


def measure(lon, lat, edges, t):
    """Return distances to the points of edges at parameters."""
    x = edges[:, 0] + t * (edges[:, 2] - edges[:, 0])
    y = edges[:, 1] + t * (edges[:, 3] - edges[:, 1])
    return GEOD.inv(np.full(len(t), lon), np.full(len(t), lat), x, y)[2]


def distance(lon, lat, geometry):
    """Return the distance to a geometry: 0 inside or on."""
    return 0.0 if is_inside(lon, lat, geometry) else edge_distance(lon, lat, geometry)
