"""The page of a report in a real browser, opened from disk."""

import re
from itertools import pairwise

import pytest

PORTER = "us-russia-2021/5.2@uss-porter-black-sea"
DEFENDER = "nato-russia-2021/7.1@hms-defender-fiolent"


def row(page, id_):
    return page.locator(f'#table tbody tr[data-id="{id_}"]')


def picked(page):
    return page.locator("#table tbody tr[aria-current]").evaluate_all(
        "rows => rows.map(row => row.dataset.id)"
    )


def pixels(page, other_than=()):
    """Return the map as it is drawn, waiting for a frame that differs from others."""
    for _ in range(40):
        settled(page)
        drawn = page.locator("#map").evaluate("canvas => canvas.toDataURL()")
        if drawn not in other_than:
            break
        page.wait_for_timeout(100)
    return drawn


def settled(page):
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)))")


def test_it_opens_from_disk_and_asks_for_nothing_but_itself(open_page, small):
    page = open_page(small[2])
    assert page.locator("h1").inner_text() == "deploygeo: <features>"
    assert "6 deployments and 0 records" in page.locator("#header").inner_text()
    assert row(page, PORTER).count() == 1
    page.wait_for_timeout(300)
    assert len(page.seen.requests) == 1


def test_a_row_shows_its_place_on_the_map_and_a_click_there_finds_the_row(open_page, small):
    page = open_page(small[2])
    page.locator("#verdicts input[value=compliant]").check()
    before = pixels(page)
    row(page, PORTER).locator("button").click()
    assert picked(page) == [PORTER]
    assert pixels(page, [before]) != before
    assert "Porter" in page.locator("#detail-title").inner_text()
    page.locator("#map").press("Escape")
    assert picked(page) == []
    # the map was turned so that the place is in its middle
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert [one.partition("@")[2] for one in picked(page)] == ["uss-porter-black-sea"]
    first = picked(page)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    second = picked(page)
    assert second != first
    assert second[0].endswith("@uss-porter-black-sea")


def test_a_click_on_the_open_sea_lets_go(open_page, small):
    page = open_page(small[2])
    row(page, PORTER).locator("button").click()
    settled(page)
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + 30, box["y"] + box["height"] - 30)
    assert picked(page) == []
    assert page.locator("#live").inner_text() == "Nothing selected."


def test_a_finding_is_told_with_clause_facts_and_reasons(open_page, small):
    page = open_page(small[2])
    row(page, PORTER).locator("button").click()
    detail = page.locator("#detail-body")
    assert "us-russia-2021/5.2, as we paraphrase it" in detail.inner_text()
    assert "km to the land of" in detail.locator(".facts").inner_text()
    tree = detail.locator(".reasons")
    assert tree.locator("li").count() >= 3
    assert "met: " in tree.inner_text()
    assert "deploy = based" in detail.locator(".flips").inner_text()
    assert "worldview" not in detail.locator(".flips").inner_text()
    row(page, DEFENDER).locator("button").click()
    assert "worldview = russia" in detail.locator(".flips").inner_text()
    assert "On the map: what the clause closes" in detail.inner_text()


def test_a_worldview_shows_what_flips_and_who_holds_the_land(open_page, small):
    page = open_page(small[2])
    row(page, DEFENDER).locator("button").click()
    before = pixels(page)
    page.locator("#worldviews input[value=russia]").check()
    told = row(page, DEFENDER).locator("td.verdict").inner_text()
    assert told.split("\n") == ["compliant", "was violation"]
    assert "Changed: " in page.locator("#flips").inner_text()
    assert "violation → compliant" in page.locator("#flips").inner_text()
    assert "under russia; violation under un" in page.locator("#detail-body").inner_text()
    assert pixels(page, [before]) != before
    page.locator("#flipped-only").check()
    shown = page.locator("#table tbody tr").evaluate_all("rows => rows.map(row => row.dataset.id)")
    assert DEFENDER in shown
    assert page.locator("#table tbody tr.flipped").count() == len(shown)
    page.locator("#worldviews input[value=un]").check()
    assert "No finding passes the filters." in page.locator("#table tbody").inner_text()


def test_filters_by_clause_party_verdict_and_text(open_page, small):
    page = open_page(small[2])

    def shown(column):
        return set(page.locator(f"#table tbody .{column}").all_inner_texts())

    page.locator("#clause").select_option(label="us-russia-2021/5.2")
    assert shown("clause") == {"us-russia-2021/5.2"}
    page.locator("#clause").select_option("")
    page.locator("#party").select_option("GBR")
    assert shown("party") == {"United Kingdom"}
    page.locator("#party").select_option("")
    assert shown("verdict") == {"violation"}
    page.locator("#verdicts input[value=compliant]").check()
    assert shown("verdict") == {"violation", "compliant"}
    page.locator("#verdicts input[value=violation]").uncheck()
    assert shown("verdict") == {"compliant"}
    page.locator("#verdicts input[value=violation]").check()
    page.locator("#text").fill("defender")
    assert page.locator("#table tbody tr").count() >= 1
    assert all("Defender" in text for text in page.locator("#table tbody th").all_inner_texts())
    page.locator("#text").fill("no such thing")
    assert "0 of" in page.locator("#count").inner_text()


