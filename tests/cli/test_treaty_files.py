"""What the command line says of a treaty file that is wrong: its faults, and exit code 2."""

import pytest

from deploygeo.cli import main

TREATY = """\
id = "t"
title = "T"
status = "draft"
source = "s"

[[clause]]
id = "1"
article = "1"
text = "t"
bearers = "everyone"
rule = "kind('submarine') and"
"""

SHIP = (
    '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [34, 43]}, "properties":'
    ' {"id": "a", "party": "USA", "kind": "submarine", "on": "2021-12-17"}}'
)


@pytest.fixture
def told(capfd, tmp_path, monkeypatch):
    """Run the command line in a folder with a treaty and a ship: (exit code, standard error)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "treaty.toml").write_text(TREATY)
    (tmp_path / "a.geojson").write_text(SHIP)

    def go(*args):
        with pytest.raises(SystemExit) as left:
            main(args)
        return left.value.code, capfd.readouterr().err

    return go


FAULT = (
    "treaty.toml:11:30: $.clause[0].rule: not an expression: invalid syntax\n"
    "rule = \"kind('submarine') and\"\n"
    "                             ^\n"
)


def test_lint_tells_line_and_column_and_points_there(told):
    assert told("treaty", "lint", "./treaty.toml") == (2, FAULT)


def test_a_check_against_a_treaty_with_a_fault_tells_it(told):
    assert told("check", "a.geojson", "-t", "treaty.toml") == (2, f"error: {FAULT}")


@pytest.mark.parametrize(
    "args", [("check", "a.geojson", "-t"), ("treaty", "lint"), ("treaty", "show")]
)
def test_a_treaty_file_that_is_not_there_is_no_unknown_id(told, args):
    """It was 'unknown treaty', with the ids that ship, in 2026."""
    code, err = told(*args, "nope.toml")
    assert code == 2
    assert err.removeprefix("error: ") == "nope.toml: there is no such file\n"


def test_lint_of_an_unknown_id_suggests_one(told):
    code, err = told("treaty", "lint", "us-rusia-2021")
    assert code == 2
    assert "did you mean 'us-russia-2021'" in err
