"""A file of any length is read in the memory of one feature and one block."""

import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from deploygeo.io import Limits, _text, _window, read
from deploygeo.io.alike import kind_of


def feature(id_, more=""):
    return (
        f'{{"type": "Feature", "properties": {{"id": "{id_}", "party": "USA", '
        f'"kind": "radar"{more}}}, "geometry": {{"type": "Point", "coordinates": [34.5, -43.25]}}}}'
    )


def collection(features, head="", tail=""):
    rows = ",\n".join(features)
    return f'{{"type": "FeatureCollection",{head} "features": [\n{rows}\n]{tail}}}'


NASTY = {
    "a collection": collection(
        [
            feature("a"),
            feature("Ämari", ', "name": "\\ud83d\\ude00 \\"x\\" ünï"'),
            feature("b", ', "range_km": NaN'),
            feature("c", ', "range_km": -Infinity, "range_km": 2'),
            feature("a"),
            "17",
            feature("d", ', "rnage_km": 1e5'),
        ],
        head=' "name": "x", "n": 1234567.25e2,',
        tail=', "crs": null, "bbox": [1, 2, 3, 4]',
    ),
    "features on lines": "\n".join(
        [feature("a"), feature("b")[:-9], "", feature("c"), '{"type": "Feature"', feature("d")]
    ),
    "a sequence": "".join(f"\x1e{row}\n" for row in [feature("a"), '{"type":', feature("b"), "3"]),
    "truncated": collection([feature("a"), feature("b")])[:-70],
    "a wrong word": collection([feature("a"), feature("b").replace('"Point"', "Tru")]),
    "a bare list": "[" + feature("a") + ", " + feature("b", ', "x": 1') + "]",
    "not UTF-8": collection([feature("a"), feature("@"), feature("c")])
    .encode("latin-1")
    .replace(b"@", b"\xe9"),
    "deep": collection([feature("a", ', "x": ' + "[" * 3000 + "]" * 3000), feature("b")]),
    "spaces": "\n\n   " + collection([feature("a")]).replace(" ", "   \n") + "\n\n",
    "twice": collection([feature("a")]) + "\n" + collection([feature("b")]),
    "a number": "12345678",
}


@pytest.mark.parametrize("chunk", [1, 2, 7, 64])
@pytest.mark.parametrize("name", NASTY)
def test_where_a_text_is_cut_into_blocks_changes_nothing(monkeypatch, read_text, name, chunk):
    whole = read_text(NASTY[name])
    monkeypatch.setattr(_text, "_CHUNK", chunk)
    monkeypatch.setattr(_window, "_DROPPED", 0)
    assert read_text(NASTY[name]) == whole
    assert whole.deployments or name == "a number"


def test_a_place_is_told_behind_what_was_dropped(monkeypatch, read_text):
    monkeypatch.setattr(_window, "_DROPPED", 10)
    monkeypatch.setattr(_text, "_CHUNK", 50)
    one_line = collection([*(feature(f"f{n}") for n in range(9)), "?"]).replace("\n", " ")
    fault = read_text(one_line).faults[0]
    assert (fault.line, fault.column) == (1, one_line.index("?") + 1)
    caret = fault.excerpt.split("\n")
    assert caret[0][len(caret[1]) - 1] == "?"


def test_a_fault_shows_its_line_and_a_caret(read_text):
    reading = read_text(collection([feature("a"), feature("b", ', "range_km": "far"')]))
    (fault,) = reading.faults
    shown, caret = fault.excerpt.split("\n")
    assert shown[len(caret) - 1 :].startswith('"far"')
    assert str(fault).endswith(fault.excerpt)


def test_more_features_than_the_limit_are_not_read_and_the_first_are_kept(read_text):
    reading = read_text(collection([feature(f"f{n}") for n in range(9)]), features=5)
    assert len(reading.deployments) == 5
    (fault,) = reading.faults
    assert fault.line == 7
    assert fault.message == (
        "there are more than 5 features; split the source, or raise the limit: --limit features=…,"
        " or read(source, limits=Limits(features=…)); what follows was not read"
    )


def test_more_features_of_python_than_the_limit_are_not_read():
    rows = (json.loads(feature(f"f{n}")) for n in range(10**9))
    reading = read(rows, limits=Limits(features=3))
    assert len(reading.deployments) == 3
    assert "more than 3 features" in reading.faults[0].message


