"""Texts from files made harmless where they would bite: one function for each kind of output.

All of them begin with `plain`, so that no control or bidi character passes into any output. Text
for terminals needs no more: its colours are ANSI sequences that the reporter writes itself, and
Rich, whose square brackets would be markup, is not used.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from deploygeo.report._words import plain

__all__ = [
    "formula_free",
    "markdown_text",
    "markupless",
    "sarif_text",
    "table_text",
    "uri_of",
    "workflow_data",
    "workflow_property",
    "xml_text",
]

# What makes a spreadsheet take a cell for a formula, full-width forms included; of what OWASP
# lists as well, tabs, NUL and line ends are escaped before.
_FORMULA = "=+\\-@＝＋－＠"
# Where a spreadsheet parts cells at semicolons, one begins behind each of them, quoted or not.
_CELL_START = re.compile(rf"(^|;)( *)(?=[{_FORMULA}])")

# A word of letters, digits and these says nothing to Markdown or its extensions. A dot or colon
# inside a word may make a link or an emoji, an underscore emphasis, @ a mention, $ mathematics;
# round brackets make a link only behind square ones.
_WORD = re.compile(r"(?:[\w()\"'“”‘’«»−–±°§%/+=-]|(?<=\d)[.,](?=\d))*[.,;:!?…]*")
# An issue of GitHub, a milestone of GitLab, or a commit of either; the 64 of a checksum are none.
_REFERENCE = re.compile(r"\bgh-\d|%\w|\b[0-9a-f]{7,40}\b", re.IGNORECASE)
_TICKS = re.compile("`+")


def formula_free(text: str) -> str:
    r"""Return text that no spreadsheet runs: an apostrophe stands before what would be a formula.

    Examples
    --------
    >>> formula_free("=1+1"), formula_free(" @SUM(A1)"), formula_free("\t=1"), formula_free("a-b")
    ("'=1+1", "' @SUM(A1)", '\\t=1', 'a-b')
    >>> formula_free("a;=1+1")  # a cell of its own where semicolons part them
    "a;'=1+1"
    """
    return _CELL_START.sub(r"\1'\2", plain(text))


def table_text(rows: Iterable[Iterable[object]]) -> str:
    r"""Return rows as CSV (RFC 4180, but with plain line ends); None is an empty cell.

    Texts that a spreadsheet would run are made harmless; numbers stay as they are.

    Parameters
    ----------
    rows : iterable of iterable of object

    Examples
    --------
    >>> table_text([("a", "b"), ("=1+1", -2.5), (None, "x, y")])
    'a,b\n\'=1+1,-2.5\n,"x, y"\n'
    >>> table_text([])
    ''
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow([formula_free(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def markupless(text: object) -> str:
    """Return text that is no markup even where a viewer takes it for HTML.

    Angle brackets become quotation marks that look like them, an ampersand that would begin a
    character reference becomes its full-width form, and what viewers make a link of by themselves
    is torn apart. Balloons of maps are such places.

    Examples
    --------
    >>> markupless("<img src=x onerror=alert(1)>"), markupless("A & B &lt;")
    ('‹img src=x onerror=alert(1)›', 'A & B ＆lt;')
    >>> markupless("http://a.example or WWW.a.example")
    'http: //a.example or www. a.example'
    """
    shown = plain(text).replace("<", "‹").replace(">", "›")
    shown = re.sub(r"&(?=[#\w])", "＆", shown)
    # $[name] is filled in by the balloons of KML
    shown = shown.replace("$[", "$ [").replace("://", ": //")
    return re.sub(r"(?i)\bwww\.(?=\S)", "www. ", shown)


def xml_text(text: object) -> str:
    r"""Return text for an element or attribute of XML 1.0, which cannot hold most controls.

    Examples
    --------
    >>> xml_text("a<b & \"c\"\x00\ufffe")
    'a&lt;b &amp; &quot;c&quot;\\x00\\ufffe'
    """
    return escape(plain(text))


def markdown_text(text: object) -> str:
    """Return text that Markdown shows as it is, also in a table; blanks are one blank.

    A word that could be a link, an image, HTML, emphasis or a mention stands in a code span,
    where none of them works, and a border of cells becomes a broken bar.

    Examples
    --------
    >>> markdown_text("USS Porter (United States)"), markdown_text("![x](http://a.b/c.png)")
    ('USS Porter (United States)', '`![x](http://a.b/c.png)`')
    >>> markdown_text("a|b <script> `c` @d"), markdown_text("")
    ('`a¦b` `<script>` `` `c` `` `@d`', '')
    >>> markdown_text("see GH-12, (fe3a91b), 50% or %3")
    'see `GH-12`, `(fe3a91b)`, 50% or `%3`'
    """
    return " ".join(_markdown_word(word) for word in plain(text).split())


def _parted(word: str) -> tuple[str, str]:
    """Return a word and the comma or semicolon behind it, which needs no span.

    >>> _parted("a.json,"), _parted(";;")
    (('a.json', ','), ('', ';;'))
    """
    core = word.rstrip(",;")
    return core, word[len(core) :]


def _markdown_word(word: str) -> str:
    # a word of nothing but dashes, signs or underscores might rule a line off
    if (
        _WORD.fullmatch(word)
        and not _REFERENCE.search(word)
        and "_" not in word
        and "://" not in word
        and any(char.isalnum() for char in word)
    ):
        return word
    if word in {"–", "−", "±", "=", "+", "&", "/"}:
        return word if word != "&" else "&amp;"
    word, tail = _parted(word)
    if not word:
        return tail
    longest = max((len(run) for run in _TICKS.findall(word)), default=0)
    fence = "`" * (longest + 1)
    apart = " " if longest else ""
    # a table is cut into cells before its code spans are read, and readers differ in what a
    # backslash before a bar does there
    shown = word.replace("|", "¦")
    return f"{fence}{apart}{shown}{apart}{fence}{tail}"


def workflow_data(text: object) -> str:
    r"""Return the message of a workflow command of GitHub: one line, and no other command.

    Examples
    --------
    >>> workflow_data("50 %\n::set-output name=a::b"), workflow_data("##[error]x")
    ('50 %25\\n::set-output name=a::b', '## [error]x')
    """
    shown = plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return shown.replace("##[", "## [")  # the older commands are found anywhere in a line


def workflow_property(text: object) -> str:
    """Return the value of a property of a workflow command.

    Examples
    --------
    >>> workflow_property("a:b,c%"), workflow_property("a::warning::b")
    ('a%3Ab%2Cc%25', 'a%3A%3Awarning%3A%3Ab')
    """
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


def sarif_text(text: object) -> str:
    """Return a plain text message of SARIF: no placeholder and no embedded link.

    Examples
    --------
    >>> sarif_text("{0} [click](javascript:alert(1))")
    '{{0}} [click] (javascript:alert(1))'
    """
    return plain(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")


def uri_of(source: str) -> str:
    r"""Return the URI reference of a file: relative where its path is.

    Examples
    --------
    >>> uri_of("a b/c.geojson"), uri_of("/c.csv"), uri_of("javascript:alert(1)")
    ('a%20b/c.geojson', 'file:///c.csv', 'javascript%3Aalert%281%29')
    >>> uri_of("<stdin>"), uri_of("")
    ('%3Cstdin%3E', '')
    >>> uri_of("..\\a.csv")  # where a backslash parts no folders it is a letter
    '..%5Ca.csv'
    """
    try:
        named = source.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        named = source.encode("utf-8", "surrogatepass")
    path = quote(named.replace(os.sep.encode(), b"/"), safe="/")
    # two slashes would begin with the name of a host
    return f"file:///{path.lstrip('/')}" if path.startswith("/") else path
