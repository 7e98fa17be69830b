"""Nearest boundary points for points that lie apart: each goes down the forest alone.

The boundary passes within `NEAR_M` of the middle of every node, which bounds the distance; nodes
that are farther by chord than the bound allows are left out. This costs a point much the same
whatever is near it, so it beats groups of points (module `descent`) where groups are wide against
their distance, as on the outline of a zone. Far off it does not: there chords leave much open.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import FloatArray, chord_below, geodesic_above
from deploygeo.geodesy.forest import NEAR_M, Forest
from deploygeo.geodesy.groups import Index, groups_of, heads_of
from deploygeo.geodesy.resolve import Found, resolve

__all__ = ["apart", "seek"]

#: Points that are judged together, whether they lie apart.
_GROUP = 64

#: They do if their radius exceeds the distance, in units of the second, times the first and the
#: distance: chosen by time at 300 to 300 000 points over Europe's seas, the globe, and a border.
_WIDE = 0.09
_UNIT_M = 1.2e6

#: Points at a time: with some hundred nodes each, their arrays stay in the processor's cache.
_AT_ONCE = 1 << 10

#: Memory bound: at most this many pairs of a point and a node whose children are looked at.
_PAIRS = 200_000

#: Rounding of ECEF coordinates and bounds is about 1e-8 m.
_SLACK_M = 1e-3

_Columns = tuple[FloatArray, FloatArray, FloatArray]


def apart(forest: Forest, xyz: _Columns, limit_m: FloatArray) -> NDArray[np.bool_]:
    """Return which points, in the order of a Hilbert curve, are better sought one by one."""
    if not forest.levels:
        return np.zeros(len(limit_m), dtype=np.bool_)
    groups = groups_of(xyz, limit_m, _GROUP)
    most = np.minimum(_chords(forest, (groups.x, groups.y, groups.z)).min(axis=1), groups.limit_m)
    wide = groups.ball_m > most * _WIDE * np.maximum(1.0, most / _UNIT_M)
    return np.repeat(wide, _GROUP)[: len(limit_m)]


def seek(
    forest: Forest,
    lon: FloatArray,
    lat: FloatArray,
    xyz: _Columns,
    limit_m: FloatArray,
    point: Index,
    found: Found,
) -> None:
    """Write the nearest boundary points of some points into `found`, where within their limits.

    Parameters
    ----------
    forest : Forest
        With levels.
    lon, lat, xyz, limit_m : ndarray
        All points.
    point : ndarray of int
        Those to seek, sorted.
    found : Found
        Changed for them.
    """
    for begin in range(0, len(point), _AT_ONCE):
        i = point[begin : begin + _AT_ONCE]
        q = (xyz[0][i], xyz[1][i], xyz[2][i])
        chord = _chords(forest, q)
        bound = np.minimum(limit_m[i], geodesic_above(chord.min(axis=1) + NEAR_M))
        chord -= forest.levels[0].ball_m
        own, node = np.nonzero(chord <= (_chord(bound) + _SLACK_M)[:, None])
        for some, piece in _descended(forest, 0, q, bound, own, node):
            resolve(forest.pieces, lon, lat, xyz, limit_m, i[some], piece, found)


def _chords(forest: Forest, q: _Columns) -> FloatArray:
    """Return the chords from points to the middles of the coarsest nodes."""
    nodes = forest.levels[0]
    square = (q[0][:, None] - nodes.x) ** 2
    square += (q[1][:, None] - nodes.y) ** 2
    square += (q[2][:, None] - nodes.z) ** 2
    return np.sqrt(square, out=square)


def _chord(bound_m: FloatArray) -> FloatArray:
    """Return the chord beyond which nothing is within bounds, of which some may be negative."""
    return np.where(bound_m < 0.0, -np.inf, chord_below(bound_m))


def _descended(
    forest: Forest, depth: int, q: _Columns, bound_m: FloatArray, point: Index, node: Index
) -> Iterator[tuple[Index, Index]]:
    """Yield pairs of points and pieces, from pairs of points and nodes at a depth.

    Pairs are sorted; a point's come together. `bound_m` falls on the way.
    """
    if len(point) > _PAIRS and point[0] != point[-1]:
        # in two, between two points
        middle = int(np.searchsorted(point, point[len(point) // 2]))
        middle = middle or int(np.searchsorted(point, point[0], side="right"))
        for part in (slice(middle), slice(middle, None)):
            yield from _descended(forest, depth, q, bound_m, point[part], node[part])
        return
    if len(point) == 0:
        return
    if depth == len(forest.blocks):
        yield point, node
        return
    blocks = forest.blocks[depth]
    width = blocks.x.shape[1]
    # Flat arrays throughout: numpy is slow along short rows.
    square = np.zeros(len(node) * width)
    for axis, values in zip(q, (blocks.x, blocks.y, blocks.z), strict=True):
        gap = values.take(node, axis=0).ravel()
        gap -= np.repeat(axis[point], width)
        gap *= gap
        square += gap
    chord = np.sqrt(square, out=square)
    heads = heads_of(point)
    own = point[heads]
    least = np.minimum.reduceat(chord, heads * width)
    bound_m[own] = np.minimum(bound_m[own], geodesic_above(least + NEAR_M))
    chord -= blocks.ball_m.take(node, axis=0).ravel()
    limit = (_chord(bound_m) + _SLACK_M)[point]
    pair, child = np.divmod(np.flatnonzero(chord <= np.repeat(limit, width)), width)
    below = forest.levels[depth].first[node[pair]] + child
    yield from _descended(forest, depth + 1, q, bound_m, point[pair], below)
