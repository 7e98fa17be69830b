"""GeoPackages: read as GDAL reads them, and never trusted."""

import random
import sqlite3

import geopandas
import pytest
import shapely

from deploygeo.io import Limits, from_geodataframe, read, to_geodataframe
from deploygeo.model import Deployment


def frame(**columns):
    table = {"id": ["a", "b"], "party": ["USA", "FRA"], "kind": ["radar", "radar"], **columns}
    return geopandas.GeoDataFrame(
        table, geometry=[shapely.Point(1, 2), shapely.Point(3, 4)], crs="EPSG:4326"
    )


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "f.gpkg"
    frame().to_file(path, layer="x")
    return path


def change(path, *statements):
    connection = sqlite3.connect(path)
    for one in statements:
        connection.execute(one)
    connection.commit()
    connection.close()
    return path


def message(path, **limits):
    reading = read(path, limits=Limits(**limits))
    (fault,) = reading.faults
    return fault.message


def test_what_gdal_writes_is_read_as_gdal_reads_it(tmp_path):
    things = [
        Deployment(
            id="a",
            party="USA",
            kind="radar",
            geometry=shapely.box(0, 0, 1, 1),
            range_km=(500, 900),
            nuclear=True,
            brigades=2,
            partners=("UKR",),
            stay="2021-12-17",
            contingents=[{"party": "USA", "personnel": 5}],
        ),
        Deployment(
            id="b", party="FRA", kind="radar", geometry=shapely.LineString([(0, 0), (1, 1)])
        ),
        Deployment(id="c", party="FRA", kind="radar", geometry=(1, 2), nuclear=False),
    ]
    path = tmp_path / "f.gpkg"
    to_geodataframe(things).to_file(path)
    reading = read(path)
    assert reading.faults == reading.warnings == ()
    assert list(reading.deployments) == things == list(from_geodataframe(geopandas.read_file(path)))


@pytest.mark.parametrize("kind", ["Point Z", "MultiPolygon", "empty", "null"])
def test_all_shapes_of_a_blob_are_read(tmp_path, kind):
    shapes = {
        "Point Z": shapely.Point(1, 2, 3),
        "MultiPolygon": shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
        "empty": shapely.Point(),
        "null": None,
    }
    table = frame()
    table.loc[0, "geometry"] = shapes[kind]
    path = tmp_path / "f.gpkg"
    table.to_file(path)
    reading = read(path)
    if kind in ("empty", "null"):
        assert [one.pointer[:20] for one in reading.faults] == ["/features/0/geometry"]
    else:
        expected = shapely.force_2d(shapes[kind])
        assert reading.deployments[0].geometry == expected


def test_positions_in_another_system_are_taken_to_lon_and_lat_and_that_is_said(tmp_path):
    path = tmp_path / "f.gpkg"
    frame().to_crs("EPSG:3857").to_file(path)
    reading = read(path)
    assert reading.deployments[1].geometry.distance(shapely.Point(3, 4)) < 1e-9
    assert [one.message[:48] for one in reading.warnings] == [
        "crs: the positions are in EPSG:3857 and were tak"
    ]


def test_an_unknown_system_is_refused(path):
    change(path, "UPDATE gpkg_geometry_columns SET srs_id = -1")
    assert "undefined coordinate system" in message(path)
    change(path, "UPDATE gpkg_geometry_columns SET srs_id = 77")
    assert "which the file does not define" in message(path)
    change(
        path,
        "INSERT INTO gpkg_spatial_ref_sys VALUES ('x', 77, 'me', 77, '/etc/passwd', '')",
    )
    assert "cannot be taken to lon/lat" in message(path)


def test_unknown_columns_are_told_once_and_the_rows_are_read(tmp_path):
    path = tmp_path / "f.gpkg"
    frame(rnage_km=[1, 2], title=["x", "y"]).to_file(path)
    reading = read(path)
    assert [one.message for one in reading.faults] == [
        "unknown column 'rnage_km'; did you mean 'range_km'?"
    ]
    assert len(reading.deployments) == 2


def test_several_layers_are_named(path):
    frame().to_file(path, layer="other")
    assert message(path) == (
        "the GeoPackage has 2 layers: 'x', 'other'; save one in a file of its own"
    )


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("fid, geom, id, party, kind FROM y", "is a view; save it as a table"),
        ("fid, geom, load_extension('x') AS id, party, kind FROM y", "is a view"),
        (
            "1 AS fid, NULL AS geom, zeroblob(1000000000) AS id, 'USA' AS party FROM y, y AS z",
            "is a view",
        ),
    ],
)
def test_a_view_is_refused(path, columns, words):
    """Thirty joins of two rows are a thousand million features."""
    change(path, "ALTER TABLE x RENAME TO y", f"CREATE VIEW x AS SELECT {columns}")
    assert words in message(path)


def test_a_trigger_never_fires_and_the_file_stays_as_it_is(path):
    change(path, "CREATE TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM x; END")
    before = path.read_bytes()
    assert read(path).faults == ()
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["f.gpkg"]


