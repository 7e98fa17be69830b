"""A page for each law of `deploygeo.testing`: statement, reason, counterexample, cases, example."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import re

from api_pages import FACE, PACKAGES, home_of, public_names
from docstrings import fields, section
from doctext import block, code, escaped, marked, page, table, toctree

from deploygeo.testing import LAWS, Law
from deploygeo.treaties import library, load

__all__ = ["imports_of", "law_pages"]

_TOLD = (FACE, *PACKAGES)
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
        (", ".join(code(name) for name in item.names), _linked(item.type), marked(item.text))
        for item in fields(law.holds)
    ]
    return "" if not rows else f"A case is:\n\n{table(('Argument', 'Type', 'What it is'), rows)}"


_CLASS = re.compile(r"[A-Z]\w+")


def _linked(text: str) -> str:
    """Return a type with a link for each class that has a place in the reference.

    >>> _linked("sequence of Deployment")
    'sequence of {py:obj}`Deployment <deploygeo.Deployment>`'
    """
    return _CLASS.sub(lambda match: _role(match[0]), escaped(text))


def _role(name: str) -> str:
    home = next((home_of(package, name) for package in _TOLD if name in public_names(package)), "")
    return f"{{py:obj}}`{name} <{home}>`" if home else name


def _clauses(law: Law) -> str:
    rows = []
    for id_ in library():
        treaty = load(id_)
        tried: dict[str, list[str]] = {}
        for clause in treaty.clauses:
            if clause.check != "none":
                told = f"[{escaped(clause.id)}](../clauses/{id_}/{clause.id}.md)"
                tried.setdefault(law.exempt(treaty, clause), []).append(told)
        rows += [
            (code(id_), ", ".join(names), escaped(why) if why else "tried")
            for why, names in tried.items()
        ]
    return f"Of the treaties that ship:\n\n{table(('Treaty', 'Clauses', 'It is'), rows)}"


def _example(law: Law) -> str:
    text = section(law.holds, "Examples")
    imports = [f">>> {line}" for line in imports_of(law, text)]
    return block("\n".join([*imports, text]), "pycon") if text else ""


def imports_of(law: Law, text: str) -> list[str]:
    """Return the imports that make an example of a law run as it is copied.

    >>> law = next(law for law in LAWS if law.name == "consent-only-excuses")
    >>> imports_of(law, ">>> Record(id='c', kind='consent')")
    ['from deploygeo import Record']
    """
    tree = ast.parse("".join(item.source for item in doctest.DocTestParser().get_examples(text)))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    made |= {item.asname or item.name for node in ast.walk(tree) for item in _imported(node)}
    given = vars(importlib.import_module(law.holds.__module__))
    lines: list[str] = []
    homes: dict[str, list[str]] = {}
    for name in sorted({node.id for node in names} - made, key=str.casefold):
        thing = given.get(name)
        if inspect.ismodule(thing):
            lines.append(f"import {thing.__name__}{f' as {name}' * (name != thing.__name__)}")
        elif name in given:
            homes.setdefault(_package_of(name, thing) or law.holds.__module__, []).append(name)
    told = [f"from {module} import {', '.join(found)}" for module, found in sorted(homes.items())]
    return [*lines, *told]


def _imported(node: ast.AST) -> list[ast.alias]:
    return node.names if isinstance(node, ast.Import | ast.ImportFrom) else []


def _package_of(name: str, thing: object) -> str:
    """Return the package that gives a name to readers; empty where none does."""
    for package in _TOLD:
        module = importlib.import_module(package)
        if name in public_names(package) and getattr(module, name) is thing:
            return home_of(package, name).rpartition(".")[0]
    return ""
