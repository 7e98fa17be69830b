"""The matrix of readings: the verdict under each value of each reading that matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deploygeo.checker.findings import Finding, Report
from deploygeo.report._words import WIDTH, in_order, plain, wrapped
from deploygeo.report.receipt import receipt, receipt_lines
from deploygeo.report.text import header_lines

__all__ = ["MatrixRow", "reading_matrix", "to_matrix"]

_SHORT = {"not-applicable": "n/a"}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A finding, one choice that matters to it, and the verdict under each of its values."""

    finding: Finding
    choice: str
    verdicts: tuple[tuple[str, str], ...]


def reading_matrix(report: Report, choices: Mapping[str, Sequence[str]]) -> list[MatrixRow]:
    """Return a row for each finding that is not stable and each choice that changes it.

    Parameters
    ----------
    report : Report
        Its findings tell every single change that gives another verdict, so that no
        check has to run again.
    choices : mapping of str to sequence of str
        The values of each reading, and of ``worldview``.

    Returns
    -------
    list of MatrixRow
        In the order of the report.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> reading_matrix(Report(settings=Settings(), findings=()), {"reach": ("weapon",)})
    []
    """
    rows = []
    for finding in in_order(report):
        flips: dict[str, dict[str, str]] = {}
        for flip in finding.stability:
            name, _, value = (part.strip() for part in flip.change.partition("="))
            flips.setdefault(name, {})[value] = flip.verdict
        for name in sorted(flips):
            values = dict.fromkeys((*choices.get(name, ()), *sorted(flips[name])))
            current = _current(finding, name)
            if current is not None:
                values = dict.fromkeys((current, *values))
            pairs = tuple((value, flips[name].get(value, finding.verdict)) for value in values)
            rows.append(MatrixRow(finding, name, pairs))
    return rows


def to_matrix(rows: Iterable[MatrixRow], report: Report | None = None) -> str:
    r"""Return the matrix as text, one block a finding; the value in force comes first.

    Parameters
    ----------
    rows : iterable of MatrixRow
    report : Report, optional
        What it is of: its choices and counts come first, its receipt last.

    Examples
    --------
    >>> to_matrix([])
    'Every verdict holds under all readings and worldviews.\n'
    """
    lines: list[str] = []
    last = ""
    for row in rows:
        if row.finding.id != last:
            last = row.finding.id
            lines.append(f"{plain(last)}: {row.finding.verdict}")
        cells = ", ".join(
            f"{plain(value)} {_SHORT.get(verdict, verdict)}" for value, verdict in row.verdicts
        )
        lines.append(f"  {plain(row.choice)}: {cells}")
    lines = lines or ["Every verdict holds under all readings and worldviews."]
    if report is not None:
        lines = [*header_lines(report), "", *lines, "", *receipt_lines(receipt(report))]
    return "".join(f"{piece}\n" for line in lines for piece in wrapped(line, WIDTH))


def _current(finding: Finding, name: str) -> str | None:
    return finding.worldview if name == "worldview" else finding.readings.get(name)
