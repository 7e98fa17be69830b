"""SARIF, JUnit, workflow commands and Markdown, read again by readers that are not ours."""

import json
import re
from dataclasses import replace

import jsonschema
import junitparser
import pytest
from markdown_it import MarkdownIt
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

from deploygeo import report as reporters
from deploygeo.checker.findings import Baseline, Report, Settings, Source
from deploygeo.errors import Fault
from deploygeo.model import Deployment, Origin
from deploygeo.report.receipt import receipt, receipt_mapping

# made by its authors from the schema that OASIS publishes, and turned back into one
SARIF_SCHEMA = jsonschema.Draft202012Validator(Sarif.model_json_schema())
EMPTY = Report(settings=Settings(), findings=())
WORKFLOW = re.compile(r"::(error|warning|notice) (?:(\w+)=([^:,]*)(?:,(?=\w)|(?=::)))+::[^\r\n]*")


def member(id_, line):
    return Deployment(
        id=id_,
        party="USA",
        kind="air_base",
        geometry=(20.0, 52.0),
        origin=Origin("a.geojson", line),
    )


MEMBERS = (member("a", 11), member("b", 12))


def run_of(report, deployments=()):
    log = json.loads(reporters.to_sarif(report, deployments))
    SARIF_SCHEMA.validate(log)
    Sarif.model_validate(log)
    return log["runs"][0]


def test_sarif_fits_the_schema_and_has_a_rule_for_each_clause(report):
    run = run_of(report, MEMBERS)
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["us-russia-2021/5.2"]["properties"]["article"] == "5(2)"
    assert "Both refrain." in rules["us-russia-2021/5.2"]["help"]["text"]
    assert "not observable" in rules["us-russia-2021/1"]["help"]["text"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_every_result_of_sarif_has_the_line_of_the_source(report):
    results = run_of(report, MEMBERS)["results"]
    by_kind = {}
    for result in results:
        by_kind.setdefault(result["kind"], []).append(result)
    breach, fault = by_kind["fail"]
    assert breach["level"] == fault["level"] == "error"
    assert breach["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a.geojson", "index": 0},
        "region": {"startLine": 4},
    }
    assert fault["locations"][0]["physicalLocation"]["region"] == {"startLine": 9}
    (group,) = by_kind["informational"]
    lines = [
        one["physicalLocation"]["region"]["startLine"]
        for one in (*group["locations"], *group["relatedLocations"])
    ]
    assert lines == [11, 12]
    assert len(by_kind["review"]) == 10


def test_what_has_no_line_of_its_own_is_in_the_first_line_in_sarif(make):
    """Code scanners drop a result without a line, as those of a GeoPackage were."""
    breach = make(origin=Origin("a.gpkg", None, 0))
    faults = (Fault("the file is empty", "b.geojson"),)
    results = run_of(replace(EMPTY, findings=(breach,), faults=faults))["results"]
    places = [one["locations"][0]["physicalLocation"] for one in results]
    assert [one["region"] for one in places] == [{"startLine": 1}] * 2


def test_only_what_fails_has_a_level_in_sarif(report):
    """The specification asks for the level none wherever the kind is not fail."""
    for result in run_of(report)["results"]:
        assert (result["level"] != "none") == (result["kind"] == "fail")


def test_sarif_has_the_receipt_and_the_checksum_of_the_file(report):
    run = run_of(report)
    assert run["properties"]["receipt"] == receipt_mapping(receipt(report))
    assert run["artifacts"][0]["hashes"] == {"sha-256": "f1" * 32}


def test_what_is_new_against_a_baseline_is_new_in_sarif(report):
    held = replace(report, baseline=Baseline(Source("old.json", "0d" * 32), 7))
    states = {one.get("baselineState") for one in run_of(held)["results"] if one["kind"] == "open"}
    assert states == {"new"}


def test_a_fault_tells_its_column_and_pointer_in_sarif():
    fault = Fault("lon 540", "a.json", 4, 7, 1, "b", "/features/1")
    (result,) = run_of(replace(EMPTY, faults=(fault,)))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 4,
        "startColumn": 7,
    }
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "/features/1"


def test_nothing_in_a_nasty_report_is_a_placeholder_link_or_scheme_of_sarif(nasty):
    text = reporters.to_sarif(nasty)
    assert all(char.isprintable() or char == "\n" for char in text)
    run = run_of(nasty)

    def texts(value):
        if isinstance(value, dict):
            for key, one in value.items():
                yield from texts(key)
                yield from texts(one)
        elif isinstance(value, list):
            for one in value:
                yield from texts(one)
        elif isinstance(value, str):
            yield value

    assert all(one.isprintable() for one in texts(run))
    assert "markdown" not in text
    for result in run["results"]:
        told = result["message"]["text"]
        assert not re.search(r"\]\(", told)
        assert not re.search(r"(?<!\{)(\{\{)*\{(?!\{)\d+\}", told)
        places = [one.get("physicalLocation") for one in result.get("locations", ())]
        for place in filter(None, places):
            uri = place["artifactLocation"]["uri"]
            assert not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", uri)