def test_everything_works_by_keyboard(open_page, small):
    page = open_page(small[2])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "findings"
    first = page.locator("#table button.pick").first
    first.focus()
    page.keyboard.press("Enter")
    assert picked(page) == [page.locator("#table tbody tr").nth(0).get_attribute("data-id")]
    page.keyboard.press("ArrowDown")
    assert picked(page) == [page.locator("#table tbody tr").nth(1).get_attribute("data-id")]
    # the focus goes with it
    assert page.evaluate("document.activeElement.closest('tr').dataset.id") == picked(page)[0]
    page.keyboard.press("ArrowUp")
    assert picked(page) == [page.locator("#table tbody tr").nth(0).get_attribute("data-id")]
    map_ = page.locator("#map")
    map_.focus()
    for key in ("ArrowLeft", "ArrowUp", "+", "-", "Home"):
        before = pixels(page)
        page.keyboard.press(key)
        assert pixels(page, [before]) != before, key
    page.keyboard.press("n")
    assert picked(page) == [page.locator("#table tbody tr").nth(1).get_attribute("data-id")]
    page.keyboard.press("p")
    assert picked(page) == [page.locator("#table tbody tr").nth(0).get_attribute("data-id")]


def test_a_screen_reader_finds_landmarks_a_table_and_what_was_selected(open_page, small):
    page = open_page(small[2])
    for role in ("banner", "main", "contentinfo", "search"):
        assert page.get_by_role(role).count() == 1, role
    for name in ("Map", "Finding", "Findings", "Receipt"):
        assert page.get_by_role("region", name=name, exact=True).count() == 1, name
    table = page.get_by_role("table")
    assert re.match(r"\d+ findings, worldview un", table.locator("caption").inner_text())
    assert page.get_by_role("columnheader").count() == 6
    assert page.get_by_role("rowheader").count() == page.locator("#table tbody tr").count()
    assert page.locator("#map").get_attribute("aria-describedby") == "map-help"
    named = page.locator("button, input, select").evaluate_all(
        "nodes => nodes.filter(node => !(node.textContent || node.labels?.length"
        " || node.getAttribute('aria-label'))).length"
    )
    assert named == 0
    row(page, PORTER).locator("button").click()
    live = page.locator("#live")
    assert live.get_attribute("aria-live") == "polite"
    assert live.inner_text().startswith("Selected: USS Porter in the Black Sea, violation, Article")
    levels = page.locator("h1, h2, h3, h4").evaluate_all(
        "nodes => nodes.map(node => Number(node.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_click_on_a_head_sorts_and_says_so(open_page, small):
    page = open_page(small[2])
    page.locator("#verdicts input[value=compliant]").check()
    page.locator("th.measured button").click()
    shown = [text for text in page.locator("td.measured").all_inner_texts() if "km" in text]
    km = [float(re.search(r"\d[\d\xa0]*(\.\d+)?", text)[0].replace("\xa0", "")) for text in shown]
    assert len(km) > 3
    assert km == sorted(km)
    head = page.locator("th.margin")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert page.evaluate("document.activeElement.dataset.column") == "margin"


def test_the_finding_says_side_and_kind_and_no_change_twice(open_page, small):
    page = open_page(small[2])
    row(page, PORTER).locator("button").click()
    told = page.locator("#detail .verdict-line").inner_text()
    assert told == "violation United States (NATO), surface warship"
    assert "deploy = based" in page.locator("#detail .flips").inner_text()
    assert "deploy = based" not in page.locator("#detail .facts").inner_text()


def test_the_legend_tells_every_sign_by_a_sample(open_page, small):
    page = open_page(small[2])
    heads = page.locator("#legend dt").all_inner_texts()
    assert heads == [
        "Side of a party and of land",
        "Kind",
        "Gravest listed verdict",
        "Of the selected finding",
        "Also",
    ]
    told = page.locator("#legend").inner_text()
    for word in ("witness", "zone", "complies", "disputed", "no listed finding", "compliant"):
        assert word in told, word
    samples = page.locator("#legend canvas").evaluate_all("nodes => nodes.map(n => n.toDataURL())")
    assert len(set(samples)) == len(samples) == page.locator("#legend .key").count()


def test_the_focus_is_never_lost_where_the_panel_is_filled_anew(open_page, small):
    page = open_page(small[2])
    page.locator("#verdicts input[value=compliant]").check()
    row(page, PORTER).locator("button").click()
    page.locator("#detail summary").click()
    page.locator("#detail .others button").first.click()
    assert picked(page) not in ([], [PORTER])
    assert page.evaluate("document.activeElement.id") == "detail"


def test_on_a_phone_a_row_leads_to_the_finding_and_back_and_the_map_stays(open_page, small):
    """A pick on the map scrolled the map away, and one in the table showed nothing."""
    page = open_page(small[2], width=375, height=812)
    page.locator("#map").press("n")
    assert page.evaluate("scrollY") == 0
    row(page, PORTER).locator("button").click()
    head = page.locator("#detail-title")
    assert "Porter" in head.inner_text()
    assert head.evaluate("node => node.getBoundingClientRect().bottom < innerHeight")
    page.get_by_role("button", name="Back to the table").click()
    assert page.evaluate("document.activeElement.closest('tr').dataset.id") == PORTER
    # from row to row by keyboard the table stays in sight
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').dataset.id") == picked(page)[0]
    assert row(page, picked(page)[0]).evaluate("node => node.getBoundingClientRect().top > 0")


def test_in_forced_colours_what_is_pressed_and_selected_stands_out(open_page, small):
    page = open_page(small[2], forced_colors="active")
    row(page, PORTER).locator("button").click()
    backs = page.locator("#map-bar button[aria-pressed]").evaluate_all(
        "nodes => nodes.map(node => getComputedStyle(node).backgroundColor)"
    )
    assert len(set(backs)) == 2
    outline = row(page, PORTER).evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"


def test_the_map_is_flat_or_a_globe_with_zones_and_lines(open_page, small):
    page = open_page(small[2])
    shown = [pixels(page)]
    page.get_by_role("button", name="Flat map").click()
    assert page.get_by_role("button", name="Flat map").get_attribute("aria-pressed") == "true"
    shown.append(pixels(page, shown))
    page.locator("#lines").check()
    shown.append(pixels(page, shown))
    page.locator("#zones summary").click()
    boxes = page.locator("#zone-list input")
    assert boxes.count() >= 2
    for at in range(boxes.count()):
        boxes.nth(at).check()
        shown.append(pixels(page, shown))
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 170, steps=4)
    page.mouse.up()
    shown.append(pixels(page, shown))
    page.get_by_role("button", name="Globe").click()
    shown.append(pixels(page, shown))
    assert len(set(shown)) == len(shown)
    assert picked(page) == []  # dragging picks nothing


