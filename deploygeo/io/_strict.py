"""The decoder of one value, strict on top of the standard one, and what is said where it breaks."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from deploygeo.errors import excerpt
from deploygeo.io._scan import Place, depth_exceeds, find_flaws, skip_value
from deploygeo.io._window import SEPARATOR, Window
from deploygeo.io.limits import raising

__all__ = [
    "Broken",
    "DeepError",
    "Member",
    "Strict",
    "flaw_text",
    "flaw_text_at",
    "more_flaws_text",
    "not_json",
]

# More digits than any double needs; int() itself refuses more than 4 300 (CVE-2020-10735).
_MOST_DIGITS = 400
# Of what is checked beside the features a fault tells the place.
_CHECKED = frozenset({"type", "features", "crs"})
# To find the end of what is nested too deep takes 0.3 µs a bracket: 0.3 s, of the second that
# a refusal may take (200 MB of brackets took 58 s).
_MOST_SKIPPED = 1_000_000


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
class Strict:
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
                raise DeepError(deep if deep is not None else at, at) from None
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

    def too_deep(self, deep: DeepError, end: int, index: int | None = None, **more: Any) -> Broken:
        """Return what a report says of a value nested too deep; `end` is that of `after`."""
        text = f"nested deeper than {self.depth} levels; {raising('depth')}"
        if end < 0:
            text += "; what follows was not read"
        return self.broken(text, deep.offset, index, is_final=end < 0, **more)


class DeepError(Exception):
    """The value at `start` is nested too deep at an offset."""

    def __init__(self, offset: int, start: int) -> None:
        super().__init__()
        self.offset = offset
        self.start = start


def _whole(text: str) -> float:
    return int(text) if len(text) <= _MOST_DIGITS else float(text)


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


def not_json(
    strict: Strict, error: json.JSONDecodeError, index: int | None, start: int = -1
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
