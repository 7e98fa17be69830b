"""The pages that are made from the package itself, written before Sphinx looks for its sources."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api_pages import FACE, PACKAGES, api_pages, home_of, public_names
from clause_pages import clause_pages
from law_pages import law_pages
from reference_pages import reference_pages

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

__all__ = ["generated_pages", "plain", "setup", "write"]


def generated_pages() -> dict[str, str]:
    """Return every generated page by document name."""
    return clause_pages() | law_pages() | reference_pages() | api_pages()


def write(folder: Path) -> None:
    """Write the generated pages into a folder of sources, beside those that people write."""
    for name, text in generated_pages().items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _told_elsewhere() -> dict[str, str]:
    """Return where each public name is told: by its full name, and alone where one has it."""
    homes: dict[str, str] = {}
    alone: dict[str, set[str]] = {}
    for package in (FACE, *PACKAGES):
        for name in public_names(package):
            home = homes[f"{package}.{name}"] = home_of(package, name)
            alone.setdefault(name, set()).add(home)
    return homes | {name: told.pop() for name, told in alone.items() if len(told) == 1}


def _resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> Any:
    """Link a name of Python to where it is told, whichever package it was taken from."""
    if node.get("refdomain") != "py":
        return None
    homes = env.temp_data.setdefault("deploygeo_homes", None) or _told_elsewhere()
    env.temp_data["deploygeo_homes"] = homes
    target = re.sub(r"^[~.]+", "", node["reftarget"])
    name, _, member = target, "", ""
    if name not in homes and "." in target:
        name, _, member = target.rpartition(".")
    home = homes.get(name)
    if home is None:
        return None
    full = f"{home}.{member}" if member else home
    if full == target:
        return None
    domain = env.get_domain("py")
    return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", full, node, content)


_MADE_ANEW = re.compile(r"= <(?:factory|function [\w.]*<lambda>)>")
_ARRAY = re.compile(
    r"~?[\w.]*ndarray\[[~\w.]*tuple\[[~\w.]*Any, \.\.\.\], [~\w.]*dtype\[([~\w.]+)\]\]"
)


def plain(signature: str) -> str:
    """Return a signature as Sphinx can read it, with arrays by the name that the source has.

    >>> plain("(read: Mapping[str, str] = <factory>, exempt: Callable = <function Law.<lambda>>)")
    '(read: Mapping[str, str] = ..., exempt: Callable = ...)'
    >>> plain("~numpy.ndarray[tuple[~typing.Any, ...], ~numpy.dtype[~numpy.float64]]")
    'NDArray[~numpy.float64]'
    """
    return _ARRAY.sub(r"NDArray[\1]", _MADE_ANEW.sub("= ...", signature))


def _plain_signature(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, signature: str, returns: str
) -> tuple[str, str]:
    return signature and plain(signature), returns and plain(returns)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the pages to a build."""
    app.connect("builder-inited", lambda app: write(Path(app.srcdir)))
    app.connect("missing-reference", _resolve)
    app.setup_extension("sphinx.ext.autodoc")  # which has the next event
    app.connect("autodoc-process-signature", _plain_signature)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
