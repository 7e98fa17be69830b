"""The report as annotations: workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deploygeo.checker.findings import Finding, Report
from deploygeo.errors import Fault
from deploygeo.model import Deployment, Origin
from deploygeo.report._inert import workflow_data, workflow_property
from deploygeo.report._words import in_order, plain
from deploygeo.report.receipt import receipt, receipt_lines
from deploygeo.report.sentence import known_origins, origins_of, sentence
from deploygeo.report.text import article_text, header_lines

__all__ = ["to_github"]

_LEVELS = {"violation": "error", "indeterminate": "warning", "excused": "notice"}


def to_github(report: Report, deployments: Iterable[Deployment] = ()) -> str:
    """Return a report as lines that a workflow of GitHub Actions shows beside the file.

    A violation and a fault of the input are an ``error``, what is indeterminate and a warning of
    the input a ``warning``, what is excused a ``notice``; what a human has to judge is one notice
    a clause. Errors come first, since GitHub shows only the first ten of a level in each step.
    Lines of the log before and after them hold the counts and the receipt; none of them begins
    with anything that the input says.

    Parameters
    ----------
    report : Report
    deployments : iterable of Deployment
        Those that were checked: the lines of groups are those of their members.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> print(to_github(Report(settings=Settings(), findings=(), source="::x")))
    deploygeo: ::x, 0 deployments and 0 records
    worldview un; borders hybrid; default readings
    0 checks: none applied
    ::group::receipt
      deploygeo ...
    """
    known = known_origins(deployments)
    commands = [_fault(fault, "error") for fault in report.faults]
    findings = in_order(report)
    for verdict, level in _LEVELS.items():
        commands += [
            _finding(finding, level, origins_of(finding, known))
            for finding in findings
            if finding.verdict == verdict and not finding.is_open
        ]
    commands += [_fault(fault, "warning") for fault in report.warnings]
    commands += _for_humans(finding for finding in findings if finding.is_open)
    first, *rest = receipt_lines(receipt(report))
    lines = [*map(_logged, header_lines(report)), *commands, f"::group::{first}"]
    lines += [*map(_logged, rest), "::endgroup::"]
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding, level: str, origins: list[Origin]) -> str:
    title = f"{plain(finding.treaty)}/{plain(finding.clause)} {article_text(finding.article)}"
    origin = origins[0] if origins else None
    return _command(level, origin, None, title, sentence(finding))


def _fault(fault: Fault, level: str) -> str:
    origin = Origin(fault.source, fault.line) if fault.source else None
    where = f"{plain(fault.pointer)}: " if fault.pointer else ""
    title = "fault in the input" if level == "error" else "odd input"
    return _command(level, origin, fault.column, title, f"{where}{plain(fault.message)}")


def _for_humans(findings: Iterable[Finding]) -> Iterator[str]:
    counts: dict[str, int] = {}
    for finding in findings:
        name = f"{plain(finding.treaty)}/{plain(finding.clause)} {article_text(finding.article)}"
        counts[name] = counts.get(name, 0) + 1
    for name, count in counts.items():
        yield _command("notice", None, None, name, f"for a human to judge: {count}")


def _command(level: str, origin: Origin | None, column: int | None, title: str, text: str) -> str:
    told: list[tuple[str, object]] = []
    if origin is not None:
        told.append(("file", origin.source))
        if origin.line is not None:
            told.append(("line", origin.line))
            if column is not None:
                told.append(("col", column))
    told.append(("title", title))
    properties = ",".join(f"{name}={workflow_property(value)}" for name, value in told)
    return f"::{level} {properties}::{workflow_data(text)}"


def _logged(line: str) -> str:
    # in a line of the log the older form of commands is found anywhere
    return line.replace("##[", "## [")
