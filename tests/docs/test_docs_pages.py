"""The generated pages: one for each clause and each law, with all that a reader looks for."""

import doctest
import importlib
import re
import sys
from pathlib import Path

import pytest

import deploygeo
from deploygeo.clauses import VOCABULARY
from deploygeo.report import input_schema
from deploygeo.testing import LAWS
from deploygeo.treaties import library, load

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))
generated = importlib.import_module("generated")
runner = importlib.import_module("blocks")
html_check = importlib.import_module("html_check")
worked = importlib.import_module("worked")
wording = importlib.import_module("wording")

PAGES = generated.generated_pages()
CLAUSES = [(treaty, clause) for treaty in map(load, library()) for clause in treaty.clauses]
TREATY_IDS = [f"{treaty.id}/{clause.id}" for treaty, clause in CLAUSES]
# `terminal` needs Pygments, and has no example
CODE = [path for path in sorted((ROOT / "docs/_ext").glob("*.py")) if path.stem != "terminal"]
PYTHON_ROLE = re.compile(r"\{py:\w+\}`(?:[^`<]*<)?~?([\w.]+)>?`")


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.stem)
def test_the_examples_in_the_code_of_the_pages_are_right(path):
    module = importlib.import_module(path.stem)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testmod(module, optionflags=flags).failed == 0


def test_every_page_begins_with_one_heading():
    assert [name for name, text in PAGES.items() if not re.match(r"# \S", text)] == []


def test_every_law_is_in_a_list_of_pages():
    """A law without one has no entry in the side bar, and neither a page before it nor after."""
    listed = PAGES["laws/index"].partition("{toctree}")[2].split()
    assert [law.name for law in LAWS if law.name not in listed] == []


@pytest.mark.parametrize(("treaty", "clause"), CLAUSES, ids=TREATY_IDS)
def test_a_clause_has_a_page_with_its_text_and_source(treaty, clause):
    text = PAGES[f"clauses/{treaty.id}/{clause.id}"]
    doctext = importlib.import_module("doctext")
    assert doctext.escaped(clause.text) in text
    assert doctext.linked(clause.source or treaty.source) in text
    assert f"({clause.id}.md)" in PAGES[f"clauses/{treaty.id}/index"]


@pytest.mark.parametrize(
    ("treaty", "clause"), [one for one in CLAUSES if one[1].check != "none"], ids=str
)
def test_the_page_of_a_clause_has_its_rule_its_readings_and_its_cases(treaty, clause):
    text = PAGES[f"clauses/{treaty.id}/{clause.id}"]
    assert f'rule = "{clause.rule}"' in text
    for title in ("What it says", "How we read it", "Parameters", "Readings", "Worked cases"):
        assert f"\n## {title}\n" in text
    for case in worked.worked_cases(treaty):
        if case.clause == clause.id:
            assert f"**{case.verdict}**" in text
            for name in case.finding.readings if case.finding else ():
                assert f"\n`{name}`: " in text


def test_a_clause_without_a_rule_says_why():
    for treaty, clause in CLAUSES:
        if clause.check == "none":
            assert "It has no rule. The reason: " in PAGES[f"clauses/{treaty.id}/{clause.id}"]


