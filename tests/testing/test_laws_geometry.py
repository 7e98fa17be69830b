"""The laws of geometry hold, and each is broken by the implementation that it names."""

import functools
import itertools
import sys
from datetime import date

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings

from deploygeo import boundaries, geodesy, model
from deploygeo.boundaries import presence
from deploygeo.checker import facts
from deploygeo.checker.words import WORDS
from deploygeo.clauses.outcome import leaf
from deploygeo.clauses.truth import Truth
from deploygeo.geodesy import EMPTY, Crossings, Nearest, Territory, Zone
from deploygeo.testing import LawBrokenError, laws
from deploygeo.testing.laws import (
    distances,
    ellipsoid,
    holders,
    passages,
    ranges,
    rewriting,
    sea,
    witnesses,
    words,
    writing,
    zones,
)
from deploygeo.testing.laws.geometry import GEOMETRY

#: Laws whose cases take long, and how many of them are tried; 40 of the others.
FEWER = {
    "a-field-decides-as-the-distance-does": 8,
    "a-zone-is-what-lies-within": 20,
    "separation-is-the-least-distance": 12,
    "worldviews-divide-the-same-land": 15,
}

WGS84 = pyproj.Geod(a=6_378_137.0, rf=298.257223563)
SPHERE = pyproj.Geod(a=6_371_008.8, b=6_371_008.8)
CLARKE = pyproj.Geod(ellps="clrk66")
IN_2021 = date(2021, 12, 17)


