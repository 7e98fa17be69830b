"""Strategies of treaties: whole files, with all that a file may have, that lint without a fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from deploygeo.clauses.expression import Call, Name, Node, walk
from deploygeo.clauses.vocabulary import VOCABULARY, About, Type
from deploygeo.errors import Fault, TreatyError
from deploygeo.testing.strategies._draw import Draw, chance, count, listed, named, pick, sized, true
from deploygeo.testing.strategies.expressions import Lexicon, draw_node
from deploygeo.testing.strategies.toml import written
from deploygeo.testing.strategies.values import FAMILIAR
from deploygeo.treaties import Reading, Treaty
from deploygeo.treaties import readings as shared_readings
from deploygeo.treaties.builder import build
from deploygeo.treaties.document import parse

__all__ = ["TreatyFile", "treaties"]

#: Terms of a definition with those it uses written out, at most; a file may have 2 000.
_MOST_TERMS: Final = 60

_ALL: Final[frozenset[About]] = frozenset(("deployment", "record", "group", "side"))

_DAY: Final = date(2021, 12, 17)


@dataclass(frozen=True)
class TreatyFile:
    """A treaty as its text and as it loads.

    Parameters
    ----------
    text : str
        The content of a ``treaty.toml``.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> drawn = simplest(treaties())
    >>> print(drawn)
    id = "x"
    title = "x"
    status = "draft"
    source = "x"
    <BLANKLINE>
    [[side]]
    name = "x"
    states = "states('USA')"
    <BLANKLINE>
    [[clause]]
    id = "1"
    article = "1"
    text = "x"
    rule = "always"
    >>> drawn.treaty.clause("1").subject, drawn.faults
    ('deployment', ())
    """

    text: str

    @cached_property
    def treaty(self) -> Treaty:
        """The treaty, as loaded from a folder that has no lines.

        Raises
        ------
        TreatyError
            With every fault; there is none in what `treaties` draws.
        """
        content = self.text.encode("utf-8")
        return build(parse(content, "treaty.toml"), Path("drawn"), shared_readings())

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What `deploygeo.treaties.lint` says of the file."""
        try:
            _ = self.treaty
        except TreatyError as error:
            return error.faults
        return ()

    def write(self, folder: Path) -> Path:
        """Write ``treaty.toml`` into a folder, and return its path.

        Parameters
        ----------
        folder : Path
            It is there.
        """
        path = folder / "treaty.toml"
        path.write_bytes(self.text.encode("utf-8"))
        return path

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        """Return the text in lines, as a failing test prints it."""
        quoted = self.text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return f'TreatyFile("""\\\n{quoted}""")'


def treaties(
    *,
    max_clauses: int = 3,
    max_definitions: int = 4,
    max_leaves: int = 6,
    words: Iterable[str] | None = None,
) -> SearchStrategy[TreatyFile]:
    """Return a strategy of whole treaty files that have no fault.

    They have all that a file may have: sides, intervals in force, parameters by date, readings of
    their own and shared ones, definitions with readings, dates and priorities, and clauses of each
    subject, modality and kind of check, with bearers, exceptions and what counts.

    Parameters
    ----------
    max_clauses, max_definitions : int
        The most of these.
    max_leaves : int
        The size of each expression; see `predicates`.
    words : iterable of str, optional
        The words of the vocabulary that clauses and definitions use; by default all but ``line``,
        which needs a file.

    Raises
    ------
    SettingError
        For sizes that are none.
    UnknownNameError
        For a word that the vocabulary does not have.

    Notes
    -----
    Shrinks to one side and one clause whose rule is the first word of the vocabulary.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> drawn = simplest(treaties(), lambda file: "unless" in file.text)
    >>> [one.name for one in drawn.treaty.clauses[0].unless]
    ['x']
    """
    _, clauses = sized(1, max_clauses, floor=1, ceiling=100)
    _, most = sized(0, max_definitions, floor=0, ceiling=100)
    _, leaves = sized(1, max_leaves, floor=1, ceiling=100)
    allowed = None if words is None else listed("word", words, VOCABULARY)
    sizes = _Sizes(clauses, most, leaves, allowed)

    return named(
        "treaties",
        lambda draw: TreatyFile(written(_Writer(draw, sizes).table())),
        max_clauses=None if max_clauses == 3 else max_clauses,
        max_definitions=None if max_definitions == 4 else max_definitions,
        max_leaves=None if max_leaves == 6 else max_leaves,
        words=allowed,
    )


