"""What a set of places covers of the pieces of seas and land, and how sure that is."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo import boundaries
from deploygeo.clauses.evaluate import Region, States
from deploygeo.geodesy import Territory, zone
from deploygeo.zones.closed import Closed
from deploygeo.zones.ground import SEAS, Cover, Ground, ground
from deploygeo.zones.locus import AllOf, AnyOf, Inside, Near, Outside, Place, Whole
from deploygeo.zones.outlines import BELT_KM, Held, region_of, tolerance_for, zones_of
from deploygeo.zones.tiles import Geometries, joined
from deploygeo.zones.waters import LINE_M, nearer_to_others

__all__ = ["Layers"]

#: The mean radius of the ellipsoid: for lengths of outlines, of which only the error is made.
_RADIUS_M: Final = 6_371_008.8


#: How far the line half way may be from its place: the margin there is off by `LINE_M`, and it
#: changes by half a metre a metre or faster, unless both coasts are seen within 60° of each other.
_HALF_WAY_M: Final = 2.0 * LINE_M


@dataclass(frozen=True, slots=True, eq=False)
class _Belt:
    """A part of the sea beside coasts, right in the pieces that were wanted."""

    wanted: NDArray[np.bool_]
    geometry: Any
    cover: Cover
    error_m2: NDArray[np.float64]

    def serves(self, wanted: NDArray[np.bool_]) -> bool:
        """Whether it is right wherever it is wanted now."""
        return not np.any(wanted & ~self.wanted)


@dataclass
class Layers:
    """Covers of the pieces of one level of detail, each made once.

    Parameters
    ----------
    level : str
    tolerance_m : float
        Of the outlines.
    stages : mapping of frozenset of str to tuple of float
        By states, ranges from whose outlines wider ones are drawn.
    """

    level: str
    tolerance_m: float
    stages: Mapping[States, tuple[float, ...]] = field(default_factory=dict)
    _zones: dict[int, tuple[Any, Cover, NDArray[np.float64]]] = field(default_factory=dict)
    _belts: dict[tuple[str, ...], _Belt] = field(default_factory=dict)

    @property
    def ground(self) -> Ground:
        """The pieces."""
        return ground(self.level)

    def lay(self, closed: Closed, held: Held) -> tuple[Cover, NDArray[np.float64]]:
        """Return what a clause closes of the pieces, and the error of it in m² for each name.

        The error is the length of the outlines in a sea or on a unit's land, times their
        tolerance: no more of it can be on the wrong side.
        """
        asked = np.ones(len(self.ground.pieces), dtype=np.bool_)
        errors = np.zeros(len(self.ground.names))
        cover = self._lay(closed.place, closed, held, asked, errors)
        return cover, errors

    def _lay(
        self,
        place: Place,
        closed: Closed,
        held: Held,
        asked: NDArray[np.bool_],
        errors: NDArray[np.float64],
    ) -> Cover:
        whole = self.ground
        match place:
            case Whole(everywhere=everywhere):
                return whole.whole(np.full(len(whole.pieces), everywhere))
            case Near():
                return self._near(place, closed, held, errors)
            case Inside(region=region):
                return self._inside(region, closed, held, asked, errors)
            case Outside(of=of):
                return whole.complement(self._lay(of, closed, held, asked, errors))
            case AllOf(parts=parts):
                # What is near decides where the rest is asked at all.
                found = None
                for part in sorted(parts, key=lambda item: not isinstance(item, Near)):
                    here = asked if found is None else asked & (found.state != 0)
                    cover = self._lay(part, closed, held, here, errors)
                    found = cover if found is None else whole.common(found, cover)
            case AnyOf(parts=parts):
                found = None
                for part in sorted(parts, key=lambda item: not isinstance(item, Near)):
                    here = asked if found is None else asked & (found.state != 1)
                    cover = self._lay(part, closed, held, here, errors)
                    found = cover if found is None else whole.either(found, cover)
        assert found is not None  # noqa: S101 - a combination has parts
        return found

    def _near(self, leaf: Near, closed: Closed, held: Held, errors: NDArray[np.float64]) -> Cover:
        found: Cover | None = None
        tolerance = tolerance_for(leaf.km, self.tolerance_m)
        stages = self.stages.get(leaf.region.states, ())
        for part in zones_of(leaf, closed, held, self.tolerance_m, stages):
            if id(part) not in self._zones:
                cover = self.ground.cover(part.geometry)
                self._zones[id(part)] = part, cover, self._lengths(part.geometry)
            _, cover, length = self._zones[id(part)]
            errors += length * tolerance
            found = cover if found is None else self.ground.either(found, cover)
        assert found is not None  # noqa: S101 - zones_of gives one at least
        return found

    def _inside(
        self,
        region: Region,
        closed: Closed,
        held: Held,
        asked: NDArray[np.bool_],
        errors: NDArray[np.float64],
    ) -> Cover:
        whole = self.ground
        if region.kind not in ("land", "territory"):
            territory = region_of(region, closed.treaty.folder, held)
            shapes = [shape.geometry for shape in territory.shapes]
            return whole.cover(shapely.union_all(shapes))
        land = whole.whole(self._land(held.units(region.states)))
        if region.kind == "land":
            return land
        return whole.either(land, self._sea_of(region, held, asked, errors))

    def _land(self, units: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return which pieces are land of units."""
        whole = self.ground
        return np.isin(np.array(whole.names), units)[whole.owner] & ~whole.at_sea

    def _sea_of(
        self,
        region: Region,
        held: Held,
        asked: NDArray[np.bool_],
        errors: NDArray[np.float64],
    ) -> Cover:
        """Return the internal waters and the territorial sea of states, where asked for."""
        whole = self.ground
        wanted = asked & whole.at_sea
        belts = [self._belt_of(group, held, wanted) for group in held.groups(region.states)]
        taken = self._taken(region.states, held, wanted, belts)
        for belt in (*belts, taken):
            errors += belt.error_m2
        cover = functools.reduce(whole.either, (belt.cover for belt in belts))
        cover = whole.common(cover, whole.complement(taken.cover))
        waters = held.waters(held.units(region.states))
        if len(waters):
            cover = whole.either(cover, whole.cover(shapely.union_all(waters)))
        return whole.common(cover, whole.whole(whole.at_sea))

    def _belt_of(self, units: tuple[str, ...], held: Held, wanted: NDArray[np.bool_]) -> _Belt:
        """Return what is within twelve miles of the land or the internal waters of units."""
        if units not in self._belts or not self._belts[units].serves(wanted):
            coast = joined(np.append(self._coast(units, wanted), held.waters(units)))
            tolerance = tolerance_for(BELT_KM, self.tolerance_m)
            around = zone(Territory.of(coast), BELT_KM, tolerance_m=tolerance)
            self._belts[units] = self._belt(wanted, around.geometry, tolerance)
        return self._belts[units]

    def _taken(
        self, states: States, held: Held, wanted: NDArray[np.bool_], belts: Sequence[_Belt]
    ) -> _Belt:
        """Return what of their belts is nearer to others."""
        units, others = held.units(states), held.others(states)
        key = (*units, "|", *others)
        if key not in self._belts or not self._belts[key].serves(wanted):
            taken = nearer_to_others(
                shapely.union_all([belt.geometry for belt in belts]),
                np.append(self._coast(units, wanted), held.waters(units)),
                np.append(self._coast(others, wanted), held.waters(others)),
            )
            self._belts[key] = self._belt(wanted, taken, _HALF_WAY_M)
        return self._belts[key]

    def _coast(self, units: tuple[str, ...], wanted: NDArray[np.bool_]) -> Geometries:
        whole = self.ground
        near = whole.close(self._land(units), wanted, boundaries.TERRITORIAL_SEA_M)
        return whole.pieces[near]

    def _belt(self, wanted: NDArray[np.bool_], geometry: Any, tolerance_m: float) -> _Belt:
        error = self._lengths(geometry) * tolerance_m
        error[len(SEAS) :] = 0.0  # on land the data say whose it is
        return _Belt(wanted, geometry, self.ground.cover(geometry), error)

    def _lengths(self, geometry: Any) -> NDArray[np.float64]:
        """Return how long an outline is in each sea and on the land of each unit, in metres."""
        whole = self.ground
        rings = shapely.get_rings(shapely.get_parts(geometry))
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        edge = np.flatnonzero(ring[1:] == ring[:-1])
        a, b = xy[edge], xy[edge + 1]
        cut = (np.abs(a[:, 0]) == 180.0) & (a[:, 0] == b[:, 0])
        cut |= (np.abs(a[:, 1]) == 90.0) & (a[:, 1] == b[:, 1])
        a, b = a[~cut], b[~cut]
        middle, step = (a + b) / 2.0, np.radians(b - a)
        metres = _RADIUS_M * np.hypot(step[:, 0] * np.cos(np.radians(middle[:, 1])), step[:, 1])
        at, piece = whole.tree.query(shapely.points(middle), predicate="intersects")
        found = np.bincount(whole.owner[piece], weights=metres[at], minlength=len(whole.names))
        return found.astype(np.float64, copy=False)
