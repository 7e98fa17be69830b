"""GeoPackage: each row of its one layer is a feature. Runs in the child of `deploygeo.io.child`.

A GeoPackage is an SQLite database, and is read with SQLite itself: no driver is chosen by what a
file claims to be, and nothing that a driver could be talked into exists here. The database is
opened for reading only, as one that does not change, so that no journal beside it is looked at;
its schema is not trusted, and an authorizer lets it select from tables and nothing else.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from deploygeo.io._limited import Feature, Part, Refused, Told
from deploygeo.io.cells import KEYS, plain_cell, unknown_column
from deploygeo.io.crs import taken_to_lon_lat
from deploygeo.io.features import IGNORED_KEYS
from deploygeo.io.limits import Limits, raising, size_text
from deploygeo.io.wkb import Transform, WkbError, read_wkb

__all__ = ["features"]

_MAGIC = b"SQLite format 3\x00"
_APPLICATIONS = (b"GPKG", b"GP10", b"GP11")
_APPLICATION_AT = 68
#: Bytes of the box in front of a geometry, by the three bits that name it.
_ENVELOPES = (0, 32, 48, 48, 64)
#: What writers call the column that numbers the rows.
_KEYS_OF_ROWS = frozenset({"fid", "ogc_fid"})
_MOST_LAYERS = 1_000
_MOST_CELL = 2**30
_MOST_COLUMNS = 2_000

_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_PRAGMAS = (
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    "temp_store = MEMORY",
    "query_only = ON",
)


def features(path: str, limits: Limits) -> Iterator[Part]:
    """Yield the rows of the layer as features.

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
        If it is no GeoPackage, has several layers, or is damaged.

    Examples
    --------
    >>> list(features(__file__, Limits()))
    Traceback (most recent call last):
    ...
    deploygeo.io._limited.Refused: this is not a GeoPackage: it does not begin as an SQLite data...
    """
    _check_mark(path)
    try:
        connection = _connect(path, limits)
        layer, column, srs = _layer(connection)
        transform = None
        if column is not None:
            transform, said = taken_to_lon_lat(_system(connection, srs))
            yield from said
        names, told = _columns(connection, layer, column)
        yield from told
        yield from _rows(connection, layer, names, column, transform, limits)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise Refused(_why(error, limits)) from None
    except UnicodeDecodeError:  # of the message of an error that quotes the file
        raise Refused("the GeoPackage is damaged; what follows was not read") from None


def _why(error: Exception, limits: Limits) -> str:
    text = str(error)[:200]
    if "too big" in text:
        told = f"a cell of the GeoPackage is larger than {size_text(min(limits.value, _MOST_CELL))}"
        return f"{told}; {raising('value')}; what follows was not read"
    if "malformed" in text or "corrupt" in text:
        return f"the GeoPackage is damaged ({text}); what follows was not read"
    if "prohibited" in text or "not authorized" in text:
        return f"a table of the GeoPackage computes what it holds ({text}); save it as a plain one"
    return f"the GeoPackage cannot be read: {text}"


def _check_mark(path: str) -> None:
    with Path(path).open("rb") as file:
        head = file.read(100)
    if not head.startswith(_MAGIC):
        raise Refused("this is not a GeoPackage: it does not begin as an SQLite database does")
    if head[_APPLICATION_AT : _APPLICATION_AT + 4] not in _APPLICATIONS:
        raise Refused("this is an SQLite database, and not marked as a GeoPackage")


def _connect(path: str, limits: Limits) -> sqlite3.Connection:
    uri = f"{Path(path).as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, cached_statements=0)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    # one value: a feature of the most characters; attached databases and triggers: none
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(limits.value, _MOST_CELL))
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, _MOST_COLUMNS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100)
    connection.setlimit(sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0)
    # a text that is not UTF-8 stays as it is, for the check of the feature to tell
    connection.text_factory = _text
    connection.set_authorizer(_authorize)
    return connection


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _authorize(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _layer(connection: sqlite3.Connection) -> tuple[str, str | None, int]:
    """Return the one layer: its table, its column of geometries, its coordinate system."""
    rows = connection.execute(
        "SELECT table_name, data_type FROM gpkg_contents "
        "WHERE data_type IN ('features', 'attributes') LIMIT ?",
        (_MOST_LAYERS,),
    ).fetchall()
    names = [str(name) for name, kind in rows if kind == "features"]
    if not names:  # records alone have no place
        names = [str(name) for name, _ in rows]
    if not names:
        raise Refused("the GeoPackage has no layer of features")
    if len(names) > 1:
        told = ", ".join(repr(name[:60]) for name in names[:8]) + (", …" if len(names) > 8 else "")
        raise Refused(
            f"the GeoPackage has {len(names)} layers: {told}; save one in a file of its own"
        )
    layer = names[0]
    made = connection.execute(
        "SELECT type, rootpage FROM sqlite_master WHERE name = ? AND type IN ('table', 'view')",
        (layer,),
    ).fetchone()
    if made is None:
        raise Refused(f"the layer {layer[:60]!r} has no table of this name")
    if made[0] == "view":  # it may make any number of rows of few, and call what it likes
        raise Refused(f"the layer {layer[:60]!r} is a view; save it as a table")
    if not made[1]:
        raise Refused(f"the layer {layer[:60]!r} is a virtual table; save it as a plain one")
    found = (
        connection.execute(
            "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ? LIMIT 2",
            (layer,),
        ).fetchall()
        if any(kind == "features" for _, kind in rows)
        else []
    )
    if len(found) > 1:
        raise Refused(f"the layer {layer[:60]!r} has two columns of geometries; keep one of them")
    if not found:
        return layer, None, 0
    column, srs = found[0]
    if not isinstance(srs, int):
        raise Refused("the layer does not say which coordinate system it is in")
    return layer, str(column), srs


def _system(connection: sqlite3.Connection, srs: int) -> str:
    """Return what a coordinate system is called, or else its definition."""
    if srs in (0, -1):
        raise Refused("the layer is in an undefined coordinate system; set it, and save it again")
    found = connection.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys "
        "WHERE srs_id = ?",
        (srs,),
    ).fetchone()
    if found is None:
        raise Refused(
            f"the layer is in the coordinate system {srs}, which the file does not define"
        )
    organization, code, definition = found
    if str(organization).upper() in ("EPSG", "OGC", "ESRI"):
        return f"{str(organization).upper()}:{code}"
    return str(definition)


def _columns(
    connection: sqlite3.Connection, layer: str, column: str | None
) -> tuple[list[str], list[Told]]:
    """Return the columns that are read, and what there is to say of the others."""
    cursor = connection.execute(f"SELECT * FROM {_quoted(layer)} LIMIT 0")  # noqa: S608 - quoted
    names = [str(one[0]) for one in cursor.description]
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice is not None:
        raise Refused(f"the column {twice[:60]!r} comes twice; keep one of them")
    if column is not None and column not in names:
        raise Refused(f"the layer has no column {column[:60]!r}, where its geometries should be")
    key = next((name for name in names if name.casefold() in _KEYS_OF_ROWS), None)
    told = []
    for name in names:
        if name not in KEYS and name not in IGNORED_KEYS and name not in (column, key):
            told.append(Told(unknown_column(name)))
    return [name for name in names if name in KEYS and name != column], told


def _quoted(name: str) -> str:
    if "\x00" in name:
        raise Refused("the name of a column or layer holds a NUL character")
    return '"' + name.replace('"', '""') + '"'


def _rows(
    connection: sqlite3.Connection,
    layer: str,
    names: list[str],
    column: str | None,
    transform: Transform | None,
    limits: Limits,
) -> Iterator[Feature]:
    wanted = [*names, *([column] if column is not None else ())]
    if not wanted:
        raise Refused("the layer has none of the columns that deployments have")
    query = f"SELECT {', '.join(map(_quoted, wanted))} FROM {_quoted(layer)}"  # noqa: S608 - quoted
    for row in connection.execute(query):
        properties = {
            name: cell
            for name, value in zip(names, row, strict=False)
            if (cell := _json(plain_cell(name, value))) is not None
        }
        geometry = None
        wrong: tuple[tuple[tuple[str | int, ...], str], ...] = ()
        if column is not None and row[-1] is not None:
            try:
                geometry = _geometry(row[-1], transform, limits)
            except WkbError as error:
                wrong = ((("geometry",), str(error)),)
        value = {"type": "Feature", "properties": properties, "geometry": geometry}
        yield Feature(value, wrong=wrong)


def _json(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"bytes": len(value)}  # no key takes an object, and says so
    return value


def _geometry(blob: object, transform: Transform | None, limits: Limits) -> dict[str, Any]:
    """Return the geometry behind the header of a GeoPackage's blob."""
    if not isinstance(blob, bytes) or not blob.startswith(b"GP") or len(blob) < 8:
        raise WkbError("the geometry is no GeoPackage blob; is it damaged?")
    flags = blob[3]
    kind = flags >> 1 & 7
    if flags & 0x20 or kind >= len(_ENVELOPES):
        raise WkbError("the geometry is of an extension of GeoPackage, which is not read")
    struct.unpack_from("<i" if flags & 1 else ">i", blob, 4)
    start = 8 + _ENVELOPES[kind]
    return read_wkb(blob[start:], vertices=limits.vertices, depth=limits.depth, transform=transform)