@dataclass(frozen=True)
class _Sizes:
    clauses: int
    definitions: int
    leaves: int
    words: tuple[str, ...] | None


@dataclass
class _Defined:
    """A definition that later expressions may use."""

    gives: Type
    asked_of: frozenset[About]
    terms: int


@dataclass
class _Writer:
    """Draws the tables of one file; what it has drawn, later ones may use."""

    draw: Draw
    sizes: _Sizes
    params: tuple[str, ...] = ()
    defined: dict[str, _Defined] = field(default_factory=dict)

    def table(self) -> dict[str, Any]:
        """Return the table of the file."""
        draw = self.draw
        found: dict[str, Any] = {
            "id": pick(draw, ("x", "draft-2021", "It's 1")),
            "title": _text(draw),
            "status": pick(draw, ("draft", "treaty")),
            "source": _text(draw),
        }
        for key in ("published", "reference_date"):
            if chance(draw, 3):
                found[key] = _day(draw)
        if chance(draw, 6):
            found["note"] = _text(draw)
        found["side"] = list(self._sides())
        found["in_force"] = list(self._in_force())
        found["parameter"] = list(self._parameters())
        found["reading"] = list(self._readings())
        own = {
            row["name"]: tuple(value["name"] for value in row["values"]) for row in found["reading"]
        }
        found["definition"] = list(self._definitions(own))
        found["clause"] = list(self._clauses())
        return {key: value for key, value in found.items() if value != []}

    def _more(self, most: int, least: int = 0) -> Iterator[int]:
        """Yield numbers while there is more to come; a drawn no ends it, so that it shrinks."""
        for index in range(most):
            if index >= least and not pick(self.draw, (False, True, True)):
                return
            yield index

    def _sides(self) -> Iterator[dict[str, Any]]:
        draw = self.draw
        for index in self._more(3, 1):
            plain = f"states('{FAMILIAR[index]}')"
            states = str(self._node("states", "side")) if chance(draw, 4) else plain
            yield {"name": _text(draw), "states": states}

    def _in_force(self) -> Iterator[dict[str, Any]]:
        draw = self.draw
        for _ in self._more(2):
            row: dict[str, Any] = {"from": _day(draw)}
            if true(draw):
                row["until"] = row["from"] + timedelta(days=pick(draw, (0, 30, 3_650)))
            if chance(draw, 3):
                row["party"] = pick(draw, FAMILIAR)
            yield row

    def _parameters(self) -> Iterator[dict[str, Any]]:
        draw = self.draw
        for index in self._more(2):
            row: dict[str, Any] = {"name": f"p{index}", "text": _text(draw)}
            if true(draw):
                row["value"] = _level(draw)
            days = [_day(draw) for _ in self._more(2)]
            if days:
                rows = [{"from": day, "value": _level(draw)} for day in dict.fromkeys(days)]
                row["values"] = rows
            if "value" in row or "values" in row or chance(draw, 3):
                row["source"] = _text(draw)
            self.params = (*self.params, row["name"])
            yield row

    def _readings(self) -> Iterator[dict[str, Any]]:
        draw = self.draw
        for index in self._more(2):
            values = [
                {"name": name, "text": _text(draw)}
                for name in ("narrow", "wide", "a third")[: count(draw, 2, 3)]
            ]
            yield {"name": f"choice {index}", "question": _text(draw), "values": values}

    # -- definitions

    def _definitions(self, own: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, Any]]:
        draw = self.draw
        shared = {reading.name: reading.names for reading in _shared()}
        for index in self._more(self.sizes.definitions):
            name = f"word_{index}"
            gives: Type = pick(draw, ("truth", "number", "states", "region"))
            about: About = pick(draw, ("deployment", "record", "group"))
            versions = list(self._versions(name, gives, about, {**own, **shared}))
            rows, nodes = [row for row, _ in versions], [n for _, inner in versions for n in inner]
            terms = sum(self._terms(node) for node in nodes)
            if terms > _MOST_TERMS:
                continue
            self.defined[name] = _Defined(gives, self._asked_of(nodes), terms)
            yield from rows

    def _versions(
        self, name: str, gives: Type, about: About, readings: Mapping[str, tuple[str, ...]]
    ) -> Iterator[tuple[dict[str, Any], list[Node]]]:
        """Yield one definition that is always live, or several that are so together."""
        draw = self.draw
        match pick(draw, ("always", "always", "priority", "dates")):
            case "always":
                yield self._version(name, gives, about, readings, {})
            case "priority":
                yield self._version(name, gives, about, readings, {})
                start = _day(draw)
                when = {"from": start, "until": start + timedelta(days=365), "priority": 1}
                yield self._version(name, gives, about, readings, when)
            case _:
                turn = _day(draw)
                before = {"until": turn - timedelta(days=1)}
                yield self._version(name, gives, about, readings, before)
                yield self._version(name, gives, about, readings, {"from": turn})

    def _version(
        self,
        name: str,
        gives: Type,
        about: About,
        readings: Mapping[str, tuple[str, ...]],
        when: Mapping[str, Any],
    ) -> tuple[dict[str, Any], list[Node]]:
        draw = self.draw
        row: dict[str, Any] = {"name": name}
        if true(draw):
            reading = pick(draw, list(readings))
            nodes = [self._node(gives, about) for _ in readings[reading]]
            row["reading"] = reading
            row["under"] = dict(zip(readings[reading], map(str, nodes), strict=True))
        else:
            nodes = [self._node(gives, about)]
            row["rule"] = str(nodes[0])
        if gives != "truth" or chance(draw, 4):
            row["gives"] = gives
        return {**row, **when}, nodes

    def _node(self, gives: Type, about: About) -> Node:
        fitting = {
            name: item.gives for name, item in self.defined.items() if about in item.asked_of
        }
        if about == "side":  # a side is who it is, whatever the clauses define
            fitting = {}
        lexicon = Lexicon(about, fitting, self.params, (), self.sizes.words)
        return draw_node(self.draw, lexicon, gives, self.sizes.leaves)

    def _terms(self, node: Node) -> int:
        """Return the terms of an expression with its definitions written out."""
        return sum(
            self.defined[item.name].terms
            if isinstance(item, Name) and item.name in self.defined
            else 1
            for item in walk(node)
        )

    def _asked_of(self, nodes: list[Node]) -> frozenset[About]:
        """Return what expressions can be asked of: what all of their words can."""
        found = _ALL
        for item in (inner for node in nodes for inner in walk(node)):
            if isinstance(item, Name) and item.name in self.defined:
                found &= self.defined[item.name].asked_of
            elif isinstance(item, Name | Call):
                found &= frozenset(VOCABULARY[item.name].asked_of)
        return found

    # -- clauses

    def _clauses(self) -> Iterator[dict[str, Any]]:
        for index in self._more(self.sizes.clauses, 1):
            yield self._clause(str(index + 1))

    def _clause(self, name: str) -> dict[str, Any]:
        draw = self.draw
        subject: About = pick(draw, ("deployment", "record", "group"))
        member: About = "deployment" if subject == "group" else subject
        check = pick(draw, ("rule", "rule", "rule", "flag", "none"))
        row: dict[str, Any] = {"id": name, "article": name, "text": _text(draw)}
        if check != "rule":
            row["check"] = check
        if check == "none":
            row["why"] = _text(draw)
        if subject != "deployment":
            row["subject"] = subject
        if chance(draw, 3):
            row["modality"] = "oblige"
        if chance(draw, 6):
            row["standing"] = True
        if chance(draw, 3):
            row["bearers"] = str(self._node("states", subject))
        if true(draw):
            row["applies"] = str(self._node("truth", subject))
        rule = str(self._node("truth", subject))
        # what is not checked may have a rule all the same, which nobody asks
        if check != "none" or true(draw):
            row["rule"] = rule
        if subject == "group" and true(draw):
            row["counts"] = str(self._node("truth", member))
        if chance(draw, 6):
            row["source"] = _text(draw)
        unless = [
            {"name": _text(draw), "text": _text(draw), "rule": str(self._node("truth", member))}
            for _ in self._more(2)
        ]
        return {**row, "unless": unless} if unless else row


def _shared() -> tuple[Reading, ...]:
    return shared_readings()


#: Texts that files may hold and reports must print, the plainest first.
_TEXTS: Final = ("x", "Ämari", 'say "no"', "back\\slash", "two\nlines", "it's # no comment")


def _text(draw: Draw) -> str:
    return _TEXTS[0] if not chance(draw, 8) else pick(draw, _TEXTS)


def _day(draw: Draw) -> date:
    return _DAY + timedelta(days=pick(draw, (0, -1, 1, 30, -365, 365, -9_000)))


def _level(draw: Draw) -> float:
    return pick(draw, (1.0, 0.0, 5.5, 30.0, 100.0, 5_000.0))
