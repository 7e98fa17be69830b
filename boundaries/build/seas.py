"""Name the marine polygons."""

import shapely
from shapely.geometry import Polygon

from . import natural_earth
from .natural_earth import on_grid

__all__ = ["named_seas"]

# Wrong or missing names in Natural Earth that matter here, by a point inside the polygon.
_RENAMED = {
    "Kaliningrad": "Curonian Lagoon",  # the polygon is the lagoon north of Kaliningrad
    "SOUTHERN OCEAN": "Southern Ocean",
    "INDIAN OCEAN": "Indian Ocean",
    "Prince ALbert Sound": "Prince Albert Sound",
}
_BELTS = (10.99, 55.34)


def named_seas() -> list[tuple[Polygon, tuple[str]]]:
    """Return (polygon, (name,)) for every marine polygon, by name then by place.

    Eleven polygons have no name in the source: the Danish Belts get theirs, the others are called
    by their position, so that a finding can still say where it is.
    """
    rows = []
    for name, parts in natural_earth.seas():
        whole = on_grid(shapely.union_all(parts))
        label = _RENAMED.get(name, name)
        if not label:
            x, y = shapely.point_on_surface(max(whole, key=lambda p: p.area)).coords[0]
            inside = any(p.covers(shapely.Point(_BELTS)) for p in whole)
            label = "Danish Belts" if inside else f"Unnamed waters at {x:.1f}, {y:.1f}"
        rows += [(p, (label,)) for p in whole]
    return sorted(rows, key=lambda row: (row[1], row[0].bounds))
