"""The land of every unit at one level of detail, read on demand and kept.

Opening reads the boxes of the polygons only; the polygons of a unit are read and
compiled for measuring when something asks for that unit.
"""

from __future__ import annotations

import itertools
import math
import threading
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo.boundaries.accuracy import Accuracy
from deploygeo.boundaries.boxes import box_bound_m
from deploygeo.boundaries.files import connect, data_folder, geometries
from deploygeo.boundaries.outline import open_boundary
from deploygeo.boundaries.seas import Seas
from deploygeo.boundaries.tables import Tables, Unit, tables
from deploygeo.errors import BoundaryError, UnknownNameError
from deploygeo.geodesy import Nearest, Shape, Territory, nearest, nearest_edge

__all__ = ["DEFAULT_LEVEL", "LEVELS", "Borders", "Signed", "borders"]

LEVELS = ("hybrid", "ne10")
DEFAULT_LEVEL = "hybrid"

# Polygons are put together by the cell of this size in which their box starts, so that a
# bound looks at some two thousand boxes and not at 74 000.
_CELL_DEG = 10

# Distances kept per level. One is about 0.5 kB, so the whole is below 35 MB.
_KEPT_DISTANCES = 65_536

# Bounds kept per level: of the last points asked, one number per unit, about 20 kB a point.
_KEPT_BOUNDS = 1_024

# A witness this near to the line of a land border is on that border. Vertices are rounded
# to 1.1 m, and a border runs at most 100 m off the geodesic through its vertices
# (BOUNDARIES section 6: edges of at most 56 km).
_ON_BORDER_M = 100.0
_METRES_PER_DEGREE = 111_000.0  # of latitude, and of longitude at the equator; rounded down


# Vertices are rounded to 1.1 m, and where only one side of a border has a vertex the two run up
# to 1.5 m apart (as measured over all units; the narrowest real islet is 9 m wide).
_SAME_LINE_DEG = 3e-5

# No place in such a gap of a border is farther than this from the rest of the border.
_LONGEST_GAP_M = 5_000.0
# The boxes of up to so many lines are looked at before measuring to the lines.
_MOST_LINES = 64
# Two measurements to the same boundary differ by less (geodesy states 1 mm).
_SAME_M = 0.01
_WIDER_DEG = np.array([[-1.0], [-1.0], [1.0], [1.0]]) * _SAME_LINE_DEG


class Signed(NamedTuple):
    """Signed distance to a set of units, negative inside, with its witness."""

    value_m: float
    lon: float
    lat: float
    unit: str


class _Edges(NamedTuple):
    """Edges to measure to, and boxes that contain them."""

    territory: Territory
    boxes: NDArray[np.float64]


