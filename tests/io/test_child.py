"""A reader that crashes, fills memory or hangs is one fault, and ends nothing but itself."""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from deploygeo.io import Limits, child, read
from deploygeo.io._limited import too_much_memory

KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark id="a"><ExtendedData>'
    '<Data name="party"><value>USA</value></Data><Data name="kind"><value>radar</value></Data>'
    "</ExtendedData><Point><coordinates>1,2</coordinates></Point></Placemark></kml>"
)
#: What the child is started with, up to where the reader begins.
BEGIN = (
    "import json, os, sys; asked = json.loads(sys.argv[1]); sys.path += asked['paths']\n"
    "from deploygeo.io import _limited\nfrom deploygeo.io.limits import Limits\n"
    "_limited.restrict(Limits(**asked['limits']))\n"
    "print(json.dumps({'feature': {'type': 'Feature', 'properties': {'id': 'first', "
    "'party': 'USA', 'kind': 'radar'}, 'geometry': {'type': 'Point', 'coordinates': [1, 2]}}}), "
    "flush=True)\n"
)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.kml"
    path.write_text(KML)
    return path


@pytest.fixture
def read_with(path, monkeypatch):
    def reader(code, **limits):
        monkeypatch.setattr(child, "_START", BEGIN + code)
        return read(path, limits=Limits(**limits))

    return reader


def test_a_file_is_read_in_another_process(path):
    reading = read(path)
    assert reading.faults == ()
    assert [one.id for one in reading.deployments] == ["a"]
    assert len(reading.sha256) == 64


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals")
def test_a_crash_is_one_fault_that_names_the_file_and_keeps_what_came_before(read_with, path):
    reading = read_with("import ctypes; ctypes.string_at(0)")
    assert [one.id for one in reading.deployments] == ["first"]
    assert [str(one) for one in reading.faults] == [
        f"{path}: the reader crashed on this file (SIGSEGV); it is damaged or hostile; what "
        "follows was not read"
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals")
def test_a_crash_of_c_plus_plus_says_what_it_said(read_with):
    reading = read_with("os.write(2, b'terminate: some\\x1b[2J reason\\n'); os.abort()")
    (fault,) = reading.faults
    assert "(SIGABRT): terminate: some\\x1b[2J reason; it is damaged" in fault.message


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits addresses")
def test_memory_is_limited(read_with):
    limits = Limits(memory=300 * 2**20)
    reading = read_with("b'x' * 400_000_000", memory=limits.memory)
    assert [one.message for one in reading.faults] == [
        f"{too_much_memory(limits)}; what follows was not read"
    ]
    reading = read_with("os.write(2, b'what():  std::bad_alloc\\n'); os.abort()")
    assert "more than 1 GiB of memory" in reading.faults[0].message


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limits")
def test_the_processors_time_is_limited(read_with):
    began = time.monotonic()
    reading = read_with("while True: pass", seconds=1)
    assert "takes more than 1 s to be read; raise the limit: --limit seconds=" in str(
        reading.faults[0]
    )
    assert time.monotonic() - began < 30


def test_a_silent_child_is_ended(read_with, monkeypatch):
    monkeypatch.setattr(child, "_GRACE_S", 1)
    reading = read_with("import time; time.sleep(60)", seconds=1)
    assert "takes more than 1 s" in reading.faults[0].message
    assert [one.id for one in reading.deployments] == ["first"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("sys.exit(3)", "did not come to an end (exit code 3)"),
        ("import no_such_module", "No module named 'no_such_module'"),
        ("print('{}')", "did not come to an end"),
        ("print('[' * 100_000)", "did not come to an end"),
        ("os.write(1, b'\\xff\\xfe')", "did not come to an end"),
        ("print('{\"end\"')", "did not come to an end"),
        ("print(json.dumps({'refused': 'no \\x1b[2J', 'line': 3}))", ":3: no \\x1b[2J"),
        ("os.write(1, b'x' * 2_000_000)", "one feature is longer than 1000000 characters"),
        ("[print('{\"warned\": \"' + 'x' * 900_000 + '\"}') for _ in range(9)]", "unpacked, the"),
        ("print(json.dumps({'told': [1], 'line': 'x', 'column': True}))", "a.kml: [1]"),
        ("os.write(2, b'y' * 5_000_000); print('{\"end\": true}')", None),
    ],
)
def test_what_the_child_says_is_not_trusted(read_with, code, words):
    reading = read_with(code, value=1_000_000, unpacked=5_000_000)
    assert [one.id for one in reading.deployments] == ["first"]
    if words is None:
        assert reading.faults == ()
    else:
        assert words in str(reading.faults[0])
        assert len(reading.faults) == 1 + ("told" in code)


@pytest.mark.parametrize("wrong", ["1", "[1]", "[[1, 2]]", "[[[1, {}], {}]]", "{}"])
@pytest.mark.parametrize("places", ["1", "{'geometry': 1}", "{'geometry': ['x', 2]}", "[]"])
def test_nothing_that_the_child_says_of_a_feature_raises(path, wrong, places):
    sink = child.Sink("f", Limits())
    said = {"feature": {"type": "Feature"}, "wrong": eval(wrong), "places": eval(places)}  # noqa: S307
    child._take(sink, {**said, "line": "7"})
    child._take(sink, {"warned": ["x"]})
    assert sink.faults
    assert all(str(one) for one in (*sink.faults, *sink.warnings))


