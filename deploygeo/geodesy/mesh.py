"""A mesh of rectangles in longitude and latitude, as fine as is asked where it is asked.

Corners have integer coordinates in units of 22.5°/2²⁴ (about 15 cm), so that neighbours agree on
them to the last bit and every coordinate in degrees is exact. Longitude -180 and 180 are one
meridian and each pole is one node; a node is measured once, whatever rectangles share it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import METRIC_M, FloatArray

__all__ = [
    "COLUMNS",
    "ROWS",
    "Cells",
    "Cycles",
    "IntArray",
    "Measure",
    "Nodes",
    "Samples",
    "boxes",
    "corners",
    "cycles_of",
    "degrees",
    "diagonal_m",
    "globe",
    "meets_new",
    "middles",
    "split",
    "width_height",
]

IntArray = NDArray[np.int64]

_ROOT_DEG = 22.5
_DEPTH = 24
_UNIT_DEG = _ROOT_DEG / 2**_DEPTH  # 45 / 2**25: exact

#: The globe in units: longitudes 0 to COLUMNS from -180, latitudes 0 to ROWS from -90.
COLUMNS = 16 << _DEPTH
ROWS = 8 << _DEPTH

#: A power of two above COLUMNS: two coordinates make one integer of 64 bits.
_STRIDE = 1 << 30

#: A rectangle is halved only across its longer side once it is this much longer than the other.
_SLENDER = 4.0 / 3.0


class Cells(NamedTuple):
    """Rectangles: west, south, east and north in units."""

    x0: IntArray
    y0: IntArray
    x1: IntArray
    y1: IntArray

    def pick(self, which: NDArray[np.bool_] | IntArray) -> Cells:
        """Return some of them."""
        return Cells(*(side[which] for side in self))

    @staticmethod
    def joined(parts: list[Cells]) -> Cells:
        """Return several sets of rectangles as one."""
        return Cells(*(np.concatenate(sides) for sides in zip(*parts, strict=True)))


class Samples(NamedTuple):
    """Distances at points, with a nearest point of the territory to each (its witness)."""

    distance_m: FloatArray
    lon: FloatArray
    lat: FloatArray

    @property
    def witness(self) -> tuple[FloatArray, FloatArray]:
        """The longitudes and latitudes of the witnesses."""
        return self.lon, self.lat

    def pick(self, which: NDArray[np.bool_] | IntArray) -> Samples:
        """Return some of them."""
        return Samples(*(value[which] for value in self))


#: Measures points given by longitudes and latitudes.
Measure = Callable[[FloatArray, FloatArray], Samples]


def degrees(x: IntArray, y: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return longitudes and latitudes of corners.

    >>> degrees(np.array([0, COLUMNS]), np.array([0, ROWS // 2]))
    (array([-180.,  180.]), array([-90.,   0.]))
    """
    return x * _UNIT_DEG - 180.0, y * _UNIT_DEG - 90.0


def globe() -> Cells:
    """Return the coarsest mesh: 16 by 8 rectangles.

    >>> len(globe().x0)
    128
    """
    step = 1 << _DEPTH
    x, y = (side.ravel() for side in np.meshgrid(np.arange(16) * step, np.arange(8) * step))
    return Cells(x, y, x + step, y + step)


def width_height(cells: Cells) -> tuple[FloatArray, FloatArray]:
    """Return upper bounds of the widths and heights of rectangles, in metres."""
    # The parallel nearest to the equator is the longest.
    south, north = degrees(cells.x0, cells.y0)[1], degrees(cells.x1, cells.y1)[1]
    widest = np.where(south * north < 0.0, 0.0, np.minimum(np.abs(south), np.abs(north)))
    width = METRIC_M * np.cos(np.radians(widest)) * np.radians((cells.x1 - cells.x0) * _UNIT_DEG)
    return width, METRIC_M * np.radians((cells.y1 - cells.y0) * _UNIT_DEG)


def diagonal_m(cells: Cells) -> FloatArray:
    """Return an upper bound of the distance between two points of each rectangle.

    Half of it bounds the distance from any point to the nearest corner, and from the middle to
    any point: both are joined by straight paths over half the width and half the height.
    """
    return np.hypot(*width_height(cells))


def split(cells: Cells) -> Cells:
    """Return the halves or quarters of rectangles: slender ones are halved across.

    >>> [len(side) for side in split(globe().pick(np.array([0, 64])))]  # at the pole; equator
    [6, 6, 6, 6]
    """
    width, height = width_height(cells)
    x, y = (cells.x0 + cells.x1) // 2, (cells.y0 + cells.y1) // 2
    tall = (height > _SLENDER * width) | (cells.x1 - cells.x0 < 2)
    flat = ~tall & ((width > _SLENDER * height) | (cells.y1 - cells.y0 < 2))
    square = ~tall & ~flat
    parts = []
    one = cells.pick(tall)
    parts += [one._replace(y1=y[tall]), one._replace(y0=y[tall])]
    one = cells.pick(flat)
    parts += [one._replace(x1=x[flat]), one._replace(x0=x[flat])]
    one = cells.pick(square)
    for half in (one._replace(x1=x[square]), one._replace(x0=x[square])):
        parts += [half._replace(y1=y[square]), half._replace(y0=y[square])]
    return Cells.joined(parts)


def boxes(cells: Cells) -> FloatArray:
    """Return west, south, east and north of rectangles in degrees, one row for each.

    >>> boxes(globe().pick(np.array([0])))
    array([[-180. ,  -90. , -157.5,  -67.5]])
    """
    return np.column_stack([*degrees(cells.x0, cells.y0), *degrees(cells.x1, cells.y1)])


