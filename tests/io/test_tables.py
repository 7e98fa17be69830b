"""Tables of comma-separated values: the same deployments, and every fault with its cell."""

import csv
import io
import time
import tracemalloc
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo.io import Limits, read
from deploygeo.io._rows import Rows
from deploygeo.model import Interval

HEADER = "id,party,kind,lon,lat"
GOOD = "a,USA,radar,24.7,59.4"


@pytest.fixture
def read_text(tmp_path):
    def reader(content, name="f.csv", **limits):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, limits=Limits(**limits))

    return reader


def table(*rows, header=HEADER):
    return "\n".join([header, *rows]) + "\n"


def told(reading):
    return [(one.line, one.column, one.feature, one.pointer) for one in reading.faults]


def ids(reading):
    return [one.id for one in (*reading.deployments, *reading.records)]


def test_a_row_is_a_deployment(read_text):
    reading = read_text(
        table(
            "a,USA,radar,24.7,59.4,500-900,UKR;POL,true,2021-12-17,,",
            'b,FRA,ground_force,2.5,48.1,,,,,USA:500;DEU:200-300,"two\nlines, and a ""quote"""',
            header=HEADER + ",range_km,with,nuclear,on,contingents,notes",
        )
    )
    assert reading.faults == ()
    radar, troops = reading.deployments
    assert radar.geometry == shapely.Point(24.7, 59.4)
    assert (radar.range_km, radar.partners, radar.nuclear) == (
        Interval(500, 900),
        ("UKR", "POL"),
        True,
    )
    assert radar.stay.start.isoformat() == "2021-12-17"
    assert [share.party for share in troops.contingents] == ["USA", "DEU"]
    assert troops.notes == 'two\nlines, and a "quote"'
    assert [one.origin.line for one in reading.deployments] == [2, 3]
    assert len(reading.sha256) == 64


def test_every_fault_has_the_line_and_column_of_its_cell(read_text):
    reading = read_text(
        table(
            GOOD,
            'b,USA,"radar",540,59.4',
            "c,US,rdar,24.7,x",
            '"d\nd",USA,radar,24.7,,',
            "e,USA,radar,24.7",
            "f,USA,radar,24.7,",
            "a,USA,radar,1,2",
            "g,USA,radar,1,2",
        )
    )
    assert ids(reading) == ["a", "g"]
    assert told(reading) == [
        (3, 15, 1, "/features/1/geometry/coordinates/0"),
        (4, 16, 2, "/features/2/geometry/coordinates/1"),
        (4, 3, 2, "/features/2/properties/party"),
        (4, 6, 2, "/features/2/properties/kind"),
        (6, 20, 3, "/features/3"),
        (7, 13, 4, "/features/4"),
        (8, 18, 5, "/features/5/geometry/coordinates/1"),
        (9, 1, 6, "/features/6/properties/id"),
    ]
    texts = [str(one) for one in reading.faults]
    assert texts[0].endswith('b,USA,"radar",540,59.4\n              ^')
    assert "lon 540.0 is outside [-180, 180]" in texts[0]
    assert "did you mean 'radar'" in texts[3]
    assert "the row has 6 cells, and the header 5 columns" in texts[4]
    assert "the row has 4 cells" in texts[5]
    assert "lat is blank" in texts[6]
    assert "is taken by features[0], line 2" in texts[7]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"id;party;kind;lon;lat\na;USA;radar;1;2\n", "separated by ';'"),
        (b"sep=;\nid;party\n", "separated by ';'"),
        (b"id\tparty\tkind\n", "separated by tabs"),
        (b"id,party,kind,lon,lat,id\n", "'id' comes twice"),
        (b"id,party,kind,lon\n", "the column lat is missing"),
        (b"id,party,kind,lat\n", "the column lon is missing"),
        (b"id,party,kind,lon,longitude,lat\n", "'longitude' and 'lon' are both the lon"),
        (b"id,party,kind,lon,lat,mgrs\n", "positions are in mgrs and in lon and lat"),
        (b"id,party,kind,x,y\n", "may be of any projection"),
        (b"id,party,kind,Easting,Northing\n", "may be of any projection"),
        (b"id,party,kind,wkt\n", "a row is a point"),
        (b"id,party,kind\n", "no column has the positions"),
        (b"party,kind,lon,lat\n", "the column id is missing"),
        (b"ID,party,kind,lon,lat\n", "the column id is missing; did you mean 'ID'"),
        (b"id,lon,lat\n", "the column party is missing"),
        (b"a,USA,radar,1,2\n", "unknown column 'a'"),
        ("id,party\n".encode("utf-16"), "UTF-16"),
        ("id,party\n".encode("utf-16-le"), "UTF-16"),
        (b"id,p\xe4rty,kind,lon,lat\n", "0xE4"),
        (b"id,party\x00,kind,lon,lat\n", "NUL"),
        (b"id,party,kind,lon,lat\ra,USA,radar,1,2\r", "carriage return"),
        (b'id,"party,kind\n', "never closed"),
        (b'id,par"ty,kind\n', "a quote inside a cell"),
        (b"PK\x03\x04", "spreadsheet"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"SQLite format 3\x00", "GeoPackage"),
        (b'{"type": "FeatureCollection"}', "this is JSON"),
        (b"<html>", "this is XML or HTML"),
    ],
)
def test_a_table_of_which_no_row_can_be_read_is_refused_in_words(read_text, content, words):
    reading = read_text(content)
    assert ids(reading) == []
    assert any(words in one.message for one in reading.faults)
    assert all(one.source.endswith("f.csv") for one in reading.faults)


