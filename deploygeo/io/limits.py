"""How much of a source is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from deploygeo.errors import SettingError, UnknownNameError

__all__ = ["Limits", "limits_of", "raising", "size_text"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a source is read before it is refused.

    Parameters
    ----------
    bytes : int
        Size of a file or of standard input.
    features : int
        Features of a source; a deployment takes about 1 KiB of memory.
    vertices : int
        Positions of one geometry; a feature holds no more values than they have.
    value : int
        Characters of one feature, which is in memory as a whole.
    text : int
        Characters of one text; an id has at most 200 in any case.
    depth : int
        Levels of nesting; GeoJSON itself needs 8.
    unpacked : int
        Bytes of JSON that the features of a GeoPackage, KML, Parquet or Arrow file come to.
    memory : int
        Bytes of addresses that the process which reads such a file may have.
    seconds : int
        How long it may take of the processor, and how long it may be silent.
    faults : int
        Of how many kinds faults are told, and how many one by one; the rest are counted.

    Raises
    ------
    SettingError
        If one of them is no whole number above 0.

    Examples
    --------
    >>> from deploygeo.io import read
    >>> read("no-such-file.geojson", limits=Limits(bytes=1024)).faults[0].message
    'there is no such file'
    >>> Limits(depth=0)
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: the limit of depth is a whole number above 0, not 0
    """

    bytes: int = 4 * 2**30
    features: int = 500_000
    vertices: int = 2_000_000
    value: int = 128 * 2**20
    text: int = 100_000
    depth: int = 64
    unpacked: int = 256 * 2**20
    memory: int = 2**30
    seconds: int = 10
    faults: int = 100

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                text = f"the limit of {one.name} is a whole number above 0, not {value!r}"
                raise SettingError(text)


def limits_of(changes: dict[str, Any]) -> Limits:
    """Return the usual limits with changes.

    Parameters
    ----------
    changes : dict
        Whole numbers, by the names of the limits.

    Raises
    ------
    UnknownNameError, SettingError
        If there is no such limit, or it is no whole number above 0.

    Examples
    --------
    >>> limits_of({"features": 10}).features
    10
    >>> limits_of({"feature": 10})
    Traceback (most recent call last):
    ...
    deploygeo.errors.UnknownNameError: unknown limit 'feature'; did you mean 'features'? Known:
    bytes, depth, faults, features, memory, seconds, text, unpacked, value, vertices.
    """
    known = [one.name for one in fields(Limits)]
    for name in changes:
        if name not in known:
            raise UnknownNameError("limit", name, known)
    return replace(Limits(), **changes)


def raising(name: str) -> str:
    """Return how a limit is raised.

    Parameters
    ----------
    name : str

    Examples
    --------
    >>> raising("bytes")
    'raise the limit: --limit bytes=…, or read(source, limits=Limits(bytes=…))'
    """
    return f"raise the limit: --limit {name}=…, or read(source, limits=Limits({name}=…))"


def size_text(size: int) -> str:
    """Return a number of bytes in words.

    Parameters
    ----------
    size : int

    Examples
    --------
    >>> size_text(4 * 2**30), size_text(256 * 2**20), size_text(1000)
    ('4 GiB', '256 MiB', '1000 bytes')
    """
    for unit, bytes_ in (("GiB", 2**30), ("MiB", 2**20)):
        if size >= bytes_ and size % bytes_ == 0:
            return f"{size // bytes_} {unit}"
    return f"{size} bytes"
