"""Every table, key and value of a TOML text is found where its author wrote it."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deploygeo
from deploygeo.treaties.lines import MAX_NESTING, MAX_PARTS, Spot, locate, pointer, unquoted

SMALL = settings(max_examples=200, deadline=None)
LIBRARY = Path(deploygeo.__file__).parent / "treaties" / "library"
FILES = sorted([*LIBRARY.rglob("*.toml"), *Path(__file__).parent.rglob("*.toml")])

TEXT = '''\
# a comment with [brackets] and = signs
id = "x"  # "another" comment
"quoted key" = 'it'
a.b = { c = [1, 2], "d" = "]" }

[[clause]]
rule = """
kind("x") and \\
    nuclear"""
when = 2021-12-17 07:00:00

  [[clause.unless]]
  name = \'\'\'first\'\'\'

[[clause]]
list = [
  "one", # comment ]
  [ "two" ],
]
[table . "sub"]
key=1
'''


def paths(value, path=()):
    """Yield the path of every key, list item and table of what tomllib read."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else ()
    for key, item in [*items, *(enumerate(value) if isinstance(value, list) else ())]:
        yield from paths(item, (*path, key))


def at(value, path):
    for part in path:
        value = value[part]
    return value


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_key_of_every_file_is_found_on_a_line_that_names_it(file):
    text = file.read_text(encoding="utf-8")
    table, lines = tomllib.loads(text), locate(text)
    assert lines.excess is None
    for path in paths(table):
        assert path in lines.keys, pointer(path)
        if isinstance(path[-1], str):
            shown = lines.line(lines.key(path).line)
            assert str(path[-1]) in shown, pointer(path)
        if isinstance(at(table, path), str):
            assert unquoted(lines.text[slice(*lines.values[path])]) == at(table, path)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("id",), 2, 1),
        (("quoted key",), 3, 1),
        (("a", "b", "c"), 4, 9),
        (("a", "b", "c", 1), 4, 17),
        (("a", "b", "d"), 4, 21),
        (("clause",), 6, 1),
        (("clause", 0), 6, 1),
        (("clause", 0, "rule"), 7, 1),
        (("clause", 0, "when"), 10, 1),
        (("clause", 0, "unless", 0), 12, 3),
        (("clause", 0, "unless", 0, "name"), 13, 3),
        (("clause", 1), 15, 1),
        (("clause", 1, "list", 0), 17, 3),
        (("clause", 1, "list", 1, 0), 18, 5),
        (("table", "sub"), 20, 1),
        (("table", "sub", "key"), 21, 1),
        (("clause", 0, "absent"), 6, 1),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_key_stands_where_it_is_written(path, line, column, end):
    assert locate(TEXT.replace("\n", end)).key(path) == Spot(line, column)


def test_a_value_stands_behind_its_key():
    lines = locate(TEXT)
    assert lines.value(("id",)) == Spot(2, 6)
    assert lines.value(("clause", 0)) == Spot(6, 1)


def test_a_letter_of_a_text_over_several_lines_is_found():
    value = tomllib.loads(TEXT)["clause"][0]["rule"]
    lines = locate(TEXT)
    assert lines.inside(("clause", 0, "rule"), 0) == Spot(8, 1)
    assert lines.inside(("clause", 0, "rule"), value.index("nuclear")) == Spot(9, 5)
    assert lines.inside(("clause", 0, "rule"), len(value)) == Spot(9, 12)


# -- random documents, written by hand-made rules so that every form of TOML occurs

words = st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=6)
keys = st.one_of(st.from_regex(r"[a-z0-9_-]{1,4}", fullmatch=True), words)


def basic(text):
    return json.dumps(text, ensure_ascii=False)


def key_of(text):
    bare = text and all(letter in "abcdefghijklmnopqrstuvwxyz0123456789_-" for letter in text)
    return text if bare else basic(text)


strings = st.one_of(
    words.map(basic),
    words.map(json.dumps).filter(lambda text: "\\ud" not in text),
    st.text('ab ]}=#,.\\"', max_size=6).map(lambda text: f"'{text}'"),
    st.text("ab\n\t]#=' ", max_size=6).map(lambda text: f'"""{text}"""'),
    st.text('ab\n]#="\\ ', max_size=6).map(lambda text: f"'''{text}'''"),
    st.text("ab \n", max_size=5).map(lambda text: f'"""a\\\n {text}"""'),
    st.just('"""a"b""c"""""'),
)
plain = st.sampled_from(
    ["1", "-0.5", "true", "2021-12-17", "07:32:00", "0xff", "inf", "1979-05-27 07:32:00Z"]
)
blank = st.sampled_from(["", " ", "\t "])
space = st.sampled_from(["", " ", "\n", " # ]}\"' comment\n  "])


def inside_list(items):
    return st.tuples(st.lists(items, max_size=3), space, space).map(
        lambda p: "[" + p[1] + ("," + p[2]).join(p[0]) + p[2] + "]"
    )


def inside_table(items):
    return st.dictionaries(keys, items, max_size=3).map(
        lambda table: "{ " + ", ".join(f"{key_of(k)} = {v}" for k, v in table.items()) + " }"
    )


values = st.recursive(
    st.one_of(strings, plain), lambda v: st.one_of(inside_list(v), inside_table(v)), max_leaves=6
)
pairs = st.tuples(st.lists(keys, min_size=1, max_size=3), blank, values).map(
    lambda p: p[1] + (p[1] + "." + p[1]).join(map(key_of, p[0])) + p[1] + "=" + p[1] + p[2]
)
headers = st.tuples(st.lists(keys, min_size=1, max_size=3), st.booleans(), blank).map(
    lambda p: (
        ("[[" if p[1] else "[")
        + p[2]
        + (p[2] + "." + p[2]).join(map(key_of, p[0]))
        + ("]]" if p[1] else "]")
    )
)
documents = st.lists(st.one_of(pairs, pairs, headers, space), max_size=8).map("\n".join)


@SMALL
@given(documents, st.sampled_from(["\n", "\r\n"]))
def test_every_key_of_any_document_is_found(text, end):
    text = text.replace("\n", end)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        locate(text)  # no more is asked than that it ends
        return
    lines = locate(text)
    for path in paths(table):
        assert path in lines.keys
        value = at(table, path)
        if isinstance(value, str):
            assert unquoted(lines.text[slice(*lines.values[path])]) == value
            for index, letter in enumerate(value):
                spot = lines.inside(path, index)
                written = lines.line(spot.line)[spot.column - 1 : spot.column]
                assert written in (letter, "\\", "" if letter == "\n" else letter)
    assert len(lines.keys) == len(set(paths(table)))


@SMALL
@given(st.text("ab=.[]{}\"'#,\\\n ", max_size=40))
def test_any_text_is_scanned_to_an_end(text):
    lines = locate(text)
    assert all(0 <= offset <= len(lines.text) for offset in lines.keys.values())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a." * MAX_PARTS + "a = 1", "parts"),
        ("[" + "a." * 100_000 + "a]", "parts"),
        ("a = " + "[" * (MAX_NESTING + 2), "nested"),
        ("a = " + "{a = " * 100_000, "nested"),
    ],
)
def test_what_would_keep_a_reader_busy_for_minutes_is_excess(text, told):
    """A key of 30 000 parts took `tomllib` 23 seconds, found while fuzzing in 2026."""
    excess = locate(text).excess
    assert excess is not None
    assert told in excess[0]
