"""A cell of text says one thing, or stays text for the check of its feature."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo.io.cells import KEYS, plain_cell, text_cell


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("range_km", "500", 500),
        ("range_km", " 500.5 ", 500.5),
        ("range_km", "1e-05", 1e-5),
        ("range_km", "500-1000", [500, 1000]),
        ("range_km", "500 – 1000.5", [500, 1000.5]),
        ("range_km", "[500, 1000]", [500, 1000]),
        ("range_km", "-5", -5),
        ("personnel", "1e-5-2e-5", [1e-5, 2e-5]),
        ("brigades", "3", 3),
        ("position_error_km", "0.5", 0.5),
        ("nuclear", "TRUE", True),
        ("holds", "false", False),
        ("with", "UKR", "UKR"),
        ("with", "UKR; POL", ["UKR", "POL"]),
        ("with", '["UKR"]', ["UKR"]),
        ("with", "['UKR', 'POL']", ["UKR", "POL"]),
        ("for", "a;b", ["a", "b"]),
        ("times", "2021-12-17T09:30:00Z", ["2021-12-17T09:30:00Z"]),
        ("contingents", "USA", [{"party": "USA"}]),
        (
            "contingents",
            "USA:500; DEU : 200-300",
            [{"party": "USA", "personnel": 500}, {"party": "DEU", "personnel": [200, 300]}],
        ),
        ("contingents", '[{"party": "USA"}]', [{"party": "USA"}]),
        ("name", "500-1000", "500-1000"),
        ("name", " a ", " a "),
        ("name", "", None),
        ("range_km", "  ", None),
    ],
)
def test_what_has_a_form_has_a_value(name, text, value):
    found = text_cell(name, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("range_km", "500 km"),
        ("range_km", "1_000"),
        ("range_km", "1,5"),
        ("range_km", "٥٠٠"),
        ("range_km", "nan"),
        ("range_km", "inf"),
        ("range_km", "0x10"),
        ("range_km", "500-"),
        ("range_km", "500-1000-2000"),
        ("range_km", "[500, NaN]"),
        ("range_km", "[500, 1000"),
        ("range_km", "[" * 50_000),
        ("range_km", "[__import__('os').getcwd()]"),
        ("range_km", "[9**9**9]"),
        ("range_km", "[" + "-" * 9_000 + "1]"),
        ("brigades", "three"),
        ("nuclear", "yes"),
        ("nuclear", "1"),
        ("contingents", "USA:many"),
        ("contingents", "USA:5:6"),
    ],
)
def test_what_has_no_form_stays_text(name, text):
    assert text_cell(name, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "[" + "4" * 32 + "°" + "4" * 8,
        "[" + "4" * 9_000 + "°",
        "['" + "a" * 9_000 + "\\",
        "[" + "'a'" * 3_000 + "x",
        "[" + "4.4e4" * 1_800 + "x",
        "[" + " " * 9_000 + "x",
        "[" + "-" * 9_000,
    ],
)
def test_a_list_that_is_none_is_told_apart_in_no_time(text):
    """Forty digits and a degree sign took 16 s: found by fuzzing in November 2026."""
    began = time.process_time()
    assert text_cell("with", text) == text
    assert text_cell("contingents", text[1:] * 10) is not None
    assert time.process_time() - began < 0.5


@settings(deadline=None)
@given(st.sampled_from(sorted(KEYS)), st.text() | st.text("0123456789-[]{};:'\"., eE+"))
def test_no_text_raises(name, text):
    assert text or text_cell(name, text) is None
    plain_cell(name, text)
    plain_cell(name, f"[{text}]")
