"""The bounds of a distance field contain the exact distance, at every point."""

from functools import lru_cache

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import deploygeo.boundaries
from deploygeo.errors import CoordinateError, SettingError
from deploygeo.geodesy import EMPTY, Territory, distance_m, field_of
from deploygeo.geodesy.cells import _CURVED, _SLOPE_M, NODE_ERROR_M, rows_of
from deploygeo.geodesy.ellipsoid import GEOD, radii
from deploygeo.geodesy.fields import kept_field

from .sets import SETS
from .test_laws import points, polygons

profile = settings(max_examples=40, deadline=None, derandomize=True, database=None)
#: Of an exact distance.
ERROR_M = 1e-3


@lru_cache
def field(name, step_deg):
    return field_of(Territory.of(SETS[name], name), step_deg=step_deg, cache=False)


def hard_points(step_deg, count, seed):
    """Return points all over the globe, about the seam and the poles, on nodes and on rims."""
    rng = np.random.default_rng(seed)
    lon = rng.uniform(-180, 180, count)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    close = 10.0 ** rng.uniform(-9, 1, count)
    node = np.round(lon / step_deg) * step_deg, np.round(lat / step_deg) * step_deg
    seam, pole = np.where(lon < 0, -180.0, 180.0), np.where(lat < 0, -90.0, 90.0)
    columns = [
        (lon, lat),
        (seam, lat),
        (seam - np.sign(seam) * close, lat),
        (lon, pole),
        (lon, pole - np.sign(pole) * close),
        node,
        (node[0], lat),
        (lon, node[1]),
        (np.nextafter(node[0], 0), np.nextafter(node[1], 0)),
        (seam, pole),
    ]
    return np.concatenate([c[0] for c in columns]), np.concatenate([c[1] for c in columns])


#: Sets whose distances take longest are left to the coarse grid.
FINE = ("islands", "wedge to the pole", "both sides of 180", "one side of 180", "points", "lines")


@pytest.mark.parametrize(
    ("name", "step_deg"),
    [*((name, 10.0) for name in SETS), *((name, 5.0) for name in FINE)],
)
def test_bounds_contain_the_distance(name, step_deg):
    found = field(name, step_deg)
    lon, lat = hard_points(step_deg, 100 if name in FINE else 20, len(name))
    exact = distance_m(lon, lat, found.territory)
    lo, hi = found.bounds_m(lon, lat)
    assert (lo <= exact + ERROR_M).all()
    assert (hi >= exact - ERROR_M).all()


@pytest.mark.parametrize("name", FINE)
def test_bounds_of_a_point_are_no_wider_than_those_of_its_cell(name):
    found = field(name, 5.0)
    lon, lat = (values[:60] for values in hard_points(5.0, 60, 3))
    rows, columns = found.lo_m.shape
    i = np.minimum(((lat + 90) / 5.0).astype(int), rows - 1)
    j = np.minimum(((lon + 180) / 5.0).astype(int), columns - 1)
    lo, hi = found.bounds_m(lon, lat)
    assert (lo >= found.lo_m[i, j]).all()
    assert (hi <= found.hi_m[i, j]).all()


@profile
@given(polygons(), st.lists(points, min_size=8, max_size=8), st.sampled_from([5.0, 9.0, 10.0]))
def test_bounds_contain_the_distance_to_any_polygon(polygon, some, step_deg):
    territory = Territory.of(polygon)
    found = field_of(territory, step_deg=step_deg, cache=False)
    lon, lat = np.array(some).T
    lo, hi = found.bounds_m(lon, lat)
    exact = distance_m(lon, lat, territory)
    assert ((lo <= exact + ERROR_M) & (exact - ERROR_M <= hi)).all()


def test_bounds_contain_the_distance_to_a_real_country():
    georgia = deploygeo.boundaries.borders().territory(("GEO",))
    found = field_of(georgia, step_deg=5.0, cache=False)
    rng = np.random.default_rng(11)
    lon, lat = rng.uniform(20, 65, 4000), rng.uniform(25, 60, 4000)
    exact = distance_m(lon, lat, georgia)
    lo, hi = found.bounds_m(lon, lat)
    assert ((lo <= exact + ERROR_M) & (exact - ERROR_M <= hi)).all()


def test_far_from_the_territory_bounds_are_closer_than_the_cells_are_wide():
    """Semiconcavity: gaps fall with the square of the step, where Lipschitz alone halves them."""
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(-100, 40, 3000), rng.uniform(-60, 40, 3000)
    gaps = []
    for step_deg in (5.0, 2.5):
        lo, hi = field("islands", step_deg).bounds_m(lon, lat)
        far = lo > 2e6
        gaps.append(np.median((hi - lo)[far]))
    assert gaps[1] < 12_000
    assert gaps[1] < gaps[0] / 3


