"""Conditions as formulas over facts that are chosen freely, and whether any choice fulfils one.

An atom asks one fact: *the kind is one of these*, *the range is at least 500*. Facts are chosen
from finite lists, a quantity being cut where an atom changes its mind. What cannot be taken apart
further, such as being inside a region, is a fact that is true or false. So a formula that no
choice fulfils is one that nothing in the world fulfils.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from deploygeo.errors import SettingError

__all__ = [
    "Atom",
    "Every",
    "Formula",
    "Known",
    "Opposite",
    "Some",
    "TooManyStepsError",
    "atoms_of",
    "domains_of",
    "every",
    "models",
    "opposite",
    "satisfiable",
    "some",
    "truth_of",
]

MOST_STEPS: Final = 50_000
"""Choices looked at for one formula; the clauses of the longest treaties take some thousands."""

Known: TypeAlias = Mapping[str, Any]


class TooManyStepsError(SettingError):
    """A formula was given up: whether anything fulfils it is not known."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A question about one fact.

    Parameters
    ----------
    fact : str
    text : str
        With the fact it names the atom.
    holds : callable
        Whether it holds for a value of the fact.
    cuts : tuple of float
        Of a quantity, the numbers at which the answer may change.
    rests_on : frozenset of str
        What decides a fact that cannot be chosen by itself: the place, a range, other records.
    about : object
        What it asks, for those that relate facts to each other.
    """

    fact: str
    text: str
    holds: Callable[[Any], bool] = field(default=bool, compare=False)
    cuts: tuple[float, ...] = field(default=(), compare=False)
    rests_on: frozenset[str] = field(default=frozenset(), compare=False)
    about: object = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Opposite:
    """What holds where another does not."""

    of: Formula


@dataclass(frozen=True, slots=True)
class Every:
    """What holds where all parts do."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """What holds where a part does."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = bool | Atom | Opposite | Every | Some


def every(parts: Iterable[Formula]) -> Formula:
    """Return what holds where all parts do.

    >>> every([True, True]), every([True, False, Atom("kind", "a")])
    (True, False)
    """
    kept = [part for part in parts if part is not True]
    if any(part is False for part in kept):
        return False
    return True if not kept else kept[0] if len(kept) == 1 else Every(tuple(kept))


def some(parts: Iterable[Formula]) -> Formula:
    """Return what holds where a part does.

    >>> some([]), some([True, Atom("kind", "a")])
    (False, True)
    """
    kept = [part for part in parts if part is not False]
    if any(part is True for part in kept):
        return True
    return False if not kept else kept[0] if len(kept) == 1 else Some(tuple(kept))


def opposite(of: Formula) -> Formula:
    """Return what holds where another does not.

    >>> opposite(True), opposite(opposite(Atom("kind", "a"))) == Atom("kind", "a")
    (False, True)
    """
    if isinstance(of, bool):
        return not of
    return of.of if isinstance(of, Opposite) else Opposite(of)


def atoms_of(*formulas: Formula) -> tuple[Atom, ...]:
    """Return the atoms of formulas, each once, in order."""
    found: dict[Atom, None] = {}

    def look(formula: Formula) -> None:
        match formula:
            case Atom():
                found[formula] = None
            case Opposite(of=of):
                look(of)
            case Every(parts=parts) | Some(parts=parts):
                for part in parts:
                    look(part)

    for formula in formulas:
        look(formula)
    return tuple(found)


def truth_of(formula: Formula, known: Known) -> bool | None:
    """Return whether a formula holds, as far as what is known of the facts decides it.

    >>> atom = Atom("range", "> 500", lambda value: value > 500)
    >>> truth_of(atom, {"range": 500}), truth_of(some([atom, Atom("b", "b")]), {"b": False})
    (False, None)
    """
    match formula:
        case bool():
            return formula
        case Atom():
            return bool(formula.holds(known[formula.fact])) if formula.fact in known else None
        case Opposite(of=of):
            inner = truth_of(of, known)
            return None if inner is None else not inner
        case Every(parts=parts):
            whole: bool | None = True
            for part in parts:
                one = truth_of(part, known)
                if one is False:
                    return False
                whole = whole if one else None
            return whole
        case Some(parts=parts):
            whole = False
            for part in parts:
                one = truth_of(part, known)
                if one:
                    return True
                whole = None if one is None else whole
            return whole


def domains_of(
    formulas: Iterable[Formula], lists: Mapping[str, Sequence[Any]] | None = None
) -> dict[str, tuple[Any, ...]]:
    """Return the values to choose from for every fact that formulas ask.

    Parameters
    ----------
    formulas : iterable of formula
    lists : mapping, optional
        Values of facts that have a list, preferred ones first. Other facts are quantities, if an
        atom of theirs has cuts, or else true or false.

    Examples
    --------
    >>> domains_of([Atom("days", "> 30", lambda days: days > 30, (30.0,))])
    {'days': (10.0, 30.0, 40.0)}
    """
    cuts: dict[str, set[float]] = {}
    found: dict[str, tuple[Any, ...]] = {}
    for atom in atoms_of(*formulas):
        if lists is not None and atom.fact in lists:
            found[atom.fact] = tuple(lists[atom.fact])
        elif atom.cuts:
            cuts.setdefault(atom.fact, set()).update(atom.cuts)
        else:
            found.setdefault(atom.fact, (False, True))
    return found | {fact: cells(ends) for fact, ends in cuts.items()}


