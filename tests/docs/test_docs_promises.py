"""The page of promises names tests that exist, and holds one for each."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/reference/promises.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_every_test_of_the_page_is_there():
    missing = []
    for path, name in NAMED:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        if name not in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}:
            missing.append(f"{path}::{name}")
    assert missing == []


def test_every_promise_has_a_test_or_a_law():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    rows = [row for row in rows if not row.startswith(("| promise", "| ---"))]
    assert len(rows) > 20
    assert [row for row in rows if "::test_" not in row and "{doc}" not in row] == []
