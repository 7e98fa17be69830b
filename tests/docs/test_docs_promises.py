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
    blocks = [block.splitlines() for block in PAGE.split("\n\n") if "\n: " in block]
    assert len(blocks) > 20
    wrong = [
        block[0]
        for block in blocks
        if not all(line.startswith((": `tests/", ": the law {doc}`/laws/")) for line in block[1:])
    ]
    assert wrong == []
