"""Loading treaties: by the id of one that ships, or from a file or folder."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

from deploygeo.errors import Fault, SettingError, TreatyError, UnknownNameError
from deploygeo.treaties.builder import build, build_readings
from deploygeo.treaties.document import Document, parse
from deploygeo.treaties.schema import Reading, Treaty

__all__ = ["MAX_BYTES", "library", "lint", "load", "readings"]

MAX_BYTES: Final = 1_000_000
"""A treaty file of the size of a long treaty's full text; larger ones are refused."""

_LIBRARY: Final = Path(__file__).parent / "library"


def library() -> tuple[str, ...]:
    """Return the ids of the treaties that ship.

    Examples
    --------
    >>> library()
    ('nato-russia-2021', 'us-russia-2021')
    """
    return tuple(sorted(path.parent.name for path in _LIBRARY.glob("*/treaty.toml")))


@functools.cache
def readings() -> tuple[Reading, ...]:
    """Return the readings that treaties share, in the order of their file.

    Examples
    --------
    >>> readings()[0].name, readings()[0].default
    ('reach', 'weapon')
    """
    document = _document(_LIBRARY / "readings.toml")
    found = build_readings(document)
    if document.faults:
        raise TreatyError(document.faults)
    return found


def load(treaty: str | Path) -> Treaty:
    """Load a treaty by the id of one that ships, or from a file or folder.

    Parameters
    ----------
    treaty : str or Path
        An id of the library, a ``treaty.toml``, or the folder that holds one.

    Returns
    -------
    Treaty

    Raises
    ------
    TreatyError
        With every fault of the file: where, what, and what to do; or if a path leads to none.
    UnknownNameError
        If `treaty` is neither a known id nor looks like a path.
    SettingError
        If it is neither text nor a path.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> load("us-russia-2021").clause("5.2").article
    '5(2)'
    >>> load("us-rusia-2021")
    Traceback (most recent call last):
    ...
    deploygeo.errors.UnknownNameError: unknown treaty 'us-rusia-2021'; did you mean
    'us-russia-2021'? Known: nato-russia-2021, us-russia-2021.
    >>> load("my/treaty.toml")
    Traceback (most recent call last):
    ...
    deploygeo.errors.TreatyError: my/treaty.toml: there is no such file
    """
    if not isinstance(treaty, str | Path):
        raise SettingError(f"a treaty is an id or a path, not a {type(treaty).__name__}")
    if isinstance(treaty, str) and treaty in library():
        return _load_shipped(treaty)
    path = Path(treaty)
    try:
        if path.is_dir():
            path /= "treaty.toml"
        exists = path.exists()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TreatyError(Fault(f"the file cannot be read: {reason}", str(treaty))) from None
    if not exists:
        if isinstance(treaty, str) and not _is_path(treaty):
            raise UnknownNameError("treaty", treaty, library())
        raise TreatyError(Fault("there is no such file", str(path)))
    return build(_document(path), path.parent, readings())


def lint(treaty: str | Path) -> tuple[Fault, ...]:
    """Return every fault of a treaty file; none where it loads.

    What has no fault loads, and no check of it ends in an error of the treaty.

    Parameters
    ----------
    treaty : str or Path
        Id of a treaty that ships, or a file.

    Examples
    --------
    >>> lint("us-russia-2021")
    ()
    >>> [fault.message for fault in lint("no/treaty.toml")]
    ['there is no such file']
    """
    try:
        load(treaty)
    except TreatyError as error:
        return error.faults
    return ()


@functools.cache
def _load_shipped(id: str) -> Treaty:  # noqa: A002
    path = _LIBRARY / id / "treaty.toml"
    return build(_document(path), path.parent, readings())


def _is_path(text: str) -> bool:
    return text.endswith(".toml") or "/" in text or "\\" in text


def _document(path: Path) -> Document:
    try:
        # what a file says of its size may be wrong (a device says 0), so that the read is bounded
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TreatyError(Fault(f"the file cannot be read: {reason}", path.name)) from None
    if len(content) > MAX_BYTES:
        raise TreatyError(Fault(f"the file is larger than {MAX_BYTES} bytes", path.name))
    return parse(content, path.name)
