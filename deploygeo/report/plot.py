"""A report or a zone as a figure for papers, drawn with matplotlib (the extra ``plot``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import pairwise
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import shapely

from deploygeo import boundaries
from deploygeo.checker.findings import VERDICTS, Report
from deploygeo.errors import SettingError
from deploygeo.model import Deployment
from deploygeo.report._names import named, spoken
from deploygeo.report._words import counts_text, in_order, plain, quantity
from deploygeo.report.page.sides import SIDES, sides_on
from deploygeo.report.page.zones import zones_of_report
from deploygeo.report.planar import (
    Frame,
    frame_of,
    lines_in,
    outline_places,
    points_in,
    polygons_in,
)
from deploygeo.report.receipt import own_version
from deploygeo.report.svgmap import (
    LINE_COLOUR,
    SIDE_COLOURS,
    VERDICT_COLOURS,
    Position,
    places_outside,
    places_shown,
    witness_pairs,
)
from deploygeo.zones.zoned import ClosedZone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["SUFFIXES", "draw_report", "draw_zone"]

SUFFIXES = (".pdf", ".png", ".svg")
"""Of the files that a figure can be written to."""

_ZONE_COLOUR = "#b3261e"
_MOST_LINES = 200
_ASPECT = 1.5
#: Twenty centimetres: the width of a page with small margins.
_WIDTH_IN = 7.9
_DPI = 200
#: Settings under which the same figure gives the same bytes, and texts stay texts: no dollar sign
#: of a name begins a formula, and none reaches TeX.
_STYLE: Any = {
    "svg.hashsalt": "deploygeo",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "text.usetex": False,
}
#: Of a mark, so that a verdict is told without its colour as well.
_SHAPES: dict[str, str] = {
    "violation": "o",
    "indeterminate": "D",
    "excused": "^",
    "compliant": "s",
}


def draw_report(
    report: Report,
    deployments: Iterable[Deployment] = (),
    *,
    path: str | Path | None = None,
    zones: bool = False,
    title: str | None = None,
) -> Figure:
    """Return a figure of a report: deployments by side and verdict, and lines to the witnesses.

    The projection is azimuthal equidistant about what is shown, on the ellipsoid: distances
    from the centre are true, and the scale bar says so.

    Parameters
    ----------
    report : Report
    deployments : iterable of Deployment
        Those that were checked: with them tracks and areas are drawn too, and members of groups.
    path : str or Path, optional
        Write the figure here as well: ``.png``, ``.svg`` or ``.pdf``.
    zones : bool
        Draw also what the violated clauses close; some seconds for each zone.
    title : str, optional
        Above the figure; the counts without.

    Raises
    ------
    SettingError
        Without matplotlib, for another suffix, or if the file cannot be written.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> figure = draw_report(Report(settings=Settings(), findings=()))
    >>> figure.axes[0].get_title()
    '0 checks: none applied'
    """
    target = _target(path)
    placed = tuple(deployments)
    marks = _marks(report, placed)
    shown = places_shown((place for place, _, _ in marks), report.findings, placed)
    frame = frame_of(shown, _ASPECT)
    on = report.settings.on or boundaries.DEFAULT_ON
    with _styled():
        figure, axes = _figure()
        _under(axes, frame, report.settings.worldview, on)
        if zones:
            for zone in zones_of_report(report)[0]:
                _add_zone(axes, frame, zone.geometry)
        _add_shapes(axes, frame, placed)
        pairs = witness_pairs(report.findings, placed)[:_MOST_LINES]
        _add_witness_lines(axes, frame, pairs)
        _add_marks(axes, frame, marks, sides_on(on))
        axes.set_title(counts_text(report) if title is None else title, fontsize=9)
        _legend(axes, marks, sides_on(on), has_lines=bool(pairs), zones=zones)
        told = [plain(report.source) or "deployments", _worldview(report.settings.worldview)]
        outside = places_outside(frame, [place for place, _, _ in marks])
        _caption(axes, frame, "; ".join([*told, outside] if outside else told))
        return _written(figure, target)


def draw_zone(
    zone: ClosedZone, *, path: str | Path | None = None, title: str | None = None
) -> Figure:
    """Return a figure of a zone that a clause closes.

    Parameters
    ----------
    zone : ClosedZone
        As `deploygeo.zone_of` gives it.
    path : str or Path, optional
        As for `draw_report`.
    title : str, optional
        Above the figure; clause, party and range without.

    Raises
    ------
    SettingError
        As for `draw_report`.

    Examples
    --------
    >>> from deploygeo.zones.zoned import zone_of
    >>> zone = zone_of("us-russia-2021/6", "RUS", 300)  # no missile of a banned class: empty
    >>> draw_zone(zone).axes[0].get_title()
    'us-russia-2021/6 closes to Russia, at a reach of 300 km: nothing'
    """
    target = _target(path)
    closed = zone.closed
    outline = outline_places(zone.geometry)
    frame = frame_of(outline, _ASPECT, share=1.0)
    name = f"{closed.treaty.id}/{closed.clause.id} closes to {spoken(closed.party)}"
    reach = "" if closed.range_km is None else f", at a reach of {quantity(closed.range_km)} km"
    found = "nothing" if zone.geometry.is_empty else f"{quantity(zone.area_km2)} km²"
    heading = f"{plain(name)}{reach}: {found}" if title is None else title
    what = plain(named(str(closed.place)))
    told = [what if len(what) <= 110 else f"{what[:110]}…", _worldview(closed.settings.worldview)]
    if places_outside(frame, outline):
        told.append("part of it lies outside the figure")
    with _styled():
        figure, axes = _figure()
        _under(axes, frame, closed.settings.worldview, closed.on)
        _add_zone(axes, frame, zone.geometry)
        axes.set_title(heading, fontsize=9)
        _caption(axes, frame, "; ".join(told))
        return _written(figure, target)


def _worldview(name: str) -> str:
    return f"worldview {plain(name)}"


def _target(path: str | Path | None) -> Path | None:
    if path is None:
        return None
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise SettingError(
            f"{plain(target.name)!r} is no file of a figure; name one that ends in "
            f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        )
    return target


def _styled() -> AbstractContextManager[None]:
    try:
        from matplotlib import rc_context
    except ImportError:
        raise SettingError(
            "a figure needs matplotlib, which is not installed: pip install 'deploygeo[plot]'"
        ) from None
    return rc_context(_STYLE)


def _figure() -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    # no pyplot: nothing is left open, and no window or backend is asked for
    figure = Figure(figsize=(_WIDTH_IN, _WIDTH_IN / _ASPECT + 0.9), layout="constrained")
    return figure, figure.subplots()


def _under(axes: Axes, frame: Frame, worldview: str, on: date) -> None:
    from deploygeo.report.basemap import add_basemap

    add_basemap(axes, frame, worldview, on)


def _written(figure: Figure, target: Path | None) -> Figure:
    if target is None:
        return figure
    kind = target.suffix.lower()
    # a date in the file would make every run another file
    metadata: dict[str, Any] = {
        ".svg": {"Date": None},
        ".pdf": {"CreationDate": None, "ModDate": None},
        ".png": {},
    }[kind]
    try:
        figure.savefig(target, format=kind[1:], dpi=_DPI, metadata=metadata)
    except OSError as error:
        text = f"cannot write {plain(target)}: {error.strerror or error}"
        raise SettingError(text) from None
    return figure


Mark = tuple[tuple[float, float], str, str]


def _marks(report: Report, deployments: Sequence[Deployment]) -> list[Mark]:
    """Return place, party and gravest verdict of what applies, the gravest last."""
    rank = {verdict: number for number, verdict in enumerate(VERDICTS)}
    known = {one.id: one for one in deployments}
    found: dict[tuple[float, float, str], str] = {}
    for row in in_order(report):
        if row.verdict == "not-applicable" or row.is_open:
            continue
        places: list[tuple[tuple[float, float] | None, str]] = [(row.place, row.party)]
        if row.subject == "group" or row.place is None:
            members = [known[name] for name in row.members if name in known]
            places += [(_middle(one), one.party) for one in members]
        for place, party in places:
            if place is None:
                continue
            key = (*place, party)
            if key not in found or rank[row.verdict] < rank[found[key]]:
                found[key] = row.verdict
    marks = [((lon, lat), party, verdict) for (lon, lat, party), verdict in found.items()]
    return sorted(marks, key=lambda mark: (-rank[mark[2]], mark[0], mark[1]))


def _middle(one: Deployment) -> tuple[float, float] | None:
    if one.geometry is None or one.geometry.is_empty:
        return None
    lon, lat = one.geometry.representative_point().coords[0][:2]
    return (lon, lat)


def _add_zone(axes: Axes, frame: Frame, geometry: Any) -> None:
    from deploygeo.report.basemap import add_areas, add_lines

    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    add_areas(axes, polygons_in(frame, polygons), _ZONE_COLOUR, alpha=0.2, order=2.0)
    rings = [ring.coords for part in polygons for ring in (part.exterior, *part.interiors)]
    add_lines(axes, lines_in(frame, rings), _ZONE_COLOUR, 1.1, order=2.5)


def _add_shapes(axes: Axes, frame: Frame, deployments: Iterable[Deployment]) -> None:
    from deploygeo.report.basemap import add_lines

    for one in deployments:
        parts = [] if one.geometry is None else list(shapely.get_parts(one.geometry))
        colour = SIDE_COLOURS[
            sides_on(one.stay.start or boundaries.DEFAULT_ON).get(one.party, "other")
        ]
        for part in parts:
            if part.geom_type == "LineString":  # a track: geodesic between its fixes
                fixes = [fix[:2] for fix in part.coords]
                lines = [_geodesic(*pair) for pair in pairwise(fixes)]
                add_lines(axes, lines_in(frame, lines, steps=False), colour, 1.3, order=3.0)
            elif part.geom_type == "Polygon":
                rings = [ring.coords for ring in (part.exterior, *part.interiors)]
                add_lines(axes, lines_in(frame, rings), colour, 1.3, order=3.0)


def _add_witness_lines(
    axes: Axes, frame: Frame, pairs: Sequence[tuple[Position, Position]]
) -> None:
    from deploygeo.report.basemap import add_lines

    lines = [_geodesic(*pair) for pair in pairs]
    add_lines(axes, lines_in(frame, lines, steps=False), LINE_COLOUR, 0.7, order=3.5)


def _geodesic(start: Any, end: Any) -> list[tuple[float, float]]:
    from pyproj import Geod

    between = Geod(ellps="WGS84").npts(start[0], start[1], end[0], end[1], 40)
    return [start, *between, end]


def _add_marks(axes: Axes, frame: Frame, marks: Sequence[Mark], sides: Mapping[str, str]) -> None:
    if not marks:
        return
    drawn, inside = points_in(frame, [place for place, _, _ in marks])
    shown = [(at, mark) for at, mark, seen in zip(drawn, marks, inside, strict=True) if seen]
    for verdict in reversed(_SHAPES):  # the gravest on top
        some = [(at, party) for at, (_, party, found) in shown if found == verdict]
        if not some:
            continue
        axes.scatter(
            [at[0] for at, _ in some],
            [at[1] for at, _ in some],
            s=22,
            marker=_SHAPES[verdict],
            c=[SIDE_COLOURS[sides.get(party, "other")] for _, party in some],
            edgecolors=VERDICT_COLOURS[verdict],
            linewidths=1.4,
            zorder=5,
        )


def _legend(
    axes: Axes, marks: Sequence[Mark], sides: Mapping[str, str], *, has_lines: bool, zones: bool
) -> None:
    from matplotlib.lines import Line2D

    def dot(face: str, edge: str, label: str, marker: str = "o") -> Line2D:
        return Line2D(
            [], [], marker=marker, linestyle="", markersize=5, markerfacecolor=face,
            markeredgecolor=edge, markeredgewidth=1.4, label=label,
        )  # fmt: skip

    present = {sides.get(party, "other") for _, party, _ in marks}
    verdicts = {verdict for _, _, verdict in marks}
    keys = [dot(SIDE_COLOURS[side], "none", SIDES[side]) for side in SIDES if side in present]
    keys += [
        dot("none", VERDICT_COLOURS[one], one, _SHAPES[one]) for one in _SHAPES if one in verdicts
    ]
    if has_lines:
        keys.append(Line2D([], [], color=LINE_COLOUR, linewidth=0.8, label="to the witness"))
    if zones:
        keys.append(Line2D([], [], color=_ZONE_COLOUR, linewidth=1.1, label="closed by a clause"))
    if keys:
        axes.figure.legend(
            handles=keys, loc="outside lower center", ncols=4, fontsize=7, frameon=False
        )


def _caption(axes: Axes, frame: Frame, text: str) -> None:
    east, north = "W" if frame.lon < 0 else "E", "S" if frame.lat < 0 else "N"
    centre = f"{abs(frame.lon):.1f}° {east} {abs(frame.lat):.1f}° {north}"
    made = f"{text}. Azimuthal equidistant about {centre}, WGS 84; deploygeo {own_version()}"
    axes.set_xlabel(fill(made, 130), fontsize=6.5, color="#4b5866", labelpad=12.0)
