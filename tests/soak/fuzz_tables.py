"""Coverage-guided fuzzing of the other formats: ``python tests/soak/fuzz_tables.py wkb 10 FOLDER``.

The first word is ``table`` (CSV), ``position`` (degrees, MGRS, cells), ``wkb``, ``kml`` or
``geopackage``, the number is minutes, and the folder keeps the corpus and what was found. It needs
atheris, which is no dependency of the tests. An input is a finding if it raises what its reader
does not say it raises, takes more than 10 s or 1 GiB, or is told in a text that a terminal acts
upon; WKB also where GEOS reads it in another way. Readers of files run in this process here, where
a crash is a finding.
"""

import contextlib
import math
import struct
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("table", "position", "wkb", "kml", "geopackage")
HEADER = b"id,party,kind,lon,lat,position_error_km,range_km,with,contingents,record,notes\n"
WORDS = {
    "table": ("USA", "radar", '"', '""', ",", "\r\n", "500-900", "[1, 2]", "UKR;POL", "sep=,\n"),
    "position": (
        *("59°26'12.5\"N", "24°44'E", "35VLF", "ZAH", "N", "S", "E", "W", "′", "″", "°", "º"),
        *("32X", "31V", " ", ",", "60", "59.999", "180", "90", "-", "e-5", "[", ";", ":"),
    ),
    "wkb": ("\x01\x07\x00\x00\x00\x01\x00\x00\x00", "\x01\x03\x00\x00\x00", "\x00\x00\x00\x00\x04"),
    "kml": (
        *("<Placemark>", "</Placemark>", "<Point>", "</Point>", "<coordinates>", "</coordinates>"),
        *("<ExtendedData>", '<Data name="id">', "<value>", "<Polygon>", "<outerBoundaryIs>"),
        *("<LinearRing>", "<MultiGeometry>", "<!DOCTYPE", "<!ENTITY", "<![CDATA[", "&amp;"),
    ),
    "geopackage": ("GP", "CREATE", "upper(", "WITHOUT ROWID"),
}
POINT = struct.pack("<BIdd", 1, 1, 1.0, 2.0)


def check_table(content: bytes, folder: Path) -> None:
    """Read bytes as a table, with a header in front and without."""
    from deploygeo.io import Limits, read

    path = folder / "f.csv"
    for head in (b"", HEADER):
        path.write_bytes(head + content)
        reading = read(path, limits=Limits(value=50_000))
        for fault in (*reading.faults, *reading.warnings):
            said = str(fault)
            assert all(line.isprintable() for line in said.split("\n")), said
            assert len(said) < 3_000, len(said)


def check_position(content: bytes, folder: Path) -> None:
    """Read a text as a position, a coordinate and a cell."""
    from deploygeo.errors import CoordinateError
    from deploygeo.io.cells import KEYS, plain_cell, text_cell
    from deploygeo.io.coordinates import parse_angle, parse_dms, parse_position
    from deploygeo.io.mgrs import parse_mgrs

    text = content.decode("utf-8", "surrogateescape")
    for parse in (parse_position, parse_dms, parse_mgrs):
        with contextlib.suppress(CoordinateError):
            lon, lat, error_m = parse(text)
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            assert 0 <= error_m < 80_000
    for axis in ("lon", "lat"):
        with contextlib.suppress(CoordinateError):
            parse_angle(text, axis)
    for key in KEYS:
        text_cell(key, text)
        plain_cell(key, text)


def check_wkb(content: bytes, folder: Path) -> None:
    """Take bytes apart; what is taken is what GEOS reads."""
    import shapely
    from shapely.geometry import mapping

    from deploygeo.io.wkb import WkbError, read_wkb

    try:
        found = read_wkb(content, vertices=10_000)
    except WkbError:
        return
    try:
        geometry = shapely.from_wkb(content)
    except shapely.errors.GEOSException as error:
        # GEOS refuses rings that are not closed and lines of one position, as the checks do later
        later = ("Points of LinearRing", "Invalid number of", "point array must contain")
        if any(words in str(error) for words in later):
            return
        raise
    assert _plain(found) == _plain(mapping(geometry)), (found, mapping(geometry))


def _plain(value: object) -> object:
    """Return lon and lat alone, and no empty rings, of which GEOS makes an empty polygon."""
    if isinstance(value, list | tuple):
        if value and all(isinstance(one, float) for one in value):
            return [repr(one) for one in value[:2]]
        return [plain for one in value if (plain := _plain(one)) != []]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if key != "type"}
    return value


def check_kml(content: bytes, folder: Path) -> None:
    """Read bytes as KML."""
    from deploygeo.io import kml
    from deploygeo.io._limited import Refused
    from deploygeo.io.limits import Limits

    path = folder / "f.kml"
    for body in (content, b"<kml><Placemark>" + content + b"</Placemark></kml>"):
        path.write_bytes(body)
        with contextlib.suppress(Refused):
            list(kml.features(str(path), Limits(vertices=1_000, value=50_000)))


