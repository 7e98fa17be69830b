"""Whether a cell of the mesh may stay: what it says is inside is, and its chord is at R."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.covering import Fans, Points, dips_to, fans_covered, kinks
from deploygeo.geodesy.ellipsoid import GEOD, FloatArray
from deploygeo.geodesy.mesh import (
    Cells,
    Cycles,
    IntArray,
    Measure,
    Nodes,
    Samples,
    boxes,
    cycles_of,
    degrees,
    middles,
)
from deploygeo.geodesy.roots import END, Roots

__all__ = ["SHARE", "Crossed", "Setting", "Trace", "Verdict", "crossed", "edge_keys",
           "estimated", "judged", "nowhere", "traced"]  # fmt: skip

BoolArray = NDArray[np.bool_]

#: Tests ask for this share of the tolerance; the rest covers crossings that are not quite at R.
SHARE = 0.95

#: A corner where a third coast is nearer by more than this share of the tolerance is none.
_THIRD = 0.02


class Setting(NamedTuple):
    """What is asked, and what has been measured for it."""

    range_m: float
    tolerance_m: float
    measure: Measure
    nodes: Nodes
    roots: Roots


class Trace(NamedTuple):
    """The boundaries of cells with what is known at their nodes."""

    cells: Cells
    cycles: Cycles
    number: IntArray
    at: Points
    samples: Samples
    inside: BoolArray
    leaves: BoolArray  # the edge to the next node goes out of range
    enters: BoolArray
    exits: IntArray  # of each cell: how often its boundary leaves the range


class Crossed(NamedTuple):
    """Roots in the places of the nodes whose edges have them; nan elsewhere."""

    at: Points
    samples: Samples


class Verdict(NamedTuple):
    """Of cells: whether each may stay, the corner of its chord (nan: straight) and d there."""

    stays: BoolArray
    bend: Points
    bend_m: FloatArray


class _Chords(NamedTuple):
    """Chords, each of one polygon: from where its boundary leaves the range to where it enters."""

    polygon: IntArray
    start: Points
    end: Points
    start_m: Samples
    end_m: Samples

    def pick(self, which: BoolArray | IntArray) -> _Chords:
        return _Chords(
            self.polygon[which],
            self.start.pick(which),
            self.end.pick(which),
            self.start_m.pick(which),
            self.end_m.pick(which),
        )


def nowhere(count: int) -> Points:
    """Return points that are none."""
    return Points(np.full(count, np.nan), np.full(count, np.nan))


def traced(cells: Cells, setting: Setting, among: Cells | None = None) -> Trace:
    """Return the boundaries of cells, with the corners of others on them where these are given."""
    cycles = cycles_of(cells, among)
    number = setting.nodes.numbers(cycles.x, cycles.y)
    samples = setting.nodes.samples.pick(number)
    inside = samples.distance_m <= setting.range_m
    after = inside[cycles.following]
    leaves, enters = inside & ~after, ~inside & after
    exits = np.bincount(cycles.cell[leaves], minlength=len(cells.x0))
    at = Points(*degrees(cycles.x, cycles.y))
    return Trace(cells, cycles, number, at, samples, inside, leaves, enters, exits)


def estimated(trace: Trace, range_m: float) -> Crossed:
    """Guess crossings by straight interpolation, with the nearer witness of both ends."""
    which = np.flatnonzero(trace.leaves | trace.enters)
    inner, outer = _ends(trace, which)
    distance = trace.samples.distance_m
    t = (range_m - distance[inner]) / (distance[outer] - distance[inner])
    t = np.clip(t, END, 1.0 - END)
    at = Points(*(v[inner] + t * (v[outer] - v[inner]) for v in trace.at))
    one, two = trace.samples.pick(inner), trace.samples.pick(outer)
    first = np.asarray(GEOD.inv(*at, *one.witness)[2]) <= np.asarray(GEOD.inv(*at, *two.witness)[2])
    samples = Samples(
        np.full(len(which), range_m),
        *(np.where(first, a, b) for a, b in zip(one.witness, two.witness, strict=True)),
    )
    return _spread(which, at, samples, len(distance))


def crossed(trace: Trace, wanted: BoolArray, roots: Roots) -> Crossed:
    """Find the crossings on the boundaries of the cells wanted."""
    cycles = trace.cycles
    which = np.flatnonzero((trace.leaves | trace.enters) & wanted[cycles.cell])
    inner, outer = _ends(trace, which)
    at, samples = roots.find(
        edge_keys(trace, which),
        trace.at.pick(inner),
        trace.at.pick(outer),
        trace.samples.pick(inner),
        trace.samples.distance_m[outer],
    )
    # One crossing serves longitude -180 and 180.
    upright = cycles.x[inner] == cycles.x[outer]
    at = at._replace(lon=np.where(upright, trace.at.lon[inner], at.lon))
    return _spread(which, at, samples, len(cycles.cell))


def edge_keys(trace: Trace, which: IntArray) -> IntArray:
    """Return one number for every edge of the mesh, given by the node that it follows."""
    one, two = trace.number[which], trace.number[trace.cycles.following[which]]
    return (np.minimum(one, two) << 31) | np.maximum(one, two)


def _ends(trace: Trace, which: IntArray) -> tuple[IntArray, IntArray]:
    """Return the inner and the outer node of edges that cross the range."""
    after = trace.cycles.following[which]
    out = trace.leaves[which]
    return np.where(out, which, after), np.where(out, after, which)


def _spread(which: IntArray, at: Points, samples: Samples, size: int) -> Crossed:
    columns = []
    for value in (*at, *samples):
        column = np.full(size, np.nan)
        column[which] = value
        columns.append(column)
    return Crossed(Points(*columns[:2]), Samples(*columns[2:]))


def judged(
    trace: Trace, cross: Crossed, which: IntArray, setting: Setting, *, exact: bool
) -> Verdict:
    """Return of some cells, whose boundaries leave the range at most once, whether they may stay.

    With `exact` the corners of chords are measured.
    """
    count = len(which)
    range_m = setting.range_m
    place = np.full(len(trace.cells.x0), -1)
    place[which] = np.arange(count)
    fans, chords = _parts(trace, cross, place)
    # A part is seen from the middle of its chord. Cells within range have none: their own middle
    # serves, and the witnesses of their nearest and farthest nodes.
    apex = Points(*middles(trace.cells.pick(which)))
    spare = (_extreme(trace, which, 1.0), _extreme(trace, which, -1.0))
    middle = chords.start.middle(chords.end)
    for target, value in (
        (apex, middle),
        (spare[0], Points(*chords.start_m.witness)),
        (spare[1], Points(*chords.end_m.witness)),
    ):
        target.lon[chords.polygon], target.lat[chords.polygon] = value
    limit_m = range_m + SHARE * setting.tolerance_m
    stays = fans_covered(fans, apex, spare, limit_m, count)
    bend, bend_m = nowhere(count), np.full(count, np.nan)
    cornered = chords.pick(~stays[chords.polygon])
    stays[chords.polygon] &= (
        dips_to(
            chords.start, chords.end, chords.start_m.distance_m, chords.end_m.distance_m, range_m
        )
        >= range_m - SHARE * setting.tolerance_m
    )
    if len(cornered.polygon):
        at, at_m, good = _corners(trace.cells.pick(which), fans, cornered, setting, exact=exact)
        i = cornered.polygon[good]
        stays[i] = True
        bend.lon[i], bend.lat[i], bend_m[i] = at.lon[good], at.lat[good], at_m[good]
    return Verdict(stays, bend, bend_m)


def _parts(trace: Trace, cross: Crossed, place: IntArray) -> tuple[Fans, _Chords]:
    """Return the boundaries of the inside parts of cells, and their chords.

    `place` is the number of each cell's polygon, -1 for none.
    """
    polygon = place[trace.cycles.cell]
    mine = polygon >= 0
    line = np.flatnonzero(mine & (trace.inside | trace.enters))
    after = trace.cycles.following[line]

    def ends(inside: BoolArray, node: IntArray) -> tuple[Points, Samples]:
        values = [
            np.where(inside, known[node], found[line])
            for known, found in zip(
                (*trace.at, *trace.samples), (*cross.at, *cross.samples), strict=True
            )
        ]
        return Points(*values[:2]), Samples(*values[2:])

    start, start_m = ends(trace.inside[line], line)
    end, end_m = ends(trace.inside[after], after)
    out, into = (np.flatnonzero(mine & edge) for edge in (trace.leaves, trace.enters))
    # Cells come in the same order in both, each once.
    chords = _Chords(
        polygon[out],
        cross.at.pick(out),
        cross.at.pick(into),
        cross.samples.pick(out),
        cross.samples.pick(into),
    )
    return Fans(polygon[line], start, end, start_m, end_m), chords


def _corners(
    cells: Cells, fans: Fans, chords: _Chords, setting: Setting, *, exact: bool
) -> tuple[Points, FloatArray, BoolArray]:
    """Return for each chord a corner, the distance there, and whether it makes the cell good."""
    range_m, tolerance_m = setting.range_m, setting.tolerance_m
    box = boxes(cells.pick(chords.polygon))
    one, two = Points(*chords.start_m.witness), Points(*chords.end_m.witness)
    at, good = kinks(chords.start, chords.end, one, two, box, range_m)
    at_m = np.full(len(good), range_m)

    def level(i: IntArray) -> BoolArray:
        enough = np.ones(len(i), dtype=np.bool_)
        for end, end_m in ((chords.start, chords.start_m), (chords.end, chords.end_m)):
            dip = dips_to(end.pick(i), at.pick(i), end_m.distance_m[i], at_m[i], range_m)
            enough &= dip >= range_m - SHARE * tolerance_m
        return enough

    good[good] = level(np.flatnonzero(good))
    i = np.flatnonzero(good)
    number = np.full(len(cells.x0), -1)
    number[chords.polygon[i]] = np.arange(len(i))
    part = fans.pick(number[fans.polygon] >= 0)
    good[i] = fans_covered(
        part._replace(polygon=number[part.polygon]),
        at.pick(i),
        (one.pick(i), two.pick(i)),
        range_m + SHARE * tolerance_m,
        len(i),
    )
    if exact:
        i = np.flatnonzero(good)
        at_m[i] = setting.measure(*at.pick(i)).distance_m
        good[i] = (at_m[i] >= range_m - _THIRD * tolerance_m) & level(i)
    return at, at_m, good


def _extreme(trace: Trace, which: IntArray, sign: float) -> Points:
    """Return the witness of the nearest (sign 1) or farthest (-1) node of cells."""
    if len(which) == 0:
        return nowhere(0)
    value = sign * trace.samples.distance_m
    least = np.minimum.reduceat(value, trace.cycles.begin)
    hits = np.flatnonzero(value == least[trace.cycles.cell])[::-1]
    first = np.empty(len(least), dtype=np.int64)
    first[trace.cycles.cell[hits]] = hits  # the first of equals is written last
    return Points(*trace.samples.pick(first[which]).witness)
