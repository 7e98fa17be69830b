"""The borders of the map: the land of every unit, simplified so that neighbours share lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["Ring", "atlas_text", "unit_polygons"]

Ring = tuple[tuple[float, float], ...]


@cache
def atlas_text() -> str:
    """Return the atlas as JSON, as the page holds it.

    Coasts and borders keep what is wider than a few kilometres; no verdict rests on them.

    Examples
    --------
    >>> atlas_text()[:22]
    '{"steps_per_degree":10'
    """
    return (files(__package__) / "atlas.json").read_text(encoding="utf-8")


@cache
def unit_polygons() -> Mapping[str, tuple[tuple[Ring, ...], ...]]:
    """Return the land of each unit as polygons: rings in degrees, the exterior first.

    Examples
    --------
    >>> polygons = unit_polygons()
    >>> "crimea" in polygons, len(polygons["LSO"]), len(polygons["ZAF"][0])
    (True, 1, 2)
    >>> ring = polygons["LSO"][0][0]
    >>> ring[0] == ring[-1]
    True
    """
    atlas = json.loads(atlas_text())
    steps = atlas["steps_per_degree"]
    arcs = [_points(arc, steps) for arc in atlas["arcs"]]
    return {
        unit: tuple(tuple(_joined(ring, arcs) for ring in part) for part in parts)
        for unit, parts in atlas["units"].items()
    }


def _points(arc: list[int], steps: int) -> Ring:
    found = []
    x = y = 0
    for dx, dy in zip(arc[::2], arc[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x / steps, y / steps))
    return tuple(found)


def _joined(ring: list[int], arcs: list[Ring]) -> Ring:
    found: list[tuple[float, float]] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[-number - 1][::-1]
        found += arc[1:] if found else arc
    return tuple(found)
