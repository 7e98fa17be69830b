"""Classes of a quantity that meet: whether the value between them is in neither, or in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from deploygeo.consistency.advice import Advice, Code, smallest
from deploygeo.consistency.facts import COUNTS, related
from deploygeo.consistency.logic import (
    Atom,
    Every,
    Formula,
    Opposite,
    Some,
    TooManyStepsError,
    atoms_of,
    cells,
    every,
    opposite,
    satisfiable,
    some,
)
from deploygeo.consistency.single import candidates, outcomes_of
from deploygeo.consistency.situations import Situation
from deploygeo.consistency.survey import Survey
from deploygeo.treaties import Clause, Treaty

__all__ = ["meeting"]

NARROW: Final = 0.01
"""What lies between two classes is an oversight up to this share of their limit, else a choice."""

_WORDS: Final = {
    "range": ("a range of", "km"),
    "loadable_range": ("a loadable range of", "km"),
    "platform_range": ("a reach of", "km"),
    "personnel": ("", "people"),
    "brigades": ("", "brigades"),
    "stay_days": ("a stay of", "days"),
    "days_in_force": ("", "days in force"),
    "notice_days": ("notice of", "days"),
}
_KEYS: Final = {
    "range": "range_km",
    "loadable_range": "loadable_range_km",
    "personnel": "personnel",
    "brigades": "brigades",
}


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two clauses of which one ends where the other begins, or one with itself."""

    fact: str
    low: Clause
    high: Clause
    below: float
    at: float
    above: float
    bounds: tuple[float, float]
    code: Code


def meeting(survey: Survey, treaty: Treaty, clauses: Sequence[Clause]) -> Iterator[Advice]:
    """Yield the values that lie between two classes, and in neither of them or in both.

    Parameters
    ----------
    survey : Survey
    treaty : Treaty
    clauses : sequence of Clause
        Those that something violates.
    """
    atoms = [
        atom
        for clause in clauses
        for party in survey.parties
        for atom in atoms_of(survey.conditions(treaty, clause, party).violated)
        if atom.cuts and not atom.fact.startswith("param ")
    ]
    for fact in dict.fromkeys(atom.fact for atom in atoms):
        ends = sorted({cut for atom in atoms if atom.fact == fact for cut in atom.cuts})
        values = [value for value in cells(ends) if fact not in COUNTS or float(value).is_integer()]
        for found in _meetings(survey, treaty, clauses, fact, values, ends):
            yield _advice(survey, treaty, found)


def _meetings(
    survey: Survey,
    treaty: Treaty,
    clauses: Sequence[Clause],
    fact: str,
    values: Sequence[float],
    ends: Sequence[float],
) -> Iterator[_Meeting]:
    covered = {
        clause.id: [_covers(survey, treaty, clause, fact, value) for value in values]
        for clause in clauses
    }
    by_id = {clause.id: clause for clause in clauses}
    for start in range(1, len(values) - 1):
        for stop in range(start, len(values) - 1):
            if not _is_narrow(values[start - 1 : stop + 2], ends):
                break
            inner = slice(start, stop + 1)
            for low, one in covered.items():
                for high, other in covered.items():
                    below, above = one[start - 1], other[stop + 1]
                    if not (below and above):
                        continue
                    code: Code | None = None
                    if not any(one[inner]) and not any(other[inner]):
                        code = "gap"
                    elif (
                        low != high
                        and all(one[inner])
                        and all(other[inner])
                        and not one[stop + 1]
                        and not other[start - 1]
                    ):
                        code = "overlap"
                    if code is not None:
                        found = _Meeting(
                            fact,
                            by_id[low],
                            by_id[high],
                            values[start - 1],
                            values[start],
                            values[stop + 1],
                            _bounds(values[start - 1 : stop + 2], ends),
                            code,
                        )
                        if _are_beside(survey, treaty, found):
                            yield found


def _is_narrow(values: Sequence[float], ends: Sequence[float]) -> bool:
    """Return whether what lies between the first and the last value is next to nothing."""
    low, high = _bounds(values, ends)
    return high - low <= NARROW * high


def _bounds(values: Sequence[float], ends: Sequence[float]) -> tuple[float, float]:
    """Return the limits of what lies between the first and the last value.

    >>> _bounds((100.0, 500.0, 600.0), (500.0,)), _bounds((500.0, 500.5, 501.0), (500.0, 501.0))
    ((500.0, 500.0), (500.0, 501.0))
    """
    low = values[1] if values[1] in ends else values[0]
    high = values[-2] if values[-2] in ends else values[-1]
    return low, high


