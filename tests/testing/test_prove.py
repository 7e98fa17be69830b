"""Trying laws on a treaty: outcomes, seeds, budgets, counterexamples that a check reproduces."""

import json
import shlex
import time

import pytest
from hypothesis import strategies as st

from deploygeo.cli import main
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.model import Deployment
from deploygeo.testing import LAWS, Law, Situation, check_treaty, require
from deploygeo.testing.laws.situations import situations
from deploygeo.testing.prove import tried
from deploygeo.testing.telling import summary, told, written
from deploygeo.treaties import load

US = load("us-russia-2021")


def no_ship_is_near(situation: Situation) -> None:
    """No ship in the file breaches the clause.

    Reason: none; the law is wrong on purpose.

    Counterexample: any ship in the Black Sea.
    """
    found = [item for item in situation.verdicts() if item.verdict == "violation"]
    require(not found, f"{len(found)} violations", situation)


def ends_in_an_error(number: int) -> None:
    """No number is above 5.

    Reason: none.

    Counterexample: 6.
    """
    if number > 5:
        raise ZeroDivisionError(f"{number} is above 5")


def sleeps(number: int) -> None:
    """Time passes.

    Reason: it does.

    Counterexample: a clock that stands still.
    """
    time.sleep(0.02)


NEAR = Law(no_ship_is_near, lambda t, c: {"situation": situations(t, c)}, "clause")
ERROR = Law(ends_in_an_error, lambda: {"number": st.integers(0, 100)})
SLOW = Law(sleeps, lambda: {"number": st.integers(0, 10**9)})
NEVER = Law(ends_in_an_error, lambda: {"number": st.integers(0, 9).filter(lambda n: n > 9)})


def broken(examples=60):
    return check_treaty(US, laws=[NEAR], clauses=["5.2"], examples=examples)[0]


def test_a_broken_law_comes_with_a_smallest_case():
    proof = broken()
    assert proof.outcome == "broken"
    assert proof.why == "1 violations"
    (situation,) = proof.situations
    (thing,) = situation.things
    assert isinstance(thing, Deployment)
    assert (thing.name, thing.notes, thing.source) == (thing.id, None, None)
    assert dict(situation.settings.readings) == {}
    assert situation.settings.worldview == "un"


def test_the_same_seed_finds_the_same_case():
    assert broken().situations == broken().situations


def test_another_seed_tries_other_cases():
    seen = []

    def looks(situation: Situation) -> None:
        """Look."""
        seen.append(situation.geojson())

    law = Law(looks, lambda t, c: {"situation": situations(t, c)}, "clause")
    for seed in (0, 0, 1):
        check_treaty(US, laws=[law], clauses=["5.2"], examples=4, seed=seed)
    third = len(seen) // 3
    assert seen[:third] == seen[third : 2 * third]
    assert seen[:third] != seen[2 * third :]


def test_an_error_of_any_kind_breaks_a_law():
    (proof,) = check_treaty(US, laws=[ERROR])
    assert (proof.outcome, proof.why) == ("broken", "ZeroDivisionError: 6 is above 5")
    assert proof.case == {"number": 6}
    assert "number = 6" in told(proof)


def test_a_law_without_a_case_that_fits_is_untried():
    (proof,) = check_treaty(US, laws=[NEVER])
    assert (proof.outcome, proof.why) == ("untried", "no case that fits was found")


def test_a_budget_of_time_ends_the_search():
    start = time.monotonic()
    proofs = check_treaty(US, laws=[SLOW, SLOW], examples=100_000, seconds=0.5)
    assert [proof.outcome for proof in proofs] == ["held", "held"]
    assert time.monotonic() - start < 5.0
    assert all(0 < proof.cases < 1_000 for proof in proofs)


def test_what_has_no_time_left_is_untried_and_said_so():
    proofs = check_treaty(US, laws=[SLOW, SLOW], examples=5, seconds=1e-9)
    assert {(proof.outcome, proof.why) for proof in proofs} == {("untried", "no time was left")}
    assert "0 laws held, 0 broken, 1 not tried" in summary(proofs)


