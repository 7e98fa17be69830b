"""What strangers' files hold: each fault has its line, a caret under what is wrong, and advice."""

import json
import resource
import subprocess
import sys
import time
import unicodedata

import pytest

from deploygeo.io import Limits, read

POINT = '{"type": "Point", "coordinates": [34.0, 43.0]}'
#: more properties, geometry, what stands above the caret, what is told
CASES = {
    "swapped": (
        "",
        '{"type": "Point", "coordinates": [43.0, 134.0]}',
        "134.0",
        "lat 134.0 is outside [-90, 90]; are lon and lat swapped? GeoJSON writes [lon, lat]",
    ),
    "lon": (
        "",
        '{"type": "Point", "coordinates": [540, 43]}',
        "540",
        "lon 540 is outside [-180, 180]; the same meridian is -180, and a shape is cut at the "
        "antimeridian",
    ),
    "country": (
        ', "contingents": [{"party": "Germny", "personnel": 3}]',
        POINT,
        '"Germny"',
        "unknown party 'Germny'; did you mean 'DEU' (Germany)?",
    ),
    "system": (
        ', "system": "iskandr-m"',
        POINT,
        '"iskandr-m"',
        "unknown system 'iskandr-m'; did you mean 'iskander-m'?",
    ),
    "zone": (
        ', "times": ["2021-12-17T00:00:00", "2021-12-17T01:00:00Z"]',
        '{"type": "LineString", "coordinates": [[1, 2], [3, 4]]}',
        '"2021-12-17T00:00:00"',
        "the time '2021-12-17T00:00:00' has no zone; write for example \"2021-12-17T09:30:00Z\"",
    ),
    "unclosed": (
        "",
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}',
        "[[0, 0]",
        "the ring is not closed: it ends at [0, 1]; repeat [0, 0]",
    ),
    "crossing": (
        "",
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}',
        "[[[0, 0]",
        "the outline crosses itself at lon 0.5, lat 0.5; reorder its positions",
    ),
    "antimeridian": (
        "",
        '{"type": "Polygon", "coordinates": [[[170, 60], [-170, 60], [-170, 65], [170, 60]]]}',
        "[-170, 60]",
        "the edge from lon 170 to -170 spans more than 180°; cut the shape at the antimeridian "
        "(RFC 7946, 3.1.9)",
    ),
    "null": ("", "null", "null", "geometry is null: a deployment needs a place"),
    "empty": (
        "",
        '{"type": "Point", "coordinates": []}',
        "[]",
        "geometry is empty: a deployment needs a place",
    ),
    "key": (', "name": "x", "name": "y"', POINT, '"name": "y"', "the key 'name' comes twice"),
    "nan": (
        "",
        '{"type": "Point", "coordinates": [NaN, 43]}',
        "NaN",
        "NaN is not JSON; leave out what is not known",
    ),
    "huge": (
        "",
        '{"type": "Point", "coordinates": [1e999, 43]}',
        "1e999",
        "a coordinate is 1e999, too large a number; write degrees",
    ),
    "surrogate": (
        ', "name": "x\\ud800"',
        POINT,
        '"x\\ud800"',
        "name holds half of a surrogate pair, U+D800",
    ),
    "ring": (
        "",
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}',
        "[[0, 0]",
        "a ring needs at least 4 positions, not 3",
    ),
    "text": (
        "",
        '{"type": "Point", "coordinates": ["34", 43]}',
        '"34"',
        "a coordinate is a number, not '34'",
    ),
    "true": (
        "",
        '{"type": "Point", "coordinates": [true, 43]}',
        "true",
        "a coordinate is a number, not true",
    ),
    "date": (
        ', "on": "17.12.2021"',
        POINT,
        '"17.12.2021"',
        "on '17.12.2021' is not a date; write \"YYYY-MM-DD\"",
    ),
    "digits": (
        ', "personnel": "1_000"',
        POINT,
        '"1_000"',
        "personnel is a number, not '1_000'",
    ),
    "unit": (
        ', "range_km": "1600 mi"',
        POINT,
        '"1600 mi"',
        "range_km is a number in km, not '1600 mi'; write 2574.95",
    ),
    "unknown": (', "rnage_km": 5', POINT, "5", "unknown key 'rnage_km'; did you mean 'range_km'?"),
}


