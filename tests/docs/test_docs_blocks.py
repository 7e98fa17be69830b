"""Every block of code in the documentation runs, and prints what the page says."""

import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXT = ROOT / "docs" / "_ext"
sys.path.insert(0, str(EXT))
runner = importlib.import_module("blocks")


@pytest.mark.parametrize("page", runner.pages(), ids=lambda path: path.stem)
def test_a_page_prints_what_it_says(page, tmp_path):
    assert list(runner.problems(page, tmp_path)) == []
