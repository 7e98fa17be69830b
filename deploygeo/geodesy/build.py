"""Building a field: which nodes are measured, what holds at the others, which cells lie inside.

*Cells inside.* A cell that no piece of the boundary meets, and whose corners are in the
territory, lies in it as a whole. For it has a corner c that is neither at a pole nor on the
antimeridian. Some shape contains c; c is on no piece of its boundary, and the edges that are no
boundary (module `pieces`) lie at the poles and on the antimeridian. So c is within the shape, and
so is the open cell, a connected set without a point of the boundary; and the shape is closed. That
a piece meets a cell is seen from their boxes, which contain the straight pieces.

*Measured nodes.* Where every second row crosses every second column, which makes a coarser grid;
and all nodes of those of its cells to which the territory is nearer than `NEAR_M`, but that do not
lie inside. How near it is need not be known exactly, for nothing is concluded from it. (Rows close
to the poles are not thinned further: their nodes are so close together that they cost little.)

*Other nodes* lie in cells of the coarser grid, whose corners are all measured. The bounds of
module `cells` hold there as they do at any point: the lower one stands for the distance in the
lower bounds of the finer grid. And each such node takes the witness of one of these corners for
its own. It is a point of the territory, which is all that the upper bounds need.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.cells import Corners, cell_bounds, point_bounds, rows_of
from deploygeo.geodesy.ellipsoid import GEOD, FloatArray, ecef, radii
from deploygeo.geodesy.measure import nearest
from deploygeo.geodesy.pieces import Pieces
from deploygeo.geodesy.shape import Territory

__all__ = ["NEAR_M", "built", "layout"]

#: What bounds leave open between nodes is about the square of the step over the distance. From
#: here on cells of a degree leave no more open than those of half a degree do at a quarter of it.
NEAR_M = 8e5

#: Up to this step some nodes are left out. There are few of a coarser grid.
_THINNED_DEG = 1.0

#: In steps; covers the rounding of coordinates when pieces are put into cells.
_RIM = 1e-9

#: Of a sphere, for what need not be exact.
_RADIUS_M = 6.371e6

Cells: TypeAlias = NDArray[np.bool_]
_Kind = TypeVar("_Kind", bound=np.generic)


def layout(step_deg: float) -> tuple[tuple[str, tuple[int, int]], ...]:
    """Return kinds and shapes of the arrays of a field.

    >>> layout(10.0)[0], layout(10.0)[-1]
    (('<f8', (19, 37)), ('<f4', (18, 36)))
    """
    rows = round(180.0 / step_deg)
    nodes, cells = (rows + 1, 2 * rows + 1), (rows, 2 * rows)
    return (("<f8", nodes), *(("<f4", nodes),) * 3, ("<f4", cells), ("<f4", cells))


def built(
    territory: Territory, step_deg: float, *, near_m: float | None = None
) -> tuple[NDArray[np.generic], ...]:
    """Return the arrays of a field: at nodes `node_m`, `gap_m`, `east_m`, `north_m`, then cells.

    Parameters
    ----------
    territory : Territory
        Not empty.
    step_deg : float
        Divides 90.
    near_m : float, optional
        Farther from the territory not every node is measured; by default `NEAR_M` for steps up to
        a degree and inf for others.

    Examples
    --------
    >>> import shapely
    >>> square = Territory.of(shapely.box(0, 0, 1, 1))
    >>> every, some = (built(square, 5.0, near_m=near_m) for near_m in (np.inf, 1e6))
    >>> bool((every[1] > 0).any()), bool((some[1] > 0).any())
    (False, True)
    """
    rows = round(180.0 / step_deg)
    lat = np.linspace(-90.0, 90.0, rows + 1)
    lon = np.linspace(-180.0, 180.0, 2 * rows + 1)[:-1]
    touched = _touched(territory.forest().pieces, rows)
    if near_m is None:
        near_m = NEAR_M if step_deg <= _THINNED_DEG else np.inf
    # A row of nodes at the equator, so that no cell of the coarser grid lies on both sides of it.
    thinned = near_m < np.inf and rows % 4 == 0
    if thinned:
        fine = _near(_halved(touched), near_m) & ~_inside(touched, lon, lat, territory)
    else:
        fine = np.ones((rows // 2, rows), dtype=np.bool_)
    known = _nodes_of(fine)
    x, y = np.meshgrid(lon, lat)
    nodes = _measured(x, y, known, territory)
    if thinned:
        _fill_in(nodes, known, _halved(touched), x, y, lat)
    # One step away from the witness: less by the cosine of the angle towards it.
    east, north = _slopes(nodes, x, y, step_deg)
    node, east, north = _wrapped(nodes.node_m), _wrapped(east), _wrapped(north)
    gap = _up(_wrapped(nodes.gap_m))
    whole = _whole(touched, node)
    lo, hi = cell_bounds(rows_of(lat), node - gap, node, east, north, whole)
    return node, gap, east.astype(np.float32), north.astype(np.float32), lo, hi


class _Nodes(NamedTuple):
    """Grids without the column that comes twice; filled in as nodes become known."""

    node_m: FloatArray
    gap_m: FloatArray
    lon: FloatArray  # of witnesses
    lat: FloatArray


def _touched(pieces: Pieces, rows: int) -> Cells:
    """Return which closed cells the box of a piece meets, with those rims that are two cells'."""
    columns = 2 * rows
    scale = rows / 180.0

    def index(least: FloatArray, most: FloatArray, zero: float) -> tuple[NDArray[np.int64], ...]:
        first = np.floor((least + zero) * scale - _RIM).astype(np.int64)
        last = np.floor((most + zero) * scale + _RIM).astype(np.int64)
        return first + 1, last + 1  # one more on either side: from -1 to the number of cells

    west, east = np.minimum(pieces.lon, pieces.lon_end), np.maximum(pieces.lon, pieces.lon_end)
    south, north = np.minimum(pieces.lat, pieces.lat_end), np.maximum(pieces.lat, pieces.lat_end)
    j0, j1 = index(west, east, 180.0)
    i0, i1 = index(south, north, 90.0)
    # Every box adds 1 to what lies north-east of its first cell, and so on: sums count boxes.
    width, size = columns + 3, (rows + 3) * (columns + 3)
    count = np.zeros(size, dtype=np.int64)
    for i, j, sign in ((i0, j0, 1), (i0, j1 + 1, -1), (i1 + 1, j0, -1), (i1 + 1, j1 + 1, 1)):
        count += sign * np.bincount(i * width + j, minlength=size)
    hit = count.reshape(rows + 3, width).cumsum(axis=0).cumsum(axis=1) > 0
    hit[:, 1] |= hit[:, columns + 1]
    hit[:, columns] |= hit[:, 0]
    return hit[1 : rows + 1, 1 : columns + 1]


