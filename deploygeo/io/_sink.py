"""Takes features in, and keeps what is good, what is wrong, and how much of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

from deploygeo.errors import Fault, excerpt
from deploygeo.io._scan import find_flaws, locate
from deploygeo.io._strict import flaw_text_at, more_flaws_text
from deploygeo.io._text import RefusedError
from deploygeo.io._window import Window
from deploygeo.io.alike import kind_of
from deploygeo.io.features import parse_feature, to_features
from deploygeo.io.limits import Limits, raising
from deploygeo.model import Deployment, Origin, Record
from deploygeo.model._flaws import Flaws
from deploygeo.model._shown import Path, pointer, printable, shown, unwrapped

__all__ = ["Reading", "Sink", "Spot", "ids_of", "parts_of_nothing"]

_INFINITE = shown(float("inf"))
_NUMBER = re.compile(r"-?[0-9][0-9.eE+-]*", re.ASCII)
_MOST_SAID = 10_000
# Lists of faults, word for word, of features that are wrong alike, and how long they may be.
_MOST_LISTS, _FEW = 100, 8
_OTHER_KINDS = "a fault of yet another kind, of which no more are told"
_LONG = 200


class Spot(NamedTuple):
    """A place in a source of text, the line of it with a caret, and the number that is there."""

    line: int | None = None
    column: int | None = None
    excerpt: str = ""
    number: str = ""


#: Tells where a path into a feature stands.
Where = Callable[[Path], Spot]


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


def ids_of(thing: Deployment | Record) -> list[str]:
    """Return the ids under which findings tell of a thing: its own and those of its contingents.

    Examples
    --------
    >>> unit = {"id": "a", "party": "DEU", "kind": "ground_force", "geometry": (25, 55)}
    >>> ids_of(Deployment(**unit)), ids_of(Deployment(**unit, contingents=[{"party": "FRA"}]))
    (['a'], ['a', 'a/FRA'])
    """
    parts = thing.contingents if isinstance(thing, Deployment) else ()
    return [thing.id, *(f"{thing.id}/{part.party}" for part in parts)]


def parts_of_nothing(things: Iterable[Deployment | Record], name: str = "") -> list[Fault]:
    """Return a warning for each deployment that is part of one that is not there.

    Examples
    --------
    >>> one = Deployment(id="a", party="DEU", kind="ground_force", geometry=(25, 55), part_of="b")
    >>> [warning.message for warning in parts_of_nothing([one])], parts_of_nothing([])
    (["part-of: no feature here has the id 'b'"], [])
    """
    found = list(things)
    ids = {thing.id for thing in found}
    faults = []
    for thing in found:
        part_of = thing.part_of if isinstance(thing, Deployment) else None
        if part_of is not None and part_of not in ids:
            origin = thing.origin or Origin(name)
            text = f"part-of: no feature here has the id {shown(part_of)}"
            fault = Fault(text, origin.source, origin.line, feature=origin.feature, id=thing.id)
            faults.append(fault)
    return faults


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
    _contingents: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    _kinds: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _more: dict[int, int] = field(default_factory=dict)
    _said: dict[tuple[bool, Path, str], tuple[str, str, str]] = field(default_factory=dict)
    _lists: dict[tuple[Any, ...], tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    _late: int = 0
    _untold: int = 0
    _heads: dict[str | int, int] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether so many faults are told that others of their kind are only counted."""
        return self.fault_count >= self.limits.faults

    def fault(
        self, fault: Fault, *, always: bool = False, kind: tuple[str, str, str] | None = None
    ) -> None:
        """Take a fault; its `kind` where it is known already."""
        kind = kind or kind_of(fault)
        is_full = self.is_full and not always
        if is_full and kind in self._kinds:
            self._count(kind)
            return
        self.fault_count += 1
        if is_full:
            self._late += 1
            if self._late > self.limits.faults:
                self._untold += 1
                return
        self._kinds.setdefault(kind, len(self.faults))
        self.faults.append(fault)

    def _count(self, kind: tuple[str, str, str]) -> None:
        """Count a fault of a kind of which another is told."""
        known = self._kinds[kind]
        self._more[known] = self._more.get(known, 0) + 1
        self.fault_count += 1

    def check_room(self, line: int | None = None) -> None:
        """Refuse more features than are taken."""
        most = self.limits.features
        if self.features >= most:
            text = f"there are more than {most} features; split the source, or "
            text += f"{raising('features')}; what follows was not read"
            raise RefusedError(Fault(text, self.name, line))

    def warn(self, fault: Fault) -> None:
        """Take a warning; they are counted whatever their kind."""
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
        self._heads.clear()
        line, where = None, None
        if self.window is not None and offset is not None:
            line, where = self.window.line(offset), partial(self._spot, self.window, offset)
        at = self._next(value, head, where)
        odd: list[tuple[Path, int]] = []
        if flaws and self.window is not None and offset is not None:
            odd = find_flaws(self.window.text, offset)
        found, thing = self._parsed(value, line, at, {path for path, _ in odd})
        if self.window is not None:
            self._tell_odd(odd, self.window, at)
        if odd and len(flaws) > len(odd):
            self._tell((), more_flaws_text(len(flaws) - len(odd)), at)
        self._tell_all(found, at)
        if thing is not None and not flaws:
            self._keep(thing, line, at)

    def take(
        self, value: object, line: int | None, where: Where, also: Iterable[tuple[Path, str]] = ()
    ) -> None:
        """Check one feature of which its reader knows where each part stands.

        `also` is what the reader has found wrong with it before.
        """
        self.check_room(line)
        at = self._next(value, ("features",), where)
        found, thing = self._parsed(value, line, at)
        known = list(also)
        told = {path[0] for path, _ in known if path}
        rest = [(path, text) for path, text in found.found if not path or path[0] not in told]
        found.found = [*known, *rest]
        self._tell_all(found, at)
        if thing is not None and not known:
            self._keep(thing, line, at)

    def lose(self, text: str, spot: Spot) -> None:
        """Count a feature that cannot be read at all."""
        self.check_room(spot.line)
        at = self._next(None, ("features",), lambda _: spot)
        self._tell((), text, at)

    def ready(self, thing: Deployment | Record) -> None:
        """Keep what was checked when it was made."""
        self._keep(thing, None, replace(self._next(None, None, None), id=thing.id))

    def _next(self, value: object, head: tuple[str, ...] | None, where: Where | None) -> _At:
        index = self.features
        self.features += 1
        is_outer = isinstance(value, Mapping) and value.get("id") is not None
        id_path = ("id",) if is_outer else ("properties", "id")
        return _At(index, _id(value), () if head is None else (*head, index), where, id_path)

    def _parsed(
        self, value: object, line: int | None, at: _At, besides: Container[Path] = ()
    ) -> tuple[Flaws, Deployment | Record | None]:
        """Check a feature; of the paths `besides` there is a fault already, and no other."""
        origin = Origin(self.name, line, at.feature)

        def parse(value: object, *, hints: bool) -> tuple[Flaws, Deployment | Record | None]:
            found = Flaws(hints, self.limits.text, self.limits.vertices, raising)
            thing = parse_feature(found, value, origin, depth=self.limits.depth)
            found.found = [one for one in found.found if one[0] not in besides]
            return found, thing

        found, thing = parse(value, hints=not self.is_full)
        if thing is None and at.where is None:  # of Python: NumPy's numbers are numbers
            value = unwrapped(value, self.limits.depth)
            found, thing = parse(value, hints=not self.is_full)
        if self.is_full and self._late < self.limits.faults and self._is_new(found, at):
            # what is told for the first time is told with what may have been meant
            found, thing = parse(value, hints=True)
        return found, thing

    def _is_new(self, found: Flaws, at: _At) -> bool:
        """Return whether something was found of which nothing is told yet."""
        if self._alike(found, at) is not None:
            return False
        return any(self._kind(path, text, at) not in self._kinds for path, text in found.found)

    def _keep(self, thing: Deployment | Record, line: int | None, at: _At) -> None:
        names = ids_of(thing)
        for name in names:
            taken = self.ids.get(name) or self._contingents.get(name)
            if taken is not None:
                first, first_line = taken
                where = f"features[{first}]" + (f", line {first_line}" if first_line else "")
                of = "" if name == thing.id else ", of a contingent,"
                text = f"the id {shown(name)}{of} is taken by {where}"
                path: Path = at.id_path if at.prefix or line else ()
                self._tell(path, text, replace(at, id=thing.id))
                return
        self.ids[thing.id] = (at.feature, line)
        self._contingents |= dict.fromkeys(names[1:], (at.feature, line))
        self.things.append(thing)

    def _tell_odd(self, odd: Iterable[tuple[Path, int]], window: Window, at: _At) -> None:
        """Tell what the decoder let pass, from top to bottom."""
        for path, there in odd:
            text = flaw_text_at(window.text, path, there)
            where = partial(self._spot_at, window, there)
            self._tell(path, text, replace(at, where=where))

    def _alike(self, found: Flaws, at: _At) -> tuple[tuple[str, str, str], ...] | None:
        """Return the kinds of what was found, if all of it was found before, word for word."""
        return self._lists.get((bool(at.prefix), *found.found)) if found.found else None

    def _tell_all(self, found: Flaws, at: _At) -> None:
        if self.is_full and (kinds := self._alike(found, at)) is not None:
            for kind in kinds:
                self._count(kind)
        elif found.found:
            self._tell_each(found, at)
        for path, text in found.warnings:
            self.warn(self._located(path, text, at))

    def _tell_each(self, found: Flaws, at: _At) -> None:
        for path, text in found.found:
            self._tell(path, text, at)
        if self.is_full and len(self._lists) < _MOST_LISTS and len(found.found) <= _FEW:
            kinds = tuple(self._kind(path, text, at) for path, text in found.found)
            if all(kind in self._kinds for kind in kinds):
                self._lists[bool(at.prefix), *found.found] = kinds

    def _kind(self, path: Path, text: str, at: _At) -> tuple[str, str, str]:
        """Return the kind of a fault; of half a million alike it is found out once."""
        key = bool(at.prefix), path, text
        kind = self._said.get(key)
        if kind is None:
            kind = kind_of(self._fault(path, text, at))
            if len(self._said) < _MOST_SAID and len(pointer(path)) < _LONG:
                self._said[key] = kind
        return kind

    def _fault(self, path: Path, text: str, at: _At) -> Fault:
        return Fault(text, self.name, None, None, at.feature, at.id, pointer((*at.prefix, *path)))

    def _tell(self, path: Path, text: str, at: _At) -> None:
        kind = self._kind(path, text, at)
        if self.is_full and kind in self._kinds:
            # what is only counted is not located: that would cost more than to find it
            self._count(kind)
        else:
            self.fault(self._located(path, text, at), kind=kind)

    def _located(self, path: Path, text: str, at: _At) -> Fault:
        """Return a fault with its place, where that is known."""
        fault = self._fault(path, text, at)
        if at.where is None:
            return fault
        line, column, row, number = at.where(path)
        if _INFINITE in text and number:
            text = text.replace(_INFINITE, f"{_short(number)}, too large a number")
        return replace(fault, message=text, line=line, column=column, excerpt=row)

    def _spot(self, window: Window, offset: int, path: Path) -> Spot:
        return self._spot_at(window, self._locate(window.text, offset, path))

    def _spot_at(self, window: Window, there: int, _: Path = ()) -> Spot:
        number = _NUMBER.match(window.text, there)
        row = excerpt(*window.row(there))
        return Spot(*window.place(there), row, number.group() if number else "")

    def _locate(self, text: str, offset: int, path: Path) -> int:
        """Return where `path` lies; a long geometry is walked over once and not per fault."""
        if not path:
            return offset
        head = path[0]
        if head not in self._heads:
            self._heads[head] = locate(text, offset, path[:1])
        at = self._heads[head]
        return at if at == offset else locate(text, at, path[1:])

    def close(self, digest: str | None) -> Reading:
        """Return what was read."""
        for index, more in self._more.items():
            self.faults[index] = replace(self.faults[index], more=more)
        if self._untold:
            # reports count each and those like it
            rest = Fault(_OTHER_KINDS, self.name, more=self._untold - 1)
            self.faults.append(rest)
        for warning in parts_of_nothing(self.things, self.name):
            self.warn(warning)
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
    """Which feature a fault is in: index, id, pointer, and where its parts and its id stand."""

    feature: int
    id: str | None
    prefix: Path
    where: Where | None
    id_path: Path


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


def _digest(things: Iterable[Deployment | Record]) -> str:
    """Return the checksum of what was read, where there is no file to take it of."""
    text = json.dumps(to_features(things), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
