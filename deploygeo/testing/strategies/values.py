"""Strategies of small values: intervals, stays, parties, systems."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from hypothesis.strategies import SearchStrategy

from deploygeo.errors import SettingError
from deploygeo.model import PARTIES, Interval, Stay, System
from deploygeo.model import systems as catalogue
from deploygeo.testing.strategies._draw import (
    Draw,
    chance,
    count,
    listed,
    named,
    numbered,
    pick,
    true,
)

__all__ = [
    "FAMILIAR",
    "draw_interval",
    "draw_number",
    "draw_stay",
    "intervals",
    "parties",
    "stays",
    "systems",
]

#: Numbers of kilometres, people and days that texts like, the plainest first.
_ROUND: Final = (1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0)

#: Parties that many clauses are about; the others follow them.
FAMILIAR: Final = ("USA", "RUS", "GBR", "POL", "UKR", "FRA", "DEU", "BLR", "TUR", "EST")

_DAY: Final = date(2021, 12, 17)


def intervals(
    *,
    around: Iterable[float] = (),
    most: float = 20_000.0,
    whole: bool = False,
    exact: bool | None = None,
    unbounded: bool = False,
    missing: bool = False,
) -> SearchStrategy[Interval | None]:
    """Return a strategy of intervals from zero up, biased to exact ones and to thresholds.

    Parameters
    ----------
    around : iterable of float
        Thresholds: ends lie often just below one, at it, or just above, by the next double or,
        with `whole`, the next whole number.
    most : float
        The largest end.
    whole : bool
        Both ends are whole numbers.
    exact : bool, optional
        Draw exact ones only, or only others; by default both.
    unbounded : bool
        Draw some without an upper end, which is infinite then.
    missing : bool
        Draw None sometimes, for what is not known.

    Raises
    ------
    SettingError
        For a threshold or a largest end that is no number.

    Notes
    -----
    Shrinks to the exact interval at zero, then to the first threshold. Where None may be drawn,
    it is the simplest.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(intervals(around=[5500]), lambda found: found.lo >= 5500)
    Interval(lo=5500.0, hi=5500.0)
    >>> simplest(intervals(missing=True)) is None
    True
    >>> intervals(around=[-1])
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: a threshold is a number from 0 to 20000, not -1
    """
    numbered("most", most, 0, 1e12)
    limits = tuple(float(numbered("a threshold", limit, 0, most)) for limit in around)

    def draw_one(draw: Draw) -> Interval | None:
        if missing and not chance(draw, 4) and true(draw) is False:
            return None
        return draw_interval(draw, limits, most=most, whole=whole, exact=exact, unbounded=unbounded)

    return named(
        "intervals",
        draw_one,
        around=limits or None,
        most=None if most == 20_000.0 else most,
        whole=whole or None,
        exact=exact,
        unbounded=unbounded or None,
        missing=missing or None,
    )


def draw_number(
    draw: Draw, around: tuple[float, ...] = (), *, most: float, whole: bool = False
) -> float:
    """Draw a number from zero up: zero, at or next to a threshold, a round one, or any."""
    index = count(draw, 0, 3 * len(around) + len(_ROUND) + 4)
    if index == 0:
        return 0.0
    index -= 1
    if index < 3 * len(around):
        limit, side = around[index // 3], index % 3
        if whole:
            below, above = float(math.ceil(limit) - 1), float(math.floor(limit) + 1)
            found = (float(math.floor(limit)), below, above)[side]
        else:
            found = (limit, math.nextafter(limit, 0.0), math.nextafter(limit, math.inf))[side]
        return min(max(found, 0.0), most)
    index -= 3 * len(around)
    if index < len(_ROUND):
        return min(_ROUND[index], most)
    return min(float(count(draw, 0, math.floor(most))), most)


def draw_interval(
    draw: Draw,
    around: tuple[float, ...] = (),
    *,
    most: float = 20_000.0,
    whole: bool = False,
    exact: bool | None = None,
    unbounded: bool = False,
) -> Interval:
    """Draw an interval from zero up."""
    one = draw_number(draw, around, most=most, whole=whole)
    if exact or (exact is None and not chance(draw, 3)):
        return Interval(one)
    if unbounded and chance(draw, 4):
        return Interval(one, math.inf)
    other = draw_number(draw, around, most=most, whole=whole)
    low, high = min(one, other), max(one, other)
    if exact is False and low == high:
        high = low + 1.0 if low + 1.0 <= most else high
        low = low if high > low else max(0.0, low - 1.0)
    return Interval(low, high)


def stays(*, around: Iterable[date] = (_DAY,), missing: bool = True) -> SearchStrategy[Stay]:
    """Return a strategy of stays: undated, of one day, of some days, open at one end.

    Parameters
    ----------
    around : iterable of date
        Days on which stays begin, end or nearly do.
    missing : bool
        Draw stays that say nothing, too.

    Raises
    ------
    SettingError
        For what is no day.

    Notes
    -----
    Shrinks to the stay that says nothing, or to one day, the first of `around`.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(stays(missing=False))
    Stay(start=datetime.date(2021, 12, 17), end=datetime.date(2021, 12, 17))
    """
    days = tuple(around)
    for day in days:
        if type(day) is not date:
            raise SettingError(f"a stay is around dates, not {day!r}")
    if not days:
        raise SettingError("no day is left to draw from")

    def draw_one(draw: Draw) -> Stay:
        if missing and not true(draw):
            return Stay()
        return draw_stay(draw, days)

    return named(
        "stays",
        draw_one,
        around=None if days == (_DAY,) else days,
        missing=None if missing else False,
    )


def draw_stay(
    draw: Draw, around: tuple[date, ...] = (_DAY,), lengths: tuple[int, ...] = ()
) -> Stay:
    """Draw a stay that is not undated: near some days, and of some lengths."""
    day = _moved(pick(draw, around), pick(draw, (0, -1, 1, 30, -30, 365, -365)))
    match pick(draw, ("day", "days", "from", "until")):
        case "day":
            return Stay(day, day)
        case "days":
            length = pick(draw, (*lengths, 2, 7, 30, 90, 400))
            return Stay(day, _moved(day, max(1, length) - 1))
        case "from":
            return Stay(day, None)
        case _:
            return Stay(None, day)


def _moved(day: date, days: int) -> date:
    least, most = (date.min - day).days + 1, (date.max - day).days
    return day + timedelta(days=min(max(days, least), most))


def parties(*, among: Iterable[str] | None = None) -> SearchStrategy[str]:
    """Return a strategy of parties: ISO 3166-1 alpha-3, XKX, NATO.

    Parameters
    ----------
    among : iterable of str, optional
        Only these; by default all, the familiar ones more often.

    Raises
    ------
    UnknownNameError
        For what is no party.

    Notes
    -----
    Shrinks to the first of `among`, or to USA.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(parties(), lambda party: party != "USA")
    'RUS'
    """
    known = None if among is None else listed("party", among, PARTIES)
    return named("parties", lambda draw: draw_party(draw, known), among=known)


_OTHERS: Final = ("NATO", *(code for code in PARTIES if code not in FAMILIAR and code != "NATO"))


def draw_party(draw: Draw, among: tuple[str, ...] | None = None) -> str:
    """Draw a party."""
    if among is not None:
        return pick(draw, among)
    return pick(draw, FAMILIAR if not chance(draw, 4) else _OTHERS)


def systems(*, kinds: str | Iterable[str] | None = None) -> SearchStrategy[System]:
    """Return a strategy of systems of the catalogue.

    Parameters
    ----------
    kinds : str or iterable of str, optional
        Only these, by the catalogue's own words: ``cruise_missile``, ``heavy_bomber`` …

    Raises
    ------
    UnknownNameError
        For a kind that no system has.

    Notes
    -----
    Shrinks to the first id.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(systems(kinds="heavy_bomber"), lambda system: system.nuclear).kind
    'heavy_bomber'
    """
    known = {entry.kind for entry in catalogue().values() if entry.kind}
    wanted = None if kinds is None else listed("kind of system", kinds, known)
    found = [one for one in catalogue().values() if wanted is None or one.kind in wanted]
    return named("systems", lambda draw: pick(draw, found), kinds=kinds)
