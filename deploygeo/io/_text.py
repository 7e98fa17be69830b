"""From bytes to text: what is not UTF-8 JSON is refused with advice on what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from deploygeo.errors import Fault

__all__ = ["RefusedError", "decode", "load"]

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "this is gzip; unpack it first"),
    (b"PK\x03\x04", "this is a zip archive; unpack it, and convert a shapefile to GeoJSON"),
    (b"PAR1", "this is Parquet; read it with geopandas and pass the GeoDataFrame"),
    (b"SQLite format 3\x00", "this is a GeoPackage or SQLite file; convert it to GeoJSON"),
    (b"%PDF", "this is a PDF; deployments are GeoJSON"),
    (b"\x28\xb5\x2f\xfd", "this is zstandard; unpack it first"),
)
_UTF16 = "the file is UTF-16 or UTF-32; save it as UTF-8"


class RefusedError(Exception):
    """The whole source cannot be read; carries the one fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def load(path: Path | None, name: str, most: int) -> bytes:
    """Return the bytes of a file, or of standard input for None; at most `most`."""

    def refuse(text: str) -> RefusedError:
        return RefusedError(Fault(text, name))

    too_long = (
        f"the source is larger than {most / 2**20:.0f} MiB; split it, or raise the limit "
        "in Python with read(source, limits=Limits(bytes=...))"
    )
    try:
        if path is None:
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


def decode(content: bytes, name: str, warn: Callable[[Fault], None]) -> str:
    """Return bytes as text, without a byte order mark."""

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
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        byte = content[error.start]
        raise refuse(
            f"byte 0x{byte:02X} is not UTF-8; save the file as UTF-8", line, column
        ) from None
    start = text[:64].lstrip(" \t\r\n\x1e")
    if not start and not text.strip(" \t\r\n\x1e"):
        raise refuse("the file is empty")
    if start.startswith("<"):
        raise refuse("this is XML or HTML, not GeoJSON; convert KML or GPX first", 1)
    return text
