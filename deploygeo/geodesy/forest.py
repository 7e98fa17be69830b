"""The boundary of a whole territory as balls in several levels, for searches by many points.

Pieces, and runs of pieces within runs of runs, each with a ball in ECEF that holds it. The pieces
are those of the shapes, in their order, so that ties go to the first shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import FloatArray, ecef, geodesic_above
from deploygeo.geodesy.pieces import Pieces

__all__ = ["NEAR_M", "Forest", "Nodes", "forest_of"]

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


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """The pieces of a territory, the shape of each, and the levels over them, coarsest first."""

    pieces: Pieces
    shape: NDArray[np.int64]
    levels: tuple[Nodes, ...]


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
        return Forest(whole, np.empty(0, dtype=np.int64), ())
    levels = [_leaves(whole)]
    for run in _RUNS:
        below = levels[0]
        heads = np.arange(0, len(below), run)
        levels.insert(0, _over(below, heads, np.minimum(heads + run, len(below)) - heads))
    return Forest(whole, np.repeat(np.arange(len(sizes)), sizes), tuple(levels))


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


def _over(below: Nodes, first: NDArray[np.int64], count: NDArray[np.int64]) -> Nodes:
    """Return the nodes over runs of others: the middle is that of the child in the middle."""
    chosen = first + count // 2
    lon, lat = below.lon[chosen], below.lat[chosen]
    x, y, z = ecef(lon, lat)
    far = (below.x - np.repeat(x, count)) ** 2
    far += (below.y - np.repeat(y, count)) ** 2
    far += (below.z - np.repeat(z, count)) ** 2
    ball = np.maximum.reduceat(np.sqrt(far) + below.ball_m, first)
    return Nodes(lon, lat, x, y, z, ball, geodesic_above(ball), first, count)
