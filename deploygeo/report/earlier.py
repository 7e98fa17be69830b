"""Reading a JSON report that was written before, which may be damaged or of another version."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from deploygeo.checker.findings import Source
from deploygeo.errors import SettingError
from deploygeo.model._shown import shown
from deploygeo.report._words import plain
from deploygeo.report.conform import nonconformity
from deploygeo.report.schema import report_schema
from deploygeo.report.structured import FORMAT

__all__ = ["MAX_BYTES", "Earlier", "read_earlier"]

MAX_BYTES: Final = 100_000_000
"""Some 80 000 findings, which take 700 MB once they are read."""
#: Objects and lists, and values in them. A report has one in 100 bytes and one in 30; a file of
#: nothing else would take gigabytes.
_MOST_PARTS = 1_500_000
_MOST_VALUES = 6_000_000
_MOST_DIGITS = 18
_MAKE = "make one with: deploygeo check FILE -f json -o REPORT.json"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A JSON report that fits the schema.

    Parameters
    ----------
    source : Source
        The file, and the SHA-256 of its bytes.
    body : mapping
        As `deploygeo.report.report_schema` describes it.
    """

    source: Source
    body: Mapping[str, Any]

    @property
    def findings(self) -> list[Mapping[str, Any]]:
        """The findings, as JSON has them."""
        return list(self.body["findings"])


def read_earlier(path: str | Path) -> Earlier:
    """Read a JSON report of ``deploygeo check``.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    SettingError
        If there is no such file, or it is no JSON, no such report, one of another format version,
        damaged, or tells only what is new against a baseline: which, where, and what to do.

    Examples
    --------
    >>> read_earlier("no/such.json")
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: no/such.json cannot be read: No such file or directory
    """
    name = plain(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(f"{name} cannot be read: {reason}") from None
    if len(content) > MAX_BYTES:
        raise SettingError(f"{name} has more than {MAX_BYTES} bytes, too many for a report")
    for what, marks, most in (
        ("objects and lists", (b"{", b"["), _MOST_PARTS),
        ("values", (b",",), _MOST_VALUES),
    ):
        count = sum(map(content.count, marks))
        if count > most:
            raise SettingError(f"{name} has {count} {what}, too many for a report")
    body = _parsed(name, content)
    form = body.get("format") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(form, str):
        raise SettingError(f"{name} is no JSON report of deploygeo check; {_MAKE}")
    if form != FORMAT:
        if form.startswith("deploygeo-report/"):
            raise SettingError(
                f"{name} is of the format {plain(form)[:60]}, and this version of deploygeo reads "
                f"{FORMAT}; check its input again"
            )
        raise SettingError(f"{name} is a {plain(form)[:60]}, and no report of a check; {_MAKE}")
    schema = report_schema()
    try:
        wrong = nonconformity(body, schema)
    except RecursionError:
        wrong = "it is nested too deep"
    if wrong is not None:
        raise SettingError(f"{name} is damaged: {wrong}; check its input again")
    seen: set[str] = set()
    for finding in body["findings"]:
        if finding["id"] in seen:
            raise SettingError(
                f"{name} is damaged: two findings have the id {shown(finding['id'])}; check its "
                "input again"
            )
        seen.add(finding["id"])
        margin = finding["margin"] or {"lo": None, "hi": None}
        if None not in (margin["lo"], margin["hi"]) and margin["lo"] > margin["hi"]:
            raise SettingError(
                f"{name} is damaged: the margin of {shown(finding['id'])} runs downwards; check "
                "its input again"
            )
    if body["receipt"]["baseline"] is not None:
        raise SettingError(
            f"{name} was made with --baseline and tells only what was new then; use a whole report"
        )
    return Earlier(Source(str(path), hashlib.sha256(content).hexdigest()), body)


def _parsed(name: str, content: bytes) -> Any:
    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is no number of JSON")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("an object has a key twice")
        return found

    def whole(digits: str) -> int:
        if len(digits) > _MOST_DIGITS:
            raise ValueError(f"a number of {len(digits)} digits")
        return int(digits)

    def real(digits: str) -> float:
        if not math.isfinite(float(digits)):
            raise ValueError(f"{digits[:24]} is too large a number")
        return float(digits)

    try:
        text = content.decode("utf-8")
        return json.loads(
            text,
            parse_constant=refuse,
            object_pairs_hook=once,
            parse_int=whole,
            parse_float=real,
        )
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8"
    except json.JSONDecodeError as error:
        reason = f"{error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}"
    except ValueError as error:
        reason = str(error)
    except RecursionError:
        reason = "it is nested too deep"
    raise SettingError(f"{name} is damaged or no JSON: {plain(reason)}; check its input again")
