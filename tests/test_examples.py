"""The numbered examples and the README say what they print, and print what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
SCRIPTS = sorted(EXAMPLES.glob("0*.py"))
# A python block and the text block that follows it with nothing but blank lines between.
BLOCKS = re.compile(r"^```python\n(.*?)^```\n+(?:^```text\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)
TIMEOUT_S = 120


def run(*arguments: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, *(str(part) for part in arguments)],
        cwd=cwd,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def blocks() -> list[tuple[str, str]]:
    return BLOCKS.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def test_every_example_has_an_expected_output_and_none_is_left_over():
    written = {path.stem for path in (EXAMPLES / "expected").glob("*.txt")}
    assert written == {path.stem for path in SCRIPTS}
    assert len(SCRIPTS) >= 4


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_an_example_prints_what_is_expected(script, tmp_path):
    expected = (EXAMPLES / "expected" / f"{script.stem}.txt").read_text(encoding="utf-8")
    assert expected == run(script, cwd=tmp_path)


def test_the_readme_has_python_with_output():
    assert blocks()
    assert all(output for _, output in blocks())


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block[0].splitlines()[0])
def test_the_readme_prints_what_it_says(block, tmp_path):
    code, expected = block
    assert expected == run("-c", code, cwd=tmp_path)


def test_the_example_file_is_what_its_table_gives(tmp_path):
    assert run(EXAMPLES / "build_europe.py", "--check", cwd=tmp_path) == ""


def test_the_readme_names_only_commands_that_exist():
    """A command that was renamed once stays in the README for years."""
    from deploygeo.cli.app import COMMANDS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shell = "".join(re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    named = set(re.findall(r"^deploygeo ([a-z]+)", shell, re.MULTILINE))
    assert named <= set(COMMANDS)
    assert "check" in named
