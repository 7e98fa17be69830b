import csv
import io
import json
import math
import os
import re
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from deploygeo import check
from deploygeo import report as reporters
from deploygeo.checker.findings import Finding, Report, Settings
from deploygeo.clauses.outcome import Measure
from deploygeo.model import Deployment
from deploygeo.report._words import natural, plain, quantity, wrapped

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
    "report.sarif": lambda report: reporters.to_sarif(report, [PORTER]),
    "junit.xml": lambda report: reporters.to_junit(report, [PORTER]),
    "github.txt": lambda report: reporters.to_github(report, [PORTER]),
    "report.md": reporters.to_markdown,
    "report.kml": lambda report: reporters.to_kml(report, [PORTER]),
    "matrix.txt": lambda report: reporters.to_matrix(
        reporters.reading_matrix(
            report, {"deploy": ("presence", "stay", "based"), "worldview": ("un", "x")}
        ),
        report,
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
    text = reporters.to_text(report, width=1_000)
    lines = [line for line in text.splitlines() if "Zapad" in line]
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


#: Where lines break: on both sides of 180°, on both poles, and anywhere else.
LON = st.one_of(st.sampled_from((-180.0, 180.0, 179.999999, -179.999999)), st.floats(-180, 180))
LAT = st.one_of(st.sampled_from((-90.0, 90.0, 89.999999)), st.floats(-90, 90))


@given(st.tuples(LON, LAT), st.tuples(LON, LAT))
@example((44.0, 0.0), (-137.0, 88.0))  # passes 30 km from the pole, where it meets 180 degrees
@example((90.0, 89.9), (-90.0, 89.9))
@example((180.0, 60.0), (-180.0, 0.0))
@example((-57.9, 90.0), (180.0, -45.0))
def test_geodesic_lines_are_whole_and_stay_on_the_map_with_short_steps(start, end):
    """A line that ended on 180° from its other side lacked its last step, of up to 100 km."""
    from geographiclib.geodesic import Geodesic

    from deploygeo.report.geojson import MAX_STEP_KM, geodesic_lines

    def metres(one, other):
        return Geodesic.WGS84.Inverse(one[1], one[0], other[1], other[0])["s12"]

    lines = geodesic_lines(start, end)
    steps = [pair for line in lines for pair in pairwise(line)]
    assert min(map(len, lines)) >= 2
    for one, other in steps:
        assert max(abs(one[0]), abs(other[0])) <= 180
        assert abs(one[0] - other[0]) <= 180
        assert metres(one, other) <= MAX_STEP_KM * 1000 + 0.003
    for before, after in pairwise(lines):
        assert abs(before[-1][0]) == 180
        assert [-before[-1][0], before[-1][1]] == after[0]
    # each vertex is rounded by less than a millimetre
    whole = sum(metres(one, other) for one, other in steps)
    assert whole == pytest.approx(metres(start, end), abs=0.002 * (1 + len(steps)))


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


def test_groups_records_and_unmeasured_findings_are_on_the_map(make):
    """25 of 53 violations of the example were missing from its GeoJSON without a word."""
    group = make("4", "USA-in-POL", subject="group", members=("a", "b", "c", "d"), host="POL")
    area = {"type": "Polygon", "coordinates": [[[20, 50], [20, 51], [21, 51], [21, 50], [20, 50]]]}
    ships = [
        Deployment(id="a", party="USA", kind="surface_warship", geometry=(19.0, 54.0)),
        Deployment(id="b", party="USA", kind="exercise", geometry=area),
    ]
    lone = make("7.3", "c", members=("c",), place=(22.0, 52.0))
    joined = make("4.1", "fin", subject="record", members=("fin",))
    told = Report(settings=Settings(), findings=(group, lone, joined), as_if=("us-russia-2021",))
    shown = json.loads(reporters.to_geojson(told, ships))
    by_role = {one["properties"]["role"]: one for one in shown["features"]}
    of_ships = [one["id"] for one in shown["features"] if one["properties"]["role"] == "deployment"]
    assert of_ships == ["a#deployment", "b#deployment"]
    geometries = by_role["members"]["geometry"]["geometries"]
    assert [one["type"] for one in geometries] == ["Point", "Polygon", "Point"]
    ring = geometries[1]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw
    assert by_role["members"]["properties"]["members"] == ["a", "b", "c", "d"]
    assert by_role["placement"]["geometry"] == {"type": "Point", "coordinates": [22.0, 52.0]}
    assert by_role["record"]["geometry"] is None
    assert shown["deploygeo"]["counts"]["violation"] == 3
    assert shown["deploygeo"]["as_if_in_force"] == ["us-russia-2021"]
    alone = json.loads(reporters.to_geojson(told))["features"]
    assert next(one for one in alone if one["id"].endswith("#members"))["geometry"] == {
        "type": "Point",
        "coordinates": [22.0, 52.0],
    }


def test_every_finding_that_applies_to_the_example_is_on_the_map():
    path = Path(__file__).parents[2] / "examples" / "europe-2021-12-17.geojson"
    report = check(path)
    told = {finding.id for finding in report.findings if finding.verdict != "not-applicable"}
    shown = json.loads(report.to_geojson())
    assert {one["properties"]["finding"] for one in shown["features"]} == told
    assert shown["deploygeo"]["counts"] == report.counts


def test_counts_are_the_same_in_text_json_html_and_map(report):
    counts = {"indeterminate": 1, "for-a-human": 10}
    whole = json.loads(reporters.to_json(report))
    assert {name: whole["counts"][name] for name in counts} == counts
    assert json.loads(reporters.to_geojson(report))["deploygeo"]["counts"] == whole["counts"]
    told = "1 indeterminate, 1 excused, 1 compliant, 10 for a human to judge"
    assert told in reporters.to_html(report)
    assert reporters.to_text(report, width=1_000).count(told) == 2


def test_a_finding_of_a_human_is_told_like_any_other(make):
    decided = Report(settings=Settings(), findings=(make("5.1", review=True),))
    assert "VIOLATION  USS Porter" in reporters.to_text(decided)
    assert "USS Porter" in reporters.to_html(decided)


def test_an_end_without_a_bound_is_not_an_empty_cell(report):
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(reporters.to_csv(report)))}
    deveselu = rows["us-russia-2021/6@deveselu"]
    assert (deveselu["margin_lo"], deveselu["margin_hi"]) == ("unbounded", "30.0")
    assert rows["us-russia-2021/5.2@f16"]["margin_lo"] == ""
    frame = reporters.to_frame(report).set_index("id")
    assert frame.loc["us-russia-2021/6@deveselu", "margin_lo"] == -math.inf


