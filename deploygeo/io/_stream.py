"""Strict JSON, one feature at a time, with the offset of each.

The text is walked with the standard decoder's own scanner through a window, so that memory
is that of one feature and one block, what stands before a broken place is still read, and each
feature knows where it starts. On top of the decoder: no NaN, Infinity or duplicate key, no nesting
deeper than the limit, no exception that is not a fault.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from deploygeo.errors import excerpt
from deploygeo.io._scan import Place, depth_exceeds, skip_value
from deploygeo.io._window import SEPARATOR, Window
from deploygeo.io.limits import raising

__all__ = ["Broken", "Item", "Member", "stream"]

# More digits than any double needs; int() itself refuses more than 4 300 (CVE-2020-10735).
_MOST_DIGITS = 400
# Each error of the decoder counts the lines before it: without a bound, a file of broken
# lines takes quadratic time (600 kB took 35 s).
_MOST_BROKEN = 100
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


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a FeatureCollection other than its features, and its line."""

    key: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the text is not JSON; `index` counts the features before.

    After a final one nothing more was read, which a report must never leave out.
    """

    message: str
    place: Place
    excerpt: str = ""
    index: int | None = None
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

    def broken(
        self, text: str, at: int, index: int | None = None, *, is_final: bool = False
    ) -> Broken:
        """Return what a report says of an offset in the window."""
        place = self.window.place(at)
        shown = excerpt(*self.window.row(at))
        return Broken(text, place, shown, index, is_final=is_final)

    def too_deep(self, deep: _DeepError, end: int, index: int | None = None) -> Broken:
        """Return what a report says of a value nested too deep; `end` is that of `after`."""
        text = f"nested deeper than {self.depth} levels; {raising('depth')}"
        if end < 0:
            text += "; what follows was not read"
        return self.broken(text, deep.offset, index, is_final=end < 0)


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
    broken = 0
    while window.has(at):
        window.begin(at)
        if collection:
            what = "the list" if is_list else "the FeatureCollection"
            text = f"more text after the end of {what}"
            yield strict.broken(text, at, is_final=True)
            return
        start = at
        if window.at(at) == "{":
            strict.collected = False
            result = yield from _object(strict, at, is_first=is_first)
            collection = strict.collected
        elif is_list and is_first:
            strict.collected = collection = True
            result = yield from _features(strict, at)
        else:
            result = yield from _plain(strict, at)
        is_first = False
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


def _plain(strict: _Strict, at: int) -> _Walk:
    try:
        value, end = strict.value(at)
    except _DeepError as deep:
        end = strict.after(deep.start)
        yield strict.too_deep(deep, end)
        return end if end >= 0 else strict.window.close()
    except json.JSONDecodeError as error:
        yield _not_json(strict, error)
        return None
    yield Item(value, at, False, tuple(strict.flaws))
    return end


def _object(strict: _Strict, start: int, *, is_first: bool) -> _Walk:
    """Walk one object; stream its ``features`` when it has them."""
    window = strict.window
    first_line = window.line(start)
    members: dict[str, tuple[Any, int]] = {}
    flaws: list[tuple[str, str]] = []
    collected = False
    at = window.skip(start + 1)
    try:
        while window.at(at) != "}" or members or collected:  # a comma wants a member
            key, at = _key(strict, at)
            if key == "features" and window.at(at) == "[":
                if collected or key in members:
                    yield strict.broken("the member 'features' comes twice", at)
                    return None
                if not is_first:
                    reason = "a FeatureCollection cannot stand in a sequence of features"
                    yield strict.broken(reason, start)
                    return None
                collected = strict.collected = True
                result = yield from _features(strict, at)
                if result is None:
                    yield from _crs(members)
                    return None
                at = result
                window.begin(at)
            else:
                line = window.line(at)
                value, at = strict.value(at)
                flaws += strict.flaws
                if key in members:
                    flaws.append(("duplicate", key))
                members[key] = (value, line)
            at = window.skip(at)
            if window.at(at) == ",":
                at = window.skip(at + 1)
                continue
            if window.at(at) == "}":
                break
            raise json.JSONDecodeError("Expecting ',' or '}'", window.text, at)
    except _DeepError as deep:
        end = strict.after(deep.start if collected else start)
        yield strict.too_deep(deep, end)
        if not collected:
            return end if end >= 0 else window.close()
        yield from _crs(members)
        return None
    except json.JSONDecodeError as error:
        yield _not_json(strict, error)
        yield from _crs(members)
        return None
    if collected or members.get("type", ("",))[0] == "FeatureCollection":
        strict.collected = True
        for kind, name in flaws:
            yield Broken(flaw_text(kind, name), Place(first_line, 1))
        if not collected:
            members.setdefault("features", (None, first_line))
        for key, (value, line) in members.items():
            yield Member(key, value, line)
        if "type" not in members:
            yield Member("type", None, first_line)
    else:
        whole = {key: value for key, (value, _) in members.items()}
        yield Item(whole, start, False, tuple(flaws))
    return at + 1


def _crs(members: dict[str, tuple[Any, int]]) -> Iterator[Member]:
    """Yield the CRS of a broken collection: the features before the break depend on it."""
    if "crs" in members:
        yield Member("crs", *members["crs"])


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
            yield strict.too_deep(deep, end, index)
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


def _not_json(strict: _Strict, error: json.JSONDecodeError, index: int | None = None) -> Broken:
    window = strict.window
    text, at = window.text, min(error.pos, len(window.text))
    if window.skip(at) >= len(window.text) or error.msg.startswith("Unterminated string"):
        end = len(window.text.rstrip())
        message = "the file ends here, too early: it is truncated"
        return Broken(message, window.place(end), "", index, True, True)
    is_final = index is not None
    if error.msg.startswith("Invalid control character"):
        what = f"the control character U+{ord(text[at]):04X} inside a text"
        if text[at] in "\r\n":
            what = "a line end inside a text; write \\n"
        return strict.broken(f"not JSON: {what}", at, index, is_final=is_final)
    message = error.msg[:1].lower() + error.msg[1:]
    return strict.broken(f"not JSON: {message}{_advice(window, at)}", at, index, is_final=is_final)


def _advice(window: Window, at: int) -> str:
    """Return what to do about the character that JSON does not have there."""
    text = window.text
    if text[at] in "'":
        return "; JSON wants double quotes"
    if text.startswith(("//", "/*", "#"), at):
        return "; JSON has no comments"
    if text[at] in "]}":
        return "; is there a comma too many?"
    if text.startswith(("True", "False", "None"), at):
        return "; JSON writes true, false and null"
    if text.startswith(("NaN", "nan", "Inf", "inf", "+", ".", "-"), at):
        return "; write plain numbers, and leave out what is not known"
    if window.first not in ("{", "[", SEPARATOR):
        line, _ = window.row(at)
        is_table = any(line.count(mark) for mark in ",;\t")
        return "; GeoJSON begins with {" + (". Is this CSV? Name it .csv" if is_table else "")
    return ""
