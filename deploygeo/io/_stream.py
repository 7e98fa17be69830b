"""Strict JSON, one feature at a time, with the offset of each.

The text is walked with the standard decoder's own scanner through a window, so that memory
is that of one feature and one block, what stands before a broken place is still read, and each
feature knows where it starts. On top of the decoder: no NaN, Infinity or duplicate key, no nesting
deeper than the limit, no exception that is not a fault.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from deploygeo.errors import excerpt
from deploygeo.io._scan import Place, depth_exceeds, find_flaws, skip_value
from deploygeo.io._window import SEPARATOR, Window
from deploygeo.io.limits import raising

__all__ = ["Broken", "Item", "Member", "stream"]

# More digits than any double needs; int() itself refuses more than 4 300 (CVE-2020-10735).
_MOST_DIGITS = 400
# Each error of the decoder counts the lines before it: without a bound, a file of broken
# lines takes quadratic time (600 kB took 35 s).
_MOST_BROKEN = 100
# Of what is checked beside the features a fault tells the place.
_CHECKED = frozenset({"type", "features", "crs"})
_MOST_ODD = 100
# To find the end of what is nested too deep takes 0.3 µs a bracket: 0.3 s, of the second that
# a refusal may take (200 MB of brackets took 58 s).
_MOST_SKIPPED = 1_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One element of ``features`` or one object of a sequence, and its offset in the window."""

    value: Any
    offset: int
    in_collection: bool
    flaws: tuple[tuple[str, str], ...] = ()
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a FeatureCollection other than its features, and where its value stands."""

    key: str
    value: Any
    place: Place
    excerpt: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the text is not JSON; `index` counts the features before.

    After a final one nothing more was read, which a report must never leave out. `path` leads
    to what is wrong with a member of a collection.
    """

    message: str
    place: Place
    excerpt: str = ""
    index: int | None = None
    in_collection: bool = False
    path: tuple[str | int, ...] = ()
    is_end: bool = False
    is_final: bool = False


@dataclass(slots=True)
class _Strict:
    """A decoder that notes what the standard one lets pass."""

    window: Window
    depth: int
    flaws: list[tuple[str, str]] = field(default_factory=list)
    decoder: json.JSONDecoder = field(init=False)
    collected: bool = False

    def __post_init__(self) -> None:
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant, parse_int=_whole
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.flaws.append(("duplicate", key))
                seen.add(key)
        return made

    def _constant(self, name: str) -> float:
        self.flaws.append(("constant", name))
        return float(name.replace("Infinity", "inf"))

    def value(self, at: int) -> tuple[Any, int]:
        """Return the value at an offset and the offset after it."""
        window = self.window
        while True:
            self.flaws.clear()
            try:
                value, end = self.decoder.raw_decode(window.text, at)
            except RecursionError:
                deep = depth_exceeds(window.text, at, self.depth)
                raise _DeepError(deep if deep is not None else at, at) from None
            except json.JSONDecodeError as error:
                is_open = error.msg.startswith("Unterminated string")
                if (is_open or window.may_be_cut(error.pos)) and window.grow():
                    continue
                raise
            # of a number the part before a point or an exponent is a number as well
            is_open = isinstance(value, int | float) and window.may_be_cut(end)
            if not (is_open and window.grow()):
                return value, end

    def after(self, at: int) -> int:
        """Return the offset after a value, or -1 where it is too far to look for."""
        while True:
            end = skip_value(self.window.text, at, _MOST_SKIPPED)
            if end < len(self.window.text):
                return end
            if not self.window.grow():
                return end
            for _ in range(2):  # eight times as much in all, as the walk begins anew
                self.window.grow()

    def broken(self, text: str, at: int, index: int | None = None, **more: Any) -> Broken:
        """Return what a report says of an offset in the window."""
        place = self.window.place(at)
        return Broken(text, place, excerpt(*self.window.row(at)), index, **more)

    def member(self, key: str, value: Any, at: int) -> Member:
        """Return a member of what may be a collection."""
        if key not in _CHECKED:  # nothing is told of it
            return Member(key, value, Place(0, 0), "")
        return Member(key, value, self.window.place(at), excerpt(*self.window.row(at)))

    def odd(self, key: str, at: int) -> Iterator[Broken]:
        """Tell what the standard decoder let pass in the value of a member."""
        found = find_flaws(self.window.text, at) if self.flaws else []
        for path, there in found:
            text = flaw_text_at(self.window.text, path, there)
            yield self.broken(text, there, path=(key, *path))
        if (more := len(self.flaws) - len(found)) > 0:
            yield self.broken(more_flaws_text(more), at, path=(key,))

    def too_deep(self, deep: _DeepError, end: int, index: int | None = None, **more: Any) -> Broken:
        """Return what a report says of a value nested too deep; `end` is that of `after`."""
        text = f"nested deeper than {self.depth} levels; {raising('depth')}"
        if end < 0:
            text += "; what follows was not read"
        return self.broken(text, deep.offset, index, is_final=end < 0, **more)


