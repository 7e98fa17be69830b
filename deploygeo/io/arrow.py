"""GeoParquet and Arrow: each row is a feature. Runs in the child of `deploygeo.io.child`.

Of a file only the columns that deployments have are unpacked, and the sizes that its metadata
tell are checked before. Geometries are WKB or GeoArrow's own encodings; which system their
positions are in, and how the edges between them run, is what the file says of them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from deploygeo.io._limited import Feature, Part, Refused, Told, Warned
from deploygeo.io.cells import KEYS, plain_cell, unknown_column
from deploygeo.io.crs import taken_to_lon_lat
from deploygeo.io.features import IGNORED_KEYS
from deploygeo.io.geoarrow import NATIVE, NativeError, read_native
from deploygeo.io.limits import Limits, raising, size_text
from deploygeo.io.wkb import Transform, WkbError, read_wkb

try:
    import pyarrow
    import pyarrow.ipc
    import pyarrow.parquet
except ImportError as error:
    if "failed to map" in str(error):  # it is there, and there are no addresses for it
        raise
    pyarrow = None

__all__ = ["features"]

_PARQUET, _FILE, _FEATHER_1 = b"PAR1", b"ARROW1", b"FEA1"
#: So many rows are unpacked at once.
_ROWS = 256
#: The footer says how long it is; those of real files are some kilobytes.
_MOST_FOOTER = 16 * 2**20
_MOST_METADATA = 2**20
_EXTENSION, _EXTENSION_METADATA = b"ARROW:extension:name", b"ARROW:extension:metadata"
_GEOARROW = "geoarrow."
_NO_GEO = "no column is marked as geometries; write the table as GeoParquet or GeoArrow"


class _Column(NamedTuple):
    """The column of geometries: how they are written, where they are, how their edges run."""

    name: str
    encoding: str
    transform: Transform | None
    is_spherical: bool


def features(path: str, limits: Limits) -> Iterator[Part]:
    """Yield the rows of a table as features.

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
        If it is neither, or says of its geometries what cannot be honoured.

    Examples
    --------
    >>> list(features(__file__, Limits()))
    Traceback (most recent call last):
    ...
    deploygeo.io._limited.Refused: this is neither Parquet nor Arrow: it does not begin as they do
    """
    if pyarrow is None:
        raise Refused("reading Parquet and Arrow needs pyarrow; pip install 'deploygeo[arrow]'")
    with Path(path).open("rb") as file:
        head = file.read(8)
    try:
        if head.startswith(_PARQUET):
            yield from _parquet(path, limits)
        elif head.startswith((_FILE, b"\xff\xff\xff\xff")):
            yield from _ipc(path, head.startswith(_FILE), limits)
        elif head.startswith(_FEATHER_1):
            raise Refused("this is Feather of version 1; write it again with version 2")
        else:
            raise Refused("this is neither Parquet nor Arrow: it does not begin as they do")
    except MemoryError:  # of pyarrow's as well
        raise
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise Refused(f"the file is damaged ({reason}); what follows was not read") from None


def _parquet(path: str, limits: Limits) -> Iterator[Part]:
    _check_footer(path)
    with pyarrow.OSFile(path) as source:
        file = pyarrow.parquet.ParquetFile(
            source,
            thrift_string_size_limit=_MOST_FOOTER,
            thrift_container_size_limit=1_000_000,
            page_checksum_verification=True,
        )
        if file.metadata.num_rows > limits.features:
            rows = file.metadata.num_rows
            text = f"the file has {rows} rows; at most {limits.features}: split it, or "
            raise Refused(f"{text}{raising('features')}")
        schema = file.schema_arrow
        column, said = _geometries(schema)
        yield from said
        names, told = _columns(schema, column)
        yield from told
        _check_unpacked(file, {*names, column.name}, limits)
        for batch in file.iter_batches(_ROWS, columns=[*names, column.name], use_threads=False):
            yield from _rows(batch, names, column, limits)


def _check_footer(path: str) -> None:
    size = Path(path).stat().st_size
    with Path(path).open("rb") as file:
        file.seek(max(0, size - 8))
        tail = file.read(8)
    if size < 12 or tail[4:] != _PARQUET:
        raise Refused("the Parquet file is cut off: it does not end as one does")
    length = int.from_bytes(tail[:4], "little")
    if length > size - 12:
        raise Refused("the Parquet file is damaged: its footer is longer than the file")
    if length > _MOST_FOOTER:
        most = size_text(_MOST_FOOTER)
        raise Refused(f"the footer of the Parquet file takes {length} bytes; at most {most}")


def _check_unpacked(file: Any, names: set[str], limits: Limits) -> None:
    """Refuse what its own metadata say to be too large; what they hide meets the memory limit."""
    total = 0
    for index in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(index)
        for number in range(group.num_columns):
            chunk = group.column(number)
            if chunk.path_in_schema.partition(".")[0] in names:
                total += chunk.total_uncompressed_size
    if total > limits.unpacked:
        most = size_text(limits.unpacked)
        text = f"unpacked, the file is larger than {most} ({total} bytes); split it, or "
        raise Refused(f"{text}{raising('unpacked')}")


def _ipc(path: str, is_file: bool, limits: Limits) -> Iterator[Part]:
    with pyarrow.OSFile(path) as source:
        reader = pyarrow.ipc.open_file(source) if is_file else pyarrow.ipc.open_stream(source)
        column, said = _geometries(reader.schema)
        yield from said
        names, told = _columns(reader.schema, column)
        yield from told
        wanted = [*names, column.name]
        options = pyarrow.ipc.IpcReadOptions(
            included_fields=[reader.schema.get_field_index(name) for name in wanted],
            use_threads=False,
        )
        source.seek(0)
        opening = pyarrow.ipc.open_file if is_file else pyarrow.ipc.open_stream
        reader = opening(source, options=options)
        if is_file:
            batches = (reader.get_batch(index) for index in range(reader.num_record_batches))
        else:
            batches = iter(reader)
        seen = 0
        for batch in batches:
            seen += batch.num_rows
            if seen > limits.features:
                text = f"the file has more than {limits.features} rows; split it, or "
                raise Refused(f"{text}{raising('features')}; what follows was not read")
            # offsets that point out of their buffers end the process when they are followed
            batch.validate(full=True)
            for start in range(0, batch.num_rows, _ROWS):
                yield from _rows(batch.slice(start, _ROWS), names, column, limits)


def _geometries(schema: Any) -> tuple[_Column, list[Warned]]:
    """Return the column of geometries, and what there is to say of it."""
    geo = (schema.metadata or {}).get(b"geo")
    if geo is not None:
        name, encoding, crs, edges = _of_geoparquet(_json_of(geo, "geo"))
    else:
        name, encoding, crs, edges = _of_geoarrow(schema)
    if schema.names.count(name) != 1:
        raise Refused(
            f"the geometries should be in the column {name[:60]!r}, which is not there once"
        )
    if edges not in ("planar", "spherical", "vincenty", "thomas", "andoyer", "karney"):
        raise Refused(f"unknown edges {str(edges)[:60]!r}; known are planar and spherical")
    transform, said = taken_to_lon_lat(crs)
    return _Column(name, encoding, transform, edges != "planar"), said


def _json_of(raw: bytes, what: str) -> dict[str, Any]:
    if len(raw) > _MOST_METADATA:
        raise Refused(f"the metadata {what} take {len(raw)} bytes; at most {_MOST_METADATA}")
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refused(f"the metadata {what} are not JSON") from None
    if not isinstance(found, dict):
        raise Refused(f"the metadata {what} are not a JSON object")
    return found


def _of_geoparquet(geo: dict[str, Any]) -> tuple[str, str, Any, Any]:
    """Return name, encoding, system and edges by GeoParquet 1.x."""
    version = geo.get("version")
    if not isinstance(version, str) or not version.startswith("1."):
        raise Refused(f"GeoParquet of version {str(version)[:20]!r}; versions 1.x are read")
    name, columns = geo.get("primary_column"), geo.get("columns")
    if not isinstance(name, str) or not isinstance(columns, dict):
        raise Refused("the metadata geo name no primary_column")
    column = columns.get(name)
    if not isinstance(column, dict):
        raise Refused(f"the metadata geo do not describe the column {name[:60]!r}")
    encoding = column.get("encoding")
    if encoding != "WKB" and encoding not in NATIVE:
        known = ", ".join(("WKB", *NATIVE))
        raise Refused(f"the geometries are encoded as {str(encoding)[:40]!r}; known are {known}")
    # absent means CRS84 and null that nobody knows
    crs = column.get("crs", "OGC:CRS84")
    return name, encoding, _known_crs(crs), column.get("edges", "planar")


def _of_geoarrow(schema: Any) -> tuple[str, str, Any, Any]:
    """Return name, encoding, system and edges by the marks of GeoArrow."""
    found = []
    for field in schema:
        marks = field.metadata or {}
        name = marks.get(_EXTENSION, b"").decode("utf-8", "replace")
        raw = marks.get(_EXTENSION_METADATA, b"")
        if not name and hasattr(field.type, "extension_name"):  # an extension that is registered
            name = field.type.extension_name
            raw = field.type.__arrow_ext_serialize__()
        if name.startswith(_GEOARROW):
            found.append((field.name, name.removeprefix(_GEOARROW), raw))
    if not found:
        raise Refused(_NO_GEO)
    if len(found) > 1:
        names = ", ".join(repr(str(one[0])[:40]) for one in found[:8])
        raise Refused(f"{len(found)} columns are geometries: {names}; keep one of them")
    name, encoding, raw = found[0]
    if encoding != "wkb" and encoding not in NATIVE:
        known = ", ".join(("wkb", *NATIVE))
        raise Refused(f"the geometries are encoded as {encoding[:40]!r}; known are {known}")
    said = _json_of(raw, "of the geometries") if raw else {}
    return str(name), encoding, _known_crs(said.get("crs")), said.get("edges", "planar")


def _known_crs(crs: Any) -> str | dict[str, Any]:
    if crs is None:
        raise Refused(
            "the file does not say which coordinate system it is in; set it, such as OGC:CRS84"
        )
    if not isinstance(crs, str | dict):
        raise Refused(f"the coordinate system is PROJJSON, not a {type(crs).__name__}")
    return crs


def _columns(schema: Any, column: _Column) -> tuple[list[str], list[Told]]:
    """Return the columns that are read, and what there is to say of the others."""
    names, told = [], []
    covering = _covering(schema, column)
    for name in schema.names:
        if name in (column.name, covering) or name.startswith("__index_level_"):
            continue
        if name in names:
            raise Refused(f"the column {name[:60]!r} comes twice; keep one of them")
        if name in KEYS:
            names.append(name)
        elif name not in IGNORED_KEYS:
            told.append(Told(unknown_column(name)))
    return names, told


def _covering(schema: Any, column: _Column) -> str:
    """Return the column of boxes that GeoParquet 1.1 may have beside the geometries."""
    geo = (schema.metadata or {}).get(b"geo")
    if geo is None:
        return ""
    found: Any = _json_of(geo, "geo")
    for step in ("columns", column.name, "covering", "bbox", "xmin"):
        found = found.get(step) if isinstance(found, dict) else None
    return str(found[0]) if isinstance(found, list) and found else ""


def _rows(batch: Any, names: list[str], column: _Column, limits: Limits) -> Iterator[Feature]:
    cells = {name: _coarse(batch.column(name)).to_pylist() for name in names}
    shapes = batch.column(column.name)
    if hasattr(shapes, "storage"):  # of an extension that is registered
        shapes = shapes.storage
    for index in range(batch.num_rows):
        properties = {}
        for name, values in cells.items():
            value = _json(plain_cell(name, values[index]))
            if value is not None:
                properties[name] = value
        wrong: tuple[tuple[tuple[str | int, ...], str], ...] = ()
        geometry = None
        try:
            geometry = _geometry(shapes[index].as_py(), column, limits)
        except (WkbError, NativeError) as error:
            wrong = ((("geometry",), str(error)),)
        yield Feature(
            {"type": "Feature", "properties": properties, "geometry": geometry}, wrong=wrong
        )


def _coarse(values: Any) -> Any:
    """Return nanoseconds as microseconds, which is what Python's times have."""
    if pyarrow.types.is_timestamp(values.type) and values.type.unit == "ns":
        return values.cast(pyarrow.timestamp("us", values.type.tz), safe=False)
    return values


def _geometry(value: Any, column: _Column, limits: Limits) -> dict[str, Any] | None:
    if value is None:
        return None
    if column.encoding in NATIVE:
        found = read_native(column.encoding, value, limits.vertices, column.transform)
    elif isinstance(value, bytes):
        found = read_wkb(
            value, vertices=limits.vertices, depth=limits.depth, transform=column.transform
        )
    else:
        raise WkbError("the geometry is not bytes of WKB")
    if column.is_spherical and found["type"] not in ("Point", "MultiPoint"):
        raise WkbError(
            f"the edges of this {found['type']} are those of a sphere, and deploygeo's are those "
            "of lon/lat; add positions along them, and write it with planar edges"
        )
    return found


def _json(value: Any, depth: int = 8) -> Any:
    """Return a value of Arrow as JSON has it; what JSON has not stays for the check to tell."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, list) and depth:
        return [_json(one, depth - 1) for one in value]
    if isinstance(value, dict) and depth:
        return {str(key): _json(one, depth - 1) for key, one in value.items() if one is not None}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return {"is": type(value).__name__}
