"""The report for code-scanning tools: SARIF 2.1.0."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from deploygeo.checker.findings import Finding, Report
from deploygeo.errors import Fault
from deploygeo.model import Deployment, Origin
from deploygeo.report._inert import sarif_text, uri_of
from deploygeo.report._words import fault_text, in_order, plain
from deploygeo.report.receipt import own_version, receipt, receipt_mapping
from deploygeo.report.sentence import known_origins, origins_of, sentence
from deploygeo.report.structured import dumped, finding_mapping
from deploygeo.report.text import article_text
from deploygeo.treaties import library

__all__ = ["identity", "to_sarif"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# Only what fails has a level; the specification asks for none of all else.
_KINDS = {
    "violation": ("fail", "error"),
    "indeterminate": ("open", "none"),
    "excused": ("informational", "none"),
    "compliant": ("pass", "none"),
}
_FAULTS = {
    "input-fault": ("Fault in the input", "This part of the input was not checked.", "error"),
    "input-warning": ("Odd input", "This part of the input was checked, and is odd.", "warning"),
}
_PROPERTIES = (
    *("verdict", "review", "why", "margin_km", "margin", "measures", "range_km", "host", "zone"),
    *("sea", "on", "worldview", "level", "readings", "stability", "exception", "assumed"),
)


def to_sarif(report: Report, deployments: Iterable[Deployment] = ()) -> str:
    """Return a report as a SARIF 2.1.0 log of one run.

    The rules are the clauses, also those that no machine can check. A violation is a result of
    the kind ``fail`` and the level ``error``; indeterminate is ``open``, what only a human can
    decide ``review``, excused ``informational``, compliant ``pass``; what does not apply is
    counted in ``run.properties``. Faults and warnings of the input are results too. Each result
    has the line of the input; what is of a whole file, or in one without lines, is in line 1,
    since code scanners want a line. The receipt is in ``run.properties``.
    Messages are plain text without placeholders or links; there is no Markdown.

    Parameters
    ----------
    report : Report
    deployments : iterable of Deployment
        Those that were checked: the lines of groups are those of their members.

    Examples
    --------
    >>> import json
    >>> from deploygeo.checker.findings import Settings
    >>> log = json.loads(to_sarif(Report(settings=Settings(), findings=())))
    >>> log["version"], log["runs"][0]["results"]
    ('2.1.0', [])
    """
    known = known_origins(deployments)
    made = receipt(report)
    files = {one.name: index for index, one in enumerate(made.inputs)}
    rules = _rules(report)
    order = {rule["id"]: index for index, rule in enumerate(rules)}
    results = [
        _result(finding, origins_of(finding, known), files, order)
        for finding in in_order(report)
        if finding.verdict != "not-applicable"
    ]
    if report.baseline is not None:
        results = [{**result, "baselineState": "new"} for result in results]
    results += [_fault(fault, "input-fault", files, order) for fault in report.faults]
    results += [_fault(fault, "input-warning", files, order) for fault in report.warnings]
    run = {
        "tool": {"driver": {"name": "deploygeo", "version": own_version(), "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not report.faults}],
        "artifacts": [
            {
                "location": {"uri": uri_of(one.name)},
                "roles": ["analysisTarget"],
                **({"hashes": {"sha-256": one.sha256}} if one.sha256 else {}),
            }
            for one in made.inputs
        ],
        "results": results,
        "properties": {
            "receipt": _plained(receipt_mapping(made)),
            "checks": len(report.findings),
            "counts": dict(report.counts),
            "asIfInForce": _plained(list(report.as_if)),
        },
    }
    return dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def identity(finding: Finding) -> str:
    """Return what a finding is in any run, as a digest: its id, members and host.

    Parameters
    ----------
    finding : Finding

    Examples
    --------
    >>> finding = Finding(id="a/b@c", treaty="a", clause="b", article="1", text="", name="c",
    ...     subject="deployment", members=("c",), party="USA", on=None, verdict="violation")
    >>> len(identity(finding))
    64
    """
    told = dumped([finding.id, finding.host, *finding.members])
    return hashlib.sha256(told.encode()).hexdigest()


def _rules(report: Report) -> list[dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    for finding in in_order(report):
        name = f"{plain(finding.treaty)}/{plain(finding.clause)}"
        told.setdefault(name, _rule(name, finding.treaty, finding.article, finding.text, ""))
    for clause in report.not_checkable:
        name = f"{plain(clause.treaty)}/{plain(clause.clause)}"
        told.setdefault(name, _rule(name, clause.treaty, clause.article, clause.text, clause.why))
    for name, (short, help_, level) in _FAULTS.items():
        if report.faults if name == "input-fault" else report.warnings:
            told[name] = {
                "id": name,
                "shortDescription": {"text": short},
                "help": {"text": help_},
                "defaultConfiguration": {"level": level},
            }
    return list(told.values())


def _rule(name: str, treaty: str, article: str, text: str, why: str) -> dict[str, Any]:
    short = f"{article_text(article)} of {plain(treaty)}"
    told = f"{short}: {plain(text)}" if text else short
    if why:
        told += f" No machine can check it: {plain(why)}."
    elif treaty in library():
        told += f" Its rule: deploygeo explain {name}"
    return {
        "id": name,
        "shortDescription": {"text": sarif_text(short)},
        "fullDescription": {"text": sarif_text(text or short)},
        "help": {"text": sarif_text(told)},
        "defaultConfiguration": {"level": "none" if why else "error"},
        "properties": {"treaty": plain(treaty), "article": plain(article)},
    }


def _result(
    finding: Finding,
    origins: list[Origin],
    files: Mapping[str, int],
    order: Mapping[str, int],
) -> dict[str, Any]:
    kind, level = ("review", "none") if finding.is_open else _KINDS[finding.verdict]
    rule = f"{plain(finding.treaty)}/{plain(finding.clause)}"
    shown = finding_mapping(finding)
    named = [
        {"name": plain(finding.name), "fullyQualifiedName": plain(finding.id), "kind": "object"}
    ]
    first: dict[str, Any] = {"logicalLocations": named}
    if origins:
        first |= _place(origins[0].source, origins[0].line, None, files)
    result: dict[str, Any] = {
        "ruleId": rule,
        "ruleIndex": order[rule],
        "kind": kind,
        "level": level,
        "message": {"text": sarif_text(sentence(finding))},
        "locations": [first],
        "partialFingerprints": {"deploygeoFinding/v1": identity(finding)},
        "properties": {key: _plained(shown[key]) for key in _PROPERTIES},
    }
    if len(origins) > 1:
        result["relatedLocations"] = [
            {"id": index, **_place(one.source, one.line, None, files)}
            for index, one in enumerate(origins[1:], 1)
        ]
    return result


def _fault(
    fault: Fault, rule: str, files: Mapping[str, int], order: Mapping[str, int]
) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if fault.source:
        location |= _place(fault.source, fault.line, fault.column, files)
    if fault.pointer:
        location["logicalLocations"] = [
            {"fullyQualifiedName": plain(fault.pointer), "kind": "member"}
        ]
    return {
        "ruleId": rule,
        "ruleIndex": order[rule],
        "kind": "fail",
        "level": _FAULTS[rule][2],
        "message": {"text": sarif_text(fault_text(fault)) or "unknown"},
        **({"occurrenceCount": 1 + fault.more} if fault.more else {}),
        **({"locations": [location]} if location else {}),
    }


def _place(
    source: str, line: int | None, column: int | None, files: Mapping[str, int]
) -> dict[str, Any]:
    artifact: dict[str, Any] = {"uri": uri_of(source)}
    if source in files:
        artifact["index"] = files[source]
    region = {"startLine": 1 if line is None else line}
    if column is not None:
        region["startColumn"] = column
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _plained(value: Any) -> Any:
    """Return a value of JSON whose texts, keys too, a viewer can show."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(key): _plained(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plained(one) for one in value]
    return value
