"""One row per point asked: the nearest point of a territory, for a few points or for many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from deploygeo.geodesy.bulk import Rows, fill
from deploygeo.geodesy.ellipsoid import FloatArray, chord_below, ecef
from deploygeo.geodesy.search import search
from deploygeo.geodesy.shape import Shape, Territory

__all__ = ["Rows", "chunks", "rows_of", "unlimited"]

#: From this many points on, groups of points beat single ones.
_MANY = 64

#: Points in one piece of work: the arrays of a row take some hundred bytes a point.
_AT_ONCE = 1 << 20

#: Covers the rounding of coordinates when a whole shape is passed over.
_SLACK_M = 1e-3


def unlimited(size: int) -> FloatArray:
    """Return limits that limit nothing."""
    return np.full(size, np.inf)


def chunks(size: int) -> Iterator[slice]:
    """Yield the rows in pieces that bound the memory; results do not depend on them."""
    for begin in range(0, max(size, 1), _AT_ONCE):
        yield slice(begin, min(begin + _AT_ONCE, size))


def rows_of(
    lon: FloatArray,
    lat: FloatArray,
    territory: Territory,
    limit_m: FloatArray,
    *,
    edge: bool = False,
) -> Rows:
    """Return the nearest points within a limit per point (distance inf where there is none).

    With `edge` the boundary is sought from inside too. The result is the least over all shapes,
    the first shape and piece winning a tie, so neither order nor batches can be seen.
    """
    size = len(lon)
    rows = Rows(
        np.full(size, np.inf),
        np.full(size, np.nan),
        np.full(size, np.nan),
        np.full(size, -1, dtype=np.int64),
        np.full(size, -1, dtype=np.int64),
        np.zeros(size, dtype=np.bool_),
    )
    if size == 0 or not territory.shapes:
        return rows
    if size >= _MANY:
        fill(rows, lon, lat, territory, limit_m, edge=edge)
    elif len(territory.shapes) == 1:
        _of_one(rows, lon, lat, territory.shapes[0], limit_m, edge=edge)
    else:
        _of_several(rows, lon, lat, territory, limit_m, edge=edge)
    rows.inside[rows.distance_m == 0.0] = True
    return rows


def _of_one(
    rows: Rows, lon: FloatArray, lat: FloatArray, shape: Shape, limit_m: FloatArray, *, edge: bool
) -> None:
    """Fill in the rows for one shape: there is no order to choose and nothing to compare."""
    covered = shape.covers(lon, lat)
    rows.inside[covered] = True
    todo = np.ones(len(lon), dtype=np.bool_)
    if not edge:
        rows.distance_m[covered] = 0.0
        rows.lon[covered], rows.lat[covered] = lon[covered], lat[covered]
        rows.shape[covered] = 0
        todo = ~covered
    i = np.flatnonzero(todo)
    if len(i):
        pieces = shape.pieces()
        distance, x, y, piece = search(pieces, lon[i], lat[i], limit_m[i])
        rows.distance_m[i], rows.lon[i], rows.lat[i] = distance, x, y
        hit = np.flatnonzero(piece >= 0)
        rows.ring[i[hit]] = pieces.ring[piece[hit]]
        rows.shape[i[hit]] = 0


def _of_several(
    rows: Rows,
    lon: FloatArray,
    lat: FloatArray,
    territory: Territory,
    limit_m: FloatArray,
    *,
    edge: bool,
) -> None:
    """Fill in the rows, shapes nearest first, each for the points that may be nearest to it."""
    xyz = ecef(lon, lat)
    chord = np.array([shape.chord_from_m(xyz) for shape in territory.shapes])
    for index, shape in enumerate(territory.shapes):
        maybe = np.flatnonzero((chord[index] <= _SLACK_M) & (~rows.inside | edge))
        if len(maybe) == 0:
            continue
        covered = maybe[shape.covers(lon[maybe], lat[maybe])]
        rows.inside[covered] = True
        if not edge:
            rows.distance_m[covered] = 0.0
            rows.lon[covered], rows.lat[covered] = lon[covered], lat[covered]
            rows.shape[covered] = index
    todo = np.ones(len(lon), dtype=np.bool_) if edge else ~rows.inside
    first = chord.argmin(axis=0)
    order = np.argsort(chord.min(axis=1), kind="stable")
    for own in (True, False):
        for index in order:
            best = np.minimum(rows.distance_m, limit_m)
            near = chord[index] <= chord_below(np.maximum(best, 0.0)) + _SLACK_M
            i = np.flatnonzero(todo & near & ((first == index) == own))
            if len(i) == 0:
                continue
            pieces = territory.shapes[index].pieces()
            distance, x, y, piece = search(pieces, lon[i], lat[i], best[i])
            tie = (distance == rows.distance_m[i]) & (index < rows.shape[i])
            better = np.flatnonzero(((distance < rows.distance_m[i]) | tie) & (piece >= 0))
            won = i[better]
            rows.distance_m[won], rows.lon[won], rows.lat[won] = (
                distance[better],
                x[better],
                y[better],
            )
            rows.ring[won] = pieces.ring[piece[better]]
            rows.shape[won] = index
