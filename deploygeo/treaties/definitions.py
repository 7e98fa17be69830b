"""The definitions of a treaty file: one type each, none of itself, and live when asked."""

from __future__ import annotations

import graphlib
import keyword
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, TypeAlias

from deploygeo.clauses.expression import Node
from deploygeo.clauses.language import ARTICLES, type_of
from deploygeo.clauses.vocabulary import VOCABULARY, Type
from deploygeo.errors import did_you_mean
from deploygeo.treaties.document import Row
from deploygeo.treaties.expressions import NEVER, Expressions
from deploygeo.treaties.schema import Definition, Reading

__all__ = ["Span", "check_live", "definitions"]

KEYS: Final = ("name", "gives", "rule", "reading", "under", "from", "until", "priority")
_TYPES: Final[tuple[Type, ...]] = ("truth", "number", "states", "region")

Span: TypeAlias = tuple[date, date]


def definitions(
    top: Row, expressions: Expressions, readings: Mapping[str, Reading]
) -> tuple[tuple[Row, Definition], ...]:
    """Read all definitions, each with its table; they may use those above them."""
    rows = top.rows("definition", KEYS)
    names = [row.table.get("name") for row in rows]
    found = []
    for index, row in enumerate(rows):
        expressions.later = {
            name: f"{name!r} is defined {'by itself' if at == 0 else 'further down; move it above'}"
            for at, name in reversed(list(enumerate(names[index:])))
            if isinstance(name, str) and name not in expressions.types
        }
        found.append((row, _definition(row, expressions, readings)))
    expressions.later = {}
    _check_overlaps(found)
    _check_growth(found, expressions)
    return tuple(found)


def _definition(row: Row, expressions: Expressions, readings: Mapping[str, Reading]) -> Definition:
    name = row.text("name")
    _check_name(row, name)
    gives = row.choice("gives", _TYPES) if row.has("gives") else None
    if row.has("reading") == row.has("rule"):
        row.fault("a definition has either a rule, or a reading with 'under'")
    nodes: dict[str, Node] = {}
    rule = None
    if row.has("rule"):
        rule = expressions.compile(row, "rule", gives)
        gives = gives or (None if rule is None else type_of(rule, expressions.types))
    reading = row.text("reading") if row.has("reading") else ""
    under = row.row("under")
    if reading:
        _check_values(row, reading, under, readings)
    elif row.has("under"):
        row.fault("'under' belongs to a reading; name it with reading = …", "under")
    if under is not None:
        for value in under.table:
            node = expressions.compile(under, value, gives)
            if node is not None:
                nodes[value] = node
                gives = gives or type_of(node, expressions.types)
    start, end = row.date("from"), row.date("until")
    if start is not None and end is not None and end < start:
        row.fault(f"until {end} is before from {start}", "until")
    if rule is None and not reading:
        rule = NEVER
    known = expressions.types.get(name)
    if known is not None and gives is not None and known != gives:
        told = f"{ARTICLES[known]}, and here {ARTICLES[gives]}"
        row.fault(f"the other definition of {name!r} is {told}", "name")
    definition = Definition(
        name, gives or "truth", rule, reading, nodes, start, end, row.whole("priority")
    )
    expressions.define(name, gives, _nodes(definition))
    return definition


def _check_name(row: Row, name: str) -> None:
    if not name:
        return
    if not (name.isascii() and name.isidentifier()) or keyword.iskeyword(name):
        row.fault("the name of a definition is one word of letters, digits and _", "name")
        return
    word = VOCABULARY.get(name)
    if word is not None and len(word.takes) <= word.optional:
        row.fault(f"{name!r} is a word of the vocabulary; choose another name", "name")


def _check_values(
    row: Row, reading: str, under: Row | None, readings: Mapping[str, Reading]
) -> None:
    if reading not in readings:
        row.fault(
            f"unknown reading {reading[:60]!r}{did_you_mean(reading[:80], readings)}", "reading"
        )
    elif under is None:
        if not row.has("under"):
            row.fault(f"'under' is missing: {_values(readings[reading])}")
    elif set(under.table) != set(readings[reading].names):
        row.fault(_values(readings[reading]), "under")


def _values(reading: Reading) -> str:
    return f"'under' needs exactly the values {', '.join(reading.names)}"


def _check_overlaps(found: Sequence[tuple[Row, Definition]]) -> None:
    by_name: dict[str, list[Definition]] = {}
    for row, one in found:
        for other in by_name.setdefault(one.name, []):
            start = max(one.start or date.min, other.start or date.min)
            end = min(one.end or date.max, other.end or date.max)
            if one.priority == other.priority and start <= end:
                row.fault(
                    f"two definitions of {one.name!r} are live from {start} to {end}"
                    " without a priority",
                    "name",
                )
                break
        by_name[one.name].append(one)


def _nodes(definition: Definition) -> list[Node]:
    rule = [] if definition.rule is None else [definition.rule]
    return [*rule, *definition.under.values()]


def _check_growth(found: Sequence[tuple[Row, Definition]], expressions: Expressions) -> None:
    """Look for definitions that rest on themselves, or grow too large when written out.

    Dates are left aside: two definitions that rest on each other at different times would be
    read by nobody.
    """
    graph = {name: expressions.names.get(name, set()) for name in expressions.types}
    rows = {definition.name: row for row, definition in reversed(found)}
    try:
        order = list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        names = list(reversed(error.args[1]))
        told = " → ".join(names[:6]) + (" → …" if len(names) > 6 else "")
        rows[names[0]].fault(f"{names[0]!r} is defined by itself: {told}", "name")
        return
    of_name: dict[str, list[Node]] = {}
    for _, definition in found:
        of_name.setdefault(definition.name, []).extend(_nodes(definition))
    for name in order:
        told = expressions.grown(name, of_name.get(name, ()))
        if told:
            rows[name].fault(f"{name!r} {told}", "name")
            return


def check_live(
    found: Iterable[tuple[Row, Definition]], wanted: Mapping[str, Iterable[Span]]
) -> None:
    """Look for days on which a name is asked and none of its definitions is live."""
    by_name: dict[str, list[tuple[Row, Definition]]] = {}
    for row, definition in found:
        by_name.setdefault(definition.name, []).append((row, definition))
    for name, versions in by_name.items():
        live = sorted((item.start or date.min, item.end or date.max) for _, item in versions)
        for span in sorted(wanted.get(name, ())):
            day = _gap(span, live)
            if day is not None:
                when = "before its first 'from'" if day == date.min else f"on {day}"
                versions[0][0].fault(
                    f"no definition of {name!r} is live {when}, when a clause may ask for it",
                    "name",
                )
                break


def _gap(span: Span, live: Sequence[Span]) -> date | None:
    """Return the first day of a span that no interval covers, or None."""
    day, last = span
    for start, end in live:
        if start > day:
            return day
        if end >= last:
            return None
        if end >= day:
            day = end + timedelta(days=1)
    return day
