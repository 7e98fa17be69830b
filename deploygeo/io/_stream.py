"""Strict JSON, one feature at a time, with the offset of each.

The text is walked with the standard decoder's own scanner, so that memory beyond the text
is that of one feature, what stands before a broken place is still read, and each feature
knows where it starts. On top of the decoder: no NaN, Infinity or duplicate key, no nesting
deeper than the limit, no exception that is not a fault.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from deploygeo.io._scan import depth_exceeds, skip_blanks, skip_value

__all__ = ["Broken", "Item", "Member", "stream"]

# More digits than any double needs; int() itself refuses more than 4 300 (CVE-2020-10735).
_MOST_DIGITS = 400
_SEPARATOR = "\x1e"
# Each error of the decoder counts the lines before it: without a bound, a file of broken
# lines takes quadratic time (600 kB took 35 s).
_MOST_BROKEN = 100
# To find the end of what is nested too deep takes 0.3 µs a bracket: 0.3 s, of the second that
# a refusal may take (200 MB of brackets took 58 s).
_MOST_SKIPPED = 1_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """One element of ``features`` or one object of a sequence, and its offset."""

    value: Any
    offset: int
    in_collection: bool
    flaws: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a FeatureCollection other than its features."""

    key: str
    value: Any
    offset: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the text is not JSON; `index` counts the features before.

    After a final one nothing more was read, which a report must never leave out.
    """

    message: str
    offset: int
    index: int | None = None
    is_end: bool = False
    is_final: bool = False


@dataclass(slots=True)
class _Strict:
    """A decoder that notes what the standard one lets pass."""

    text: str
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
        self.flaws.clear()
        try:
            return self.decoder.raw_decode(self.text, at)
        except RecursionError:
            deep = depth_exceeds(self.text, at, self.depth)
            end = skip_value(self.text, at, _MOST_SKIPPED)
            raise _DeepError(deep if deep is not None else at, end) from None


class _DeepError(Exception):
    """A value is nested too deep; `end` is the offset after it, or -1 where it is too far."""

    def __init__(self, offset: int, end: int) -> None:
        super().__init__()
        self.offset = offset
        self.end = end

    def broken(self, depth: int, index: int | None = None) -> Broken:
        """Return what a report says of it."""
        text = f"nested deeper than {depth} levels"
        if self.end < 0:
            return Broken(f"{text}; what follows was not read", self.offset, index, is_final=True)
        return Broken(text, self.offset, index)


# Yields what it meets and returns the offset after the value, or None where it broke.
_Walk = Generator["Item | Member | Broken", None, "int | None"]


def _whole(text: str) -> float:
    return int(text) if len(text) <= _MOST_DIGITS else float(text)


def stream(text: str, depth: int) -> Iterator[Item | Member | Broken]:
    """Yield what a GeoJSON text or a sequence of them holds, in order.

    A FeatureCollection yields its features as items and its other members as
    members; any other object or value yields itself as one item.
    """
    strict = _Strict(text, depth)
    at = _skip(text, 0)
    collection = False
    first = at
    broken = 0
    while at < len(text):
        if collection:
            what = "the list" if text[first] == "[" else "the FeatureCollection"
            yield Broken(f"more text after the end of {what}", at, is_final=True)
            return
        start = at
        if text[at] == "{":
            strict.collected = False
            result = yield from _object(strict, at, is_first=at == first)
            collection = strict.collected
        elif text[at] == "[" and at == first:
            strict.collected = collection = True
            result = yield from _features(strict, at)
        else:
            result = yield from _plain(strict, at)
        if result is not None:
            at = _skip(text, result)
            continue
        if strict.collected:  # its features would be taken for a sequence
            return
        broken += 1
        if broken >= _MOST_BROKEN:
            reason = f"{broken} objects of this sequence are broken; what follows was not read"
            yield Broken(reason, start, is_final=True)
            return
        # A sequence of one object a line goes on at the next line, or after the next
        # record separator (RFC 8142); anything else ends at its first fault.
        mark = text.find(_SEPARATOR, start + 1)
        if mark < 0:
            line = text.find("\n", start + 1)
            following = _skip(text, line) if line >= 0 else len(text)
            if following >= len(text) or text[following] != "{" or text[following - 1] != "\n":
                return
            mark = following
        at = _skip(text, mark)


def _skip(text: str, at: int) -> int:
    at = skip_blanks(text, at)
    while text[at : at + 1] == _SEPARATOR:
        at = skip_blanks(text, at + 1)
    return at


def _plain(strict: _Strict, at: int) -> _Walk:
    try:
        value, end = strict.value(at)
    except _DeepError as deep:
        yield deep.broken(strict.depth)
        return deep.end if deep.end >= 0 else len(strict.text)
    except json.JSONDecodeError as error:
        yield _broken(strict.text, error)
        return None
    yield Item(value, at, False, tuple(strict.flaws))
    return end


def _object(strict: _Strict, start: int, *, is_first: bool) -> _Walk:
    """Walk one object; stream its ``features`` when it has them."""
    text = strict.text
    members: dict[str, tuple[Any, int]] = {}
    flaws: list[tuple[str, str]] = []
    collected = False
    at = skip_blanks(text, start + 1)
    try:
        while text[at : at + 1] != "}" or members or collected:  # a comma wants a member
            key, at = _key(strict, at)
            if key == "features" and text[at : at + 1] == "[":
                if collected or key in members:
                    yield Broken("the member 'features' comes twice", at)
                    return None
                if not is_first:
                    reason = "a FeatureCollection cannot stand in a sequence of features"
                    yield Broken(reason, start)
                    return None
                collected = strict.collected = True
                result = yield from _features(strict, at)
                if result is None:
                    yield from _crs(members)
                    return None
                at = result
            else:
                value_at = at
                value, at = strict.value(at)
                flaws += strict.flaws
                if key in members:
                    flaws.append(("duplicate", key))
                members[key] = (value, value_at)
            at = skip_blanks(text, at)
            if text[at : at + 1] == ",":
                at = skip_blanks(text, at + 1)
                continue
            if text[at : at + 1] == "}":
                break
            raise json.JSONDecodeError("Expecting ',' or '}'", text, at)
    except _DeepError as deep:
        if not collected:
            deep.end = skip_value(text, start, _MOST_SKIPPED)
        yield deep.broken(strict.depth)
        if not collected:
            return deep.end if deep.end >= 0 else len(text)
        yield from _crs(members)
        return None
    except json.JSONDecodeError as error:
        yield _broken(text, error)
        yield from _crs(members)
        return None
    if collected or members.get("type", ("",))[0] == "FeatureCollection":
        strict.collected = True
        for kind, name in flaws:
            yield Broken(flaw_text(kind, name), start)
        if not collected:
            members.setdefault("features", (None, start))
        for key, (value, offset) in members.items():
            yield Member(key, value, offset)
        if "type" not in members:
            yield Member("type", None, start)
    else:
        whole = {key: value for key, (value, _) in members.items()}
        yield Item(whole, start, False, tuple(flaws))
    return at + 1


def _crs(members: dict[str, tuple[Any, int]]) -> Iterator[Member]:
    """Yield the CRS of a broken collection: the features before the break depend on it."""
    if "crs" in members:
        yield Member("crs", *members["crs"])


def _key(strict: _Strict, at: int) -> tuple[str, int]:
    text = strict.text
    if text[at : at + 1] != '"':
        raise json.JSONDecodeError("Expecting a name in double quotes", text, at)
    key, at = strict.value(at)
    at = skip_blanks(text, at)
    if text[at : at + 1] != ":":
        raise json.JSONDecodeError("Expecting ':'", text, at)
    return key, skip_blanks(text, at + 1)


def _features(strict: _Strict, at: int) -> _Walk:
    text = strict.text
    index = 0
    at = skip_blanks(text, at + 1)
    if text[at : at + 1] == "]":
        return at + 1
    while True:
        try:
            value, end = strict.value(at)
            yield Item(value, at, True, tuple(strict.flaws))
        except _DeepError as deep:
            yield deep.broken(strict.depth, index)
            if deep.end < 0:
                return None
            end = deep.end
        except json.JSONDecodeError as error:
            yield _broken(text, error, index)
            return None
        index += 1
        at = skip_blanks(text, end)
        if text[at : at + 1] == "]":
            return at + 1
        if text[at : at + 1] != ",":
            wanted = json.JSONDecodeError("Expecting ',' or ']'", text, at)
            yield _broken(text, wanted, index)
            return None
        at = skip_blanks(text, at + 1)


def flaw_text(kind: str, name: str) -> str:
    """Return the message about what the standard decoder lets pass."""
    if kind == "constant":
        return f"{name} is not JSON; leave out what is not known"
    return f"the key {name[:60]!r} comes twice"


def _broken(text: str, error: json.JSONDecodeError, index: int | None = None) -> Broken:
    at = min(error.pos, len(text))
    if skip_blanks(text, at) >= len(text) or error.msg.startswith("Unterminated string"):
        end = len(text.rstrip())
        return Broken("the file ends here, too early: it is truncated", end, index, True, True)
    if error.msg.startswith("Invalid control character"):
        what = f"the control character U+{ord(text[at]):04X} inside a text"
        if text[at] in "\r\n":
            what = "a line end inside a text; write \\n"
        return Broken(f"not JSON: {what}", at, index, is_final=index is not None)
    if text[at] in "'":
        advice = "; JSON wants double quotes"
    elif text.startswith(("//", "/*", "#"), at):
        advice = "; JSON has no comments"
    elif text[at] in "]}":
        advice = "; is there a comma too many?"
    elif text.startswith(("True", "False", "None"), at):
        advice = "; JSON writes true, false and null"
    elif text.startswith(("NaN", "nan", "Inf", "inf", "+", ".", "-"), at):
        advice = "; write plain numbers, and leave out what is not known"
    elif not text[: at + 1].strip(" \t\r\n").startswith(("{", "[")):
        line = text[at:].partition("\n")[0]
        is_table = any(line.count(mark) for mark in ",;\t")
        advice = "; GeoJSON begins with {" + (". Is this CSV? Convert it" if is_table else "")
    else:
        advice = ""
    message = error.msg[:1].lower() + error.msg[1:]
    return Broken(f"not JSON: {message}{advice}", at, index, is_final=index is not None)
