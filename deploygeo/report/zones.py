"""Zones as GeoJSON, and shares as text, CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from deploygeo.report._inert import table_text
from deploygeo.report._names import unit_name
from deploygeo.report._words import finite, plain
from deploygeo.report.structured import dumped, versions
from deploygeo.zones.shared import Share
from deploygeo.zones.zoned import ClosedZone

__all__ = ["shares_to_csv", "shares_to_json", "shares_to_text", "zone_mapping", "zone_to_geojson"]

#: About a centimetre: what moves an outline less than its tolerance by far.
_DEGREE_DIGITS = 7
_METRE_DIGITS = 3
_SHARE_DIGITS = 6
_AS_IF = "a draft, drawn as if in force; it never was"
#: Shares below this, in percent, are told as none.
_LEAST = 0.05
_COLUMNS = (
    "treaty",
    "clause",
    "party",
    "range_km",
    "worldview",
    "kind",
    "place",
    "share",
    "error",
    "closed_km2",
    "area_km2",
)


def zone_to_geojson(drawn: ClosedZone) -> str:
    """Return a closed zone as a FeatureCollection of RFC 7946 with one feature.

    Parameters
    ----------
    drawn : ClosedZone

    Examples
    --------
    >>> import json
    >>> from deploygeo.zones.zoned import zone_of
    >>> made = json.loads(zone_to_geojson(zone_of("us-russia-2021/6", "RUS", 300)))
    >>> made["features"][0]["geometry"], made["features"][0]["properties"]["party"]
    (None, 'RUS')
    """
    return f'{{"type": "FeatureCollection", "features": [\n{dumped(zone_mapping(drawn))}\n]}}\n'


def zone_mapping(drawn: ClosedZone) -> dict[str, Any]:
    """Return a closed zone as a feature of GeoJSON.

    Parameters
    ----------
    drawn : ClosedZone

    Examples
    --------
    >>> from deploygeo.zones.zoned import zone_of
    >>> zone_mapping(zone_of("us-russia-2021/6", "RUS", 300))["id"]
    'us-russia-2021/6@RUS:300'
    """
    closed = drawn.closed
    name = f"{closed.treaty.id}/{closed.clause.id}"
    reach = "" if closed.range_km is None else f":{closed.range_km:g}"
    made = versions()
    properties = {
        "role": "closed",
        "treaty": closed.treaty.id,
        "clause": closed.clause.id,
        "article": closed.clause.article,
        "party": closed.party,
        "range_km": closed.range_km,
        "closed": str(closed.place),
        "area_km2": finite(drawn.area_km2, 0),
        "tolerance_m": drawn.tolerance_m,
        "worst_deviation_m": finite(drawn.worst_m, _METRE_DIGITS),
        "least_width_m": drawn.least_width_m,
        "worldview": closed.settings.worldview,
        "on": closed.on.isoformat(),
        "readings": dict(sorted(closed.readings.items())),
        "params": dict(sorted(closed.settings.params.items())),
        "assumed": list(closed.assumed),
        "notes": list(drawn.notes),
        "level": closed.settings.level,
        "borders": made["borders"],
        "deploygeo": made["deploygeo"],
        "as_if": _AS_IF if closed.treaty.status == "draft" else None,
    }
    return {
        "type": "Feature",
        "id": f"{name}@{closed.party}{reach}",
        "geometry": _mapped(drawn.geometry),
        "properties": properties,
    }


def _mapped(geometry: Any) -> dict[str, Any] | None:
    """Return a geometry with rounded positions."""
    if geometry.is_empty:
        return None
    shown = _rounded(geometry)
    if not shown.is_valid:  # a sliver was rounded into its other side: GEOS takes it out
        snapped = shapely.set_precision(geometry, 10.0**-_DEGREE_DIGITS)
        parts = shapely.get_parts(snapped)
        shown = _rounded(shapely.orient_polygons(shapely.MultiPolygon(list(parts))))
    return {
        "type": "MultiPolygon",
        "coordinates": [
            [[list(at) for at in ring.coords] for ring in (part.exterior, *part.interiors)]
            for part in shown.geoms
        ],
    }


def _rounded(geometry: Any) -> Any:
    return shapely.transform(geometry, lambda xy: xy.round(_DEGREE_DIGITS) + 0.0)


def shares_to_json(rows: Sequence[Share]) -> str:
    """Return shares as JSON: a list of rows with what made them.

    Parameters
    ----------
    rows : sequence of Share

    Examples
    --------
    >>> shares_to_json(()).startswith('{"format": "deploygeo-shares/1"')
    True
    """
    shown = [{**_cells(row), "parties": list(row.parties)} for row in rows]
    head = dumped({"format": "deploygeo-shares/1", **versions(), "as_if": _AS_IF})
    body = ",\n".join(dumped(row) for row in shown)
    return f'{head[:-1]}, "shares": [\n{body}\n]}}\n'


def shares_to_csv(rows: Sequence[Share]) -> str:
    """Return shares as CSV, one a line.

    Parameters
    ----------
    rows : sequence of Share

    Examples
    --------
    >>> shares_to_csv(()).startswith("treaty,clause,party,range_km")
    True
    """
    shown = map(_cells, rows)
    return table_text([_COLUMNS, *([cells[name] for name in _COLUMNS] for cells in shown)])


def _cells(row: Share) -> dict[str, Any]:
    return {
        "treaty": row.treaty,
        "clause": row.clause,
        "party": row.party,
        "range_km": row.range_km,
        "worldview": row.worldview,
        "kind": row.kind,
        "place": row.place,
        "share": finite(row.share, _SHARE_DIGITS),
        "error": finite(row.error, _SHARE_DIGITS),
        "closed_km2": finite(row.closed_km2, 1),
        "area_km2": finite(row.area_km2, 1),
    }


def shares_to_text(rows: Sequence[Share]) -> str:
    """Return shares as tables: one for each clause and party, a column for each range.

    The first worldview is told in full, of the others what differs.

    Parameters
    ----------
    rows : sequence of Share

    Examples
    --------
    >>> row = Share("t", "1", "USA", ("USA",), 500.0, "un", "sea", "Black Sea", 0.758, 0.0,
    ...             1.0, 2.0)
    >>> print(shares_to_text([row]))
    t/1, closed to USA, worldview un, percent
                500 km
    Black Sea     75.8
    <BLANKLINE>
    """
    tables: dict[tuple[str, str, str], dict[str, list[Share]]] = {}
    for row in rows:
        key = (row.treaty, row.clause, row.party)
        tables.setdefault(key, {}).setdefault(row.worldview, []).append(row)
    lines: list[str] = []
    for (treaty, clause, party), views in tables.items():
        first: dict[tuple[str, str], tuple[str, ...]] | None = None
        for view, here in views.items():
            ranges = list(dict.fromkeys(row.range_km for row in here))
            table = _table(here, ranges)
            none = ("–",) * len(ranges)
            kept = {
                place: cells
                for place, cells in table.items()
                if (first is None and (place[0] == "sea" or any(cell != "–" for cell in cells)))
                or (first is not None and first.get(place, none) != cells)
            }
            head = f"{plain(treaty)}/{plain(clause)}, closed to {plain(party)}, "
            head += f"worldview {view}, percent"
            if first is not None:
                head += " (what differs)" if kept else ": the same"
            else:
                first = table
            lines += [*([""] if lines else []), head, *_lines(kept, ranges)]
    return "".join(f"{line}\n" for line in lines)


def _table(
    rows: Sequence[Share], ranges: Sequence[float | None]
) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], dict[float | None, str]] = {}
    for row in rows:
        percent = 100.0 * row.share
        cell = "–" if percent < _LEAST else f"{percent:.1f}"
        found.setdefault((row.kind, row.place), {})[row.range_km] = cell
    return {place: tuple(cells.get(at, "–") for at in ranges) for place, cells in found.items()}


def _lines(
    table: dict[tuple[str, str], tuple[str, ...]], ranges: Sequence[float | None]
) -> list[str]:
    """Return lines of columns: the seas as they come, then states by name."""
    heads = ["share" if at is None else f"{at:g} km" for at in ranges]
    seas = [(place, cells) for (kind, place), cells in table.items() if kind == "sea"]
    land = [
        (f"land of {plain(unit_name(place))}", cells)
        for (kind, place), cells in table.items()
        if kind == "land"
    ]
    shown = [*seas, *sorted(land)]
    if not shown:
        return []
    width = max(len(name) for name, _ in shown)
    widths = [max(len(head), 5) for head in heads]
    return [
        "  ".join([name.ljust(width), *map(str.rjust, cells, widths)])
        for name, cells in [("", heads), *shown]
    ]
