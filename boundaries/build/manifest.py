"""Write MANIFEST.toml: where the data come from, what they hold, how to verify them."""

import sqlite3
from pathlib import Path

import shapely

from .atoms import area_km2
from .geopackage import content_hash
from .inputs import INPUTS

__all__ = ["write"]

_FILES = {
    "hybrid": "Natural Earth land borders, World Vector Shoreline coast",
    "ne10": "Natural Earth throughout",
    "seas": "Natural Earth marine polygons",
}
_HEADER_BYTES = 40  # of a GeoPackage geometry with an XY envelope; the WKB follows


def write(folder: Path) -> None:
    """Describe the GeoPackages of a folder in its MANIFEST.toml."""
    lines = [
        "# Written by boundaries.build; do not edit.",
        'edges = "planar"          # straight in longitude and latitude, RFC 7946 section 3.1.1',
        'crs = "EPSG:4326"',
        "grid_degrees = 1e-5",
        'notice = "Made with Natural Earth (public domain, 5.1.1 and 4.1.0). Coastline: World '
        'Vector Shoreline, NGDC/NIMA, US Government work, public domain."',
        'positional_error = "errors.toml"',
        'content_hash = "sha256 over the rows in fid order: of every column but fid, in table '
        "order, the number of bytes (8, little-endian), then the value: blob as is, text in "
        'UTF-8, number as little-endian double"',
    ]
    for source in INPUTS.values():
        lines += [
            "",
            f"[source.{source.name}]",
            f'title = "{source.title}"',
            f'carrier = "{source.package}"',
            f'version = "{source.version}"',
            f'file = "{source.inner}"',
            f'licence = "{source.licence}"',
            f'sha256 = "{source.sha256}"',
        ]
    for name, title in _FILES.items():
        with sqlite3.connect(folder / f"{name}.gpkg") as database:
            lines += ["", f"[file.{name}]", f'title = "{title}"', f'path = "{name}.gpkg"']
            lines += _layers(database, name)
            if name != "seas":
                lines += _areas(database, name)
    (folder / "MANIFEST.toml").write_text("\n".join(lines) + "\n")


def _layers(database: sqlite3.Connection, name: str) -> list[str]:
    lines = []
    for (layer,) in database.execute(
        "SELECT table_name FROM gpkg_contents ORDER BY table_name"
    ).fetchall():
        blobs = [b[_HEADER_BYTES:] for (b,) in database.execute(f"SELECT geom FROM {layer}")]  # noqa: S608
        lines += [
            "",
            f"[file.{name}.layer.{layer}]",
            f"rows = {len(blobs)}",
            f"vertices = {int(shapely.get_num_coordinates(shapely.from_wkb(blobs)).sum())}",
            f'sha256 = "{content_hash(database, layer)}"',
        ]
    return lines


def _areas(database: sqlite3.Connection, name: str) -> list[str]:
    found: dict[str, list[shapely.Polygon]] = {}
    for unit, blob in database.execute("SELECT unit, geom FROM land ORDER BY unit"):
        found.setdefault(unit, []).append(shapely.from_wkb(blob[_HEADER_BYTES:]))
    return [
        "",
        f"[file.{name}.area_km2]",
        *(f"{unit} = {area_km2(parts):.1f}" for unit, parts in found.items()),
    ]
