"""Takes features in, and keeps what is good, what is wrong, and how much of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from deploygeo.errors import Fault, excerpt
from deploygeo.io._scan import find_flaws, locate
from deploygeo.io._stream import flaw_text
from deploygeo.io._window import Window
from deploygeo.io.alike import kind_of
from deploygeo.io.features import parse_feature, to_features
from deploygeo.io.limits import Limits
from deploygeo.model import Deployment, Origin, Record
from deploygeo.model._flaws import Flaws, Path, pointer, printable, shown, unwrapped

__all__ = ["Reading", "Sink"]

_INFINITE = shown(float("inf"))
_NUMBER = re.compile(r"-?[0-9][0-9.eE+-]*", re.ASCII)

_Tell = Callable[[Fault], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source holds: the good, and the faults of the rest."""

    deployments: tuple[Deployment, ...]
    records: tuple[Record, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    source: str
    sha256: str
    fault_count: int = 0
    features: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether everything was read."""
        return not self.faults


@dataclass(slots=True)
class Sink:
    """Takes features in and keeps what is good, what is wrong, and how much of it.

    So many faults are told one by one as the limit says. Of those that come later the first
    of a new kind is told, of as many kinds; the others are counted with their kind.
    """

    name: str
    limits: Limits
    window: Window | None = None
    things: list[Deployment | Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    ids: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    fault_count: int = 0
    warning_count: int = 0
    features: int = 0
    broken: bool = False
    head: tuple[str, ...] = ("features",)
    _kinds: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _more: dict[int, int] = field(default_factory=dict)
    _late: int = 0
    _untold: int = 0
    _heads: dict[str | int, int] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether so many faults are told that others of their kind are only counted."""
        return self.fault_count >= self.limits.faults

    def fault(self, fault: Fault, *, always: bool = False) -> None:
        """Take a fault."""
        kind = kind_of(fault)
        known = self._kinds.get(kind)
        is_full = self.is_full and not always
        self.fault_count += 1
        if is_full and known is not None:
            self._more[known] = self._more.get(known, 0) + 1
            return
        if is_full:
            self._late += 1
            if self._late > self.limits.faults:
                self._untold += 1
                return
        self._kinds.setdefault(kind, len(self.faults))
        self.faults.append(fault)

    def warn(self, fault: Fault) -> None:
        """Take a warning."""
        self.warning_count += 1
        if self.warning_count <= self.limits.faults:
            self.warnings.append(fault)

    def feature(
        self,
        value: object,
        offset: int | None,
        *,
        head: tuple[str, ...] | None = ("features",),
        flaws: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Check one feature and keep it, or tell why not; `head` points to the list it is in."""
        index = self.features
        self.features += 1
        self._heads.clear()
        line = self.window.line(offset) if self.window and offset is not None else None
        at = _At(offset, index, _id(value), () if head is None else (*head, index))
        found, thing = self._parsed(value, Origin(self.name, line, index))
        if flaws:
            self._text_flaws(flaws, found, at)
        for path, text in found.found:
            self._tell(self.fault, path, text, at)
        for path, text in found.warnings:
            self._tell(self.warn, path, text, at)
        if thing is not None and not flaws:
            self._keep(thing, line, at)

    def _parsed(self, value: object, origin: Origin) -> tuple[Flaws, Deployment | Record | None]:
        def parse(value: object, *, hints: bool) -> tuple[Flaws, Deployment | Record | None]:
            found = Flaws(hints, self.limits.text, self.limits.vertices)
            return found, parse_feature(found, value, origin, depth=self.limits.depth)

        found, thing = parse(value, hints=not self.is_full)
        if thing is None and self.window is None:  # of Python: NumPy's numbers are numbers
            value = unwrapped(value, self.limits.depth)
            found, thing = parse(value, hints=not self.is_full)
        if found and self.is_full and self._late < self.limits.faults:
            # what is told for the first time is told with what may have been meant
            found, thing = parse(value, hints=True)
        return found, thing

    def ready(self, thing: Deployment | Record) -> None:
        """Keep what was checked when it was made."""
        index = self.features
        self.features += 1
        self._keep(thing, None, _At(None, index, thing.id, ()))

    def _keep(self, thing: Deployment | Record, line: int | None, at: _At) -> None:
        if thing.id in self.ids:
            first, first_line = self.ids[thing.id]
            where = f"features[{first}]" + (f", line {first_line}" if first_line else "")
            text = f"the id {shown(thing.id)} is taken by {where}"
            path: Path = ("properties", "id") if at.prefix or line else ()
            self._tell(self.fault, path, text, replace(at, id=thing.id))
            return
        self.ids[thing.id] = (at.feature, line)
        self.things.append(thing)

    def _tell(self, to: _Tell, path: Path, text: str, at: _At) -> None:
        place: tuple[int | None, int | None] = (None, None)
        row = ""
        fault = Fault(text, self.name, None, None, at.feature, at.id, pointer((*at.prefix, *path)))
        # what is only counted is not located: that would cost more than to find it
        is_told = not self.is_full or kind_of(fault) not in self._kinds
        if self.window is not None and at.offset is not None and is_told:
            there = self._locate(self.window.text, at.offset, path)
            place, row = self.window.place(there), excerpt(*self.window.row(there))
            number = _NUMBER.match(self.window.text, there)
            if _INFINITE in text and number:
                text = text.replace(_INFINITE, f"{_short(number.group())}, too large a number")
        line, column = place
        to(replace(fault, message=text, line=line, column=column, excerpt=row))

    def _locate(self, text: str, offset: int, path: Path) -> int:
        """Return where `path` lies; a long geometry is walked over once and not per fault."""
        if not path:
            return offset
        head = path[0]
        if head not in self._heads:
            self._heads[head] = locate(text, offset, path[:1])
        at = self._heads[head]
        return at if at == offset else locate(text, at, path[1:])

    def _text_flaws(self, flaws: tuple[tuple[str, str], ...], found: Flaws, at: _At) -> None:
        if self.window is None or at.offset is None or self.is_full:
            for kind, name in flaws:
                message = flaw_text(kind, name)
                self.fault(
                    Fault(message, self.name, None, None, at.feature, at.id, pointer(at.prefix))
                )
            return
        text = self.window.text
        places = find_flaws(text, at.offset)
        said = {path for path, _ in places}
        found.found = [(path, text) for path, text in found.found if path not in said]
        # the decoder closes the inner object first, the text is told from top to bottom
        for path, there in places:
            line, column = self.window.place(there)
            row = excerpt(*self.window.row(there))
            word = text[there : there + 9]
            kind = "duplicate" if word.startswith('"') else "constant"
            name = str(path[-1]) if kind == "duplicate" else _constant(word)
            full = pointer((*at.prefix, *path))
            message = flaw_text(kind, name)
            self.fault(Fault(message, self.name, line, column, at.feature, at.id, full, row))

    def close(self, digest: str | None) -> Reading:
        """Return what was read."""
        for index, more in self._more.items():
            self.faults[index] = replace(self.faults[index], more=more)
        if self._untold:
            self.faults.append(Fault(f"and {self._untold} more faults of other kinds", self.name))
        for thing in self.things:
            part_of = thing.part_of if isinstance(thing, Deployment) else None
            if part_of is not None and part_of not in self.ids:
                origin = thing.origin or Origin(self.name)
                text = f"part-of: no feature here has the id {shown(part_of)}"
                self.warn(Fault(text, self.name, origin.line, feature=origin.feature, id=thing.id))
        silent = self.warning_count - len(self.warnings)
        if silent > 0:
            self.warnings.append(Fault(f"and {silent} more warnings", self.name))
        return Reading(
            deployments=tuple(one for one in self.things if isinstance(one, Deployment)),
            records=tuple(one for one in self.things if isinstance(one, Record)),
            faults=tuple(self.faults),
            warnings=tuple(self.warnings),
            source=self.name,
            sha256=digest or _digest(self.things),
            fault_count=self.fault_count,
            features=self.features,
        )


@dataclass(frozen=True, slots=True)
class _At:
    """Which feature a fault is in: its offset in the window, index, id and pointer."""

    offset: int | None
    feature: int
    id: str | None
    prefix: Path


def _id(feature: object) -> str | None:
    """Return the id of a feature that may be wrong, short enough for a message."""
    if not isinstance(feature, Mapping):
        return None
    properties = feature.get("properties")
    found = feature.get("id")
    if found is None and isinstance(properties, Mapping):
        found = properties.get("id")
    return printable(found[:80]) if isinstance(found, str) else None


def _short(number: str) -> str:
    return number if len(number) <= 40 else f"{number[:20]}… ({len(number)} digits)"


def _constant(word: str) -> str:
    return next((name for name in ("NaN", "Infinity", "-Infinity") if word.startswith(name)), word)


def _digest(things: Iterable[Deployment | Record]) -> str:
    """Return the checksum of what was read, where there is no file to take it of."""
    text = json.dumps(to_features(things), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
