"""Proven bounds of the distance to a territory between the nodes of a grid.

Let d be the distance to a closed set on the ellipsoid, known at the nodes of a grid in longitude
and latitude, or known there to lie from l to ψ(p), the distance from the node p to some point of
the set, its witness. Everything below holds for any closed set, its ridges (where several points
are nearest) included. r = N cos φ is the radius of the parallel, M and N are the radii of
curvature, lengths are in metres and α, β are steps of longitude and latitude in radians.

*Lipschitz.* |d(x) - d(p)| <= length of any path from p to x. The path that is straight in
longitude and latitude has length ∫ hypot(r α, M β) <= hypot(r₁ α, M₁ β), with r₁ on the side
of the cell that lies nearer to the equator and M₁ on the one nearer to the pole: r falls and M
rises with |φ|, and no cell straddles the equator. Every point of a cell is at most half a step
from a corner in either coordinate, which gives a radius ρ.

*Semiconcavity.* Let q be a nearest point of p, s = d(p) > 0, and q' the point at a small ε > 0
on the geodesic from q to p. Then d <= ψ = ε + distance to q', with equality at p. As the
geodesic is shortest from q, q' is no cut point of p, so ψ is smooth there, and its Hessian is 0
along the geodesic and u across, with u' + u² + K = 0 and the Gaussian curvature
K = 1/(M N) >= k² with k = b/a² (its value at the pole). By comparison u <= k cot(k (s - ε)), and
since cot x < 1/x - x/3 on (0, π), letting ε fall to 0 leaves, in the sense of barriers,

    Hess d <= κ(d),    κ(s) = max(1/s - k² s/3, 0)    (k s < π: no distance is longer).

κ falls with s. Along a curve c the function f(t) = d(c(t)) therefore has f'' <= C, again in the
sense of barriers, with C = κ(least d on c) |c'|² + |∇c' c'|, since ψ changes no faster than 1 per
metre; and such an f is continuous and has f - C t²/2 concave.

*Accelerations.* For c straight in longitude and latitude, ∇c' c' has the component
2 r' α β = -2 M sin φ α β to the east and r sin φ α² + M' β² to the north (r' = dr/dφ = -M sin φ).
M' = 3 a e² (1 - e²) sin φ cos φ / (1 - e² sin² φ)^(5/2) <= 64 694 m, which `_SLOPE_M` rounds up.

*Lower bound.* Along the two parallels of a cell C₁ = κ r² + r |sin φ|, along its meridians
C₂ = κ M² + M'. A function with f - C t²/2 concave lies above its chord less C t (h - t)/2, so
with u, v in [0, 1] and h the step in radians: first along the parallels, then along the meridian,

    d >= bilinear(corners) - h² (C₁ u (1 - u) + C₂ v (1 - v)) / 2.

As the bilinear surface rises with each of its corners, the lower bounds l may stand for d there.

*Upper bound.* With w the witness of a corner p, ψ = distance to w is the distance to a closed
set too, and at least d. It is concave but for C along the straight line from p to x, so

    d <= ψ <= ψ(p) + ∇ψ(p)·c' + (κ hypot(r α, M β)² + hypot(2 M sin φ α β, r sin φ α² + M' β²))/2

with the gradient given by the azimuth of the witness (that of any shortest way to it, if there
are several). This needs of w only that it lies in the territory, not that it is nearest to p, and
κ may be taken at a lower bound of d, since ψ >= d. At a pole the line leaves along the meridian
whose name it has, its accelerations have the same limits, and the azimuth there is relative to
it.

*Start.* κ needs a lower bound of d on the cell: the Lipschitz one, then the better one it leads
to. Where it is less than `_LEAST_M` only Lipschitz is used. A cell that is known to lie in the
territory as a whole has distance 0 (module `build`).

*Rounding.* The bounds at nodes are good to `NODE_ERROR_M`. Coordinates, radii and sums in
double precision err by less than 1e-6 m, and so does the choice of a cell for a point on its
rim. Of ∇ψ, kept in 32 bits, each component errs by at most 2^-24 of a step, and half a step is
taken: 4 mm in all for steps of half a degree, 66 mm for ten. `_SLACK_M` is more than that, and
than the millimetre of an exact distance that a bound may be compared with.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import GEOD, LARGEST_M, FloatArray, radii

__all__ = ["NODE_ERROR_M", "Rows", "cell_bounds", "point_bounds", "rows_of"]

#: Largest error of a bound at a node: that of `distance_m`.
NODE_ERROR_M = 1e-3

#: Added to every bound; see Rounding above.
_SLACK_M = 0.1

#: From this distance on curvature is used.
_LEAST_M = 1.0

#: Bound of the slope dM/dφ of the meridian's radius of curvature, 64 694 m rounded up.
_SLOPE_M = 6.5e4

#: The least Gaussian curvature b²/a⁴ over 3, rounded down.
_CURVED = 0.333 * (GEOD.b / GEOD.a**2) ** 2

#: Ranges are compared as 32-bit floats, which move them by at most 2⁻²⁴ of themselves; so does
#: the rounding of a bound to 32 bits.
_FLOAT32 = 2.0**-23

#: Times that the lower bound of a cell is improved by the curvature that it allows.
_ROUNDS = 3


class Rows(NamedTuple):
    """Of every row of cells, in metres per step: lengths, and accelerations of lines."""

    east: FloatArray  # r h on the side nearer to the equator
    north: FloatArray  # M h on the side nearer to the pole
    bend_side: FloatArray  # r |sin φ| h², greater of the two sides
    bend_east: FloatArray  # r |sin φ| h² anywhere in the row
    bend_both: FloatArray  # 2 M |sin φ| h² likewise
    bend_north: float  # |M'| h²


def rows_of(lat: FloatArray) -> Rows:
    """Return the bounds that hold for the cells between rows of nodes, from south to north.

    >>> rows = rows_of(np.array([0.0, 1.0]))
    >>> rows.east.round(), rows.north.round()
    (array([111319.]), array([110575.]))
    """
    h = float(np.radians(lat[1] - lat[0]))
    prime, meridian = radii(lat)
    ring = prime * np.cos(np.radians(lat))
    sine = np.abs(np.sin(np.radians(lat)))

    def most(values: FloatArray) -> FloatArray:
        return np.maximum(values[:-1], values[1:])

    return Rows(
        east=most(ring) * h,
        north=most(meridian) * h,
        bend_side=most(ring * sine) * h * h,
        bend_east=most(ring) * most(sine) * h * h,
        bend_both=2.0 * most(meridian) * most(sine) * h * h,
        bend_north=_SLOPE_M * h * h,
    )


def _curvature(least_m: FloatArray) -> FloatArray:
    """Return κ(s), the bound of the Hessian; where s is too small, that of the least one."""
    s = np.maximum(least_m, _LEAST_M)
    return np.asarray(np.maximum(1.0 / s - _CURVED * s, 0.0))


def cell_bounds(
    rows: Rows,
    low_m: FloatArray,
    node_m: FloatArray,
    east_m: FloatArray,
    north_m: FloatArray,
    whole: NDArray[np.bool_],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return bounds over every closed cell, rounded outward by enough to compare 32-bit floats.

    Parameters
    ----------
    rows : Rows
    low_m, node_m : ndarray
        Lower bounds of the distance at the nodes, and distances to their witnesses.
    east_m, north_m : ndarray
        By how much the distance to the node's witness grows with a step.
    whole : ndarray of bool
        Cells that lie in the territory as a whole.

    Examples
    --------
    Four nodes at 1 000 km:

    >>> rows, zero = rows_of(np.array([50.0, 50.5])), np.zeros((2, 2))
    >>> lo, hi = cell_bounds(rows, zero + 1e6, zero + 1e6, zero, zero, np.array([[False]]))
    >>> round(float(lo[0, 0])), round(float(hi[0, 0]))
    (999426, 1000642)
    """
    north, east = rows.north[:, None], rows.east[:, None]
    radius = np.hypot(east, north) / 2.0 + NODE_ERROR_M
    corners = [node_m[:-1, :-1], node_m[:-1, 1:], node_m[1:, :-1], node_m[1:, 1:]]
    floor = np.minimum.reduce([low_m[:-1, :-1], low_m[:-1, 1:], low_m[1:, :-1], low_m[1:, 1:]])
    lo = np.maximum(floor - radius - _SLACK_M, 0.0)
    for _ in range(_ROUNDS):
        bend = _curvature(lo)
        fall = (bend * east**2 + rows.bend_side[:, None] + bend * north**2 + rows.bend_north) / 8.0
        better = floor - fall - NODE_ERROR_M - _SLACK_M
        lo = np.where(lo >= _LEAST_M, np.maximum(lo, better), lo)
    # Every quarter by the plane at its corner: half a step each way, uphill.
    lift = np.hypot(rows.bend_both, rows.bend_east + rows.bend_north)[:, None]
    lift = (_curvature(lo) * (east**2 + north**2) + lift) / 8.0
    lift = np.where(lo >= _LEAST_M, lift, np.inf)
    hi = np.zeros_like(lo)
    for corner, (south, west) in zip(
        corners, ((True, True), (True, False), (False, True), (False, False)), strict=True
    ):
        there = (
            slice(None, -1) if south else slice(1, None),
            slice(None, -1) if west else slice(1, None),
        )
        climb = np.maximum(east_m[there] * (1 if west else -1), 0.0)
        climb = climb + np.maximum(north_m[there] * (1 if south else -1), 0.0)
        hi = np.maximum(hi, corner + np.minimum(climb / 2.0 + lift, radius))
    hi = np.minimum(hi + _SLACK_M, LARGEST_M)
    hi = np.where(whole, 0.0, hi * (1.0 + 2.0 * _FLOAT32))
    lo = np.where(lo < _LEAST_M, 0.0, lo * (1.0 - 2.0 * _FLOAT32))
    return lo.astype(np.float32), hi.astype(np.float32)


