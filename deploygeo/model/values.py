"""Small closed values: intervals of numbers and stays in time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deploygeo.errors import InputError

__all__ = ["Interval", "Stay"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of one quantity: kilometres, or a count.

    Examples
    --------
    >>> Interval(500, 2500)
    Interval(lo=500.0, hi=2500.0)
    >>> Interval(0).is_exact, 0.0 in Interval(0)
    (True, True)
    >>> Interval(2, 1)
    Traceback (most recent call last):
    ...
    deploygeo.errors.InputError: an interval runs from low to high, not from 2 to 1
    """

    lo: float
    hi: float

    def __init__(self, lo: float, hi: float | None = None) -> None:
        if hi is None:
            hi = lo
        for bound in (lo, hi):
            if isinstance(bound, bool) or not isinstance(bound, int | float):
                raise InputError(f"an interval is between numbers, not {bound!r}")
            if math.isnan(bound):
                raise InputError("an interval cannot end at nan")
        if lo > hi:
            raise InputError(f"an interval runs from low to high, not from {lo:g} to {hi:g}")
        # + 0.0 turns -0.0 into 0.0, so that equal intervals print the same
        object.__setattr__(self, "lo", float(lo) + 0.0)
        object.__setattr__(self, "hi", float(hi) + 0.0)

    @property
    def is_exact(self) -> bool:
        """Whether both ends are the same number."""
        return self.lo == self.hi

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and self.lo <= value <= self.hi

    def __str__(self) -> str:
        return f"{self.lo:g}" if self.is_exact else f"{self.lo:g}–{self.hi:g}"


@dataclass(frozen=True, slots=True)
class Stay:
    """The days on which something holds, both ends included; None is open.

    Examples
    --------
    >>> from datetime import date
    >>> Stay(date(2021, 9, 10), date(2021, 9, 16)).covers(date(2021, 9, 16))
    True
    >>> Stay().covers(date(1997, 5, 27))
    True
    >>> Stay.on(date(2021, 12, 17)).contains(Stay())
    False
    """

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        for day in (self.start, self.end):
            if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
                raise InputError(f"a stay is between dates, not {day!r}")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise InputError(f"a stay cannot end on {self.end} and start on {self.start}")

    @classmethod
    def on(cls, day: date) -> Stay:
        """Return the stay of one day.

        Parameters
        ----------
        day : date

        Examples
        --------
        >>> Stay.on(date(2021, 12, 17)).end
        datetime.date(2021, 12, 17)
        """
        return cls(day, day)

    @property
    def is_open(self) -> bool:
        """Whether neither end is known."""
        return self.start is None and self.end is None

    def covers(self, day: date) -> bool:
        """Return whether `day` lies in the stay.

        Parameters
        ----------
        day : date

        Examples
        --------
        >>> from datetime import date
        >>> Stay(date(2021, 12, 17)).covers(date(2021, 12, 16))
        False
        """
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def contains(self, other: Stay) -> bool:
        """Return whether every day of `other` lies in this stay.

        Parameters
        ----------
        other : Stay

        Examples
        --------
        >>> from datetime import date
        >>> Stay().contains(Stay.on(date(2021, 12, 17)))
        True
        """
        starts = self.start is None or (other.start is not None and self.start <= other.start)
        ends = self.end is None or (other.end is not None and other.end <= self.end)
        return starts and ends

    def is_covered(self, by: Iterable[Stay]) -> bool:
        """Return whether every day of this stay lies in one of some others.

        >>> from datetime import date
        >>> march, april = (Stay(date(2022, m, 1), date(2022, m, d)) for m, d in ((3, 31), (4, 30)))
        >>> Stay(date(2022, 3, 5), date(2022, 4, 5)).is_covered([april, march])
        True
        >>> Stay(date(2022, 3, 5)).is_covered([april, march])
        False
        """
        missing: Stay | None = self
        for other in sorted(by, key=lambda stay: stay.start or date.min):
            if missing is None:
                break
            begins = missing.start is None or (
                other.start is not None and other.start > missing.start
            )
            if other.start is not None and begins:
                return False
            if other.end in (None, date.max) or (missing.end and missing.end <= other.end):
                missing = None
            elif other.end and (missing.start is None or missing.start <= other.end):
                missing = Stay(other.end + timedelta(days=1), missing.end)
        return missing is None

    def overlaps(self, other: Stay) -> bool:
        """Return whether the two stays share a day.

        Parameters
        ----------
        other : Stay

        Examples
        --------
        >>> from datetime import date
        >>> Stay(None, date(2021, 12, 16)).overlaps(Stay(date(2021, 12, 17)))
        False
        """
        before = self.end is not None and other.start is not None and self.end < other.start
        after = other.end is not None and self.start is not None and other.end < self.start
        return not (before or after)

    def __str__(self) -> str:
        if self.is_open:
            return "undated"
        if self.start == self.end:
            return str(self.start)
        if self.end is None:
            return f"from {self.start}"
        if self.start is None:
            return f"until {self.end}"
        return f"{self.start} to {self.end}"
