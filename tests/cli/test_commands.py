import csv
import io
import json
import os
import stat
import subprocess
import sys
import time

import pytest

from deploygeo import checker
from deploygeo.cli.app import COMMANDS, main

PORTER = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [34.0, 43.0]},
    "properties": {
        "id": "porter",
        "party": "USA",
        "kind": "surface_warship",
        "range_km": 1600,
        "on": "2021-11-10",
    },
}
WHITNEY = PORTER | {"properties": PORTER["properties"] | {"id": "whitney", "range_km": 0}}
UNKNOWN = PORTER | {
    "properties": {key: PORTER["properties"][key] for key in ("party", "kind", "on")}
    | {"id": "unknown"}
}
BROKEN = PORTER | {"properties": PORTER["properties"] | {"id": "bad", "party": "US"}}
FIVE = ("-t", "us-russia-2021")


@pytest.fixture
def run(capfdbinary):
    """Run the command line in this process: (exit code, standard output, standard error)."""

    def go(*args):
        with pytest.raises(SystemExit) as left:
            main([str(arg) for arg in args])
        out, err = capfdbinary.readouterr()
        return left.value.code, out.decode(), err.decode()

    return go


@pytest.fixture
def file(tmp_path):
    def write(*features, name="a.geojson"):
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    return write


def shell(*args, **options):
    return subprocess.run(
        [sys.executable, "-m", "deploygeo", *map(str, args)],
        capture_output=True,
        timeout=60,
        check=False,
        **options,
    )


@pytest.mark.parametrize(
    ("features", "options", "code"),
    [
        ([WHITNEY], [], 0),
        ([PORTER], [], 1),
        ([PORTER], ["--fail-on", "never"], 0),
        ([PORTER, BROKEN], [], 3),
        ([UNKNOWN], [], 0),
        ([UNKNOWN], ["--fail-on", "indeterminate"], 4),
        ([PORTER, UNKNOWN], ["--fail-on", "indeterminate"], 1),
    ],
)
@pytest.mark.parametrize("form", ["text", "concise", "json", "ndjson", "csv", "geojson"])
def test_the_exit_code_is_the_same_in_every_format(run, file, features, options, code, form):
    assert run("check", file(*features), *FIVE, "-f", form, *options)[0] == code


def test_check_prints_clause_margin_and_witness(run, file):
    code, out, err = run("check", file(PORTER), *FIVE)
    assert (code, err) == (1, "")
    assert "Article 5(2)" in out
    assert "VIOLATION  porter (United States)" in out
    assert "km to the land of Russia; between 1 281 and 1 283 km over" in out
    assert "checked as if in force: this draft never was" in out


def test_faults_go_to_standard_error_and_the_good_is_checked(run, file):
    code, out, err = run("check", file(BROKEN, PORTER), *FIVE, "-f", "json")
    shown = json.loads(out)
    assert code == 3
    assert shown["counts"]["violation"] == 1
    assert "unknown party 'US'; did you mean 'USA'" in err
    assert "features[0]" in err


def test_two_files_are_checked_together_and_an_id_of_both_is_a_fault(run, file):
    first, second = file(PORTER), file(PORTER, WHITNEY, name="b.geojson")
    code, out, err = run("check", first, second, *FIVE, "-f", "json")
    assert code == 3
    assert json.loads(out)["deployments"] == 2
    assert "the id 'porter' is taken" in err


def test_readings_and_worldview_change_the_verdict(run, file):
    porter = file(PORTER)
    out = run("check", porter, *FIVE, "--worldview", "russia", "-f", "json")[1]
    shown = json.loads(out)
    breach = next(row for row in shown["findings"] if row["verdict"] == "violation")
    assert round(breach["measures"][0]["distance_km"]) == 154
    assert shown["settings"]["worldview"] == "russia"


def test_reading_all_prints_the_matrix(run, file):
    inside = PORTER | {"geometry": {"type": "Point", "coordinates": [28.66, 44.16]}}
    code, out, _ = run("check", file(inside), *FIVE, "--reading", "all")
    assert code == 1
    assert "us-russia-2021/5.2@porter: violation" in out
    assert "  national: own violation, any compliant\n" in out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--reading", "reach"], "'reach' is not NAME=VALUE"),
        (["--reading", "reech=weapon"], "did you mean 'reach'?"),
        (["--reading", "reach=weapon", "--reading", "reach=class"], "given twice"),
        (["--param", "width_km=nan"], "'nan' is not a number"),
        (["--on", "17.12.2021"], "write YYYY-MM-DD"),
        (["--worldview", "rusia"], "did you mean 'russia'?"),
        (["-t", "us-rusia-2021"], "did you mean 'us-russia-2021'?"),
        (["-f", "xml"], "'xml'"),
        (["--colour"], "--colour"),
        (["--reading", "all", "-f", "json"], "leave -f out"),
        (["-o", "/no/such/folder/x"], "cannot write"),
        (["-", "-"], "read only once"),
    ],
)
def test_a_wrong_option_is_told_without_a_traceback(run, file, options, told):
    code, out, err = run("check", file(WHITNEY), *options)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


