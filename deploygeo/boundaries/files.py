"""Where the border data lie, and how a GeoPackage is read without GDAL.

A GeoPackage is an SQLite file whose geometries are WKB behind a short header
(OGC 12-128r19, section 2.1.3). The files are opened ``mode=ro&immutable=1``: no
lock is taken, no journal is looked for, and they work on a read-only disk.
"""

from __future__ import annotations

import sqlite3
import struct
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo.errors import BoundaryError

__all__ = ["connect", "data_folder", "geometries", "polygons_of", "read_toml"]

_MARK = "units.toml"  # the one file that every version of the folder has

# Bytes of the envelope by its code, bits 1-3 of the flags: none, XY, XYZ, XYM, XYZM.
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_MULTIPOLYGON = 6


@lru_cache(maxsize=1)
def data_folder() -> Path:
    """Return the folder of the border data.

    An installed package carries it as ``deploygeo/_boundaries``. An editable
    install does not see that, and takes ``boundaries/`` of the checkout.

    Raises
    ------
    BoundaryError
        If neither is there.

    Examples
    --------
    >>> (data_folder() / "units.toml").is_file()
    True
    """
    package = Path(__file__).resolve().parents[1]
    candidates = (package / "_boundaries", package.parent / "boundaries")
    for folder in candidates:
        if (folder / _MARK).is_file():
            return folder
    looked = " or ".join(str(folder) for folder in candidates)
    raise BoundaryError(
        f"the border data are missing: no {_MARK} in {looked}; install deploygeo again, "
        "or run from a checkout that has the folder boundaries/"
    )


def connect(path: Path) -> sqlite3.Connection:
    """Open a GeoPackage for reading only.

    Parameters
    ----------
    path : Path
        The file. Any character may stand in its name.

    Raises
    ------
    BoundaryError
        If there is no such file, or it is not a GeoPackage.

    Examples
    --------
    >>> connect(Path("nowhere.gpkg"))
    Traceback (most recent call last):
    ...
    deploygeo.errors.BoundaryError: the border data file nowhere.gpkg is missing; ...
    """
    if not path.is_file():
        raise BoundaryError(
            f"the border data file {path} is missing; install deploygeo again, "
            "or rebuild it with the script in boundaries/"
        )
    # One connection serves every thread: the callers hold a lock around it.
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    try:
        connection.execute("SELECT table_name FROM gpkg_contents LIMIT 1").fetchall()
    except sqlite3.DatabaseError as error:
        connection.close()
        raise BoundaryError(
            f"{path} is not a GeoPackage ({error}); install deploygeo again"
        ) from error
    return connection


def geometries(blobs: Iterable[bytes]) -> NDArray[np.object_]:
    """Return the geometries of GeoPackageBinary values.

    Parameters
    ----------
    blobs : iterable of bytes
        Header, optional envelope, WKB.

    Raises
    ------
    BoundaryError
        If a value does not start as the standard says, or its WKB is damaged.

    Examples
    --------
    >>> header = b"GP" + bytes([0, 1]) + (4326).to_bytes(4, "little")
    >>> [point.wkt for point in geometries([header + shapely.Point(1, 2).wkb])]
    ['POINT (1 2)']
    >>> geometries([]).size
    0
    """
    try:
        return np.asarray(shapely.from_wkb([_wkb(blob) for blob in blobs]), dtype=object)
    except shapely.errors.ShapelyError as error:
        raise BoundaryError(
            f"damaged geometry in the border data ({error}); install deploygeo again"
        ) from error


def polygons_of(blobs: Iterable[bytes]) -> shapely.MultiPolygon:
    """Return GeoPackageBinary polygons as one multipolygon, which is read in one go.

    Raises
    ------
    BoundaryError
        As for `geometries`, and if a value is no polygon.

    Examples
    --------
    >>> header = b"GP" + bytes([0, 1]) + (4326).to_bytes(4, "little")
    >>> polygons_of([header + shapely.box(0, 0, 1, 1).wkb]).area
    1.0
    >>> polygons_of([]).is_empty
    True
    """
    parts = [_wkb(blob) for blob in blobs]
    # a multipolygon in WKB is a head, little-endian, and the polygons one after the other
    head = struct.pack("<BII", 1, _MULTIPOLYGON, len(parts))
    try:
        found: Any = shapely.from_wkb(head + b"".join(parts))
    except shapely.errors.ShapelyError as error:
        raise BoundaryError(
            f"damaged geometry in the border data ({error}); install deploygeo again"
        ) from error
    return cast(shapely.MultiPolygon, found)


def _wkb(blob: bytes) -> bytes:
    if len(blob) < 8 or blob[:2] != b"GP":
        raise BoundaryError("a geometry of the border data has no GeoPackage header")
    code = (blob[3] >> 1) & 7
    if code >= len(_ENVELOPE_BYTES):
        raise BoundaryError(f"a geometry of the border data has the unknown envelope code {code}")
    return blob[8 + _ENVELOPE_BYTES[code] :]


def read_toml(path: Path) -> dict[str, Any]:
    """Return a TOML file of the border data as a dict.

    Raises
    ------
    BoundaryError
        If it is missing or does not parse.

    Examples
    --------
    >>> read_toml(Path("nowhere.toml"))
    Traceback (most recent call last):
    ...
    deploygeo.errors.BoundaryError: the border data file nowhere.toml is missing; ...
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BoundaryError(
            f"the border data file {path} is missing; install deploygeo again"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BoundaryError(f"{path} does not parse: {error}") from error
