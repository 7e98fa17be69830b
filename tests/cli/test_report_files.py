"""Several forms in one run, and where they go."""

import json
import os
import subprocess
import sys

import pytest

from deploygeo.cli import main

FIVE = ("-t", "us-russia-2021")


def ship(id_, lon, lat, **properties):
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            "id": id_,
            "party": "USA",
            "kind": "surface_warship",
            "range_km": 1600,
            "on": "2021-11-10",
            **properties,
        },
    }


PORTER = ship("porter", 34.0, 43.0)
ROOSEVELT = ship("roosevelt", 20.0, 57.0)
FAR = ship("far", -150.0, 0.0)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(name, *features):
        body = {"type": "FeatureCollection", "features": list(features)}
        (tmp_path / name).write_text(json.dumps(body))
        return name

    write("a.geojson", PORTER)
    return write


@pytest.fixture
def run(capsys):
    def run(*args):
        with pytest.raises(SystemExit) as leaving:
            main([str(arg) for arg in args])
        told = capsys.readouterr()
        return leaving.value.code, told.out, told.err

    return run


def test_the_suffix_of_each_file_says_its_form(here, run, tmp_path):
    names = [
        "r.txt",
        "r.json",
        "r.ndjson",
        "r.csv",
        "r.geojson",
        "r.kml",
        "r.md",
        "r.html",
        "r.sarif",
        "r.xml",
    ]
    options = [word for name in names for word in ("-o", name)]
    code, out, _ = run("check", "a.geojson", *FIVE, *options)
    assert (code, out) == (1, "")
    begins = {name: (tmp_path / name).read_text("utf-8")[:16] for name in names}
    assert begins == {
        "r.txt": "deploygeo: a.geo",
        "r.json": '{\n "format": "de',
        "r.ndjson": '{"type": "report',
        "r.csv": "id,treaty,clause",
        "r.geojson": '{"type": "Featur',
        "r.kml": '<?xml version="1',
        "r.md": "# deploygeo: `a.",
        "r.html": "<!doctype html>\n",
        "r.sarif": '{\n "$schema": "h',
        "r.xml": '<?xml version="1',
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "a.geojson"])


def test_the_first_form_goes_to_the_first_file_and_one_may_be_standard_output(here, run, tmp_path):
    args = ("-f", "github", "-o", "-", "-f", "geojson", "-o", "map.json")
    code, out, _ = run("check", "a.geojson", *FIVE, *args)
    assert code == 1
    assert "::error file=a.geojson,line=1," in out
    assert json.loads((tmp_path / "map.json").read_text())["type"] == "FeatureCollection"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["-f", "csv", "-f", "json"], "2 -f and no -o"),
        (["-f", "csv", "-f", "json", "-o", "x.csv"], "2 -f and 1 -o"),
        (["-f", "csv", "-o", "x.csv", "-o", "y.csv"], "1 -f and 2 -o"),
        (["-f", "csv", "-f", "json", "-o", "x.json", "-o", "y.csv"], "put -f and -o in the same"),
        (["-o", "x.pdf"], "the suffix says no form"),
        (["-o", "x.json", "-o", "./x.json"], "two reports would go to ./x.json"),
        (
            ["-f", "csv", "-f", "md", "-o", "-", "-o", "-"],
            "two reports would go to standard output",
        ),
        (["-f", "md", "-o", "a.geojson"], "is the input"),
        (["-o", "x.json", "-o", "no/such/y.csv"], "there is no folder"),
        (["-o", "x.json", "-o", "folder.csv"], "it is a folder"),
        (["-o", "x.json/"], "it is a folder"),
        (["-o", "circle.json"], "its links lead round in a circle"),
        (["-f", "csv", "-f", "md", "-o", "/dev/stdout", "-o", "-"], "two reports would go to"),
        (["--baseline", "old.json", "-o", "old.json"], "is the baseline"),
        (["-t", "./t.toml", "-f", "csv", "-o", "t.toml"], "-o t.toml is a treaty"),
        (["--zones", "-f", "csv"], "draws into maps: geojson, kml"),
        (["--reading", "all", "-o", "x.txt", "-o", "y.txt"], "leave -f out, and give one -o"),
        (["--baseline", "none.json"], "none.json cannot be read"),
    ],
)
def test_what_can_be_meant_in_two_ways_or_not_written_is_refused_before_any_work(
    here, run, tmp_path, args, told
):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "circle.json").symlink_to("circle.json")
    (tmp_path / "old.json").write_text("{}")
    (tmp_path / "t.toml").write_text("")
    before = sorted(tmp_path.iterdir())
    code, out, err = run("check", "a.geojson", *FIVE, *args)
    assert (code, out) == (2, "")
    assert told in err
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_without_a_suffix_is_text(here, run, tmp_path):
    run("check", "a.geojson", *FIVE, "-o", "out")
    assert (tmp_path / "out").read_text("utf-8").startswith("deploygeo: a.geojson")


