"""GeoParquet and Arrow: what the file says of its geometries is honoured or refused."""

import json
import struct
import sys
from decimal import Decimal

import geopandas
import pandas
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
import shapely

from deploygeo.io import Limits, read, to_geodataframe
from deploygeo.model import Deployment

POINTS = [shapely.Point(1, 2), shapely.Point(3, 4)]
CRS84 = geopandas.GeoSeries([], crs="OGC:CRS84").crs.to_json_dict()


def frame(shapes=POINTS, **columns):
    table = {"id": ["a", "b"], "party": ["USA", "FRA"], "kind": ["radar", "radar"], **columns}
    return geopandas.GeoDataFrame(table, geometry=list(shapes), crs="OGC:CRS84")


@pytest.fixture
def write(tmp_path):
    def writer(table, name="f.parquet", **options):
        path = tmp_path / name
        if name.endswith("parquet"):
            pq.write_table(table, path, **options)
        elif name.endswith("arrows"):
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as out:
                out.write_table(table)
        else:
            pyarrow.feather.write_feather(table, path, **options)
        return path

    return writer


def table_of(shapes=None, geo=None, **columns):
    """Return a table of two rows with geometries in WKB and the metadata of GeoParquet."""
    values = [shapely.to_wkb(one) for one in POINTS] if shapes is None else shapes
    table = pa.table(
        {
            "id": ["a", "b"],
            "party": ["USA", "FRA"],
            "kind": ["radar", "radar"],
            **columns,
            "geometry": values,
        }
    )
    told = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": [], **(geo or {})}},
    }
    return table.replace_schema_metadata({"geo": json.dumps(told)})


def message(path, **limits):
    (fault,) = read(path, limits=Limits(**limits)).faults
    return fault.message


def ids(path):
    reading = read(path)
    assert reading.faults == ()
    return [one.id for one in reading.deployments]


@pytest.mark.parametrize("name", ["f.parquet", "f.geoparquet", "f.feather", "f.arrow", "f.ipc"])
def test_what_geopandas_writes_is_read(tmp_path, name):
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
        Deployment(id="b", party="FRA", kind="radar", geometry=(1, 2), nuclear=False),
    ]
    path = tmp_path / name
    made = to_geodataframe(things)
    made.to_parquet(path) if name.endswith("parquet") else made.to_feather(path)
    reading = read(path)
    assert (reading.faults, reading.warnings) == ((), ())
    assert list(reading.deployments) == things


@pytest.mark.parametrize("kind", ["point", "line", "polygon", "multipoint", "multipolygon"])
def test_native_encodings_are_read(tmp_path, kind):
    one = {
        "point": shapely.Point(1, 2),
        "line": shapely.LineString([(0, 0), (1, 1)]),
        "polygon": shapely.Polygon([(0, 0), (4, 0), (4, 4)], [[(2, 1), (3, 1), (3, 2)]]),
        "multipoint": shapely.MultiPoint([(0, 0), (1, 1)]),
        "multipolygon": shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
    }[kind]
    path = tmp_path / "f.parquet"
    made = frame([one, one])
    made.to_parquet(path, geometry_encoding="geoarrow", schema_version="1.1.0")
    reading = read(path)
    assert reading.faults == ()
    assert [row.geometry for row in reading.deployments] == [one, one]


@pytest.mark.parametrize("interleaved", [True, False])
@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
@pytest.mark.parametrize("name", ["f.arrow", "f.arrows"])
def test_geoarrow_is_read(write, interleaved, encoding, name):
    made = pa.table(frame().to_arrow(geometry_encoding=encoding, interleaved=interleaved))
    assert ids(write(made, name)) == ["a", "b"]


def test_columns_of_types_are_what_json_would_have(write):
    moment = pandas.Timestamp("2021-12-17T09:30", tz="UTC")
    track = shapely.LineString([(0, 0), (1, 1)])
    table = table_of(
        [shapely.to_wkb(track), shapely.to_wkb(POINTS[1])],
        range_km=pa.array([[500.0, 900.0], None]),
        personnel=pa.array([Decimal("5.0"), None], pa.decimal128(10, 2)),
        contingents=pa.array([[{"party": "USA", "personnel": 5.0}], None]),
        on=pa.array([None, pandas.Timestamp("2021-12-17")], pa.timestamp("ns")),
        times=pa.array(
            [[moment, moment], None],
            pa.list_(pa.timestamp("us", "UTC")),
        ),
        nuclear=pa.array([True, None]),
        name=pa.array(["x", "x"]).dictionary_encode(),
    )
    reading = read(write(table))
    assert [one.message for one in reading.faults] == []
    first, second = reading.deployments
    assert (first.range_km.hi, first.personnel.lo, first.nuclear) == (900, 5, True)
    assert first.contingents[0].personnel.lo == 5
    assert first.times[0].isoformat() == "2021-12-17T09:30:00+00:00"
    assert str(second.stay.start) == "2021-12-17"


