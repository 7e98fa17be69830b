"""Replace the coast of Natural Earth by the World Vector Shoreline, unit by unit.

Every shoreline polygon is given away whole or in pieces, and always to the *nearest* unit. Nothing
is ever made by taking one unit away from another: the strips that such a difference leaves along
a coast fall to the wrong side (Crimean capes to Russia, 100 km of error in the distances).
"""

import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import LineString, Point, Polygon, box

from . import shoreline
from .atoms import Units
from .natural_earth import GRID, on_grid

__all__ = ["compose"]

_OVERRIDES = Path(__file__).resolve().parent.parent / "overrides.toml"
_RADIUS_M = 6_371_000.0
# Spacing of the points that stand for the coast of a unit when the nearest is looked up.
_STEP_M = 1_000.0
# A strip of coast that several units come near is halved until one is nearest throughout, or
# until it is this small (0.01 degree: 1.1 km, the spacing above).
_SMALLEST = 0.01
# An override moves what lies within about 1 km of its point, and never a mainland.
_OVERRIDE_REACH = 0.01
_ISLAND = 0.1  # square degrees: 1000 km2 at the equator, 600 at 60 N
_LONE_M = 2_000.0
_KEPT_FROM_NATURAL_EARTH = ("ATA",)  # Antarctica does not close in the shoreline


