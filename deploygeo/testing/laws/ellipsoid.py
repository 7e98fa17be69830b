"""Laws of the ellipsoid: two points, a meridian, the equator, a box.

Lengths come from the constants that define WGS 84, and from no function of the product. What all
laws of distance share stands here too: tolerances, and the cases they are tried on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyproj
import shapely
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import geodesy
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.rewriting import parts_of

__all__ = [
    "BOTH_M",
    "COMPACT",
    "ELLIPSOID",
    "GEOD",
    "ONE_M",
    "Position",
    "a_meridian_is_an_ellipse_and_the_equator_a_circle",
    "a_point_is_as_far_as_its_geodesic",
    "are_the_same",
    "cases",
    "cases_inside",
    "lands",
    "length_m",
    "longitude_comes_first",
    "places",
]

Position = tuple[float, float]

#: A distance to a territory is within 1 mm of the truth.
ONE_M: Final = 1e-3

#: Two distances, each within 1 mm.
BOTH_M: Final = 2 * ONE_M

#: A geodesic between two points is good to 15 nm, and the last bit of a longitude is 3 nm.
_POINT_M: Final = 1e-6

#: The defining constants of WGS 84: semi-major axis in metres, and reciprocal flattening.
_AXIS_M: Final = 6_378_137.0
_RECIPROCAL: Final = 298.257223563
_ECCENTRICITY_2: Final = (2.0 - 1.0 / _RECIPROCAL) / _RECIPROCAL

#: Kinds of territories without edges along a quarter of a parallel and more.
COMPACT: Final = (
    *("box", "star", "hole", "sliver", "archipelago", "tiny"),
    *("across-180", "at-180", "points", "lines", "mixture"),
)

#: An ellipsoid of its own, so that no constant of the product is taken for granted.
GEOD: Final = pyproj.Geod(a=_AXIS_M, rf=_RECIPROCAL)

#: Nodes and weights on [-1, 1]: of a whole meridian the quadrature is exact to a nanometre.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


def lands(kinds: tuple[str, ...] | None = None) -> SearchStrategy[geodesy.Territory]:
    """Return the territory of a case, the same one for every keyword; sometimes there is none.

    >>> lands().validate()
    """
    drawn = strategies.territories(kinds=kinds)
    if kinds is None:
        drawn = drawn | st.just(geodesy.EMPTY)
    return st.shared(drawn, key=f"the territory of a law, {kinds}")


def places(kinds: tuple[str, ...] | None = None) -> SearchStrategy[Position]:
    """Return the place of a case: inside its territory, about it, or anywhere on the globe.

    >>> places().validate()
    """
    return lands(kinds).flatmap(_about)


def _about(territory: geodesy.Territory) -> SearchStrategy[Position]:
    anywhere = strategies.positions(kinds=("anywhere", "poles", "antimeridian"))
    if territory.is_empty:
        return anywhere
    about = anywhere | strategies.positions(near=territory, distance_km=5_000.0)
    if not any(part.geom_type == "Polygon" for part in parts_of(territory)):
        return about
    return about | strategies.positions(within=territory)


def cases(**more: SearchStrategy[Any]) -> Mapping[str, SearchStrategy[Any]]:
    """Return a point and a territory by those keywords, and more.

    >>> sorted(cases(lat=st.just(0.0)))
    ['lat', 'point', 'territory']
    """
    return {"point": places(), "territory": lands(), **more}


def cases_inside(
    kinds: tuple[str, ...], more: Callable[[SearchStrategy[Position]], Mapping[str, Any]]
) -> Mapping[str, SearchStrategy[Any]]:
    """Return a territory of some kinds, a point inside it, and more that depends on the point.

    >>> sorted(cases_inside(("box",), lambda point: {"lon": point.map(lambda place: place[0])}))
    ['lon', 'point', 'territory']
    """
    inside = lands(kinds).flatmap(lambda land: strategies.positions(within=land))
    point = st.shared(inside | places(kinds), key=f"the point of a law, {kinds}")
    return {"point": point, "territory": lands(kinds), **more(point)}


def are_the_same(one: float, other: float) -> bool:
    """Return whether two numbers are equal, or both are none.

    >>> are_the_same(float("nan"), float("nan")), are_the_same(1.0, float("nan"))
    (True, False)
    """
    return one == other or (math.isnan(one) and math.isnan(other))


def length_m(one: Position, other: Position) -> float:
    """Return the geodesic between two positions, without a function of the product.

    >>> round(length_m((0.0, 0.0), (1.0, 0.0)), 3)
    111319.491
    """
    return float(GEOD.inv(*one, *other)[2])


def a_point_is_as_far_as_its_geodesic(point: Position, other: Position) -> None:
    """The distance to a territory of one point is the geodesic on the WGS 84 ellipsoid.

    Reason: of a set with one point there is nothing to minimise; what is left is the inverse
    problem of Karney (2013), which PROJ solves to 15 nanometres.

    Counterexample: on a sphere of the mean radius (0, 0) and (49.4, 0) are 5 493 037 m apart, where
    the ellipsoid has 5 499 183 m, and (0, 0) and (0, 49.4) as much, where it has 5 474 113 m.

    Parameters
    ----------
    point, other : tuple of float
        Longitude and latitude.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_point_is_as_far_as_its_geodesic((0.0, 0.0), (179.7, 0.1))
    """
    expected = length_m(point, other)
    found = float(geodesy.inverse(*point, *other)[0])
    require(
        abs(found - expected) <= _POINT_M,
        f"the geodesic from {point} to {other} is {expected:.6f} m, not {found:.6f} m",
    )
    territory = geodesy.Territory.of(shapely.Point(other))
    found = float(geodesy.distance_m(*point, territory))
    require(
        abs(found - expected) <= ONE_M,
        f"from {point} the point {other} is {expected:.4f} m away, not {found:.4f} m",
    )


def a_meridian_is_an_ellipse_and_the_equator_a_circle(
    lon: float, lat: float, other_lat: float, east_deg: float
) -> None:
    """Along a meridian a distance is an arc of an ellipse, and along the equator one of a circle.

    Reason: both are geodesics of any ellipsoid of revolution, so that their lengths follow from
    the two constants that define WGS 84 by one integral, without any theory of geodesics. From the
    equator a shorter way over a pole opens only at (1 - f) 180°, 179.4°.

    Counterexample: on Clarke's ellipsoid of 1866 the quarter from (0, 0) to the pole is
    10 001 888.043 m, and on a sphere another one; on WGS 84 it is 10 001 965.729 m.

    Parameters
    ----------
    lon, lat : float
        Where the meridian begins.
    other_lat : float
        Where it ends.
    east_deg : float
        Length of the arc along the equator, at most 179.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_meridian_is_an_ellipse_and_the_equator_a_circle(12.0, 0.0, 90.0, 179.0)
    """
    expected = _meridian_m(lat, other_lat)
    found = float(geodesy.distance_m(lon, lat, _point(lon, other_lat)))
    require(
        abs(found - expected) <= ONE_M,
        f"along {lon}° from latitude {lat} to {other_lat} it is {expected:.4f} m, not {found:.4f}",
    )
    to_lon = lon + east_deg if lon + east_deg <= 180.0 else lon + east_deg - 360.0
    expected = _AXIS_M * math.radians(east_deg)
    found = float(geodesy.distance_m(lon, 0.0, _point(to_lon, 0.0)))
    require(
        abs(found - expected) <= ONE_M,
        f"along the equator from {lon} to {to_lon} it is {expected:.4f} m, not {found:.4f} m",
    )


def longitude_comes_first(lon: float, lat: float, east_deg: float, north_deg: float) -> None:
    """North of a box it is an arc of the meridian to it, and east of it no more than a parallel.

    Reason: positions are (longitude, latitude), as RFC 7946 has them. Two parallels are everywhere
    an arc of the meridian apart, for that is by how much their distances from a pole differ.

    Counterexample: with longitude and latitude exchanged, a place 1° north of a box at 60° N 10° E
    is told to be 6 907 km away, and not 111 km.

    Parameters
    ----------
    lon, lat : float
        The south-western corner of the box.
    east_deg, north_deg : float
        Its size, and the step away from it. The box and the steps stay clear of poles and 180°.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> longitude_comes_first(10.0, 60.0, 1.0, 1.0)
    """
    east, top = lon + east_deg, lat + north_deg
    box = geodesy.Territory.of(shapely.box(lon, lat, east, top))
    middle = lon + east_deg / 2.0
    expected = _meridian_m(top, top + north_deg)
    found = float(geodesy.distance_m(middle, top + north_deg, box))
    require(
        abs(found - expected) <= ONE_M,
        f"{north_deg}° north of {box.shapes[0].geometry.bounds} it is {expected:.4f} m, "
        f"not {found:.4f} m",
    )
    inner = lat + north_deg / 2.0
    found = float(geodesy.distance_m(east + east_deg, inner, box))
    sine = math.sin(math.radians(inner))
    radius = _AXIS_M * math.cos(math.radians(inner)) / math.sqrt(1.0 - _ECCENTRICITY_2 * sine**2)
    most = radius * math.radians(east_deg)
    require(
        0.0 < found <= most + ONE_M,
        f"{east_deg}° east of {box.shapes[0].geometry.bounds} it is above 0 and at most "
        f"{most:.4f} m along the parallel {inner}, not {found:.4f} m",
    )


def _meridian_m(lat: float, other_lat: float) -> float:
    """Return the arc of a meridian between two latitudes, by Gauss's quadrature."""
    half = math.radians(abs(other_lat - lat)) / 2.0
    phi = math.radians((lat + other_lat) / 2.0) + half * _NODES
    radius = _AXIS_M * (1.0 - _ECCENTRICITY_2) / (1.0 - _ECCENTRICITY_2 * np.sin(phi) ** 2) ** 1.5
    return float(half * (_WEIGHTS * radius).sum())