def _covers(survey: Survey, treaty: Treaty, clause: Clause, fact: str, value: float) -> bool:
    """Return whether a clause can be violated at a value of a quantity."""
    for party in survey.bound(treaty, clause):
        violated = survey.conditions(treaty, clause, party).violated
        if all(atom.fact != fact for atom in atoms_of(violated)):
            return False  # it has no classes of it
        if _possible(survey, _put(violated, fact, value)):
            return True
    return False


def _possible(survey: Survey, formula: Formula) -> bool:
    try:
        return satisfiable(related(formula), survey.domains) is not None
    except TooManyStepsError:
        return True


def _put(formula: Formula, fact: str, value: Any) -> Formula:
    """Return a formula with one fact chosen."""
    match formula:
        case Atom() if formula.fact == fact:
            return bool(formula.holds(value))
        case Opposite(of=of):
            return opposite(_put(of, fact, value))
        case Every(parts=parts):
            return every([_put(part, fact, value) for part in parts])
        case Some(parts=parts):
            return some([_put(part, fact, value) for part in parts])
    return formula


def _are_beside(survey: Survey, treaty: Treaty, found: _Meeting) -> bool:
    """Return whether the same deployment, but for the quantity, is in the one and in the other."""
    return any(
        _possible(survey, _pair(survey, treaty, found, party))
        for party in survey.bound(treaty, found.low)
    )


def _pair(survey: Survey, treaty: Treaty, found: _Meeting, party: str) -> Formula:
    low = survey.conditions(treaty, found.low, party).violated
    high = survey.conditions(treaty, found.high, party).violated
    return every([_put(low, found.fact, found.below), _put(high, found.fact, found.above)])


def _advice(survey: Survey, treaty: Treaty, found: _Meeting) -> Advice:
    witness = _witness(survey, treaty, found)
    words, unit = _WORDS.get(found.fact, (f"a {found.fact} of", "km"))
    first, last = found.bounds
    amount = f"exactly {_number(first)}"
    if last > first:
        amount = f"between {_number(first)} and {_number(last)}"
    what = " ".join(part for part in (words, amount, unit) if part)
    same = found.low.id == found.high.id
    if found.code == "gap":
        text = f"{what} is in neither class, though less and more are"
        if not same:
            text = f"{what} is in neither; less is in {found.low.id}, more in {found.high.id}"
    else:
        text = f"{what} is in both; less is in {found.low.id} alone, more in {found.high.id} alone"
    pair = (found.low,) if same else (found.low, found.high)
    return Advice(
        found.code,
        tuple(clause.id for clause in pair),
        text,
        "proved",
        0,
        witness,
        outcomes_of(survey, treaty, pair, witness),
    )


def _witness(survey: Survey, treaty: Treaty, found: _Meeting) -> Situation | None:
    """Return the smallest deployment found with the value between, where less and more violate."""
    key = _KEYS.get(found.fact)
    if key is None:
        return None
    parties = survey.bound(treaty, found.low)
    formulas = {
        party: every([_pair(survey, treaty, found, party), _any_of(found.fact)])
        for party in parties
    }
    pair = (found.low, found.high)

    def at(one: Situation, value: float) -> Situation:
        number = int(value) if found.fact in COUNTS else value
        return Situation(one.main.giving(**{key: number}), one.others)

    def shows(one: Situation) -> bool:
        below, above = at(one, found.below), at(one, found.above)
        middle = [survey.tried(one, treaty, clause).verdict for clause in pair]
        sought = ("violation",) if found.code == "overlap" else ("compliant", "not-applicable")
        return (
            survey.is_violated(below, treaty, found.low)
            and survey.is_violated(above, treaty, found.high)
            and all(verdict in sought for verdict in middle)
            and key in one.main.given
        )

    for one in candidates(survey, treaty, found.low, parties, formulas):
        middle = at(one, found.at)
        if shows(middle):
            return smallest(middle, shows)
    return None


def _any_of(fact: str) -> Formula:
    return Atom(fact, "any", lambda value: True)


def _number(value: float) -> str:
    return f"{value:,.10g}".replace(",", " ")