class Corners(NamedTuple):
    """What the nodes and cells of a grid hold, flat, every row as long as a row of nodes."""

    width: int
    low_m: FloatArray
    node_m: FloatArray
    east_m: NDArray[np.float32]
    north_m: NDArray[np.float32]
    lo_m: NDArray[np.float32]
    hi_m: NDArray[np.float32]


def point_bounds(
    rows: Rows,
    grid: Corners,
    i: NDArray[np.int32],
    j: NDArray[np.int32],
    u: FloatArray,
    v: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return bounds at points of cells (row i, column j), u and v steps from the south-west."""
    cell = i * np.int32(grid.width) + j
    lo, hi = (table.take(cell).astype(np.float64) for table in (grid.lo_m, grid.hi_m))
    curved = lo >= _LEAST_M
    bend = _curvature(lo)
    east, north = rows.east.take(i), rows.north.take(i)
    east *= east
    north *= north
    # Below: the surface through the corners.
    a, b = grid.low_m.take(cell), grid.low_m.take(cell + 1)
    c, d = grid.low_m.take(cell + grid.width), grid.low_m.take(cell + (grid.width + 1))
    low = (a + (b - a) * u) * (1.0 - v) + (c + (d - c) * u) * v
    low -= (bend * east + rows.bend_side.take(i)) * (0.5 * u * (1.0 - u))
    low -= (bend * north + rows.bend_north) * (0.5 * v * (1.0 - v))
    low -= NODE_ERROR_M + _SLACK_M
    # Above: the plane at the nearest corner; and the nearest corner either way.
    right, top = u > 0.5, v > 0.5
    node = cell + right + top * np.int32(grid.width)
    du, dv = u - right, v - top
    square = east * du**2 + north * dv**2
    turn = np.hypot(
        rows.bend_both.take(i) * du * dv, rows.bend_east.take(i) * du**2 + rows.bend_north * dv**2
    )
    rise = grid.east_m.take(node) * du + grid.north_m.take(node) * dv
    rise += 0.5 * (bend * square + turn)
    away = np.sqrt(square) + (NODE_ERROR_M + _SLACK_M)
    np.copyto(low, 0.0, where=~curved)
    np.copyto(rise, np.inf, where=~curved)
    low = np.maximum(np.maximum(low, grid.low_m.take(node) - away), lo)
    rise += NODE_ERROR_M + _SLACK_M
    high = np.minimum(np.minimum(rise, away) + grid.node_m.take(node), hi)
    return low, high
