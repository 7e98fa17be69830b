"""What a search or a proof tells: advice about one treaty, each with a deployment that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from deploygeo.checker.findings import Settings
from deploygeo.consistency.situations import Situation

__all__ = ["CODES", "Advice", "Certainty", "Code", "DeepLint", "Outcome", "smallest"]

Certainty: TypeAlias = Literal["proved", "searched"]
Code: TypeAlias = Literal[
    "never-violated",
    "undecided",
    "always-violated",
    "redundant",
    "conflict",
    "swallowed",
    "gap",
    "overlap",
    "unused",
]

CODES: Final[Mapping[Code, str]] = {
    "never-violated": "no deployment violates the clause",
    "undecided": "no deployment violates the clause while something is left open",
    "always-violated": "every deployment to which the clause applies violates it",
    "redundant": "whatever violates the clause violates another one too",
    "conflict": "no deployment obeys both clauses",
    "swallowed": "every breach of the clause is excused",
    "gap": "a value between two classes is in neither",
    "overlap": "a value between two classes is in both",
    "unused": "nothing in the treaty uses it",
}
"""What deep lint looks for, the gravest first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a clause says of a witness."""

    treaty: str
    clause: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing about a treaty that its author may not have meant.

    Parameters
    ----------
    code : str
        One of `CODES`.
    clauses : tuple of str
        The clauses that it is about, the one to look at first.
    text : str
        A sentence.
    certainty : {"proved", "searched"}
        Proved from the expressions, under the settings and on the day; or that a search found
        nothing else.
    tried : int
        Of a search: the candidates that had the chance to show something else.
    witness : Situation or None
        The smallest deployment found that shows it.
    outcomes : tuple of Outcome
        What the clauses say of the witness.

    Examples
    --------
    >>> print(Advice("unused", (), "no clause uses the parameter 'x'", "proved"))
    unused: no clause uses the parameter 'x' (proved)
    """

    code: Code
    clauses: tuple[str, ...]
    text: str
    certainty: Certainty
    tried: int = 0
    witness: Situation | None = None
    outcomes: tuple[Outcome, ...] = ()

    def __str__(self) -> str:
        where = f"{', '.join(self.clauses)}: " if self.clauses else ""
        sure = "proved" if self.certainty == "proved" else f"searched, {self.tried} candidates"
        return f"{self.code}: {where}{self.text} ({sure})"


@dataclass(frozen=True, slots=True)
class DeepLint:
    """What a deep lint of one treaty found.

    Parameters
    ----------
    treaty : str
        Its id.
    settings : Settings
        The choices under which it holds.
    on : date
        The day for which dated sets were taken.
    advice : tuple of Advice
        The gravest first, then in the order of the clauses.
    clauses : tuple of str
        Those that were looked at.
    not_checkable : tuple of str
        Those that were not, since no machine can check them.
    candidates : int
        Deployments and records that were tried.
    as_if : bool
        The treaty is a draft.
    """

    treaty: str
    settings: Settings
    on: date
    advice: tuple[Advice, ...] = ()
    clauses: tuple[str, ...] = ()
    not_checkable: tuple[str, ...] = ()
    candidates: int = 0
    as_if: bool = True

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not self.advice


def smallest(situation: Situation, shows: Callable[[Situation], bool]) -> Situation:
    """Return a situation without all that it can do without and still show something.

    Parameters
    ----------
    situation : Situation
    shows : callable
        Whether a situation shows it.

    Examples
    --------
    >>> from deploygeo.consistency.situations import drafted
    >>> ship = Situation(drafted({"id": "a", "party": "GBR", "kind": "radar", "nuclear": True}))
    >>> dict(smallest(ship, lambda one: one.kind == "radar").main.given)
    {'id': 'a', 'party': 'GBR', 'kind': 'radar'}
    """
    best = situation
    while True:
        less = next((one for one in best.simpler() if shows(one)), None)
        if less is None:
            return best
        best = less