def test_an_exempt_clause_says_why():
    proofs = check_treaty(US, laws=["more-reach-never-fewer-violations"], clauses=["7.1"])
    assert [(proof.outcome, proof.why) for proof in proofs] == [("exempt", "it asks for no range")]


@pytest.mark.parametrize(
    ("choice", "error", "match"),
    [
        ({"examples": 0}, SettingError, "whole number from 1, not 0"),
        ({"examples": True}, SettingError, "not True"),
        ({"seed": "x"}, SettingError, "whole number, not 'x'"),
        ({"seconds": -1}, SettingError, "above 0, not -1"),
        ({"seconds": float("nan")}, SettingError, "above 0, not nan"),
        ({"laws": ["consent-only-excuse"]}, UnknownNameError, "did you mean 'consent-only-ex"),
        ({"clauses": ["5.9"]}, UnknownNameError, "unknown clause of us-russia-2021"),
        ({"clauses": ["1"]}, SettingError, "clause 1 of us-russia-2021 cannot be checked"),
    ],
)
def test_wrong_choices_are_refused(choice, error, match):
    with pytest.raises(error, match=match):
        check_treaty(US, **choice)


def test_a_counterexample_is_a_file_that_a_check_reproduces(tmp_path, capsys):
    proof = broken()
    files = written(proof, tmp_path / "found")
    (path,) = files.values()
    assert path.endswith("no-ship-is-near-5.2.geojson")
    words = shlex.split(proof.situations[0].command(path))
    assert words[:2] == ["deploygeo", "check"]
    with pytest.raises(SystemExit) as ended:
        main([*words[1:], "-f", "json"])
    assert ended.value.code == 1
    report = json.loads(capsys.readouterr().out)
    expected = {item.id: item.verdict for item in proof.situations[0].verdicts()}
    found = {row["id"]: row["verdict"] for row in report["findings"] if row["id"] in expected}
    assert found == expected


def test_the_command_holds_every_choice():
    situation = Situation(US, ()).under(
        worldview="russia",
        readings={"reach": "class"},
        params={"stay_days": 0.1, "deadline_days": 30},
        level="ne10",
    )
    assert situation.command("a b.geojson", "my/treaty.toml") == (
        "deploygeo check 'a b.geojson' -t my/treaty.toml --worldview russia --reading reach=class"
        " --param deadline_days=30 --param stay_days=0.1 --borders ne10"
    )


# -- the command


