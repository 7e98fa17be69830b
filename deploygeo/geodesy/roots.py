"""Points of the mesh's edges at which the distance is R, found by exact measuring."""

from __future__ import annotations

import numpy as np

from deploygeo.geodesy.covering import Points
from deploygeo.geodesy.ellipsoid import FloatArray
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
        self, keys: IntArray, inner: Points, outer: Points, inner_m: FloatArray, outer_m: FloatArray
    ) -> tuple[Points, Samples]:
        """Return the crossings of edges between a node within range and one beyond it."""
        wanted, first, back = np.unique(keys, return_index=True, return_inverse=True)
        new = ~np.isin(wanted, self._keys, assume_unique=True)
        i = first[new]
        at, samples = self._solve(inner.pick(i), outer.pick(i), inner_m[i], outer_m[i])
        place = np.searchsorted(self._keys, wanted[new])
        self._keys = np.insert(self._keys, place, wanted[new])
        self._at = Points(*(np.insert(a, place, b) for a, b in zip(self._at, at, strict=True)))
        self._samples = Samples(
            *(np.insert(a, place, b) for a, b in zip(self._samples, samples, strict=True))
        )
        found = np.searchsorted(self._keys, wanted)[back]
        return self._at.pick(found), self._samples.pick(found)

    def _solve(
        self, inner: Points, outer: Points, inner_m: FloatArray, outer_m: FloatArray
    ) -> tuple[Points, Samples]:
        """Narrow brackets by false position (Illinois), and by halves at every third step."""
        count = len(inner_m)
        low, high = np.zeros(count), np.ones(count)
        below, above = inner_m - self._range, outer_m - self._range
        t = np.zeros(count)
        samples = Samples(np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan))
        last = np.zeros(count, dtype=np.int64)
        open_ = np.arange(count)
        step = 0
        while len(open_):
            a, b = below[open_], above[open_]
            share = np.where(b > a, -a / np.where(b > a, b - a, 1.0), 0.5)
            if step % 3 == 2:
                share = np.full(len(open_), 0.5)
            trial = low[open_] + share * (high[open_] - low[open_])
            trial = np.clip(trial, END, 1.0 - END)
            lon = inner.lon[open_] + trial * (outer.lon[open_] - inner.lon[open_])
            lat = inner.lat[open_] + trial * (outer.lat[open_] - inner.lat[open_])
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
        at = Points(
            inner.lon + t * (outer.lon - inner.lon), inner.lat + t * (outer.lat - inner.lat)
        )
        return at, samples
