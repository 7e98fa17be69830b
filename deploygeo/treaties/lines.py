"""Where each table, key and value of a TOML text stands, which `tomllib` does not tell.

The scanner knows how tokens of TOML end and how headers nest, and nothing more: whether the text
is TOML is for `tomllib` to say. On what it cannot read it stops, with what it found so far.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

__all__ = ["MAX_NESTING", "MAX_PARTS", "Lines", "Path", "Spot", "locate", "pointer"]

Path: TypeAlias = tuple[str | int, ...]
"""Keys and positions in lists from the top of the file: ``("clause", 0, "rule")``."""

MAX_PARTS: Final = 16
"""Parts of one dotted key: `tomllib` takes time by their square, 23 s for 30 000 of them."""

MAX_NESTING: Final = 32
"""Lists and inline tables within each other, and no treaty needs more than three; `tomllib`
goes as deep as Python's stack."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_PLAIN = re.compile(r"[^,\]}\n#]+")
_STRINGS: Final = {
    '"""': re.compile(r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"{3,5}'),
    "'''": re.compile(r"'''(?:[^']|'(?!''))*+'{3,5}"),
    '"': re.compile(r'"(?:[^"\\\n]|\\[^\n])*+"'),
    "'": re.compile(r"'[^'\n]*+'"),
}
_ESCAPE = re.compile(
    r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[ \t]*\n[ \t\n]*|[\s\S])"
)
_CODES: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a text: line and column, both from one."""

    line: int
    column: int


@dataclass(slots=True)
class Lines:
    r"""The places of a text's tables, keys and values.

    Parameters
    ----------
    text : str
        The text, with line ends as ``\n``.
    keys : dict of path to int
        Where each key or table header starts.
    values : dict of path to (int, int)
        Where each value starts and ends.
    excess : tuple of (str, int), or None
        What is more than a treaty file may hold, and where.
    """

    text: str
    keys: dict[Path, int] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    excess: tuple[str, int] | None = None
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def at(self, offset: int) -> Spot:
        r"""Return the line and column of a character, counted from zero.

        >>> locate("a = 1\nb = 2").at(6)
        Spot(line=2, column=1)
        """
        line = bisect.bisect_right(self.starts, offset)
        return Spot(line, offset - self.starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return a line of the text, without its end."""
        end = self.starts[number] - 1 if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end]

    def key(self, path: Path) -> Spot:
        r"""Return where a key or a header stands; of what is not there, where its table does.

        >>> lines = locate("id = 'x'\n[[clause]]\nrule = 'never'")
        >>> lines.key(("clause", 0, "rule")), lines.key(("clause", 0, "text"))
        (Spot(line=3, column=1), Spot(line=2, column=1))
        """
        while path and path not in self.keys:
            path = path[:-1]
        return self.at(self.keys.get(path, 0))

    def value(self, path: Path) -> Spot:
        """Return where a value starts; of a table under a header, where the header stands."""
        found = self.values.get(path)
        return self.key(path) if found is None else self.at(found[0])

    def inside(self, path: Path, index: int) -> Spot:
        r"""Return where one character of a text value stands, past quotes and escapes.

        >>> lines = locate(r'rule = "kind(\"x\") and b"')
        >>> lines.inside(("rule",), 14)
        Spot(line=1, column=25)
        """
        found = self.values.get(path)
        if found is None:
            return self.key(path)
        for count, (offset, _) in enumerate(_letters(self.text[slice(*found)])):
            if count == index:
                return self.at(found[0] + offset)
        # just behind the last letter: where the closing quotes begin
        return self.at(self._closing(*found))

    def _closing(self, start: int, end: int) -> int:
        quotes = 3 if self.text[start : start + 3] in ('"""', "'''") else 1
        return max(start, end - quotes)


def pointer(path: Path) -> str:
    """Return a path as a report writes it.

    >>> pointer(("clause", 0, "rule")), pointer(("under", "a b")), pointer(())
    ('$.clause[0].rule', "$.under.'a b'", '$')
    """
    text = "$"
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part if _BARE.fullmatch(part) else repr(part[:40])}"
    return text


def locate(text: str) -> Lines:
    r"""Return the places of all keys, tables and values of a TOML text.

    >>> lines = locate("[[a]]\nb.c = [1, {d = 2}]")
    >>> sorted(map(pointer, lines.keys))
    ['$.a', '$.a[0]', '$.a[0].b', '$.a[0].b.c', '$.a[0].b.c[0]', '$.a[0].b.c[1]', '$.a[0].b.c[1].d']
    """
    scanner = _Scanner(Lines(text.replace("\r\n", "\n")))
    try:
        scanner.run()
    except _StopError as stop:
        if stop.message:
            scanner.lines.excess = (stop.message, stop.at)
    return scanner.lines


def unquoted(literal: str) -> str:
    r"""Return the text that a string of TOML stands for.

    >>> unquoted("'a'"), unquoted(r'"\u00e4\t"'), unquoted("'''\na'''")
    ('a', 'ä\t', 'a')
    """
    return "".join(letter for _, letter in _letters(literal))


