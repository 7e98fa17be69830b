"""A field of proven bounds of the distance to a territory, for deciding by look-up.

The proof is in module `cells`. A question is answered from the bounds of the cell, which costs
one look-up; where they leave it open, from the bounds at the point; where those do too, not at
all: that is for the exact kernel (module `decide`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deploygeo.geodesy.batches import NOTHING_M, Batch, batch_of
from deploygeo.geodesy.cells import Corners, Rows, point_bounds, rows_of
from deploygeo.geodesy.coordinates import unwrapped
from deploygeo.geodesy.ellipsoid import FloatArray
from deploygeo.geodesy.shape import Territory

__all__ = ["PART", "DistanceField"]

#: Points in a part of a batch: enough that those which a look-up leaves open come together.
PART = 1 << 20

#: Points at a time while a field is looked up in: what they need stays in a core's cache.
_CHUNK = 1 << 15

#: Fewer questions than this share of the cells are not worth a table of answers.
_TABLE_FROM = 8

#: Bound of a cell inside the territory, for 32-bit ranges: above any range that rounds to 0.
_ABOVE_ZERO = np.float32(1e-30)


class _Tables(NamedTuple):
    rows: Rows
    grid: Corners
    above: NDArray[np.float32]  # upper bounds of cells for ranges of 32 bits


@dataclass(slots=True)
class _Lazy:
    tables: _Tables | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DistanceField:
    """Distances to a territory at the nodes of a grid, and bounds in between.

    Not every node is measured exactly (module `build`): of each the distance to a witness is
    known, a point of the territory, and by how much the distance to the territory may be less.

    Attributes
    ----------
    territory : Territory
    step_deg : float
        Spacing of the nodes; divides 90.
    node_m : ndarray of float64
        Distance from the nodes to their witnesses, 0 inside; row 0 is 90° S, column 0 and the
        last are 180°.
    gap_m : ndarray of float32
        The distance is at least `node_m` less this: 0 where it was measured.
    node_error_m : float
        Both bounds at a node are good to this.
    east_m, north_m : ndarray of float32
        By how much the distance to a node's witness grows with a step eastward, northward.
    lo_m, hi_m : ndarray of float32
        Bounds of the distance over the closed cells; one row and one column fewer.

    Examples
    --------
    >>> import shapely
    >>> from deploygeo.geodesy import field_of
    >>> field = field_of(Territory.of(shapely.box(0, 0, 1, 1)), step_deg=10, cache=False)
    >>> field
    DistanceField(Territory('', 1 shape), step_deg=10.0)
    >>> field.decide([5.0, 90.0, 179.0], 0.0, 5e6).tolist()
    [1, 0, 0]
    """

    territory: Territory
    step_deg: float
    node_m: FloatArray
    gap_m: NDArray[np.float32]
    node_error_m: float
    east_m: NDArray[np.float32]
    north_m: NDArray[np.float32]
    lo_m: NDArray[np.float32]
    hi_m: NDArray[np.float32]
    _lazy: _Lazy = field(default_factory=_Lazy, init=False, repr=False)

    def __repr__(self) -> str:
        return f"DistanceField({self.territory!r}, step_deg={self.step_deg})"

    def bounds_m(
        self, lon: ArrayLike, lat: ArrayLike
    ) -> tuple[float | FloatArray, float | FloatArray]:
        """Return proven bounds of the distance at points.

        Parameters
        ----------
        lon, lat : array_like of float
            Degrees. They broadcast; scalars give floats back.

        Raises
        ------
        CoordinateError
            As for `distance_m`.

        Examples
        --------
        >>> import shapely
        >>> from deploygeo.geodesy import field_of
        >>> square = Territory.of(shapely.box(0, 0, 1, 1))
        >>> lo, hi = field_of(square, step_deg=2, cache=False).bounds_m([11.3, 0.5], 0.5)
        >>> lo.round(-2), hi.round(-2)
        (array([1137500.,       0.]), array([1151200.,   78500.]))
        """
        batch = batch_of(lon, lat)
        lo, hi = np.empty(batch.size), np.empty(batch.size)
        for part in batch.parts(_CHUNK):
            lo[part], hi[part] = self._bounds(*batch.points(part))
        return unwrapped(lo, batch.shape), unwrapped(hi, batch.shape)

    def decide(
        self,
        lon: ArrayLike,
        lat: ArrayLike,
        least_m: ArrayLike,
        most_m: ArrayLike | None = None,
    ) -> NDArray[np.int8]:
        """Return 1 where the distance is certainly at most `least_m`, 0 where beyond `most_m`.

        And -1 where the field can't tell.

        Parameters
        ----------
        lon, lat : array_like of float
            Degrees.
        least_m, most_m : array_like of float
            Metres; `most_m` is `least_m` unless it is given. All broadcast. nan reaches nothing.

        Raises
        ------
        CoordinateError
            As for `distance_m`.
        SettingError
            If a range is not a number, or `most_m` is less than `least_m`.

        Examples
        --------
        >>> import shapely
        >>> from deploygeo.geodesy import field_of
        >>> square = Territory.of(shapely.box(0, 0, 1, 1))
        >>> field = field_of(square, step_deg=2, cache=False)
        >>> field.decide(11.3, 0.5, [1e6, 1.145e6, 2e6])
        array([ 0, -1,  1], dtype=int8)
        """
        batch = batch_of(lon, lat, least_m, most_m)
        out = np.empty(batch.size, dtype=np.int8)
        for part in batch.parts(PART):
            self.fill(batch, part, out[part])
        return out.reshape(batch.shape)

    def fill(self, batch: Batch, part: slice, out: NDArray[np.int8]) -> None:
        """Write the answers to a part of a batch."""
        table = None
        if batch.is_fixed and _TABLE_FROM * (part.stop - part.start) >= self.lo_m.size:
            table = self._answers(batch)
        work = _Work.of(_CHUNK)
        for begin in range(part.start, part.stop, _CHUNK):
            some = slice(begin, min(begin + _CHUNK, part.stop))
            answer = out[some.start - part.start : some.stop - part.start]
            lon, lat = batch.points(some)
            cell = self._cells(lon, lat, work)
            if table is not None:
                table.take(cell, out=answer, mode="clip")
            else:
                self._compare(batch, some, cell, answer, work)
        # What the cells leave open, by the bounds at the point.
        least, most = batch.limits(part)
        lon, lat = batch.points(part)
        left = np.flatnonzero(out < 0)
        for begin in range(0, len(left), _CHUNK):
            i = left[begin : begin + _CHUNK]
            lo, hi = self._bounds(lon[i], lat[i])
            near = np.fmax(least[i] if least.ndim else least, NOTHING_M)
            far = near if most is least else np.fmax(most[i] if most.ndim else most, NOTHING_M)
            out[i] = np.where(hi <= near, 1, np.where(lo > far, 0, -1))

    def _answers(self, batch: Batch) -> NDArray[np.int8]:
        """Return the answer of every cell to one range."""
        grid = self._tables().grid
        least, most = (np.fmax(end, NOTHING_M) for end in batch.limits(slice(0, 0)))
        answer = np.full(grid.lo_m.size, -1, dtype=np.int8)
        answer[grid.lo_m > most] = 0
        answer[grid.hi_m <= least] = 1
        return answer

    def _compare(
        self,
        batch: Batch,
        part: slice,
        cell: NDArray[np.int32],
        answer: NDArray[np.int8],
        work: _Work,
    ) -> None:
        """Write 1, 0 or -1 by the bounds of cells; ranges are taken to 32 bits for speed."""
        tables = self._tables()
        size = len(cell)
        bound, limit, hit, miss = (
            array[:size] for array in (work.bound, work.limit, work.hit, work.miss)
        )
        least, most = batch.limits(part)
        with np.errstate(over="ignore"):
            np.fmax(least, NOTHING_M, out=limit, casting="unsafe")
            tables.above.take(cell, out=bound, mode="clip")
            np.greater_equal(limit, bound, out=hit)
            if most is not least:
                np.fmax(most, NOTHING_M, out=limit, casting="unsafe")
            tables.grid.lo_m.take(cell, out=bound, mode="clip")
            np.less(limit, bound, out=miss)
        # 1, 0, -1 out of two claims that exclude each other.
        np.add(hit.view(np.int8), hit.view(np.int8), out=answer)
        answer += miss.view(np.int8)
        answer -= np.int8(1)

    def _cells(self, lon: FloatArray, lat: FloatArray, work: _Work) -> NDArray[np.int32]:
        """Return the flat indices of cells; the last row and column have doubles beyond them."""
        size = len(lon)
        inverse, width = self._per_degree(), self.node_m.shape[1]
        real, i, j = work.real[:size], work.i[:size], work.j[:size]
        np.add(lat, 90.0, out=real)
        real *= inverse
        np.copyto(i, real, casting="unsafe")
        i *= np.int32(width)
        np.add(lon, 180.0, out=real)
        real *= inverse
        np.copyto(j, real, casting="unsafe")
        i += j
        return i

    def _bounds(self, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
        inverse = self._per_degree()
        x, y = (lon + 180.0) * inverse, (lat + 90.0) * inverse
        rows, columns = self.lo_m.shape
        i = np.minimum(y.astype(np.int32), np.int32(rows - 1))
        j = np.minimum(x.astype(np.int32), np.int32(columns - 1))
        tables = self._tables()
        return point_bounds(tables.rows, tables.grid, i, j, x - j, y - i)

    def _per_degree(self) -> float:
        return int(self.lo_m.shape[0]) / 180.0

    def _tables(self) -> _Tables:
        if self._lazy.tables is None:
            lat = np.linspace(-90.0, 90.0, self.node_m.shape[0])
            lo, hi = (
                np.pad(cells, (0, 1), mode="edge").ravel() for cells in (self.lo_m, self.hi_m)
            )
            grid = Corners(
                width=self.node_m.shape[1],
                low_m=(self.node_m - self.gap_m).ravel(),
                node_m=self.node_m.ravel(),
                east_m=self.east_m.ravel(),
                north_m=self.north_m.ravel(),
                lo_m=lo,
                hi_m=hi,
            )
            self._lazy.tables = _Tables(rows_of(lat), grid, np.maximum(hi, _ABOVE_ZERO))
        return self._lazy.tables


class _Work(NamedTuple):
    """Memory that is written again and again, so that it stays in the cache."""

    real: FloatArray
    i: NDArray[np.int32]
    j: NDArray[np.int32]
    bound: NDArray[np.float32]
    limit: NDArray[np.float32]
    hit: NDArray[np.bool_]
    miss: NDArray[np.bool_]

    @classmethod
    def of(cls, size: int) -> _Work:
        return cls(
            real=np.empty(size),
            i=np.empty(size, dtype=np.int32),
            j=np.empty(size, dtype=np.int32),
            bound=np.empty(size, dtype=np.float32),
            limit=np.empty(size, dtype=np.float32),
            hit=np.empty(size, dtype=np.bool_),
            miss=np.empty(size, dtype=np.bool_),
        )
