"""Try laws in this process until one is broken: the part of `run` that sees the broken package.

Takes what to try as JSON, and a seed; prints one line of JSON for every trial that is broken.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.errors import Unsatisfiable

import deploygeo
from deploygeo.testing import LAWS
from deploygeo.testing.prove import Trial, trials

HERE = Path(__file__).resolve().parent
TREATIES = (
    "us-russia-2021",
    "nato-russia-2021",
    HERE.parent / "treaties" / "inf-1987",
    HERE.parent / "treaties" / "korea-2018",
    HERE / "breadth",
)


def asked(laws: Sequence[str], clauses: Sequence[str]) -> Iterator[Trial]:
    """Yield the trials of some laws on some clauses, or of all on all."""
    known = {law.name: law for law in LAWS}
    missing = sorted(set(laws) - set(known))
    if missing:
        raise SystemExit(f"there is no law {', '.join(missing)}")
    chosen = [known[name] for name in laws] if laws else list(LAWS)
    for law in chosen:
        # what says nothing of a treaty is tried once; a broken package may read no other
        for treaty in TREATIES if law.about == "clause" else TREATIES[:1]:
            for trial in trials(treaty, laws=[law]):
                if not trial.exempt and (not clauses or _at(trial) in ("", *clauses)):
                    yield trial


def _at(trial: Trial) -> str:
    return "" if trial.clause is None else f"{trial.treaty.id}/{trial.clause.id}"


def broken(trial: Trial, examples: int, seed: int) -> tuple[int, str] | None:
    """Return how many cases a law needed to be broken, and what it said; None where it held."""
    cases = 0

    def run(**case: Any) -> None:
        nonlocal cases
        cases += 1
        trial.law.holds(**case)

    drawn = (
        trial.law.given() if trial.clause is None else trial.law.given(trial.treaty, trial.clause)
    )
    test = hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )(hypothesis.seed(seed + zlib.crc32(trial.name.encode()))(hypothesis.given(**drawn)(run)))
    try:
        test()
    except Unsatisfiable:
        return None
    except Exception as error:
        return cases, f"{type(error).__name__}: {error}".splitlines()[0]
    return None


def main() -> None:
    """Try what is asked for, and print what is broken."""
    if Path(deploygeo.__file__).resolve().parents[1] != Path.cwd().resolve():
        raise SystemExit(f"this is the package of {deploygeo.__file__}, and not that of here")
    seed = int(sys.argv[2])
    for row in json.loads(sys.argv[1]):
        for trial in asked(row["laws"], row["clauses"]):
            found = broken(trial, row["examples"], seed)
            if found is not None:
                told = {
                    "law": trial.law.name,
                    "trial": trial.name,
                    "treaty": trial.treaty.id,
                    "at": _at(trial),
                    "examples": row["examples"],
                    "cases": found[0],
                    "told": found[1],
                }
                print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
