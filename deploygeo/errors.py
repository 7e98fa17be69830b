"""Everything that deploygeo raises on purpose.

The tree::

    DeploygeoError
    ├── InputError (ValueError)         a file or a deployment is wrong; ``faults`` has all
    ├── TreatyError (ValueError)        a treaty file is wrong; ``faults`` lists every fault
    ├── CoordinateError (ValueError)    a longitude or latitude is not one
    ├── UnknownNameError (LookupError)  a name that nobody defined, with the nearest known one
    ├── SettingError (ValueError)       an option of a run does not fit
    └── BoundaryError (RuntimeError)    the border data are missing or damaged
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = [
    "BoundaryError",
    "CoordinateError",
    "DeploygeoError",
    "Fault",
    "InputError",
    "SettingError",
    "TreatyError",
    "UnknownNameError",
    "did_you_mean",
    "excerpt",
]

_EXCERPT: Final = 96


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where.

    Parameters
    ----------
    message : str
        What was wrong, with the value, and what to do.
    source : str
        File name, ``<stdin>`` or ``<features>``.
    line, column : int or None
        One-based position in the source, where it is text.
    feature : int or None
        Zero-based index of the feature.
    id : str or None
        The id of the feature, where it could be read.
    pointer : str
        JSON pointer (RFC 6901) into the feature collection, or a TOML path.
    excerpt : str
        The line of text with a caret below it, where the source is text.
    more : int
        How many of the same kind were found besides, of which none is told.

    Examples
    --------
    >>> print(Fault("lon 540.0 is outside [-180, 180]", "a.geojson", line=4, feature=1,
    ...             pointer="/features/1/geometry/coordinates/0"))
    a.geojson:4: features[1] /features/1/geometry/coordinates/0: lon 540.0 is outside [-180, 180]
    >>> print(Fault("the file is empty", "a.geojson"))
    a.geojson: the file is empty
    """

    message: str
    source: str = ""
    line: int | None = None
    column: int | None = None
    feature: int | None = None
    id: str | None = None
    pointer: str = ""
    excerpt: str = ""
    more: int = 0

    def __str__(self) -> str:
        place = self.source
        if self.line is not None:
            place += f":{self.line}"
            if self.column is not None:
                place += f":{self.column}"
        where = [f"{place}:"] if place else []
        if self.feature is not None:
            where.append(f"features[{self.feature}]")
        if self.id is not None:
            where.append(f"(id {self.id!r})")
        if self.pointer:
            where.append(self.pointer)
        head = " ".join(where)
        if head and not head.endswith(":"):
            head += ":"
        text = f"{head} {self.message}" if head else self.message
        if self.more:
            text += f" (and {self.more} more like it)"
        return f"{text}\n{self.excerpt}" if self.excerpt else text


class DeploygeoError(Exception):
    """Root of everything that deploygeo raises on purpose."""


class _FaultyError(DeploygeoError, ValueError):
    """An error that carries a list of faults."""

    def __init__(self, faults: str | Fault | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            faults = (Fault(faults),)
        elif isinstance(faults, Fault):
            faults = (faults,)
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InputError(_FaultyError):
    """A file of deployments, or a deployment made in Python, is wrong."""


class TreatyError(_FaultyError):
    """A treaty file is wrong."""


class CoordinateError(DeploygeoError, ValueError):
    """A longitude or latitude is outside its bounds or not finite."""


class UnknownNameError(DeploygeoError, LookupError):
    """A name that nobody defined.

    Examples
    --------
    >>> str(UnknownNameError("worldview", "rusia", ["un", "de-facto", "russia"]))
    "unknown worldview 'rusia'; did you mean 'russia'? Known: de-facto, russia, un."
    """

    def __init__(self, what: str, name: object, known: Iterable[str]) -> None:
        names = sorted(known)
        super().__init__(f"unknown {what} {name!r}{did_you_mean(name, names)}")


class SettingError(DeploygeoError, ValueError):
    """An option of a run does not fit."""


class BoundaryError(DeploygeoError, RuntimeError):
    """The border data are missing, damaged or not the expected ones."""


def did_you_mean(name: object, known: Iterable[str], *, most: int = 24) -> str:
    """Return the tail of a message about an unknown name.

    The nearest known name comes first, then the known names when there are at
    most `most` of them.

    Parameters
    ----------
    name : object
        What was written.
    known : iterable of str
        What could have been.
    most : int
        More names than these are not listed.

    Examples
    --------
    >>> did_you_mean("nord", ["north", "south"])
    "; did you mean 'north'? Known: north, south."
    >>> did_you_mean("x", [])
    '.'
    """
    names = list(known)
    folded = {candidate.casefold(): candidate for candidate in names}
    near = difflib.get_close_matches(str(name).casefold(), folded, n=1, cutoff=0.6)
    text = f"; did you mean {folded[near[0]]!r}?" if near else "."
    if names and len(names) <= most:
        text = text.removesuffix(".") + ("" if near else ".")
        text += f" Known: {', '.join(names)}."
    return text


def excerpt(line: str, column: int) -> str:
    """Return the part of a line round a column, with a caret below that column.

    Parameters
    ----------
    line : str
        The whole line.
    column : int
        One-based; it may be one beyond the end.

    Examples
    --------
    >>> print(excerpt("rule = 'never'", 9))
    rule = 'never'
            ^
    >>> print(excerpt("", 1))
    <BLANKLINE>
    ^
    """
    start = max(0, column - _EXCERPT * 2 // 3)
    # a tab, or a letter that a terminal acts upon, would move what stands above the caret
    shown = "".join(letter if letter.isprintable() else " " for letter in line)
    width = sum(_cells(letter) for letter in shown[start : column - 1])
    return f"{shown[start : start + _EXCERPT]}\n{' ' * width}^"


def _cells(letter: str) -> int:
    """Return how many columns of a terminal a letter takes."""
    # marks without a class of combining, such as vowel signs and variation selectors, as well
    if unicodedata.category(letter) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
