"""Geometries in GeoArrow's own encodings: lists of positions, each a struct or a short list."""

from __future__ import annotations

from typing import Any

from deploygeo.io.limits import raising
from deploygeo.io.wkb import Transform

__all__ = ["NATIVE", "NativeError", "read_native"]

#: The encoding, and the GeoJSON type with as many levels of lists.
NATIVE = {
    "point": ("Point", 0),
    "linestring": ("LineString", 1),
    "polygon": ("Polygon", 2),
    "multipoint": ("MultiPoint", 1),
    "multilinestring": ("MultiLineString", 2),
    "multipolygon": ("MultiPolygon", 3),
}


class NativeError(ValueError):
    """A geometry that is not what its encoding says; says why."""


def read_native(
    encoding: str, value: Any, vertices: int, transform: Transform | None = None
) -> dict[str, Any]:
    """Return the GeoJSON mapping of a geometry in an encoding of GeoArrow.

    Parameters
    ----------
    encoding : str
        One of `NATIVE`.
    value : list or dict
        As Arrow gives it to Python.
    vertices : int
        Positions that it may have.
    transform : callable, optional
        Takes lists of x and y to lists of lon and lat.

    Raises
    ------
    NativeError
        If it is nested in another way, or too large.

    Examples
    --------
    >>> read_native("linestring", [{"x": 1.0, "y": 2.0}, [3.0, 4.0]], 10)
    {'type': 'LineString', 'coordinates': [[1.0, 2.0], [3.0, 4.0]]}
    >>> read_native("point", {"x": float("nan"), "y": float("nan")}, 1)
    {'type': 'Point', 'coordinates': []}
    """
    kind, levels = NATIVE[encoding]
    left = [vertices]
    return {"type": kind, "coordinates": _level(value, levels, left, transform)}


def _level(value: Any, levels: int, left: list[int], transform: Transform | None) -> Any:
    if levels == 0:
        (position,) = _positions([value], left, transform)
        is_empty = position[0] != position[0] and position[1] != position[1]
        return [] if is_empty else position
    if not isinstance(value, list):
        raise NativeError(f"the geometry has a {type(value).__name__} where a list belongs")
    if levels == 1:
        return _positions(value, left, transform)
    return [_level(one, levels - 1, left, transform) for one in value]


def _positions(rows: list[Any], left: list[int], transform: Transform | None) -> list[list[float]]:
    left[0] -= len(rows)
    if left[0] < 0:
        told = "the geometry has more positions than may be; simplify or split it"
        raise NativeError(f"{told}, or {raising('vertices')}")
    found = [_position(row) for row in rows]
    if transform is None:
        return found
    lons, lats = transform([one[0] for one in found], [one[1] for one in found])
    return [[lon, lat, *one[2:]] for lon, lat, one in zip(lons, lats, found, strict=True)]


def _position(row: Any) -> list[float]:
    numbers: list[Any]
    if isinstance(row, dict):
        numbers = [row.get("x"), row.get("y"), *([row["z"]] if row.get("z") is not None else ())]
    elif isinstance(row, list) and 2 <= len(row) <= 4:
        numbers = row[:3]
    else:
        raise NativeError("a position of the geometry is neither x and y nor a short list")
    if not all(isinstance(one, float) for one in numbers):
        raise NativeError("a position of the geometry has no numbers for x and y")
    return numbers
