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

__all__ = ["Anchors", "anchored", "by_chord", "by_geodesic", "by_prediction"]

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


def by_geodesic(groups: Groups, nodes: Nodes, group: Index, node: Index) -> NDArray[np.bool_]:
    """Return which pairs to keep; costs an exact geodesic each."""
    away = _geodesic(groups.lon[group], groups.lat[group], nodes.lon[node], nodes.lat[node])
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


def anchored(groups: Groups, nodes: Nodes, group: Index, node: Index) -> Anchors:
    """Return an anchor for each pair, good for all of its points and all of its node."""
    lon, lat = groups.lon[group], groups.lat[group]
    out, back, s = (
        np.asarray(value) for value in GEOD.inv(lon, lat, nodes.lon[node], nodes.lat[node])
    )
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


def by_prediction(
    anchors: Anchors,
    anchor: Index,
    group: Index,
    q: tuple[FloatArray, FloatArray, FloatArray],
    radius_m: FloatArray | None,
    x: tuple[FloatArray, FloatArray, FloatArray],
    step: tuple[FloatArray, FloatArray, FloatArray],
) -> NDArray[np.bool_]:
    """Return which pairs of groups and pieces to keep.

    Parameters
    ----------
    anchors : Anchors
    anchor : ndarray of int
        Of each pair.
    group : ndarray of int
        Sorted; pairs of one group are compared.
    q, x : tuple of ndarray
        Per pair the middle of the group and of the piece.
    radius_m : ndarray or None
        Of the group's ball; None where every group is one point.
    step : tuple of ndarray
        From one end of the piece to the other.
    """
    u = (anchors.ux[anchor], anchors.uy[anchor], anchors.uz[anchor])
    value = anchors.level[anchor] - u[0] * q[0] - u[1] * q[1] - u[2] * q[2]
    v = (anchors.vx[anchor], anchors.vy[anchor], anchors.vz[anchor])
    value -= v[0] * x[0] + v[1] * x[1] + v[2] * x[2]
    value -= np.abs(v[0] * step[0] + v[1] * step[1] + v[2] * step[2]) / 2.0
    error = anchors.error_m[anchor]
    heads = heads_of(group)
    sizes = sizes_of(heads, len(group))
    most = value + error
    least = np.minimum.reduceat(most, heads)
    bound = np.repeat(least, sizes) + error + _SLACK_M
    if radius_m is not None:
        champion = np.repeat(first_of(most, least, heads, sizes), sizes)
        turn = (u[0] - u[0][champion]) ** 2
        turn += (u[1] - u[1][champion]) ** 2
        turn += (u[2] - u[2][champion]) ** 2
        bound += radius_m * np.sqrt(turn)
    keep: NDArray[np.bool_] = value <= bound
    return keep


def _geodesic(lon1: FloatArray, lat1: FloatArray, lon2: FloatArray, lat2: FloatArray) -> FloatArray:
    return np.asarray(GEOD.inv(lon1, lat1, lon2, lat2)[2], dtype=np.float64)