def check_geopackage(content: bytes, folder: Path) -> None:
    """Change bytes of a good GeoPackage: four tell where, the others what stands there."""
    from deploygeo.io import geopackage
    from deploygeo.io._limited import Refused
    from deploygeo.io.limits import Limits

    damaged = bytearray(_geopackage(folder))
    for at in range(0, len(content) - 12, 12):
        (where,) = struct.unpack_from("<I", content, at)
        where %= len(damaged) - 8
        damaged[where : where + 8] = content[at + 4 : at + 12]
    path = folder / "f.gpkg"
    path.write_bytes(damaged)
    with contextlib.suppress(Refused):
        for number, _ in enumerate(geopackage.features(str(path), Limits())):
            assert number < 1_000_000


_MADE: dict[str, bytes] = {}


def _geopackage(folder: Path) -> bytes:
    """Return a small GeoPackage, made with SQLite alone."""
    import sqlite3

    if "gpkg" not in _MADE:
        path = folder / "seed.gpkg"
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path)
        connection.executescript(
            """
            PRAGMA page_size = 512;
            PRAGMA application_id = 1196444487;
            CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
            CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
            CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT,
                organization_coordsys_id INTEGER, definition TEXT);
            INSERT INTO gpkg_contents VALUES ('x', 'features');
            INSERT INTO gpkg_geometry_columns VALUES ('x', 'geom', 4326);
            INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326, '');
            CREATE TABLE x (fid INTEGER PRIMARY KEY, geom BLOB, id TEXT, party TEXT, kind TEXT);
            """
        )
        blob = b"GP\x00\x01" + struct.pack("<i", 4326) + POINT
        rows = [(number, blob, str(number), "USA", "radar") for number in range(40)]
        connection.executemany("INSERT INTO x VALUES (?, ?, ?, ?, ?)", rows)
        connection.commit()
        connection.close()
        _MADE["gpkg"] = path.read_bytes()
    return _MADE["gpkg"]


CHECKS = {
    "table": check_table,
    "position": check_position,
    "wkb": check_wkb,
    "kml": check_kml,
    "geopackage": check_geopackage,
}


def seeds(target: str) -> list[bytes]:
    """Return what to begin with."""
    line = struct.pack("<BII", 1, 2, 2) + struct.pack("<4d", 0, 0, 1, 1)
    ring = struct.pack("<BIII", 1, 3, 1, 4) + struct.pack("<8d", 0, 0, 1, 0, 1, 1, 0, 0)
    found = {
        "table": [
            b"a,USA,radar,24.7,59.4,,500-900,UKR;POL,USA:5;FRA,,\n",
            b'"b","FRA",radar,"24\xc2\xb042\'E",59N,0.5,"[1, 2]",,,,"two\nlines"\r\n',
            b"id,party,kind,mgrs\na,USA,radar,35VLF 69412 86850\n",
            b"id,record,party,group,on\nf,accession,FIN,NATO,2023-04-04\n",
        ],
        "position": [
            b"59\xc2\xb026'12.5\"N 24\xc2\xb044'E",
            b"N59:26:12.5 E024:44",
            b"35VLF 69412 86850",
            b"ZAB9645452981",
            b"24.75",
            b"USA:500;DEU:200-300",
            b"['UKR', 'POL']",
        ],
        "wkb": [
            POINT,
            line,
            ring,
            struct.pack("<BII", 1, 4, 1) + POINT,
            struct.pack("<BII", 1, 7, 2) + line + POINT,
            struct.pack(">BIddd", 0, 1001, 1, 2, 3),
            struct.pack("<BIIdd", 1, 0x20000001, 4326, 1, 2),
            struct.pack("<BIdd", 1, 1, math.nan, math.nan),
        ],
        "kml": [
            b'<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark id="a"><Point><coordinates>1,2'
            b"</coordinates></Point></Placemark></kml>",
            b'<ExtendedData><Data name="party"><value>USA</value></Data></ExtendedData><Polygon>'
            b"<outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing>"
            b"</outerBoundaryIs></Polygon><TimeSpan><begin>2021-12-01</begin></TimeSpan>",
        ],
        "geopackage": [struct.pack("<I", at) + b"\x00" * 8 for at in range(0, 4_096, 256)],
    }
    return found[target]


def run(target: str, minutes: float, folder: Path) -> None:
    """Fuzz for some minutes."""
    import atheris

    with atheris.instrument_imports(include=["deploygeo.io"]):
        import deploygeo.io
        import deploygeo.io.cells
        import deploygeo.io.geopackage
        import deploygeo.io.kml
        import deploygeo.io.mgrs
        import deploygeo.io.table
        import deploygeo.io.wkb  # noqa: F401
    corpus = folder / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(seeds(target)):
        (corpus / f"seed{number:03}").write_bytes(content)
    words = folder / f"{target}.dict"
    lines = ("".join(f"\\x{byte:02X}" for byte in word.encode()) for word in WORDS[target])
    words.write_text("".join(f'"{line}"\n' for line in lines))
    scratch = Path(tempfile.mkdtemp(prefix="deploygeo-fuzz-"))
    limits = [f"-max_total_time={int(60 * minutes)}", "-timeout=10", "-rss_limit_mb=1024"]
    names = [f"-artifact_prefix={folder}/{target}-found-", f"-dict={words}", "-max_len=4000"]

    def one(content: bytes) -> None:
        CHECKS[target](content, scratch)

    atheris.Setup([sys.argv[0], str(corpus), *limits, *names], one)
    atheris.Fuzz()


if __name__ == "__main__":
    run(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
