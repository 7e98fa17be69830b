"""Shapes and territories: closed sets on the ellipsoid, ready for measuring."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo.errors import CoordinateError, SettingError
from deploygeo.geodesy.coordinates import checked
from deploygeo.geodesy.ellipsoid import METRIC_M, FloatArray, ecef
from deploygeo.geodesy.forest import Forest, forest_of
from deploygeo.geodesy.pieces import Pieces, boundary_edges, pieces_of, rings_of

__all__ = ["EMPTY", "Shape", "Territory", "check_territory"]

#: Once a polygon has been asked of this many points, in all, it is prepared: the index costs as
#: much as about so many tests without it.
_PREPARE_FROM = 24

#: Memory bound: at most this many (point, box) pairs at a time.
_PAIRS = 2_000_000


@dataclass(slots=True)
class _Lazy:
    """What a shape works out when it is first asked: a cache, not part of its value."""

    pieces: Pieces | None = None
    parts: NDArray[np.object_] | None = None
    bounds: FloatArray | None = None
    around: tuple[float, float, float, float] | None = None
    tree: Any = None
    areas: tuple[NDArray[np.object_], FloatArray] | None = None
    asked: dict[int, int] = field(default_factory=dict)
    balls: tuple[tuple[FloatArray, FloatArray, FloatArray], FloatArray] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One closed set: polygons with holes, lines, points, or a collection of them.

    Attributes
    ----------
    name : str
        What a witness reports, such as a unit id.
    geometry : shapely.Geometry
        Longitudes in [-180, 180], latitudes in [-90, 90]. Sets that cross the antimeridian are
        cut there, as RFC 7946 asks; the cut itself is no boundary where both sides belong.
    edges : str
        How vertices are joined. ``"planar"``: straight in longitude and latitude (RFC 7946).

    Examples
    --------
    >>> import shapely
    >>> Shape.of(shapely.box(0, 0, 1, 1), "square")
    Shape('square', Polygon)
    """

    name: str
    geometry: Any
    edges: str = "planar"
    _lazy: _Lazy = field(default_factory=_Lazy, init=False, repr=False)

    @classmethod
    def of(cls, geometry: Any, name: str = "", *, edges: str = "planar") -> Shape:
        """Make a shape of a shapely geometry.

        Rings are numbered in the order in which they come: of every part the exterior, then its
        holes. A line or a point counts as one ring.

        Raises
        ------
        CoordinateError
            If a vertex is out of bounds or not finite; the first one is named.
        SettingError
            If `edges` is not a known way of joining vertices.

        Examples
        --------
        >>> import shapely
        >>> Shape.of(shapely.Point(50, 100))
        Traceback (most recent call last):
        deploygeo.errors.CoordinateError: lat 100.0 at vertex 0 is outside [-90, 90]; lon 50.0 would
        be a latitude: are lon and lat swapped?
        """
        if edges != "planar":
            raise SettingError(f"unknown edges {edges!r}; known: planar (straight in lon/lat)")
        if not isinstance(geometry, shapely.Geometry):
            raise CoordinateError(f"{type(geometry).__name__} is not a shapely geometry")
        xy = shapely.get_coordinates(geometry)
        checked(xy[:, 0], xy[:, 1], what="vertex")
        return cls(name, geometry, edges)

    def __repr__(self) -> str:
        return f"Shape({self.name!r}, {self.geometry.geom_type})"

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it.

        >>> Shape.of(shapely.Polygon()).is_empty
        True
        """
        return bool(self.geometry.is_empty)

    def pieces(self) -> Pieces:
        """Return the boundary, compiled on first use (about 50 ms for 90 000 edges).

        >>> len(Shape.of(shapely.Point(1, 2)).pieces())
        1
        """
        if self._lazy.pieces is None:
            self._lazy.pieces = pieces_of(boundary_edges(*rings_of(self.geometry)))
        return self._lazy.pieces

    def covers(self, lon: FloatArray, lat: FloatArray) -> NDArray[np.bool_]:
        """Return whether points lie in or on its polygons, straight edges taken in lon/lat.

        Both names of a point on the antimeridian are tried.

        >>> half = Shape.of(shapely.box(170, 0, 180, 1))
        >>> import numpy as np
        >>> half.covers(np.array([-180.0, 175.0, 0.0]), np.array([0.5, 0.5, 0.5]))
        array([ True,  True, False])
        """
        inside = self._covers(lon, lat)
        seam = np.flatnonzero(np.abs(lon) == 180.0)
        if len(seam):
            inside[seam] |= self._covers(-lon[seam], lat[seam])
        return inside

    def _covers(self, lon: FloatArray, lat: FloatArray) -> NDArray[np.bool_]:
        # Most points asked of a union of states are far from most of them.
        parts, box = self._areas()
        inside = np.zeros(len(lon), dtype=np.bool_)
        if len(parts) == 0:
            return inside
        if self._lazy.around is None:
            self._lazy.around = (*box[:, :2].min(axis=0).tolist(), *box[:, 2:].max(axis=0).tolist())
        west, south, east, north = self._lazy.around
        i = np.flatnonzero((lat >= south) & (lat <= north) & (lon >= west) & (lon <= east))
        if len(i) == len(lon):
            return self._in_parts(parts, box, lon, lat)
        if len(i):
            inside[i] = self._in_parts(parts, box, lon[i], lat[i])
        return inside

    def _in_parts(
        self, parts: NDArray[np.object_], box: FloatArray, lon: FloatArray, lat: FloatArray
    ) -> NDArray[np.bool_]:
        inside = np.zeros(len(lon), dtype=np.bool_)
        if len(parts) * len(lon) > _PAIRS:
            return self._covers_many(parts, lon, lat, inside)
        at_once = max(1, _PAIRS // max(1, len(parts)))
        for begin in range(0, len(lon), at_once):
            x, y = lon[begin : begin + at_once, None], lat[begin : begin + at_once, None]
            hit = (x >= box[:, 0]) & (y >= box[:, 1]) & (x <= box[:, 2]) & (y <= box[:, 3])
            for j in np.flatnonzero(hit.any(axis=0)):
                i = begin + np.flatnonzero(hit[:, j])
                inside[i] |= self._in_part(parts, int(j), lon[i], lat[i])
        return inside

    def _in_part(
        self, parts: NDArray[np.object_], part: int, lon: FloatArray, lat: FloatArray
    ) -> NDArray[np.bool_]:
        asked = self._lazy.asked.get(part, 0)
        if asked < _PREPARE_FROM:
            self._lazy.asked[part] = asked = asked + len(lon)
            if asked >= _PREPARE_FROM:
                shapely.prepare(parts[part])
        found: NDArray[np.bool_] = shapely.intersects_xy(parts[part], lon, lat)
        return found

    def _covers_many(
        self,
        parts: NDArray[np.object_],
        lon: FloatArray,
        lat: FloatArray,
        inside: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        if self._lazy.tree is None:
            self._lazy.tree = shapely.STRtree(parts)
        point, part = self._lazy.tree.query(shapely.points(lon, lat))
        order = np.argsort(part, kind="stable")
        point, part = point[order], part[order]
        ends = np.flatnonzero(np.append(part[1:] != part[:-1], True)) + 1 if len(part) else part
        for begin, end in zip(np.append(0, ends[:-1]), ends, strict=False):
            i = point[begin:end]
            inside[i] |= self._in_part(parts, int(part[begin]), lon[i], lat[i])
        return inside

    def chord_from_m(self, xyz: tuple[FloatArray, FloatArray, FloatArray]) -> FloatArray:
        """Return a lower bound of the chord from points to the shape, without compiling it.

        >>> square = Shape.of(shapely.box(0, 0, 1, 1))
        >>> import numpy as np
        >>> place = np.array([[0.0], [6_378_137.0], [0.0]])  # 90° E on the equator
        >>> bool(square.chord_from_m(place)[0] > 8.5e6)
        True
        """
        if self._lazy.balls is None:
            _, box = self._boxes()
            low = np.where(
                box[:, 1] * box[:, 3] < 0.0, 0.0, np.minimum(np.abs(box[:, 1]), np.abs(box[:, 3]))
            )
            # A straight lon/lat path from the middle of its box reaches every point of a part.
            half = np.radians(box[:, 2:] - box[:, :2]) / 2.0
            radius = METRIC_M * np.hypot(np.cos(np.radians(low)) * half[:, 0], half[:, 1])
            middle = ecef((box[:, 0] + box[:, 2]) / 2.0, (box[:, 1] + box[:, 3]) / 2.0)
            self._lazy.balls = middle, radius
        middle, radius = self._lazy.balls
        size = len(xyz[0])
        bound = np.full(size, np.inf)
        if len(radius) == 0:
            return bound
        at_once = max(1, _PAIRS // len(radius))
        for begin in range(0, size, at_once):
            part = slice(begin, begin + at_once)
            square = (xyz[0][part, None] - middle[0]) ** 2
            square += (xyz[1][part, None] - middle[1]) ** 2
            square += (xyz[2][part, None] - middle[2]) ** 2
            bound[part] = (np.sqrt(square) - radius).min(axis=1)
        np.maximum(bound, 0.0, out=bound)
        return bound

    def _areas(self) -> tuple[NDArray[np.object_], FloatArray]:
        if self._lazy.areas is None:
            parts, bounds = self._boxes()
            areal = shapely.get_dimensions(parts) == 2
            self._lazy.areas = parts[areal], bounds[areal]
        return self._lazy.areas

    def _boxes(self) -> tuple[NDArray[np.object_], FloatArray]:
        if self._lazy.parts is None or self._lazy.bounds is None:
            flat = shapely.get_parts(np.atleast_1d(self.geometry))
            while np.any(shapely.get_type_id(flat) >= 4):  # collections, perhaps nested
                flat = shapely.get_parts(flat)
            flat = flat[~shapely.is_empty(flat)]
            self._lazy.bounds = shapely.bounds(flat).reshape(-1, 4)
            self._lazy.parts = flat
        return self._lazy.parts, self._lazy.bounds


@dataclass(frozen=True, slots=True, eq=False)
class Territory:
    """A union of shapes; there may be none.

    Attributes
    ----------
    name : str
    shapes : tuple of Shape
    edges : str
        How vertices are joined; the same for every shape.

    Examples
    --------
    >>> import shapely
    >>> land = Territory.of(shapely.box(0, 0, 1, 1), "square")
    >>> Territory("both", (*land.shapes, Shape.of(shapely.Point(5, 5), "islet")))
    Territory('both', 2 shapes)
    >>> EMPTY.is_empty
    True
    """

    name: str
    shapes: tuple[Shape, ...]
    edges: str = "planar"
    _forest: list[Forest] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        for shape in self.shapes:
            if shape.edges != self.edges:
                raise SettingError(
                    f"shape {shape.name!r} has {shape.edges!r} edges in a territory of "
                    f"{self.edges!r} ones"
                )

    @classmethod
    def of(cls, geometry: Any, name: str = "", *, edges: str = "planar") -> Territory:
        """Make a territory of one shapely geometry.

        >>> Territory.of(shapely.Polygon()).shapes
        ()
        """
        shape = Shape.of(geometry, name, edges=edges)
        return cls(name, () if shape.is_empty else (shape,), edges)

    def __repr__(self) -> str:
        count = len(self.shapes)
        return f"Territory({self.name!r}, {count} shape{'' if count == 1 else 's'})"

    def forest(self) -> Forest:
        """Return the boundary of all shapes as balls, made on first use; for many points.

        >>> len(Territory.of(shapely.Point(0, 0)).forest().pieces)
        1
        """
        if not self._forest:
            self._forest.append(forest_of([shape.pieces() for shape in self.shapes]))
        return self._forest[0]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it.

        >>> Territory.of(shapely.Point(0, 0)).is_empty
        False
        """
        return all(shape.is_empty for shape in self.shapes)


def check_territory(*values: object) -> None:
    """Refuse what is no territory.

    Raises
    ------
    SettingError
        Naming the value, and what makes a territory.

    Examples
    --------
    >>> check_territory(EMPTY)
    >>> check_territory("RUS")
    Traceback (most recent call last):
    deploygeo.errors.SettingError: 'RUS' is no territory: deploygeo.territory(states) returns one,
    and so does Territory.of(geometry)
    """
    for value in values:
        if not isinstance(value, Territory):
            raise SettingError(
                f"{value!r} is no territory: deploygeo.territory(states) returns one, "
                "and so does Territory.of(geometry)"
            )


#: The territory of nothing: every distance to it is nan.
EMPTY = Territory("", ())
