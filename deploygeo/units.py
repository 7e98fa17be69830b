"""Lengths as people write them, turned into metres at the edge; inside, everything is metres.

Factors are exact by definition: the international nautical mile is 1852 m (First
International Extraordinary Hydrographic Conference, 1929), the international mile
1609.344 m and the foot 0.3048 m (international yard and pound agreement, 1959).
"""

from __future__ import annotations

import math
import re

from deploygeo.errors import SettingError, did_you_mean

__all__ = ["METRES_PER_KM", "METRES_PER_NMI", "UNITS", "format_km", "parse_length_m"]

#: A kilometre.
METRES_PER_KM = 1000.0
#: A nautical mile, as the First International Extraordinary Hydrographic Conference (1929) set it.
METRES_PER_NMI = 1852.0

#: The units of length that a text may have, in metres.
UNITS: dict[str, float] = {
    "m": 1.0,
    "km": METRES_PER_KM,
    "nm": METRES_PER_NMI,
    "nmi": METRES_PER_NMI,
    "mi": 1609.344,
    "ft": 0.3048,
}

# Digits are ASCII and grouped by nothing: float() would also take "1_000", "٣" and "nan".
_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)[ \u00a0\u202f]?([A-Za-z]+)", re.ASCII)
_LONGEST_TEXT = 40


def parse_length_m(text: str) -> float:
    """Return the metres that a length with its unit stands for.

    Parameters
    ----------
    text : str
        A plain decimal number, at most one space, and one of `UNITS`. In this
        field ``nm`` is the nautical mile, never the nanometre.

    Raises
    ------
    SettingError
        If the unit is missing or unknown, or the number is not plain.

    Examples
    --------
    >>> parse_length_m("12 nmi")
    22224.0
    >>> parse_length_m("500km")
    500000.0
    >>> parse_length_m("500")
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: length '500' has no unit; write for example '500 km'
    """
    if not isinstance(text, str):
        raise SettingError(f"a length is text such as '500 km', not {text!r}")
    shown = text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
    match = _LENGTH.fullmatch(text.strip(" "))
    if match is None:
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text.strip(" "), re.ASCII):
            raise SettingError(f"length {shown!r} has no unit; write for example '{shown} km'")
        raise SettingError(
            f"{shown!r} is not a length; write a plain number and a unit, for example '1350 nm'"
        )
    number, unit = match.groups()
    factor = UNITS.get(unit)
    if factor is None:
        hint = did_you_mean(unit[:_LONGEST_TEXT], sorted(UNITS))
        raise SettingError(f"unknown unit {unit[:_LONGEST_TEXT]!r} in length {shown!r}{hint}")
    value = float(number) * factor
    if not math.isfinite(value):
        raise SettingError(f"length {shown!r} is not finite")
    return value


def format_km(metres: float) -> str:
    """Return metres as kilometres with as many digits as a reader can use.

    Parameters
    ----------
    metres : float

    Examples
    --------
    >>> format_km(318_240.0)
    '318 km'
    >>> format_km(18_940.0)
    '18.9 km'
    >>> format_km(-2.0)
    '-0.002 km'
    >>> format_km(float("inf"))
    'unlimited'
    """
    if math.isinf(metres):
        return "unlimited"
    kilometres = metres / METRES_PER_KM
    if abs(kilometres) >= 100:
        digits = 0
    elif abs(kilometres) >= 1:
        digits = 1
    else:
        digits = 3
    return f"{kilometres:.{digits}f} km"
