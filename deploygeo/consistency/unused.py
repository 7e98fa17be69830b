"""What a treaty file has and nothing in it uses: parameters, definitions, readings, records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploygeo.clauses.expression import Name
from deploygeo.consistency.advice import Advice
from deploygeo.errors import TreatyError
from deploygeo.treaties import Treaty
from deploygeo.treaties.anatomy import all_of, params_of, texts_of, words_of, written_out
from deploygeo.treaties.beside import content_of
from deploygeo.treaties.document import parse
from deploygeo.treaties.loader import MAX_BYTES

__all__ = ["records_asked", "unused"]

#: The word of the vocabulary that asks for a record of a kind, beside the clauses about records.
_ASKED_BY = {
    "consent": ("consent",),
    "notice": ("notice",),
    "finding": ("asserted", "scenario"),
}


def unused(treaty: Treaty, path: Path | None = None) -> Iterator[Advice]:
    """Yield what nothing in a treaty uses.

    Parameters
    ----------
    treaty : Treaty
    path : Path, optional
        Its file, for the readings that it defines and drops; by default ``treaty.toml`` of its
        folder.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> list(unused(load("us-russia-2021")))
    []
    """
    asked = [clause for clause in treaty.clauses if clause.check != "none"]
    params = {name for clause in treaty.clauses for name in params_of(treaty, clause)}
    names = {
        node.name
        for clause in treaty.clauses
        for node in all_of(treaty, clause)
        if isinstance(node, Name)
    }
    for side in treaty.sides:
        nodes = written_out(treaty, side.states)
        names |= {node.name for node in nodes if isinstance(node, Name)}
    for parameter in treaty.parameters:
        if parameter.name not in params:
            yield _advice(f"no clause uses the parameter '{parameter.name}'")
    for name in treaty.named:
        if name not in names:
            yield _advice(f"no clause uses the definition '{name}'")
    readings = {one.reading for one in treaty.definitions if one.name in names}
    for reading in _own_readings(treaty, path):
        if reading not in readings:
            yield _advice(f"no definition that a clause uses depends on the reading '{reading}'")
    wanted = {clause.id: _records_asked(treaty, clause.id) for clause in asked}
    for case in _cases(treaty):
        clause_id, kinds = case.get("clause"), wanted.get(str(case.get("clause")))
        if kinds is None:
            continue
        more = case.get("more", [])
        for other in more if isinstance(more, list) else []:
            record = other.get("record") if isinstance(other, dict) else None
            kind = record.get("record", record.get("kind")) if isinstance(record, dict) else None
            if isinstance(kind, str) and kind not in kinds:
                told = f"the record of a {kind} in the case '{case.get('name')}' changes nothing"
                yield Advice("unused", (str(clause_id),), told, "proved")


def _advice(text: str) -> Advice:
    return Advice("unused", (), text, "proved")


def _records_asked(treaty: Treaty, clause_id: str) -> set[str]:
    """Return the kinds of records that a clause asks for."""
    clause = treaty.clause(clause_id)
    words = words_of(treaty, clause)
    found = {kind for kind, asking in _ASKED_BY.items() if words & set(asking)}
    if clause.check == "flag":
        found.add("finding")
    if clause.subject == "record":
        found |= set(texts_of(treaty, clause, "record"))
    return found


def records_asked(treaty: Treaty) -> set[str]:
    """Return the kinds of records that the clauses of a treaty ask for.

    >>> from deploygeo.treaties import load
    >>> sorted(records_asked(load("nato-russia-2021")))
    ['accession', 'consent']
    """
    return {
        kind
        for clause in treaty.clauses
        if clause.check != "none"
        for kind in _records_asked(treaty, clause.id)
    }


def _own_readings(treaty: Treaty, path: Path | None) -> Iterator[str]:
    """Yield the readings that the file itself defines."""
    source = path
    if source is None and treaty.folder is not None:
        source = treaty.folder / "treaty.toml"
    table = _table(source)
    if table.get("id") != treaty.id:
        return
    for row in table.get("reading", []):
        yield str(row.get("name"))


def _cases(treaty: Treaty) -> list[dict[str, Any]]:
    rows = _table(None if treaty.folder is None else treaty.folder / "cases.toml").get("case", [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _table(path: Path | None) -> dict[str, Any]:
    try:
        return {} if path is None else dict(parse(content_of(path, MAX_BYTES), path.name).table)
    except TreatyError:
        return {}  # what is wrong with it, lint and the cases tell
