"""KML: each placemark is a feature. Runs in the child of `deploygeo.io.child`.

expat walks over the text; a document type, which is where entities come from, is refused at
once. Nothing is followed: no network link, no style, no schema, no picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from deploygeo.io._limited import Feature, Part, Refused, Told
from deploygeo.io.cells import plain_cell, text_cell
from deploygeo.io.features import IGNORED_KEYS
from deploygeo.io.limits import Limits, raising, size_text
from deploygeo.model._shown import shown

__all__ = ["features"]

_CHUNK = 2**16
#: expat begins anew at the start of a tag for every chunk: 150 MB of one took more than 10 s.
_MOST_TAG = 2**20
_SPACES = ("http://www.opengis.net/kml/2", "http://earth.google.com/kml/2")
_GEOMETRIES = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"})
_OTHER_SHAPES = frozenset({"Track", "MultiTrack", "Model"})
_LINKS = frozenset({"NetworkLink", "NetworkLinkControl"})
_NUMBER = r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
_POSITION = re.compile(f"({_NUMBER}),({_NUMBER})(?:,({_NUMBER}))?")
_MULTI = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
#: expat stops by itself where entities multiply; without a document type there are none.
_NO_DOCTYPE = "a document type is not read: entities may stand in it; take the <!DOCTYPE …> out"


def features(path: str, limits: Limits) -> Iterator[Part]:
    """Yield the placemarks of a KML file as features.

    Parameters
    ----------
    path : str
    limits : Limits

    Yields
    ------
    Feature, Told or Warned

    Raises
    ------
    Refused
        Where it is not KML, with the line.

    Examples
    --------
    >>> list(features(__file__, Limits()))
    Traceback (most recent call last):
    ...
    deploygeo.io._limited.Refused: this is not KML: it does not begin with <
    """
    walk = _Walk(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = False
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    parser.StartDoctypeDeclHandler = walk.doctype
    parser.EntityDeclHandler = walk.doctype
    walk.parser = parser
    try:
        with Path(path).open("rb") as file:
            is_first, fed = True, 0
            while True:
                chunk = file.read(_CHUNK)
                if is_first:
                    _look_at(chunk)
                    is_first = False
                parser.Parse(chunk, not chunk)
                fed += len(chunk)
                if fed - max(0, parser.CurrentByteIndex) > _MOST_TAG:
                    told = f"a tag or comment longer than {size_text(_MOST_TAG)}"
                    raise Refused(f"{told}; what follows was not read", parser.CurrentLineNumber)
                yield from walk.ready
                walk.ready.clear()
                if not chunk:
                    break
    except expat.ExpatError as error:
        yield from walk.ready
        told = f"this is not well-formed XML: {expat.ErrorString(error.code)}"
        raise Refused(
            f"{told}; what follows was not read", error.lineno, error.offset + 1
        ) from None
    except LookupError as error:
        raise Refused(f"{error}; save the file as UTF-8", 1) from None
    except Refused:
        yield from walk.ready
        raise
    yield from walk.close()


def _look_at(chunk: bytes) -> None:
    if not chunk:
        raise Refused("the file is empty")
    if chunk.startswith(b"PK\x03\x04"):
        raise Refused("this is KMZ or another zip archive; unpack it, and name the .kml in it")
    start = chunk.removeprefix(b"\xef\xbb\xbf").lstrip()
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in chunk[:8]:
        raise Refused("the file is UTF-16 or binary; KML is read in UTF-8")
    if not start.startswith(b"<"):
        raise Refused("this is not KML: it does not begin with <")


class _Walk:
    """What is open, and what of a placemark is known so far."""

    def __init__(self, limits: Limits) -> None:
        self.parser: Any = None
        self.ready: list[Part] = []
        self._limits = limits
        self._open: list[str] = []
        self._text: list[str] | None = None
        self._size = 0
        self._placemark: _Placemark | None = None
        self._links = 0
        self._kept = 0

    def _here(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def doctype(self, *_: Any) -> None:
        """Refuse a document type."""
        raise Refused(_NO_DOCTYPE, *self._here())

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        space, _, local = name.rpartition(" ")
        if not self._open:
            if local != "kml" or not (not space or space.startswith(_SPACES)):
                found = f"<{local[:40]}>" + (f" of {space[:80]}" if space else "")
                raise Refused(f"this is not KML but {found}", *self._here())
        elif len(self._open) > self._limits.depth:
            most = self._limits.depth
            raise Refused(f"nested deeper than {most} elements; {raising('depth')}", *self._here())
        self._open.append(local)
        if local in _LINKS:
            self._links += 1
        if local == "Placemark":
            if self._placemark is not None:
                raise Refused("a placemark stands inside another", *self._here())
            self._placemark = _Placemark(self._here(), attributes.get("id"), self._limits)
        elif self._placemark is not None:
            self._placemark.start(local, attributes, self._here())
            self._text, self._size = [], 0

    def text(self, text: str) -> None:
        """Take characters."""
        if self._text is None:
            return
        self._size += len(text)
        if self._size > self._limits.value:
            most = self._limits.value
            told = f"an element of more than {most} characters; {raising('value')}"
            raise Refused(told, *self._here())
        self._text.append(text)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        local = self._open.pop()
        if self._placemark is None:
            return
        if local == "Placemark":
            self.ready.append(self._placemark.feature())
            self._placemark = None
        else:
            self._placemark.end(local, self._open, "".join(self._text or ()))
        self._text = None

    def close(self) -> Iterator[Part]:
        """Tell what was not followed."""
        if self._links:
            times = f"{self._links} network links" if self._links > 1 else "a network link"
            yield Told(f"the file has {times}, which are never followed; save what they load in it")


class _Placemark:
    """One placemark, as it comes in."""

    def __init__(self, at: tuple[int, int], id_: str | None, limits: Limits) -> None:
        self._at = at
        self._id = id_
        self._limits = limits
        self._left = limits.vertices
        self.properties: dict[str, Any] = {}
        self.places: dict[str, tuple[int, int]] = {}
        self._name: str | None = None
        self._field: str | None = None
        self._begun: tuple[int, int] = at
        self._time: dict[str, str] = {}
        self._shapes: list[_Shape] = []
        self._top: list[dict[str, Any]] = []
        self.wrong: list[tuple[tuple[str | int, ...], str]] = []

    def _add_wrong(self, path: tuple[str | int, ...], text: str) -> None:
        if len(self.wrong) < 20:
            self.wrong.append((path, text))

    def start(self, local: str, attributes: dict[str, str], at: tuple[int, int]) -> None:
        self._begun = at
        if local in ("Data", "SimpleData"):
            self._field = attributes.get("name", "")
            self.places.setdefault(f"properties/{self._field}", at)
        elif local in _GEOMETRIES:
            if not self._shapes:
                self.places.setdefault("geometry", at)
            self._shapes.append(_Shape(local))
        elif local in _OTHER_SHAPES:
            told = f"a {local} is not read; make a LineString of it"
            self._add_wrong(("geometry",), told)
        elif local in ("innerBoundaryIs", "outerBoundaryIs") and self._shapes:
            self._shapes[-1].is_outer = local == "outerBoundaryIs"

    def end(self, local: str, parents: list[str], text: str) -> None:
        parent = parents[-1] if parents else ""
        if local == "name" and parent == "Placemark":
            self._name = text.strip()
            self.places.setdefault("properties/name", self._begun)
        elif (local == "value" and parent == "Data") or local == "SimpleData":
            self._take(self._field or "", text)
        elif local in ("begin", "end", "when") and parent in ("TimeSpan", "TimeStamp"):
            self._time[local] = plain_cell("on", text.strip())
            key = {"begin": "from", "end": "until", "when": "on"}[local]
            self.places.setdefault(f"properties/{key}", self._begun)
        elif local == "coordinates" and self._shapes:
            self._shapes[-1].positions = self._positions(text)
        elif local in _GEOMETRIES and self._shapes:
            self._close_shape(self._shapes.pop())

    def _take(self, name: str, text: str) -> None:
        if name in self.properties:
            self._add_wrong(("properties", name), f"{shown(name)} is given twice")
        value = text_cell(name, text.strip())
        if value is not None and name not in IGNORED_KEYS:
            self.properties[name] = value

    def _positions(self, text: str) -> list[list[float]]:
        # no more than are taken: a list of 30 million texts would be all the memory
        rows = text.split(maxsplit=self._left + 1)
        self._left -= len(rows)
        if self._left < 0:
            most = self._limits.vertices
            raise Refused(
                f"a placemark has more than {most} positions; {raising('vertices')}", self._at[0]
            )
        found: list[list[float]] = []
        for row in rows:
            match = _POSITION.fullmatch(row)
            if match is None:
                told = "is no position; KML writes lon,lat with blanks between positions"
                self._add_wrong(("geometry",), f"{row[:60]!r} {told}")
                continue
            lon, lat, height = match.groups()
            # 0 is what writers put who know no height
            flat = height is None or float(height) == 0.0
            found.append([float(lon), float(lat)] if flat else [*map(float, match.groups())])
        return found

    def _close_shape(self, shape: _Shape) -> None:
        outer = self._shapes[-1] if self._shapes else None
        if outer is not None and outer.kind == "Polygon" and shape.kind == "LinearRing":
            outer.rings.insert(0 if outer.is_outer else len(outer.rings), shape.positions)
        elif outer is not None:
            outer.parts.append(shape.mapping())
        else:
            self._top.append(shape.mapping())

    def feature(self) -> Feature:
        """Return what the placemark says."""
        properties = self.properties
        if "id" not in properties and self._id:
            properties["id"] = self._id
        if "name" not in properties and self._name:
            properties["name"] = self._name
        if not properties.keys() & {"from", "until", "on", "times"}:
            for mark, key in (("begin", "from"), ("end", "until"), ("when", "on")):
                if mark in self._time:
                    properties[key] = self._time[mark]
        geometry = None
        if len(self._top) > 1:
            told = "a placemark has several geometries; put them into one MultiGeometry"
            self._add_wrong(("geometry",), told)
        elif self._top:
            geometry = self._top[0]
        value = {"type": "Feature", "properties": properties, "geometry": geometry}
        return Feature(value, self._at[0], tuple(self.wrong), self.places)


class _Shape:
    """One geometry, and what stands in it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.positions: list[list[float]] = []
        self.rings: list[list[list[float]]] = []
        self.parts: list[dict[str, Any]] = []
        self.is_outer = True

    def mapping(self) -> dict[str, Any]:
        """Return it as GeoJSON has it."""
        if self.kind == "Point":
            rows = self.positions
            return {"type": "Point", "coordinates": rows[0] if len(rows) == 1 else rows}
        if self.kind == "Polygon":
            return {"type": "Polygon", "coordinates": self.rings}
        if self.kind == "MultiGeometry":
            kinds = {part["type"] for part in self.parts}
            if len(kinds) == 1 and (kind := _MULTI.get(kinds.pop())):
                return {"type": kind, "coordinates": [one["coordinates"] for one in self.parts]}
            return {"type": "GeometryCollection", "geometries": self.parts}
        return {"type": "LineString", "coordinates": self.positions}