def feature(id_, more="", geometry=POINT):
    return (
        f'{{"type": "Feature", "properties": {{"id": "{id_}", "party": "USA", '
        f'"kind": "radar"{more}}}, "geometry": {geometry}}}'
    )


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    rows = [feature("good")]
    rows += [feature(id_, more, geometry) for id_, (more, geometry, _, _) in CASES.items()]
    rows += [feature("key2"), feature("key2")]
    path = tmp_path_factory.mktemp("hostile") / "f.geojson"
    head = '{"type": "FeatureCollection", "features": [\n'
    path.write_text(head + ",\n".join(rows) + "\n]}\n", encoding="utf-8")
    return read(path)


@pytest.mark.parametrize("id_", CASES)
def test_a_fault_has_its_line_a_caret_and_advice(reading, id_):
    _, _, above, words = CASES[id_]
    index = 1 + list(CASES).index(id_)
    (fault,) = [one for one in reading.faults if one.feature == index]
    assert fault.line == 2 + index
    assert words in fault.message
    assert fault.pointer.startswith(f"/features/{index}/")
    shown, caret = fault.excerpt.split("\n")
    assert shown[len(caret) - 1 :].startswith(above)


def test_all_faults_are_told_in_one_run_and_the_good_are_kept(reading):
    assert [one.id for one in reading.deployments] == ["good", "key2"]
    assert [one.feature for one in reading.faults[:-1]] == list(range(1, 1 + len(CASES)))
    assert reading.faults[-1].message == (
        f"the id 'key2' is taken by features[{len(CASES) + 1}], line {len(CASES) + 3}"
    )