@pytest.mark.parametrize("first", ["unit", "unit/DEU"])
@pytest.mark.parametrize("files", [1, 2])
def test_no_two_findings_have_one_id(here, run, tmp_path, first, files):
    """A unit with a contingent DEU, and one called unit/DEU, made a report that no diff read."""
    unit = {"kind": "ground_force", "party": "DEU", "personnel": 400, "range_km": None}
    parts = [{"party": "DEU", "personnel": 100}, {"party": "FRA", "personnel": 300}]
    both = [
        ship("unit", 24.5, 55.2, contingents=parts, **unit),
        ship("unit/DEU", 24.5, 55.2, **unit),
    ]
    if first == "unit/DEU":
        both.reverse()
    if files == 1:
        names = [here("g.geojson", *both)]
    else:
        names = [here(f"g{number}.geojson", one) for number, one in enumerate(both)]
    code, _, err = run("check", *names, *FIVE, "-o", "g.json")
    assert code == 3
    assert f"the id 'unit/DEU'{'' if first == 'unit' else ', of a contingent,'} is taken by" in err
    ids = [one["id"] for one in json.loads((tmp_path / "g.json").read_text("utf-8"))["findings"]]
    assert len(ids) == len(set(ids))
    assert run("diff", "g.json", "g.json")[0] == 0


def test_a_hard_link_to_the_input_is_the_input(here, run, tmp_path):
    os.link(tmp_path / "a.geojson", tmp_path / "b.json")
    code, _, err = run("check", "a.geojson", *FIVE, "-o", "b.json")
    assert code == 2
    assert "-o b.json is the input" in err


