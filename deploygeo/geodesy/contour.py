"""The line at which the distance to a territory is R, as chords of a mesh that prove it.

The mesh starts with 22.5° and every rectangle is divided until one of these holds:

1. its corners and the 1-Lipschitz property, or `dips_to`, put all of it on one side of R: it is
   dropped;
2. none of its nodes (corners of its own and of finer neighbours on its sides) is within R, its
   diagonal is at most R/2: it is outside;
3. what it has of the inside, all of it or the part to the left of one chord between two
   *crossings* (points of its sides with d = R), is covered by discs about witnesses, and d is
   nowhere on the chord below R by more than the tolerance. Where two coasts are equally far the
   chord has a corner, the point in which the circles about both witnesses meet;
4. its diagonal is at most the tolerance: d cannot differ by more in it.

*A point inside the outline has d ≤ R + tolerance*: said by 1, 3 and 4 of each rectangle.

*A point outside has d ≥ R - tolerance.* Let x be outside with d(x) < R - tolerance. On the
geodesic from x to its nearest point d falls to 0. It cannot cross a chord, where d ≥ R -
tolerance. So a point of the territory would lie outside, in a rectangle with a node beyond R
and a diagonal below R: impossible. (The dips that 2 leaves are not needed for this; they make sure
that a bay of the zone is entered early.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.covering import Points, dips_to
from deploygeo.geodesy.ellipsoid import FloatArray
from deploygeo.geodesy.judging import (
    SHARE,
    Setting,
    Verdict,
    crossed,
    edge_keys,
    estimated,
    judged,
    nowhere,
    traced,
)
from deploygeo.geodesy.mesh import (
    COLUMNS,
    Cells,
    IntArray,
    Measure,
    Nodes,
    boxes,
    degrees,
    diagonal_m,
    globe,
    meets_new,
    middles,
    split,
)
from deploygeo.geodesy.roots import Roots

__all__ = ["Decides", "Outline", "outline"]

BoolArray = NDArray[np.bool_]

#: Roots are found to this share of the tolerance.
_CLOSE = 0.01

#: Rounding of distances (below 1 mm) where a rectangle is dropped.
_SLACK_M = 0.01

#: A field is asked about rectangles with a diagonal of this; its own bounds are some 100 m wide.
_FIELD_M = 1e4


#: Whether boxes (west, south, east, north, one row each) lie in the territory.
Holds = Callable[[FloatArray], BoolArray]


class Decides(Protocol):
    """What a field of bounds says of points."""

    def decide(
        self,
        lon: FloatArray,
        lat: FloatArray,
        least_m: FloatArray,
        most_m: FloatArray | None = None,
    ) -> NDArray[np.int8]:
        """Return 1 where the distance is at most the first, 0 beyond the second, or -1."""
        ...


class Outline(NamedTuple):
    """Chords with the inside to their left.

    Attributes
    ----------
    start, end : ndarray of int
        Keys: a chord is followed by the one whose start is its end. Those without one
        end at longitude -180 or 180.
    start_at, end_at, bend_at : Points
        A chord may have a corner, `bend_at`; nan otherwise.
    worst_m : float
        The greatest deviation of any of these from the range.
    covers_corner : bool
        Whether the south pole, and so the lower corners of the map, are within range.
    """

    start: IntArray
    end: IntArray
    start_at: Points
    end_at: Points
    bend_at: Points
    worst_m: float
    covers_corner: bool


def outline(
    measure: Measure,
    range_m: float,
    tolerance_m: float,
    *,
    holds: Holds | None = None,
    field: Decides | None = None,
) -> Outline:
    """Return the outline of what is within a distance.

    Parameters
    ----------
    measure : callable
        The exact distance to the territory at points, with witnesses.
    range_m, tolerance_m : float
        The tolerance is small against the range.
    holds : callable, optional
        Saves dividing the territory's inside, where no corner tells how far its edge is.
    field : Decides, optional
        Saves measuring where it is certain.
    """
    roots = Roots(measure, range_m, _CLOSE * tolerance_m)
    setting = Setting(range_m, tolerance_m, measure, Nodes(measure), roots)
    cells = _refined(globe(), setting, holds, field)
    bend, bend_m = nowhere(len(cells.x0)), np.full(len(cells.x0), np.nan)
    asked = np.ones(len(cells.x0), dtype=np.bool_)
    while asked.any():
        i = np.flatnonzero(asked)
        verdict = _verdict(cells.pick(i), cells, setting)
        bend.lon[i], bend.lat[i], bend_m[i] = *verdict.bend, verdict.bend_m
        stays = np.ones(len(asked), dtype=np.bool_)
        stays[i] = verdict.stays
        new = _refined(split(cells.pick(~stays)), setting, None, None)
        cells, more = cells.pick(stays), len(new.x0)
        # What was judged is judged again only where a new corner has come to lie on a side.
        asked = np.append(meets_new(cells, new), np.ones(more, dtype=np.bool_))
        cells = Cells.joined([cells, new])
        bend = Points(
            *(np.append(old[stays], none) for old, none in zip(bend, nowhere(more), strict=True))
        )
        bend_m = np.append(bend_m[stays], np.full(more, np.nan))
    return _chords(cells, bend, bend_m, setting)


def _verdict(cells: Cells, among: Cells, setting: Setting) -> Verdict:
    """Judge cells by exact crossings and with the corners of neighbours on their sides."""
    trace = traced(cells, setting, among)
    small = diagonal_m(cells) <= SHARE * setting.tolerance_m
    stays = small | (trace.exits <= 1)
    cross = crossed(trace, stays, setting.roots)
    bend, bend_m = nowhere(len(small)), np.full(len(small), np.nan)
    # What has no crossing and no corner of others was judged for good when it was kept.
    settled = (trace.exits == 0) & (np.bincount(trace.cycles.cell) == 4)
    i = np.flatnonzero(stays & ~small & ~settled)
    verdict = judged(trace, cross, i, setting, exact=True)
    stays[i] = verdict.stays
    bend.lon[i], bend.lat[i], bend_m[i] = *verdict.bend, verdict.bend_m
    return Verdict(stays, bend, bend_m)


def _refined(cells: Cells, setting: Setting, holds: Holds | None, field: Decides | None) -> Cells:
    """Divide cells until each seems good by its corners alone; drop those on one side."""
    range_m, tolerance_m = setting.range_m, setting.tolerance_m
    kept = [cells.pick(np.zeros(0, dtype=np.int64))]
    while len(cells.x0):
        if field is not None:
            cells = _undecided(cells, range_m, field)
        trace = traced(cells, setting)
        distance = trace.samples.distance_m.reshape(-1, 4)
        nearest, farthest = distance.min(axis=1), distance.max(axis=1)
        diagonal = diagonal_m(cells)
        reach = diagonal / 2.0 + _SLACK_M
        dip = _dip(cells, nearest, range_m)
        outside = nearest > range_m
        doubtful = (nearest <= range_m + reach) & (farthest >= range_m - reach)
        doubtful &= ~outside | (dip <= range_m + _SLACK_M)
        within = np.flatnonzero(doubtful & (farthest == 0.0))
        if holds is not None and len(within):
            doubtful[within] = ~holds(boxes(cells.pick(within)))
        small = diagonal <= SHARE * tolerance_m
        fit = doubtful & (diagonal <= range_m / 2.0)
        stays = (doubtful & small) | (fit & outside & (dip >= range_m - tolerance_m))
        i = np.flatnonzero(fit & ~stays & ~outside & (trace.exits <= 1))
        stays[i] = judged(trace, estimated(trace, range_m), i, setting, exact=False).stays
        kept.append(cells.pick(stays))
        cells = split(cells.pick(doubtful & ~stays))
    return Cells.joined(kept)


def _undecided(cells: Cells, range_m: float, field: Decides) -> Cells:
    """Return the cells that a field cannot put on one side."""
    diagonal = diagonal_m(cells)
    wide = np.flatnonzero(diagonal >= _FIELD_M)
    radius = diagonal[wide] / 2.0 + _SLACK_M
    lon, lat = middles(cells.pick(wide))
    doubtful = np.ones(len(diagonal), dtype=np.bool_)
    doubtful[wide] = field.decide(lon, lat, range_m - radius, range_m + radius) < 0
    return cells.pick(doubtful)


def _dip(cells: Cells, nearest_m: FloatArray, range_m: float) -> FloatArray:
    """Return lower bounds of the distance in cells, from that of their corners.

    A cell is swept by lines between points of opposite sides: twice the bound for a line.
    """
    south_west = Points(*degrees(cells.x0, cells.y0))
    north_east = Points(*degrees(cells.x1, cells.y1))
    once = dips_to(south_west, north_east, nearest_m, nearest_m, range_m)
    return 2.0 * once - nearest_m


def _chords(cells: Cells, bend: Points, bend_m: FloatArray, setting: Setting) -> Outline:
    """Return the chords of all cells: from every exit to the entrance that follows it.

    In a cell with several (case 4) each run of nodes beyond the range is cut off by its own.
    """
    trace = traced(cells, setting, cells)
    cross = crossed(trace, np.ones(len(cells.x0), dtype=np.bool_), setting.roots)
    cycles = trace.cycles
    change = np.flatnonzero(trace.leaves | trace.enters)
    cell = cycles.cell[change]
    index = np.arange(len(cell))
    head = np.append(True, cell[1:] != cell[:-1])[: len(cell)]
    first = np.maximum.accumulate(np.where(head, index, 0))
    last = np.append(head[1:], True)[: len(cell)]
    out = np.flatnonzero(trace.leaves[change])
    start, end = change[out], change[np.where(last, first, index + 1)[out]]
    # At longitude 180 and at -180 a crossing has two ends of chords that do not meet.
    copy = (cycles.x == COLUMNS) & (cycles.x[cycles.following] == COLUMNS)
    keys = [edge_keys(trace, i) * 2 + copy[i] for i in (start, end)]
    number = np.unique(np.concatenate(keys), return_inverse=True)[1]
    miss = np.append(cross.samples.distance_m[change], bend_m) - setting.range_m
    south = np.zeros(1, dtype=np.int64)
    pole = setting.nodes.numbers(south, south)  # may measure: before the samples are looked at
    return Outline(
        number[: len(out)],
        number[len(out) :],
        cross.at.pick(start),
        cross.at.pick(end),
        bend.pick(cycles.cell[start]),
        float(np.nan_to_num(np.abs(miss)).max(initial=0.0)),
        bool(setting.nodes.samples.distance_m[pole[0]] <= setting.range_m),
    )
