"""Bad input never raises: it comes back as faults with a place, and the good is still read."""

import io
import json
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo.io import read
from deploygeo.model import Deployment, Record


def feature(id_="a", coordinates="[34.0, 43.0]", more="", geometry="Point"):
    return (
        f'{{"type": "Feature", "properties": {{"id": "{id_}", "party": "USA", '
        f'"kind": "radar"{more}}}, '
        f'"geometry": {{"type": "{geometry}", "coordinates": {coordinates}}}}}'
    )


def collection(*features, more=""):
    return f'{{"type": "FeatureCollection"{more}, "features": [\n' + ",\n".join(features) + "\n]}"


def places(reading):
    return [(fault.line, fault.feature, fault.pointer) for fault in reading.faults]


def ids(reading):
    return [one.id for one in (*reading.deployments, *reading.records)]


def test_the_good_features_are_read_and_every_bad_one_is_placed(read_text):
    reading = read_text(
        collection(
            feature("a"),
            feature("nan", "[NaN, 2]"),
            feature("huge", "[1, 1e999]"),
            feature("swapped", "[43.0, 134.0]"),
            feature("bool", "[true, 2]"),
            feature("key", more=', "rnage_km": 5, "personnel": true'),
            feature("twice", more=', "name": "x", "name": "y"'),
            feature("a"),
            feature("z"),
        )
    )
    assert ids(reading) == ["a", "z"]
    assert places(reading) == [
        (3, 1, "/features/1/geometry/coordinates/0"),
        (4, 2, "/features/2/geometry/coordinates/1"),
        (5, 3, "/features/3/geometry/coordinates/1"),
        (6, 4, "/features/4/geometry/coordinates/0"),
        (7, 5, "/features/5/properties/rnage_km"),
        (7, 5, "/features/5/properties/personnel"),
        (8, 6, "/features/6/properties/name"),
        (9, 7, "/features/7/properties/id"),
    ]
    assert [one.origin.line for one in reading.deployments] == [2, 10]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"{", "truncated"),
        (b'{"type": "Feat', "truncated"),
        (b"3", "a feature is a GeoJSON object"),
        (b"{}", '"type": "Feature"'),
        (b"{'a': 1}", "double quotes"),
        (b"NaN", "NaN is not JSON"),
        (b"hello", "not JSON"),
        (b"id,party\na,USA\n", "not JSON: expecting value; GeoJSON begins with {. Is this CSV?"),
        (b'{"a": "b\nc"}', "not JSON: a line end inside a text; write \\n"),
        (b'{"a": "b\x01"}', "not JSON: the control character U+0001 inside a text"),
        (b"<kml/>", "XML"),
        (b"PK\x03\x04", "zip"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PAR1", "Parquet"),
        (b"SQLite format 3\x00", "GeoPackage"),
        (b"\x00" * 9, "zero bytes"),
        (b'{"a": "\xff"}', "0xFF"),
        (b'{"a": "\xed\xa0\x80"}', "0xED"),
        ("{}".encode("utf-16"), "UTF-16"),
        ("{}".encode("utf-16-be"), "UTF-16"),
        ("{}".encode("utf-32"), "UTF-16 or UTF-32"),
        (b'{"type": "FeatureCollection"}', "features is a list"),
        (b'{"type": "FeatureCollection", "features": {}}', "features is a list"),
        (b'{"type": "featurecollection", "features": []}', '"FeatureCollection"'),
        (b'{"features": []}', '"FeatureCollection"'),
        (b'{"features": [], "features": []}', "twice"),
        (b'{"type": "Point", "coordinates": [1, 2]}', "wrap it"),
        (b'{"type": "Topology"}', "TopoJSON"),
        (b'{"type": "Feature", "geometry": null, "properties": []}', "properties is an object"),
        (b"[" * 200_000, "nested deeper"),
        (b'{"a":' * 200_000, "nested deeper"),
        (b'"' + b"\\" * 100_001, "truncated"),
        (b"9" * 5_000, "a feature is a GeoJSON object"),
    ],
)
def test_what_is_not_geojson_is_refused_in_words(read_text, content, words):
    reading = read_text(content)
    assert ids(reading) == []
    assert words in reading.faults[0].message


def test_every_cut_of_a_file_is_a_fault_that_keeps_what_came_before(read_text):
    text = collection(feature("a"), feature("b"))
    second = text.index(feature("b"))
    for cut in range(1, len(text) - 1):
        reading = read_text(text[:cut])
        assert len(reading.faults) == 1
        if cut > second:
            assert ids(reading)[0] == "a"


