"""The report on a map, as KML 2.2: a folder for each clause, a placemark for each feature."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from deploygeo.checker.findings import Report
from deploygeo.model import Deployment
from deploygeo.report._inert import markupless, xml_text
from deploygeo.report.features import COLOURS, Feature, features_of
from deploygeo.report.receipt import receipt, receipt_lines
from deploygeo.report.text import header_lines, unchecked_lines

if TYPE_CHECKING:
    from deploygeo.zones.zoned import ClosedZone

__all__ = ["to_kml"]

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'
_SMALL = ("witness", "nearest-compliant", "episode-first", "episode-last", "episode-deepest")


def to_kml(
    report: Report,
    deployments: Iterable[Deployment] = (),
    zones: Sequence[ClosedZone] = (),
) -> str:
    """Return the deployments and the findings that apply as KML.

    What is shown is what `deploygeo.report.to_geojson` shows. The receipt is the description of
    the document. Every balloon shows the description alone, which is escaped; names and values
    are no markup even where a viewer takes them for HTML: angle brackets become ‹ and ›. No icon,
    link or picture is fetched from anywhere.

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
    >>> made = to_kml(Report(settings=Settings(), findings=(), source="<a>"))
    >>> made.splitlines()[3]
    '<name>deploygeo: ‹a›, 0 deployments and 0 records</name>'
    """
    lines = header_lines(report)
    features = list(features_of(report, deployments, zones))
    told = [*lines, *unchecked_lines(report), "", *receipt_lines(receipt(report))]
    parts = [
        f"{_HEAD}<Document>\n<name>{xml_text(markupless(lines[0]))}</name>\n",
        f"<description>{_balloon(told)}</description>\n",
        *_styles({_style(feature) for feature in features}),
    ]
    for group, members in groupby(features, key=lambda feature: feature.group):
        parts.append(f"<Folder>\n<name>{xml_text(markupless(group))}</name>\n")
        parts += [piece for feature in members for piece in _placemark(feature)]
        parts.append("</Folder>\n")
    return "".join([*parts, "</Document>\n</kml>\n"])


def _balloon(lines: Iterable[str]) -> str:
    """Return lines as HTML that is escaped once more, since XML has it as text."""
    return xml_text("<br>".join(escape(markupless(line)) for line in lines))


def _style(feature: Feature) -> str:
    mark = "-zone" if feature.role == "closed" else "-small" if feature.role in _SMALL else ""
    return f"{feature.verdict}{mark}"


def _styles(used: Collection[str]) -> Iterator[str]:
    for verdict, colour in COLOURS.items():
        for mark, scale, opacity in (("", 1.0, "40"), ("-small", 0.6, "40"), ("-zone", 1.0, "1f")):
            if f"{verdict}{mark}" not in used:
                continue
            yield (
                f'<Style id="{verdict}{mark}">'
                f"<IconStyle><color>{_abgr(colour)}</color><scale>{scale}</scale></IconStyle>"
                f"<LabelStyle><scale>{0.0 if mark else 0.8}</scale></LabelStyle>"
                f"<LineStyle><color>{_abgr(colour, 'cc')}</color><width>2</width></LineStyle>"
                f"<PolyStyle><color>{_abgr(colour, opacity)}</color></PolyStyle>"
                # without a text of its own a balloon shows the name and the values as HTML
                "<BalloonStyle><text>$[description]</text></BalloonStyle>"
                "</Style>\n"
            )


def _abgr(colour: str, opacity: str = "ff") -> str:
    """Return a colour as KML has it: opacity, blue, green, red.

    >>> _abgr("#112233", "80")
    '80332211'
    """
    return f"{opacity}{colour[5:7]}{colour[3:5]}{colour[1:3]}"


def _placemark(feature: Feature) -> Iterator[str]:
    yield f"<Placemark>\n<name>{xml_text(feature.title)}</name>\n"
    # a placemark without a place is listed and not shown
    yield f"<description>{_balloon([feature.title, *feature.description.split('; ')])}"
    yield "</description>\n"
    day = feature.properties.get("time") or feature.properties.get("on")
    if day:
        yield f"<TimeStamp><when>{xml_text(day)}</when></TimeStamp>\n"
    yield f"<styleUrl>#{_style(feature)}</styleUrl>\n<ExtendedData>\n"
    for name, value in {"role": feature.role, **feature.properties}.items():
        if value is not None:
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            text = xml_text(markupless(shown))
            yield f'<Data name="{name}"><value>{text}</value></Data>\n'
    yield "</ExtendedData>\n"
    if feature.geometry is not None:
        yield f"{_geometry(feature.geometry)}\n"
    yield "</Placemark>\n"


def _geometry(shape: Mapping[str, Any]) -> str:
    kind = shape["type"]
    if kind == "GeometryCollection":
        return _multi(_geometry(part) for part in shape["geometries"])
    coordinates = shape["coordinates"]
    if kind.startswith("Multi"):
        one = kind.removeprefix("Multi")
        return _multi(_geometry({"type": one, "coordinates": part}) for part in coordinates)
    if kind == "Point":
        return f"<Point>{_coordinates([coordinates])}</Point>"
    if kind == "LineString":
        return f"<LineString><tessellate>1</tessellate>{_coordinates(coordinates)}</LineString>"
    outer, *holes = (f"<LinearRing>{_coordinates(ring)}</LinearRing>" for ring in coordinates)
    inner = "".join(f"<innerBoundaryIs>{ring}</innerBoundaryIs>" for ring in holes)
    return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{inner}</Polygon>"


def _multi(parts: Iterable[str]) -> str:
    return f"<MultiGeometry>{''.join(parts)}</MultiGeometry>"


def _coordinates(positions: Sequence[Sequence[float]]) -> str:
    text = " ".join(f"{_number(lon)},{_number(lat)}" for lon, lat in positions)
    return f"<coordinates>{text}</coordinates>"


def _number(degrees: float) -> str:
    """Return degrees to about a millimetre, never with an exponent.

    >>> _number(-0.00001), _number(180.0), _number(0.0)
    ('-0.00001', '180', '0')
    """
    return f"{degrees:.8f}".rstrip("0").rstrip(".")
