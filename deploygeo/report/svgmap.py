"""A report on a map as SVG without a script, small enough for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo import boundaries
from deploygeo.checker.findings import VERDICTS, Finding, Report
from deploygeo.model import Deployment
from deploygeo.report._words import in_order, many, quantity
from deploygeo.report.page.atlas import unit_polygons
from deploygeo.report.page.sides import SIDES, holders_in, sides_on
from deploygeo.report.planar import Frame, frame_of, lines_in, points_in, polygons_in
from deploygeo.report.text import title_text

__all__ = [
    "SIDE_COLOURS",
    "VERDICT_COLOURS",
    "Position",
    "places_outside",
    "places_shown",
    "scale_bar_km",
    "to_svg",
    "witness_pairs",
]

Position = tuple[float, float]

SIDE_COLOURS: Mapping[str, str] = {"nato": "#1f5fb0", "csto": "#c2410c", "other": "#66707a"}
"""Of marks, by side."""
LAND_COLOURS: Mapping[str, str] = {"nato": "#cfdff2", "csto": "#f2d8d0", "other": "#f3f0e6"}
"""Of land, by the side of who holds it."""
VERDICT_COLOURS: Mapping[str, str] = {
    "violation": "#b3261e",
    "indeterminate": "#8a5a00",
    "excused": "#00696f",
    "compliant": "#1e6b33",
}
"""Of the rims of marks."""
SEA_COLOUR = "#e3eef5"
COAST_COLOUR = "#8a99a8"
RIM_COLOUR = "#4b5866"
"""Of the dashed rim of disputed land."""
#: Where neighbours meet, their land is joined on a grid of 10 m.
JOINED_KM = 0.01
LINE_COLOUR = "#6b21a8"

_WIDTH, _HEIGHT = 720, 460
#: A mark and a line each; more would hide one another, and no notebook wants them.
_MOST_MARKS = 300
_MOST_LINES = 60
#: A witness that is farther would make a world map of one ship; its line leads out of the map.
_NEAR_WITNESS_KM = 1500.0
#: Land is drawn to half a pixel.
_PIXEL = 0.5


def to_svg(report: Report) -> str:
    """Return a map of a report: land by holder, marks by side and verdict, witness lines.

    The projection is azimuthal equidistant about what is shown. Each mark has a title for
    who points at it. What comes from the input is escaped.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str
        An ``svg`` element; empty where no finding that applies has a place.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> to_svg(Report(settings=Settings(), findings=()))
    ''
    """
    placed = [
        row
        for row in in_order(report)
        if row.place is not None and row.verdict != "not-applicable" and not row.is_open
    ]
    if not placed:
        return ""
    marks = _gravest(placed)
    frame = frame_of(places_shown((place for place, _ in marks), placed), _WIDTH / _HEIGHT)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" role="img" aria-label="{escape(_label(report, marks))}">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{SEA_COLOUR}"/>',
        *_land(frame, report),
        *_lines(frame, placed),
        *_marks(frame, marks),
        *_scale_bar(frame),
        *_outside(frame, [place for place, _ in marks]),
        "</svg>",
    ]
    return "".join(parts)


def scale_bar_km(frame: Frame) -> float:
    """Return a round length for a scale bar: at most a quarter of the width.

    Parameters
    ----------
    frame : Frame

    Examples
    --------
    >>> scale_bar_km(Frame(0.0, 0.0, 1500.0, 900.0)), scale_bar_km(Frame(0.0, 0.0, 90.0, 60.0))
    (500.0, 20.0)
    """
    most = frame.half_width_km / 2.0
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most))


def witness_pairs(
    findings: Iterable[Finding], deployments: Iterable[Deployment] = ()
) -> list[tuple[Position, Position]]:
    """Return places and witnesses of the violations that measure a distance, each pair once.

    A track or an area was measured from a point of it that its finding does not name: there is
    no pair of those that have episodes, or that the deployments tell of.

    Parameters
    ----------
    findings : iterable of Finding
    deployments : iterable of Deployment
        Those that were checked.

    Examples
    --------
    >>> witness_pairs([])
    []
    """
    spread = {
        one.id
        for one in deployments
        if one.geometry is not None and one.geometry.geom_type != "Point"
    }
    found: dict[tuple[Position, Position], None] = {}
    for row in findings:
        if row.episodes or not spread.isdisjoint(row.members):
            continue
        if row.verdict != "violation" or row.witness is None or row.place is None:
            continue
        if np.isfinite(row.witness).all() and row.witness != row.place:
            found[row.place, row.witness] = None
    return list(found)


def places_shown(
    places: Iterable[Position],
    findings: Iterable[Finding],
    deployments: Iterable[Deployment] = (),
) -> list[Position]:
    """Return the places that a map is to show: those given, and witnesses that are not far.

    Parameters
    ----------
    places : iterable of (lon, lat)
    findings : iterable of Finding
    deployments : iterable of Deployment
        As for `witness_pairs`.

    Examples
    --------
    >>> places_shown([(34.0, 43.0)], [])
    [(34.0, 43.0)]
    """
    near = (
        row for row in findings if row.measures and row.measures[0].distance_km <= _NEAR_WITNESS_KM
    )
    return [*places, *(witness for _, witness in witness_pairs(near, deployments))]


def places_outside(frame: Frame, places: Sequence[Position]) -> str:
    """Return how many places a map does not show, in words; empty where it shows all.

    Parameters
    ----------
    frame : Frame
    places : sequence of (lon, lat)

    Examples
    --------
    >>> places_outside(Frame(0.0, 0.0, 100.0, 100.0), [(0.0, 0.0), (30.0, 0.0)])
    '1 of 2 places lies outside'
    """
    if not places:
        return ""
    outside = len(places) - int(points_in(frame, places)[1].sum())
    lie = "lies" if outside == 1 else "lie"
    return f"{outside} of {many(len(places), 'place')} {lie} outside" if outside else ""


def _gravest(placed: Iterable[Finding]) -> list[tuple[tuple[float, float], list[Finding]]]:
    """Return places with their findings, the gravest first; the gravest places last, on top."""
    at: dict[tuple[float, float, str], list[Finding]] = {}
    for row in placed:
        if row.place is not None:
            at.setdefault((*row.place, row.party), []).append(row)
    rank = {verdict: number for number, verdict in enumerate(VERDICTS)}
    for rows in at.values():
        rows.sort(key=lambda row: rank[row.verdict])
    ordered = sorted(at.items(), key=lambda pair: -rank[pair[1][0].verdict])
    return [((lon, lat), rows) for (lon, lat, _), rows in ordered[-_MOST_MARKS:]]


def _label(report: Report, marks: Sequence[tuple[object, list[Finding]]]) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in report.counts.items() if count)
    return f"Map of {len(marks)} places of deployments; findings: {counts}"


def _land(frame: Frame, report: Report) -> Iterable[str]:
    on = report.settings.on or boundaries.DEFAULT_ON
    held = holders_in(report.settings.worldview, on)
    sides = sides_on(on)
    known = boundaries.units()
    by_holder: dict[str, list[list[Any]]] = {}
    rims: list[Any] = []
    for unit, polygons in unit_polygons().items():
        land = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
        parts = polygons_in(frame, land)
        if parts:
            by_holder.setdefault(held.get(unit, unit), []).append(parts)
            if known[unit].kind == "disputed":
                rims += [ring.coords for ring in shapely.get_rings(land)]
    by_side: dict[str, list[str]] = {side: [] for side in SIDES}
    for holder, units in by_holder.items():
        whole = [part for parts in units for part in parts]
        if len(units) > 1:  # no border between what one state holds
            whole = list(shapely.get_parts(shapely.union_all(whole, grid_size=JOINED_KM)))
        by_side[sides.get(holder, "other")] += [
            _path(frame, np.asarray(ring.coords), closed=True)
            for part in whole
            if part.geom_type == "Polygon"
            for ring in (part.exterior, *part.interiors)
        ]
    for side, paths in by_side.items():
        if any(paths):
            yield (
                f'<path d="{"".join(paths)}" fill="{LAND_COLOURS[side]}" fill-rule="evenodd" '
                f'stroke="{COAST_COLOUR}" stroke-width=".5"/>'
            )
    lines = lines_in(frame, rims, steps=False)
    path = "".join(_path(frame, np.asarray(line.coords), closed=False) for line in lines)
    if path:
        yield (
            f'<path d="{path}" fill="none" stroke="{RIM_COLOUR}" stroke-width=".6" '
            'stroke-dasharray="3 2"/>'
        )


def _lines(frame: Frame, placed: Iterable[Finding]) -> Iterable[str]:
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    lines = []
    for (lon, lat), (to_lon, to_lat) in witness_pairs(placed)[:_MOST_LINES]:
        between = geod.npts(lon, lat, to_lon, to_lat, 24)
        lines.append([(lon, lat), *between, (to_lon, to_lat)])
    drawn = lines_in(frame, lines, steps=False)
    path = "".join(_path(frame, np.asarray(line.coords), closed=False) for line in drawn)
    if path:
        yield f'<path d="{path}" fill="none" stroke="{LINE_COLOUR}" stroke-width="1" opacity=".6"/>'


def _path(frame: Frame, kilometres: NDArray[np.float64], *, closed: bool) -> str:
    """Return a path in relative half pixels; what is smaller than one of them is nothing."""
    pixels = np.rint(_pixels(frame, kilometres) / _PIXEL).astype(np.int64)
    kept = np.append(True, (np.diff(pixels, axis=0) != 0).any(axis=1))
    pixels = pixels[kept]
    if len(pixels) < (4 if closed else 2):
        return ""
    if closed and (pixels[0] == pixels[-1]).all():
        pixels = pixels[:-1]
    moves = np.diff(pixels, axis=0)
    start = f"M{_number(pixels[0, 0])} {_number(pixels[0, 1])}l"
    steps = " ".join(f"{_number(x)} {_number(y)}" for x, y in moves)
    return start + steps.replace(" -", "-") + ("z" if closed else "")


def _number(halves: int) -> str:
    return f"{halves * _PIXEL:g}"


def _pixels(frame: Frame, kilometres: NDArray[np.float64]) -> NDArray[np.float64]:
    share = _WIDTH / (2.0 * frame.half_width_km)
    return np.column_stack(
        [_WIDTH / 2.0 + kilometres[:, 0] * share, _HEIGHT / 2.0 - kilometres[:, 1] * share]
    )


def _marks(
    frame: Frame, marks: Sequence[tuple[tuple[float, float], list[Finding]]]
) -> Iterable[str]:
    drawn, inside = points_in(frame, [place for place, _ in marks])
    for (x, y), seen, (_, rows) in zip(_pixels(frame, drawn), inside, marks, strict=True):
        if not seen:
            continue
        first = rows[0]
        side = sides_on(first.on or boundaries.DEFAULT_ON).get(first.party, "other")
        names = "; ".join(dict.fromkeys(title_text(row) for row in rows))
        told = f"{names}: {', '.join(dict.fromkeys(row.verdict for row in rows))}"
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{SIDE_COLOURS[side]}" '
            f'stroke="{VERDICT_COLOURS.get(first.verdict, "#51606f")}" stroke-width="2">'
            f"<title>{escape(told[:300])}</title></circle>"
        )


def _outside(frame: Frame, places: Sequence[Position]) -> Iterable[str]:
    told = places_outside(frame, places)
    if told:
        yield (
            f'<text x="{_WIDTH - 14}" y="{_HEIGHT - 14}" text-anchor="end" font-size="11" '
            f'font-family="sans-serif" fill="#16202b">{told}</text>'
        )


def _scale_bar(frame: Frame) -> Iterable[str]:
    length = scale_bar_km(frame)
    pixels = length * _WIDTH / (2.0 * frame.half_width_km)
    y = _HEIGHT - 14
    yield (
        f'<path d="M14 {y - 4}v4h{pixels:.1f}v-4M{_WIDTH / 2 - 4:g} {_HEIGHT / 2:g}h8m-4-4v8" '
        'fill="none" stroke="#16202b"/>'
        f'<text x="14" y="{y - 9}" font-size="11" font-family="sans-serif" fill="#16202b">'
        f"{quantity(length)} km, true from +</text>"
    )
