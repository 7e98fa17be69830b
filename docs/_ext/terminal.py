"""How a block of a terminal is coloured: commands, and what they print as it is.

The lexer that Pygments has takes what a command prints after a # for another command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import Generic, Name

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["Terminal", "setup"]


class Terminal(RegexLexer):
    """What a terminal shows."""

    name = "Terminal"
    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"(\$ )(.*\n)", bygroups(Generic.Prompt, Name.Function)),
            (r".*\n", Generic.Output),
        ]
    }


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the lexer to a build."""
    app.add_lexer("console", Terminal)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
