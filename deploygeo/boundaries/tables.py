"""Units, worldviews and dates: who holds which piece of land to be whose.

A *unit* is the smallest piece of land that no worldview divides: most states are
one unit, a disputed area is a unit of its own. A *worldview* is a list of rows
(unit, holder, from, until); a unit without a row on the date falls to the
``sovereign`` of the unit table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from deploygeo.boundaries.files import data_folder, read_toml
from deploygeo.errors import BoundaryError, SettingError, UnknownNameError

__all__ = [
    "DEFAULT_ON",
    "DEFAULT_WORLDVIEW",
    "Hold",
    "Tables",
    "Unit",
    "Worldview",
    "as_date",
    "as_states",
    "exchanged",
    "tables",
]

#: The day on which the two drafts were published.
DEFAULT_ON = date(2021, 12, 17)
#: Who holds disputed land where nothing else is said.
DEFAULT_WORLDVIEW = "un"


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of land that no worldview divides.

    Parameters
    ----------
    id : str
        ISO 3166-1 alpha-3, XKX, or a kebab-case name for a disputed area.
    name : str
        In English.
    kind : str
        ``state``, ``dependency`` or ``disputed``.
    sovereign : str
        Whose it is where a worldview says nothing.
    metropolitan : bool
        False for what ``overseas=False`` leaves out.
    source : str
        Where the shape and the sovereign come from.
    """

    id: str
    name: str
    kind: str
    sovereign: str
    metropolitan: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """One row of a worldview: a unit, its holder, and from when until when (both included)."""

    worldview: str
    unit: str
    holder: str
    start: date | None
    end: date | None
    source: str = ""

    def covers(self, on: date) -> bool:
        """Return whether the row holds on a day.

        Examples
        --------
        >>> from datetime import date
        >>> hold = Hold("russia", "crimea", "RUS", date(2014, 3, 18), None)
        >>> hold.covers(date(2014, 3, 18)), hold.covers(date(2014, 3, 17))
        (True, False)
        """
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True, slots=True)
class Worldview:
    """A named choice of who holds disputed land to be whose."""

    name: str
    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The unit table and the worldviews of one data folder."""

    units: Mapping[str, Unit]
    worldviews: Mapping[str, Worldview]
    holds: tuple[Hold, ...]
    states: frozenset[str]

    def check_states(self, states: Iterable[str]) -> None:
        """Raise UnknownNameError for the first name that is no state in any worldview."""
        for state in sorted(states):
            if state not in self.states:
                raise UnknownNameError("state", state, self.states)

    def holders(self, worldview: str, on: date) -> Mapping[str, str]:
        """Return who holds each unit, by unit id, as a read-only mapping.

        The name may be one that `exchanged` gives.
        """
        base, *pair = worldview.split(_EXCHANGE)
        if base not in self.worldviews:
            raise UnknownNameError("worldview", worldview, self.worldviews)
        return _holders(self, base, on, tuple(pair))

    def holds_of(self, worldview: str) -> Iterator[Hold]:
        """Yield the rows of a worldview; of an exchanged one, those that it rests on."""
        base = worldview.split(_EXCHANGE)[0]
        return (hold for hold in self.holds if hold.worldview == base)


# No name of a worldview in a table has it.
_EXCHANGE: Final = "\N{LEFT RIGHT ARROW}"


def exchanged(worldview: str, one: str, other: str) -> str:
    """Return the name of a worldview in which two states hold each other's land.

    It is in no list and no report: a law uses it, that what holds of one party of a symmetric
    clause holds of the other in the world turned round.

    Parameters
    ----------
    worldview : str
        The one that it rests on.
    one, other : str
        States.

    Examples
    --------
    >>> from datetime import date
    >>> view = exchanged("un", "USA", "RUS")
    >>> held = tables().holders(view, date(2021, 12, 17))
    >>> held["USA"], held["RUS"], held["crimea"]
    ('RUS', 'USA', 'UKR')
    >>> tables().holders(exchanged("un", "USA", "USA"), date(2021, 12, 17))["USA"]
    'USA'
    """
    return _EXCHANGE.join((worldview, one, other))


@lru_cache(maxsize=4096)
def _holders(
    table: Tables, worldview: str, on: date, pair: tuple[str, ...] = ()
) -> Mapping[str, str]:
    held = {unit.id: unit.sovereign for unit in table.units.values()}
    for hold in table.holds_of(worldview):
        if hold.covers(on):
            held[hold.unit] = hold.holder
    if pair:
        turned = dict(zip(pair, reversed(pair), strict=True))
        held = {unit: turned.get(holder, holder) for unit, holder in held.items()}
    return MappingProxyType(held)


def tables(folder: Path | None = None) -> Tables:
    """Return the unit table and the worldviews of a data folder.

    Parameters
    ----------
    folder : Path, optional
        Another folder than the one that ships.

    Raises
    ------
    BoundaryError
        If a table is missing or contradicts itself; all contradictions are named.

    Examples
    --------
    >>> tables().units["RUS"].sovereign
    'RUS'
    """
    return _tables(data_folder() if folder is None else folder)


@lru_cache(maxsize=8)
def _tables(folder: Path) -> Tables:
    faults: list[str] = []
    units: dict[str, Unit] = {}
    for name, row in read_toml(folder / "units.toml").get("units", {}).items():
        units[name] = Unit(
            id=name,
            name=row.get("name", name),
            kind=row.get("kind", "state"),
            sovereign=row.get("sovereign", name),
            metropolitan=row.get("metropolitan", True),
            source=row.get("source", ""),
        )
    views = read_toml(folder / "worldviews.toml")
    worldviews = {
        name: Worldview(name, row.get("title", name), row.get("text", ""), row.get("source", ""))
        for name, row in views.get("worldview", {}).items()
    }
    holds = tuple(_hold(row) for row in views.get("hold", []))
    for hold in holds:
        if hold.unit not in units:
            faults.append(f"worldview {hold.worldview!r} holds the unknown unit {hold.unit!r}")
        if hold.worldview not in worldviews:
            faults.append(f"a row for {hold.unit!r} is of the unknown worldview {hold.worldview!r}")
    faults += _overlaps(holds)
    if not units:
        faults.append("units.toml has no unit")
    if faults:
        raise BoundaryError(f"the tables in {folder} contradict themselves: " + "; ".join(faults))
    return Tables(
        units=MappingProxyType(units),
        worldviews=MappingProxyType(worldviews),
        holds=holds,
        # Land that nobody claims has an empty sovereign.
        states=frozenset(
            [unit.sovereign for unit in units.values()] + [hold.holder for hold in holds]
        )
        - {""},
    )


def _hold(row: Mapping[str, Any]) -> Hold:
    return Hold(
        worldview=row.get("worldview", ""),
        unit=row.get("unit", ""),
        holder=row.get("holder", ""),
        start=row.get("from"),
        end=row.get("until"),
        source=row.get("source", ""),
    )


def _overlaps(holds: tuple[Hold, ...]) -> list[str]:
    faults = []
    for i, one in enumerate(holds):
        for two in holds[i + 1 :]:
            if (one.worldview, one.unit) == (two.worldview, two.unit):
                first, second = sorted((one, two), key=lambda hold: hold.start or date.min)
                if second.start is None or first.end is None or second.start <= first.end:
                    faults.append(
                        f"worldview {one.worldview!r} has two holders of {one.unit!r} at a time"
                    )
    return faults


def as_date(on: str | date) -> date:
    """Return a day given as a date, a datetime or text.

    Raises
    ------
    SettingError
        If the text is no date.

    Examples
    --------
    >>> as_date("2021-12-17")
    datetime.date(2021, 12, 17)
    >>> as_date("17.12.2021")
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: '17.12.2021' is not a date; write it as 2021-12-17
    """
    if isinstance(on, datetime):
        return on.date()
    if isinstance(on, date):
        return on
    try:
        return date.fromisoformat(on)
    except (TypeError, ValueError) as error:
        raise SettingError(f"{on!r} is not a date; write it as 2021-12-17") from error


def as_states(states: object) -> frozenset[str]:
    """Return one state or many as a set.

    Raises
    ------
    SettingError
        If it is neither.

    Examples
    --------
    >>> as_states("USA")
    frozenset({'USA'})
    >>> as_states(code for code in []), sorted(as_states(code for code in ("FRA", "DEU")))
    (frozenset(), ['DEU', 'FRA'])
    >>> as_states(None)
    Traceback (most recent call last):
    deploygeo.errors.SettingError: states are given by ISO 3166-1 alpha-3 codes, not None
    """
    if isinstance(states, str):
        return frozenset((states,))
    several = [*states] if isinstance(states, Iterable) else [states]
    named = frozenset(one for one in several if isinstance(one, str))
    if not all(isinstance(one, str) for one in several):
        raise SettingError(f"states are given by ISO 3166-1 alpha-3 codes, not {states!r}")
    return named
