"""Read the Natural Earth inputs as polygons and lines on the 1e-5 degree grid."""

import io
import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyogrio
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from . import inputs

__all__ = [
    "GRID",
    "Country",
    "admin1",
    "claim_lines",
    "countries",
    "german_view",
    "on_grid",
    "seas",
]

# 1e-5 degree is 1.1 m, far below the error of any input (100 m and more).
GRID = 1e-5


@dataclass(frozen=True, slots=True)
class Country:
    """A feature of admin-0 countries, as Natural Earth delimits it de facto."""

    name: str
    iso3: str | None
    parts: tuple[Polygon, ...]


class _Plain(pickle.Unpickler):
    """Unpickles tuples, lists, strings and numbers; refuses to import anything."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"the input must hold plain values, not {module}.{name}")


@cache
def _cache() -> dict[str, Any]:
    return _Plain(io.BytesIO(inputs.content("ne_countries"))).load()


def on_grid(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a geometry with vertices on the grid, valid, counter-clockwise.

    Rounding vertex by vertex (and not snapping each polygon for itself) keeps the edges that
    neighbours share identical; only what rounding makes invalid is repaired.
    """
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, 5))
    return list(_polygons(rounded))


def _polygons(geometry: BaseGeometry) -> Iterable[Polygon]:
    for part in shapely.get_parts(geometry, return_index=False):
        if part.geom_type == "Polygon":
            if part.is_valid:
                # A closed 4-point ring collapsed to a line has no area and is no land.
                if part.area > 0:
                    yield shapely.orient_polygons(part)
            else:
                yield from _polygons(shapely.make_valid(part))
        elif part.geom_type in ("MultiPolygon", "GeometryCollection"):
            yield from _polygons(part)


def _assemble(rings: Sequence[Any]) -> list[Polygon]:
    """Nest shapefile rings: clockwise is an exterior, counter-clockwise a hole."""
    exteriors, holes = [], []
    for _, points in rings:
        (holes if shapely.is_ccw(shapely.linearrings(points)) else exteriors).append(points)
    shells = [Polygon(p) for p in exteriors]
    inside: list[list[Any]] = [[] for _ in shells]
    tree = shapely.STRtree(shells)
    for hole in holes:
        around = tree.query(Polygon(hole), predicate="within")
        inside[min(around, key=lambda i: shells[i].area)].append(hole)
    whole = MultiPolygon([Polygon(e, h) for e, h in zip(exteriors, inside, strict=True)])
    return on_grid(whole)


@cache
def countries() -> tuple[Country, ...]:
    """Return the 258 features of admin-0 countries."""
    return tuple(Country(c[1], c[3], tuple(_assemble(c[5]))) for c in _cache()["countries"])


@cache
def seas() -> tuple[tuple[str, tuple[Polygon, ...]], ...]:
    """Return the 306 marine polygons as (name, parts)."""
    return tuple((m[0], tuple(_assemble(m[2]))) for m in _cache()["marine"])


@cache
def _german() -> Any:
    zipped = io.BytesIO(inputs.content("ne_german_view"))
    return pyogrio.read_dataframe(zipped, columns=["ADM0_A3"], encoding="utf-8")


def german_view(code: str) -> list[Polygon]:
    """Return one country as the German point-of-view file delimits it."""
    frame = _german()
    chosen = frame[frame["ADM0_A3"].isin([code])]
    return [p for g in chosen.geometry for p in on_grid(g)]


def claim_lines(rows: Iterable[int]) -> list[LineString]:
    """Return claim lines by their row in the layer (the input is pinned, so rows do not move)."""
    frame = _layer("disputed_borders")
    merged = [shapely.line_merge(frame.geometry.iloc[row]) for row in rows]
    return [part for line in merged for part in shapely.get_parts(line)]


def admin1(country: str) -> dict[str, BaseGeometry]:
    """Return the generalised admin-1 polygons of a country by name."""
    frame = _layer("states_provinces")
    frame = frame[frame.gu_a3 == country]
    return dict(zip(frame["name"], shapely.make_valid(frame.geometry.values), strict=True))


@cache
def _layer(name: str) -> Any:
    inputs.content("ne_lines")  # verified before it is opened by path
    return pyogrio.read_dataframe(inputs.CACHE / "ne_lines.gpkg", layer=name)
