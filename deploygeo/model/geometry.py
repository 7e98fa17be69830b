"""Checking a GeoJSON geometry (RFC 7946) and building it, all faults at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deploygeo.model._flaws import Flaws
from deploygeo.model._shown import Path, shown

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["check_geometry", "vertex_count"]

TYPES = (
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)
_TYPES_FOLDED = {name.casefold(): name for name in TYPES}

# A geometry with a wrong projection has a million wrong positions: name the first ones.
_MOST_POSITIONS = 5


def check_geometry(flaws: Flaws, path: Path, value: object) -> BaseGeometry | None:
    """Return a geometry as shapely has it, or None and the reasons in `flaws`.

    `value` is a pair (lon, lat), a GeoJSON mapping, or a shapely geometry; anything
    with a ``__geo_interface__`` counts as its mapping.

    Parameters
    ----------
    flaws : Flaws
        Collects what is wrong.
    path : tuple
        Where the geometry stands, for the faults.
    value : object

    Examples
    --------
    >>> flaws = Flaws()
    >>> check_geometry(flaws, ("geometry",), (34.0, 43.0)), check_geometry(flaws, (), [])
    (<POINT (34 43)>, None)
    >>> flaws.found
    [((), 'geometry is a GeoJSON object, not an empty list')]
    """
    if isinstance(value, tuple | list) and value and isinstance(value[0], int | float):
        value = {"type": "Point", "coordinates": value}
        path_of_positions = path
    else:
        path_of_positions = (*path, "coordinates")
    try:
        interface = getattr(value, "__geo_interface__", None)
    except RecursionError:
        flaws.add(path, "geometry nests collections deeper than can be read")
        return None
    if interface is not None:
        if getattr(value, "is_empty", False):
            flaws.add(path, "geometry is empty: a deployment needs a place")
            return None
        value = interface
    if not isinstance(value, Mapping):
        flaws.add(path, f"geometry is a GeoJSON object, not {shown(value)}")
        return None
    before = len(flaws.found)
    built = _build(flaws, path, path_of_positions, value, nested=False)
    return built if len(flaws.found) == before else None


def vertex_count(geometry: BaseGeometry) -> int:
    """Return how many positions a LineString has.

    Parameters
    ----------
    geometry : LineString

    Examples
    --------
    >>> import shapely
    >>> vertex_count(shapely.LineString([(0, 0), (1, 1)]))
    2
    """
    return len(geometry.coords)


def _build(
    flaws: Flaws, path: Path, at: Path, value: Mapping[str, Any], *, nested: bool
) -> BaseGeometry | None:
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        if kind == "Feature":
            flaws.add(path, "geometry is a Feature; it must be the geometry inside")
            return None
        name = kind if isinstance(kind, str) else ""
        right = _TYPES_FOLDED.get(name.casefold())
        hint = f"; did you mean {right!r}?" if right else flaws.hint(name, TYPES)
        flaws.add((*path, "type"), f"unknown geometry type {shown(kind)}{hint}")
        return None
    if kind == "GeometryCollection":
        return _build_collection(flaws, path, value, nested=nested)
    if "coordinates" not in value:
        flaws.add(path, f"a {kind} needs coordinates")
        return None
    coordinates = value["coordinates"]
    if not isinstance(coordinates, list | tuple):
        flaws.add(at, f"coordinates is a list, not {shown(coordinates)}")
        return None
    if not coordinates:
        flaws.add(at, "geometry is empty: a deployment needs a place")
        return None
    if (size := _size(coordinates)) > flaws.most_vertices:
        most = flaws.most_vertices
        text = f"the geometry has {size} positions; at most {most}: simplify or split it"
        text += flaws.or_raise("vertices")
        flaws.add(at, text)
        return None
    positions = _Positions(flaws)
    ready = _shape(positions, at, kind, coordinates)
    positions.close(at)
    if not ready or positions.bad:
        return None
    import shapely
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    from deploygeo.model.tangle import is_tangled

    try:
        if positions.has_z:
            coordinates = _flat(coordinates)
        built: BaseGeometry = shape({"type": kind, "coordinates": coordinates})
    except (ValueError, TypeError, shapely.errors.ShapelyError) as error:
        flaws.add(at, f"geometry cannot be built: {error}")
        return None
    if is_tangled(built):
        flaws.add(
            at,
            "so many parts of the outline lie over each other that it is not checked; "
            "simplify or split it",
        )
        return None
    if not built.is_valid:
        reason = explain_validity(built)
        flaws.add(at, _why_invalid(reason))
        return None
    return built


def _size(coordinates: Any, depth: int = 3) -> int:
    """Return how many positions there are, give or take what is wrong."""
    if not isinstance(coordinates, list | tuple) or not coordinates:
        return 0
    first = coordinates[0]
    if not isinstance(first, list | tuple):
        return 1
    if depth and first and isinstance(first[0], list | tuple):
        return sum(_size(row, depth - 1) for row in coordinates)
    return len(coordinates)


def _build_collection(
    flaws: Flaws, path: Path, value: Mapping[str, Any], *, nested: bool
) -> BaseGeometry | None:
    if nested:
        flaws.add(path, "a GeometryCollection inside another; RFC 7946 advises against it")
        return None
    rows = value.get("geometries")
    if not isinstance(rows, list | tuple):
        flaws.add(path, "a GeometryCollection needs geometries, a list")
        return None
    if not rows:
        flaws.add((*path, "geometries"), "geometry is empty: a deployment needs a place")
        return None
    parts = []
    for index, row in enumerate(rows):
        here = (*path, "geometries", index)
        if not isinstance(row, Mapping):
            flaws.add(here, f"a geometry is an object, not {shown(row)}")
            continue
        parts.append(_build(flaws, here, (*here, "coordinates"), row, nested=True))
    if any(part is None for part in parts) or not parts:
        return None
    from shapely import GeometryCollection

    return GeometryCollection(parts)


def _flat(coordinates: Any) -> Any:
    """Return coordinates without what stands behind lon and lat."""
    if isinstance(coordinates[0], int | float):
        return coordinates[:2]
    return [_flat(row) for row in coordinates]


def _why_invalid(reason: str) -> str:
    what, _, place = reason.partition("[")
    at = ""
    if place:
        lon, _, lat = place.rstrip("]").partition(" ")
        at = f" at lon {lon}, lat {lat.split(' ')[0]}"
    if what in {"Self-intersection", "Ring Self-intersection"}:
        return f"the outline crosses itself{at}; reorder its positions"
    if what == "Too few points in geometry component":
        return f"the line or ring has no extent{at}; use a Point"
    return f"the geometry is not valid{at}: {what.lower()}"


class _Positions:
    """Checks positions and counts the bad ones, of which the first are named."""

    __slots__ = ("_flaws", "_unnamed", "bad", "has_z")

    def __init__(self, flaws: Flaws) -> None:
        self._flaws = flaws
        self._unnamed = 0
        self.has_z = False
        self.bad = 0

    def close(self, path: Path) -> None:
        if self._unnamed:
            self._flaws.add(path, f"and {self._unnamed} more positions of this geometry are wrong")

    def check(self, path: Path, index: int, position: Any) -> None:
        if (
            isinstance(position, list | tuple)
            and len(position) == 2
            and type(position[0]) in (float, int)
            and type(position[1]) in (float, int)
            and -180.0 <= position[0] <= 180.0
            and -90.0 <= position[1] <= 90.0
        ):
            return
        at = (*path, index) if index >= 0 else path
        wrong = self._wrong(at, position)
        if wrong is None:
            return
        self.bad += 1
        if self.bad <= _MOST_POSITIONS:
            self._flaws.add(*wrong)
        else:
            self._unnamed += 1

    def _wrong(self, path: Path, position: Any) -> tuple[Path, str] | None:
        if not isinstance(position, list | tuple):
            return path, f"a position is [lon, lat], not {shown(position)}"
        if not 2 <= len(position) <= 4:
            return path, f"a position is [lon, lat], not a list of {len(position)}"
        for index, value in enumerate(position):
            if isinstance(value, bool) or not isinstance(value, int | float):
                return (*path, index), f"a coordinate is a number, not {shown(value)}"
            if isinstance(value, float) and not math.isfinite(value):
                return (*path, index), f"a coordinate is {shown(value)}; write degrees"
        lon, lat = position[:2]
        if not -90 <= lat <= 90:
            return (*path, 1), _outside(lon, lat)
        if not -180 <= lon <= 180:
            return (*path, 0), _outside(lon, lat)
        if len(position) > 2 and not self.has_z:
            self.has_z = True
            self._flaws.warn(path, "third-dimension: only lon and lat are read, z is ignored")
        return None


def _outside(lon: float, lat: float) -> str:
    if abs(lat) > 90:
        text = f"lat {shown(lat)} is outside [-90, 90]"
    else:
        text = f"lon {shown(lon)} is outside [-180, 180]"
    if abs(lon) <= 90 and 90 < abs(lat) <= 180:
        return f"{text}; are lon and lat swapped? GeoJSON writes [lon, lat]"
    if abs(lon) > 1_000 or abs(lat) > 1_000:
        return f"{text}; are these metres of a projection? GeoJSON is WGS 84 degrees"
    if 180 < abs(lon) <= 540 and abs(lat) <= 90:
        turned = (lon + 180) % 360 - 180
        return f"{text}; the same meridian is {turned:g}, and a shape is cut at the antimeridian"
    return text


def _shape(positions: _Positions, path: Path, kind: str, coordinates: Any) -> bool:
    """Check the nesting below a type; return whether the geometry can be built."""
    if kind == "Point":
        positions.check(path, -1, coordinates)
        return True
    if kind == "MultiPoint":
        for index, position in enumerate(coordinates):
            positions.check(path, index, position)
        return True
    if kind == "LineString":
        return _line(positions, path, coordinates)
    if kind == "Polygon":
        return _polygon(positions, path, coordinates)
    part = _line if kind == "MultiLineString" else _polygon
    # a list, because every part is to be checked, also after a wrong one
    return all([part(positions, (*path, index), row) for index, row in enumerate(coordinates)])  # noqa: C419


def _line(positions: _Positions, path: Path, row: Any) -> bool:
    if not isinstance(row, list | tuple):
        positions._flaws.add(path, f"a line is a list of positions, not {shown(row)}")
        return False
    if len(row) < 2:
        positions._flaws.add(path, f"a line needs at least 2 positions, not {len(row)}")
        return False
    return _edges(positions, path, row)


def _polygon(positions: _Positions, path: Path, rings: Any) -> bool:
    if not isinstance(rings, list | tuple) or not rings:
        positions._flaws.add(path, f"a polygon is a list of rings, not {shown(rings)}")
        return False
    return all([_ring(positions, (*path, index), ring) for index, ring in enumerate(rings)])  # noqa: C419


def _ring(positions: _Positions, path: Path, ring: Any) -> bool:
    flaws = positions._flaws
    if not isinstance(ring, list | tuple):
        flaws.add(path, f"a ring is a list of positions, not {shown(ring)}")
        return False
    if len(ring) < 4:
        flaws.add(path, f"a ring needs at least 4 positions, not {len(ring)}")
        return False
    if not _edges(positions, path, ring):
        return False
    first, last = ring[0], ring[-1]
    if list(first[:2]) != list(last[:2]):
        text = f"the ring is not closed: it ends at {list(last[:2])}; repeat {list(first[:2])}"
        flaws.add(path, text)
        return False
    return True


def _edges(positions: _Positions, path: Path, row: Any) -> bool:
    """Check the positions of a line or ring, and that no edge goes the long way round."""
    before = positions.bad
    for index, position in enumerate(row):
        positions.check(path, index, position)
    if positions.bad > before:
        return False
    last = row[0]
    for index, position in enumerate(row):
        # an edge along a pole has no length, whatever its longitudes
        if abs(position[0] - last[0]) > 180 and not abs(position[1]) == abs(last[1]) == 90:
            positions._flaws.add(
                (*path, index),
                f"the edge from lon {shown(last[0])} to {shown(position[0])} spans more than 180°; "
                "cut the shape at the antimeridian (RFC 7946, 3.1.9)",
            )
            return False
        last = position
    return True
