"""Groups of states with dated membership: NATO, CSTO, the former USSR and others."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from deploygeo.errors import Fault, InputError, SettingError, UnknownNameError, did_you_mean
from deploygeo.model.parties import PARTIES, party_hint
from deploygeo.model.values import Stay

__all__ = ["Group", "Membership", "group", "groups", "load_groups", "members", "nato"]

_GROUPS = Path(__file__).with_name("groups.toml")
_GROUP_KEYS = ("name", "text", "source", "member")
_MEMBER_KEYS = ("state", "from", "until", "source")


@dataclass(frozen=True, slots=True)
class Membership:
    """A state in a group, from its first day to its last; None is open."""

    state: str
    start: date | None
    end: date | None = None
    source: str = ""

    def covers(self, day: date) -> bool:
        """Return whether the state is a member on `day`.

        Parameters
        ----------
        day : date

        Examples
        --------
        >>> from datetime import date
        >>> Membership("FIN", date(2023, 4, 4)).covers(date(2023, 4, 3))
        False
        """
        return Stay(self.start, self.end).covers(day)


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of states whose members depend on the date."""

    id: str
    name: str
    members: tuple[Membership, ...]
    text: str = ""
    source: str = ""

    def on(self, day: date | str) -> frozenset[str]:
        """Return the members on one day.

        Parameters
        ----------
        day : date or "YYYY-MM-DD"

        Raises
        ------
        SettingError
            If `day` is no date.

        Examples
        --------
        >>> len(group("NATO").on("1900-01-01"))
        0
        """
        day = _day(day)
        return frozenset(member.state for member in self.members if member.covers(day))


@cache
def groups() -> Mapping[str, Group]:
    """Return every group, by id.

    Returns
    -------
    mapping of str to Group

    Examples
    --------
    >>> "NATO" in groups()
    True
    """
    return MappingProxyType(load_groups(_GROUPS))


def group(id: str) -> Group:  # noqa: A002
    """Return one group.

    Parameters
    ----------
    id : str
        ``NATO``, ``CSTO``, ``former-USSR`` …; see `groups`.

    Returns
    -------
    Group
        Its `on` gives the members on a day.

    Raises
    ------
    UnknownNameError
        With the nearest known id.

    Examples
    --------
    >>> group("NATO").id
    'NATO'
    >>> group("NTAO")
    Traceback (most recent call last):
    ...
    deploygeo.errors.UnknownNameError: unknown group 'NTAO'; did you mean 'NATO'?...
    """
    try:
        return groups()[id]
    except (KeyError, TypeError):  # a list is no key at all
        raise UnknownNameError("group", id, groups()) from None


def members(id: str, on: date | str) -> frozenset[str]:  # noqa: A002
    """Return who is in a group on a day, as ISO alpha-3 codes.

    Parameters
    ----------
    id : str
        The id of a group.
    on : date or "YYYY-MM-DD"

    Returns
    -------
    frozenset of str

    Raises
    ------
    UnknownNameError
        For an unknown group.
    SettingError
        If `on` is no date.

    Examples
    --------
    >>> from datetime import date
    >>> len(members("NATO", "1997-05-27")), len(members("NATO", date(1949, 4, 3)))
    (16, 0)
    """
    return _members(id, _day(on))


@lru_cache(maxsize=4096)
def _members(id: str, on: date) -> frozenset[str]:  # noqa: A002
    return group(id).on(on)


def nato(on: date | str) -> frozenset[str]:
    """Return the members of NATO on a day.

    Parameters
    ----------
    on : date or "YYYY-MM-DD"

    Returns
    -------
    frozenset of str
        ISO 3166-1 alpha-3 codes.

    Raises
    ------
    SettingError
        If `on` is no date.

    Examples
    --------
    >>> len(nato("2021-12-17")), "FIN" in nato("2023-04-03"), "FIN" in nato("2023-04-04")
    (30, False, True)
    """
    return members("NATO", on)


def load_groups(path: Path) -> dict[str, Group]:
    """Read groups from a TOML file, all faults at once.

    Parameters
    ----------
    path : Path
        A TOML file of ``[group.ID]`` tables.

    Returns
    -------
    dict of str to Group

    Raises
    ------
    InputError
        With one fault per wrong value, each with its TOML path.

    Examples
    --------
    >>> load_groups(Path("no-such.toml"))
    Traceback (most recent call last):
    ...
    deploygeo.errors.InputError: no-such.toml: cannot read the groups: ...
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("group", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(Fault(f"cannot read the groups: {error}", path.name)) from error
    wrong: list[tuple[str, str]] = []
    found = {id_: _group(id_, table, wrong) for id_, table in sorted(tables.items())}
    if wrong:
        raise InputError([Fault(text, path.name, pointer=f"group.{at}") for at, text in wrong])
    return found


def _group(id_: str, table: object, wrong: list[tuple[str, str]]) -> Group:
    if not isinstance(table, dict):
        wrong.append((id_, "a group is a table"))
        table = {"name": id_, "member": [{"state": "NATO"}]}
    _unknown_keys(id_, table, _GROUP_KEYS, wrong)
    rows = table.get("member", [])
    found: list[Membership] = []
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        at = f"{id_}.member[{index}]"
        if not isinstance(row, dict):
            wrong.append((at, f"a member is a table, not {row!r}"))
            continue
        _unknown_keys(at, row, _MEMBER_KEYS, wrong)
        state, start, end = row.get("state"), row.get("from"), row.get("until")
        if state not in PARTIES:
            wrong.append((f"{at}.state", f"unknown party {state!r}{party_hint(str(state))}"))
        days = [day for day in (start, end) if day is not None]
        if any(not isinstance(day, date) or isinstance(day, datetime) for day in days):
            wrong.append((at, f"from and until are dates, not {days!r}"))
        elif len(days) == 2 and days[1] < days[0]:
            wrong.append((at, f"until {end} is before from {start}"))
        found.append(Membership(str(state), start, end, str(row.get("source", ""))))
    if not found:
        wrong.append((id_, "a group needs at least one member"))
    texts = {key: table.get(key, "") for key in ("name", "text", "source")}
    for key, text in texts.items():
        if not isinstance(text, str) or (key == "name" and not text):
            wrong.append((f"{id_}.{key}", f"{key} is text that is not empty, not {text!r}"))
    found.sort(key=lambda member: (member.state, member.start or date.min))
    name, text, source = (str(value) for value in texts.values())
    return Group(id_, name, tuple(found), text, source)


def _unknown_keys(
    at: str, table: Mapping[str, object], known: tuple[str, ...], wrong: list[tuple[str, str]]
) -> None:
    for key in table:
        if key not in known:
            wrong.append((f"{at}.{key}", f"unknown key {key!r}{did_you_mean(key, known)}"))


def _day(day: date | str) -> date:
    if isinstance(day, str):
        try:
            if len(day) != 10:
                raise ValueError
            return date.fromisoformat(day)
        except ValueError:
            raise SettingError(f"{day!r} is not a date; write YYYY-MM-DD") from None
    if isinstance(day, datetime) and day == day and day.time() == time():  # NaT is not itself
        return day.date()  # as pandas has days
    if isinstance(day, datetime) or not isinstance(day, date):
        raise SettingError(f"{day!r} is not a date; give a date or YYYY-MM-DD")
    return day
