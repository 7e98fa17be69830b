"""Minimise the geodesic distance along pieces of boundary.

With s the distance from the point, the derivative along the piece follows from the azimuth at
the foot, s' = -(velocity · direction to the point), and the second derivative of s²/2 from the
azimuth, from s/R · cot(s/R) (constant-curvature estimate, which only sets the step) and from the
bending of a lon/lat-straight line against geodesics. Newton on s²/2 then needs a step or two.
Where s²/2 is concave along the piece (a parallel seen from afar on its hollow side) the least is
at an end. Where it may be neither (far points, beyond a quarter of the globe; parallels next to a
pole) but s is certain to rise or to fall all along, the least is at one end. Where that is
not certain either the piece is scanned and the best bracket searched by golden section.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import GEOD, METRIC_M, FloatArray, radii
from deploygeo.geodesy.groups import sizes_of
from deploygeo.geodesy.pieces import Pieces

__all__ = ["minimise", "on_piece"]

_MEAN_RADIUS_M = 6_371_008.8

#: Newton stops when a step can win less than this, to first order (its target is 1 mm in all).
_GAIN_M = 1e-6

_NEWTON_STEPS = 12

#: Every test that drops a piece allows this much for rounding.
_SLACK_M = 1e-3

#: No bound by curvature is used where a piece comes within 1 % of the injectivity radius.
_TURN_M = 0.99 * np.pi * GEOD.b

#: |dM/dφ| of the meridian's radius is at most 64 300 m.
_MERIDIAN_M = 65e3

#: Samples of a scan: 5 km / 16, so no kink of the cut locus near the antipode hides a minimum
#: (between cut-locus kinks s is concave there, and least at an end).
_SAMPLES = 17

#: 2/16 of 5 km shrinks to 1e-4 m in the parameter.
_GOLDEN_STEPS = 34

_GOLDEN = (5.0**0.5 - 1.0) / 2.0


def on_piece(
    pieces: Pieces, piece: NDArray[np.int64], t: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the point of each piece at parameter `t`, exactly its ends at 0 and 1."""
    x0, y0, x1, y1 = (
        pieces.lon[piece],
        pieces.lat[piece],
        pieces.lon_end[piece],
        pieces.lat_end[piece],
    )
    x = np.where(t == 1.0, x1, x0 + t * (x1 - x0))
    y = np.where(t == 1.0, y1, y0 + t * (y1 - y0))
    return x, y


def minimise(
    pieces: Pieces,
    piece: NDArray[np.int64],
    lon: FloatArray,
    lat: FloatArray,
    t: FloatArray,
    heads: NDArray[np.int64],
) -> tuple[FloatArray, FloatArray]:
    """Return the least distance to each piece and its parameter, starting from `t`.

    Pieces compete within the runs that begin at `heads`. One that is certain to lose once it has
    been measured at `t` is not followed further: what is returned for it is too much.
    """
    best = np.full(len(piece), np.inf)
    best_t = t.copy()
    unsure = np.zeros(len(piece), dtype=np.bool_)
    hollow = np.zeros(len(piece), dtype=np.bool_)
    trial = t.copy()
    active = np.arange(len(piece))
    for turn in range(_NEWTON_STEPS):
        at = trial[active]
        s, slope, curve, speed2, bend, doubtful, concave = _derivatives(
            pieces, piece[active], lon[active], lat[active], at
        )
        loses = np.zeros(len(active), dtype=np.bool_)
        if turn == 0:
            loses = _loses(s, slope, speed2, bend, at, heads)
        rises = np.zeros(len(active))
        if doubtful.any():
            i = np.flatnonzero(doubtful & ~loses)
            rises[i] = _rises(pieces, piece[active[i]], s[i], slope[i])
            doubtful &= rises == 0.0
            unsure[active] |= doubtful & ~concave & ~loses
            hollow[active] |= doubtful & concave & ~loses
        better = s <= best[active]
        won = active[better]
        best[won], best_t[won] = s[better], at[better]
        newton = at - s * slope / np.where(curve > 0.0, curve, 1.0)
        newton = np.minimum(np.maximum(newton, 0.0), 1.0)
        newton = np.where(rises == 0.0, newton, (1.0 - rises) / 2.0)
        # Trial and best are kept apart: after a step for the worse, halve back to the best.
        step = np.where(better, newton, (at + best_t[active]) / 2.0)
        left = np.where(better, np.abs(step - at) * np.abs(slope), np.abs(step - at) * speed2**0.5)
        go = (left > _GAIN_M) & ~doubtful & ~loses
        active = active[go]
        if len(active) == 0:
            break
        trial[active] = step[go]
    else:
        unsure[active] = True
    if hollow.any():
        i = np.flatnonzero(hollow)
        for end in (0.0, 1.0):
            t = np.full(len(i), end)
            ended = _distance(pieces, piece[i], lon[i], lat[i], t)
            better = ended < best[i]
            best[i[better]], best_t[i[better]] = ended[better], end
    if unsure.any():
        i = np.flatnonzero(unsure)
        scanned, scanned_t = _scan(pieces, piece[i], lon[i], lat[i])
        better = scanned < best[i]
        best[i[better]], best_t[i[better]] = scanned[better], scanned_t[better]
    return best, best_t


