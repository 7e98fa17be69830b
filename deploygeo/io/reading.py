"""Reading deployments and records from anything, with every fault and its place."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploygeo.errors import Fault, SettingError
from deploygeo.io._scan import LineCounter, find_flaws, locate, skip_blanks
from deploygeo.io._stream import Broken, Item, Member, flaw_text, stream
from deploygeo.io._text import RefusedError, decode, load
from deploygeo.io.features import parse_feature, to_features
from deploygeo.model import Deployment, Origin, Record
from deploygeo.model._flaws import Flaws, pointer, printable, shown, unwrapped

__all__ = ["Limits", "Reading", "read"]

_LON_LAT = frozenset(
    {
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "OGC:CRS84",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
    }
)
_INFINITE = shown(float("inf"))
_NUMBER = re.compile(r"-?[0-9][0-9.eE+-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a source is read before it is refused.

    Parameters
    ----------
    bytes : int
        Size of a file or of standard input.
    depth : int
        Levels of nesting; GeoJSON itself needs 8.
    faults : int
        How many faults are told one by one; the rest are counted.

    Notes
    -----
    A geometry has at most two million positions, a text 100 000 characters, an id 200.

    Examples
    --------
    >>> read("no-such-file.geojson", limits=Limits(bytes=1024)).faults[0].message
    'there is no such file'
    """

    bytes: int = 256 * 2**20
    depth: int = 64
    faults: int = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source holds: the good, and the faults of the rest."""

    deployments: tuple[Deployment, ...]
    records: tuple[Record, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    source: str
    sha256: str
    fault_count: int = 0
    features: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether everything was read."""
        return not self.faults


def read(source: object, *, limits: Limits | None = None) -> Reading:
    """Read deployments and records; faults are returned, not raised.

    Parameters
    ----------
    source : path, "-", mapping, iterable, or GeoDataFrame
        A file of GeoJSON (a FeatureCollection, a Feature, or one Feature a line),
        ``"-"`` for standard input, the same as a mapping, an iterable of feature
        mappings, `Deployment` and `Record`, or a GeoDataFrame with a CRS.
    limits : Limits, optional
        What is refused for its size.

    Returns
    -------
    Reading
        The good features are there even where others are faulty.

    Raises
    ------
    SettingError
        If `limits` are no `Limits`. Whatever is wrong with the source is a fault instead.

    Examples
    --------
    >>> reading = read({"type": "Feature", "properties": {"id": "a", "party": "FRA",
    ...     "kind": "radar"}, "geometry": {"type": "Point", "coordinates": [2.0, 148.0]}})
    >>> print(*reading.faults, sep=chr(10))
    <features>: features[0] (id 'a') /geometry/coordinates/1: lat 148.0 is outside [-90, 90]; are
    lon and lat swapped? GeoJSON writes [lon, lat]
    >>> read([]).deployments
    ()
    """
    limits = limits or Limits()
    if not isinstance(limits, Limits):
        raise SettingError(f"limits are deploygeo.io.Limits(...), not {shown(limits)}")
    if isinstance(source, str | os.PathLike):
        return _read_file(source, limits)
    sink = _Sink("<features>", limits)
    try:
        _read_values(sink, source)
    except RefusedError as refused:
        sink.fault(refused.fault)
    return sink.close(None)


def _read_file(source: str | os.PathLike[str], limits: Limits) -> Reading:
    name = os.fspath(source)
    if isinstance(name, bytes):
        name = os.fsdecode(name)
    is_stdin = name == "-"
    sink = _Sink("<stdin>" if is_stdin else printable(name), limits)
    if name.lstrip().startswith(("{", "[")):
        sink.name = "<text>"
        text = "this is JSON text and not the name of a file; pass json.loads(text)"
        sink.fault(Fault(text, sink.name))
        return sink.close(None)
    digest = None
    try:
        content = load(None if is_stdin else Path(name), sink.name, limits.bytes)
        digest = hashlib.sha256(content).hexdigest()
        text = decode(content, sink.name, sink.warn, sink.fault)
        del content  # up to 256 MB that nobody needs while the features are built
        _read_text(sink, text)
    except RefusedError as refused:
        sink.fault(refused.fault)
    return sink.close(digest)


