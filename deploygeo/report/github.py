"""The report as annotations: workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from deploygeo.checker.findings import Finding, Report
from deploygeo.errors import Fault
from deploygeo.io.alike import alike
from deploygeo.model import Deployment, Origin
from deploygeo.report._inert import workflow_data, workflow_property
from deploygeo.report._words import fault_text, in_order, many, plain
from deploygeo.report.receipt import receipt, receipt_lines
from deploygeo.report.sentence import known_origins, origins_of, sentence
from deploygeo.report.text import article_text, header_lines, unchecked_lines

__all__ = ["to_github"]

#: Of each level in a step; there are limits for a job and a run besides.
_MOST_SHOWN = 10


def to_github(report: Report, deployments: Iterable[Deployment] = ()) -> str:
    """Return a report as lines that a workflow of GitHub Actions shows beside the file.

    A violation and a fault of the input are an ``error``, what is indeterminate and a warning of
    the input a ``warning``, what is excused a ``notice``; what a human has to judge is one notice
    a clause. GitHub shows only the first ten of a level in each step, so the first fault of each
    kind comes before the violations and the others after them; where there are more, a line of
    the log says so. Further lines of the log hold the counts and the receipt; none of them begins
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
    findings = in_order(report)
    kinds = alike(report.faults)
    commands = {
        "error": [
            *(_fault(first, "error") for first, *_ in kinds),
            *_findings(findings, "violation", "error", known),
            *(_fault(fault, "error") for _, *others in kinds for fault in others),
        ],
        "warning": [
            *_findings(findings, "indeterminate", "warning", known),
            *(_fault(fault, "warning") for fault in report.warnings),
        ],
        "notice": [
            *_findings(findings, "excused", "notice", known),
            *_for_humans(finding for finding in findings if finding.is_open),
        ],
    }
    first, *rest = receipt_lines(receipt(report))
    head = (*header_lines(report), *unchecked_lines(report))
    lines = [*map(_logged, head), *_limits(commands)]
    lines += [line for level in commands.values() for line in level]
    lines += [f"::group::{first}", *map(_logged, rest), "::endgroup::"]
    return "".join(f"{line}\n" for line in lines)


def _limits(commands: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a line for each level of which GitHub will not show all."""
    for level, lines in commands.items():
        if len(lines) > _MOST_SHOWN:
            told = f"{many(len(lines), level)}, of which GitHub shows {_MOST_SHOWN}"
            yield f"{told} beside the file; all are in this log"


def _findings(
    findings: Iterable[Finding], verdict: str, level: str, known: Mapping[str, Origin]
) -> Iterator[str]:
    for finding in findings:
        if finding.verdict == verdict and not finding.is_open:
            yield _finding(finding, level, origins_of(finding, known))


def _finding(finding: Finding, level: str, origins: list[Origin]) -> str:
    title = f"{plain(finding.treaty)}/{plain(finding.clause)} {article_text(finding.article)}"
    origin = origins[0] if origins else None
    return _command(level, origin, None, title, sentence(finding))


def _fault(fault: Fault, level: str) -> str:
    origin = Origin(fault.source, fault.line) if fault.source else None
    where = f"{plain(fault.pointer)}: " if fault.pointer else ""
    title = "fault in the input" if level == "error" else "odd input"
    return _command(level, origin, fault.column, title, f"{where}{fault_text(fault)}")


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
