"""The seas and the land of the Earth in small pieces, and which parts of them a set covers."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo import boundaries, geodesy

__all__ = ["SEAS", "Cover", "Ground", "areal", "cut", "ground", "grown", "joined"]

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

#: Pieces are cut along the lines of this grid, in degrees: most of them lie in or out as a whole,
#: and the others are small.
PIECE_DEG: Final = 2
#: What is laid over the pieces is cut along every fifth of these lines.
_BLOCK_DEG: Final = 10

_OUT: Final = 0
_IN: Final = 1
_PART: Final = 2

Geometries = NDArray[np.object_]


def areal(geometries: Geometries) -> Geometries:
    """Return the polygons of geometries, each as one geometry; lines and points are dropped."""
    flat, index = shapely.get_parts(geometries, return_index=True)
    while np.any(shapely.get_type_id(flat) >= shapely.GeometryType.MULTIPOINT):
        flat, inner = shapely.get_parts(flat, return_index=True)
        index = index[inner]
    good = shapely.get_type_id(flat) == shapely.GeometryType.POLYGON
    found = np.full(len(geometries), shapely.MultiPolygon(), dtype=np.object_)
    if np.any(good):
        shapely.multipolygons(flat[good], indices=index[good], out=found)
    return found


def cut(geometry: Any, step: int) -> list[Any]:
    """Return a polygon, or several, cut along the lines of a grid of so many degrees.

    What is no wider and no higher than a step stays whole.

    >>> len(cut(shapely.box(0, 0, 4, 2), 2)), len(cut(shapely.box(1, 1, 3, 3), 2))
    (2, 1)
    """
    found: list[Any] = []
    open_ = list(shapely.get_parts(areal(np.array([geometry], dtype=object))[0]))
    while open_:
        polygon = open_.pop()
        west, south, east, north = polygon.bounds
        if east - west <= step and north - south <= step:
            found.append(polygon)
            continue
        if east - west >= north - south:
            middle = step * round((west + east) / 2.0 / step)
            halves = ((west, south, middle, north), (middle, south, east, north))
        else:
            middle = step * round((south + north) / 2.0 / step)
            halves = ((west, south, east, middle), (west, middle, east, north))
        boxes = np.array([shapely.box(*half) for half in halves])
        open_.extend(shapely.get_parts(areal(shapely.intersection(polygon, boxes))))
    return found


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
        blocks = np.array(cut(geometry, _BLOCK_DEG), dtype=np.object_)
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

    def near(self, which: NDArray[np.bool_], of: NDArray[np.bool_], metres: float) -> Any:
        """Return pieces joined that may lie within some metres of others, and maybe some more.

        Parameters
        ----------
        which : ndarray of bool
            The pieces to choose from.
        of : ndarray of bool
            The pieces that they may be near.
        metres : float
        """
        boxes = grown(shapely.bounds(self.pieces[of]), metres)
        chosen = np.zeros(len(self.pieces), dtype=np.bool_)
        chosen[np.unique(self.tree.query(boxes)[1])] = True
        return joined(self.pieces[chosen & which])


def joined(pieces: Geometries) -> Any:
    """Return pieces as one geometry without the cuts between them."""
    return areal(np.array([shapely.union_all(pieces)], dtype=np.object_))[0]


def grown(bounds: NDArray[np.float64], metres: float) -> Geometries:
    """Return boxes grown by at least some metres; what crosses 180° is on both sides."""
    high = metres / 110_000.0
    most = np.minimum(np.abs(bounds[:, [1, 3]]).max(axis=1) + high, 89.9)
    wide = np.minimum(high / np.cos(np.radians(most)), 180.0)
    west, east = bounds[:, 0] - wide, bounds[:, 2] + wide
    south, north = bounds[:, 1] - high, bounds[:, 3] + high
    boxes = [shapely.box(west, south, east, north)]
    boxes.append(shapely.box(west + 360.0, south, east + 360.0, north)[west < -180.0])
    boxes.append(shapely.box(west - 360.0, south, east - 360.0, north)[east > 180.0])
    return np.concatenate(boxes)


@functools.lru_cache(maxsize=2)
def ground(level: str = boundaries.DEFAULT_LEVEL) -> Ground:
    """Return the pieces of the seas and of the land at a level of detail; made once.

    What the data give as land is no sea: the coast of the sea polygons is a coarser one. Sea that
    no polygon holds, beside that coast, is missing (0.7 to 2.9 % of it).
    """
    store = boundaries.borders(level)
    names = (*SEAS, *store.unit_ids())
    by_unit = [np.array(store.polygons((unit,)), dtype=np.object_) for unit in names[len(SEAS) :]]
    number = np.repeat(np.arange(len(SEAS), len(names)), [len(one) for one in by_unit])
    polygons = np.concatenate(by_unit)
    west, south, east, north = shapely.bounds(polygons).T
    large = np.maximum(east - west, north - south) > PIECE_DEG
    pieces: list[Any] = polygons[~large].tolist()
    owner: list[int] = number[~large].tolist()
    for i in np.flatnonzero(large).tolist():
        parts = cut(polygons[i], PIECE_DEG)
        pieces += parts
        owner += [int(number[i])] * len(parts)
    land = np.array(pieces, dtype=np.object_)
    tree = shapely.STRtree(land)
    for sea_number, name in enumerate(SEAS):
        for shape in store.seas.territory(name).shapes:
            sea = np.array(cut(shape.geometry, PIECE_DEG), dtype=np.object_)
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
