"""The audit of a treaty, what it costs each side, as text, CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from deploygeo.checker.findings import HUMAN, VERDICTS
from deploygeo.consistency import Area, Audit, Cost
from deploygeo.report._inert import table_text
from deploygeo.report._words import WIDTH, finite, many, plain, quantity, wrapped
from deploygeo.report.consistency import choices_line, settings_mapping
from deploygeo.report.structured import dumped, versions

__all__ = ["audit_to_csv", "audit_to_json", "audit_to_text"]

_AREAS = ("own_land", "other_land", "seas")
_COUNTED = (*(name for name in VERDICTS if name != "not-applicable"), HUMAN)
_COLUMNS = (
    *("treaty", "clause", "side", "parties", "range_km"),
    *(f"{name}_{what}" for name in _AREAS for what in ("closed_km2", "share", "error")),
    *(name.replace("-", "_") for name in _COUNTED),
    "why",
)
_MOST_SIDE = 28


def audit_to_text(found: Audit, *, width: int = WIDTH) -> str:
    """Return an audit as two tables: what is closed, and whose forces are hit.

    Parameters
    ----------
    found : Audit
    width : int
        Of a line of prose; tables are as wide as they are.

    Examples
    --------
    >>> from datetime import date
    >>> from deploygeo.checker.findings import Settings
    >>> cost = Cost("6", "Russia", ("RUS",), 2500.0, Area(3.5e6, 16.9e6, 2e4))
    >>> print(audit_to_text(Audit("t", Settings(), date(2021, 12, 17), ("Russia",), (cost,))))
    t, as if in force; worldview un; default readings; sets of 2021-12-17
    <BLANKLINE>
    Closed, in thousands of km² and in percent
         range     to        own land    other land    ten seas
    6    2 500 km  Russia  3 500  20.7            –           –
    <BLANKLINE>
    ...
    """
    head = f"{plain(found.treaty)}{', as if in force' if found.as_if else ''}; "
    lines = [f"{head}{choices_line(found.settings)}; sets of {found.on}"]
    measured = [row for row in found.costs if not row.why]
    if measured:
        lines += ["", "Closed, in thousands of km² and in percent", *_table(list(_rows(measured)))]
        worst = max(
            (area.error for row in measured for area in _areas(row) if area is not None),
            default=0.0,
        )
        lines += [
            "",
            f"Outlines are within {found.tolerance_m / 1000:g} km of the range, which puts no share"
            f" off by more than {100 * worst:.1f} points. A reach is taken at the ranges given; the"
            " seas are the ten that 'deploygeo zone --shares' names, with the territorial seas in"
            " them; – is where nothing that the clause is about can be.",
        ]
    unmeasured = [row for row in found.costs if row.why]
    if unmeasured:
        lines += ["", "Not measured"]
        lines += _table(
            [
                (plain(row.clause), plain(f"{row.side}: {row.why}" if row.side else row.why))
                for row in unmeasured
            ],
            left=2,
        )
    if found.breaches:
        source = f" in {plain(found.source)}" if found.source else ""
        counts = many(found.deployments, "deployment")
        counts += f" and {many(found.records, 'record')}" if found.records else ""
        shown = [
            name for name in _COUNTED if any(row.counts.get(name, 0) for row in found.breaches)
        ]
        lines += ["", f"Of {counts}{source}, by side and verdict"]
        lines += _table([("", "side", *shown), *_counts(found, shown)], left=2)
    if found.idle_records:
        names = ", ".join(map(plain, found.idle_records))
        lines += ["", f"No clause asks for records such as {names}."]
    if found.not_checkable:
        names = ", ".join(map(plain, found.not_checkable))
        lines += ["", f"Not checkable: {names}."]
    return "".join(
        f"{piece}\n"
        for line in lines
        for piece in ([line] if "  " in line.strip() else wrapped(line, width))
    )


def _areas(row: Cost) -> tuple[Area | None, ...]:
    return (row.own_land, row.other_land, row.seas)


def _rows(costs: Sequence[Cost]) -> Iterator[tuple[str, ...]]:
    yield ("", "range", "to", "own land", "", "other land", "", "ten seas", "")
    before = ""
    for row in costs:
        cells = [
            cell
            for area in _areas(row)
            for cell in (
                ("", "–")
                if area is None
                else (quantity(area.closed_km2 / 1000.0), f"{100.0 * area.share:.1f}")
            )
        ]
        reach = "" if row.range_km is None else f"{quantity(row.range_km)} km"
        clause = plain(row.clause) if row.clause != before else ""
        before = row.clause
        yield (clause, reach, _side(row), *cells)


def _side(row: Cost) -> str:
    side = plain(row.side)
    return side if len(side) <= _MOST_SIDE else f"{len(row.parties)} parties"


def _counts(found: Audit, shown: Sequence[str]) -> Iterator[tuple[str, ...]]:
    before = ""
    for row in found.breaches:
        clause = plain(row.clause) if row.clause != before else ""
        before = row.clause
        yield (clause, plain(row.side), *(str(row.counts.get(name, 0) or "–") for name in shown))


def _table(rows: Sequence[Sequence[str]], left: int = 3) -> list[str]:
    """Return rows as columns: the first ones to the left, and numbers to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if at < left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def audit_to_csv(found: Audit) -> str:
    """Return an audit as CSV: a line for each clause, range and side.

    Shares are from 0 to 1. The counts of a side stand in each line of it.

    Parameters
    ----------
    found : Audit

    Examples
    --------
    >>> from datetime import date
    >>> from deploygeo.checker.findings import Settings
    >>> audit_to_csv(Audit("t", Settings(), date(2021, 12, 17), ()))[:42]
    'treaty,clause,side,parties,range_km,own_la'
    """
    rows: list[Sequence[object]] = [_COLUMNS]
    counts = {(row.clause, row.side): row.counts for row in found.breaches}
    told: set[tuple[str, str]] = set()
    for row in found.costs:
        sides = found.sides if not row.side and found.breaches else (row.side,)
        for side in sides:
            told.add((row.clause, side))
            rows.append(_cells(found, row, side, counts.get((row.clause, side), {})))
    for one in found.breaches:
        if (one.clause, one.side) not in told:
            cost = Cost(one.clause, one.side, ())
            rows.append(_cells(found, cost, one.side, one.counts))
    return table_text(rows)


