"""The zones of violated clauses, drawn for the eye; verdicts rest on the full data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import shapely

from deploygeo.checker.findings import Finding, Report, Settings
from deploygeo.errors import DeploygeoError
from deploygeo.model import groups
from deploygeo.report._names import named
from deploygeo.report._words import plain, quantity
from deploygeo.report.page.sides import holders_in
from deploygeo.treaties import library, load
from deploygeo.zones.closed import Closed, closed_to
from deploygeo.zones.locus import Inside, Near, Place, leaves
from deploygeo.zones.zoned import zone_of

__all__ = ["DrawnZone", "zones_of_report"]

#: A map of a sea has a pixel for a kilometre; the outline may be off by this.
TOLERANCE_M = 1000.0
#: And is then thinned by this, and its vertices are put on a grid: together some 2 km.
THINNED_DEG = 0.01
_STEP_DEG = 0.005
#: "All states but one" is nearly all land: told in words, since it takes a minute to draw.
_MOST_STATES = 80
#: More zones than these hide one another; the rest are told in words.
_MOST_ZONES = 12


@dataclass(frozen=True, slots=True, eq=False)
class DrawnZone:
    """What a violated clause closes, as the page draws it.

    Attributes
    ----------
    label : str
        The clause, and the range where the zone depends on it.
    place : str
        The set of places in words.
    area_km2 : float
        Of the zone as drawn, on the ellipsoid.
    geometry : shapely.MultiPolygon
    """

    label: str
    place: str
    area_km2: float
    geometry: Any


def zones_of_report(report: Report) -> tuple[list[DrawnZone], Mapping[str, int], list[str]]:
    """Return the zones of the violated clauses of a report.

    A clause that depends on a range is drawn for the least range of each violation, which is
    what certainly reaches. Findings with the same set of places share one zone.

    Parameters
    ----------
    report : Report

    Returns
    -------
    zones : list of DrawnZone
    of : mapping of str to int
        The row of the zone of a finding, by id.
    undrawn : list of str
        What is not drawn, and why; one sentence each.

    Examples
    --------
    >>> zones_of_report(Report(settings=Settings(), findings=()))
    ([], {}, [])
    """
    rows: dict[tuple[Place, frozenset[tuple[str, str]]], int] = {}
    drawn: list[DrawnZone] = []
    of: dict[str, int] = {}
    undrawn: dict[str, None] = {}
    closed_by: dict[tuple[object, ...], Closed | str] = {}
    for finding in report.violations:
        if finding.subject == "record":
            continue
        closed = _closed(finding, report, closed_by)
        if isinstance(closed, str):
            undrawn[closed] = None
            continue
        # the same words on two days may name other land
        held = holders_in(report.settings.worldview, closed.on)
        key = (closed.place, frozenset(held.items()))
        row = rows.get(key)
        if row is None:
            label = f"{plain(finding.treaty)}/{plain(finding.clause)}"
            reach = "" if closed.range_km is None else f", reach {quantity(closed.range_km)} km"
            why = _too_much(closed.place) if len(drawn) < _MOST_ZONES else "many zones already"
            if why:
                undrawn[f"{label}{reach}: {why} ({_shortened(closed.place)})"] = None
                continue
            row = rows[key] = len(drawn)
            drawn.append(_drawn(closed, f"{label}{reach}", report.settings))
        of[finding.id] = row
    return [_named(zone, number, report, of) for number, zone in enumerate(drawn)], of, [*undrawn]


def _closed(
    finding: Finding,
    report: Report,
    known: dict[tuple[object, ...], Closed | str],
) -> Closed | str:
    """Return what the clause closes to the party of a finding, or why it closes no place."""
    name = f"{finding.treaty}/{finding.clause}"
    least = None if finding.range_km is None else finding.range_km[0]
    settings = replace(report.settings, on=finding.on or report.settings.on)
    key = (name, finding.party, least, settings.on)
    if key not in known:
        try:
            sha256 = report.treaty_sums.get(finding.treaty)
            known[key] = _asked(finding, least, settings, sha256)
        except DeploygeoError as error:
            first = str(error).partition(";")[0].partition(". Known")[0]
            known[key] = plain(first if first.startswith(name) else f"{name}: {first}")
    return known[key]


def _asked(
    finding: Finding, least_km: float | None, settings: Settings, sha256: str | None
) -> Closed | str:
    name = f"{plain(finding.treaty)}/{plain(finding.clause)}"
    treaty = load(finding.treaty) if finding.treaty in library() else None
    # a file of the user's may have the id of a treaty that ships, and say something else
    if treaty is None or sha256 not in (None, treaty.sha256):
        return f"{name}: not drawn, since its treaty is not one that ships"
    clause = treaty.clause(finding.clause)
    if finding.party in groups():
        return f"{name}: not drawn for {plain(finding.party)} itself, which holds no land"
    try:
        return closed_to(treaty, clause, finding.party, None, settings)
    except DeploygeoError:
        if least_km is None:
            raise
        return closed_to(treaty, clause, finding.party, least_km, settings)


def _too_much(place: Place) -> str:
    parts = leaves(place)
    if any(isinstance(part, Inside) and len(part.region.states) > _MOST_STATES for part in parts):
        return "nearly all land, and not drawn"
    if not any(isinstance(part, Inside | Near) for part in parts):
        return "no bounded place, and not drawn"
    return ""


def _shortened(place: Place) -> str:
    text = named(plain(place))
    return text if len(text) <= 160 else f"{text[:160]}…"


def _drawn(closed: Closed, label: str, settings: Settings) -> DrawnZone:
    # a tenth of the range is the most that an outline may be off
    tolerance_m = TOLERANCE_M
    if closed.range_km is not None:
        tolerance_m = max(1.0, min(tolerance_m, closed.range_km * 1e3 / 10.0))
    # a zone is of one treaty, which may lack what was chosen for another
    readings = {item.name for item in closed.treaty.readings}
    params = {item.name for item in closed.treaty.parameters}
    area_km2, geometry = _outlined(
        f"{closed.treaty.id}/{closed.clause.id}",
        closed.party,
        closed.range_km,
        settings.worldview,
        closed.on,
        tuple(sorted(pair for pair in settings.readings.items() if pair[0] in readings)),
        tuple(sorted(pair for pair in settings.params.items() if pair[0] in params)),
        tolerance_m,
    )
    return DrawnZone(label, _shortened(closed.place), area_km2, geometry)


@lru_cache(maxsize=32)
def _outlined(
    clause: str,
    party: str,
    range_km: float | None,
    worldview: str,
    on: date,
    readings: tuple[tuple[str, str], ...],
    params: tuple[tuple[str, float], ...],
    tolerance_m: float,
) -> tuple[float, Any]:
    """Return the area and the thinned outline of a zone; seconds, so that they are kept."""
    zone = zone_of(
        clause,
        party,
        range_km,
        worldview=worldview,
        on=on,
        readings=dict(readings),
        params=dict(params),
        level="ne10",
        tolerance_m=tolerance_m,
    )
    return zone.area_km2, thinned(zone.geometry)


def thinned(geometry: Any) -> Any:
    """Return a zone with the vertices that a picture can show, valid and wound as RFC 7946 asks.

    Examples
    --------
    >>> thinned(shapely.box(0, 0, 10, 10)).geoms[0].exterior.coords[0]
    (0.0, 0.0)
    >>> thinned(shapely.box(0, 0, 0.001, 0.001)).is_empty
    True
    """
    thin = shapely.simplify(geometry, THINNED_DEG)
    snapped = shapely.set_precision(shapely.make_valid(thin), _STEP_DEG)
    parts = [
        part
        for part in shapely.get_parts(shapely.orient_polygons(snapped))
        if part.geom_type == "Polygon" and not part.is_empty
    ]
    return shapely.MultiPolygon(parts)


def _named(zone: DrawnZone, number: int, report: Report, of: Mapping[str, int]) -> DrawnZone:
    """Return a zone with the parties that violate in it."""
    named = {
        f"{plain(finding.treaty)}/{plain(finding.clause)}": None
        for finding in report.violations
        if of.get(finding.id) == number
    }
    reach = zone.label.partition(", ")[2]
    label = " and ".join(named) + (f", {reach}" if reach else "")
    return DrawnZone(label, zone.place, zone.area_km2, zone.geometry)
