"""Decode the World Vector Shoreline and close it into polygons.

The file is a direct-access table of records. A bit map says which of the 64 800 one-degree cells
hold coast; the record of a cell starts a chain of records, each with a count or a pointer in its
last four bytes. Concatenated, a chain is a sequence of runs: a head with the number of points and
an absolute or relative start, then one signed byte pair (latitude, longitude) per point, in units
of an arc second.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from . import inputs
from .natural_earth import GRID, on_grid

__all__ = ["polygons_and_stubs"]

_CELLS = 64_800
_BIAS = 262_144  # relative starts are stored with this added
# Loose ends lie under 0.6 degree apart (60 in the world); a pair further apart is no gap.
_GAP = 0.6
# The cell that the file lacks on the coast of Mexico and Texas, bridged by a straight line.
_MISSING_CELL = ((-97.741, 25.0), (-97.145, 25.967))
# Where the mainland of Chukotka meets 180 degrees, both sides.
_CHUKOTKA = (
    ((180.0, 65.0336111111111), (180.0, 69.0), (179.9741666666667, 69.0)),
    ((-180.0, 65.0336111111111), (-180.0, 68.99361111111111)),
)
# South of this the file holds islets of an Antarctica that does not close.
_SOUTHERN_END = -60.0


def _chain(table: bytes, record: int, length: int) -> bytes:
    """Return the bytes of one cell, following the pointers."""
    out = bytearray()
    while True:
        row = table[(record - 1) * length : record * length]
        used = row[length - 4]
        if used:
            return bytes(out + row[: used - 1])
        out += row[: length - 4]
        record = int.from_bytes(row[length - 3 :], "big")


def _runs(chain: bytes, south: int, west: int) -> Iterator[list[np.ndarray]]:
    """Yield the lines of a chain as blocks of (lon, lat) in file units."""
    blocks: list[np.ndarray] = []
    at = latitude = longitude = 0
    while at + 6 <= len(chain):
        count = (chain[at] % 128) * 4 + chain[at + 1] // 64 + 1
        low_latitude = int.from_bytes(chain[at + 2 : at + 4], "big")
        low_longitude = int.from_bytes(chain[at + 4 : at + 6], "big")
        if chain[at] >= 128:  # goes on from the last point
            latitude += (chain[at + 1] % 64 // 8) * 65536 + low_latitude - _BIAS
            longitude += (chain[at + 1] % 8) * 65536 + low_longitude - _BIAS
        else:
            if blocks:
                yield blocks
            blocks = []
            latitude, longitude = south + low_latitude, west + low_longitude
        steps = np.frombuffer(chain[at + 6 : at + 4 + 2 * count], dtype=np.uint8)
        moves = steps.reshape(-1, 2).astype(np.int64) - 128
        start = np.array([[latitude, longitude]])
        line = np.vstack([start, start + np.cumsum(moves, axis=0)])
        latitude, longitude = (int(v) for v in line[-1])
        blocks.append(line[:, ::-1])
        at += 4 + 2 * count
    if blocks:
        yield blocks


def _lines() -> list[LineString]:
    table = inputs.content("wvs")
    length, per_degree = table[3], 3600 * table[5]
    offset = (_CELLS - 1) // (length * 8) + 2
    lines = []
    for cell in range(_CELLS):
        bit = cell + length * 8
        if not table[bit // 8] >> (7 - bit % 8) & 1:
            continue
        south, west = divmod(cell, 360)
        chain = _chain(table, cell + 1 + offset, length)
        for blocks in _runs(chain, south * per_degree, west * per_degree):
            points = np.vstack(blocks)
            if len(points) > 1:
                lines.append(LineString(points / per_degree - [180.0, 90.0]))
    return lines


def polygons_and_stubs() -> tuple[list[Polygon], list[LineString]]:
    """Return the land polygons without holes, none overlapping, and the collapsed islets."""
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings([_lines()])[0]))
    closed = shapely.is_closed(merged)
    islands, stubs = [], []
    for ring in merged[closed]:
        polygon = Polygon(ring)
        if polygon.area > 0:
            islands.append(polygon)
        else:
            ends = np.unique(np.asarray(ring.coords).round(5), axis=0)
            stubs.append(LineString([ends[0], ends[-1]]))
    mainland = [Polygon(f.exterior) for f in _closed_up(list(merged[~closed]))]
    gridded = [p for raw in islands + mainland for p in _wrapped(raw)]
    return _dissolved([p for p in gridded if p.bounds[3] > _SOUTHERN_END]), stubs


def _closed_up(lines: list[LineString]) -> list[Polygon]:
    """Join loose ends and polygonise what is not closed already."""
    # Overlapping cells hold some pieces twice.
    lines = list({shapely.normalize(line).wkb: line for line in lines}.values())
    ends = Counter(c for line in lines for c in (line.coords[0], line.coords[-1]))
    loose = [end for end, count in ends.items() if count % 2]
    here = np.array(loose)
    bridges = [LineString(points) for points in _CHUKOTKA]
    used: set[int] = set()
    mexico = [int(np.hypot(*(here - corner).T).argmin()) for corner in _MISSING_CELL]
    bridges.append(LineString(here[mexico]))
    used.update(mexico)
    gaps = []
    for i, j in combinations(range(len(loose)), 2):
        dx, dy = here[i] - here[j]
        gap = float(np.hypot(dx * np.cos(np.radians(here[i, 1])), dy))
        if gap < _GAP:
            gaps.append((gap, i, j))
    for _, i, j in sorted(gaps):
        if not {i, j} & used:
            used |= {i, j}
            bridges.append(LineString(here[[i, j]]))
    noded = shapely.union_all(lines + bridges, grid_size=GRID / 10)
    return list(shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded)))))


def _wrapped(polygon: BaseGeometry) -> list[Polygon]:
    """Return the polygon on the grid, with what lies beyond -180 moved round to +180."""
    valid = polygon if polygon.is_valid else shapely.make_valid(polygon)
    if polygon.bounds[0] >= -180.0:
        return on_grid(valid)
    kept = shapely.intersection(valid, box(-180, -90, 180, 90))
    beyond = shapely.intersection(valid, box(-540, -90, -180, 90))
    return on_grid(kept) + on_grid(shapely.transform(beyond, lambda xy: np.add(xy, (360.0, 0.0))))


def _dissolved(polygons: list[Polygon]) -> list[Polygon]:
    """Merge what overlaps or touches along an edge; fill holes, since no lake is in the file."""
    polygons = [p if not p.interiors else Polygon(p.exterior) for p in polygons]
    shapes = _larger_first(polygons)
    # Doubled and nested rings first: most of the overlaps, and cheap.
    a, b = _pairs(shapes)
    shapes = np.delete(shapes, np.unique(b[shapely.covers(shapes[a], shapes[b])]))
    a, b = _pairs(shapes)
    touching = shapely.intersects(shapes[a], shapes[b])
    a, b = a[touching], b[touching]
    parent = list(range(len(shapes)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for i, j in zip(a.tolist(), b.tolist(), strict=True):
        if root(i) != root(j):
            parent[root(j)] = root(i)
    groups: dict[int, list[Polygon]] = {}
    for i in range(len(shapes)):
        groups.setdefault(root(i), []).append(shapes[i])
    out: list[Polygon] = []
    for group in groups.values():
        if len(group) == 1:
            out += group
        else:
            merged = on_grid(shapely.union_all(group, grid_size=GRID))
            out += [Polygon(p.exterior) for p in merged]
    return out


def _larger_first(polygons: list[Polygon]) -> np.ndarray:
    shapes = np.array(sorted(polygons, key=lambda p: -len(p.exterior.coords)))
    shapely.prepare(shapes)
    return shapes


def _pairs(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs with meeting boxes, the one of more vertices (prepared, so fast) first."""
    a, b = shapely.STRtree(shapes).query(shapes)
    return a[a < b], b[a < b]
