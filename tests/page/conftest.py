"""Pages, and a real browser that opens them from disk."""

import contextlib
import json
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

import deploygeo as dg
from deploygeo.report.page import to_page

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "europe-2021-12-17.geojson"
CHOSEN = ("uss-porter-black-sea", "hms-defender-fiolent", "b-1b-fairford", "tu-22m3-khmeimim")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TRACK = {
    "type": "Feature",
    "id": "sortie",
    "geometry": {"type": "LineString", "coordinates": [[30.5, 42.5], [34.0, 43.5], [38.0, 43.0]]},
    "properties": {
        "id": "sortie",
        "name": "A sortie along the Black Sea",
        "party": "USA",
        "kind": "patrol_aircraft",
        "activity": "fly",
        "range_km": 0,
        "on": "2021-11-10",
    },
}
AREA = {
    "type": "Feature",
    "id": "ground",
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[23.0, 53.0], [24.0, 53.0], [24.0, 53.6], [23.0, 53.6], [23.0, 53.0]]],
    },
    "properties": {
        "id": "ground",
        "name": "A range near Grodno",
        "party": "RUS",
        "kind": "exercise",
        "personnel": 500,
        "on": "2021-09-12",
    },
}


def chosen_features():
    whole = json.loads(EXAMPLE.read_text(encoding="utf-8"))["features"]
    return [one for one in whole if one["id"] in CHOSEN] + [TRACK, AREA]


@pytest.fixture(scope="session")
def small():
    """A report of six deployments, with its page: points, a track, an area, two worldviews.

    Without the groups of article 4, whose zone takes longer to draw than all the rest.
    """
    read = dg.read(chosen_features())
    report = dg.check(chosen_features())
    report = replace(report, findings=tuple(one for one in report.findings if one.clause != "4"))
    return report, read.deployments, to_page(report, read.deployments)


@dataclass
class Seen:
    """What a page asked for and complained of."""

    requests: list = field(default_factory=list)
    messages: list = field(default_factory=list)


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("there is no chromium: run 'make browser' as root, or install Chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """Open a page from disk; afterwards it must have asked for itself only, and said nothing."""
    opened = []

    def opener(text, *, width=1400, height=1000, **options):
        file = tmp_path / f"report-{len(opened)}.html"
        file.write_text(text, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.set_default_timeout(10_000)
        seen = Seen()
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("console", lambda message: seen.messages.append(message.text))
        page.on("pageerror", lambda error: seen.messages.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector("#table tbody tr")
        opened.append((context, seen, file.as_uri()))
        page.seen = seen
        return page

    yield opener
    for context, seen, address in opened:
        with contextlib.suppress(Error):
            context.close()
        assert seen.requests == [address]
        assert seen.messages == []
