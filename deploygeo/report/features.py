"""What a report shows on a map: one feature for each thing that has a place, whatever the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploygeo.checker.findings import HUMAN, VERDICTS, Finding, Report
from deploygeo.model import Deployment
from deploygeo.report._inert import markupless
from deploygeo.report._words import in_order
from deploygeo.report.geodesics import Position, geodesic_lines, geodesic_path, rounded
from deploygeo.report.sentence import sentence
from deploygeo.report.structured import dumped, finding_mapping
from deploygeo.report.text import article_text, title_text

if TYPE_CHECKING:
    from shapely import LineString
    from shapely.geometry.base import BaseGeometry

    from deploygeo.zones.zoned import ClosedZone

__all__ = ["COLOURS", "ROLES", "Feature", "features_of", "mapped", "style_of"]

#: What a feature may be of its finding, or of the report.
ROLES = (
    "closed",
    "deployment",
    "placement",
    "members",
    "record",
    "witness",
    "line",
    "nearest-compliant",
    "episode-first",
    "episode-last",
    "episode-deepest",
)
#: By verdict; chosen so that the gravest differ for the colour-blind too.
COLOURS = {
    "violation": "#b2182b",
    "indeterminate": "#e08214",
    "excused": "#35978f",
    "compliant": "#2166ac",
    HUMAN: "#8073ac",
    "not-applicable": "#878787",
}
_PLAIN = "#4d4d4d"
#: A balloon is no place for more; all stand at their own features.
_MOST_TOLD = 12
_KEYS = ("treaty", "clause", "article", "name", "party", "on", "verdict", "review", "margin")
_MORE_KEYS = ("margin_km", "worldview", "level")


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on a map.

    Parameters
    ----------
    id : str
        Unique in the report.
    role : str
        One of `ROLES`.
    group : str
        Of what it is one: ``treaty/clause``, ``deployments`` or ``zones``.
    verdict : str
        That of its finding; of a deployment the gravest; `HUMAN` where only one can decide.
    geometry : mapping or None
        As GeoJSON has it: eight decimals, right-hand rule, cut at 180°.
    title, description : str
        For people; no markup even where a map takes them for HTML.
    properties : mapping
        For programs, as JSON has them and as the file gave them.
    """

    id: str
    role: str
    group: str
    verdict: str
    geometry: Mapping[str, Any] | None
    title: str
    description: str
    properties: Mapping[str, Any]


def features_of(
    report: Report,
    deployments: Iterable[Deployment] = (),
    zones: Sequence[ClosedZone] = (),
) -> Iterator[Feature]:
    """Yield what a report shows on a map: zones, deployments by id, then what each finding has.

    Parameters
    ----------
    report : Report
    deployments : iterable of Deployment
        Those that were checked.
    zones : sequence of ClosedZone
        Those of violated clauses, from `deploygeo.report.violated.violated_zones`.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> ship = Deployment(id="a", party="USA", kind="surface_warship", geometry=(34.0, 43.0))
    >>> one, = features_of(Report(settings=Settings(), findings=()), [ship])
    >>> one.id, one.role, one.verdict, one.geometry
    ('a#deployment', 'deployment', 'not-applicable', {'type': 'Point', 'coordinates': [34.0, 43.0]})
    """
    deployments = sorted(deployments, key=lambda one: one.id)
    for zone in zones:
        yield _closed(zone)
    yield from _deployments(report, deployments)
    places = _places(deployments)
    shapes = _shapes(report, deployments)
    for finding in in_order(report):
        if finding.verdict != "not-applicable":
            yield from _of_finding(finding, places, shapes)


def style_of(feature: Feature) -> dict[str, str | float]:
    """Return how a feature looks, in the keys of the simplestyle convention.

    Parameters
    ----------
    feature : Feature

    Examples
    --------
    >>> style_of(Feature("a#line", "line", "t/1", "violation", None, "", "", {}))
    {'stroke': '#b2182b', 'stroke-width': 2, 'stroke-opacity': 0.8}
    """
    colour = COLOURS[feature.verdict]
    if feature.role == "line":
        return {"stroke": colour, "stroke-width": 2, "stroke-opacity": 0.8}
    if feature.role == "closed":
        shown: dict[str, str | float] = {"fill": colour, "fill-opacity": 0.12}
        return shown | {"stroke": colour, "stroke-width": 1, "stroke-opacity": 0.6}
    small = feature.role not in ("placement", "deployment", "members")
    marker: dict[str, str | float] = {
        "marker-color": _PLAIN if feature.role == "witness" else colour,
        "marker-size": "small" if small else "medium",
    }
    if feature.role == "nearest-compliant":
        marker["marker-color"] = COLOURS["compliant"]
    kind = "" if feature.geometry is None else feature.geometry["type"]
    if kind in ("LineString", "MultiLineString", "GeometryCollection"):
        marker |= {"stroke": colour, "stroke-width": 3, "stroke-opacity": 0.9}
    if kind in ("Polygon", "MultiPolygon", "GeometryCollection"):
        marker |= {"stroke": colour, "stroke-width": 2, "stroke-opacity": 0.9}
        marker |= {"fill": colour, "fill-opacity": 0.25}
    return marker


