"""The catalogue of weapon systems: public ranges as intervals, each with its sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from deploygeo.errors import Fault, InputError, UnknownNameError, did_you_mean
from deploygeo.model.parties import FORMER_STATES, PARTIES, party_hint
from deploygeo.model.values import Interval
from deploygeo.model.vocabulary import BASINGS

__all__ = ["System", "load_systems", "system", "systems"]

_CATALOGUE = Path(__file__).with_name("systems.toml")
_STATUSES = ("sourced", "weak-source")
_INTERVALS = ("range_km", "loadable_range_km", "radius_km")
_TEXTS = ("name", "kind", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A weapon system and what is publicly known of it; None means not known."""

    id: str
    name: str
    kind: str = ""
    basing: str | None = None
    range_km: Interval | None = None
    loadable_range_km: Interval | None = None
    radius_km: Interval | None = None
    nuclear: bool | None = None
    weapons: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    status: str = "weak-source"
    note: str = ""


@cache
def systems() -> Mapping[str, System]:
    """Return the catalogue, by id, in the order of the ids.

    Returns
    -------
    mapping of str to System

    Examples
    --------
    >>> all(entry.sources for entry in systems().values() if entry.status == "sourced")
    True
    """
    return MappingProxyType(load_systems(_CATALOGUE))


def system(id: str) -> System:  # noqa: A002
    """Return one system of the catalogue.

    Parameters
    ----------
    id : str
        As ``deploygeo systems list`` has it.

    Returns
    -------
    System

    Raises
    ------
    UnknownNameError
        With the nearest known id.

    Examples
    --------
    >>> system("no-such-system")
    Traceback (most recent call last):
    ...
    deploygeo.errors.UnknownNameError: unknown system 'no-such-system'...
    >>> system("iskander-m").range_km
    Interval(lo=400.0, hi=700.0)
    """
    try:
        return systems()[id]
    except (KeyError, TypeError):  # a list is no key at all
        raise UnknownNameError("system", id, systems()) from None


def load_systems(path: Path) -> dict[str, System]:
    """Read a catalogue of systems from a TOML file, all faults at once.

    Parameters
    ----------
    path : Path
        A TOML file of ``[system.ID]`` tables.

    Returns
    -------
    dict of str to System

    Raises
    ------
    InputError
        With one fault per wrong value, each with its TOML path.

    Examples
    --------
    >>> load_systems(Path("no-such.toml"))
    Traceback (most recent call last):
    ...
    deploygeo.errors.InputError: no-such.toml: cannot read the catalogue: ...
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("system", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(Fault(f"cannot read the catalogue: {error}", path.name)) from error
    faults: list[Fault] = []
    found: dict[str, System] = {}
    for id_, table in sorted(tables.items()):
        wrong: list[tuple[str, str]] = []
        entry = _system(id_, table, wrong)
        if entry is not None and not wrong:
            found[id_] = entry
        faults += [Fault(text, path.name, pointer=f"system.{id_}{at}") for at, text in wrong]
    if faults:
        raise InputError(faults)
    return found


def _system(id_: str, table: object, wrong: list[tuple[str, str]]) -> System | None:
    if not isinstance(table, dict):
        wrong.append(("", "a system is a table"))
        return None
    known = set(System.__dataclass_fields__) - {"id"}
    wrong += [
        (f".{key}", f"unknown key {key!r}{did_you_mean(key, sorted(known))}")
        for key in table
        if key not in known
    ]
    values: dict[str, object] = {}
    for key in _TEXTS:
        text = table.get(key, "")
        if not isinstance(text, str):
            wrong.append((f".{key}", f"{key} is text, not {text!r}"))
        values[key] = text
    if not values["name"]:
        wrong.append((".name", "a system needs a name"))
    for key in _INTERVALS:
        values[key] = _interval(key, table.get(key), wrong)
    for key in ("weapons", "operators", "sources"):
        texts = table.get(key, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            wrong.append((f".{key}", f"{key} is a list of texts, not {texts!r}"))
            texts = []
        values[key] = tuple(texts)
    wrong += [
        (".operators", f"unknown party {code!r}{party_hint(code)}")
        for code in table.get("operators", [])
        if isinstance(code, str) and code not in PARTIES and code not in FORMER_STATES
    ]
    basing = table.get("basing")
    if basing is not None and basing not in BASINGS:
        wrong.append((".basing", f"unknown basing {basing!r}{did_you_mean(basing, BASINGS)}"))
    nuclear = table.get("nuclear")
    if nuclear is not None and not isinstance(nuclear, bool):
        wrong.append((".nuclear", f"nuclear is true or false, not {nuclear!r}"))
    status = table.get("status", "weak-source")
    if status not in _STATUSES:
        wrong.append((".status", f"unknown status {status!r}{did_you_mean(status, _STATUSES)}"))
    elif status == "sourced" and not table.get("sources"):
        wrong.append((".sources", "status is 'sourced' but no source is given"))
    if wrong:
        return None
    return System(id=id_, basing=basing, nuclear=nuclear, status=status, **values)  # type: ignore[arg-type]


def _interval(key: str, value: object, wrong: list[tuple[str, str]]) -> Interval | None:
    if value is None:
        return None
    bounds = value if isinstance(value, list) else [value, value]
    try:
        if len(bounds) != 2:
            raise InputError("an interval is a number or [low, high]")
        interval = Interval(*bounds)
        if not 0 <= interval.lo <= interval.hi <= 50_000:
            raise InputError(f"{interval} km is outside 0 to 50 000 km")
    except InputError as error:
        wrong.append((f".{key}", str(error)))
        return None
    return interval