@pytest.mark.parametrize("content", [b"", b"{", b"[[[[", b"\x00\xff", b"<html>", b"[" * 100_000])
def test_bad_files_end_with_code_3(run, tmp_path, content):
    path = tmp_path / "bad.geojson"
    path.write_bytes(content)
    code, _, err = run("check", path, *FIVE)
    assert code == 3
    assert "fault: " in err
    assert "Traceback" not in err


def test_a_missing_file_is_an_input_fault(run):
    code, _, err = run("check", "no-such-file.geojson")
    assert code == 3
    assert "there is no such file" in err


def test_output_replaces_a_file_as_a_whole(run, file, tmp_path):
    target = tmp_path / "out.json"
    target.write_text("old")
    code, out, _ = run("check", file(PORTER), *FIVE, "-f", "json", "-o", target)
    assert (code, out) == (1, "")
    assert json.loads(target.read_text("utf-8"))["format"] == "deploygeo-report/2"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.geojson", "out.json"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_output_is_as_readable_as_other_new_files(run, file, tmp_path):
    plain = tmp_path / "plain"
    plain.touch()
    run("check", file(PORTER), *FIVE, "-o", tmp_path / "out")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "out")]
    assert modes[0] == modes[1]


def test_the_same_input_gives_the_same_bytes_in_any_locale(file):
    path = file(PORTER, WHITNEY)
    runs = [
        shell("check", path, *FIVE, env=os.environ | {"LC_ALL": "C", "PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    ]
    runs.append(shell("check", path, *FIVE, env=os.environ | {"PYTHONIOENCODING": "latin-1"}))
    assert len({done.stdout for done in runs}) == 1
    assert b"\x1b" not in runs[0].stdout


def test_standard_input_is_read_for_a_dash(file):
    text = json.dumps(PORTER).encode()
    done = shell("check", "-", *FIVE, "-f", "concise", input=text)
    assert done.returncode == 1
    assert b"<stdin>:1: us-russia-2021/5.2@porter: violation; 31" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="pipes are POSIX")
def test_a_reader_who_leaves_early_changes_nothing(file):
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "deploygeo", "check", str(file(PORTER)), *FIVE],
            stdout=write,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_help_imports_no_geometry():
    code = (
        "import sys\nfrom deploygeo.cli import main\n"
        "try:\n main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'shapely', 'rich', 'pyproj'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stderr.strip() == b"[]"


def test_help_takes_less_than_150_ms_of_process_time():
    """The least of five runs; the bound of the issue, in user and system time."""
    if not hasattr(os, "wait4"):
        return
    spent = []
    for _ in range(5):
        before = os.times()
        subprocess.run(
            [sys.executable, "-m", "deploygeo", "--help"], capture_output=True, check=True
        )
        after = os.times()
        spent.append(
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
    assert min(spent) < 0.150


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(run, name):
    code, out, _ = run(name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: deploygeo {name}")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--version"], "deploygeo "),
        (["treaty", "list"], "us-russia-2021"),
        (["treaty", "show", "nato-russia-2021"], "nato-russia-2021/7.1"),
        (["treaty", "lint"], "us-russia-2021: no faults"),
        (["explain", "us-russia-2021/5.2"], "prohibits: "),
        (["explain", "5.3"], "param('separation_km')"),
        (["systems", "list"], "arleigh-burke"),
        (["systems", "show", "iskander-m"], "range: 400–700 km"),
        (["readings", "list"], "* weapon "),
        (["worldviews", "list"], "un (default): "),
        (["worldviews", "list", "--on", "2021-12-17"], "crimea "),
        (["groups", "list"], "NATO "),
        (["groups", "show", "NATO", "--on", "2021-12-17"], "30 members on 2021-12-17"),
        (["boundaries", "list"], "hybrid (default)"),
        (["boundaries", "verify", "--borders", "ne10"], "ne10: as the manifest says"),
        (["distance", "34,43", "RUS"], " ± 1.0 km to the land of Russia"),
        (["distance", "-5,50", "GBR"], "km to the land of the United Kingdom"),
        (["distance", "37.6,55.7", "RUS", "-f", "json"], '"inside": true'),
        (["schema"], '"$defs"'),
        (["schema", "report"], "deploygeo-report/2"),
    ],
)
def test_a_command_answers_on_standard_output(run, args, told):
    code, out, err = run(*args)
    assert (code, err) == (0, "")
    assert told in out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["chek"], "did you mean 'check'?"),
        (["check"], "FILE"),
        (["explain", "us-russia-2021/5.9"], "unknown clause"),
        (["systems", "show", "iskander"], "unknown system"),
        (["groups", "show", "NTAO"], "did you mean 'NATO'?"),
        (["distance", "34", "RUS"], "write lon,lat"),
        (["distance", "34,143", "RUS"], "swapped"),
        (["distance", "34,43", "RU"], "unknown state"),
        (["treaty", "show", "nope.toml"], "nope.toml"),
        (["treaty", "lint", "nope.toml"], "nope.toml"),
        (["x\x1b[2J"], "x\\x1b[2J"),
    ],
)
def test_a_wrong_argument_ends_with_code_2_and_a_clear_message(run, args, told):
    code, _, err = run(*args)
    assert code == 2
    assert told in err
    assert "Traceback" not in err
    assert "\x1b" not in err


