"""Reading deployments and records from anything, with every fault and its place."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from deploygeo.errors import Fault, SettingError
from deploygeo.io._sink import Reading, Sink
from deploygeo.io._stream import Item, stream
from deploygeo.io._strict import Broken, Member
from deploygeo.io._text import RefusedError, chunks_of, text_of
from deploygeo.io._window import TooLongError, Window
from deploygeo.io.features import wrong_crs
from deploygeo.io.foreign import reader_for
from deploygeo.io.limits import Limits, raising
from deploygeo.model import Deployment, Record
from deploygeo.model._shown import Path, pointer, printable, shown

__all__ = ["Limits", "Reading", "read"]


def read(source: object, *, limits: Limits | None = None) -> Reading:
    """Read deployments and records; faults are returned, not raised.

    Parameters
    ----------
    source : path, "-", mapping, iterable, or GeoDataFrame
        A file of GeoJSON (a FeatureCollection, a Feature, or one Feature a line), CSV,
        GeoPackage, KML, GeoParquet or Arrow, by its suffix;
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
    sink = Sink("<features>", limits)
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
    sink = Sink("<stdin>" if is_stdin else printable(name), limits)
    if name.lstrip().startswith(("{", "[")):
        sink.name = "<text>"
        text = "this is JSON text and not the name of a file; pass json.loads(text)"
        sink.fault(Fault(text, sink.name))
        return sink.close(None)
    if not is_stdin and (reader := reader_for(name)) is not None:
        return reader(name, limits)
    path = None if is_stdin else FilePath(name)
    chunks = _Hashed(chunks_of(path, sink.name, limits.bytes))
    try:
        _read_text(sink, text_of(chunks, sink.name, sink.warn, sink.fault))
    except RefusedError as refused:
        sink.fault(refused.fault, always=True)
    except TooLongError as error:
        sink.fault(_too_long(sink, error.limit), always=True)
    return sink.close(chunks.close())


class _Hashed:
    """Chunks of bytes, and the checksum of them all, whoever stops reading early."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._digest = hashlib.sha256()
        self._is_cut = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except RefusedError:
            self._is_cut = True
            raise
        self._digest.update(chunk)
        return chunk

    def close(self) -> str | None:
        """Return the checksum; None where a chunk could not be read."""
        with contextlib.suppress(RefusedError):
            if not self._is_cut:
                deque(self, maxlen=0)
        return None if self._is_cut else self._digest.hexdigest()


def _read_text(sink: Sink, blocks: Iterator[str]) -> None:
    window = sink.window = Window(blocks, sink.limits.value, sink.limits.vertices)
    collection: dict[str, Member] = {}
    if window.first == "[":
        sink.head = ()
        sink.warn(
            Fault("bare-array: GeoJSON has a FeatureCollection around its features", sink.name)
        )
    for part in stream(window, sink.limits.depth):
        if isinstance(part, Item):
            sink.check_room(window.line(part.offset))
            head = sink.head if part.in_collection else None
            if part.index is not None:  # broken ones before it count
                sink.features = part.index
            sink.feature(part.value, part.offset, head=head, flaws=part.flaws)
        elif isinstance(part, Member):
            collection[part.key] = part
        else:
            _tell_broken(sink, part)
    if collection:
        values = {key: member.value for key, member in collection.items()}
        _check_collection(sink, values, collection)


def _too_long(sink: Sink, limit: str) -> Fault:
    limits = sink.limits
    text = f"one feature is longer than {limits.value} characters"
    if limit == "vertices":
        text = f"one feature holds more values than {limits.vertices} positions have"
    return Fault(f"{text}; {raising(limit)}; what follows was not read", sink.name)


def _tell_broken(sink: Sink, broken: Broken) -> None:
    where: Path = broken.path
    if broken.in_collection and broken.index is not None:
        where = (*sink.head, broken.index)
    message = broken.message
    if broken.is_end and sink.features:
        told = f"{sink.features} features" if sink.features > 1 else "1 feature"
        message += f"; {told} before it {'were' if sink.features > 1 else 'was'} read"
    sink.broken = True
    index = broken.index
    if broken.index is not None:
        sink.features = max(sink.features, broken.index + 1)
    line, column = broken.place
    at = pointer(where)
    fault = Fault(message, sink.name, line, column, index, None, at, broken.excerpt)
    sink.fault(fault, always=broken.is_final)


def _check_collection(sink: Sink, members: Mapping[Any, Any], places: Mapping[str, Member]) -> None:
    """Check what stands beside the features; a wrong CRS makes all of them wrong."""

    def fault(key: str, text: str) -> None:
        at = f"/{key}" if members.get(key) is not None else ""
        fault = Fault(text, sink.name, pointer=at)
        if key in places:
            (line, column), row = places[key].place, places[key].excerpt
            fault = replace(fault, line=line, column=column, excerpt=row)
        sink.fault(fault, always=True)

    kind = members.get("type")
    if kind != "FeatureCollection" and not sink.broken:
        fault("type", f'"type" is "FeatureCollection", not {shown(kind)}')
    if "features" in members:
        fault("features", f"features is a list, not {shown(members['features'])}")
    if wrong := wrong_crs(members.get("crs")):
        fault("crs", f"{wrong}; no feature was read")
        sink.things.clear()


def _read_values(sink: Sink, source: object) -> None:
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
            for row in _few(sink, rows):
                sink.feature(row, None)
            _check_collection(sink, rest, {})
        else:
            sink.feature(source, None, head=None)
        return
    if not isinstance(source, Iterable):
        text = f"cannot read {shown(source)}: pass a path, features, deployments or a GeoDataFrame"
        raise RefusedError(Fault(text, sink.name))
    for row in _few(sink, source):
        if isinstance(row, Deployment | Record):
            sink.ready(row)
        else:
            sink.feature(row, None)


def _few(sink: Sink, rows: Iterable[Any]) -> Iterator[Any]:
    """Yield no more features than are taken."""
    for row in rows:
        sink.check_room()
        yield row
