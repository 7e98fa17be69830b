"""The zones that violated clauses close, drawn for a map; it takes seconds each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deploygeo import boundaries
from deploygeo.checker.findings import Finding, Report
from deploygeo.checker.settings import prepared
from deploygeo.errors import DeploygeoError
from deploygeo.report._words import in_order
from deploygeo.treaties import Treaty, load
from deploygeo.zones.closed import Closed, closed_to
from deploygeo.zones.zoned import ClosedZone, zone_of

__all__ = ["violated_zones"]


def violated_zones(
    report: Report, files: Mapping[str, Path] | None = None
) -> tuple[tuple[ClosedZone, ...], tuple[str, ...]]:
    """Return the zones of the violated clauses that depend on a reach, and what was left out.

    Each is drawn once for a clause, party and reach, and anew for a day on which others hold or
    are meant; of a range with two ends the lesser, within which a breach is certain. A clause
    that depends on no reach names the territory of states: drawing that takes minutes, and
    ``deploygeo zone`` does so.

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
    drawn: dict[object, ClosedZone] = {}
    left: dict[tuple[str, str, str], str] = {}
    loaded: dict[str, Treaty] = {}
    asked: set[tuple[object, ...]] = set()
    for finding in in_order(report):
        if finding.verdict != "violation" or finding.review or finding.subject != "deployment":
            continue
        who = (finding.treaty, finding.clause, finding.party)
        key = (*who, _reach(finding), finding.on)
        if key in asked:
            continue
        asked.add(key)
        name = f"{finding.treaty}/{finding.clause} to {finding.party}"
        try:
            if finding.treaty not in loaded:
                loaded[finding.treaty] = load((files or {}).get(finding.treaty, finding.treaty))
            closed = _closed(report, finding, loaded[finding.treaty])
            if closed is None or closed.range_km is None:
                left[who] = f"{name}: it depends on no reach; draw it with deploygeo zone"
                continue
            if (alike := _alike(closed)) not in drawn:
                drawn[alike] = _drawn(closed, (files or {}).get(finding.treaty))
        except DeploygeoError as error:
            left[who] = f"{name}: {error}"
    return tuple(drawn.values()), tuple(left.values())


def _reach(finding: Finding) -> float | None:
    return None if finding.range_km is None else finding.range_km[0]


def _closed(report: Report, finding: Finding, treaty: Treaty) -> Closed | None:
    """Return what a clause closed on the day of a finding; None for a force without a range."""
    settings = report.settings
    # a zone is of one treaty, which may lack what was chosen for another
    readings = {item.name for item in treaty.readings}
    params = {item.name for item in treaty.parameters}
    _, own = prepared(
        treaty,
        on=finding.on,
        worldview=settings.worldview,
        readings={name: told for name, told in settings.readings.items() if name in readings},
        params={name: told for name, told in settings.params.items() if name in params},
        in_force=None,
        level=settings.level,
    )
    reach = _reach(finding)
    if reach is None:
        return None
    return closed_to(treaty, treaty.clause(finding.clause), finding.party, reach, own)


def _alike(closed: Closed) -> object:
    """Return what the outline hangs on: on most days the same hold the same."""
    settings = closed.settings
    holders = boundaries.borders(settings.level).tables.holders(settings.worldview, closed.on)
    return (
        *(closed.treaty.id, closed.clause.id, closed.party, closed.range_km),
        *(closed.place, closed.overseas, tuple(sorted(holders.items()))),
    )


def _drawn(closed: Closed, file: Path | None) -> ClosedZone:
    settings = closed.settings
    return zone_of(
        f"{closed.treaty.id if file is None else file}/{closed.clause.id}",
        closed.party,
        closed.range_km,
        worldview=settings.worldview,
        on=closed.on,
        readings=settings.readings,
        params=settings.params,
        level=settings.level,
    )
