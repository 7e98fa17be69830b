"""Make both sides of the 180th meridian agree.

Natural Earth cuts Russia, Fiji and Antarctica at 180 degrees with vertices that differ by 4 m to
150 m left and right, and one lies at -179.99999999999991. A reader that drops edges lying on the
meridian needs the vertices exactly on it, and the same ones on both sides.
"""

from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon

from .natural_earth import on_grid

__all__ = ["align"]

_ON_SEAM = 179.9999
# 0.01 degree of latitude is 1.1 km: the widest gap seen is 150 m, and no island's end is nearer.
_PAIR = 0.01


def align(units: dict[str, list[Polygon]]) -> dict[str, list[Polygon]]:
    """Return the units with seam vertices at exactly +-180 and equal latitudes on both sides."""
    near = {
        (unit, i)
        for unit, parts in units.items()
        for i, p in enumerate(parts)
        if max(abs(p.bounds[0]), abs(p.bounds[2])) > _ON_SEAM
    }
    straight = {key: _straightened(units[key[0]][key[1]]) for key in near}
    corners = {side: _latitudes(straight.values(), side) for side in (-180.0, 180.0)}
    moved = _pairs(corners[-180.0], corners[180.0])
    result: dict[str, list[Polygon]] = {}
    for unit, parts in units.items():
        result[unit] = []
        for i, part in enumerate(parts):
            if (unit, i) not in near:
                result[unit].append(part)
                continue
            shifted = shapely.transform(straight[unit, i], lambda xy: _shift(xy, moved))
            result[unit].extend(on_grid(shifted))
    return result


def _straightened(polygon: Polygon) -> Polygon:
    """Put near vertices on the meridian and drop those in the middle of a run along it."""
    rings = []
    for ring in (polygon.exterior, *polygon.interiors):
        c = np.array(ring.coords)
        on = np.abs(c[:, 0]) > _ON_SEAM
        c[on, 0] = np.copysign(180.0, c[on, 0])
        open_ring, on = c[:-1], on[:-1]
        middle = on & np.roll(on, 1) & np.roll(on, -1)
        kept = open_ring[~middle]
        rings.append(np.vstack([kept, kept[:1]]) if len(kept) > 2 else c)
    return Polygon(rings[0], rings[1:])


def _latitudes(polygons: Any, side: float) -> list[float]:
    c = shapely.get_coordinates(list(polygons))
    return sorted(set(c[c[:, 0] == side, 1].tolist()))


def _pairs(west: list[float], east: list[float]) -> dict[tuple[float, float], float]:
    """Match the latitudes of both sides, nearest first, and give each pair their mean."""
    gaps = sorted((abs(w - e), w, e) for w in west for e in east if abs(w - e) < _PAIR)
    moved: dict[tuple[float, float], float] = {}
    for _, w, e in gaps:
        if (-180.0, w) in moved or (180.0, e) in moved:
            continue
        moved[-180.0, w] = moved[180.0, e] = round((w + e) / 2, 5)
    return moved


def _shift(xy: Any, moved: dict[tuple[float, float], float]) -> Any:
    out = xy.copy()
    seam = np.abs(xy[:, 0]) == 180.0
    for index in np.flatnonzero(seam):
        # Land that ends at the meridian with nothing beyond has a coast there, not a cut. It is
        # set 11 m back, so that its edge is not taken for one.
        if (xy[index, 0], xy[index, 1]) not in moved:
            out[index, 0] = np.copysign(_ON_SEAM, xy[index, 0])
    for (side, latitude), new in moved.items():
        out[(xy[:, 0] == side) & (xy[:, 1] == latitude), 1] = new
    return out
