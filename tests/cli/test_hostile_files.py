"""A file with many faults: all are told, each kind once, and what is good is checked."""

import json
import re

import pytest

from deploygeo.cli import main

GOOD = {
    "type": "Feature",
    "properties": {"id": "ship", "party": "USA", "kind": "surface_warship", "range_km": 1600},
    "geometry": {"type": "Point", "coordinates": [34.0, 43.0]},
}


def bad(number, **changes):
    properties = {"id": f"b{number}", "party": "USA", "kind": "radar"} | changes
    point = {"type": "Point", "coordinates": [20.0, 50.0]}
    return {"type": "Feature", "properties": properties, "geometry": point}


@pytest.fixture
def told(capfd, tmp_path, monkeypatch):
    """Check a collection of features: (exit code, output, errors)."""
    monkeypatch.chdir(tmp_path)

    def go(features, *options):
        rows = ",\n".join(json.dumps(row) for row in features)
        text = f'{{"type": "FeatureCollection", "features": [\n{rows}\n]}}\n'
        (tmp_path / "f.geojson").write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as left:
            main(["check", "f.geojson", *options])
        read = capfd.readouterr()
        return left.value.code, read.out, read.err

    return go


def test_the_same_faults_are_told_once_and_counted(told):
    rows = [bad(number, range_km="far") for number in range(413)]
    code, out, err = told([GOOD, *rows, bad(999, party="Rusia")])
    assert code == 3
    lines = err.splitlines()
    assert lines[0].startswith("fault: f.geojson:3:")
    assert "features[1] (id 'b0') /features/1/properties/range_km: range_km" in lines[0]
    assert lines[1][len(lines[2]) - 1 :].startswith('"far"')
    assert lines[3] == "  and 412 more like it: features[2], features[3], features[4], …"
    assert lines[4].startswith("fault: f.geojson:416:")
    assert "did you mean" in lines[4]
    assert "violation" in out
    assert "414 faults in the input" in out


def test_strict_checks_nothing_where_there_is_a_fault(told):
    code, out, err = told([GOOD, bad(1, range_km="far")], "--strict")
    assert (code, out) == (3, "")
    assert err.startswith("error: f.geojson:3:")
    assert told([GOOD], "--strict")[0] == 1


def test_so_many_kinds_of_fault_are_told_as_asked(told):
    rows = [bad(0, range_km="far"), bad(1, personnel="many"), bad(2, party="Rusia")]
    _, _, err = told(rows, "--max-errors", "1")
    heads = [line for line in err.splitlines() if line.startswith("fault: ")]
    assert len(heads) == 3
    assert heads[-1].startswith("fault: f.geojson: a fault of yet another kind")


@pytest.mark.parametrize("most", [1, 2, 7, 1000])
def test_all_faults_are_counted_however_many_are_told(told, most):
    """NaN was counted twice, as no JSON and as no number, where no more faults were told."""
    rows = [bad(number, range_km=float("nan"), personnel=float("inf")) for number in range(9)]
    rows += [bad(9, party="Rusia"), bad(10, knid=1), bad(11, name=5), bad(12, nuclear="no")]
    _, out, err = told(rows, "--max-errors", str(most))
    assert "22 faults in the input" in out
    heads = sum(line.startswith("fault: ") for line in err.splitlines())
    assert heads + sum(map(int, re.findall(r"and (\d+) more like it", err))) == 22


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("features=1", "there are more than 1 features; split the source"),
        ("bytes=10", "the source is larger than 10 bytes"),
        ("depth=4", "nested deeper than 4 levels; raise the limit: --limit depth="),
        ("text=2", "characters long; at most 2; shorten it, or raise the limit: --limit text="),
        ("vertices=2", "at most 2: simplify or split it, or raise the limit: --limit vertices="),
    ],
)
def test_each_limit_has_a_name(told, option, words):
    deep = {**bad(1), "foreign": [[[[[[1]]]]]]}
    deep["geometry"] = {"type": "LineString", "coordinates": [[1, 2], [3, 4], [5, 6]]}
    code, _, err = told(
        [GOOD, {**deep, "properties": {**deep["properties"], "name": "abc"}}], "--limit", option
    )
    assert code == 3
    assert words in err


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("features=x", "--limit features: 'x' is not a whole number"),
        ("feature=1", "unknown limit 'feature'; did you mean 'features'?"),
        ("bytes=0", "the limit of bytes is a whole number above 0, not 0"),
        ("bytes", "'bytes' is not NAME=VALUE"),
    ],
)
def test_a_wrong_limit_is_refused(told, option, words):
    code, out, err = told([GOOD], "--limit", option)
    assert (code, out) == (2, "")
    assert words in err
