"""The pages of the treaty language: its words, and the readings that treaties share."""

from __future__ import annotations

from doctext import code, escaped, grouped, page, table

from deploygeo.clauses import VOCABULARY, Word, lexis
from deploygeo.treaties import beside, document, expressions, loader, readings

__all__ = ["shared_readings", "vocabulary"]

_GIVES = {
    "truth": "Conditions",
    "number": "Numbers",
    "states": "Sets of states",
    "region": "Regions",
}


def vocabulary() -> str:
    """Return the page of the words, by what they give."""
    parts = []
    for gives, title in _GIVES.items():
        rows = [
            (code(_call(name, word)), escaped(word.meaning), ", ".join(word.asked_of))
            for name, word in VOCABULARY.items()
            if word.gives == gives
        ]
        parts += [f"## {title}", table(("Word", "What it means", "Asked of"), rows)]
    return page(
        "The vocabulary",
        f"The {len(VOCABULARY)} words of the treaty language, made from the table that the "
        "compiler itself uses. No word names a treaty. Brackets mark what may be left out, `…` "
        "what may be repeated. *Asked of* says of what a word can be asked: a deployment, a "
        "record, a group of deployments of one sender in one host state, or a side of the treaty. "
        "[Treaty files](treaty-files.md) says how words are joined.",
        *parts,
        "## Limits of a treaty file",
        "What is larger is refused, with its place. They bound what a file of a stranger can cost, "
        "and no setting changes them.",
        table(("Of what", "At most"), [(what, grouped(most)) for what, most in _LIMITS]),
    )


_LIMITS = (
    ("Bytes of a file", loader.MAX_BYTES),
    ("Characters of an id", document.MAX_ID),
    ("Tables of one kind: clauses, definitions, parameters …", document.MAX_ROWS),
    ("Characters of an expression", lexis.MAX_LENGTH),
    ("Levels of nesting in an expression", lexis.MAX_DEPTH),
    ("Levels of an expression with its definitions written out", expressions.MAX_HEIGHT),
    ("Terms of an expression with its definitions written out", expressions.MAX_TERMS),
    ("Bytes of a line or area beside the file", beside.MAX_LINE_BYTES),
    ("Positions of a line or area", beside.MAX_LINE_POSITIONS),
    ("Faults told of one file", document.MOST_FAULTS),
)


def _call(name: str, word: Word) -> str:
    if not word.takes:
        return name
    last = word.texts[-1:] or ("text",)
    texts = iter([*word.texts, *last * len(word.takes)])
    told = [f"'{next(texts).upper()}'" if kind == "text" else kind for kind in word.takes]
    if word.optional:
        needed = len(told) - word.optional
        told = [*told[:needed], *(f"[{item}]" for item in told[needed:])]
    return f"{name}({', '.join([*told, '…'] if word.more else told)})"


def shared_readings() -> str:
    """Return the page of the readings that treaties share."""
    parts = []
    for reading in readings():
        rows = [
            (code(v.name) + (" (default)" if v.name == reading.default else ""), escaped(v.text))
            for v in reading.values
        ]
        parts += [
            f"## {code(reading.name)}",
            escaped(reading.question),
            table(("Value", "It says"), rows),
        ]
    return page(
        "Readings",
        "A reading is a named choice where the words are ambiguous. These are shared by the "
        "treaties that ship; a treaty file may add its own. `--reading NAME=VALUE` chooses one, "
        "and [Readings explained](../explanation/readings.md) says why they are there.",
        *parts,
    )
