"""When no point of a group can have its nearest boundary point in a node: three tests.

Each compares a pair (group, node) with the champion of the group, another of its nodes, and
drops it only for a reason that holds for every point q of the group and every boundary point x
of the node. With c the middle and r the radius of the group, m and h those of the node, p the
middle of the champion (the boundary passes within e = `NEAR_M` of it):

*By chords.* |q - m|² - |q - p|² is affine in q, so over the group it is at least
|c - m|² - |c - p|² - 2 r |p - m|. If that exceeds 2 g D + g², where D = |c - p| + r + e bounds
|q - p| + e and g = h + e + w(D), then |q - m| > |q - p| + g, so |q - x| > |q - p| + e + w(D):
x is farther by chord than a boundary point near p by more than w, the most by which chord and
geodesic can disagree about which of two points is nearer (module `ellipsoid`), hence farther.

*By geodesics*, for groups far off, where w says little. With s exact from a point c of the
ellipsoid whose distance to all of the group is at most u, the difference s(q, m) - s(q, p)
changes along the way from c to q by at most the angle at which m and p are seen from there. The
geodesic between m and p, of length l, is seen under at most l / J, where J = b sin(s/b) is the
least width of a geodesic fan at the distances in question (Rauch, Gaussian curvature <= 1/b²;
within the injectivity radius, which is pi b by Klingenberg). So m is dropped when
s(c, m) - s(c, p) exceeds u min(2, l / J) + reach.

*By prediction*, where an exact distance is known from near c to near m (an anchor, with d1 and
d2 bounding the ways from there to q and to x): with unit tangents u and v at its ends, each
pointing to the other, s(q, x) is predicted as s - u.(q - c) - v.(x - m). The second derivative
of s along the two geodesics together lies within ±(d1 + d2)²/J (index lemma, the curvature of
the ellipsoid lying in [b²/a⁴, 1/b²]), and a geodesic of length d leaves its tangent by at most
d³/(6 R²) in a tangent direction, R = b²/a; so the error is at most
(d1 + d2)²/(2 J) + (d1³ + d2³)/(6 R²). The prediction is affine in q, as the chords are, and
affine along a piece (but for its sagitta), so that its least is at an end of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import GEOD, FloatArray, chord_below, ecef, geodesic_above
from deploygeo.geodesy.forest import NEAR_M, Nodes
from deploygeo.geodesy.groups import Groups, Index, first_of, heads_of, sizes_of

__all__ = [
    "Anchors",
    "Measured",
    "anchored",
    "by_chord",
    "by_geodesic",
    "by_nearest",
    "by_prediction",
    "measured",
    "prediction",
]

#: Rounding of ECEF coordinates and bounds is about 1e-8 m; every test allows this much.
_SLACK_M = 1e-3

_B: float = GEOD.b
_R_LEAST = GEOD.b * GEOD.b / GEOD.a

#: Chords from here on say nothing: at 2 b²/a the arc of the upper bound is a half circle.
_USELESS_M = 2.0 * _R_LEAST * 0.999


def by_chord(
    groups: Groups, nodes: Nodes, group: Index, node: Index
) -> tuple[NDArray[np.bool_], FloatArray, FloatArray]:
    """Return which pairs to keep, the chord between their balls at least, and to the champion.

    Pairs beyond the limit of their group are not kept either.
    """
    x, y, z, ball = nodes.x[node], nodes.y[node], nodes.z[node], nodes.ball_m[node]
    square = (groups.x[group] - x) ** 2
    square += (groups.y[group] - y) ** 2
    square += (groups.z[group] - z) ** 2
    heads = heads_of(group)
    sizes = sizes_of(heads, len(group))
    least = np.minimum.reduceat(square, heads)
    champion = first_of(square, least, heads, sizes)
    own = group[heads]
    radius, near = groups.ball_m[own], np.sqrt(least)
    apart = (x - np.repeat(x[champion], sizes)) ** 2
    apart += (y - np.repeat(y[champion], sizes)) ** 2
    apart += (z - np.repeat(z[champion], sizes)) ** 2
    apart = np.sqrt(apart)
    most = near + radius + NEAR_M
    gap = np.repeat(_window(most) + NEAR_M + _SLACK_M, sizes) + ball
    gain = square - np.repeat(least, sizes) - np.repeat(2.0 * radius, sizes) * apart
    keep = gain <= (np.repeat(2.0 * most, sizes) + gap) * gap
    away = np.sqrt(square) - np.repeat(radius, sizes) - ball
    keep &= away <= np.repeat(groups.limit_m[own] + _SLACK_M, sizes)
    return keep, away, np.repeat(near, sizes)


def _window(chord_m: FloatArray) -> FloatArray:
    """Return the most by which a chord up to this one may exceed another and yet be as near."""
    wide: FloatArray = chord_below(geodesic_above(chord_m)) - chord_m
    return np.where(chord_m < _USELESS_M, wide, np.inf)


class Measured(NamedTuple):
    """Azimuths at both ends, in degrees, and lengths of geodesics: from groups to nodes."""

    out: FloatArray
    back: FloatArray
    away_m: FloatArray

    @classmethod
    def between(
        cls, one: tuple[FloatArray, FloatArray], other: tuple[FloatArray, FloatArray]
    ) -> Measured:
        """Measure between longitudes and latitudes."""
        found = GEOD.inv(one[0], one[1], other[0], other[1])
        return cls(*(np.asarray(value, dtype=np.float64) for value in found))

    def take(self, index: NDArray[np.bool_]) -> Measured:
        """Return some of them."""
        return Measured(*(value[index] for value in self))


def measured(groups: Groups, nodes: Nodes, group: Index, node: Index) -> Measured:
    """Return the exact geodesic of every pair, from middle to middle."""
    one = groups.lon[group], groups.lat[group]
    return Measured.between(one, (nodes.lon[node], nodes.lat[node]))


def by_geodesic(
    groups: Groups, nodes: Nodes, group: Index, node: Index, away: FloatArray
) -> NDArray[np.bool_]:
    """Return which pairs to keep, by the lengths of the geodesics from middle to middle."""
    heads = heads_of(group)
    sizes = sizes_of(heads, len(group))
    least = np.minimum.reduceat(away, heads)
    champion = np.repeat(first_of(away, least, heads, sizes), sizes)
    near, reach = np.repeat(least, sizes), np.repeat(groups.reach_m[group[heads]], sizes)
    x, y, z = nodes.x[node], nodes.y[node], nodes.z[node]
    apart = (x - x[champion]) ** 2 + (y - y[champion]) ** 2 + (z - z[champion]) ** 2
    # middles of pieces lie within NEAR_M of the ellipsoid
    length = geodesic_above(np.sqrt(apart) + 2.0 * NEAR_M)
    fan = _fan(
        np.maximum((near + away - length) / 2.0 - reach, 0.0),
        (near + away + length) / 2.0 + reach,
    )
    turn = np.minimum(length / fan, 2.0)
    keep: NDArray[np.bool_] = away - near <= reach * turn + nodes.reach_m[node] + _SLACK_M
    return keep


def _fan(shortest: FloatArray, longest: FloatArray) -> FloatArray:
    """Return the least width of a geodesic fan between two distances; almost none if too far."""
    sines = np.minimum(np.sin(shortest / _B), np.sin(np.minimum(longest, np.pi * _B) / _B))
    return np.maximum(_B * sines, 1e-3)


class Anchors(NamedTuple):
    """Exact distances from which others are predicted: s(q, x) = level - u.q - v.x, ± error."""

    level: FloatArray
    ux: FloatArray
    uy: FloatArray
    uz: FloatArray
    vx: FloatArray
    vy: FloatArray
    vz: FloatArray
    error_m: FloatArray


def anchored(groups: Groups, nodes: Nodes, group: Index, node: Index, known: Measured) -> Anchors:
    """Return an anchor for each pair, good for all of its points and all of its node."""
    lon, lat = groups.lon[group], groups.lat[group]
    out, back, s = known
    c, m = ecef(lon, lat), ecef(nodes.lon[node], nodes.lat[node])
    u, v = _tangent(lon, lat, out), _tangent(nodes.lon[node], nodes.lat[node], back)
    level = s + sum(u[k] * c[k] + v[k] * m[k] for k in range(3))
    one, other = groups.reach_m[group], nodes.reach_m[node]
    both = one + other
    error = both**2 / (2.0 * _fan(np.maximum(s - both, 0.0), s + both))
    # the middle of a chord, and the piece beside its chord, are each off by NEAR_M at most
    error += (one**3 + other**3) / (6.0 * _R_LEAST**2) + 2.0 * NEAR_M
    return Anchors(level, *u, *v, error)


def _tangent(
    lon: FloatArray, lat: FloatArray, azimuth: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the unit vector at a point of the ellipsoid in the direction of an azimuth."""
    lam, phi, alpha = np.radians(lon), np.radians(lat), np.radians(azimuth)
    east, north = np.sin(alpha), np.cos(alpha)
    up = -np.sin(phi) * north
    return (
        up * np.cos(lam) - east * np.sin(lam),
        up * np.sin(lam) + east * np.cos(lam),
        np.cos(phi) * north,
    )


