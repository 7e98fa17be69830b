"""Positions written for people: degrees, minutes and seconds, or a grid reference.

Each parser reads the whole of a text or refuses it. What could be meant in two ways is
refused: a sign beside a hemisphere, two numbers without any, a letter left over.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import NamedTuple

from deploygeo.errors import CoordinateError
from deploygeo.model._shown import shown

__all__ = ["Position", "parse_angle", "parse_dms", "parse_position"]

#: Longer than any position that somebody wrote down, and short enough for a regular expression.
_MOST_CHARACTERS = 100

_BLANKS = re.compile("[ \t\u00a0\u2007\u2009\u202f]+")
_NUMBER = r"[0-9]{1,20}(?:\.[0-9]{1,20})?"
_DECIMAL = re.compile(rf"[+-]?{_NUMBER}(?:[eE][+-]?[0-9]{{1,3}})?")
_DEGREE, _MINUTE = "[°º]", "['′’ʹ]"
_SECOND = f'(?:["″”ʺ]|{_MINUTE}{{2}})'
_BODY = (
    f"{_NUMBER} ?{_DEGREE}(?: ?{_NUMBER} ?{_MINUTE}(?: ?{_NUMBER} ?{_SECOND})?)?"
    f"|{_NUMBER}:{_NUMBER}(?::{_NUMBER})?"
    f"|{_NUMBER}(?: {_NUMBER}){{0,2}}"
)
_AFTER = rf"({_BODY}) ?([NSEW])"
_BEFORE = rf"([NSEW]) ?({_BODY})"
_BETWEEN = "(?: ?[,;/] ?| )?"
_ANGLE_AFTER, _ANGLE_BEFORE = re.compile(_AFTER), re.compile(_BEFORE)
_PAIR_AFTER = re.compile(f"{_AFTER}{_BETWEEN}{_AFTER}")
_PAIR_BEFORE = re.compile(f"{_BEFORE}{_BETWEEN}{_BEFORE}")
_TWO_NUMBERS = re.compile(f"[+-]?(?:{_BODY}){_BETWEEN}[+-]?(?:{_BODY})")
_PARTS = re.compile(_NUMBER)
_WRITTEN = re.compile("[0-9NSEWnsew.,;:/ °º'′’ʹ\"″”ʺ]*")
_MGRS = re.compile(r"(?:[0-9]{1,3} ?[A-Za-z]|[A-Za-z]) ?[A-Za-z]{2}(?: ?[0-9 ]*)?")

_MOST_DEGREES = {"lon": 180, "lat": 90}
_LETTERS = {"lon": "EW", "lat": "NS"}
_EXAMPLE = "write for example 59°26'12.5\"N 24°44'E"


class Position(NamedTuple):
    """A place in degrees, and how far the true one may be off by the way it was written."""

    lon: float
    lat: float
    error_m: float = 0.0


def parse_position(text: str) -> Position:
    r"""Return a position that is written in degrees with hemispheres, or as MGRS.

    Parameters
    ----------
    text : str
        The whole of it; blanks at the ends are dropped.

    Raises
    ------
    CoordinateError
        With what is wrong and what to write.

    Examples
    --------
    >>> parse_position("59°26'12.5\"N 24°44'E")
    Position(lon=24.733333333333334, lat=59.43680555555556, error_m=0.0)
    >>> parse_position("35VLF 69 86").error_m
    707.38973...
    >>> parse_position("59.4, 24.7")
    Traceback (most recent call last):
    ...
    deploygeo.errors.CoordinateError: '59.4, 24.7' names no hemispheres, so that lon and lat cannot
    be told apart; write for example 59°26'12.5"N 24°44'E
    """
    if _MGRS.fullmatch(text.strip()[: _MOST_CHARACTERS + 1]):
        from deploygeo.io.mgrs import parse_mgrs  # pyproj takes a while

        return parse_mgrs(text)
    return parse_dms(text)


def parse_dms(text: str) -> Position:
    """Return a position in degrees, minutes and seconds, or decimal degrees, with hemispheres.

    Parameters
    ----------
    text : str
        Latitude and longitude in either order. Minutes and seconds may be left out, the last
        part may have decimals. Parts are told apart by ° ' " and their typographic forms, by
        colons, or by blanks.

    Raises
    ------
    CoordinateError
        With what is wrong and what to write.

    Notes
    -----
    The value is the double nearest to what is written.

    Examples
    --------
    >>> parse_dms("E024 44 00, N59 26 12.5") == parse_dms("59:26:12.5N 24°44′E")
    True
    >>> parse_dms("59°60'N 24°44'E")
    Traceback (most recent call last):
    ...
    deploygeo.errors.CoordinateError: 60 minutes in "59°60'N 24°44'E"; minutes are below 60
    """
    clean = _cleaned(text)
    upper = clean.upper()
    if pair := _PAIR_AFTER.fullmatch(upper):
        bodies, letters = (pair[1], pair[3]), (pair[2], pair[4])
    elif pair := _PAIR_BEFORE.fullmatch(upper):
        bodies, letters = (pair[2], pair[4]), (pair[1], pair[3])
    else:
        raise CoordinateError(_why_not(clean))
    found: dict[str, float] = {}
    for body, letter in zip(bodies, letters, strict=True):
        axis = "lat" if letter in "NS" else "lon"
        if axis in found:
            text = f"{shown(clean)} gives the {axis} twice; {_EXAMPLE}"
            raise CoordinateError(text)
        found[axis] = _degrees(body, letter, axis, clean)
    return Position(found["lon"], found["lat"])


def parse_angle(text: str, axis: str) -> float:
    """Return one longitude or latitude, in decimal degrees or with a hemisphere.

    Whether a decimal number lies within its bounds is left to who builds the geometry.

    Parameters
    ----------
    text : str
        A number such as ``-24.75``, or degrees with a hemisphere such as ``24°45'W``.
    axis : {"lon", "lat"}

    Raises
    ------
    CoordinateError
        With what is wrong and what to write.

    Examples
    --------
    >>> parse_angle("-24.75", "lon"), parse_angle("24°45'W", "lon")
    (-24.75, -24.75)
    >>> parse_angle("24°45'", "lon")
    Traceback (most recent call last):
    ...
    deploygeo.errors.CoordinateError: "24°45'" names no hemisphere; add E or W
    """
    clean = _cleaned(text)
    if _DECIMAL.fullmatch(clean):
        return float(clean)
    upper = clean.upper()
    if match := _ANGLE_AFTER.fullmatch(upper):
        body, letter = match[1], match[2]
    elif match := _ANGLE_BEFORE.fullmatch(upper):
        letter, body = match[1], match[2]
    else:
        raise CoordinateError(_why_no_angle(clean, axis))
    if letter not in _LETTERS[axis]:
        other = "lat" if axis == "lon" else "lon"
        raise CoordinateError(f"{shown(clean)} is a {other}, in the column of the {axis}")
    return _degrees(body, letter, axis, clean)


def _cleaned(text: str) -> str:
    if len(text) > _MOST_CHARACTERS:
        raise CoordinateError(
            f"{shown(text)} is no position: it has {len(text)} characters, at most "
            f"{_MOST_CHARACTERS}; {_EXAMPLE}"
        )
    return _BLANKS.sub(" ", text).strip(" ")


def _degrees(body: str, letter: str, axis: str, whole: str) -> float:
    parts = _PARTS.findall(body)
    for name, part in zip(("degrees", "minutes"), parts[:-1], strict=False):
        if "." in part:
            text = f"{part} {name} with a smaller unit behind them in {shown(whole)}"
            raise CoordinateError(f"{text}; only the last part may have decimals")
    values = [Fraction(part) for part in parts]
    for name, part, value in zip(("minutes", "seconds"), parts[1:], values[1:], strict=False):
        if value >= 60:
            raise CoordinateError(f"{part} {name} in {shown(whole)}; {name} are below 60")
    total = sum((value / 60**power for power, value in enumerate(values)), Fraction())
    most = _MOST_DEGREES[axis]
    if total > most:
        hint = "; are lon and lat swapped?" if axis == "lat" and total <= 180 else ""
        raise CoordinateError(f"{axis} {body}{letter} is beyond {most}°{hint}")
    return float(-total if letter in "SW" else total) + 0.0


def _odd_character(text: str) -> str | None:
    """Return what to say of the first character that no position has."""
    match = _WRITTEN.match(text)
    at = match.end() if match else 0
    if at == len(text):
        return None
    char = text[at]
    if char.isdigit() or char.isdecimal():
        advice = "write the digits 0 to 9"
    elif char in "+-−–‐":
        advice = "with N, S, E or W a number has no sign"
    else:
        advice = _EXAMPLE
    name = unicodedata.name(char, f"U+{ord(char):04X}")
    return f"character {at + 1} of {shown(text)} is {name.lower()}; {advice}"


def _why_not(text: str) -> str:
    if not text:
        return f"the position is blank; {_EXAMPLE}"
    if not re.search("[NSEWnsew]", text) and _TWO_NUMBERS.fullmatch(text):
        return (
            f"{shown(text)} names no hemispheres, so that lon and lat cannot be told apart; "
            f"{_EXAMPLE}"
        )
    if odd := _odd_character(text):
        return odd
    if _ANGLE_AFTER.fullmatch(text.upper()) or _ANGLE_BEFORE.fullmatch(text.upper()):
        return f"{shown(text)} is one coordinate, and a position has two; {_EXAMPLE}"
    return (
        f"{shown(text)} is no position; {_EXAMPLE}, or an MGRS reference such as 35VLF 69412 86850"
    )


def _why_no_angle(text: str, axis: str) -> str:
    first, second = tuple(_LETTERS[axis])
    if not text:
        return f"{axis} is blank"
    if re.fullmatch(rf"[+-]?(?:{_BODY})", text):
        return f"{shown(text)} names no hemisphere; add {first} or {second}"
    if re.fullmatch(r"[+-]?[0-9]{1,3},[0-9]+", text):
        return f"{axis} {shown(text)} has a decimal comma; write {text.replace(',', '.')}"
    if re.fullmatch(r"[+-]?(?:nan|inf|infinity)", text, re.IGNORECASE):
        return f"{axis} is {shown(text)}; write degrees"
    if odd := _odd_character(text):
        return odd
    return f"{axis} {shown(text)} is no coordinate; write degrees such as 24.75 or 24°45'{first}"
