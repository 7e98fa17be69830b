"""What lies under a figure: sea, land by holder, borders, a grid of degrees and a scale bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from deploygeo import boundaries
from deploygeo.report._words import quantity
from deploygeo.report.page.atlas import unit_polygons
from deploygeo.report.page.sides import holders_in, sides_on
from deploygeo.report.planar import Frame, lines_in, polygons_in
from deploygeo.report.svgmap import (
    COAST_COLOUR,
    JOINED_KM,
    LAND_COLOURS,
    RIM_COLOUR,
    SEA_COLOUR,
    scale_bar_km,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["add_areas", "add_basemap", "add_lines"]

_TEXT = "#16202b"
_GRID = "#b9c9d6"
#: Degrees between the lines of the grid, for a frame whose corner is farther than so many km.
_GRIDS = ((4000.0, 20), (1500.0, 10), (700.0, 5), (250.0, 2), (0.0, 1))
#: Beyond, a figure of twenty centimetres has a dot for what the simplified atlas keeps.
_SMALL_SCALE_KM = 4000.0


def add_basemap(axes: Axes, frame: Frame, worldview: str, on: date) -> None:
    """Draw land by the side of its holder, borders, a grid and a scale bar on axes.

    Borders are those of the level ``ne10``, simplified where a frame is wider than Europe. A line
    between two units of one holder, such as the rim of a disputed area, is dashed.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    frame : Frame
        Its kilometres are the units of the axes.
    worldview : str
    on : date

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> add_basemap(axes, Frame(14.4, 35.9, 60.0, 40.0), "un", boundaries.DEFAULT_ON)
    >>> [float(end) for end in axes.get_xlim()]
    [-60.0, 60.0]
    """
    left, bottom, right, top = frame.box
    axes.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], facecolor=SEA_COLOUR)
    axes.set_aspect("equal")
    _add_grid(axes, frame)
    store = boundaries.borders("ne10")
    held, sides = holders_in(worldview, on), sides_on(on)
    by_holder: dict[str, list[Any]] = {}
    for unit in _units_near(store, frame):
        polygons = _land_of(store, unit, frame)
        parts = polygons_in(frame, polygons, steps=False)
        if not parts:
            continue
        by_holder.setdefault(held.get(unit, unit), []).extend(parts)
        if store.units[unit].kind == "disputed":
            rings = [ring.coords for ring in shapely.get_rings(polygons)]
            rims = lines_in(frame, rings, steps=False)
            add_lines(axes, rims, RIM_COLOUR, 0.7, dashes=(3.0, 2.0), order=1.4)
    for holder in sorted(by_holder):
        land = shapely.union_all(by_holder[holder], grid_size=JOINED_KM)
        add_areas(axes, [land], LAND_COLOURS[sides.get(holder, "other")], order=1.0)
        add_lines(axes, [land.boundary], COAST_COLOUR, 0.45, order=1.5)
    _add_scale_bar(axes, frame)


def _land_of(store: boundaries.Borders, unit: str, frame: Frame) -> list[Any]:
    """Return the land of a unit, on small scales without what no figure can show."""
    if frame.reach_km < _SMALL_SCALE_KM:
        return list(store.polygons([unit]))
    return [shapely.Polygon(rings[0], rings[1:]) for rings in unit_polygons()[unit]]


def _units_near(store: boundaries.Borders, frame: Frame) -> list[str]:
    """Return the units that may have land in a frame, sorted."""
    return sorted(store.parts_near(frame.lon, frame.lat, frame.reach_km * 1000.0 * 1.01))


def add_areas(
    axes: Axes, areas: Iterable[Any], colour: str, *, alpha: float = 1.0, order: float = 2.0
) -> None:
    """Fill areas of kilometres, without an edge.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    areas : iterable of shapely geometries
    colour : str
    alpha, order : float
        How opaque, and how high in the stack.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> add_areas(axes, [shapely.box(0, 0, 1, 1)], "red")
    >>> len(axes.patches)
    1
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings = [
        Path(np.asarray(ring.coords)[:, :2], closed=True)
        for part in shapely.get_parts(list(areas))
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
    if rings:
        path = Path.make_compound_path(*rings)
        # not add_patch, which measures every vertex for limits that are set already
        axes.add_artist(
            PathPatch(path, facecolor=colour, edgecolor="none", alpha=alpha, zorder=order)
        )


def add_lines(
    axes: Axes,
    lines: Iterable[Any],
    colour: str,
    width: float,
    *,
    dashes: Sequence[float] = (),
    order: float = 3.0,
) -> None:
    """Draw lines of kilometres.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    lines : iterable of shapely geometries
    colour : str
    width : float
        In points.
    dashes : sequence of float
        In points too; empty is solid.
    order : float

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> add_lines(axes, [shapely.LineString([(0, 0), (1, 1)])], "red", 1.0)
    >>> len(axes.collections)
    1
    """
    from matplotlib.collections import LineCollection

    parts = [
        np.asarray(part.coords)[:, :2]
        for part in shapely.get_parts(list(lines))
        if part.geom_type in ("LineString", "LinearRing")
    ]
    if parts:
        style: Any = (0.0, tuple(dashes)) if dashes else "solid"
        axes.add_collection(
            LineCollection(parts, colors=colour, linewidths=width, linestyles=style, zorder=order),
            autolim=False,
        )


def _add_grid(axes: Axes, frame: Frame) -> None:
    """Draw meridians and parallels, with their degrees below and at the left."""
    step = next(degrees for reach, degrees in _GRIDS if frame.reach_km >= reach)
    fine = np.arange(-90.0, 90.1, 0.5)
    left, bottom, right, _ = frame.box
    edge = 0.004 * (right - left)
    for lon in range(-180, 180, step):
        lines = lines_in(frame, [[(lon, lat) for lat in fine[1:-1]]], steps=False)
        add_lines(axes, lines, _GRID, 0.5, order=0.5)
        ends = [end for line in lines for end in line.coords if end[1] <= bottom + edge]
        if ends:
            text = f"{abs(lon)}°{'' if lon % 180 == 0 else 'W' if lon < 0 else 'E'}"
            _label(axes, text, (ends[0][0], bottom - edge), "center", "top")
    for lat in range(-90 + step, 90, step):
        around = [(lon, lat) for lon in np.arange(-180.0, 180.1, 0.5)]
        lines = lines_in(frame, [around], steps=False)
        add_lines(axes, lines, _GRID, 0.5, order=0.5)
        ends = [end for line in lines for end in line.coords if end[0] <= left + edge]
        if ends:
            text = f"{abs(lat)}°{'' if lat == 0 else 'S' if lat < 0 else 'N'}"
            _label(axes, text, (left - edge, ends[0][1]), "right", "center")


def _label(axes: Axes, text: str, at: tuple[float, float], across: Any, up: Any) -> None:
    axes.text(*at, text, ha=across, va=up, fontsize=6.5, color=RIM_COLOUR, clip_on=False)


def _add_scale_bar(axes: Axes, frame: Frame) -> None:
    """Draw a bar that is true from the centre, and say how far it is off elsewhere."""
    length = scale_bar_km(frame)
    left, bottom, right, _ = frame.box
    pad = 0.03 * (right - left)
    x, y = left + pad, bottom + pad
    across = (frame.stretch - 1.0) * 100.0
    told = f"{quantity(length)} km, true along lines through +"
    if across >= 0.05:
        told += f"\nacross them at most {across:.1f} % long in the corners"
    box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.5}
    axes.plot([x, x + length], [y, y], color=_TEXT, linewidth=2.0, zorder=9, solid_capstyle="butt")
    axes.text(x, y + pad / 2.5, told, fontsize=6.5, color=_TEXT, zorder=9, va="bottom", bbox=box)
    axes.plot([0.0], [0.0], marker="+", color=_TEXT, markersize=6, zorder=9)