def run(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main(["treaty", "prove", *words])
    captured = capsys.readouterr()
    return ended.value.code, captured.out, captured.err


def test_prove_tells_which_laws_held(capsys, tmp_path):
    words = ("--law", "consent-only-excuses", "--clause", "5.2", "--examples", "3")
    code, out, err = run(capsys, "us-russia-2021", *words, "-o", str(tmp_path))
    assert (code, err) == (0, "")
    assert out == (
        "us-russia-2021: seed 0, 3 cases each\n"
        "held    consent-only-excuses: 1 clause, 3 cases\n"
        "1 law held, 0 broken, 0 not tried; 3 cases\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_prove_writes_what_breaks_a_law(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("deploygeo.testing.prove.LAWS", (*LAWS, NEAR))
    words = ("--law", NEAR.name, "--clause", "5.2", "--examples", "60", "-o", str(tmp_path))
    code, out, _ = run(capsys, "us-russia-2021", *words)
    assert code == 1
    assert "broken  no-ship-is-near: 1 clause" in out
    (path,) = tmp_path.iterdir()
    assert f"deploygeo check {path} -t us-russia-2021" in out
    assert "5.2@d0: violation" in out


@pytest.mark.parametrize(
    ("words", "told_"),
    [
        (["no-such"], "unknown treaty 'no-such'"),
        (["us-russia-2021", "--law", "x"], "unknown law 'x'"),
        (["us-russia-2021", "--clause", "1"], "cannot be checked"),
        (["us-russia-2021", "--seconds", "nan"], "above 0, not nan"),
        (["us-russia-2021", "--examples", "0"], "0 is not in the range"),
    ],
)
def test_prove_refuses_what_is_wrong(capsys, words, told_):
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert told_ in err


def test_a_folder_that_cannot_be_written_is_refused_before_the_work(capsys, tmp_path, monkeypatch):
    """It was refused after the last law, and what minutes had found was lost."""
    monkeypatch.setattr("deploygeo.testing.prove.tried", None)
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in ("file", "file/below"):
        code, out, err = run(capsys, "us-russia-2021", "-o", str(tmp_path / folder))
        assert (code, out) == (2, "")
        assert "file is no folder; name a folder with -o" in err


def test_what_was_found_is_told_where_its_files_cannot_be_written(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("deploygeo.testing.prove.LAWS", (*LAWS, NEAR))
    monkeypatch.setattr("deploygeo.cli.output.check_folder", lambda output: None)
    (tmp_path / "file").write_text("", encoding="utf-8")
    words = ("--law", NEAR.name, "--clause", "5.2", "--examples", "60")
    code, out, err = run(capsys, "us-russia-2021", *words, "-o", str(tmp_path / "file"))
    assert code == 2
    assert "broken  no-ship-is-near: 1 clause" in out
    assert '{"type": "FeatureCollection"' in out
    assert "cannot write to" in err


def test_a_treaty_with_nothing_to_try_is_refused(capsys, tmp_path):
    """All of no laws held, and a treaty that no machine can check passed."""
    text = US.folder.joinpath("treaty.toml").read_text(encoding="utf-8")
    (tmp_path / "treaty.toml").write_text(
        text.split("[[parameter]]")[0]
        + '[[clause]]\nid = "1"\narticle = "1"\ntext = "t"\ncheck = "none"\nwhy = "intent"\n',
        encoding="utf-8",
    )
    code, out, err = run(capsys, str(tmp_path), "--law", "consent-only-excuses")
    assert (code, out) == (2, "")
    assert "has no clause that can be checked" in err


def test_what_is_named_twice_is_tried_once(capsys):
    twice = ("--law", "consent-only-excuses", "--clause", "5.2") * 2
    code, out, _ = run(capsys, "us-russia-2021", *twice, "--examples", "2")
    assert code == 0
    assert "consent-only-excuses: 1 clause, 2 cases" in out


def test_prove_lists_its_laws(capsys):
    """Only the report named them, after minutes."""
    code, out, err = run(capsys, "--list-laws")
    assert (code, err) == (0, "")
    rows = out.splitlines()
    assert rows[::2] == [law.name for law in LAWS]
    assert rows[1::2] == [f"    {law.statement}" for law in LAWS]


def test_what_was_proved_before_an_interrupt_is_told(capsys, monkeypatch):
    def stopped(trial, **_):
        if trial.clause.id == "5.2":
            raise KeyboardInterrupt
        return real(trial, examples=2)

    real = tried
    monkeypatch.setattr("deploygeo.testing.prove.tried", stopped)
    words = ("--law", "consent-only-excuses", "--clause", "5.1", "--clause", "5.2")
    code, out, err = run(capsys, "us-russia-2021", *words)
    assert code == 130
    assert "held    consent-only-excuses: 1 clause, 2 cases" in out
    assert err == "error: interrupted after 1 of 2 trials\n"


def test_a_budget_in_which_no_case_was_tried_proves_nothing(capsys):
    """All of no laws held, and it ended with 0."""
    words = ("--law", "consent-only-excuses", "--clause", "5.2", "--seconds", "1e-9")
    code, out, err = run(capsys, "us-russia-2021", *words)
    assert code == 2
    assert "untried consent-only-excuses" in out
    assert err == ("error: no case was tried in that time: give more --seconds, or fewer laws\n")


def test_prove_says_what_to_install_where_hypothesis_is_missing(capsys, monkeypatch):
    import sys

    for name in [name for name in sys.modules if name.startswith("deploygeo.testing.prove")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    code, _, err = run(capsys, "us-russia-2021")
    assert code == 2
    assert "pip install 'deploygeo[testing]'" in err
