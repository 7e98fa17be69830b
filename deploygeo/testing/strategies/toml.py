r"""Writing TOML: the same text for the same table, in the shape in which treaty files are written.

>>> print(written({"id": "x", "clause": [{"id": "1", "rule": "kind('radar')"}]}))
id = "x"
<BLANKLINE>
[[clause]]
id = "1"
rule = "kind('radar')"
<BLANKLINE>
>>> import tomllib
>>> odd = {"a k": 'a "word"\\ \n\x7f', "n": 1e-07, "on": date(2021, 12, 17), "b": [1, {"c": True}]}
>>> tomllib.loads(written(odd)) == odd
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

__all__ = ["written"]

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b"}


def written(table: Mapping[str, object]) -> str:
    """Return a table as TOML: its values, then its tables, then its lists of tables.

    Parameters
    ----------
    table : mapping of str
        Of texts, numbers, truth values, dates, lists and tables.

    Raises
    ------
    TypeError
        For what TOML does not have.

    Examples
    --------
    >>> written({})
    ''
    >>> written({"a": None})
    Traceback (most recent call last):
    ...
    TypeError: TOML has no NoneType
    """
    return "".join(f"{line}\n" for line in _lines(table, ""))


def _lines(table: Mapping[str, object], head: str) -> Iterator[str]:
    rows = {key: value for key, value in table.items() if _is_rows(value)}
    for key, value in table.items():
        if key not in rows:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in rows.items():
        name = f"{head}.{_key(key)}" if head else _key(key)
        assert isinstance(value, Sequence)  # noqa: S101 - `_is_rows` has seen to it
        for row in value:
            yield ""
            yield f"[[{name}]]"
            yield from _lines(row, name)


def _is_rows(value: object) -> bool:
    """Return whether a value is written as [[tables]]: a list of tables and of nothing else."""
    if not isinstance(value, list | tuple) or not value:
        return False
    if not all(isinstance(row, Mapping) for row in value):
        return False
    # what is only texts and numbers, two or three of them, reads better in one line
    return not all(_is_short(row) for row in value)


def _is_short(row: Mapping[str, object]) -> bool:
    return len(row) == 2 and set(row) in ({"name", "text"}, {"from", "value"})


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
        case int():
            return str(value)
        case float():
            return _float(value)
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _float(value: float) -> str:
    """Return a float that stays one: with a point or an exponent.

    >>> _float(5.0), _float(1e22), _float(float("inf")), _float(float("nan"))
    ('5.0', '1e+22', 'inf', 'nan')
    """
    return repr(value)


def _text(value: str) -> str:
    letters = (_ESCAPED.get(letter) or _letter(letter) for letter in value)
    return f'"{"".join(letters)}"'


def _letter(letter: str) -> str:
    code = ord(letter)
    if code >= 0x20 and code != 0x7F:
        return letter
    return f"\\u{code:04X}"