def test_a_truncated_file_says_where_it_ends(read_text):
    fault = read_text(collection(feature("a"), feature("b"))[:-60]).faults[0]
    assert (fault.line, fault.feature) == (3, 1)
    assert "1 feature before it was read" in fault.message


@pytest.mark.parametrize("mark", ["", "\x1e"])
def test_features_on_lines_are_read_each_for_itself(read_text, mark):
    lines = [feature("a"), feature("b")[:-7], feature("c"), "", feature("d")]
    reading = read_text("\n".join(mark + line for line in lines) + "\n")
    assert ids(reading) == ["a", "c", "d"]
    assert len(reading.faults) == 1
    assert [one.origin.line for one in reading.deployments] == [1, 3, 5]


@pytest.mark.parametrize("junk", ["{\n", "\x1e{"])
def test_a_sequence_of_broken_objects_ends_before_it_takes_long(read_text, junk):
    """Each error counted the lines before it: 600 kB of them took 35 s."""
    reading = read_text(junk * 300_000)
    assert "what follows was not read" in reading.faults[-1].message


def test_text_after_a_collection_is_a_fault(read_text):
    reading = read_text(collection(feature("a")) + collection(feature("b")))
    assert ids(reading) == ["a"]
    assert "after the end" in reading.faults[0].message


def test_a_byte_order_mark_is_taken_with_a_warning(read_text):
    reading = read_text(b"\xef\xbb\xbf" + feature().encode())
    assert (ids(reading), len(reading.warnings), reading.faults) == (["a"], 1, ())


def test_heights_are_taken_with_a_warning(read_text):
    reading = read_text(feature("a", "[[1, 2, 300], [3, 4]]", geometry="LineString"))
    assert reading.deployments[0].geometry.wkt == "LINESTRING (1 2, 3 4)"
    assert reading.warnings[0].message.startswith("third-dimension")


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:3857", "EPSG:4326", 7, None]
)
def test_another_crs_makes_every_feature_wrong(read_text, name):
    crs = json.dumps({"type": "name", "properties": {"name": name}})
    reading = read_text(collection(feature("a"), more=f', "crs": {crs}'))
    is_fine = name == "urn:ogc:def:crs:OGC:1.3:CRS84"
    assert ids(reading) == (["a"] if is_fine else [])
    assert [fault.pointer for fault in reading.faults] == ([] if is_fine else ["/crs"])


def test_another_crs_makes_the_features_of_a_truncated_file_wrong_as_well(read_text):
    text = collection(feature("a"), feature("b"), more=', "crs": {"type": "name"}')
    assert ids(read_text(text[:-30])) == []


@pytest.mark.parametrize("deep", ["[" * 100 + "]" * 100, "[" * 5_000 + "]" * 5_000])
def test_deep_nesting_is_a_fault_of_its_feature_only(read_text, deep):
    bad = feature("b")[:-1] + f', "extra": {deep}}}'
    reading = read_text(collection(feature("a"), bad, feature("c")))
    assert ids(reading) == ["a", "c"]
    assert "nested deeper than 64" in reading.faults[0].message


def test_deep_coordinates_are_a_fault(read_text):
    reading = read_text(collection(feature("a", "[" * 500 + "]" * 500), feature("b")))
    assert ids(reading) == ["b"]


def test_a_foreign_member_is_ignored_but_a_property_outside_is_not(read_text):
    good = feature("a")[:-1] + ', "bbox": [1, 2, 3, 4], "style": {"x": [1]}}'
    bad = feature("b")[:-1] + ', "range_km": 5}'
    reading = read_text(collection(good, bad))
    assert ids(reading) == ["a"]
    assert "belongs into properties" in reading.faults[0].message


def test_drawing_properties_are_ignored(read_text):
    reading = read_text(feature(more=', "marker-color": "#f00", "title": 7'))
    assert reading.faults == ()


def test_surrogates_and_escapes_never_reach_a_message(read_text):
    reading = read_text(collection(feature("\\ud800"), feature("b", more=', "\\u001b[2J": 1')))
    for fault in reading.faults:
        assert all(line.isprintable() for line in str(fault).split("\n"))
        assert str(fault).encode()


def test_many_faults_are_counted(read_text):
    reading = read_text(collection(*(feature(f"f{n}", "[0, 95]") for n in range(512))))
    assert len(reading.faults) == 100
    assert reading.faults[0].more == 412
    assert "(and 412 more like it)" in str(reading.faults[0])
    assert reading.fault_count == 512


