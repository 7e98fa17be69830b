"""Well-known binary: read as GEOS reads it, and refused before it can do harm."""

import itertools
import math
import struct
import time
import tracemalloc

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping

from deploygeo.io.crs import CrsError, to_lon_lat
from deploygeo.io.wkb import WkbError, read_wkb

NUMBERS = st.floats(-180, 180).map(lambda value: round(value, 3))


def lists(value):
    if isinstance(value, tuple | list):
        return [lists(one) for one in value]
    return {key: lists(one) for key, one in value.items()} if isinstance(value, dict) else value


@st.composite
def geometries(draw, nested=True):
    kind = draw(st.sampled_from(["Point", "Line", "Polygon", "Multi", "Collection"]))
    positions = draw(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=4, max_size=6))
    if not draw(st.booleans()):
        positions = [one[:2] for one in positions]
    if kind == "Point":
        return shapely.Point(positions[0])
    if kind == "Line":
        return shapely.LineString(positions)
    if kind == "Polygon":
        return shapely.Polygon(positions, [positions[:3]] if draw(st.booleans()) else None)
    if kind == "Multi" or not nested:
        one = draw(st.sampled_from(["Point", "LineString", "Polygon"]))
        make = {
            "Point": lambda: shapely.MultiPoint(positions),
            "LineString": lambda: shapely.MultiLineString([positions, positions[:2]]),
            "Polygon": lambda: shapely.MultiPolygon([shapely.Polygon(positions)] * 2),
        }
        return make[one]()
    return shapely.GeometryCollection(draw(st.lists(geometries(nested=False), max_size=3)))


@settings(max_examples=150, deadline=None)
@given(geometries(), st.sampled_from([0, 1]), st.sampled_from(["iso", "extended"]), st.booleans())
def test_what_geos_writes_is_read_as_geos_reads_it(geometry, order, flavor, is_marked):
    srid = flavor == "extended" and is_marked
    if srid:
        geometry = shapely.set_srid(geometry, 4326)
    blob = shapely.to_wkb(geometry, byte_order=order, flavor=flavor, include_srid=srid)
    assert lists(read_wkb(blob)) == lists(mapping(geometry))


def test_measures_are_left_out_and_empty_points_are_empty():
    measured = shapely.from_wkt("LINESTRING ZM (1 2 3 4, 5 6 7 8)")
    for flavor in ("iso", "extended"):
        blob = shapely.to_wkb(measured, output_dimension=4, flavor=flavor)
        assert read_wkb(blob)["coordinates"] == [[1.0, 2.0, 3.0], [5.0, 6.0, 7.0]]
    only = shapely.from_wkt("POINT M (1 2 3)")
    assert read_wkb(shapely.to_wkb(only, output_dimension=4))["coordinates"] == [1.0, 2.0]
    for text in ("POINT EMPTY", "LINESTRING EMPTY", "POLYGON EMPTY", "MULTIPOINT EMPTY"):
        assert read_wkb(shapely.to_wkb(shapely.from_wkt(text)))["coordinates"] == []


def nest(levels):
    """Return a point in so many collections."""
    point = shapely.to_wkb(shapely.Point(1, 2))
    return struct.pack("<BII", 1, 7, 1) * levels + point


@pytest.mark.parametrize("levels", [65, 1_000, 20_000, 2_000_000])
def test_nested_collections_are_refused_without_recursion(levels):
    """20 000 of them end GEOS 3.14 with a segmentation fault."""
    with pytest.raises(WkbError, match="nested deeper"):
        read_wkb(nest(levels))


def test_collections_may_be_nested_as_deep_as_the_limit_says():
    found = read_wkb(nest(3), depth=3)
    assert [found := found["geometries"][0] for _ in range(3)][-1]["type"] == "Point"
    with pytest.raises(WkbError, match="nested deeper"):
        read_wkb(nest(3), depth=2)


