"""Fields in files of the user's cache: found by what they were made from, checked, replaced whole.

A file is a digest of all that follows, then arrays in numpy's own format, never pickled. Its name
is a digest of the coordinates and rings of the territory, the way its vertices are joined, the
step, and the code: whatever could change a bound changes the name. It is written beside its place
and renamed into it, so that a reader finds all of it or none and two writers do no harm. A file
that is damaged, or that somebody else could have written, is as good as none. Where nothing can
be written, there is no cache, and no complaint.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo.geodesy.shape import Territory

__all__ = ["folder", "key_of", "load", "save"]

#: Names the folder, or is `off`.
_VARIABLE = "DEPLOYGEO_CACHE"

#: Goes up when the meaning of a file changes.
_FORMAT = 2

#: Fields that are kept, the latest written: 230 MB at the usual step.
_FILES = 32

_SUFFIX = ".field"


def folder() -> Path | None:
    """Return the folder of the cache, which may not be there yet; None if it is switched off.

    ``DEPLOYGEO_CACHE`` names it, or is ``off``. Otherwise it is ``deploygeo`` in the place that
    the platform has for such files: ``XDG_CACHE_HOME`` or ``~/.cache``, ``~/Library/Caches`` on
    macOS, ``%LOCALAPPDATA%`` on Windows.

    >>> import os
    >>> from unittest import mock
    >>> with mock.patch.dict(os.environ, DEPLOYGEO_CACHE="off"):
    ...     folder() is None
    True
    """
    asked = os.environ.get(_VARIABLE, "").strip()
    if asked:
        return None if asked.lower() == "off" else Path(asked)
    place = os.environ.get("XDG_CACHE_HOME", "")
    # The specification says that a relative path is to be ignored.
    if place and Path(place).is_absolute():
        return Path(place) / "deploygeo"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "deploygeo"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "deploygeo"
    return home / ".cache" / "deploygeo"


@lru_cache(maxsize=1)
def _code() -> bytes:
    """Return a digest of the code that fields depend on: its version, and itself where it lies."""
    from importlib.metadata import PackageNotFoundError, version  # slow: only when it is needed

    digest = hashlib.sha256()
    with suppress(PackageNotFoundError):
        digest.update(version("deploygeo").encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        with suppress(OSError):
            digest.update(file.read_bytes())
    return digest.digest()


def key_of(territory: Territory, step_deg: float) -> str:
    """Return the name of a field: the same for the same coordinates, rings, step and code.

    >>> one, two = (Territory.of(shapely.box(0, 0, 1, 1), name) for name in ("one", "two"))
    >>> key_of(one, 0.5) == key_of(two, 0.5), key_of(one, 0.5) == key_of(one, 1.0)
    (True, False)
    """
    digest = hashlib.sha256(_code())
    digest.update(f"{_FORMAT} {step_deg!r} {territory.edges} {len(territory.shapes)}".encode())
    for shape in territory.shapes:
        coded = shapely.to_wkb(shape.geometry, output_dimension=2, byte_order=1)
        digest.update(len(coded).to_bytes(8, "little"))
        digest.update(coded)
    return digest.hexdigest()


def load(
    key: str, layout: Sequence[tuple[str, tuple[int, ...]]]
) -> tuple[NDArray[Any], ...] | None:
    """Return the arrays saved under a key; None if there are none, or not the ones expected.

    Parameters
    ----------
    key : str
    layout : sequence of (str, tuple of int)
        Kind and shape of each array, such as ``("<f8", (361, 721))``.
    """
    place = folder()
    if place is None:
        return None
    try:
        with (place / (key + _SUFFIX)).open("rb") as file:
            if not _is_own(os.fstat(file.fileno())):
                return None
            content = file.read()
    except OSError:
        return None
    size = hashlib.sha256().digest_size
    body = memoryview(content)[size:]
    if hashlib.sha256(body).digest() != content[:size]:
        return None
    stream = io.BytesIO(body)
    try:
        arrays = tuple(np.lib.format.read_array(stream, allow_pickle=False) for _ in layout)
    except (ValueError, EOFError):
        return None
    expected = [(np.dtype(kind), shape) for kind, shape in layout]
    return arrays if [(a.dtype, a.shape) for a in arrays] == expected else None


def save(key: str, arrays: Sequence[NDArray[Any]]) -> bool:
    """Save arrays under a key and return whether that worked; a failure is no error."""
    place = folder()
    if place is None:
        return False
    stream = io.BytesIO()
    for array in arrays:
        np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
    body = stream.getbuffer()
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The file is made readable and writable by its owner only.
        handle, name = tempfile.mkstemp(dir=place, prefix="new-", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest())
                file.write(body)
            Path(name).replace(place / (key + _SUFFIX))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError:
        return False
    _prune(place)
    return True


def _is_own(status: os.stat_result) -> bool:
    """Return whether nobody but the user could have written a file."""
    if not hasattr(os, "getuid"):
        return True
    writable = stat.S_IMODE(status.st_mode) & (stat.S_IWGRP | stat.S_IWOTH)
    return status.st_uid == os.getuid() and not writable


def _prune(place: Path) -> None:
    """Remove the oldest files beyond those that are kept."""
    with suppress(OSError):
        files = sorted(place.glob("*" + _SUFFIX), key=lambda file: file.stat().st_mtime)
        for file in files[:-_FILES]:
            file.unlink(missing_ok=True)
