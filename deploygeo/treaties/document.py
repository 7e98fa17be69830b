"""A TOML file as its author sees it: tables whose keys are checked, and faults with their lines."""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

from deploygeo.errors import Fault, TreatyError, did_you_mean, excerpt
from deploygeo.treaties.lines import Lines, Path, Spot, locate, pointer

__all__ = ["MAX_ID", "MAX_ROWS", "MOST_FAULTS", "Document", "Row", "parse"]

MOST_FAULTS: Final = 200
"""Faults told of one file: an author mends the first ones first, and each costs a suggestion."""

MAX_ROWS: Final = 1_000
"""Tables of one kind: the longest treaties have some hundreds of paragraphs."""

MAX_ID: Final = 100
"""Characters of an id: it stands in every line of a report."""

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
# int() of more digits than this raises ValueError where Python guards against slow conversions
_LONG_NUMBER = re.compile(r"[0-9](?:_?[0-9]){4299,}")

Chosen = TypeVar("Chosen", bound=str)


def parse(content: bytes, source: str) -> Document:
    r"""Read a TOML file.

    Parameters
    ----------
    content : bytes
        A byte order mark before it is no fault.
    source : str
        The name by which faults call the file.

    Raises
    ------
    TreatyError
        If it is not TOML: why, with line, column and a caret.

    Examples
    --------
    >>> parse(b"id = 'x'", "treaty.toml").table
    {'id': 'x'}
    >>> parse(b"id = 'x'\nstatus =", "treaty.toml")
    Traceback (most recent call last):
    ...
    deploygeo.errors.TreatyError: treaty.toml:2:9: not TOML: Invalid value
    status =
            ^
    """
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TreatyError(Fault("not TOML: the file is UTF-16; save it as UTF-8", source))
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        before = content[content.rfind(b"\n", 0, error.start) + 1 : error.start]
        column = len(before.decode("utf-8")) + 1
        told = f"not TOML: byte 0x{content[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise TreatyError(Fault(told, source, line=line, column=column)) from None
    # the lines come first: their limits hold what would keep tomllib busy for minutes
    lines = locate(text)
    if lines.excess is not None:
        message, offset = lines.excess
        raise TreatyError(_placed(Fault(message, source), lines, lines.at(offset)))
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TreatyError(_syntax(str(error), source, lines)) from None
    except RecursionError:
        raise TreatyError(Fault("the tables are nested too deep", source)) from None
    except ValueError as error:
        number = _LONG_NUMBER.search(lines.text)
        told = f"not TOML: {error}" if number is None else "a number of thousands of digits"
        spot = lines.at(0 if number is None else number.start())
        raise TreatyError(_placed(Fault(told, source), lines, spot)) from None
    return Document(source, table, lines, digest)


def _syntax(message: str, source: str, lines: Lines) -> Fault:
    match = _TOML_PLACE.search(message)
    spot = lines.at(len(lines.text))
    if match is not None:
        message = message[: match.start()]
        if match[1]:
            spot = Spot(int(match[1]), int(match[2]))
    return _placed(Fault(f"not TOML: {message}", source), lines, spot)


def _placed(fault: Fault, lines: Lines, spot: Spot) -> Fault:
    shown = excerpt(lines.line(spot.line), spot.column)
    return Fault(
        fault.message, fault.source, spot.line, spot.column, None, None, fault.pointer, shown
    )


@dataclass(slots=True)
class Document:
    """A file, with the faults that were found in it so far.

    Parameters
    ----------
    source : str
        The name by which faults call it.
    table : mapping
        What `tomllib` read.
    lines : Lines
        Where it stands.
    sha256 : str
        Of the bytes of the file.
    faults : list of Fault
    """

    source: str
    table: Mapping[str, Any]
    lines: Lines
    sha256: str
    faults: list[Fault] = field(default_factory=list)

    @property
    def top(self) -> Row:
        """The table of the whole file."""
        return Row(self, (), self.table)

    def fault(self, message: str, path: Path, spot: Spot) -> None:
        """Add a fault.

        Raises
        ------
        TreatyError
            With all faults so far, where they are too many to go on.
        """
        at = Fault(message, self.source, pointer=pointer(path))
        self.faults.append(_placed(at, self.lines, spot))
        if len(self.faults) >= MOST_FAULTS:
            more = f"these are the first {MOST_FAULTS} faults; there may be more"
            raise TreatyError([*self.faults, Fault(more, self.source)])