def cells(ends: Iterable[float]) -> tuple[float, ...]:
    """Return one number from 0 for each end, between two of them, and beyond the last.

    >>> cells([500, 5500])
    (100.0, 500.0, 1000.0, 5500.0, 6000.0)
    >>> cells([0])
    (0.0, 1.0)
    """
    known = sorted({float(end) for end in ends if end >= 0.0})
    found: list[float] = []
    before: float | None = None
    for end in known:
        if before is None and end > 0.0:
            found.append(_between(0.0, end))
        elif before is not None:
            found.append(_between(before, end))
        found.append(end)
        before = end
    found.append(_beyond(before or 0.0))
    return tuple(found)


def _between(low: float, high: float) -> float:
    """Return the roundest number between two others.

    >>> _between(500.0, 5500.0), _between(500.0, 501.0)
    (1000.0, 500.1)
    """
    step = 10.0 ** len(str(int(high)))
    while step > 1e-6:
        # in binary 500 is no whole number of tenths
        least = round((math.floor(round(low / step, 9)) + 1.0) * step, 9)
        if low < least < high:
            return least
        step /= 10.0
    return (low + high) / 2.0


def _beyond(low: float) -> float:
    step = 10.0 ** (len(str(int(low))) - 1)
    return (low // step + 1.0) * step


def satisfiable(
    formula: Formula,
    domains: Mapping[str, Sequence[Any]] | None = None,
    known: Known | None = None,
) -> dict[str, Any] | None:
    """Return a choice of facts that fulfils a formula, or None where there is none.

    >>> a = Atom("kind", "a", lambda kind: kind == "a")
    >>> b = Atom("kind", "b", lambda kind: kind == "b")
    >>> satisfiable(every([a, opposite(b)]), {"kind": ["a", "b"]}), satisfiable(every([a, b]),
    ...     {"kind": ["a", "b"]})
    ({'kind': 'a'}, None)
    """
    return next(models(formula, domains, known=known), None)


def models(
    formula: Formula,
    domains: Mapping[str, Sequence[Any]] | None = None,
    *,
    known: Known | None = None,
    whole: Iterable[str] = (),
    free: Callable[[Atom], bool] = lambda atom: False,
) -> Iterator[dict[str, Any]]:
    """Yield choices of facts that fulfil a formula; facts that do not matter are left out.

    Values that no atom tells apart are tried once.

    Parameters
    ----------
    formula : formula
    domains : mapping, optional
        Values of each fact; by default those of `domains_of`.
    known : mapping, optional
        Facts that are chosen already.
    whole : iterable of str
        Facts of which every value is tried.
    free : callable
        Atoms whose facts are not chosen: a choice of the others is told where some choice of
        these fulfils the formula.

    Raises
    ------
    TooManyStepsError
        After `MOST_STEPS` choices.
    """
    lists = domains_of([formula]) if domains is None else domains
    search = _Search(formula, _groups(formula, lists, frozenset(whole)), dict(known or {}), free)
    yield from search.choices()


@dataclass
class _Search:
    """Chooses one fact after the other, those first that come first in the formula."""

    formula: Formula
    groups: Mapping[str, Sequence[Any]]
    chosen: dict[str, Any]
    free: Callable[[Atom], bool]
    steps: int = 0

    def choices(self) -> Iterator[dict[str, Any]]:
        truth = truth_of(self.formula, self.chosen)
        if truth is False:
            return
        atom = None if truth else _open(self.formula, self.chosen, self.free)
        if atom is None:
            if truth or self.can_be():
                yield dict(self.chosen)
            return
        for value in self.tried(atom):
            self.chosen[atom.fact] = value
            yield from self.choices()
        self.chosen.pop(atom.fact, None)

    def can_be(self) -> bool:
        """Return whether some choice of all facts that are left fulfils the formula."""
        truth = truth_of(self.formula, self.chosen)
        atom = None if truth is not None else _open(self.formula, self.chosen, None)
        if atom is None:
            return truth is True
        found = False
        for value in self.tried(atom):
            self.chosen[atom.fact] = value
            found = self.can_be()
            if found:
                break
        del self.chosen[atom.fact]
        return found

    def tried(self, atom: Atom) -> Iterator[Any]:
        for value in self.groups[atom.fact]:
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise TooManyStepsError("the clauses ask too much to look at every case")
            yield value


def _groups(
    formula: Formula, lists: Mapping[str, Sequence[Any]], whole: frozenset[str]
) -> dict[str, list[Any]]:
    """Return for each fact the values to try: the first of those that no atom tells apart."""
    asked: dict[str, list[Atom]] = {}
    for atom in atoms_of(formula):
        asked.setdefault(atom.fact, []).append(atom)
    groups: dict[str, list[Any]] = {}
    for fact, atoms in asked.items():
        values = lists.get(fact, (False, True))
        if fact in whole:
            groups[fact] = list(values)
            continue
        first: dict[tuple[bool, ...], Any] = {}
        for value in values:
            first.setdefault(tuple(bool(atom.holds(value)) for atom in atoms), value)
        groups[fact] = list(first.values())
    return groups


def _open(formula: Formula, known: Known, free: Callable[[Atom], bool] | None) -> Atom | None:
    """Return the first atom that is still to be chosen where it matters."""
    match formula:
        case Atom():
            is_open = formula.fact not in known and not (free is not None and free(formula))
            return formula if is_open else None
        case Opposite(of=of):
            return _open(of, known, free)
        case Every(parts=parts) | Some(parts=parts):
            for part in parts:
                if truth_of(part, known) is None:
                    found = _open(part, known, free)
                    if found is not None:
                        return found
    return None
