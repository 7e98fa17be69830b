"""Markdown as the generated pages need it: escaped text, tables, blocks and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = [
    "block",
    "code",
    "escaped",
    "grouped",
    "linked",
    "marked",
    "page",
    "table",
    "toctree",
]

_SPECIAL = re.compile(r"([\\`*_\[\]<>{}#|$~^])")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:)]")


def escaped(text: str) -> str:
    r"""Return a text so that Markdown shows it as it is, in one line.

    >>> escaped("a_b  [c]")
    'a\\_b \\[c\\]'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def linked(text: str) -> str:
    r"""Return a text escaped, with its web addresses as links.

    >>> linked("TASS, https://tass.com/a_b ; and *more*")
    'TASS, <https://tass.com/a_b> ; and \\*more\\*'
    """
    parts, start = [], 0
    text = " ".join(text.split())
    for match in _ADDRESS.finditer(text):
        before = text[start : match.start()]
        parts += [_SPECIAL.sub(r"\\\1", before), f"<{match.group()}>"]
        start = match.end()
    return "".join([*parts, _SPECIAL.sub(r"\\\1", text[start:])])


def marked(text: str) -> str:
    r"""Return the text of a docstring, whose code stands in one or two backticks.

    >>> marked("of the kind `consent`, 1*2")
    'of the kind `consent`, 1\\*2'
    """
    parts = re.split(r"(``[^`]+``|`[^`]+`)", " ".join(text.split()))
    return "".join(
        code(part.strip("`")) if part[:1] == "`" else _SPECIAL.sub(r"\\\1", part) for part in parts
    )


def code(text: str) -> str:
    """Return a text as inline code, also where it has backticks.

    >>> code("range >= 500"), code("a`b"), code("")
    ('`range >= 500`', '`` a`b ``', '')
    """
    text = " ".join(text.split())
    if not text:
        return ""
    if "`" not in text:
        return f"`{text}`"
    longest = max(map(len, re.findall("`+", text)))
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}"


def grouped(number: float) -> str:
    """Return a number with a space between thousands, as ISO 80000 writes it.

    >>> grouped(20_000_000), grouped(40), grouped(0.5)
    ('20 000 000', '40', '0.5')
    """
    return f"{number:,}".replace(",", " ").removesuffix(".0")


def block(text: str, language: str = "text") -> str:
    """Return a fenced block of code."""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a table of cells that are Markdown already; a bar in a cell is escaped.

    >>> print(table(["a", "b"], [["1", "x | y"]]), end="")
    | a | b |
    | --- | --- |
    | 1 | x \| y |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def toctree(names: Iterable[str], depth: int = 1, hidden: bool = False) -> str:
    """Return the list of the pages below a page."""
    option = ":hidden:" if hidden else f":maxdepth: {depth}"
    return "\n".join(["```{toctree}", option, "", *names, "```"])


def page(title: str, *parts: str) -> str:
    """Return a page: a heading, and parts with a blank line between; empty parts are left out."""
    return "\n\n".join([f"# {title}", *(part.strip("\n") for part in parts if part.strip())]) + "\n"
