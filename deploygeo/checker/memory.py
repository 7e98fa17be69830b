"""What every condition of a case gave and consulted, so that a change asks anew only what it may.

An evaluation is the same as long as all that it consulted is. So under another reading or
worldview a condition that did not consult it has the value that it had.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from deploygeo.clauses.outcome import Outcome

__all__ = ["WORLDVIEW", "Known", "Memory"]

WORLDVIEW = "the worldview"
"""Stands for the worldview among the readings consulted; a reading's name has no space."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was asked and what it gave, which readings it consulted, and where it cut quantities."""

    asked: object
    outcome: Outcome
    consulted: frozenset[str]
    cuts: Mapping[str, set[float]]


@dataclass(frozen=True, slots=True)
class Memory:
    """What was asked of one subject at its one place, by day.

    Without a `change` it learns. Under one it learns nothing, and recalls only what did not
    consult that. On which `days` to ask, once known, depends on neither readings nor worldview.
    """

    known: dict[tuple[date, int], Known] = field(default_factory=dict)
    days: list[tuple[date, ...]] = field(default_factory=list)
    change: str = ""

    def under(self, change: str) -> Memory:
        """Return what is left of this memory under a change."""
        return Memory(self.known, self.days, change)

    def recalled(self, on: date, asked: object) -> Known | None:
        """Return what is known and the change leaves as it is."""
        found = self.known.get((on, id(asked)))
        return None if found is None or self.change in found.consulted else found

    def learn(self, on: date, known: Known) -> None:
        """Keep what was found. The key is safe: what was asked lives as long as its entry."""
        self.known[on, id(known.asked)] = known
