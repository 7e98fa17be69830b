"""From a treaty file to a `Treaty`, with every fault of the file at once."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from deploygeo.clauses.expression import Name, Node
from deploygeo.clauses.language import compile_expression
from deploygeo.clauses.vocabulary import Type
from deploygeo.errors import Fault, TreatyError, UnknownNameError, did_you_mean
from deploygeo.model.membership import groups
from deploygeo.model.parties import PARTIES
from deploygeo.model.vocabulary import ACTIVITIES, BASINGS, ECHELONS, KINDS
from deploygeo.treaties.schema import (
    Clause,
    Definition,
    InForce,
    Parameter,
    Reading,
    ReadingValue,
    Side,
    Treaty,
    Unless,
)

__all__ = ["library", "lint", "load", "readings"]

MAX_BYTES: Final = 1_000_000
"""A treaty file of the size of a long treaty's full text; larger ones are refused."""

_LIBRARY: Final = Path(__file__).parent / "library"
_CHOICES: Final = {
    "kind": KINDS,
    "activity": ACTIVITIES,
    "basing": BASINGS,
    "echelon": tuple(ECHELONS),
}
_KEYS: Final = {
    "": "id title status source clause side definition parameter reading in_force published"
    " reference_date note",
    "clause": "id article text check why subject modality bearers standing applies rule counts"
    " unless source",
    "clause.unless": "name text rule",
    "definition": "name gives rule reading under from until priority",
    "parameter": "name text value values source",
    "parameter.values": "from value",
    "reading": "name question values",
    "side": "name states",
    "in_force": "from until party",
}


def library() -> tuple[str, ...]:
    """Return the ids of the treaties that ship.

    >>> library()
    ('nato-russia-2021', 'us-russia-2021')
    """
    return tuple(sorted(path.parent.name for path in _LIBRARY.glob("*/treaty.toml")))


@functools.cache
def readings() -> tuple[Reading, ...]:
    """Return the readings that treaties share, in the order of their file.

    >>> readings()[0].name, readings()[0].default
    ('reach', 'weapon')
    """
    table = tomllib.loads((_LIBRARY / "readings.toml").read_text(encoding="utf-8"))
    return tuple(_reading(row) for row in table["reading"])


def load(treaty: str | Path) -> Treaty:
    """Load a treaty by the id of one that ships, or from a file or folder.

    Parameters
    ----------
    treaty : str or Path
        An id of the library, a ``treaty.toml``, or the folder that holds one.

    Returns
    -------
    Treaty

    Raises
    ------
    TreatyError
        With every fault of the file: where, what, and what to do.
    UnknownNameError
        If `treaty` is neither a known id nor an existing path.

    Examples
    --------
    >>> load("us-russia-2021").clause("5.2").article
    '5(2)'
    >>> load("us-rusia-2021")
    Traceback (most recent call last):
    ...
    deploygeo.errors.UnknownNameError: unknown treaty 'us-rusia-2021'; did you mean
    'us-russia-2021'? Known: nato-russia-2021, us-russia-2021.
    """
    if isinstance(treaty, str) and treaty in library():
        return _load_shipped(treaty)
    path = Path(treaty)
    if path.is_dir():
        path /= "treaty.toml"
    if not path.is_file():
        raise UnknownNameError("treaty", str(treaty), library())
    return _load(path)


def lint(treaty: str | Path) -> tuple[Fault, ...]:
    """Return every fault of a treaty file; none where it loads."""
    try:
        load(treaty)
    except TreatyError as error:
        return error.faults
    return ()


@functools.cache
def _load_shipped(id: str) -> Treaty:  # noqa: A002
    return _load(_LIBRARY / id / "treaty.toml")


def _load(path: Path) -> Treaty:
    if path.stat().st_size > MAX_BYTES:
        raise TreatyError(Fault(f"the file is larger than {MAX_BYTES} bytes", path.name))
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TreatyError(Fault(f"not TOML: {error}", path.name)) from None
    return _Builder(table, path).treaty()


def _reading(row: Mapping[str, Any]) -> Reading:
    values = tuple(ReadingValue(value["name"], value["text"]) for value in row["values"])
    return Reading(row["name"], row["question"], values)