def _closed(zone: ClosedZone) -> Feature:
    from deploygeo.report.zones import zone_mapping

    shown = zone_mapping(zone)
    of = shown["properties"]
    name = f"{of['treaty']}/{of['clause']}"
    reach = "" if of["range_km"] is None else f" with a reach of {of['range_km']:g} km"
    told = (f"{name}: {of['closed']}", *of["assumed"], *of["notes"])
    return Feature(
        id=f"{shown['id']}:{of['on']}#closed",
        role="closed",
        group="zones",
        verdict="violation",
        geometry=shown["geometry"],
        title=markupless(f"closed to {of['party']} by {article_text(of['article'])}{reach}"),
        description=markupless("; ".join(told)),
        properties=of,
    )


def _deployments(report: Report, deployments: Iterable[Deployment]) -> Iterator[Feature]:
    of: dict[str, list[Finding]] = {}
    for finding in in_order(report):
        if finding.verdict != "not-applicable":
            for name in finding.members:
                of.setdefault(name, []).append(finding)
    rank = {verdict: index for index, verdict in enumerate((*VERDICTS[:-1], HUMAN, VERDICTS[-1]))}
    for one in deployments:
        found = of.get(one.id, [])
        verdicts = [_verdict(finding) for finding in found] or ["not-applicable"]
        yield Feature(
            id=f"{one.id}#deployment",
            role="deployment",
            group="deployments",
            verdict=min(verdicts, key=rank.__getitem__),
            geometry=None if one.geometry is None else mapped(one.geometry),
            title=markupless(one.name or one.id),
            description=markupless("; ".join(sentence(finding) for finding in found[:_MOST_TOLD])),
            properties={
                "id": one.id,
                "name": one.name or None,
                "party": one.party,
                "kind": one.kind,
                "system": one.system,
                "verdict": min(verdicts, key=rank.__getitem__),
                "findings": [finding.id for finding in found],
            },
        )


def _verdict(finding: Finding) -> str:
    return HUMAN if finding.is_open else finding.verdict


def _of_finding(
    finding: Finding, places: Mapping[str, Position | None], shapes: Mapping[str, dict[str, Any]]
) -> Iterator[Feature]:
    shown = finding_mapping(finding)
    measure = shown["measures"][0] if shown["measures"] else {}
    properties = {key: shown[key] for key in (*_KEYS, *_MORE_KEYS)} | {"finding": finding.id}
    properties |= {key: measure.get(key) for key in ("what", "distance_km", "error_km", "unit")}
    told = sentence(finding)

    def feature(
        role: str, geometry: dict[str, Any] | None, mark: str = "", **more: object
    ) -> Feature:
        what = "" if role in ("placement", "members", "record") else f", {role.replace('-', ' ')}"
        return Feature(
            id=f"{finding.id}#{role}{mark}",
            role=role,
            group=f"{finding.treaty}/{finding.clause}",
            verdict=_verdict(finding),
            geometry=geometry,
            title=markupless(f"{title_text(finding)}{what}"),
            description=markupless(told),
            properties={"role": role, **properties, **more},
        )

    if finding.subject == "group":
        place = _together(shapes, finding.members)
        yield feature("members", place, members=list(finding.members))
    elif finding.subject == "record":
        yield feature("record", None)
    else:
        yield feature("placement", None if finding.place is None else _point(finding.place))
    if finding.witness is not None and None not in measure["witness"]:
        yield feature("witness", _point(finding.witness))
    start = places.get(finding.members[0], finding.place) if finding.members else None
    if finding.subject != "deployment":
        start = None
    # from inside a territory the witness is the place itself, and there is no line
    if start is not None and finding.witness is not None and measure["distance_km"]:
        yield feature("line", _lines(geodesic_lines(start, finding.witness)))
    move = finding.nearest_compliant
    if move is not None:
        yield feature("nearest-compliant", _point((move.lon, move.lat)))
    for number, (episode, told_of) in enumerate(
        zip(finding.episodes, shown["episodes"], strict=True), 1
    ):
        ends = (("first", episode.first), ("last", episode.last), ("deepest", episode.deepest))
        for end, at in ends:
            of = {"episode": number, "time": told_of[end]["time"], "certain": episode.certain}
            yield feature(f"episode-{end}", _point((at.lon, at.lat)), f"-{number}", **of)


