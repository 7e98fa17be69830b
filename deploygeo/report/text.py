"""The report for people: grouped by treaty and clause, the gravest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from deploygeo.checker.findings import Finding, Report
from deploygeo.clauses.outcome import Reason
from deploygeo.clauses.truth import Truth
from deploygeo.report._names import named, spoken, state_name, unit_name, zone_name
from deploygeo.report._words import (
    WIDTH,
    by_text,
    choices_text,
    counts_text,
    episode_texts,
    in_order,
    listed,
    many,
    margin_text,
    measure_text,
    pairs_text,
    place_text,
    plain,
    quantity,
    range_text,
    stability_text,
    wrapped,
)
from deploygeo.report.receipt import receipt, receipt_lines

__all__ = [
    "article_text",
    "finding_lines",
    "header_lines",
    "reason_lines",
    "summary_lines",
    "title_text",
    "to_concise",
    "to_text",
    "unchecked_lines",
]

_COLOURS = {
    "violation": "31",
    "indeterminate": "33",
    "excused": "36",
    "compliant": "32",
    "not-applicable": "2",
}
#: So many names are told in one line, and episodes of a finding; the rest are counted.
_MOST_NAMES = 8
_MET = {Truth.TRUE: "met", Truth.FALSE: "not met", Truth.UNKNOWN: "open"}
_COMPARED = {
    ">": ("is more than", "is not more than"),
    "<": ("is less than", "is not less than"),
    ">=": ("is at least", "is less than"),
    "<=": ("is at most", "is more than"),
}
_UNBOUNDED = re.compile(r"(\d)–∞ ")
_GAP = re.compile(r" {2,}")
_NOTHING = re.compile(r" \(∞ [^()]*\) [<>=]+ .*$")


def to_text(
    report: Report,
    *,
    color: bool = False,
    all: bool = False,  # noqa: A002 - the word of the command line
    width: int = WIDTH,
) -> str:
    """Return a report as text for people: counts, findings, the receipt, and the counts again.

    Parameters
    ----------
    report : Report
    color : bool
        Mark the verdicts with ANSI colours.
    all : bool
        Tell the compliant findings in full with every reading, and the not applicable ones by
        name.
    width : int
        Longer lines are wrapped.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> print(to_text(Report(settings=Settings(), findings=(), source="a.geojson")), end="")
    deploygeo: a.geojson, 0 deployments and 0 records
    worldview un; borders hybrid; default readings
    0 checks: none applied
    <BLANKLINE>
    receipt
      deploygeo ...
    """
    lines = header_lines(report)
    body: list[str] = []
    for treaty, by_treaty in groupby(in_order(report), key=lambda finding: finding.treaty):
        block: list[str] = []
        for _, rows in groupby(by_treaty, key=lambda finding: finding.clause):
            block += _clause(list(rows), report, color=color, full=all)
        if block:
            body += ["", _strong(plain(treaty), color), *block]
    body += _not_checkable(report)
    # who reads on a terminal sees the end, who reads a file its beginning
    lines += [*body, "", *receipt_lines(receipt(report))]
    lines += ["", *summary_lines(report)] if body else []
    return "".join(f"{piece}\n" for line in lines for piece in wrapped(line, width))


def to_concise(report: Report) -> str:
    """Return one line a finding that applies, the gravest of each clause first.

    Lines about the run begin with ``#``: its choices and its counts, and last its receipt and the
    clauses that no machine can check.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> print(to_concise(Report(settings=Settings(), findings=(), source="a.json")), end="")
    # deploygeo: a.json, 0 deployments and 0 records
    # worldview un; borders hybrid; default readings
    # 0 checks: none applied
    # receipt
    #   deploygeo ...
    """
    lines = [f"# {line}" for line in header_lines(report)]
    for finding in in_order(report):
        if finding.verdict == "not-applicable" or finding.is_open:
            continue
        parts = [f"{_origin(finding)}{plain(finding.id)}: {finding.verdict}", *_figures(finding)]
        if finding.why:
            parts.append(f"wants {listed(finding.why)}")
        lines.append("; ".join(parts))
    told = (*receipt_lines(receipt(report)), *unchecked_lines(report))
    lines += [f"# {line}" for line in told]
    return "".join(f"{line}\n" for line in lines)


def header_lines(report: Report) -> list[str]:
    """Return what every report begins with: the file, the choices, the counts.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> header_lines(Report(settings=Settings(), findings=()))[0]
    'deploygeo: deployments, 0 deployments and 0 records'
    """
    source = plain(report.source) or "deployments"
    told = f"{many(report.deployments, 'deployment')} and {many(report.records, 'record')}"
    return [f"deploygeo: {source}, {told}", *choices_text(report), *summary_lines(report)]


def summary_lines(report: Report) -> list[str]:
    """Return the counts, and that something is wrong with the input where it is.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> summary_lines(Report(settings=Settings(), findings=()))
    ['0 checks: none applied']
    """
    lines = [counts_text(report)]
    if report.faults:
        text = f"{many(report.fault_count, 'fault')} in the input: not all of it was checked"
        lines.append(text)
    return lines


def unchecked_lines(report: Report) -> list[str]:
    """Return a line that names the clauses that no machine can check; none where there are none.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import NotCheckable, Settings
    >>> one = NotCheckable("a", "1", "1", "Interests.", "not observable")
    >>> unchecked_lines(Report(settings=Settings(), findings=(), not_checkable=(one,)))
    ['not checkable by a machine: 1 clause (a/1)']
    """
    if not report.not_checkable:
        return []
    names = ", ".join(f"{plain(one.treaty)}/{plain(one.clause)}" for one in report.not_checkable)
    return [f"not checkable by a machine: {many(len(report.not_checkable), 'clause')} ({names})"]


def finding_lines(
    finding: Finding,
    *,
    color: bool = False,
    name: bool = True,
    readings: Mapping[str, str] | None = None,
) -> list[str]:
    """Return all that a finding says, one fact a line, without its reasons.

    Parameters
    ----------
    finding : Finding
    color : bool
        Mark the verdict with ANSI colours.
    name : bool
        Say of whom it is, and not only its id.
    readings : mapping, optional
        Those to tell of what the finding consulted; all without.

    Examples
    --------
    >>> finding = Finding(id="a/b@c", treaty="a", clause="b", article="1", text="", name="Ship",
    ...     subject="deployment", members=("c",), party="USA", on=None, verdict="violation")
    >>> finding_lines(finding)
    ['VIOLATION  Ship (United States, c)', '  holds under all readings and worldviews']
    """
    first = finding.members[0] if finding.members else ""
    title = plain(finding.id)
    if name:
        title = title_text(finding)
        if finding.subject != "group":
            apart = [state_name(plain(finding.party)) if finding.party else ""]
            apart += [plain(first)] if first != finding.name else []
            title += f" ({', '.join(part for part in apart if part)})" if any(apart) else ""
    told = finding.readings if readings is None else readings
    consulted = {key: value for key, value in finding.readings.items() if key in told}
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
        f"readings: {pairs_text(consulted)}" if consulted else "",
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
    """Return the tree of reasons, one condition a line: met, not met or open.

    Parameters
    ----------
    reason : Reason
    depth : int
        How deep it is indented.

    Examples
    --------
    >>> from deploygeo.clauses.truth import Truth
    >>> leaf = Reason("kind is surface_warship", Truth.TRUE)
    >>> print(*reason_lines(Reason("and", Truth.FALSE, None, (
    ...     leaf, Reason("not", Truth.FALSE, None, (leaf,))))), sep=chr(10))
    not met  all of these:
    met        kind is surface warship
    not met    kind is surface warship
    """
    inner, contrary = reason, False
    while inner.text == "not" and len(inner.children) == 1:  # twice not is nothing
        inner, contrary = inner.children[0], not contrary
    by = by_text(inner.margin) if inner.margin is not None else ""
    told = _joined(inner.text, contrary) if inner.children else _fact(inner.text, contrary)
    told += f" ({by})" if by else ""
    yield f"{_MET[reason.truth]:<8} {'  ' * depth}{told}"
    for child in inner.children:
        yield from reason_lines(child, depth + 1)


def _joined(word: str, contrary: bool) -> str:
    told = {"and": "all of these:", "or": "at least one of these:"}.get(word, f"{plain(word)}:")
    if contrary:
        told = {"and": "not all of these:", "or": "none of these:"}.get(word, f"not: {told}")
    return told


def _fact(text: str, contrary: bool) -> str:
    """Return what was found, which under a contrary is the same; a comparison is turned."""
    # a list of states was parted by commas that were taken for those of a number
    shown = _GAP.sub(", ", plain(text))
    # nothing is compared with what is not there
    shown = _UNBOUNDED.sub(r"\1 or more ", _NOTHING.sub("", shown))
    for sign, words in _COMPARED.items():
        shown = shown.replace(f" {sign} ", f" {words[contrary]} ")
    return named(shown)


def _clause(rows: list[Finding], report: Report, *, color: bool, full: bool) -> Iterator[str]:
    """Return the lines of one clause; none where nothing of it is to be told."""
    flagged = [row for row in rows if row.is_open]
    lines: list[str] = []
    for row in rows:
        if row.is_open:
            continue
        if row.verdict == "not-applicable":
            if full:
                lines.append(f"{_verdict(row.verdict, color)}  {_short(row)}")
        elif row.verdict == "compliant" and not full:
            lines.append("; ".join([f"{_verdict(row.verdict, color)}  {_short(row)}", *_tail(row)]))
        else:
            # the header says which readings are not the default ones
            changed = None if full else report.settings.readings
            lines += finding_lines(row, color=color, readings=changed)
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
    yield f"Not checkable by a machine: {many(len(report.not_checkable), 'clause')}"
    for clause in report.not_checkable:
        yield f"  {plain(clause.treaty)}/{plain(clause.clause)}: {plain(clause.why)}"


def _figures(finding: Finding) -> list[str]:
    figures = [measure_text(measure) for measure in finding.measures[:1]]
    if finding.margin is not None:
        figures.append(margin_text(finding.margin))
    return [figure for figure in figures if figure]


def _where(finding: Finding) -> list[str]:
    parts = []
    witness = finding.witness
    if witness is not None:
        where = unit_name(plain(finding.measures[0].unit))
        parts.append(f"witness {place_text(*witness)}" + (f" ({where})" if where else ""))
    if finding.host is not None:
        zone = f" ({zone_name(plain(finding.zone))})" if finding.zone else ""
        parts.append(f"in {spoken(plain(finding.host))}{zone}")
    elif finding.zone is not None:
        parts.append(zone_name(plain(finding.zone)))
    if finding.sea is not None:
        parts.append(plain(finding.sea))
    if finding.on is not None:
        parts.append(f"on {finding.on}")
    return parts


def _short(finding: Finding) -> str:
    if finding.subject == "group" or not finding.party:
        return title_text(finding)
    return f"{title_text(finding)} ({state_name(plain(finding.party))})"


def title_text(finding: Finding) -> str:
    """Return the name of what a finding is about; forces by the names of the states.

    Parameters
    ----------
    finding : Finding

    Examples
    --------
    >>> title_text(Finding(id="a/b@c", treaty="a", clause="b", article="1", text="", name="c",
    ...     subject="group", members=(), party="USA", host="POL", on=None, verdict="violation"))
    'forces of the United States in Poland'
    """
    if finding.subject == "group" and finding.host is not None:
        return f"forces of {spoken(plain(finding.party))} in {spoken(plain(finding.host))}"
    return plain(finding.name)


def _origin(finding: Finding) -> str:
    origin = finding.origin
    if origin is None:
        return ""
    line = f":{origin.line}" if origin.line is not None else ""
    return f"{plain(origin.source)}{line}: "


def article_text(article: str) -> str:
    """Return the head of a clause.

    Parameters
    ----------
    article : str
        As the treaty counts it.

    Examples
    --------
    >>> article_text("5(2)"), article_text("preamble")
    ('Article 5(2)', 'Preamble')
    """
    shown = plain(article)
    return f"Article {shown}" if shown[:1].isdigit() else shown[:1].upper() + shown[1:]


def _listed(names: Iterable[str], most: int = 24, apart: str = ", ") -> str:
    shown = [plain(name) for name in names]
    rest = len(shown) - most
    return apart.join(shown[:most]) + (f" and {rest} more" if rest > 0 else "")


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
    return f"would be decided by: {listed(finding.why)}"