def test_a_feature_of_the_child_is_checked_like_any_other(read_with):
    reading = read_with(
        "for row in ({'feature': []}, {'feature': {'type': 'Feature', 'properties': {'id': 'b', "
        "'party': 'US', 'kind': 'radar'}, 'geometry': {'type': 'Point', 'coordinates': "
        "[float('nan'), 2]}}, 'line': 7, 'places': {'properties/party': [8, 9]}}, {'end': True}): "
        "print(json.dumps(row))"
    )
    assert [(one.line, one.column) for one in reading.faults] == [(None, None), (8, 9), (7, None)]


def run_limited(code, limits=None):
    """Run code in a process that has given up what readers give up."""
    asked = json.dumps({"limits": asdict(limits or Limits())})
    start = (
        "import json, os, sys\nfrom deploygeo.io import _limited\n"
        f"from deploygeo.io.limits import Limits\nasked = json.loads({asked!r})\n"
        "_limited.restrict(Limits(**asked['limits']))\n_limited._forbid()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", start + code], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "import subprocess; subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
        "os.remove(sys.argv[0])",
        "open('written.txt', 'w')",
        "os.open('written.txt', os.O_WRONLY | os.O_CREAT)",
        "import ctypes; ctypes.CDLL(None)",
    ],
)
def test_a_reader_cannot_reach_out(code, tmp_path):
    found = run_limited(f"os.chdir({str(tmp_path)!r})\n{code}")
    assert "PermissionError: a reader does not" in found.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limits")
def test_the_limits_of_the_system_are_set():
    found = run_limited(
        "import resource as r\n"
        "print([r.getrlimit(k) for k in (r.RLIMIT_CORE, r.RLIMIT_FSIZE, r.RLIMIT_CPU)],"
        "r.getrlimit(r.RLIMIT_NOFILE)[0])",
        Limits(seconds=7),
    )
    assert found.stdout == "[(0, 0), (0, 0), (7, 8)] 64\n"


def test_the_child_sees_no_variables_of_the_user(path, monkeypatch, tmp_path):
    """A module in a folder that PYTHONPATH or the caller's folder adds does not replace json."""
    (tmp_path / "json.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert read(path).faults == ()


@pytest.mark.parametrize(
    "name",
    [
        "https://example.org/a.gpkg",
        "/vsicurl/http://example.org/a.kml",
        "/vsizip/a.zip/a.gpkg",
        "PG:dbname=x.gpkg",
        "memory://a.parquet",
        "https://example.org/a.geojson",
        "https://example.org/a.csv",
    ],
)
def test_an_address_is_no_file(name):
    (fault,) = read(name).faults
    told = "this is an address; load the file first" if "://" in name else "no such file"
    assert told in fault.message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_and_devices_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "p.gpkg")
    (tmp_path / "null.kml").symlink_to("/dev/zero")
    for name in ("p.gpkg", "null.kml"):
        (fault,) = read(tmp_path / name).faults
        assert "this is a pipe or a device" in fault.message


def test_a_link_to_a_file_is_read_and_one_to_nothing_is_told(path, tmp_path):
    (tmp_path / "l.kml").symlink_to(path)
    (tmp_path / "n.kml").symlink_to(tmp_path / "none")
    assert read(tmp_path / "l.kml").faults == ()
    assert read(tmp_path / "n.kml").faults[0].message == "there is no such file"


def test_folders_empty_and_large_files_are_told(tmp_path, path):
    (tmp_path / "d.gpkg").mkdir()
    (tmp_path / "e.parquet").write_bytes(b"")
    assert "folder" in read(tmp_path / "d.gpkg").faults[0].message
    assert "empty" in read(tmp_path / "e.parquet").faults[0].message
    fault = read(path, limits=Limits(bytes=100)).faults[0]
    assert "larger than 100 bytes" in fault.message


def test_a_file_that_changes_while_it_is_read_is_told(read_with, path):
    code = f"time = __import__('time'); time.sleep(0.1); os.utime({str(path)!r}, (1, 1)); "
    reading = read_with(code + "print('{\"end\": true}')")
    assert "the file changed while it was read" in reading.faults[0].message


def test_names_of_any_letters_are_read(tmp_path):
    for name in ("ä 'b\" %41?#;.kml", "-x.kml", "a\nb.kml"):
        path = tmp_path / name
        path.write_text(KML)
        assert [one.id for one in read(path).deployments] == ["a"]
        assert Path(path).exists()


@pytest.mark.parametrize("suffix", [".geojson", ".csv", ".kml", ".gpkg", ".parquet", ".arrow"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x1f\x8b\x08\x00", "this is gzip"),
        (b"\x00\x00\x27\x0a" + bytes(60), "this is a shapefile"),
        (b"fgb\x03fgb\x01", "this is FlatGeobuf"),
        (b"\x89PNG\r\n", "this is a picture"),
    ],
)
def test_what_another_program_writes_is_named_under_any_suffix(tmp_path, suffix, content, words):
    """A shapefile was UTF-16, and Feather eleven bytes that are not UTF-8."""
    path = tmp_path / f"f{suffix}"
    path.write_bytes(content)
    (fault,) = read(path).faults
    assert words in fault.message


@pytest.mark.parametrize(
    ("suffix", "content", "words"),
    [
        (".geojson", b"ARROW1\x00\x00", "name it .arrow"),
        (".kml", b"PAR1", "name it .parquet"),
        (".gpkg", b" [1]", "name it .geojson"),
        (".arrow", b"\xef\xbb\xbf<kml/>", "name KML .kml"),
        (".parquet", b"SQLite format 3\x00", "name it .gpkg"),
    ],
)
def test_the_right_suffix_is_told(tmp_path, suffix, content, words):
    path = tmp_path / f"f{suffix}"
    path.write_bytes(content)
    (fault,) = read(path).faults
    assert words in fault.message
