"""The file: skeleton, style, script and data, under a policy that lets in nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from deploygeo.checker.findings import Report
from deploygeo.model import Deployment
from deploygeo.report.page.atlas import atlas_text
from deploygeo.report.page.payload import payload

__all__ = ["to_page"]

# In a script element the text ends at "</script", and "<!--" changes how it is read; U+2028
# and U+2029 end a line in old readers of JavaScript.
_ESCAPED = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


def to_page(report: Report, deployments: Iterable[Deployment] = ()) -> str:
    """Return a report as one HTML file: globe, flat map, table, reasons and receipt.

    The file needs no network and asks for none: its policy (CSP) lets its own script and
    style run, each by its hash, and nothing else. What comes from the input is data, and is
    shown as text only. The same report gives the same bytes.

    Parameters
    ----------
    report : Report
    deployments : iterable of Deployment
        Those that were checked. Without them the map has the places of the findings, and no
        shapes of tracks, areas or groups.

    Returns
    -------
    str

    Notes
    -----
    The zones of violated clauses are drawn for the eye, to some 2 km, and take some seconds each.
    Borders are simplified. Verdicts and figures are those of the report.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> page = to_page(Report(settings=Settings(), findings=(), source="</title><script>"))
    >>> page[:15], "</title><script>" in page, page.count("</script>")
    ('<!doctype html>', False, 3)
    """
    shown = payload(report, deployments)
    script, style = _shipped("app.js").rstrip("\n"), _shipped("app.css").rstrip("\n")
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    filled = {
        "policy": policy,
        "title": escape(shown["title"]),
        "style": style,
        "script": script,
        "payload": _embedded(shown),
        "atlas": atlas_text().strip(),
    }
    parts = _shipped("page.html").split("{{")
    page = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}}")
        page += [filled[name], rest]
    return "".join(page)


@cache
def _shipped(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    found = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(found).decode('ascii')}"


def _embedded(value: dict[str, Any]) -> str:
    """Return JSON that no HTML parser takes for anything else; lone surrogates are escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if not text.isascii():
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.translate(_ESCAPED)
