"""Nodes that were not measured, and cells that lie inside: what is claimed of them holds."""

from functools import lru_cache

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import deploygeo.boundaries
from deploygeo.geodesy import Territory, build, distance_m, field_of, fields, within
from deploygeo.geodesy.build import built

from .sets import SETS
from .test_field import ERROR_M, FINE, hard_points
from .test_laws import points, polygons

profile = settings(max_examples=30, deadline=None, derandomize=True, database=None)


def thinned(territory, step_deg, near_m):
    return fields._field(territory, step_deg, built(territory, step_deg, near_m=near_m))


@lru_cache
def field(name, step_deg=5.0, near_m=5e5):
    return thinned(Territory.of(SETS[name], name), step_deg, near_m)


def nodes_of(found):
    rows, columns = found.node_m.shape
    lon, lat = np.meshgrid(np.linspace(-180, 180, columns), np.linspace(-90, 90, rows))
    return lon.ravel(), lat.ravel()


def violations(found, lon, lat, exact=None):
    """Return how many of some distances are not within the bounds at the points or their cells."""
    exact = distance_m(lon, lat, found.territory) if exact is None else exact
    lo, hi = found.bounds_m(lon, lat)
    wrong = (lo > exact + ERROR_M) | (hi < exact - ERROR_M)
    answer = found.decide(lon, lat, exact + 1.0)
    wrong |= answer == 0
    wrong |= found.decide(lon, lat, exact - 1.0) == 1
    return int(np.count_nonzero(wrong))


@pytest.mark.parametrize("name", SETS)
def test_bounds_contain_the_distance_where_nodes_were_not_measured(name):
    found = field(name)
    assert violations(found, *hard_points(5.0, 60 if name in FINE else 20, len(name))) == 0


@pytest.mark.parametrize("name", FINE)
@pytest.mark.parametrize("near_m", [0.0, 2e6])
def test_bounds_contain_the_distance_on_a_finer_grid(name, near_m):
    found = field(name, 2.5, near_m)
    assert violations(found, *hard_points(2.5, 60, len(name))) == 0


@pytest.mark.parametrize("name", FINE)
def test_bounds_at_every_node_contain_the_distance(name):
    found = field(name)
    exact = distance_m(*nodes_of(found), found.territory).reshape(found.node_m.shape)
    measured = found.gap_m == 0
    assert (found.node_m >= exact - ERROR_M).all()
    assert (found.node_m - found.gap_m <= exact + ERROR_M).all()
    assert np.abs(found.node_m - exact)[measured].max() <= ERROR_M
    assert 0.1 < measured.mean() < 0.6


@profile
@given(
    polygons(),
    st.lists(points, min_size=12, max_size=12),
    st.sampled_from([5.0, 7.5, 9.0]),
    st.sampled_from([0.0, 3e5, 3e6]),
)
def test_bounds_contain_the_distance_to_any_polygon(polygon, some, step_deg, near_m):
    found = thinned(Territory.of(polygon), step_deg, near_m)
    assert violations(found, *np.array(some).T) == 0


@pytest.fixture(scope="module")
def georgia():
    land = deploygeo.boundaries.borders().territory(("GEO",))
    return field_of(land, step_deg=1.0, cache=False)


def test_the_usual_field_of_a_country_is_thinned_and_true(georgia):
    assert 0.2 < (georgia.gap_m == 0).mean() < 0.35
    rng = np.random.default_rng(41)
    lon = np.concatenate([rng.uniform(-180, 180, 3000), rng.uniform(20, 65, 3000)])
    lat = np.concatenate([rng.uniform(-90, 90, 3000), rng.uniform(25, 60, 3000)])
    assert violations(georgia, lon, lat) == 0
    exact = distance_m(lon, lat, georgia.territory)
    range_m = exact + rng.choice([-1, 1], 6000) * 10.0 ** rng.uniform(-3, 5, 6000)
    got = within(lon, lat, georgia.territory, range_m, field=georgia)
    assert got.tolist() == (exact <= range_m).tolist()


def test_far_away_little_is_left_open(georgia):
    rng = np.random.default_rng(42)
    lon, lat = rng.uniform(-180, 180, 5000), np.degrees(np.arcsin(rng.uniform(-1, 1, 5000)))
    lo, hi = georgia.bounds_m(lon, lat)
    # All but the other side of the globe, where a step turns the way to the nearest point about.
    assert np.median((hi - lo)[lo > 2e6]) < 1000
    assert np.quantile((hi - lo)[lo > 2e6], 0.98) < 5000