class _DeepError(Exception):
    """The value at `start` is nested too deep at an offset."""

    def __init__(self, offset: int, start: int) -> None:
        super().__init__()
        self.offset = offset
        self.start = start


# Yields what it meets and returns the offset after the value, or None where it broke.
_Walk = Generator["Item | Member | Broken", None, "int | None"]


def _whole(text: str) -> float:
    return int(text) if len(text) <= _MOST_DIGITS else float(text)


def stream(window: Window, depth: int) -> Iterator[Item | Member | Broken]:
    """Yield what a GeoJSON text or a sequence of them holds, in order.

    A FeatureCollection yields its features as items and its other members as
    members; any other object or value yields itself as one item. An offset holds until the
    next is asked for.

    Raises
    ------
    TooLongError
        If one value is longer than the window may be.
    """
    strict = _Strict(window, depth)
    separated = window.first == SEPARATOR
    at = _skip(window, 0)
    is_list = window.at(at) == "["
    collection = False
    is_first = True
    index = broken = 0
    while window.has(at):
        window.begin(at)
        if collection:
            what = "the list" if is_list else "the FeatureCollection"
            text = f"more text after the end of {what}"
            yield strict.broken(text, at, is_final=True)
            return
        start = at
        # one broken object alone may be anything
        is_comma = window.at(at) == ","
        known = index if (separated or not is_first) and not is_comma else None
        if window.at(at) == "{":
            strict.collected = False
            result = yield from _object(strict, at, index, known)
            collection = strict.collected
        elif is_list and is_first:
            strict.collected = collection = True
            result = yield from _features(strict, at)
        else:
            result = yield from _plain(strict, at, index, known)
        is_first = False
        index += not is_comma
        if result is not None:
            at = _skip(window, window.drop(result))
            continue
        if strict.collected:  # its features would be taken for a sequence
            return
        broken += 1
        if broken >= _MOST_BROKEN:
            reason = f"{broken} objects of this sequence are broken; what follows was not read"
            yield strict.broken(reason, start, is_final=True)
            return
        # A sequence of one object a line goes on at the next line, or after the next
        # record separator (RFC 8142); anything else ends at its first fault.
        mark = window.find(SEPARATOR if separated else "\n", start + 1)
        if mark < 0:
            return
        at = _skip(window, mark)
        if not separated and (window.at(at) != "{" or window.text[at - 1] != "\n"):
            return
        at = window.drop(at)


def _skip(window: Window, at: int) -> int:
    return window.skip(at, also=SEPARATOR)