def test_explain_shows_the_reasons_of_one_deployment(run, file):
    path = file(PORTER, WHITNEY)
    code, out, _ = run("explain", f"{path}#porter", *FIVE)
    assert code == 0
    assert "VIOLATION  us-russia-2021/5.2@porter" in out
    assert "met  " in out
    assert "whitney" not in out


def test_explain_suggests_an_id(run, file):
    code, _, err = run("explain", f"{file(PORTER)}#poter", *FIVE)
    assert code == 2
    assert "did you mean 'porter'?" in err


@pytest.mark.parametrize(
    ("actual", "code", "told"),
    [
        ("violation", 0, "us-russia-2021: 1 cases, 0 failed\n"),
        (
            "compliant",
            2,
            "FAILED 5.2: at the limit: expected violation, got compliant\n"
            "us-russia-2021: 1 cases, 1 failed\n",
        ),
    ],
)
def test_treaty_test_tells_the_cases_that_fail(run, monkeypatch, actual, code, told):
    result = checker.CaseResult("at the limit", "5.2", "violation", actual)
    monkeypatch.setattr(checker, "run_cases", lambda _: (result,))
    assert run("treaty", "test", "us-russia-2021") == (code, told, "")


def test_progress_is_told_on_a_terminal_only_after_a_second(monkeypatch):
    import io

    from deploygeo.cli import output

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(output, "_PATIENCE_S", 0.01)
    for stream, told in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with output.progress("checking \x1b]0;a\x07\x9b2J"):
            time.sleep(0.2)
        # the name of a file acts upon no terminal
        assert ("checking \\x1b]0;a\\x07\\x9b2J …" in stream.getvalue()) is told


def test_colour_needs_a_terminal_and_no_no_color(monkeypatch):
    from deploygeo.cli.output import wants_color

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert [wants_color(None), wants_color("out.txt")] == [True, False]
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_color(None)


HAWAII = WHITNEY | {"geometry": {"type": "Point", "coordinates": [-155.0, 15.0]}}


def test_what_only_a_human_decides_makes_no_exit_code_4(run, file):
    """Nearly every warship is flagged by 5(1), so that nearly every file gave 4."""
    code, out, _ = run("check", file(HAWAII), *FIVE, "--fail-on", "indeterminate", "-f", "json")
    counts = json.loads(out)["counts"]
    assert (code, counts["indeterminate"]) == (0, 0)
    assert counts["for-a-human"] > 0
    told = f"{counts['for-a-human']} for a human to judge"
    assert told in run("check", file(HAWAII), *FIVE)[1]


@pytest.mark.parametrize("form", ["text", "concise", "json", "ndjson", "csv", "geojson"])
def test_every_form_says_as_if_from_when_and_under_which_worldview(run, file, form):
    options = ("--worldview", "russia", "--in-force", "2021-11-01")
    out = run("check", file(PORTER), *FIVE, "-f", form, *options)[1]
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(out)))
        assert {row["as_if"] for row in rows} == {"true"}
        assert {row["in_force"] for row in rows} == {"2021-11-01"}
        assert {row["worldview"] for row in rows} == {"russia"}
    elif form in ("text", "concise"):
        assert "checked as if in force from 2021-11-01: this draft never was" in out
        assert "worldview russia" in out
    else:
        shown = json.loads(out.splitlines()[0] if form == "ndjson" else out)
        shown = shown["deploygeo"] if form == "geojson" else shown
        assert shown["as_if_in_force"] == ["us-russia-2021"]
        assert shown["settings"]["in_force"] == "2021-11-01"
        assert shown["settings"]["worldview"] == "russia"
        assert shown["receipt"]["versions"]["deploygeo"]


