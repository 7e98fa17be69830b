"""A geometry cut into short pieces, grouped in blocks with bounds, ready to be searched.

An edge is straight in lon/lat (RFC 7946). It is cut until each piece stays within half a metre
of its ECEF chord, point for point at equal parameters; 32 neighbours along their ring form a
block (rings come along a Hilbert curve), bounded by a ball about a boundary point of the block,
its hub. The blocks need coordinates alone; the chords of the pieces are worked out for those
that a search looks at, or for all once it looks at many.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import METRIC_M, FloatArray, ecef, geodesic_above

__all__ = [
    "BLOCK",
    "Chords",
    "Edges",
    "Pieces",
    "boundary_edges",
    "hilbert",
    "pieces_of",
    "rings_of",
]

#: Pieces in a block. Russia has 3 300 blocks then: one pass over the blocks costs as much
#: as the pieces of the blocks that survive it.
BLOCK = 32

#: A piece leaves its chord by at most this.
_SAGITTA_M = 0.5

#: |X''| of the ellipsoid's parametrisation (lambda, phi) is at most this times the squared
#: parameter step: the largest radius 6 399.6 km with the meridian's |M'| < 65 km, rounded up.
_SECOND_M = 6.5e6

#: An edge whose steps in longitude and latitude add up to less needs no cut, wherever it lies:
#: the bound of `_sagitta` is at most _SECOND_M / 8 times the square of that sum.
_NO_CUT_DEG = 0.0449

#: No piece spans more longitude (it matters only next to a pole, where a metre is many degrees).
_TURN_DEG = 5.0

#: From this share of all pieces on, their chords are worked out for all and kept.
_MANY = 0.25

# Type numbers of GEOS: a polygon, and the first of those that hold other geometries.
_POLYGON = 3
_FIRST_COLLECTION = 4


class Chords(NamedTuple):
    """The straight chords of some pieces in ECEF, and how far the pieces leave them."""

    start: tuple[FloatArray, FloatArray, FloatArray]
    step: tuple[FloatArray, FloatArray, FloatArray]
    square: FloatArray
    sagitta_m: FloatArray
    length_m: FloatArray


class Edges(NamedTuple):
    """Edges in order along their rings: where they begin and end, and the number of the ring."""

    lon: FloatArray
    lat: FloatArray
    lon_end: FloatArray
    lat_end: FloatArray
    ring: NDArray[np.int64]

    def take(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> Edges:
        """Return some of the edges."""
        return Edges(
            self.lon[index],
            self.lat[index],
            self.lon_end[index],
            self.lat_end[index],
            self.ring[index],
        )


@dataclass(slots=True)
class _Lazy:
    chords: Chords | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Pieces in order along their rings: arrays of equal length, and the blocks over them."""

    lon: FloatArray
    lat: FloatArray
    lon_end: FloatArray
    lat_end: FloatArray
    ring: NDArray[np.int64]
    hub_lon: FloatArray
    hub_lat: FloatArray
    hub: tuple[FloatArray, FloatArray, FloatArray]
    ball_m: FloatArray
    reach_m: FloatArray
    _lazy: _Lazy = field(default_factory=_Lazy, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.lon)

    def chords(self, index: NDArray[np.int64]) -> Chords:
        """Return the chords of some pieces."""
        if self._lazy.chords is None and len(index) >= _MANY * len(self):
            self._lazy.chords = _chords(self.lon, self.lat, self.lon_end, self.lat_end)
        known = self._lazy.chords
        if known is None:
            return _chords(
                self.lon[index], self.lat[index], self.lon_end[index], self.lat_end[index]
            )
        x, y, z = known.start
        dx, dy, dz = known.step
        return Chords(
            (x[index], y[index], z[index]),
            (dx[index], dy[index], dz[index]),
            known.square[index],
            known.sagitta_m[index],
            known.length_m[index],
        )

    def steps(self, index: NDArray[np.int64]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return of some pieces the way from end to end alone."""
        known = self._lazy.chords
        if known is None:
            return self.chords(index).step
        return (known.step[0][index], known.step[1][index], known.step[2][index])


def _chords(x0: FloatArray, y0: FloatArray, x1: FloatArray, y1: FloatArray) -> Chords:
    start, end = ecef(x0, y0), ecef(x1, y1)
    step = (end[0] - start[0], end[1] - start[1], end[2] - start[2])
    square = step[0] ** 2 + step[1] ** 2 + step[2] ** 2
    return Chords(start, step, square, _sagitta(x0, y0, x1, y1), _length(x0, y0, x1, y1))


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


def boundary_edges(rings: NDArray[np.object_], polygonal: NDArray[np.bool_]) -> Edges:
    """Return the edges that bound the set, in order, and the ring of each.

    An edge of a polygon on the antimeridian is no boundary where the set goes on beyond it, and
    an edge along a pole is a point that its neighbours already reach, or an inner one.
    """
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    x, y = np.ascontiguousarray(xy.T)
    # every vertex but the last of its ring begins an edge; a point is an edge of no length
    begins = np.append(owner[1:] == owner[:-1], False)
    first = np.flatnonzero(begins | (np.bincount(owner, minlength=len(rings))[owner] == 1))
    after = first + begins[first]
    edges = Edges(x[first], y[first], x[after], y[after], owner[first].astype(np.int64))
    if not len(first) or (np.abs(x).max() < 180.0 and np.abs(y).max() < 90.0):
        return edges
    polygon = polygonal[edges.ring]
    seam = polygon & (np.abs(edges.lon) == 180.0) & (edges.lon == edges.lon_end)
    pole = polygon & (np.abs(edges.lat) == 90.0) & (edges.lat == edges.lat_end)
    kept, bare = edges.take(~(seam | pole)), _one_sided(edges.take(seam))
    return Edges(*[np.concatenate(pair) for pair in zip(kept, bare, strict=True)])


def _one_sided(seam: Edges) -> Edges:
    """Return what the edges on one side of the antimeridian cover and the other side's do not."""
    low, high = np.minimum(seam.lat, seam.lat_end), np.maximum(seam.lat, seam.lat_end)
    found: list[tuple[float, float, float, float]] = []
    numbers: list[int] = []
    for i, lon in enumerate(seam.lon.tolist()):
        other = np.flatnonzero((seam.lon == -lon) & (high > low[i]) & (low < high[i]))
        at = float(low[i])
        for j in other[np.argsort(low[other])]:
            if low[j] > at:
                found.append((lon, at, lon, float(low[j])))
                numbers.append(int(seam.ring[i]))
            at = max(at, float(high[j]))
        if at < high[i]:
            found.append((lon, at, lon, float(high[i])))
            numbers.append(int(seam.ring[i]))
    x0, y0, x1, y1 = np.array(found, dtype=np.float64).reshape(-1, 4).T
    return Edges(x0, y0, x1, y1, np.array(numbers, dtype=np.int64))


def pieces_of(edges: Edges) -> Pieces:
    """Return the edges cut into pieces and grouped in blocks."""
    x0, y0, x1, y1, ring = _cut(_ordered(edges))
    heads = np.arange(0, len(x0), BLOCK)
    sizes = np.diff(np.append(heads, len(x0)))
    middle = heads + sizes // 2
    hub_lon, hub_lat = x0[middle], y0[middle]
    ball = _ball(x0, y0, x1, y1, heads, hub_lon, hub_lat) if len(heads) else np.empty(0)
    return Pieces(
        lon=x0,
        lat=y0,
        lon_end=x1,
        lat_end=y1,
        ring=ring,
        hub_lon=hub_lon,
        hub_lat=hub_lat,
        hub=ecef(hub_lon, hub_lat),
        ball_m=ball,
        reach_m=geodesic_above(ball),
    )


def _ordered(edges: Edges) -> Edges:
    """Return the edges with their rings along a Hilbert curve, so that small ones share blocks."""
    heads = np.flatnonzero(np.diff(edges.ring, prepend=-1))
    rings, of = np.unique(edges.ring[heads], return_index=True)
    if len(rings) <= 1:
        return edges
    along = np.argsort(hilbert(edges.lon[heads[of]], edges.lat[heads[of]]), kind="stable")
    rank = np.empty(int(rings[-1]) + 1, dtype=np.int64)
    rank[rings[along]] = np.arange(len(rings))
    order = np.argsort(rank[edges.ring], kind="stable")
    return edges.take(order)


def _ball(
    x0: FloatArray,
    y0: FloatArray,
    x1: FloatArray,
    y1: FloatArray,
    heads: NDArray[np.int64],
    hub_lon: FloatArray,
    hub_lat: FloatArray,
) -> FloatArray:
    """Bound the distance from the hub to all of a block by a path in its box of lon and lat."""

    def most(a: FloatArray, b: FloatArray) -> FloatArray:
        return np.asarray(np.maximum.reduceat(np.maximum(a, b), heads), dtype=np.float64)

    def least(a: FloatArray, b: FloatArray) -> FloatArray:
        return np.asarray(np.minimum.reduceat(np.minimum(a, b), heads), dtype=np.float64)

    west, east, south, north = least(x0, x1), most(x0, x1), least(y0, y1), most(y0, y1)
    low = np.where(south * north < 0.0, 0.0, np.minimum(np.abs(south), np.abs(north)))
    across = np.maximum(east - hub_lon, hub_lon - west)
    along = np.maximum(north - hub_lat, hub_lat - south)
    path = np.hypot(np.cos(np.radians(low)) * np.radians(across), np.radians(along))
    ball: FloatArray = np.minimum(METRIC_M * path, 2.0 * METRIC_M)
    return ball


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


def _cut(edges: Edges) -> Edges:
    x0, y0, x1, y1, ring = edges
    long = np.flatnonzero(np.abs(x1 - x0) + np.abs(y1 - y0) >= _NO_CUT_DEG)
    count = np.ones(len(x0), dtype=np.int64)
    wanted = np.sqrt(_sagitta(x0[long], y0[long], x1[long], y1[long]) / _SAGITTA_M)
    wanted = np.maximum(wanted, np.abs(x1[long] - x0[long]) / _TURN_DEG)
    count[long] = np.maximum(np.ceil(wanted).astype(np.int64), 1)
    if count.size == 0 or count.max() == 1:
        return edges
    edge = np.repeat(np.arange(len(x0)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    t0, t1 = step / count[edge], (step + 1) / count[edge]
    last = step + 1 == count[edge]
    dx, dy = (x1 - x0)[edge], (y1 - y0)[edge]
    return Edges(
        x0[edge] + t0 * dx,
        y0[edge] + t0 * dy,
        np.where(last, x1[edge], x0[edge] + t1 * dx),
        np.where(last, y1[edge], y0[edge] + t1 * dy),
        ring[edge],
    )


def hilbert(lon: FloatArray, lat: FloatArray) -> NDArray[np.int64]:
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
