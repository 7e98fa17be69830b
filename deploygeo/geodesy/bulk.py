"""Rows for many points: sorted, in groups, against the forest of the whole territory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.descent import Bundle, Pairs, bundles
from deploygeo.geodesy.dominance import Anchors, by_nearest, by_prediction, prediction
from deploygeo.geodesy.ellipsoid import FloatArray, ecef
from deploygeo.geodesy.forest import Forest
from deploygeo.geodesy.groups import Index, heads_of, sizes_of, slices, split
from deploygeo.geodesy.pieces import hilbert
from deploygeo.geodesy.resolve import Found, nothing, resolve
from deploygeo.geodesy.scattered import apart, seek
from deploygeo.geodesy.shape import Territory

__all__ = ["Rows", "fill"]

#: Pairs of points and pieces at a time: their arrays stay in the processor's cache.
_PAIRS = 100_000

#: Up to so many pieces of a point are as well measured themselves.
_FEW = 2

_Columns = tuple[FloatArray, FloatArray, FloatArray]


class Rows(NamedTuple):
    """Flat arrays; `shape` is an index into the territory's shapes, -1 for none."""

    distance_m: FloatArray
    lon: FloatArray
    lat: FloatArray
    shape: Index
    ring: Index
    inside: NDArray[np.bool_]


def fill(
    rows: Rows,
    lon: FloatArray,
    lat: FloatArray,
    territory: Territory,
    limit_m: FloatArray,
    *,
    edge: bool,
) -> None:
    """Fill in rows that are still empty."""
    order = np.argsort(hilbert(lon, lat), kind="stable")
    forest = territory.forest()
    alone = apart(forest, ecef(lon[order], lat[order]), limit_m[order])
    for part, way in ((order[alone], _one_by_one), (order[~alone], _in_groups)):
        if len(part):
            x, y, limit = lon[part], lat[part], limit_m[part]
            owner, found = way(territory, forest, x, y, limit, edge=edge)
            _write(rows, part, x, y, owner, found, forest, edge=edge)


def _one_by_one(
    territory: Territory,
    forest: Forest,
    x: FloatArray,
    y: FloatArray,
    limit_m: FloatArray,
    *,
    edge: bool,
) -> tuple[Index, Found]:
    """Return the shape that covers each point, and the nearest boundary points."""
    point = np.arange(len(x))
    owner = _owners(territory, x, y, point, np.ones(len(x), dtype=np.bool_))
    found = nothing(len(x))
    if not edge:
        point = np.flatnonzero(owner < 0)
    seek(forest, x, y, ecef(x, y), limit_m, point, found)
    return owner, found


def _in_groups(
    territory: Territory,
    forest: Forest,
    x: FloatArray,
    y: FloatArray,
    limit_m: FloatArray,
    *,
    edge: bool,
) -> tuple[Index, Found]:
    """Return the same, of points in an order in which neighbours are near each other."""
    xyz = ecef(x, y)
    owner = np.full(len(x), -1, dtype=np.int64)
    found = nothing(len(x))
    for bundle in bundles(forest, xyz, limit_m):
        point, alone = _tested(bundle, len(x))
        owner[point] = _owners(territory, x, y, point, alone)
        for points, piece in _pairs(bundle, forest, x, y, xyz, owner, edge=edge):
            resolve(forest.pieces, x, y, xyz, limit_m, points, piece, found)
    return owner, found


def _tested(bundle: Bundle, size: int) -> tuple[Index, NDArray[np.bool_]]:
    """Return the points of a bundle, and which of them are asked for themselves.

    Of a group that no boundary comes near, the first point answers for all.
    """
    point = bundle.own[:, None] * bundle.size + np.arange(bundle.size)
    alone = np.ones(point.shape, dtype=np.bool_)
    alone[bundle.clear, 1:] = False
    real = point < size
    return point[real], alone[real]


def _owners(
    territory: Territory, x: FloatArray, y: FloatArray, point: Index, alone: NDArray[np.bool_]
) -> Index:
    """Return per point the first shape that covers it, or -1."""
    asked = point[alone]
    lon, lat = x[asked], y[asked]
    owner = np.full(len(asked), -1, dtype=np.int64)
    left = np.arange(len(asked))
    for index, shape in enumerate(territory.shapes):
        if len(left) == 0:
            break
        covered = shape.covers(lon[left], lat[left])
        owner[left[covered]] = index
        left = left[~covered]
    # every point that is not asked follows one of its group that is
    spread: Index = owner[np.cumsum(alone) - 1]
    return spread


