"""The expressions of one treaty file: compiled with its own names, told with its own lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from deploygeo.clauses.expression import Call, Literal, Name, Node, children, walk
from deploygeo.clauses.language import examine, misplaced
from deploygeo.clauses.vocabulary import About, Type
from deploygeo.errors import TreatyError
from deploygeo.model.membership import groups
from deploygeo.model.parties import PARTIES
from deploygeo.model.vocabulary import (
    ACTIVITIES,
    BASINGS,
    ECHELONS,
    KINDS,
    RECORD_KINDS,
    SCENARIOS,
)
from deploygeo.treaties.document import Row

__all__ = ["MAX_HEIGHT", "MAX_TERMS", "NEVER", "Expressions"]

NEVER: Final = Name("never")
"""Stands for an expression that is at fault, so that the rest of the file is looked at."""

MAX_HEIGHT: Final = 100
"""Levels of an expression with its definitions written out: an evaluation takes three of
Python's thousand calls for each."""

MAX_TERMS: Final = 2_000
"""Terms of an expression with its definitions written out. Forty definitions, each the one
before it twice, would never end."""

_LISTS: Final[Mapping[str, Collection[str]]] = {
    "kind": KINDS,
    "activity": ACTIVITIES,
    "basing": BASINGS,
    "echelon": tuple(ECHELONS),
    "scenario": SCENARIOS,
    "record": RECORD_KINDS,
    # an alliance is a party to a deployment and no state; its members are group('NATO')
    "state": tuple(sorted(set(PARTIES).difference(groups()))),
}