def test_what_standard_input_is_read_from_is_the_input_too(here, tmp_path):
    """``deploygeo check - -o a.geojson < a.geojson`` put the report in the place of the file."""
    before = (tmp_path / "a.geojson").read_bytes()
    args = [sys.executable, "-m", "deploygeo", "check", "-", "-f", "json", "-o", "a.geojson"]
    with (tmp_path / "a.geojson").open("rb") as file:
        done = subprocess.run(args, stdin=file, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"-o a.geojson is the input" in done.stderr
    assert (tmp_path / "a.geojson").read_bytes() == before


@pytest.mark.parametrize(
    "args",
    [
        ("treaty", "audit", "./t.toml", "-o", "t.toml"),
        ("zone", "./t.toml/5.2", "--party", "USA", "--range", "300", "-o", "t.toml"),
    ],
)
def test_no_command_writes_over_the_treaty_that_it_reads(run, tmp_path, monkeypatch, args):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.toml").write_text("id = 't'\n")
    code, _, err = run(*args)
    assert code == 2
    assert "-o t.toml is the treaty" in err
    assert (tmp_path / "t.toml").read_text() == "id = 't'\n"


def test_a_report_keeps_the_mode_of_the_file_and_the_link_that_it_replaces(here, run, tmp_path):
    old = tmp_path / "old.json"
    old.write_text("private")
    old.chmod(0o600)
    (tmp_path / "link.json").symlink_to("old.json")
    assert run("check", "a.geojson", *FIVE, "-o", "link.json")[0] == 1
    assert (tmp_path / "link.json").is_symlink()
    assert old.read_text().startswith("{")
    assert old.stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_the_old_report_and_nothing_beside_it(
    here, run, tmp_path, monkeypatch
):
    (tmp_path / "r.json").write_text("old")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    code, out, err = run("check", "a.geojson", *FIVE, "-o", "r.json")
    assert (code, out) == (2, "")
    assert "cannot write r.json: No space left on device" in err
    assert (tmp_path / "r.json").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.geojson", "r.json"]


def test_zones_are_drawn_into_the_map_and_what_has_none_is_told(here, run, tmp_path):
    here("a.geojson", ship("porter", 34.0, 43.0, range_km=400))
    args = (*FIVE, "--worldview", "russia", "--zones", "-o", "map.geojson")
    code, _, err = run("check", "a.geojson", *args)
    assert code == 1
    shown = json.loads((tmp_path / "map.geojson").read_text())["features"]
    assert [one["id"] for one in shown if one["properties"]["role"] == "closed"] == [
        "us-russia-2021/5.2@USA:400:2021-11-10#closed"
    ]
    assert "no zone of" not in err


def test_a_baseline_leaves_what_is_known_out_and_the_exit_code_follows(here, run, tmp_path):
    run("check", "a.geojson", *FIVE, "-o", "old.json")
    code, out, _ = run("check", "a.geojson", *FIVE, "--baseline", "old.json")
    assert code == 0
    assert "only what is new against old.json" in out
    assert "0 checks: none applied" in out
    here("b.geojson", PORTER, ROOSEVELT)
    code, out, _ = run("check", "b.geojson", *FIVE, "--baseline", "old.json", "-f", "json")
    assert code == 1
    shown = json.loads(out)
    assert {name for one in shown["findings"] for name in one["members"]} == {"roosevelt"}
    assert shown["receipt"]["baseline"]["name"] == "old.json"
    here("c.geojson", PORTER, FAR)
    code, out, _ = run("check", "c.geojson", *FIVE, "--baseline", "old.json")
    assert code == 0
    assert "porter" not in out


def test_another_verdict_is_new_and_another_margin_is_known(here, run):
    run("check", "a.geojson", *FIVE, "-o", "old.json")
    here("near.geojson", ship("porter", 34.5, 43.2))
    assert run("check", "near.geojson", *FIVE, "--baseline", "old.json")[0] == 0
    here("far.geojson", ship("porter", -150.0, 0.0))
    run("check", "far.geojson", *FIVE, "-o", "far.json")
    assert run("check", "a.geojson", *FIVE, "--baseline", "far.json")[0] == 1


def test_a_baseline_under_other_choices_is_told(here, run):
    run("check", "a.geojson", *FIVE, "-o", "old.json")
    args = (*FIVE, "--worldview", "russia", "--baseline", "old.json")
    assert (
        "warning: the baseline old.json has another worldview: un, not russia"
        in run("check", "a.geojson", *args)[2]
    )


def test_a_baseline_of_another_version_of_the_treaty_is_told(here, run, tmp_path):
    run("check", "a.geojson", *FIVE, "-o", "old.json")
    old = json.loads((tmp_path / "old.json").read_text("utf-8"))
    old["receipt"]["treaties"][0]["sha256"] = "0d" * 32
    (tmp_path / "old.json").write_text(json.dumps(old), encoding="utf-8")
    err = run("check", "a.geojson", *FIVE, "--baseline", "old.json")[2]
    told = f"warning: the baseline old.json has another treaty us-russia-2021: {'0d' * 32}, not "
    assert err.startswith(told)


def test_a_baseline_of_another_treaty_or_of_what_is_new_only_is_refused(here, run):
    run("check", "a.geojson", "-t", "nato-russia-2021", "-o", "old.json")
    code, out, err = run("check", "a.geojson", *FIVE, "--baseline", "old.json")
    assert (code, out) == (2, "")
    assert "was not checked against us-russia-2021, but against nato-russia-2021" in err
    run("check", "a.geojson", *FIVE, "-o", "whole.json")
    run("check", "a.geojson", *FIVE, "--baseline", "whole.json", "-o", "part.json")
    code, _, err = run("check", "a.geojson", *FIVE, "--baseline", "part.json")
    assert code == 2
    assert "part.json was made with --baseline" in err


def test_a_fault_in_the_input_ends_with_three_whatever_the_baseline_knows(here, run):
    run("check", "a.geojson", *FIVE, "-o", "old.json")
    here("b.geojson", PORTER, ship("bad", 34.0, 148.0))
    code, out, _ = run("check", "b.geojson", *FIVE, "--baseline", "old.json", "-f", "sarif")
    assert code == 3
    results = json.loads(out)["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["input-fault"]
    assert results[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