def _plain(strict: _Strict, at: int, index: int, known: int | None) -> _Walk:
    try:
        value, end = strict.value(at)
    except _DeepError as deep:
        end = strict.after(deep.start)
        yield strict.too_deep(deep, end, index)
        return end if end >= 0 else strict.window.close()
    except json.JSONDecodeError as error:
        yield _not_json(strict, error, known, at)
        return None
    yield Item(value, at, False, tuple(strict.flaws), index)
    return end


def _object(strict: _Strict, start: int, index: int, known: int | None) -> _Walk:
    """Walk one object; stream its ``features`` when it has them.

    `index` is its own in a sequence, `known` the same where it is sure to be in one.
    """
    window = strict.window
    first = strict.member("type", None, start)
    members: dict[str, Member] = {}
    flaws: list[tuple[str, str]] = []
    odd: list[Broken] = []
    collected = is_lost = False
    at = window.skip(start + 1)
    try:
        while window.at(at) != "}" or members or collected:  # a comma wants a member
            key_at = at
            key, at = _key(strict, at)
            if key == "features" and window.at(at) == "[":
                if collected or key in members:
                    yield strict.broken("the member 'features' comes twice", at)
                    return None
                if index:
                    reason = "a FeatureCollection cannot stand in a sequence of features"
                    yield strict.broken(reason, start, index)
                    return None
                collected = strict.collected = True
                result = yield from _features(strict, at)
                if result is None:
                    yield from _crs(members)
                    return None
                at = result
                window.begin(at)
            else:
                value_at = at
                try:
                    value, at = strict.value(at)
                except _DeepError as deep:  # what stands beside it is read
                    at = strict.after(value_at)
                    yield strict.too_deep(deep, at, None if collected else known, path=(key,))
                    if at < 0:
                        yield from _crs(members)
                        return None if collected else window.close()
                    value, is_lost = None, True
                    strict.flaws.clear()
                if len(odd) < _MOST_ODD:
                    if key in members:
                        told = strict.broken(flaw_text("duplicate", key), key_at, path=(key,))
                        odd.append(told)
                    odd += islice(strict.odd(key, value_at), _MOST_ODD)
                flaws += strict.flaws
                if key in members:
                    flaws.append(("duplicate", key))
                members[key] = strict.member(key, value, value_at)
            at = window.skip(at)
            if window.at(at) == ",":
                at = window.skip(at + 1)
                continue
            if window.at(at) == "}":
                break
            raise json.JSONDecodeError("Expecting ',' or '}'", window.text, at)
    except json.JSONDecodeError as error:
        yield _not_json(strict, error, known, -1 if collected else start)
        yield from _crs(members)
        return None
    if collected or ("type" in members and members["type"].value == "FeatureCollection"):
        strict.collected = True
        yield from odd
        members.setdefault("type", first)
        if not collected:
            members.setdefault("features", replace(first, key="features"))
        yield from members.values()
    elif not is_lost:
        whole = {key: member.value for key, member in members.items()}
        yield Item(whole, start, False, tuple(flaws), index)
    return at + 1


def _crs(members: dict[str, Member]) -> Iterator[Member]:
    """Yield the CRS of a broken collection: the features before the break depend on it."""
    if "crs" in members:
        yield members["crs"]


def _key(strict: _Strict, at: int) -> tuple[str, int]:
    window = strict.window
    if window.at(at) != '"':
        raise json.JSONDecodeError("Expecting a name in double quotes", window.text, at)
    key, at = strict.value(at)
    at = window.skip(at)
    if window.at(at) != ":":
        raise json.JSONDecodeError("Expecting ':'", window.text, at)
    return key, window.skip(at + 1)