def _unit_vectors(lonlat: np.ndarray) -> np.ndarray:
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _dense(polygons: list[Polygon], step_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return points at most ``step_m`` apart on the rings, and the polygon each belongs to."""
    rings = [r for p in polygons for r in (p.exterior, *p.interiors)]
    owner_of_ring = np.repeat(np.arange(len(polygons)), [1 + len(p.interiors) for p in polygons])
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    start, end, ring = xy[:-1][inner], xy[1:][inner], ring[:-1][inner]
    # Planar lengths overstate those east-west: more points than needed, never fewer.
    length = np.hypot(*(end - start).T) * 111_195.0
    count = np.maximum(1, np.ceil(length / step_m).astype(int))
    which = np.repeat(np.arange(len(count)), count)
    fraction = (np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)) / count[which]
    points = start[which] + fraction[:, None] * (end - start)[which]
    return points, owner_of_ring[ring[which]]


class _Nearest:
    """Looks up the unit whose Natural Earth outline is nearest."""

    def __init__(self, parts: list[Polygon], owners: np.ndarray) -> None:
        points, part = _dense(parts, _STEP_M)
        self._owner = owners[part]
        self._tree = cKDTree(_unit_vectors(points))

    def __call__(self, lonlat: np.ndarray) -> np.ndarray:
        return self._owner[self._tree.query(_unit_vectors(lonlat))[1]]


def compose(units: Units) -> tuple[Units, list[tuple[LineString, tuple[str]]]]:
    """Return the units with their shoreline, and the collapsed islets far from other land."""
    rules = tomllib.loads(_OVERRIDES.read_text())
    land, stubs = shoreline.polygons_and_stubs()
    frames = [box(*r["box"]) for r in rules["natural_earth"]]
    land = [p for p in land if not any(f.contains(p) for f in frames)]

    names = sorted(units)
    parts = [p for n in names for p in units[n]]
    owners = np.repeat(np.arange(len(names)), [len(units[n]) for n in names])
    skipped = {names.index(n) for n in _KEPT_FROM_NATURAL_EARTH}
    nearest = _Nearest(parts, owners)
    pieces: dict[int, list[Polygon]] = defaultdict(list)

    forced, unmet = _forced(land, rules["owner"], names)
    touched = _touched(land, parts)
    met_parts: set[int] = set()
    alone = []
    for number, polygon in enumerate(land):
        near = [i for i in touched.get(number, []) if owners[i] not in skipped]
        met_parts.update(near)
        met = {int(owners[i]) for i in near}
        if number in forced:
            pieces[forced[number]].append(polygon)
        elif len(met) == 1:
            pieces[met.pop()].append(polygon)
        elif met:
            _share(polygon, near, parts, owners, nearest, pieces)
        else:
            alone.append(number)
    middles = shapely.get_coordinates(shapely.point_on_surface([land[i] for i in alone]))
    for number, owner in zip(alone, nearest(middles), strict=True):
        pieces[int(owner)].append(land[number])
    for i, part in enumerate(parts):
        if i not in met_parts:  # Natural Earth has land that the shoreline lacks
            pieces[int(owners[i])].append(part)

    result = {names[n]: _merged(group) for n, group in sorted(pieces.items())}
    missing = set(names) - set(result)
    if missing:
        raise ValueError(f"units without land: {', '.join(sorted(missing))}")
    for place, unit in unmet:
        _move(result, place, unit)
    return result, _islets(stubs, result)


def _touched(land: list[Polygon], parts: list[Polygon]) -> dict[int, list[int]]:
    shapes, others = np.array(land), np.array(parts)
    shapely.prepare(shapes)
    a, b = shapely.STRtree(others).query(shapes)
    # Only the first argument's preparation is used: put the polygon of more vertices there.
    shapely.prepare(others)
    land_first = shapely.get_num_coordinates(shapes)[a] >= shapely.get_num_coordinates(others)[b]
    meets = np.empty(len(a), bool)
    meets[land_first] = shapely.intersects(shapes[a[land_first]], others[b[land_first]])
    meets[~land_first] = shapely.intersects(others[b[~land_first]], shapes[a[~land_first]])
    out: dict[int, list[int]] = defaultdict(list)
    for i, j in zip(a[meets].tolist(), b[meets].tolist(), strict=True):
        out[i].append(j)
    return out


def _forced(
    land: list[Polygon], rules: list[Any], names: list[str]
) -> tuple[dict[int, int], list[tuple[Point, str]]]:
    """Return polygon number -> unit number for the override table, and what met no island."""
    tree = shapely.STRtree(land)
    forced: dict[int, int] = {}
    unmet = []
    for rule in rules:
        for corners in rule.get("boxes", []):
            for found in tree.query(box(*corners), predicate="contains"):
                forced[int(found)] = names.index(rule["unit"])
        for place in rule.get("points", []):
            point = Point(place)
            found = int(tree.nearest(point))
            if land[found].distance(point) <= _OVERRIDE_REACH and land[found].area < _ISLAND:
                forced[found] = names.index(rule["unit"])
            else:
                unmet.append((point, rule["unit"]))
    return forced, unmet


def _move(units: Units, place: Point, unit: str) -> None:
    """Give the scrap of coast at a point to a unit: strips are islands only once divided."""
    everything = [(name, p) for name, parts in units.items() for p in parts]
    name, found = everything[int(shapely.STRtree([p for _, p in everything]).nearest(place))]
    if name == unit:
        return
    if found.distance(place) > _OVERRIDE_REACH or found.area > _ISLAND:
        raise ValueError(f"the override {place.wkt} of {unit} meets neither island nor scrap")
    units[name] = [p for p in units[name] if p is not found]
    units[unit] = _merged([*units[unit], found])


def _share(
    polygon: Polygon,
    near: list[int],
    parts: list[Polygon],
    owners: np.ndarray,
    nearest: _Nearest,
    pieces: dict[int, list[Polygon]],
) -> None:
    """Divide a shoreline polygon: inside Natural Earth by its borders, outside by nearness."""
    shapely.prepare(polygon)
    for i in near:
        part = parts[i]
        inside = part
        if not shapely.contains(polygon, part):
            west, south, east, north = part.bounds
            frame = box(west - 0.1, south - 0.1, east + 0.1, north + 0.1)
            local = shapely.intersection(polygon, frame)
            inside = shapely.intersection(part, local, grid_size=GRID)
        pieces[int(owners[i])] += on_grid(inside)
    known = shapely.union_all([parts[i] for i in near], grid_size=GRID)
    rest = shapely.get_parts(shapely.difference(polygon, known, grid_size=GRID))
    rest = np.array([p for p in rest if p.geom_type == "Polygon" and p.area > 0])
    if not len(rest):
        return
    # What does not reach the shoreline is water that Natural Earth leaves out: the Caspian.
    edge = shapely.STRtree(shapely.get_parts(_edges(polygon)))
    at_sea = np.unique(edge.query(rest, predicate="dwithin", distance=2 * GRID)[0])
    for strip in rest[at_sea]:
        _allot(strip, nearest, pieces)


def _edges(polygon: Polygon) -> Any:
    c = np.asarray(polygon.exterior.coords)
    # Short runs of the ring, so that the tree can find the few near a strip.
    runs = [LineString(c[i : i + 33]) for i in range(0, len(c) - 1, 32)]
    return shapely.multilinestrings([runs])[0]


def _allot(strip: Polygon, nearest: _Nearest, pieces: dict[int, list[Polygon]]) -> None:
    """Give a strip to the nearest unit, halving it where several are near."""
    todo = [strip]
    while todo:
        piece = todo.pop()
        found = np.unique(nearest(_dense([piece], _STEP_M)[0]))
        west, south, east, north = piece.bounds
        if len(found) == 1:
            pieces[int(found[0])].append(piece)
        elif max(east - west, north - south) <= _SMALLEST:
            middle = shapely.get_coordinates(piece.representative_point())
            pieces[int(nearest(middle)[0])].append(piece)
        else:
            if east - west >= north - south:
                cut = round((west + east) / 2, 5)
                halves = (box(west, south, cut, north), box(cut, south, east, north))
            else:
                cut = round((south + north) / 2, 5)
                halves = (box(west, south, east, cut), box(west, cut, east, north))
            for half in halves:
                todo += on_grid(shapely.intersection(piece, half, grid_size=GRID))


def _merged(group: list[Polygon]) -> list[Polygon]:
    """Join the pieces that touch; leave islands alone (faster, and their vertices stay)."""
    shapes = np.array(group)
    a, b = shapely.STRtree(shapes).query(shapes)
    busy = np.unique(a[a != b])
    lone = np.delete(np.arange(len(shapes)), busy)
    joined = on_grid(shapely.union_all(shapes[busy], grid_size=GRID)) if len(busy) else []
    whole = [q for p in shapes[lone] for q in on_grid(p)] + joined
    return sorted(whole, key=lambda p: (-round(p.area, 9), p.bounds))


def _islets(stubs: list[LineString], units: Units) -> list[tuple[LineString, tuple[str]]]:
    names = sorted(units)
    polygons = [p for n in names for p in units[n]]
    owner = np.repeat(np.arange(len(names)), [len(units[n]) for n in names])
    points, polygon = _dense(polygons, 400.0)
    tree = cKDTree(_unit_vectors(points))
    middles = np.array([s.centroid.coords[0] for s in stubs])
    chord, at = tree.query(_unit_vectors(middles))
    far = np.flatnonzero(chord * _RADIUS_M > _LONE_M)
    rows = [(stubs[i], (names[owner[polygon[at[i]]]],)) for i in far]
    return sorted(rows, key=lambda row: (row[1], row[0].bounds))