@pytest.mark.parametrize("law", GEOMETRY, ids=lambda law: law.name)
def test_a_law_of_geometry_holds(law):
    @settings(
        max_examples=FEWER.get(law.name, 40),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(**law.given())
    def tried(**case):
        law.holds(**case)

    tried()


def test_every_law_of_geometry_is_in_the_list_of_all():
    assert set(GEOMETRY) <= set(laws.LAWS)


def breaks(law, *case):
    with pytest.raises(LawBrokenError) as caught:
        law(*case)
    assert caught.value.message


def of(geometry):
    return Territory.of(geometry, "here")


SQUARE = of(shapely.box(0, 0, 10, 10))
TWO = of(shapely.MultiPoint([(0, 51.6), (10, 60)]))
EAST = of(shapely.MultiPolygon([shapely.box(169, 0, 180, 10), shapely.box(-180, 0, -179, 10)]))


# -- wrong implementations


def measured_by(geod):
    """Measure to the places of an outline on another ellipsoid."""

    def distance_m(lon, lat, territory):
        x, y = shapely.get_coordinates([shape.geometry for shape in territory.shapes]).T
        return float(min(geod.inv(np.full(len(x), lon), np.full(len(x), lat), x, y)[2]))

    return distance_m


def planar_nearest(lon, lat, territory):
    """Return the point that is nearest in degrees, at its true distance."""
    whole = shapely.union_all([shape.geometry for shape in territory.shapes])
    point = shapely.shortest_line(whole, shapely.Point(lon, lat)).coords[0]
    inside = bool(shapely.intersects_xy(whole, lon, lat))
    away = 0.0 if inside else WGS84.inv(lon, lat, *point)[2]
    return Nearest(away, *point, territory.shapes[0].name, 0, inside)


def planar(lon, lat, territory):
    return planar_nearest(lon, lat, territory).distance_m


def swapped(measure):
    return lambda lon, lat, *more: measure(lat, lon, *more)


def changed(measure, change):
    """Measure to a territory whose geometries are changed before."""

    def distance_m(lon, lat, territory):
        return measure(lon, lat, rewriting.written_by(territory, change))

    return distance_m


@pytest.fixture
def replaced(monkeypatch):
    def replace(module, name, value):
        monkeypatch.setattr(module, name, value)

    return replace


# -- the ellipsoid


@pytest.mark.parametrize("other", [(49.4, 0.0), (0.0, 49.4), (0.001, 45.0)])
def test_a_sphere_for_the_ellipsoid_breaks_the_law_of_geodesics(replaced, other):
    replaced(geodesy, "distance_m", measured_by(SPHERE))
    breaks(ellipsoid.a_point_is_as_far_as_its_geodesic, (0.0, 0.0), other)


def test_a_sphere_in_the_inverse_alone_breaks_the_law_of_geodesics(replaced):
    replaced(geodesy, "inverse", lambda *pair: (SPHERE.inv(*pair)[2], 0.0))
    breaks(ellipsoid.a_point_is_as_far_as_its_geodesic, (0.0, 0.0), (49.4, 0.0))


@pytest.mark.parametrize("geod", [SPHERE, CLARKE], ids=["sphere", "Clarke 1866"])
def test_another_ellipsoid_breaks_the_law_of_the_meridian(replaced, geod):
    replaced(geodesy, "distance_m", measured_by(geod))
    breaks(ellipsoid.a_meridian_is_an_ellipse_and_the_equator_a_circle, 0.0, 0.0, 90.0, 0.0)


def test_coordinates_exchanged_break_the_law_that_longitude_comes_first(replaced):
    replaced(geodesy, "distance_m", swapped(geodesy.distance_m))
    breaks(ellipsoid.longitude_comes_first, 10.0, 60.0, 1.0, 1.0)


# -- distances


def test_the_planar_nearest_point_breaks_the_law_that_distances_do_not_jump(replaced):
    replaced(geodesy, "distance_m", planar)
    law = distances.distance_changes_no_faster_than_the_point_moves
    breaks(law, (1.47, 60.0), (1.48, 60.0), TWO)


def test_a_part_dropped_by_degrees_breaks_the_law_of_unions(replaced):
    measure = geodesy.distance_m

    def nearest_in_degrees(lon, lat, territory):
        point = shapely.Point(lon, lat)
        shape = min(territory.shapes, key=lambda shape: shape.geometry.distance(point))
        return measure(lon, lat, Territory("", (shape,)))

    replaced(geodesy, "distance_m", nearest_in_degrees)
    parts = (of(shapely.Point(0, 51.6)), of(shapely.Point(10, 60)))
    breaks(distances.more_land_is_never_farther, (0.0, 60.0), *parts)


def test_measuring_from_one_sides_vertices_breaks_the_law_of_separation(replaced):
    def from_vertices(one, other):
        lon, lat = shapely.get_coordinates([shape.geometry for shape in one.shapes]).T
        return float(np.min(geodesy.distance_m(lon, lat, other)))

    replaced(geodesy, "separation_m", from_vertices)
    lines = of(shapely.LineString([(-5, 0), (5, 0)])), of(shapely.LineString([(0, 1), (0, 9)]))
    breaks(distances.separation_is_the_least_distance, *lines)


def test_a_last_bit_that_depends_on_the_batch_breaks_the_law_of_batches(replaced):
    measure = geodesy.distance_m

    def last_bit(lon, lat, territory):
        found = measure(lon, lat, territory)
        return np.nextafter(found, np.inf) if np.size(lon) > 1 else found

    replaced(geodesy, "distance_m", last_bit)
    breaks(distances.a_scalar_is_a_batch_of_one, [(20.0, 5.0), (30.0, 5.0)], SQUARE)


def test_a_witness_that_depends_on_the_batch_breaks_the_law_of_batches(replaced):
    search = geodesy.nearest

    def seventh(lon, lat, land):
        found = search(lon, lat, land)
        return found if np.ndim(lon) == 0 else found._replace(ring=np.full(len(lon), 7))

    replaced(geodesy, "nearest", seventh)
    breaks(distances.a_scalar_is_a_batch_of_one, [(20.0, 5.0), (30.0, 5.0)], SQUARE)


# -- witnesses


def without_holes(geometry):
    return shapely.Polygon(geometry.exterior)


@pytest.mark.parametrize(
    ("point", "territory", "wrong"),
    [
        ((1.5, 1.5), of(shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)), without_holes),
        ((-179.5, 5.0), EAST, lambda geometry: geometry.geoms[0]),
    ],
    ids=["a hole taken for land", "the far half forgotten"],
)
def test_a_wrong_inside_breaks_the_law_of_zero(replaced, point, territory, wrong):
    for name in ("distance_m", "signed_m", "nearest", "nearest_edge"):
        replaced(geodesy, name, changed(getattr(geodesy, name), wrong))
    breaks(witnesses.zero_is_inside_or_on, point, territory)


