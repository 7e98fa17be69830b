"""What of a report is new against one that was written before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deploygeo.checker.findings import Baseline, Finding, Report
from deploygeo.errors import SettingError
from deploygeo.report._words import plain
from deploygeo.report.difference import receipt_changes
from deploygeo.report.earlier import Earlier
from deploygeo.report.receipt import receipt, receipt_mapping

__all__ = ["Identity", "baseline_oddities", "identity", "only_new"]

Identity = tuple[str, str, tuple[str, ...], str | None, str]


def identity(finding: Finding | Mapping[str, Any]) -> Identity:
    """Return what makes a finding known to a baseline: treaty, clause, members, host, verdict.

    Margins, witnesses and places in the file may move without making it new; another verdict
    makes it new.

    Parameters
    ----------
    finding : Finding or mapping

    Examples
    --------
    >>> identity(Finding(id="a/b@c", treaty="a", clause="b", article="1", text="", name="c",
    ...     subject="deployment", members=("c",), party="USA", on=None, verdict="violation"))
    ('a', 'b', ('c',), None, 'violation')
    """
    if isinstance(finding, Finding):
        return (
            finding.treaty,
            finding.clause,
            finding.members,
            finding.host,
            finding.verdict,
        )
    return (
        finding["treaty"],
        finding["clause"],
        tuple(finding["members"]),
        finding["host"],
        finding["verdict"],
    )


def only_new(report: Report, earlier: Earlier) -> Report:
    """Return a report with the findings alone that are new against an earlier one.

    Where an identity occurs more than once, as a group does in each of its periods, so many are
    known as the earlier report has. Faults of the input stay.

    Parameters
    ----------
    report : Report
    earlier : Earlier

    Raises
    ------
    SettingError
        If the earlier report was not checked against each treaty of this one.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings, Source
    >>> from deploygeo.report.structured import report_mapping
    >>> report = Report(settings=Settings(), findings=())
    >>> only_new(report, Earlier(Source("a.json", "0d"), report_mapping(report))).baseline
    Baseline(source=Source(name='a.json', sha256='0d'), known=0)
    """
    known = set(earlier.body["treaties"])
    missing = [name for name in report.treaties if name not in known]
    if missing:
        raise SettingError(
            f"the baseline {plain(earlier.source.name)} was not checked against "
            f"{', '.join(map(plain, missing))}, but against "
            f"{', '.join(plain(name) for name in earlier.body['treaties']) or 'nothing'}: all of "
            "it would be new; choose a treaty with -t, or another baseline"
        )
    left = Counter(identity(finding) for finding in earlier.findings)
    new = []
    for finding in report.findings:
        told = identity(finding)
        if left[told] > 0:
            left[told] -= 1
        else:
            new.append(finding)
    baseline = Baseline(earlier.source, len(report.findings) - len(new))
    return replace(report, findings=tuple(new), baseline=baseline)


def baseline_oddities(report: Report, earlier: Earlier) -> list[str]:
    """Return what else than the input differs between a run and its baseline, a line each.

    Parameters
    ----------
    report : Report
    earlier : Earlier

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings, Source
    >>> from deploygeo.report.structured import report_mapping
    >>> old = report_mapping(Report(settings=Settings(), findings=()))
    >>> run = Report(settings=Settings(worldview="russia"), findings=())
    >>> baseline_oddities(run, Earlier(Source("a.json", ""), old))
    ['the baseline a.json has another worldview: un, not russia']
    """
    name = plain(earlier.source.name)
    # readings are told where a finding consulted them, and the input is meant to differ
    changes = receipt_changes(earlier.body["receipt"], receipt_mapping(receipt(report)))
    return [
        f"the baseline {name} has another {_singular(what)}: {old}, not {new}"
        for what, old, new in changes
        if not what.startswith(("inputs ", "versions ", "baseline", "readings "))
        or (what.startswith(("versions deploygeo", "readings ")) and "–" not in (old, new))
    ]


def _singular(what: str) -> str:
    """Return what differs as one thing.

    >>> _singular("treaties us-russia-2021"), _singular("worldview")
    ('treaty us-russia-2021', 'worldview')
    """
    return what.replace("treaties ", "treaty ", 1)
