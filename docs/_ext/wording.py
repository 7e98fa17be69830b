"""Expressions of a treaty file in words: what a reader who never saw the language can check."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from doctext import escaped

from deploygeo.clauses.expression import And, Call, Combine, Compare, Literal, Name, Node, Not, Or
from deploygeo.clauses.vocabulary import VOCABULARY
from deploygeo.model import groups
from deploygeo.report._names import spoken

__all__ = ["PHRASES", "bullets", "phrase"]

Words = tuple[str, ...]


def _any(texts: Words) -> str:
    plain = [text.replace("_", " ").replace("-", " ") for text in texts]
    return plain[0] if len(plain) == 1 else f"{', '.join(plain[:-1])} or {plain[-1]}"


def _members(texts: Words) -> str:
    title = groups()[texts[0]].name if texts[0] in groups() else texts[0]
    name = "NATO" if texts[0] == "NATO" else f"the group “{title}”"
    when = "on the day" if len(texts) == 1 else f"on {texts[1]}"
    return f"the members of {name} {'on the day before' if texts[1:] == ('before',) else when}"


def _states(texts: Words) -> str:
    named = [spoken(text) for text in texts]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


_KEYS = {"sender-host": "of one sender in one host state", "host": "in one host state"}

# Word → a phrase made of the phrases of its arguments. What is not here is told by its meaning.
PHRASES: Mapping[str, Callable[[Words], str]] = {
    "always": lambda a: "always",
    "never": lambda a: "never",
    "kind": lambda a: f"its kind is {_any(a)}",
    "activity": lambda a: f"its activity is {_any(a)}",
    "basing": lambda a: f"it is {_any(a)}-based",
    "framework": lambda a: f"it acts in the framework of {_any(a)}",
    "scenario": lambda a: f"the scenario of the exercise is {_any(a)}",
    "nuclear": lambda a: "it is a nuclear weapon, or about nuclear weapons",
    "echelon_above": lambda a: f"its echelon is above a {a[0]}",
    "range": lambda a: "the range of the weapon it carries (km)",
    "loadable_range": lambda a: "the range of the longest weapon it can carry (km)",
    "platform_range": lambda a: "the range of its weapon plus an aircraft's combat radius (km)",
    "personnel": lambda a: "its personnel",
    "brigades": lambda a: "its brigades under one command",
    "step_up": lambda a: f"the least of {_any(a[1:])} that is not below {a[0]}",
    "own": lambda a: "the deploying state",
    "partners": lambda a: "the states it acts with",
    "joining": lambda a: "the state that joins",
    "parties": lambda a: "all parties",
    "counterparts": lambda a: "the parties on the other side",
    "everyone": lambda a: "all states",
    "states": _states,
    "group": _members,
    "party_in": lambda a: f"the deploying state is in the set of {a[0]}",
    "share": lambda a: (
        f"the state that joins is in the set of {a[1]}"
        if a[0] == "the state that joins"
        else f"the sets of {a[0]} and of {a[1]} have a state in common"
    ),
    "land": lambda a: f"the land of {a[0]}",
    "territory": lambda a: f"the territory of {a[0]}",
    "sea": lambda a: f"the sea “{a[0]}”",
    "border_line": lambda a: f"the line where {a[0]} border on {a[1]}",
    "outer_border": lambda a: f"the border of {a[0]} with all others",
    "line": lambda a: f"the line “{a[0]}” in the treaty's folder",
    "inside": lambda a: f"it is inside {a[0]}",
    "host_in": lambda a: f"the host state is in the set of {a[0]}",
    "extends_east": lambda a: f"{a[0]} reaches further east than {a[1]}",
    "lies_east": lambda a: f"the middle of {a[0]} lies east of all land of {a[1]} at its latitude",
    "brings_nearer": lambda a: f"with {a[0]}, {a[1]} come nearer to {a[2]}",
    "distance": lambda a: f"the distance to {a[0]} (km)",
    "reaches": lambda a: f"{a[0]} is at most as far away as {a[1]}",
    "separation": lambda a: f"the distance (km) to the nearest {_any(a[1:])} of {a[0]}",
    "stay_days": lambda a: "the length of its stay (days)",
    "days_in_force": lambda a: "the days since entry into force",
    "total": lambda a: f"the peak personnel {_KEYS.get(a[0], a[0])}",
    "presence": lambda a: f"the personnel {_KEYS.get(a[1], a[1])} that stood there on {a[0]}",
    "record": lambda a: f"the record is of the kind {_any(a)}",
    "joins": lambda a: f"it is an accession to {a[0]}",
    "consent": lambda a: f"{a[0]} consented for the whole stay",
    "notice": lambda a: f"notice was given at least {a[0]} days before",
    "mandate": lambda a: "a mandate of the Security Council is asserted",
    "asserted": lambda a: f"a human found “{a[0]}”",
    "param": lambda a: f"the parameter {a[0]}",
}

_JOINED = {"-": "without", "|": "together with", "&": "that are also among", "+": "plus"}
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def phrase(node: Node, defined: frozenset[str] = frozenset()) -> str:
    """Return an expression as a phrase; names that the treaty defines are in “quotes”.

    >>> from deploygeo.clauses import compile_expression
    >>> phrase(compile_expression("inside(territory(own))"))
    'it is inside the territory of the deploying state'
    >>> phrase(compile_expression("500 <= range <= 5500"))
    '500 ≤ the range of the weapon it carries (km) ≤ 5 500'
    >>> phrase(compile_expression("(own | partners) - states('RUS')", gives="states"))
    '(the deploying state together with the states it acts with) without Russia'
    """
    match node:
        case Literal(value=value):
            return value if isinstance(value, str) else _number(value)
        case Name(name=name) if name in defined:
            return f"“{name}”"
        case Name(name=name):
            return _word(name, ())
        case Call(name=name, args=args):
            return _word(name, tuple(phrase(item, defined) for item in args))
        case Combine(left=left, operator=operator, right=right):
            told = "less" if operator == "-" and _is_number(left) else _JOINED[operator]
            parts = [phrase(item, defined) for item in (left, right)]
            for index, item in enumerate((left, right)):
                # A - B - C reads from left to right; anything else would be read in two ways
                if isinstance(item, Combine) and (index or item.operator != operator):
                    parts[index] = f"({parts[index]})"
            return f"{parts[0]} {told} {parts[1]}"
        case Compare(terms=terms, operators=operators):
            told = [phrase(item, defined) for item in terms]
            signs = [_SIGNS[operator] for operator in operators]
            return " ".join([told[0], *(f"{s} {t}" for s, t in zip(signs, told[1:], strict=True))])
        case Not(operand=Call(name="inside", args=(place,))):
            return f"it is outside {phrase(place, defined)}"
        case Not(operand=operand):
            return f"it is not so that {_nested(operand, defined)}"
        case And(operands=items):
            return " and ".join(_nested(item, defined) for item in items)
        case Or(operands=items):
            return " or ".join(_nested(item, defined) for item in items)


def _number(value: float) -> str:
    whole = value == int(value)
    return (f"{int(value):,}" if whole else f"{value:g}").replace(",", " ")


def _nested(node: Node, defined: frozenset[str]) -> str:
    told = phrase(node, defined)
    return f"({told})" if isinstance(node, And | Or) else told


def _word(name: str, args: Words) -> str:
    if name in PHRASES:
        return PHRASES[name](args)
    meaning = VOCABULARY[name].meaning.rstrip(".") if name in VOCABULARY else name
    told = meaning[:1].lower() + meaning[1:]
    return f"{told} ({', '.join(args)})" if args else told


def _is_number(node: Node) -> bool:
    name = getattr(node, "name", "")
    return isinstance(node, Literal) or (name in VOCABULARY and VOCABULARY[name].gives == "number")


def bullets(node: Node, defined: frozenset[str] = frozenset(), depth: int = 0) -> str:
    """Return a condition as nested bullets of Markdown: what all must hold, or any.

    >>> from deploygeo.clauses import compile_expression
    >>> print(bullets(compile_expression("nuclear and not (mandate or never)")), end="")
    - all of these hold:
      - it is a nuclear weapon, or about nuclear weapons
      - none of these holds:
        - a mandate of the Security Council is asserted
        - never
    """
    lead = "  " * depth + "- "
    head, items = "", ()
    match node:
        case And(operands=items):
            head = "all of these hold:"
        case Or(operands=items):
            head = "at least one of these holds:"
        case Not(operand=Or(operands=items)):
            head = "none of these holds:"
        case Not(operand=And(operands=items)):
            head = "not all of these hold:"
        case Name(name=name) if name in defined:
            head = f"“{escaped(name)}”, as defined below"
        case Not(operand=Name(name=name)) if name in defined:
            head = f"not “{escaped(name)}”, as defined below"
        case _:
            head = escaped(phrase(node, defined))
    below = "".join(bullets(item, defined, depth + 1) for item in items)
    return f"{lead}{head}\n{below}"