def prediction(
    anchors: Anchors,
    anchor: Index,
    q: tuple[FloatArray, FloatArray, FloatArray],
    x: tuple[FloatArray, FloatArray, FloatArray],
) -> FloatArray:
    """Return the distances predicted between points q and x."""
    value: FloatArray = anchors.level[anchor]
    tangents = ((anchors.ux, anchors.uy, anchors.uz), (anchors.vx, anchors.vy, anchors.vz))
    for tangent, place in zip(tangents, (q, x), strict=True):
        for along, axis in zip(tangent, place, strict=True):
            value -= along[anchor] * axis
    return value


def by_prediction(
    anchors: Anchors,
    anchor: Index,
    group: Index,
    q: tuple[FloatArray, FloatArray, FloatArray],
    radius_m: FloatArray | None,
    x: tuple[FloatArray, FloatArray, FloatArray],
    extent: tuple[FloatArray, FloatArray, FloatArray] | FloatArray,
) -> NDArray[np.bool_]:
    """Return which pairs of groups and nodes to keep.

    Parameters
    ----------
    anchors : Anchors
    anchor : ndarray of int
        Of each pair.
    group : ndarray of int
        Sorted; pairs of one group are compared.
    q, x : tuple of ndarray
        Per pair the middle of the group and of the node.
    radius_m : ndarray or None
        Of the group's ball; None where every group is one point.
    extent : tuple of ndarray, or ndarray
        Of pieces the way from one end to the other; of other nodes the radius of the ball.
    """
    value = prediction(anchors, anchor, q, x)
    v = (anchors.vx[anchor], anchors.vy[anchor], anchors.vz[anchor])
    error = anchors.error_m[anchor]
    if isinstance(extent, tuple):
        value -= np.abs(v[0] * extent[0] + v[1] * extent[1] + v[2] * extent[2]) / 2.0
        most = value + error  # at the nearer end
    else:
        most = value + error
        value -= extent
    heads = heads_of(group)
    sizes = sizes_of(heads, len(group))
    least = np.minimum.reduceat(most, heads)
    bound = np.repeat(least, sizes) + error + _SLACK_M
    if radius_m is not None:
        champion = np.repeat(first_of(most, least, heads, sizes), sizes)
        turn = np.zeros(len(group))
        for axis in (anchors.ux, anchors.uy, anchors.uz):
            u = axis[anchor]
            turn += (u - u[champion]) ** 2
        bound += radius_m * np.sqrt(turn)
    keep: NDArray[np.bool_] = value <= bound
    return keep