@pytest.mark.parametrize(
    ("computed", "words"),
    [
        ("zeroblob(900000000)", "a cell of the GeoPackage is larger than 128 MiB; raise"),
        ("hex(zeroblob(100000000))", "--limit value=…"),
        ("zeroblob(1000)", "id is text"),
    ],
)
def test_a_column_that_computes_harm_is_a_fault(path, computed, words):
    change(
        path,
        "CREATE TABLE y AS SELECT * FROM x WHERE id = 'a'",
        "DROP TABLE x",
        "CREATE TABLE x (fid INTEGER PRIMARY KEY, geom BLOB, party TEXT, kind TEXT, "
        f"id TEXT GENERATED ALWAYS AS ({computed}) VIRTUAL)",
        "INSERT INTO x (fid, geom, party, kind) SELECT fid, geom, party, kind FROM y",
    )
    assert words in message(path)


def test_a_virtual_table_is_refused(path):
    change(
        path,
        "DROP TABLE x",
        "CREATE VIRTUAL TABLE x USING rtree(fid, a, b)",
    )
    assert "is a virtual table" in message(path)


def test_a_journal_beside_the_file_is_not_looked_at(path):
    (path.parent / "f.gpkg-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\x00" * 100)
    (path.parent / "f.gpkg-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" * 64)
    assert len(read(path).deployments) == 2
    assert (path.parent / "f.gpkg-journal").exists()


@pytest.mark.parametrize(
    ("blob", "words"),
    [
        ("NULL", "geometry is null"),
        ("x'00'", "no GeoPackage blob"),
        ("'text'", "no GeoPackage blob"),
        ("x'47500021E6100000'", "an extension of GeoPackage"),
        ("x'4750000FE6100000'", "an extension of GeoPackage"),
        ("x'47500001E6100000'", "the WKB ends"),
        ("x'47500003E6100000'", "the WKB ends"),
        ("x'47500001E610000001080000000000000000'", "a CircularString is not read"),
    ],
)
def test_a_damaged_geometry_costs_its_row_only(path, blob, words):
    triggers = sqlite3.connect(path).execute("SELECT name FROM sqlite_master WHERE type='trigger'")
    change(path, *(f"DROP TRIGGER {name}" for (name,) in triggers.fetchall()))
    change(path, f"UPDATE x SET geom = {blob} WHERE id = 'a'")  # noqa: S608 - of this test
    reading = read(path)
    assert [one.id for one in reading.deployments] == ["b"]
    (fault,) = reading.faults
    assert words in fault.message
    assert (fault.feature, fault.id) == (0, "a")


def test_nested_collections_in_a_blob_are_a_fault(path):
    """GEOS crashes on 20 000 of them."""
    nested = "0107000000" + "01000000" + "010700000001000000" * 20_000
    triggers = sqlite3.connect(path).execute("SELECT name FROM sqlite_master WHERE type='trigger'")
    change(path, *(f"DROP TRIGGER {name}" for (name,) in triggers.fetchall()))
    change(path, f"UPDATE x SET geom = x'47500001E6100000{nested}' WHERE id = 'a'")  # noqa: S608
    reading = read(path)
    assert "nested deeper" in reading.faults[0].message
    assert [one.id for one in reading.deployments] == ["b"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04", "this is a zip archive"),
        (b"PK", "not a GeoPackage"),
        (b"<OGRVRTDataSource/>", "this is XML"),
        (b'{"type": "FeatureCollection"}', "this is JSON; name it .geojson"),
        (b"SQLite format 3\x00" + b"\x00" * 84, "not marked as a GeoPackage"),
    ],
)
def test_what_is_no_geopackage_is_refused_by_its_first_bytes(tmp_path, content, words):
    path = tmp_path / "f.gpkg"
    path.write_bytes(content)
    assert words in message(path)


def test_a_database_without_the_tables_of_a_geopackage_is_refused(tmp_path, path):
    plain = tmp_path / "plain.gpkg"
    change(plain, "PRAGMA application_id = 0x47504B47", "CREATE TABLE x (id TEXT)")
    assert "no such table: gpkg_contents" in message(plain)
    change(path, "DELETE FROM gpkg_contents")
    assert "no layer" in message(path)


def test_a_layer_without_its_table_or_column_is_refused(path):
    change(path, "UPDATE gpkg_geometry_columns SET column_name = 'shape'")
    assert "no column 'shape'" in message(path)
    change(path, "DROP TABLE x")
    assert "no table of this name" in message(path)


def test_damage_anywhere_is_one_fault(path):
    whole = path.read_bytes()
    draw = random.Random(3)  # noqa: S311
    for cut in (100, 4_096, len(whole) // 2, len(whole) - 4_096):
        path.write_bytes(whole[:cut])
        assert message(path)
    for _ in range(12):
        damaged = bytearray(whole)
        for _ in range(draw.choice([3, 300])):
            damaged[draw.randrange(100, len(damaged))] = draw.randrange(256)
        path.write_bytes(damaged)
        for fault in read(path).faults:
            assert "crash" not in str(fault)


def test_more_rows_than_the_limit_are_refused(path):
    assert "more than 1 features" in message(path, features=1)
