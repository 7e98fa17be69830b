"""From pairs of points and pieces to the nearest point: feet on chords, bounds, then minimise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import FloatArray, chord_below, geodesic_above
from deploygeo.geodesy.groups import first_of, heads_of, sizes_of
from deploygeo.geodesy.minimise import minimise, on_piece
from deploygeo.geodesy.pieces import Pieces

__all__ = ["Found", "nothing", "resolve"]

#: Rounding of ECEF coordinates and bounds is about 1e-8 m; every pruning test allows this much.
_SLACK_M = 1e-3

#: distance_m (inf where nothing is within the limit), lon, lat, piece (-1 likewise).
Found = tuple[FloatArray, FloatArray, FloatArray, NDArray[np.int64]]


def nothing(size: int) -> Found:
    """Return what is found before anything is."""
    return (
        np.full(size, np.inf),
        np.full(size, np.nan),
        np.full(size, np.nan),
        np.full(size, -1, dtype=np.int64),
    )


def resolve(
    pieces: Pieces,
    lon: FloatArray,
    lat: FloatArray,
    xyz: tuple[FloatArray, FloatArray, FloatArray],
    limit_m: FloatArray,
    point: NDArray[np.int64],
    piece: NDArray[np.int64],
    found: Found,
) -> None:
    """Write the nearest of each point's pieces into `found`, where it is within the limit.

    Parameters
    ----------
    pieces : Pieces
    lon, lat, xyz, limit_m : ndarray
        All points.
    point, piece : ndarray of int
        Pairs, sorted by point; of equal distances the first piece counts.
    found : Found
        Changed for the points that occur.
    """
    if len(point) == 0:
        return
    chords = pieces.chords(piece)
    step = chords.step
    gap = [xyz[axis][point] - chords.start[axis] for axis in range(3)]
    along = gap[0] * step[0] + gap[1] * step[1] + gap[2] * step[2]
    square = chords.square
    t = along / np.where(square > 0.0, square, 1.0)
    t = np.minimum(np.maximum(t, 0.0), 1.0)  # np.clip takes thrice as long for a few
    for axis in range(3):
        gap[axis] -= t * step[axis]
    chord = np.sqrt(gap[0] ** 2 + gap[1] ** 2 + gap[2] ** 2)
    # A piece is within its sagitta of its chord, point for point.
    heads = heads_of(point)
    sizes = sizes_of(heads, len(point))
    least = np.minimum.reduceat(chord + chords.sagitta_m, heads)
    best = np.minimum(geodesic_above(least), limit_m[point[heads]])
    keep = chord - chords.sagitta_m <= np.repeat(chord_below(best) + _SLACK_M, sizes)
    point, piece, t = point[keep], piece[keep], t[keep]
    if len(point) == 0:
        return
    heads = heads_of(point)
    least, t = minimise(pieces, piece, lon[point], lat[point], t, heads)
    runs = np.minimum.reduceat(least, heads)
    winner = first_of(least, runs, heads, sizes_of(heads, len(point)))
    winner = winner[least[winner] <= limit_m[point[winner]]]
    where = point[winner]
    found[0][where] = least[winner]
    found[1][where], found[2][where] = on_piece(pieces, piece[winner], t[winner])
    found[3][where] = piece[winner]
