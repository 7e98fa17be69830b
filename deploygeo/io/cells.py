"""What the cells of a table say: text, or the one type of a column, to what JSON would have."""

from __future__ import annotations

import ast
import json
import math
import re
from datetime import date, datetime, time
from typing import Any

from deploygeo.errors import did_you_mean
from deploygeo.model.deployment import DEPLOYMENT_KEYS
from deploygeo.model.record import RECORD_KEYS

__all__ = ["KEYS", "plain_cell", "text_cell", "unknown_column"]

#: The names that columns have.
KEYS = frozenset({*DEPLOYMENT_KEYS, *RECORD_KEYS})
_DAYS = frozenset({"from", "until", "on"})
_INTERVALS = frozenset({"range_km", "loadable_range_km", "radius_km", "personnel"})
_NUMBERS = frozenset({"position_error_km", "brigades"})
_TRUTHS = frozenset({"nuclear", "total", "holds"})
_NAMES = frozenset({"with", "by", "for"})
_LISTS = _NAMES | {"times", "contingents"}
_TYPED = _INTERVALS | _NUMBERS | _TRUTHS | _LISTS

_ANY_NUMBER = r"[0-9]{1,20}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?"
_NUMBER = re.compile(rf"[+-]?{_ANY_NUMBER}", re.ASCII)
_SPAN = re.compile(rf"({_ANY_NUMBER}) ?[-–] ?({_ANY_NUMBER})", re.ASCII)
_SHARE = re.compile(rf"([^:;]*?) ?: ?({_ANY_NUMBER}(?: ?[-–] ?{_ANY_NUMBER})?)", re.ASCII)
# What Python prints of lists of texts, numbers and objects: nothing that is evaluated. What has
# been matched is not matched in another way: 40 digits took more than 10 s.
_PRINTED = re.compile(
    r"(?:[\[\]{},:\s]++|'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\""
    r"|-?[0-9]++(?:\.[0-9]++)?+(?:e[+-]?[0-9]++)?+|None|True|False)*+"
)
# How writers that know no days write one.
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00:00(?:\.0{1,9})?(?:Z|\+00:00)?")
#: Longer lists are JSON; deeper ones nobody writes.
_MOST_PRINTED = 10_000
_MOST_BRACKETS = 1_000


def text_cell(name: str, text: str) -> Any:
    """Return what a cell of text says under the name of its column.

    Parameters
    ----------
    name : str
        A key of a feature's properties.
    text : str
        As the file has it. Blanks round numbers, lists and truth values are dropped.

    Returns
    -------
    object
        None for an empty cell. An interval is ``500-1000`` or ``[500, 1000]``, a list has
        ``;`` between its parts or is JSON, contingents are ``USA:500;DEU:200-300;FRA``. What is
        written in no such way stays text, so that the check of the feature tells it.

    Examples
    --------
    >>> text_cell("range_km", "500-1000"), text_cell("range_km", "[500, 1000]")
    ([500, 1000], [500, 1000])
    >>> text_cell("with", "UKR;POL"), text_cell("contingents", "USA:500;FRA")
    (['UKR', 'POL'], [{'party': 'USA', 'personnel': 500}, {'party': 'FRA'}])
    >>> text_cell("nuclear", "TRUE"), text_cell("name", "=1+1"), text_cell("name", "")
    (True, '=1+1', None)
    >>> text_cell("range_km", "500 km")
    '500 km'
    """
    if not text:
        return None
    if name not in _TYPED:
        return text
    clean = text.strip(" \t")
    if not clean:
        return None
    if name in _TRUTHS:
        return {"true": True, "false": False}.get(clean.casefold(), text)
    if clean[0] == "[" and name in _INTERVALS | _LISTS:
        return _list(clean, text)
    if name in _INTERVALS | _NUMBERS:
        found = _interval(clean) if name in _INTERVALS else _number(clean)
        return text if found is None else found
    if name == "contingents":
        return _contingents(clean) or text
    if ";" in clean or name == "times":
        return [part.strip(" \t") for part in clean.split(";")]
    return clean


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    return int(text) if text.lstrip("+-").isdigit() else float(text)


def _interval(text: str) -> float | list[float | None] | None:
    if span := _SPAN.fullmatch(text):
        return [_number(span[1]), _number(span[2])]
    return _number(text)


def _contingents(text: str) -> list[dict[str, Any]] | None:
    rows: list[dict[str, Any]] = []
    for part in text.split(";"):
        one = part.strip(" \t")
        if share := _SHARE.fullmatch(one):
            rows.append({"party": share[1], "personnel": _interval(share[2])})
        elif ":" in one:
            return None
        else:
            rows.append({"party": one})
    return rows


def _list(clean: str, text: str) -> Any:
    """Return the list that a text is: JSON, or as Python prints it, which writers leave behind."""
    if clean.count("[") + clean.count("{") > _MOST_BRACKETS:
        return text
    try:
        return json.loads(clean, parse_constant=_refuse)
    except (ValueError, RecursionError):
        pass
    if len(clean) <= _MOST_PRINTED and _PRINTED.fullmatch(clean):
        try:
            return ast.literal_eval(clean)
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            pass
    return text


def _refuse(name: str) -> float:
    raise ValueError(name)


def plain_cell(name: str, value: Any) -> Any:
    """Return a typed cell as JSON would have it; None where it is missing.

    Parameters
    ----------
    name : str
        A key of a feature's properties.
    value : object
        Of a frame, a GeoPackage or Parquet: what GDAL makes of mixed columns is taken for what
        it was, 1.0 for true and text for a list.

    Examples
    --------
    >>> plain_cell("nuclear", 1.0), plain_cell("with", '["UKR"]'), plain_cell("range_km", [5.0])
    (True, ['UKR'], 5.0)
    >>> plain_cell("range_km", float("nan")) is None
    True
    """
    if hasattr(value, "tolist") and not isinstance(value, datetime):
        value = value.tolist()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, datetime) and name in _DAYS and value.time() == time():
        return date(value.year, value.month, value.day)
    if isinstance(value, str) and name in _DAYS and (midnight := _MIDNIGHT.fullmatch(value)):
        return midnight[1]
    if isinstance(value, str) and name in _TYPED:
        return text_cell(name, value) if value else value
    if name in _TRUTHS and isinstance(value, int | float) and value in (0, 1):
        return bool(value)  # GDAL has no truth values with gaps
    if name in _INTERVALS and isinstance(value, list) and len(value) == 1:
        return value[0]  # of a column in which other rows have two ends
    return value


def unknown_column(name: str) -> str:
    """Return what is told of a column that no property has the name of.

    Parameters
    ----------
    name : str

    Examples
    --------
    >>> unknown_column("rnage_km"), unknown_column("?")
    ("unknown column 'rnage_km'; did you mean 'range_km'?", "unknown column '?'.")
    """
    return f"unknown column {name[:60]!r}{did_you_mean(name[:60], sorted(KEYS), most=0)}"
