"""The difference between two reports as text and JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from deploygeo.checker.findings import HUMAN
from deploygeo.clauses.truth import Margin
from deploygeo.report._names import state_name
from deploygeo.report._words import WIDTH, many, margin_text, plain, quantity, wrapped
from deploygeo.report.difference import Change, Difference
from deploygeo.report.earlier import Earlier
from deploygeo.report.structured import dumped

__all__ = ["FORMAT", "difference_to_json", "difference_to_text"]

FORMAT = "deploygeo-difference/1"
#: Told apart from the other keys.
_TOLD = frozenset({"verdict", "margin", "margin_km"})


def difference_to_text(found: Difference, *, width: int = WIDTH) -> str:
    """Return a difference as text: counts, then what is new, gone and changed, and the receipts.

    Of what does not apply only the number is told; JSON has all.

    Parameters
    ----------
    found : Difference
    width : int

    Examples
    --------
    >>> from deploygeo.checker.findings import Report, Settings, Source
    >>> from deploygeo.report.difference import difference
    >>> from deploygeo.report.earlier import Earlier
    >>> from deploygeo.report.structured import report_mapping
    >>> one = Earlier(Source("a.json", ""), report_mapping(Report(settings=Settings(),
    ...     findings=())))
    >>> print(difference_to_text(difference(one, one)), end="")
    a.json and a.json: 0 new, 0 gone, 0 changed, 0 the same
    """
    names = [plain(side.source.name) for side in (found.before, found.after)]
    counts = f"{len(found.new)} new, {len(found.gone)} gone, {len(found.changed)} changed"
    lines = [f"{names[0]} and {names[1]}: {counts}, {found.same} the same"]
    for name, side in zip(names, (found.before, found.after), strict=True):
        faults = _fault_count(side)
        if faults:
            told = many(faults, "fault")
            lines.append(f"{name} is of an input with {told}: not all of it was checked")
    lines += _listed("New", found.new)
    lines += _listed("Gone", found.gone)
    if found.changed:
        moved = [change for change in found.changed if not _is_idle(change)]
        lines += ["", "Changed"]
        lines += [f"  {line}" for change in moved for line in _change(change)]
        lines += _idle(len(found.changed) - len(moved))
    if found.clauses:
        lines += ["", "Not checkable by a machine: " + ", ".join(map(plain, found.clauses))]
    if found.receipts:
        lines += ["", "The receipts differ"]
        lines += [f"  {what}: {old} → {new}" for what, old, new in found.receipts]
    return "".join(f"{piece}\n" for line in lines for piece in wrapped(line, width))


def _fault_count(side: Earlier) -> int:
    return sum(1 + fault["more"] for fault in side.body["faults"])


def _listed(head: str, findings: Iterable[Mapping[str, Any]]) -> list[str]:
    found = list(findings)
    told = [one for one in found if one["verdict"] != "not-applicable"]
    if not found:
        return []
    lines = ["", head]
    lines += [f"  {_verdict(one)}  {_of(one)}{_margin_of(one)}" for one in told]
    return [*lines, *_idle(len(found) - len(told))]


def _idle(count: int) -> list[str]:
    """Return how many more there are that do not apply.

    >>> _idle(1), _idle(0)
    (['  1 more that does not apply'], [])
    """
    return [f"  {count} more that {'does' if count == 1 else 'do'} not apply"] if count else []


def _is_idle(change: Change) -> bool:
    return {change.before["verdict"], change.after["verdict"]} == {"not-applicable"}


def _of(finding: Mapping[str, Any]) -> str:
    party = f" ({state_name(plain(finding['party']))})" if finding["party"] else ""
    name = plain(finding["name"])
    if finding["subject"] == "group":
        party = ""
    return f"{plain(finding['id'])}: {name}{party}"


def _verdict(finding: Mapping[str, Any]) -> str:
    verdict = str(finding["verdict"])
    if verdict == "indeterminate" and finding["review"]:
        return HUMAN
    return verdict.upper() if verdict == "violation" else verdict


def _margin_of(finding: Mapping[str, Any]) -> str:
    margin = _margin(finding["margin"])
    told = "" if margin is None else margin_text(margin)
    return f"; {told}" if told else ""


def _margin(told: Mapping[str, Any] | None) -> Margin | None:
    if told is None:
        return None
    lo = -math.inf if told["lo"] is None else told["lo"]
    hi = math.inf if told["hi"] is None else told["hi"]
    return Margin(lo, hi, told["unit"])


def _change(change: Change) -> Iterator[str]:
    before, after = change.before, change.after
    head = f"{_of(after)}: "
    if "verdict" in change.keys or "review" in change.keys:
        head += f"{_verdict(before)} → {_verdict(after)}"
    else:
        head += f"still {_verdict(after)}"
    yield head
    if "margin" in change.keys:
        old, new = (_margin(side["margin"]) for side in (before, after))
        texts = [
            (margin_text(one) or "without a bound") if one is not None else "none"
            for one in (old, new)
        ]
        yield f"  margin: {texts[0]} → {texts[1]}{_by(change)}"
    others = [key for key in change.keys if key not in _TOLD]
    if others:
        yield f"  also {', '.join(others)}"


def _by(change: Change) -> str:
    """Return by how much a margin moved: up is towards compliance."""
    moved = change.margin_by
    if moved is None:
        return ""
    unit = plain(change.after["margin"]["unit"])
    texts = [
        "unbounded" if by is None else f"{'+' if by > 0 else ''}{quantity(by, _digits(by))}"
        for by in moved
    ]
    if texts[0] == texts[1]:
        return f" (by {texts[0]} {unit})"
    return f" (least by {texts[0]}, most by {texts[1]} {unit})"


def _digits(by: float) -> int:
    return 0 if by == int(by) else 3 if abs(by) < 1 else 1


def difference_to_json(found: Difference) -> str:
    """Return a difference as JSON, with every finding as the reports have it.

    Parameters
    ----------
    found : Difference

    Examples
    --------
    >>> import json
    >>> from deploygeo.checker.findings import Report, Settings, Source
    >>> from deploygeo.report.difference import difference
    >>> from deploygeo.report.earlier import Earlier
    >>> from deploygeo.report.structured import report_mapping
    >>> one = Earlier(Source("a.json", ""), report_mapping(Report(settings=Settings(),
    ...     findings=())))
    >>> json.loads(difference_to_json(difference(one, one)))["same"]
    0
    """
    body = {
        "format": FORMAT,
        **{
            name: {
                "name": side.source.name,
                "sha256": side.source.sha256,
                "faults": _fault_count(side),
            }
            for name, side in (("before", found.before), ("after", found.after))
        },
        "same": found.same,
        "new": list(found.new),
        "gone": list(found.gone),
        "changed": [
            {
                "id": change.after["id"],
                "keys": list(change.keys),
                "verdict": [change.before["verdict"], change.after["verdict"]],
                "margin": [change.before["margin"], change.after["margin"]],
                "margin_by": None if change.margin_by is None else list(change.margin_by),
                "before": {key: change.before[key] for key in change.keys},
                "after": {key: change.after[key] for key in change.keys},
            }
            for change in found.changed
        ],
        "not_checkable": list(found.clauses),
        "receipts": [
            {"what": what, "before": old, "after": new} for what, old, new in found.receipts
        ],
    }
    return dumped(body, indent=1) + "\n"
