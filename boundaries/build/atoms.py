"""Cut the features of Natural Earth into units that no worldview needs to cut further."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from . import natural_earth
from .natural_earth import GRID, on_grid

__all__ = ["Units", "area_km2", "build"]

Units = dict[str, list[Polygon]]

_GEOD = Geod(ellps="WGS84")
_CUTS = Path(__file__).resolve().parent.parent / "cuts.toml"
# Claim lines stop up to 0.02 degree (2 km) short of the border they are meant to meet.
_REACH = 0.02
_AREA_TOLERANCE = 0.30


def area_km2(polygons: Sequence[Polygon]) -> float:
    """Return the geodesic area."""
    return sum(abs(_GEOD.geometry_area_perimeter(p)[0]) for p in polygons) / 1e6


def build() -> Units:
    """Return the polygons of every unit, free of overlap, sharing the vertices of borders."""
    rules = tomllib.loads(_CUTS.read_text())
    units: Units = {}
    for country in natural_earth.countries():
        unit = rules["features"].get(country.name) or country.iso3
        if unit is None:
            raise ValueError(f"no unit for the feature {country.name!r}; add it to cuts.toml")
        units.setdefault(unit, []).extend(country.parts)
    for rule in rules["split"]:
        _split(units, rule)
    for rule in rules["cut"]:
        _cut(units, rule)
    _oblasts(units, rules["oblasts"])
    # A lease or a merged feature leaves an inner line behind: dissolve what needs it.
    for unit in ("KAZ", "BRA"):
        units[unit] = on_grid(shapely.union_all(units[unit], grid_size=GRID))
    return {unit: _ordered(parts) for unit, parts in sorted(units.items())}


def _ordered(parts: Sequence[Polygon]) -> list[Polygon]:
    # Largest first, then by place: an order that does not hang on the steps above.
    return sorted(parts, key=lambda p: (-round(p.area, 9), p.bounds))


def _split(units: Units, rule: dict[str, Any]) -> None:
    frames = [box(*b) for b in rule["boxes"]]
    inside = [any(f.contains(p) for f in frames) for p in units[rule["host"]]]
    taken = [p for p, hit in zip(units[rule["host"]], inside, strict=True) if hit]
    if not taken:
        raise ValueError(f"nothing of {rule['host']} lies in the boxes of {rule['unit']}")
    units[rule["host"]] = [p for p, hit in zip(units[rule["host"]], inside, strict=True) if not hit]
    units.setdefault(rule["unit"], []).extend(taken)


def _lengthened(line: LineString) -> LineString:
    c = np.asarray(line.coords)
    first = c[0] + (c[0] - c[1]) / np.hypot(*(c[0] - c[1])) * _REACH
    last = c[-1] + (c[-1] - c[-2]) / np.hypot(*(c[-1] - c[-2])) * _REACH
    return LineString(np.vstack([first, c, last]))


def _faces(host: Polygon, lines: Sequence[BaseGeometry]) -> list[Polygon]:
    """Return the faces of a polygon cut by lines, on the grid (which is what nodes the ends)."""
    noded = shapely.union_all([host.boundary, *lines], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))
    middle = shapely.point_on_surface(faces)
    within = shapely.contains(host, middle)
    return [p for f in faces[within] for p in on_grid(f)]


def _cut(units: Units, rule: dict[str, Any]) -> None:
    point = Point(rule["inside"])
    host = next(p for p in units[rule["host"]] if p.contains(point))
    if "view" in rule:
        lines: list[BaseGeometry] = [p.boundary for p in natural_earth.german_view(rule["view"])]
    else:
        open_lines = natural_earth.claim_lines(rule["lines"])
        joined = shapely.line_merge(shapely.union_all(open_lines, grid_size=GRID))
        lines = [g if g.is_closed else _lengthened(g) for g in shapely.get_parts(joined)]
    faces = _faces(host, lines)
    taken = [f for f in faces if f.contains(point)]
    if rule["unit"] == "western-sahara-west":
        # Where the two views draw the berm differently the faces are slivers: all that lies
        # outside the other view belongs to the cut.
        other = shapely.union_all(natural_earth.german_view(rule["view"]))
        taken = [f for f in faces if not other.contains(f.representative_point())]
    area = area_km2(taken)
    if not abs(area / rule["published_km2"] - 1) <= _AREA_TOLERANCE:
        raise ValueError(f"{rule['unit']}: {area:.0f} km2, published {rule['published_km2']}")
    kept = [f for f in faces if f not in taken]
    _replace(units, rule["host"], host, {rule["host"]: kept, rule["unit"]: taken})


def _oblasts(units: Units, rule: dict[str, Any]) -> None:
    """Split a host along generalised admin-1 outlines.

    The outlines keep a subset of the true vertices, so between them and the host's border lie
    slivers that end at every kept vertex; each goes to the oblast nearest to it.
    """
    outlines = natural_earth.admin1(rule["host"])
    wanted = {name: unit for unit, name in rule["units"].items()}
    names, shapes = list(outlines), list(outlines.values())
    tree = shapely.STRtree(shapes)
    area = shapely.union_all([outlines[name] for name in wanted])
    for host in [p for p in units[rule["host"]] if p.intersects(area)]:
        faces = _faces(host, [outlines[name].boundary for name in wanted])
        owners: dict[str, list[Polygon]] = {}
        for face in faces:
            nearest = names[tree.nearest(face.representative_point())]
            owners.setdefault(wanted.get(nearest, rule["host"]), []).append(face)
        merged = {
            unit: on_grid(shapely.union_all(group, grid_size=GRID))
            for unit, group in owners.items()
        }
        _replace(units, rule["host"], host, merged)


def _replace(units: Units, host: str, old: Polygon, new: dict[str, list[Polygon]]) -> None:
    """Put the pieces in the place of a polygon and give its neighbours the new border nodes."""
    units[host] = [p for p in units[host] if p is not old]
    before = set(map(tuple, shapely.get_coordinates(old)))
    pieces = [p for group in new.values() for p in group]
    fresh = {tuple(c) for c in shapely.get_coordinates(pieces)} - before
    on_border = [Point(c) for c in fresh if old.boundary.distance(Point(c)) < GRID]
    if on_border:
        for unit, parts in units.items():
            units[unit] = [_with_nodes(p, on_border) for p in parts]
    for unit, group in new.items():
        units.setdefault(unit, []).extend(group)


def _with_nodes(polygon: Polygon, nodes: Sequence[Point]) -> Polygon:
    min_x, min_y, max_x, max_y = polygon.bounds
    for node in nodes:
        if not (min_x - GRID < node.x < max_x + GRID and min_y - GRID < node.y < max_y + GRID):
            continue
        if polygon.boundary.distance(node) < 1.5 * GRID:
            rings = [_ring_with(r, node) for r in (polygon.exterior, *polygon.interiors)]
            changed = Polygon(rings[0], rings[1:])
            polygon = changed if changed.is_valid else polygon
    return polygon


def _ring_with(ring: BaseGeometry, node: Point) -> Any:
    c = np.asarray(ring.coords)
    p = np.array([node.x, node.y])
    if (np.abs(c - p).max(axis=1) < GRID / 2).any():
        return c
    a, b = c[:-1], c[1:]
    along = ((p - a) * (b - a)).sum(1) / np.maximum(((b - a) ** 2).sum(1), 1e-30)
    off = np.hypot(*(a + np.clip(along, 0, 1)[:, None] * (b - a) - p).T)
    at = int(off.argmin())
    return np.insert(c, at + 1, p, axis=0) if off[at] < 1.5 * GRID else c
