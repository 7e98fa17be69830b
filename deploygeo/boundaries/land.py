"""The land of every unit at one level of detail, read on demand and kept.

Opening reads the boxes of the polygons only; the polygons of a unit are read and
compiled for measuring when something asks for that unit.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo.boundaries.boxes import Boxes, in_metres
from deploygeo.boundaries.files import connect, geometries, polygons_of
from deploygeo.boundaries.tables import Tables, Unit, tables
from deploygeo.errors import BoundaryError, UnknownNameError
from deploygeo.geodesy import Nearest, Shape, Territory, nearest

__all__ = ["CELL_DEG", "KEPT_DISTANCES", "LEVELS", "Land"]

#: The levels of detail of the border data.
LEVELS = ("hybrid", "ne10")

# Polygons are put together by the cell of this size in which their box starts (so are the rows
# of land_boxes), so that a bound looks at some 700 boxes and not at 74 000.
CELL_DEG = 10

# Distances kept per level. One is about 0.5 kB, so the whole is below 35 MB.
KEPT_DISTANCES = 65_536

# Bounds kept per level: of the last points asked, one number per unit, about 20 kB a point.
_KEPT_BOUNDS = 1_024


class Land:
    """The polygons of the units, where they may be near, and distances to single units.

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
    """

    def __init__(self, folder: Path, level: str) -> None:
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
        self._under = lru_cache(KEPT_DISTANCES)(self._under_now)
        self._nearest = lru_cache(KEPT_DISTANCES)(self._nearest_now)

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

    def polygons(self, units: Iterable[str]) -> NDArray[np.object_]:
        """Return the land polygons of several units, as the data hold them; none are kept."""
        query = "SELECT geom FROM land WHERE unit = ? ORDER BY fid"
        return geometries(row[0] for unit in units for row in self._rows(query, unit))

    def waters(self, units: Iterable[str], name: str = "") -> Territory:
        """Return the internal waters that the data give for several units."""
        shapes = (self._kept("internal_waters", u) for u in units if u in self.with_waters)
        return Territory(name=name, shapes=tuple(shapes))

    def _kept(self, layer: str, unit: str) -> Shape:
        with self._lock:
            shape = self._shapes.get((layer, unit))
            if shape is None:
                # `layer` is one of two literals of this module, never text from outside.
                query = f"SELECT geom FROM {layer} WHERE unit = ? ORDER BY fid"  # noqa: S608
                shape = Shape.of(polygons_of(row[0] for row in self._rows(query, unit)), unit)
                self._shapes[layer, unit] = shape
            return shape

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
            "SELECT unit, min_lon, min_lat, max_lon, max_lat FROM land_boxes ORDER BY fid"
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
    def _boxes_by_unit(self) -> Mapping[str, tuple[NDArray[np.intp], Boxes]]:
        """The boxes of the land of each unit, and their rows among all."""
        ids, owner, limits = self._cells
        waters = self._rows("SELECT count(*) FROM internal_waters")[0][0]
        of_land = owner[: len(owner) - int(waters)]
        rows = (np.flatnonzero(of_land == i) for i in range(len(ids)))
        return {unit: (mine, Boxes.of(limits[mine])) for unit, mine in zip(ids, rows, strict=True)}

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
        ids, owner, limits = self._cells
        by_owner = np.argsort(owner, kind="stable")
        boxes = Boxes.of(limits[by_owner])
        starts = np.searchsorted(owner[by_owner], np.arange(len(ids)))

        @lru_cache(_KEPT_BOUNDS)
        def bounds(lon: float, lat: float) -> Mapping[str, float]:
            least = in_metres(np.minimum.reduceat(boxes.haversines(lon, lat), starts))
            order = np.argsort(least, kind="stable")  # of ties the first by name
            return dict(zip([ids[i] for i in order], least[order].tolist(), strict=True))

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
        return self._nearest(unit, float(lon), float(lat))

    def _nearest_now(self, unit: str, lon: float, lat: float) -> Nearest:
        if self._under(lon, lat) == unit:
            return Nearest(0.0, lon, lat, unit, -1, inside=True)
        return nearest(lon, lat, self.territory((unit,), unit))

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