def test_unknown_columns_are_told_once_and_the_rows_are_read(write):
    path = write(table_of(rnage_km=[1, 2], title=["x", "y"]))
    assert message(path) == "unknown column 'rnage_km'; did you mean 'range_km'?"
    assert len(read(path).deployments) == 2


def test_a_column_of_boxes_is_no_unknown_column(tmp_path):
    path = tmp_path / "f.parquet"
    frame().to_parquet(path, write_covering_bbox=True, schema_version="1.1.0")
    assert ids(path) == ["a", "b"]


@pytest.mark.parametrize("crs", ["absent", CRS84])
def test_lon_and_lat_are_taken_as_they_are(write, crs):
    path = write(table_of(geo={} if crs == "absent" else {"crs": crs}))
    reading = read(path)
    assert [one.geometry for one in reading.deployments] == POINTS
    assert reading.warnings == ()


def test_positions_in_another_system_are_taken_to_lon_and_lat_and_that_is_said(tmp_path):
    path = tmp_path / "f.parquet"
    for options in ({}, {"geometry_encoding": "geoarrow", "schema_version": "1.1.0"}):
        frame().to_crs("EPSG:32631").to_parquet(path, **options)
        reading = read(path)
        assert reading.deployments[1].geometry.distance(POINTS[1]) < 1e-6
        assert "in EPSG:32631 and were taken to lon/lat" in reading.warnings[0].message


@pytest.mark.parametrize(
    ("geo", "words"),
    [
        ({"crs": None}, "does not say which coordinate system"),
        ({"crs": 4326}, "is PROJJSON, not a int"),
        ({"crs": {"type": "GeographicCRS"}}, "cannot be taken to lon/lat"),
        ({"crs": "/etc/passwd"}, "cannot be taken to lon/lat"),
        ({"edges": "curved"}, "unknown edges 'curved'"),
        ({"encoding": "WKT"}, "encoded as 'WKT'; known are WKB, point"),
    ],
)
def test_what_cannot_be_honoured_is_refused(write, geo, words):
    assert words in message(write(table_of(geo=geo)))


def test_edges_on_a_sphere_are_refused_where_there_are_edges(write):
    shapes = [shapely.to_wkb(POINTS[0]), shapely.to_wkb(shapely.box(0, 0, 1, 1))]
    path = write(table_of(shapes, geo={"edges": "spherical"}))
    reading = read(path)
    assert [one.id for one in reading.deployments] == ["a"]
    assert "the edges of this Polygon are those of a sphere" in reading.faults[0].message


@pytest.mark.parametrize(
    ("geo", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ("{}", "GeoParquet of version 'None'"),
        ('{"version": "0.4.0"}', "versions 1.x are read"),
        ('{"version": "1.0.0"}', "no primary_column"),
        ('{"version": "1.0.0", "primary_column": "x", "columns": {}}', "do not describe"),
        (
            '{"version": "1.0.0", "primary_column": "x", "columns": {"x": {"encoding": "WKB"}}}',
            "should be in the column 'x'",
        ),
        (" " * 2_000_000, "at most 1048576"),
    ],
)
def test_metadata_that_are_none_are_refused(write, geo, words):
    table = table_of().replace_schema_metadata({"geo": geo})
    assert words in message(write(table))


def test_a_table_without_geometries_is_refused(write):
    plain = pa.table({"id": ["a"], "lon": [1.0]})
    for name in ("f.parquet", "f.arrow"):
        assert "no column is marked as geometries" in message(write(plain, name))


def test_a_damaged_geometry_costs_its_row_only(write):
    nested = struct.pack("<BII", 1, 7, 1) * 20_000 + shapely.to_wkb(POINTS[0])
    path = write(table_of([nested, shapely.to_wkb(POINTS[1])]))
    reading = read(path)
    assert [one.id for one in reading.deployments] == ["b"]
    assert "nested deeper" in reading.faults[0].message
    path = write(table_of(["POINT (1 2)", None]))
    assert [one.message for one in read(path).faults] == [
        "the geometry is not bytes of WKB",
        "geometry is null: a deployment needs a place",
    ]


