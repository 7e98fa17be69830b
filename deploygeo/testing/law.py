"""What a law is: a documented claim, the cases to try it on, and what breaks it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from hypothesis.strategies import SearchStrategy

from deploygeo import checker
from deploygeo.checker import Report, Settings
from deploygeo.checker.command import check_command
from deploygeo.checker.verdicts import Verdict, verdicts
from deploygeo.io import to_features
from deploygeo.model import Deployment, Record
from deploygeo.treaties import Clause, Treaty

__all__ = ["Law", "LawBrokenError", "Situation", "require"]

Given = Callable[..., Mapping[str, SearchStrategy[Any]]]


@dataclass(frozen=True)
class Situation:
    """Deployments and records under a treaty, with the choices of a run: what a check is given.

    Parameters
    ----------
    treaty : Treaty
    things : tuple of Deployment and Record
    clause : str or None
        The clause in question; None for all.
    settings : Settings
        Worldview, readings, parameters, day, entry into force, border data.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> at_sea = Situation(load("us-russia-2021"), (ship,), "5.2")
    >>> [verdict.verdict for verdict in at_sea.verdicts()]
    ['violation']
    >>> at_sea.under(worldview="russia").settings.worldview
    'russia'
    >>> print(at_sea.command("counterexample.geojson"))
    deploygeo check counterexample.geojson -t us-russia-2021
    >>> at_sea.with_things(()).verdicts()
    ()
    """

    treaty: Treaty
    things: tuple[Deployment | Record, ...]
    clause: str | None = None
    settings: Settings = field(default_factory=Settings)

    def under(self, **choices: Any) -> Situation:
        """Return the situation under other choices, by the names of `Settings`."""
        return replace(self, settings=replace(self.settings, **choices))

    def with_things(self, things: tuple[Deployment | Record, ...]) -> Situation:
        """Return the situation with other deployments and records."""
        return replace(self, things=things)

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the verdicts, in the order of clauses and of the file."""
        clauses = None if self.clause is None else (self.clause,)
        return verdicts(self.things, self.treaty, clauses, self.settings)

    def report(self) -> Report:
        """Return the report of a check, of the clause in question alone where there is one."""
        treaty = self.treaty
        if self.clause is not None:
            treaty = replace(treaty, clauses=(treaty.clause(self.clause),))
        chosen = self.settings
        return checker.check(
            list(self.things),
            treaty,
            on=chosen.on,
            worldview=chosen.worldview,
            readings=chosen.readings,
            params=chosen.params,
            in_force=chosen.in_force,
            level=chosen.level,
        )

    def geojson(self) -> str:
        """Return the deployments and records as a file that ``deploygeo check`` reads."""
        collection = to_features(self.things)
        rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in collection["features"])
        return f'{{"type": "FeatureCollection", "features": [\n{rows}\n]}}\n'

    def command(self, file: str, treaty: str | None = None) -> str:
        """Return the command that checks such a file in the same way.

        Parameters
        ----------
        file : str
        treaty : str, optional
            The id or file of the treaty, where it is not its id.
        """
        return check_command(file, [treaty or self.treaty.id], self.settings)

    def __repr__(self) -> str:
        """Return what a failing test prints: the file in one line, and the command."""
        told = " ".join(self.geojson().split("\n")).strip()
        return f"Situation({self.command('-')} <<< {told})"


class LawBrokenError(AssertionError):
    """A law does not hold in a case.

    Parameters
    ----------
    message : str
        What was expected and what was found.
    situations : Situation
        One or two that show it.

    Examples
    --------
    >>> str(LawBrokenError("1 is not 2"))
    '1 is not 2'
    """

    def __init__(self, message: str, *situations: Situation) -> None:
        super().__init__(message)
        self.message = message
        self.situations = situations


def require(holds: bool, message: str, *situations: Situation) -> None:
    """Raise a `LawBrokenError` unless something holds.

    Parameters
    ----------
    holds : bool
    message : str
    situations : Situation
        What shows that it does not hold.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> require(1 < 2, "1 is less than 2")
    >>> require(bool([]), "there is something")
    Traceback (most recent call last):
    ...
    deploygeo.testing.law.LawBrokenError: there is something
    """
    if not holds:
        raise LawBrokenError(message, *situations)


@dataclass(frozen=True)
class Law:
    """One law: the function that states it, and the cases to try it on.

    Parameters
    ----------
    holds : callable
        Takes one case as keywords and raises `LawBrokenError` where the law is broken. Its
        docstring has the statement in one sentence, then a paragraph that begins ``Reason:``
        and one that begins ``Counterexample:``.
    given : callable
        Returns a strategy for each keyword of `holds`: without arguments for a law about
        deploygeo itself, and from a treaty and a clause for a law about a clause.
    about : {"deploygeo", "clause"}
        Whether it is tried once, or for each clause of a treaty.
    exempt : callable
        Returns why the law says nothing about a clause of a treaty; empty where it does.

    Examples
    --------
    >>> from deploygeo.testing.laws import LAWS
    >>> law = next(law for law in LAWS if law.name == "consent-only-excuses")
    >>> law.statement
    'More consent never makes a breach.'
    >>> bool(law.reason and law.counterexample)
    True
    """

    holds: Callable[..., None]
    given: Given
    about: Literal["deploygeo", "clause"] = "deploygeo"
    exempt: Callable[[Treaty, Clause], str] = field(default=lambda treaty, clause: "")

    @property
    def name(self) -> str:
        """The name of its function, with hyphens."""
        return self.holds.__name__.replace("_", "-")

    @property
    def statement(self) -> str:
        """The law in one sentence."""
        return self._paragraphs[0]

    @property
    def reason(self) -> str:
        """Why it holds."""
        return self._after("Reason: ")

    @property
    def counterexample(self) -> str:
        """What a wrong implementation would give."""
        return self._after("Counterexample: ")

    @property
    def _paragraphs(self) -> list[str]:
        text = inspect.getdoc(self.holds) or ""
        return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]

    def _after(self, head: str) -> str:
        found = [text for text in self._paragraphs if text.startswith(head)]
        return found[0].removeprefix(head) if found else ""

    def __repr__(self) -> str:
        return f"Law({self.name!r})"
