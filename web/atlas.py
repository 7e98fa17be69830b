"""Make the borders of the page's map: ``python web/atlas.py``, or ``--check``.

The land of every unit at the level ``ne10``, cut into arcs that neighbours share, so that a
border stays one line when it is simplified. Pure Python and NumPy: the same bytes on every
machine. The verdicts never see this file; they rest on the full data.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from heapq import heapify, heappop, heappush
from itertools import pairwise
from pathlib import Path

import shapely

from deploygeo import boundaries

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "deploygeo" / "report" / "page" / "atlas.json"

#: Of the file: a hundredth of a degree is 1.1 km, less than a pixel of any view that it serves.
STEPS_PER_DEGREE = 100
#: A vertex whose triangle with its neighbours is smaller than this goes.
LEAST_TRIANGLE_KM2 = 160.0
#: An island smaller than this goes, unless its unit would vanish.
LEAST_ISLAND_KM2 = 500.0
#: In the seas that the drafts speak of most, islands and coasts are kept finer.
FINE = (-12.0, 34.0, 60.0, 72.0)
FINE_SHARE = 0.2

Point = tuple[int, int]
_KM_PER_STEP = 111.2 / STEPS_PER_DEGREE


def main() -> int:
    """Write the file, or say whether it is what the border data give."""
    text = atlas_text()
    if "--check" in sys.argv[1:]:
        same = TARGET.read_text(encoding="utf-8") == text
        print(f"atlas: {len(text) // 1000} kB, {'as built' if same else 'not what the data give'}")
        return 0 if same else 1
    TARGET.write_text(text, encoding="utf-8")
    print(f"atlas: {len(text) // 1000} kB")
    return 0


def atlas_text() -> str:
    """Return the atlas as JSON: arcs of whole steps, and the rings of each unit as arcs."""
    rings = _rings()
    junctions = _junctions([ring for unit in rings.values() for part in unit for ring in part])
    index: dict[tuple[Point, ...], int] = {}
    told: dict[str, list[list[list[int]]]] = {}
    for unit, parts in rings.items():
        told[unit] = [[_arcs_of(ring, junctions, index) for ring in part] for part in parts]
    arcs = [_simplified(list(arc)) for arc in index]
    _open_collapsed(told, arcs, list(index))
    used, order = _renumbered(told)
    shown = {
        "steps_per_degree": STEPS_PER_DEGREE,
        "arcs": [_deltas(arcs[old]) for old in order],
        "units": used,
    }
    return json.dumps(shown, separators=(",", ":")) + "\n"


def _rings() -> dict[str, list[list[list[Point]]]]:
    """Return the polygons of each unit as rings of whole steps, exterior first."""
    store = boundaries.borders("ne10")
    found: dict[str, list[list[list[Point]]]] = {}
    for unit in store.unit_ids():
        parts = []
        for polygon in store.polygons([unit]):
            rings = [_snapped(ring) for ring in (polygon.exterior, *polygon.interiors)]
            kept = [ring for ring in rings[1:] if len(ring) > 2]
            if len(rings[0]) > 2:
                parts.append([rings[0], *kept])
        parts.sort(key=lambda part: (-_area_km2(part[0]), part[0]))
        found[unit] = [
            part
            for number, part in enumerate(parts)
            if number == 0 or _area_km2(part[0]) >= LEAST_ISLAND_KM2 * _share(part[0][0])
        ]
    return found


def _snapped(ring: shapely.LinearRing) -> list[Point]:
    points: list[Point] = []
    for lon, lat in ring.coords[:-1]:
        point = (round(lon * STEPS_PER_DEGREE), round(lat * STEPS_PER_DEGREE))
        if not points or points[-1] != point:
            points.append(point)
    while len(points) > 1 and points[-1] == points[0]:
        points.pop()
    return _without_spikes(points)


def _without_spikes(points: list[Point]) -> list[Point]:
    """Return a ring without there-and-back edges, which snapping leaves at narrow inlets."""
    changed = True
    while changed and len(points) > 2:
        changed = False
        kept: list[Point] = []
        for number, point in enumerate(points):
            after = points[(number + 1) % len(points)]
            before = kept[-1] if kept else points[-1]
            if before in (after, point):
                changed = True
                continue
            kept.append(point)
        points = kept
    return points


def _share(point: Point) -> float:
    lon, lat = point[0] / STEPS_PER_DEGREE, point[1] / STEPS_PER_DEGREE
    west, south, east, north = FINE
    return FINE_SHARE if west <= lon <= east and south <= lat <= north else 1.0


def _area_km2(ring: list[Point]) -> float:
    total = sum(
        x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)
    )
    middle = sum(y for _, y in ring) / len(ring) / STEPS_PER_DEGREE
    return abs(total) / 2.0 * _KM_PER_STEP**2 * max(math.cos(math.radians(middle)), 0.02)


def _junctions(rings: list[list[Point]]) -> set[Point]:
    """Return the points where lines meet or part: those that have not just two neighbours."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for one, other in zip(ring, ring[1:] + ring[:1], strict=True):
            beside[one].add(other)
            beside[other].add(one)
    return {point for point, others in beside.items() if len(others) != 2}


