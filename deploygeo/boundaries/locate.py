"""Whose land, waters or sea a point lies in, and how near to a limit."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date
from typing import Literal

from deploygeo.boundaries.presence import TERRITORIAL_SEA_M, check_point, margin_of
from deploygeo.boundaries.seas import Sea
from deploygeo.boundaries.store import DEFAULT_LEVEL, Borders, borders
from deploygeo.boundaries.tables import DEFAULT_ON, DEFAULT_WORLDVIEW, as_date
from deploygeo.geodesy import Nearest

__all__ = ["Location", "host_of", "locate"]

# Limits run from baselines and treaties that the data do not have; where those follow the
# coast they add up to this.
_LIMIT_M = 1_852.0

Zone = Literal["land", "internal-waters", "territorial-sea", "high-seas"]


@dataclass(frozen=True, slots=True)
class Location:
    """Where a point is.

    Parameters
    ----------
    state : str or None
        Who holds the land or the sea there, in the worldview on the date; None on the high
        seas.
    zone : str
        ``land``, ``internal-waters``, ``territorial-sea`` or ``high-seas``.
    unit : str or None
        The unit whose land or sea it is; None on the high seas.
    sea : Sea or None
        The named sea; None on land.
    coast_m : float
        Distance to the nearest land, whoever holds it; zero on land.
    coast_lon, coast_lat : float
        The nearest point of that land.
    limit_m : float
        Distance to the limit between this state and the next, or the high seas; never
        overstated.
    error_m : float
        The stated 95 % error of the limit.
    limit_confidence : str
        ``near-limit`` where the limit is nearer than its error and, at sea, one nautical
        mile; else ``clear``.
    """

    state: str | None
    zone: Zone
    unit: str | None
    sea: Sea | None
    coast_m: float
    coast_lon: float
    coast_lat: float
    limit_m: float
    error_m: float
    limit_confidence: Literal["clear", "near-limit"]


@functools.lru_cache(maxsize=4_096)
def _zone_of(land: Borders, lon: float, lat: float) -> tuple[Nearest, str, Zone]:
    """Return the nearest land, the unit that the place belongs to, and its zone."""
    coast, owner = land.nearest_of(land.unit_ids(), lon, lat)
    base_m = float(coast.distance_m)
    if base_m <= 0.0:
        return coast, owner, "land"
    waters = land.signed_of(land.with_waters, lon, lat, with_waters=True, whole=False)
    if waters is not None and waters.value_m < base_m:
        owner, base_m = waters.unit, waters.value_m
    if base_m <= 0.0:
        return coast, owner, "internal-waters"
    return coast, owner, "territorial-sea" if base_m <= TERRITORIAL_SEA_M else "high-seas"


def host_of(
    lon: float,
    lat: float,
    *,
    on: str | date = DEFAULT_ON,
    worldview: str = DEFAULT_WORLDVIEW,
    level: str = DEFAULT_LEVEL,
) -> tuple[str | None, Zone]:
    """Return who holds the land or sea at a point, and its zone: `locate` without the limits.

    Parameters
    ----------
    lon, lat : float
        Degrees on WGS 84.
    on : str or date
        The day, as ``2021-12-17``.
    worldview : str
        Who holds disputed land to be whose.
    level : {"hybrid", "ne10"}
        Which border data.

    Raises
    ------
    UnknownNameError
        For an unknown worldview or level.
    CoordinateError
        If the point is none.

    Examples
    --------
    >>> host_of(34.11, 44.95, level="ne10"), host_of(34.0, 43.0, level="ne10")
    (('UKR', 'land'), (None, 'high-seas'))
    """
    land = borders(level)
    check_point(lon, lat)
    held = land.tables.holders(worldview, as_date(on))
    _, owner, zone = _zone_of(land, float(lon), float(lat))
    return (None if zone == "high-seas" else held[owner] or None), zone


def locate(
    lon: float,
    lat: float,
    *,
    on: str | date = DEFAULT_ON,
    worldview: str = DEFAULT_WORLDVIEW,
    level: str = DEFAULT_LEVEL,
    source: Borders | None = None,
) -> Location:
    """Return whose land, internal waters or territorial sea a point lies in, if anyone's.

    Parameters
    ----------
    lon, lat : float
        Degrees.
    on : date or str
    worldview : str
    level : str
    source : Borders, optional
        Other border data than those that ship.

    Raises
    ------
    UnknownNameError
        For an unknown worldview or level.
    CoordinateError
        If the point is none.

    Notes
    -----
    Straight baselines are not in the data, save for the closing lines of the layer of
    internal waters, and treaty limits short of 12 nautical miles are not either.

    Examples
    --------
    >>> here = locate(34.0, 43.0, level="ne10")
    >>> here.state, here.zone, here.sea.title, here.limit_confidence
    (None, 'high-seas', 'Black Sea', 'clear')
    >>> locate(37.62, 55.75, level="ne10").state
    'RUS'
    """
    land = borders(level) if source is None else source
    check_point(lon, lat)
    held = land.tables.holders(worldview, as_date(on))
    coast, owner, zone = _zone_of(land, float(lon), float(lat))
    coast_m = float(coast.distance_m)
    holder = held[owner]
    margin = margin_of(land, lon, lat, frozenset((holder,)), held)
    at_sea = zone in ("territorial-sea", "high-seas")
    limit_m = abs(margin.value_m)
    is_near = limit_m <= margin.error_m + (_LIMIT_M if at_sea else 0.0)
    return Location(
        state=None if zone == "high-seas" else holder or None,
        zone=zone,
        unit=None if zone == "high-seas" else owner,
        sea=None if zone == "land" else land.seas.at(lon, lat),
        coast_m=coast_m,
        coast_lon=float(coast.lon),
        coast_lat=float(coast.lat),
        limit_m=limit_m,
        error_m=margin.error_m,
        limit_confidence="near-limit" if is_near else "clear",
    )
