"""The report for programs: JSON and newline-delimited JSON, the same bytes in every run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

from deploygeo.checker.findings import (
    Episode,
    Finding,
    Flip,
    Move,
    NotCheckable,
    Report,
    Settings,
    Waypoint,
)
from deploygeo.clauses.outcome import Measure, Reason
from deploygeo.clauses.truth import Margin
from deploygeo.errors import Fault
from deploygeo.report._words import DEGREE_DIGITS, KM_DIGITS, finite, in_order
from deploygeo.report.receipt import borders_sha256, own_version, receipt, receipt_mapping

__all__ = [
    "FORMAT",
    "dumped",
    "finding_mapping",
    "report_mapping",
    "to_json",
    "to_ndjson",
    "versions",
]

#: Rises where a key changes its meaning or goes; the schema of each is in `schemas`.
FORMAT = "deploygeo-report/2"


def to_json(report: Report) -> str:
    """Return a report as JSON; what is infinite or unknown is null.

    Kilometres have three decimals, degrees five.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> import json
    >>> json.loads(to_json(Report(settings=Settings(), findings=())))["counts"]["violation"]
    0
    """
    return dumped(report_mapping(report), indent=1) + "\n"


def to_ndjson(report: Report) -> str:
    """Return one JSON object a line: the run, each finding, each clause that is not checkable.

    The key ``type`` of each tells which it is.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> to_ndjson(Report(settings=Settings(), findings=())).startswith('{"type": "report"')
    True
    """
    whole = report_mapping(report)
    findings, clauses = whole.pop("findings"), whole.pop("not_checkable")
    rows = [{"type": "report", **whole}]
    rows += [{"type": "finding", **row} for row in findings]
    rows += [{"type": "not_checkable", **row} for row in clauses]
    return "".join(f"{dumped(row)}\n" for row in rows)


def report_mapping(report: Report) -> dict[str, Any]:
    """Return a report as mappings, lists, texts and finite numbers.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> report_mapping(Report(settings=Settings(), findings=()))["counts"]["for-a-human"]
    0
    """
    return {
        "format": FORMAT,
        "receipt": receipt_mapping(receipt(report)),
        "source": report.source,
        "deployments": report.deployments,
        "records": report.records,
        "treaties": list(report.treaties),
        "as_if_in_force": list(report.as_if),
        "settings": _settings(report.settings),
        "checks": len(report.findings),
        "counts": dict(report.counts),
        "findings": [finding_mapping(finding) for finding in in_order(report)],
        "not_checkable": [_not_checkable(clause) for clause in report.not_checkable],
        "faults": [_fault(fault) for fault in report.faults],
        "warnings": [_fault(fault) for fault in report.warnings],
    }


def versions() -> dict[str, str]:
    """Return in short what made a result that has no receipt: deploygeo and the border data.

    Examples
    --------
    >>> sorted(versions())
    ['borders', 'deploygeo']
    """
    digest = borders_sha256()
    return {"deploygeo": own_version(), "borders": f"sha256:{digest}" if digest else "unknown"}


def finding_mapping(finding: Finding) -> dict[str, Any]:
    """Return a finding as mappings, lists, texts and finite numbers.

    Parameters
    ----------
    finding : Finding

    Returns
    -------
    dict
        As `report_schema` describes it.

    Examples
    --------
    >>> finding = Finding(id="a/b@c", treaty="a", clause="b", article="1", text="", name="c",
    ...     subject="deployment", members=("c",), party="USA", on=None, verdict="violation")
    >>> finding_mapping(finding)["margin_km"] is None
    True
    """
    witness = finding.witness
    return {
        "id": finding.id,
        "treaty": finding.treaty,
        "clause": finding.clause,
        "article": finding.article,
        "text": finding.text,
        "subject": finding.subject,
        "members": list(finding.members),
        "name": finding.name,
        "party": finding.party,
        "on": _day(finding.on),
        "verdict": finding.verdict,
        "review": finding.review,
        "why": list(finding.why),
        "margin_km": None if finding.margin_km is None else _ends(*finding.margin_km),
        "margin": _margin(finding.margin),
        "witness": None if witness is None else _position(*witness),
        "measures": [_measure(measure) for measure in finding.measures],
        "range_km": None if finding.range_km is None else _ends(*finding.range_km),
        "range_source": finding.range_source or None,
        "host": finding.host,
        "zone": finding.zone,
        "sea": finding.sea,
        "level": finding.level,
        "worldview": finding.worldview,
        "readings": _sorted(finding.readings),
        "stability": _flips(finding.stability),
        "exception": finding.exception,
        "assumed": sorted(finding.assumed),
        "nearest_compliant": _move(finding.nearest_compliant),
        "episodes": [_episode(episode) for episode in finding.episodes],
        "episodes_open_km": finite(finding.open_km, KM_DIGITS),
        "reason": None if finding.reason is None else _reason(finding.reason),
        "origin": None
        if finding.origin is None
        else {
            "source": finding.origin.source,
            "line": finding.origin.line,
            "feature": finding.origin.feature,
        },
    }


def dumped(value: object, indent: int | None = None) -> str:
    """Return JSON text that UTF-8 can hold and a terminal can show.

    Parameters
    ----------
    value : object
    indent : int, optional

    Examples
    --------
    >>> dumped({"name": "Ämari"})
    '{"name": "Ämari"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    if text.isprintable():
        return text
    # what no terminal should act upon, and lone surrogates, which UTF-8 has not, are escaped;
    # line ends stand between values only, since JSON escapes those in texts
    return "".join(
        char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text
    )


