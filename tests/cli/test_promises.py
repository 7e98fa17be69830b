"""What a run does to the machine that it is on: nothing but reading its inputs and writing -o."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path("examples/europe-2021-12-17.geojson").resolve()

#: Runs a command, or code, and prints what it asked of the machine.
WATCHED = """
import json, os, sys
asked = []
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def hook(event, args):
    if event == "open":
        path, mode, flags = args
        if isinstance(path, int):
            return
        writes = flags & WRITING if isinstance(flags, int) else set(mode or "") & set("wax+")
        asked.append(["write" if writes else "read", os.path.abspath(os.fsdecode(path))])
    elif event.split(".")[0] in ("socket", "subprocess", "ftplib", "urllib", "http", "webbrowser"):
        asked.append([event, ""])
    elif event in ("os.system", "os.exec", "os.fork", "os.posix_spawn", "os.chdir"):
        asked.append([event, ""])
    elif event in ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link"):
        asked.append([event, os.path.abspath(os.fsdecode(args[0]))])

sys.addaudithook(hook)
try:
    exec(sys.argv[1])
finally:
    sys.stderr.write("ASKED" + json.dumps(asked))
"""
CHECK = "from deploygeo.cli import main; main({!r})"


def watched(code, folder, **environment):
    """Return what code asked of the machine, the reading of files left out."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, code],
        cwd=folder,
        env={**os.environ, "HOME": str(folder / "home"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    told, mark, asked = done.stderr.partition("ASKED")
    assert (told, mark) == ("", "ASKED"), done.stderr[-2000:]
    return [(what, path) for what, path in json.loads(asked) if what != "read"]


@pytest.mark.parametrize(
    "words",
    [
        ["check", str(EXAMPLE), "--fail-on", "never"],
        ["check", str(EXAMPLE), "-f", "json", "--fail-on", "never"],
        ["explain", "us-russia-2021/5.2"],
        ["treaty", "lint", "us-russia-2021"],
        ["distance", "34,43", "RUS"],
    ],
    ids=lambda words: " ".join(word for word in words[:2] if "/" not in word),
)
def test_a_command_asks_nothing_of_the_machine_but_its_input(tmp_path, words):
    assert watched(CHECK.format(words), tmp_path) == []


def test_a_report_is_written_beside_its_target_and_renamed(tmp_path):
    target = tmp_path / "report.json"
    words = ["check", str(EXAMPLE), "-f", "json", "-o", str(target), "--fail-on", "never"]
    asked = watched(CHECK.format(words), tmp_path)
    assert [what for what, _ in asked] == ["write", "os.rename"]
    assert {Path(path).parent for _, path in asked} == {tmp_path}
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


WITHIN = (
    "import numpy as np, deploygeo as dg\n"
    "from deploygeo.geodesy import decide\n"
    "decide.BUILD_FROM = 1_000  # half a million otherwise\n"
    "rng = np.random.default_rng(0)\n"
    "lon, lat = rng.uniform(-180, 180, 2_000), rng.uniform(-80, 80, 2_000)\n"
    "dg.within(lon, lat, dg.territory('LUX'), 500_000.0)\n"
)


def test_the_cache_is_where_it_is_named_and_may_be_switched_off(tmp_path):
    cache = tmp_path / "cache"
    written = watched(WITHIN, tmp_path, DEPLOYGEO_CACHE=str(cache))
    assert written
    assert all(Path(path).is_relative_to(cache) for _, path in written)
    assert any(cache.iterdir())
    assert watched(WITHIN, tmp_path, DEPLOYGEO_CACHE="off") == []


def test_proj_is_never_asked_to_use_the_network():
    from pyproj.network import is_network_enabled

    import deploygeo.geodesy  # noqa: F401

    assert not is_network_enabled()
