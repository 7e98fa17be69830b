"""A zone is what is within a range: everywhere, to the tolerance, as geometry others can read."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPoint, Point, box

from deploygeo.boundaries import borders
from deploygeo.errors import CoordinateError, SettingError
from deploygeo.geodesy import EMPTY, Territory, direct, distance_m, inverse, zone
from deploygeo.geodesy.covering import Points, dips_to
from deploygeo.geodesy.mesh import Cells, cycles_of, globe, meets_new, split

from .sets import SETS

profile = settings(max_examples=25, deadline=None, derandomize=True, database=None)
#: Distances are measured to 1 mm.
ROUNDING_M = 2e-3
HARD = [
    ("square", 100.0),
    ("islands", 300.0),
    ("hole with an enclave", 60.0),
    ("hole with an enclave", 5_500.0),
    ("parallel at 80 N", 1_600.0),
    ("ragged southern cap", 500.0),
    ("wedge to the pole", 200.0),
    ("tiny ring about the pole", 50.0),
    ("both sides of 180", 400.0),
    ("one side of 180", 3_000.0),
    ("points", 1.0),
    ("points", 12_000.0),
    ("mixture", 700.0),
    ("one metre", 2.0),
    ("one metre", 19_960.0),
    ("one metre", 20_000.0),
]


def spread(geometry, count, seed=3):
    """Return points over the globe, at its edges, and near the vertices of a geometry."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    x = np.append(x, [-180, 180, -180, 180, 0, 77, 0, -13])
    y = np.append(y, [12, 12, -60, -60, 90, 90, -90, -90])
    xy = shapely.get_coordinates(geometry)
    if len(xy):
        near = xy[rng.integers(len(xy), size=count)]
        far = rng.normal(0, 1, (count, 2)) * 10.0 ** rng.uniform(-4, 0, (count, 1))
        x = np.append(x, np.clip(near[:, 0] + far[:, 0], -180, 180))
        y = np.append(y, np.clip(near[:, 1] + far[:, 1], -90, 90))
    return x, y


def assert_true(territory, found, count=400):
    """Assert that a zone contains what is within its range, beyond its tolerance either way."""
    x, y = spread(found.geometry, count)
    distance = distance_m(x, y, territory)
    wrong = found.contains(x, y) != (distance <= found.range_km * 1e3)
    off = np.abs(distance - found.range_km * 1e3)
    assert off[wrong].max(initial=0.0) <= found.tolerance_m


def assert_readable(geometry):
    """Assert what RFC 7946 and simple features ask of polygons."""
    assert geometry.geom_type == "MultiPolygon"
    assert geometry.is_valid
    for part in geometry.geoms:
        assert part.exterior.is_ccw
        assert not any(hole.is_ccw for hole in part.interiors)
    if not geometry.is_empty:
        low, south, high, north = geometry.bounds
        assert -180 <= low <= high <= 180
        assert -90 <= south <= north <= 90


def edges_of(geometry):
    """Return the ends of the edges that are not the cut at 180 degrees or along a pole."""
    rings = [shapely.get_coordinates(r) for p in geometry.geoms for r in (p.exterior, *p.interiors)]
    a, b = (np.concatenate([ring[i] for ring in rings]) for i in (slice(-1), slice(1, None)))
    cut = (np.abs(a[:, 0]) == 180) & (a[:, 0] == b[:, 0])
    cut |= (np.abs(a[:, 1]) == 90) & (a[:, 1] == b[:, 1])
    return a[~cut], b[~cut]


@pytest.mark.parametrize(("name", "range_km"), HARD)
def test_a_zone_is_what_is_within_its_range(name, range_km):
    territory = Territory.of(SETS[name])
    found = zone(territory, range_km)
    assert_readable(found.geometry)
    assert_true(territory, found)
    assert found.worst_vertex_m <= found.worst_edge_m + 5.0 <= 105.0


