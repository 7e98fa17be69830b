"""The zones that violated clauses close, drawn for a map; it takes seconds each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deploygeo.checker.findings import Finding, Report
from deploygeo.checker.settings import prepared
from deploygeo.errors import DeploygeoError
from deploygeo.report._words import in_order
from deploygeo.treaties import Treaty, load
from deploygeo.zones.closed import closed_to
from deploygeo.zones.zoned import ClosedZone, zone_of

__all__ = ["violated_zones"]


def violated_zones(
    report: Report, files: Mapping[str, Path] | None = None
) -> tuple[tuple[ClosedZone, ...], tuple[str, ...]]:
    """Return the zones of the violated clauses that depend on a reach, and what was left out.

    Each is drawn once for a clause, party, day and reach; of a range with two ends the lesser,
    within which a breach is certain. A clause that depends on no reach names the territory of
    states: drawing that takes minutes, and ``deploygeo zone`` does so.

    Parameters
    ----------
    report : Report
    files : mapping of str to Path, optional
        Where the treaties are, by id, that do not ship.

    Returns
    -------
    zones : tuple of ClosedZone
    left_out : tuple of str
        A line for each clause and party without a zone, and why.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> violated_zones(Report(settings=Settings(), findings=()))
    ((), ())
    """
    drawn: dict[tuple[object, ...], ClosedZone] = {}
    left: dict[tuple[str, str, str], str] = {}
    loaded: dict[str, Treaty] = {}
    for finding in in_order(report):
        if finding.verdict != "violation" or finding.review or finding.subject != "deployment":
            continue
        reach = None if finding.range_km is None else finding.range_km[0]
        key = (finding.treaty, finding.clause, finding.party, reach, finding.on)
        who = (finding.treaty, finding.clause, finding.party)
        if key in drawn or who in left:
            continue
        try:
            if finding.treaty not in loaded:
                loaded[finding.treaty] = load((files or {}).get(finding.treaty, finding.treaty))
            zone = _zone(report, finding, loaded[finding.treaty], reach, files or {})
        except DeploygeoError as error:
            left[who] = f"{finding.treaty}/{finding.clause} to {finding.party}: {error}"
            continue
        if zone is None:
            left[who] = (
                f"{finding.treaty}/{finding.clause} to {finding.party}: it depends on no reach; "
                f"draw it with deploygeo zone"
            )
        else:
            drawn[key] = zone
    return tuple(drawn.values()), tuple(left.values())


def _zone(
    report: Report,
    finding: Finding,
    treaty: Treaty,
    reach: float | None,
    files: Mapping[str, Path],
) -> ClosedZone | None:
    settings = report.settings
    # a zone is of one treaty, which may lack what was chosen for another
    readings = {item.name: item for item in treaty.readings}
    chosen = {name: value for name, value in settings.readings.items() if name in readings}
    known = {item.name for item in treaty.parameters}
    params = {name: value for name, value in settings.params.items() if name in known}
    _, own = prepared(
        treaty,
        on=finding.on,
        worldview=settings.worldview,
        readings=chosen,
        params=params,
        in_force=None,
        level=settings.level,
    )
    if reach is None:
        return None
    closed = closed_to(treaty, treaty.clause(finding.clause), finding.party, reach, own)
    if closed.range_km is None:
        return None
    return zone_of(
        f"{files.get(treaty.id, treaty.id)}/{finding.clause}",
        finding.party,
        reach,
        worldview=settings.worldview,
        on=finding.on,
        readings=chosen,
        params=params,
        level=settings.level,
    )
