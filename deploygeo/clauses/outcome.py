"""What an expression gives: a truth, margins by unit, measures, and the reasons for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from deploygeo.clauses.truth import Margin, Truth, all_of, any_of

__all__ = [
    "Measure",
    "Outcome",
    "Reason",
    "claim",
    "conjunction",
    "disjunction",
    "leaf",
    "negation",
]


@dataclass(frozen=True, slots=True)
class Measure:
    """A distance, its error, and the point of the boundary that proves it.

    Parameters
    ----------
    what : str
        What was measured to: ``land of RUS``.
    distance_km, error_km : float
        The distance and its stated error, at about 95 %.
    lon, lat : float
        The witness: the nearest point of the boundary.
    unit : str
        The unit of land it lies on: an ISO code or the name of a disputed area.
    at_least : bool
        The distance is a lower bound.
    """

    what: str
    distance_km: float
    error_km: float
    lon: float
    lat: float
    unit: str
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One node of the tree of reasons."""

    text: str
    truth: Truth
    margin: Margin | None = None
    children: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The value of a condition at one place, for one deployment.

    Parameters
    ----------
    truth : Truth
    reason : Reason
    margins : tuple of Margin
        At most one a unit, each agreeing in sign with the truth where it decides.
    measures : tuple of Measure
    why : tuple of str
        Where the truth is unknown, what would decide it.
    score_m : tuple of float
        How far the condition holds as a function of place, in metres, as an interval: plus
        or minus infinity where place does not matter. It changes by at most one metre a
        metre, which bounds it along tracks and over areas.
    """

    truth: Truth
    reason: Reason
    margins: tuple[Margin, ...] = ()
    measures: tuple[Measure, ...] = ()
    why: tuple[str, ...] = ()
    score_m: tuple[float, float] = (-math.inf, math.inf)

    def margin(self, unit: str) -> Margin | None:
        """Return the margin in a unit, or None."""
        return next((margin for margin in self.margins if margin.unit == unit), None)


_SCORE = {
    Truth.TRUE: (math.inf, math.inf),
    Truth.FALSE: (-math.inf, -math.inf),
    Truth.UNKNOWN: (-math.inf, math.inf),
}
# What jumps is known where it was asked, and bounds nothing beside it.
_JUMPING = {**_SCORE, Truth.TRUE: (0.0, math.inf), Truth.FALSE: (-math.inf, 0.0)}


def leaf(
    text: str,
    truth: Truth,
    *,
    margin: Margin | None = None,
    measures: tuple[Measure, ...] = (),
    why: str = "",
    place: float = 0.0,
    score_m: tuple[float, float] | None = None,
) -> Outcome:
    """Return the outcome of one predicate.

    Parameters
    ----------
    text : str
        The predicate as a sentence's half: ``within 1600 km of land of RUS``.
    truth : Truth
    margin : Margin, optional
    measures : tuple of Measure, optional
    why : str
        What would decide it, told where the truth is unknown.
    place : float
        By how many kilometres the margin changes at most where the position changes by one: 0
        where place does not matter, infinite where it jumps.
    score_m : tuple of float, optional
        The score, where it is not the margin.
    """
    score = _SCORE[truth] if score_m is None else score_m
    if place and margin is not None:
        ends = (margin.lo * 1000.0 / place, margin.hi * 1000.0 / place)
        score = ends if math.isfinite(place) else _JUMPING[truth]
    return Outcome(
        truth=truth,
        reason=Reason(text, truth, margin),
        margins=() if margin is None else (margin,),
        measures=measures,
        why=(why,) if why and truth is Truth.UNKNOWN else (),
        score_m=score,
    )


def claim(text: str, value: bool | None, why: str = "") -> Outcome:
    """Return the outcome of a claim that measures nothing; None is unknown.

    >>> claim("an accession", None, "a record").why
    ('a record',)
    """
    return leaf(text, Truth.of(value), why=why)


def negation(inner: Outcome) -> Outcome:
    """Return the outcome of ``not``."""
    truth = ~inner.truth
    low, high = inner.score_m
    return Outcome(
        truth=truth,
        reason=Reason("not", truth, None, (inner.reason,)),
        margins=tuple([-margin for margin in inner.margins]),
        measures=inner.measures,
        why=inner.why,
        score_m=(-high, -low),
    )


def conjunction(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome of ``and``: the least margin of each unit, where it says the same."""
    return _combined("and", tuple(outcomes), all_of, Margin.__and__, min)


def disjunction(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome of ``or``: the greatest margin of each unit, where it says the same."""
    return _combined("or", tuple(outcomes), any_of, Margin.__or__, max)


def _combined(
    word: str,
    parts: tuple[Outcome, ...],
    truth_of: Callable[[Iterable[Truth]], Truth],
    join: Callable[[Margin, Margin], Margin],
    pick: Callable[[float, float], float],
) -> Outcome:
    if len(parts) == 1:
        return parts[0]
    truth = truth_of(part.truth for part in parts)
    # Only the parts that share the result's truth speak for it: a condition that fails for
    # its kind has no margin in kilometres, however near the place is.
    deciding = [part for part in parts if part.truth is truth]
    margins: dict[str, Margin] = {}
    for part in deciding if truth is not Truth.UNKNOWN else parts:
        for margin in part.margins:
            known = margins.get(margin.unit)
            margins[margin.unit] = margin if known is None else join(known, margin)
    low, high = parts[0].score_m
    for part in parts[1:]:
        low, high = pick(low, part.score_m[0]), pick(high, part.score_m[1])
    # the decisive measure first: of the parts that decide, then of the others
    chosen = margins.get("km")
    deciding.sort(key=lambda part: chosen is None or part.margin("km") != chosen)
    ordered = deciding + [part for part in parts if part.truth is not truth]
    measures = dict.fromkeys(item for part in ordered for item in part.measures)
    why = dict.fromkeys(item for part in parts for item in part.why)
    return Outcome(
        truth=truth,
        reason=Reason(word, truth, None, tuple(part.reason for part in parts)),
        margins=tuple(margins.values()),
        measures=tuple(measures),
        why=tuple(why) if truth is Truth.UNKNOWN else (),
        score_m=(low, high),
    )