def test_all_that_is_wrong_with_the_header_is_told_at_once(read_text):
    reading = read_text("id,id,x,lat,rnage_km\n")
    assert [one.column for one in reading.faults] == [4, 7, 13, 9, 1, 1]
    assert "did you mean 'range_km'" in reading.faults[2].message


def test_an_unknown_column_is_told_once_and_the_rows_are_read(read_text):
    reading = read_text(table("a,USA,radar,1,2,5,blue", header=HEADER + ",rnage_km,title"))
    assert told(reading) == [(1, 23, None, "")]
    assert ids(reading) == ["a"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xef\xbb\xbf" + table(GOOD).encode(), ["a"]),
        (table(GOOD).replace("\n", "\r\n").encode(), ["a"]),
        (table(GOOD).rstrip("\n").encode(), ["a"]),
        (b"sep=,\n" + table(GOOD).encode(), ["a"]),
        (table("", GOOD, ",,,,", "", "b,USA,radar,1,2").encode(), ["a", "b"]),
        (b"id,party,kind,Longitude,LAT\n" + GOOD.encode(), ["a"]),
        (table(GOOD + ",", header=HEADER + ",").encode(), ["a"]),
        (table('"a\r\n",USA,radar,1,2'.replace("\r\n", ""), header=HEADER).encode(), ["a"]),
        (HEADER.encode(), []),
    ],
)
def test_what_programs_write_is_read(read_text, content, expected):
    reading = read_text(content)
    assert reading.faults == ()
    assert ids(reading) == expected


def test_records_have_blank_positions(read_text):
    reading = read_text(
        "id,record,party,group,on,lon,lat,kind\n"
        "f,accession,FIN,NATO,2023-04-04,,,\nr,,USA,,,24.7,59.4,radar\np,,USA,,,,,radar\n"
        "n,notice,USA,,,1,2,\n"
    )
    assert ids(reading) == ["r", "f"]
    assert [one.message for one in reading.faults] == [
        "geometry is null: a deployment needs a place",
        "a record has no place; its geometry is null",
    ]
    assert [(one.line, one.column) for one in reading.faults] == [(4, 10), (5, 16)]


def test_records_alone_need_no_column_of_positions(read_text):
    reading = read_text("id,record,party,group,on\nf,accession,FIN,NATO,2023-04-04\n")
    assert (ids(reading), reading.faults) == (["f"], ())