def _cells(found: Audit, row: Cost, side: str, counts: Any) -> list[object]:
    cells: list[object] = [found.treaty, row.clause, side, " ".join(row.parties)]
    cells.append("" if row.range_km is None else row.range_km)
    for area in _areas(row):
        if area is None:
            cells += ["", "", ""]
        else:
            cells += [finite(area.closed_km2, 1), finite(area.share, 6), finite(area.error, 6)]
    cells += [counts.get(name, 0) if found.breaches else "" for name in _COUNTED]
    return [*cells, row.why]


def audit_to_json(found: Audit) -> str:
    """Return an audit as JSON.

    Parameters
    ----------
    found : Audit

    Examples
    --------
    >>> from datetime import date
    >>> from deploygeo.checker.findings import Settings
    >>> made = audit_to_json(Audit("t", Settings(), date(2021, 12, 17), ()))
    >>> made.startswith('{"format": "deploygeo-audit/1"')
    True
    """
    body = {
        "format": "deploygeo-audit/1",
        **versions(),
        "treaty": found.treaty,
        "as_if_in_force": found.as_if,
        "settings": settings_mapping(found.settings),
        "on": found.on.isoformat(),
        "sides": list(found.sides),
        "tolerance_m": found.tolerance_m,
        "costs": [
            {
                "clause": row.clause,
                "side": row.side,
                "parties": list(row.parties),
                "range_km": row.range_km,
                **{
                    name: None
                    if area is None
                    else {
                        "closed_km2": finite(area.closed_km2, 1),
                        "whole_km2": finite(area.whole_km2, 1),
                        "share": finite(area.share, 6),
                        "error": finite(area.error, 6),
                    }
                    for name, area in zip(_AREAS, _areas(row), strict=True)
                },
                "why": row.why or None,
            }
            for row in found.costs
        ],
        "source": found.source,
        "deployments": found.deployments,
        "records": found.records,
        "breaches": [
            {"clause": row.clause, "side": row.side, "counts": dict(row.counts)}
            for row in found.breaches
        ],
        "idle_records": list(found.idle_records),
        "not_checkable": list(found.not_checkable),
    }
    return dumped(body) + "\n"