def test_coordinates_exchanged_break_the_law_of_zero(replaced):
    for name in ("distance_m", "signed_m", "nearest", "nearest_edge"):
        replaced(geodesy, name, swapped(getattr(geodesy, name)))
    breaks(witnesses.zero_is_inside_or_on, (25.0, 5.0), of(shapely.box(20, 0, 30, 10)))


def test_a_negative_distance_breaks_the_law_of_zero(replaced):
    replaced(geodesy, "distance_m", geodesy.signed_m)
    breaks(witnesses.zero_is_inside_or_on, (5.0, 5.0), SQUARE)


def test_the_planar_nearest_point_breaks_the_law_of_the_nearest_point(replaced):
    replaced(geodesy, "nearest", planar_nearest)
    line = of(shapely.LineString([(0, 0), (40, 40)]))
    breaks(witnesses.the_nearest_point_lies_at_the_distance, (0.0, 40.0), line)


def test_a_witness_off_the_boundary_breaks_the_law_of_the_nearest_point(replaced):
    search = geodesy.nearest
    replaced(geodesy, "nearest", lambda *case: search(*case)._replace(lat=5.1))
    breaks(witnesses.the_nearest_point_lies_at_the_distance, (20.0, 5.0), SQUARE)


def test_the_planar_nearest_point_breaks_the_law_of_the_outline(replaced):
    replaced(geodesy, "distance_m", planar)
    breaks(witnesses.no_point_of_the_outline_is_nearer, (0.0, 60.0), TWO)


def test_vertices_alone_break_the_law_of_the_outline(replaced):
    replaced(geodesy, "distance_m", measured_by(WGS84))
    line = of(shapely.LineString([(-100, 49), (100, 49)]))
    breaks(witnesses.no_point_of_the_outline_is_nearer, (0.0, 60.0), line)


def test_the_edge_along_a_pole_taken_for_a_boundary_breaks_the_law_of_the_boundary(replaced):
    def to_the_pole(lon, lat, territory):
        away = WGS84.inv(lon, lat, lon, 90.0)[2]
        return Nearest(away, lon, 90.0, territory.shapes[0].name, 0, True)

    replaced(geodesy, "nearest_edge", to_the_pole)
    cap = of(shapely.box(-180, 80, 180, 90))
    breaks(witnesses.next_to_a_boundary_something_is_outside, (0.0, 89.0), cap)


# -- writing


def test_longitudes_without_regard_to_180_break_the_law_of_turning(replaced):
    replaced(geodesy, "distance_m", planar)
    near = of(shapely.box(0, 0, 10, 10))
    breaks(writing.turning_the_earth_under_both_changes_nothing, (12.0, 5.0), near, 169.0)


def test_coordinates_exchanged_break_the_law_of_turning(replaced):
    replaced(geodesy, "distance_m", swapped(geodesy.distance_m))
    breaks(writing.turning_the_earth_under_both_changes_nothing, (20.0, 5.0), SQUARE, 40.0)


def test_a_cut_taken_for_a_boundary_breaks_the_law_of_the_cut(replaced):
    measure = geodesy.signed_m

    def to_every_ring(lon, lat, territory):
        signed = measure(lon, lat, territory)
        rings = rewriting.written_by(territory, lambda geometry: rings_of(geometry))
        return signed if signed > 0 else -geodesy.distance_m(lon, lat, rings)

    def rings_of(geometry):
        parts = rewriting.parts_of(of(geometry))
        return shapely.MultiLineString([part.exterior for part in parts])

    replaced(geodesy, "signed_m", to_every_ring)
    breaks(writing.the_cut_at_180_is_no_boundary, (5.0, 5.0), SQUARE, 5.5)


