"""The commands that tell whether clauses fit each other: their text, files and exit codes."""

import csv
import io
import json
import re
import shlex

import pytest

from deploygeo.cli import main

HEAD = """\
id = "small"
title = "A small treaty"
status = "draft"
source = "made up"
reference_date = 2021-12-17

[[side]]
name = "United States"
states = "states('USA')"

[[side]]
name = "Russia"
states = "states('RUS')"
"""
CLAUSE = """
[[clause]]
id = "{}"
article = "{}"
text = "t"
applies = "kind('missile_launcher') and {}"
rule = "inside(land(everyone - own))"
"""
GAP = HEAD + CLAUSE.format(1, 1, "range < 500") + CLAUSE.format(2, 2, "range > 500")
CLEAN = HEAD + CLAUSE.format(1, 1, "range <= 500") + CLAUSE.format(2, 2, "range > 500")
FILE = "examples/europe-2021-12-17.geojson"


@pytest.fixture
def told(capfd, tmp_path, monkeypatch):
    """Run a command line in a folder with two treaty files: (exit code, output, errors)."""
    (tmp_path / "gap.toml").write_text(GAP)
    (tmp_path / "clean.toml").write_text(CLEAN)

    def go(*args, at=tmp_path):
        if at is not None:
            monkeypatch.chdir(at)
        with pytest.raises(SystemExit) as left:
            main(args)
        read = capfd.readouterr()
        return left.value.code, read.out, read.err

    return go


def test_deep_lint_tells_advice_and_leaves_with_0(told):
    code, out, err = told("treaty", "lint", "--deep", "./gap.toml")
    assert (code, err) == (0, "")
    assert out == (
        "small, as if in force; worldview un; default readings; sets of 2021-12-17\n"
        "\n"
        "gap 1, 2 (proved)\n"
        "  a range of exactly 500 km is in neither; less is in 1, more in 2\n"
        "  for example missile_launcher of USA, range 500 km, at -0.1,51.5 (London):"
        " 1 not-applicable, 2\n"
        "    not-applicable\n"
        "\n"
        "2 clauses: 1 gap (19 candidates tried)\n"
    )


def test_strict_deep_lint_leaves_with_1_where_there_is_advice(told):
    assert told("treaty", "lint", "--deep", "--strict", "./gap.toml")[0] == 1
    code, out, _ = told("treaty", "lint", "--deep", "--strict", "./clean.toml")
    assert code == 0
    assert "2 clauses: nothing found" in out


def test_deep_lint_of_a_file_with_a_fault_tells_the_fault(told, tmp_path):
    (tmp_path / "bad.toml").write_text(GAP.replace("range < 500", "rang < 500"))
    code, out, err = told("treaty", "lint", "--deep", "./bad.toml", "./clean.toml")
    assert code == 2
    assert "unknown predicate 'rang'; did you mean 'range'?" in err
    assert "2 clauses: nothing found" in out  # what is good is looked at all the same


def test_deep_lint_of_all_that_ship_tells_what_they_leave_open(told):
    code, out, _ = told("treaty", "lint", "--deep")
    assert code == 0
    assert re.findall(r"^\w+ [\d.]+ \(\w+", out, re.MULTILINE) == [
        "undecided 7.2 (searched",
        "undecided 5.3 (proved",
        "undecided 7.2 (proved",
    ]


@pytest.mark.parametrize(
    ("option", "name"),
    [
        (("--strict",), "--strict"),
        (("-o", "x"), "--output"),
        (("-f", "json"), "--format"),
        (("--reading", "a=b"), "--reading"),
        (("--on", "2021-12-17"), "--on"),
    ],
)
def test_the_options_of_deep_lint_are_refused_without_it(told, option, name):
    code, _, err = told("treaty", "lint", "clean.toml", *option)
    assert code == 2
    assert f"{name} belongs to --deep" in err


