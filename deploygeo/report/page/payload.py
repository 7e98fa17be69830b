"""What the page of a report knows: texts ready to show, places, and what would flip."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import shapely

from deploygeo import boundaries
from deploygeo.checker.findings import HUMAN, VERDICTS, Finding, Report, Settings
from deploygeo.clauses.outcome import Reason
from deploygeo.model import Deployment
from deploygeo.report._names import state_name
from deploygeo.report._words import (
    choices_text,
    finite,
    in_order,
    many,
    margin_text,
    measure_text,
    pairs_text,
    plain,
    stability_text,
)
from deploygeo.report.page.sides import SIDES, holders_in, sides_on
from deploygeo.report.page.zones import zones_of_report
from deploygeo.report.receipt import receipt, receipt_pairs
from deploygeo.report.text import (
    article_text,
    finding_lines,
    reason_lines,
    summary_lines,
    title_text,
)

__all__ = ["payload"]

_DEGREE_DIGITS = 4
#: Between vertices the map draws great circles: at this step they stray by some 100 m.
_STEP_M = 500_000.0
#: A longer outline or track is thinned to what a map shows.
_MOST_VERTICES = 500
_THINNED_DEG = 0.01
#: Of the members of a group, and the episodes of a track.
_MOST_MARKS = 200


def payload(report: Report, deployments: Iterable[Deployment] = ()) -> dict[str, Any]:
    """Return what the page of a report shows, as mappings, lists, texts and finite numbers.

    Findings that do not apply are counted, and listed only where a single change would make
    them apply.

    Parameters
    ----------
    report : Report
    deployments : iterable of Deployment
        Those that were checked: without them the map has only the places of the findings.

    Examples
    --------
    >>> shown = payload(Report(settings=Settings(), findings=(), source="a.geojson"))
    >>> shown["title"], shown["findings"], shown["worldview"]
    ('a.geojson', [], 'un')
    """
    placed = tuple(deployments)
    told = [row for row in in_order(report) if row.verdict != "not-applicable" or row.stability]
    parties = sorted({plain(row.party) for row in told} | {plain(one.party) for one in placed})
    clauses: dict[tuple[str, str], int] = {}
    for row in told:
        clauses.setdefault((row.treaty, row.clause), len(clauses))
    known = [_deployment(one) for one in placed]
    rows = {one.id: number for number, one in enumerate(placed)}
    for finding in told:  # a report without its deployments still has their places
        if not placed and finding.place is not None and finding.members[0] not in rows:
            rows[finding.members[0]] = len(known)
            known.append(_stand_in(finding))
    zones, zone_of, undrawn = zones_of_report(report)
    texts = {key: next(row for row in told if (row.treaty, row.clause) == key) for key in clauses}
    return {
        "title": plain(report.source) or "deployments",
        "header": [
            f"{many(report.deployments, 'deployment')} and {many(report.records, 'record')}",
            *choices_text(report),
            "; ".join(summary_lines(report)),
        ],
        "counts": dict(report.counts),
        **_world(report.settings),
        "parties": {
            code: {"name": state_name(code), "side": _sides(report.settings).get(code, "other")}
            for code in parties
            if code
        },
        "clauses": [
            {
                "name": f"{plain(row.treaty)}/{plain(row.clause)}",
                "article": article_text(row.article),
                "text": plain(row.text),
            }
            for row in texts.values()
        ],
        "deployments": known,
        "findings": [
            _finding(row, clauses[row.treaty, row.clause], rows, placed, zone_of) for row in told
        ],
        "zones": [
            {
                "label": zone.label,
                "note": zone.place,
                "area_km2": round(zone.area_km2),
                "polygons": _polygons(zone.geometry),
            }
            for zone in zones
        ],
        "undrawn": undrawn,
        "not_checkable": [
            {"clause": f"{plain(one.treaty)}/{plain(one.clause)}", "why": plain(one.why)}
            for one in report.not_checkable
        ],
        "faults": [plain(fault) for fault in report.faults],
        "warnings": [plain(fault) for fault in report.warnings],
        "receipt": [list(pair) for pair in receipt_pairs(receipt(report))],
    }


def _sides(settings: Settings) -> Mapping[str, str]:
    return sides_on(settings.on or boundaries.DEFAULT_ON)


def _world(settings: Settings) -> dict[str, Any]:
    """Return who holds what in the worldview of the run and in each other one."""
    on = settings.on or boundaries.DEFAULT_ON
    base = holders_in(settings.worldview, on)
    # an exchanged worldview is in no list; it stands by itself
    views = boundaries.worldviews()
    names = [settings.worldview, *(name for name in views if name != settings.worldview)]
    shown = []
    for name in names:
        held = holders_in(name, on)
        one = views.get(name)
        shown.append(
            {
                "name": plain(name),
                "title": plain(name) if one is None else one.title,
                "text": "" if one is None else one.text,
                "holders": {
                    unit: held[unit] for unit in sorted(held) if held[unit] != base.get(unit)
                },
            }
        )
    units = boundaries.units()
    return {
        "worldview": plain(settings.worldview),
        "worldviews": shown,
        "holders": {unit: base[unit] for unit in sorted(base) if base[unit] != unit},
        "disputed": sorted(unit for unit, row in units.items() if row.kind == "disputed"),
        "sides": dict(sorted(_sides(settings).items())),
        "side_titles": dict(SIDES),
    }


def _deployment(one: Deployment) -> dict[str, Any]:
    shape = None if one.geometry is None or one.geometry.is_empty else one.geometry
    return {
        "id": plain(one.id),
        "name": plain(one.name),
        "party": plain(one.party),
        "kind": one.kind,
        "place": None if shape is None else _middle(shape),
        "shape": None if shape is None or shape.geom_type == "Point" else _mapped(shape),
    }


def _stand_in(finding: Finding) -> dict[str, Any]:
    assert finding.place is not None  # noqa: S101 - asked by the caller
    return {
        "id": plain(finding.members[0]),
        "name": title_text(finding),
        "party": plain(finding.party),
        "kind": "",
        "place": _position(*finding.place),
        "shape": None,
    }


def _middle(shape: Any) -> list[float]:
    """Return where a deployment is marked: a point of it, the middle fix of a track."""
    if shape.geom_type == "LineString":
        fixes = shape.coords
        return _position(*fixes[len(fixes) // 2][:2])
    point = shape if shape.geom_type == "Point" else shape.representative_point()
    return _position(*point.coords[0][:2])


def _mapped(shape: Any) -> Any:
    if shapely.get_num_coordinates(shape) > _MOST_VERTICES:
        shape = shapely.simplify(shape, _THINNED_DEG)
    if shape.geom_type == "GeometryCollection":
        parts = [_mapped(part) for part in shape.geoms]
        return {"type": "GeometryCollection", "geometries": parts}
    told = shapely.geometry.mapping(shape)
    return {"type": told["type"], "coordinates": _rounded(told["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates[0], float | int):
        return _position(coordinates[0], coordinates[1])
    return [_rounded(row) for row in coordinates]


def _polygons(geometry: Any) -> list[list[list[list[float]]]]:
    return [
        [[[round(x, 3) + 0.0, round(y, 3) + 0.0] for x, y in ring.coords] for ring in rings]
        for rings in ((part.exterior, *part.interiors) for part in geometry.geoms)
    ]


def _position(lon: float, lat: float) -> list[float]:
    return [finite(lon, _DEGREE_DIGITS) or 0.0, finite(lat, _DEGREE_DIGITS) or 0.0]


def _finding(
    finding: Finding,
    clause: int,
    rows: Mapping[str, int],
    deployments: tuple[Deployment, ...],
    zones: Mapping[str, int],
) -> dict[str, Any]:
    about = [rows[name] for name in dict.fromkeys(finding.members) if name in rows]
    place = finding.place
    if about and deployments:
        shape = deployments[about[0]].geometry
        # a track or an area was measured from a point of it that the finding does not name
        place = None
        if shape is not None and shape.geom_type == "Point":
            place = (shape.coords[0][0], shape.coords[0][1])
    witness = _known(finding.witness)
    move = finding.nearest_compliant
    return {
        "id": plain(finding.id),
        "clause": clause,
        "title": title_text(finding),
        "party": plain(finding.party),
        "verdict": _shown(finding, finding.verdict),
        "measured": measure_text(finding.measures[0]) if finding.measures else "",
        "margin": "" if finding.margin is None else margin_text(finding.margin),
        "measured_km": finite(finding.measures[0].distance_km, 3) if finding.measures else None,
        "margin_km": _sort_key(finding),
        "flips": _flips(finding),
        "facts": _facts(finding),
        "reason": None if finding.reason is None else _reason(finding.reason),
        "about": about[:_MOST_MARKS],
        "witness": witness,
        "line": _line(finding, place) if witness is not None else None,
        "move": _known(None if move is None else (move.lon, move.lat)),
        "episodes": [
            [_position(at.lon, at.lat) for at in (one.first, one.deepest, one.last)]
            for one in finding.episodes[:_MOST_MARKS]
        ],
        "zone": zones.get(finding.id),
    }


def _known(place: tuple[float, float] | None) -> list[float] | None:
    if place is None or not all(math.isfinite(degrees) for degrees in place):
        return None
    return _position(*place)


def _sort_key(finding: Finding) -> float | None:
    ends = finding.margin_km
    if ends is None:
        return None
    known = [end for end in ends if math.isfinite(end)]
    return finite(sum(known) / len(known), 3) if known else None


def _flips(finding: Finding) -> list[list[str]]:
    rank = {verdict: number for number, verdict in enumerate(VERDICTS)}
    pairs = {(plain(flip.change), flip.verdict) for flip in finding.stability}
    ordered = sorted(pairs, key=lambda pair: (rank.get(pair[1], 9), pair[0]))
    return [[change, _shown(finding, verdict)] for change, verdict in ordered]


def _shown(finding: Finding, verdict: str) -> str:
    """Return a verdict as the page tells it: a human judges what a flagged clause leaves open."""
    return HUMAN if finding.review and verdict == "indeterminate" else verdict


def _facts(finding: Finding) -> list[str]:
    # what the table and the tree show already is left out
    changes = stability_text(finding.stability) if finding.stability else None
    told = (line.strip() for line in finding_lines(finding, readings={})[1:])
    facts = [plain(line) for line in told if line != changes]
    if finding.readings:
        facts.append(f"readings: {pairs_text(finding.readings)}")
    if finding.origin is not None and finding.origin.line is not None:
        facts.append(f"read from {plain(finding.origin.source)}, line {finding.origin.line}")
    return facts


def _reason(reason: Reason) -> list[Any]:
    """Return truth, text and children; the words are those of ``deploygeo explain``."""
    head = next(iter(reason_lines(reason)))
    inner = reason
    while inner.text == "not" and len(inner.children) == 1:
        inner = inner.children[0]
    truth, text = head[:8].strip(), head[9:]
    return [truth, text, [_reason(child) for child in inner.children]]


def _line(finding: Finding, place: tuple[float, float] | None) -> list[list[float]] | None:
    """Return the geodesic from a deployment to its witness; None where there is none."""
    if finding.subject != "deployment" or place is None or finding.witness is None:
        return None
    if not finding.measures or not finding.measures[0].distance_km:
        return None
    geod = _geod()
    _, _, metres = geod.inv(*place, *finding.witness)
    steps = math.ceil(metres / _STEP_M)
    between = geod.npts(*place, *finding.witness, steps - 1) if steps > 1 else []
    return [_position(*point) for point in (place, *between, finding.witness)]


@cache
def _geod() -> Any:
    from pyproj import Geod

    return Geod(ellps="WGS84")
