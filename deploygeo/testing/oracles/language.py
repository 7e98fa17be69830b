"""A treaty file as TOML has it, and the value of its expressions, straight from Python's parser."""

from __future__ import annotations

import ast
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from deploygeo.testing.oracles.scene import Span

__all__ = ["Logic", "Number", "Pact", "all_of", "any_of", "compared", "opposite", "value_of"]


class Logic(NamedTuple):
    """Whether something holds (None: the text or the facts leave it open), and its slack in km.

    The slack is how far the place would have to move, at least, for another answer; infinite
    where place does not matter.
    """

    truth: bool | None
    slack: float = math.inf


class Number(NamedTuple):
    """A number that is known, or lies between two; in how many distances it has a part."""

    lo: float
    hi: float
    distances: int = 0


class Words(Protocol):
    """What gives names and words their value."""

    def definition(self, name: str) -> str | None:
        """Return the expression that a treaty gives a name on the day, or None."""

    def word(self, name: str, args: list[Any]) -> Any:
        """Return the value of a word of the vocabulary."""


def all_of(parts: Iterable[Logic]) -> Logic:
    """Return the conjunction: it is false as long as one of those that are false stays so.

    >>> all_of([Logic(True, 5.0), Logic(True, 3.0)])
    Logic(truth=True, slack=3.0)
    >>> all_of([Logic(False, 5.0), Logic(None), Logic(False, 7.0), Logic(True, 1.0)])
    Logic(truth=False, slack=7.0)
    """
    found = list(parts)
    against = [part.slack for part in found if part.truth is False]
    if against:
        return Logic(False, max(against))
    if any(part.truth is None for part in found):
        return Logic(None, 0.0)
    return Logic(True, min((part.slack for part in found), default=math.inf))


def any_of(parts: Iterable[Logic]) -> Logic:
    """Return the disjunction."""
    return opposite(all_of(map(opposite, parts)))


def opposite(part: Logic) -> Logic:
    """Return the negation."""
    return part if part.truth is None else Logic(not part.truth, part.slack)


def compared(left: Number, operator: str, right: Number) -> Logic:
    """Return whether two numbers compare so; open where what is known of them allows both.

    >>> compared(Number(500, 500), "<=", Number(500, 500))
    Logic(truth=True, slack=inf)
    >>> compared(Number(0, 9), "<", Number(5, 5))
    Logic(truth=None, slack=0.0)
    """
    if operator in (">", ">="):
        return compared(right, "<" + operator[1:], left)
    if operator == "<=":
        truth = True if left.hi <= right.lo else False if left.lo > right.hi else None
    else:
        truth = True if left.hi < right.lo else False if left.lo >= right.hi else None
    if truth is None:
        return Logic(None, 0.0)
    distances = left.distances + right.distances
    if not distances:
        return Logic(truth)
    apart = right.lo - left.hi if truth else left.lo - right.hi
    return Logic(truth, abs(apart) / distances)


_SIGNS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


@lru_cache(maxsize=10_000)
def parsed(text: str) -> ast.expr:
    """Return the tree of an expression."""
    return ast.parse(text.strip(), mode="eval").body


def value_of(text: str, words: Words) -> Any:
    """Return the value of an expression: Logic, Number, a set of states, a region or a text."""
    return _value(parsed(text), words)


def _value(node: ast.expr, words: Words) -> Any:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return all_of([_value(value, words) for value in values])
        case ast.BoolOp(values=values):
            return any_of([_value(value, words) for value in values])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return opposite(_value(operand, words))
        case ast.Compare(left=left, ops=signs, comparators=rest):
            terms = [_value(term, words) for term in (left, *rest)]
            return all_of(
                compared(terms[i], _SIGNS[type(sign)], terms[i + 1]) for i, sign in enumerate(signs)
            )
        case ast.BinOp(left=left, op=sign, right=right):
            return _joined(_value(left, words), sign, _value(right, words))
        case ast.Constant(value=str() as word):
            return word
        case ast.Constant(value=int() | float() as number):
            return Number(float(number), float(number))
        case ast.Name(id=name):
            rule = words.definition(name)
            return words.word(name, []) if rule is None else value_of(rule, words)
        case ast.Call(func=ast.Name(id=name), args=args):
            return words.word(name, [_value(arg, words) for arg in args])
    raise ValueError(f"{ast.unparse(node)} is not part of the language")


def _joined(left: Any, sign: ast.operator, right: Any) -> Any:
    if isinstance(left, frozenset):
        match sign:
            case ast.BitOr():
                return left | right
            case ast.BitAnd():
                return left & right
            case _:
                return left - right
    if isinstance(sign, ast.Add):
        low, high = left.lo + right.lo, left.hi + right.hi
    else:
        low, high = left.lo - right.hi, left.hi - right.lo
    # infinity less infinity may be anything
    low, high = -math.inf if math.isnan(low) else low, math.inf if math.isnan(high) else high
    return Number(low, high, left.distances + right.distances)


