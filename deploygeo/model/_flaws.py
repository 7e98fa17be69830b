"""Collecting what is wrong with one deployment or record, and checking single values."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeGuard

from deploygeo.errors import Fault, InputError, SettingError, did_you_mean
from deploygeo.model._shown import Path, pointer, shown
from deploygeo.model.parties import PARTIES, party_hint
from deploygeo.model.values import Interval, Stay
from deploygeo.units import METRES_PER_KM, parse_length_m

__all__ = ["Flaws", "raise_flaws"]

# Nothing on Earth is farther than 20 004 km; a range once around it is 40 075 km. What is
# larger was meant in metres.
MAX_KM = 50_000.0
MAX_POSITION_ERROR_KM = 2_000.0
MAX_PERSONNEL = 20_000_000
MAX_BRIGADES = 10_000
MAX_ID = 200
MAX_TEXT = 100_000
#: Three million positions take 1 GB while they are read and built; two stay well below.
MAX_VERTICES = 2_000_000
_SHOWN = 60
# Of a list with so many wrong rows the others are not looked at: ten megabytes hold millions.
_MOST_WRONG = 1_000

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_TIME_WITHOUT_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?", re.ASCII)


def raise_flaws(flaws: Flaws, id_: object) -> None:
    """Raise every flaw at once, if there is one."""
    if not flaws:
        return
    name = id_ if isinstance(id_, str) else None
    raise InputError(
        Fault(text, id=name, pointer=pointer(tuple(step for step in path if step != "properties")))
        for path, text in flaws.found
    )


@dataclass(slots=True)
class Flaws:
    """What is wrong so far: a path into the feature and a message each.

    `hints` is off when nobody will read the messages: in a file of half a million
    wrong features the search for near names would be all the work. `most_text` and
    `most_vertices` are how many characters and positions are taken; `raising` says how one
    takes more, where that can be set.
    """

    hints: bool = True
    most_text: int = MAX_TEXT
    most_vertices: int = MAX_VERTICES
    raising: Callable[[str], str] | None = None
    found: list[tuple[Path, str]] = field(default_factory=list)
    warnings: list[tuple[Path, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, path: Path, text: str) -> None:
        """Note one flaw."""
        self.found.append((path, text))

    def warn(self, path: Path, text: str) -> None:
        """Note something that does not make the feature wrong."""
        self.warnings.append((path, text))

    def rows(self, path: Path, rows: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Yield the rows of a list with their numbers, until very many of them are wrong."""
        before = len(self.found)
        for index, row in enumerate(rows):
            if len(self.found) - before >= _MOST_WRONG:
                text = f"{_owner(path)} has {len(rows) - index} more rows, which were not looked at"
                self.add(path, f"{text}; see to the first ones")
                return
            yield index, row

    def or_raise(self, limit: str) -> str:
        """Return how a limit is raised, as the end of a message."""
        return f", or {self.raising(limit)}" if self.raising is not None else ""

    def hint(self, name: str, known: Iterable[str], most: int = 24) -> str:
        """Return a did-you-mean."""
        return did_you_mean(name[:_SHOWN], sorted(known), most=most) if self.hints else "."

    # Each check returns the value, or None where it is absent (null) or wrong.

    def text(
        self, path: Path, value: object, *, most: int | None = None, empty: bool = False
    ) -> str | None:
        """Check a text without control characters and lone surrogates."""
        how = f"; shorten it{self.or_raise('text')}" if most is None else ""
        most = self.most_text if most is None else most
        if value is None:
            return None
        name = path[-1]
        if not isinstance(value, str):
            self.add(path, f"{name} is text, not {shown(value)}")
            return None
        if not value.isascii() or not value.isprintable():
            for char in value:
                category = unicodedata.category(char)
                if category == "Cs":
                    half = "a byte that is not UTF-8, or " if 0xDC80 <= ord(char) <= 0xDCFF else ""
                    text = f"{name} holds {half}half of a surrogate pair, U+{ord(char):X}"
                    self.add(path, text)
                    return None
                if category == "Cc" and char not in "\t\n\r":
                    self.add(path, f"{name} holds the control character U+{ord(char):04X}")
                    return None
        if len(value) > most:
            self.add(path, f"{name} is {len(value)} characters long; at most {most}{how}")
            return None
        if not empty and not value.strip():
            self.add(path, f"{name} is blank; leave it out or fill it in")
            return None
        return value

    def identifier(self, path: Path, value: object) -> str | None:
        """Check an id: one line of text; a whole number counts as its digits."""
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            value = str(value)
        text = self.text(path, value, most=MAX_ID)
        if text is not None and (text != text.strip() or "\n" in text or "\r" in text):
            self.add(path, f"{path[-1]} {shown(text)} has blanks around it or a line break")
            return None
        return text

    def word(self, path: Path, value: object, known: Iterable[str]) -> str | None:
        """Check a word of a closed vocabulary."""
        if value is None:
            return None
        name = str(path[-1])
        if not isinstance(value, str):
            self.add(path, f"{name} is one of its words, not {shown(value)}")
            return None
        if value not in known:
            self.add(path, f"unknown {name} {shown(value)}{self.hint(value, known)}")
            return None
        return value

    def party(self, path: Path, value: object) -> str | None:
        """Check a party."""
        if value is None:
            return None
        if not isinstance(value, str):
            self.add(path, f"a party is a code such as 'USA', not {shown(value)}")
            return None
        if value not in PARTIES:
            hint = party_hint(value[:_SHOWN]) if self.hints else "."
            self.add(path, f"unknown party {shown(value)}{hint}")
            return None
        return value

    def parties(self, path: Path, value: object) -> tuple[str, ...]:
        """Check a list of parties; one alone may stand without a list."""
        if value is None:
            return ()
        rows = [value] if isinstance(value, str) else self._list(path, value)
        found: list[str | None] = []
        for index, row in self.rows(path, rows):
            at = path if isinstance(value, str) else (*path, index)
            if row is None:
                self.add(at, "a party is a code such as 'USA', not null")
            else:
                found.append(self.party(at, row))
        codes = [code for code in found if code is not None]
        if len(set(codes)) < len(codes):
            self.add(path, f"{path[-1]} names {_first_twice(codes)} twice")
        return tuple(codes)

    def texts(self, path: Path, value: object) -> tuple[str, ...]:
        """Check a list of ids; one alone may stand without a list."""
        if value is None:
            return ()
        rows = [value] if isinstance(value, str) else self._list(path, value)
        found = []
        for index, row in self.rows(path, rows):
            at = path if isinstance(value, str) else (*path, index)
            if not isinstance(row, str):
                self.add(at, f"{path[-1]} lists texts, not {shown(row)}")
            elif (text := self.text(at, row, most=MAX_ID)) is not None:
                found.append(text)
        return tuple(found)

    def truth(self, path: Path, value: object) -> bool | None:
        """Check true or false."""
        if value is None or isinstance(value, bool):
            return value
        self.add(path, f"{path[-1]} is true or false, not {shown(value)}")
        return None

    def number(
        self, path: Path, value: object, most: float, *, whole: bool = False, unit: str = ""
    ) -> float | None:
        """Check a number from 0 to `most`."""
        if value is None:
            return None
        name = _owner(path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.add(path, f"{name} is a number{_in(unit)}, not {shown(value)}{_si(value)}")
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self.add(path, f"{name} is {shown(value)}; leave it out where it is not known")
            return None
        if not 0 <= value <= most:
            why = "; is it in metres?" if unit == "km" and value > most else ""
            self.add(path, f"{name} {shown(value)} is outside 0 to {most:.15g}{_sp(unit)}{why}")
            return None
        if whole and value != int(value):
            self.add(path, f"{name} is a whole number, not {shown(value)}")
            return None
        return value

    def interval(
        self, path: Path, value: object, most: float, *, whole: bool = False, unit: str = ""
    ) -> Interval | None:
        """Check a number or [min, max]."""
        if value is None:
            return None
        if isinstance(value, Interval):
            value = [value.lo, value.hi]
        if not _is_list(value):
            number = self.number(path, value, most, whole=whole, unit=unit)
            return None if number is None else Interval(number)
        if len(value) != 2:
            text = f"{path[-1]} is a number or [min, max], not a list of {len(value)}"
            self.add(path, text)
            return None
        before = len(self.found)
        ends = []
        for index, end in enumerate(value):
            if end is None:
                text = f"{path[-1]} ends at null; leave it out where it is not known"
                self.add((*path, index), text)
            else:
                ends.append(self.number((*path, index), end, most, whole=whole, unit=unit))
        if len(self.found) > before:
            return None
        low, high = (end for end in ends if end is not None)
        if low > high:
            swap = f"; did you mean [{shown(high)}, {shown(low)}]?"
            self.add(path, f"{path[-1]} [{shown(low)}, {shown(high)}] runs downwards{swap}")
            return None
        return Interval(low, high)

    def kilometres(self, path: Path, value: object) -> Interval | None:
        """Check a range in kilometres."""
        return self.interval(path, value, MAX_KM, unit="km")

    def people(self, path: Path, value: object) -> Interval | None:
        """Check a number of people."""
        return self.interval(path, value, MAX_PERSONNEL, whole=True)

    def day(self, path: Path, value: object) -> date | None:
        """Check a date."""
        if value is None:
            return None
        name = path[-1]
        if isinstance(value, datetime):
            self.add(path, f"{name} is a date, not a time; times go into 'times'")
            return None
        if isinstance(value, date):
            return value
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.add(path, f"{name} {shown(value)} is not in the calendar")
                return None
        self.add(path, f'{name} {shown(value)} is not a date; write "YYYY-MM-DD"')
        return None

    def stay(self, path: Path, raw: Mapping[str, object]) -> Stay:
        """Check from, until and on together."""
        start = self.day((*path, "from"), raw.get("from"))
        end = self.day((*path, "until"), raw.get("until"))
        on = self.day((*path, "on"), raw.get("on"))
        if raw.get("on") is not None:
            if raw.get("from") is not None or raw.get("until") is not None:
                self.add((*path, "on"), "on is one day; give either on or from and until")
            return Stay(on, on)
        if start is not None and end is not None and end < start:
            self.add((*path, "until"), f"until {end} is before from {start}")
            return Stay()
        return Stay(start, end)

    def times(self, path: Path, value: object) -> tuple[datetime, ...]:
        """Check a list of times with zones that never goes back."""
        if value is None:
            return ()
        found: list[datetime] = []
        for index, row in self.rows(path, self._list(path, value)):
            moment = self._time((*path, index), row)
            if moment is None:
                continue
            if found and moment < found[-1]:
                text = f"times[{index}] {moment.isoformat()} is before the time ahead of it"
                self.add((*path, index), text)
            found.append(moment)
        return tuple(found)

    def _time(self, path: Path, value: object) -> datetime | None:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                self.add(path, f"the time {value.isoformat()} has no zone; add UTC")
                return None
            return value.astimezone(UTC)
        example = 'write for example "2021-12-17T09:30:00Z"'
        if not isinstance(value, str):
            self.add(path, f"a time is text, not {shown(value)}; {example}")
            return None
        if not _TIME.fullmatch(value):
            if _DATE.fullmatch(value) or _TIME_WITHOUT_ZONE.fullmatch(value):
                self.add(path, f"the time {shown(value)} has no zone; {example}")
                return None
            self.add(path, f"{shown(value)} is not a time of RFC 3339; {example}")
            return None
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            self.add(path, f"the time {shown(value)} is not in the calendar")
            return None

    def _list(self, path: Path, value: object) -> Sequence[Any]:
        if _is_list(value):
            return value
        self.add(path, f"{path[-1]} is a list, not {shown(value)}")
        return ()


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)


def _owner(path: Path) -> str:
    """Return the name that a message uses: ``range_km[1]`` for its second end."""
    if isinstance(path[-1], int) and len(path) > 1:
        return f"{path[-2]}[{path[-1]}]"
    return str(path[-1])


def _in(unit: str) -> str:
    return f" in {unit}" if unit else ""


def _sp(unit: str) -> str:
    return f" {unit}" if unit else ""


def _si(value: object) -> str:
    """Return what a length with its unit would be as a number, for the hint."""
    if not isinstance(value, str):
        return ""
    try:
        return f"; write {parse_length_m(value) / METRES_PER_KM:g}"
    except SettingError:
        return ""


def _first_twice(codes: list[str]) -> str:
    return next(code for index, code in enumerate(codes) if code in codes[:index])
