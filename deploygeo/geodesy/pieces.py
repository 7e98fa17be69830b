"""A geometry cut into short pieces with bounds, grouped in blocks, ready to be searched.

An edge is straight in lon/lat (RFC 7946). It is cut until each piece stays within half a metre
of its ECEF chord, point for point at equal parameters; 32 neighbours (along a Hilbert curve)
form a block, bounded by a ball about a boundary point of the block, its hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import METRIC_M, FloatArray, ecef, geodesic_above

__all__ = ["BLOCK", "Pieces", "boundary_edges", "pieces_of", "rings_of"]

#: Pieces in a block. Russia has 3 300 blocks then: one pass over the blocks costs as much
#: as the pieces of the blocks that survive it.
BLOCK = 32

#: A piece leaves its chord by at most this.
_SAGITTA_M = 0.5

#: |X''| of the ellipsoid's parametrisation (lambda, phi) is at most this times the squared
#: parameter step: the largest radius 6 399.6 km with the meridian's |M'| < 65 km, rounded up.
_SECOND_M = 6.5e6

#: No piece spans more longitude (it matters only next to a pole, where a metre is many degrees).
_TURN_DEG = 5.0


# Type numbers of GEOS: a polygon, and the first of those that hold other geometries.
_POLYGON = 3
_FIRST_COLLECTION = 4


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces in Hilbert order: arrays of equal length, and the blocks over them."""

    lon: FloatArray
    lat: FloatArray
    lon_end: FloatArray
    lat_end: FloatArray
    ring: NDArray[np.int64]
    start: tuple[FloatArray, FloatArray, FloatArray]
    chord: tuple[FloatArray, FloatArray, FloatArray]
    chord2: FloatArray
    sagitta_m: FloatArray
    length_m: FloatArray
    hub_lon: FloatArray
    hub_lat: FloatArray
    hub: tuple[FloatArray, FloatArray, FloatArray]
    ball_m: FloatArray
    reach_m: FloatArray

    def __len__(self) -> int:
        return len(self.lon)


def rings_of(geometry: Any) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return every ring, line or point in order, and whether each is a polygon's ring."""
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) >= _FIRST_COLLECTION).any():
        parts = shapely.get_parts(parts)
    parts = parts[~shapely.is_empty(parts)]
    polygonal = shapely.get_type_id(parts) == _POLYGON
    rings, of = shapely.get_rings(parts[polygonal], return_index=True)
    at = np.concatenate([np.flatnonzero(polygonal)[of], np.flatnonzero(~polygonal)])
    order = np.argsort(at, kind="stable")
    every = np.concatenate([rings, parts[~polygonal]])[order]
    return every, np.concatenate([np.ones(len(rings), bool), np.zeros((~polygonal).sum(), bool)])[
        order
    ]


