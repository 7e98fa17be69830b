"""Where text goes: reports to standard output or a file, all else to standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import click

from deploygeo.errors import SettingError
from deploygeo.report._words import plain

__all__ = ["complain", "drop_stdout", "emit", "progress", "wants_color"]

#: A run that is done within a second says nothing of its progress.
_PATIENCE_S = 1.0


def emit(text: str, output: str | None = None) -> None:
    """Write text to standard output, or to a file that is replaced as a whole.

    Standard output gets UTF-8 with plain line ends whatever the locale, so that the same
    input gives the same bytes. A reader who closes the pipe early changes no exit code.
    """
    content = text.encode("utf-8", "backslashreplace")
    if output is not None and output != "-":
        _replace(Path(output), content)
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        drop_stdout()


def drop_stdout() -> None:
    """Send what is still to be written nowhere, so that the interpreter ends in peace."""
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
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


@contextlib.contextmanager
def progress(what: str) -> Iterator[None]:
    """Say on a terminal what takes long, after a second; say nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    told = threading.Event()

    def tell() -> None:
        told.set()
        sys.stderr.write(f"\r{what} …")
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
        target = path.resolve()  # a link stays a link
        if target.is_dir():
            raise SettingError(f"cannot write {shown}: it is a folder")
        if target.exists() and not target.is_file():
            target.write_bytes(content)  # a pipe or a device cannot be replaced
            return
        part = target.with_name(f".{target.name[:200]}.{os.getpid()}.part")
        try:
            part.write_bytes(content)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        if isinstance(error, SettingError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(f"cannot write {shown}: {reason}") from error
