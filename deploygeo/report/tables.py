"""The report as a table: one row a finding."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from deploygeo.checker.findings import Report
from deploygeo.report._words import pairs_text, plain
from deploygeo.report.structured import report_mapping

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
    "readings",
    "stability",
    "exception",
    "assumed",
    "episodes",
    "text",
)
# What makes a spreadsheet take a cell for a formula, full-width forms included; of what OWASP
# lists as well, tabs and line ends are escaped before.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def to_csv(report: Report) -> str:
    """Return a report as CSV (RFC 4180, but with plain line ends), one row a finding.

    Text that a spreadsheet would run as a formula gets an apostrophe in front; what cannot be
    printed is escaped.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> to_csv(Report(settings=Settings(), findings=())).count(chr(10))
    1
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows(report):
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return out.getvalue()


def to_frame(report: Report) -> pd.DataFrame:
    """Return a report as a pandas DataFrame, one row a finding; pandas is imported here.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> frame = to_frame(Report(settings=Settings(), findings=()))
    >>> len(frame), tuple(frame.columns) == COLUMNS
    (0, True)
    """
    import pandas as pd

    return pd.DataFrame(rows(report), columns=list(COLUMNS))


def rows(report: Report) -> list[dict[str, Any]]:
    """Return the findings as flat mappings with the keys of `COLUMNS`."""
    return [_row(finding) for finding in report_mapping(report)["findings"]]


def _row(finding: dict[str, Any]) -> dict[str, Any]:
    margin = finding["margin"] or {"lo": None, "hi": None, "unit": None}
    first = finding["measures"][0] if finding["measures"] else {}
    lon, lat = first.get("witness", (None, None))
    lo, hi = finding["range_km"] or (None, None)
    flat = {
        "members": "; ".join(finding["members"]),
        "why": "; ".join(finding["why"]),
        "margin_lo": margin["lo"],
        "margin_hi": margin["hi"],
        "margin_unit": margin["unit"],
        "measured_to": first.get("what"),
        "distance_km": first.get("distance_km"),
        "error_km": first.get("error_km"),
        "witness_lon": lon,
        "witness_lat": lat,
        "unit": first.get("unit"),
        "range_lo_km": lo,
        "range_hi_km": hi,
        "readings": pairs_text(finding["readings"]),
        "stability": "; ".join(
            f"{flip['verdict']} if {flip['change']}" for flip in finding["stability"]
        ),
        "assumed": "; ".join(finding["assumed"]),
        "episodes": "; ".join(_episode(episode) for episode in finding["episodes"]),
    }
    return {column: flat[column] if column in flat else finding[column] for column in COLUMNS}


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
    if not isinstance(value, str):
        return value
    # a line end or NUL in a cell is read in as many ways as there are readers
    value = plain(value)
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value
