import csv
import io
import json
import os
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploygeo import report as reporters
from deploygeo.checker.findings import Finding, Report, Settings
from deploygeo.clauses.outcome import Measure
from deploygeo.model import Deployment
from deploygeo.report._words import natural, plain, quantity

GOLDEN = Path(__file__).with_name("golden")
PORTER = Deployment(id="porter", party="USA", kind="surface_warship", geometry=(34.0, 43.0))
FORMS = {
    "text.txt": reporters.to_text,
    "all.txt": lambda report: reporters.to_text(report, all=True),
    "concise.txt": reporters.to_concise,
    "report.json": reporters.to_json,
    "report.ndjson": reporters.to_ndjson,
    "report.csv": reporters.to_csv,
    "report.geojson": lambda report: reporters.to_geojson(report, [PORTER]),
    "report.html": reporters.to_html,
    "matrix.txt": lambda report: reporters.to_matrix(
        reporters.reading_matrix(
            report, {"deploy": ("presence", "stay", "based"), "worldview": ("un", "x")}
        )
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_byte_for_byte_the_golden_one(name, report):
    """Set DEPLOYGEO_GOLDEN=write to write the files anew, then read the difference."""
    actual = FORMS[name](report).encode()
    path = GOLDEN / name
    if os.environ.get("DEPLOYGEO_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(actual)
    assert path.read_bytes() == actual


@pytest.mark.parametrize("name", FORMS)
def test_no_form_depends_on_the_order_of_the_findings(name, report):
    turned = replace(report, findings=tuple(reversed(report.findings)))
    assert FORMS[name](turned) == FORMS[name](report)


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_report_has_every_form(name):
    assert isinstance(FORMS[name](Report(settings=Settings(), findings=())), str)


@pytest.mark.parametrize("name", FORMS)
def test_nothing_for_a_screen_carries_control_characters_of_the_input(name, report):
    text = FORMS[name](report)
    assert [char for char in text if not char.isprintable() and char != "\n"] == []


def test_json_has_no_number_that_json_lacks_and_fits_its_schema(report):
    def refuse(constant):
        raise AssertionError(constant)

    shown = json.loads(reporters.to_json(report), parse_constant=refuse)
    jsonschema.Draft202012Validator(reporters.report_schema()).validate(shown)
    deveselu = next(row for row in shown["findings"] if row["members"] == ["deveselu"])
    assert deveselu["margin_km"] == [None, 30.0]


def test_ndjson_holds_the_same_as_json(report):
    rows = [json.loads(line) for line in reporters.to_ndjson(report).splitlines()]
    whole = json.loads(reporters.to_json(report))
    found = [row for row in rows if row.pop("type") == "finding"]
    assert found == whole["findings"]


def test_json_takes_a_lone_surrogate(make):
    odd = Report(settings=Settings(), findings=(make(name="a\udc80é"),))
    reporters.to_json(odd).encode()
    assert json.loads(reporters.to_json(odd))["findings"][0]["name"] == "a\udc80é"


@given(st.text())
def test_no_csv_cell_begins_like_a_formula(name):
    row = Finding(
        id="a/1@b",
        treaty="a",
        clause="1",
        article="1",
        text="",
        subject="deployment",
        members=("b",),
        name=name,
        party="USA",
        on=None,
        verdict="violation",
    )
    report = Report(settings=Settings(), findings=(row,))
    rows = list(csv.reader(io.StringIO(reporters.to_csv(report), newline="")))
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert not cells["name"].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_the_frame_has_one_row_a_finding(report):
    frame = reporters.to_frame(report)
    assert len(frame) == len(report.findings)
    assert frame["distance_km"].max() == 318.241


def test_html_escapes_what_the_file_says(report):
    html = reporters.to_html(report)
    assert "<b>" not in html
    assert "&lt;b&gt;Mount &amp; Whitney&lt;/b&gt;" in html


def test_flags_for_a_human_are_one_line_a_clause(report):
    lines = [line for line in reporters.to_text(report).splitlines() if "Zapad" in line]
    assert len(lines) == 1
    assert "for a human to judge: 10" in lines[0]
    assert lines[0].endswith("and 2 more)")


def test_colour_adds_nothing_but_escapes(report):
    colored = reporters.to_text(report, color=True)
    assert re.sub(r"\x1b\[\d*m", "", colored) == reporters.to_text(report)
    assert "\x1b[31mVIOLATION\x1b[0m" in colored


def test_a_line_on_the_map_is_cut_at_the_antimeridian(make):
    east = Measure("land of USA", 222.64, 1.0, -179.0, 0.0, "USA")
    report = Report(settings=Settings(), findings=(make(measures=(east,)),))
    ship = Deployment(id="porter", party="RUS", kind="submarine", geometry=(179.0, 0.0))
    features = json.loads(reporters.to_geojson(report, [ship]))["features"]
    line = next(one for one in features if one["properties"]["role"] == "line")["geometry"]
    assert line["type"] == "MultiLineString"
    assert [part[0] for part in line["coordinates"]] == [[179.0, 0.0], [-180.0, 0.0]]
    assert [part[-1] for part in line["coordinates"]] == [[180.0, 0.0], [-179.0, 0.0]]


@given(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
)
def test_geodesic_lines_stay_on_the_map_with_short_steps(start, end):
    from pyproj import Geod

    from deploygeo.report.geojson import MAX_STEP_KM, geodesic_lines

    geod = Geod(ellps="WGS84")
    for line in geodesic_lines(start, end):
        assert len(line) >= 2
        for (lon1, lat1), (lon2, lat2) in pairwise(line):
            assert max(abs(lon1), abs(lon2)) <= 180
            assert abs(lon2 - lon1) <= 180
            # coordinates are rounded to about a metre
            assert geod.inv(lon1, lat1, lon2, lat2)[2] <= MAX_STEP_KM * 1000 + 3


def test_the_input_schema_takes_the_example_file():
    path = Path(__file__).parents[2] / "examples" / "europe-2021-12-17.geojson"
    validator = jsonschema.Draft202012Validator(reporters.input_schema())
    features = json.loads(path.read_text("utf-8"))["features"]
    faults = [error for one in features for error in validator.iter_errors(one["properties"])]
    assert faults == []


@pytest.mark.parametrize(
    "properties",
    [
        {"id": "a", "party": "US", "kind": "radar"},
        {"id": "a", "party": "USA"},
        {"id": "a", "party": "USA", "kind": "radar", "colour": "red"},
        {"id": "a", "record": "gossip"},
    ],
)
def test_the_input_schema_refuses(properties):
    validator = jsonschema.Draft202012Validator(reporters.input_schema())
    assert not validator.is_valid(properties)


@given(st.text())
def test_plain_text_is_printable_and_plain_already(text):
    assert plain(text).isprintable()
    assert plain(plain(text)) == plain(text)


@given(st.lists(st.text(alphabet="a.-0129", max_size=6)))
def test_any_clause_ids_can_be_sorted(names):
    assert sorted(sorted(names, key=natural)) == sorted(names)


@pytest.mark.parametrize(("value", "text"), [(-0.0, "0"), (999.6, "1 000"), (-1e6, "−1 000 000")])
def test_quantities_group_their_thousands(value, text):
    assert quantity(value) == text