def test_nodes_on_the_seam_of_a_set_on_both_sides_are_inside():
    """A node at 180° lies on the cut of a polygon, and an inside test of one side misses it.

    The prototype of the field had 11 of two million bounds wrong by up to 93 km for that.
    """
    found = field("both sides of 180", 5.0)
    row = round((65 + 90) / 5.0)
    assert found.node_m[row, [0, -1]].tolist() == [0.0, 0.0]
    assert found.bounds_m([-180.0, 180.0, -179.9999], 65.0)[0].tolist() == [0.0] * 3
    one = field("one side of 180", 5.0)
    row = round((5 + 90) / 5.0)
    assert one.node_m[row, [0, -1]].tolist() == [0.0, 0.0]


def test_a_pole_has_one_distance_under_all_its_names():
    for name in ("islands", "wedge to the pole", "points"):
        found = field(name, 5.0)
        for row in (0, -1):
            assert np.ptp(found.node_m[row]) < 1e-6


def test_deep_inside_the_distance_is_known_to_be_nothing():
    both = shapely.MultiPolygon([shapely.box(140, 0, 180, 60), shapely.box(-180, 0, -140, 60)])
    ocean = field_of(Territory.of(both), step_deg=5, cache=False)
    assert ocean.bounds_m(-160.0, 30.0) == (0.0, 0.0)
    assert ocean.decide([160.0, 180.0, -180.0], [20.0, 30.1, 50.0], 0.0).tolist() == [1, 1, 1]
    assert ocean.decide(180.0, 30.0, -1e-300) == 0
    assert ocean.decide(np.full(5, 180.0), 30.0, np.full(5, -1e-50)).tolist() == [0] * 5
    assert ocean.decide(np.full(5, 180.0), 30.0, np.full(5, 1e-50)).tolist() == [1] * 5


def test_a_territory_that_covers_the_globe_is_at_no_distance():
    found = field_of(Territory.of(shapely.box(-180, -90, 180, 90)), step_deg=10, cache=False)
    lon, lat = hard_points(10.0, 20, 1)
    assert [float(np.max(bound)) for bound in found.bounds_m(lon, lat)] == [0.0, 0.0]
    assert (found.decide(lon, lat, 0.0) == 1).all()


@pytest.mark.parametrize("name", ["square", "islands", "points"])
def test_decisions_are_those_of_the_bounds(name):
    found = field(name, 5.0)
    lon, lat = hard_points(5.0, 200, 9)
    rng = np.random.default_rng(4)
    exact = distance_m(lon, lat, found.territory)
    ranges = np.concatenate([exact[:1000] * rng.uniform(0.9, 1.1, 1000), exact[1000:]])
    for least in (5e5, 1.6e6, 0.0, 2.1e7, ranges):
        answer = found.decide(lon, lat, least)
        lo, hi = found.bounds_m(lon, lat)
        assert (answer[answer >= 0] == (exact <= least)[answer >= 0]).all()
        assert ((answer >= 0) | ((lo <= least) & (least < hi))).all()
    ranges = exact * rng.uniform(0.8, 1.2, len(exact))
    wide = found.decide(lon, lat, ranges * 0.95, ranges * 1.05)
    assert (exact <= ranges * 0.95)[wide == 1].all()
    assert (exact > ranges * 1.05)[wide == 0].all()
    assert (wide >= 0).mean() > 0.5


def test_one_range_gives_the_same_answers_by_table_and_by_comparison():
    found = field("islands", 10.0)
    lon, lat = hard_points(10.0, 500, 5)
    for least, most in [(5e5, None), (1e6, 3e6), (0.0, None), (np.nan, np.nan), (np.inf, None)]:
        table = found.decide(lon, lat, least, most)
        few = [found.decide(x, y, least, most).item() for x, y in zip(lon, lat, strict=True)]
        many = None if most is None else np.full(len(lon), most)
        assert table.tolist() == few
        assert (table == found.decide(lon, lat, np.full(len(lon), least), many)).all()


def test_extreme_ranges_need_no_measuring():
    found = field("islands", 5.0)
    lon, lat = hard_points(5.0, 50, 8)
    for nothing in (np.nan, -1.0, -np.inf):
        assert (found.decide(lon, lat, nothing) == 0).all()
        assert (found.decide(lon, lat, np.full(len(lon), nothing)) == 0).all()
    for everything in (2.0004e7, 1e300, np.inf):
        assert (found.decide(lon, lat, everything) == 1).all()
        assert (found.decide(lon, lat, np.full(len(lon), everything)) == 1).all()


def test_answers_take_the_shape_of_what_was_asked():
    found = field("square", 10.0)
    assert found.decide(1.0, 50.0, 1.0).shape == ()
    assert found.decide(np.zeros((3, 1)), np.full(4, 50.0), 1.0).tolist() == [[0] * 4] * 3
    assert found.decide([], [], 1.0).shape == (0,)
    assert [type(bound) for bound in found.bounds_m(1, 50)] == [float, float]
    assert found.bounds_m(np.zeros((2, 1)), [1, 2, 3])[0].shape == (2, 3)
    assert found.bounds_m([], [])[1].shape == (0,)


