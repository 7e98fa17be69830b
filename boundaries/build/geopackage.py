"""Write GeoPackages with the standard library, byte for byte from the rows given.

GeoPackage 1.3 (OGC 12-128r17): application id "GPKG", user version 10300, three metadata tables,
geometry as a header "GP" with an XY envelope, then little-endian WKB.
"""

import hashlib
import sqlite3
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

__all__ = ["Layer", "content_hash", "write"]

_APPLICATION_ID = 0x47504B47  # "GPKG"
_USER_VERSION = 10300
# gpkg_contents asks for a time of the last change; a fixed one keeps rebuilds alike.
_LAST_CHANGE = "2021-12-17T00:00:00.000Z"
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_METADATA = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
  m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name));
"""
_BOX = ("min_lon", "min_lat", "max_lon", "max_lat")


@dataclass(frozen=True, slots=True)
class Layer:
    """A feature table: rows of (geometry, text values in the order of ``columns``)."""

    name: str
    geometry_type: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[BaseGeometry, tuple[str, ...]]]
    description: str
    boxed: bool = False  # adds the four box columns
    indexes: tuple[str, ...] = field(default=())


def _blob(geometry: BaseGeometry) -> bytes:
    min_x, min_y, max_x, max_y = geometry.bounds
    # Flags 0b00000011: little-endian, XY envelope.
    header = struct.pack("<2sBBi4d", b"GP", 0, 0b11, 4326, min_x, max_x, min_y, max_y)
    return header + shapely.to_wkb(geometry, byte_order=1, output_dimension=2)


def write(path: Path, layers: Iterable[Layer]) -> None:
    """Write a new GeoPackage, replacing what is there."""
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.execute("PRAGMA page_size = 4096")
    database.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {_USER_VERSION}")
    database.executescript(_METADATA)
    database.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)",
        [
            ("Undefined cartesian", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic", 0, "NONE", 0, "undefined", None),
            ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, "longitude, latitude in degrees"),
        ],
    )
    for layer in layers:
        _write_layer(database, layer)
    database.commit()
    database.execute("VACUUM")
    database.close()


def _write_layer(database: sqlite3.Connection, layer: Layer) -> None:
    boxes = _BOX if layer.boxed else ()
    columns = [f"{name} TEXT NOT NULL" for name in layer.columns]
    columns += [f"{name} REAL NOT NULL" for name in boxes]
    database.execute(
        f"CREATE TABLE {layer.name} (fid INTEGER PRIMARY KEY, "
        f"geom {layer.geometry_type} NOT NULL, {', '.join(columns)})"
    )
    marks = ",".join("?" * (2 + len(columns)))
    database.executemany(
        f"INSERT INTO {layer.name} VALUES ({marks})",  # noqa: S608 - names are our own constants
        (
            (fid, _blob(geometry), *texts, *(geometry.bounds if layer.boxed else ()))
            for fid, (geometry, texts) in enumerate(layer.rows, start=1)
        ),
    )
    for index in layer.indexes:
        database.execute(index)
    bounds: list[float | None] = [None] * 4
    if layer.rows:
        bounds = [float(b) for b in shapely.total_bounds([g for g, _ in layer.rows])]
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?,'features',?,?,?,?,?,?,?,4326)",
        (layer.name, layer.name, layer.description, _LAST_CHANGE, *bounds),
    )
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?,'geom',?,4326,0,0)",
        (layer.name, layer.geometry_type),
    )


def content_hash(database: sqlite3.Connection, layer: str) -> str:
    """Return the sha256 of a layer's rows, which no version or time in the file can move.

    Rows go in fid order. Of every column but fid, in table order, the value's bytes go in
    behind their count as eight little-endian bytes: blobs as they are, text in UTF-8, numbers
    as little-endian doubles.
    """
    digest = hashlib.sha256()
    for row in database.execute(f"SELECT * FROM {layer} ORDER BY fid"):  # noqa: S608
        for value in row[1:]:
            encoded = _encoded(value)
            digest.update(struct.pack("<Q", len(encoded)))
            digest.update(encoded)
    return digest.hexdigest()


def _encoded(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else struct.pack("<d", value)
