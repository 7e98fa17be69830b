"""Strategies of predicates: well-typed expressions over the closed vocabulary of clauses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from hypothesis.strategies import SearchStrategy

from deploygeo.clauses.expression import And, Call, Combine, Compare, Literal, Name, Node, Not, Or
from deploygeo.clauses.vocabulary import VOCABULARY, About, Type, Word
from deploygeo.errors import SettingError
from deploygeo.model import (
    ACTIVITIES,
    BASINGS,
    ECHELONS,
    KINDS,
    PARTIES,
    RECORD_KINDS,
    SCENARIOS,
    groups,
)
from deploygeo.testing.strategies._draw import Draw, chance, count, listed, named, pick, true
from deploygeo.testing.strategies.outlines import seas
from deploygeo.testing.strategies.values import FAMILIAR

__all__ = ["Lexicon", "draw_node", "predicates"]

_TYPES: Final = ("truth", "number", "states", "region")
_ABOUT: Final = ("deployment", "record", "group", "side")

#: Words that ask for a file beside the treaty: only where its name is given.
_OF_FILES: Final = frozenset({"line"})

#: Numbers that treaties like, the plainest first.
_NUMBERS: Final = (0.0, 1.0, 500.0, 1_000.0, 5_500.0, 5_000.0, 12.0, 30.0, 0.5, 22.224, 100_000.0)

_DATES: Final = ("1997-05-27", "1990-10-03", "2021-12-17", "1949-04-04")

_KEYS: Final = ("sender-host", "host")

_COMPARED: Final = ("<=", "<", ">", ">=")


@dataclass(frozen=True)
class Lexicon:
    """What an expression may be made of.

    Parameters
    ----------
    about : str
        What is asked: a deployment, a record, a group, or who a side of the treaty is.
    definitions : mapping of str to str
        Names that the treaty defines, with their types.
    params : tuple of str
        Names of its parameters.
    lines : tuple of str
        Names of the lines beside it.
    words : collection of str or None
        The words of the vocabulary that may be used; None for all that fit.
    """

    about: About = "deployment"
    definitions: Mapping[str, Type] = field(default_factory=dict)
    params: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    words: Collection[str] | None = None

    def fitting(self, gives: Type) -> tuple[str, ...]:
        """Return the words that give a type and can be asked here, in the vocabulary's order.

        >>> Lexicon().fitting("region")[:2], Lexicon("side").fitting("states")
        (('land', 'territory'), ('everyone', 'states', 'group'))
        """
        allowed = None if self.words is None else frozenset(self.words)
        return _fitting(self.about, gives, bool(self.params), bool(self.lines), allowed)

    def defined(self, gives: Type) -> list[str]:
        """Return the definitions that give a type."""
        return [name for name, given in self.definitions.items() if given == gives]


@lru_cache(maxsize=512)
def _fitting(
    about: About, gives: Type, has_params: bool, has_lines: bool, allowed: frozenset[str] | None
) -> tuple[str, ...]:
    return tuple(
        name
        for name, word in VOCABULARY.items()
        if word.gives == gives
        and about in word.asked_of
        and (name != "param" or has_params)
        and (name not in _OF_FILES or has_lines)
        and (allowed is None or name in allowed)
    )


def predicates(
    *,
    about: About = "deployment",
    gives: Type = "truth",
    definitions: Mapping[str, Type] | None = None,
    params: Iterable[str] = (),
    words: Iterable[str] | None = None,
    max_leaves: int = 8,
) -> SearchStrategy[Node]:
    """Return a strategy of well-typed expressions over the closed vocabulary.

    Each compiles from its own text: ``compile_expression(str(node)) == node``.

    Parameters
    ----------
    about : {"deployment", "record", "group", "side"}
        What is asked: only words that can be asked of it are used.
    gives : {"truth", "number", "states", "region"}
        The type of the value.
    definitions : mapping of str to str, optional
        Names that a treaty defines, with their types.
    params : iterable of str
        Names of the treaty's parameters.
    words : iterable of str, optional
        The words of the vocabulary to use; by default all that fit. Where none of them gives a
        type that is needed, all that fit are used for it.
    max_leaves : int
        The most words and numbers of an expression, or nearly.

    Raises
    ------
    UnknownNameError
        For a word that the vocabulary does not have, and for an unknown type.
    SettingError
        For a number of leaves that is none.

    Notes
    -----
    Shrinks to the first word of the vocabulary that fits, and to fewer of them.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> print(simplest(predicates()))
    always
    >>> print(simplest(predicates(), lambda node: "reaches" in str(node)))
    reaches(land(own), 0)
    >>> print(simplest(predicates(about="side", gives="states")))
    everyone
    >>> predicates(words=["no-such-word"])
    Traceback (most recent call last):
    ...
    deploygeo.errors.UnknownNameError: unknown word 'no-such-word'.
    """
    listed("type", gives, _TYPES)
    listed("subject", about, _ABOUT)
    allowed = None if words is None else listed("word", words, VOCABULARY)
    for given in (definitions or {}).values():
        listed("type", given, _TYPES)
    if isinstance(max_leaves, bool) or not isinstance(max_leaves, int) or max_leaves < 1:
        raise SettingError(f"max_leaves is a whole number from 1, not {max_leaves!r}")
    lexicon = Lexicon(about, dict(definitions or {}), tuple(params), (), allowed)
    return named(
        "predicates",
        lambda draw: draw_node(draw, lexicon, gives, max_leaves),
        about=None if about == "deployment" else about,
        gives=None if gives == "truth" else gives,
        definitions=definitions,
        params=lexicon.params or None,
        words=allowed,
        max_leaves=None if max_leaves == 8 else max_leaves,
    )


def draw_node(draw: Draw, lexicon: Lexicon, gives: Type, leaves: int) -> Node:
    """Draw an expression of a type, of about so many leaves at most."""
    match gives:
        case "truth":
            return _truth(draw, lexicon, leaves)
        case "number":
            return _number(draw, lexicon, leaves)
        case "states" if leaves > 2 and chance(draw, 4):
            return _combined(draw, lexicon, "states", ("|", "&", "-"), leaves)
        case _:
            return _word(draw, lexicon, gives, leaves)


def _truth(draw: Draw, lexicon: Lexicon, leaves: int) -> Node:
    if leaves < 2:
        return _word(draw, lexicon, "truth", leaves)
    match pick(draw, ("word", "compare", "and", "or", "not")):
        case "word":
            return _word(draw, lexicon, "truth", leaves)
        case "compare":
            return _compare(draw, lexicon, leaves)
        case "not":
            return Not(_truth(draw, lexicon, leaves - 1))
        case form:
            parts = [_truth(draw, lexicon, share) for share in _shares(draw, leaves)]
            return And(tuple(parts)) if form == "and" else Or(tuple(parts))


def _shares(draw: Draw, leaves: int) -> Iterator[int]:
    """Yield the leaves of two or more parts."""
    left, parts = leaves, 0
    while parts < 2 or (left > 0 and parts < 4 and true(draw)):
        share = max(1, (left + 1) // 2)
        yield share
        left, parts = left - share, parts + 1


def _compare(draw: Draw, lexicon: Lexicon, leaves: int) -> Node:
    first, operator = _number(draw, lexicon, leaves - 1), pick(draw, _COMPARED)
    if leaves > 2 and chance(draw, 4):  # a chain, both the same way: low < range <= high
        other = pick(draw, ("<", "<=") if operator[0] == "<" else (">", ">="))
        terms = (_literal(draw), first, _number(draw, lexicon, 1))
        return Compare(terms, (operator, other))
    second = _literal(draw) if true(draw) is False else _number(draw, lexicon, leaves // 2)
    return Compare((first, second), (operator,))


def _number(draw: Draw, lexicon: Lexicon, leaves: int) -> Node:
    # one choice, so that a number of the text takes the fewest and is the simplest
    form = count(draw, 0, 5 * len(_NUMBERS))
    if form < len(_NUMBERS):
        return Literal(_NUMBERS[form])
    if form == 5 * len(_NUMBERS):
        return Literal(count(draw, 0, 2_000_000) / 100)
    if leaves > 2 and form > 4 * len(_NUMBERS):
        return _combined(draw, lexicon, "number", ("+", "-"), leaves)
    return _word(draw, lexicon, "number", leaves)


def _literal(draw: Draw) -> Literal:
    return Literal(pick(draw, _NUMBERS))


def _combined(
    draw: Draw, lexicon: Lexicon, gives: Type, operators: tuple[str, ...], leaves: int
) -> Node:
    left = draw_node(draw, lexicon, gives, leaves // 2)
    right = draw_node(draw, lexicon, gives, leaves // 2)
    return Combine(left, pick(draw, operators), right)


def _word(draw: Draw, lexicon: Lexicon, gives: Type, leaves: int) -> Node:
    """Draw a word of the vocabulary with its arguments, or a definition."""
    defined = lexicon.defined(gives)
    if defined and chance(draw, 3):
        return Name(pick(draw, defined))
    names = lexicon.fitting(gives)
    if leaves < 2:  # an end: no number of a number
        names = tuple(name for name in names if gives not in VOCABULARY[name].takes)
    if not names and defined:
        return Name(pick(draw, defined))
    if not names:
        wider = Lexicon(lexicon.about, {}, lexicon.params, lexicon.lines)
        names = tuple(name for name in wider.fitting(gives) if gives not in VOCABULARY[name].takes)
    if not names:
        return _literal(draw)  # of all types only numbers may have no word
    name = pick(draw, names)
    word = VOCABULARY[name]
    if not word.takes:
        return Name(name)
    return Call(name, tuple(_args(draw, lexicon, word, leaves - 1)))


def _args(draw: Draw, lexicon: Lexicon, word: Word, leaves: int) -> Iterator[Node]:
    takes: Sequence[Type] = word.takes
    wanted = len(takes)
    for _ in range(word.optional):
        if not true(draw):
            wanted -= 1
    share = max(1, leaves // max(1, wanted))
    seen: set[str] = set()
    for index in range(wanted):
        yield _arg(draw, lexicon, word, index, takes[index], share, seen)
    if word.more is not None:
        for _ in range(2):
            if not true(draw):
                break
            yield _arg(draw, lexicon, word, wanted, word.more, share, seen)


def _arg(
    draw: Draw,
    lexicon: Lexicon,
    word: Word,
    index: int,
    wanted: Type,
    leaves: int,
    seen: set[str],
) -> Node:
    if wanted != "text":
        if wanted == "number" and word.texts == () and word.more == "number" and index:
            return _literal(draw)  # the classes of step_up
        return draw_node(draw, lexicon, wanted, 1 if word.more == "number" else leaves)
    known = _texts(lexicon, word.texts[: index + 1][-1] if word.texts else "")
    left = [name for name in known if name not in seen] or list(known)
    name = pick(draw, left)
    seen.add(name)
    return Literal(name)


def _texts(lexicon: Lexicon, texts: str) -> tuple[str, ...]:
    match texts:
        case "param":
            return lexicon.params
        case "line":
            return lexicon.lines
        case "sea":
            return seas()
        case "group":
            return tuple(groups())
        case _:
            return _LISTS.get(texts, _FREE)


#: Names that a treaty may choose freely.
_FREE: Final = ("threat", "x", "a word", "it's", "Ämari")

_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": tuple(KINDS),
    "activity": tuple(ACTIVITIES),
    "basing": tuple(BASINGS),
    "scenario": tuple(SCENARIOS),
    "echelon": tuple(ECHELONS),
    "record": tuple(RECORD_KINDS),
    "state": (*FAMILIAR, *(code for code in PARTIES if code not in (*FAMILIAR, "NATO"))),
    "date": _DATES,
    "day": ("before", *_DATES),
    "key": _KEYS,
}