def test_every_file_that_deep_lint_writes_is_checked_by_the_command_it_tells(told, tmp_path):
    _, out, _ = told("treaty", "lint", "--deep", "./gap.toml", "-o", "new/folder")
    (command,) = re.findall(r"^  \$ deploygeo (.*)$", out, re.MULTILINE)
    code, report, _ = told(*shlex.split(command), "--all")
    assert code == 0
    assert "1 deployment" in report
    assert "2 not applicable" in report
    (file,) = (tmp_path / "new" / "folder").iterdir()
    assert file.name == "small-01-gap-1-2.geojson"
    assert [f["properties"]["range_km"] for f in json.loads(file.read_text())["features"]] == [500]


def test_deep_lint_as_json_has_the_witness(told):
    code, out, _ = told("treaty", "lint", "--deep", "./gap.toml", "-f", "json")
    (treaty,) = json.loads(out)["treaties"]
    (advice,) = treaty["advice"]
    assert (code, advice["code"], advice["certainty"]) == (0, "gap", "proved")
    assert advice["witness"]["features"][0]["properties"]["range_km"] == 500
    assert [one["verdict"] for one in advice["outcomes"]] == ["not-applicable"] * 2


def test_compare_tells_the_difference_and_its_smallest_deployment(told):
    code, out, err = told("treaty", "compare", "./gap.toml", "./clean.toml")
    assert (code, err) == (0, "")
    assert "Forbidden by small, not by small (second): nothing found" in out
    assert "Forbidden by small (second), not by small\n 1" in out
    assert (
        "missile_launcher of USA, RUS: London, Paris, Berlin, Madrid, Ankara, Oslo at 500 km" in out
    )
    assert "smallest: missile_launcher of USA, range 500 km, at -0.1,51.5 (London)" in out


def test_the_files_of_a_comparison_differ_as_told(told):
    _, out, _ = told("treaty", "compare", "./gap.toml", "./clean.toml", "-o", "out")
    commands = re.findall(r"^ +\$ (.*)$", out, re.MULTILINE)
    assert commands
    first, second = commands[0].split("; ")
    assert told(*shlex.split(first)[1:])[0] == 0
    assert told(*shlex.split(second)[1:])[0] == 1


def test_compare_as_json_has_places_and_ranges(told):
    _, out, _ = told("treaty", "compare", "./gap.toml", "./clean.toml", "-f", "json")
    found = json.loads(out)
    assert found["format"] == "deploygeo-comparison/1"
    assert {one["clause"] for one in found["differences"]} == {"1"}
    assert found["differences"][0]["places"][0]["ranges_km"] == [500.0]


def test_a_treaty_compared_with_itself_has_no_differences(told):
    assert told("treaty", "compare", "./gap.toml", "./gap.toml") == (
        0,
        "small with itself: no differences\n",
        "",
    )


