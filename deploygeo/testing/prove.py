"""Trying laws on a treaty: each on every clause that it speaks of, down to a smallest case."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.errors import HypothesisException, Unsatisfiable

from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.testing.law import Law, LawBrokenError, Situation
from deploygeo.testing.laws import LAWS
from deploygeo.treaties import Clause, Treaty, load

__all__ = ["EXAMPLES", "Outcome", "Proof", "Trial", "check_treaty", "trials", "tried"]

EXAMPLES: Final = 25
"""Cases a trial by default: some minutes for a treaty of twenty clauses."""

_MOST_EXAMPLES: Final = 10_000_000

Outcome = Literal["held", "broken", "exempt", "untried"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One law to be tried: on one clause of a treaty, or on deploygeo itself.

    Parameters
    ----------
    law : Law
    treaty : Treaty
    clause : Clause or None
    exempt : str
        Why the law says nothing about the clause; empty where it does.
    """

    law: Law
    treaty: Treaty
    clause: Clause | None = None
    exempt: str = ""

    @property
    def name(self) -> str:
        """The law, and the clause that it is tried on."""
        return self.law.name if self.clause is None else f"{self.law.name}[{self.clause.id}]"


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one trial.

    Parameters
    ----------
    trial : Trial
    outcome : {"held", "broken", "exempt", "untried"}
        A law that held did so in all cases tried, and no more is claimed. It is untried where no
        case was found, or no time was left.
    cases : int
        How many cases were tried; of a broken law, with those that were tried to make it small.
    why : str
        What was found where it is broken; else why it is exempt or untried.
    situations : tuple of Situation
        Where the law is broken, the smallest that were found to show it: one, or one before and
        one after a change.
    case : mapping
        Where the law is broken, the case by the keywords of the law.
    """

    trial: Trial
    outcome: Outcome
    cases: int = 0
    why: str = ""
    situations: tuple[Situation, ...] = ()
    case: dict[str, Any] = field(default_factory=dict, compare=False)


def check_treaty(
    treaty: str | Path | Treaty,
    *,
    laws: Iterable[Law | str] | None = None,
    clauses: Iterable[str] | None = None,
    examples: int = EXAMPLES,
    seed: int = 0,
    seconds: float | None = None,
    progress: Callable[[Proof], None] | None = None,
) -> tuple[Proof, ...]:
    """Try every law that applies on a treaty.

    Parameters
    ----------
    treaty : id, path or Treaty
    laws : iterable of Law or of names, optional
        All of `LAWS` by default.
    clauses : iterable of str, optional
        Ids of clauses; all that can be checked by default.
    examples : int
        Cases of each trial, unless one breaks the law.
    seed : int
        The same seed, versions and examples try the same cases.
    seconds : float, optional
        A budget for all trials, shared out evenly as they go; what it cuts off depends on the
        machine. A law that is broken gets the time to be made small.
    progress : callable, optional
        Is told each proof as it is there.

    Returns
    -------
    tuple of Proof
        In the order of laws, and of clauses within a law.

    Raises
    ------
    TreatyError, UnknownNameError
        If there is no such treaty, law or clause, or the treaty file is wrong.
    SettingError
        For a number of examples or seconds that is none.

    Examples
    --------
    >>> proofs = check_treaty("us-russia-2021", laws=["consent-only-excuses"], clauses=["5.2"],
    ...                       examples=5)
    >>> [(proof.outcome, proof.cases) for proof in proofs]
    [('held', 5)]
    >>> check_treaty("us-russia-2021", laws=[])
    ()
    """
    if isinstance(examples, bool) or not isinstance(examples, int) or examples < 1:
        raise SettingError(f"examples are a whole number from 1, not {examples!r}")
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise SettingError(f"a seed is a whole number, not {seed!r}")
    if seconds is not None and not 0 < seconds < float("inf"):
        raise SettingError(f"seconds are a number above 0, not {seconds!r}")
    todo = trials(treaty, laws=laws, clauses=clauses)
    until = None if seconds is None else time.monotonic() + seconds
    proofs = []
    for index, trial in enumerate(todo):
        end = None
        if until is not None:
            now = time.monotonic()
            end = now + (until - now) / (len(todo) - index)
        proof = tried(trial, examples=min(examples, _MOST_EXAMPLES), seed=seed, until=end)
        proofs.append(proof)
        if progress is not None:
            progress(proof)
    return tuple(proofs)


def trials(
    treaty: str | Path | Treaty,
    *,
    laws: Iterable[Law | str] | None = None,
    clauses: Iterable[str] | None = None,
) -> tuple[Trial, ...]:
    """Return what is to be tried on a treaty; parameters and errors are those of `check_treaty`.

    Examples
    --------
    >>> [trial.name for trial in trials("us-russia-2021", laws=["consent-only-excuses"])][:2]
    ['consent-only-excuses[3]', 'consent-only-excuses[4.1]']
    """
    loaded = treaty if isinstance(treaty, Treaty) else load(treaty)
    chosen = LAWS if laws is None else tuple(_law(law) for law in laws)
    checkable = [clause for clause in loaded.clauses if clause.check != "none"]
    if clauses is not None:
        checkable = [loaded.clause(name) for name in clauses]
        for clause in checkable:
            if clause.check == "none":
                raise SettingError(f"clause {clause.id} of {loaded.id} cannot be checked")
    return tuple(_trials(loaded, chosen, checkable))


def _trials(treaty: Treaty, laws: Iterable[Law], clauses: Iterable[Clause]) -> Iterator[Trial]:
    for law in laws:
        if law.about == "deploygeo":
            yield Trial(law, treaty)
            continue
        for clause in clauses:
            yield Trial(law, treaty, clause, law.exempt(treaty, clause))


def _law(law: Law | str) -> Law:
    if isinstance(law, Law):
        return law
    for known in LAWS:
        if known.name == law:
            return known
    raise UnknownNameError("law", law, [known.name for known in LAWS])


class _OutOfTimeError(Exception):
    """Ends the search for a case that breaks a law."""


def tried(
    trial: Trial, *, examples: int = EXAMPLES, seed: int = 0, until: float | None = None
) -> Proof:
    """Try one law on one clause.

    Parameters
    ----------
    trial : Trial
    examples, seed
        As for `check_treaty`.
    until : float, optional
        No new case is begun after this time of `time.monotonic`.

    Examples
    --------
    >>> trial = trials("us-russia-2021", laws=["consent-only-excuses"], clauses=["5.2"])[0]
    >>> tried(trial, examples=3).outcome
    'held'
    """
    if trial.exempt:
        return Proof(trial, "exempt", why=trial.exempt)
    cases: list[dict[str, Any]] = [{}]
    count = 0
    broken: Exception | None = None

    def run(**case: Any) -> None:
        nonlocal count, broken
        # once it is broken the time goes into making the case small
        if broken is None and until is not None and time.monotonic() > until:
            raise _OutOfTimeError
        count += 1
        cases[0] = case
        try:
            trial.law.holds(**case)
        except HypothesisException:
            raise
        except Exception as error:
            broken = error
            raise

    drawn = (
        trial.law.given() if trial.clause is None else trial.law.given(trial.treaty, trial.clause)
    )
    # each trial has cases of its own, and the same whichever trials go before it
    own = zlib.crc32(trial.name.encode())
    test = hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )(hypothesis.seed(seed + own)(hypothesis.given(**drawn)(run)))
    try:
        test()
    except _OutOfTimeError:
        if count == 0:
            return Proof(trial, "untried", why="no time was left")
    except Unsatisfiable:
        return Proof(trial, "untried", count, "no case that fits was found")
    except LawBrokenError as error:
        return Proof(trial, "broken", count, error.message, error.situations, cases[0])
    except Exception as error:
        if broken is None:
            raise
        told = f"{type(error).__name__}: {error}"
        return Proof(trial, "broken", count, told, _situations(cases[0]), cases[0])
    return Proof(trial, "held", count)


def _situations(case: dict[str, Any]) -> tuple[Situation, ...]:
    return tuple(value for value in case.values() if isinstance(value, Situation))
