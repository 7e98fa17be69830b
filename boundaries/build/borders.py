"""Find the common land borders of units, and the waters that closing lines shut off."""

import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiLineString, Point, Polygon
from shapely.ops import nearest_points

from .natural_earth import on_grid

__all__ = ["common_borders", "internal_waters"]

_LINES = Path(__file__).resolve().parent.parent / "closing_lines.toml"
_SCALE = 100_000  # the grid of 1e-5 degree as integers


def common_borders(
    units: dict[str, list[Polygon]],
) -> list[tuple[MultiLineString, tuple[str, str, str]]]:
    """Return (line, (unit_a, unit_b, kind)) for every pair of units that share a border.

    Borders are the edges that two units have in common, vertex for vertex; the edges along the
    180th meridian are no border. Agreed lines at sea come from closing_lines.toml.
    """
    names = sorted(units)
    starts, ends, owners = [], [], []
    for number, name in enumerate(names):
        for part in units[name]:
            for ring in (part.exterior, *part.interiors):
                c = np.rint(np.asarray(ring.coords) * _SCALE).astype(np.int64)
                starts.append(c[:-1])
                ends.append(c[1:])
                owners.append(np.full(len(c) - 1, number))
    a, b, owner = np.vstack(starts), np.vstack(ends), np.concatenate(owners)
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    a[swap], b[swap] = b[swap], a[swap].copy()
    order = np.lexsort((owner, b[:, 1], b[:, 0], a[:, 1], a[:, 0]))
    a, b, owner = a[order], b[order], owner[order]
    same = (a[1:] == a[:-1]).all(1) & (b[1:] == b[:-1]).all(1) & (owner[1:] != owner[:-1])
    same &= ~((np.abs(a[1:, 0]) == 180 * _SCALE) & (a[1:, 0] == b[1:, 0]))
    edges: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for i in np.flatnonzero(same):
        pair = sorted((names[owner[i]], names[owner[i + 1]]))
        edges[pair[0], pair[1]].append((a[i] / _SCALE, b[i] / _SCALE))
    rows = []
    for (first, second), pieces in sorted(edges.items()):
        merged = shapely.line_merge(MultiLineString(pieces))
        rows.append((_multi(merged), (first, second, "land")))
    for line in tomllib.loads(_LINES.read_text())["sea_border"]:
        first, second = sorted(line["units"])
        rows.append((MultiLineString([line["points"]]), (first, second, "sea")))
    return rows


def _multi(line: Any) -> MultiLineString:
    return line if line.geom_type == "MultiLineString" else MultiLineString([line])


def internal_waters(
    units: dict[str, list[Polygon]],
) -> list[tuple[Polygon, tuple[str, str]]]:
    """Return (polygon, (unit, name)) for what every sourced closing line encloses.

    The polygon is the frame of the table less the land; its seaward edge is the closing line
    between the nearest land to the two capes named.
    """
    rows = []
    for line in tomllib.loads(_LINES.read_text())["closing_line"]:
        frame = Polygon(line["points"] + line["landward"])
        parts = [p for group in units.values() for p in group if p.intersects(frame)]
        land = shapely.union_all(parts)
        own = shapely.union_all([p for p in units[line["unit"]] if p.intersects(frame)])
        ends = [nearest_points(own, Point(p))[0] for p in line["points"]]
        inland = [Point(p) for p in line["points"]]
        # From the land's edge at each cape the frame goes back to the tabulated point, inland.
        outline = [ends[0], ends[-1], inland[-1], *map(Point, line["landward"]), inland[0]]
        water = shapely.difference(Polygon(outline).buffer(0), land)
        largest = max(shapely.get_parts(water), key=lambda p: p.area)
        rows += [(p, (line["unit"], line["name"])) for p in on_grid(largest)]
    return rows