@pytest.mark.parametrize("name", SETS)
def test_cells_that_are_said_to_lie_inside_do(name):
    found, shape = field(name), SETS[name]
    i, j = np.nonzero(found.hi_m == 0)
    rng = np.random.default_rng(43)
    for u, v in [*rng.uniform(0, 1, (5, 2)), (0, 0), (0, 1), (1, 0), (1, 1)]:
        lon, lat = np.minimum((j + u) * 5.0 - 180, 180), np.minimum((i + v) * 5.0 - 90, 90)
        assert (distance_m(lon, lat, found.territory) == 0).all()
    # All cells that a polygon's inside contains with room to spare, but for those at inner borders.
    if shape.geom_type == "Polygon":
        rows, columns = found.hi_m.shape
        y, x = np.mgrid[:rows, :columns] * 5.0
        cells = shapely.box(x - 180 - 1e-3, y - 90 - 1e-3, x - 175 + 1e-3, y - 85 + 1e-3)
        assert (found.hi_m == 0)[shapely.contains_properly(shape, cells)].all()


def test_a_boundary_on_the_rim_of_cells_touches_those_on_both_sides():
    def cells(geometry):
        return build._touched(Territory.of(geometry).forest().pieces, 18)

    i, j = np.nonzero(cells(shapely.Point(-180, 10)))
    assert sorted(zip(i.tolist(), j.tolist(), strict=True)) == [(9, 0), (9, 35), (10, 0), (10, 35)]
    assert np.nonzero(cells(shapely.Point(5, 90)))[0].tolist() == [17]
    assert np.nonzero(cells(shapely.Point(5, -90)))[0].tolist() == [0]
    assert np.argwhere(cells(shapely.Point(180, 5))).tolist() == [[9, 0], [9, 35]]
    # Pieces of an edge at an angle lie in the boxes of all cells that it crosses.
    line = shapely.LineString([(-33.3, 12.1), (47.9, 71.8)])
    y, x = np.mgrid[:18, :36] * 10.0
    crossed = shapely.intersects(line, shapely.box(x - 180, y - 90, x - 170, y - 80))
    assert cells(line)[crossed].all()
    assert cells(line).sum() < 2 * crossed.sum()


def test_what_is_near_is_found_over_the_pole_and_across_180_degrees():
    rng = np.random.default_rng(44)
    touched = np.zeros((90, 180), dtype=bool)
    places = [(89, 3), (70, 179), (45, 0), (2, 90)]
    touched[tuple(np.transpose(places))] = True
    near = build._near(touched, 2e6)
    seeds = [(2.0 * j - 179, 2.0 * i - 89) for i, j in places]
    land = Territory.of(shapely.MultiPoint(seeds))
    i, j = rng.integers(0, 90, 3000), rng.integers(0, 180, 3000)
    away = distance_m(2.0 * j - 179, 2.0 * i - 89, land)
    assert near[i, j][away < 2e6].all()
    assert not near[i, j][away > 2.5e6].any()


def _no_gap(gap):
    return np.zeros(gap.shape, dtype=np.float32)


def _blind(pieces, rows):
    return np.zeros((rows, 2 * rows), dtype=bool)


def _mirrored(nodes, x, y, step_deg, slopes=build._slopes):
    east, north = slopes(nodes, x, y, step_deg)
    return -east, north


def _hopeful(rows, grid, i, j, u, v, bounds=build.point_bounds):
    low, high = bounds(rows, grid, i, j, u, v)
    return low * 1.01, high


FAULTS = {
    "witnesses taken for the nearest": ("_up", _no_gap),
    "boundaries not seen": ("_touched", _blind),
    "slopes to the wrong side": ("_slopes", _mirrored),
    "lower bounds a hundredth too high": ("point_bounds", _hopeful),
}


@lru_cache
def examined():
    """Return a country with a lake in the middle of a cell, points, and their distances."""
    lake = shapely.Point(32.5, 42.5).buffer(1)
    land = Territory.of(shapely.box(20, 30, 45, 55).difference(lake))
    lon, lat = hard_points(5.0, 120, 45)
    lon, lat = np.append(lon, 32.5), np.append(lat, 42.5)
    return land, lon, lat, distance_m(lon, lat, land)


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_that_are_planted_are_seen(monkeypatch, fault):
    """Break the code once and see the test fail: without this, no violation might mean no test."""
    land, *asked = examined()
    monkeypatch.setattr(build, *FAULTS[fault])
    assert violations(thinned(land, 5.0, 5e5), *asked) > 0


def test_without_a_fault_none_is_seen():
    land, *asked = examined()
    assert violations(thinned(land, 5.0, 5e5), *asked) == 0


def test_coarse_grids_and_those_without_a_middle_row_are_measured_everywhere():
    land = Territory.of(SETS["square"])
    assert (field_of(land, step_deg=2.0, cache=False).gap_m == 0).all()
    assert (built(land, 10.0, near_m=0.0)[1] == 0).all()
    assert (built(land, 5.0, near_m=0.0)[1] > 0).any()