class _Builder:
    """Builds one treaty and collects the faults on the way."""

    def __init__(self, table: Mapping[str, Any], path: Path) -> None:
        self.table = table
        self.path = path
        self.faults: list[Fault] = []
        self.types: dict[str, Type] = {}
        self.readings: dict[str, Reading] = {reading.name: reading for reading in readings()}

    def fault(self, message: str, at: str) -> None:
        self.faults.append(Fault(message, self.path.name, pointer=f"$.{at}"))

    def rows(self, key: str, within: Mapping[str, Any] | None = None, at: str = "") -> list[Any]:
        """Return the tables under a key, after looking for keys that nobody knows."""
        rows = (self.table if within is None else within).get(key, [])
        name = f"{at}{key}"
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.fault(f"{key} is a list of tables: write [[{key}]]", name)
            return []
        path = key if within is None else f"clause.{key}"
        for index, row in enumerate(rows):
            self.known(row, path, f"{name}[{index}]")
        return rows

    def known(self, row: Mapping[str, Any], path: str, at: str) -> None:
        words = _KEYS[path].split()
        for key in row:
            if key not in words:
                self.fault(f"unknown key {key!r}{did_you_mean(key, words)}", at or key)

    def text(self, row: Mapping[str, Any], key: str, at: str, default: str | None = None) -> str:
        value = row.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            self.fault(f"{key} is missing or not text", at)
            return ""
        return value

    def date(self, row: Mapping[str, Any], key: str, at: str) -> date | None:
        value = row.get(key)
        if value is None or type(value) is date:
            return value
        self.fault(f"{key} is a date without quotes, 2021-12-17, not {value!r}", at)
        return None

    def compile(self, text: object, at: str, gives: Type = "truth") -> Node:
        if not isinstance(text, str):
            self.fault(f"an expression is text, not {text!r}", at)
            return Name("never")
        names = {
            "param": [row.get("name", "") for row in self.table.get("parameter", [])],
            "group": groups(),
            "states": PARTIES,
            "joins": groups(),
        }
        try:
            return compile_expression(
                text, gives=gives, definitions=self.types, choices=_CHOICES, names=names
            )
        except TreatyError as error:
            for fault in error.faults:
                self.faults.append(
                    Fault(
                        fault.message,
                        self.path.name,
                        column=None,
                        pointer=f"$.{at}:{fault.column}" if fault.column else f"$.{at}",
                        excerpt=fault.excerpt,
                    )
                )
            return Name("never")

    def treaty(self) -> Treaty:
        table = self.table
        self.known(table, "", "")
        for index, row in enumerate(self.rows("reading")):
            try:
                reading = _reading(row)
                self.readings[reading.name] = reading
            except (KeyError, TypeError, IndexError):
                self.fault("a reading needs name, question and values", f"reading[{index}]")
        definitions = tuple(self.definitions())
        self.check_overlaps(definitions)
        sides = tuple(
            Side(
                self.text(row, "name", f"side[{index}]"),
                self.compile(row.get("states"), f"side[{index}].states", "states"),
            )
            for index, row in enumerate(self.rows("side"))
        )
        clauses = tuple(
            self.clause(row, f"clause[{index}]") for index, row in enumerate(self.rows("clause"))
        )
        seen: set[str] = set()
        for clause in clauses:
            if clause.id in seen:
                self.fault(f"two clauses have the id {clause.id!r}", "clause")
            seen.add(clause.id)
        if not clauses:
            self.fault("a treaty needs at least one [[clause]]", "clause")
        status = self.text(table, "status", "status")
        if status not in ("draft", "treaty"):
            self.fault(f"status is 'draft' or 'treaty', not {status!r}", "status")
        used = {item.reading for item in definitions if item.reading} | {"overseas"}
        if "presence(" in str(table):
            used.add("baseline_absent")
        treaty = Treaty(
            id=self.text(table, "id", "id"),
            title=self.text(table, "title", "title"),
            status="draft" if status == "draft" else "treaty",
            source=self.text(table, "source", "source"),
            clauses=clauses,
            sides=sides,
            definitions=definitions,
            parameters=tuple(self.parameters()),
            readings=tuple(r for r in self.readings.values() if r.name in used),
            in_force=tuple(self.in_force()),
            published=self.date(table, "published", "published"),
            reference_date=self.date(table, "reference_date", "reference_date"),
            note=self.text(table, "note", "note", ""),
            folder=self.path.parent,
        )
        if self.faults:
            raise TreatyError(self.faults)
        return treaty

    def definitions(self) -> list[Definition]:
        found = []
        for index, row in enumerate(self.rows("definition")):
            at = f"definition[{index}]"
            name = self.text(row, "name", at)
            gives = row.get("gives") or _guess(row)
            reading, under = row.get("reading", ""), row.get("under", {})
            if bool(reading) == ("rule" in row):
                self.fault("a definition has either a rule, or a reading with 'under'", at)
            if reading and reading not in self.readings:
                known = did_you_mean(reading, self.readings)
                self.fault(f"unknown reading {reading!r}{known}", f"{at}.reading")
            elif reading and set(under) != set(self.readings[reading].names):
                wanted = ", ".join(self.readings[reading].names)
                self.fault(f"'under' needs exactly the values {wanted}", f"{at}.under")
            found.append(
                Definition(
                    name,
                    gives,
                    self.compile(row["rule"], f"{at}.rule", gives) if "rule" in row else None,
                    reading,
                    {
                        value: self.compile(text, f"{at}.under.{value}", gives)
                        for value, text in under.items()
                    },
                    self.date(row, "from", at),
                    self.date(row, "until", at),
                    row.get("priority", 0),
                )
            )
            self.types[name] = gives
        return found

    def check_overlaps(self, definitions: tuple[Definition, ...]) -> None:
        for index, one in enumerate(definitions):
            for other in definitions[index + 1 :]:
                if one.name == other.name and one.priority == other.priority:
                    start = max(one.start or date.min, other.start or date.min)
                    end = min(one.end or date.max, other.end or date.max)
                    if start <= end:
                        self.fault(
                            f"two definitions of {one.name!r} are live from {start} to {end}"
                            " without a priority",
                            "definition",
                        )

    def clause(self, row: Mapping[str, Any], at: str) -> Clause:
        check, subject = row.get("check", "rule"), row.get("subject", "deployment")
        modality = row.get("modality", "prohibit")
        for key, value, known in (
            ("check", check, ("rule", "flag", "none")),
            ("subject", subject, ("deployment", "record", "group")),
            ("modality", modality, ("prohibit", "oblige")),
        ):
            if value not in known:
                self.fault(f"{key} is one of {', '.join(known)}, not {value!r}", f"{at}.{key}")
        if check == "none":
            self.text(row, "why", at)
        elif "rule" not in row:
            self.fault("a clause that is checked needs a rule", at)
        return Clause(
            id=self.text(row, "id", at),
            article=self.text(row, "article", at),
            text=self.text(row, "text", at),
            check=check,
            why=row.get("why", ""),
            subject=subject,
            modality=modality,
            bearers=self.optional(row, "bearers", at, "states"),
            applies=self.optional(row, "applies", at) or Name("always"),
            rule=self.optional(row, "rule", at),
            counts=self.optional(row, "counts", at),
            unless=tuple(
                Unless(
                    self.text(item, "name", f"{at}.unless[{index}]"),
                    self.text(item, "text", f"{at}.unless[{index}]"),
                    self.compile(item.get("rule"), f"{at}.unless[{index}].rule"),
                )
                for index, item in enumerate(self.rows("unless", row, f"{at}."))
            ),
            standing=bool(row.get("standing", False)),
            source=row.get("source", ""),
        )

    def optional(
        self, row: Mapping[str, Any], key: str, at: str, gives: Type = "truth"
    ) -> Node | None:
        return self.compile(row[key], f"{at}.{key}", gives) if key in row else None

    def parameters(self) -> list[Parameter]:
        found = []
        for index, row in enumerate(self.rows("parameter")):
            at = f"parameter[{index}]"
            values: list[tuple[date | None, float]] = []
            if "value" in row:
                values.append((None, float(row["value"])))
            for item in row.get("values", []):
                values.append((self.date(item, "from", at), float(item["value"])))
            values.sort(key=lambda item: item[0] or date.min)
            source = row.get("source", "")
            if values and not source:
                self.fault("a parameter with a value cites its source", at)
            name, text = self.text(row, "name", at), self.text(row, "text", at)
            found.append(Parameter(name, text, tuple(values), source))
        return found

    def in_force(self) -> list[InForce]:
        found = []
        for index, row in enumerate(self.rows("in_force")):
            start = self.date(row, "from", f"in_force[{index}]")
            if start is None:
                self.fault("an interval in force needs 'from'", f"in_force[{index}]")
                continue
            end = self.date(row, "until", f"in_force[{index}]")
            found.append(InForce(start, end, row.get("party", "")))
        return found


def _guess(row: Mapping[str, Any]) -> Type:
    """Return the type of a definition from its first expression's first word."""
    texts = [row["rule"]] if "rule" in row else list(row.get("under", {}).values())
    for text in texts:
        word = str(text).strip().partition("(")[0]
        if word in ("land", "territory", "sea", "border_line", "outer_border", "line"):
            return "region"
        if word in ("range", "loadable_range", "platform_range", "step_up", "param"):
            return "number"
        return "truth"
    return "truth"
