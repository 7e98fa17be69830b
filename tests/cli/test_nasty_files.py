"""A file with something that bites in every property, checked and reported in every form."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from deploygeo.cli import main
from deploygeo.report.formats import FORMATS

BITES = (
    '=HYPERLINK("http://evil.example")\u202e\u2066 <script>alert(1)</script> ![i](//e.x/a.png) '
    "[l](javascript:alert(1)) ::error::x ##[add-mask]y | `a` {0} $[name] ]]> &lt; @user 50%,a:b;=1 "
)
CONTROLS = "\x1b[2J\x07\x00\r\n::warning::own line\ufffe"
TREATY = """
id = "t"
title = 'T {bites}'
status = "draft"
source = 'S {bites}'

[[clause]]
id = "1"
article = '1 {bites}'
text = 'T {bites}'
bearers = "everyone - states('UKR')"
applies = "kind('surface_warship')"
rule = "distance(land(states('UKR'))) < 200"

[[clause.unless]]
name = 'u {bites}'
text = 'U {bites}'
rule = "kind('submarine')"

[[clause]]
id = "2"
article = '2 {bites}'
text = 'T {bites}'
check = "none"
why = 'W {bites}'
bearers = "everyone"
"""


def ship(id_, lon, **more):
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, 44.5]},
        "properties": {
            "id": id_,
            "party": "RUS",
            "kind": "surface_warship",
            "on": "2021-11-10",
            **dict.fromkeys(("name", "source", "notes", "framework"), BITES),
            **more,
        },
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("nasty")
    features = [
        ship(f"{sign}{BITES[:150]}".strip(), 31.0 + index / 10)
        for index, sign in enumerate(["", "=", "+", "-", "@", "::", "#", ">"])
    ]
    features += [
        ship(f"bad {BITES[:100]}", 31.0, kind=BITES),
        ship("controls", 31.0, name=CONTROLS, notes=CONTROLS + BITES, party=CONTROLS),
        ship(CONTROLS, 31.0, **{BITES: BITES, CONTROLS: CONTROLS}),
    ]
    body = {"type": "FeatureCollection", "features": features}
    (path / "=a::b,c%.geojson").write_text(json.dumps(body))
    told = "".join(char for char in BITES if char.isprintable()).replace("'", "")
    (path / "t.toml").write_text(TREATY.replace("{bites}", told), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def reports(folder):
    names = {form: f"out.{form}" for form in FORMATS}
    options = [word for form, name in names.items() for word in ("-f", form, "-o", name)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with pytest.raises(SystemExit) as leaving:
            main(["check", "=a::b,c%.geojson", "-t", "./t.toml", *options])
    assert leaving.value.code == 3
    return {form: (folder / name).read_text("utf-8") for form, name in names.items()}


@pytest.mark.parametrize("form", FORMATS)
def test_no_control_or_bidi_character_is_in_any_form(reports, form):
    assert "alert(1)" in reports[form]  # it is there, and does nothing
    assert {char for char in reports[form] if not char.isprintable()} <= {"\n"}


@pytest.mark.parametrize("form", ["kml", "junit"])
def test_xml_is_well_formed_and_has_no_element_of_the_input(reports, form):
    root = ElementTree.fromstring(reports[form].encode())  # noqa: S314 - our own text
    assert not {one.tag.rpartition("}")[2] for one in root.iter()} & {"script", "img", "b"}


def test_workflow_commands_are_ours_alone(reports):
    lines = [line for line in reports["github"].splitlines() if line.strip().startswith("::")]
    frame = re.compile(
        r"::(error|warning|notice) (file=[^:,]*,)?(line=\d+,)?(col=\d+,)?title=[^:,]*::.*"
        r"|::group::receipt|::endgroup::"
    )
    assert lines
    assert all(frame.fullmatch(line) for line in lines)
    assert "##[" not in reports["github"]
    assert "file=%3Da%3A%3Ab" not in reports["github"]
    assert "::error file==a%3A%3Ab%2Cc%25.geojson,line=1," in reports["github"]


def test_no_cell_of_the_csv_is_a_formula(reports):
    rows = list(csv.DictReader(io.StringIO(reports["csv"], newline="")))
    assert len(rows) == 8
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip().startswith(tuple("=+@")), cell
            assert not cell.startswith("-") or float(cell) < 0


def test_no_link_of_the_input_is_a_link_in_html(reports):
    class Links(HTMLParser):
        found = ()

        def handle_starttag(self, tag, attributes):
            told = [value or "" for name, value in attributes if name in ("href", "src")]
            self.found = (*self.found, *told)
            assert not any(name.startswith("on") for name, _ in attributes), attributes

    links = Links()
    links.feed(reports["html"])
    assert not [link for link in links.found if "evil" in link or "javascript:" in link]
    assert "<script>alert(1)</script>" not in reports["html"]


@pytest.mark.parametrize("form", ["json", "sarif", "geojson"])
def test_json_is_json_and_its_texts_are_those_of_the_file(reports, form):
    shown = json.loads(reports[form])
    if form == "json":
        assert {one["name"] for one in shown["findings"]} == {BITES}
        assert shown["receipt"]["treaties"][0]["sha256"]


def test_sarif_tells_every_fault_with_its_line(reports):
    results = json.loads(reports["sarif"])["runs"][0]["results"]
    faults = [one for one in results if one["ruleId"] == "input-fault"]
    assert len(faults) >= 3
    for one in results:
        place = one["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "%3Da%3A%3Ab%2Cc%25.geojson"
        assert place["region"]["startLine"] == 1
