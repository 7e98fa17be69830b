"""The boundary of a whole territory as balls in several levels, for searches by many points.

Pieces, and runs of pieces within runs of runs, each with a ball in ECEF that holds it. The pieces
are those of the shapes, in their order, so that ties go to the first shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import FloatArray, ecef, geodesic_above
from deploygeo.geodesy.pieces import Pieces

__all__ = ["NEAR_M", "Blocks", "Forest", "Nodes", "forest_of"]

#: Nodes in a node of the next level, from the pieces up.
_RUNS = (4, 8, 8, 8)

#: The boundary passes within this of the middle of every ball: a piece leaves its chord by at
#: most half a metre, and the middle of a block or a grove is a vertex.
NEAR_M = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Balls about (x, y, z), and what of the next level each holds: from `first` on, `count`."""

    lon: FloatArray
    lat: FloatArray
    x: FloatArray
    y: FloatArray
    z: FloatArray
    ball_m: FloatArray
    reach_m: FloatArray
    first: NDArray[np.int64]
    count: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.x)


class Blocks(NamedTuple):
    """The balls of every node's children, a row for each node; missing ones are infinitely far."""

    x: FloatArray
    y: FloatArray
    z: FloatArray
    ball_m: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """The pieces of a territory, the shape of each, and the levels over them, coarsest first.

    `blocks` are the children of each level but the last.
    """

    pieces: Pieces
    shape: NDArray[np.int64]
    levels: tuple[Nodes, ...]
    blocks: tuple[Blocks, ...]


def forest_of(pieces: Sequence[Pieces]) -> Forest:
    """Return the forest over the pieces of several shapes; without levels if there are none."""
    sizes = [len(item) for item in pieces]

    def joined(name: str) -> FloatArray:
        return np.concatenate([getattr(item, name) for item in pieces])

    whole = Pieces(
        lon=joined("lon"),
        lat=joined("lat"),
        lon_end=joined("lon_end"),
        lat_end=joined("lat_end"),
        ring=np.concatenate([item.ring for item in pieces]),
        hub_lon=np.empty(0),
        hub_lat=np.empty(0),
        hub=(np.empty(0), np.empty(0), np.empty(0)),
        ball_m=np.empty(0),
        reach_m=np.empty(0),
    )
    if not len(whole):  # nothing, or the whole globe
        return Forest(whole, np.empty(0, dtype=np.int64), (), ())
    levels: list[Nodes] = [_leaves(whole)]
    blocks: list[Blocks] = []
    for run in _RUNS:
        below = levels[0]
        first = np.arange(0, len(below), run)
        count = np.minimum(first + run, len(below)) - first
        blocks.insert(0, _blocks(below, first, count))
        levels.insert(0, _over(below, first, count, blocks[0]))
    return Forest(whole, np.repeat(np.arange(len(sizes)), sizes), tuple(levels), tuple(blocks))


def _leaves(pieces: Pieces) -> Nodes:
    chords = pieces.chords(np.arange(len(pieces)))
    middle = [chords.start[axis] + chords.step[axis] / 2.0 for axis in range(3)]
    ball = np.sqrt(chords.square) / 2.0 + chords.sagitta_m
    return Nodes(
        lon=(pieces.lon + pieces.lon_end) / 2.0,
        lat=(pieces.lat + pieces.lat_end) / 2.0,
        x=middle[0],
        y=middle[1],
        z=middle[2],
        ball_m=ball,
        reach_m=chords.length_m / 2.0,
        first=np.arange(len(pieces)),
        count=np.ones(len(pieces), dtype=np.int64),
    )


def _blocks(below: Nodes, first: NDArray[np.int64], count: NDArray[np.int64]) -> Blocks:
    """Return the balls of runs of nodes."""
    width = int(count.max())
    place = np.minimum(first[:, None] + np.arange(width), len(below) - 1)
    real = np.arange(width) < count[:, None]
    x, y, z = (np.where(real, axis[place], np.inf) for axis in (below.x, below.y, below.z))
    return Blocks(x, y, z, below.ball_m[place])


def _over(below: Nodes, first: NDArray[np.int64], count: NDArray[np.int64], block: Blocks) -> Nodes:
    """Return the nodes over runs: the middle is that of the child about which the ball is least."""
    ball, chosen = np.full(len(first), np.inf), first
    real = np.isfinite(block.x)
    x, y, z = ecef(below.lon, below.lat)  # of pieces block.x and so on are the middle of the chord
    for place in range(block.x.shape[1]):
        child = np.minimum(first + place, len(below) - 1)
        far = (block.x - x[child, None]) ** 2
        far += (block.y - y[child, None]) ** 2
        far += (block.z - z[child, None]) ** 2
        most = np.where(real, np.sqrt(far) + block.ball_m, 0.0).max(axis=1)
        better = real[:, place] & (most < ball)
        ball, chosen = np.where(better, most, ball), np.where(better, child, chosen)
    return Nodes(
        below.lon[chosen],
        below.lat[chosen],
        x[chosen],
        y[chosen],
        z[chosen],
        ball,
        geodesic_above(ball),
        first,
        count,
    )
