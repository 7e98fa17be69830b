"""The bytes of the page: the same every time, small, and built from the sources beside them."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import deploygeo as dg
from deploygeo import boundaries
from deploygeo.checker.findings import Finding, Flip, Report, Settings
from deploygeo.errors import Fault
from deploygeo.model import Deployment
from deploygeo.report.page import to_page
from deploygeo.report.page.atlas import unit_polygons
from deploygeo.report.page.sides import side_of
from deploygeo.report.page.zones import zones_of_report

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
SHIPPED = ROOT / "deploygeo" / "report" / "page"
EXAMPLE = ROOT / "examples" / "europe-2021-12-17.geojson"


def npm(*arguments):
    path = shutil.which("npm")
    if path is None:
        pytest.fail("there is no npm: install Node.js 18 or later, then run 'make browser'")
    return subprocess.run(
        [path, "--silent", *arguments], cwd=WEB, capture_output=True, text=True, timeout=120
    )


def data_of(page):
    return json.loads(re.search(r'id="payload">(.*?)</script>', page, re.DOTALL)[1])


def test_the_same_report_gives_the_same_bytes(small):
    report, deployments, page = small
    assert to_page(report, deployments) == page


def test_the_policy_names_the_script_and_the_style_by_their_hashes(small):
    page = small[2]
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]

    def digest(text):
        found = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
        return f"'sha256-{found}'"

    assert policy == (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    assert "style=" not in page.replace(script, "").replace(style, "")
    assert not re.search(
        r"https?://",
        re.sub(r'id="payload">.*?</script>', "", page.replace(script, ""), flags=re.DOTALL),
    )


def test_the_page_of_the_example_is_below_a_megabyte_and_opens(open_page):
    report, read = dg.check(EXAMPLE), dg.read(EXAMPLE)
    text = to_page(report, read.deployments)
    assert len(text.encode("utf-8")) < 1_000_000
    shown = data_of(text)
    assert shown["counts"] == dict(report.counts)
    applying = [one for one in report.findings if one.verdict != "not-applicable"]
    assert sum(one["verdict"] != "not-applicable" for one in shown["findings"]) == len(applying)
    assert [zone["label"] for zone in shown["zones"]] == [
        "nato-russia-2021/4",
        "nato-russia-2021/7.1 and us-russia-2021/4.2",
        "us-russia-2021/5.2, reach 1 600 km",
        "us-russia-2021/5.2, reach 900 km",
    ]
    assert any("7.1: nearly all land" in text for text in shown["undrawn"])
    page = open_page(text)
    assert page.locator("#table tbody tr").count() == 90


def test_every_violation_that_has_a_place_lies_in_its_zone(small):
    report, deployments, _ = small
    zones, of, _ = zones_of_report(report)
    from shapely import contains_xy

    places = {one.id: one.geometry for one in deployments}
    checked = 0
    for finding in report.violations:
        if finding.id not in of or finding.subject != "deployment":
            continue
        point = places[finding.members[0]]
        # Defender lies 3 km inside the outline, which is drawn to some 2 km
        near = zones[of[finding.id]].geometry.buffer(0.03)
        assert contains_xy(near, point.x, point.y), finding.id
        checked += 1
    assert checked >= 2


def test_a_report_without_its_deployments_has_the_places_of_its_findings(small):
    report, _, _ = small
    shown = data_of(to_page(report))
    named = {one["id"] for one in shown["deployments"]}
    assert "uss-porter-black-sea" in named
    assert all(one["kind"] == "" for one in shown["deployments"])


def finding_about(members, **more):
    """A finding of a treaty that does not ship."""
    known = {"id": "t/1@a", "treaty": "t", "clause": "1", "article": "1", "text": "", "name": ""}
    known |= {"subject": "deployment", "party": "USA", "on": None, "verdict": "violation"}
    return Finding(**known | {"members": members} | more)


def test_what_flips_to_a_clause_for_a_human_is_for_a_human():
    """Under the worldview of Russia the page said that the one of the UN makes it indeterminate."""
    flips = (Flip("worldview = un", "indeterminate"),)
    moved = finding_about(("a",), verdict="not-applicable", review=True, stability=flips)
    (shown,) = data_of(to_page(Report(settings=Settings(), findings=(moved,))))["findings"]
    assert shown["verdict"] == "not-applicable"
    assert shown["flips"] == [["worldview = un", "for-a-human"]]


def test_a_witness_line_starts_at_a_point_and_nowhere_on_a_track(small):
    """It ran from the middle of a track, from where nothing had been measured."""
    _, deployments, page = small
    places = {one.id: one.geometry.coords[0] for one in deployments if one.id != "ground"}
    shown = {one["id"]: one for one in data_of(page)["findings"]}
    track, ship = (
        shown[f"nato-russia-2021/7.1@{name}"] for name in ("sortie", "uss-porter-black-sea")
    )
    assert track["witness"] is not None
    assert track["line"] is None
    assert ship["line"][0] == [round(at, 4) for at in places["uss-porter-black-sea"]]
    assert ship["line"][-1] == ship["witness"]


def test_a_group_is_about_its_members_and_an_unknown_member_about_nothing():
    one = Deployment(id="a", party="USA", kind="radar", geometry=(1.0, 2.0))
    finding = finding_about(("a/BEL", "a", "gone"), subject="group")
    shown = data_of(to_page(Report(settings=Settings(), findings=(finding,)), [one]))
    assert shown["findings"][0]["about"] == [0]
    assert shown["undrawn"] == ["t/1: not drawn, since its treaty is not one that ships"]


def test_no_zone_is_drawn_of_a_file_that_only_has_the_id_of_a_treaty_that_ships(small):
    report, _, _ = small
    other = replace(report, treaty_sums=dict.fromkeys(report.treaties, "0" * 64))
    zones, of, undrawn = zones_of_report(other)
    assert (zones, dict(of)) == ([], {})
    assert "us-russia-2021/5.2: not drawn, since its treaty is not one that ships" in undrawn


def test_a_fault_in_the_input_is_told_at_the_top(open_page):
    faulty = Report(
        settings=Settings(), findings=(), faults=(Fault("lat 430 is outside [-90, 90]"),)
    )
    page = open_page(to_page(faulty))
    assert "1 fault in the input: not all of it was checked" in page.locator("header").inner_text()
    assert "lat 430 is outside" in page.locator("#rest").inner_text()
    page.locator("header a").click()
    assert page.locator("#rest").evaluate("node => node.getBoundingClientRect().top < innerHeight")


def test_an_empty_report_is_a_page_too(open_page):
    page = open_page(to_page(Report(settings=Settings(), findings=(), source="a.geojson")))
    assert "There is no finding to list." in page.locator("#table").inner_text()
    assert "There is no finding to list." in page.locator("#detail").inner_text()
    assert page.locator("#verdicts").count() == 0


def test_the_shipped_script_is_what_the_sources_give(tmp_path):
    assert (WEB / "node_modules").is_dir(), "run 'make browser', or 'npm ci' in web/"
    # by its own name and not "npm run build", which writes over what ships
    done = subprocess.run(
        [shutil.which("node"), "build.mjs", str(tmp_path)], cwd=WEB, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for name in ("app.js", "app.css"):
        assert (tmp_path / name).read_bytes() == (SHIPPED / name).read_bytes(), (
            f"{name} is not what web/src gives; run 'npm run build' in web/"
        )


def test_the_sources_have_types_and_pass_their_own_tests():
    done = npm("run", "types")
    assert done.returncode == 0, done.stdout + done.stderr
    done = npm("test")
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[1]) >= 20


def test_the_lock_has_exact_versions_and_no_addresses():
    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    asked = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
    lock = (WEB / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert all("integrity" in row for name, row in json.loads(lock)["packages"].items() if name)


def test_the_borders_of_the_map_are_what_the_data_give():
    done = subprocess.run(
        [sys.executable, str(WEB / "atlas.py"), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) kB", done.stdout)[1]) <= 300


def test_the_map_has_every_unit_and_is_not_far_from_the_data():
    polygons = unit_polygons()
    store = boundaries.borders("ne10")
    assert set(polygons) == set(store.unit_ids())
    from shapely import Polygon, union_all

    for unit in ("crimea", "UKR", "EST", "POL"):
        drawn = union_all([Polygon(rings[0], rings[1:]).buffer(0) for rings in polygons[unit]])
        known = union_all(list(store.polygons([unit])))
        wrong = drawn.symmetric_difference(known).area / known.area
        assert wrong < 0.04, (unit, wrong)


def test_sides_are_those_of_the_day():
    assert [side_of(code) for code in ("USA", "BLR", "UKR", "NATO", "")] == [
        "nato",
        "csto",
        "other",
        "nato",
        "other",
    ]
