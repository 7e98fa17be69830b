"""A page for each law of `deploygeo.testing`: statement, reason, counterexample, cases, example."""

from __future__ import annotations

import importlib

from docstrings import fields, section
from doctext import block, code, escaped, marked, page, table, toctree

from deploygeo.testing import LAWS, Law
from deploygeo.treaties import library, load

__all__ = ["law_pages"]

_ABOUT = {
    "deploygeo": "It is about deploygeo itself, whatever a treaty says, and is tried once.",
    "clause": "It is about a clause, and is tried on each clause of a treaty that can be checked.",
}
_INTRO = (
    "A law is what holds of every treaty, every deployment and every border. Each is a public "
    "function that takes one case and raises `LawBrokenError` where the law is broken, so that "
    "anyone may try it on cases of their own; `deploygeo treaty prove` draws cases for each. A law "
    "that held did so in the cases tried: that is evidence, and no proof."
)


def law_pages() -> dict[str, str]:
    """Return the pages by document name."""
    return {"laws/index": _index(), **{f"laws/{law.name}": _law_page(law) for law in LAWS}}


def _index() -> str:
    groups: dict[str, list[Law]] = {}
    for law in LAWS:
        groups.setdefault(law.holds.__module__, []).append(law)
    parts = []
    for module, laws in groups.items():
        doc = (importlib.import_module(module).__doc__ or "").strip().split("\n\n")[0]
        title, _, what = " ".join(doc.split()).partition(": ")
        rows = [(f"[{law.name}]({law.name}.md)", marked(law.statement)) for law in laws]
        told = marked(what[:1].upper() + what[1:]) if what else ""
        parts += [f"## {escaped(title)}", told, table(("Law", "It says"), rows)]
    return page(
        f"The {len(LAWS)} laws",
        _INTRO,
        block(
            "deploygeo treaty prove us-russia-2021                    # every law on every clause\n"
            f"deploygeo treaty prove us-russia-2021 --law {LAWS[0].name}\n"
            "deploygeo treaty prove us-russia-2021 --list-laws",
            "sh",
        ),
        *parts,
        toctree([law.name for law in LAWS], hidden=True),
    )


def _law_page(law: Law) -> str:
    home = f"{law.holds.__module__}.{law.holds.__name__}"
    return page(
        law.name,
        f"One of [the {len(LAWS)} laws](index.md).",
        f"**{marked(law.statement)}**",
        "## Reason",
        marked(_sentence(law.reason)),
        "## Counterexample",
        "What a wrong implementation would give:",
        f"> {marked(_sentence(law.counterexample))}",
        "## What it is tried on",
        _ABOUT[law.about],
        _case(law),
        _clauses(law) if law.about == "clause" else "",
        "## An example",
        f"The function is `{home}`. It returns nothing where the law holds in the case, and raises "
        "`LawBrokenError` where it does not.",
        _example(law),
        "## At a prompt",
        block(f"deploygeo treaty prove us-russia-2021 --law {law.name}", "sh"),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _case(law: Law) -> str:
    rows = [
        (", ".join(code(name) for name in item.names), escaped(item.type), marked(item.text))
        for item in fields(law.holds)
    ]
    return "" if not rows else f"A case is:\n\n{table(('Argument', 'Type', 'What it is'), rows)}"


def _clauses(law: Law) -> str:
    rows = []
    for id_ in library():
        treaty = load(id_)
        tried: dict[str, list[str]] = {}
        for clause in treaty.clauses:
            if clause.check != "none":
                told = f"[{escaped(clause.article)}](../clauses/{id_}/{clause.id}.md)"
                tried.setdefault(law.exempt(treaty, clause), []).append(told)
        rows += [
            (code(id_), ", ".join(names), escaped(why) if why else "tried")
            for why, names in tried.items()
        ]
    return f"Of the treaties that ship:\n\n{table(('Treaty', 'Articles', 'It is'), rows)}"


def _example(law: Law) -> str:
    text = section(law.holds, "Examples")
    return block(text, "pycon") if text else ""
