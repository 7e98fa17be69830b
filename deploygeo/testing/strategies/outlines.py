"""What places are drawn from: the vertices and the inside of land, borders and seas.

All comes from the border data, is read when it is first asked for, and costs a look-up then:
a vertex is chosen by its number, a point inside by a chord through a polygon.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo import boundaries, geodesy
from deploygeo.errors import SettingError, UnknownNameError

__all__ = [
    "Outline",
    "Position",
    "at_distance",
    "border",
    "land",
    "outline_of",
    "outlined",
    "sea",
    "seas",
    "stepped",
]

Position = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Outline:
    """The vertices and polygons of a set, to draw from.

    Parameters
    ----------
    territory : Territory
    vertices : ndarray
        Longitudes and latitudes, one row each.
    polygons : ndarray
        The largest first.
    """

    territory: geodesy.Territory
    vertices: NDArray[np.float64]
    polygons: NDArray[np.object_]
    _chords: dict[tuple[int, float], tuple[tuple[float, float], ...]] = field(
        default_factory=dict, repr=False
    )

    def vertex(self, index: int) -> Position:
        """Return one vertex."""
        lon, lat = self.vertices[index].tolist()
        return lon, lat

    def inside(self, part: int, up: float, along: float) -> Position:
        """Return a point of a polygon, at shares of its height and of its width there.

        >>> import shapely
        >>> outline_of(geodesy.Territory.of(shapely.box(0, 0, 2, 4))).inside(0, 0.5, 0.25)
        (0.5, 2.0)
        """
        spans = self._spans(part, up)
        if not spans:
            point = self.polygons[part].representative_point()
            return float(point.x), float(point.y)
        _, south, _, north = self.polygons[part].bounds
        left = along * sum(east - west for west, east in spans)
        for west, east in spans:
            if left <= east - west:
                return west + left, south + (north - south) * up
            left -= east - west
        return spans[-1][1], south + (north - south) * up

    def _spans(self, part: int, up: float) -> tuple[tuple[float, float], ...]:
        """Return where a parallel runs within a polygon, from west to east."""
        found = self._chords.get((part, up))
        if found is None:
            polygon = self.polygons[part]
            west, south, east, north = polygon.bounds
            lat = south + (north - south) * up
            chord = shapely.intersection(
                polygon, shapely.LineString([(west - 1, lat), (east + 1, lat)])
            )
            bounds = shapely.bounds(shapely.get_parts(chord)).reshape(-1, 4)
            spans = sorted((float(row[0]), float(row[2])) for row in bounds if row[2] > row[0])
            found = self._chords[part, up] = tuple(spans)
        return found


@lru_cache(maxsize=512)
def outline_of(territory: geodesy.Territory) -> Outline:
    """Return the outline of a territory; that of nothing has neither vertices nor polygons."""
    shapes = [shape.geometry for shape in territory.shapes if not shape.is_empty]
    vertices = shapely.get_coordinates(shapes).reshape(-1, 2)
    parts = shapely.get_parts(shapes)
    while len(parts) and np.any(shapely.get_type_id(parts) > 3):
        parts = shapely.get_parts(parts)
    polygons = parts[shapely.get_type_id(parts) == 3] if len(parts) else parts
    polygons = polygons[np.argsort(-shapely.area(polygons), kind="stable")]
    return Outline(territory, vertices, polygons)


@lru_cache(maxsize=512)
def land(
    states: frozenset[str], *, on: object = None, worldview: str = "un", level: str = "hybrid"
) -> Outline:
    """Return the outline of the land of some states; unknown states hold nothing.

    >>> len(land(frozenset(), level="ne10").vertices)
    0
    """
    known = sorted(states & boundaries.states())
    day = boundaries.DEFAULT_ON if on is None else on
    return outline_of(
        boundaries.territory(known, on=day, worldview=worldview, level=level)  # type: ignore[arg-type]
    )


@lru_cache(maxsize=8)
def border(level: str = "hybrid") -> Outline:
    """Return all land borders, as one outline of lines."""
    units = boundaries.borders(level).unit_ids()
    return outline_of(boundaries.border_line(units, units, level=level))


@lru_cache(maxsize=512)
def sea(name: str) -> Outline:
    """Return the outline of a named sea."""
    return outline_of(boundaries.borders("ne10").seas.territory(name))


@lru_cache(maxsize=1)
def seas() -> tuple[str, ...]:
    """Return the names of the seas, a familiar one first."""
    names = boundaries.borders("ne10").seas.names()
    return ("Black Sea", *(name for name in names if name != "Black Sea"))


def stepped(place: Position, azimuth_deg: float, distance_m: float) -> Position:
    """Return the place at a distance along a geodesic; a valid position also at the poles.

    >>> stepped((179.0, 0.0), 90.0, 222_638.981587)
    (-179.0, 0.0)
    """
    if distance_m == 0.0:
        return place
    lon, lat = geodesy.direct(*place, float(azimuth_deg), float(distance_m))
    # nine digits are a tenth of a millimetre, and read better; + 0.0 makes no zero negative
    return round(float(lon), 9) + 0.0, round(float(lat), 9) + 0.0


#: A place is moved until it is as near to a distance as this, or so often.
_CLOSE_M: Final = 1e-7
_MOVES: Final = 12


def at_distance(
    nearest: Callable[[Position], geodesy.Nearest], start: Position, away_m: float
) -> Position:
    """Return a place at a distance from a set: a start, moved along the way to its witness.

    The distance is 1-Lipschitz, and a step along the geodesic from the witness changes it by the
    whole step while that is the nearest point; so a few steps suffice, unless the witness jumps.
    Where they do not, or the start is inside, the place is as near to the distance as it got.

    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> place = at_distance(lambda at: geodesy.nearest(*at, square), (3.0, 0.5), 1_000.0)
    >>> round(geodesy.distance_m(*place, square), 6)
    1000.0
    """
    place = best = start
    least = math.inf
    for _ in range(_MOVES):
        found = nearest(place)
        off_m = abs(float(found.distance_m) - away_m)
        if off_m < least:
            best, least = place, off_m
        if not off_m > _CLOSE_M:  # nor where there is nothing to measure to
            break
        witness = (float(found.lon), float(found.lat))
        gone, azimuth = geodesy.inverse(*witness, *place)
        if float(gone) == 0.0:
            break
        lon, lat = geodesy.direct(*witness, float(azimuth), float(away_m))
        place = float(lon), float(lat)
    return best


def outlined(near: str | Iterable[str] | geodesy.Territory | Position, level: str) -> Outline:
    """Return the outline that an argument names: states, a sea, a territory, or a position.

    Raises
    ------
    UnknownNameError
        For a name that is neither a state nor a sea.
    SettingError
        If there is nothing there.
    """
    if isinstance(near, geodesy.Territory):
        found = outline_of(near)
    elif isinstance(near, str) and near not in boundaries.states():
        if near not in seas():
            raise UnknownNameError("state or sea", near, sorted(boundaries.states()))
        found = sea(near)
    elif isinstance(near, tuple) and near and isinstance(near[0], int | float):
        lon, lat = near
        found = outline_of(geodesy.Territory.of(shapely.Point(lon, lat)))
    else:
        names = frozenset(map(str, (near,) if isinstance(near, str) else near))
        boundaries.tables().check_states(names)
        found = land(names, level=level)
    if len(found.vertices) == 0:
        raise SettingError(f"there is no land of {near!r} to draw places from")
    return found
