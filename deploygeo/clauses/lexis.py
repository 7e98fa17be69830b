"""An expression before Python parses it: its limits, what Python would only warn of, its lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from deploygeo.errors import Fault, excerpt

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "Flaw", "line_starts", "look", "told"]

MAX_LENGTH: Final = 4_000
"""Characters of one expression: ten times the longest that we ship, and cheap to refuse."""

MAX_DEPTH: Final = 40
"""Nesting: Python's own parser stops near 200 brackets, and no clause needs more than ten."""

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
# Python's parser takes these with a warning that names no file: 5and, and \d in a word
_WORD_OR_NUMBER: Final = re.compile(
    r"""(?P<word>'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*")"""
    r"""|(?<![\w.])(?P<number>\.?[0-9][\w.]*)"""
)
_ESCAPE: Final = re.compile(r"\\([\s\S])")
_ESCAPES: Final = frozenset("\\'\"abfnrtvxuU0\n")
_NUMBER: Final = re.compile(r"[0-9_]*\.?[0-9_]*(?:[eE][0-9_]*)?")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with an expression, and the index of the letter where."""

    message: str
    at: int


def look(text: str) -> Flaw | None:
    """Return what Python's parser should not see, or None.

    >>> look("range > 5and nuclear")
    Flaw(message="not an expression: '5and' is no number", at=8)
    """
    if len(text) > MAX_LENGTH:
        return Flaw(f"the expression has {len(text)} characters; {MAX_LENGTH} fit", 0)
    deep = _too_deep(text)
    if deep is not None:
        return Flaw(f"the expression is nested deeper than {MAX_DEPTH} brackets", deep)
    for match in _WORD_OR_NUMBER.finditer(text):
        number = match["number"]
        if number is not None and not _NUMBER.fullmatch(number):
            return Flaw(f"not an expression: {number[:40]!r} is no number", match.start())
        for escape in _ESCAPE.finditer(match["word"] or ""):
            if escape[1] not in _ESCAPES:
                reason = f"{escape[0]!r} is no escape; write two backslashes for one"
                return Flaw(f"not an expression: {reason}", match.start() + escape.start())
    return None


def line_starts(text: str) -> list[int]:
    """Return where each line starts, with the line ends that Python's parser knows."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def told(text: str, flaw: Flaw) -> Fault:
    """Return a flaw as a fault with a column and a caret.

    >>> print(told("nuclear and x", Flaw("unknown predicate 'x'.", 12)))
    unknown predicate 'x', column 13.
    nuclear and x
                ^
    """
    starts = line_starts(text)
    line = sum(1 for start in starts if start <= flaw.at)
    column = flaw.at - starts[line - 1] + 1
    where = f"column {column}" if len(starts) == 1 else f"line {line}, column {column}"
    shown = excerpt(_LINE_END.split(text)[line - 1], column)
    return Fault(f"{flaw.message.rstrip('.')}, {where}.", column=column, excerpt=shown)


def _too_deep(text: str) -> int | None:
    depth = 0
    for index, letter in enumerate(text):
        if letter in "([{":
            depth += 1
            if depth > MAX_DEPTH:
                return index
        elif letter in ")]}":
            depth -= 1
    return None
