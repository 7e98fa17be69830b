"""From a document to a `Treaty`: every table by its keys, and every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from deploygeo.clauses.expression import Name, Node
from deploygeo.clauses.vocabulary import About
from deploygeo.errors import TreatyError
from deploygeo.model.parties import PARTIES, party_hint
from deploygeo.treaties.definitions import Span, check_live, definitions
from deploygeo.treaties.document import Document, Row
from deploygeo.treaties.expressions import NEVER, Expressions
from deploygeo.treaties.schema import (
    Check,
    Clause,
    Definition,
    InForce,
    Modality,
    Parameter,
    Reading,
    ReadingValue,
    Side,
    Status,
    Subject,
    Treaty,
    Unless,
)

__all__ = ["build", "build_readings"]

_KEYS: Final = (
    *("id", "title", "status", "source", "published", "reference_date", "note"),
    *("side", "in_force", "parameter", "reading", "definition", "clause"),
)
_CLAUSE: Final = (
    *("id", "article", "text", "source", "check", "why", "subject", "modality", "standing"),
    *("bearers", "applies", "rule", "counts", "unless"),
)
_CHECKS: Final[tuple[Check, ...]] = ("rule", "flag", "none")
_SUBJECTS: Final[tuple[Subject, ...]] = ("deployment", "record", "group")
_MODALITIES: Final[tuple[Modality, ...]] = ("prohibit", "oblige")
_STATUSES: Final[tuple[Status, ...]] = ("draft", "treaty")
_ALWAYS: Final[Span] = (date.min, date.max)
# Readings that the words of place and the baseline ask for, whatever a treaty defines.
_OF_PLACE: Final = "overseas"
_OF_BASELINE: Final = "baseline_absent"


def build(document: Document, folder: Path, shared: Sequence[Reading]) -> Treaty:
    """Build a treaty.

    Parameters
    ----------
    document : Document
    folder : Path
        Where the lines lie that the treaty gives.
    shared : sequence of Reading
        The readings that all treaties share.

    Raises
    ------
    TreatyError
        With every fault of the file.
    """
    top = document.top
    top.known(_KEYS)
    own = build_readings(document, shared)
    readings = {reading.name: reading for reading in (*shared, *own)}
    parameters = _parameters(top)
    expressions = Expressions(folder, [parameter.name for parameter in parameters])
    defined = definitions(top, expressions, readings)
    sides = tuple(
        Side(row.text("name"), expressions.compile(row, "states", "states", "side") or NEVER)
        for row in top.rows("side", ("name", "states"))
    )
    clauses = _clauses(top, expressions)
    in_force = tuple(_in_force(top))
    check_live(defined, _asked(clauses, sides, in_force, expressions))
    items = tuple(item for _, item in defined)
    used = {item.reading for item in items} | {_OF_PLACE}
    if _mentions("presence", clauses, items, expressions):
        used.add(_OF_BASELINE)
    treaty = Treaty(
        id=top.id(),
        title=top.text("title"),
        status=top.choice("status", _STATUSES),
        source=top.text("source"),
        clauses=clauses,
        sides=sides,
        definitions=items,
        parameters=parameters,
        readings=tuple(reading for reading in readings.values() if reading.name in used),
        in_force=in_force,
        published=top.date("published"),
        reference_date=top.date("reference_date"),
        note=top.text("note", ""),
        folder=folder,
        sha256=document.sha256,
    )
    if document.faults:
        raise TreatyError(document.faults)
    return treaty


def build_readings(document: Document, shared: Iterable[Reading] = ()) -> tuple[Reading, ...]:
    """Build the readings of a document; their names differ from each other and the shared."""
    known = {reading.name for reading in shared}
    found = []
    for row in document.top.rows("reading", ("name", "question", "values")):
        name, question = row.text("name"), row.text("question")
        if name and name in known:
            row.fault(f"there is a reading {name!r} already; give this one another name", "name")
        known.add(name)
        rows = row.rows("values", ("name", "text"))
        values = tuple(ReadingValue(value.text("name"), value.text("text")) for value in rows)
        if len({value.name for value in values}) < max(2, len(values)):
            row.fault(
                "a reading is a choice: 'values' needs two or more, each named apart", "values"
            )
        found.append(Reading(name, question, values))
    return tuple(found)


def _parameters(top: Row) -> tuple[Parameter, ...]:
    found: list[Parameter] = []
    for row in top.rows("parameter", ("name", "text", "value", "values", "source")):
        name, text, source = row.text("name"), row.text("text"), row.text("source", "")
        if name and name in {item.name for item in found}:
            row.fault(f"two parameters have the name {name!r}", "name")
        values: list[tuple[date | None, float]] = []
        if row.has("value"):
            values.append((None, row.number("value")))
        values += [
            (item.date("from"), item.number("value"))
            for item in row.rows("values", ("from", "value"))
        ]
        if len({start for start, _ in values}) < len(values):
            row.fault("two values of a parameter hold from the same day", "values")
        if values and not source.strip():
            row.fault("a parameter with a value cites its source", "source")
        values.sort(key=lambda item: item[0] or date.min)
        found.append(Parameter(name, text, tuple(values), source))
    return tuple(found)


def _in_force(top: Row) -> Iterable[InForce]:
    for row in top.rows("in_force", ("from", "until", "party")):
        start, end = row.date("from"), row.date("until")
        if start is None and not row.has("from"):
            row.fault("an interval in force needs 'from'")
        if start is not None and end is not None and end < start:
            row.fault(f"until {end} is before from {start}", "until")
        party = row.text("party", "")
        if party and party not in PARTIES:
            row.fault(f"unknown party {party[:40]!r}{party_hint(party[:80])}", "party")
        if start is not None:
            yield InForce(start, end, party)


def _clauses(top: Row, expressions: Expressions) -> tuple[Clause, ...]:
    rows = top.rows("clause", _CLAUSE)
    if not rows:
        top.fault("a treaty needs at least one [[clause]]", "clause")
    clauses = tuple(_clause(row, expressions) for row in rows)
    sides = top.has("side")
    seen: set[str] = set()
    for row, clause in zip(rows, clauses, strict=True):
        if clause.id and clause.id in seen:
            row.fault(f"two clauses have the id {clause.id[:40]!r}", "id")
        seen.add(clause.id)
        asked = clause.check != "none" and clause.subject != "record"
        if asked and not sides and not row.has("bearers"):
            row.fault("the clause binds nobody: it has no bearers, and the file has no [[side]]")
    return clauses


def _clause(row: Row, expressions: Expressions) -> Clause:
    check = row.choice("check", _CHECKS, "rule")
    subject = row.choice("subject", _SUBJECTS, "deployment")
    if check == "none":
        row.text("why")
    elif not row.has("rule"):
        row.fault("a clause that is checked needs a rule")
    if row.has("counts") and subject != "group":
        row.fault("'counts' says who belongs to a group: it goes with subject = 'group'", "counts")
    # what counts, and what excuses, is asked of each member of a group
    member: About = "deployment" if subject == "group" else subject

    def optional(key: str, about: About = subject) -> Node | None:
        return expressions.compile(row, key, "truth", about) if row.has(key) else None

    return Clause(
        id=row.id(),
        article=row.text("article"),
        text=row.text("text"),
        check=check,
        why=row.text("why", ""),
        subject=subject,
        modality=row.choice("modality", _MODALITIES, "prohibit"),
        bearers=expressions.compile(row, "bearers", "states", subject)
        if row.has("bearers")
        else None,
        applies=optional("applies") or Name("always"),
        rule=optional("rule"),
        counts=optional("counts", member),
        unless=tuple(
            Unless(
                item.text("name"),
                item.text("text"),
                expressions.compile(item, "rule", "truth", member) or NEVER,
            )
            for item in row.rows("unless", ("name", "text", "rule"))
        ),
        standing=row.flag("standing"),
        source=row.text("source", ""),
    )


def _nodes(clause: Clause) -> list[Node]:
    found = [clause.bearers, clause.applies, clause.rule, clause.counts]
    return [node for node in found if node is not None] + [item.rule for item in clause.unless]


def _asked(
    clauses: Iterable[Clause],
    sides: Iterable[Side],
    in_force: Sequence[InForce],
    expressions: Expressions,
) -> Mapping[str, set[Span]]:
    """Return for each definition the spans of time in which a clause can ask for it."""
    spans: dict[str, set[Span]] = {}
    of_sides = [side.states for side in sides]
    for clause in clauses:
        if clause.check == "none":
            continue
        # groups are put together on a day of their own, and what stands is asked at any time
        if clause.standing or clause.subject == "group" or not in_force:
            when = {_ALWAYS}
        else:
            when = {(item.start, item.end or date.max) for item in in_force}
        names: set[str] = set()
        for node in (*_nodes(clause), *of_sides):
            names |= expressions.used(node)[1]
        for name in expressions.reachable(names):
            spans.setdefault(name, set()).update(when)
    return spans


def _mentions(
    word: str,
    clauses: Iterable[Clause],
    items: Iterable[Definition],
    expressions: Expressions,
) -> bool:
    nodes = [node for clause in clauses for node in _nodes(clause)]
    return any(word in expressions.used(node)[0] for node in nodes) or any(
        word in expressions.words.get(item.name, ()) for item in items
    )
