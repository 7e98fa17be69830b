"""Nearest boundary points of one shape, for few points: every block, then pieces.

For each point, and never for the batch as a whole, so that a batch may be split anywhere:

1. Blocks whose ball is farther by chord than any geodesic as short as the best known allows.
2. Where several blocks are left: the exact distance to each hub; the distance to a set is
   1-Lipschitz, so a block farther than its reach beyond the best is dropped. This is what keeps
   far and near-antipodal points cheap, where a chord says little about a geodesic.
3. The pieces of the rest (module `resolve`).

Many points go in groups instead (module `descent`), to the same pieces.
"""

from __future__ import annotations

import numpy as np

from deploygeo.geodesy.ellipsoid import GEOD, FloatArray, chord_below, ecef
from deploygeo.geodesy.pieces import BLOCK, Pieces
from deploygeo.geodesy.resolve import Found, nothing, resolve

__all__ = ["search"]

#: Rounding of ECEF coordinates and bounds is about 1e-8 m; every pruning test allows this much.
_SLACK_M = 1e-3

#: Memory bound: at most this many (point, block) or (point, piece) pairs at a time.
_PAIRS = 2_000_000

#: Up to this many blocks it is cheaper to look at the pieces than at the hubs.
_FEW_BLOCKS = 3


def search(pieces: Pieces, lon: FloatArray, lat: FloatArray, limit_m: FloatArray) -> Found:
    """Return the nearest boundary point of every point, where it is within the point's limit."""
    found = nothing(len(lon))
    if len(lon) == 0 or len(pieces) == 0:
        return found
    at_once = max(1, _PAIRS // len(pieces.hub_lon))
    for begin in range(0, len(lon), at_once):
        part = slice(begin, begin + at_once)
        views = (found[0][part], found[1][part], found[2][part], found[3][part])
        _chunk(pieces, lon[part], lat[part], limit_m[part], views)
    return found


def _chunk(
    pieces: Pieces, lon: FloatArray, lat: FloatArray, limit_m: FloatArray, found: Found
) -> None:
    xyz = ecef(lon, lat)
    chord = (xyz[0][:, None] - pieces.hub[0]) ** 2
    chord += (xyz[1][:, None] - pieces.hub[1]) ** 2
    chord += (xyz[2][:, None] - pieces.hub[2]) ** 2
    np.sqrt(chord, out=chord)
    first = chord.argmin(axis=1)
    best = np.minimum(limit_m, _geodesic(lon, lat, pieces.hub_lon[first], pieces.hub_lat[first]))
    chord -= pieces.ball_m
    point, block = np.nonzero(chord <= (chord_below(best) + _SLACK_M)[:, None])
    del chord
    count = np.bincount(point, minlength=len(lon))
    many = count[point] > _FEW_BLOCKS
    if many.any():
        i, j = point[many], block[many]
        exact = np.zeros(len(point))
        exact[many] = _geodesic(lon[i], lat[i], pieces.hub_lon[j], pieces.hub_lat[j])
        np.minimum.at(best, i, exact[many])
        keep = ~many | (exact - pieces.reach_m[block] <= best[point] + _SLACK_M)
        point, block = point[keep], block[keep]
        count = np.bincount(point, minlength=len(lon))
    # Points in groups whose pieces fit in memory; a group holds at least one point.
    ends = np.cumsum(count)
    begin = 0
    while begin < len(lon):
        base = int(ends[begin - 1]) if begin else 0
        end = int(np.searchsorted(ends, base + _PAIRS // BLOCK, side="right"))
        end = max(end, begin + 1)
        pairs = slice(base, int(ends[end - 1]))
        piece = (block[pairs, None] * BLOCK + np.arange(BLOCK)).ravel()
        owner = np.repeat(point[pairs], BLOCK)
        whole = piece < len(pieces)
        resolve(pieces, lon, lat, xyz, limit_m, owner[whole], piece[whole], found)
        begin = end


def _geodesic(lon1: FloatArray, lat1: FloatArray, lon2: FloatArray, lat2: FloatArray) -> FloatArray:
    return np.asarray(GEOD.inv(lon1, lat1, lon2, lat2)[2], dtype=np.float64)