@pytest.mark.parametrize("tolerance_m", [100.0, 10.0])
def test_what_is_stated_of_edges_is_what_is_measured(tolerance_m):
    territory = Territory.of(SETS["islands"])
    found = zone(territory, 250.0, tolerance_m=tolerance_m)
    a, b = edges_of(found.geometry)
    vertex = np.abs(distance_m(*a.T, territory) - 250e3).max()
    edge = max(
        np.abs(distance_m(*(a + share * (b - a)).T, territory) - 250e3).max()
        for share in (0.25, 0.5, 0.75)
    )
    assert vertex == pytest.approx(found.worst_vertex_m, abs=ROUNDING_M)
    assert edge == pytest.approx(found.worst_edge_m, abs=ROUNDING_M)
    assert max(vertex, edge) <= tolerance_m
    # Anywhere on an edge, not only where it was measured.
    along = np.random.default_rng(1).uniform(0, 1, (len(a), 1))
    assert np.abs(distance_m(*(a + along * (b - a)).T, territory) - 250e3).max() <= tolerance_m
    assert found.least_width_m == 2 * tolerance_m
    assert_true(territory, found)


def test_a_real_state_has_true_zones():
    malta = borders().territory(["MLT"])
    for range_km in (1.0, 12.0, 300.0):
        found = zone(malta, range_km)
        assert_readable(found.geometry)
        assert_true(malta, found)
        assert max(found.worst_vertex_m, found.worst_edge_m) <= 100.0


@st.composite
def territories(draw):
    """Some points, lines and polygons within some degrees of each other, wherever on Earth."""
    lon, lat = draw(st.sampled_from([(0, 0), (179.5, 20), (-179.9, -60), (40, 89.5), (10, -88)]))
    shapes = []
    for _ in range(draw(st.integers(1, 3))):
        size = draw(st.integers(1, 4))
        offsets = draw(
            st.lists(st.tuples(st.floats(-3, 3), st.floats(-2, 2)), min_size=size, max_size=size)
        )
        xy = np.add(offsets, (lon, lat))
        xy = np.clip(xy, (-180, -90), (180, 90))
        if size == 1:
            shapes.append(Point(xy[0]))
        elif size == 2:
            shapes.append(shapely.LineString(xy))
        else:
            shapes.append(MultiPoint(xy).convex_hull)
    return Territory.of(shapely.GeometryCollection(shapes))


@profile
@given(territories(), st.sampled_from([5.0, 40.0, 222.0, 1_000.0, 7_000.0]))
def test_any_territory_has_a_true_zone(territory, range_km):
    found = zone(territory, range_km)
    assert_readable(found.geometry)
    assert_true(territory, found, count=150)
    assert max(found.worst_vertex_m, found.worst_edge_m) <= 100.0


@pytest.mark.parametrize("depth_m", [110.0, 400.0, 3_000.0])
def test_a_hole_wider_than_the_least_width_is_there(depth_m):
    """Posts in a circle leave a hole in the middle where their range does not quite reach."""
    lon, lat = direct(25.0, 60.0, np.arange(0, 360, 4), 80e3)
    posts = Territory.of(MultiPoint(np.column_stack([lon, lat])))
    found = zone(posts, (80e3 - depth_m) / 1e3)
    assert found.least_width_m == 200.0
    assert not found.contains(25.0, 60.0)
    assert sum(len(part.interiors) for part in found.geometry.geoms) >= 1
    assert_true(posts, found)


def test_a_corridor_between_two_coasts_is_open_where_it_is_wide_enough():
    """Two parallels 2 R and 0.4 to 1 km more apart: nothing may bridge them."""
    south, north = shapely.LineString([(0, 50), (5, 50)]), shapely.LineString([(0, 51), (5, 51.01)])
    coasts = Territory.of(shapely.MultiLineString([south.coords, north.coords]))
    range_km = inverse(2.5, 50.0, 2.5, 51.0)[0] / 2e3 - 0.2
    found = zone(coasts, range_km)
    assert_true(coasts, found)
    x = np.linspace(0.2, 4.8, 300)
    middle = 50.5 + x * 0.001
    open_ = distance_m(x, middle, coasts) > range_km * 1e3 + 100.0
    assert open_.any()
    assert not found.contains(x[open_], middle[open_]).any()


