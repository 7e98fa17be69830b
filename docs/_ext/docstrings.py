"""What a docstring in the style of NumPy says, section by section."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

__all__ = ["Field", "fields", "head", "section"]

_TITLE = re.compile(r"^(\w[\w ]*)\n-+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of a section: its names, its type and what it means."""

    names: tuple[str, ...]
    type: str
    text: str


def head(thing: object) -> str:
    """Return what stands before the first section."""
    doc = inspect.getdoc(thing) or ""
    match = _TITLE.search(doc)
    return (doc[: match.start()] if match else doc).strip()


def section(thing: object, title: str) -> str:
    """Return the text of a section; empty where there is none."""
    doc = inspect.getdoc(thing) or ""
    found = list(_TITLE.finditer(doc))
    for index, match in enumerate(found):
        if match[1] == title:
            end = found[index + 1].start() if index + 1 < len(found) else len(doc)
            return doc[match.end() : end].strip("\n")
    return ""


def fields(thing: object, title: str = "Parameters") -> tuple[Field, ...]:
    """Return the entries of a section that lists names with their types.

    >>> from deploygeo.geodesy import distance_m
    >>> fields(distance_m)[0].names
    ('lon', 'lat')
    """
    entries: list[tuple[str, list[str]]] = []
    for line in section(thing, title).splitlines():
        if line and not line.startswith(" "):
            entries.append((line, []))
        elif entries:
            entries[-1][1].append(line.strip())
    found = []
    for line, texts in entries:
        names, _, kind = line.partition(" : ")
        split = tuple(name.strip() for name in names.split(","))
        found.append(Field(split, kind.strip(), " ".join(texts).strip()))
    return tuple(found)
