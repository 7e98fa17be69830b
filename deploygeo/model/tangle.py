"""Whether an outline is too tangled to be checked: bounds what GEOS does before it is asked to.

To find where an outline crosses itself, GEOS looks at each pair of runs of edges whose boxes
overlap: of 8 000 long teeth side by side at 45° that is every pair, and took 4 s; of a file of
10 MB it would take an hour, during which nothing can stop it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

__all__ = ["is_tangled"]

#: Some 2 s of GEOS. Fewer positions cannot make as many pairs.
_MOST_PAIRS = 50_000_000
_FEW_POSITIONS = 5_000
#: Of more boxes a sample is asked for its pairs, of which there are some hundred for each.
_MOST_ASKED = 100_000
#: So many boxes and pairs are held at once.
_IN_A_TREE = 300_000
_HELD = 5_000_000
_IN_A_SAMPLE = 200


def is_tangled(geometry: BaseGeometry) -> bool:
    """Return whether so many parts of an outline lie over each other that it cannot be checked.

    Parameters
    ----------
    geometry : Polygon or MultiPolygon
        Any other is never tangled.

    Examples
    --------
    >>> is_tangled(shapely.box(0, 0, 1, 1)), is_tangled(shapely.Point(0, 0))
    (False, False)
    """
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        return False
    if shapely.get_num_coordinates(geometry) < _FEW_POSITIONS:
        return False
    rings = shapely.get_rings(shapely.get_parts(geometry))
    left = _MOST_PAIRS
    for boxes in (shapely.bounds(rings), _runs(rings)):
        left = _left(boxes, left)
    return left < 0


def _runs(rings: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the boxes of the runs of edges that go on towards one quadrant."""
    points, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.diff(points, axis=0)
    quadrant = 2 * (steps[:, 0] >= 0) + (steps[:, 1] >= 0)
    is_edge = ring[1:] == ring[:-1]
    is_new = np.ones(len(steps), dtype=bool)
    is_new[1:] = (quadrant[1:] != quadrant[:-1]) | (ring[1:-1] != ring[:-2])
    starts = np.flatnonzero(is_edge & is_new)
    low = np.minimum(points[1:], points[:-1])
    high = np.maximum(points[1:], points[:-1])
    low[~is_edge], high[~is_edge] = np.inf, -np.inf
    return np.hstack([np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)])


def _left(boxes: NDArray[np.float64], most: int) -> int:
    """Return how many pairs are left of the most when those of some boxes are counted."""
    # no more than overlap along one axis, which takes no tree
    bound = min(_along(boxes[:, axis], boxes[:, axis + 2]) for axis in (0, 1))
    if bound <= most:
        return most - bound
    share = -(-len(boxes) // _MOST_ASKED)
    asked = np.random.default_rng(0).permutation(boxes)[: len(boxes) // share]
    for first in range(0, len(boxes), _IN_A_TREE):
        tree = shapely.STRtree(_diagonals(boxes[first : first + _IN_A_TREE]))
        size = min(_IN_A_SAMPLE, max(1, _HELD // len(tree.geometries)))
        for start in range(0, len(asked), size):
            found = tree.query(_diagonals(asked[start : start + size]))[0]
            most -= share * len(found)
            # half of a sample, and so about half of all, overlap as many as the middle one
            middle = np.median(np.bincount(found, minlength=size))
            if most < 0 or (size == _IN_A_SAMPLE and len(asked) * share * middle / 2 > 2 * most):
                return -1
    return most


def _along(low: NDArray[np.float64], high: NDArray[np.float64]) -> int:
    """Return how many pairs of intervals overlap, each way and with themselves."""
    before = np.searchsorted(np.sort(high), low).sum(dtype=np.int64)
    return int(len(low) ** 2 - 2 * before)


def _diagonals(boxes: NDArray[np.float64]) -> Any:
    """Return lines that have these boxes, and take half of the memory."""
    return shapely.linestrings(boxes.reshape(-1, 2, 2))
