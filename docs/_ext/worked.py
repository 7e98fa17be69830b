"""The worked cases of a treaty as a reader wants them: what is given, and what comes of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from deploygeo.checker import VERDICTS, Finding, check
from deploygeo.treaties import Treaty

__all__ = ["Worked", "worked_cases"]

_CHOICES = ("worldview", "readings", "params", "on", "in_force")


@dataclass(frozen=True, slots=True)
class Worked:
    """One case: what is given, the verdict, and the finding that it comes from.

    Parameters
    ----------
    name, clause, verdict : str
        As the file has them; the tests hold the verdict to what the checker gives.
    given : tuple of str
        The place, the deployment or record, and what else is in the scene.
    chosen : tuple of str
        Readings, worldview, parameters and days that differ from their defaults.
    finding : Finding or None
        None where the clause is asked of nothing in the case.
    """

    name: str
    clause: str
    verdict: str
    given: tuple[str, ...]
    chosen: tuple[str, ...]
    finding: Finding | None


def worked_cases(treaty: Treaty) -> tuple[Worked, ...]:
    """Return the cases of a treaty's folder, each checked."""
    if treaty.folder is None or not (treaty.folder / "cases.toml").is_file():
        return ()
    text = (treaty.folder / "cases.toml").read_text("utf-8")
    return tuple(_worked(treaty, row) for row in tomllib.loads(text)["case"])


def _worked(treaty: Treaty, row: Mapping[str, Any]) -> Worked:
    scene = [_feature(row, "case")]
    scene += [_feature(item, f"more-{index}") for index, item in enumerate(row.get("more", []))]
    alone = replace(treaty, clauses=(treaty.clause(row["clause"]),))
    choices = {key: row[key] for key in _CHOICES if key in row}
    report = check({"type": "FeatureCollection", "features": scene}, alone, **choices)
    found = report.of(scene[0]["properties"]["id"], f"{treaty.id}/{row['clause']}")
    gravest = min(found, key=lambda item: VERDICTS.index(item.verdict), default=None)
    more = [f"and {_told(item)}" for item in row.get("more", [])]
    return Worked(
        name=row["name"],
        clause=row["clause"],
        verdict=row["verdict"],
        given=(_told(row), *more),
        chosen=tuple(_choices(choices)),
        finding=gravest,
    )


def _feature(row: Mapping[str, Any], id_: str) -> dict[str, Any]:
    properties = {key: _plain(value) for key, value in _properties(row).items()}
    place = row.get("place")
    is_track = bool(place) and isinstance(place[0], list)
    form = "LineString" if is_track else "Point"
    return {
        "type": "Feature",
        "geometry": None if place is None else {"type": form, "coordinates": place},
        "properties": {"id": id_, **properties},
    }


def _properties(row: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = row["deployment"] if "deployment" in row else row["record"]
    return found


def _told(row: Mapping[str, Any]) -> str:
    told = ", ".join(f"{key} {_value(value)}" for key, value in _properties(row).items())
    place = row.get("place")
    if place is None:
        return told
    if isinstance(place[0], list):
        return f"{told}; track {' → '.join(_position(item) for item in place)}"
    return f"{told}; at {_position(place)}"


def _position(place: list[float]) -> str:
    lon, lat = place
    east = f"{abs(lon):g}° {'E' if lon >= 0 else 'W'}"
    return f"{east} {abs(lat):g}° {'N' if lat >= 0 else 'S'}"


def _value(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:g}" if abs(value) < 1e6 else str(value)
        case [lo, hi] if all(isinstance(item, int | float) for item in value):
            return f"{lo:g} to {hi:g}"
        case list():
            return " and ".join(_value(item) for item in value)
        case dict():
            return " ".join(f"{key} {_value(item)}" for key, item in value.items())
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _choices(choices: Mapping[str, Any]) -> list[str]:
    told = []
    for key, value in choices.items():
        if isinstance(value, dict):
            told += [f"{name} = {_value(item)}" for name, item in value.items()]
        else:
            told.append(f"{key.replace('_', ' ')} = {_value(value)}")
    return told


def _plain(value: object) -> object:
    """Return a value of TOML as JSON has it: dates as text."""
    return value.isoformat() if isinstance(value, date) else value