def test_a_pole_inside_is_covered_from_edge_to_edge():
    found = zone(Territory.of(Point(30.0, 88.0)), 500.0)
    assert found.contains([-180.0, -77.0, 0.0, 180.0], 90.0).all()
    assert found.geometry.bounds[0::2] == (-180.0, 180.0)
    assert found.geometry.bounds[3] == 90.0


def test_a_pole_outside_is_left_out_though_all_around_is_inside():
    ring = Territory.of(shapely.LineString([(-180, 80), (180, 80)]))
    found = zone(ring, 1_000.0)
    assert not found.contains([-180.0, 0.0, 180.0], [90.0, 90.0, 89.9]).any()
    assert found.contains([-180.0, 180.0, 12.0], 85.0).all()
    assert_readable(found.geometry)


def test_a_zone_over_180_is_cut_there_at_the_same_latitudes():
    found = zone(Territory.of(Point(179.9, 10.0)), 300.0)
    assert len(found.geometry.geoms) == 2
    xy = shapely.get_coordinates(found.geometry)
    east, west = (sorted(set(xy[xy[:, 0] == side, 1])) for side in (180.0, -180.0))
    assert len(east) == 2
    assert east == west


def test_what_is_left_about_the_antipode_is_a_hole():
    found = zone(Territory.of(Point(10.0, 20.0)), 19_000.0)
    (part,) = found.geometry.geoms
    assert part.bounds == (-180.0, -90.0, 180.0, 90.0)
    assert not found.contains(-170.0, -20.0)
    assert found.contains([10.0, -170.0], [20.0, -35.0]).all()


def test_beyond_the_farthest_point_a_zone_is_the_globe():
    globe_itself = box(-180, -90, 180, 90)
    for territory, range_km in [
        (Territory.of(Point(0, 0)), 20_004.0),
        (Territory.of(Point(0, 0)), 1e9),
        (Territory.of(SETS["slanted"]), 18_000.0),
        (Territory.of(globe_itself), 1.0),
        (Territory.of(SETS["northern cap"]), 18_400.0),
    ]:
        found = zone(territory, range_km)
        assert found.geometry.equals(globe_itself)
        assert_readable(found.geometry)
        assert found.worst_edge_m == 0.0


def test_nothing_is_within_any_range_of_nothing():
    found = zone(EMPTY, 500.0)
    assert found.geometry.is_empty
    assert not found.contains([0.0, 180.0], 0.0).any()
    assert_readable(found.geometry)


@pytest.mark.parametrize(
    ("range_km", "tolerance_m", "message"),
    [
        (np.nan, 100.0, "range_km nan is no range from 1 km on; give 1 or more"),
        (-5.0, 100.0, "range_km -5.0 is no range from 1 km on; give 1 or more"),
        (0.5, 50.0, "range_km 0.5 is no range from 1 km on; give 1 or more"),
        (np.inf, 100.0, "range_km inf is no range from 1 km on; give 20004 for the whole globe"),
        ("far", 100.0, "range_km 'far' and tolerance_m 100.0 must be numbers"),
        (500.0, 0.0, "tolerance_m 0.0 is not between 1 m and a tenth of the range, 50000 m; "
                     "100 and 10 are usual"),
        (500.0, np.nan, "tolerance_m nan is not between 1 m and a tenth of the range, 50000 m; "
                        "100 and 10 are usual"),
        (1.0, 101.0, "tolerance_m 101.0 is not between 1 m and a tenth of the range, 100 m; "
                     "100 and 10 are usual"),
    ],
)  # fmt: skip
def test_what_is_no_range_or_tolerance_is_refused(range_km, tolerance_m, message):
    for territory in (EMPTY, Territory.of(Point(0, 0))):
        with pytest.raises(SettingError) as caught:
            zone(territory, range_km, tolerance_m=tolerance_m)
        assert str(caught.value) == message