@pytest.mark.parametrize("treaty", [load(id_) for id_ in library()], ids=lambda treaty: treaty.id)
def test_the_verdicts_of_the_cases_are_those_of_the_checker(treaty):
    for case in worked.worked_cases(treaty):
        actual = case.finding.verdict if case.finding else "not-applicable"
        assert (case.name, actual) == (case.name, case.verdict)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_has_a_page_with_its_statement_reason_counterexample_and_example(law):
    text = PAGES[f"laws/{law.name}"]
    for title in ("Reason", "Counterexample", "What it is tried on", "An example"):
        assert re.search(rf"\n## {title}\n\n\S", text)
    assert ">>> " in text
    assert f"({law.name}.md)" in PAGES["laws/index"]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_the_example_of_a_law_runs_as_it_is_copied(law):
    text = PAGES[f"laws/{law.name}"]
    (example,) = re.findall(r"^```pycon\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(example, {}, law.name, None, 0)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.DocTestRunner(optionflags=flags).run(test).failed == 0


def test_every_word_of_the_vocabulary_has_a_phrase():
    assert sorted(set(VOCABULARY) - set(wording.PHRASES)) == []


def test_every_word_of_the_vocabulary_is_in_the_reference():
    text = PAGES["reference/vocabulary"]
    assert [name for name in VOCABULARY if not re.search(rf"^\| `{name}\b", text, re.M)] == []


@pytest.mark.parametrize("kind", ["deployment", "record"])
def test_every_key_of_a_file_says_what_it_is(kind):
    """A key that is new is told in the docstring of its class, or in the table of the page."""
    keys = [key for key, value in input_schema()["$defs"][kind]["properties"].items() if value]
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.*) \|.*\|$", PAGES["reference/input"], re.M))
    assert [key for key in keys if not rows.get(key)] == []


def test_every_warning_with_a_name_is_in_the_reference():
    named = re.compile(r'f?"([a-z]+(?:-[a-z]+)+): ')
    sources = [*Path(deploygeo.__file__).parent.glob("io/*.py")]
    sources += Path(deploygeo.__file__).parent.glob("model/*.py")
    names = {name for path in sources for name in named.findall(path.read_text("utf-8"))}
    text = (ROOT / "docs/reference/errors.md").read_text("utf-8")
    assert {"bare-array", "part-of"} <= names
    assert [name for name in sorted(names) if f"| `{name}` |" not in text] == []


def test_every_command_is_in_the_reference():
    from deploygeo.cli.app import COMMANDS

    text = PAGES["reference/command-line"]
    assert [name for name in COMMANDS if f"### `deploygeo {name}`" not in text] == []
    assert "#### `deploygeo treaty prove`" in text


def test_every_public_name_is_told_in_one_place():
    face = PAGES["api/deploygeo"]
    for name in deploygeo.__all__:
        assert name == "__version__" or f"::  deploygeo.{name}".replace("  ", " ") in face


def test_the_pages_are_the_same_each_time():
    assert generated.generated_pages() == PAGES


@pytest.mark.parametrize("page", runner.pages(), ids=lambda path: path.stem)
def test_a_page_names_only_python_that_exists(page):
    for name in PYTHON_ROLE.findall(page.read_text("utf-8")):
        parts = name.split(".")
        thing = deploygeo
        for index, part in enumerate(parts[1:], 2):
            if not hasattr(thing, part):
                importlib.import_module(".".join(parts[:index]))
            thing = getattr(thing, part)


def test_the_pages_are_written_beside_those_of_people(tmp_path, monkeypatch):
    monkeypatch.setattr(generated, "generated_pages", lambda: {"laws/a": "# A\n"})
    (tmp_path / "kept.md").write_text("by hand")
    generated.write(tmp_path)
    assert (tmp_path / "laws" / "a.md").read_text() == "# A\n"
    assert (tmp_path / "kept.md").read_text() == "by hand"


def test_no_generated_page_lies_where_people_write():
    written = {str(path.relative_to(ROOT / "docs").with_suffix("")) for path in runner.pages()}
    assert written & set(PAGES) == set()


