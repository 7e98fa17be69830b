"""The report for a merge request or a wiki: GitHub-flavoured Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from deploygeo.checker.findings import Finding, Report
from deploygeo.report._inert import markdown_text
from deploygeo.report._names import state_name
from deploygeo.report._words import (
    in_order,
    listed,
    many,
    margin_text,
    measure_text,
    plain,
    stability_text,
)
from deploygeo.report.receipt import receipt, receipt_pairs
from deploygeo.report.text import article_text, header_lines, title_text

__all__ = ["to_markdown"]

_HEAD = ("verdict", "of", "party", "measured", "margin", "hangs on")


def to_markdown(report: Report) -> str:
    """Return a report as Markdown: a table for each clause that applies, and the receipt.

    What stands in the file works nowhere as Markdown or HTML: a word that might stands in a code
    span. No line begins with a word of the file.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> print(to_markdown(Report(settings=Settings(), findings=(), source="a.json"))[:52])
    # deploygeo: `a.json`, 0 deployments and 0 records
    <BLANKLINE>
    """
    first, *rest = header_lines(report)
    lines = [f"# {markdown_text(first)}", "", *(f"- {markdown_text(line)}" for line in rest)]
    for treaty, by_treaty in groupby(in_order(report), key=lambda finding: finding.treaty):
        block: list[str] = []
        for _, rows in groupby(by_treaty, key=lambda finding: finding.clause):
            block += _clause(list(rows))
        if block:
            lines += ["", f"## Treaty {markdown_text(treaty)}", *block]
    if report.not_checkable:
        told = many(len(report.not_checkable), "clause")
        lines += ["", f"## Not checkable by a machine: {told}", ""]
        lines += [
            f"- Clause {markdown_text(f'{one.treaty}/{one.clause}')}: {markdown_text(one.why)}"
            for one in report.not_checkable
        ]
    for title, faults, count in (
        ("Faults", report.faults, report.fault_count),
        ("Oddities", report.warnings, len(report.warnings)),
    ):
        if faults:
            lines += ["", f"## {title} of the input: {count}", ""]
            # an excerpt with a caret is for screens with letters of one width
            lines += [f"- At {markdown_text(str(fault).partition(chr(10))[0])}" for fault in faults]
    lines += ["", "## Receipt", "", "| | |", "|---|---|"]
    lines += [_row(pair) for pair in receipt_pairs(receipt(report))]
    return "".join(f"{line}\n" for line in lines)


def _clause(rows: list[Finding]) -> Iterator[str]:
    told = [row for row in rows if row.verdict != "not-applicable" and not row.is_open]
    flagged = [row for row in rows if row.is_open]
    if not told and not flagged:
        return
    of = rows[0]
    yield ""
    yield f"### Clause {markdown_text(f'{of.treaty}/{of.clause}')}: {_article(of)}"
    if of.text:
        yield ""
        yield f"> It says: {markdown_text(of.text)}"
    if told:
        yield ""
        yield _row(_HEAD)
        yield _row(["---"] * len(_HEAD), raw=True)
        yield from (_row(_cells(row)) for row in told)
    if flagged:
        yield ""
        yield f"For a human to judge: {len(flagged)}"


def _article(finding: Finding) -> str:
    return markdown_text(article_text(finding.article))


def _cells(finding: Finding) -> tuple[str, ...]:
    hangs = [f"wants {listed(finding.why)}"] if finding.why else []
    hangs += [f"excused by {plain(finding.exception)}"] if finding.exception else []
    hangs.append(stability_text(finding.stability))
    return (
        finding.verdict.upper() if finding.verdict == "violation" else finding.verdict,
        title_text(finding),
        state_name(plain(finding.party)),
        measure_text(finding.measures[0]) if finding.measures else "",
        margin_text(finding.margin) if finding.margin is not None else "",
        "; ".join(hangs),
    )


def _row(cells: Iterable[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cell if raw else markdown_text(cell) for cell in cells)} |"