def test_points_asked_are_checked_and_scalars_give_a_bool():
    found = zone(Territory.of(Point(0, 0)), 100.0)
    assert found.contains(0.5, 0.5) is True
    assert found.contains([[0.0, 5.0]], [[0.0], [0.5]]).tolist() == [[True, False], [True, False]]
    with pytest.raises(CoordinateError, match="lat 95"):
        found.contains(0.0, 95.0)


class Vague:
    """Says what an exact distance says, if the limits are 2 km away."""

    def __init__(self, territory):
        self.territory = territory
        self.asked = 0

    def decide(self, lon, lat, least_m, most_m=None):
        self.asked += len(lon)
        exact = distance_m(lon, lat, self.territory)
        return np.where(exact <= least_m - 2e3, 1, np.where(exact > most_m + 2e3, 0, -1))


def test_a_field_saves_measuring_and_changes_nothing_that_counts():
    territory = Territory.of(SETS["islands"])
    field = Vague(territory)
    without, with_ = zone(territory, 800.0), zone(territory, 800.0, field=field)
    assert field.asked > 0
    assert with_.measured < without.measured
    assert_true(territory, with_)
    with pytest.raises(SettingError, match="the field is not that of"):
        zone(Territory.of(Point(0, 0)), 800.0, field=field)


@profile
@given(
    st.sampled_from(["islands", "points", "hole with an enclave"]),
    st.floats(-170, 170), st.floats(-85, 85), st.floats(-4, 4), st.floats(-4, 4),
)  # fmt: skip
def test_no_distance_dips_on_a_line_below_what_is_proven(name, lon, lat, dx, dy):
    """Hess d <= 1/d and the line's own acceleration bound how far d sags between two points."""
    territory = Territory.of(SETS[name])
    ends = np.array([[lon, lat], [lon + dx, lat + dy]])
    distance = distance_m(*ends.T, territory)
    start, end = (Points(ends[i : i + 1, 0], ends[i : i + 1, 1]) for i in (0, 1))
    least = dips_to(start, end, distance[:1], distance[1:], float(distance.min()))
    along = ends[0] + np.linspace(0, 1, 33)[:, None] * (ends[1] - ends[0])
    assert distance_m(*along.T, territory).min() >= least[0] - ROUNDING_M


def test_a_new_corner_on_a_side_is_noticed_even_across_180():
    row = globe().pick(np.arange(64, 80))
    divided = split(row.pick(np.array([0])))
    rest = row.pick(np.arange(1, 16))
    assert np.flatnonzero(meets_new(rest, divided)).tolist() == [0, 14]
    assert not meets_new(rest, rest).any()


def test_neighbours_of_a_mesh_have_the_same_nodes_on_a_side_even_across_180():
    coarse = globe()
    chosen = (np.arange(len(coarse.x0)) % 16 == 0) & (np.arange(len(coarse.x0)) < 80)
    mesh = Cells.joined([coarse.pick(~chosen), split(split(coarse.pick(chosen)))])
    cycles = cycles_of(mesh, mesh)
    assert len(cycles.begin) == len(mesh.x0)
    wrap = cycles.x % (16 << 24)
    edges = set()
    for i in range(len(cycles.x)):
        j = cycles.following[i]
        ends = (wrap[i], cycles.y[i]), (wrap[j], cycles.y[j])
        assert ends not in edges
        edges.add(ends)
    poles = {0, 8 << 24}
    for one, two in edges:
        if not (one[1] == two[1] and one[1] in poles):
            assert (two, one) in edges
