"""The zone that a clause closes to a party, as geometry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from deploygeo import boundaries, geodesy
from deploygeo.checker.settings import prepared
from deploygeo.clauses.evaluate import Region
from deploygeo.errors import SettingError
from deploygeo.geodesy import Territory, Zone, zone
from deploygeo.zones.closed import Closed, bound_by, closed_to
from deploygeo.zones.locus import AllOf, AnyOf, Inside, Near, Outside, Place, Whole, leaves
from deploygeo.zones.outlines import BELT_KM, Held, held_by, region_of, tolerance_for, zones_of
from deploygeo.zones.selected import clause_of
from deploygeo.zones.tiles import PIECE_DEG, areal, cut, grown, joined
from deploygeo.zones.waters import LINE_M, nearer_to_others

__all__ = ["ClosedZone", "zone_of"]


@dataclass(frozen=True, slots=True, eq=False)
class ClosedZone:
    """What a clause closes to a party, drawn.

    Attributes
    ----------
    closed : Closed
        The clause, the party, the range and every choice.
    geometry : shapely.MultiPolygon
        As RFC 7946 wants it; empty where nothing is closed.
    tolerance_m : float
        What was asked for: how far an outline may be from its range.
    worst_m : float
        The greatest difference measured, at vertices and along edges.
    least_width_m : float
        Holes narrower than this may be missing.
    notes : tuple of str
        What was taken off or left in, and how.
    """

    closed: Closed
    geometry: Any
    tolerance_m: float
    worst_m: float
    least_width_m: float
    notes: tuple[str, ...] = ()

    @property
    def area_km2(self) -> float:
        """The area on the ellipsoid."""
        return geodesy.area_m2(self.geometry) / 1e6

    def plot(self, **options: Any) -> Any:
        """Return a figure of the zone for papers, and write it; needs the extra ``plot``.

        Parameters
        ----------
        **options
            ``path`` and ``title`` of `deploygeo.report.plot.draw_zone`, which stands above this
            module and is looked up by name.

        Returns
        -------
        matplotlib.figure.Figure

        Examples
        --------
        >>> zone_of("us-russia-2021/6", "RUS", 300).plot(title="Nothing").axes[0].get_title()
        'Nothing'
        """
        return import_module("deploygeo.report.plot").draw_zone(self, **options)


def zone_of(
    clause: str | Path,
    party: str | None = None,
    range_km: float | None = None,
    *,
    worldview: str = boundaries.DEFAULT_WORLDVIEW,
    on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    params: Mapping[str, float] | None = None,
    level: str = boundaries.DEFAULT_LEVEL,
    tolerance_m: float = 100.0,
) -> ClosedZone:
    """Return the zone that a clause closes to a party.

    Parameters
    ----------
    clause : str
        ``treaty/clause``.
    party : str, optional
        ISO 3166-1 alpha-3; may be left out where the clause binds one party.
    range_km : float, optional
        What the weapon reaches, for clauses that depend on it.
    worldview : str
    on : date or "YYYY-MM-DD", optional
        Who held what on this day; the treaty's own date without.
    readings, params : mapping, optional
        As for `deploygeo.check`.
    level : {"hybrid", "ne10"}
        The border data.
    tolerance_m : float
        Of the outline, from 1 to a tenth of the range.

    Raises
    ------
    UnknownNameError
        For an unknown treaty, clause, party, worldview, reading, parameter or level.
    SettingError
        If the clause closes no place, or lacks a party, a range or a parameter, or has no use
        for the range.

    Notes
    -----
    What the rule asks of a deployment and not of its place is taken as holding, and told in
    ``closed.assumed``. A territory is land, internal waters and 12 nautical miles of sea from
    them, half way to a neighbour where that is nearer. So a place is in the zone exactly where
    `deploygeo.check` finds a violation, but for places within the tolerance of the outline and
    the error of the border data.

    Examples
    --------
    >>> zone_of("us-russia-2021/7.3", "USA")
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: us-russia-2021/7.3 closes no place: its rule names no place ...
    >>> zone_of("us-russia-2021/6", "RUS", 300).geometry.is_empty  # no missile of a banned class
    True
    """
    treaty, one = clause_of(clause)
    _, settings = prepared(
        treaty,
        on=on,
        worldview=worldview,
        readings=readings,
        params=params,
        in_force=None,
        level=level,
    )
    bound = bound_by(treaty, one, settings)
    if party is None:
        if len(bound) != 1:
            shown = ", ".join(bound)
            raise SettingError(f"{clause} binds several; name a party with --party: {shown}")
        party = bound[0]
    closed = closed_to(treaty, one, party, range_km, settings)
    if range_km is not None and closed.range_km is None:
        raise SettingError(
            f"{clause} asks for no range under these readings; leave out the range {range_km:g}"
        )
    drawer = _Drawer(closed, held_by(closed), tolerance_m)
    geometry = drawer.draw(closed.place, None)
    geometry = shapely.orient_polygons(areal(np.array([geometry], dtype=object))[0])
    return ClosedZone(
        closed,
        geometry,
        tolerance_m,
        max((max(z.worst_vertex_m, z.worst_edge_m) for z in drawer.zones), default=0.0),
        max((z.least_width_m for z in drawer.zones), default=0.0),
        tuple(_notes(closed)),
    )


def _notes(closed: Closed) -> list[str]:
    found = []
    for leaf in leaves(closed.place):
        if isinstance(leaf, Inside) and leaf.region.kind == "territory":
            found.append(
                f"{leaf}: land, internal waters and 12 nautical miles of sea from them, half way "
                f"to a neighbour where that is nearer, that line to {LINE_M:g} m"
            )
    if closed.unless:
        found.append("exceptions are not taken off: " + "; ".join(closed.unless))
    return list(dict.fromkeys(found))


@dataclass
class _Drawer:
    closed: Closed
    held: Held
    tolerance_m: float
    zones: list[Zone] = field(default_factory=list)

    def draw(self, place: Place, window: Any) -> Any:
        """Return a set as geometry; outside a window it may be anything."""
        match place:
            case Whole(everywhere=everywhere):
                return shapely.box(-180, -90, 180, 90) if everywhere else shapely.MultiPolygon()
            case Near():
                found = zones_of(place, self.closed, self.held, self.tolerance_m)
                self.zones += found
                return _together([one.geometry for one in found])
            case Inside(region=region):
                return self._inside(region, window)
            case Outside(of=of):
                whole = shapely.box(-180, -90, 180, 90) if window is None else window
                return shapely.difference(whole, self.draw(of, window))
            case AllOf(parts=parts):
                # What is near comes first: the rest is drawn only where it matters.
                for part in sorted(parts, key=_order):
                    if isinstance(part, Outside) and window is not None:
                        window = shapely.difference(window, self.draw(part.of, window))
                    else:
                        here = self.draw(part, window)
                        window = here if window is None else shapely.intersection(window, here)
                return window
            case AnyOf(parts=parts):
                return _together([self.draw(part, window) for part in parts])
        raise TypeError(f"{place!r} is no set of places")

    def _inside(self, region: Region, window: Any) -> Any:
        if region.kind not in ("land", "territory"):
            territory = region_of(region, self.closed.treaty.folder, self.held)
            return _together([areal(np.array([s.geometry]))[0] for s in territory.shapes])
        store = boundaries.borders(self.held.level)
        units = self.held.units(region.states)
        near = None
        if window is not None:
            blocks = cut(window, PIECE_DEG)
            near = grown(shapely.bounds(blocks), boundaries.TERRITORIAL_SEA_M)
        land = cut(store.polygons(units), PIECE_DEG, near)
        if len(land) == 0:
            return shapely.MultiPolygon()
        if region.kind == "land":
            return joined(land)
        land = np.append(land, self.held.waters(units))
        coast = joined(land)
        tolerance = tolerance_for(BELT_KM, self.tolerance_m)
        belt = zone(Territory.of(coast), BELT_KM, tolerance_m=tolerance)
        self.zones.append(belt)
        others = self.held.others(region.states)
        foreign = np.append(store.polygons(others), self.held.waters(others))
        taken = nearer_to_others(belt.geometry, land, foreign)
        return _together([shapely.difference(belt.geometry, taken), coast])


def _order(place: Place) -> int:
    if isinstance(place, Near):
        return 0
    return 2 if isinstance(place, Outside) else 1


def _together(geometries: list[Any]) -> Any:
    if len(geometries) == 1:
        return geometries[0]
    return areal(np.array([shapely.union_all(geometries)], dtype=np.object_))[0]