def test_junit_is_read_by_a_parser_and_its_counts_are_right(report, tmp_path):
    path = tmp_path / "junit.xml"
    path.write_text(reporters.to_junit(report, MEMBERS), encoding="utf-8")
    suites = junitparser.JUnitXml.fromfile(str(path))
    told = (suites.tests, suites.failures, suites.errors, suites.skipped)
    suites.update_statistics()
    assert told == (suites.tests, suites.failures, suites.errors, suites.skipped) == (16, 1, 1, 12)
    cases = {(case.classname, case.name): case for suite in suites for case in suite}
    breach = cases["us-russia-2021/5.2", "USS Porter [porter]"]
    assert isinstance(breach.result[0], junitparser.Failure)
    assert "318.2 ± 1.0 km to the land of Russia" in breach.result[0].message
    assert (breach._elem.get("file"), breach._elem.get("line")) == ("a.geojson", "4")
    group = cases["us-russia-2021/10", "forces of the United States in Poland [USA-in-POL]"]
    assert group._elem.get("line") == "11"
    assert len(cases) == 16
    for suite in suites:
        properties = {one.name: one.value for one in suite.properties()}
        assert properties["treaty us-russia-2021"] == "sha256 " + "7e" * 32
        assert properties["not-applicable"] == "1"


def test_a_nasty_report_is_well_formed_junit(nasty, tmp_path):
    text = reporters.to_junit(nasty, MEMBERS)
    assert all(char.isprintable() or char == "\n" for char in text)
    path = tmp_path / "junit.xml"
    path.write_text(text, encoding="utf-8")
    suites = junitparser.JUnitXml.fromfile(str(path))
    assert [len(list(suite)) for suite in suites] == [1, 9]
    names = {element.tag for element in suites._elem.iter()}
    assert names <= {
        *("testsuites", "testsuite", "properties", "property", "testcase", "failure", "error"),
        *("skipped", "system-out", "system-err"),
    }


def test_workflow_commands_come_errors_first_with_file_and_line(report):
    lines = reporters.to_github(report, MEMBERS).splitlines()
    commands = [line for line in lines if WORKFLOW.fullmatch(line)]
    assert commands[0] == (
        "::error file=a.geojson,line=9,title=fault in the input::lat 148.0 is outside [-90, 90]"
    )
    assert commands[1].startswith(
        "::error file=a.geojson,line=4,title=us-russia-2021/5.2 Article 5(2)::USS Porter (United"
    )
    assert [line.split(" ")[0] for line in commands] == [
        *("::error", "::error", "::warning", "::notice", "::notice")
    ]
    assert commands[-1].endswith("::for a human to judge: 10")
    assert lines[-1] == "::endgroup::"


def test_many_faults_of_one_kind_hide_no_violation_among_the_ten_that_github_shows(report):
    """Twenty faults of one kind were the ten errors that were shown."""
    faults = [Fault(f"range_km is {n} m", "a.geojson", n, feature=n) for n in range(1, 21)]
    held = replace(report, faults=(*faults, Fault("no party", "a.geojson", 30, more=7)))
    lines = reporters.to_github(held).splitlines()
    assert "22 errors, of which GitHub shows 10 beside the file; all are in this log" in lines
    errors = [line for line in lines if line.startswith("::error")]
    assert [line.partition(",title")[0][-2:] for line in errors[:4]] == ["=1", "30", "=4", "=2"]
    assert errors[1].endswith("::no party (and 7 more like it)")
    assert len(errors) == 22
    few = reporters.to_github(replace(report, faults=tuple(faults[:9])))
    assert "of which GitHub shows" not in few


def test_faults_that_are_only_counted_are_counted_in_every_form(report, tmp_path):
    """JSON had no number for them, and a difference of reports took them for none."""
    from deploygeo.report.changes import difference_to_json, difference_to_text
    from deploygeo.report.difference import difference
    from deploygeo.report.earlier import read_earlier

    held = replace(report, faults=(Fault("no party", "a.geojson", 3, more=412),))
    texts = [
        reporters.to_github(held),
        reporters.to_junit(held),
        reporters.to_sarif(held),
        reporters.to_markdown(held),
    ]
    for text in texts:
        assert "(and 412 more like it)" in text
    (result,) = [one for one in run_of(held)["results"] if one["ruleId"] == "input-fault"]
    assert result["occurrenceCount"] == 413
    assert "## Faults of the input: 413" in texts[-1]
    path = tmp_path / "a.json"
    path.write_text(reporters.to_json(held), encoding="utf-8")
    assert json.loads(path.read_text("utf-8"))["faults"][0]["more"] == 412
    earlier = read_earlier(path)
    found = difference(earlier, earlier)
    assert "is of an input with 413 faults" in difference_to_text(found, width=1000)
    assert json.loads(difference_to_json(found))["before"]["faults"] == 413