def test_text_and_explanation_name_states_and_what_is_nearest(make):
    far = Measure("limit of the land of all states but USA", 70.3, 2.0, 12.9, 45.7, "ITA")
    told = finding_text(make(measures=(far,), host="ITA", zone="land"))
    assert "to the limit of the land of all states but the United States" in told
    assert "(Italy); in Italy (land)" in told
    disputed = Measure("land of RUS", 154.0, 2.0, 33.4, 44.4, "crimea")
    assert "(Crimea and Sevastopol)" in finding_text(make(measures=(disputed,)))


def finding_text(finding):
    return reporters.to_text(Report(settings=Settings(), findings=(finding,)), width=1_000)


def test_reasons_are_sentences():
    from deploygeo.clauses.outcome import Reason
    from deploygeo.clauses.truth import Margin, Truth
    from deploygeo.report.text import reason_lines

    many = Reason("there (202–∞ persons) > on 1997-05-27 (12 persons)", Truth.TRUE)
    none = Reason(
        "separation (no other is there) (∞ km) < 1 000 000",
        Truth.FALSE,
        Margin(-math.inf, -math.inf, "km"),
    )
    few = Reason("a (5 persons) > b (12 persons)", Truth.FALSE, Margin(-7, -7, "persons"))
    turned = Reason("not", Truth.TRUE, None, (few,))
    assert list(reason_lines(Reason("or", Truth.TRUE, None, (many, none, turned)))) == [
        "met      at least one of these:",
        "met        there (202 or more persons) is more than on 1997-05-27 (12 persons)",
        "not met    separation (no other is there)",
        "met        a (5 persons) is not more than b (12 persons) (by 7 persons)",
    ]


def test_a_line_of_a_hundred_thousand_characters_is_wrapped_at_once():
    """A name may be so long; the text form took many minutes for it."""
    begun = time.process_time()
    assert len(wrapped("in breach of it " * 6000, 100)) > 900
    assert time.process_time() - begun < 5.0


@given(st.text(alphabet="ab 1±k−", max_size=60), st.integers(8, 40))
def test_wrapping_loses_nothing_but_blanks(text, width):
    line = " ".join(text.split())
    pieces = wrapped(line, width)
    assert "".join("".join(pieces).split()) == "".join(line.split())