@pytest.mark.parametrize(
    "args", [("check", "{}", "--reading", "all"), ("explain", "{}#porter")], ids=["all", "explain"]
)
def test_matrix_and_explanation_say_as_if_and_the_worldview(run, file, args):
    out = run(*(arg.format(file(PORTER)) for arg in args), *FIVE)[1]
    assert "checked as if in force: this draft never was" in out
    assert "worldview un" in out


def test_an_empty_collection_is_not_passed_over_in_silence(run, file):
    code, out, _ = run("check", file(), "-f", "concise")
    assert code == 0
    assert "# 0 checks: none applied\n" in out


def test_a_report_begins_and_ends_with_its_counts_in_lines_of_100(run, file):
    lines = run("check", file(PORTER, UNKNOWN), *FIVE)[1].splitlines()
    counts = [line for line in lines if "checks: 1 violation, 1 indeterminate" in line]
    assert len(counts) == 2
    assert lines.index(counts[0]) < 6
    assert counts[1] in lines[-2:]
    assert max(map(len, lines)) <= 100


@pytest.mark.skipif(os.name != "posix", reason="the shell is POSIX")
@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("{run} check {file} >&-", 2, "standard output is closed"),
        ("{run} check - <&-", 3, "standard input is closed"),
        ("{run} check {file} 2>&-", 1, ""),
        ("{run} check {file} -f concise -o /dev/stdout | grep -c ': violation' >&2", 0, "1"),
        ("{run} check {file} -f concise -o >(grep -c ': violation' >&2); sleep 1", 0, "1"),
    ],
)
def test_closed_and_odd_streams_end_in_no_traceback(file, line, code, told):
    """An interpreter without a stream has None for it; a pipe has no name to be replaced."""
    command = line.format(
        run=f"{sys.executable} -m deploygeo", file=f"{file(PORTER)} {' '.join(FIVE)}"
    )
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, timeout=60, check=False, text=True
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == code
    assert told in done.stderr


def test_the_report_is_not_written_over_the_input(run, file):
    path = file(PORTER)
    before = path.read_bytes()
    code, _, err = run("check", path, *FIVE, "-o", path)
    assert (code, path.read_bytes()) == (2, before)
    assert "is the input" in err


def test_explain_ends_with_code_3_for_faults_of_the_input(run, file):
    assert run("explain", "nope.geojson#a")[0] == 3
    code, out, err = run("explain", f"{file(BROKEN, PORTER)}#porter", *FIVE)
    assert (code, "VIOLATION" in out, "fault: " in err) == (3, True, True)


def test_explain_reads_standard_input(monkeypatch, run):
    text = io.TextIOWrapper(io.BytesIO(json.dumps(PORTER).encode()))
    monkeypatch.setattr(sys, "stdin", text)
    code, out, _ = run("explain", "-#porter", *FIVE)
    assert code == 0
    assert "VIOLATION" in out
    assert run("explain", "--colour")[0] == 2


def test_explain_of_a_treaty_lists_its_own_clauses(run):
    code, _, err = run("explain", "us-russia-2021")
    assert code == 2
    assert "name a clause of the treaty: us-russia-2021/ID. Known: 1, 2," in err


def test_an_id_of_two_files_is_told_with_both_places(run, file):
    first, second = file(PORTER), file(WHITNEY, PORTER, name="b.geojson")
    err = run("check", first, second, *FIVE)[2]
    assert f"{second}:1: features[1] (id 'porter') /features/1/properties/id: " in err
    assert f"the id 'porter' is taken by {first}:1" in err


def test_a_unit_may_be_part_of_one_in_another_file(run, file):
    """Each file was asked alone whether it has the whole."""
    part = {**PORTER, "properties": {**PORTER["properties"], "id": "part", "part_of": "porter"}}
    alone = file(part, name="part.geojson")
    assert "no feature here has the id 'porter'" in run("check", alone, *FIVE)[2]
    assert run("check", alone, file(PORTER), *FIVE)[2] == ""
    err = run("check", alone, file(WHITNEY), *FIVE)[2]
    assert err.count(f"{alone}:1: features[0] (id 'part'): part-of: no feature here has") == 1


@pytest.mark.parametrize(("state", "code"), [("Russia", "RUS"), ("uk", "GBR")])
def test_distance_knows_states_by_name(run, state, code):
    """It used to propose USA for Russia."""
    status, _, err = run("distance", "34,43", state)
    assert status == 2
    assert f"did you mean '{code}'" in err


def test_an_explanation_has_words_and_no_code(run, file):
    out = run("explain", f"{file(PORTER)}#porter", *FIVE)[1]
    assert "met      all of these:" in out
    assert "distance to land of Russia is" in out
    assert "not met  kind is surface warship" in out
    for code in ("RUS", "USA", "∞", "true ", "surface_warship"):
        assert code not in out.replace("heavy_bomber", "").replace("us-russia", "")
