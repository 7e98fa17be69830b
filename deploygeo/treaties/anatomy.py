"""What a clause rests on, read off its expressions: words, names, definitions, readings.

Nothing is evaluated. A definition is followed into all its versions and readings, or into the
readings chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from deploygeo.clauses.expression import Call, Literal, Name, Node, children
from deploygeo.treaties.schema import Clause, Definition, Treaty

__all__ = [
    "all_of",
    "bodies",
    "definitions_of",
    "nodes_of",
    "params_of",
    "readings_of",
    "texts_of",
    "words_of",
    "written_out",
]


def nodes_of(clause: Clause) -> tuple[Node, ...]:
    """Return the expressions of a clause: whom it binds, when it applies, what it says, exceptions.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> [str(node) for node in nodes_of(load("us-russia-2021").clause("4.2-cooperation"))][0]
    "states('USA')"
    """
    found = [clause.bearers, clause.applies, clause.rule, clause.counts]
    return (*(node for node in found if node is not None), *(one.rule for one in clause.unless))


def written_out(
    treaty: Treaty, node: Node, readings: Mapping[str, str] | None = None
) -> Iterator[Node]:
    """Yield every node of an expression, with the definitions it uses written out.

    Parameters
    ----------
    treaty : Treaty
    node : expression
    readings : mapping, optional
        Values of readings; of those left out all values are followed.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> treaty = load("us-russia-2021")
    >>> nodes = written_out(treaty, treaty.clause("5.2").rule, {"national": "any"})
    >>> [str(node) for node in nodes if str(node).startswith("territory(")]
    ['territory(everyone)', 'territory(counterparts)']
    """
    yield from _written_out(treaty, node, readings, set())


def _written_out(
    treaty: Treaty, node: Node, readings: Mapping[str, str] | None, seen: set[str]
) -> Iterator[Node]:
    yield node
    inner = children(node)
    if isinstance(node, Name) and node.name not in seen:
        seen.add(node.name)
        inner = bodies(treaty, node.name, readings)
    for part in inner:
        yield from _written_out(treaty, part, readings, seen)


def bodies(
    treaty: Treaty, name: str, readings: Mapping[str, str] | None = None
) -> tuple[Node, ...]:
    """Return what a name may stand for; nothing where it is a word of the vocabulary.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> chosen = {"heavy_bomber": "new-start"}
    >>> [str(node) for node in bodies(load("us-russia-2021"), "heavy", chosen)]
    ["kind('heavy_bomber')"]
    >>> bodies(load("us-russia-2021"), "always")
    ()
    """
    found: list[Node] = []
    for item in treaty.named.get(name, ()):
        if item.rule is not None:
            found.append(item.rule)
        elif readings is not None and item.reading in readings:
            found.append(item.under[readings[item.reading]])
        else:
            found.extend(item.under.values())
    return tuple(found)


def all_of(
    treaty: Treaty, clause: str | Clause, readings: Mapping[str, str] | None = None
) -> Iterator[Node]:
    """Yield every node of all expressions of a clause, written out.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> [str(node) for node in all_of(load("us-russia-2021"), "1")]
    ['always']
    """
    chosen = treaty.clause(clause) if isinstance(clause, str) else clause
    for node in nodes_of(chosen):
        yield from written_out(treaty, node, readings)


def words_of(
    treaty: Treaty, clause: str | Clause, readings: Mapping[str, str] | None = None
) -> frozenset[str]:
    """Return the words of the vocabulary that a clause rests on.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> "separation" in words_of(load("us-russia-2021"), "5.3")
    True
    >>> words_of(load("us-russia-2021"), "1")
    frozenset({'always'})
    """
    return frozenset(
        node.name
        for node in all_of(treaty, clause, readings)
        if isinstance(node, Name | Call) and node.name not in treaty.named
    )


def texts_of(
    treaty: Treaty,
    clause: str | Clause,
    word: str,
    readings: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Return the words in quotes that a clause gives a word of the vocabulary, each once.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> texts_of(load("us-russia-2021"), "7.1", "kind")
    ('nuclear_storage', 'training_mission', 'exercise')
    >>> texts_of(load("us-russia-2021"), "7.1", "record")
    ()
    """
    return tuple(
        dict.fromkeys(
            arg.value
            for node in all_of(treaty, clause, readings)
            if isinstance(node, Call) and node.name == word
            for arg in node.args
            if isinstance(arg, Literal) and isinstance(arg.value, str)
        )
    )


def params_of(
    treaty: Treaty, clause: str | Clause, readings: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the parameters that a clause may ask for.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> params_of(load("us-russia-2021"), "5.3")
    ('separation_km',)
    """
    return texts_of(treaty, clause, "param", readings)


def definitions_of(treaty: Treaty, clause: str | Clause) -> tuple[Definition, ...]:
    """Return the definitions that a clause rests on, in the order of the file.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> [item.name for item in definitions_of(load("us-russia-2021"), "7.1")]
    ['abroad']
    """
    names = {node.name for node in all_of(treaty, clause, None) if isinstance(node, Name)}
    sides = [node for side in treaty.sides for node in written_out(treaty, side.states)]
    names |= {node.name for node in sides if isinstance(node, Name)}
    return tuple(item for item in treaty.definitions if item.name in names)


def readings_of(treaty: Treaty, clause: str | Clause) -> tuple[str, ...]:
    """Return the readings that definitions of a clause depend on.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> readings_of(load("us-russia-2021"), "7.1")
    ('nuclear_outside',)
    """
    found = dict.fromkeys(item.reading for item in definitions_of(treaty, clause))
    return tuple(name for name in found if name)
