"""Times of fixes as whole ticks, and back to the kind of time that was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from deploygeo.errors import SettingError
from deploygeo.geodesy.ellipsoid import FloatArray

__all__ = ["Clock", "Time"]

Time: TypeAlias = datetime | np.datetime64

_FINE = ("us", "ns", "ps", "fs", "as")


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The times of fixes: whole ticks since 1970, that never go back.

    Examples
    --------
    >>> clock = Clock.of(np.array(["2021-11-05T10", "2021-11-05T12"], "datetime64[h]"), 2)
    >>> clock.at(np.array([0]), np.array([0.25]))
    [np.datetime64('2021-11-05T10:30:00.000000')]
    """

    ticks: NDArray[np.int64]
    unit: str
    aware: bool

    @classmethod
    def of(cls, times: Sequence[datetime] | NDArray[np.datetime64], count: int) -> Clock:
        """Read times: numpy's, which are taken for UTC, or datetimes with a zone.

        Raises
        ------
        SettingError
            If there is not one for each fix, or one is not a time, has no zone, or is before the
            one ahead of it; the first is named.

        Examples
        --------
        >>> Clock.of([datetime(2021, 11, 5)], 1)
        Traceback (most recent call last):
        deploygeo.errors.SettingError: times[0] 2021-11-05T00:00:00 has no zone; add UTC
        """
        given = np.asarray(times)
        if given.shape != (count,):
            raise SettingError(f"times of shape {given.shape} for {count} fixes; give one each")
        aware = given.dtype.kind == "O"
        if aware:
            given = np.array([_utc(index, one) for index, one in enumerate(given)], "M8[us]")
        if given.dtype.kind != "M":
            raise SettingError(f"times are datetimes or datetime64, not {given.dtype}")
        unit = np.datetime_data(given.dtype)[0]
        unit = unit if unit in _FINE else "us"
        given = given.astype(f"M8[{unit}]")
        missing = np.isnat(given)
        if missing.any():
            raise SettingError(f"times[{int(missing.argmax())}] is not a time (NaT)")
        ticks = given.astype(np.int64)
        back = np.flatnonzero(ticks[1:] < ticks[:-1])
        if len(back):
            at = int(back[0]) + 1
            raise SettingError(f"times[{at}] {given[at]} is before the time ahead of it")
        return cls(ticks, unit, aware)

    def at(self, fix: NDArray[np.int64], fraction: FloatArray) -> list[Time]:
        """Return the times at fractions of legs."""
        after = self.ticks[np.minimum(fix + 1, len(self.ticks) - 1)]
        ticks = self.ticks[fix] + np.rint(fraction * (after - self.ticks[fix])).astype(np.int64)
        return list(self.shown(ticks))

    def shown(self, ticks: NDArray[np.int64]) -> list[Time]:
        """Return ticks as times of the kind that was given."""
        stamps = ticks.astype(f"M8[{self.unit}]")
        if self.aware:
            return [one.replace(tzinfo=UTC) for one in stamps.astype(object)]
        return list(stamps)

    def long(self, gap: timedelta | np.timedelta64) -> NDArray[np.int64]:
        """Return the legs that take longer than a gap.

        Raises
        ------
        SettingError
            If the gap is not a positive length of time.
        """
        if not isinstance(gap, timedelta | np.timedelta64):
            raise SettingError(f"a gap is a timedelta, not {gap!r}")
        longest = np.timedelta64(gap)
        if np.isnat(longest) or not longest > np.timedelta64(0):
            raise SettingError(f"a gap is longer than no time, not {gap!r}")
        return np.flatnonzero(np.diff(self.ticks).astype(f"m8[{self.unit}]") > longest)


def _utc(index: int, time: object) -> datetime:
    if not isinstance(time, datetime):
        raise SettingError(f"times[{index}] {time!r} is not a datetime")
    if time.tzinfo is None:
        raise SettingError(f"times[{index}] {time.isoformat()} has no zone; add UTC")
    return time.astimezone(UTC).replace(tzinfo=None)
