"""The named seas."""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely

from deploygeo.boundaries.boxes import Boxes
from deploygeo.boundaries.files import connect, geometries, read_toml
from deploygeo.errors import BoundaryError, UnknownNameError
from deploygeo.geodesy import Shape, Territory, distance_m

__all__ = ["Sea", "Seas"]

# The coast of the seas is generalised: 0.7-2.9 % of the points at sea lie in no polygon,
# 95 % of these within 0.2 degrees of one and the rest within 0.47. 60 km
# are 0.54 degrees of latitude.
_FALLBACK_M = 60_000.0


@dataclass(frozen=True, slots=True)
class Sea:
    """The sea at a point.

    Parameters
    ----------
    name : str
        Of the polygon; may be empty, since a few have no name.
    groups : tuple of str
        The groups that it belongs to ("Baltic Sea" for the Gulf of Finland), sorted.
    gap_m : float
        Zero inside the polygon; else the distance to it: the point lies in none, and this
        is the nearest.
    """

    name: str
    groups: tuple[str, ...] = ()
    gap_m: float = 0.0

    @property
    def is_fallback(self) -> bool:
        """Whether the point lies in no sea polygon, and this is the nearest one."""
        return self.gap_m > 0.0

    @property
    def title(self) -> str:
        """The name to print: the polygon's own, else that of its first group, else "the sea"."""
        return self.name or (self.groups[0] if self.groups else "the sea")


class Seas:
    """The sea polygons and their groups.

    Parameters
    ----------
    folder : Path
        The folder of the border data.
    """

    def __init__(self, folder: Path) -> None:
        self._database = connect(folder / "seas.gpkg")
        weakref.finalize(self, self._database.close)
        self._lock = threading.RLock()
        rows = self._database.execute(
            "SELECT fid, name, min_lon, min_lat, max_lon, max_lat FROM seas ORDER BY fid"
        ).fetchall()
        if not rows:
            raise BoundaryError("seas.gpkg has no sea; install deploygeo again")
        self._fids = [int(row[0]) for row in rows]
        self._names = [str(row[1] or "") for row in rows]
        self._boxes = Boxes.of([row[2:] for row in rows])
        self._polygons: dict[int, shapely.Polygon] = {}
        self._shapes: dict[int, Shape] = {}
        self._groups: dict[str, tuple[str, ...]] = {
            name: tuple(group["polygons"])
            for name, group in read_toml(folder / "seas.toml").get("sea", {}).items()
        }
        self._groups_of: dict[str, tuple[str, ...]] = {}
        for polygon in set(self._names):
            groups = (name for name, members in self._groups.items() if polygon in members)
            self._groups_of[polygon] = tuple(sorted(groups))
        self._at = lru_cache(4096)(self._at_now)

    def names(self) -> tuple[str, ...]:
        """Return the names of the polygons and of the groups, sorted."""
        return tuple(sorted({name for name in self._names if name} | set(self._groups)))

    def territory(self, name: str) -> Territory:
        """Return a sea, or a group of seas, as a territory.

        Raises
        ------
        UnknownNameError
            If neither a polygon nor a group has that name.
        """
        members = self._groups.get(name, (name,))
        found = [i for i, own in enumerate(self._names) if own and own in members]
        if not found:
            raise UnknownNameError("sea", name, self.names())
        return Territory(name=name, shapes=tuple(self._shape(i) for i in found))

    def at(self, lon: float, lat: float) -> Sea | None:
        """Return the sea at a point, or the nearest within 60 km, or None."""
        return self._at(float(lon), float(lat))

    def _at_now(self, lon: float, lat: float) -> Sea | None:
        bounds = self._boxes.bound_m(lon, lat)
        order = [int(i) for i in np.argsort(bounds, kind="stable") if bounds[i] <= _FALLBACK_M]
        point = shapely.Point(lon, lat)
        # Membership is planar: the edges of a sea may be thousands of kilometres long and
        # are straight in longitude and latitude.
        for i in order:
            if bounds[i] == 0.0 and shapely.intersects(self._polygon(i), point):
                return Sea(self._names[i], self._groups_of[self._names[i]])
        best, gap_m = None, _FALLBACK_M
        for i in order:
            if bounds[i] >= gap_m:
                break
            found = float(distance_m(lon, lat, Territory(name="", shapes=(self._shape(i),))))
            if found < gap_m:
                best, gap_m = i, found
        if best is None:
            return None
        return Sea(self._names[best], self._groups_of[self._names[best]], gap_m)

    def _polygon(self, i: int) -> shapely.Polygon:
        with self._lock:
            if i not in self._polygons:
                rows = self._database.execute(
                    "SELECT geom FROM seas WHERE fid = ?", (self._fids[i],)
                ).fetchall()
                polygon = geometries(row[0] for row in rows)[0]
                shapely.prepare(polygon)
                self._polygons[i] = polygon
            return self._polygons[i]

    def _shape(self, i: int) -> Shape:
        with self._lock:
            if i not in self._shapes:
                self._shapes[i] = Shape.of(self._polygon(i), self._names[i])
            return self._shapes[i]