def test_the_end_of_a_truncated_file_is_told_after_any_number_of_faults(read_text):
    text = collection(*(feature(f"f{n}", "[0, 95]") for n in range(200)))
    assert "truncated" in read_text(text[:-9]).faults[-1].message


def test_a_file_larger_than_the_limit_is_refused(read_text):
    reading = read_text(feature(), bytes=100)
    assert "larger than" in reading.faults[0].message


def test_a_geometry_with_too_many_positions_is_refused(read_text):
    """Three million took more than 1 GB."""
    ring = "[[0, 0], [1, 0], [1, 1], [0, 0]]"
    good = feature("a", f"[[{ring}]]", geometry="MultiPolygon")
    bad = feature("b", f"[[{ring}], [{ring}]]", geometry="MultiPolygon")
    reading = read_text(collection(good, bad), vertices=4)
    assert ids(reading) == ["a"]
    assert "8 positions; at most 4" in reading.faults[0].message


def test_a_number_too_large_is_named_with_its_digits(read_text):
    messages = [
        read_text(text).faults[0].message
        for text in (
            feature("a", "[1e999, 0]"),
            feature("a", more=f', "personnel": {"7" * 5_000}'),
        )
    ]
    assert messages == [
        "a coordinate is 1e999, too large a number; write degrees",
        "personnel is 77777777777777777777… (5000 digits), too large a number; "
        "leave it out where it is not known",
    ]


def test_a_list_of_features_is_read_with_a_warning(read_text):
    text = f"[{feature('a')},\n{feature('b', '[0, 95]')}]"
    reading = read_text(text)
    assert ids(reading) == ["a"]
    assert [warning.message.partition(":")[0] for warning in reading.warnings] == ["bare-array"]
    assert places(reading) == [(2, 1, "/1/geometry/coordinates/1")]
    assert places(read_text(text[:-1]))[-1][2] == "/2"


def test_a_byte_that_is_not_utf8_spoils_its_feature_only(read_text):
    bad = feature("b", more=', "name": "Caf?"').encode().replace(b"?", b"\xe9")
    reading = read_text(collection(feature("a"), "@@", feature("c")).encode().replace(b"@@", bad))
    assert ids(reading) == ["a", "c"]
    assert [fault.line for fault in reading.faults] == [3, 3]
    assert reading.faults[0].message == "byte 0xE9 is not UTF-8; save the file as UTF-8"
    assert len(read_text(b'{"a": "' + b"\xe9" * 2_000 + b'"}').faults) == 1


