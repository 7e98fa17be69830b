"""The outlines of what is within a range of a region; each is drawn once."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from deploygeo import boundaries
from deploygeo.checker.places import border_of, line_of
from deploygeo.clauses.evaluate import Region, States
from deploygeo.errors import SettingError
from deploygeo.geodesy import Territory, Zone, zone
from deploygeo.geodesy.zone import LEAST_KM
from deploygeo.zones.closed import Closed
from deploygeo.zones.locus import Near
from deploygeo.zones.tiles import Geometries

__all__ = ["BELT_KM", "Held", "held_by", "region_of", "stages_of", "tolerance_for", "zones_of"]

#: The territorial sea, in kilometres.
BELT_KM = boundaries.TERRITORIAL_SEA_M / 1e3

#: An outline may be off by a tenth of its range at most.
_MOST_OF_RANGE = 0.1

#: Outlines that others are drawn from, one from the other: each takes its part of the tolerance.
_MOST_STAGES = 2

#: A narrower step than this leaves no room for a usual tolerance.
_LEAST_STEP_KM = 20.0


@dataclass(frozen=True)
class Held:
    """Who holds what: the units of states, and how they fall into groups held alike.

    Parameters
    ----------
    level, worldview : str
    on : date
    overseas : bool
        Whether overseas territories count.
    worldviews : tuple of str
        Those that are compared. What is within a range of a union of territories is within it of
        one of them, so units that all of these give alike are outlined once and for all.
    """

    level: str
    worldview: str
    on: date
    overseas: bool
    worldviews: tuple[str, ...]

    def units(self, states: States, worldview: str | None = None) -> tuple[str, ...]:
        """Return the units with land that states hold."""
        store = boundaries.borders(self.level)
        held = store.tables.holders(worldview or self.worldview, self.on)
        return store.holder_units(states, held, overseas=self.overseas)

    def others(self, states: States) -> tuple[str, ...]:
        """Return the units with land that states do not hold, overseas or not."""
        store = boundaries.borders(self.level)
        held = store.tables.holders(self.worldview, self.on)
        return tuple(sorted(set(store.unit_ids()).difference(store.holder_units(states, held))))

    def waters(self, units: Iterable[str]) -> Geometries:
        """Return the internal waters of units: few of them are in the data."""
        shapes = boundaries.borders(self.level).waters(units).shapes
        parts = [part for shape in shapes for part in shapely.get_parts(shape.geometry)]
        return np.array(parts, dtype=np.object_)

    def groups(self, states: States) -> tuple[tuple[str, ...], ...]:
        """Return the units that states hold, together where every worldview has them alike."""
        views = [set(self.units(states, view)) for view in self.worldviews]
        found: dict[tuple[bool, ...], list[str]] = {}
        for unit in self.units(states):
            found.setdefault(tuple(unit in view for view in views), []).append(unit)
        return tuple(tuple(group) for _, group in sorted(found.items(), reverse=True))


def held_by(closed: Closed, worldviews: tuple[str, ...] = ()) -> Held:
    """Return who holds what for a clause under its choices."""
    view = closed.settings.worldview
    return Held(closed.settings.level, view, closed.on, closed.overseas, worldviews or (view,))


def tolerance_for(km: float, tolerance_m: float) -> float:
    """Return the tolerance of an outline: as asked, but a tenth of the range at most.

    >>> tolerance_for(500, 100.0), tolerance_for(0.5, 100.0)
    (100.0, 50.0)
    """
    return min(tolerance_m, km * 1e3 * _MOST_OF_RANGE)


def stages_of(ranges_km: Iterable[float]) -> tuple[float, ...]:
    """Return the ranges from whose outlines wider ones are drawn.

    >>> stages_of([500.0, 50.0, 300.0, 1600.0]), stages_of([500.0])
    ((50.0, 300.0), ())
    """
    ranges = sorted(set(ranges_km))
    return tuple(ranges[:_MOST_STAGES]) if len(ranges) > 1 else ()


def zones_of(
    leaf: Near, closed: Closed, held: Held, tolerance_m: float, stages: tuple[float, ...] = ()
) -> tuple[Zone, ...]:
    """Return what together is within a distance of a region.

    Parameters
    ----------
    leaf : Near
    closed : Closed
    held : Held
    tolerance_m : float
        Of the whole; each stage has its part of it.
    stages : tuple of float
        Ranges in kilometres. What is within 500 km is what is within 200 km of what is within
        300 km, since a shortest path has a point at every distance; and an outline has a
        fiftieth of a coast's edges. The errors add up to no more than the tolerance.

    Raises
    ------
    SettingError
        If the distance or the tolerance is none that an outline can have.
    """
    if leaf.km < LEAST_KM:
        raise SettingError(f"{leaf}: nothing nearer than {LEAST_KM:g} km is drawn; give more")
    if leaf.region.kind != "land":
        folder = closed.treaty.folder
        return (_of_region(leaf.region, folder, held, leaf.km, tolerance_m),)
    groups = held.groups(leaf.region.states)
    if not groups:
        raise SettingError(f"nobody of {', '.join(sorted(leaf.region.states))} holds land")
    part_m = tolerance_m / (len(stages) + 1)
    return tuple(_of_units(held.level, group, leaf.km, part_m, stages) for group in groups)


@functools.lru_cache(maxsize=512)
def _of_units(
    level: str, units: tuple[str, ...], km: float, tolerance_m: float, stages: tuple[float, ...]
) -> Zone:
    below = [stage for stage in stages if km - stage >= _LEAST_STEP_KM]
    if not below:
        land = boundaries.borders(level).territory(units)
        return zone(land, km, tolerance_m=tolerance_for(km, tolerance_m))
    base = max(below)
    inner = _of_units(level, units, base, tolerance_m, stages)
    step = km - base
    tolerance = tolerance_for(step, tolerance_m)
    return zone(Territory.of(inner.geometry), step, tolerance_m=tolerance)


@functools.lru_cache(maxsize=64)
def _of_region(
    region: Region, folder: Path | None, held: Held, km: float, tolerance_m: float
) -> Zone:
    tolerance = tolerance_for(km, tolerance_m)
    return zone(region_of(region, folder, held), km, tolerance_m=tolerance)


def region_of(region: Region, folder: Path | None, held: Held) -> Territory:
    """Return a region that is neither land nor territory of states."""
    if region.kind == "sea":
        return boundaries.borders(held.level).seas.territory(region.name)
    if region.kind == "line":
        return line_of(folder, region.name)
    return border_of(held.level, held.worldview, held.on, region.kind, region.states, region.others)
