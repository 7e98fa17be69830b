"""Laws that hold for every point and set."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo.geodesy import Territory, distance_m, inverse, nearest_edge, signed_m

from .oracle import edge_distance, is_inside

profile = settings(max_examples=60, deadline=None, derandomize=True, database=None)
#: Two distances, each within 1 mm.
BOTH_M = 2e-3

lons = st.floats(-180, 180) | st.sampled_from([-180.0, 0.0, 180.0])
lats = st.floats(-90, 90) | st.sampled_from([-90.0, 0.0, 90.0])
points = st.tuples(lons, lats)


@st.composite
def polygons(draw):
    """Star-shaped polygons with 3 to 9 corners, up to 12 degrees wide, away from the seam."""
    lon, lat = draw(st.floats(-160, 160)), draw(st.floats(-75, 75))
    turns = sorted(draw(st.lists(st.integers(0, 35), min_size=3, max_size=9, unique=True)))
    radii = [draw(st.floats(0.01, 12)) for _ in turns]
    angle = np.radians(np.array(turns) * 10.0)
    ring = np.column_stack([lon + radii * np.cos(angle), lat + radii * np.sin(angle)])
    return shapely.make_valid(shapely.Polygon(ring))


@profile
@given(polygons(), points)
def test_brute_force_agrees(polygon, point):
    expected = 0.0 if is_inside(*point, polygon) else edge_distance(*point, polygon)
    assert abs(distance_m(*point, Territory.of(polygon)) - expected) <= 1e-3


@profile
@given(polygons(), points, points)
def test_distance_changes_no_more_than_the_point_moves(polygon, one, two):
    territory = Territory.of(polygon)
    moved = inverse(*one, *two)[0]
    assert abs(distance_m(*one, territory) - distance_m(*two, territory)) <= moved + BOTH_M
    assert abs(signed_m(*one, territory) - signed_m(*two, territory)) <= moved + BOTH_M


@profile
@given(polygons(), points, st.floats(-1, 1))
def test_turning_the_earth_under_both_changes_nothing(polygon, point, share):
    low, _, high, _ = polygon.bounds
    low, high = min(low, point[0]), max(high, point[0])
    shift = share * (180 - high) if share > 0 else share * (low + 180)
    move, bound = np.array([shift, 0.0]), np.array([180.0, 90.0])
    there = shapely.transform(polygon, lambda xy: np.clip(xy + move, -bound, bound))
    moved = float(np.clip(point[0] + shift, -180, 180))
    before = nearest_edge(*point, Territory.of(polygon)).distance_m
    after = nearest_edge(moved, point[1], Territory.of(there)).distance_m
    assert abs(before - after) <= BOTH_M


@profile
@given(polygons(), points, st.integers(0, 8), st.booleans())
def test_neither_start_nor_direction_of_a_ring_matters(polygon, point, start, backwards):
    if polygon.geom_type != "Polygon":
        polygon = polygon.convex_hull
    ring = shapely.get_coordinates(polygon)[:-1]
    ring = np.roll(ring[::-1] if backwards else ring, start, axis=0)
    one = signed_m(*point, Territory.of(polygon))
    two = signed_m(*point, Territory.of(shapely.Polygon(ring)))
    assert abs(one - two) <= BOTH_M


@profile
@given(polygons(), polygons(), points)
def test_a_union_is_as_near_as_its_nearer_part(one, two, point):
    parts = [Territory.of(one), Territory.of(two)]
    union = Territory("", (*parts[0].shapes, *parts[1].shapes))
    assert distance_m(*point, union) == min(distance_m(*point, part) for part in parts)
