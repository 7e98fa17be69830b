"""What a check is asked for, checked before anything runs: treaties, day, readings, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from numbers import Real
from pathlib import Path

from deploygeo import boundaries
from deploygeo.checker.findings import Settings
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.model._shown import shown
from deploygeo.treaties import Treaty, library, load

__all__ = ["prepared"]

# More kilometres, days or people than any text could mean.
_LARGEST = 1e12


def prepared(
    treaties: object,
    *,
    on: object,
    worldview: object,
    readings: object,
    params: object,
    in_force: object,
    level: object,
) -> tuple[tuple[Treaty, ...], Settings]:
    """Return the treaties and the settings of a run, whatever a caller may have given.

    Parameters
    ----------
    treaties, on, worldview, readings, params, in_force, level
        As `deploygeo.check` takes them.

    Returns
    -------
    treaties : tuple of Treaty
        Each once, in the order given.
    settings : Settings

    Raises
    ------
    SettingError
        For a value of the wrong kind, a parameter that is not a finite number from 0, and
        an empty list of treaties, which would check nothing.
    UnknownNameError
        For a name that nobody defined.
    TreatyError
        If a treaty file is wrong.

    Examples
    --------
    >>> _, settings = prepared("us-russia-2021", on="2021-12-17", worldview="un", readings=None,
    ...                        params={"separation_km": 2}, in_force=None, level="hybrid")
    >>> settings.params
    {'separation_km': 2.0}
    """
    loaded = _treaties(treaties)
    settings = Settings(
        worldview=_name("worldview", worldview, boundaries.worldviews()),
        readings=_readings(readings, loaded),
        params=_params(params, loaded),
        on=_day("on", on),
        in_force=_day("in_force", in_force),
        level=_name("level", level, boundaries.LEVELS),
    )
    boundaries.borders(settings.level)
    return loaded, settings


def _treaties(given: object) -> tuple[Treaty, ...]:
    if given is None:
        given = library()
    if isinstance(given, str | Path | Treaty):
        given = (given,)
    if not isinstance(given, Iterable) or isinstance(given, bytes | Mapping):
        raise SettingError(f"treaties are ids, paths or Treaty objects, not {shown(given)}")
    found: dict[str, Treaty] = {}
    for item in given:
        if not isinstance(item, str | Path | Treaty):
            raise SettingError(f"a treaty is an id, a path or a Treaty, not {shown(item)}")
        treaty = item if isinstance(item, Treaty) else load(item)
        if found.setdefault(treaty.id, treaty) != treaty:
            raise SettingError(
                f"two different treaties have the id {treaty.id!r}; check each alone"
            )
    if not found:
        raise SettingError("the list of treaties is empty, so that nothing would be checked")
    return tuple(found.values())


def _name(what: str, given: object, known: Iterable[str]) -> str:
    if not isinstance(given, str):
        raise SettingError(f"{what} is a name such as {next(iter(known))!r}, not {shown(given)}")
    if given not in known:
        raise UnknownNameError(what, given, known)
    return given


def _readings(given: object, treaties: tuple[Treaty, ...]) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        example = "readings={'reach': 'platform'}"
        raise SettingError(f"readings are a mapping such as {example}, not {shown(given)}")
    values = {item.name: item.names for treaty in treaties for item in treaty.readings}
    for name, value in given.items():
        if name not in values:
            raise UnknownNameError("reading", name, values)
        if not isinstance(value, str) or value not in values[name]:
            raise UnknownNameError(f"value of the reading {name}", value, values[name])
    return dict(given)


def _params(given: object, treaties: tuple[Treaty, ...]) -> dict[str, float]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        example = "params={'width_km': 100}"
        raise SettingError(f"params are a mapping such as {example}, not {shown(given)}")
    known = {item.name for treaty in treaties for item in treaty.parameters}
    found = {}
    for name, value in given.items():
        if name not in known:
            raise UnknownNameError("parameter", name, known)
        # nan compares false with everything, and would read as compliant
        is_number = isinstance(value, Real) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= _LARGEST:
            raise SettingError(
                f"the parameter {name} is a finite number from 0, not {shown(value)}"
            )
        found[name] = float(value)
    return found


def _day(what: str, given: object) -> date | None:
    """Return a day; the midnights of pandas and NumPy count as theirs."""
    if type(given).__name__ == "datetime64":
        day = given.astype("datetime64[D]")  # type: ignore[attr-defined]
        given = day.tolist() if day == given else str(given)  # NaT is not even itself
    if given is None:
        return None
    if isinstance(given, datetime) and type(given).__name__ != "NaTType":
        if given.time() != time():
            raise SettingError(f"{what} is a day, not a time: {given.isoformat()}")
        return given.date()
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if isinstance(given, str) and len(given) == 10 and given.isascii():
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass
    raise SettingError(f"{what}: a date is written 2021-12-17, not {shown(given)}")