def _halved(cells: Cells) -> Cells:
    """Return which cells of twice the width contain one of the cells."""
    parts = cells.reshape(cells.shape[0] // 2, 2, cells.shape[1] // 2, 2)
    return np.asarray(parts.any(axis=(1, 3)))


def _near(touched: Cells, near_m: float) -> Cells:
    """Return which cells are about as near as that to one that is touched, measured on a sphere."""
    rows, columns = touched.shape
    lat = np.radians((np.arange(rows) + 0.5) * (180.0 / rows) - 90.0)
    # From middle to middle; half a diagonal less on either side.
    angle = near_m / _RADIUS_M + 1.5 * np.pi / rows
    near = np.zeros_like(touched)
    for k in np.flatnonzero(touched.any(axis=1)):
        total = np.concatenate(([0], np.cumsum(np.tile(touched[k], 3))))
        for i in np.flatnonzero(np.abs(lat - lat[k]) <= angle):
            turn = np.cos(angle) - np.sin(lat[i]) * np.sin(lat[k])
            turn = np.arccos(np.clip(turn / (np.cos(lat[i]) * np.cos(lat[k])), -1.0, 1.0))
            wide = min(int(turn * rows / np.pi), columns // 2)
            begin = np.arange(columns, 2 * columns) - wide
            near[i] |= total[begin + 2 * wide + 1] > total[begin]
    return near


def _inside(touched: Cells, lon: FloatArray, lat: FloatArray, territory: Territory) -> Cells:
    """Return which cells of twice the width lie in the territory as a whole."""
    x, y = np.meshgrid(lon[::2], lat[::2])
    covered = np.zeros(x.size, dtype=np.bool_)
    for shape in territory.shapes:
        covered |= shape.covers(x.ravel(), y.ravel())
    return _whole(_halved(touched), np.where(_wrapped(covered.reshape(x.shape)), 0.0, 1.0))


def _whole(touched: Cells, node_m: FloatArray) -> Cells:
    inside = node_m == 0.0
    corners = inside[:-1, :-1] & inside[:-1, 1:] & inside[1:, :-1] & inside[1:, 1:]
    return np.asarray(corners & ~touched)


def _nodes_of(fine: Cells) -> Cells:
    """Return the nodes of cells of twice the width and those inside them, and all their corners."""
    cells = fine.repeat(2, axis=0).repeat(2, axis=1)
    nodes = np.zeros((cells.shape[0] + 1, cells.shape[1]), dtype=np.bool_)
    for right in (0, 1):
        rolled = np.roll(cells, right, axis=1)
        nodes[:-1] |= rolled
        nodes[1:] |= rolled
    nodes[::2, ::2] = True
    return nodes


def _measured(x: FloatArray, y: FloatArray, known: Cells, territory: Territory) -> _Nodes:
    nodes = _Nodes(np.zeros(x.shape), np.zeros(x.shape), x.copy(), y.copy())
    # All at once: searches by many points are fast where points lie close to each other.
    found = nearest(x[known], y[known], territory)
    nodes.node_m[known] = found.distance_m
    nodes.lon[known], nodes.lat[known] = found.lon, found.lat
    return nodes


def _fill_in(
    nodes: _Nodes, known: Cells, touched: Cells, x: FloatArray, y: FloatArray, lat: FloatArray
) -> None:
    """Write what holds at the nodes that are not measured."""
    coarse = _Nodes(*(_wrapped(grid[::2, ::2]) for grid in nodes))
    h = 2.0 * float(lat[1] - lat[0])
    every = tuple(grid[::2, ::2] for grid in nodes)
    slopes = _slopes(_Nodes(*every), x[::2, ::2], y[::2, ::2], h)
    east, north = (_wrapped(grid) for grid in slopes)
    rows, width = rows_of(lat[::2]), coarse.node_m.shape[1]
    node = coarse.node_m
    lo, hi = cell_bounds(rows, node, node, east, north, _whole(touched, node))
    # Bounds of cells in rows as long as those of nodes.
    grid = Corners(
        width=width,
        low_m=node.ravel(),
        node_m=node.ravel(),
        east_m=east.ravel().astype(np.float32),
        north_m=north.ravel().astype(np.float32),
        lo_m=np.pad(lo, (0, 1), mode="edge").ravel(),
        hi_m=np.pad(hi, (0, 1), mode="edge").ravel(),
    )
    row, column = np.nonzero(~known)
    i = np.minimum(row // 2, len(lat) // 2 - 1).astype(np.int32)
    j = (column // 2).astype(np.int32)
    low, high = point_bounds(rows, grid, i, j, column / 2.0 - j, row / 2.0 - i)
    # The witness of a corner; which one matters for the width of the bounds alone.
    place, away = ecef(x[~known], y[~known]), np.full(len(row), np.inf)
    witness = ecef(coarse.lon.ravel(), coarse.lat.ravel())
    chosen = np.zeros(len(row), dtype=np.int64)
    for corner in (0, 1, width, width + 1):
        at = i * np.int64(width) + j + corner
        square = sum((witness[axis][at] - place[axis]) ** 2 for axis in range(3))
        chosen = np.where(square < away, at, chosen)
        away = np.minimum(square, away)
    lon, lat = coarse.lon.ravel()[chosen], coarse.lat.ravel()[chosen]
    above = np.asarray(GEOD.inv(x[~known], y[~known], lon, lat)[2])
    inside = high == 0.0
    above[inside] = 0.0
    nodes.node_m[~known] = above
    nodes.gap_m[~known] = np.where(inside, 0.0, np.maximum(above - low, 0.0))
    nodes.lon[~known] = np.where(inside, x[~known], lon)
    nodes.lat[~known] = np.where(inside, y[~known], lat)


def _slopes(
    nodes: _Nodes, x: FloatArray, y: FloatArray, step_deg: float
) -> tuple[FloatArray, FloatArray]:
    """Return by how much the distance to the witness grows with a step east, and north."""
    east, north = np.zeros(x.shape), np.zeros(x.shape)
    apart = nodes.node_m > 0.0
    lon, lat = x[apart], y[apart]
    prime, meridian = radii(lat)
    h = np.radians(step_deg)
    towards = np.radians(GEOD.inv(lon, lat, nodes.lon[apart], nodes.lat[apart])[0])
    east[apart] = -np.sin(towards) * prime * np.cos(np.radians(lat)) * h
    north[apart] = -np.cos(towards) * meridian * h
    return east, north


def _wrapped(grid: NDArray[_Kind]) -> NDArray[_Kind]:
    """Return a grid with the first column once more as the last."""
    return np.pad(grid, ((0, 0), (0, 1)), mode="wrap")


def _up(gap: FloatArray) -> NDArray[np.float32]:
    """Return a gap in 32 bits, no less than it was."""
    rounded = gap.astype(np.float32)
    return np.where(rounded < gap, np.nextafter(rounded, np.float32(np.inf)), rounded)
