"""From bytes to text: what is not UTF-8 JSON is refused with advice on what to do."""

from __future__ import annotations

import codecs
import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from deploygeo.errors import Fault
from deploygeo.io.limits import raising, size_text

__all__ = ["ADDRESS", "RefusedError", "chunks_of", "text_of", "what_it_is"]

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "this is gzip; unpack it first"),
    (b"BZh9", "this is bzip2; unpack it first"),
    (b"\xfd7zXZ\x00", "this is xz; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "this is a 7z archive; unpack it first"),
    (
        b"PK\x03\x04",
        "this is a zip archive; unpack it, and convert a shapefile to GeoJSON or a GeoPackage",
    ),
    (b"PAR1", "this is Parquet; name it .parquet"),
    (b"ARROW1", "this is Arrow; name it .arrow"),
    (b"FEA1", "this is Feather of version 1; write it again with version 2"),
    (b"fgb\x03", "this is FlatGeobuf; convert it to GeoJSON or a GeoPackage"),
    (b"\x00\x00\x27\x0a", "this is a shapefile; convert it to GeoJSON or a GeoPackage"),
    (b"\x89PNG", "this is a picture; deployments are GeoJSON"),
    (b"\x7fELF", "this is a program; deployments are GeoJSON"),
    (b"SQLite format 3\x00", "this is a GeoPackage or SQLite file; name it .gpkg"),
    (b"%PDF", "this is a PDF; deployments are GeoJSON"),
    (b"\x28\xb5\x2f\xfd", "this is zstandard; unpack it first"),
)
# What surrogateescape makes of a byte that is not UTF-8.
_ESCAPED = re.compile("[\udc80-\udcff]")
# A text with more of them is not UTF-8 at all; with fewer, a name or two came from elsewhere.
_MOST_BYTES = 1_000
_TOLD_BYTES = 10
_BLANK: Final = " \t\r\n\x1e"
_CHUNK: Final = 2**20
_UTF16 = "the file is UTF-16 or UTF-32; save it as UTF-8"


ADDRESS: Final = "this is an address; load the file first, and name it"


class RefusedError(Exception):
    """The whole source cannot be read; carries the one fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def chunks_of(path: Path | None, name: str, most: int) -> Iterator[bytes]:
    """Yield the bytes of a file, or of standard input for None; at most `most`."""
    if not name:
        raise RefusedError(Fault("the name of the file is empty"))

    def refuse(text: str) -> RefusedError:
        return RefusedError(Fault(text, name))

    too_long = f"the source is larger than {size_text(most)}; split it, or {raising('bytes')}"
    try:
        with contextlib.ExitStack() as stack:
            if path is None:
                if sys.stdin is None:  # the shell closed it: <&-
                    raise refuse("standard input is closed")
                file: BinaryIO = sys.stdin.buffer
            else:
                if path.is_dir():
                    raise refuse("this is a folder; name a file")
                # the size may lie (a pipe says 0), so that the read is limited as well
                if path.stat().st_size > most:
                    raise refuse(too_long)
                file = stack.enter_context(path.open("rb"))
            left = most
            while chunk := file.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise refuse(f"{too_long}; what follows was not read")
                yield chunk
    except FileNotFoundError:
        raise refuse(ADDRESS if "://" in name else "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"the file cannot be read: {reason}") from None


def text_of(
    chunks: Iterator[bytes],
    name: str,
    warn: Callable[[Fault], None],
    tell: Callable[[Fault], None],
) -> Iterator[str]:
    """Yield bytes as text, without a byte order mark.

    A few bytes that are not UTF-8 are told, and stand in the text as surrogates, which no
    feature may hold: the features without them are still read.
    """

    def refuse(text: str, line: int | None = None) -> RefusedError:
        return RefusedError(Fault(text, name, line=line))

    chunk = next(chunks, b"")
    _look_at(chunk, refuse)
    if chunk.startswith(b"\xef\xbb\xbf"):
        chunk = chunk[3:]
        warn(Fault("byte-order-mark: the file begins with one, which JSON forbids", name, line=1))
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    wrong = _Wrong(name, tell)
    is_blank = True
    while chunk:
        text = decoder.decode(chunk)
        chunk = next(chunks, b"")
        if not chunk:
            text += decoder.decode(b"", True)
        if is_blank and (start := text.lstrip(_BLANK)):
            is_blank = False
            if start[0] == "<":
                raise refuse(
                    "this is XML or HTML, not GeoJSON; name KML .kml, and convert GPX first", 1
                )
        wrong.look(text)
        yield text
    if is_blank:
        raise refuse("the file is empty")
    wrong.close()


def what_it_is(chunk: bytes) -> str | None:
    """Return what to do with a file of another format, by its first bytes.

    Examples
    --------
    >>> what_it_is(b"PAR1..."), what_it_is(b'{"type"')
    ('this is Parquet; name it .parquet', None)
    """
    return next((advice for magic, advice in _MAGIC if chunk.startswith(magic)), None)


def _look_at(chunk: bytes, refuse: Callable[[str], RefusedError]) -> None:
    """Refuse what the first bytes tell to be something else."""
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise refuse(_UTF16)
    if (advice := what_it_is(chunk)) is not None:
        raise refuse(advice)
    # {"a in UTF-16 has a zero in every second byte; JSON has none at all
    if b"\x00" in chunk[:4]:
        raise refuse(_UTF16 if any(chunk[:4]) else "the file begins with zero bytes; not JSON")


class _Wrong:
    """Tells the first bytes that are not UTF-8, counts the others, and ends where all are."""

    def __init__(self, name: str, tell: Callable[[Fault], None]) -> None:
        self._name = name
        self._tell = tell
        self._count = 0
        self._line = 1
        self._column = 0

    def look(self, text: str) -> None:
        """Look for them in the next part of the text."""
        # the standard decoder looks for what cannot be encoded some ten times faster
        if not _is_clean(text):
            most = _MOST_BYTES + 1 - self._count
            wrong = [match.start() for match in islice(_ESCAPED.finditer(text), most)]
            if len(wrong) == most:
                raise RefusedError(self._fault(text, wrong[0]))
            for at in wrong[: max(0, _TOLD_BYTES - self._count)]:
                self._tell(self._fault(text, at))
            self._count += len(wrong)
        line_end = text.rfind("\n")
        self._line += text.count("\n")
        self._column = len(text) - line_end - 1 + (self._column if line_end < 0 else 0)

    def close(self) -> None:
        """Tell how many were only counted."""
        if self._count > _TOLD_BYTES:
            more = self._count - _TOLD_BYTES
            self._tell(Fault(f"and {more} more bytes that are not UTF-8", self._name))

    def _fault(self, text: str, at: int) -> Fault:
        start = text.rfind("\n", 0, at)
        column = at - start + (self._column if start < 0 else 0)
        line = self._line + text.count("\n", 0, at)
        said = f"byte 0x{ord(text[at]) - 0xDC00:02X} is not UTF-8; save the file as UTF-8"
        return Fault(said, self._name, line=line, column=column)


def _is_clean(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
