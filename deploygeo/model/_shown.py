"""Values as a message prints them, and paths into a feature as JSON pointers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Path", "pointer", "printable", "shown", "unwrapped"]

Path = tuple[str | int, ...]

_SHOWN = 60


def shown(value: object) -> str:
    """Return a value as a message prints it: one line, and never long.

    Examples
    --------
    >>> shown("a" * 100)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'"
    >>> shown({"a": 1}), shown(None), shown(True), shown(float("inf"))
    ('an object', 'null', 'true', 'an infinite number')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
    if isinstance(value, float) and math.isinf(value):
        return "an infinite number"
    if isinstance(value, int) and abs(value) >= 10**30:
        return "a number of more than 30 digits"
    if isinstance(value, int | float):
        text = f"{value:.12g}" if abs(value) >= 1e15 else str(value)
        return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, Sequence):
        return "a list" if len(value) else "an empty list"
    return f"a {type(value).__name__}"


def printable(text: str) -> str:
    r"""Return text that a terminal and an encoder can take: the rest is escaped.

    Examples
    --------
    >>> printable("Ämari \x1b[2J")
    'Ämari \\x1b[2J'
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def pointer(path: Path) -> str:
    """Return a path as a JSON pointer (RFC 6901), with what cannot be printed escaped.

    Examples
    --------
    >>> pointer(("features", 0, "a/b~c"))
    '/features/0/a~1b~0c'
    >>> pointer(())
    ''
    """
    steps = (str(step)[:200].replace("~", "~0").replace("/", "~1") for step in path)
    return printable("".join(f"/{step}" for step in steps))


def unwrapped(value: Any, depth: int = 64) -> Any:
    """Return a value with what NumPy wraps, at any depth, as Python has it.

    Examples
    --------
    >>> import numpy as np
    >>> unwrapped({"range_km": (np.int64(5), np.float32(6.5)), "at": np.array([2, 48])})
    {'range_km': [5, 6.5], 'at': [2, 48]}
    """
    if hasattr(value, "tolist"):
        return value.tolist()
    if depth > 0 and isinstance(value, Mapping):
        return {key: unwrapped(one, depth - 1) for key, one in value.items()}
    if depth > 0 and isinstance(value, list | tuple):
        return [unwrapped(one, depth - 1) for one in value]
    return value