def _point(lon: float, lat: float) -> geodesy.Territory:
    return geodesy.Territory.of(shapely.Point(lon, lat))


def _globe() -> SearchStrategy[Position]:
    return strategies.positions(kinds=("anywhere", "poles", "antimeridian"))


def _points() -> Mapping[str, SearchStrategy[Any]]:
    return {"point": _globe(), "other": _globe()}


def _arcs() -> Mapping[str, SearchStrategy[Any]]:
    lat = st.integers(-90, 90).map(float)
    lon = st.integers(-180, 180).map(float)
    return {"lon": lon, "lat": lat, "other_lat": lat, "east_deg": st.integers(0, 179).map(float)}


def _boxes() -> Mapping[str, SearchStrategy[Any]]:
    return {
        "lon": st.integers(-180, 160).map(float),
        "lat": st.integers(-90, 70).map(float),
        "east_deg": st.sampled_from([1.0, 0.25, 5.0, 10.0]),
        "north_deg": st.sampled_from([1.0, 0.25, 5.0, 10.0]),
    }


#: All laws of the ellipsoid.
ELLIPSOID: Final[tuple[Law, ...]] = (
    Law(a_point_is_as_far_as_its_geodesic, _points),
    Law(a_meridian_is_an_ellipse_and_the_equator_a_circle, _arcs),
    Law(longitude_comes_first, _boxes),
)
