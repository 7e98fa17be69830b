"""How deep a place lies inside a set of units, or how far outside."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo.boundaries.boxes import Boxes
from deploygeo.boundaries.land import CELL_DEG, KEPT_DISTANCES
from deploygeo.boundaries.lines import METRES_PER_DEGREE, ON_BORDER_M, Lines
from deploygeo.boundaries.outline import open_boundary
from deploygeo.geodesy import Nearest, Territory, nearest, nearest_edge

__all__ = ["Depths", "Signed"]

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
    boxes: Boxes


class Depths(Lines):
    """Land and borders, with signed distances to unions of units."""

    def __init__(self, folder: Path, level: str) -> None:
        super().__init__(folder, level)
        self._open: dict[tuple[int, frozenset[str], bool], _Edges] = {}
        self._wet: dict[str, NDArray[np.object_]] = {}
        self._signed = lru_cache(KEPT_DISTANCES)(self._signed_now)

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
        mine, boxes = self._boxes_by_unit[unit]
        bounds = boxes.bound_m(lon, lat)
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
            least = edges.boxes.bound_m(lon, lat).min(initial=math.inf)
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
        return bool((shapely.distance(waters, points) < ON_BORDER_M / METRES_PER_DEGREE).any())

    def _open_boundary(
        self, unit: str, box: int, others: frozenset[str], *, merged: bool
    ) -> _Edges:
        """Return the edges of the polygons of a box that no neighbour named shares; kept.

        With `merged` the internal waters of the unit are part of the polygons they touch, which
        are those of every box: else a coast of the waters in another box would be a way out.
        """
        key = (box, others, merged)
        with self._lock:
            found = self._open.get(key)
            if found is None:
                polygons = self._polygons_of(unit, box)
                if merged:
                    waters = self._kept("internal_waters", unit).geometry
                    dry = ~shapely.intersects(polygons, waters)
                    polygons = np.append(polygons[dry], self._with_its_waters(unit))
                rows = [row for name in sorted(others) for row in self._neighbours[unit][name]]
                edges = open_boundary(polygons, self._lines[2][rows], self._near(sorted(others)))
                lines = shapely.get_parts(edges)
                boxes = shapely.bounds(lines if len(lines) <= _MOST_LINES else edges)
                if edges.is_empty:
                    boxes = np.empty((0, 4))
                found = _Edges(Territory.of(edges, unit), Boxes.of(boxes))
                self._open[key] = found
            return found

    def _with_its_waters(self, unit: str) -> NDArray[np.object_]:
        """Return the internal waters of a unit as one with the land they touch; kept."""
        if unit not in self._wet:
            waters = self._kept("internal_waters", unit).geometry
            land = shapely.get_parts(self.shape(unit).geometry)
            touched = land[shapely.intersects(land, waters)]
            self._wet[unit] = shapely.get_parts(shapely.union_all([*touched, waters]))
        return self._wet[unit]

    def _polygons_of(self, unit: str, box: int) -> NDArray[np.object_]:
        """Return the polygons that a box was put together from."""
        polygons: NDArray[np.object_] = shapely.get_parts(self.shape(unit).geometry)
        if len(self._boxes_by_unit[unit][0]) == 1:
            return polygons
        boxes = self._cells[2]

        def cells(corner: NDArray[np.float64]) -> NDArray[np.float64]:
            cell: NDArray[np.float64] = np.floor((corner + np.array([180.0, 90.0])) / CELL_DEG)
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


def _as_signed(found: Nearest, unit: str) -> Signed:
    return Signed(float(found.distance_m), float(found.lon), float(found.lat), unit)
