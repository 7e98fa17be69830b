"""Build the border data: ``python -m boundaries.build [ne10|seas|hybrid|manifest]...``."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Polygon

from . import atoms, borders, hybrid, manifest, seam, seas
from .geopackage import Layer, write

__all__ = ["main"]

# As deploygeo.boundaries.land has it: a bound looks at some 700 boxes and not at 74 000.
CELL_DEG = 10

_FOLDER = Path(__file__).resolve().parent.parent


def _land(units: dict[str, list[Polygon]]) -> Layer:
    return Layer(
        "land",
        "POLYGON",
        ("unit",),
        [(p, (unit,)) for unit in sorted(units) for p in units[unit]],
        "one row per polygon; unit is an id of units.toml",
        boxed=True,
        indexes=(
            "CREATE INDEX land_unit ON land(unit)",
            "CREATE INDEX land_box ON land(min_lat, max_lat, min_lon, max_lon, unit)",
        ),
    )


def _boxes(units: dict[str, list[Polygon]]) -> Layer:
    rows = []
    for unit in sorted(units):
        limits = shapely.bounds(units[unit])
        cells = np.floor((limits[:, :2] + (180.0, 90.0)) / CELL_DEG)
        _, cell = np.unique(cells, axis=0, return_inverse=True)
        for i in range(cell.max() + 1):
            mine = limits[cell.ravel() == i]
            low, high = mine[:, :2].min(axis=0), mine[:, 2:].max(axis=0)
            rows.append((shapely.box(*low, *high), (unit,)))
    text = f"of each unit, the polygons of land that start in one cell of {CELL_DEG} degrees"
    return Layer("land_boxes", "POLYGON", ("unit",), rows, text, boxed=True)


def _level(units: dict[str, list[Polygon]]) -> list[Layer]:
    return [
        _land(units),
        _boxes(units),
        Layer(
            "borders",
            "MULTILINESTRING",
            ("unit_a", "unit_b", "kind"),
            borders.common_borders(units),
            "common borders of two units; kind is land or sea",
        ),
        Layer(
            "internal_waters",
            "POLYGON",
            ("unit", "name"),
            borders.internal_waters(units),
            "what a sourced closing line encloses",
        ),
    ]


def _ne10() -> None:
    write(_FOLDER / "ne10.gpkg", _level(seam.align(atoms.build())))


def _hybrid() -> None:
    units, islets = hybrid.compose(atoms.build())
    layers = _level(seam.align(units))
    layers.append(
        Layer(
            "islets",
            "GEOMETRY",
            ("unit",),
            islets,
            "islets collapsed to two points, more than 2 km from other land; optional",
        )
    )
    write(_FOLDER / "hybrid.gpkg", layers)


def _seas() -> None:
    layer = Layer("seas", "POLYGON", ("name",), seas.named_seas(), "marine polygons", boxed=True)
    write(_FOLDER / "seas.gpkg", [layer])


_STEPS: dict[str, Callable[[], None]] = {
    "ne10": _ne10,
    "seas": _seas,
    "hybrid": _hybrid,
    "manifest": lambda: manifest.write(_FOLDER),
}


def main(steps: list[str]) -> None:
    """Run the steps named, or all of them."""
    for step in steps or list(_STEPS):
        if step not in _STEPS:
            raise SystemExit(f"unknown step {step!r}; known: {', '.join(_STEPS)}")
        started = time.perf_counter()
        _STEPS[step]()
        print(f"{step}: {time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
