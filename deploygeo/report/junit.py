"""The report for test dashboards: JUnit XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from deploygeo.checker.findings import Finding, NotCheckable, Report
from deploygeo.errors import Fault
from deploygeo.model import Deployment, Origin
from deploygeo.report._inert import xml_text
from deploygeo.report._words import fault_text, in_order, plain
from deploygeo.report.receipt import receipt, receipt_pairs
from deploygeo.report.sentence import known_origins, origins_of, sentence
from deploygeo.report.text import article_text, finding_lines, reason_lines, title_text

__all__ = ["to_junit"]

#: Of what each test case counts for its suite; a pass counts for none.
_COUNTED = ("failures", "errors", "skipped")


def to_junit(report: Report, deployments: Iterable[Deployment] = ()) -> str:
    """Return a report as JUnit XML: a suite for the input and one for each treaty.

    A finding that applies is a test case. A violation fails; what is indeterminate, for a human
    to judge, or not checkable by a machine is skipped with the reason, so that a dashboard shows
    it and calls it neither passed nor failed; excused and compliant pass. A fault of the input is
    an error. The receipt is in the properties of each suite. No time is told, since none is
    measured.

    Parameters
    ----------
    report : Report
    deployments : iterable of Deployment
        Those that were checked: the lines of groups are those of their members.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> print(to_junit(Report(settings=Settings(), findings=(), source="a<b")))
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="deploygeo" tests="1" failures="0" errors="0" skipped="0">
    <testsuite name="input" tests="1" failures="0" errors="0" skipped="0">
    ...
    <testcase classname="input" name="a&lt;b"/>
    </testsuite>
    </testsuites>
    """
    known = known_origins(deployments)
    suites = [("input", list(_input(report)))]
    for treaty in _treaties(report):
        cases = [
            _case(finding, origins_of(finding, known))
            for finding in in_order(report)
            if finding.treaty == treaty and finding.verdict != "not-applicable"
        ]
        cases += [_unchecked(one) for one in report.not_checkable if one.treaty == treaty]
        suites.append((treaty, cases))
    total = Counter(kind for _, cases in suites for kind, _ in cases)
    properties = "".join(
        f'<property name="{xml_text(name)}" value="{xml_text(told)}"/>\n'
        for name, told in [*receipt_pairs(receipt(report)), *_counts(report)]
    )
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<testsuites name="deploygeo" {_attributes(total)}>\n',
    ]
    for name, cases in suites:
        counts = _attributes(Counter(kind for kind, _ in cases))
        parts.append(f'<testsuite name="{xml_text(name)}" {counts}>\n')
        parts.append(f"<properties>\n{properties}</properties>\n")
        parts += [text for _, text in cases]
        if name == "input" and report.warnings:
            told = "\n".join(_fault_text(one) for one in report.warnings)
            parts.append(f"<system-err>{_lines(told)}</system-err>\n")
        parts.append("</testsuite>\n")
    return "".join([*parts, "</testsuites>\n"])


def _treaties(report: Report) -> list[str]:
    # a treaty may have nothing but clauses that no machine can check
    found = [finding.treaty for finding in in_order(report)]
    return list(dict.fromkeys([*report.treaties, *found]))


def _counts(report: Report) -> Iterator[tuple[str, str]]:
    yield "checks", str(len(report.findings))
    for name, count in report.counts.items():
        yield name, str(count)
    for treaty in report.as_if:
        yield "checked as if in force", plain(treaty)


def _attributes(counts: Counter[str]) -> str:
    told = {"tests": counts.total(), **{name: counts[name] for name in _COUNTED}}
    return " ".join(f'{name}="{count}"' for name, count in told.items())


def _input(report: Report) -> Iterator[tuple[str, str]]:
    """Yield an error for each fault, or one pass for the file."""
    name = xml_text(report.source or "deployments")
    if not report.faults:
        yield "passes", f'<testcase classname="input" name="{name}"/>\n'
    twice: Counter[str] = Counter()
    for fault in report.faults:
        at = plain(fault.pointer or fault.source or "input")
        twice[at] += 1
        title = at if twice[at] == 1 else f"{at} ({twice[at]})"
        origin = [Origin(fault.source, fault.line)] if fault.source else []
        yield (
            "errors",
            f'<testcase classname="input" name="{xml_text(title)}"{_where(origin)}>'
            f'<error type="fault" message="{xml_text(fault_text(fault))}">'
            f"{_lines(_fault_text(fault))}</error></testcase>\n",
        )


def _case(finding: Finding, origins: Sequence[Origin]) -> tuple[str, str]:
    of = f"{finding.treaty}/{finding.clause}"
    key = finding.id.partition("@")[2] or finding.id
    head = (
        f'<testcase classname="{xml_text(of)}" name="{xml_text(f"{title_text(finding)} [{key}]")}"'
    )
    head += f"{_where(origins)}>"
    told = xml_text(sentence(finding))
    body = _lines("\n".join(_body(finding)))
    if finding.verdict == "violation":
        inner = f'<failure type="violation" message="{told}">{body}</failure>'
        return "failures", f"{head}{inner}</testcase>\n"
    if finding.verdict == "indeterminate":
        return "skipped", f'{head}<skipped message="{told}">{body}</skipped></testcase>\n'
    return "passes", f"{head}<system-out>{told}</system-out></testcase>\n"


def _unchecked(clause: NotCheckable) -> tuple[str, str]:
    of = xml_text(f"{clause.treaty}/{clause.clause}")
    why = xml_text(f"not checkable by a machine: {clause.why}")
    inner = f'<skipped message="{why}">{xml_text(clause.text)}</skipped>'
    name = xml_text(article_text(clause.article))
    return "skipped", f'<testcase classname="{of}" name="{name}">{inner}</testcase>\n'


def _body(finding: Finding) -> Iterator[str]:
    yield f"{article_text(finding.article)}: {plain(finding.text)}"
    yield from finding_lines(finding)
    if finding.reason is not None:
        yield from (f"  {line}" for line in reason_lines(finding.reason))


def _where(origins: Sequence[Origin]) -> str:
    if not origins:
        return ""
    line = "" if origins[0].line is None else f' line="{origins[0].line}"'
    return f' file="{xml_text(origins[0].source)}"{line}'


def _fault_text(fault: Fault) -> str:
    return "\n".join(plain(line) for line in str(fault).split("\n"))


def _lines(text: str) -> str:
    """Return lines of our own as text of XML; what stands in each is plain already."""
    return "\n".join(xml_text(line) for line in text.split("\n"))