def mapped(geometry: BaseGeometry) -> dict[str, Any]:
    """Return a geometry as RFC 7946 wants it: tracks are geodesic and cut at 180°.

    Parameters
    ----------
    geometry : shapely geometry

    Examples
    --------
    >>> import shapely
    >>> mapped(shapely.LineString([(179.9, 0), (-179.9, 0)]))["coordinates"]
    [[[179.9, 0.0], [180.0, 0.0]], [[-180.0, 0.0], [-179.9, 0.0]]]
    >>> mapped(shapely.Polygon([(0, 0), (0, 1), (1, 0)]))["coordinates"]  # turned round
    [[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]]
    """
    import shapely
    from shapely.geometry import mapping, shape
    from shapely.geometry.polygon import orient

    if isinstance(geometry, shapely.LineString):
        return _lines(_track(geometry))
    if isinstance(geometry, shapely.MultiLineString):
        parts = [line for part in geometry.geoms for line in _track(part)]
        return {"type": "MultiLineString", "coordinates": parts}
    if isinstance(geometry, shapely.GeometryCollection):
        return {
            "type": "GeometryCollection",
            "geometries": [mapped(part) for part in geometry.geoms],
        }
    if isinstance(geometry, shapely.Polygon):
        geometry = orient(geometry)  # RFC 7946: counterclockwise outside
    elif isinstance(geometry, shapely.MultiPolygon):
        geometry = shapely.MultiPolygon([orient(part) for part in geometry.geoms])
    exact = mapping(geometry)
    shown = {"type": exact["type"], "coordinates": _all_rounded(exact["coordinates"])}
    if isinstance(geometry, shapely.Polygon | shapely.MultiPolygon) and not shape(shown).is_valid:
        return {"type": exact["type"], "coordinates": _listed(exact["coordinates"])}  # a sliver
    return shown


def _track(line: LineString) -> list[list[list[float]]]:
    return geodesic_path([(at[0], at[1]) for at in line.coords])


def _lines(lines: list[list[list[float]]]) -> dict[str, Any]:
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def _point(place: Position) -> dict[str, Any]:
    return {"type": "Point", "coordinates": rounded(*place)}


def _shapes(report: Report, deployments: Iterable[Deployment]) -> dict[str, dict[str, Any]]:
    """Return geometries by id: those of the deployments, else the places of their findings."""
    found: dict[str, dict[str, Any]] = {}
    for finding in report.findings:
        if finding.place is not None:
            found |= dict.fromkeys(finding.members, _point(finding.place))
    for one in deployments:
        if one.geometry is not None:
            found[one.id] = mapped(one.geometry)
    return found


def _all_rounded(coordinates: Any) -> Any:
    if coordinates and isinstance(coordinates[0], float | int):
        return rounded(coordinates[0], coordinates[1])
    return [_all_rounded(row) for row in coordinates]


def _listed(coordinates: Any) -> Any:
    if coordinates and isinstance(coordinates[0], float | int):
        return [coordinates[0], coordinates[1]]
    return [_listed(row) for row in coordinates]


def _together(
    shapes: Mapping[str, dict[str, Any]], members: Iterable[str]
) -> dict[str, Any] | None:
    """Return the geometries of the members as one; None where no place is known."""
    # a contingent and its unit stand at one place
    found = {dumped(shapes[name]): shapes[name] for name in members if name in shapes}
    parts = list(found.values())
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


def _places(deployments: Iterable[Deployment]) -> dict[str, Position | None]:
    # of a track or an area a finding does not say which of its points was the decisive one
    shapes = {one.id: one.geometry for one in deployments if one.geometry is not None}
    return {
        name: (shape.coords[0][0], shape.coords[0][1]) if shape.geom_type == "Point" else None
        for name, shape in shapes.items()
    }
