"""The least distance between two territories."""

from __future__ import annotations

import numpy as np
import shapely

from deploygeo.geodesy.ellipsoid import FloatArray
from deploygeo.geodesy.minimise import on_piece
from deploygeo.geodesy.pieces import BLOCK, Pieces
from deploygeo.geodesy.rows import rows_of, unlimited
from deploygeo.geodesy.shape import Territory, check_territory

__all__ = ["separation_m"]

#: Pieces are halved down to this length: between two so short the curves differ from geodesics by
#: less than 0.2 mm, so that the least distance is at an end of one of them, to well below 1 mm.
_SHORT_M = 100.0

#: Rounding of a projection is some nanometres.
_TOUCH_M = 1e-6

#: Projections to and fro from the best candidates; each one shortens the distance.
_ROUNDS = 24
_CANDIDATES = 64


def separation_m(a: Territory, b: Territory) -> float:
    """Return the least distance between two territories, in metres; 0 where they touch.

    Parameters
    ----------
    a, b : Territory

    Returns
    -------
    float
        nan if either is empty.

    Raises
    ------
    SettingError
        If either is no territory.

    Notes
    -----
    The distance to a set is 1-Lipschitz: blocks, pieces and parts of pieces of one boundary are
    dropped when their middle is farther than the best known by more than their length allows.
    What is left, 100 m long at most, is projected to and fro. The result is never less than the
    true least distance (but for rounding) and never more by over 50 m; in the tests the error is
    below 1 mm.

    Examples
    --------
    >>> import shapely
    >>> from deploygeo.geodesy import EMPTY
    >>> west = Territory.of(shapely.box(0, 0, 1, 1))
    >>> round(separation_m(west, Territory.of(shapely.box(2, 0, 3, 1))), 3)
    111302.649
    >>> separation_m(west, Territory.of(shapely.box(1, 1, 2, 2)))
    0.0
    >>> separation_m(west, EMPTY)
    nan
    """
    check_territory(a, b)
    if a.is_empty or b.is_empty:
        return float("nan")
    if _meets(a, b):
        return 0.0
    # The smaller boundary is walked, the larger one searched.
    size_a = sum(len(shape.pieces()) for shape in a.shapes)
    size_b = sum(len(shape.pieces()) for shape in b.shapes)
    walked, searched = (a, b) if size_a <= size_b else (b, a)
    best = np.inf
    for shape in walked.shapes:
        best = min(best, _from_pieces(shape.pieces(), searched, walked, best))
    # Contact that the plane does not show: across the antimeridian, or at a pole.
    return 0.0 if best < _TOUCH_M else float(best)


def _meets(a: Territory, b: Territory) -> bool:
    return any(
        shapely.intersects(one.geometry, other.geometry) for one in a.shapes for other in b.shapes
    )


def _from_pieces(pieces: Pieces, searched: Territory, walked: Territory, best: float) -> float:
    if len(pieces) == 0:
        return best
    hub = _distance(pieces.hub_lon, pieces.hub_lat, searched)
    best = min(best, float(hub.min()))
    blocks = np.flatnonzero(hub - pieces.reach_m <= best)
    if len(blocks) == 0:
        return best  # a shape walked before is nearer than all of this one
    sizes = np.diff(np.append(np.arange(0, len(pieces), BLOCK), len(pieces)))
    piece = np.concatenate([np.arange(BLOCK * j, BLOCK * j + sizes[j]) for j in blocks])
    low, span = np.zeros(len(piece)), np.ones(len(piece))
    while True:
        middle = low + span / 2.0
        lon, lat = on_piece(pieces, piece, middle)
        distance = _distance(lon, lat, searched)
        best = min(best, float(distance.min()))
        half = pieces.chords(piece).length_m * span / 2.0
        keep = distance - half <= best
        piece, low, span, distance = piece[keep], low[keep], span[keep], distance[keep]
        lon, lat, half = lon[keep], lat[keep], half[keep]
        if len(piece) == 0 or half.max() <= _SHORT_M / 2.0:
            break
        piece = np.repeat(piece, 2)
        span = np.repeat(span / 2.0, 2)
        low = np.repeat(low, 2)
        low[1::2] += span[1::2]
    if len(piece) == 0:
        return best
    chosen = np.argsort(distance, kind="stable")[:_CANDIDATES]
    lon, lat = lon[chosen], lat[chosen]
    for _ in range(_ROUNDS):
        for target in (searched, walked):
            rows = rows_of(lon, lat, target, unlimited(len(lon)))
            lon, lat = rows.lon, rows.lat
        best = min(best, float(rows.distance_m.min()))
    return best


def _distance(lon: FloatArray, lat: FloatArray, territory: Territory) -> FloatArray:
    return rows_of(lon, lat, territory, unlimited(len(lon))).distance_m
