"""Every mutant still fits the source, and the laws notice a few of them within the suite."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import run
from trial import LAWS, TREATIES

from deploygeo.treaties import load

MUTANTS = {mutant.name: mutant for mutant in run.mutants()}

#: Some whose laws need no border data, so that they take seconds.
QUICK = ("strict for inclusive", "unknown and false is unknown", "sphere for ellipsoid")


def test_no_two_mutants_have_one_name():
    assert len(run.mutants()) == len(MUTANTS)
    assert len(MUTANTS) >= 40


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=lambda mutant: mutant.name)
def test_a_mutant_changes_one_place_of_the_source_and_still_compiles(mutant):
    text = run.applied(mutant)
    assert ast.dump(ast.parse(text)) != ast.dump(ast.parse((run.ROOT / mutant.file).read_text()))
    assert mutant.says.endswith(".")


def test_mutants_name_laws_and_clauses_that_there_are():
    clauses = {f"{t.id}/{clause.id}" for t in map(load, TREATIES) for clause in t.clauses}
    laws = {law.name for law in LAWS}
    assert all(mutant.laws for mutant in MUTANTS.values())
    assert {law for mutant in MUTANTS.values() for law in mutant.laws} <= laws
    assert {at for mutant in MUTANTS.values() for at in mutant.clauses} <= clauses


@pytest.mark.parametrize("name", QUICK)
def test_a_mutant_is_killed_by_a_law_that_it_names(name):
    found = run.killed(MUTANTS[name], only_expected=True)
    assert found.trial.split("[")[0] in MUTANTS[name].laws
    assert found.cases >= 1


def test_what_holds_without_a_mutant_kills_none():
    """Without a change every trial holds, so that a mutant that changes nothing survives."""
    same = run.Mutant("none", "", "deploygeo/errors.py", "__all__ = [", "__all__ = [", ("x",))
    fine = run.Mutant(**{**vars(same), "laws": ("truths-join-by-the-tables-of-kleene",)})
    found = run.killed(fine, only_expected=True)
    assert found.survives
    assert run.broken_anyway([found]) == frozenset()


def test_what_does_not_occur_once_is_told():
    lost = run.Mutant("lost", "", "deploygeo/errors.py", "no such text", "", ("x",))
    with pytest.raises(ValueError, match="lost: what it changes occurs 0 times"):
        run.applied(lost)


def test_a_law_that_does_not_exist_ends_the_run():
    same = run.Mutant("none", "", "deploygeo/errors.py", "__all__ = [", "__all__ = [", ("no-law",))
    with pytest.raises(RuntimeError, match="there is no law no-law"):
        run.killed(same)


def test_an_unknown_name_is_no_success():
    command = [sys.executable, "-m", "tests.mutation.run", "--only", "no such mutant"]
    done = subprocess.run(command, cwd=run.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "0 of 0" in done.stdout
