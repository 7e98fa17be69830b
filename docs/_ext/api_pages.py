"""A page for each public package, from its docstrings."""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import re
import sys
from collections.abc import Iterator
from types import ModuleType

from docstrings import head
from doctext import code, marked, page, table, toctree

import deploygeo

__all__ = ["PACKAGES", "api_pages", "constant_text", "home_of", "public_names"]

FACE = "deploygeo"
# A longer constant is a table of the reference.
_LONGEST_VALUE = 400
PACKAGES = (
    "deploygeo.report",
    "deploygeo.consistency",
    "deploygeo.zones",
    "deploygeo.checker",
    "deploygeo.treaties",
    "deploygeo.clauses",
    "deploygeo.io",
    "deploygeo.model",
    "deploygeo.boundaries",
    "deploygeo.geodesy",
    "deploygeo.units",
    "deploygeo.errors",
    "deploygeo.testing",
    "deploygeo.testing.strategies",
    "deploygeo.testing.oracles",
)


def public_names(package: str) -> tuple[str, ...]:
    """Return the public names of a package that are no modules.

    >>> "check" in public_names("deploygeo.checker")
    True
    """
    module = importlib.import_module(package)
    names = getattr(module, "__all__", ())
    return tuple(
        name
        for name in names
        if name != "__version__" and not isinstance(getattr(module, name), ModuleType)
    )


def home_of(package: str, name: str) -> str:
    """Return the full name under which something is told: on the face where it is there.

    >>> home_of("deploygeo.checker", "check"), home_of("deploygeo.geodesy", "inverse")
    ('deploygeo.check', 'deploygeo.geodesy.inverse')
    """
    thing = getattr(importlib.import_module(package), name)
    if _is_told(thing):
        for face in public_names(FACE):
            if getattr(deploygeo, face) is thing:
                return f"{FACE}.{face}"
    return f"{package}.{name}"


def _is_told(thing: object) -> bool:
    return inspect.isclass(thing) or inspect.isroutine(thing)


def api_pages() -> dict[str, str]:
    """Return the pages by document name."""
    pages = {f"api/{name}": _package(name) for name in (FACE, *PACKAGES)}
    rows = [(f"[{code(name)}]({name}.md)", _first(name)) for name in (FACE, *PACKAGES)]
    pages["api/index"] = page(
        "Python, package by package",
        "What most programs need stands in `deploygeo` itself. A package imports only those below "
        "it in this list, but for `deploygeo.testing`, which stands above all and alone needs "
        "Hypothesis. Every example here is run by the tests; it takes the public names of its "
        "package as imported (`from deploygeo.geodesy import *`), and imports all else.",
        table(("Package", "What it is"), rows),
        "All names by the alphabet are in {ref}`the index <genindex>`.",
        toctree([FACE, *PACKAGES], hidden=True),
    )
    return pages


def _first(package: str) -> str:
    return marked(head(importlib.import_module(package)).split("\n\n")[0])


def _package(package: str) -> str:
    doc = head(importlib.import_module(package)).split("\n\n>>>")[0]
    paragraphs = [marked(text) for text in doc.split("\n\n") if "::" not in text[-3:]]
    rows, directives = [], []
    for name in public_names(package):
        home = home_of(package, name)
        thing = getattr(importlib.import_module(package), name)
        told = head(thing).split("\n\n")[0] if _is_told(thing) else constant_text(name, thing)
        rows.append((f"{{py:obj}}`{name} <{home}>`", marked(told)))
        if home == f"{package}.{name}":
            directives += [*_directive(package, name, thing), ""]
    body = "\n".join(directives)
    return page(
        code(package),
        *(text for text in paragraphs if not text.startswith(("├", "│"))),
        table(("Name", "What it is"), rows),
        f"```{{eval-rst}}\n.. py:module:: {package}\n   :no-index-entry:\n\n{body}\n```",
    )


def constant_text(name: str, thing: object) -> str:
    """Return what the module that makes a constant says of it, above or below.

    >>> from deploygeo.boundaries import LEVELS, TERRITORIAL_SEA_M
    >>> constant_text("TERRITORIAL_SEA_M", TERRITORIAL_SEA_M)
    '12 nautical miles (UNCLOS art. 3).'
    >>> constant_text("LEVELS", LEVELS)
    'The levels of detail of the border data.'
    """
    for module in sorted(sys.modules):
        if module.split(".")[0] == FACE and getattr(sys.modules[module], name, None) is thing:
            told = _told_at(name, inspect.getsource(sys.modules[module]))
            if told:
                return told
    raise LookupError(f"{name}: neither a comment with '#:' nor a text below says what it is")


def _told_at(name: str, source: str) -> str:
    above = re.search(rf"((?:^#: .*\n)+){name}\b", source, re.MULTILINE)
    if above:
        return " ".join(line[3:] for line in above[1].splitlines())
    body = ast.parse(source).body
    for made, told in itertools.pairwise(body):
        target = made.targets[0] if isinstance(made, ast.Assign) else getattr(made, "target", None)
        if getattr(target, "id", "") == name and isinstance(told, ast.Expr):
            text = getattr(told.value, "value", None)
            return " ".join(text.split()) if isinstance(text, str) else ""
    return ""


def _directive(package: str, name: str, thing: object) -> Iterator[str]:
    if inspect.isclass(thing):
        yield f".. autoclass:: {package}.{name}"
        yield "   :members:"
    elif inspect.isroutine(thing):
        yield f".. autofunction:: {package}.{name}"
    else:
        shown = repr(sorted(thing) if isinstance(thing, frozenset) else thing)
        yield f".. py:data:: {package}.{name}"
        if len(shown) <= _LONGEST_VALUE:
            yield f"   :value: {shown}"
        yield ""
        yield f"   {constant_text(name, thing)}"
