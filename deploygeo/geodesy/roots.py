"""Points of the mesh's edges at which the distance is R, found by exact measuring."""

from __future__ import annotations

import numpy as np

from deploygeo.geodesy.covering import Points
from deploygeo.geodesy.ellipsoid import GEOD, FloatArray
from deploygeo.geodesy.mesh import IntArray, Measure, Samples

__all__ = ["END", "Roots"]

#: A crossing stays this share of its edge away from the ends, so that no two chords meet in a node.
END = 1e-6


class Roots:
    """Points at distance R on edges of the mesh, found once for each edge."""

    def __init__(self, measure: Measure, range_m: float, close_m: float) -> None:
        self._measure, self._range, self._close = measure, range_m, close_m
        self._keys = np.empty(0, dtype=np.int64)
        nothing = np.empty(0)
        self._at = Points(nothing, nothing)
        self._samples = Samples(nothing, nothing, nothing)

    def find(
        self, keys: IntArray, inner: Points, outer: Points, inner_m: Samples, outer_m: FloatArray
    ) -> tuple[Points, Samples]:
        """Return the crossings of edges between a node within range and one beyond it."""
        wanted, first, back = np.unique(keys, return_index=True, return_inverse=True)
        new = ~np.isin(wanted, self._keys, assume_unique=True)
        i = first[new]
        at, samples = self._solve(inner.pick(i), outer.pick(i), inner_m.pick(i), outer_m[i])
        place = np.searchsorted(self._keys, wanted[new])
        self._keys = np.insert(self._keys, place, wanted[new])
        self._at = Points(*(np.insert(a, place, b) for a, b in zip(self._at, at, strict=True)))
        self._samples = Samples(
            *(np.insert(a, place, b) for a, b in zip(self._samples, samples, strict=True))
        )
        found = np.searchsorted(self._keys, wanted)[back]
        return self._at.pick(found), self._samples.pick(found)

    def _solve(
        self, inner: Points, outer: Points, inner_m: Samples, outer_m: FloatArray
    ) -> tuple[Points, Samples]:
        """Narrow brackets: first by what is known of the witness within range, then by measuring.

        The later steps are false position (Illinois), and halves at every third.
        """
        count = len(inner.lon)
        low, high = np.zeros(count), np.ones(count)
        below, above = inner_m.distance_m - self._range, outer_m - self._range
        t = np.zeros(count)
        samples = Samples(np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan))
        last = np.zeros(count, dtype=np.int64)
        open_ = np.arange(count)
        step = 0
        while len(open_):
            a, b = below[open_], above[open_]
            share = np.where(b > a, -a / np.where(b > a, b - a, 1.0), 0.5)
            if step == 0:
                share = self._leaves(inner, outer, inner_m)
            elif step % 3 == 2:
                share = np.full(len(open_), 0.5)
            trial = low[open_] + share * (high[open_] - low[open_])
            trial = np.clip(trial, END, 1.0 - END)
            lon, lat = _between(inner.pick(open_), outer.pick(open_), trial)
            found = self._measure(lon, lat)
            t[open_] = trial
            for column, value in zip(samples, found, strict=True):
                column[open_] = value
            miss = found.distance_m - self._range
            inside = miss <= 0.0
            i, o = open_[inside], open_[~inside]
            low[i], below[i] = trial[inside], miss[inside]
            high[o], above[o] = trial[~inside], miss[~inside]
            above[i[last[i] == 1]] /= 2.0
            below[o[last[o] == -1]] /= 2.0
            last[i], last[o] = 1, -1
            done = (np.abs(miss) <= self._close) | (high[open_] - low[open_] <= END)
            open_ = open_[~done]
            step += 1
        return _between(inner, outer, t), samples

    def _leaves(self, inner: Points, outer: Points, inner_m: Samples) -> FloatArray:
        """Return about where edges leave the circle of the range about the inner end's witness.

        The circle is within range. Where no other coast is nearer the edge crosses there.
        """
        below = inner_m.distance_m - self._range
        above = self._beyond(outer, inner_m)
        share = -below / np.maximum(above - below, self._close)
        miss = self._beyond(_between(inner, outer, share), inner_m)
        return np.clip(share - miss / np.maximum(above - below, self._close), 0.0, 1.0)

    def _beyond(self, at: Points, witness: Samples) -> FloatArray:
        return np.asarray(GEOD.inv(*at, *witness.witness)[2], dtype=np.float64) - self._range


def _between(start: Points, end: Points, share: FloatArray) -> Points:
    return Points(
        start.lon + share * (end.lon - start.lon), start.lat + share * (end.lat - start.lat)
    )