def by_nearest(
    nodes: Nodes,
    q: tuple[FloatArray, FloatArray],
    likely: FloatArray,
    point: Index,
    piece: Index,
    step: tuple[FloatArray, FloatArray, FloatArray],
) -> NDArray[np.bool_]:
    """Return which pairs of points and pieces to keep; costs an exact geodesic a point.

    It is the prediction from an anchor at the point itself (d1 = 0) and the middle of the piece
    that is thought nearest, with d2 the way from there to each other piece and along it: nearly
    exact for its neighbours, which are most of what coarser anchors leave open.

    Parameters
    ----------
    nodes : Nodes
        The pieces.
    q : tuple of ndarray
        Longitude and latitude of the point of each run of pairs.
    likely : ndarray
        Per pair about the distance.
    point, piece : ndarray of int
        Pairs, sorted by point.
    step : tuple of ndarray
        Per pair from one end of the piece to the other.
    """
    heads = heads_of(point)
    sizes = sizes_of(heads, len(point))
    best = piece[first_of(likely, np.minimum.reduceat(likely, heads), heads, sizes)]
    known = Measured.between(q, (nodes.lon[best], nodes.lat[best]))
    tangent = _tangent(nodes.lon[best], nodes.lat[best], known.back)
    run = np.repeat(np.arange(len(heads)), sizes)
    near = known.away_m[run]
    value, square, turn = near.copy(), np.zeros(len(run)), np.zeros(len(run))
    for axis, along, leg in zip((nodes.x, nodes.y, nodes.z), tangent, step, strict=True):
        gap, v = axis[piece] - axis[best][run], along[run]
        square += gap * gap
        value -= v * gap
        turn += v * leg
    value -= np.abs(turn) / 2.0
    # middles of pieces lie within NEAR_M of the ellipsoid
    away = geodesic_above(np.sqrt(square) + 2.0 * NEAR_M) + nodes.reach_m[piece]
    error = away**2 / (2.0 * _fan(np.maximum(near - away, 0.0), near + away))
    error += away**3 / (6.0 * _R_LEAST**2) + 2.0 * NEAR_M
    most = np.minimum.reduceat(value + error, heads)
    keep: NDArray[np.bool_] = value - error <= np.repeat(most, sizes) + _SLACK_M
    return keep
