"""Files in binary formats, read by a child process with limits.

Readers of such files have been seen to crash on a damaged one, and to fill the memory for a
small one. Here that ends a child, and is one fault. The child may have so many bytes of
addresses, so many seconds, 64 open files, no core file, and may not write; on Windows, which
has no such limits, it has its seconds by the clock.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path as FilePath
from typing import IO, Any

from deploygeo.errors import Fault
from deploygeo.io._limited import too_much_memory
from deploygeo.io._sink import Sink, Spot
from deploygeo.io._text import ADDRESS, RefusedError, chunks_of, what_it_is
from deploygeo.io.limits import Limits, raising, size_text
from deploygeo.io.reading import Reading, _Hashed
from deploygeo.model._shown import Path, printable

__all__ = ["read_in_child"]

# -I: no variables of Python, no folder of the user, none of the caller's folder before the
# standard library; what the parent can import comes last.
_START = (
    "import json, sys; asked = sys.argv[1]; sys.path += json.loads(asked)['paths']; "
    "from deploygeo.io._limited import main; main(asked)"
)
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB", "SYSTEMROOT", "TZDIR")
_SET = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the others reserve addresses that are limited
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PROJ_NETWORK": "OFF",
}
#: How long the child may take to start and to end, on top of its seconds: a machine may be busy.
_GRACE_S = 10
#: What each reader takes, or tells by itself, by the first bytes.
_OWN = {
    "arrow": (b"PAR1", b"ARROW1", b"FEA1"),
    "geopackage": (b"SQLite",),
    "kml": (b"<", b"PK"),
}
_LOOK_S = 0.2
_MOST_WORDS = 2_000
_MOST_SAID = 4_096
_SIGXCPU = 24  # not there on Windows


def read_in_child(path: str, limits: Limits, *, reader: str) -> Reading:
    """Read a file in a child process; faults are returned, not raised.

    Parameters
    ----------
    path : str
    limits : Limits
        `memory` and `seconds` are the child's, `unpacked` is what may come out of it.
    reader : {"arrow", "geopackage", "kml"}

    Returns
    -------
    Reading

    Examples
    --------
    >>> read_in_child("no-such.kml", Limits(), reader="kml").faults[0].message
    'there is no such file'
    """
    sink = Sink(printable(path), limits)
    digest = None
    try:
        _check_kind(path, sink.name)
        chunks = _Hashed(chunks_of(FilePath(path), sink.name, limits.bytes))
        first = next(chunks, b"")
        before = os.stat(path)  # noqa: PTH116 - the name may hold anything
        digest = chunks.close()
        if not first:
            raise RefusedError(Fault("the file is empty", sink.name))
        if (advice := _of_another(first, reader)) is not None:
            raise RefusedError(Fault(advice, sink.name))
        with _Child(path, limits, reader) as child:
            for said in child.lines(sink.name):
                _take(sink, said)
        after = os.stat(path)  # noqa: PTH116
        if _mark(before) != _mark(after):
            raise RefusedError(
                Fault("the file changed while it was read; read it again", sink.name)
            )
    except RefusedError as refused:
        sink.fault(refused.fault, always=True)
    except OSError as error:
        reason = error.strerror or str(error)
        sink.fault(Fault(f"the file cannot be read: {reason}", sink.name), always=True)
    return sink.close(digest)


def _check_kind(path: str, name: str) -> None:
    """Refuse what is no file, of which opening it may already do something."""
    if "://" in path:
        raise RefusedError(Fault(ADDRESS, name))
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except (OSError, ValueError):
        return  # told when it is opened
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise RefusedError(Fault("this is a pipe or a device; write it to a file first", name))


def _of_another(first: bytes, reader: str) -> str | None:
    """Return what to do with a file that another reader would take; None where that is not sure."""
    if first.startswith(_OWN[reader]):
        return None
    start = first[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        return "this is JSON; name it .geojson"
    if start[:1] == b"<" and reader != "kml":
        return "this is XML or HTML; name KML .kml"
    return what_it_is(first)


def _mark(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _take(sink: Sink, said: dict[str, Any]) -> None:
    """Take one thing that the child says, of which nothing but that it is JSON is known."""
    line, column = _whole(said.get("line")), _whole(said.get("column"))
    if "feature" in said:
        where = partial(_spot, _places(said.get("places")), line)
        sink.take(said["feature"], line, where, _wrong(said.get("wrong")))
    elif "warned" in said:
        sink.warn(Fault(_words(said["warned"]), sink.name))
    else:
        fault = Fault(_words(said.get("told")), sink.name, line, column)
        sink.fault(fault, always=True)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _words(value: object) -> str:
    return printable(str(value))[:_MOST_WORDS]


def _wrong(value: object) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for row in value if isinstance(value, list) else ():
        if isinstance(row, list) and len(row) == 2 and isinstance(row[0], list):
            found.append((tuple(str(step) for step in row[0]), _words(row[1])))
    return found


def _places(value: object) -> dict[str, tuple[int | None, int | None]]:
    found: dict[str, tuple[int | None, int | None]] = {}
    for key, row in value.items() if isinstance(value, dict) else ():
        if isinstance(row, list) and len(row) == 2:
            found[key] = _whole(row[0]), _whole(row[1])
    return found


def _spot(places: dict[str, tuple[int | None, int | None]], line: int | None, path: Path) -> Spot:
    """Return the place of the longest part of a path of which the child has told it."""
    for end in range(len(path), 0, -1):
        found = places.get("/".join(str(step) for step in path[:end]))
        if found is not None:
            return Spot(found[0], found[1])
    return Spot(line)


@dataclass(slots=True)
class _Said:
    """The last that the child wrote to its standard error, in the words of its libraries."""

    text: bytes = b""

    def listen(self, pipe: IO[bytes]) -> None:
        """Read all of it, so that the child never waits, and keep the end."""
        with contextlib.suppress(OSError, ValueError):
            while chunk := pipe.read1(_MOST_SAID):  # type: ignore[attr-defined]
                self.text = (self.text + chunk)[-_MOST_SAID:]


class _Child:
    """A reader at work: started, listened to, and ended in any case."""

    def __init__(self, path: str, limits: Limits, reader: str) -> None:
        self._limits = limits
        self._is_late = False
        self._asked: float | None = None
        self._done = threading.Event()
        asked = {
            "reader": reader,
            "path": os.path.abspath(path),  # noqa: PTH100
            "limits": asdict(limits),
            "paths": [one for one in sys.path if os.path.isabs(one)],  # noqa: PTH117
        }
        self._command = [
            sys.executable or "python",
            "-I",
            "-X",
            "utf8",
            "-c",
            _START,
            json.dumps(asked),
        ]
        self._environment = {**{k: os.environ[k] for k in _KEPT if k in os.environ}, **_SET}

    def __enter__(self) -> _Child:
        self._process = subprocess.Popen(  # noqa: S603 - the interpreter that runs this
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment,
            close_fds=True,
        )
        assert self._process.stdout is not None  # noqa: S101
        assert self._process.stderr is not None  # noqa: S101
        self._out = self._process.stdout
        self._said = _Said()
        self._listener = threading.Thread(
            target=self._said.listen, args=(self._process.stderr,), daemon=True
        )
        self._listener.start()
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def _watch(self) -> None:
        """End the child where it is silent for too long; what the parent takes does not count."""
        most = self._limits.seconds + _GRACE_S
        while not self._done.wait(_LOOK_S):
            if self._asked is not None and time.monotonic() - self._asked > most:
                self._is_late = True
                self._process.kill()
                return

    def _line(self, most: int) -> bytes:
        self._asked = time.monotonic()
        try:
            return self._out.readline(most)
        finally:
            self._asked = None

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._process.kill()
        self._process.wait()
        self._listener.join(1)
        self._out.close()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield what the child says; raise where it does not come to an end."""
        most, size = self._limits.value, 0
        while line := self._line(most + 1):
            size += len(line)
            if len(line) > most:
                text = f"one feature is longer than {most} characters; {raising('value')}"
                raise RefusedError(Fault(f"{text}; what follows was not read", name))
            if size > self._limits.unpacked:
                text = f"unpacked, the file is larger than {size_text(self._limits.unpacked)}; "
                text += f"{raising('unpacked')}; what follows was not read"
                raise RefusedError(Fault(text, name))
            said = _said(line)
            if said is None:
                break
            if "end" in said:
                return
            if "refused" in said:
                place = _whole(said.get("line")), _whole(said.get("column"))
                raise RefusedError(Fault(_words(said["refused"]), name, *place))
            yield said
        raise RefusedError(Fault(f"{self._why()}; what follows was not read", name))

    def _why(self) -> str:
        """Return why the child ended before it had said so."""
        seconds = self._limits.seconds
        slow = f"the file takes more than {seconds} s to be read; {raising('seconds')}"
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_S)
        if self._is_late:
            return slow
        code = self._process.poll()
        if code is None:
            return "the reader of the file stopped to answer"
        self._listener.join(1)
        last = printable(self._said.text.decode("utf-8", "replace").strip().rpartition("\n")[2])
        if code == -_SIGXCPU:
            return slow
        if "bad_alloc" in last or "MemoryError" in last:
            return too_much_memory(self._limits)
        why = f": {last[:200]}" if last else ""
        if code < 0:
            try:
                how = signal.Signals(-code).name
            except ValueError:
                how = f"signal {-code}"
            return f"the reader crashed on this file ({how}){why}; it is damaged or hostile"
        return f"the reader of the file did not come to an end (exit code {code}){why}"


def _said(line: bytes) -> dict[str, Any] | None:
    """Return a line of the child's, of which nothing is taken for granted."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    known = ("feature", "warned", "told", "refused", "end")
    return said if isinstance(said, dict) and any(key in said for key in known) else None
