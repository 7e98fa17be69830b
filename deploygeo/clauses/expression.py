"""The frozen tree of a clause's expression; ``str`` of a node is its one canonical spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "And",
    "Call",
    "Combine",
    "Compare",
    "Literal",
    "Name",
    "Node",
    "Not",
    "Or",
    "children",
    "walk",
]


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a quoted word."""

    value: float | str

    def __str__(self) -> str:
        if isinstance(self.value, str):
            return f"'{''.join(map(_escaped, self.value))}'"
        return str(int(self.value)) if self.value == int(self.value) else repr(self.value)


def _escaped(letter: str) -> str:
    if letter in "\\'":
        return "\\" + letter
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode()


@dataclass(frozen=True, slots=True)
class Name:
    """A word of the vocabulary that takes no argument, or a definition of the treaty."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Call:
    """A word of the vocabulary with its arguments."""

    name: str
    args: tuple[Node, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.args))})"


@dataclass(frozen=True, slots=True)
class Combine:
    """Two terms joined by ``+``, ``-``, ``|`` or ``&``, from left to right."""

    left: Node
    operator: str
    right: Node

    def __str__(self) -> str:
        right = f"({self.right})" if isinstance(self.right, Combine) else str(self.right)
        left = str(self.left)
        if isinstance(self.left, Combine) and self.left.operator != self.operator:
            left = f"({left})"
        return f"{left} {self.operator} {right}"


@dataclass(frozen=True, slots=True)
class Compare:
    """A chain of numbers, ``a <= b < c``."""

    terms: tuple[Node, ...]
    operators: tuple[str, ...]

    def __str__(self) -> str:
        text = str(self.terms[0])
        for operator, term in zip(self.operators, self.terms[1:], strict=True):
            text += f" {operator} {term}"
        return text


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene's negation."""

    operand: Node

    def __str__(self) -> str:
        inner = f"({self.operand})" if isinstance(self.operand, And | Or) else str(self.operand)
        return f"not {inner}"


@dataclass(frozen=True, slots=True)
class And:
    """Kleene's conjunction of two or more."""

    operands: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(
            f"({item})" if isinstance(item, Or | And) else str(item) for item in self.operands
        )


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene's disjunction of two or more."""

    operands: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(
            f"({item})" if isinstance(item, Or) else str(item) for item in self.operands
        )


#: Any part of an expression.
Node: TypeAlias = Literal | Name | Call | Combine | Compare | Not | And | Or


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below a node.

    >>> children(Not(Name("nuclear")))
    (Name(name='nuclear'),)
    """
    match node:
        case Call(args=items) | Compare(terms=items) | And(operands=items) | Or(operands=items):
            return items
        case Not(operand=item):
            return (item,)
        case Combine(left=left, right=right):
            return (left, right)
        case _:
            return ()


def walk(node: Node) -> list[Node]:
    """Return the node and all below it, outermost first.

    >>> [str(item) for item in walk(Not(Name("nuclear")))]
    ['not nuclear', 'nuclear']
    """
    found: list[Node] = [node]
    for item in children(node):
        found.extend(walk(item))
    return found