def _read_text(sink: _Sink, text: str) -> None:
    sink.text, sink.lines = text, LineCounter(text)
    collection: dict[str, tuple[Any, int]] = {}
    if text.startswith("[", skip_blanks(text, 0)):
        sink.head = ()
        sink.warn(
            Fault("bare-array: GeoJSON has a FeatureCollection around its features", sink.name)
        )
    for part in stream(text, sink.limits.depth):
        if isinstance(part, Item):
            head = sink.head if part.in_collection else None
            sink.feature(part.value, part.offset, head=head, flaws=part.flaws)
        elif isinstance(part, Member):
            collection[part.key] = (part.value, part.offset)
        else:
            _tell_broken(sink, part)
    if collection:
        _check_collection(sink, {key: value for key, (value, _) in collection.items()}, collection)


def _tell_broken(sink: _Sink, broken: Broken) -> None:
    line, column = sink.lines.place(broken.offset) if sink.lines else (None, None)
    where: tuple[str | int, ...] = () if broken.index is None else (*sink.head, broken.index)
    message = broken.message
    if broken.is_end and sink.features:
        told = f"{sink.features} features" if sink.features > 1 else "1 feature"
        message += f"; {told} before it {'were' if sink.features > 1 else 'was'} read"
    sink.broken = True
    index = broken.index
    if broken.index is not None:
        sink.features = max(sink.features, broken.index + 1)
    fault = Fault(message, sink.name, line, column, index, None, pointer(where))
    sink.fault(fault, always=broken.is_final)


def _check_collection(
    sink: _Sink,
    members: Mapping[Any, Any],
    offsets: Mapping[str, tuple[Any, int]],
) -> None:
    """Check what stands beside the features; a wrong CRS makes all of them wrong."""

    def fault(key: str, text: str) -> None:
        line = None
        if sink.lines is not None and key in offsets:
            line = sink.lines.line(offsets[key][1])
        fault = Fault(text, sink.name, line, pointer=f"/{key}" if key else "")
        sink.fault(fault, always=True)

    kind = members.get("type")
    if kind != "FeatureCollection" and not sink.broken:
        fault(
            "type" if kind is not None else "", f'"type" is "FeatureCollection", not {shown(kind)}'
        )
    if "features" in members:
        fault("features", f"features is a list, not {shown(members['features'])}")
    crs = members.get("crs")
    if crs is not None and (name := _crs_name(crs)) not in _LON_LAT:
        text = f"the coordinates are in {shown(name)}; GeoJSON is lon/lat WGS 84 (CRS84): "
        advice = "transform it, and leave crs out"
        if name and "4326" in str(name):
            advice = "make sure that lon comes first, and leave crs out"
        fault("crs", f"{text}{advice}; no feature was read")
        sink.things.clear()


def _crs_name(crs: object) -> object:
    if isinstance(crs, Mapping) and isinstance(crs.get("properties"), Mapping):
        return crs["properties"].get("name")
    return crs if isinstance(crs, str) else "an unknown coordinate system"


def _read_values(sink: _Sink, source: object) -> None:
    if isinstance(source, Deployment | Record):
        source = [source]
    if isinstance(source, bytes | bytearray):
        raise RefusedError(Fault("these are bytes; pass a path, or json.loads(text)", sink.name))
    if hasattr(source, "iterrows") and hasattr(source, "columns"):
        from deploygeo.io.geodataframe import frame_features

        source = frame_features(source, lambda text: sink.fault(Fault(text, sink.name)))
    elif hasattr(source, "__geo_interface__") and not isinstance(source, Mapping):
        source = source.__geo_interface__
    if isinstance(source, Mapping):
        if source.get("type") == "FeatureCollection" or "features" in source:
            rows = source.get("features")
            rest = {key: value for key, value in source.items() if key != "features"}
            if not isinstance(rows, list | tuple):
                rest["features"] = rows
                rows = ()
            for row in rows:
                sink.feature(row, None)
            _check_collection(sink, rest, {})
        else:
            sink.feature(source, None, head=None)
        return
    if not isinstance(source, Iterable):
        text = f"cannot read {shown(source)}: pass a path, features, deployments or a GeoDataFrame"
        raise RefusedError(Fault(text, sink.name))
    for row in source:
        if isinstance(row, Deployment | Record):
            sink.ready(row)
        else:
            sink.feature(row, None)


