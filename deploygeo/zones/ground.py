"""The seas and the land of the Earth in small pieces, and which parts of them a set covers."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo import boundaries, geodesy
from deploygeo.zones.tiles import PIECE_DEG, Geometries, areal, cut, grown

__all__ = ["SEAS", "Cover", "Ground", "ground"]

#: The seas of the table, as the data name them.
SEAS: Final = (
    "Baltic Sea",
    "Black Sea",
    "Sea of Azov",
    "Barents Sea",
    "Norwegian Sea",
    "Mediterranean Sea",
    "North Sea",
    "Bering Sea",
    "Sea of Okhotsk",
    "Sea of Japan",
)

#: What is laid over the pieces is cut along every fifth of their lines.
_BLOCK_DEG: Final = 10

_OUT: Final = 0
_IN: Final = 1
_PART: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """Which part of every piece a set covers.

    Attributes
    ----------
    state : ndarray of int8
        0: nothing of the piece, 1: all of it, 2: a part.
    parts : ndarray of shapely.Geometry
        The part, where there is one; None elsewhere.
    """

    state: NDArray[np.int8]
    parts: Geometries


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Pieces of seas and land.

    Attributes
    ----------
    pieces : ndarray of shapely.Polygon
    area_m2 : ndarray
        Of each piece.
    owner : ndarray of int
        Which of `names` each piece belongs to.
    names : tuple of str
        Seas, then units of land.
    tree : shapely.STRtree
        Of the pieces.
    """

    pieces: Geometries
    area_m2: NDArray[np.float64]
    owner: NDArray[np.int64]
    names: tuple[str, ...]
    tree: Any

    @property
    def at_sea(self) -> NDArray[np.bool_]:
        """Whether each piece is one of a sea."""
        return self.owner < len(SEAS)

    def whole(self, which: NDArray[np.bool_]) -> Cover:
        """Return what covers some pieces as a whole, and nothing of the others."""
        return Cover(which.astype(np.int8), np.full(len(self.pieces), None, dtype=np.object_))

    def cover(self, geometry: Any) -> Cover:
        """Return which part of every piece lies in a geometry."""
        state = np.zeros(len(self.pieces), dtype=np.int8)
        parts = np.full(len(self.pieces), None, dtype=np.object_)
        blocks = cut(geometry, _BLOCK_DEG)
        if len(blocks) == 0:
            return Cover(state, parts)
        shapely.prepare(blocks)
        block, piece = self.tree.query(blocks, predicate="intersects")
        inside = shapely.covers(blocks[block], self.pieces[piece])
        state[piece[inside]] = _IN
        rest = ~inside & (state[piece] != _IN)
        block, piece = block[rest], piece[rest]
        found = areal(shapely.intersection(self.pieces[piece], blocks[block]))
        order = np.argsort(piece, kind="stable")
        ends = np.flatnonzero(np.diff(piece[order], append=-1)) + 1
        begin = 0
        for end in ends.tolist():
            mine = order[begin:end]
            begin = end
            here = found[mine[0]] if len(mine) == 1 else shapely.union_all(found[mine])
            if not here.is_empty:
                state[piece[mine[0]]] = _PART
                parts[piece[mine[0]]] = here
        return Cover(state, parts)

    def complement(self, one: Cover) -> Cover:
        """Return what a cover leaves."""
        state = one.state.copy()
        state[one.state == _OUT] = _IN
        state[one.state == _IN] = _OUT
        parts = one.parts.copy()
        i = np.flatnonzero(one.state == _PART)
        parts[i] = areal(shapely.difference(self.pieces[i], one.parts[i]))
        return Cover(state, parts)

    def common(self, one: Cover, other: Cover) -> Cover:
        """Return what two covers have in common."""
        state = np.full(len(self.pieces), _PART, dtype=np.int8)
        state[(one.state == _IN) & (other.state == _IN)] = _IN
        state[(one.state == _OUT) | (other.state == _OUT)] = _OUT
        parts = np.full(len(self.pieces), None, dtype=np.object_)
        open_ = state == _PART
        parts[open_] = np.where(one.state == _PART, one.parts, other.parts)[open_]
        i = np.flatnonzero(open_ & (one.state == _PART) & (other.state == _PART))
        parts[i] = areal(shapely.intersection(one.parts[i], other.parts[i]))
        return Cover(state, parts)

    def either(self, one: Cover, other: Cover) -> Cover:
        """Return what is in one of two covers."""
        state = np.full(len(self.pieces), _PART, dtype=np.int8)
        state[(one.state == _OUT) & (other.state == _OUT)] = _OUT
        state[(one.state == _IN) | (other.state == _IN)] = _IN
        parts = np.full(len(self.pieces), None, dtype=np.object_)
        open_ = state == _PART
        parts[open_] = np.where(one.state == _PART, one.parts, other.parts)[open_]
        i = np.flatnonzero(open_ & (one.state == _PART) & (other.state == _PART))
        parts[i] = areal(shapely.union(one.parts[i], other.parts[i]))
        return Cover(state, parts)

    def covered_m2(self, one: Cover) -> NDArray[np.float64]:
        """Return the area that is covered, for each of `names`."""
        area = np.where(one.state == _IN, self.area_m2, 0.0)
        i = np.flatnonzero(one.state == _PART)
        area[i] = geodesy.areas_m2(one.parts[i])
        return self.sums(area)

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return sums over the pieces of each of `names`."""
        found = np.bincount(self.owner, weights=values, minlength=len(self.names))
        return found.astype(np.float64, copy=False)

    def close(
        self, which: NDArray[np.bool_], to: NDArray[np.bool_], metres: float
    ) -> NDArray[np.bool_]:
        """Return which of some pieces may lie within some metres of others: no fewer than do."""
        boxes = grown(shapely.bounds(self.pieces[to]), metres)
        chosen = np.zeros(len(self.pieces), dtype=np.bool_)
        chosen[np.unique(self.tree.query(boxes)[1])] = True
        return chosen & which


@functools.lru_cache(maxsize=2)
def ground(level: str = boundaries.DEFAULT_LEVEL) -> Ground:
    """Return the pieces of the seas and of the land at a level of detail; made once.

    What the data give as land is no sea: the coast of the sea polygons is a coarser one. Sea that
    no polygon holds, beside that coast, is missing (0.7 to 2.9 % of it).
    """
    store = boundaries.borders(level)
    names = (*SEAS, *store.unit_ids())
    by_unit = [cut(store.polygons((unit,)), PIECE_DEG) for unit in names[len(SEAS) :]]
    owner = np.repeat(np.arange(len(SEAS), len(names)), [len(one) for one in by_unit]).tolist()
    land = np.concatenate(by_unit)
    pieces: list[Any] = land.tolist()
    tree = shapely.STRtree(land)
    for sea_number, name in enumerate(SEAS):
        for shape in store.seas.territory(name).shapes:
            sea = cut(shape.geometry, PIECE_DEG)
            shapely.prepare(sea)
            here, there = tree.query(sea, predicate="intersects")
            for i in np.unique(here).tolist():
                sea[i] = shapely.difference(sea[i], shapely.union_all(land[there[here == i]]))
            sea = areal(sea)
            sea = sea[~shapely.is_empty(sea)]
            pieces += sea.tolist()
            owner += [sea_number] * len(sea)
    whole = np.array(pieces, dtype=np.object_)
    return Ground(
        whole,
        geodesy.areas_m2(whole),
        np.array(owner, dtype=np.int64),
        names,
        shapely.STRtree(whole),
    )
