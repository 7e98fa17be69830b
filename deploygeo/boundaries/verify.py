"""Compare the content of the border data with what the manifest says of it.

An SQLite file carries versions and times, so its own checksum would say little: the
hash is over the rows of each layer.
"""

from __future__ import annotations

import hashlib
import sqlite3
import struct
from pathlib import Path
from typing import Any

from deploygeo.boundaries.files import connect, data_folder, read_toml
from deploygeo.boundaries.store import DEFAULT_LEVEL, LEVELS
from deploygeo.errors import BoundaryError, UnknownNameError

__all__ = ["content_hash", "verify"]


def verify(level: str = DEFAULT_LEVEL, *, folder: Path | None = None) -> list[str]:
    """Return what is wrong with the data of a level and with the seas; nothing if all is well.

    Parameters
    ----------
    level : str
    folder : Path, optional
        Another folder than the one that ships.

    Raises
    ------
    UnknownNameError
        If there is no such level.
    BoundaryError
        If the manifest is missing or says nothing of the level.

    Examples
    --------
    >>> verify("ne10")
    []
    """
    if level not in LEVELS:
        raise UnknownNameError("level", level, LEVELS)
    folder = data_folder() if folder is None else folder
    manifest = read_toml(folder / "MANIFEST.toml")
    problems: list[str] = []
    for name in (level, "seas"):
        problems += _problems(folder / f"{name}.gpkg", _layers(manifest, name))
    return problems


def _layers(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    layers = manifest.get("file", {}).get(name, {}).get("layer")
    if not isinstance(layers, dict):
        raise BoundaryError(f"MANIFEST.toml says nothing of {name}.gpkg; install deploygeo again")
    return layers


def _problems(path: Path, layers: dict[str, Any]) -> list[str]:
    try:
        database = connect(path)
    except BoundaryError as error:
        return [str(error)]
    problems = []
    try:
        present = {row[0] for row in database.execute("SELECT table_name FROM gpkg_contents")}
        problems += [
            f"{path.name}: layer {layer!r} is not in the manifest"
            for layer in sorted(present - set(layers))
        ]
        for layer, stated in layers.items():
            if layer not in present:
                problems.append(f"{path.name}: layer {layer!r} is missing")
                continue
            found, count = content_hash(database, layer)
            if count != stated["rows"]:
                problems.append(
                    f"{path.name}: layer {layer!r} has {count} rows, not {stated['rows']}"
                )
            if found != stated["sha256"]:
                problems.append(
                    f"{path.name}: layer {layer!r} has content hash {found}, not {stated['sha256']}"
                )
    except sqlite3.DatabaseError as error:
        problems.append(f"{path.name}: {error}; install deploygeo again")
    finally:
        database.close()
    return problems


def content_hash(database: sqlite3.Connection, layer: str) -> tuple[str, int]:
    """Return the sha256 of a layer's rows in fid order, and their number.

    Of every column but fid, in table order, the value goes in behind its length as eight
    little-endian bytes: blobs as they are, text in UTF-8, numbers as little-endian doubles.

    Examples
    --------
    >>> memory = sqlite3.connect(":memory:")
    >>> _ = memory.execute("CREATE TABLE land (fid INTEGER PRIMARY KEY, unit TEXT)")
    >>> content_hash(memory, "land") == (hashlib.sha256().hexdigest(), 0)
    True
    >>> memory.close()
    """
    digest = hashlib.sha256()
    count = 0
    quoted = layer.replace('"', '""')
    for row in database.execute(f'SELECT * FROM "{quoted}" ORDER BY fid'):  # noqa: S608 - quoted
        count += 1
        for value in row[1:]:
            encoded = _encoded(value)
            digest.update(struct.pack("<Q", len(encoded)))
            digest.update(encoded)
    return digest.hexdigest(), count


def _encoded(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, int | float):
        return struct.pack("<d", value)
    return str(value).encode()