def _settings(settings: Settings) -> dict[str, Any]:
    return {
        "worldview": settings.worldview,
        "readings": _sorted(settings.readings),
        "params": {name: finite(settings.params[name], 9) for name in sorted(settings.params)},
        "on": _day(settings.on),
        "in_force": _day(settings.in_force),
        "level": settings.level,
    }


def _margin(margin: Margin | None) -> dict[str, Any] | None:
    if margin is None:
        return None
    lo, hi = _ends(margin.lo, margin.hi)
    return {"lo": lo, "hi": hi, "unit": margin.unit}


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "what": measure.what,
        "distance_km": finite(measure.distance_km, KM_DIGITS),
        "error_km": finite(measure.error_km, KM_DIGITS),
        "witness": _position(measure.lon, measure.lat),
        "unit": measure.unit,
        "at_least": measure.at_least,
    }


def _move(move: Move | None) -> dict[str, Any] | None:
    if move is None:
        return None
    return {
        "distance_km": finite(move.distance_km, KM_DIGITS),
        "bearing_deg": finite(move.bearing_deg, 1),
        "position": _position(move.lon, move.lat),
    }


def _episode(episode: Episode) -> dict[str, Any]:
    return {
        "certain": episode.certain,
        "from_start": episode.from_start,
        "to_end": episode.to_end,
        "first": _waypoint(episode.first),
        "last": _waypoint(episode.last),
        "deepest": _waypoint(episode.deepest),
        "depth_km": _ends(*episode.depth_km),
    }


def _waypoint(point: Waypoint) -> dict[str, Any]:
    time = None
    if point.time is not None:
        text = point.time.astimezone(UTC).isoformat(timespec="seconds")
        time = text.replace("+00:00", "Z")
    return {"position": _position(point.lon, point.lat), "time": time}


def _flips(flips: tuple[Flip, ...]) -> list[dict[str, str]]:
    pairs = sorted({(flip.change, flip.verdict) for flip in flips})
    return [{"change": change, "verdict": verdict} for change, verdict in pairs]


def _reason(reason: Reason) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": reason.text, "truth": reason.truth.value}
    if reason.margin is not None:
        shown["margin"] = _margin(reason.margin)
    if reason.children:
        shown["children"] = [_reason(child) for child in reason.children]
    return shown


def _not_checkable(clause: NotCheckable) -> dict[str, str]:
    return {
        "treaty": clause.treaty,
        "clause": clause.clause,
        "article": clause.article,
        "text": clause.text,
        "why": clause.why,
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "message": fault.message,
        "source": fault.source,
        "line": fault.line,
        "column": fault.column,
        "feature": fault.feature,
        "id": fault.id,
        "pointer": fault.pointer,
        "more": fault.more,
    }


def _ends(lo: float, hi: float) -> list[float | None]:
    return [finite(lo, KM_DIGITS), finite(hi, KM_DIGITS)]


def _position(lon: float, lat: float) -> list[float | None]:
    return [finite(lon, DEGREE_DIGITS), finite(lat, DEGREE_DIGITS)]


def _sorted(pairs: Mapping[str, str]) -> dict[str, str]:
    return {name: pairs[name] for name in sorted(pairs)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
