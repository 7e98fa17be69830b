"""Runs of points with balls about them, and pairs of runs and nodes: split, and go down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import FloatArray, chord_below, ecef, geodesic_above, surface
from deploygeo.geodesy.forest import Nodes

__all__ = [
    "Groups",
    "Index",
    "below",
    "first_of",
    "groups_of",
    "heads_of",
    "sizes_of",
    "slices",
    "split",
]

Index = NDArray[np.int64]


class Groups(NamedTuple):
    """Balls about runs of points, and for each a point of the ellipsoid and its reach.

    `ball_m` is by chord from (x, y, z), `reach_m` by geodesic from (lon, lat); `limit_m` is the
    chord beyond which no point of the run looks.
    """

    lon: FloatArray
    lat: FloatArray
    x: FloatArray
    y: FloatArray
    z: FloatArray
    ball_m: FloatArray
    reach_m: FloatArray
    limit_m: FloatArray
    size: int


def groups_of(
    xyz: tuple[FloatArray, FloatArray, FloatArray], limit_m: FloatArray, size: int
) -> Groups:
    """Return the groups of `size` points each that lie one after another."""
    heads = np.arange(0, len(limit_m), size)
    count = np.diff(np.append(heads, len(limit_m)))
    x, y, z = (np.add.reduceat(axis, heads) / count for axis in xyz)
    lon, lat = surface(x, y, z)

    def radius(middle: tuple[FloatArray, FloatArray, FloatArray]) -> FloatArray:
        square = (xyz[0] - np.repeat(middle[0], count)) ** 2
        square += (xyz[1] - np.repeat(middle[1], count)) ** 2
        square += (xyz[2] - np.repeat(middle[2], count)) ** 2
        return np.sqrt(np.asarray(np.maximum.reduceat(square, heads), dtype=np.float64))

    limit = chord_below(np.maximum(np.maximum.reduceat(limit_m, heads), 0.0))
    reach = geodesic_above(radius(ecef(lon, lat)))
    return Groups(lon, lat, x, y, z, radius((x, y, z)), reach, limit, size)


def below(nodes: Nodes, node: Index) -> tuple[Index, Index]:
    """Return the children of every node, and the place of their parents."""
    count = nodes.count[node]
    parent = np.repeat(np.arange(len(node)), count)
    ends = np.cumsum(count)
    child = np.arange(len(parent)) - np.repeat(ends - count - nodes.first[node], count)
    return child, parent


def split(size: int, group: Index, by: int) -> tuple[Index, Index]:
    """Return the parts of the groups of sorted pairs, `size` parts in all, and their parents.

    The pairs stay sorted: all pairs of a group come once for each of its parts.
    """
    starts = heads_of(group)
    runs = np.repeat(np.arange(len(starts)), by)
    part = (group[starts][:, None] * by + np.arange(by)).ravel()
    real = part < size
    runs, part = runs[real], part[real]
    count = sizes_of(starts, len(group))[runs]
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    parent = np.arange(total) - np.repeat(ends - count - starts[runs], count)
    return np.repeat(part, count), parent


def slices(group: Index, become: Index, most: int) -> Iterator[slice]:
    """Yield sorted pairs in runs of whole groups that become no more than `most`, if they can.

    >>> list(slices(np.array([0, 0, 1, 2]), np.array([2, 2, 3, 9]), 7))
    [slice(0, 3, None), slice(3, 4, None)]
    """
    if len(group) == 0:
        return
    ends = np.append(heads_of(group)[1:], len(group))
    total = np.cumsum(become)[ends - 1]
    begin = done = 0
    while begin < len(ends):
        end = max(int(np.searchsorted(total, done + most, side="right")), begin + 1)
        yield slice(int(ends[begin - 1]) if begin else 0, int(ends[end - 1]))
        done, begin = int(total[end - 1]), end


def heads_of(values: Index) -> Index:
    """Return where each run of equal (sorted) values begins."""
    begins = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    heads: Index = begins.nonzero()[0]
    return heads


def sizes_of(heads: Index, total: int) -> Index:
    """Return the lengths of the runs that begin at `heads`."""
    sizes = np.empty_like(heads)
    sizes[:-1] = heads[1:]
    sizes[-1:] = total
    sizes -= heads
    return sizes


def first_of(values: FloatArray, least: FloatArray, heads: Index, sizes: Index) -> Index:
    """Return the index of the first least value of every run."""
    hits: Index = (values == np.repeat(least, sizes)).nonzero()[0]
    run = np.searchsorted(heads, hits, side="right") - 1
    return hits[heads_of(run)]