def test_keeping_the_largest_part_breaks_the_law_of_cutting(replaced):
    def largest(geometry):
        return max(rewriting.parts_of(of(geometry)), key=lambda part: part.area)

    replaced(geodesy, "distance_m", changed(geodesy.distance_m, largest))
    breaks(writing.a_cut_along_a_meridian_changes_no_distance, (9.0, 5.0), SQUARE, 8.0)


def test_an_inside_by_the_direction_of_the_ring_breaks_the_law_of_directions(replaced):
    measure = geodesy.distance_m

    def by_direction(lon, lat, territory):
        ring = territory.shapes[0].geometry.exterior
        if ring.is_ccw:
            return measure(lon, lat, territory)
        return measure(lon, lat, of(shapely.LineString(ring.coords)))

    replaced(geodesy, "distance_m", by_direction)
    case = ((5.0, 5.0), SQUARE, 1, True)
    breaks(writing.ring_start_and_direction_do_not_matter, *case)


def test_vertices_alone_break_the_law_of_vertices(replaced):
    replaced(geodesy, "distance_m", measured_by(WGS84))
    border = of(shapely.LineString([(-123, 49), (-95, 49)]))
    breaks(writing.vertices_on_an_edge_change_nothing, (-109.0, 49.5), border, 1.0)


def test_geodesic_edges_break_the_law_of_vertices(replaced):
    def bulged(geometry):
        """Put the middle of the geodesic into every edge."""
        fixes = shapely.get_coordinates(geometry)
        found = [fixes[0]]
        for one, two in itertools.pairwise(fixes):
            azimuth, _, length = WGS84.inv(*one, *two)
            found += [WGS84.fwd(*one, azimuth, length / 2)[:2], two]
        return shapely.LineString(found)

    replaced(geodesy, "distance_m", changed(geodesy.distance_m, bulged))
    border = of(shapely.LineString([(-123, 49), (-95, 49)]))
    breaks(writing.vertices_on_an_edge_change_nothing, (-109.0, 49.5), border, 1.0)


def test_a_bound_by_the_southern_end_breaks_the_law_of_the_mirror(replaced):
    def scaled(lon, lat, territory):
        shape = territory.shapes[0].geometry
        scale = np.array([np.cos(np.radians(shape.bounds[1])), 1.0])
        there = shapely.transform(shape, lambda xy: xy * scale)
        point = shapely.Point(np.array([lon, lat]) * scale)
        x, y = shapely.shortest_line(there, point).coords[0] / scale
        return WGS84.inv(lon, lat, x, y)[2]

    replaced(geodesy, "distance_m", scaled)
    tall = of(shapely.LineString([(0, 20), (40, 80)]))
    breaks(writing.north_and_south_are_alike, (40.0, 30.0), tall)


def test_one_name_of_180_alone_breaks_the_law_of_names(replaced):
    replaced(geodesy, "distance_m", planar)
    law = writing.the_names_of_a_place_are_one_place
    breaks(law, of(shapely.box(170, 0, 180, 10)), 0.5, (0.0, 90.0))


# -- ranges


def test_less_for_at_most_breaks_the_law_of_the_range(replaced):
    replaced(geodesy, "within", lambda *case: np.asarray(geodesy.distance_m(*case[:3]) < case[3]))
    law = ranges.within_is_a_distance_at_most_the_range
    breaks(law, [(20.0, 5.0)], SQUARE, 0.0)


def test_a_millimetre_for_rounding_breaks_the_law_of_the_range(replaced):
    replaced(
        geodesy, "within", lambda *case: np.asarray(geodesy.distance_m(*case[:3]) <= case[3] + 1e-3)
    )
    law = ranges.within_is_a_distance_at_most_the_range
    breaks(law, [(20.0, 5.0)], SQUARE, 0.0)


def test_the_middle_of_an_interval_breaks_the_law_of_intervals(replaced):
    def by_middle(lon, lat, territory, least, most_m):
        return np.asarray(geodesy.distance_m(lon, lat, territory) <= (least + most_m) / 2).astype(
            int
        )

    replaced(geodesy, "within", by_middle)
    law = ranges.an_interval_of_ranges_decides_what_all_its_values_say
    breaks(law, [(20.0, 5.0)], SQUARE, 1e6, 5e5)


