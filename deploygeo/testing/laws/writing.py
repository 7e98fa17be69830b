"""Laws of writing: the same land written in another way, or the Earth turned, measures the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import geodesy
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import (
    BOTH_M,
    Position,
    are_the_same,
    cases,
    cases_inside,
    lands,
    places,
)
from deploygeo.testing.laws.rewriting import (
    cut_at,
    densified,
    is_off_the_seam,
    mirrored,
    rewritten,
    turned,
    turned_lon,
)

__all__ = [
    "WRITING",
    "a_cut_along_a_meridian_changes_no_distance",
    "north_and_south_are_alike",
    "ring_start_and_direction_do_not_matter",
    "the_cut_at_180_is_no_boundary",
    "the_names_of_a_place_are_one_place",
    "turning_the_earth_under_both_changes_nothing",
    "vertices_on_an_edge_change_nothing",
]


def _require_same(
    what: str, before_m: float, after_m: float, place: Position, territory: geodesy.Territory
) -> None:
    require(
        are_the_same(before_m, after_m) or abs(before_m - after_m) <= BOTH_M,
        f"{what}: {before_m:.4f} m becomes {after_m:.4f} m at {place}, to {territory}",
    )


def turning_the_earth_under_both_changes_nothing(
    point: Position, territory: geodesy.Territory, by_deg: float
) -> None:
    """A distance stays the same when point and territory are turned together about the axis.

    Reason: the ellipsoid is one of revolution, so that no meridian is special; 180° is only where
    the names of longitudes begin and where a territory is cut.

    Counterexample: longitudes subtracted without regard to 180° give 358° for 2°; coordinates
    exchanged turn the pair about no axis at all.

    Parameters
    ----------
    point : tuple of float
    territory : Territory
    by_deg : float
        East, within [-360, 360].

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 10, 1))
    >>> turning_the_earth_under_both_changes_nothing((12.0, 5.0), square, 175.0)
    """
    there, moved = (turned_lon(point[0], by_deg), point[1]), turned(territory, by_deg)
    before = float(geodesy.distance_m(*point, territory))
    after = float(geodesy.distance_m(*there, moved))
    _require_same(f"turned by {by_deg}°", before, after, there, moved)


def the_cut_at_180_is_no_boundary(
    point: Position, territory: geodesy.Territory, lon: float
) -> None:
    """A territory that is moved across 180° and cut there is as deep inside as it was.

    Reason: RFC 7946 asks for the cut; where land goes on beyond it, there is no border.

    Counterexample: with the cut taken for a boundary, a ship in the middle of a sea that is turned
    so that 180° runs through its place is told to be at its edge.

    Parameters
    ----------
    point : tuple of float
    territory : Territory
        Tried where it touches neither 180° nor a pole.
    lon : float
        The meridian that becomes 180°.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 10, 10))
    >>> the_cut_at_180_is_no_boundary((5.0, 5.0), square, 5.5)
    """
    if not is_off_the_seam(territory):
        return
    by_deg = 180.0 - lon
    there, moved = (turned_lon(point[0], by_deg), point[1]), turned(territory, by_deg)
    before = float(geodesy.signed_m(*point, territory))
    after = float(geodesy.signed_m(*there, moved))
    _require_same(f"turned by {by_deg}°", before, after, there, moved)


def a_cut_along_a_meridian_changes_no_distance(
    point: Position, territory: geodesy.Territory, lon: float
) -> None:
    """A territory cut in two along a meridian is as far away as in one piece.

    Reason: both halves are closed and have the cut in common, so that their union is what it was.
    (How deep a point is inside is told per shape; a cut within one is a border within it.)

    Counterexample: half-open parts leave points on the cut outside; a reader that keeps only the
    largest part of a MultiPolygon loses a half.

    Parameters
    ----------
    point : tuple of float
    territory : Territory
    lon : float
        The meridian.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 10, 10))
    >>> a_cut_along_a_meridian_changes_no_distance((5.0, 5.0), square, 5.0)
    """
    cut = cut_at(territory, lon)
    before = float(geodesy.distance_m(*point, territory))
    after = float(geodesy.distance_m(*point, cut))
    _require_same(f"cut at {lon}°", before, after, point, cut)


def ring_start_and_direction_do_not_matter(
    point: Position, territory: geodesy.Territory, start: int, backwards: bool
) -> None:
    """Which vertex a ring begins with, which way it runs and which part comes first do not matter.

    Reason: they are no property of the set; RFC 7946 recommends a direction, and files ignore it.

    Counterexample: an inside told by the sign of the area turns a clockwise island into the globe
    without it; an edge from the last vertex to the first is forgotten.

    Parameters
    ----------
    point : tuple of float
    territory : Territory
    start : int
    backwards : bool

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> ring_start_and_direction_do_not_matter((0.5, 0.5), square, 3, True)
    """
    other = rewritten(territory, start, backwards=backwards)
    for measure in (geodesy.distance_m, geodesy.signed_m):
        before, after = float(measure(*point, territory)), float(measure(*point, other))
        what = f"{measure.__name__} from vertex {start}{' backwards' if backwards else ''}"
        _require_same(what, before, after, point, other)


def vertices_on_an_edge_change_nothing(
    point: Position, territory: geodesy.Territory, step_deg: float
) -> None:
    """More vertices on the same edges change no distance.

    Reason: an edge is straight in longitude and latitude (RFC 7946), and so are its parts. Between
    two vertices 20° apart on the 49th parallel a geodesic runs 48 km farther north.

    Counterexample: with edges taken for geodesics, or measured at their vertices alone, each new
    vertex moves the border.

    Parameters
    ----------
    point : tuple of float
    territory : Territory
    step_deg : float
        No edge is longer then.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> border = geodesy.Territory.of(shapely.LineString([(-123, 49), (-95, 49)]))
    >>> vertices_on_an_edge_change_nothing((-109.0, 49.5), border, 1.0)
    """
    other = densified(territory, step_deg)
    for measure in (geodesy.distance_m, geodesy.signed_m):
        before, after = float(measure(*point, territory)), float(measure(*point, other))
        _require_same(f"{measure.__name__} by {step_deg}°", before, after, point, other)


def north_and_south_are_alike(point: Position, territory: geodesy.Territory) -> None:
    """A distance stays the same when north and south are exchanged.

    Reason: the ellipsoid is its own mirror image in the plane of the equator.

    Counterexample: a bound by the cosine of the southern end of a box is right in one hemisphere
    only, and prunes the nearest edge in the other.

    Parameters
    ----------
    point : tuple of float
    territory : Territory

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> north_and_south_are_alike((0.0, 90.0), geodesy.Territory.of(shapely.box(10, 60, 20, 70)))
    """
    there, other = (point[0], -point[1]), mirrored(territory)
    for measure in (geodesy.distance_m, geodesy.signed_m):
        before, after = float(measure(*point, territory)), float(measure(*there, other))
        _require_same(f"{measure.__name__}, mirrored", before, after, there, other)


def the_names_of_a_place_are_one_place(
    territory: geodesy.Territory, lat: float, lons: tuple[float, float]
) -> None:
    """180° E and 180° W are one meridian, and at a pole all longitudes are one place.

    Reason: the names differ and the place does not.

    Counterexample: a test of inside that takes longitudes as they are finds (-180, 0) outside of a
    box from 170 to 180.

    Parameters
    ----------
    territory : Territory
    lat : float
        Where the antimeridian is tried.
    lons : tuple of float
        Two longitudes that are tried at the poles.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> east = geodesy.Territory.of(shapely.box(170, 0, 180, 1))
    >>> the_names_of_a_place_are_one_place(east, 0.5, (0.0, 90.0))
    """
    places = (((180.0, lat), (-180.0, lat)), *(((lons[0], p), (lons[1], p)) for p in (90.0, -90.0)))
    for one, other in places:
        before, after = (float(geodesy.distance_m(*place, territory)) for place in (one, other))
        _require_same(f"{one} is {other}", before, after, other, territory)


#: Degrees: whole ones, halves and thousandths.
_TURNS: Final = st.integers(-360, 360).map(float) | st.integers(-360_000, 360_000).map(
    lambda turn: turn / 1e3
)
_LONS: Final = st.integers(-179, 179).map(float)
_BESIDE: Final = st.sampled_from([0.0, 0.01, -0.01, 0.3, -2.0])

#: Kinds of territories with an inside, off 180° as a rule.
_WIDE: Final = ("box", "star", "hole", "archipelago", "parallel")


def _beside(point: SearchStrategy[Position]) -> Mapping[str, SearchStrategy[Any]]:
    """Return a meridian through a place, or a little beside it."""
    lons = st.tuples(point, _BESIDE).map(lambda pair: pair[0][0] + pair[1])
    return {"lon": lons.map(lambda lon: max(-180.0, min(180.0, lon)))}


def _turned(point: SearchStrategy[Position]) -> Mapping[str, SearchStrategy[Any]]:
    """Return turns, also such that bring 180° to a place, or a little beside it."""
    across = st.tuples(point, _BESIDE).map(lambda pair: 180.0 - pair[0][0] - pair[1])
    return {"by_deg": _TURNS | across.map(lambda turn: max(-360.0, min(360.0, turn)))}


#: All laws of writing.
WRITING: Final[tuple[Law, ...]] = (
    Law(
        turning_the_earth_under_both_changes_nothing,
        lambda: cases(**_turned(places())),
    ),
    Law(the_cut_at_180_is_no_boundary, lambda: cases_inside(_WIDE, _beside)),
    Law(
        a_cut_along_a_meridian_changes_no_distance,
        lambda: cases_inside(_WIDE, _beside),
    ),
    Law(
        ring_start_and_direction_do_not_matter,
        lambda: cases(start=st.integers(0, 8), backwards=st.booleans()),
    ),
    Law(
        vertices_on_an_edge_change_nothing,
        lambda: cases(step_deg=st.sampled_from([10.0, 3.0, 1.0, 0.3])),
    ),
    Law(north_and_south_are_alike, lambda: cases()),
    Law(
        the_names_of_a_place_are_one_place,
        lambda: {
            "territory": lands(),
            "lat": st.integers(-90, 90).map(float),
            "lons": st.tuples(_LONS, _LONS),
        },
    ),
)