def middles(cells: Cells) -> tuple[FloatArray, FloatArray]:
    """Return the longitudes and latitudes of the middles of rectangles.

    >>> middles(globe().pick(np.array([0])))
    (array([-168.75]), array([-78.75]))
    """
    return (
        (cells.x0 + cells.x1) * (_UNIT_DEG / 2.0) - 180.0,
        (cells.y0 + cells.y1) * (_UNIT_DEG / 2.0) - 90.0,
    )


def corners(cells: Cells) -> tuple[IntArray, IntArray]:
    """Return the corners counter-clockwise from the south-west, one row for each rectangle."""
    return (
        np.column_stack([cells.x0, cells.x1, cells.x1, cells.x0]),
        np.column_stack([cells.y0, cells.y0, cells.y1, cells.y1]),
    )


class Nodes:
    """Corners measured so far; each has a number that stays."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._keys = np.empty(0, dtype=np.int64)
        self._numbers = np.empty(0, dtype=np.int64)
        self.samples = Samples(np.empty(0), np.empty(0), np.empty(0))

    def numbers(self, x: IntArray, y: IntArray) -> IntArray:
        """Return the numbers of corners in the shape given, measuring the new ones."""
        column = np.where((y == 0) | (y == ROWS), 0, x % COLUMNS)
        wanted, back = np.unique(column * _STRIDE + y, return_inverse=True)
        place = np.searchsorted(self._keys, wanted)
        old = place < len(self._keys)
        old[old] = self._keys[place[old]] == wanted[old]
        number = np.empty(len(wanted), dtype=np.int64)
        number[old] = self._numbers[place[old]]
        new = wanted[~old]
        number[~old] = len(self._keys) + np.arange(len(new))
        if len(new):
            found = self._measure(*degrees(new // _STRIDE, new % _STRIDE))
            self.samples = Samples(
                *(np.concatenate(pair) for pair in zip(self.samples, found, strict=True))
            )
            self._keys = np.insert(self._keys, place[~old], new)
            self._numbers = np.insert(self._numbers, place[~old], number[~old])
        return number[back.reshape(x.shape)]


class Cycles(NamedTuple):
    """The nodes on the boundaries of cells, counter-clockwise, one cell after the other.

    A cell has its four corners and those of finer neighbours on its sides.
    """

    begin: IntArray  # where each cell's nodes begin
    cell: IntArray
    x: IntArray
    y: IntArray
    following: IntArray  # index of the next node of the same cell


def cycles_of(cells: Cells, among: Cells | None = None) -> Cycles:
    """Return the boundary of every cell, with the corners of others on it where these are given.

    >>> wide = globe().pick(np.array([64, 65]))
    >>> mixed = Cells.joined([wide.pick(np.array([0])), split(wide.pick(np.array([1])))])
    >>> np.bincount(cycles_of(mixed, among=mixed).cell).tolist()
    [5, 4, 4, 4, 4]
    """
    count = len(cells.x0)
    x, y = (values.ravel() for values in corners(cells))
    if among is None:
        index = np.arange(count * 4).reshape(-1, 4)
        return Cycles(index[:, 0], index.ravel() // 4, x, y, index[:, [1, 2, 3, 0]].ravel())
    lines, low, high = _on_sides(cells, among)
    first = np.append(0, np.cumsum((high - low + 1).ravel()))
    side = np.repeat(np.arange(4 * count), np.diff(first))
    step = np.arange(first[-1]) - first[side]  # 0: the corner itself
    place = np.where(side % 4 < 2, low.ravel()[side] + step - 1, high.ravel()[side] - step)
    x, y = x[side], y[side]
    for line, along, odd in ((lines[0], x, 0), (lines[1], y, 1)):
        i = np.flatnonzero((step > 0) & (side % 2 == odd))
        along[i] = line[place[i]] % _STRIDE
    begin = first[::4]
    following = np.arange(1, first[-1] + 1)
    following[begin[1:] - 1] = begin[:-1]
    return Cycles(begin[:-1], side // 4, x, y, following)


def _on_sides(cells: Cells, others: Cells) -> tuple[tuple[IntArray, IntArray], IntArray, IntArray]:
    """Return the corners of others along parallels and along meridians, and which are on sides.

    Of each side, counter-clockwise from the southern one, those from `low` to before `high` lie
    strictly between its ends. -180 and 180 are the same meridian.
    """
    x, y = corners(others)
    rows = _sorted(y.ravel() * _STRIDE + x.ravel())
    columns = _sorted((x.ravel() % COLUMNS) * _STRIDE + y.ravel())
    low = np.empty((len(cells.x0), 4), dtype=np.int64)
    high = np.empty_like(low)
    for side, line, level, begin, end in (
        (0, rows, cells.y0, cells.x0, cells.x1),
        (1, columns, cells.x1 % COLUMNS, cells.y0, cells.y1),
        (2, rows, cells.y1, cells.x0, cells.x1),
        (3, columns, cells.x0 % COLUMNS, cells.y0, cells.y1),
    ):
        low[:, side] = np.searchsorted(line, level * _STRIDE + begin, side="right")
        high[:, side] = np.searchsorted(line, level * _STRIDE + end)
    return (rows, columns), low, high


def _sorted(values: IntArray) -> IntArray:
    """Return the different values in order: by sorting, which beats the table of `np.unique`."""
    values = np.sort(values)
    different: IntArray = values[np.append(True, values[1:] != values[:-1])[: len(values)]]
    return different


def meets_new(cells: Cells, new: Cells) -> NDArray[np.bool_]:
    """Return which cells have a corner of new ones on a side, between its ends."""
    _, low, high = _on_sides(cells, new)
    return np.asarray((high > low).any(axis=1))