def test_an_infinite_range_that_is_no_number_breaks_the_law_of_more_reach(replaced):
    replaced(
        geodesy,
        "within",
        lambda *case: np.asarray(case[3] * 0.0 + geodesy.distance_m(*case[:3]) <= case[3]),
    )
    breaks(ranges.more_reach_reaches_more, [(5.0, 5.0)], SQUARE, 0.0, float("inf"))


# -- zones and tracks


def test_the_nearest_node_of_a_field_breaks_the_law_of_fields(replaced):
    def by_node(lon, lat, territory, range_m, *, field):
        row = np.round((np.asarray(lat) + 90.0) / field.step_deg).astype(int)
        column = np.round((np.asarray(lon) + 180.0) / field.step_deg).astype(int)
        return field.node_m[row, column] <= range_m

    replaced(geodesy, "within", by_node)
    breaks(zones.a_field_decides_as_the_distance_does, [(14.0, 5.0)], SQUARE, 1e6, 10.0)


def test_bounds_that_are_none_break_the_law_of_fields(replaced):
    field = type(geodesy.field_of(SQUARE, step_deg=10.0, cache=False))
    replaced(field, "bounds_m", lambda self, lon, lat: (np.zeros(len(lon)), np.ones(len(lon))))
    breaks(zones.a_field_decides_as_the_distance_does, [(14.0, 5.0)], SQUARE, 1e6, 10.0)


def test_a_buffer_in_degrees_breaks_the_law_of_zones(replaced):
    def buffered(territory, range_km, *, tolerance_m):
        shape = territory.shapes[0].geometry.buffer(range_km / 111.2)
        return Zone(shapely.MultiPolygon([shape]), range_km, tolerance_m, 0.0, 0.0, 0.0, 0)

    replaced(geodesy, "zone", buffered)
    high = of(shapely.box(0, 60, 10, 70))
    breaks(zones.a_zone_is_what_lies_within, [(30.0, 65.0)], high, 500.0, 0.01)


def test_fixes_alone_break_the_law_of_tracks(replaced):
    def at_fixes(lon, lat, territory, range_m, *, tolerance_m):
        found = geodesy.crossings(lon[:1], lat[:1], territory, range_m)
        return Crossings((), found.closest)

    track = [(-5.0, 5.0), (25.0, 5.0)]
    replaced(passages, "geodesy", Wrong(geodesy, crossings=at_fixes))
    law = passages.a_track_is_within_where_its_places_are
    breaks(law, track, SQUARE, 1e5, [(0, 0.5)])


def test_a_stay_that_does_not_end_breaks_the_law_of_tracks(replaced):
    measure = geodesy.crossings
    replaced(
        passages,
        "geodesy",
        Wrong(
            geodesy, crossings=lambda lon, lat, land, reach, **more: measure(lon, lat, land, 1e7)
        ),
    )
    law = passages.a_track_is_within_where_its_places_are
    breaks(law, [(-50.0, 5.0), (5.0, 5.0)], SQUARE, 1e5, [(0, 0.1)])


class Wrong:
    """A module with some of its functions replaced."""

    def __init__(self, module, **replaced):
        self.module, self.replaced = module, replaced

    def __getattr__(self, name):
        return self.replaced[name] if name in self.replaced else getattr(self.module, name)


# -- borders


def test_units_of_two_holders_break_the_law_of_worldviews(replaced):
    units_of = boundaries.units_of

    def by_sovereign_too(state, **when):
        own = {unit.id for unit in boundaries.units().values() if unit.sovereign == state}
        return tuple(own.union(units_of(state, **when)))

    replaced(boundaries, "units_of", by_sovereign_too)
    law = holders.worldviews_divide_the_same_land
    breaks(law, "un", "russia", IN_2021, IN_2021)


def test_a_unit_that_is_lost_breaks_the_law_of_worldviews(replaced):
    units_of = boundaries.units_of
    replaced(
        boundaries,
        "units_of",
        lambda state, **when: tuple(u for u in units_of(state, **when) if u != "crimea"),
    )
    law = holders.worldviews_divide_the_same_land
    breaks(law, "un", "russia", IN_2021, IN_2021)


