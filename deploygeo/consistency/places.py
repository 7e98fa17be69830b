"""Telling places: fixed ones that differ in whose they are, and those that a treaty asks for.

They are coordinates and no more: cities stand for the land round them. A treaty that names states,
seas or lines of which none of the fixed places tells anything gets places of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import shapely
from shapely.geometry.base import BaseGeometry

from deploygeo import boundaries, geodesy
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Settings
from deploygeo.checker.places import border_of, distance, line_of
from deploygeo.clauses.evaluate import Region, States
from deploygeo.consistency.facts import states_in_order
from deploygeo.treaties import Treaty

__all__ = ["PLACES", "Place", "host_of", "ladder", "middle_of", "places_for"]

Medium = Literal["land", "sea"]


@dataclass(frozen=True, slots=True)
class Place:
    """A position with a name.

    Examples
    --------
    >>> Place("Moscow", 37.6, 55.75, "land").name
    'Moscow'
    """

    name: str
    lon: float
    lat: float
    medium: Medium = "land"

    @property
    def at(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return (self.lon, self.lat)


_LAND: Final = (
    ("Moscow", 37.6, 55.75),
    ("Washington", -77.04, 38.9),
    ("Kaliningrad", 20.5, 54.7),
    ("St Petersburg", 30.3, 59.9),
    ("Murmansk", 33.1, 68.97),
    ("Omsk", 73.4, 55.0),
    ("Vladivostok", 131.9, 43.12),
    ("Anadyr", 177.5, 64.73),
    ("Kansas", -98.0, 38.5),
    ("Anchorage", -149.9, 61.2),
    ("Nome", -165.4, 64.5),
    ("Guam", 144.8, 13.45),
    ("London", -0.1, 51.5),
    ("Paris", 2.35, 48.85),
    ("Berlin", 13.4, 52.5),
    ("Madrid", -3.7, 40.4),
    ("Ankara", 32.85, 39.93),
    ("Oslo", 10.9, 60.1),
    ("Warsaw", 21.0, 52.23),
    ("Bucharest", 26.1, 44.43),
    ("Tartu", 26.7, 58.4),
    ("Kyiv", 30.5, 50.45),
    ("Simferopol", 34.1, 44.95),
    ("Minsk", 27.56, 53.9),
    ("Tbilisi", 44.8, 41.7),
    ("Yerevan", 44.5, 40.2),
    ("Astana", 71.4, 51.15),
    ("Helsinki", 25.0, 60.3),
    ("Belgrade", 20.45, 44.8),
    ("Tokyo", 139.7, 35.7),
    ("Havana", -82.4, 23.05),
    ("Damascus", 36.3, 33.5),
    ("Beijing", 116.4, 39.9),
)
_SEA: Final = (
    ("Black Sea", 34.0, 43.0),
    ("Baltic Sea", 19.0, 56.5),
    ("Barents Sea", 38.0, 73.0),
    ("Bering Sea", -178.0, 59.0),
    ("Mediterranean Sea", 18.0, 35.0),
    ("Norwegian Sea", 2.0, 68.0),
    ("North Sea", 3.0, 56.0),
    ("Sea of Okhotsk", 149.0, 54.0),
    ("Sea of Japan", 135.0, 40.0),
    ("Gulf of Alaska", -148.0, 57.0),
    ("Caribbean Sea", -75.0, 15.0),
    ("North Atlantic", -40.0, 45.0),
    ("North Pacific", -160.0, 35.0),
    ("Arctic Ocean", 0.0, 86.0),
    ("Indian Ocean", 75.0, -20.0),
    ("territorial sea off Novorossiysk", 37.75, 44.55),
    ("high seas off Novorossiysk", 37.3, 44.2),
    ("territorial sea off Odesa", 30.9, 46.42),
    ("territorial sea off Constanta", 28.75, 44.15),
    ("territorial sea off Norfolk", -75.8, 36.9),
    ("high seas off Norfolk", -75.0, 36.9),
    ("territorial sea off Portsmouth", -1.1, 50.62),
)
PLACES: Final = (
    *(Place(*row) for row in _LAND),
    *(Place(*row, "sea") for row in _SEA),
)
"""The fixed places."""

_OFFSHORE_KM: Final = (10.0, 40.0)
"""Inside and outside a territorial sea of 12 nautical miles, 22 km."""

_NEAR_SEA_KM: Final = 2_000.0
"""A state farther than this from all named seas has no waters that are looked at."""


def host_of(place: Place, settings: Settings, on: object) -> str | None:
    """Return whose land or waters a place is in.

    >>> from datetime import date
    >>> host_of(PLACES[0], Settings(), date(2021, 12, 17))
    'RUS'
    """
    state, _ = boundaries.host_of(
        *place.at, on=str(on), worldview=settings.worldview, level=settings.level
    )
    return state


def middle_of(state: str, settings: Settings, on: object) -> Place | None:
    """Return a place well inside the largest part of a state's land, or None without land.

    >>> from datetime import date
    >>> found = middle_of("PRT", Settings(level="ne10"), date(2021, 12, 17))
    >>> found.name, round(found.lon), round(found.lat)
    ('middle of PRT', -8, 40)
    """
    return _middle_of(state, settings.worldview, settings.level, str(on))


@functools.lru_cache(maxsize=512)
def _middle_of(state: str, worldview: str, level: str, on: str) -> Place | None:
    if state not in boundaries.states():
        return None
    units = boundaries.units_of(state, on=on, worldview=worldview)
    largest = boundaries.borders(level).largest(units)
    if largest is None:
        return None
    point = largest.representative_point()
    return Place(f"middle of {state}", round(float(point.x), 2), round(float(point.y), 2))


def places_for(
    treaty: Treaty,
    settings: Settings,
    on: object,
    *,
    homes: Iterable[str] = (),
    hosts: Iterable[States] = (),
    regions: Iterable[Region] = (),
) -> tuple[Place, ...]:
    """Return the telling places for clauses.

    Parameters
    ----------
    treaty : Treaty
    settings : Settings
    on : date
    homes : iterable of str
        States whose own land and waters matter.
    hosts : iterable of frozenset of str
        Sets of states of which one must have a place.
    regions : iterable of Region
        Seas, lines and borders that must have one.

    Examples
    --------
    >>> from datetime import date
    >>> from deploygeo.treaties import load
    >>> draft = load("us-russia-2021")
    >>> found = places_for(draft, Settings(level="ne10"), date(2021, 12, 17), homes=["PRT"])
    >>> [place.name for place in found[len(PLACES):]]
    ['middle of PRT', 'territorial sea off PRT', 'high seas off PRT']
    """
    found = list(PLACES)
    held = {host_of(place, settings, on) for place in PLACES if place.medium == "land"}
    wet = {host_of(place, settings, on) for place in PLACES if place.medium == "sea"}
    for state in homes:
        if state not in held:
            middle = middle_of(state, settings, on)
            found += [] if middle is None else [middle]
            held.add(state)
        if state not in wet:
            found += _waters(state, settings, on)
            wet.add(state)
    for states in hosts:
        if not states & held:
            for state in states_in_order():
                middle = middle_of(state, settings, on) if state in states else None
                if middle is not None:
                    found.append(middle)
                    held.add(state)
                    break
    for region in regions:
        found += _places_in(region, treaty, settings, on)
    return tuple({place.at: place for place in reversed(found)}.values())[::-1]


def _waters(state: str, settings: Settings, on: object) -> Iterator[Place]:
    """Yield a place in the territorial sea of a state and one beyond it, towards a named sea."""
    if state not in boundaries.states():
        return
    units = boundaries.units_of(state, on=str(on), worldview=settings.worldview)
    best = None
    for place in PLACES:
        if place.medium == "sea" and units:
            near, _ = boundaries.nearest_of(units, *place.at, level=settings.level)
            if best is None or near.distance_m < best[0].distance_m:
                best = (near, place)
    if best is None or not 0.0 < float(best[0].distance_m) <= _NEAR_SEA_KM * 1000.0:
        return
    near, place = best
    _, azimuth = geodesy.inverse(float(near.lon), float(near.lat), *place.at)
    names = ("territorial sea", "high seas")
    for km, name in zip(_OFFSHORE_KM, names, strict=True):
        lon, lat = geodesy.direct(float(near.lon), float(near.lat), azimuth, km * 1000.0)
        spot = Place(f"{name} off {state}", round(float(lon), 3), round(float(lat), 3), "sea")
        owner = host_of(spot, settings, on)
        if owner == (state if name == names[0] else None):
            yield spot


def _places_in(region: Region, treaty: Treaty, settings: Settings, on: object) -> Iterator[Place]:
    shapes: list[BaseGeometry] = []
    if region.kind == "sea":
        seas = boundaries.borders(settings.level).seas
        shapes = [shape.geometry for shape in seas.territory(region.name).shapes]
    elif region.kind == "line":
        shapes = [shape.geometry for shape in line_of(treaty.folder, region.name).shapes]
    areas = [shape for shape in shapes if shapely.area(shape) > 0.0]
    for shape in areas[:1]:
        point = shapely.point_on_surface(shape)
        medium: Medium = "sea" if region.kind == "sea" else "land"
        yield Place(f"in {region.name}", round(point.x, 3), round(point.y, 3), medium)


def ladder(region: Region, case: Case, limits_km: Iterable[float]) -> tuple[Place, ...]:
    """Return places on, just within and just beyond distances from a region.

    They lie between the region and the fixed place on land that is next beyond the longest.

    Parameters
    ----------
    region : Region
    case : Case
        Whose day and choices count.
    limits_km : iterable of float
    """
    wanted = sorted(set(limits_km))
    if region.kind in ("border", "outer"):
        settings = case.settings
        line = border_of(
            settings.level, settings.worldview, case.on, region.kind, region.states, region.others
        )
        if line.is_empty:
            return ()
    best = None
    for place in PLACES:
        case.place = place.at
        number = distance(case, region)
        is_beyond = number.lo > max(wanted, default=0.0) and bool(number.measures)
        if place.medium == "land" and is_beyond and (best is None or number.lo < best[0]):
            best = (number.lo, place, number.measures[0])
    case.place = None
    if best is None:
        return ()
    _, place, measure = best
    _, azimuth = geodesy.inverse(measure.lon, measure.lat, *place.at)
    found = []
    for limit in (0.0, *wanted):
        for share, word in ((0.8, "within"), (1.2, "beyond")) if limit else ((1.0, "on"),):
            lon, lat = geodesy.direct(measure.lon, measure.lat, azimuth, limit * share * 1000.0)
            head = f"{word} {limit:g} km of" if limit else "on"
            told = f"{head} the {_word(region)}, towards {place.name}"
            found.append(_spot(told, float(lon), float(lat), case.settings, case.on))
    return tuple(found)


def _spot(name: str, lon: float, lat: float, settings: Settings, on: object) -> Place:
    lon, lat = round(lon, 4), round(lat, 4)
    _, zone = boundaries.host_of(
        lon, lat, on=str(on), worldview=settings.worldview, level=settings.level
    )
    return Place(name, lon, lat, "land" if zone == "land" else "sea")


def _word(region: Region) -> str:
    words = {"border": "border line", "outer": "outer border"}
    return words.get(region.kind, region.name or region.kind)