GOOD = '<html lang="en"><h1 id="top">A</h1><a href="#top">top</a><a href="https://a.example">x</a>'


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("", []),
        ('<script src="https://cdn.example/a.js"></script>', ["loads https://cdn.example/a.js"]),
        ('<link rel="stylesheet" href="//fonts.example/a.css">', ["loads //fonts.example/a.css"]),
        ("<style>@import 'https://a.example/b.css'</style>", ["style loads"]),
        ('<p style="background: url(http://a.example/b.png)">', ["style loads"]),
        ('<a href="b.html">b</a>', ["its link b.html is no file"]),
        ('<a href="#b">b</a>', ["has no place named 'b'"]),
        ('<img src="data:image/png;base64,">', ["1 images have no text"]),
        ("<h1>B</h1>", ["2 first headings"]),
        ("<h2>B</h2><h3>C</h3><h2>D</h2>", []),
        ("<h2>B</h2><h4>C</h4>", ["a heading of level 4 stands below one of level 2"]),
        ("<table><tr><th>a</th><th> </th></tr></table>", ["1 headers of tables have no text"]),
    ],
)
def test_the_check_of_built_pages_finds_what_is_wrong(inside, told, tmp_path):
    (tmp_path / "a.html").write_text(GOOD + inside)
    found = list(html_check.faults(tmp_path.resolve()))
    assert len(found) == len(told)
    assert all(text in fault for text, fault in zip(told, found, strict=True))


def test_a_source_without_a_page_is_told(tmp_path):
    built, sources = tmp_path / "html", tmp_path / "source"
    for name in ("html/laws", "source/laws", "source/_ext"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("laws/5.1.md", "laws/5.2.md", "_ext/notes.md"):
        (sources / name).write_text("# A\n")
    (built / "laws" / "5.1.html").write_text("")
    assert list(html_check.unbuilt(built, sources)) == ["laws/5.2: it has no page"]


def test_a_page_without_a_way_to_it_is_told(tmp_path):
    folder = tmp_path.resolve()
    (folder / "laws").mkdir()
    (folder / "index.html").write_text('<a href="laws/a.html#top">a</a>')
    (folder / "laws/a.html").write_text('<a href="../index.html">home</a>')
    (folder / "laws/b.html").write_text('<a href="a.html">a</a>')
    (folder / "search.html").write_text("")
    told = ["laws/b.html: no way leads to it from the first page"]
    assert list(html_check.unlinked(folder)) == told


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("```python\nprint(1)\n```\n\n```text\n1\n```\n", 0),
        ("```python\nprint(1)\n```\n\n```text\n2\n```\n", 1),
        ("```python\nprint(1)\n```\n", 1),
        ("```console\n$ deploygeo --version\n…\n```\n", 0),
        ("```console\n$ deploygeo --version\n```\n", 1),
        ('```toml\n[[clause]]\nid = "1"\n```\n', 1),
        ("```sh\ndeploygeo check a.geojson --no-such\n```\n", 1),
        ("```sh\ndeploygeo treaty list\n```\n", 0),
        ("```cobol\n```\n", 1),
        ("```text\nno code prints it\n```\n", 1),
        ("```{code-block} text\n:caption: a.csv\n\nid\n```\n", 0),
        ("- a list\n\n  ```python\n  print(1)\n  ```\n", 1),
        ("~~~python\nprint(1)\n~~~\n", 1),
    ],
)
def test_the_runner_finds_a_block_that_says_something_else(page, told, tmp_path):
    path = tmp_path / "page.md"
    path.write_text(page)
    assert len(list(runner.problems(path, tmp_path))) == told


def test_every_reason_of_an_indeterminate_verdict_is_told():
    text = (ROOT / "docs/explanation/verdicts.md").read_text("utf-8")
    table = text.partition("| why |")[2].partition("\n\n")[0]
    told = re.findall(r"`([^`]+)`", table)
    shapes = [re.compile(re.escape(name).replace("NAME", r"[\w-]+")) for name in told]
    reasons = set()
    for treaty in map(load, library()):
        for case in worked.worked_cases(treaty):
            if case.finding and case.finding.verdict == "indeterminate":
                reasons |= {part for why in case.finding.why for part in why.split(" and ")}
    assert len(reasons) > 10
    assert [one for one in reasons if not any(shape.fullmatch(one) for shape in shapes)] == []