def test_land_of_the_default_worldview_alone_breaks_the_law_of_worldviews(replaced):
    land = boundaries.territory

    def without(states, *, on, worldview, level):
        found = land(states, on=on, worldview=worldview, level=level)
        return Territory("", found.shapes[:-1] if worldview == "russia" else found.shapes)

    replaced(boundaries, "territory", without)
    law = holders.worldviews_divide_the_same_land
    breaks(law, "un", "russia", IN_2021, IN_2021)


@pytest.mark.parametrize("day", [date(2014, 3, 18), date(1990, 1, 1)])
def test_holders_of_another_day_break_the_law_of_their_dates(replaced, day):
    held = boundaries.holders
    wrong = {
        date(2014, 3, 18): lambda view, on: held(view, date.fromordinal(on.toordinal() - 1)),
        date(1990, 1, 1): lambda view, on: held(view, IN_2021),
    }
    replaced(boundaries, "holders", wrong[day])
    breaks(holders.a_holder_changes_only_on_its_dates, "russia", day)


def test_the_nato_of_today_breaks_the_law_of_the_dates_of_a_group(replaced):
    members = model.members
    replaced(model, "members", lambda group, on: members(group, date(2026, 1, 1)))
    breaks(holders.a_group_changes_only_on_its_dates, "NATO", date(1997, 5, 27))


def test_less_for_at_most_breaks_the_law_of_the_dates_of_a_group(replaced):
    replaced(
        model,
        "members",
        lambda group, on: frozenset(
            row.state
            for row in model.group(group).members
            if (row.start is None or row.start < on) and (row.end is None or on <= row.end)
        ),
    )
    breaks(holders.a_group_changes_only_on_its_dates, "NATO", date(2023, 4, 4))


# -- hosts and the sea

SEVASTOPOL, OFF_FIOLENT = (33.5, 44.6), (33.42, 44.33)


def test_one_worldview_for_all_breaks_the_law_of_hosts(replaced):
    for name in ("host_of", "locate"):
        kept = functools.partial(unworldly, getattr(boundaries, name))
        replaced(boundaries, name, kept)
    breaks(sea.a_place_has_one_host, SEVASTOPOL, "un", "russia", IN_2021)


def unworldly(measure, *place, worldview, **more):
    return measure(*place, worldview="un", **more)


def test_coordinates_exchanged_break_the_law_of_hosts(replaced):
    host_of, locate = boundaries.host_of, boundaries.locate
    replaced(boundaries, "host_of", lambda lon, lat, **when: host_of(lat, lon, **when))
    replaced(boundaries, "locate", lambda lon, lat, **when: locate(lat, lon, **when))
    breaks(sea.a_place_has_one_host, SEVASTOPOL, "un", "russia", IN_2021)


def test_a_forgotten_territorial_sea_breaks_the_law_of_the_sea(replaced):
    host_of = boundaries.host_of

    def on_land(*place, **when):
        host, zone = host_of(*place, **when)
        return (None, "high-seas") if zone == "territorial-sea" else (host, zone)

    replaced(boundaries, "host_of", on_land)
    law = sea.twelve_miles_of_sea_belong_to_the_nearest_coast
    breaks(law, OFF_FIOLENT, "un", IN_2021)


def test_a_territory_of_land_alone_breaks_the_law_of_the_sea(replaced):
    margin = boundaries.presence_margin_m

    def of_land(*place, parts, **when):
        return margin(*place, parts="land", **when)

    replaced(boundaries, "presence_margin_m", of_land)
    law = sea.twelve_miles_of_sea_belong_to_the_nearest_coast
    breaks(law, OFF_FIOLENT, "un", IN_2021)


