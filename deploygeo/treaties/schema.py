"""What a treaty is, once loaded: clauses as compiled expressions, readings, parameters, dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

from deploygeo.clauses.expression import Name, Node
from deploygeo.clauses.vocabulary import Type
from deploygeo.errors import TreatyError, UnknownNameError

__all__ = [
    "Clause",
    "Definition",
    "InForce",
    "Parameter",
    "Reading",
    "ReadingValue",
    "Side",
    "Treaty",
    "Unless",
]

Check = Literal["rule", "flag", "none"]
Subject = Literal["deployment", "record", "group"]
Modality = Literal["prohibit", "oblige"]
Status = Literal["draft", "treaty"]


@dataclass(frozen=True, slots=True)
class ReadingValue:
    """One answer to what a word may mean."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A named choice where the words are ambiguous; the first value is the default."""

    name: str
    question: str
    values: tuple[ReadingValue, ...]

    @property
    def default(self) -> str:
        """The name of the first value."""
        return self.values[0].name

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the values, the default first."""
        return tuple(value.name for value in self.values)


@dataclass(frozen=True, slots=True)
class Definition:
    """A word of this treaty: one expression, or one for each value of a reading, for a time.

    Where two are live on a day, the one of the higher priority counts.
    """

    name: str
    gives: Type
    rule: Node | None = None
    reading: str = ""
    under: Mapping[str, Node] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    priority: int = 0

    def covers(self, on: date) -> bool:
        """Return whether the definition is live on a day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the text, by date; without a value it is left to be agreed."""

    name: str
    text: str
    values: tuple[tuple[date | None, float], ...] = ()
    source: str = ""

    def value(self, on: date) -> float | None:
        """Return the value that holds on a day, or None."""
        live = [value for start, value in self.values if start is None or start <= on]
        return live[-1] if live else None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the sides of a treaty; the others are its counterparts."""

    name: str
    states: Node


@dataclass(frozen=True, slots=True)
class InForce:
    """When the treaty binds a party; without a party, all of them."""

    start: date
    end: date | None = None
    party: str = ""


@dataclass(frozen=True, slots=True)
class Unless:
    """An exception: where it holds, a breach is excused."""

    name: str
    text: str
    rule: Node


@dataclass(frozen=True, slots=True)
class Clause:
    """One paragraph as a rule.

    Parameters
    ----------
    check : {"rule", "flag", "none"}
        A rule; a rule that only a human can decide; nothing checkable, for the reason `why`.
    subject : {"deployment", "record", "group"}
        What it is asked of; a group is all deployments of one sender in one host state during
        an unbroken period, the host being that state itself for those at home.
    modality : {"prohibit", "oblige"}
        Whether `rule` says what is forbidden or what is required.
    bearers : Node or None
        Whom it binds; None: all parties.
    standing : bool
        Asked before entry into force as well.
    counts : Node or None
        Which deployments belong to the group.
    """

    id: str
    article: str
    text: str
    check: Check = "rule"
    why: str = ""
    subject: Subject = "deployment"
    modality: Modality = "prohibit"
    bearers: Node | None = None
    applies: Node = field(default_factory=lambda: Name("always"))
    rule: Node | None = None
    counts: Node | None = None
    unless: tuple[Unless, ...] = ()
    standing: bool = False
    source: str = ""


@dataclass(frozen=True)
class Treaty:
    """A treaty or a draft of one; ``sha256`` is that of its file, empty without one."""

    id: str
    title: str
    status: Status
    source: str
    clauses: tuple[Clause, ...]
    sides: tuple[Side, ...]
    definitions: tuple[Definition, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    readings: tuple[Reading, ...] = ()
    in_force: tuple[InForce, ...] = ()
    published: date | None = None
    reference_date: date | None = None
    note: str = ""
    folder: Path | None = None
    sha256: str = field(default="", compare=False)

    @cached_property
    def named(self) -> Mapping[str, tuple[Definition, ...]]:
        """The definitions by name; several where dates or priorities choose between them."""
        names = dict.fromkeys(item.name for item in self.definitions)
        return {name: tuple(d for d in self.definitions if d.name == name) for name in names}

    def definition(self, name: str, on: date) -> Definition | None:
        """Return the definition of a name that is live on a day, or None for no name of its own.

        Raises
        ------
        TreatyError
            If the name has definitions, but none on that day.
        """
        found = self._live.get((name, on))
        if found is None and name in self.named:
            live = [item for item in self.named[name] if item.covers(on)]
            if not live:
                raise TreatyError(f"{self.id} has no definition of {name!r} on {on}")
            found = self._live[name, on] = max(live, key=lambda item: item.priority)
        return found

    @cached_property
    def _live(self) -> dict[tuple[str, date], Definition]:
        """The definitions asked for so far."""
        return {}

    @cached_property
    def _readings(self) -> Mapping[str, Reading]:
        return {item.name: item for item in self.readings}

    def reading(self, name: str) -> Reading:
        """Return a reading by name; the loader has seen to it that those asked for exist."""
        return self._readings[name]

    def clause(self, id: str) -> Clause:  # noqa: A002 - the word of the file
        """Return a clause by id.

        Raises
        ------
        UnknownNameError
            With the ids that the treaty has.
        """
        for clause in self.clauses:
            if clause.id == id:
                return clause
        raise UnknownNameError(f"clause of {self.id}", id, [clause.id for clause in self.clauses])