def _pairs(
    bundle: Bundle,
    forest: Forest,
    lon: FloatArray,
    lat: FloatArray,
    xyz: _Columns,
    owner: Index,
    *,
    edge: bool,
) -> Iterator[tuple[Index, Index]]:
    """Yield pairs of points and pieces, a portion of whole groups at a time."""
    pairs = bundle.pairs
    if not edge and len(pairs.group):
        # groups whose points are all inside have nothing to seek
        point = np.minimum(
            bundle.own[:, None] * bundle.size + np.arange(bundle.size), len(owner) - 1
        )
        seeks = np.zeros(int(bundle.own[-1]) + 1, dtype=np.bool_)
        seeks[bundle.own] = (owner[point] < 0).any(axis=1)
        pairs = pairs.take(seeks[pairs.group])
    for part in slices(pairs.group, np.full(len(pairs.group), bundle.size), _PAIRS):
        some = pairs.take(part)
        point, parent = split(len(owner), some.group, bundle.size)
        some = some.take(parent)._replace(group=point)
        if not edge:
            some = some.take(owner[point] < 0)
        anchors = some.anchors
        if anchors is not None:
            some = some.take(_likely(forest, xyz, some, anchors))
            some = some.take(_nearer(forest, lon, lat, xyz, some, anchors))
        yield some.group, some.node


def _likely(forest: Forest, xyz: _Columns, pairs: Pairs, anchors: Anchors) -> NDArray[np.bool_]:
    """Return which pairs to keep, by what their anchors predict."""
    keep = np.ones(len(pairs.group), dtype=np.bool_)
    at = np.flatnonzero(pairs.anchor >= 0)
    if len(at):
        point, piece, leaves = pairs.group[at], pairs.node[at], forest.levels[-1]
        q = (xyz[0][point], xyz[1][point], xyz[2][point])
        x = (leaves.x[piece], leaves.y[piece], leaves.z[piece])
        step = forest.pieces.steps(piece)
        keep[at] = by_prediction(anchors, pairs.anchor[at], point, q, None, x, step)
    return keep


def _nearer(
    forest: Forest,
    lon: FloatArray,
    lat: FloatArray,
    xyz: _Columns,
    pairs: Pairs,
    anchors: Anchors,
) -> NDArray[np.bool_]:
    """Return which pairs to keep, by what is predicted from the likeliest piece of each point."""
    keep = np.ones(len(pairs.group), dtype=np.bool_)
    heads = heads_of(pairs.group)
    sizes = sizes_of(heads, len(keep))
    at = np.flatnonzero((pairs.anchor >= 0) & np.repeat(sizes > _FEW, sizes))
    if len(at):
        point, piece, leaves = pairs.group[at], pairs.node[at], forest.levels[-1]
        q = (xyz[0][point], xyz[1][point], xyz[2][point])
        x = (leaves.x[piece], leaves.y[piece], leaves.z[piece])
        value = prediction(anchors, pairs.anchor[at], q, x)
        own = point[heads_of(point)]
        step = forest.pieces.steps(piece)
        keep[at] = by_nearest(leaves, (lon[own], lat[own]), value, point, piece, step)
    return keep


def _write(
    rows: Rows,
    order: Index,
    x: FloatArray,
    y: FloatArray,
    owner: Index,
    found: Found,
    forest: Forest,
    *,
    edge: bool,
) -> None:
    distance, lon, lat, piece = found
    shape, ring = np.full(len(x), -1), np.full(len(x), -1)
    hit = np.flatnonzero(piece >= 0)
    shape[hit], ring[hit] = forest.shape[piece[hit]], forest.pieces.ring[piece[hit]]
    inside = owner >= 0
    if not edge:
        distance[inside] = 0.0
        lon[inside], lat[inside], shape[inside] = x[inside], y[inside], owner[inside]
    rows.distance_m[order], rows.lon[order], rows.lat[order] = distance, lon, lat
    rows.shape[order], rows.ring[order], rows.inside[order] = shape, ring, inside
