"""Finding the place of a value in JSON text.

The decoder gives values without places. Only where there is a fault does this module
walk the text again, without recursion over what it skips, to say on which line it lies.
"""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import NamedTuple

__all__ = [
    "Place",
    "depth_exceeds",
    "find_flaws",
    "locate",
    "skip_blanks",
    "skip_value",
]

_BLANKS = re.compile(r"[ \t\n\r]*")
_STRUCTURE = re.compile(r'["\[\]{}]')
_STRING_END = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|NaN|-?Infinity', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\[\]{}\":]+")


class Place(NamedTuple):
    """A one-based line and column."""

    line: int
    column: int


def skip_blanks(text: str, at: int) -> int:
    """Return the offset of the next character that is not blank."""
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def skip_value(text: str, at: int, most: int | None = None) -> int:
    """Return the offset just after the value at `at`, or the end of a broken text.

    Parameters
    ----------
    text : str
    at : int
    most : int, optional
        After so many brackets and texts the walk gives up, and returns -1.

    Examples
    --------
    >>> skip_value('[[1, "]"], 2] 3', 0)
    13
    >>> skip_value("[" * 100_000, 0), skip_value("[" * 100_000, 0, most=1000)
    (100000, -1)
    """
    if at >= len(text):
        return len(text)
    if text[at] == '"':
        match = _STRING_END.match(text, at + 1)
        return match.end() if match else len(text)
    if text[at] not in "[{":
        match = _SCALAR.match(text, at)
        return match.end() if match else at + 1
    depth = steps = 0
    while True:
        if steps == most:
            return -1
        steps += 1
        match = _STRUCTURE.search(text, at)
        if match is None:
            return len(text)
        char, at = match.group(), match.end()
        if char == '"':
            string = _STRING_END.match(text, at)
            if string is None:
                return len(text)
            at = string.end()
        elif char in "[{":
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                return at


def depth_exceeds(text: str, at: int, most: int) -> int | None:
    """Return the offset where the value at `at` is nested deeper than `most`, if it is.

    Examples
    --------
    >>> depth_exceeds("[[[]]]", 0, 2), depth_exceeds("[[[]]]", 0, 3)
    (2, None)
    """
    depth = 0
    while match := _STRUCTURE.search(text, at):
        char, at = match.group(), match.end()
        if char == '"':
            string = _STRING_END.match(text, at)
            if string is None:
                return None
            at = string.end()
        elif char in "[{":
            depth += 1
            if depth > most:
                return match.start()
        else:
            depth -= 1
            if depth <= 0:
                return None
    return None


def locate(text: str, at: int, path: tuple[str | int, ...], *, last: bool = False) -> int:
    """Return the offset of the value at `path` below the value at offset `at`.

    Where the path leads nowhere, the offset of the deepest value that it meets. For
    a key that occurs twice, the first, or with `last` the last.

    Examples
    --------
    >>> text = '{"a": [10, {"b": 7}]}'
    >>> text[locate(text, 0, ("a", 1, "b")):]
    '7}]}'
    >>> locate(text, 0, ("no", "such"))
    0
    """
    for step in path:
        found = _member(text, at, step, last) if isinstance(step, str) else _element(text, at, step)
        if found is None:
            return at
        at = found
    return at


def _member(text: str, at: int, key: str, last: bool) -> int | None:
    if text[at : at + 1] != "{":
        return None
    found = None
    at = skip_blanks(text, at + 1)
    while text[at : at + 1] == '"':
        try:
            name, at = scanstring(text, at + 1, True)
        except ValueError:
            return found
        at = skip_blanks(text, skip_blanks(text, at) + 1)
        if name == key:
            if not last:
                return at
            found = at
        at = skip_blanks(text, skip_value(text, at))
        if text[at : at + 1] != ",":
            return found
        at = skip_blanks(text, at + 1)
    return found


def _element(text: str, at: int, index: int) -> int | None:
    if text[at : at + 1] != "[":
        return None
    at = skip_blanks(text, at + 1)
    for _ in range(index):
        at = skip_blanks(text, skip_value(text, at))
        if text[at : at + 1] != ",":
            return None
        at = skip_blanks(text, at + 1)
    return at if text[at : at + 1] not in ("]", "") else None


def find_flaws(text: str, at: int, most: int = 1_000) -> list[tuple[tuple[str | int, ...], int]]:
    """Return path and offset of each NaN, Infinity and repeated key in the value at `at`.

    Of very many the first ones: ten megabytes hold millions, and each has to be told.

    Examples
    --------
    >>> find_flaws('{"a": [1, NaN], "a": 2}', 0)
    [(('a', 1), 10), (('a',), 16)]
    """
    found: list[tuple[tuple[str | int, ...], int]] = []
    stack: list[_Frame] = []
    for match in _TOKEN.finditer(text, at):
        lexeme = match.group()
        if len(found) == most:
            break
        if lexeme in "[{":
            stack.append(_Frame(lexeme == "{"))
            continue
        if lexeme in "]}":
            stack.pop()
            if not stack:
                break
            continue
        if not stack:
            found.append(((), match.start()))
            break
        top = stack[-1]
        if lexeme == ",":
            top.step()
        elif lexeme == ":":
            top.in_value = True
        elif lexeme[0] != '"':
            found.append((tuple(frame.key for frame in stack), match.start()))
        elif top.is_object and not top.in_value:
            top.key = scanstring(lexeme, 1, True)[0]
            if top.key in top.keys:
                found.append((tuple(frame.key for frame in stack), match.start()))
            top.keys.add(top.key)
    return found


class _Frame:
    """An open list or object, and where in it the walk is."""

    __slots__ = ("in_value", "is_object", "key", "keys")

    def __init__(self, is_object: bool) -> None:
        self.is_object = is_object
        self.key: str | int = "" if is_object else 0
        self.keys: set[str | int] = set()
        self.in_value = False

    def step(self) -> None:
        """Go on to the next member or element."""
        self.in_value = False
        if isinstance(self.key, int):
            self.key += 1
