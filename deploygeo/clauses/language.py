"""From one line of text to a frozen, typed expression: parsed by Python, never run by it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from typing import Final

from deploygeo.clauses.expression import And, Call, Combine, Compare, Literal, Name, Node, Not, Or
from deploygeo.clauses.vocabulary import VOCABULARY, Type
from deploygeo.errors import Fault, TreatyError, did_you_mean

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "compile_expression", "type_of"]

MAX_LENGTH: Final = 4_000
"""Characters of one expression: ten times the longest that we ship, and cheap to refuse."""

MAX_DEPTH: Final = 40
"""Nesting: Python's own parser stops near 200 brackets, and no clause needs more than ten."""

_COMPARE: Final = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_COMBINE: Final = {ast.Add: "+", ast.Sub: "-", ast.BitOr: "|", ast.BitAnd: "&"}
_NUMBERS: Final = frozenset("+-")
_STATES: Final = frozenset("-|&")


def compile_expression(
    text: str,
    *,
    gives: Type = "truth",
    definitions: Mapping[str, Type] | None = None,
    choices: Mapping[str, Collection[str]] | None = None,
    names: Mapping[str, Collection[str]] | None = None,
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
        Closed lists for the words that choose from one: ``kind``, ``activity`` …
    names : mapping of str to collection of str
        Known arguments of ``param``, ``group``, ``sea``, ``line``; unchecked if absent.

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
    compiler = _Compiler(text, definitions or {}, choices or {}, names or {})
    return compiler.run(gives)


def type_of(node: Node, definitions: Mapping[str, Type]) -> Type | None:
    """Return the type of an expression's value, or None for an unknown name."""
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
        definitions: Mapping[str, Type],
        choices: Mapping[str, Collection[str]],
        names: Mapping[str, Collection[str]],
    ) -> None:
        self.text = text
        self.definitions = definitions
        self.choices = choices
        self.names = names
        self.faults: list[Fault] = []

    def run(self, gives: Type) -> Node:
        if len(self.text) > MAX_LENGTH:
            raise TreatyError(f"the expression has {len(self.text)} characters; {MAX_LENGTH} fit")
        if _nesting(self.text) > MAX_DEPTH:
            raise TreatyError(f"the expression is nested deeper than {MAX_DEPTH} brackets")
        try:
            tree = ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            column = getattr(error, "offset", None) or 1
            reason = getattr(error, "msg", None) or str(error)
            raise TreatyError(self._at(f"not an expression: {reason}", column)) from None
        try:
            node = self.node(tree, 0)
        except RecursionError:
            raise TreatyError(f"the expression is nested deeper than {MAX_DEPTH}") from None
        if node is not None:
            self.expect(node, gives, tree)
        if self.faults or node is None:
            raise TreatyError(self.faults)
        return node

    def _at(self, message: str, column: int) -> Fault:
        line = self.text.strip()
        start = max(0, column - 60)
        excerpt = f"{line[start : start + 96]}\n{' ' * (column - 1 - start)}^"
        return Fault(f"{message}, column {column}.", column=column, excerpt=excerpt)

    def fault(self, message: str, where: ast.expr) -> None:
        # ast counts bytes of UTF-8; an expression is ASCII but for words in quotes
        line = self.text.strip().encode()
        column = len(line[: where.col_offset].decode(errors="ignore")) + 1
        self.faults.append(self._at(message.rstrip("."), column))

    def expect(self, node: Node, gives: Type, where: ast.expr) -> None:
        got = type_of(node, self.definitions)
        if got is not None and got != gives:
            self.fault(f"{node} is {_ARTICLE[got]}, but {_ARTICLE[gives]} is wanted", where)

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
                return Literal(value)
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self.number(tree, value)
            case ast.Name(id=name):
                return self.name(tree, name)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self.call(tree, name, args, depth)
        self.fault(f"{ast.unparse(tree)[:40]!r} is not part of the language", tree)
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
        if name in self.definitions:
            return Name(name)
        word = VOCABULARY.get(name)
        if word is None:
            self.unknown(tree, name)
            return None
        if len(word.takes) > word.optional:
            self.fault(f"{name} takes arguments: {name}({', '.join(word.takes)})", tree)
            return None
        return Name(name)

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
        known = tuple(node for node in nodes if node is not None)
        if len(known) < len(nodes):
            return None
        for index, (node, arg) in enumerate(zip(known, args, strict=True)):
            wanted = word.takes[index] if index < len(word.takes) else word.more
            if wanted is not None:
                self.expect(node, wanted, arg)
            if wanted == "text":
                self.word(name, word.choices, index, node, arg)
        return Call(name, known)

    def word(self, name: str, choices: str | None, index: int, node: Node, arg: ast.expr) -> None:
        if not isinstance(node, Literal) or not isinstance(node.value, str):
            return
        if choices is not None:
            known = self.choices.get(choices)
        else:
            known = self.names.get(name) if index == 0 or name == "states" else None
        if known is not None and node.value not in known:
            hint = did_you_mean(node.value, sorted(known))
            self.fault(f"unknown {choices or name} {node.value!r}{hint}", arg)


_ARTICLE: Final[dict[str, str]] = {
    "truth": "a condition",
    "number": "a number",
    "states": "a set of states",
    "region": "a region",
    "text": "a word in quotes",
}


def _nesting(text: str) -> int:
    """Return the depth of brackets, before Python's parser sees them."""
    deepest = depth = 0
    for letter in text:
        if letter in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in ")]}":
            depth -= 1
    return deepest