def _arcs_of(
    ring: list[Point], junctions: set[Point], index: dict[tuple[Point, ...], int]
) -> list[int]:
    """Return a ring as numbers of arcs; one that runs backwards is ``-number - 1``."""
    starts = [number for number, point in enumerate(ring) if point in junctions]
    if not starts:
        starts = [ring.index(min(ring))]
    found = []
    for number, start in enumerate(starts):
        end = starts[(number + 1) % len(starts)]
        stop = end if end > start else end + len(ring)
        arc = tuple(ring[at % len(ring)] for at in range(start, stop + 1))
        back = tuple(reversed(arc))
        if arc <= back:
            found.append(index.setdefault(arc, len(index)))
        else:
            found.append(-index.setdefault(back, len(index)) - 1)
    return found


def _simplified(arc: list[Point]) -> list[Point]:
    """Return an arc without the vertices that matter least, by Visvalingam's triangles.

    doi:10.1179/000870493786962263. The ends stay; so do four points of a closed arc.
    """
    least = 4 if arc[0] == arc[-1] else 2
    before = list(range(-1, len(arc) - 1))
    after = list(range(1, len(arc) + 1))
    area = [math.inf] * len(arc)
    for at in range(1, len(arc) - 1):
        area[at] = _triangle_km2(arc[at - 1], arc[at], arc[at + 1])
    queue = [(area[at], at) for at in range(1, len(arc) - 1)]
    heapify(queue)
    kept = len(arc)
    gone = [False] * len(arc)
    while queue and kept > least:
        size, at = heappop(queue)
        if gone[at] or size != area[at]:
            continue
        if size >= LEAST_TRIANGLE_KM2:
            break
        gone[at] = True
        kept -= 1
        left, right = before[at], after[at]
        after[left], before[right] = right, left
        for side in (left, right):
            if 0 < side < len(arc) - 1:
                # never less than what went before, so that a run of small ones goes in order
                new = _triangle_km2(arc[before[side]], arc[side], arc[after[side]])
                area[side] = max(new, size)
                heappush(queue, (area[side], side))
    return [point for at, point in enumerate(arc) if not gone[at]]


def _triangle_km2(one: Point, two: Point, three: Point) -> float:
    doubled = (two[0] - one[0]) * (three[1] - one[1]) - (three[0] - one[0]) * (two[1] - one[1])
    lat = two[1] / STEPS_PER_DEGREE
    share = _share(two)
    return abs(doubled) / 2.0 * _KM_PER_STEP**2 * max(math.cos(math.radians(lat)), 0.02) / share


def _open_collapsed(
    told: dict[str, list[list[list[int]]]], arcs: list[list[Point]], whole: list[tuple[Point, ...]]
) -> None:
    """Give back the widest vertex to rings that were simplified to nothing."""
    for parts in told.values():
        for ring in (ring for part in parts for ring in part):
            numbers = [number if number >= 0 else -number - 1 for number in ring]
            if len({point for number in numbers for point in arcs[number]}) > 2:
                continue
            longest = max(numbers, key=lambda number: (len(whole[number]), number))
            line = whole[longest]
            far = max(line, key=lambda point: (_triangle_km2(line[0], point, line[-1]), point))
            arcs[longest] = [line[0], far, line[-1]]


def _renumbered(
    told: dict[str, list[list[list[int]]]],
) -> tuple[dict[str, list[list[list[int]]]], list[int]]:
    """Return the units with arcs numbered in the order of their use, and the old numbers."""
    new: dict[int, int] = {}
    for parts in told.values():
        for number in (number for part in parts for ring in part for number in ring):
            new.setdefault(number if number >= 0 else -number - 1, len(new))
    units = {
        unit: [
            [[new[n] if n >= 0 else -new[-n - 1] - 1 for n in ring] for ring in part]
            for part in parts
        ]
        for unit, parts in told.items()
    }
    return units, list(new)


def _deltas(arc: list[Point]) -> list[int]:
    """Return an arc as its first point and the steps from each point to the next."""
    flat = list(arc[0])
    for one, other in pairwise(arc):
        flat += [other[0] - one[0], other[1] - one[1]]
    return flat


if __name__ == "__main__":
    raise SystemExit(main())