@pytest.mark.parametrize(
    ("column", "cell", "error_km"),
    [
        ("position", "59°24'N 24°42'E", 0.0),
        ("position", "35VLF 69412 86850", 0.000707),
        ("dms", "N59 24 E24 42", 0.0),
        ("mgrs", "35VLF 69 86", 0.7074),
        ("MGRS", "35VLF", 70.74),
        ("Position", '"24.7E, 59.4N"', 0.0),
    ],
)
def test_a_position_may_be_written_in_one_cell(read_text, column, cell, error_km):
    reading = read_text(f"id,party,kind,{column}\na,USA,radar,{cell}\n")
    (radar,) = reading.deployments
    assert radar.position_error_km == pytest.approx(error_km, rel=1e-3)
    assert radar.geometry.distance(shapely.Point(24.7, 59.4)) < max(1e-4, radar.position_error_km)


def test_what_a_grid_reference_leaves_open_is_added_to_what_the_row_says(read_text):
    text = "id,party,kind,mgrs,position_error_km\na,USA,radar,35VLF 69 86,2\nb,USA,radar,35VLF,x\n"
    reading = read_text(text)
    assert reading.deployments[0].position_error_km == pytest.approx(2.7074, rel=1e-4)
    assert [one.message for one in reading.faults] == [
        "position_error_km is a number in km, not 'x'"
    ]


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("mgrs", "59.4N 24.7E", "no MGRS reference"),
        ("dms", "35VLF 69 86", "latin capital letter v"),
        ("position", "59.4 24.7", "names no hemispheres"),
        ("position", "35ULF 69 86", "does not touch band U"),
    ],
)
def test_a_position_that_cannot_be_read_is_told_once_at_its_cell(read_text, column, cell, words):
    (fault,) = read_text(f"id,party,kind,{column}\na,USA,radar,{cell}\n").faults
    assert words in fault.message
    assert (fault.line, fault.column, fault.id) == (2, 13, "a")


def test_lon_and_lat_may_have_hemispheres(read_text):
    (radar,) = read_text(table("a,USA,radar,24°42'E,59°24'N")).deployments
    assert radar.geometry == shapely.Point(24.7, 59.4)
    (fault,) = read_text(table("a,USA,radar,59°24'N,24°42'E")).faults
    assert "is a lat, in the column of the lon" in fault.message


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-1", "=cmd|' /C calc'!A0", "\t=1"])
def test_a_formula_is_a_text(read_text, text):
    """It is neutralised where it would bite: when a report is written as CSV."""
    reading = read_text(table(f"a,USA,radar,1,2,{text}", header=HEADER + ",name"))
    assert reading.deployments[0].name == text


@pytest.mark.parametrize(
    "cell", ["1_000", "٢٤", "1e999", "nan", "0x10", "24,7", "1.5.5", "--1", ""]
)
def test_a_coordinate_is_a_plain_number(read_text, cell):
    reading = read_text(table(f'a,USA,radar,"{cell}",59.4'))
    assert ids(reading) == []
    assert [(one.line, one.column) for one in reading.faults] == [(2, 13)]


def test_bytes_that_are_not_utf_8_cost_their_row_only(read_text):
    reading = read_text(table(GOOD, "\xe4,USA,radar,1,2", "c,USA,radar,1,2").encode("latin-1"))
    assert ids(reading) == ["a", "c"]
    assert "byte 0xE4 is not UTF-8; save the file as UTF-8 (in Excel" in reading.faults[0].message
    assert told(reading) == [(3, 1, 1, "/features/1")]


def test_a_nul_byte_costs_its_row_only(read_text):
    reading = read_text(table(GOOD, "b,US\x00A,radar,1,2", "c,USA,radar,1,2"))
    assert ids(reading) == ["a", "c"]
    assert told(reading) == [(3, 5, 1, "/features/1")]


def test_a_quote_that_is_left_open_ends_the_reading_where_it_began(read_text):
    reading = read_text(table(GOOD, 'b,"USA,radar,1,2', "c,USA,radar,1,2"))
    assert ids(reading) == ["a"]
    assert told(reading) == [(3, 3, None, "")]
    assert "never closed; what follows was not read" in reading.faults[0].message