@dataclass(slots=True)
class _Sink:
    """Takes features in and keeps what is good, what is wrong, and how much of it."""

    name: str
    limits: Limits
    text: str | None = None
    lines: LineCounter | None = None
    things: list[Deployment | Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    ids: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    fault_count: int = 0
    warning_count: int = 0
    features: int = 0
    untold: set[int] = field(default_factory=set)
    broken: bool = False
    head: tuple[str, ...] = ("features",)
    heads: dict[tuple[int, str | int], int] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        return self.fault_count >= self.limits.faults

    def fault(self, fault: Fault, *, always: bool = False) -> None:
        self.fault_count += 1
        if always or self.fault_count <= self.limits.faults:
            self.faults.append(fault)
        elif fault.feature is not None:
            self.untold.add(fault.feature)

    def warn(self, fault: Fault) -> None:
        self.warning_count += 1
        if self.warning_count <= self.limits.faults:
            self.warnings.append(fault)

    def feature(
        self,
        value: object,
        offset: int | None,
        *,
        head: tuple[str, ...] | None = ("features",),
        flaws: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Check one feature and keep it, or tell why not; `head` points to the list it is in."""
        index = self.features
        self.features += 1
        line = self.lines.line(offset) if self.lines and offset is not None else None
        found = Flaws(hints=not self.is_full)
        origin = Origin(self.name, line, index)
        thing = parse_feature(found, value, origin, depth=self.limits.depth)
        if thing is None and self.text is None:  # of Python: NumPy's numbers are numbers
            again = Flaws(hints=not self.is_full)
            plain = unwrapped(value, self.limits.depth)
            thing = parse_feature(again, plain, origin, depth=self.limits.depth)
            found = again
        id_ = _id(value)
        prefix: tuple[str | int, ...] = () if head is None else (*head, index)
        if flaws:
            self._text_flaws(flaws, found, offset, index, id_, prefix)
        for path, text in found.found:
            self._tell(self.fault, path, text, offset, index, id_, prefix)
        for path, text in found.warnings:
            self._tell(self.warn, path, text, offset, index, id_, prefix)
        if thing is not None and not flaws:
            self._keep(thing, index, line, prefix)

    def ready(self, thing: Deployment | Record) -> None:
        """Keep what was checked when it was made."""
        index = self.features
        self.features += 1
        self._keep(thing, index, None, ())

    def _keep(
        self,
        thing: Deployment | Record,
        index: int,
        line: int | None,
        prefix: tuple[str | int, ...],
    ) -> None:
        if thing.id in self.ids:
            first, first_line = self.ids[thing.id]
            where = f"features[{first}]" + (f", line {first_line}" if first_line else "")
            text = f"the id {shown(thing.id)} is taken by {where}"
            at = pointer((*prefix, "properties", "id")) if prefix or line else ""
            self.fault(Fault(text, self.name, line, None, index, thing.id, at))
            return
        self.ids[thing.id] = (index, line)
        self.things.append(thing)

    def _tell(
        self,
        to: Any,
        path: tuple[str | int, ...],
        text: str,
        offset: int | None,
        index: int,
        id_: str | None,
        prefix: tuple[str | int, ...],
    ) -> None:
        line = column = None
        # beyond the limit a fault is only counted: to locate it would cost more than to find it
        if self.text is not None and self.lines and offset is not None and not self.is_full:
            there = self._locate(self.text, offset, path)
            line, column = self.lines.place(there)
            if _INFINITE in text and (number := _NUMBER.match(self.text, there)):
                text = text.replace(_INFINITE, f"{_short(number.group())}, too large a number")
        at = pointer((*prefix, *path))
        to(Fault(text, self.name, line, column, index, id_, at))

    def _locate(self, text: str, offset: int, path: tuple[str | int, ...]) -> int:
        """Return where `path` lies; a long geometry is walked over once and not per fault."""
        if not path:
            return offset
        head = (offset, path[0])
        if head not in self.heads:
            if any(known != offset for known, _ in self.heads):
                self.heads.clear()
            self.heads[head] = locate(text, offset, path[:1])
        at = self.heads[head]
        return at if at == offset else locate(text, at, path[1:])

    def _text_flaws(
        self,
        flaws: tuple[tuple[str, str], ...],
        found: Flaws,
        offset: int | None,
        index: int,
        id_: str | None,
        prefix: tuple[str | int, ...],
    ) -> None:
        places: list[tuple[tuple[str | int, ...], int]] = []
        if self.text is not None and offset is not None and not self.is_full:
            places = find_flaws(self.text, offset)
            said = {path for path, _ in places}
            found.found = [(path, text) for path, text in found.found if path not in said]
            # the decoder closes the inner object first, the text is told from top to bottom
            for path, at in places:
                line, column = self.lines.place(at) if self.lines else (None, None)
                word = self.text[at : at + 9]
                kind = "duplicate" if word.startswith('"') else "constant"
                name = str(path[-1]) if kind == "duplicate" else _constant(word)
                full = pointer((*prefix, *path))
                fault = Fault(flaw_text(kind, name), self.name, line, column, index, id_, full)
                self.fault(fault)
            return
        for kind, name in flaws:
            fault = Fault(flaw_text(kind, name), self.name, None, None, index, id_, pointer(prefix))
            self.fault(fault)

    def close(self, digest: str | None) -> Reading:
        """Return what was read."""
        untold = self.fault_count - len(self.faults)
        if untold > 0:
            among = f" in {len(self.untold)} features" if self.untold else ""
            self.faults.append(Fault(f"and {untold} more faults{among}", self.name))
        for thing in self.things:
            part_of = thing.part_of if isinstance(thing, Deployment) else None
            if part_of is not None and part_of not in self.ids:
                origin = thing.origin or Origin(self.name)
                text = f"part-of: no feature here has the id {shown(part_of)}"
                self.warn(Fault(text, self.name, origin.line, feature=origin.feature, id=thing.id))
        silent = self.warning_count - len(self.warnings)
        if silent > 0:
            self.warnings.append(Fault(f"and {silent} more warnings", self.name))
        return Reading(
            deployments=tuple(one for one in self.things if isinstance(one, Deployment)),
            records=tuple(one for one in self.things if isinstance(one, Record)),
            faults=tuple(self.faults),
            warnings=tuple(self.warnings),
            source=self.name,
            sha256=digest or _digest(self.things),
            fault_count=self.fault_count,
            features=self.features,
        )


def _id(feature: object) -> str | None:
    """Return the id of a feature that may be wrong, short enough for a message."""
    if not isinstance(feature, Mapping):
        return None
    properties = feature.get("properties")
    found = feature.get("id")
    if found is None and isinstance(properties, Mapping):
        found = properties.get("id")
    return printable(found[:80]) if isinstance(found, str) else None


def _short(number: str) -> str:
    return number if len(number) <= 40 else f"{number[:20]}… ({len(number)} digits)"


def _constant(word: str) -> str:
    return next((name for name in ("NaN", "Infinity", "-Infinity") if word.startswith(name)), word)


def _digest(things: Iterable[Deployment | Record]) -> str:
    """Return the checksum of what was read, where there is no file to take it of."""
    text = json.dumps(to_features(things), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
