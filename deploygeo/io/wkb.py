"""Well-known binary, taken apart in Python: nothing is built of it before its sizes are known.

A library that recurses into what a file nests can be made to run out of stack: 20 000 nested
collections end GEOS 3.14 and the process with it. Here nesting and counts are bounded before
anything is allocated, and what comes out is a GeoJSON mapping that is checked like any other.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from deploygeo.io.limits import raising

__all__ = ["Transform", "WkbError", "read_wkb"]

#: From lists of x and y to lists of lon and lat.
Transform = Callable[[list[float], list[float]], tuple[list[float], list[float]]]

_TYPES = (
    "",
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
)
_OTHERS = {
    8: "CircularString",
    9: "CompoundCurve",
    10: "CurvePolygon",
    11: "MultiCurve",
    12: "MultiSurface",
    13: "Curve",
    14: "Surface",
    15: "PolyhedralSurface",
    16: "TIN",
    17: "Triangle",
}
# EWKB (PostGIS) marks what ISO WKB adds as thousands.
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000
_LON_LAT_SRIDS = (0, 4326)
#: The least that one of the things counted takes: byte order, type and a count or a position.
_LEAST_GEOMETRY, _LEAST_RING, _DOUBLE = 9, 4, 8


class WkbError(ValueError):
    """A text of bytes is not WKB that is taken; says why."""


class _Kind(NamedTuple):
    name: str
    order: str
    size: int
    has_z: bool


def read_wkb(
    blob: bytes, *, vertices: int = 2_000_000, depth: int = 64, transform: Transform | None = None
) -> dict[str, Any]:
    """Return the GeoJSON mapping of a geometry in WKB or EWKB.

    Parameters
    ----------
    blob : bytes
        The whole of it; bytes that are left over are refused.
    vertices : int
        Positions that it may have in all.
    depth : int
        Levels of collections that it may have.
    transform : callable, optional
        Takes lists of x and y to lists of lon and lat.

    Raises
    ------
    WkbError
        If it is damaged, too large, too deep, or of curves.

    Examples
    --------
    >>> read_wkb(bytes.fromhex("0101000000000000000000f03f0000000000000040"))
    {'type': 'Point', 'coordinates': [1.0, 2.0]}
    >>> read_wkb(bytes.fromhex("0102000000ffffffff"))
    Traceback (most recent call last):
    ...
    deploygeo.io.wkb.WkbError: the LineString counts 4294967295 positions, and 0 bytes are left
    """
    walk = _Walk(blob, vertices, depth, transform)
    found = walk.geometry(depth)
    if walk.at != len(blob):
        raise WkbError(f"{len(blob) - walk.at} bytes are left over behind the geometry")
    return found


class _Walk:
    """Where in the bytes the walk is, and how many positions there were."""

    def __init__(self, blob: bytes, vertices: int, depth: int, transform: Transform | None) -> None:
        self.at = 0
        self._deepest = depth
        self._blob = blob
        self._most = vertices
        self._left = vertices
        self._transform = transform

    def geometry(self, depth: int, only: str = "") -> dict[str, Any]:
        """Read one geometry; of a Multi… each part is `only` of one type."""
        kind = self._head()
        if only and kind.name != only:
            raise WkbError(f"a {kind.name} stands in a Multi{only}")
        if kind.name == "GeometryCollection":
            if depth < 1:
                text = f"its collections are nested deeper than {self._deepest} levels"
                raise WkbError(f"{text}; {raising('depth')}")
            count = self._count(kind, "geometries", _LEAST_GEOMETRY)
            parts = [self.geometry(depth - 1) for _ in range(count)]
            return {"type": kind.name, "geometries": parts}
        if kind.name.startswith("Multi"):
            part = kind.name.removeprefix("Multi")
            count = self._count(kind, "parts", _LEAST_GEOMETRY)
            rows = [self.geometry(0, part)["coordinates"] for _ in range(count)]
            return {"type": kind.name, "coordinates": rows}
        if kind.name == "Point":
            (position,) = self._positions(kind, 1)
            # how WKB writes an empty point
            is_empty = position[0] != position[0] and position[1] != position[1]
            return {"type": "Point", "coordinates": [] if is_empty else position}
        if kind.name == "LineString":
            return {"type": kind.name, "coordinates": self._line(kind)}
        count = self._count(kind, "rings", _LEAST_RING)
        return {"type": kind.name, "coordinates": [self._line(kind) for _ in range(count)]}

    def _head(self) -> _Kind:
        order = self._blob[self.at : self.at + 1]
        if order not in (b"\x00", b"\x01"):
            what = "ends within a geometry" if not order else f"has the byte order {order[0]}"
            raise WkbError(f"the WKB {what}; is it damaged?")
        mark = "<" if order == b"\x01" else ">"
        self.at += 1
        code = self._word(mark)
        has_z, has_m = bool(code & _EWKB_Z), bool(code & _EWKB_M)
        if code & _EWKB_SRID and (srid := self._word(mark)) not in _LON_LAT_SRIDS:
            raise WkbError(f"the geometry is in SRID {srid}; transform it to lon/lat (4326)")
        code &= ~(_EWKB_Z | _EWKB_M | _EWKB_SRID)
        thousands, code = divmod(code, 1000)
        if thousands > 3:
            raise WkbError(f"unknown geometry type {thousands * 1000 + code} in WKB")
        has_z, has_m = has_z or thousands in (1, 3), has_m or thousands in (2, 3)
        if not 1 <= code < len(_TYPES):
            known = _OTHERS.get(code)
            advice = f"a {known} is not read; make lines or polygons of it"
            raise WkbError(advice if known else f"unknown geometry type {code} in WKB")
        return _Kind(_TYPES[code], mark, 2 + has_z + has_m, has_z)

    def _word(self, mark: str) -> int:
        end = self.at + 4
        if end > len(self._blob):
            raise WkbError("the WKB ends within a geometry; is it damaged?")
        (word,) = struct.unpack_from(f"{mark}I", self._blob, self.at)
        self.at = end
        return int(word)

    def _count(self, kind: _Kind, what: str, least: int) -> int:
        """Read how many there are, which no more can be than fit into the bytes left."""
        count = self._word(kind.order)
        left = len(self._blob) - self.at
        if count * least > left:
            raise WkbError(f"the {kind.name} counts {count} {what}, and {left} bytes are left")
        return count

    def _line(self, kind: _Kind) -> list[list[float]]:
        return self._positions(kind, self._count(kind, "positions", kind.size * _DOUBLE))

    def _positions(self, kind: _Kind, count: int) -> list[list[float]]:
        self._left -= count
        if self._left < 0:
            raise WkbError(
                f"the geometry has more than {self._most} positions; simplify or split it, or "
                f"{raising('vertices')}"
            )
        numbers = kind.size * count
        if self.at + numbers * _DOUBLE > len(self._blob):
            raise WkbError("the WKB ends within a position; is it damaged?")
        flat = struct.unpack_from(f"{kind.order}{numbers}d", self._blob, self.at)
        self.at += numbers * _DOUBLE
        xs, ys = list(flat[:: kind.size]), list(flat[1 :: kind.size])
        if self._transform is not None:
            xs, ys = self._transform(xs, ys)
        if kind.has_z:
            return [list(row) for row in zip(xs, ys, flat[2 :: kind.size], strict=True)]
        return [list(row) for row in zip(xs, ys, strict=True)]
