"""How far east the land of units goes, as seen from each: for the readings of *eastward*."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely

from deploygeo.boundaries.files import geometries
from deploygeo.boundaries.land import Land

__all__ = ["Extents"]

# More units than there are.
_KEPT_UNITS = 512


class Extents(Land):
    """Land with its extent in longitude.

    Longitudes run from the middle of each unit: its land across the antimeridian from there is
    its far west, as the Aleutians are.
    """

    def __init__(self, folder: Path, level: str) -> None:
        super().__init__(folder, level)
        self._middle_lon = lru_cache(_KEPT_UNITS)(self._middle_lon_now)
        self._east_of = lru_cache(_KEPT_UNITS)(self._east_of_now)

    def easternmost(self, units: Iterable[str]) -> float:
        """Return the greatest longitude of the land of units; -inf for none."""
        return max(map(self._east_of, units), default=-math.inf)

    def easternmost_at(self, units: Iterable[str], lat: float) -> float:
        """Return the greatest longitude of the land of units on a parallel; -inf for none."""
        wanted = frozenset(units)
        met = []
        query = "SELECT unit, fid, min_lon, max_lon FROM land WHERE min_lat <= ? AND max_lat >= ?"
        for unit, fid, least, most in self._rows(query, lat, lat):
            if unit in wanted:
                turn = self._middle_lon(unit) + 180.0
                # land in a box that straddles the turn may end just before it
                end = most if most <= turn else turn if least <= turn else most - 360.0
                met.append((end, fid, turn))
        best = -math.inf
        for end, fid, turn in sorted(met, reverse=True):
            if end <= best:
                break
            rows = self._rows("SELECT geom FROM land WHERE fid = ?", fid)
            found = _eastern_end(geometries(row[0] for row in rows)[0], lat)
            best = max(best, found - 360.0 if found > turn else found)
        return best

    def largest(self, units: Iterable[str]) -> shapely.Polygon | None:
        """Return the polygon of the land of units with the largest area in square degrees."""
        query = (
            "SELECT (max_lon - min_lon) * (max_lat - min_lat), fid FROM land WHERE unit = ? "
            "ORDER BY 1 DESC, 2"
        )
        best, area = None, 0.0
        for unit in units:
            for box_area, fid in self._rows(query, unit):
                if box_area <= area:
                    break
                rows = self._rows("SELECT geom FROM land WHERE fid = ?", fid)
                polygon = geometries(row[0] for row in rows)[0]
                if polygon.area > area:
                    best, area = polygon, polygon.area
        return best

    def _middle_lon_now(self, unit: str) -> float:
        """Return the longitude of the middle of the box of the largest polygon of a unit."""
        rows = self._rows(
            "SELECT (min_lon + max_lon) / 2 FROM land WHERE unit = ? "
            "ORDER BY (max_lon - min_lon) * (max_lat - min_lat) DESC LIMIT 1",
            unit,
        )
        return float(rows[0][0]) if rows else 0.0

    def _east_of_now(self, unit: str) -> float:
        rows = self._rows(
            "SELECT max(max_lon - CASE WHEN max_lon > ? + 180 THEN 360 ELSE 0 END) "
            "FROM land WHERE unit = ?",
            self._middle_lon(unit),
            unit,
        )
        return -math.inf if rows[0][0] is None else float(rows[0][0])


def _eastern_end(polygon: shapely.Polygon, lat: float) -> float:
    """Return the greatest longitude at which a polygon meets a parallel; -inf for nowhere."""
    x, y = shapely.get_coordinates(polygon.exterior).T
    cut = np.flatnonzero((np.minimum(y[:-1], y[1:]) <= lat) & (np.maximum(y[:-1], y[1:]) >= lat))
    if not len(cut):
        return -math.inf
    rise = y[cut + 1] - y[cut]
    # an edge along the parallel counts with its eastern vertex, which begins or ends it
    part = np.where(rise == 0.0, 0.0, (lat - y[cut]) / np.where(rise == 0.0, 1.0, rise))
    return float((x[cut] + part * (x[cut + 1] - x[cut])).max())