class Expressions:
    """Compiles the expressions of one file.

    Parameters
    ----------
    folder : Path
        Where the lines lie that the treaty gives.
    params : collection of str
        The names of its parameters.

    Attributes
    ----------
    types : dict of str to str or None
        The names defined so far, with their types; None where a definition is at fault.
    later : mapping of str to str
        The names that cannot be used yet, and why.
    words, names : dict of str to set of str
        The vocabulary and the definitions that each definition uses itself.
    """

    def __init__(self, folder: Path, params: Collection[str]) -> None:
        self.folder = folder
        self.params = params
        self.types: dict[str, Type | None] = {}
        self.later: Mapping[str, str] = {}
        self.words: dict[str, set[str]] = {}
        self.names: dict[str, set[str]] = {}
        self.sizes: dict[str, tuple[int, int]] = {}
        self._refused: dict[About, Mapping[str, str]] = {}
        self._line_flaws: dict[str, str] = {}

    def compile(
        self, row: Row, key: str, gives: Type | None = "truth", about: About | None = None
    ) -> Node | None:
        """Return the expression under a key; None where it is at fault."""
        text = row.table.get(key)
        if not isinstance(text, str) or not text.strip():
            if row.has(key):
                row.fault(f"{key} is an expression: text in quotes, and not empty", key)
            else:
                row.fault(f"{key} is missing")
            return None
        refused = self.later if about is None else self.refused(about)
        found = examine(
            text,
            gives=gives,
            definitions=self.types,
            choices=self.choices(text),
            about=about,
            refused=refused,
        )
        if isinstance(found, tuple):
            for flaw in found:
                row.fault(flaw.message, key, flaw.at)
            return None
        told = "" if about is None else _too_large(self.size(found))
        if told:
            row.fault(f"{key} {told}", key)
        for name in _lines(found):
            if name not in self._line_flaws:
                self._line_flaws[name] = _line_flaw(self.folder / f"{name}.geojson")
            if self._line_flaws[name]:
                told = f"{name}.geojson beside the treaty is no line: {self._line_flaws[name]}"
                row.fault(told, key, max(0, text.find("line")))
        return found

    def choices(self, text: str) -> Mapping[str, Collection[str]]:
        """Return the lists for words in quotes; those that cost time only where they are asked."""
        known: dict[str, Collection[str]] = {
            **_LISTS,
            "param": self.params,
            "group": groups(),
        }
        if "sea" in text:
            from deploygeo import boundaries

            known["sea"] = boundaries.borders().seas.names()
        if "line" in text:
            known["line"] = tuple(sorted(path.stem for path in self.folder.glob("*.geojson")))
        return known

    def define(self, name: str, gives: Type | None, nodes: Iterable[Node]) -> None:
        """Make a name known to what follows."""
        nodes = tuple(nodes)
        words, names = self.words.setdefault(name, set()), self.names.setdefault(name, set())
        for node in nodes:
            more = self.used(node)
            words |= more[0]
            names |= more[1]
        self.types[name] = gives
        self._refused.clear()

    def used(self, node: Node) -> tuple[set[str], set[str]]:
        """Return the words of the vocabulary and the definitions that an expression names."""
        words: set[str] = set()
        names: set[str] = set()
        for inner in walk(node):
            if isinstance(inner, Name) and inner.name in self.types:
                names.add(inner.name)
            elif isinstance(inner, Name | Call):
                words.add(inner.name)
        return words, names

    def grown(self, name: str, nodes: Iterable[Node]) -> str:
        """Learn the size of a definition whose parts are known; return why it is too large."""
        sizes = [self.size(node) for node in nodes]
        self.sizes[name] = (
            max((size[0] for size in sizes), default=1),
            max((size[1] for size in sizes), default=1),
        )
        return _too_large(self.sizes[name])

    def size(self, node: Node) -> tuple[int, int]:
        """Return the levels and terms of an expression, with its definitions written out."""
        if isinstance(node, Literal):
            return (1, 0)
        if isinstance(node, Name):
            height, terms = self.sizes.get(node.name, (0, 0))
            return (height + 1, terms + 1)
        inner = [self.size(item) for item in children(node)]
        return (
            1 + max((size[0] for size in inner), default=0),
            1 + sum(size[1] for size in inner),
        )

    def reachable(self, names: Iterable[str]) -> set[str]:
        """Return some definitions and all that they rest on."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.names.get(name, ()))
        return found

    def refused(self, about: About) -> Mapping[str, str]:
        """Return the definitions that cannot be asked of something, and why."""
        if about not in self._refused:
            self._refused[about] = dict(self._refuse(about))
        return self._refused[about]

    def _refuse(self, about: About) -> Iterable[tuple[str, str]]:
        wrong = {
            name: next(filter(None, (misplaced(word, about) for word in sorted(words))), "")
            for name, words in self.words.items()
        }
        for name in self.types:
            for below in sorted(self.reachable([name])):
                if wrong.get(below):
                    yield name, f"{name!r} does not fit here: {wrong[below]}"
                    break


def _too_large(size: tuple[int, int]) -> str:
    """Return why an expression is too large; empty where it is not.

    >>> _too_large((3, 40))
    ''
    """
    height, terms = size
    if height <= MAX_HEIGHT and terms <= MAX_TERMS:
        return ""
    return (
        f"with its definitions written out is {height} levels deep and has {terms} terms;"
        f" {MAX_HEIGHT} and {MAX_TERMS} fit"
    )


def _lines(node: Node) -> list[str]:
    """Return the names of the lines that an expression asks for."""
    return [
        inner.args[0].value
        for inner in walk(node)
        if isinstance(inner, Call)
        and inner.name == "line"
        and isinstance(inner.args[0], Literal)
        and isinstance(inner.args[0].value, str)
    ]


def _line_flaw(path: Path) -> str:
    """Return why a file is not a line that can be measured to; empty where it is."""
    from deploygeo.treaties.beside import line_of_file  # shapely takes a while

    try:
        line_of_file(path)
    except TreatyError as error:
        fault = error.faults[0]
        where = "" if fault.line is None else f"line {fault.line}, "
        return f"{where}{fault.pointer and fault.pointer + ', '}{fault.message}".rstrip(".")
    return ""
