"""What the side bar lists: the laws on their own pages only.

Their names would make the smaller of the other pages half as large again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

__all__ = ["setup", "without_laws"]

_LAWS = re.compile(
    r' has-children("><a [^>]*href="[^"]*laws/index\.html"[^>]*>[^<]*</a>)<input.*?</ul>', re.DOTALL
)
# the theme makes its tree with the usual 500
_AFTER_THE_THEME = 900


def without_laws(tree: str) -> str:
    """Return the tree of the side bar with the laws as one entry.

    >>> without_laws('<li class="a has-children"><a href="laws/index.html">Laws</a><input/><ul>'
    ...              '<li><a href="laws/a.html">a</a></li></ul></li>')
    '<li class="a"><a href="laws/index.html">Laws</a></li>'
    >>> without_laws('<li><a href="tutorial.html">Tutorial</a></li>')
    '<li><a href="tutorial.html">Tutorial</a></li>'
    """
    return _LAWS.sub(r"\1", tree)


def _fold(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if not page.startswith("laws/") and "furo_navigation_tree" in context:
        context["furo_navigation_tree"] = without_laws(context["furo_navigation_tree"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Fold the laws in the side bar of a build."""
    app.connect("html-page-context", _fold, priority=_AFTER_THE_THEME)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
