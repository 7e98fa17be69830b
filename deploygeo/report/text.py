"""The report for people: grouped by treaty and clause, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from deploygeo.checker.findings import Finding, Report
from deploygeo.clauses.outcome import Reason
from deploygeo.report._words import (
    episode_texts,
    in_order,
    margin_text,
    measure_text,
    pairs_text,
    place_text,
    plain,
    quantity,
    range_text,
    stability_text,
)

__all__ = ["article_text", "finding_lines", "reason_lines", "to_concise", "to_text"]

_COLOURS = {
    "violation": "31",
    "indeterminate": "33",
    "excused": "36",
    "compliant": "32",
    "not-applicable": "2",
}
#: So many names are told in one line, and episodes of a finding; the rest are counted.
_MOST_NAMES = 8


def to_text(
    report: Report,
    *,
    color: bool = False,
    all: bool = False,  # noqa: A002 - the word of the command line
) -> str:
    """Return a report as text for people.

    Parameters
    ----------
    report : Report
    color : bool
        Mark the verdicts with ANSI colours.
    all : bool
        Tell the compliant findings in full, and the not applicable ones by name.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> print(to_text(Report(settings=Settings(), findings=(), source="a.geojson")), end="")
    deploygeo: a.geojson, 0 deployments and 0 records
    worldview un; borders hybrid; default readings
    <BLANKLINE>
    0 checks: none applied
    """
    lines = list(_header(report))
    for treaty, by_treaty in groupby(in_order(report), key=lambda finding: finding.treaty):
        block: list[str] = []
        for _, rows in groupby(by_treaty, key=lambda finding: finding.clause):
            block += _clause(list(rows), color=color, full=all)
        if block:
            lines += ["", _strong(plain(treaty), color), *block]
    lines += _not_checkable(report)
    lines += ["", *_summary(report)]
    return "\n".join(lines) + "\n"


def to_concise(report: Report) -> str:
    """Return one line a finding that applies, the gravest of each clause first.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> to_concise(Report(settings=Settings(), findings=()))
    ''
    """
    lines = []
    for finding in in_order(report):
        if finding.verdict == "not-applicable" or finding.review:
            continue
        parts = [f"{_origin(finding)}{plain(finding.id)}: {finding.verdict}", *_figures(finding)]
        if finding.why:
            parts.append(f"wants {_listed(finding.why)}")
        lines.append("; ".join(parts))
    return "".join(f"{line}\n" for line in lines)


def finding_lines(finding: Finding, *, color: bool = False, name: bool = True) -> list[str]:
    """Return all that a finding says, one fact a line, without its reasons."""
    party = plain(finding.party)
    title = f"{plain(finding.name)} ({party})" if name else plain(finding.id)
    first = finding.members[0] if finding.members else ""
    if name and finding.subject != "group" and first and first != finding.name:
        title = f"{plain(finding.name)} ({party}, {plain(first)})"
    lines = [f"{_verdict(finding.verdict, color)}  {title}"]
    facts = [
        "; ".join(_figures(finding)),
        range_text(finding),
        "; ".join(_where(finding)),
        *episode_texts(finding, _MOST_NAMES),
        _because(finding),
        f"excused by: {plain(finding.exception)}" if finding.exception else "",
        f"assumed: {_listed(finding.assumed)}" if finding.assumed else "",
        f"members: {_listed(finding.members)}" if finding.subject == "group" else "",
        f"readings: {pairs_text(finding.readings)}" if finding.readings else "",
    ]
    if finding.verdict != "not-applicable" or finding.stability:
        facts.append(stability_text(finding.stability))
    move = finding.nearest_compliant
    if move is not None:
        facts.append(
            f"nearest compliant position: {quantity(move.distance_km)} km "
            f"on bearing {move.bearing_deg:.0f}°, {place_text(move.lon, move.lat)}"
        )
    return lines + [f"  {fact}" for fact in facts if fact]


def reason_lines(reason: Reason, depth: int = 0) -> Iterator[str]:
    """Return the tree of reasons, one node a line.

    Examples
    --------
    >>> from deploygeo.clauses.truth import Truth
    >>> leaf = Reason("kind('radar')", Truth.TRUE)
    >>> print(*reason_lines(Reason("not", Truth.FALSE, None, (leaf,))), sep=chr(10))
    false    not
    true       kind('radar')
    """
    margin = f"  ({margin_text(reason.margin)})" if reason.margin is not None else ""
    yield f"{reason.truth.value:<8} {'  ' * depth}{plain(reason.text)}{margin}"
    for child in reason.children:
        yield from reason_lines(child, depth + 1)


def _header(report: Report) -> Iterator[str]:
    settings = report.settings
    source = plain(report.source) or "deployments"
    counts = f"{_many(report.deployments, 'deployment')} and {_many(report.records, 'record')}"
    yield f"deploygeo: {source}, {counts}"
    choices = [f"worldview {plain(settings.worldview)}", f"borders {plain(settings.level)}"]
    if settings.on is not None:
        choices.append(f"on {settings.on}")
    choices.append(
        f"readings changed: {pairs_text(settings.readings)}"
        if settings.readings
        else "default readings"
    )
    if settings.params:
        choices.append(
            "parameters: "
            + pairs_text({name: f"{value:g}" for name, value in settings.params.items()})
        )
    yield "; ".join(choices)
    if report.as_if:
        names = ", ".join(plain(name) for name in report.as_if)
        since = f" from {settings.in_force}" if settings.in_force is not None else ""
        tail = {1: "this draft never was", 2: "neither draft ever was"}.get(
            len(report.as_if), "none of these drafts ever was"
        )
        yield f"checked as if in force{since}: {tail} ({names})"


def _clause(rows: list[Finding], *, color: bool, full: bool) -> Iterator[str]:
    """Return the lines of one clause; none where nothing of it is to be told."""
    flagged = [row for row in rows if row.review and row.verdict != "not-applicable"]
    lines: list[str] = []
    for row in rows:
        if row.review:
            continue
        if row.verdict == "not-applicable":
            if full:
                lines.append(f"{_verdict(row.verdict, color)}  {_short(row)}")
        elif row.verdict == "compliant" and not full:
            lines.append("; ".join([f"{_verdict(row.verdict, color)}  {_short(row)}", *_tail(row)]))
        else:
            lines += finding_lines(row, color=color)
    if flagged:
        names = dict.fromkeys(row.name for row in flagged)
        people = _listed(names, most=_MOST_NAMES, apart="; ")
        lines.append(f"for a human to judge: {len(flagged)} ({people})")
    if lines:
        yield ""
        head = f"{article_text(rows[0].article)}, {plain(rows[0].treaty)}/{plain(rows[0].clause)}"
        yield f"  {_strong(head, color)}: {plain(rows[0].text)}"
        yield from (f"    {line}" for line in lines)


def _tail(row: Finding) -> list[str]:
    flips = [stability_text(row.stability)] if row.stability else []
    return [*_figures(row), *flips]


def _not_checkable(report: Report) -> Iterator[str]:
    if not report.not_checkable:
        return
    yield ""
    yield f"Not checkable by a machine: {_many(len(report.not_checkable), 'clause')}"
    for clause in report.not_checkable:
        yield f"  {plain(clause.treaty)}/{plain(clause.clause)}: {plain(clause.why)}"


def _summary(report: Report) -> Iterator[str]:
    told = [row for row in report.findings if not row.review]
    parts = []
    for verdict in report.counts:
        of_rule = sum(1 for row in told if row.verdict == verdict)
        if verdict != "not-applicable" and of_rule:
            parts.append(_verdicts(verdict, of_rule))
    flagged = sum(1 for row in report.findings if row.review and row.verdict != "not-applicable")
    if flagged:
        parts.append(f"{flagged} for a human to judge")
    idle = report.counts["not-applicable"]
    if idle:
        parts.append(f"{idle} not applicable")
    yield f"{_many(len(report.findings), 'check')}: {', '.join(parts) or 'none applied'}"
    if report.faults:
        yield f"{_many(len(report.faults), 'fault')} in the input: not all of it was checked"


def _verdicts(verdict: str, count: int) -> str:
    return _many(count, verdict) if verdict == "violation" else f"{count} {verdict}"


def _figures(finding: Finding) -> list[str]:
    figures = [measure_text(measure) for measure in finding.measures[:1]]
    if finding.margin is not None:
        figures.append(margin_text(finding.margin))
    return figures


def _where(finding: Finding) -> list[str]:
    parts = []
    witness = finding.witness
    if witness is not None:
        parts.append(f"witness {place_text(*witness)} ({plain(finding.measures[0].unit)})")
    if finding.host is not None:
        parts.append(f"in {plain(finding.host)}" + (f", {finding.zone}" if finding.zone else ""))
    elif finding.zone is not None:
        parts.append(f"on {plain(finding.zone)}")
    if finding.sea is not None:
        parts.append(plain(finding.sea))
    if finding.on is not None:
        parts.append(f"on {finding.on}")
    return parts


def _short(finding: Finding) -> str:
    return f"{plain(finding.name)} ({plain(finding.party)})"


def _origin(finding: Finding) -> str:
    origin = finding.origin
    if origin is None:
        return ""
    line = f":{origin.line}" if origin.line is not None else ""
    return f"{plain(origin.source)}{line}: "


def article_text(article: str) -> str:
    """Return the head of a clause.

    >>> article_text("5(2)"), article_text("preamble")
    ('Article 5(2)', 'Preamble')
    """
    shown = plain(article)
    return f"Article {shown}" if shown[:1].isdigit() else shown[:1].upper() + shown[1:]


def _listed(names: Iterable[str], most: int = 24, apart: str = ", ") -> str:
    shown = [plain(name) for name in names]
    rest = len(shown) - most
    return apart.join(shown[:most]) + (f" and {rest} more" if rest > 0 else "")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _verdict(verdict: str, color: bool) -> str:
    # capitals mark what needs a reader even where there is no colour
    shown = verdict.upper() if verdict == "violation" else verdict
    return f"\x1b[{_COLOURS.get(verdict, '1')}m{shown}\x1b[0m" if color else shown


def _strong(text: str, color: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if color else text


def _because(finding: Finding) -> str:
    if not finding.why:
        return ""
    if finding.verdict == "not-applicable":
        return f"because {_listed(finding.why)}"
    return f"would be decided by: {_listed(finding.why)}"
