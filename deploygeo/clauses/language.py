"""From one line of text to a frozen, typed expression: parsed by Python, never run by it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from deploygeo.clauses.expression import And, Call, Combine, Compare, Literal, Name, Node, Not, Or
from deploygeo.clauses.lexis import MAX_DEPTH, Flaw, line_starts, look, told
from deploygeo.clauses.vocabulary import VOCABULARY, About, Type
from deploygeo.errors import TreatyError, did_you_mean

__all__ = ["ARTICLES", "compile_expression", "examine", "misplaced", "type_of"]

MOST_FLAWS: Final = 20
"""Flaws told of one expression: each unknown word costs a search for a similar one."""

_COMPARE: Final = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_COMBINE: Final = {ast.Add: "+", ast.Sub: "-", ast.BitOr: "|", ast.BitAnd: "&"}
_NUMBERS: Final = frozenset("+-")
_STATES: Final = frozenset("-|&")
_KEYS: Final = ("sender-host", "host")


def compile_expression(
    text: str,
    *,
    gives: Type = "truth",
    definitions: Mapping[str, Type] | None = None,
    choices: Mapping[str, Collection[str]] | None = None,
) -> Node:
    """Compile one line of a treaty file to an expression.

    Parameters
    ----------
    text : str
        The expression. Its grammar is the part of Python's that has ``and``,
        ``or``, ``not``, comparisons, ``+ - | &``, calls, names, numbers and words
        in quotes.
    gives : {"truth", "number", "states", "region"}
        The type that is wanted.
    definitions : mapping of str to str
        Names that the treaty defines, with their types.
    choices : mapping of str to collection of str
        The lists that words in quotes must come from, by the name that the vocabulary gives
        them: ``kind``, ``state``, ``param`` …; a list that is absent is not looked at.

    Returns
    -------
    Node
        ``compile_expression(str(node))`` gives an equal node.

    Raises
    ------
    TreatyError
        With every fault found, each with a column and a caret.

    Examples
    --------
    >>> node = compile_expression("kind('submarine') and (range>=500)",
    ...                           choices={"kind": ["submarine"]})
    >>> str(node)
    "kind('submarine') and range >= 500"
    >>> compile_expression("can_hit(own)")
    Traceback (most recent call last):
    ...
    deploygeo.errors.TreatyError: unknown predicate 'can_hit', column 1.
    can_hit(own)
    ^
    """
    found = examine(text, gives=gives, definitions=definitions or {}, choices=choices or {})
    if isinstance(found, tuple):
        raise TreatyError([told(text, flaw) for flaw in found])
    return found


def examine(
    text: str,
    *,
    gives: Type | None = "truth",
    definitions: Mapping[str, Type | None],
    choices: Mapping[str, Collection[str]],
    about: About | None = None,
    refused: Mapping[str, str] | None = None,
) -> Node | tuple[Flaw, ...]:
    """Compile an expression, or return what is wrong with it and where.

    Parameters
    ----------
    text, gives, definitions, choices
        As for `compile_expression`; `gives` may be None for any type but a word in quotes, and
        so may the type of a definition that is itself wrong.
    about : {"deployment", "record", "group", "side"}, optional
        What is asked: a word that cannot be asked of it is a flaw.
    refused : mapping of str to str, optional
        Names that do not fit here, and why.

    Examples
    --------
    >>> examine("nuclear and personel > 5", definitions={}, choices={})
    (Flaw(message="unknown predicate 'personel'; did you mean 'personnel'?", at=12),)
    """
    return _Compiler(text, definitions, choices, about, refused or {}).run(gives)


def type_of(node: Node, definitions: Mapping[str, Type | None]) -> Type | None:
    """Return the type of an expression's value, or None for an unknown name.

    >>> type_of(Name("own"), {}), type_of(Name("target"), {"target": "region"})
    ('states', 'region')
    """
    match node:
        case And() | Or() | Not() | Compare():
            return "truth"
        case Literal(value=value):
            return "text" if isinstance(value, str) else "number"
        case Combine(left=left):
            return type_of(left, definitions)
        case Name(name=name) if name in definitions:
            return definitions[name]
        case Name(name=name) | Call(name=name):
            word = VOCABULARY.get(name)
            return word.gives if word else None


class _Compiler:
    def __init__(
        self,
        text: str,
        definitions: Mapping[str, Type | None],
        choices: Mapping[str, Collection[str]],
        about: About | None,
        refused: Mapping[str, str],
    ) -> None:
        self.text = text
        self.definitions = definitions
        self.choices = choices
        self.about = about
        self.refused = refused
        self.flaws: list[Flaw] = []
        self.inner = text.strip()
        self.lead = text.find(self.inner)
        self.starts = line_starts(self.inner)

    def run(self, gives: Type | None) -> Node | tuple[Flaw, ...]:
        flaw = look(self.text)
        if flaw is not None:
            return (flaw,)
        try:
            tree = ast.parse(self.inner, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            return (self.syntax(error),)
        try:
            node = self.node(tree, 0)
        except RecursionError:
            return (Flaw(f"the expression is nested deeper than {MAX_DEPTH}", self.lead),)
        if node is not None:
            if gives is not None:
                self.expect(node, gives, tree)
            elif type_of(node, self.definitions) == "text":
                self.fault(f"{node} is a word in quotes, which is no value of its own", tree)
        if self.flaws or node is None:
            return tuple(self.flaws[:MOST_FLAWS])
        return node

    def syntax(self, error: Exception) -> Flaw:
        """Return what Python's parser said; where it names no place, the end is meant."""
        at = self.lead + len(self.inner)
        line, offset = getattr(error, "lineno", None), getattr(error, "offset", None)
        if line and offset and 0 < line <= len(self.starts) and offset > 0:
            at = min(at, self.lead + self.starts[line - 1] + offset - 1)
        reason = getattr(error, "msg", None) or str(error)
        if "\0" in self.inner:
            reason, at = "it holds a null character", self.lead + self.inner.index("\0")
        return Flaw(f"not an expression: {reason}", at)

    def fault(self, message: str, where: ast.expr) -> None:
        start = self.starts[where.lineno - 1]
        # ast counts bytes of UTF-8 from the start of the line
        before = self.inner[start:].encode("utf-8", "replace")[: where.col_offset]
        at = self.lead + start + len(before.decode("utf-8", "ignore"))
        self.flaws.append(Flaw(message, at))

    def expect(self, node: Node, gives: Type, where: ast.expr) -> None:
        got = type_of(node, self.definitions)
        if got is not None and got != gives:
            shown = str(node) if len(str(node)) <= 60 else f"{str(node)[:57]}…"
            self.fault(f"{shown} is {ARTICLES[got]}, but {ARTICLES[gives]} is wanted", where)

    def node(self, tree: ast.expr, depth: int) -> Node | None:
        if depth > MAX_DEPTH:
            self.fault(f"nested deeper than {MAX_DEPTH}", tree)
            return None
        match tree:
            case ast.BoolOp(op=op, values=values):
                items = [self.node(value, depth + 1) for value in values]
                for item, value in zip(items, values, strict=True):
                    if item is not None:
                        self.expect(item, "truth", value)
                operands = tuple(item for item in items if item is not None)
                if len(operands) < len(items):
                    return None
                return And(operands) if isinstance(op, ast.And) else Or(operands)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.node(operand, depth + 1)
                if inner is None:
                    return None
                self.expect(inner, "truth", operand)
                return Not(inner)
            case ast.Compare(left=left, ops=ops, comparators=rest):
                return self.compare(tree, [left, *rest], ops, depth)
            case ast.BinOp(left=left, op=op, right=right):
                return self.combine(tree, left, op, right, depth)
            case ast.Constant(value=str() as value):
                if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
                    self.fault("a word holds half of a letter, a lone surrogate", tree)
                    return None
                return Literal(value)
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self.number(tree, value)
            case ast.Name(id=name):
                return self.name(tree, name)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self.call(tree, name, args, depth)
        shown = ast.get_source_segment(self.inner, tree) or type(tree).__name__
        self.fault(f"{shown[:40]!r} is not part of the language", tree)
        return None

    def number(self, tree: ast.expr, value: float) -> Node | None:
        if abs(value) > 1e12:
            self.fault("a number above 1e12 is no quantity of a treaty", tree)
            return None
        return Literal(float(value))

    def compare(
        self, tree: ast.expr, parts: list[ast.expr], ops: list[ast.cmpop], depth: int
    ) -> Node | None:
        if any(type(op) not in _COMPARE for op in ops):
            self.fault("numbers compare by <, <=, > and >= only", tree)
            return None
        terms = [self.node(part, depth + 1) for part in parts]
        if any(term is None for term in terms):
            return None
        known = tuple(term for term in terms if term is not None)
        for term, part in zip(known, parts, strict=True):
            self.expect(term, "number", part)
        return Compare(known, tuple(_COMPARE[type(op)] for op in ops))

    def combine(
        self, tree: ast.expr, left: ast.expr, op: ast.operator, right: ast.expr, depth: int
    ) -> Node | None:
        sign = _COMBINE.get(type(op))
        first, second = self.node(left, depth + 1), self.node(right, depth + 1)
        if first is None or second is None:
            return None
        kind = type_of(first, self.definitions)
        if sign is None or sign not in {"number": _NUMBERS, "states": _STATES}.get(kind or "", ""):
            self.fault("numbers join by + and -, sets of states by |, & and -", tree)
            return None
        if kind is not None:
            self.expect(second, kind, right)
        return Combine(first, sign, second)

    def name(self, tree: ast.expr, name: str) -> Node | None:
        if name in self.refused:
            self.fault(self.refused[name], tree)
            return None
        if name in self.definitions:
            return Name(name)
        word = VOCABULARY.get(name)
        if word is None:
            self.unknown(tree, name)
            return None
        if len(word.takes) > word.optional:
            self.fault(f"{name} takes arguments: {name}({', '.join(word.takes)})", tree)
            return None
        self.subject(tree, name)
        return Name(name)

    def subject(self, tree: ast.expr, name: str) -> None:
        """Look whether a word can be asked of what is asked here."""
        flaw = misplaced(name, self.about)
        if flaw:
            self.fault(flaw, tree)

    def unknown(self, tree: ast.expr, name: str) -> None:
        hint = did_you_mean(name, [*VOCABULARY, *self.definitions])
        self.fault(f"unknown predicate {name!r}{hint}", tree)

    def call(self, tree: ast.expr, name: str, args: list[ast.expr], depth: int) -> Node | None:
        word = VOCABULARY.get(name)
        if word is None:
            self.unknown(tree, name)
            return None
        nodes = [self.node(arg, depth + 1) for arg in args]
        if not word.takes or not (
            len(word.takes) - word.optional <= len(args)
            and (word.more is not None or len(args) <= len(word.takes))
        ):
            shape = ", ".join(word.takes) + (", …" if word.more else "")
            self.fault(f"{name} takes ({shape}), not {len(args)} arguments", tree)
            return None
        self.subject(tree, name)
        known = tuple(node for node in nodes if node is not None)
        if len(known) < len(nodes):
            return None
        for index, (node, arg) in enumerate(zip(known, args, strict=True)):
            wanted = word.takes[index] if index < len(word.takes) else word.more
            if wanted is not None:
                self.expect(node, wanted, arg)
            if wanted == "text":
                self.word(word.texts[: index + 1][-1] if word.texts else "", node, arg)
        return Call(name, known)

    def word(self, texts: str, node: Node, arg: ast.expr) -> None:
        """Look whether a word in quotes comes from its list, or has its form."""
        if not isinstance(node, Literal) or not isinstance(node.value, str):
            return
        value = node.value
        if texts in ("date", "day"):
            if not (_is_date(value) or (texts == "day" and value == "before")):
                wanted = "'1997-05-27'" if texts == "date" else "'1997-05-27' or 'before'"
                self.fault(f"a date is wanted, {wanted}, not {value[:40]!r}", arg)
            return
        known = _KEYS if texts == "key" else self.choices.get(texts)
        if known is not None and value not in known:
            hint = did_you_mean(value[:80], sorted(known))
            self.fault(f"unknown {texts} {value[:40]!r}{hint}", arg)


def misplaced(name: str, about: About | None) -> str:
    """Return why a word of the vocabulary cannot be asked of something; empty where it can.

    >>> misplaced("total", "deployment")
    'total asks about a group, but what is asked here is a deployment'
    >>> misplaced("total", "group"), misplaced("nuclear", None)
    ('', '')
    """
    asked_of = VOCABULARY[name].asked_of
    if about is None or about in asked_of:
        return ""
    told = " or ".join(f"a {item}" for item in asked_of)
    here = "who a side of the treaty is" if about == "side" else f"a {about}"
    return f"{name} asks about {told}, but what is asked here is {here}"


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


ARTICLES: Final[Mapping[Type, str]] = {
    "truth": "a condition",
    "number": "a number",
    "states": "a set of states",
    "region": "a region",
    "text": "a word in quotes",
}