def test_no_line_of_a_nasty_report_is_a_command_of_its_own(nasty):
    text = reporters.to_github(nasty, MEMBERS)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "##[" not in text
    commands = [line for line in text.splitlines() if line.strip().startswith("::")]
    frame = {"::group::receipt", "::endgroup::"}
    for line in commands:
        assert line in frame or WORKFLOW.fullmatch(line), line
    levels = [line.split(" ")[0] for line in commands if line not in frame]
    # a fault, three of forces, one of a record; then open, excused, odd, and for a human
    assert sorted(levels) == sorted(["::error"] * 5 + ["::warning"] * 2 + ["::notice"] * 2)


def shown_by_github(text):
    """Return HTML as a renderer of GitHub's dialect makes it, HTML of the text let through."""
    made = MarkdownIt("gfm-like", {"html": True, "linkify": True})
    made.linkify.set({"fuzzy_link": True, "fuzzy_email": True})
    return made.render(text)


def test_markdown_has_a_table_for_each_clause(report):
    html = shown_by_github(reporters.to_markdown(report))
    assert html.count("<table>") == 4  # three clauses that apply, and the receipt
    assert "<td>VIOLATION</td>\n<td>USS Porter</td>\n<td>United States</td>" in html
    assert "For a human to judge: 10" in html
    assert "7e" * 32 in html


def test_nothing_in_a_nasty_report_works_as_markdown_or_html(nasty):
    text = reporters.to_markdown(nasty)
    assert all(char.isprintable() or char == "\n" for char in text)
    html = shown_by_github(text)
    tags = set(re.findall(r"</?([A-Za-z][\w-]*)", html))
    assert tags <= {
        *("h1", "h2", "h3", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"),
        *("blockquote", "code"),
    }
    assert "<!--" not in html
    # outside code spans nothing could be a mention, an emoji, a reference or mathematics
    bare = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    assert not re.search(r"[@#$|~*_\\\[\]`]|://|www\.|\w:\w", bare)
    for row in re.findall(r"<tr>.*?</tr>", html, flags=re.DOTALL):
        assert len(re.findall(r"<t[hd]", row)) in (2, 6)


def test_markdown_code_spans_hold_any_number_of_ticks():
    odd = replace(EMPTY, source="a`b``c```d")
    assert "<code>a`b``c```d</code>" in shown_by_github(reporters.to_markdown(odd))


@pytest.mark.parametrize(
    "render",
    [reporters.to_sarif, reporters.to_junit, reporters.to_github, reporters.to_markdown],
)
def test_what_does_not_apply_is_counted_and_not_told(render, report):
    text = render(report)
    assert "@f16" not in text
    assert "F-16" not in text


def test_csv_has_no_formula_in_any_cell_of_a_nasty_report_even_if_semicolons_part_cells(nasty):
    import csv
    import io

    text = reporters.to_csv(nasty)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert text.count("\n") == 1 + len(nasty.findings)
    for delimiter in ",;":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            for cell in row:
                bare = cell.lstrip(' "')
                assert not bare.startswith(tuple("=+@\t\r\0＝＋－＠")), cell
                assert not re.match(r"-(?!\d+(\.\d+)?$)", bare) or delimiter == ";", cell


@pytest.mark.parametrize("render", [reporters.to_text, reporters.to_concise, reporters.to_html])
def test_nothing_in_a_nasty_report_reaches_a_terminal(nasty, render):
    assert all(char.isprintable() or char == "\n" for char in render(nasty))


def test_the_json_of_a_nasty_report_holds_every_text_as_it_was(nasty):
    text = reporters.to_json(nasty)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert {one["name"] for one in json.loads(text)["findings"]} == {nasty.source}
    jsonschema.Draft202012Validator(reporters.report_schema()).validate(json.loads(text))


def test_no_cell_of_any_other_table_is_a_formula():
    """A treaty file may come from a stranger too; its words went into these as they were."""
    from datetime import date

    from deploygeo.consistency import Audit, Cost
    from deploygeo.report.audit import audit_to_csv
    from deploygeo.report.zones import shares_to_csv
    from deploygeo.zones.shared import Share

    bite = "=cmd|' /C calc'!A0\n\x1b[2J"
    cost = Cost(bite, bite, (bite,), 2500.0, why=bite)
    audit = audit_to_csv(Audit(bite, Settings(), date(2021, 12, 17), (bite,), (cost,)))
    share = Share(bite, bite, bite, (bite,), 500.0, "un", "sea", bite, 0.7, 0.0, 1.0, 2.0)
    for text in (audit, shares_to_csv([share])):
        assert "calc" in text
        assert all(char.isprintable() or char == "\n" for char in text)
        assert not re.search(r"(^|,)\"?=", text, flags=re.MULTILINE)
