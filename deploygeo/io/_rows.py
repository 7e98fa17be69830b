"""The rows of a CSV file (RFC 4180 in UTF-8), one at a time, with the place of each cell.

They are taken apart here and not by the `csv` module: its limit on a cell is one for the whole
process, it takes a quote anywhere, and it does not tell where in a line a cell stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deploygeo.errors import Fault, excerpt
from deploygeo.io._sink import Spot
from deploygeo.io._text import RefusedError, _look_at
from deploygeo.io.limits import Limits, raising
from deploygeo.model._shown import shown

__all__ = ["Row", "Rows"]

_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"(?!")')
_PLAIN = re.compile(r'[^,"]*')
#: A row has some 35 cells; with as many more that are ignored it may be this many times a text.
_TEXTS_IN_A_ROW = 64
#: Spreadsheets have 16 384 columns, and write all of them where one cell in the last was touched.
_MOST_CELLS = 20_000
#: A line is shown so far to either side of what is wrong in it.
_AROUND = 200
_BOM = b"\xef\xbb\xbf"
_BLANK = (b"", b"\r")


@dataclass(slots=True)
class Row:
    """The cells of a row, where each begins in its text, and the first thing that is wrong."""

    text: str
    line: int
    cells: list[str]
    starts: list[int]
    wrong: tuple[int, str] | None

    def spot(self, at: int) -> Spot:
        """Return the place of an offset in the text of the row."""
        start = self.text.rfind("\n", 0, at) + 1
        left = max(start, at - _AROUND)
        line, _, _ = self.text[left : at + _AROUND].partition("\n")
        shown_line = excerpt(line, at - left + 1)
        return Spot(self.line + self.text.count("\n", 0, at), at - start + 1, shown_line)


class Rows:
    """The rows of a table, as they come in."""

    def __init__(self, chunks: Iterator[bytes], name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._most = min(limits.value, _TEXTS_IN_A_ROW * limits.text)
        self._line = 0
        self._lines = self._split(chunks)

    def __iter__(self) -> Iterator[Row]:
        for line in self._lines:
            if line not in _BLANK:
                yield self._row(line)

    def _refuse(self, text: str, line: int | None = None) -> RefusedError:
        return RefusedError(Fault(text, self._name, line))

    def _too_long(self, line: int) -> RefusedError:
        by = "value" if self._most == self._limits.value else "text"
        text = f"the row is longer than {self._most} characters; is a quote left open? Else "
        return self._refuse(f"{text}{raising(by)}; what follows was not read", line)

    def _split(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        chunk = next(chunks, b"")
        if chunk.startswith(b"PK\x03\x04"):
            raise self._refuse("this is a spreadsheet or a zip archive; save the table as CSV")
        _look_at(chunk, self._refuse)
        chunk = chunk.removeprefix(_BOM)
        start = chunk[:64].lstrip()
        if start[:1] in (b"{", b"[", b"<"):
            what = "XML or HTML" if start[:1] == b"<" else "JSON"
            raise self._refuse(f"this is {what} and not CSV; name the file by what it is", 1)
        rest: list[bytes] = []
        size = 0
        while chunk:
            *lines, last = chunk.split(b"\n")
            for line in lines:
                self._line += 1
                yield b"".join((*rest, line))
                rest, size = [], 0
            rest.append(last)
            size += len(last)
            if size > 4 * self._most:  # bytes of a character
                raise self._too_long(self._line + 1)
            chunk = next(chunks, b"")
        if size:
            self._line += 1
            yield b"".join(rest)

    def _row(self, raw: bytes) -> Row:
        first = self._line
        text = self._text(raw, first)
        cells: list[str] = []
        starts: list[int] = []
        at = 0
        wrong: tuple[int, str] | None = None
        while True:
            if len(starts) == _MOST_CELLS:
                told = f"the row has more than {_MOST_CELLS} cells; what follows was not read"
                raise self._refuse(told, first)
            starts.append(at)
            if text[at : at + 1] == '"':
                match = _QUOTED.match(text, at)
                if match is None:
                    text = self._until_closed(text, first)
                    match = _QUOTED.match(text, at)
                if match is None:
                    raise self._open(text, first, at)
                cells.append(match[1].replace('""', '"'))
            else:
                match = _PLAIN.match(text, at)
                assert match is not None  # noqa: S101 - it may match nothing
                cells.append(match[0])
            end = match.end()
            if end == len(text) or (text[end] == "\r" and end + 1 == len(text)):
                break
            if text[end] != ",":
                wrong = end, _why_no_end(text[end])
                break
            at = end + 1
        if not text[starts[-1] :].startswith('"'):
            cells[-1] = cells[-1].removesuffix("\r")
        return Row(text, first, cells, starts, wrong or _flaw(text))

    def _text(self, raw: bytes, line: int) -> str:
        text = raw.decode("utf-8", "surrogateescape")
        if len(text) > self._most:
            raise self._too_long(line)
        return text

    def _until_closed(self, text: str, first: int) -> str:
        """Read on until the lines hold an odd number of quotes, one of which ends the cell."""
        parts, size = [text], len(text)
        for raw in self._lines:
            part = self._text(raw, self._line)
            size += len(part) + 1
            if size > self._most:
                raise self._too_long(first)
            parts.append(part)
            if part.count('"') % 2:
                break
        return "\n".join(parts)

    def _open(self, text: str, first: int, at: int) -> RefusedError:
        spot = Row(text, first, [], [], None).spot(at)
        told = "the quote that begins this cell is never closed; what follows was not read"
        return RefusedError(Fault(told, self._name, spot.line, spot.column, excerpt=spot.excerpt))


def _why_no_end(char: str) -> str:
    if char == '"':
        return "a quote inside a cell; put the cell in quotes and write the quote twice"
    return f"{shown(char)} behind the quote that ends a cell; a comma belongs here"


_FLAW = re.compile("[\x00\udc80-\udcff]|\r(?!\n|\\Z)")


def _flaw(text: str) -> tuple[int, str] | None:
    """Return what in the text of a row no table has."""
    found = _FLAW.search(text)
    if found is None:
        return None
    if found[0] == "\x00":
        return found.start(), "a NUL byte; this is no text"
    if found[0] == "\r":
        return found.start(), "a carriage return alone; save the table with line ends of LF or CRLF"
    byte = ord(found[0]) - 0xDC00
    advice = "save the file as UTF-8 (in Excel: CSV UTF-8)"
    return found.start(), f"byte 0x{byte:02X} is not UTF-8; {advice}"
