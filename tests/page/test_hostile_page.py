"""Whatever a file says stays text: in the source of the page and in the browser."""

import dataclasses
import json
import re
from datetime import date

import pytest
from shapely import Point

from deploygeo.checker.findings import Finding, Flip, Move, NotCheckable, Report, Settings
from deploygeo.clauses.outcome import Measure, Reason
from deploygeo.clauses.truth import Margin, Truth
from deploygeo.errors import Fault
from deploygeo.model import Deployment, Origin
from deploygeo.report import to_html
from deploygeo.report.page import to_page

HOSTILE = (
    "</script><script>window.hit=1</script>",
    "</style></title><img src=x onerror=window.hit=1>",
    '" onmouseover="window.hit=1" x="',
    "<!--<script>",
    "{{script}}{{payload}}",
    "javascript:window.hit=1",
    "${window.hit=1}`'\\",
    "a\u2028b\u2029c\u202ed\x00e\x1bf",
    "\ud800 lone",
    "__proto__",
)


def hostile_report(bad):
    """Return a report with a text in every place that text can have."""
    measure = Measure(bad, 1.0, 0.5, 30.0, 45.0, bad)
    leaf = Reason(bad, Truth.TRUE, Margin(1.0, 2.0, bad))
    finding = Finding(
        id=bad,
        treaty=bad,
        clause=bad,
        article=bad,
        text=bad,
        subject="deployment",
        members=(bad,),
        name=bad,
        party=bad,
        on=date(2021, 12, 17),
        verdict="violation",
        why=(bad,),
        margin=Margin(-2.0, -1.0, bad),
        measures=(measure,),
        range_km=(1.0, 2.0),
        range_source=bad,
        host=bad,
        zone=bad,
        sea=bad,
        level=bad,
        worldview=bad,
        readings={bad: bad},
        reason=Reason("and", Truth.TRUE, None, (leaf, Reason(bad, Truth.FALSE, None, (leaf,)))),
        exception=bad,
        nearest_compliant=Move(1.0, 2.0, 31.0, 44.0),
        stability=(Flip(bad, "compliant"), Flip("worldview = russia", "compliant")),
        assumed=(bad,),
        place=(30.0, 44.0),
        origin=Origin(bad, 1, 0),
    )
    group = dataclasses.replace(finding, id=f"{bad} 2", subject="group")
    return Report(
        settings=Settings(worldview=bad, readings={bad: bad}, params={bad: 1.0}, level=bad),
        findings=(finding, group),
        not_checkable=(NotCheckable(bad, bad, bad, bad, bad),),
        faults=(Fault(bad, bad, 1, 1, 0, bad, bad),),
        warnings=(Fault(bad, bad, 1, 1, 0, bad, bad),),
        treaties=(bad,),
        as_if=(bad,),
        source=bad,
        sha256="0" * 64,
        deployments=1,
    )


def placed(bad):
    made = Deployment(id="a", party="USA", kind="radar", geometry=(30.0, 44.0), name="b")
    for name in ("id", "name", "party", "source", "notes", "framework"):
        object.__setattr__(made, name, bad)
    return made


@pytest.mark.parametrize("bad", HOSTILE)
def test_the_source_has_no_markup_of_the_input(bad):
    page = to_page(hostile_report(bad), [placed(bad)])
    page.encode("utf-8")
    assert re.findall(r"<script[^>]*>", page) == [
        '<script type="application/json" id="payload">',
        '<script type="application/json" id="atlas">',
        "<script>",
    ]
    assert page.count("</script>") == 3
    assert "<img" not in page
    assert "<!--" not in page
    assert not re.search("[\u2028\u2029\u202e\x00\x1b]", page)
    block = re.search(r'id="payload">(.*?)</script>', page, re.DOTALL)
    assert not re.search("[<>&]", block[1])
    assert json.loads(block[1])["worldviews"][1]["name"] == "un"


