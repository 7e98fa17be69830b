"""Nearest boundary points of one compiled shape: prune by proven bounds, then minimise.

For each point, and never for the batch as a whole, so that a batch may be split anywhere:

1. Blocks whose ball is farther by chord than any geodesic as short as the best known allows.
2. Where several blocks are left: the exact distance to each hub; the distance to a set is
   1-Lipschitz, so a block farther than its reach beyond the best is dropped. This is what keeps
   far and near-antipodal points cheap, where a chord says little about a geodesic.
3. Pieces by the foot on their chord (within `sagitta_m` of the curve), then by the exact
   distance at that foot less the length of the piece on either side of it.
4. The rest is minimised along the piece (module `minimise`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import GEOD, FloatArray, chord_below, ecef
from deploygeo.geodesy.minimise import minimise, on_piece
from deploygeo.geodesy.pieces import BLOCK, Pieces

__all__ = ["Found", "search"]

#: Rounding of ECEF coordinates and bounds is about 1e-8 m; every pruning test allows this much.
_SLACK_M = 1e-3

#: Memory bound: at most this many (point, block) or (point, piece) pairs at a time.
_PAIRS = 2_000_000

#: Up to this many blocks it is cheaper to look at the pieces than at the hubs.
_FEW_BLOCKS = 3

#: Up to this many pieces a point, minimising along all of them is cheaper than dropping some.
_FEW_PIECES = 3

#: distance_m (inf where nothing is within the limit), lon, lat, ring (-1 likewise).
Found = tuple[FloatArray, FloatArray, FloatArray, NDArray[np.int64]]


def search(pieces: Pieces, lon: FloatArray, lat: FloatArray, limit_m: FloatArray) -> Found:
    """Return the nearest boundary point of every point, where it is within the point's limit."""
    size = len(lon)
    found: Found = (
        np.full(size, np.inf),
        np.full(size, np.nan),
        np.full(size, np.nan),
        np.full(size, -1, dtype=np.int64),
    )
    if size == 0 or len(pieces) == 0:
        return found
    at_once = max(1, _PAIRS // len(pieces.hub_lon))
    for begin in range(0, size, at_once):
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
        _pieces(pieces, lon, lat, xyz, best, limit_m, point[pairs], block[pairs], found)
        begin = end


def _pieces(
    pieces: Pieces,
    lon: FloatArray,
    lat: FloatArray,
    xyz: tuple[FloatArray, FloatArray, FloatArray],
    best: FloatArray,
    limit_m: FloatArray,
    point: NDArray[np.int64],
    block: NDArray[np.int64],
    found: Found,
) -> None:
    piece = (block[:, None] * BLOCK + np.arange(BLOCK)).ravel()
    point = np.repeat(point, BLOCK)
    whole = piece < len(pieces)
    piece, point = piece[whole], point[whole]
    if len(piece) == 0:
        return
    # The foot on the chord of every piece.
    chords = pieces.chords(piece)
    step = chords.step
    gap = [xyz[axis][point] - chords.start[axis] for axis in range(3)]
    along = gap[0] * step[0] + gap[1] * step[1] + gap[2] * step[2]
    square = chords.square
    t = np.clip(along / np.where(square > 0.0, square, 1.0), 0.0, 1.0)
    for axis in range(3):
        gap[axis] -= t * step[axis]
    chord = np.sqrt(gap[0] ** 2 + gap[1] ** 2 + gap[2] ** 2)
    # The exact distance at the best foot, and what may still beat it.
    heads = _heads(point)
    nearest = _first_least(chord, heads)
    where = point[nearest]
    foot = on_piece(pieces, piece[nearest], t[nearest])
    best[where] = np.minimum(best[where], _geodesic(lon[where], lat[where], *foot))
    keep = chord - chords.sagitta_m <= (chord_below(best) + _SLACK_M)[point]
    point, piece, t, length = point[keep], piece[keep], t[keep], chords.length_m[keep]
    if len(piece) == 0:
        return
    if len(piece) > _FEW_PIECES * len(lon):
        exact = _geodesic(lon[point], lat[point], *on_piece(pieces, piece, t))
        np.minimum.at(best, point, exact)
        keep = exact - length * np.maximum(t, 1.0 - t) <= best[point] + _SLACK_M
        point, piece, t = point[keep], piece[keep], t[keep]
    if len(piece) == 0:
        return
    least, t = minimise(pieces, piece, lon[point], lat[point], t)
    winner = _first_least(least, _heads(point))
    winner = winner[least[winner] <= limit_m[point[winner]]]
    where = point[winner]
    found[0][where] = least[winner]
    found[1][where], found[2][where] = on_piece(pieces, piece[winner], t[winner])
    found[3][where] = pieces.ring[piece[winner]]


def _geodesic(lon1: FloatArray, lat1: FloatArray, lon2: FloatArray, lat2: FloatArray) -> FloatArray:
    return np.asarray(GEOD.inv(lon1, lat1, lon2, lat2)[2], dtype=np.float64)


def _heads(point: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each run of equal (sorted) points begins."""
    return np.flatnonzero(np.append(True, point[1:] != point[:-1]))


def _first_least(values: FloatArray, heads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the index of the first least value of every run."""
    least = np.minimum.reduceat(values, heads)
    sizes = np.diff(np.append(heads, len(values)))
    hits = np.flatnonzero(values == np.repeat(least, sizes))
    run = np.searchsorted(heads, hits, side="right") - 1
    return hits[_heads(run)]
