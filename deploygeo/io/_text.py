"""From bytes to text: what is not UTF-8 JSON is refused with advice on what to do."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from deploygeo.errors import Fault
from deploygeo.io._scan import LineCounter

__all__ = ["RefusedError", "decode", "load"]

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "this is gzip; unpack it first"),
    (b"PK\x03\x04", "this is a zip archive; unpack it, and convert a shapefile to GeoJSON"),
    (b"PAR1", "this is Parquet; read it with geopandas and pass the GeoDataFrame"),
    (b"SQLite format 3\x00", "this is a GeoPackage or SQLite file; convert it to GeoJSON"),
    (b"%PDF", "this is a PDF; deployments are GeoJSON"),
    (b"\x28\xb5\x2f\xfd", "this is zstandard; unpack it first"),
)
# What surrogateescape makes of a byte that is not UTF-8.
_ESCAPED = re.compile("[\udc80-\udcff]")
# A text with more of them is not UTF-8 at all; with fewer, a name or two came from elsewhere.
_MOST_BYTES = 1_000
_TOLD_BYTES = 10
_UTF16 = "the file is UTF-16 or UTF-32; save it as UTF-8"


def _not_utf8(byte: int) -> str:
    return f"byte 0x{byte:02X} is not UTF-8; save the file as UTF-8"


class RefusedError(Exception):
    """The whole source cannot be read; carries the one fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def load(path: Path | None, name: str, most: int) -> bytes:
    """Return the bytes of a file, or of standard input for None; at most `most`."""
    if not name:
        raise RefusedError(Fault("the name of the file is empty"))

    def refuse(text: str) -> RefusedError:
        return RefusedError(Fault(text, name))

    too_long = (
        f"the source is larger than {most / 2**20:.0f} MiB; split it, or raise the limit "
        "in Python with read(source, limits=Limits(bytes=...))"
    )
    try:
        if path is None:
            if sys.stdin is None:  # the shell closed it: <&-
                raise refuse("standard input is closed")
            content = sys.stdin.buffer.read(most + 1)
        else:
            if path.is_dir():
                raise refuse("this is a folder; name a file")
            # the size may lie (a pipe says 0), so that the read is limited as well
            if path.stat().st_size > most:
                raise refuse(too_long)
            with path.open("rb") as file:
                content = file.read(most + 1)
    except FileNotFoundError:
        raise refuse("there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"the file cannot be read: {reason}") from None
    if len(content) > most:
        raise refuse(too_long)
    return content


def decode(
    content: bytes,
    name: str,
    warn: Callable[[Fault], None],
    tell: Callable[[Fault], None],
) -> str:
    """Return bytes as text, without a byte order mark.

    A few bytes that are not UTF-8 are told, and stand in the text as surrogates, which no
    feature may hold: the features without them are still read.
    """

    def refuse(text: str, line: int | None = None, column: int | None = None) -> RefusedError:
        return RefusedError(Fault(text, name, line=line, column=column))

    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise refuse(_UTF16)
    for magic, advice in _MAGIC:
        if content.startswith(magic):
            raise refuse(advice)
    # {"a in UTF-16 has a zero in every second byte; JSON has none at all
    if b"\x00" in content[:4]:
        raise refuse(_UTF16 if any(content[:4]) else "the file begins with zero bytes; not JSON")
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
        warn(Fault("byte-order-mark: the file begins with one, which JSON forbids", name, line=1))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        text = content.decode("utf-8", "surrogateescape")
        counter = LineCounter(text)
        wrong = [match.start() for match in islice(_ESCAPED.finditer(text), _MOST_BYTES + 1)]
        for at in wrong[:_TOLD_BYTES]:
            line, column = counter.place(at)
            found = Fault(_not_utf8(ord(text[at]) - 0xDC00), name, line=line, column=column)
            if len(wrong) > _MOST_BYTES:
                raise RefusedError(found) from error
            tell(found)
        if len(wrong) > _TOLD_BYTES:
            tell(Fault(f"and {len(wrong) - _TOLD_BYTES} more bytes that are not UTF-8", name))
    start = text[:64].lstrip(" \t\r\n\x1e")
    if not start and not text.strip(" \t\r\n\x1e"):
        raise refuse("the file is empty")
    if start.startswith("<"):
        raise refuse("this is XML or HTML, not GeoJSON; convert KML or GPX first", 1)
    return text