@dataclass(frozen=True, slots=True)
class Row:
    """One table of a file; each value is asked for by its type, and a wrong one is a fault."""

    document: Document
    path: Path
    table: Mapping[str, Any]

    def has(self, key: str) -> bool:
        """Return whether the table has a key."""
        return key in self.table

    def fault(self, message: str, key: str | None = None, index: int | None = None) -> None:
        """Add a fault: of the table, of the value under a key, or at one letter of a text."""
        lines = self.document.lines
        path = self.path if key is None else (*self.path, key)
        if key is None or key not in self.table:
            spot = lines.key(path)
        elif index is None:
            spot = lines.value(path)
        else:
            spot = lines.inside(path, index)
        self.document.fault(message, path, spot)

    def known(self, keys: Collection[str]) -> None:
        """Look for keys that nobody knows."""
        for key in self.table:
            if key not in keys:
                path = (*self.path, key)
                message = f"unknown key {_told(key)}{did_you_mean(key[:80], keys)}"
                self.document.fault(message, path, self.document.lines.key(path))

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it is needed and not blank."""
        value = self.table.get(key, default)
        if not isinstance(value, str):
            told = f"{key} is text in quotes, not {_told(value)}" if self.has(key) else ""
            self.fault(told or f"{key} is missing", key)
            return ""
        if default is None and not value.strip():
            self.fault(f"{key} is empty", key)
        return value

    def id(self) -> str:
        """Return the id: a name that reports print and order by, numbers in it by their size."""
        value = self.text("id")
        if len(value) > MAX_ID or not value.isprintable():
            self.fault(f"an id is one line of at most {MAX_ID} characters", "id")
        return value

    def choice(
        self, key: str, choices: tuple[Chosen, ...], default: Chosen | None = None
    ) -> Chosen:
        """Return one of a few words; without a default it is needed."""
        value = self.table.get(key, default)
        for choice in choices:
            if value == choice:
                return choice
        if not self.has(key):
            self.fault(f"{key} is missing; write {' or '.join(map(repr, choices))}")
        else:
            self.fault(f"{key} is one of {', '.join(choices)}, not {_told(value)}", key)
        return choices[0]

    def date(self, key: str) -> date | None:
        """Return a date, or None where there is none."""
        value = self.table.get(key)
        if type(value) is date and value == date.min:
            # the day before it does not exist, and a clause may ask for that
            self.fault(f"{key} is no day of a treaty; leave it out where time has no limit", key)
            return None
        if value is None or type(value) is date:
            return value
        self.fault(f"{key} is a date without quotes, 2021-12-17, not {_told(value)}", key)
        return None

    def flag(self, key: str) -> bool:
        """Return true or false; false where it is not given."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{key} is true or false without quotes, not {_told(value)}", key)
            return False
        return value

    def whole(self, key: str) -> int:
        """Return a whole number; zero where it is not given."""
        value = self.table.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(f"{key} is a whole number without quotes, not {_told(value)}", key)
            return 0
        return value

    def number(self, key: str) -> float:
        """Return a finite number."""
        value = self.table.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number):
                return number
        told = f"not {_told(value)}" if self.has(key) else "and it is missing"
        self.fault(f"{key} is a number without quotes, {told}", key)
        return 0.0

    def row(self, key: str) -> Row | None:
        """Return the table under a key; None where there is none or it is no table."""
        value = self.table.get(key)
        if isinstance(value, dict):
            return Row(self.document, (*self.path, key), value)
        if self.has(key):
            self.fault(f"{key} is a table, {{ name = … }}, not {_told(value)}", key)
        return None

    def rows(self, key: str, keys: Collection[str]) -> list[Row]:
        """Return the tables under a key, with their keys looked at."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault(f"{key} is a list of tables: write [[{key}]]", key)
            return []
        if len(value) > MAX_ROWS:
            self.fault(f"{len(value)} tables are more than the {MAX_ROWS} that fit", key)
            return []
        found = [
            Row(self.document, (*self.path, key, index), item) for index, item in enumerate(value)
        ]
        for row in found:
            row.known(keys)
        return found


def _told(value: object) -> str:
    """Return a value of TOML for a message: short, and in the words of TOML."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return repr(value if len(value) <= 60 else f"{value[:57]}…")
        case int():
            return str(value) if abs(value) < 10**15 else "a number of many digits"
        case float():
            return repr(value)
        case datetime():
            return f"the time {value.isoformat(' ')}"
        case date() | time():
            return value.isoformat()
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return "nothing"