class Borders:
    """The units of one level of detail.

    Parameters
    ----------
    folder : Path
        The folder of the border data.
    level : str
        ``hybrid`` or ``ne10``.

    Notes
    -----
    Nothing is ever written. Shapes and distances are kept for as long as the object;
    one object may serve many threads.

    Examples
    --------
    >>> borders("ne10").holder_units({"XKX"}, {"XKX": "XKX"})
    ('XKX',)
    """

    def __init__(self, folder: Path, level: str = DEFAULT_LEVEL) -> None:
        if level not in LEVELS:
            raise UnknownNameError("level", level, LEVELS)
        self.folder = folder
        self.level = level
        self.tables: Tables = tables(folder)
        self._lock = threading.RLock()
        self._database = connect(folder / f"{level}.gpkg")
        weakref.finalize(self, self._database.close)
        self._held: dict[tuple[frozenset[str], tuple[str, ...], bool], tuple[str, ...]] = {}
        self._shapes: dict[tuple[str, str], Shape] = {}
        self._open: dict[tuple[int, frozenset[str], bool], _Edges] = {}
        self._signed = lru_cache(_KEPT_DISTANCES)(self._signed_now)
        self._nearest: dict[tuple[str, float, float], Nearest] = {}
        self._under = lru_cache(_KEPT_DISTANCES)(self._under_now)

    # -- units -----------------------------------------------------------------------

    @property
    def units(self) -> Mapping[str, Unit]:
        """The unit table, by unit id."""
        return self.tables.units

    def unit_ids(self) -> tuple[str, ...]:
        """Return the ids of the units that have land at this level, sorted."""
        return self._cells[0]

    def holder_units(
        self, states: Collection[str], held: Mapping[str, str], *, overseas: bool = True
    ) -> tuple[str, ...]:
        """Return the units with land whose holder is among `states`, sorted.

        Parameters
        ----------
        states : collection of str
        held : mapping
            Unit id to holder, as `holders` gives it.
        overseas : bool
            Whether what is not metropolitan counts too.
        """
        # a run asks for the same few sets of states under the same few holders
        key = (frozenset(states), tuple(held.values()), overseas)
        found = self._held.get(key)
        if found is None:
            found = self._held[key] = tuple(
                unit
                for unit in self.unit_ids()
                if held.get(unit) in states and (overseas or self.units[unit].metropolitan)
            )
        return found

    def shape(self, unit: str) -> Shape:
        """Return the land of a unit, compiled for measuring; read once.

        Raises
        ------
        UnknownNameError
            If no unit of this level has that id.
        """
        if unit not in self._boxes_of:
            raise UnknownNameError("unit", unit, self.unit_ids())
        return self._kept("land", unit)

    def territory(self, units: Iterable[str], name: str = "") -> Territory:
        """Return the land of several units as one territory; it may be empty."""
        return Territory(name=name, shapes=tuple(self.shape(unit) for unit in units))

    def polygons(
        self, units: Iterable[str], *, lat: float | None = None
    ) -> tuple[shapely.Polygon, ...]:
        """Return the land polygons of several units, as the data hold them.

        With `lat` only those that meet that parallel by their boxes, which spares reading
        the thousands of islands that do not.
        """
        where = "" if lat is None else "AND min_lat <= ? AND max_lat >= ?"
        band = () if lat is None else (lat, lat)
        # `where` is one of two literals, never text from outside.
        query = f"SELECT geom FROM land WHERE unit = ? {where} ORDER BY fid"  # noqa: S608
        rows = (row for unit in units for row in self._rows(query, unit, *band))
        return tuple(geometries(row[0] for row in rows))

    def easternmost(self, units: Iterable[str]) -> float:
        """Return the greatest longitude of the land of units, as seen from each; -inf for none.

        What lies more than half way round east of the middle of a unit is its far west: the
        Aleutians beyond the antimeridian are at 182 to 188 degrees west.
        """
        query = (
            "SELECT max(max_lon - CASE WHEN max_lon > ? + 180 THEN 360 ELSE 0 END) "
            "FROM land WHERE unit = ?"
        )
        ends = (self._rows(query, self.middle_lon(unit), unit)[0][0] for unit in units)
        return max((float(end) for end in ends if end is not None), default=-math.inf)

    def middle_lon(self, unit: str) -> float:
        """Return the longitude of the middle of the box of the largest polygon of a unit."""
        rows = self._rows(
            "SELECT (min_lon + max_lon) / 2 FROM land WHERE unit = ? "
            "ORDER BY (max_lon - min_lon) * (max_lat - min_lat) DESC LIMIT 1",
            unit,
        )
        return float(rows[0][0]) if rows else 0.0

    def waters(self, units: Iterable[str], name: str = "") -> Territory:
        """Return the internal waters that the data give for several units."""
        shapes = (self._kept("internal_waters", u) for u in units if u in self.with_waters)
        return Territory(name=name, shapes=tuple(shapes))

    def _kept(self, layer: str, unit: str) -> Shape:
        with self._lock:
            shape = self._shapes.get((layer, unit))
            if shape is None:
                parts = self._geometries(layer, unit)
                shape = Shape.of(shapely.MultiPolygon(list(parts)), unit)
                self._shapes[layer, unit] = shape
            return shape

    def _geometries(self, layer: str, unit: str) -> NDArray[np.object_]:
        # `layer` is one of two literals of this module, never text from outside.
        rows = self._rows(f"SELECT geom FROM {layer} WHERE unit = ? ORDER BY fid", unit)  # noqa: S608
        return geometries(row[0] for row in rows)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(query, values).fetchall()

    # -- what is near ----------------------------------------------------------------

    @cached_property
    def _cells(self) -> tuple[tuple[str, ...], NDArray[np.intp], NDArray[np.float64]]:
        """Unit ids, and boxes of the units' polygons put together by cells.

        The internal waters have boxes too: a bound is one for land and waters alike.
        """
        rows = self._rows(
            "SELECT unit, min(min_lon), min(min_lat), max(max_lon), max(max_lat) FROM land "
            "GROUP BY unit, CAST((min_lon + 180) / ? AS INTEGER), "
            "CAST((min_lat + 90) / ? AS INTEGER)",
            _CELL_DEG,
            _CELL_DEG,
        )
        if not rows:
            raise BoundaryError(f"{self.level}.gpkg has no land; install deploygeo again")
        ids = tuple(sorted({str(row[0]) for row in rows}))
        unknown = sorted(set(ids) - set(self.units))
        if unknown:
            raise BoundaryError(
                f"{self.level}.gpkg has land of units that units.toml lacks: {', '.join(unknown)}"
            )
        index = {unit: i for i, unit in enumerate(ids)}
        boxes = np.array([row[1:] for row in rows], dtype=np.float64)
        waters = self._rows("SELECT unit, geom FROM internal_waters ORDER BY fid")
        shapes = geometries(row[1] for row in waters)
        owners = [index[str(row[0])] for row in (*rows, *waters)]
        boxes = np.concatenate([boxes, shapely.bounds(shapes).reshape(-1, 4)])
        return ids, np.array(owners, dtype=np.intp), boxes

    @cached_property
    def _boxes_by_unit(self) -> Mapping[str, NDArray[np.intp]]:
        """The boxes of the land of each unit."""
        ids, owner, _ = self._cells
        waters = self._rows("SELECT count(*) FROM internal_waters")[0][0]
        of_land = owner[: len(owner) - int(waters)]
        return {unit: np.flatnonzero(of_land == i) for i, unit in enumerate(ids)}

    @cached_property
    def _boxes_of(self) -> frozenset[str]:
        return frozenset(self._cells[0])

    @cached_property
    def with_waters(self) -> frozenset[str]:
        """The units of which the data give internal waters."""
        return frozenset(
            str(row[0]) for row in self._rows("SELECT DISTINCT unit FROM internal_waters")
        )

    def bounds_m(self, lon: float, lat: float) -> Mapping[str, float]:
        """Return a lower bound of the distance from a point to each unit, the nearest first."""
        return self._bounds(lon, lat)

    @cached_property
    def _bounds(self) -> Callable[[float, float], Mapping[str, float]]:
        ids, owner, boxes = self._cells

        @lru_cache(_KEPT_BOUNDS)
        def bounds(lon: float, lat: float) -> Mapping[str, float]:
            least = np.full(len(ids), np.inf)
            np.minimum.at(least, owner, box_bound_m(lon, lat, boxes))
            order = np.argsort(least, kind="stable").tolist()  # of ties the first by name
            return {ids[i]: float(least[i]) for i in order}

        return bounds

    def parts_near(self, lon: float, lat: float, radius_m: float) -> list[str]:
        """Return the units that may have land within a radius, nearest bound first.

        A unit that is left out has none; one that is listed need not have any.
        """
        bounds = self.bounds_m(lon, lat)
        return list(itertools.takewhile(lambda unit: bounds[unit] <= radius_m, bounds))

    # -- distances -------------------------------------------------------------------

    def unit_nearest(self, unit: str, lon: float, lat: float) -> Nearest:
        """Return the nearest point of the land of a unit; kept."""
        key = (unit, float(lon), float(lat))
        found = self._nearest.get(key)
        if found is None:
            found = nearest(lon, lat, self.territory((unit,), unit))
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, float, float], found: Nearest) -> None:
        if len(self._nearest) >= _KEPT_DISTANCES:
            self._nearest.clear()
        self._nearest[key] = found

    def foresee(self, places: Iterable[tuple[float, float]]) -> None:
        """Measure from several places at once to the units that may hold them, and keep it.

        A search that will ask for each place in turn is spared most of its measuring: one point
        costs about as much as fifty.
        """
        wanted: dict[str, list[tuple[float, float]]] = {}
        for place in places:
            for unit in self.parts_near(*place, 0.0):
                if (unit, *place) not in self._nearest:
                    wanted.setdefault(unit, []).append(place)
        for unit, asked in wanted.items():
            lon, lat = np.transpose(asked)
            found = nearest(lon, lat, self.territory((unit,), unit))
            for place, *row in zip(asked, *map(np.ravel, found), strict=True):
                self._keep((unit, *place), Nearest(*row))

    def _under_now(self, lon: float, lat: float) -> str:
        """Return the unit on whose land a point lies, or "": much cheaper than a distance."""
        x, y = np.array([lon]), np.array([lat])
        bounds = self.bounds_m(lon, lat)
        for unit in itertools.takewhile(lambda unit: bounds[unit] <= 0.0, bounds):
            if self.shape(unit).covers(x, y)[0]:
                return unit
        return ""

    def nearest_of(self, units: Iterable[str], lon: float, lat: float) -> tuple[Nearest, str]:
        """Return the nearest point of the land of several units, and its unit.

        Units whose boxes are too far are never read.

        Raises
        ------
        BoundaryError
            If there is no unit.
        """
        best: tuple[Nearest, str] | None = None
        bounds = self.bounds_m(lon, lat)
        wanted = frozenset(units)
        under = self._under(float(lon), float(lat))
        if under in wanted:
            return self.unit_nearest(under, lon, lat), under
        for unit in self._by_bound(wanted, bounds):
            if best is not None and bounds[unit] >= best[0].distance_m:
                break
            found = self.unit_nearest(unit, lon, lat)
            if best is None or found.distance_m < best[0].distance_m:
                best = found, unit
        if best is None:
            raise BoundaryError("no unit to measure to; the states hold nothing on that date")
        return best

    def _by_bound(self, units: Iterable[str], bounds: Mapping[str, float]) -> Iterator[str]:
        wanted = frozenset(units)
        unknown = wanted - self._boxes_of
        if unknown:
            raise UnknownNameError("unit", min(unknown), self.unit_ids())
        return (unit for unit in bounds if unit in wanted)

    def signed_of(
        self,
        units: Collection[str],
        lon: float,
        lat: float,
        *,
        with_waters: bool = False,
        within_m: float = math.inf,
        whole: bool = True,
    ) -> Signed | None:
        """Return the signed distance to the union of units, negative inside.

        Parameters
        ----------
        units : collection of str
        lon, lat : float
        with_waters : bool
            Whether the internal waters of a unit belong to it.
        within_m : float
            Units that are farther than this may be left out.
        whole : bool
            Whether the borders between the units are passed over when the point lies
            inside, so that the depth is that in the union. Without that it is the depth in
            one unit, which is never more, and cheaper.

        Returns
        -------
        Signed or None
            None if no unit is near enough. As a function of the point the value changes
            by at most one metre per metre.
        """
        best: Signed | None = None
        bounds = self.bounds_m(lon, lat)
        under = self._under(float(lon), float(lat))
        visited = (under,) if under in units else self._by_bound(units, bounds)
        for unit in visited:
            reach = min(within_m, math.inf if best is None else best.value_m)
            # no two units share land, so a point inside one is outside all others
            if reach < 0.0 or (bounds[unit] > 0.0 and bounds[unit] >= reach):
                break
            found = self._signed(
                unit, float(lon), float(lat), with_waters and unit in self.with_waters
            )
            if found.value_m <= within_m and (best is None or found.value_m < best.value_m):
                best = found
        if best is None or best.value_m > 0.0 or not whole:
            return best
        return self._depth(best, frozenset(units), float(lon), float(lat), with_waters)

    def _signed_now(self, unit: str, lon: float, lat: float, with_waters: bool) -> Signed:
        best = _as_signed(self.unit_nearest(unit, lon, lat), unit)
        if best.value_m <= 0.0:
            edge = nearest_edge(lon, lat, self.territory((unit,)))
            best = Signed(-float(edge.distance_m), float(edge.lon), float(edge.lat), unit)
        if with_waters:
            waters = self.waters((unit,))
            found = nearest(lon, lat, waters)
            if bool(found.inside):
                edge = nearest_edge(lon, lat, waters)
                depth = Signed(-float(edge.distance_m), float(edge.lon), float(edge.lat), unit)
                best = min(best, depth)
            else:
                best = min(best, _as_signed(found, unit))
        return best

    def _depth(
        self, inside: Signed, units: frozenset[str], lon: float, lat: float, with_waters: bool
    ) -> Signed:
        """Return the depth in the union of units, of one of which the point lies inside.

        The way out of the union is the nearest edge that a unit of it shares with no other
        of them. Of a unit with internal waters the coast is no way out where those lie off it.
        """
        best: Signed | None = None
        bounds = self.bounds_m(lon, lat)
        first = (unit for unit in bounds if unit == inside.unit)
        for unit in itertools.chain(first, self._by_bound(units - {inside.unit}, bounds)):
            reach = math.inf if best is None else -best.value_m
            if bounds[unit] >= reach:
                break
            way = self._way_out(unit, units, lon, lat, reach, with_waters)
            if way is not None and -way.value_m < reach:
                best = way
                # every way out of the union leaves the unit that the point lies in first
                if unit == inside.unit and way.value_m >= inside.value_m - _SAME_M:
                    break
        return inside if best is None else best

    def _way_out(
        self,
        unit: str,
        units: frozenset[str],
        lon: float,
        lat: float,
        reach: float,
        with_waters: bool,
    ) -> Signed | None:
        """Return the nearest edge of a unit by which one leaves the union, if near enough."""
        others = units.intersection(self._neighbours.get(unit, ()))
        has_waters = with_waters and unit in self.with_waters
        mine = self._boxes_by_unit[unit]
        bounds = box_bound_m(lon, lat, self._cells[2][mine])
        # with the edges at hand there is nothing to spare by measuring to the whole unit first
        at_hand = bool(others) and all(
            (box, others, False) in self._open for box in mine[bounds < reach].tolist()
        )
        if has_waters or not at_hand:
            edge = self._signed(unit, lon, lat, False)
            edge = edge._replace(value_m=-abs(edge.value_m))
            if not (has_waters and self._by_waters(unit, lon, lat, edge)):
                if -edge.value_m >= reach:
                    return None
                if not others or not self._is_by_border(unit, others, edge):
                    return edge
        best: Signed | None = None
        for i in np.argsort(bounds, kind="stable").tolist():
            if bounds[i] >= (reach if best is None else -best.value_m):
                break
            box = int(mine[i])
            edges = self._open_boundary(unit, box, others, merged=False)
            limit = reach if best is None else -best.value_m
            least = box_bound_m(lon, lat, edges.boxes).min(initial=math.inf)
            if not has_waters and least >= limit:
                continue
            found = nearest(lon, lat, edges.territory)
            if has_waters and self._by_waters(unit, lon, lat, found):
                edges = self._open_boundary(unit, box, others, merged=True)
                found = nearest(lon, lat, edges.territory)
            way = _as_signed(found, unit)
            if not math.isnan(way.value_m) and (best is None or way.value_m < -best.value_m):
                best = way._replace(value_m=-way.value_m)
        return best

    def _is_by_border(self, unit: str, others: frozenset[str], edge: Signed) -> bool:
        """Return whether a point of a unit's boundary may be on its border with one of others."""
        pairs = self._borders_near(edge.lon, edge.lat, _LONGEST_GAP_M)
        return any(unit in pair and not others.isdisjoint(pair) for pair in pairs)

    def _by_waters(self, unit: str, lon: float, lat: float, edge: Nearest | Signed) -> bool:
        """Return whether a point lies in the waters of a unit, or the way to its edge ends there.

        A way out through the waters crosses the coast first, so else the coast decides.
        """
        waters = self._kept("internal_waters", unit).geometry
        points = shapely.points([lon, float(edge.lon)], [lat, float(edge.lat)])
        return bool((shapely.distance(waters, points) < _ON_BORDER_M / _METRES_PER_DEGREE).any())

    def _open_boundary(
        self, unit: str, box: int, others: frozenset[str], *, merged: bool
    ) -> _Edges:
        """Return the edges of the polygons of a box that no neighbour named shares; kept.

        With `merged` the internal waters of the unit are part of the polygons they touch.
        """
        key = (box, others, merged)
        with self._lock:
            found = self._open.get(key)
            if found is None:
                polygons = self._polygons_of(unit, box)
                if merged:
                    waters = self._kept("internal_waters", unit).geometry
                    touched = shapely.intersects(polygons, waters)
                    whole = shapely.union_all([*polygons[touched], waters])
                    polygons = np.append(polygons[~touched], shapely.get_parts(whole))
                rows = [row for name in sorted(others) for row in self._neighbours[unit][name]]
                edges = open_boundary(polygons, self._lines[2][rows], self._near(sorted(others)))
                lines = shapely.get_parts(edges)
                boxes = shapely.bounds(lines if len(lines) <= _MOST_LINES else edges)
                if edges.is_empty:
                    boxes = np.empty((0, 4))
                found = _Edges(Territory.of(edges, unit), boxes.reshape(-1, 4))
                self._open[key] = found
            return found

    def _polygons_of(self, unit: str, box: int) -> NDArray[np.object_]:
        """Return the polygons that a box was put together from."""
        polygons: NDArray[np.object_] = shapely.get_parts(self.shape(unit).geometry)
        if len(self._boxes_by_unit[unit]) == 1:
            return polygons
        boxes = self._cells[2]

        def cells(corner: NDArray[np.float64]) -> NDArray[np.float64]:
            cell: NDArray[np.float64] = np.floor((corner + np.array([180.0, 90.0])) / _CELL_DEG)
            return cell

        same = (cells(shapely.bounds(polygons)[:, :2]) == cells(boxes[box, :2])).all(axis=1)
        found: NDArray[np.object_] = polygons[same]
        return found

    def _near(self, units: Sequence[str]) -> Callable[[NDArray[np.float64]], NDArray[np.bool_]]:
        def near(points: NDArray[np.float64]) -> NDArray[np.bool_]:
            found = np.zeros(len(points), dtype=np.bool_)
            for unit in units:
                parts = shapely.get_parts(self.shape(unit).geometry)
                west, south, east, north = (shapely.bounds(parts).T + _WIDER_DEG)[..., None]
                lon, lat = points.T
                box = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
                part, point = np.nonzero(box & ~found)
                hit = shapely.dwithin(parts[part], shapely.points(points[point]), _SAME_LINE_DEG)
                found[point[hit]] = True
            return found

        return near

    # -- lines -----------------------------------------------------------------------

    @cached_property
    def _lines(self) -> tuple[list[tuple[str, str]], list[str], NDArray[np.object_]]:
        rows = self._rows("SELECT unit_a, unit_b, kind, geom FROM borders ORDER BY fid")
        pairs = [(str(row[0]), str(row[1])) for row in rows]
        return pairs, [str(row[2]) for row in rows], geometries(row[3] for row in rows)

    @cached_property
    def _neighbours(self) -> Mapping[str, Mapping[str, list[int]]]:
        """The units with a common land border with each unit, and the rows of its lines."""
        found: dict[str, dict[str, list[int]]] = {}
        pairs, kinds, _ = self._lines
        for row, (a, b) in enumerate(pairs):
            if kinds[row] == "land":
                for one, other in ((a, b), (b, a)):
                    found.setdefault(one, {}).setdefault(other, []).append(row)
        return found

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._lines[2])

    def borders_at(self, lon: float, lat: float) -> list[tuple[str, str]]:
        """Return the pairs of units whose common land border passes within 100 m."""
        return self._borders_near(lon, lat, _ON_BORDER_M)

    def _borders_near(self, lon: float, lat: float, radius_m: float) -> list[tuple[str, str]]:
        high = radius_m / _METRES_PER_DEGREE
        wide = min(high / max(math.cos(math.radians(lat)), 1e-3), 1.0)
        box = shapely.box(lon - wide, lat - high, lon + wide, lat + high)
        pairs, kinds, _ = self._lines
        found = self._tree.query(box, predicate="intersects")
        return sorted({pairs[i] for i in found.tolist() if kinds[i] == "land"})

    def border_line(
        self,
        units_a: Iterable[str],
        units_b: Iterable[str],
        *,
        kinds: Collection[str] = ("land", "sea"),
    ) -> Territory:
        """Return the common border of two sets of units, as lines.

        Parameters
        ----------
        units_a, units_b : iterable of str
        kinds : collection of str
            ``land``, and ``sea`` for agreed lines between two states at sea.
        """
        first, second = frozenset(units_a), frozenset(units_b)
        return self._selected(
            lambda a, b: (a in first and b in second) or (a in second and b in first), kinds
        )

    def outer_border(
        self, units: Iterable[str], *, kinds: Collection[str] = ("land", "sea")
    ) -> Territory:
        """Return the borders of a set of units with all that is outside, as lines; no coasts.

        `kinds` are those of `border_line`.
        """
        inner = frozenset(units)
        return self._selected(lambda a, b: (a in inner) != (b in inner), kinds)

    def _selected(self, wanted: Callable[[str, str], bool], kinds: Collection[str]) -> Territory:
        pairs, kind, lines = self._lines
        shapes = tuple(
            Shape.of(lines[i], f"{a}–{b}")
            for i, (a, b) in enumerate(pairs)
            if kind[i] in kinds and wanted(a, b)
        )
        return Territory(name="border", shapes=shapes)

    # -- error and seas --------------------------------------------------------------

    @cached_property
    def accuracy(self) -> Accuracy:
        """The stated positional errors."""
        return Accuracy.read(self.folder, self.level)

    def error_m(self, lon: float, lat: float, units: Iterable[str] | None = None) -> float:
        """Return the stated 95 % error of the boundary near a witness, in metres.

        Parameters
        ----------
        lon, lat : float
            A point of a boundary.
        units : iterable of str, optional
            The units whose boundary it is; other borders that pass there do not count.
        """
        pairs = self.borders_at(lon, lat)
        if units is not None:
            mine = frozenset(units)
            pairs = [pair for pair in pairs if not mine.isdisjoint(pair)]
        if not pairs:
            return self.accuracy.coast_error_m(lon, lat)
        return max(
            self.accuracy.border_error_m((a, b), (self._sovereign(a), self._sovereign(b)))
            for a, b in pairs
        )

    def _sovereign(self, unit: str) -> str:
        return self.units[unit].sovereign if unit in self.units else unit

    @cached_property
    def seas(self) -> Seas:
        """The named seas; the same at every level."""
        return Seas(self.folder)


def _as_signed(found: Nearest, unit: str) -> Signed:
    return Signed(float(found.distance_m), float(found.lon), float(found.lat), unit)


@lru_cache(maxsize=len(LEVELS))
def borders(level: str = DEFAULT_LEVEL) -> Borders:
    """Return the borders that ship with the library, opened once per level.

    Raises
    ------
    UnknownNameError
        If there is no such level.
    BoundaryError
        If the data are missing or damaged.

    Examples
    --------
    >>> borders("ne10").level
    'ne10'
    >>> borders("ne50")
    Traceback (most recent call last):
    ...
    deploygeo.errors.UnknownNameError: unknown level 'ne50'; did you mean 'ne10'? ...
    """
    if level not in LEVELS:
        raise UnknownNameError("level", level, LEVELS)
    return Borders(data_folder(), level)
