"""Where text goes: reports to standard output or a file, all else to standard error."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from deploygeo.errors import SettingError
from deploygeo.report._words import WIDTH, plain

__all__ = [
    "check_folder",
    "check_target",
    "complain",
    "drop_stdout",
    "emit",
    "line_width",
    "progress",
    "wants_color",
]

#: A run that is done within a second says nothing of its progress.
_PATIENCE_S = 1.0
_NARROWEST = 40


def emit(text: str, output: str | None = None) -> None:
    """Write text to standard output, or to a file that is replaced as a whole.

    Standard output gets UTF-8 with plain line ends whatever the locale, so that the same
    input gives the same bytes. A reader who closes the pipe early changes no exit code.
    """
    content = text.encode("utf-8", "backslashreplace")
    if sys.stdout is None and output in (None, "-"):  # the shell closed it: >&-
        raise SettingError("standard output is closed; write to a file with -o")
    if output is not None and output != "-":
        _replace(Path(output), content)
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        drop_stdout()


def check_target(output: str | None) -> None:
    """Refuse a file that cannot be written, before the work and not after it."""
    if output is None or output == "-":
        return
    path = Path(output)
    shown = plain(path)
    if path.is_dir() or output.endswith("/"):
        raise SettingError(f"cannot write {shown}: it is a folder; name a file in it")
    if path.exists() and not path.is_file():
        return  # /dev/stdout, or a pipe
    folder = _resolved(path).parent
    if not folder.is_dir():
        raise SettingError(f"cannot write {shown}: there is no folder {plain(folder)}")
    if not os.access(folder, os.W_OK):
        raise SettingError(f"cannot write {shown}: the folder is not yours to write in")


def check_folder(output: str) -> None:
    """Refuse a folder that no file can be written into, before the work; make none."""
    folder = _resolved(Path(output))
    while not os.path.lexists(folder):  # the nearest that is there
        folder = folder.parent
    if not folder.is_dir():
        reason = f"{plain(folder)} is no folder"
    elif not os.access(folder, os.W_OK):
        reason = f"{plain(folder)} is not yours to write in"
    else:
        return
    raise SettingError(f"cannot write into {plain(output)}: {reason}; name a folder with -o")


def _resolved(path: Path) -> Path:
    """Return what a path leads to, all links followed."""
    try:
        found = path.resolve()
    except RuntimeError:  # up to Python 3.12
        found = path
    if found.is_symlink():
        raise SettingError(f"cannot write {plain(path)}: its links lead round in a circle")
    return found


def drop_stdout() -> None:
    """Send what is still to be written nowhere, so that the interpreter ends in peace."""
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def complain(text: str) -> None:
    """Write lines to standard error, with nothing in them that a terminal acts upon."""
    for line in text.split("\n"):
        click.echo(plain(line), err=True)


def wants_color(output: str | None) -> bool:
    """Return whether colours are wanted: on a terminal, unless NO_COLOR is set."""
    if output not in (None, "-") or os.environ.get("NO_COLOR"):
        return False
    return _is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb"


def line_width(output: str | None) -> int:
    """Return how long a line may be: that of the terminal, or a fixed one for files and pipes."""
    if output not in (None, "-") or not _is_terminal(sys.stdout):
        return WIDTH
    return max(shutil.get_terminal_size((WIDTH, 24)).columns, _NARROWEST)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()  # None: the shell closed it


@contextlib.contextmanager
def progress(what: str) -> Iterator[None]:
    """Say on a terminal what takes long, after a second; say nothing elsewhere."""
    if not _is_terminal(sys.stderr):
        yield
        return
    told = threading.Event()
    shown = plain(what)  # the name of a file may be anything

    def tell() -> None:
        told.set()
        sys.stderr.write(f"\r{shown} …")
        sys.stderr.flush()

    timer = threading.Timer(_PATIENCE_S, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if told.is_set():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside its target and rename it, so that no reader sees half of it."""
    shown = plain(path)
    try:
        # /dev/stdout and >(command) are no files, and what they resolve to has no name
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
            return
        target = _resolved(path)  # a link stays a link
        if target.is_dir():
            raise SettingError(f"cannot write {shown}: it is a folder")
        # nobody can have put a link of that name there
        part = target.with_name(f".deploygeo-{secrets.token_hex(8)}.part")
        try:
            with part.open("xb") as file:
                file.write(content)
            if target.exists():
                shutil.copymode(target, part)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except BrokenPipeError:
        return  # a reader who leaves early changes nothing
    except (OSError, ValueError) as error:
        if isinstance(error, SettingError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(f"cannot write {shown}: {reason}") from error