def _features(strict: _Strict, at: int) -> _Walk:
    window = strict.window
    index = 0
    at = window.skip(at + 1)
    if window.at(at) == "]":
        return at + 1
    while True:
        at = window.drop(at)
        window.begin(at)
        try:
            value, end = strict.value(at)
            yield Item(value, at, True, tuple(strict.flaws))
        except _DeepError as deep:
            end = strict.after(deep.start)
            yield strict.too_deep(deep, end, index, in_collection=True)
            if end < 0:
                return None
        except json.JSONDecodeError as error:
            yield _not_json(strict, error, index)
            return None
        index += 1
        at = window.skip(end)
        if window.at(at) == "]":
            return at + 1
        if window.at(at) != ",":
            wanted = json.JSONDecodeError("Expecting ',' or ']'", window.text, at)
            yield _not_json(strict, wanted, index)
            return None
        at = window.skip(at + 1)


def flaw_text(kind: str, name: str) -> str:
    """Return the message about what the standard decoder lets pass."""
    if kind == "constant":
        return f"{name} is not JSON; leave out what is not known"
    return f"the key {name[:60]!r} comes twice"


def more_flaws_text(count: int) -> str:
    """Return the message about those that are only counted."""
    return f"and {count} more keys that come twice or numbers that are not JSON"


def flaw_text_at(text: str, path: tuple[str | int, ...], at: int) -> str:
    """Return the message about what stands at an offset that `find_flaws` gives."""
    if text[at] == '"':
        return flaw_text("duplicate", str(path[-1]))
    return flaw_text(
        "constant",
        next(name for name in ("NaN", "Infinity", "-Infinity") if text.startswith(name, at)),
    )


def _not_json(
    strict: _Strict, error: json.JSONDecodeError, index: int | None, start: int = -1
) -> Broken:
    """Return what a report says of a broken text; `start` is that of an object of a sequence."""
    window = strict.window
    text, at = window.text, min(error.pos, len(window.text))
    if start >= 0:
        # of a sequence the next object may have been taken for a value of this one
        cut = text.find("\n{", start if index is not None else max(start, at - 1), at + 1)
        if cut >= 0 or text[at : at + 1] == SEPARATOR:
            end = start + len(text[start : cut if cut >= 0 else at].rstrip())
            return strict.broken("the object ends here, too early: it is cut off", end, index)
    if window.skip(at) >= len(window.text) or error.msg.startswith("Unterminated string"):
        end = len(window.text.rstrip())
        message = "the file ends here, too early: it is truncated"
        return strict.broken(
            message, end, index, in_collection=start < 0, is_end=True, is_final=True
        )
    is_final = start < 0 and index is not None
    if error.msg.startswith("Invalid control character"):
        what = f"the control character U+{ord(text[at]):04X} inside a text"
        if text[at] in "\r\n":
            what = "a line end inside a text; write \\n"
        return strict.broken(
            f"not JSON: {what}", at, index, in_collection=start < 0, is_final=is_final
        )
    message = f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}{_advice(window, at)}"
    return strict.broken(message, at, index, in_collection=start < 0, is_final=is_final)


def _advice(window: Window, at: int) -> str:
    """Return what to do about the character that JSON does not have there."""
    text = window.text
    if text[at] in "'":
        return "; JSON wants double quotes"
    if text.startswith(("//", "/*", "#"), at):
        return "; JSON has no comments"
    if text[at] in "]},":
        return "; is there a comma too many?"
    if text.startswith(("True", "False", "None"), at):
        return "; JSON writes true, false and null"
    is_behind_digit = text[at - 1 : at].isdecimal() and (text[at].isalnum() or text[at] in "_.")
    if text.startswith(("NaN", "nan", "Inf", "inf", "+", ".", "-"), at) or is_behind_digit:
        return "; write plain numbers, and leave out what is not known"
    if not text[at].isascii() or not text[at].isprintable():
        name = unicodedata.name(text[at], "").lower()
        return f"; U+{ord(text[at]):04X}{f' ({name})' if name else ''} stands here"
    if window.first not in ("{", "[", SEPARATOR):
        line, _ = window.row(at)
        is_table = any(line.count(mark) for mark in ",;\t")
        return "; GeoJSON begins with {" + (". Is this CSV? Name it .csv" if is_table else "")
    return ""
