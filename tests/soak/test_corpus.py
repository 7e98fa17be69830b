"""What fuzzing left: no input raises, and what is good reads back equal."""

import base64
import importlib.util
import json
from pathlib import Path

import pytest

SPEC = importlib.util.spec_from_file_location("fuzz", Path(__file__).with_name("fuzz.py"))
fuzz = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(fuzz)


def kept(target):
    return [base64.b64decode(json.loads(row)) for row in fuzz.KEPT[target].read_text().splitlines()]


@pytest.fixture
def stdin(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)  # set back after the test


def test_the_corpora_are_there():
    assert len(kept("reader")) > 50
    assert len(kept("treaty")) > 30


def test_every_kept_input_is_read_or_refused_in_words(stdin):
    for content in kept("reader"):
        fuzz.check_reader(content)


def test_every_kept_treaty_is_loaded_or_refused_in_words(tmp_path):
    for content in kept("treaty"):
        fuzz.check_treaty(content, tmp_path)


@pytest.mark.parametrize("target", fuzz.KEPT)
def test_the_fuzzer_begins_with_what_is_good(target, stdin, tmp_path):
    """Seeds that all break at the first byte would lead nowhere."""
    seeds = fuzz.seeds(target)
    assert len(seeds) > 20
    if target == "treaty":
        fuzz.check_treaty(seeds[0], tmp_path)
    else:
        fuzz.check_reader(seeds[-1])