LUMINANCE = """
([back, front]) => {
  const light = (text) => {
    const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map((value) => value / 255)
      .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [one, other] = [light(back), light(front)].sort((a, b) => b - a);
  return (one + 0.05) / (other + 0.05);
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_in_light_and_dark(open_page, small, scheme):
    page = open_page(small[2], color_scheme=scheme)
    row(page, PORTER).locator("button").click()
    page.locator("#verdicts input[value=compliant]").check()
    colour = "node => getComputedStyle(node).color"
    papers = {
        "page": page.evaluate("getComputedStyle(document.documentElement).backgroundColor"),
        "panel": page.locator("#detail").evaluate("node => getComputedStyle(node).backgroundColor"),
        "row": row(page, PORTER).evaluate("node => getComputedStyle(node).backgroundColor"),
    }
    fronts = page.locator(".badge, .quiet, .pick, h1, caption, .truth, td").evaluate_all(
        f"nodes => [...new Set(nodes.map({colour}))]"
    )
    assert len(fronts) >= 5
    for name, paper in papers.items():
        for front in fronts:
            assert page.evaluate(LUMINANCE, [paper, front]) >= 4.5, (scheme, name, paper, front)
    dark = page.evaluate(LUMINANCE, [papers["page"], "rgb(255, 255, 255)"]) > 4.5
    assert dark == (scheme == "dark")


def test_printed_it_is_light_and_has_every_row(open_page, small):
    page = open_page(small[2], color_scheme="dark")
    row(page, PORTER).locator("button").click()
    page.emulate_media(media="print")
    settled(page)
    back = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert back == "rgb(255, 255, 255)"
    assert not page.locator("#filters").is_visible()
    assert not page.locator("#map-bar").is_visible()
    assert page.locator("#receipt").is_visible()
    assert page.locator("#detail-title").is_visible()
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    page.emulate_media(media="screen")
    settled(page)
    assert page.locator("#filters").is_visible()


@pytest.mark.parametrize("width", [360, 800, 1000, 1280, 1366, 1400])
def test_nothing_runs_out_of_the_window(open_page, small, width):
    page = open_page(small[2], width=width, height=800)
    row(page, PORTER).locator("button").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_receipt_says_what_the_report_rests_on(open_page, small):
    page = open_page(small[2])
    names = page.locator("#receipt dt").all_inner_texts()
    values = page.locator("#receipt dd").all_inner_texts()
    told = dict(zip(names, values, strict=True))
    assert {"deploygeo", "GEOS", "ellipsoid", "worldview", "readings", "asked on"} <= set(told)
    assert told["worldview"] == "un"
    assert told["ellipsoid"] == "WGS 84"
    assert told["borders hybrid"].startswith("sha256 ")
    assert "deploy = presence" in told["readings"]