class Pact:
    """A treaty file.

    Parameters
    ----------
    text : str
        TOML, as ``treaty.toml`` has it.
    folder : Path, optional
        Where its lines lie.

    Examples
    --------
    >>> from pathlib import Path
    >>> pact = Pact.read(Path("deploygeo/treaties/library/us-russia-2021/treaty.toml"))
    >>> pact.clause("5.2")["article"], pact.chosen("reach", {})
    ('5(2)', 'weapon')
    """

    def __init__(self, text: str, folder: Path | None = None) -> None:
        self.table: dict[str, Any] = tomllib.loads(text)
        self.id = str(self.table["id"])
        self.folder = folder or Path()
        self.clauses: list[dict[str, Any]] = self.table["clause"]
        spans = [
            (row, Span(row["from"], row.get("until"))) for row in self.table.get("in_force", [])
        ]
        self.in_force = [(str(row.get("party", "")), span) for row, span in spans]
        self.reference: date | None = self.table.get("reference_date")
        readings = [*_shared_readings(), *self.table.get("reading", [])]
        self.readings = {row["name"]: [v["name"] for v in row["values"]] for row in readings}
        self.definitions: dict[str, list[dict[str, Any]]] = {}
        for row in self.table.get("definition", []):
            self.definitions.setdefault(row["name"], []).append(row)
        self.params = {row["name"]: row for row in self.table.get("parameter", [])}

    @classmethod
    def read(cls, path: Path) -> Pact:
        """Return the treaty of a file."""
        return cls(path.read_text("utf-8"), path.parent)

    def clause(self, name: str) -> dict[str, Any]:
        """Return the table of a clause."""
        return next(clause for clause in self.clauses if clause["id"] == name)

    def chosen(self, reading: str, readings: Mapping[str, str]) -> str:
        """Return the chosen value of a reading; the first where none is chosen."""
        return readings.get(reading) or self.readings[reading][0]

    def definition(self, name: str, on: date, readings: Mapping[str, str]) -> str | None:
        """Return the expression of a name on a day, or None for no name of this treaty."""
        rows = self.definitions.get(name, [])
        live = [row for row in rows if Span(row.get("from"), row.get("until")).has(on)]
        if not live:
            return None
        row = max(live, key=lambda row: int(row.get("priority", 0)))
        if "rule" in row:
            return str(row["rule"])
        return str(row["under"][self.chosen(row["reading"], readings)])

    def param(self, name: str, on: date, params: Mapping[str, float]) -> float | None:
        """Return the value of a parameter on a day, or None where it is left to be agreed."""
        if name in params:
            return params[name]
        row = self.params[name]
        found: float | None = row.get("value")
        for item in sorted(row.get("values", ()), key=lambda item: item.get("from") or date.min):
            if item.get("from") is None or item["from"] <= on:
                found = item["value"]
        return None if found is None else float(found)

    def asked_of(self, clause: Mapping[str, Any]) -> str:
        """Return what a clause is asked of: deployment, record or group."""
        return str(clause.get("subject", "deployment"))

    def nodes(self, *texts: str) -> Iterator[ast.AST]:
        """Yield what expressions are made of, and all definitions that they rest on."""
        seen: set[str] = set()
        todo = [text for text in texts if text]
        while todo:
            for node in ast.walk(parsed(todo.pop())):
                yield node
                if isinstance(node, ast.Name) and node.id not in seen:
                    seen.add(node.id)
                    for row in self.definitions.get(node.id, ()):
                        todo += [row["rule"]] if "rule" in row else list(row["under"].values())

    def texts(self, clause: Mapping[str, Any]) -> list[str]:
        """Return the conditions of a clause."""
        found = [str(clause.get(key, "")) for key in ("applies", "rule", "counts")]
        return found + [str(row["rule"]) for row in clause.get("unless", ())]

    def compares(self, text: str, word: str) -> list[ast.expr]:
        """Return what an expression compares a word with, through all definitions of its names."""
        found: list[ast.expr] = []
        for node in self.nodes(text):
            if isinstance(node, ast.Compare):
                terms = [node.left, *node.comparators]
                if any(isinstance(term, ast.Name) and term.id == word for term in terms):
                    found += terms
        return found


@cache
def _shared_readings() -> list[dict[str, Any]]:
    path = Path(__file__).resolve().parents[2] / "treaties" / "library" / "readings.toml"
    found: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["reading"]
    return found
