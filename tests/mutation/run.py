"""Break the package in one way at a time, and see which law notices.

The ways are in ``mutants.toml``: each is what a hasty author would write, in one sentence, and a
change of one place of the source. A law that no mutant breaks proves little, and a mutant that
breaks no law is a law that is missing::

    python -m tests.mutation.run                      # all of them; make mutants
    python -m tests.mutation.run --only "sphere for ellipsoid" --examples 200 --seed 7

For each mutant the package is copied to a temporary folder, changed there, and the laws are tried
on the drafts that ship and on the fixtures of ``tests/treaties`` and of this folder, in a process
of its own, until one is broken: first those that the mutant names, on the clauses that it names.
In the end all trials that were broken are repeated on the package as it is, with the same seed,
where they must hold: a law that is broken anyway has not noticed anything. Cases are not made
small. It ends with 1 if a mutant survives.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Killed", "Mutant", "applied", "broken_anyway", "intact", "killed", "mutants"]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

#: Cases of each trial, and how many times as many of those that a mutant names.
EXAMPLES = 25
NAMED = 16


@dataclass(frozen=True)
class Mutant:
    """One wrong program.

    Parameters
    ----------
    name : str
    says : str
        What its author thought.
    file : str
        Relative to the root of the checkout.
    old, new : str
        Text that occurs in the file exactly once, and what stands there instead.
    laws : tuple of str
        Names of laws that should notice.
    clauses : tuple of str
        ``treaty/clause``, on which to try them first.
    """

    name: str
    says: str
    file: str
    old: str
    new: str
    laws: tuple[str, ...]
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Try:
    """Some laws on some clauses; none stands for all."""

    laws: tuple[str, ...]
    clauses: tuple[str, ...]
    examples: int


@dataclass(frozen=True)
class Killed:
    """How a mutant fared: the trial that it broke, or none."""

    mutant: Mutant
    seconds: float
    trial: str = ""
    treaty: str = ""
    cases: int = 0
    told: str = ""
    again: _Try | None = None

    @property
    def survives(self) -> bool:
        """Whether no law noticed."""
        return not self.trial


def mutants() -> tuple[Mutant, ...]:
    """Return all mutants, in the order of the file."""
    rows = tomllib.loads((HERE / "mutants.toml").read_text("utf-8"))["mutant"]
    return tuple(
        Mutant(
            **{
                key: tuple(value) if isinstance(value, list) else value
                for key, value in row.items()
            }
        )
        for row in rows
    )


def intact(folder: Path) -> None:
    """Copy the package to a folder, with the data that it looks for beside itself."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "deploygeo", folder / "deploygeo", ignore=ignored)
    (folder / "boundaries").symlink_to(ROOT / "boundaries", target_is_directory=True)


def applied(mutant: Mutant) -> str:
    """Return the text of the file of a mutant, changed.

    Raises
    ------
    ValueError
        If what it changes does not occur exactly once.
    """
    text = (ROOT / mutant.file).read_text("utf-8")
    count = text.count(mutant.old)
    if count != 1:
        raise ValueError(f"{mutant.name}: what it changes occurs {count} times in {mutant.file}")
    return text.replace(mutant.old, mutant.new)


def killed(
    mutant: Mutant, *, examples: int = EXAMPLES, seed: int = 0, only_expected: bool = False
) -> Killed:
    """Try the laws on a mutant until one is broken."""
    begun = time.monotonic()
    todo = [_Try(mutant.laws, mutant.clauses, NAMED * examples)]
    if not only_expected:
        todo += [_Try(mutant.laws, (), examples), _Try((), (), examples)]
    with tempfile.TemporaryDirectory() as name:
        intact(Path(name))
        (Path(name) / mutant.file).write_text(applied(mutant), encoding="utf-8")
        row = next(_tried(Path(name), todo, seed), None)
    took = time.monotonic() - begun
    if row is None:
        return Killed(mutant, took)
    # a few cases more, as what is drawn may depend on what was changed
    count = min(row["examples"], row["cases"] + 10)
    again = _Try((row["law"],), (row["at"],) if row["at"] else (), count)
    return Killed(mutant, took, row["trial"], row["treaty"], row["cases"], row["told"], again)


def broken_anyway(found: Sequence[Killed], *, seed: int = 0) -> frozenset[tuple[str, str]]:
    """Return the trials, by name and treaty, that are broken without any mutant too."""
    todo = dict.fromkeys(one.again for one in found if one.again is not None)
    with tempfile.TemporaryDirectory() as name:
        intact(Path(name))
        rows = list(_tried(Path(name), list(todo), seed))
    return frozenset((row["trial"], row["treaty"]) for row in rows)


def _tried(folder: Path, todo: Sequence[_Try], seed: int) -> Iterator[dict[str, Any]]:
    """Yield the trials that are broken in a folder, as they come; a crash breaks all laws."""
    asked = [
        {"laws": list(one.laws), "clauses": list(one.clauses), "examples": one.examples}
        for one in todo
    ]
    command = [sys.executable, str(HERE / "trial.py"), json.dumps(asked), str(seed)]
    paths = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            for line in process.stdout:
                if line.startswith("{"):
                    yield json.loads(line)
            if process.wait() != 0:
                told = process.stderr.read().strip().splitlines()
                raise RuntimeError(f"the trial in {folder} ended with: {told[-1:]}")
        finally:
            process.kill()


def _told(one: Killed) -> str:
    if one.survives:
        return f"SURVIVES  {one.mutant.name} ({one.seconds:.0f} s): {one.mutant.says}"
    named = "" if one.trial.split("[")[0] in one.mutant.laws else "  (not named)"
    where = f" on {one.treaty}" if "[" in one.trial else ""
    return (
        f"killed    {one.mutant.name}: {one.trial}{where}, case {one.cases},"
        f" {one.seconds:.0f} s{named}"
    )


def main() -> int:
    """Run all mutants, or the one that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", help="the name of one mutant, or a part of it")
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--expected", action="store_true", help="only the laws that are named")
    parser.add_argument("--told", action="store_true", help="show what the law says")
    given = parser.parse_args()
    chosen = [one for one in mutants() if given.only is None or given.only in one.name]
    begun = time.monotonic()
    found = []
    for mutant in chosen:
        one = killed(mutant, examples=given.examples, seed=given.seed, only_expected=given.expected)
        print(_told(one), flush=True)
        if given.told and one.told:
            print(f"          {one.told[:400]}", flush=True)
        found.append(one)
    survivors = sum(one.survives for one in found)
    for trial, treaty in sorted(broken_anyway(found, seed=given.seed)):
        hit = [one.mutant.name for one in found if (one.trial, one.treaty) == (trial, treaty)]
        print(f"BROKEN    without any mutant: {trial} on {treaty}, which killed {', '.join(hit)}")
        survivors += len(hit)
    took = (time.monotonic() - begun) / 60
    print(f"{len(chosen) - survivors} of {len(chosen)} mutants killed in {took:.1f} min")
    return int(survivors > 0 or not chosen)


if __name__ == "__main__":
    sys.exit(main())
