"""Truth in three values, and margins: how far a predicate is from its threshold."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Margin", "Truth", "all_of", "any_of"]


class Truth(enum.Enum):
    """Kleene's strong three-valued truth.

    Examples
    --------
    >>> Truth.TRUE & Truth.UNKNOWN
    <Truth.UNKNOWN: 'unknown'>
    >>> Truth.FALSE & Truth.UNKNOWN
    <Truth.FALSE: 'false'>
    >>> ~Truth.UNKNOWN
    <Truth.UNKNOWN: 'unknown'>
    """

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"

    @classmethod
    def of(cls, value: bool | None) -> Truth:
        """Return the truth of a boolean, where None is unknown."""
        if value is None:
            return cls.UNKNOWN
        return cls.TRUE if value else cls.FALSE

    @property
    def rank(self) -> int:
        """Order false < unknown < true, in which *and* is the least and *or* the greatest."""
        return {"false": 0, "unknown": 1, "true": 2}[self.value]

    def __and__(self, other: Truth) -> Truth:
        return self if self.rank <= other.rank else other

    def __or__(self, other: Truth) -> Truth:
        return self if self.rank >= other.rank else other

    def __invert__(self) -> Truth:
        return (Truth.TRUE, Truth.UNKNOWN, Truth.FALSE)[self.rank]

    def __bool__(self) -> bool:
        raise TypeError("a Truth has three values; compare it with Truth.TRUE or Truth.FALSE")


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return Kleene's conjunction; true for none.

    >>> all_of([])
    <Truth.TRUE: 'true'>
    """
    result = Truth.TRUE
    for truth in truths:
        result &= truth
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return Kleene's disjunction; false for none.

    >>> any_of([Truth.FALSE, Truth.UNKNOWN])
    <Truth.UNKNOWN: 'unknown'>
    """
    result = Truth.FALSE
    for truth in truths:
        result |= truth
    return result


@dataclass(frozen=True, slots=True)
class Margin:
    """Signed distance to the threshold of one predicate, as a closed interval.

    Positive means the predicate holds, negative that it does not. The width is
    the uncertainty, so an interval that contains zero decides nothing by itself.

    Parameters
    ----------
    lo, hi : float
        Ends, ``lo <= hi``; infinite where nothing bounds the quantity.
    unit : str
        ``"km"`` of distance, ``"km of range"``, ``"persons"``, ``"days"`` …

    Raises
    ------
    ValueError
        If an end is NaN or the ends are in the wrong order.

    Examples
    --------
    >>> Margin(-30.0, 220.0, "km").truth
    <Truth.UNKNOWN: 'unknown'>
    >>> -Margin(2.0, 3.0, "km")
    Margin(lo=-3.0, hi=-2.0, unit='km')
    >>> Margin(1.0, 4.0, "km") & Margin(2.0, 3.0, "km")
    Margin(lo=1.0, hi=3.0, unit='km')
    """

    lo: float
    hi: float
    unit: str

    def __post_init__(self) -> None:
        if math.isnan(self.lo) or math.isnan(self.hi) or self.lo > self.hi:
            raise ValueError(f"a margin needs lo <= hi, not [{self.lo}, {self.hi}]")

    @property
    def truth(self) -> Truth:
        """True above zero, false below, unknown where the interval contains zero."""
        if self.lo > 0:
            return Truth.TRUE
        return Truth.FALSE if self.hi < 0 else Truth.UNKNOWN

    def __neg__(self) -> Margin:
        return Margin(-self.hi, -self.lo, self.unit)

    def __and__(self, other: Margin) -> Margin:
        self._same_unit(other)
        return Margin(min(self.lo, other.lo), min(self.hi, other.hi), self.unit)

    def __or__(self, other: Margin) -> Margin:
        self._same_unit(other)
        return Margin(max(self.lo, other.lo), max(self.hi, other.hi), self.unit)

    def hull(self, other: Margin) -> Margin:
        """Return the least interval that contains both."""
        self._same_unit(other)
        return Margin(min(self.lo, other.lo), max(self.hi, other.hi), self.unit)

    def widened(self, by: float) -> Margin:
        """Return the margin with both ends moved outwards."""
        return Margin(self.lo - by, self.hi + by, self.unit)

    def _same_unit(self, other: Margin) -> None:
        if self.unit != other.unit:
            raise ValueError(f"margins in {self.unit!r} and {other.unit!r} do not combine")