def test_a_feature_longer_than_the_limit_ends_the_reading(monkeypatch, read_text):
    monkeypatch.setattr(_text, "_CHUNK", 100)
    long = feature("b", f', "notes": "{"x" * 5_000}"')
    reading = read_text(collection([feature("a"), long]), value=1_000)
    assert [one.id for one in reading.deployments] == ["a"]
    assert reading.faults[0].message.startswith("one feature is longer than 1000 characters")


def test_a_pipe_longer_than_the_limit_keeps_what_came_before(monkeypatch):
    content = collection([feature(f"f{n}") for n in range(99)]).encode()
    monkeypatch.setattr(_text, "_CHUNK", 100)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    reading = read("-", limits=Limits(bytes=2_000))
    assert 5 < len(reading.deployments) < 20
    assert reading.faults[-1].message.startswith("the source is larger than 2000 bytes; split it")
    assert reading.faults[-1].message.endswith("what follows was not read")


def test_a_text_longer_than_the_limit_is_a_fault_of_its_feature(read_text):
    reading = read_text(
        collection([feature("a"), feature("b", f', "notes": "{"x" * 50}"')]), text=40
    )
    assert [one.id for one in reading.deployments] == ["a"]
    told = "notes is 50 characters long; at most 40; shorten it, or raise the limit: --limit text=…"
    assert reading.faults[0].message.startswith(told)


def test_a_new_kind_of_fault_is_told_however_many_came_before(read_text):
    """After a hundred faults a country that nobody knows was only counted."""
    rows = [feature(f"f{n}", f', "range_km": "{n}x"') for n in range(300)]
    rows.insert(250, feature("x").replace("USA", "Rusia"))
    reading = read_text(collection(rows), faults=20)
    assert len(reading.faults) == 21
    assert reading.faults[0].more == 280
    new = reading.faults[20]
    assert (new.feature, new.line) == (250, 252)
    assert "did you mean" in new.message
    assert reading.fault_count == 301


def test_every_fault_is_counted_once_with_its_kind_however_many_are_told(read_text):
    """Features that are wrong word for word alike are counted by the list, others one by one."""
    wrong = ["", ', "kind": "no"', ', "range_km": -1', ', "range_km": "x", "party": "Nobody"']
    rows = [
        f'{{"type": "Feature", "geometry": null, "properties": {{"nuclear": true{more}}}}}'
        for more in [*wrong * 3, *wrong[:2] * 20, *wrong * 10]
    ]

    def counts(reading):
        found = Counter()
        for fault in reading.faults:
            found[kind_of(fault)] += 1 + fault.more
        return found

    whole = read_text(collection(rows), faults=10_000)
    assert not any(fault.more for fault in whole.faults)
    for most in (10, 25, 60, 200):
        part = read_text(collection(rows), faults=most)
        assert counts(part) == counts(whole)
        assert part.fault_count == whole.fault_count == len(whole.faults)


def test_kinds_beyond_the_limit_are_counted(read_text):
    rows = [feature(f"f{n}", f', "k{chr(97 + n)}": 1') for n in range(12)]
    rows += [feature(f"g{n}").replace('"kind"', f'"{chr(97 + n)}kind"') for n in range(12)]
    reading = read_text(collection(rows), faults=1)
    assert reading.fault_count >= 24
    assert sum(1 + fault.more for fault in reading.faults) == reading.fault_count
    assert reading.faults[-1].message.startswith("a fault of yet another kind")


PEAK = """
import re, sys
from deploygeo.io import read
reading = read(sys.argv[1])
# what getrusage tells may be the peak of the process that started this one
peak_kib = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read()).group(1)
print(len(reading.deployments), int(peak_kib) // 1024)
"""


def test_memory_is_that_of_what_is_kept_and_not_of_the_file(tmp_path):
    """300 MB, most of it properties of an editor that are ignored; the whole text was held."""
    path = tmp_path / "large.geojson"
    padding = f', "description": "{"x" * 3_000_000}"'
    with path.open("w") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        for number in range(100):
            file.write(("," if number else "") + feature(f"f{number}", padding) + "\n")
        file.write("]}")
    assert path.stat().st_size > 300_000_000
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True
    )
    count, peak_mib = map(int, done.stdout.split())
    assert count == 100
    assert peak_mib < 150


def test_the_example_is_read_whole_by_the_byte(monkeypatch):
    path = Path("examples/europe-2021-12-17.geojson")
    whole = read(path)
    monkeypatch.setattr(_text, "_CHUNK", 11)
    assert read(path) == whole
