"""What runs in the child: limits first, then one reader, whose features go out as lines of JSON.

A file that crashes a reader or fills its memory ends this process and nothing else. Nothing
binary leaves it: a line is a feature, a fault, a warning or the end, and who started it checks
each feature like one of GeoJSON.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from deploygeo.io.limits import Limits, raising, size_text

__all__ = ["Feature", "Refused", "Warned", "main"]

#: Which module reads what; each has `features(path, limits)`.
READERS = {
    "arrow": "deploygeo.io.arrow",
    "geopackage": "deploygeo.io.geopackage",
    "kml": "deploygeo.io.kml",
}
#: As much as an interpreter, its libraries and one file take.
_OPEN_FILES = 64
#: What a reader has no business with, by the names of Python's audit events.
_FORBIDDEN = (
    "ctypes.",
    "ftplib.",
    "http.client.",
    "os.exec",
    "os.fork",
    "os.kill",
    "os.link",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.spawn",
    "os.startfile",
    "os.symlink",
    "os.system",
    "os.truncate",
    "pty.",
    "shutil.",
    "smtplib.",
    "socket.",
    "sqlite3.enable_load_extension",
    "sqlite3.load_extension",
    "subprocess.",
    "urllib.",
    "webbrowser.",
)


class Feature(NamedTuple):
    """A feature, the line of it, what is wrong with it, and where its parts stand."""

    value: dict[str, Any]
    line: int | None = None
    wrong: tuple[tuple[tuple[str | int, ...], str], ...] = ()
    places: dict[str, tuple[int, int]] | None = None


class Warned(NamedTuple):
    """Something that is odd and does not stop the reading."""

    text: str


class Told(NamedTuple):
    """Something that is wrong with the file and does not stop the reading."""

    text: str
    line: int | None = None
    column: int | None = None


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """The file, or the rest of it, cannot be read."""

    def __init__(self, text: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(text)
        self.line = line
        self.column = column


Part = Feature | Warned | Told
Reader = Callable[[str, Limits], Iterator[Part]]


def main(argument: str) -> None:
    """Read one file and write what it holds to standard output.

    Parameters
    ----------
    argument : str
        JSON with the reader's name, the path and the limits.
    """
    asked = json.loads(argument)
    limits = Limits(**asked["limits"])
    restrict(limits)
    out = sys.stdout
    try:
        reader: Reader = importlib.import_module(READERS[asked["reader"]]).features
        _forbid()
        for part in reader(asked["path"], limits):
            out.write(_line(part))
        said: dict[str, Any] = {"end": True}
    except Refused as refused:
        said = {"refused": str(refused), "line": refused.line, "column": refused.column}
    except MemoryError:
        said = {"refused": too_much_memory(limits)}
    except RecursionError:
        said = {"refused": "the file nests deeper than can be read"}
    except BrokenPipeError:
        os._exit(0)  # nobody reads any more, and nobody is to be told
    except ImportError as error:
        lacks = "failed to map" in str(error)  # addresses for a library
        said = {
            "refused": too_much_memory(limits) if lacks else f"the file cannot be read: {error}"
        }
    except Exception as error:  # what a library raises on a damaged file is its own affair
        reason = str(error).partition("\n")[0][:300]
        said = {"refused": f"the file cannot be read ({type(error).__name__}): {reason}"}
    out.write(json.dumps(said) + "\n")
    out.flush()
    # the libraries' own tidying up has been seen to crash after a damaged file
    os._exit(0)


def too_much_memory(limits: Limits) -> str:
    """Return what to say where memory ran out."""
    return (
        f"the file needs more than {size_text(limits.memory)} of memory to be read; it is damaged "
        f"or packed too well; split it, or {raising('memory')}"
    )


def _line(part: Part) -> str:
    if isinstance(part, Feature):
        row: dict[str, Any] = {"feature": part.value, "line": part.line}
        if part.wrong:
            row["wrong"] = part.wrong
        if part.places:
            row["places"] = part.places
    elif isinstance(part, Told):
        row = {"told": part.text, "line": part.line, "column": part.column}
    else:
        row = {"warned": part.text}
    return json.dumps(row) + "\n"


def restrict(limits: Limits) -> None:
    """Give up memory, time, files and writing, where the system has such limits."""
    try:
        import resource
    except ImportError:  # Windows: the clock of the parent is what is left
        return
    for name, value, last in (
        ("RLIMIT_CORE", 0, 0),
        ("RLIMIT_FSIZE", 0, 0),
        ("RLIMIT_NOFILE", _OPEN_FILES, _OPEN_FILES),
        ("RLIMIT_CPU", limits.seconds, limits.seconds + 1),  # at the second there is no signal
        ("RLIMIT_AS", limits.memory, limits.memory),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value, last = min(value, hard), min(last, hard)
        try:
            resource.setrlimit(kind, (value, last))
        except (OSError, ValueError):
            continue  # macOS takes no limit on addresses


def _forbid() -> None:
    """Refuse, for good, what a reader never does: the network, processes, writing to files."""

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            flags = arguments[2] if len(arguments) > 2 else 0
            if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                raise PermissionError("a reader does not write")
        elif event.startswith(_FORBIDDEN):
            raise PermissionError(f"a reader does not do {event}")

    sys.addaudithook(refuse)