def test_a_native_geometry_of_another_shape_is_a_fault(write):
    for encoding, values in (
        ("polygon", [[[1.0, 2.0]], None]),
        ("point", [[1.0], [2.0]]),
        ("linestring", [1.0, 2.0]),
        ("point", [["x", "y"], ["x", "y"]]),
    ):
        path = write(table_of(values, geo={"encoding": encoding}))
        assert "geometry" in read(path).faults[0].message
        assert read(path).deployments == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PAR1", "cut off"),
        (b"PAR1" + b"\x00" * 20, "cut off"),
        (b"PAR1" + b"\x00" * 20 + b"\xff\xff\xff\x7fPAR1", "its footer is longer than the file"),
        (b"PAR1" + b"\x00" * 20 + b"\x04\x00\x00\x00PAR1", "damaged"),
        (b"ARROW1\x00\x00", "damaged"),
        (b"ARROW1\x00\x00" + b"\xff" * 50, "damaged"),
        (b"\xff\xff\xff\xff\xff\xff\xff\x7f", "damaged"),
        (b"FEA1" + b"\x00" * 20, "Feather of version 1"),
        (b"PK\x03\x04", "this is a zip archive"),
        (b"PARE" + b"\x00" * 20 + b"PARE", "neither Parquet nor Arrow"),
    ],
)
def test_what_is_neither_is_refused_by_its_bytes(tmp_path, content, words):
    path = tmp_path / "f.parquet"
    path.write_bytes(content)
    assert words in message(path)


@pytest.mark.parametrize("name", ["f.parquet", "f.feather"])
def test_every_cut_of_a_file_is_a_fault(write, name):
    path = write(table_of(), name)
    whole = path.read_bytes()
    for cut in range(1, len(whole), len(whole) // 6):
        path.write_bytes(whole[:cut])
        assert message(path)


def test_a_bomb_of_repeated_text_is_refused(write):
    """A few kilobytes that unpack to gigabytes, of which the metadata tell nothing."""
    notes = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000), pa.array(["x" * 1_000_000]))
    table = pa.table(
        {
            "id": pa.array([str(i) for i in range(100_000)]),
            "notes": notes,
            "geometry": [shapely.to_wkb(POINTS[0])] * 100_000,
        }
    ).replace_schema_metadata(table_of().schema.metadata)
    path = write(table, compression="zstd")
    assert path.stat().st_size < 2_000_000
    told = " ".join(one.message for one in read(path).faults)
    assert "unpacked, the file is larger than 256 MiB" in told or "1 GiB of memory" in told


def test_what_the_metadata_tell_to_be_large_is_refused_before_it_is_unpacked(write):
    path = write(table_of(notes=["x" * 100_000] * 2, name=["y"] * 2), use_dictionary=False)
    assert "unpacked, the file is larger than 50000 bytes" in message(path, unpacked=50_000)
    path = write(table_of(title=["x" * 100_000] * 2), use_dictionary=False)
    assert read(path, limits=Limits(unpacked=50_000)).faults == ()  # nobody needs the titles


def test_more_rows_than_the_limit_are_refused(write):
    assert "the file has 2 rows; at most 1" in message(write(table_of()), features=1)
    path = write(table_of(), "f.arrow")
    assert "more than 1 rows" in message(path, features=1)


def test_two_columns_of_geometries_are_named(write):
    made = pa.table(frame().to_arrow())
    twice = made.append_column(made.schema.field("geometry").with_name("other"), made["geometry"])
    assert "2 columns are geometries: 'geometry', 'other'" in message(write(twice, "f.arrow"))


def test_without_pyarrow_it_is_said_what_to_install(write, tmp_path, monkeypatch):
    path = write(table_of())
    hidden = tmp_path / "hidden"
    (hidden / "pyarrow").mkdir(parents=True)
    (hidden / "pyarrow" / "__init__.py").write_text("raise ImportError('not installed')")
    from deploygeo.io import child

    start = f"import sys; sys.path.insert(0, {str(hidden)!r}); " + child._START
    monkeypatch.setattr(child, "_START", start)
    assert message(path) == (
        "reading Parquet and Arrow needs pyarrow; pip install 'deploygeo[arrow]'"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits addresses")
def test_too_little_memory_for_pyarrow_is_not_called_a_lack_of_it(write):
    (fault,) = read(write(table_of()), limits=Limits(memory=80_000_000)).faults
    assert "needs more than 80000000 bytes of memory to be read" in fault.message
    assert "--limit memory=" in fault.message