@pytest.mark.parametrize("bad", HOSTILE)
def test_a_notebook_table_has_no_markup_of_the_input(bad):
    told = to_html(hostile_report(bad))
    told.encode("utf-8")
    assert "<script" not in told
    assert "<img" not in told
    assert not re.search(r"<[^>]*window\.hit", told)


def test_script_and_markup_in_every_text_stay_text_in_the_browser(open_page):
    for bad in (HOSTILE[0], HOSTILE[2], "__proto__", "".join(HOSTILE)):
        page = open_page(to_page(hostile_report(bad), [placed(bad)]))
        page.locator("#verdicts input").first.check()
        page.locator("#table button.pick").first.click()
        page.locator("#worldviews input[value=russia]").check()
        page.locator("#zones summary").click()
        page.locator("#map").press("n")
        page.emulate_media(media="print")
        assert page.evaluate("window.hit") is None
        assert page.locator("script").count() == 3
        assert (
            page.locator("img, iframe, object, embed, a[href^='javascript:'], form[action]").count()
            == 0
        )
        on = page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(node => node.getAttributeNames())"
            ".filter(name => name.startsWith('on')).length"
        )
        assert on == 0
    assert "was violation" in page.locator("#table").inner_text()


def test_the_text_is_shown_as_it_is(open_page):
    bad = HOSTILE[1]
    page = open_page(to_page(hostile_report(bad), [placed(bad)]))
    assert page.locator("#table button.pick").first.inner_text() == bad
    assert bad in page.locator("h1").inner_text()
    assert bad in page.title()


def test_the_policy_stops_any_other_script(browser, tmp_path, small):
    file = tmp_path / "report.html"
    file.write_text(small[2], encoding="utf-8")
    page = browser.new_page()
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(file.as_uri())
    page.evaluate(
        "() => { const node = document.createElement('script');"
        " node.textContent = 'window.hit = 1'; document.body.append(node);"
        " const button = document.createElement('button');"
        " button.setAttribute('onclick', 'window.hit = 2'); document.body.append(button);"
        " button.click();"
        " const image = document.createElement('img');"
        " image.src = 'http://127.0.0.1:9/'; document.body.append(image);"
        " return fetch('http://127.0.0.1:9/').catch(() => null); }"
    )
    assert page.evaluate("window.hit") is None
    assert sum("Content Security Policy" in text for text in told) >= 4
    page.close()


def test_geometry_of_any_kind_is_drawn(open_page):
    shapes = (
        Point(30, 44),
        {"type": "LineString", "coordinates": [[1, 1], [2, 2]]},
        {"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]},
        {"type": "MultiLineString", "coordinates": [[[0, 0], [1, 1]], [[170, 60], [180, 60]]]},
        {"type": "MultiPolygon", "coordinates": [[[[0, 80], [1, 80], [1, 81], [0, 80]]]]},
        {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Point", "coordinates": [5, 5]},
                {"type": "Polygon", "coordinates": [[[0, -89], [90, -89], [45, -80], [0, -89]]]},
            ],
        },
    )
    known = [
        Deployment(id=f"d{number}", party="USA", kind="radar", geometry=shape)
        for number, shape in enumerate(shapes)
    ]
    findings = tuple(
        Finding(
            id=f"t/1@{one.id}",
            treaty="t",
            clause="1",
            article="1",
            text="",
            subject="deployment",
            members=(one.id,),
            name=one.id,
            party="USA",
            on=None,
            verdict="compliant" if number % 2 else "indeterminate",
        )
        for number, one in enumerate(known)
    )
    page = open_page(to_page(Report(settings=Settings(), findings=findings), known))
    page.locator("#verdicts input[value=compliant]").check()
    assert page.locator("#table tbody tr").count() == len(shapes)
    page.get_by_role("button", name="Flat map").click()
    for number in range(len(shapes)):
        pick = page.locator("#table button.pick").nth(number)
        pick.click()
        assert page.locator("#detail-title").inner_text() == pick.inner_text()
