"""The cases of a treaty: worked examples beside its text, each with the verdict it must give.

A ``cases.toml`` beside ``treaty.toml`` is a list of tables::

    [[case]]
    name = "within reach across the Black Sea"
    clause = "5.2"
    verdict = "violation"
    place = [34.0, 43.0]                # or a track: [[lon, lat], [lon, lat]]
    deployment = { party = "USA", kind = "surface_warship", range_km = 1600 }

A case about a record has ``record = {...}`` and no place. ``more`` lists what else is in the
scene, each with a ``place`` and ``deployment``, or a ``record``. The choices ``worldview``,
``readings``, ``params``, ``on`` and ``in_force`` are those of `check`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from deploygeo.checker.findings import VERDICTS
from deploygeo.checker.run import check
from deploygeo.errors import (
    DeploygeoError,
    Fault,
    InputError,
    TreatyError,
    did_you_mean,
)
from deploygeo.treaties import Treaty, load
from deploygeo.treaties.beside import content_of
from deploygeo.treaties.document import parse
from deploygeo.treaties.loader import MAX_BYTES

__all__ = ["CaseResult", "run_cases"]

_CHOICES: Final = ("worldview", "readings", "params", "on", "in_force")
_FEATURE: Final = ("place", "deployment", "record")
_KEYS: Final = ("name", "clause", "verdict", *_FEATURE, "more", *_CHOICES)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, with the verdict it expects and the one it got.

    Examples
    --------
    >>> CaseResult("at the limit", "2", "violation", "compliant").passed
    False
    """

    name: str
    clause: str
    expected: str
    actual: str
    why: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the verdict is the expected one."""
        return self.expected == self.actual


def run_cases(treaty: str | Path) -> tuple[CaseResult, ...]:
    """Run the cases of a treaty, in the order of their file.

    The verdict of a case is that of its clause on its own deployment or record, not on what
    `more` adds to the scene. Where the clause is asked of several parts of it (contingents),
    the gravest counts; where it is asked of none, the clause is not applicable.

    Parameters
    ----------
    treaty : id or path
        As for `deploygeo.treaties.load`.

    Raises
    ------
    TreatyError
        With every fault of the treaty file, or else of the file of cases.
    UnknownNameError
        If there is no such treaty.

    Examples
    --------
    >>> all(result.passed for result in run_cases("us-russia-2021"))
    True
    """
    loaded = load(treaty)
    path = (loaded.folder or Path()) / "cases.toml"
    if not path.is_file():
        raise TreatyError(Fault("there is no cases.toml beside treaty.toml", loaded.id))
    return _Runner(loaded, path).run()


class _Runner:
    """Runs the cases of one file and collects its faults on the way."""

    def __init__(self, treaty: Treaty, path: Path) -> None:
        self.treaty = treaty
        self.path = path
        self.faults: list[Fault] = []

    def fault(self, message: str, at: str) -> None:
        self.faults.append(Fault(message, self.path.name, pointer=f"$.{at}"))

    def run(self) -> tuple[CaseResult, ...]:
        results = []
        for index, row in enumerate(self.rows()):
            result = self.case(row, f"case[{index}]")
            if result is not None:
                results.append(result)
        if self.faults:
            raise TreatyError(self.faults)
        return tuple(results)

    def rows(self) -> list[Any]:
        table = parse(content_of(self.path, MAX_BYTES), self.path.name).table
        for key in table:
            if key != "case":
                self.fault(f"unknown key {key!r}{did_you_mean(key, ['case'])}", key)
        rows = table.get("case", [])
        if not isinstance(rows, list) or not rows:
            self.fault("the cases are a list of tables: write [[case]]", "case")
            return []
        return rows

    def case(self, row: object, at: str) -> CaseResult | None:
        before = len(self.faults)
        if not isinstance(row, dict):
            self.fault("a case is a table: write [[case]]", at)
            return None
        self.known(row, _KEYS, at)
        name, clause, verdict = (self.text(row, key, at) for key in ("name", "clause", "verdict"))
        ids = [item.id for item in self.treaty.clauses if item.check != "none"]
        if clause and clause not in ids:
            self.fault(f"no clause {clause!r} is checkable{did_you_mean(clause, ids)}", at)
        if verdict and verdict not in VERDICTS:
            self.fault(f"unknown verdict {verdict!r}{did_you_mean(verdict, VERDICTS)}", at)
        features = [self.feature(row, "case", at)]
        more = row.get("more", [])
        if isinstance(more, list) and all(isinstance(item, dict) for item in more):
            for index, item in enumerate(more):
                self.known(item, _FEATURE, f"{at}.more[{index}]")
                features.append(self.feature(item, f"more-{index}", f"{at}.more[{index}]"))
        else:
            self.fault("more is a list of tables", f"{at}.more")
        choices = self.choices(row, at)
        if len(self.faults) > before:
            return None
        return self.judged(CaseResult(name, clause, verdict, ""), features, choices, at)

    def judged(
        self,
        case: CaseResult,
        features: list[dict[str, Any]],
        choices: Mapping[str, Any],
        at: str,
    ) -> CaseResult | None:
        alone = replace(self.treaty, clauses=(self.treaty.clause(case.clause),))
        collection = {"type": "FeatureCollection", "features": features}
        try:
            report = check(collection, alone, **choices)
        except (InputError, TreatyError) as error:
            for fault in error.faults:
                self.fault(str(replace(fault, source="")), at)
            return None
        except DeploygeoError as error:
            self.fault(str(error), at)
            return None
        for fault in report.faults:
            self.fault(str(replace(fault, source="", line=None)), at)
        if report.faults:
            return None
        about = features[0]["properties"]["id"]
        found = report.of(about, f"{self.treaty.id}/{case.clause}")
        if not found:
            return replace(case, actual="not-applicable", why=("nothing was asked",))
        gravest = min(found, key=lambda item: VERDICTS.index(item.verdict))
        return replace(case, actual=gravest.verdict, why=gravest.why)

    def feature(self, row: Mapping[str, Any], default_id: str, at: str) -> dict[str, Any]:
        if ("deployment" in row) == ("record" in row):
            self.fault("write either a deployment or a record", at)
            return {}
        key = "deployment" if "deployment" in row else "record"
        properties = row[key]
        if not isinstance(properties, dict):
            self.fault(f"{key} is a table of properties", f"{at}.{key}")
            return {}
        if ("place" in row) != (key == "deployment"):
            self.fault("a deployment has a place, and a record has none", at)
        filled = {"id": default_id, **{name: _plain(value) for name, value in properties.items()}}
        return {
            "type": "Feature",
            "geometry": _geometry(row["place"]) if "place" in row else None,
            "properties": filled,
        }

    def choices(self, row: Mapping[str, Any], at: str) -> dict[str, Any]:
        chosen = {key: row[key] for key in _CHOICES if key in row}
        wanted: dict[str, tuple[str, type]] = {
            "worldview": ("text", str),
            "readings": ("a table of texts", dict),
            "params": ("a table of numbers", dict),
            "on": ("a date without quotes", date),
            "in_force": ("a date without quotes", date),
        }
        for key, value in chosen.items():
            told, kind = wanted[key]
            if not isinstance(value, kind):
                self.fault(f"{key} is {told}, not {value!r}", f"{at}.{key}")
        for name, value in params.items() if isinstance(params := row.get("params"), dict) else ():
            if isinstance(value, bool) or not isinstance(value, int | float):
                self.fault(f"{name} is a number, not {value!r}", f"{at}.params")
        return chosen

    def known(self, row: Mapping[str, Any], words: tuple[str, ...], at: str) -> None:
        for key in row:
            if key not in words:
                self.fault(f"unknown key {key!r}{did_you_mean(key, words)}", at)

    def text(self, row: Mapping[str, Any], key: str, at: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value:
            self.fault(f"{key} is missing or not text", at)
            return ""
        return value


def _plain(value: object) -> object:
    """Return a value of TOML as JSON has it: dates as text."""
    return value.isoformat() if isinstance(value, date) else value


def _geometry(place: object) -> object:
    is_track = isinstance(place, list) and bool(place) and isinstance(place[0], list)
    return {"type": "LineString" if is_track else "Point", "coordinates": place}
