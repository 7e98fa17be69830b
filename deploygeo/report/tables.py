"""The report as a table: one row a finding."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from deploygeo.checker.findings import Finding, Report
from deploygeo.report._inert import table_text
from deploygeo.report._words import KM_DIGITS, finite, in_order, pairs_text
from deploygeo.report.receipt import receipt
from deploygeo.report.structured import finding_mapping

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "rows", "to_csv", "to_frame"]

COLUMNS = (
    "id",
    "treaty",
    "clause",
    "article",
    "subject",
    "members",
    "name",
    "party",
    "on",
    "verdict",
    "review",
    "why",
    "margin_lo",
    "margin_hi",
    "margin_unit",
    "measured_to",
    "distance_km",
    "error_km",
    "witness_lon",
    "witness_lat",
    "unit",
    "range_lo_km",
    "range_hi_km",
    "range_source",
    "host",
    "zone",
    "sea",
    "level",
    "worldview",
    "as_if",
    "in_force",
    "readings",
    "stability",
    "exception",
    "assumed",
    "episodes",
    "text",
    # the receipt, in each row
    "params",
    "asked_on",
    "ellipsoid",
    "versions",
    "borders_sha256",
    "input_sha256",
    "input_faults",
    "treaty_sha256",
    "baseline_sha256",
)
_RECEIPT = COLUMNS[COLUMNS.index("params") :]


def to_csv(report: Report) -> str:
    """Return a report as CSV (RFC 4180, but with plain line ends), one row a finding.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, also behind a
    semicolon; what cannot be printed is escaped. A cell of a margin or range is empty where
    nothing was measured, and says ``unbounded`` where it has no end. ``as_if`` says that the
    treaty is a draft, checked as if in force, from ``in_force`` where that is given.

    The receipt stands in columns of their own, the same in each row of a treaty. A comment or a
    last row of another shape would break what reads a CSV as a table; columns outlive sorting,
    filtering and the joining of several reports. A treaty without findings has one row for it, with
    an empty ``id``. ``input_faults`` says how many faults the input has: with any, not all of it
    was checked.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> made = to_csv(Report(settings=Settings(), findings=(), treaties=("a",)))
    >>> made.splitlines()[1][:36]
    ',a,,,,,,,,,,,,,,,,,,,,,,,,,,hybrid,u'
    """
    found = {finding.treaty for finding in report.findings}
    silent = [treaty for treaty in report.treaties if treaty not in found]
    if not silent and not found:
        silent = [""]
    told = [*rows(report), *(_nothing(report, treaty) for treaty in silent)]
    return table_text([COLUMNS, *([_cell(row[column]) for column in COLUMNS] for row in told)])


def to_frame(report: Report) -> pd.DataFrame:
    """Return a report as a pandas DataFrame, one row a finding; pandas is imported here.

    An end without a bound is infinite, what was not measured is missing.

    Parameters
    ----------
    report : Report

    Raises
    ------
    ImportError
        Without pandas: ``pip install deploygeo[geo]``.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> frame = to_frame(Report(settings=Settings(), findings=()))
    >>> len(frame), frame.columns[0]
    (0, 'id')
    """
    import pandas as pd

    return pd.DataFrame(rows(report), columns=list(COLUMNS))


def rows(report: Report) -> list[dict[str, Any]]:
    """Return the findings as flat mappings with the keys of `COLUMNS`.

    Parameters
    ----------
    report : Report

    Returns
    -------
    list of dict

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> rows(Report(settings=Settings(), findings=()))
    []
    """
    told = _receipt(report)
    return [
        _row(finding) | told | _of_treaty(report, finding.treaty) for finding in in_order(report)
    ]


def _nothing(report: Report, treaty: str) -> dict[str, Any]:
    """Return the row of a treaty that has no findings."""
    made = receipt(report)
    return (
        dict.fromkeys(COLUMNS)
        | {"treaty": treaty, "level": made.level, "worldview": made.worldview}
        | {"readings": pairs_text(made.readings), "text": "no finding"}
        | _receipt(report)
        | _of_treaty(report, treaty)
    )


def _receipt(report: Report) -> dict[str, Any]:
    made = receipt(report)
    return {
        "params": pairs_text({name: f"{value:.12g}" for name, value in made.params.items()}),
        "asked_on": None if made.on is None else made.on.isoformat(),
        "ellipsoid": made.ellipsoid,
        "versions": "; ".join(f"{name} {value}" for name, value in made.versions.items()),
        "borders_sha256": made.borders_sha256,
        "input_sha256": "; ".join(one.sha256 for one in made.inputs),
        "input_faults": report.fault_count,
        "baseline_sha256": None if made.baseline is None else made.baseline.source.sha256,
    }


def _of_treaty(report: Report, treaty: str) -> dict[str, Any]:
    is_draft = treaty in report.as_if
    day = report.settings.in_force
    return {
        "as_if": is_draft,
        "in_force": day.isoformat() if is_draft and day is not None else None,
        "treaty_sha256": report.treaty_sums.get(treaty) or None,
    }


def _row(finding: Finding) -> dict[str, Any]:
    shown = finding_mapping(finding)
    margin = finding.margin
    first = shown["measures"][0] if shown["measures"] else {}
    lon, lat = first.get("witness", (None, None))
    lo, hi = finding.range_km or (None, None)
    flat = {
        "members": "; ".join(finding.members),
        "why": "; ".join(finding.why),
        "margin_lo": None if margin is None else _end(margin.lo),
        "margin_hi": None if margin is None else _end(margin.hi),
        "margin_unit": None if margin is None else margin.unit,
        "measured_to": first.get("what"),
        "distance_km": first.get("distance_km"),
        "error_km": first.get("error_km"),
        "witness_lon": lon,
        "witness_lat": lat,
        "unit": first.get("unit"),
        "range_lo_km": _end(lo),
        "range_hi_km": _end(hi),
        "readings": pairs_text(finding.readings),
        "stability": "; ".join(
            f"{flip['verdict']} if {flip['change']}" for flip in shown["stability"]
        ),
        "assumed": "; ".join(shown["assumed"]),
        **dict.fromkeys(("as_if", "in_force", *_RECEIPT)),
        "episodes": "; ".join(_episode(episode) for episode in shown["episodes"]),
    }
    return {column: flat[column] if column in flat else shown[column] for column in COLUMNS}


def _end(value: float | None) -> float | None:
    return value if value is None or math.isinf(value) else finite(value, KM_DIGITS)


def _episode(episode: dict[str, Any]) -> str:
    """Return the first and last place of an episode, each after its time.

    >>> ends = {"position": [30.0, 43.0], "time": None}, {"position": [34.0, 43.5], "time": None}
    >>> _episode(dict(zip(("first", "last"), ends)))
    '30.0 43.0/34.0 43.5'
    """
    ends = []
    for point in (episode["first"], episode["last"]):
        place = "{} {}".format(*point["position"])
        ends.append(f"{point['time']} {place}" if point["time"] else place)
    return "/".join(ends)


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isinf(value):
        return "unbounded"
    return value
