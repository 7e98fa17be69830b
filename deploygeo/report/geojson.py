"""The report on a map: witness points, and geodesics from deployments to them (RFC 7946)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from deploygeo.checker.findings import Finding, Report
from deploygeo.model import Deployment
from deploygeo.report._words import DEGREE_DIGITS, finite, in_order
from deploygeo.report.receipt import receipt, receipt_mapping
from deploygeo.report.structured import dumped, finding_mapping, report_mapping

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["MAX_STEP_KM", "geodesic_lines", "to_geojson"]

#: Between vertices a map draws straight lines: at this step they stray by some 100 m at 60° N.
MAX_STEP_KM = 100.0

Position = tuple[float, float]


def to_geojson(report: Report, deployments: Iterable[Deployment] = ()) -> str:
    """Return the findings that apply as a GeoJSON FeatureCollection.

    Each gives a feature of what it is about, whose geometry is null where no place is known;
    for a group those of its members. One that measures a distance gives also its witness
    point, which is the nearest point of the boundary, and the geodesic to it, cut at the
    antimeridian. The nearest compliant position is a point too, and so are the first, last and
    deepest place of each episode of a track, with the number of the episode and the time.
    ``properties.role`` is ``placement``, ``members``, ``record``, ``witness``, ``line``,
    ``nearest-compliant``, ``episode-first``, ``episode-last`` or ``episode-deepest``.

    The collection's member ``deploygeo`` says what was checked: treaties, which of them as if
    in force, the settings, the receipt and the counts.

    Parameters
    ----------
    report : Report
    deployments : iterable of Deployment
        Those that were checked: the lines begin at their places, and groups have their shapes.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> import json
    >>> shown = json.loads(to_geojson(Report(settings=Settings(), findings=())))
    >>> shown["features"], shown["deploygeo"]["settings"]["worldview"]
    ([], 'un')
    """
    deployments = tuple(deployments)
    places = _places(deployments)
    shapes = _shapes(report, deployments)
    told = report_mapping(replace(report, findings=(), not_checkable=(), faults=(), warnings=()))
    for key in ("findings", "not_checkable", "faults", "warnings"):
        del told[key]
    told["receipt"] = receipt_mapping(receipt(report))  # with what the findings consulted
    told |= {"checks": len(report.findings), "counts": dict(report.counts)}
    features = [
        feature
        for finding in in_order(report)
        if finding.verdict != "not-applicable"
        for feature in _features(finding, places, shapes)
    ]
    head = f'{{"type": "FeatureCollection", "deploygeo": {dumped(told)}, "features": ['
    if not features:
        return f"{head}]}}\n"
    body = ",\n".join(dumped(feature) for feature in features)
    return f"{head}\n{body}\n]}}\n"


def geodesic_lines(start: Position, end: Position) -> list[list[list[float]]]:
    """Return the geodesic between two points as lines that do not cross the antimeridian.

    Parameters
    ----------
    start, end : tuple of float
        Longitude and latitude.

    Returns
    -------
    list of list of [lon, lat]
        One line, or one on each side of 180°; vertices at most `MAX_STEP_KM` apart.

    Examples
    --------
    >>> geodesic_lines((179.5, 0.0), (-179.5, 0.0))
    [[[179.5, 0.0], [180.0, 0.0]], [[-180.0, 0.0], [-179.5, 0.0]]]
    >>> geodesic_lines((5.0, 5.0), (5.0, 5.0))
    [[[5.0, 5.0], [5.0, 5.0]]]
    """
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    _, _, metres = geod.inv(*start, *end)
    count = max(math.ceil(metres / (MAX_STEP_KM * 1000.0)) - 1, 0)
    between = geod.npts(*start, *end, count) if count else []
    return _cut([start, *((float(lon), float(lat)) for lon, lat in between), end])


def _cut(points: Sequence[Position]) -> list[list[list[float]]]:
    """Return a line in parts; where it crosses 180°, both parts get a vertex on it."""
    lines: list[list[list[float]]] = [[_rounded(*points[0])]]
    for (lon1, lat1), (lon2, lat2) in pairwise(points):
        if abs(lon2 - lon1) > 180.0:
            side = math.copysign(180.0, lon1)
            lat = _latitude_at(side, (lon1, lat1), (lon2 + 2.0 * side, lat2))
            if lon1 != side:
                lines[-1].append(_rounded(side, lat))
            lines.append([])
            if lon2 != -side:
                lines[-1].append(_rounded(-side, lat))
        lines[-1].append(_rounded(lon2, lat2))
    # a start or an end on the seam itself leaves a part of one point, which is no line
    kept = [line for line in lines if len(line) > 1]
    return kept or [[lines[-1][-1], lines[-1][-1]]]


def _latitude_at(lon: float, start: Position, end: Position) -> float:
    """Return where the great circle of a short step crosses a meridian.

    Near a pole a step turns through much of a half circle of longitude, and a share of its
    latitude would lie kilometres off it. On the sphere a step of `MAX_STEP_KM` is right to a few
    centimetres.
    """
    first, last = (math.radians(point[0] - lon) for point in (start, end))
    turned = math.sin(last - first)
    if abs(turned) < 1e-12:  # over the pole itself, or from the meridian to the meridian
        return math.copysign(90.0, start[1]) if abs(last - first) > 1.0 else start[1]
    tangents = (math.tan(math.radians(point[1])) for point in (start, end))
    weights = (math.sin(last) / turned, -math.sin(first) / turned)
    return math.degrees(math.atan(sum(w * t for w, t in zip(weights, tangents, strict=True))))


def _features(
    finding: Finding, places: dict[str, Position], shapes: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    shown = finding_mapping(finding)
    properties = {
        key: shown[key]
        for key in (
            "treaty",
            "clause",
            "article",
            "name",
            "party",
            "on",
            "verdict",
            "review",
            "margin",
            "margin_km",
            "worldview",
            "level",
        )
    } | {"finding": finding.id}
    measure = shown["measures"][0] if shown["measures"] else {}
    properties |= {key: measure.get(key) for key in ("what", "distance_km", "error_km", "unit")}

    def feature(
        role: str, geometry: dict[str, Any] | None, mark: str = "", **more: object
    ) -> dict[str, Any]:
        return {
            "type": "Feature",
            "id": f"{finding.id}#{role}{mark}",
            "geometry": geometry,
            "properties": {"role": role, **properties, **more},
        }

    if finding.subject == "group":
        made = [feature("members", _together(shapes, finding.members))]
        made[0]["properties"]["members"] = list(finding.members)
    elif finding.subject == "record":
        made = [feature("record", None)]
    else:
        where = None
        if finding.place is not None:
            where = {"type": "Point", "coordinates": _rounded(*finding.place)}
        made = [feature("placement", where)]
    if measure and None not in measure["witness"]:
        made.append(feature("witness", {"type": "Point", "coordinates": measure["witness"]}))
    start = places.get(finding.members[0], finding.place) if finding.members else None
    if finding.subject != "deployment":
        start = None
    # from inside a territory the witness is the place itself, and there is no line
    if start is not None and finding.witness is not None and measure["distance_km"]:
        lines = geodesic_lines(start, finding.witness)
        many = len(lines) > 1
        kind = "MultiLineString" if many else "LineString"
        made.append(feature("line", {"type": kind, "coordinates": lines if many else lines[0]}))
    move = shown["nearest_compliant"]
    if move is not None and None not in move["position"]:
        point = {"type": "Point", "coordinates": move["position"]}
        made.append(feature("nearest-compliant", point))
    for number, episode in enumerate(shown["episodes"], 1):
        for end in ("first", "last", "deepest"):
            point = {"type": "Point", "coordinates": episode[end]["position"]}
            told = {"episode": number, "time": episode[end]["time"], "certain": episode["certain"]}
            made.append(feature(f"episode-{end}", point, f"-{number}", **told))
    return made


def _shapes(report: Report, deployments: Iterable[Deployment]) -> dict[str, dict[str, Any]]:
    """Return geometries by id: those of the deployments, else the places of their findings."""
    found: dict[str, dict[str, Any]] = {}
    for finding in report.findings:
        if finding.place is not None:
            point = {"type": "Point", "coordinates": _rounded(*finding.place)}
            found |= dict.fromkeys(finding.members, point)
    for one in deployments:
        if one.geometry is not None:
            found[one.id] = _mapped(one.geometry)
    return found


def _mapped(geometry: BaseGeometry) -> dict[str, Any]:
    from shapely import GeometryCollection, MultiPolygon, Polygon
    from shapely.geometry import mapping
    from shapely.geometry.polygon import orient

    if isinstance(geometry, Polygon):
        geometry = orient(geometry)  # RFC 7946: counterclockwise outside
    elif isinstance(geometry, MultiPolygon):
        geometry = MultiPolygon([orient(part) for part in geometry.geoms])
    elif isinstance(geometry, GeometryCollection):
        parts = [_mapped(part) for part in geometry.geoms]
        return {"type": "GeometryCollection", "geometries": parts}
    shown = mapping(geometry)
    return {"type": shown["type"], "coordinates": _all_rounded(shown["coordinates"])}


def _all_rounded(coordinates: Any) -> Any:
    if coordinates and isinstance(coordinates[0], float | int):
        return _rounded(coordinates[0], coordinates[1])
    return [_all_rounded(row) for row in coordinates]


def _together(
    shapes: Mapping[str, dict[str, Any]], members: Iterable[str]
) -> dict[str, Any] | None:
    """Return the geometries of the members as one; None where no place is known."""
    found = [shapes[name] for name in members if name in shapes]
    # a contingent and its unit stand at one place
    parts = [shape for index, shape in enumerate(found) if shape not in found[:index]]
    if len(parts) <= 1:
        return parts[0] if parts else None
    if all(part["type"] == "Point" for part in parts):
        return {"type": "MultiPoint", "coordinates": [part["coordinates"] for part in parts]}
    flat = [
        inner
        for part in parts
        for inner in (part["geometries"] if part["type"] == "GeometryCollection" else [part])
    ]
    return {"type": "GeometryCollection", "geometries": flat}


def _places(deployments: Iterable[Deployment]) -> dict[str, Position]:
    # of a track or an area a finding does not say which of its points was the decisive one
    return {
        one.id: (one.geometry.coords[0][0], one.geometry.coords[0][1])
        for one in deployments
        if one.geometry is not None and one.geometry.geom_type == "Point"
    }


def _rounded(lon: float, lat: float) -> list[float]:
    return [finite(lon, DEGREE_DIGITS) or 0.0, finite(lat, DEGREE_DIGITS) or 0.0]
