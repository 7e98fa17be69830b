"""The report as a piece of HTML for notebooks, a map and a table; texts from a file are escaped."""

from __future__ import annotations

from html import escape

from deploygeo.checker.findings import Finding, Report
from deploygeo.report._names import state_name
from deploygeo.report._words import in_order, margin_text, measure_text, plain, stability_text
from deploygeo.report.svgmap import to_svg
from deploygeo.report.text import header_lines, title_text

__all__ = ["to_html"]

#: A notebook is no place for ten thousand rows; the rest are counted.
_MOST_ROWS = 200
_NAME_STYLE = "overflow-wrap:anywhere;min-width:10em"
_NAME_AT = 2
_HEAD = ("verdict", "clause", "deployment", "party", "measured", "margin", "stability")


def to_html(report: Report) -> str:
    """Return a map and a table of the findings that apply, for ``_repr_html_``.

    The map is inline SVG without a script, and is left out where no finding has a place. The
    table ends after 200 rows and says how many more there are.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> to_html(Report(settings=Settings(), findings=(), source="<b>"))[:52]
    '<div class="deploygeo"><p>deploygeo: &lt;b&gt;, 0 de'
    """
    told = [row for row in in_order(report) if row.verdict != "not-applicable" and not row.is_open]
    lines = "<br>".join(escape(line) for line in header_lines(report))
    parts = [f'<div class="deploygeo"><p>{lines}</p>{to_svg(report)}']
    if told:
        cells = "".join(f"<th>{name}</th>" for name in _HEAD)
        parts.append(f"<table><thead><tr>{cells}</tr></thead><tbody>")
        parts += [_row(row) for row in told[:_MOST_ROWS]]
        parts.append("</tbody></table>")
    if len(told) > _MOST_ROWS:
        parts.append(f"<p>and {len(told) - _MOST_ROWS} more</p>")
    parts.append("</div>")
    return "".join(parts)


def _row(finding: Finding) -> str:
    cells = (
        finding.verdict,
        f"{plain(finding.treaty)}/{plain(finding.clause)}",
        title_text(finding),
        state_name(plain(finding.party)),
        measure_text(finding.measures[0]) if finding.measures else "",
        margin_text(finding.margin) if finding.margin is not None else "",
        stability_text(finding.stability),
    )
    # a name may be a single word of a thousand letters
    styled = (f' style="{_NAME_STYLE}"' if at == _NAME_AT else "" for at in range(len(cells)))
    shown = (f"<td{style}>{escape(cell)}</td>" for style, cell in zip(styled, cells, strict=True))
    return f"<tr>{''.join(shown)}</tr>"
