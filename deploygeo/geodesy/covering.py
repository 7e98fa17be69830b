"""Proofs that a straight line or a small polygon is on the right side of distance R.

All of them rest on how a function bends along a line straight in longitude and latitude. With
t from 0 to 1 along the line, f(t) at or above the straight interpolation of its ends less
(upper bound of f″)/8, and at or below it plus (upper bound of -f″)/8. For a distance f to a closed
set f″ = Hess f(γ', γ') + <∇f, Dγ'/dt>, where

* |<∇f, Dγ'/dt>| is at most the acceleration of the line, `_bend_m`;
* Hess f ≤ 1/f, in the barrier sense at ridges, because the ellipsoid's curvature is positive
  (Riccati comparison): ridges of the distance to a set only bend it down;
* for the distance to one *point*, Hess f ≥ cot(f/b)/b across and 0 along, because the curvature
  is at most 1/b²; this needs f < πb, within which no geodesic meets its cut locus.

So the distance to a set is nowhere much less on a line than at its ends (`dips_to`), and the
distance to a point, which is an upper bound of the distance to the set it belongs to, nowhere much
greater in a triangle than at its corners (`fans_covered`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import (
    GEOD,
    METRIC_M,
    FloatArray,
    chord_below,
    ecef,
    geodesic_above,
    radii,
)
from deploygeo.geodesy.mesh import IntArray, Samples

__all__ = ["Fans", "Points", "dips_to", "fans_covered", "kinks"]

BoolArray = NDArray[np.bool_]

#: |dM/dφ| = 3 M e² sin φ cos φ / (1 - e² sin² φ) is at most 64 300 m.
_MERIDIAN_M = 65e3

#: Two circles that meet at less than this (radians) have no corner worth a vertex of its own.
_GRAZING = 0.01

#: Newton's steps to the corner of two circles: quadratic, from a start some tenths of a cell away.
_STEPS = 5

#: Circles meet to this.
_KINK_M = 0.01

#: Rounding of ECEF coordinates and of geodesics is about 1e-8 m.
_SLACK_M = 1e-6

#: A vertex keeps this share of a cell's sides away from them.
_MARGIN = 1e-6


class Points(NamedTuple):
    """Longitudes and latitudes in degrees."""

    lon: FloatArray
    lat: FloatArray

    def pick(self, which: BoolArray | IntArray) -> Points:
        """Return some of them."""
        return Points(self.lon[which], self.lat[which])

    def middle(self, other: Points) -> Points:
        """Return the middles of straight lines to other points."""
        return Points((self.lon + other.lon) / 2.0, (self.lat + other.lat) / 2.0)


class Fans(NamedTuple):
    """Polygons as fans: lines of the boundary, each seen from the apex of its polygon."""

    polygon: IntArray
    start: Points
    end: Points
    start_m: Samples  # distance from the territory, and where
    end_m: Samples

    def pick(self, which: BoolArray | IntArray) -> Fans:
        """Return some of the lines."""
        return Fans(
            self.polygon[which],
            self.start.pick(which),
            self.end.pick(which),
            self.start_m.pick(which),
            self.end_m.pick(which),
        )


def _geodesic(points: Points, lon: FloatArray, lat: FloatArray) -> FloatArray:
    return np.asarray(GEOD.inv(points.lon, points.lat, lon, lat)[2], dtype=np.float64)


def _bend_m(points: tuple[Points, ...]) -> tuple[FloatArray, FloatArray]:
    """Return bounds of |Dγ'/dt| and |γ'|² for straight lines in the box about points.

    The components of the acceleration are -2 M sin φ λ'φ' eastward and
    N cos φ sin φ λ'² + (dM/dφ) φ'² northward.
    """
    lon = np.array([point.lon for point in points])
    lat = np.array([point.lat for point in points])
    turn = np.radians(np.ptp(lon, axis=0))
    rise = np.radians(np.ptp(lat, axis=0))
    low, high = lat.min(axis=0), lat.max(axis=0)
    sine = np.sin(np.radians(np.maximum(np.abs(low), np.abs(high))))
    least = np.where(low * high < 0.0, 0.0, np.minimum(np.abs(low), np.abs(high)))
    cosine = np.cos(np.radians(least))
    bend = METRIC_M * (2.0 * sine * turn * rise + cosine * sine * turn**2) + _MERIDIAN_M * rise**2
    return bend, METRIC_M**2 * ((cosine * turn) ** 2 + rise**2)


def dips_to(
    start: Points, end: Points, start_m: FloatArray, end_m: FloatArray, range_m: float
) -> FloatArray:
    """Return lower bounds of the distance to a set on straight lines.

    The ends are at about `range_m` or beyond it; by the 1-Lipschitz property the line is nowhere
    nearer than half its length less, where its own length bounds the curvature.
    """
    bend, speed = _bend_m((start, end))
    least = np.minimum(start_m, end_m)
    nearest = np.minimum(least, range_m) - np.sqrt(speed) / 2.0
    curve = np.where(nearest > 1.0, speed / np.maximum(nearest, 1.0), np.inf)
    return least - (bend + curve) / 8.0


def fans_covered(
    fans: Fans, apex: Points, spare: tuple[Points, ...], limit_m: float, count: int
) -> BoolArray:
    """Return of every polygon whether all of it is certainly within a distance of the territory.

    Each line makes a triangle with the apex, or two, divided at its middle. A triangle is covered
    where one witness is near enough to its three corners: that of its own corner on the boundary,
    or one of the polygon's spare ones. A triangle is swept by lines from a corner to the
    opposite side, so the bound for lines is applied twice.

    Parameters
    ----------
    fans : Fans
    apex : Points
        One for each polygon, from which all of it is seen.
    spare : tuple of Points
        Further witnesses, each one for each polygon.
    limit_m : float
    count : int
        Number of polygons; one without lines is covered.
    """
    beyond = _beyond(limit_m)
    whole = _covered_whole(fans, apex.pick(fans.polygon), limit_m, beyond)
    fans = fans.pick(~whole)
    covered = np.ones(count, dtype=np.bool_)
    top = apex.pick(fans.polygon)
    middle = fans.start.middle(fans.end)
    for corner, sample in ((fans.start, fans.start_m), (fans.end, fans.end_m)):
        limit = _lowered(limit_m, beyond, top, corner, middle)
        good = sample.distance_m <= limit
        good[good] = _near(limit[good], sample.lon[good], sample.lat[good], top.pick(good),
                           middle.pick(good))  # fmt: skip
        for witness in spare:
            i = np.flatnonzero(~good & covered[fans.polygon])
            w = witness.pick(fans.polygon[i])
            good[i] = _near(limit[i], w.lon, w.lat, top.pick(i), corner.pick(i), middle.pick(i))
        covered[fans.polygon[~good]] = False
    return covered


def _covered_whole(fans: Fans, top: Points, limit_m: float, beyond: float) -> BoolArray:
    """Return where a triangle is covered by the witness of its farther corner on the boundary."""
    limit = _lowered(limit_m, beyond, top, fans.start, fans.end)
    first = fans.start_m.distance_m >= fans.end_m.distance_m
    distance, lon, lat = (
        np.where(first, a, b) for a, b in zip(fans.start_m, fans.end_m, strict=True)
    )
    other = Points(*(np.where(first, b, a) for a, b in zip(fans.start, fans.end, strict=True)))
    good = distance <= limit
    good[good] = _near(limit[good], lon[good], lat[good], other.pick(good), top.pick(good))
    return good


def _lowered(limit_m: float, beyond: float, *corners: Points) -> FloatArray:
    """Return what the distance to a witness must be at the corners of triangles."""
    bend, speed = _bend_m(corners)
    with np.errstate(invalid="ignore"):
        lowered = limit_m - (bend + np.where(speed > 0.0, speed * beyond, 0.0)) / 4.0
    return np.asarray(lowered)


def _beyond(limit_m: float) -> float:
    """Return an upper bound of minus the Hessian of the distance to a point, up to a limit."""
    angle = limit_m / GEOD.b
    if angle >= np.pi * (1.0 - 1e-6):
        return np.inf
    return float(max(0.0, -1.0 / np.tan(angle)) / GEOD.b)


def _near(limit: FloatArray, lon: FloatArray, lat: FloatArray, *points: Points) -> BoolArray:
    """Return whether points are all within a limit of a witness.

    Chords decide nearly all (module `ellipsoid`), and geodesics what they leave open.
    """
    good = np.ones(len(limit), dtype=np.bool_)
    witness = ecef(lon, lat)
    most = chord_below(np.maximum(limit, 0.0)) + _SLACK_M
    for point in points:
        i = np.flatnonzero(good)
        place = ecef(point.lon[i], point.lat[i])
        square = sum((a - b[i]) ** 2 for a, b in zip(place, witness, strict=True))
        chord = np.sqrt(np.asarray(square, dtype=np.float64))
        good[i] = (geodesic_above(chord + _SLACK_M) <= limit[i]) & (limit[i] >= 0.0)
        open_ = i[~good[i] & (chord <= most[i]) & (limit[i] >= 0.0)]
        good[open_] = _geodesic(point.pick(open_), lon[open_], lat[open_]) <= limit[open_]
    return good


def kinks(
    start: Points, end: Points, one: Points, two: Points, box: FloatArray, range_m: float
) -> tuple[Points, BoolArray]:
    """Return where circles about two witnesses meet near chords, and whether that is a corner.

    Parameters
    ----------
    start, end : Points
        The ends of the chord; what is within range lies to its left, and there the corner must be.
    one, two : Points
        The witnesses of the ends.
    box : ndarray
        West, south, east and north of the cells, one row for each.
    range_m : float
        The radius of both circles.
    """
    lon, lat = start.middle(end)
    low, high = box[:, :2], box[:, 2:]
    margin = _MARGIN * (high - low)
    good = np.ones(len(lon), dtype=np.bool_)
    miss = np.full(len(lon), np.inf)
    for step in range(_STEPS):
        az1, _, s1 = GEOD.inv(lon, lat, one.lon, one.lat)
        az2, _, s2 = GEOD.inv(lon, lat, two.lon, two.lat)
        f1, f2 = np.asarray(s1) - range_m, np.asarray(s2) - range_m
        miss = np.maximum(np.abs(f1), np.abs(f2))
        if step == _STEPS - 1:
            break
        a, b = np.radians(np.asarray(az1)), np.radians(np.asarray(az2))
        det = np.sin(a - b)
        good &= np.abs(det) > _GRAZING
        det = np.where(good, det, 1.0)
        # The distance falls by one metre for each metre towards a witness.
        east = (f1 * np.cos(b) - f2 * np.cos(a)) / det
        north = (f2 * np.sin(a) - f1 * np.sin(b)) / det
        prime, meridian = radii(lat)
        ring = np.maximum(prime * np.cos(np.radians(lat)), 1e-3)
        lon = np.clip(lon + np.degrees(east / ring), low[:, 0], high[:, 0])
        lat = np.clip(lat + np.degrees(north / meridian), low[:, 1], high[:, 1])
    good &= (lon > (low + margin)[:, 0]) & (lon < (high - margin)[:, 0])
    good &= (lat > (low + margin)[:, 1]) & (lat < (high - margin)[:, 1])
    cross = (end.lon - start.lon) * (lat - start.lat) - (end.lat - start.lat) * (lon - start.lon)
    good &= (cross > 0.0) & (miss < _KINK_M)
    return Points(lon, lat), good
