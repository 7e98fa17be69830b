"""What a set of places covers of the pieces of seas and land, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo import boundaries
from deploygeo.checker.closed import AllOf, AnyOf, Closed, Inside, Near, Outside, Place, Whole
from deploygeo.checker.ground import SEAS, Cover, Ground, ground
from deploygeo.checker.outlines import BELT_KM, Held, region_of, tolerance_for, zones_of
from deploygeo.clauses.evaluate import Region, States
from deploygeo.geodesy import Territory, zone

__all__ = ["Layers"]

#: The mean radius of the ellipsoid: for lengths of outlines, of which only the error is made.
_RADIUS_M: Final = 6_371_008.8


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
    _belts: dict[tuple[str, ...], tuple[NDArray[np.bool_], Cover, NDArray[np.float64]]] = field(
        default_factory=dict
    )

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
        units = held.units(region.states)
        named = np.isin(np.array(whole.names), units)
        land = whole.whole(named[whole.owner] & ~whole.at_sea)
        if region.kind == "land":
            return land
        return whole.either(land, self._belt(region, held, asked, errors))

    def _belt(
        self,
        region: Region,
        held: Held,
        asked: NDArray[np.bool_],
        errors: NDArray[np.float64],
    ) -> Cover:
        """Return the internal waters and the territorial sea of states, where asked for."""
        whole = self.ground
        wanted = asked & whole.at_sea
        cover = whole.whole(np.zeros(len(whole.pieces), dtype=np.bool_))
        for group in held.groups(region.states):
            belt, error = self._belt_of(group, wanted)
            errors += error
            cover = whole.either(cover, belt)
        waters = boundaries.borders(self.level).waters(held.units(region.states))
        if not waters.is_empty:
            shapes = [shape.geometry for shape in waters.shapes]
            cover = whole.either(cover, whole.cover(shapely.union_all(shapes)))
        return whole.common(cover, whole.whole(whole.at_sea))

    def _belt_of(
        self, units: tuple[str, ...], wanted: NDArray[np.bool_]
    ) -> tuple[Cover, NDArray[np.float64]]:
        whole = self.ground
        known = self._belts.get(units)
        if known is not None and not np.any(wanted & ~known[0]):
            return known[1], known[2]
        named = np.isin(np.array(whole.names), units)
        own = named[whole.owner] & ~whole.at_sea
        coast = whole.near(own, wanted, boundaries.TERRITORIAL_SEA_M)
        cover = whole.whole(np.zeros(len(whole.pieces), dtype=np.bool_))
        error = np.zeros(len(whole.names))
        if not coast.is_empty:
            tolerance = tolerance_for(BELT_KM, self.tolerance_m)
            around = zone(Territory.of(coast), BELT_KM, tolerance_m=tolerance)
            cover = whole.cover(around.geometry)
            error = self._lengths(around.geometry) * tolerance
            error[len(SEAS) :] = 0.0
        self._belts[units] = wanted, cover, error
        return cover, error

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
