import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import deploygeo
from deploygeo import report as reporters
from deploygeo import treaties
from deploygeo.checker.findings import Baseline, NotCheckable, Report, Settings, Source
from deploygeo.errors import Fault
from deploygeo.report.formats import FORMATS, Material
from deploygeo.report.receipt import receipt, receipt_lines, receipt_mapping, receipt_pairs
from deploygeo.report.structured import FORMAT, dumped

SCHEMAS = Path(deploygeo.__file__).parent / "report" / "schemas"
MINE = """
id = "mine"
title = "Mine"
status = "draft"
source = "https://example.org"

[[clause]]
id = "1"
article = "1"
text = "No radars."
bearers = "everyone"
rule = "kind('radar')"
"""


def test_a_receipt_has_the_checksums_of_what_was_read(tmp_path):
    file = tmp_path / "none.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}')
    report = deploygeo.check(file, "us-russia-2021")
    made = receipt(report)
    folder = treaties.load("us-russia-2021").folder
    assert made.inputs[0].sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    digest = hashlib.sha256((folder / "treaty.toml").read_bytes()).hexdigest()
    assert made.treaties == (Source("us-russia-2021", digest),)


def test_a_treaty_of_the_users_own_is_summed_as_its_file_and_not_as_one_that_ships(tmp_path):
    file = tmp_path / "other.toml"
    file.write_bytes(b"\xef\xbb\xbf" + MINE.encode())  # a mark before it is part of the file
    made = receipt(deploygeo.check([], file))
    assert made.treaties == (Source("mine", hashlib.sha256(file.read_bytes()).hexdigest()),)
    loaded = replace(treaties.load(file), sha256="")
    assert receipt(deploygeo.check([], loaded)).treaties == (Source("mine", ""),)


def test_the_readings_of_a_receipt_are_all_that_were_consulted_and_changed(report):
    assert dict(receipt(report).readings) == {
        "deploy": "presence",
        "national": "own",
        "reach": "weapon",
    }


def test_a_receipt_says_what_was_asked():
    settings = Settings("russia", {"reach": "any"}, {"x": 0.5}, date(2021, 1, 2), level="ne10")
    told = dict(receipt_pairs(receipt(Report(settings=settings, findings=()))))
    assert told["worldview"] == "russia"
    assert told["asked on"] == "2021-01-02"
    assert told["parameters"] == "x = 0.5"
    assert "borders ne10" in told


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_has_the_receipt_with_findings_and_without(report, form):
    """A CSV without a finding had no row, and so no receipt."""
    for told in (report, replace(report, findings=())):
        text = FORMATS[form].render(Material(told))
        for digest in ("7e" * 32, "f1" * 32, "b0" * 32):
            assert digest in text


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_says_that_not_all_was_checked(report, form):
    """A CSV and a map of a file with faults looked like those of a file without."""
    fault = Fault("lat 148.0 is outside [-90, 90]", "a.geojson", 9, more=4242)
    unchecked = NotCheckable("us-russia-2021", "14", "14", "Interests.", "not observable")
    for findings in (report.findings, ()):
        held = replace(report, findings=findings, faults=(fault,), not_checkable=(unchecked,))
        text = FORMATS[form].render(Material(held))
        assert "4242" in text or "4243" in text
        # which clauses no machine can check is no matter of a table of findings
        assert form == "csv" or "us-russia-2021/14" in text or '"14"' in text


def test_a_treaty_without_findings_has_a_row_of_its_own_in_a_csv(report):
    held = replace(report, treaties=("us-russia-2021", "other"), treaty_sums={"other": "0e" * 32})
    rows = list(csv.DictReader(io.StringIO(reporters.to_csv(held))))
    assert len(rows) == 1 + len(report.findings)
    assert (rows[-1]["id"], rows[-1]["verdict"], rows[-1]["text"]) == ("", "", "no finding")
    assert (rows[-1]["treaty"], rows[-1]["treaty_sha256"]) == ("other", "0e" * 32)
    assert {row["input_faults"] for row in rows} == {"1"}
    (row,) = csv.DictReader(io.StringIO(reporters.to_csv(replace(held, treaties=(), findings=()))))
    assert (row["treaty"], row["input_sha256"]) == ("", "f1" * 32)


def test_every_row_of_a_csv_can_stand_alone(report):
    rows = list(csv.DictReader(io.StringIO(reporters.to_csv(report))))
    assert {row["treaty_sha256"] for row in rows} == {"7e" * 32}
    assert {row["input_sha256"] for row in rows} == {"f1" * 32}
    assert {row["baseline_sha256"] for row in rows} == {""}


def test_a_report_against_a_baseline_says_so_wherever_it_is_shown(report):
    held = replace(report, baseline=Baseline(Source("old.json", "0d" * 32), 7))
    assert "only what is new against old.json: 7 findings" in reporters.to_text(held)
    assert "only what is new against old.json: 7 findings" in reporters.to_concise(held)
    assert "0d" * 32 in reporters.to_csv(held)
    shown = json.loads(reporters.to_json(held))["receipt"]["baseline"]
    assert shown == {"name": "old.json", "sha256": "0d" * 32, "known": 7}


def test_the_map_has_the_same_receipt_as_the_json(report):
    whole = json.loads(reporters.to_json(report))
    assert json.loads(reporters.to_geojson(report))["deploygeo"]["receipt"] == whole["receipt"]


def test_a_receipt_holds_no_control_character_of_a_file_name(report):
    odd = receipt(replace(report, source="a\x1b[2J\u202e\n.geojson"))
    assert all(line.isprintable() for line in receipt_lines(odd))
    assert receipt_mapping(odd)["inputs"][0]["name"] == "a\x1b[2J\u202e\n.geojson"


def test_the_published_schema_is_the_one_in_force():
    """To publish: deploygeo schema report, into the file of its version."""
    name = f"{FORMAT.replace('/', '-')}.schema.json"
    told = (SCHEMAS / name).read_text("utf-8")
    assert told == dumped(reporters.report_schema(), indent=1) + "\n"