def test_a_misplaced_quote_costs_its_row_only(read_text):
    reading = read_text(table('a,5" gun,radar,1,2', '"b"x,USA,radar,1,2', "c,USA,radar,1,2"))
    assert ids(reading) == ["c"]
    assert told(reading) == [(2, 4, 0, "/features/0"), (3, 4, 1, "/features/1")]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"bytes": 100}, "larger than 100 bytes"),
        ({"features": 2}, "more than 2 features"),
        ({"text": 20}, "name is 50 characters long; at most 20"),
        ({"value": 40}, "the row is longer than 40 characters"),
    ],
)
def test_every_limit_is_told_with_its_name(read_text, limits, words):
    rows = [f"{i},USA,radar,1,2,{'x' * 50}" for i in range(9)]
    reading = read_text(table(*rows, header=HEADER + ",name"), **limits)
    assert words in reading.faults[0].message
    (name,) = limits
    assert name == "text" or f"--limit {name}=" in reading.faults[0].message


def test_an_endless_cell_is_refused_in_bounded_memory(read_text, tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.write(table('a,"USA').encode())
        for _ in range(40):
            file.write(b"x" * 1_000_000 + b"\n")
    tracemalloc.start()
    reading = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "the row is longer than 6400000 characters; is a quote left open?" in str(
        reading.faults[0]
    )
    assert peak < 60_000_000


def test_memory_is_that_of_a_row(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write(HEADER + ",notes\n")
        for index in range(1_000):
            file.write(f"{index},USA,radar,540,2,{'x' * 6_000}\n")
    tracemalloc.start()
    reading = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (reading.features, reading.fault_count) == (1_000, 1_000)
    assert peak < 4_000_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (",".join(f"c{column}" for column in range(500_000)), 1),
        ("id,party,kind,lon,lat\n" + "," * 4_000_000, 1),
        (",".join(f"c{column}" for column in range(19_000)), 104),
        (",".join("cd"[column % 2] for column in range(19_000)), 104),
        ("id,party,kind,lon,lat\n" + "\n" * 2_000_000, 0),
    ],
)
def test_no_number_of_columns_or_lines_takes_long(read_text, text, told):
    """4 MB of columns took more than 100 s, and so did a row of 6 MB of commas."""
    start = time.process_time()
    assert len(read_text(text).faults) == told
    assert time.process_time() - start < 4.0


def test_a_spreadsheet_may_write_all_the_columns_it_has(read_text):
    blank = "," * (16_384 - 5)
    reading = read_text(f"id,party,kind,lon,lat{blank}\na,USA,radar,1,2{blank}\n")
    assert (len(reading.deployments), reading.faults) == (1, ())


def test_faults_without_end_are_counted(read_text):
    reading = read_text(table(*(f"{i},US,radar,1,2" for i in range(5_000))))
    assert reading.fault_count == 5_000
    assert len(reading.faults) == 100
    assert sum(1 + one.more for one in reading.faults) == 5_000


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=12)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=4),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 40),
)
def test_rows_are_what_the_csv_module_makes_of_them(rows, quoting, end, size):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator=end).writerows([["h", "i"], *rows])
    content = text.getvalue().encode()
    chunks = (content[at : at + size] for at in range(0, len(content), size))
    found = [row.cells for row in Rows(chunks, "f", Limits())]
    assert found == [["h", "i"], *rows]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["a", "USA", "radar", "24.7", "59.4", "", '"', '""', ",", "\r", "\x00", "[", "é"]
            ),
            max_size=8,
        ).map(",".join),
        max_size=6,
    ).map("\n".join)
)
def test_no_table_raises(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("t") / "t.csv"
    for start in ("", HEADER + ",name\n"):
        path.write_text(start + text, "utf-8", newline="")
        reading = read(path)
        assert reading.fault_count >= len(reading.faults) - 2
        assert all(str(one) for one in reading.faults)


def test_a_name_in_capitals_is_a_table_as_well(read_text):
    assert ids(read_text(table(GOOD), name="F.CSV")) == ["a"]


def test_a_folder_and_a_missing_file_are_told(tmp_path):
    assert read(tmp_path / "no.csv").faults[0].message == "there is no such file"
    (tmp_path / "d.csv").mkdir()
    assert read(Path(tmp_path, "d.csv")).faults[0].message == "this is a folder; name a file"