def test_options_reach_the_comparison(told):
    args = ("treaty", "compare", "us-russia-2021", "nato-russia-2021")
    only = ("--clause", "us-russia-2021/7.1", "--clause", "nato-russia-2021/6")
    literal = ("--worldview", "russia", "--reading", "nuclear_outside=literal")
    _, out, _ = told(*args, *only, *literal, "--all")
    assert "worldview russia; readings changed: nuclear_outside = literal" in out
    assert "Black Sea" in out
    _, out, _ = told(*args, *only, "--all")
    assert "Black Sea" not in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("compare", "us-russia-2021", "nato"), "unknown treaty 'nato'"),
        (("compare", "us-russia-2021", "./none.toml"), "there is no such file"),
        (("compare", "us-russia-2021"), "Missing argument"),
        (("compare", "a", "b", "--reading", "all"), "--reading all belongs to deploygeo check"),
        (("compare", "./gap.toml", "./clean.toml", "--clause", "9"), "unknown clause '9'"),
        (("compare", "./gap.toml", "./clean.toml", "-o", "gap.toml"), "cannot write into gap.toml"),
        (("audit", "us-rusia-2021"), "did you mean 'us-russia-2021'"),
        (("audit", "us-russia-2021", "--clause", "8"), "us-russia-2021/8 cannot be checked"),
        (("audit", "us-russia-2021", "--range", "x"), "'x' is no number of kilometres"),
        (("audit", "us-russia-2021", "--param", "km=1"), "unknown parameter 'km'"),
        (("lint", "--deep", "us-rusia-2021"), "did you mean 'us-russia-2021'"),
        (("lint", "--deep", "us-russia-2021", "--on", "yesterday"), "--on: 'yesterday'"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_exit_2(told, args, message):
    code, out, err = told("treaty", *args)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_treaty_without_a_clause_to_check_is_told(told, tmp_path):
    bare = '\n[[clause]]\nid = "1"\narticle = "1"\ntext = "t"\ncheck = "none"\nwhy = "intent"\n'
    (tmp_path / "bare.toml").write_text(HEAD + bare)
    for args in (("lint", "--deep", "./bare.toml"), ("audit", "./bare.toml")):
        code, _, err = told("treaty", *args)
        assert code == 2
        assert "small has no clause that can be checked" in err


def test_audit_counts_the_deployments_of_a_file_by_side(told):
    args = ("treaty", "audit", "us-russia-2021", FILE, "--clause", "4.1", "--clause", "7.3")
    code, out, err = told(*args, at=None)
    assert (code, err) == (0, "")
    assert out == (
        "us-russia-2021, as if in force; worldview un; default readings; sets of 2021-12-17\n"
        "\n"
        "Not measured\n"
        "4.1  it asks of records, which have no place\n"
        "7.3  its rule names no place under these readings\n"
        "\n"
        "Of 76 deployments and 2 records in examples/europe-2021-12-17.geojson, by side and"
        " verdict\n"
        "     side           violation  compliant\n"
        "4.1  United States          2          –\n"
        "     Russia                 –          –\n"
        "7.3  United States          –          1\n"
        "     Russia                 –          –\n"
        "\n"
        "Not checkable: 1, 2, 8.\n"
    )


def test_audit_measures_what_is_closed(told):
    args = ("treaty", "audit", "nato-russia-2021", "--clause", "7.1", "--borders", "ne10")
    code, out, _ = told(*args)
    assert code == 0
    assert "Closed, in thousands of km² and in percent\n" in out
    assert re.search(r"^7\.1 +NATO +0 +0\.0 +5 0\d\d +4\.2 +4\d +0\.4$", out, re.MULTILINE)
    _, out, _ = told(*args, "-f", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["side"], row["own_land_share"], row["violation"]) == ("NATO", "0.0", "")
    _, out, _ = told(*args, "-f", "json")
    (cost,) = json.loads(out)["costs"]
    assert cost["seas"]["error"] > 0.0


def test_audit_as_csv_has_the_counts_of_every_side(told):
    args = ("treaty", "audit", "us-russia-2021", FILE, "--clause", "4.1", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(told(*args, at=None)[1])))
    assert [(row["side"], row["violation"]) for row in rows] == [
        ("United States", "2"),
        ("Russia", "0"),
    ]


def test_audit_of_a_file_with_faults_tells_them_and_leaves_with_3(told, tmp_path):
    (tmp_path / "a.geojson").write_text('{"type": "Feature", "properties": {}, "geometry": null}')
    code, out, err = told("treaty", "audit", "us-russia-2021", "a.geojson", "--clause", "7.3")
    assert code == 3
    assert err.startswith("fault: a.geojson:1:35: features[0] /properties: id is missing")
    assert "7.3  its rule names no place" in out


def test_audit_does_not_write_over_its_input(told, tmp_path):
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    code, _, err = told("treaty", "audit", "us-russia-2021", "a.geojson", "-o", "a.geojson")
    assert code == 2
    assert "is the input" in err


@pytest.mark.parametrize("command", ["compare", "audit", "lint"])
def test_the_help_says_what_the_command_is_for(told, command):
    code, out, _ = told("treaty", command, "--help")
    assert code == 0
    assert f"Usage: deploygeo treaty {command}" in out
