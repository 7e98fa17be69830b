"""The report on a map, as GeoJSON (RFC 7946) with simplestyle keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from deploygeo.checker.findings import Report
from deploygeo.model import Deployment
from deploygeo.report.features import Feature, features_of, style_of
from deploygeo.report.geodesics import MAX_STEP_KM, geodesic_lines
from deploygeo.report.receipt import receipt, receipt_mapping
from deploygeo.report.structured import dumped, report_mapping

if TYPE_CHECKING:
    from deploygeo.zones.zoned import ClosedZone

__all__ = ["MAX_STEP_KM", "geodesic_lines", "to_geojson"]


def to_geojson(
    report: Report,
    deployments: Iterable[Deployment] = (),
    zones: Sequence[ClosedZone] = (),
) -> str:
    """Return the deployments and the findings that apply as a GeoJSON FeatureCollection.

    ``properties.role`` says what a feature is. ``deployment`` is one that was checked, with its
    whole geometry and the gravest of its verdicts. Each finding gives a feature of what it is
    about, ``placement``, ``members`` or ``record``, whose geometry is null where no place is
    known; for a group those of its members. One that measures a distance gives also its
    ``witness`` point, which is the nearest point of the boundary, and the geodesic to it, a
    ``line`` cut at the antimeridian. Where the distance is that to a limit at sea, the witness is
    the coast that the limit is drawn from, and the line is up to 12 nmi longer or, from within,
    shorter than ``distance_km``. ``nearest-compliant`` is a point too, and so are
    ``episode-first``, ``episode-last`` and ``episode-deepest`` of each episode of a track, with
    the number of the episode and the time. ``closed`` is a zone that a violated clause closes.

    The keys of simplestyle say how maps show them; ``title`` and ``description`` are no markup
    even where a map takes them for HTML. All other texts are those of the file.

    The collection's member ``deploygeo`` says what was checked and what was not: all of the JSON
    report but its findings.

    Parameters
    ----------
    report : Report
    deployments : iterable of Deployment
        Those that were checked: the lines begin at their places, and groups have their shapes.
    zones : sequence of ClosedZone
        Those of violated clauses, from `deploygeo.report.violated.violated_zones`.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> import json
    >>> shown = json.loads(to_geojson(Report(settings=Settings(), findings=())))
    >>> shown["features"], shown["deploygeo"]["settings"]["worldview"]
    ([], 'un')
    """
    told = report_mapping(replace(report, findings=()))
    del told["findings"]
    told["receipt"] = receipt_mapping(receipt(report))  # with what the findings consulted
    told |= {"checks": len(report.findings), "counts": dict(report.counts)}
    head = f'{{"type": "FeatureCollection", "deploygeo": {dumped(told)}, "features": ['
    body = ",\n".join(dumped(_shown(one)) for one in features_of(report, deployments, zones))
    return f"{head}\n{body}\n]}}\n" if body else f"{head}]}}\n"


def _shown(feature: Feature) -> dict[str, object]:
    told = {"title": feature.title, "description": feature.description}
    return {
        "type": "Feature",
        "id": feature.id,
        "geometry": feature.geometry,
        "properties": {"role": feature.role, **feature.properties, **told, **style_of(feature)},
    }