def _loses(
    s: FloatArray,
    slope: FloatArray,
    speed2: FloatArray,
    bend: FloatArray,
    t: FloatArray,
    heads: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return which pieces are farther all along than another of their run is where measured.

    Along a piece s'' is at least minus the bound of `_hollow`, less the bending of the line.
    """
    hollow = _hollow(s, speed2)
    lower = s + np.minimum(-slope * t, slope * (1.0 - t)) - (hollow + 2.0 * bend) / 2.0
    best = np.minimum.reduceat(s, heads)
    lost: NDArray[np.bool_] = lower > np.repeat(best, sizes_of(heads, len(s))) + _SLACK_M
    return lost


def _rises(
    pieces: Pieces, piece: NDArray[np.int64], s: FloatArray, slope: FloatArray
) -> FloatArray:
    """Return 1 where s certainly rises all along a piece, -1 where it falls, and 0 elsewhere.

    It does where |s'| anywhere exceeds the bound of |s''| on the whole piece: that of `_hollow`
    below, 1/s · speed² above (Gaussian curvature positive), and the acceleration of the line.
    """
    lat = np.abs(np.array([pieces.lat[piece], pieces.lat_end[piece]]))
    across = pieces.lat[piece] * pieces.lat_end[piece] < 0.0
    cosine = np.cos(np.radians(np.where(across, 0.0, lat.min(axis=0))))
    sine = np.sin(np.radians(lat.max(axis=0)))
    dl = np.radians(np.abs(pieces.lon_end[piece] - pieces.lon[piece]))
    dp = np.radians(np.abs(pieces.lat_end[piece] - pieces.lat[piece]))
    speed2 = METRIC_M**2 * ((cosine * dl) ** 2 + dp * dp)
    bend = METRIC_M * sine * dl * (2.0 * dp + cosine * dl) + _MERIDIAN_M * dp * dp
    nearest = np.maximum(s - np.sqrt(speed2), 1e-3)
    most = np.maximum(_hollow(s, speed2), speed2 / nearest) + bend
    return np.where(np.abs(slope) > most, np.sign(slope), 0.0)


def _hollow(s: FloatArray, speed2: FloatArray) -> FloatArray:
    """Return an upper bound of -s'' along pieces but for the bending of the line.

    That is -cot(s/b)/b · speed², where positive (Gaussian curvature at most 1/b²), within the
    injectivity radius pi b.
    """
    speed = np.sqrt(speed2)
    far = np.minimum(s + speed, _TURN_M)
    hollow = np.maximum(-1.0 / np.tan(np.maximum(far, 1.0) / GEOD.b), 0.0) * speed2 / GEOD.b
    return np.where(s + speed >= _TURN_M, np.inf, hollow)


def _derivatives(
    pieces: Pieces, piece: NDArray[np.int64], lon: FloatArray, lat: FloatArray, t: FloatArray
) -> tuple[
    FloatArray,
    FloatArray,
    FloatArray,
    FloatArray,
    FloatArray,
    NDArray[np.bool_],
    NDArray[np.bool_],
]:
    """Return s, s', (s²/2)'', speed², the line's acceleration, and two flags.

    The flags say where (s²/2)'' may be, and where it is, negative all along the piece.
    """
    x, y = on_piece(pieces, piece, t)
    back, s = _back(lon, lat, x, y)
    east, north = np.sin(np.radians(back)), np.cos(np.radians(back))
    prime, meridian = radii(y)
    sine, cosine = np.sin(np.radians(y)), np.cos(np.radians(y))
    dl = np.radians(pieces.lon_end[piece] - pieces.lon[piece])
    dp = np.radians(pieces.lat_end[piece] - pieces.lat[piece])
    v_east, v_north = prime * cosine * dl, meridian * dp
    speed2 = v_east * v_east + v_north * v_north
    slope = -(v_east * east + v_north * north)
    across = v_east * north - v_north * east
    angle = s / _MEAN_RADIUS_M
    cot = np.where(angle > 1e-9, angle / np.tan(np.maximum(angle, 1e-9)), 1.0)
    bend_east, bend_north = -2.0 * meridian * sine * dl * dp, prime * cosine * sine * dl * dl
    bend = np.hypot(bend_east, bend_north)
    curve = slope * slope + across * across * cot - s * (east * bend_east + north * bend_north)
    # How much curve / speed² can change along the piece: the line turns by bend / speed against
    # the geodesic from the point, which itself turns by about speed / R; twice that, and 5 %
    # for the estimate of the second derivative.
    speed = np.sqrt(speed2)
    turn = bend / np.where(speed > 0.0, speed, 1.0)
    change = 2.0 * (s * bend / np.where(speed2 > 0.0, speed2, 1.0) + 1.0)
    change *= turn + speed / _MEAN_RADIUS_M
    doubtful = (curve < speed2 * (0.05 + change)) & (speed2 > 0.0)
    concave = doubtful & (curve < -speed2 * (0.05 + change))
    return s, slope, curve, speed2, bend, doubtful, concave


def _back(
    lon: FloatArray, lat: FloatArray, x: FloatArray, y: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return azimuth back and distance; a row like the one before it is not computed again.

    That is every second one where the nearest point is the vertex that two pieces share.
    """
    fresh = np.ones(len(x), dtype=np.bool_)
    fresh[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    fresh[1:] |= (lon[1:] != lon[:-1]) | (lat[1:] != lat[:-1])
    _, back, s = GEOD.inv(lon[fresh], lat[fresh], x[fresh], y[fresh])
    row = np.cumsum(fresh) - 1
    return np.asarray(back, dtype=np.float64)[row], np.asarray(s, dtype=np.float64)[row]


def _distance(
    pieces: Pieces, piece: NDArray[np.int64], lon: FloatArray, lat: FloatArray, t: FloatArray
) -> FloatArray:
    return np.asarray(GEOD.inv(lon, lat, *on_piece(pieces, piece, t))[2], dtype=np.float64)


def _scan(
    pieces: Pieces, piece: NDArray[np.int64], lon: FloatArray, lat: FloatArray
) -> tuple[FloatArray, FloatArray]:
    def distance(t: FloatArray) -> FloatArray:
        return _distance(pieces, piece, lon, lat, t)

    best, best_t = np.full(len(piece), np.inf), np.zeros(len(piece))

    def offer(s: FloatArray, t: FloatArray) -> None:
        better = s < best
        best[better], best_t[better] = s[better], t[better]

    for sample in np.linspace(0.0, 1.0, _SAMPLES):
        t = np.full(len(piece), sample)
        offer(distance(t), t)
    low = np.maximum(best_t - 1.0 / (_SAMPLES - 1), 0.0)
    high = np.minimum(best_t + 1.0 / (_SAMPLES - 1), 1.0)
    t1, t2 = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    s1, s2 = distance(t1), distance(t2)
    offer(s1, t1)
    offer(s2, t2)
    for _ in range(_GOLDEN_STEPS):
        left = s1 < s2
        low, high = np.where(left, low, t1), np.where(left, t2, high)
        new = np.where(left, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        s_new = distance(new)
        offer(s_new, new)
        t1, t2 = np.where(left, new, t2), np.where(left, t1, new)
        s1, s2 = np.where(left, s_new, s2), np.where(left, s1, s_new)
    return best, best_t
