"""A position for some wishes: inside a region or not, within a distance of it or beyond."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from deploygeo import boundaries, geodesy
from deploygeo.boundaries import TERRITORIAL_SEA_M
from deploygeo.checker.places import border_of, line_of
from deploygeo.clauses.evaluate import Region
from deploygeo.testing.strategies._draw import Draw, chance, count, pick
from deploygeo.testing.strategies.outlines import Outline, Position, land, outline_of, sea, stepped
from deploygeo.testing.strategies.places import draw_position, inside_outline, near_outline
from deploygeo.testing.strategies.wishes import Asked, Place
from deploygeo.units import METRES_PER_KM

__all__ = ["Ground", "draw_site"]

#: Positions tried before the last one is taken as it is.
_TRIES = 3

#: No two points are farther apart, in kilometres.
_FARTHEST_KM = 20_003.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Where regions are: the choices of a run, and the folder of a treaty's lines."""

    asked: Asked

    @property
    def on(self) -> date:
        """The day."""
        return self.asked.on

    def outline(self, region: Region) -> Outline:
        """Return the outline of a region; of land for a territory, whose sea is no polygon."""
        chosen, level = self.asked.settings, self.asked.settings.level
        match region.kind:
            case "land" | "territory":
                return land(region.states, on=self.on, worldview=chosen.worldview, level=level)
            case "sea":
                return sea(region.name)
            case "line":
                return outline_of(line_of(self.asked.treaty.folder, region.name))
            case kind:
                states, others = region.states, region.others
                known = boundaries.states()
                line = border_of(
                    level, chosen.worldview, self.on, kind, states & known, others & known
                )
                return outline_of(line)

    def is_inside(self, region: Region, place: Position) -> bool:
        """Return whether a place is inside a region, by the data as they are."""
        if region.kind in ("land", "territory"):
            chosen = self.asked.settings
            state, zone = boundaries.host_of(
                *place, on=self.on, worldview=chosen.worldview, level=chosen.level
            )
            return state in region.states and (zone == "land" or region.kind == "territory")
        if region.kind == "sea":
            x, y = np.array([place[0]]), np.array([place[1]])
            return any(shape.covers(x, y)[0] for shape in self.outline(region).territory.shapes)
        return self.distance_km(region, place) == 0.0

    def nearest(self, region: Region, place: Position) -> geodesy.Nearest:
        """Return the nearest point of a region, of land for a territory; nan where it is empty."""
        outline = self.outline(region)
        if region.kind not in ("land", "territory"):
            return geodesy.nearest_edge(*place, outline.territory)
        names = [shape.name for shape in outline.territory.shapes if not shape.is_empty]
        if not names:
            return geodesy.nearest(*place, geodesy.EMPTY)
        return boundaries.nearest_of(names, *place, level=self.asked.settings.level)[0]

    def distance_km(self, region: Region, place: Position) -> float:
        """Return the distance to a region as the check takes it; infinite where there is none."""
        away_m = float(self.nearest(region, place).distance_m)
        if math.isnan(away_m):
            return math.inf
        if region.kind == "territory":
            away_m = max(0.0, away_m - TERRITORIAL_SEA_M)
        return away_m / METRES_PER_KM


def draw_site(
    draw: Draw, ground: Ground, places: Sequence[Place], numbers: Mapping[str, float]
) -> Position:
    """Draw a position that fulfils some wishes, if that is easily had.

    Parameters
    ----------
    draw : Draw
    ground : Ground
    places : sequence of Place
        The wishes.
    numbers : mapping of str to float
        The quantities of the deployment, in kilometres, that distances are compared with.
    """
    if not places:
        return draw_position(draw, level=ground.asked.settings.level)
    # what must be near something leads; what must not be somewhere leaves too much choice
    leads = [place for place in places if place.holds] or list(places)
    found = (0.0, 0.0)
    for _ in range(_TRIES):
        lead = pick(draw, leads)
        found = _led(draw, ground, lead, numbers)
        if all(_is_met(ground, place, found, numbers) for place in places):
            break
    return found


def _within_km(place: Place, numbers: Mapping[str, float]) -> float:
    if isinstance(place.within, str):
        reach = numbers.get(place.within, numbers.get("range", 1_000.0))
        return next((step for step in sorted(place.steps) if reach <= step), reach)
    return place.within or 0.0


def _led(draw: Draw, ground: Ground, place: Place, numbers: Mapping[str, float]) -> Position:
    outline = ground.outline(place.region)
    if len(outline.vertices) == 0:
        return draw_position(draw, level=ground.asked.settings.level)
    if place.within is None:
        if not place.holds:
            return _outside(draw, ground, outline)
        if len(outline.polygons) and not (place.region.kind == "territory" and chance(draw, 4)):
            return inside_outline(draw, outline)
        most_km = 25.0 if place.region.kind == "territory" else 0.0
        return near_outline(draw, outline, most_km)
    limit_km = min(_within_km(place, numbers), _FARTHEST_KM)
    shares = (0.5, 0.0, 0.9, 0.99, 1.0) if place.holds else (1.1, 1.01, 2.0, 1.0)
    away_m = min(limit_km * pick(draw, shares), _FARTHEST_KM) * METRES_PER_KM
    if place.region.kind == "territory":
        away_m += TERRITORIAL_SEA_M
    away_m += 0.0 if place.holds else 1_000.0
    vertex = outline.vertex(count(draw, 0, len(outline.vertices) - 1))
    return stepped(vertex, count(draw, 0, 359), away_m)


def _outside(draw: Draw, ground: Ground, outline: Outline) -> Position:
    if chance(draw, 3):
        return near_outline(draw, outline, 300.0)
    kinds = ("anywhere", "seas", "coasts", "borders")
    return draw_position(draw, kinds, ground.asked.settings.level)


def _is_met(ground: Ground, place: Place, found: Position, numbers: Mapping[str, float]) -> bool:
    if place.within is None:
        return ground.is_inside(place.region, found) is place.holds
    away_km = ground.distance_km(place.region, found)
    return (away_km <= _within_km(place, numbers)) is place.holds