@pytest.mark.parametrize("mark", ["", "\x1e"])
def test_lines_and_sequences_stream_from_a_pipe_in_bounded_memory(mark):
    """240 MB through standard input; the memory is that of 60 small features."""
    code = (
        "import re\n"
        "from deploygeo.io import read\n"
        "reading = read('-')\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read()).group(1)\n"
        "print(len(reading.deployments), len(reading.faults), int(peak) // 1024)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        padding = f', "description": "{"x" * 4_000_000}"'
        for number in range(60):
            process.stdin.write(f"{mark}{feature(f'f{number}', padding)}\n")
        process.stdin.close()
        counts = process.stdout.read().split()
    assert counts[:2] == ["60", "0"]
    assert int(counts[2]) < 150


def test_refusals_take_less_than_a_second_and_little_memory(tmp_path):
    """Nested brackets without an end, a text without an end, and digits without an end."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = tmp_path / "f.geojson"
    for content in ("[" * 100_000, '{"a":' * 100_000, '"' * 1, '"' + "x" * 10**6, "9" * 10**6):
        path.write_text(content, encoding="utf-8")
        assert 1 <= len(read(path).faults) <= 2  # and that the file is cut
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "Feature", "x": [' + "[]," * 2_000_000 + "[]]}",
        '{"type": "FeatureCollection", "features": [{"x": [' + "{}," * 2_000_000 + "{}]}]}",
        '{"type": "FeatureCollection", ' + '"x": 1,' * 800_000 + '"y": 1}',
        '{"type": "FeatureCollection", "features": [], ' + '"x": 1,' * 800_000 + '"y": 1}',
        '{"x": "' + "x" * 2**22 + '", "y": [' + "[1.5]," * 900_000 + "[]]}",
    ],
)
def test_what_would_come_to_too_much_memory_is_refused_before_it_is_built(tmp_path, text):
    """126 MB of empty lists took 3 GB and more than two minutes, and 5 million members 1.3 GB."""
    path = tmp_path / "f.geojson"
    path.write_text(text, encoding="utf-8")
    start = time.process_time()
    fault = read(path, limits=Limits(vertices=10)).faults[-1]
    assert "one feature holds more values than 10 positions have; raise the limit: --limit v" in (
        fault.message
    )
    assert time.process_time() - start < 4.0


def test_a_geometry_of_as_many_positions_as_fit_is_not_too_heavy(tmp_path):
    """In a file of many features the text in memory is that of others, too."""
    rows = ",".join(f"[{at * 1e-4:.9f},{at * 1e-5:.9f},{at * 0.5}]" for at in range(150_000))
    line = f'"geometry": {{"type": "LineString", "coordinates": [{rows}]}}'
    row = f'{{"type": "Feature", "properties": {{"id": "%d", "party": "USA"}}, {line}}}'
    path = tmp_path / "f.geojson"
    path.write_text("\n".join(row % number for number in range(3)), encoding="utf-8")
    faults = read(path, limits=Limits(vertices=150_000)).faults
    assert [fault.message for fault in faults] == ["kind is missing"] * 3


def test_half_a_million_faults_of_a_kind_are_counted_in_seconds(tmp_path):
    """9 MB of {} took 15 s: the kind of each was found out anew."""
    path = tmp_path / "f.geojson"
    path.write_text("[" + ",".join(["{}"] * 100_000) + "]", encoding="utf-8")
    start = time.process_time()
    assert read(path).fault_count == 100_000
    assert time.process_time() - start < 2.5


@pytest.mark.parametrize("name", ["日本語", "te\u0301", "क्षेत्र", "☀\ufe0f", "a\tb", "שָׁלוֹם"])
def test_the_caret_stands_below_the_fault_whatever_stands_before_it(tmp_path, name):
    """Vowel signs and variation selectors were counted as letters of their own."""
    path = tmp_path / "f.geojson"
    row = f'{{"type": "Feature", "x": "{name.replace(chr(9), " ")}", "geometry": 5}}'
    path.write_text(row, encoding="utf-8")
    fault = next(one for one in read(path).faults if one.pointer == "/geometry")
    line, caret = fault.excerpt.split("\n")
    assert row[fault.column - 1] == "5"
    cells = 0
    for letter in line[: fault.column - 1]:
        wide = unicodedata.east_asian_width(letter) in "WF"
        cells += 0 if unicodedata.category(letter) in ("Mn", "Me") else 1 + wide
    assert len(caret) == cells + 1


def test_a_crs_that_is_not_lon_lat_is_refused_at_its_line(tmp_path):
    path = tmp_path / "f.geojson"
    crs = json.dumps({"type": "name", "properties": {"name": "EPSG:3857"}})
    path.write_text(f'{{"type": "FeatureCollection",\n"crs": {crs},\n"features": []}}')
    (fault,) = read(path).faults
    assert (fault.line, fault.pointer) == (2, "/crs")
    assert "'EPSG:3857'; GeoJSON is lon/lat WGS 84" in fault.message


def crs(name):
    return json.dumps({"type": "name", "properties": {"name": name}})


@pytest.mark.parametrize(
    ("text", "pointer", "above", "words"),
    [
        ('{"x": NaN, "type": "FeatureCollection", "features": []}', "/x", "NaN", "is not JSON"),
        (
            '{"x": [{"a": 1, "a": 2}], "type": "FeatureCollection", "features": []}',
            "/x/0/a",
            '"a": 2',
            "the key 'a' comes twice",
        ),
        (
            '{"type": "X", "type": "FeatureCollection", "features": []}',
            "/type",
            '"type": "F',
            "the key 'type' comes twice",
        ),
        ('{"type": "Featurecollection", "features": []}', "/type", '"Featurec', "not 'Featurec"),
        ('{"x": 1, "features": []}', "", "{", "not null"),
        ('{"type": "FeatureCollection", "features": 5}', "/features", "5", "is a list, not 5"),
        (
            f'{{"type": "FeatureCollection", "features": [], "crs": {crs("EPSG:3857")}}}',
            "/crs",
            '{"type": "name"',
            "the coordinates are in 'EPSG:3857'",
        ),
        (
            '{"type": "FeatureCollection", "features": [1',
            "/features/1",
            "",
            "the file ends here, too early",
        ),
    ],
)
def test_what_is_wrong_beside_the_features_has_its_place_and_a_caret(
    tmp_path, text, pointer, above, words
):
    """Some had the first line of the file for a place, some none at all."""
    path = tmp_path / "f.geojson"
    path.write_text(f"\n{text}", encoding="utf-8")
    fault = read(path).faults[-1]
    assert (fault.line, fault.pointer) == (2, pointer)
    assert words in fault.message
    line, caret = fault.excerpt.split("\n")
    assert line[len(caret) - 1 :].startswith(above)
    assert text[fault.column - 1 :].startswith(above)


@pytest.mark.parametrize("name", ["EPSG:3857", "EPSG:4326"])
@pytest.mark.parametrize("owner", ["feature", "geometry"])
def test_another_crs_of_a_feature_or_its_geometry_makes_it_wrong(tmp_path, owner, name):
    """PostGIS writes one into geometries; it was passed over, and the metres taken for degrees."""
    row = json.loads(feature("a"))
    (row if owner == "feature" else row["geometry"])["crs"] = json.loads(crs(name))
    path = tmp_path / "f.geojson"
    path.write_text(json.dumps(row) + "\n" + feature("b"), encoding="utf-8")
    reading = read(path)
    assert [one.id for one in reading.deployments] == ["b"]
    (fault,) = reading.faults
    assert fault.pointer == ("/crs" if owner == "feature" else "/geometry/crs")
    assert f"the coordinates are in '{name}'" in fault.message


def test_what_is_nested_too_deep_beside_the_features_costs_none_of_them(tmp_path):
    """A foreign member before the features was the end of the reading, which was not said."""
    deep = '"x": ' + "[" * 100_000 + "]" * 100_000
    path = tmp_path / "f.geojson"
    for text in (
        '{DEEP, "type": "FeatureCollection", "features": [ROW]}',
        '{"features": [ROW], DEEP}',
    ):
        path.write_text(text.replace("DEEP", deep).replace("ROW", feature("a")), encoding="utf-8")
        reading = read(path)
        assert [one.id for one in reading.deployments] == ["a"]
        assert reading.faults[0].pointer == "/x"
        assert reading.faults[0].message.startswith("nested deeper than 64 levels")


@pytest.mark.parametrize(
    "text",
    [
        "A\nB CUT\nC",
        "A\nB CUT HERE\n\nC",
        "\x1eA\n\x1eB CUT\n\x1eC\n",
        '\x1eA\n\x1e{"type": "Feat\x1eC\n',
        "A\n{'type'\nC",
    ],
)
def test_a_broken_line_is_told_where_it_breaks_and_counts_as_a_feature(tmp_path, text):
    """An object that was cut off was told at the next line, which is good."""
    text = text.replace("B CUT HERE", feature("b")[:-1]).replace("B CUT", feature("b")[:40])
    path = tmp_path / "f.geojson"
    path.write_text(text.replace("A", feature("a")).replace("C", feature("c")), encoding="utf-8")
    reading = read(path)
    assert [(one.id, one.origin.feature) for one in reading.deployments] == [("a", 0), ("c", 2)]
    (fault,) = reading.faults
    assert (fault.line, fault.feature, reading.features) == (2, 1, 3)


def test_a_fault_of_an_id_stands_where_the_id_does(tmp_path):
    """It was told at the properties where the id stands beside them."""
    rows = [feature("a"), feature("b").replace('"type"', '"id": 5.5, "type"', 1)]
    path = tmp_path / "f.geojson"
    path.write_text("\n".join(rows).replace('"id": "b", ', ""), encoding="utf-8")
    (fault,) = read(path).faults
    assert (fault.pointer, fault.message) == ("/id", "id is text, not 5.5")
    assert fault.excerpt.split("\n")[0][len(fault.excerpt.split("\n")[1]) - 1 :].startswith("5.5")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("\u0662\u0660", "U+0662 (arabic-indic digit two) stands here"),
        ("\u00a034", "U+00A0 (no-break space) stands here"),
        ("034", "write plain numbers"),
        ("0x22", "write plain numbers"),
        ("3_4", "write plain numbers"),
        ("+34", "write plain numbers"),
        ("34,", "is there a comma too many?"),
    ],
)
def test_what_is_no_number_is_told_with_what_to_do(tmp_path, wrong, words):
    path = tmp_path / "f.geojson"
    path.write_text(feature("a").replace("34.0", wrong), encoding="utf-8")
    (fault,) = read(path).faults
    assert words in fault.message
