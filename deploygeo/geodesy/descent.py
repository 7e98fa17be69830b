"""Which pieces of a boundary can be nearest to which of many points: both sides go in groups.

Points are taken in the order of a Hilbert curve, in groups and parts of groups, against the
levels of a forest. Pairs of a group and a node are dropped by proven tests alone (module
`dominance`); what is left are pairs of small groups and pieces. No piece that is nearest to a
point is ever missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.dominance import (
    Anchors,
    Measured,
    anchored,
    by_chord,
    by_geodesic,
    by_prediction,
    measured,
)
from deploygeo.geodesy.ellipsoid import FloatArray
from deploygeo.geodesy.forest import Forest, Nodes
from deploygeo.geodesy.groups import (
    Groups,
    Index,
    below,
    groups_of,
    heads_of,
    sizes_of,
    slices,
    split,
)

__all__ = ["Bundle", "Pairs", "bundles"]


class _Plan(NamedTuple):
    """Points in a group, from the coarsest, each a multiple of the next; and an order of steps.

    In a step nodes give way to their children (d), groups to their parts (s), or pairs that are
    far from each other get an anchor, from which later steps predict (a).
    """

    sizes: tuple[int, ...]
    steps: str


#: Of few points each is soon alone: neighbours in their order may be far from each other. Of
#: many, groups are small on the ground. The answers are the same; times differ by up to ten.
_FEW_POINTS = 8_192
_OF_FEW = _Plan((64, 8, 1), "dsdsadd")
_OF_MANY = _Plan((1024, 64, 16, 4), "dsdasdasd")

#: Points taken at a time.
_POINTS = 1 << 16

#: At most this many pairs at a time, where a single group does not exceed it: their arrays stay
#: in the processor's cache.
_PAIRS = 50_000

#: Beyond this chord distances are compared exactly too; nearer, chords tell nearly as much for
#: less: at 1.5 million metres 200 000 points over Europe took a fifth longer.
_FAR_M = 3e6

#: A group with fewer candidates than this needs no further test.
_FEW = 4

#: Rounding of ECEF coordinates is about 1e-8 m.
_SLACK_M = 1e-3

#: Balls up to this size cut the ellipsoid in one part (see `Bundle`).
_ROUND_M = 1.0e6


class Pairs(NamedTuple):
    """Pairs of groups and nodes, sorted by both, and their anchors (-1: none), if there are any."""

    group: Index
    node: Index
    anchor: Index
    anchors: Anchors | None

    def take(self, index: Index | slice | NDArray[np.bool_]) -> Pairs:
        """Return some of the pairs."""
        if not isinstance(index, slice) and index.dtype == np.bool_:
            index = np.flatnonzero(index)  # of three arrays this is five times as fast
        anchor = self.anchor if self.anchors is None else self.anchor[index]
        return Pairs(self.group[index], self.node[index], anchor, self.anchors)


class Bundle(NamedTuple):
    """Some small groups of points, and pairs of them and what may be nearest to one of theirs.

    Attributes
    ----------
    own : ndarray of int
        The groups. A group is a run of `size` points; group g begins with point g * size.
    clear : ndarray of bool
        Per group, that no boundary comes near: its points are all inside or all outside. (No
        dominated piece reaches into the group's ball, for it would be at no distance from a
        point there. And the ball cuts the ellipsoid in one part: the distance to its middle has
        only strict minima below b²/a, by curvature, and between two of them within a ball of
        1000 km there would be a saddle below that.)
    pairs : Pairs
        The nodes are pieces.
    size : int
        Points in a group.
    """

    own: Index
    clear: NDArray[np.bool_]
    pairs: Pairs
    size: int


def bundles(
    forest: Forest, xyz: tuple[FloatArray, FloatArray, FloatArray], limit_m: FloatArray
) -> Iterator[Bundle]:
    """Yield what may be nearest to points, every group of points once.

    Parameters
    ----------
    forest : Forest
    xyz : tuple of ndarray
        Points, in an order in which neighbours are near each other.
    limit_m : ndarray
        What is farther, per point, need not be found; inf for no limit.
    """
    none = np.empty(0, dtype=np.int64)
    if not forest.levels:
        every = np.arange(len(limit_m))
        clear = np.zeros(len(every), dtype=np.bool_)
        yield Bundle(every, clear, Pairs(none, none, none, None), 1)
        return
    roots = len(forest.levels[0])
    plan = _OF_FEW if len(limit_m) <= _FEW_POINTS else _OF_MANY
    size = plan.sizes[-1]
    for begin in range(0, len(limit_m), _POINTS):
        part = slice(begin, begin + _POINTS)
        points = (xyz[0][part], xyz[1][part], xyz[2][part])
        groups = [groups_of(points, limit_m[part], size) for size in plan.sizes]
        count, small, base = len(groups[0].x), groups[-1], begin // size
        node = np.tile(np.arange(roots), count)
        start = Pairs(np.repeat(np.arange(count), roots), node, none, None)
        left = np.ones(len(small.x), dtype=np.bool_)
        for pairs, away in _descended(forest, groups, start, plan.steps):
            heads = heads_of(pairs.group)
            own = pairs.group[heads]
            left[own] = False
            clear = np.minimum.reduceat(away, heads) > _SLACK_M
            clear &= small.ball_m[own] <= _ROUND_M
            yield Bundle(own + base, clear, pairs._replace(group=pairs.group + base), size)
        rest = np.flatnonzero(left)
        if len(rest):
            clear = small.ball_m[rest] <= _ROUND_M
            yield Bundle(rest + base, clear, Pairs(none, none, none, None), size)


def _descended(
    forest: Forest, groups: list[Groups], pairs: Pairs, steps: str
) -> Iterator[tuple[Pairs, FloatArray]]:
    """Yield what is left of pairs after some steps: down to the children, or split the groups."""
    level = len(forest.levels) - 1 - steps.count("d")
    size = len(groups) - 1 - steps.count("s")
    nodes = forest.levels[level]
    pairs, away = _kept(forest, groups[size], level, pairs, next_=steps[:1])
    if len(pairs.group) == 0:
        return
    steps = steps.removeprefix("a")
    if not steps:
        yield pairs, away
        return
    by = groups[size].size // groups[size + 1].size if steps[0] == "s" else 0
    become = nodes.count[pairs.node] if steps[0] == "d" else np.full(len(pairs.group), by)
    for part in slices(pairs.group, become, _PAIRS):
        some = pairs.take(part)
        if steps[0] == "d":
            node, parent = below(nodes, some.node)
            finer = some.take(parent)._replace(node=node)
        else:
            group, parent = split(len(groups[size + 1].x), some.group, by)
            finer = some.take(parent)._replace(group=group)
        yield from _descended(forest, groups, finer, steps[1:])


def _kept(
    forest: Forest, groups: Groups, level: int, pairs: Pairs, *, next_: str
) -> tuple[Pairs, FloatArray]:
    """Return the pairs that no test drops, and the chord between their balls at least."""
    nodes = forest.levels[level]
    keep, away, near = by_chord(groups, nodes, pairs.group, pairs.node)
    if pairs.anchors is not None:
        at = np.flatnonzero(keep & (pairs.anchor >= 0))
        if len(at):
            keep[at] = _predicted(forest, groups, level, pairs.take(at), pairs.anchors)
    # After a split little is won before the nodes are split too.
    if next_ == "a" or (next_ == "s" and pairs.anchors is None):
        at = np.flatnonzero(keep & (near > _FAR_M))
        if next_ == "s" and len(at):
            heads = heads_of(pairs.group)
            many = np.add.reduceat(keep.astype(np.int64), heads) > _FEW
            at = at[np.repeat(many, sizes_of(heads, len(keep)))[at]]
        if len(at):
            some = pairs.take(at)
            known = measured(groups, nodes, some.group, some.node)
            good = by_geodesic(groups, nodes, some.group, some.node, known.away_m)
            keep[at] = good
            if next_ == "a":
                pairs = _anchored(groups, nodes, pairs, at[good], known.take(good))
    return pairs.take(keep), away[keep]


def _anchored(groups: Groups, nodes: Nodes, pairs: Pairs, at: Index, known: Measured) -> Pairs:
    """Return the pairs with anchors for some of them, whose geodesics are known."""
    anchor = np.full(len(pairs.group), -1, dtype=np.int64)
    anchor[at] = np.arange(len(at))
    made = anchored(groups, nodes, pairs.group[at], pairs.node[at], known)
    return Pairs(pairs.group, pairs.node, anchor, made)


def _predicted(
    forest: Forest, groups: Groups, level: int, pairs: Pairs, anchors: Anchors
) -> NDArray[np.bool_]:
    """Return which pairs to keep, by what their anchors predict."""
    nodes, node = forest.levels[level], pairs.node
    q = (groups.x[pairs.group], groups.y[pairs.group], groups.z[pairs.group])
    x = (nodes.x[node], nodes.y[node], nodes.z[node])
    leaves = level == len(forest.levels) - 1
    extent = forest.pieces.steps(node) if leaves else nodes.ball_m[node]
    radius = groups.ball_m[pairs.group]
    return by_prediction(anchors, pairs.anchor, pairs.group, q, radius, x, extent)