def test_bad_input_is_named():
    found = field("square", 10.0)
    for ask in (found.bounds_m, lambda lon, lat: found.decide(lon, lat, 1.0)):
        with pytest.raises(CoordinateError, match=r"^lat 91.0 at row 1 is outside"):
            ask([100.0, 100.0], [0.0, 91.0])
        with pytest.raises(CoordinateError, match="lon nan at row 0 is not finite"):
            ask([np.nan, 1.0], 0.0)
    with pytest.raises(SettingError, match=r"from 5.0 to 3.0 at row 1 ends before it begins"):
        found.decide([1.0, 1.0], 50.0, [1.0, 5.0], [2.0, 3.0])
    with pytest.raises(SettingError, match=r"from 5.0 to 3.0 ends"):
        found.decide([1.0, 1.0], 50.0, 5.0, 3.0)
    with pytest.raises(SettingError, match="not a number"):
        found.decide(1.0, 1.0, "far")
    with pytest.raises(SettingError, match="empty"):
        field_of(EMPTY)
    for step_deg in (0.7, 0.0, -1.0, 45.0, np.nan, 0.01):
        with pytest.raises(SettingError, match="does not divide 90"):
            field_of(found.territory, step_deg=step_deg)


def test_an_islet_and_a_lake_in_the_middle_of_a_cell_are_not_missed():
    """Where the corners of a cell are all as far away, or as deep inside, as they can be."""
    lon, lat = np.array([5.0, 95.0, -175.0]), np.array([5.0, 45.0, 85.0])
    islets = Territory.of(shapely.MultiPoint(np.column_stack([lon, lat])))
    lo, hi = field_of(islets, step_deg=10, cache=False).bounds_m(lon, lat)
    assert (lo == 0.0).all()
    assert (hi >= 0.0).all()
    lakes = [shapely.box(x - 0.1, y - 0.1, x + 0.1, y + 0.1) for x, y in zip(lon, lat, strict=True)]
    land = Territory.of(shapely.box(-180, -90, 180, 90).difference(shapely.union_all(lakes)))
    lo, hi = field_of(land, step_deg=10, cache=False).bounds_m(lon, lat)
    exact = distance_m(lon, lat, land)
    assert (exact > 900).all()
    assert ((lo <= exact) & (exact <= hi)).all()


def test_a_field_is_kept_in_memory():
    found = field("square", 10.0)
    same = Territory("another name", found.territory.shapes)
    assert field_of(same, step_deg=10.0, cache=False) is kept_field(same, step_deg=10.0)
    assert kept_field(same, step_deg=3.0) is None


def test_a_field_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        field("square", 10.0).lo_m[0, 0] = 0.0


def test_the_constants_of_the_proof_are_rounded_outward():
    lat = np.linspace(-90, 90, 200_001)
    prime, meridian = radii(lat)
    slope = np.abs(np.diff(meridian)) / np.radians(lat[1] - lat[0])
    assert 64_000 < slope.max() < 64_694 < _SLOPE_M
    assert 3 * _CURVED < (1 / (prime * meridian)).min() < 3.004 * _CURVED
    assert np.pi * GEOD.a**2 / GEOD.b > 20_003_931.5
    ring = prime * np.cos(np.radians(lat))
    assert (np.diff(np.abs(ring)) * np.sign(lat[1:]) <= 0).all()
    assert (np.diff(meridian)[lat[1:] > 0] >= -1e-8).all()
    x = np.linspace(1e-3, np.pi - 1e-3, 10_000)
    assert (1 / np.tan(x) < 1 / x - x / 3).all()


def test_a_row_of_cells_bounds_every_path_straight_across_it():
    """The accelerations by differences of the coordinates of nearby geodesics' ends."""
    lat = np.array([55.0, 60.0])
    rows = rows_of(lat)
    rng = np.random.default_rng(6)
    x0, x1 = rng.uniform(0, 5, (2, 500))
    y0, y1 = rng.uniform(55, 60, (2, 500))
    length = GEOD.inv(x0, y0, x1, y1)[2]
    du, dv = (x1 - x0) / 5, (y1 - y0) / 5
    assert (length <= np.hypot(rows.east[0] * du, rows.north[0] * dv) + NODE_ERROR_M).all()
    # The middle of the straight line leaves the middle of the geodesic by at most |c''|/8.
    azimuth = GEOD.inv(x0, y0, x1, y1)[0]
    mx, my, _ = GEOD.fwd(x0, y0, azimuth, length / 2)
    away = GEOD.inv(mx, my, (x0 + x1) / 2, (y0 + y1) / 2)[2]
    bend = np.hypot(
        rows.bend_both[0] * du * dv, rows.bend_east[0] * du**2 + rows.bend_north * dv**2
    )
    assert (away <= bend / 8).all()
    assert (away / (bend / 8)).max() > 0.5