def _letters(literal: str) -> Iterator[tuple[int, str]]:
    """Yield each letter of a string with where it stands in the literal."""
    quote = literal[:3] if literal[:3] in ('"""', "'''") else literal[:1]
    position, end = len(quote), len(literal) - len(quote)
    if len(quote) == 3 and literal.startswith("\n", position):
        position += 1
    while position < end:
        letter, step = literal[position], 1
        if letter == "\\" and quote[0] == '"':
            match = _ESCAPE.match(literal, position, end)
            if match is None:
                return
            step = match.end() - position
            letter = _unescaped(match.group()[1:])
        if letter:
            yield position, letter
        position += step


def _unescaped(code: str) -> str:
    """Return what stands behind a backslash; nothing for a line that goes on."""
    if code[0] in " \t\n":
        return ""
    if len(code) > 1:
        number = int(code[1:], 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _CODES.get(code, code)


class _StopError(Exception):
    """The text is not TOML from here on, or holds too much of something."""

    def __init__(self, message: str = "", at: int = 0) -> None:
        self.message = message
        self.at = at


class _Scanner:
    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.text = lines.text
        self.position = 0
        self.tables: dict[Path, int] = {}

    def run(self) -> None:
        table: Path = ()
        while self.skip(_SPACE) and self.position < len(self.text):
            start = self.position
            if self.text.startswith("[", start):
                table = self.header(start)
            else:
                self.pair(table)
            self.skip(_BLANK)
            if self.position < len(self.text) and self.text[self.position] not in "\n#":
                raise _StopError

    def skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.position)
        if match is not None:
            self.position = match.end()
        return match is not None

    def take(self, token: str) -> None:
        if not self.text.startswith(token, self.position):
            raise _StopError
        self.position += len(token)

    def header(self, start: int) -> Path:
        brackets = "[[" if self.text.startswith("[[", start) else "["
        self.take(brackets)
        parts = self.name()
        self.take("]" * len(brackets))
        path: Path = ()
        for part in parts[:-1]:
            path = (*path, part)
            self.lines.keys.setdefault(path, start)
            if path in self.tables:
                path = (*path, self.tables[path])
        path = (*path, parts[-1])
        self.lines.keys.setdefault(path, start)
        if brackets == "[[":
            self.tables[path] = self.tables.get(path, -1) + 1
            path = (*path, self.tables[path])
        self.lines.keys[path] = start
        return path

    def name(self) -> tuple[str, ...]:
        """Read a dotted key."""
        start = self.position
        parts = []
        while True:
            self.skip(_BLANK)
            part = self.string() if self.text[self.position : self.position + 1] in "\"'" else None
            if part is None:
                match = _BARE.match(self.text, self.position)
                if match is None:
                    raise _StopError
                part, self.position = match.group(), match.end()
            parts.append(part)
            if len(parts) > MAX_PARTS:
                raise _StopError(f"a key has more than {MAX_PARTS} parts", start)
            self.skip(_BLANK)
            if not self.text.startswith(".", self.position):
                return tuple(parts)
            self.position += 1

    def string(self) -> str | None:
        start = self.position
        for quote, pattern in _STRINGS.items():
            if self.text.startswith(quote, start):
                if not self.skip(pattern):
                    raise _StopError
                return unquoted(self.text[start : self.position])
        return None

    def pair(self, table: Path, depth: int = 0) -> None:
        start = self.position
        path = table
        for part in self.name():
            path = (*path, part)
            self.lines.keys.setdefault(path, start)
        self.take("=")
        self.skip(_BLANK)
        self.value(path, depth)

    def value(self, path: Path, depth: int) -> None:
        start = self.position
        if depth > MAX_NESTING:
            raise _StopError(f"lists or tables are nested deeper than {MAX_NESTING}", start)
        opening = self.text[start : start + 1]
        if opening and opening in "[{":
            self.position += 1
            self.items(path, opening, depth)
        elif opening and opening in "\"'":
            for quote, pattern in _STRINGS.items():
                if self.text.startswith(quote, start):
                    if not self.skip(pattern):
                        raise _StopError
                    break
        elif not self.skip(_PLAIN):
            raise _StopError
        self.lines.values[path] = (start, self.position)

    def items(self, path: Path, opening: str, depth: int) -> None:
        """Read what stands in a list or an inline table, up to its end."""
        closing = "]" if opening == "[" else "}"
        index = 0
        while True:
            self.skip(_SPACE)
            if self.text.startswith(closing, self.position):
                self.position += 1
                return
            if opening == "{":
                self.pair(path, depth + 1)
            else:
                self.lines.keys.setdefault((*path, index), self.position)
                self.value((*path, index), depth + 1)
            index += 1
            self.skip(_SPACE)
            if self.text.startswith(",", self.position):
                self.position += 1
            elif not self.text.startswith(closing, self.position):
                raise _StopError