def boundary_edges(
    rings: NDArray[np.object_], polygonal: NDArray[np.bool_]
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return the edges (lon, lat, lon, lat) that bound the set, and the ring of each.

    An edge of a polygon on the antimeridian is no boundary where the set goes on beyond it, and
    an edge along a pole is a point that its neighbours already reach, or an inner one.
    """
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    if not len(xy):
        return np.empty((0, 4)), np.empty(0, dtype=np.int64)
    # every vertex but the last of its ring begins an edge; a point is an edge of no length
    count = np.bincount(owner, minlength=len(rings))
    last = np.append(owner[1:] != owner[:-1], True)
    first = np.flatnonzero(~last | (count[owner] == 1))
    after = np.where(last[first], first, first + 1)
    edges = np.hstack([xy[first], xy[after]])
    ring = owner[first].astype(np.int64)
    polygon = polygonal[ring]
    seam = polygon & (np.abs(edges[:, 0]) == 180.0) & (edges[:, 0] == edges[:, 2])
    pole = polygon & (np.abs(edges[:, 1]) == 90.0) & (edges[:, 1] == edges[:, 3])
    bare, bare_ring = _one_sided(edges[seam], ring[seam])
    keep = ~(seam | pole)
    return np.concatenate([edges[keep], bare]), np.concatenate([ring[keep], bare_ring])


def _one_sided(seam: FloatArray, ring: NDArray[np.int64]) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return what the edges on one side of the antimeridian cover and the other side's do not."""
    low, high = np.minimum(seam[:, 1], seam[:, 3]), np.maximum(seam[:, 1], seam[:, 3])
    found: list[tuple[float, float, float, float]] = []
    numbers: list[int] = []
    for i, lon in enumerate(seam[:, 0]):
        other = np.flatnonzero((seam[:, 0] == -lon) & (high > low[i]) & (low < high[i]))
        at = float(low[i])
        for j in other[np.argsort(low[other])]:
            if low[j] > at:
                found.append((lon, at, lon, float(low[j])))
                numbers.append(int(ring[i]))
            at = max(at, float(high[j]))
        if at < high[i]:
            found.append((lon, at, lon, float(high[i])))
            numbers.append(int(ring[i]))
    return np.array(found).reshape(-1, 4), np.array(numbers, dtype=np.int64)


def pieces_of(edges: FloatArray, ring: NDArray[np.int64]) -> Pieces:
    """Return the edges cut into pieces and grouped in blocks."""
    x0, y0, x1, y1, ring = _cut(edges, ring)
    order = np.argsort(_hilbert((x0 + x1) / 2.0, (y0 + y1) / 2.0), kind="stable")
    x0, y0, x1, y1, ring = x0[order], y0[order], x1[order], y1[order], ring[order]
    start, end = ecef(x0, y0), ecef(x1, y1)
    chord = (end[0] - start[0], end[1] - start[1], end[2] - start[2])
    chord2 = chord[0] ** 2 + chord[1] ** 2 + chord[2] ** 2
    sagitta = _sagitta(x0, y0, x1, y1)
    heads = np.arange(0, len(x0), BLOCK)
    sizes = np.diff(np.append(heads, len(x0)))
    hub_index = heads + sizes // 2
    hub = (start[0][hub_index], start[1][hub_index], start[2][hub_index])
    far = np.zeros(len(x0))
    for x, y, z in (start, end):
        square = (x - np.repeat(hub[0], sizes)) ** 2
        square += (y - np.repeat(hub[1], sizes)) ** 2
        square += (z - np.repeat(hub[2], sizes)) ** 2
        np.maximum(far, np.sqrt(square), out=far)
    ball = np.maximum.reduceat(far + sagitta, heads) if len(heads) else np.empty(0)
    return Pieces(
        lon=x0,
        lat=y0,
        lon_end=x1,
        lat_end=y1,
        ring=ring,
        start=start,
        chord=chord,
        chord2=chord2,
        sagitta_m=sagitta,
        length_m=_length(x0, y0, x1, y1),
        hub_lon=x0[hub_index],
        hub_lat=y0[hub_index],
        hub=hub,
        ball_m=ball,
        reach_m=geodesic_above(ball),
    )


def _sagitta(x0: FloatArray, y0: FloatArray, x1: FloatArray, y1: FloatArray) -> FloatArray:
    """Bound the distance between curve and chord at equal parameters: max |X''| / 8."""
    dl, dp = np.radians(np.abs(x1 - x0)), np.radians(np.abs(y1 - y0))
    low = np.radians(np.minimum(np.abs(y0), np.abs(y1)))
    low = np.where(y0 * y1 < 0.0, 0.0, low)
    high = np.radians(np.maximum(np.abs(y0), np.abs(y1)))
    bound: FloatArray = (_SECOND_M / 8.0) * (
        np.cos(low) * dl * dl + 2.0 * np.sin(high) * dl * dp + dp * dp
    )
    return bound


def _length(x0: FloatArray, y0: FloatArray, x1: FloatArray, y1: FloatArray) -> FloatArray:
    """Bound the length of the straight lon/lat path."""
    low = np.where(y0 * y1 < 0.0, 0.0, np.minimum(np.abs(y0), np.abs(y1)))
    across = np.cos(np.radians(low)) * np.radians(x1 - x0)
    length: FloatArray = METRIC_M * np.hypot(across, np.radians(y1 - y0))
    return length


def _cut(
    edges: FloatArray, ring: NDArray[np.int64]
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, NDArray[np.int64]]:
    x0, y0, x1, y1 = (np.ascontiguousarray(edges[:, column]) for column in range(4))
    count = np.sqrt(_sagitta(x0, y0, x1, y1) / _SAGITTA_M)
    count = np.ceil(np.maximum(count, np.abs(x1 - x0) / _TURN_DEG)).astype(np.int64)
    np.maximum(count, 1, out=count)
    if count.size == 0 or count.max() == 1:
        return x0, y0, x1, y1, ring
    edge = np.repeat(np.arange(len(x0)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    t0, t1 = step / count[edge], (step + 1) / count[edge]
    last = step + 1 == count[edge]
    dx, dy = (x1 - x0)[edge], (y1 - y0)[edge]
    return (
        x0[edge] + t0 * dx,
        y0[edge] + t0 * dy,
        np.where(last, x1[edge], x0[edge] + t1 * dx),
        np.where(last, y1[edge], y0[edge] + t1 * dy),
        ring[edge],
    )


def _hilbert(lon: FloatArray, lat: FloatArray) -> NDArray[np.int64]:
    """Return the place of points on a Hilbert curve of 2^16 x 2^16 cells over the globe."""
    x = ((lon + 180.0) * (65535 / 360.0)).astype(np.int32)
    y = ((lat + 90.0) * (65535 / 180.0)).astype(np.int32)
    place = np.zeros(len(lon), dtype=np.int64)
    for bit in range(15, -1, -1):
        right, up = (x >> bit) & 1, (y >> bit) & 1
        place = (place << 2) | ((3 * right) ^ up)
        # Within the quadrant: mirror where it is the lower right one, swap where it is a lower one.
        mask = (1 << bit) - 1
        flip = -(right & (1 - up)) & mask
        x, y = (x & mask) ^ flip, (y & mask) ^ flip
        swap = (x ^ y) * (1 - up)
        x, y = x ^ swap, y ^ swap
    return place