def test_statute_miles_break_the_law_of_the_sea(replaced, monkeypatch):
    # 20.5 km off the coast: within twelve nautical miles, and not within twelve of 1 609 m
    locate = sys.modules["deploygeo.boundaries.locate"]
    locate._zone_of.cache_clear()
    replaced(locate, "TERRITORIAL_SEA_M", 12 * 1_609.344)
    try:
        law = sea.twelve_miles_of_sea_belong_to_the_nearest_coast
        breaks(law, (33.42, 44.316), "un", IN_2021)
    finally:
        locate._zone_of.cache_clear()


def test_a_margin_to_the_coast_and_then_to_the_limit_breaks_the_law_of_presence(replaced):
    def jumping(lon, lat, state, *, parts, **when):
        land = boundaries.territory(state, on=when["on"], worldview="un", level="ne10")
        away = float(geodesy.distance_m(lon, lat, land))
        inside = away <= presence.TERRITORIAL_SEA_M
        value = presence.TERRITORIAL_SEA_M if inside else presence.TERRITORIAL_SEA_M - away
        return presence._NOWHERE._replace(value_m=value)

    replaced(boundaries, "presence_margin_m", jumping)
    law = sea.presence_changes_no_faster_than_the_point_moves
    place = (33.42, 44.3003)
    assert 22_000 < geodesy.distance_m(*place, boundaries.territory("UKR", level="ne10")) < 23_000
    breaks(law, place, 0.0, 1_000.0, "UKR", "land+sea")


# -- the words of clauses


def word(replaced, name, value):
    replaced(facts, "WORDS", {**WORDS, name: value})


def test_the_nato_of_today_breaks_the_law_of_groups_in_a_text(replaced):
    word(replaced, "group", lambda case, name, day="": model.members(name, "2026-01-01"))
    law = words.a_group_in_a_text_is_that_of_its_day
    breaks(law, "NATO", date(2023, 4, 4), date(1997, 5, 27))


def test_the_day_asked_for_the_day_in_the_text_breaks_the_law_of_groups_in_a_text(replaced):
    word(replaced, "group", lambda case, name, day="": model.members(name, case.on))
    law = words.a_group_in_a_text_is_that_of_its_day
    breaks(law, "NATO", IN_2021, date(1997, 5, 27))


def test_a_distance_off_by_its_share_breaks_the_law_of_distances_in_a_text(replaced):
    distance = WORDS["distance"]

    def on_a_sphere(case, region):
        found = distance(case, region)
        measures = tuple(
            type(one)(one.what, one.distance_km * 1.003, *[getattr(one, key) for key in rest])
            for one in found.measures
        )
        return type(found)(found.lo, found.hi, "km", measures=measures)

    rest = ("error_km", "lon", "lat", "unit")
    word(replaced, "distance", on_a_sphere)
    law = words.a_distance_is_that_to_the_land_of_the_day
    breaks(law, (34.0, 43.0), "RUS", "un", IN_2021)


def test_the_default_worldview_alone_breaks_the_law_of_distances_in_a_text(replaced):
    replaced(facts.Case, "worldview", "un")
    law = words.a_distance_is_that_to_the_land_of_the_day
    breaks(law, (34.0, 43.0), "RUS", "russia", IN_2021)


def test_less_for_at_most_breaks_the_law_of_reach(replaced):
    def shorter(case, region, reach):
        away = WORDS["distance"](case, region)
        known = True if reach.lo > away.hi else (False if reach.hi <= away.lo else None)
        return leaf("", Truth.of(known))

    word(replaced, "reaches", shorter)
    breaks(words.reaches_is_a_distance_at_most_the_range, (34.0, 43.0), "RUS")


def test_a_forgotten_territorial_sea_breaks_the_law_of_territory_in_a_text(replaced):
    margin = boundaries.presence_margin_m

    def of_land(*place, parts, **when):
        return margin(*place, parts="land", **when)

    replaced(boundaries, "presence_margin_m", of_land)
    law = words.inside_a_territory_is_where_its_state_is_host
    breaks(law, OFF_FIOLENT, "un", IN_2021)


def test_nothing_has_no_distance_in_any_law():
    """Laws take the territory of nothing as they take any."""
    for law in (witnesses.zero_is_inside_or_on, witnesses.the_nearest_point_lies_at_the_distance):
        law((0.0, 0.0), EMPTY)