@pytest.mark.parametrize(
    ("code", "what"),
    [(2, "positions"), (3, "rings"), (4, "parts"), (5, "parts"), (6, "parts"), (7, "geometries")],
)
@pytest.mark.parametrize("count", [1_000_000, 0xFFFFFFFF])
def test_a_count_that_cannot_be_is_refused_before_anything_is_made(code, what, count):
    blob = struct.pack("<BII", 1, code, count) + b"\x00" * 64
    tracemalloc.start()
    with pytest.raises(WkbError, match=f"counts {count} {what}, and 64 bytes are left"):
        read_wkb(blob)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("blob", "words"),
    [
        (b"", "ends within"),
        (b"\x02", "byte order 2"),
        (b"\x01\x01\x00", "ends within"),
        (struct.pack("<BI", 1, 0), "unknown geometry type 0"),
        (struct.pack("<BI", 1, 18), "unknown geometry type 18"),
        (struct.pack("<BI", 1, 4001), "unknown geometry type 4001"),
        (struct.pack("<BI", 1, 8), "a CircularString is not read; make lines"),
        (struct.pack("<BI", 1, 1010), "a CurvePolygon is not read"),
        (struct.pack("<BI", 1, 17), "a Triangle is not read"),
        (struct.pack("<BIIdd", 1, 0x20000001, 3857, 0, 0), "SRID 3857"),
        (struct.pack("<BIIBI", 1, 4, 1, 1, 2) + b"\x00" * 9, "a LineString stands in a MultiPoint"),
        (struct.pack("<BIIBI", 1, 6, 1, 1, 7) + b"\x00" * 9, "a GeometryCollection stands in"),
        (shapely.to_wkb(shapely.Point(1, 2)) + b"\x00", "1 bytes are left over"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(blob, words):
    with pytest.raises(WkbError) as caught:
        read_wkb(blob)
    assert words in str(caught.value)


def test_more_positions_than_the_limit_are_refused():
    blob = shapely.to_wkb(shapely.MultiPoint([(i, i) for i in range(100)]))
    assert len(read_wkb(blob, vertices=100)["coordinates"]) == 100
    with pytest.raises(WkbError, match="more than 99 positions"):
        read_wkb(blob, vertices=99)


def test_every_cut_of_a_geometry_is_refused():
    whole = shapely.to_wkb(
        shapely.GeometryCollection(
            [shapely.box(0, 0, 1, 1), shapely.MultiPoint([(1, 2), (3, 4)]), shapely.Point(1, 2)]
        )
    )
    read_wkb(whole)
    for cut in range(len(whole)):
        with pytest.raises(WkbError):
            read_wkb(whole[:cut])


@settings(max_examples=200, deadline=None)
@given(geometries(), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6))
def test_no_damage_raises_anything_else(geometry, changes):
    blob = bytearray(shapely.to_wkb(geometry))
    for at, byte in changes:
        blob[at % len(blob)] = byte
    try:
        read_wkb(bytes(blob))
    except WkbError as error:
        assert str(error)  # noqa: PT017 - either is right


def test_a_large_geometry_takes_little_time():
    ring = [(math.cos(i), math.sin(i)) for i in range(200_000)]
    blob = shapely.to_wkb(shapely.LineString(ring))
    began = time.process_time()
    read_wkb(blob)
    assert time.process_time() - began < 5


def test_positions_are_taken_to_lon_and_lat():
    name, transform = to_lon_lat("EPSG:32635")
    assert name == "EPSG:32635"
    blob = shapely.to_wkb(shapely.LineString([(369412, 6586850), (500000, 6586850)]))
    (lon, lat), (middle, _) = read_wkb(blob, transform=transform)["coordinates"]
    assert (lon, lat) == (pytest.approx(24.7, abs=1e-4), pytest.approx(59.4, abs=1e-4))
    assert middle == pytest.approx(27)


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:999999",
        "http://example.org/crs",
        "/etc/passwd",
        "+proj=pipeline +step +init=/etc/passwd",
        "file:///etc/passwd",
        'ENGCRS["a",EDATUM["b"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["m",1]]',
        "[" * 100_000,
        "[" * 300_000,
        "",
        {},
        {"type": "GeographicCRS"},
    ],
)
def test_a_system_without_a_way_to_lon_and_lat_is_refused(crs):
    with pytest.raises(CrsError):
        to_lon_lat(crs)


def test_systems_that_are_lon_and_lat_need_no_way():
    for crs in ("EPSG:4326", "OGC:CRS84", "ogc:crs84"):
        assert to_lon_lat(crs)[1] is None
    import pyproj

    for code in ("EPSG:4326", "OGC:CRS84"):
        assert to_lon_lat(pyproj.CRS(code).to_json_dict())[1] is None
        assert to_lon_lat(pyproj.CRS(code).to_wkt())[1] is None


def test_transforms_are_of_lists():
    for xs, ys in itertools.product([[], [1.0]], repeat=2):
        if len(xs) == len(ys):
            lons, lats = to_lon_lat("EPSG:3857")[1](xs, ys)
            assert len(lons) == len(lats) == len(xs)