@pytest.mark.parametrize("start", [b"[", b'{"a":', b'{"features": ['])
def test_brackets_without_an_end_are_refused_within_a_second(read_text, start):
    """200 MB of them took 58 s: the end of what is too deep was looked for, bracket by bracket."""
    before = time.process_time()
    reading = read_text(start * (20_000_000 // len(start)))
    message = reading.faults[0].message
    assert message.startswith("nested deeper than 64 levels; raise the limit: --limit depth=…")
    assert message.endswith("; what follows was not read")
    assert len(reading.faults) == 1
    assert time.process_time() - before < 2.0


def test_null_under_a_key_of_the_other_kind_is_nothing(read_text):
    """GDAL writes every column into every feature."""
    assert read_text(feature(more=', "record": null, "group": null, "text": null')).faults == ()


def test_numbers_of_numpy_are_numbers():
    import numpy as np

    place = {"type": "Point", "coordinates": np.array([2.0, 48.0])}
    values = {"id": "a", "party": "USA", "kind": "radar", "personnel": np.int64(5)}
    reading = read({"type": "Feature", "geometry": place, "properties": values})
    assert reading.faults == ()
    assert reading.deployments[0].personnel.hi == 5
    made = Deployment(id="a", party="USA", kind="radar", geometry=np.array([2, 48]))
    assert made.geometry == reading.deployments[0].geometry


def test_a_closed_standard_input_is_a_fault(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert read("-").faults[0].message == "standard input is closed"


def test_a_name_that_is_empty_is_not_called_a_folder():
    assert str(read("").faults[0]) == "the name of the file is empty"


def test_what_cannot_be_opened_is_a_fault(tmp_path):
    for source in (
        tmp_path,
        tmp_path / "none",
        "a\x00b",
        '{"type": "Feature"}',
        "",
        b"{}",
        7,
        None,
    ):
        assert len(read(source).faults) == 1


def test_standard_input_is_read_for_a_dash(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(feature().encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    reading = read("-")
    assert (ids(reading), reading.source) == (["a"], "<stdin>")


def test_a_mapping_a_list_and_a_file_read_alike(read_text):
    text = collection(feature("a"), feature("b", "[0, 95]"), feature("c"))
    mapping = json.loads(text)
    whole = read_text(text)
    for source in (mapping, mapping["features"], iter(mapping["features"])):
        reading = read(source)
        assert reading.deployments == whole.deployments
        assert [one.pointer for one in reading.faults] == [one.pointer for one in whole.faults]


def test_things_made_in_python_pass_and_equal_ids_do_not():
    radar = Deployment(id="a", party="USA", kind="radar", geometry=(1.0, 2.0))
    record = Record(id="r", kind="notice", party="USA")
    assert ids(read([radar, record])) == ["a", "r"]
    assert "taken by features[0]" in read([radar, radar]).faults[0].message
    assert ids(read(radar)) == ["a"]


def test_a_record_has_no_place(read_text):
    properties = {"id": "r", "record": "notice", "party": "USA", "kind": "radar"}
    geometry = {"type": "Point", "coordinates": [1, 2]}
    reading = read({"type": "Feature", "properties": properties, "geometry": geometry})
    assert [one.pointer for one in reading.faults] == ["/properties/kind", "/geometry"]


def test_a_deployment_in_a_file_has_a_place():
    properties = {"id": "r", "party": "USA", "kind": "radar"}
    reading = read({"type": "Feature", "properties": properties, "geometry": None})
    assert [one.pointer for one in reading.faults] == ["/geometry"]


def test_the_id_may_stand_outside_but_not_differ():
    properties = {"party": "USA", "kind": "radar"}
    geometry = {"type": "Point", "coordinates": [1, 2]}
    base = {"type": "Feature", "id": 7, "geometry": geometry}
    assert ids(read({**base, "properties": properties})) == ["7"]
    assert read({**base, "properties": {**properties, "id": "8"}}).faults[0].pointer == "/id"
    del base["id"]
    assert read({**base, "properties": properties}).faults[0].message == "id is missing"


def test_a_part_of_nothing_is_a_warning():
    one = Deployment(id="a", party="USA", kind="ground_force", geometry=(1, 2), part_of="b")
    assert "no feature here has the id 'b'" in read([one]).warnings[0].message


def test_the_checksum_is_that_of_the_file(read_text):
    assert read_text(b"").sha256.startswith("e3b0c44298fc1c14")
    assert read([]).sha256 == read({"type": "FeatureCollection", "features": []}).sha256


def test_a_million_vertices_are_read(read_text):
    steps = ", ".join(f"[{n * 1e-4:.4f}, 0]" for n in range(200_000))
    reading = read_text(feature("a", f"[{steps}]", geometry="LineString"))
    assert len(reading.deployments[0].geometry.coords) == 200_000


_MEMBERS = [
    "type",
    "features",
    "geometry",
    "coordinates",
    "properties",
    "id",
    "crs",
    "geometries",
    "party",
    "kind",
    "range_km",
    "times",
    "contingents",
    "with",
    "from",
    "record",
    "for",
]
_KEYS = [
    "range_km",
    "times",
    "contingents",
    "with",
    "from",
    "on",
    "total",
    "brigades",
    "system",
    "nuclear",
    "name",
    "echelon",
    "personnel",
    "record",
    "for",
    "by",
    "group",
    "holds",
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["Feature", "Point", "Polygon", "USA", "radar", "2021-12-17"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(_MEMBERS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
PROPERTIES = st.dictionaries(
    st.sampled_from(_KEYS),
    JSON,
)


@settings(deadline=None)
@given(JSON)
def test_no_mapping_raises(value):
    read([value])
    read({"type": "FeatureCollection", "features": value})


@settings(deadline=None)
@given(PROPERTIES, JSON, st.sampled_from(["Point", "Polygon", "LineString", "MultiPolygon"]))
def test_no_properties_and_coordinates_raise(properties, coordinates, kind):
    base = {"id": "a", "party": "USA", "kind": "radar"}
    geometry = {"type": kind, "coordinates": coordinates}
    read({"type": "Feature", "properties": {**base, **properties}, "geometry": geometry})


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=30), st.integers(0, 400), st.integers(0, 30))
def test_no_damage_to_a_file_raises(tmp_path_factory, junk, at, cut):
    text = collection(feature("a"), feature("b", "[[[0, 0], [1, 0], [1, 1], [0, 0]]]")).encode()
    path = Path(tmp_path_factory.getbasetemp()) / "damaged.geojson"
    path.write_bytes(text[:at] + junk + text[at + cut :])
    reading = read(path)
    assert reading.fault_count >= len(reading.faults) - 1
