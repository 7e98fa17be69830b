"""Fast equals exact: what a field decides is what measuring decides."""

import tracemalloc
from functools import lru_cache

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo.errors import CoordinateError, SettingError
from deploygeo.geodesy import (
    EMPTY,
    Territory,
    decide,
    direct,
    distance_m,
    field_of,
    inverse,
    nearest,
    within,
)
from deploygeo.geodesy.fields import kept_field

from .sets import SETS
from .test_field import FINE, hard_points
from .test_laws import points, polygons

profile = settings(max_examples=40, deadline=None, derandomize=True, database=None)


@lru_cache
def territory(name):
    return Territory.of(SETS[name], name)


@lru_cache
def field(name, step_deg=5.0):
    return field_of(territory(name), step_deg=step_deg, cache=False)


@pytest.mark.parametrize("name", FINE)
def test_fast_equals_exact_within_metres_of_the_threshold(name):
    lon, lat = hard_points(5.0, 60, 21)
    exact = distance_m(lon, lat, territory(name))
    rng = np.random.default_rng(22)
    for off in (rng.normal(0, 1, len(lon)) * 10.0 ** rng.uniform(-3, 5, len(lon)), 0.0):
        range_m = exact + off
        got = within(lon, lat, territory(name), range_m, field=field(name))
        assert got.tolist() == (exact <= range_m).tolist()
    below = np.nextafter(exact, -np.inf)
    assert not within(lon, lat, territory(name), below, field=field(name)).any()


@pytest.mark.parametrize("name", ["square", "islands", "both sides of 180", "hole with an enclave"])
def test_points_at_a_known_distance_from_their_witness_fall_on_the_right_side(name):
    """A point on the geodesic from another to its witness has the same witness, so d is known."""
    rng = np.random.default_rng(23)
    lon, lat = hard_points(10.0, 40, 24)
    found = nearest(lon, lat, territory(name))
    far = (found.distance_m > 1e4) & (found.distance_m < 1.5e7)
    x, y = found.lon[far], found.lat[far]
    range_m = found.distance_m[far] * rng.uniform(0.05, 0.9, len(x))
    off = rng.choice([-1, 1], len(x)) * 10.0 ** rng.uniform(-2, 3, len(x))
    azimuth = inverse(x, y, lon[far], lat[far])[1]
    lon, lat = direct(x, y, azimuth, range_m + off)
    got = within(lon, lat, territory(name), range_m, field=field(name, 10.0))
    assert got.tolist() == (off < 0).tolist()


@profile
@given(polygons(), st.lists(points, min_size=12, max_size=12), st.integers(0, 10**6))
def test_fast_equals_exact_for_any_polygon(polygon, some, seed):
    land = Territory.of(polygon)
    found = field_of(land, step_deg=10, cache=False)
    rng = np.random.default_rng(seed)
    lon, lat = np.array(some).T
    exact = distance_m(lon, lat, land)
    range_m = exact + rng.normal(0, 1, 12) * 10.0 ** rng.uniform(-3, 6, 12)
    assert (within(lon, lat, land, range_m, field=found) == (exact <= range_m)).all()
    most = range_m + 10.0 ** rng.uniform(-3, 6, 12)
    expected = np.where(exact <= range_m, 1, np.where(exact > most, 0, -1))
    assert (within(lon, lat, land, range_m, most_m=most, field=found) == expected).all()


def test_an_interval_depends_where_the_distance_lies_inside_it():
    land, lon, lat = territory("islands"), *hard_points(5.0, 100, 25)
    exact = distance_m(lon, lat, land)
    for least, most in [(5e5, 1.6e6), (0.0, 0.0), (-1.0, 1e5), (np.nan, 3e6), (1e6, np.inf)]:
        expected = np.where(exact <= least, 1, np.where(exact > most, 0, -1))
        for chosen in (None, field("islands")):
            got = within(lon, lat, land, least, most_m=most, field=chosen)
            assert got.dtype == np.int8
            assert got.tolist() == expected.tolist()
            many = within(lon, lat, land, np.full(len(lon), least), most_m=most, field=chosen)
            assert many.tolist() == expected.tolist()
    assert within(30.0, 40.0, land, 0.0, most_m=1e7) == -1
    assert type(within(30.0, 40.0, land, 0.0, most_m=1e7)) is int


def test_a_range_of_a_point_is_the_same_as_one_range():
    land, lon, lat = territory("islands"), *hard_points(5.0, 100, 26)
    one = within(lon, lat, land, 7e5, field=field("islands"))
    assert one.tolist() == within(lon, lat, land, np.full(len(lon), 7e5)).tolist()
    assert one.tolist() == [within(x, y, land, 7e5) for x, y in zip(lon, lat, strict=True)]


@pytest.mark.parametrize("chosen", ["auto", None])
def test_extreme_ranges(chosen):
    land, lon, lat = territory("islands"), *hard_points(5.0, 10, 27)
    for nothing in (np.nan, -1.0, -1e-300, -np.inf):
        assert not within(lon, lat, land, nothing, field=chosen).any()
        assert not within(lon, lat, land, np.full(len(lon), nothing), field=chosen).any()
    for everything in (2.01e7, 1e308, np.inf):
        assert within(lon, lat, land, everything, field=chosen).all()
    assert (within(lon, lat, land, np.nan, most_m=np.inf, field=chosen) == -1).all()
    assert (within(lon, lat, land, -np.inf, most_m=np.nan, field=chosen) == 0).all()


def test_nothing_reaches_an_empty_territory():
    for empty in (EMPTY, Territory.of(shapely.MultiPolygon())):
        assert within(0, 0, empty, np.inf) is False
        assert within([0, 1], 0, empty, np.inf).tolist() == [False, False]
        assert within([0, 1], 0, empty, 1.0, most_m=np.inf).tolist() == [0, 0]
        with pytest.raises(CoordinateError):
            within(0, 91, empty, 1.0)


def test_no_points_get_no_answers():
    for chosen in ("auto", None, field("square")):
        assert within([], [], territory("square"), 1.0, field=chosen).shape == (0,)
        assert within([], [], territory("square"), [], most_m=[], field=chosen).dtype == np.int8
        assert within(np.empty((0, 3)), 1.0, territory("square"), 1.0, field=chosen).shape == (0, 3)


def test_a_territory_that_covers_the_globe_is_within_any_range():
    world = Territory.of(shapely.box(-180, -90, 180, 90))
    lon, lat = hard_points(10.0, 10, 28)
    for chosen in (None, field_of(world, step_deg=10, cache=False)):
        assert within(lon, lat, world, 0.0, field=chosen).all()
        assert not within(lon, lat, world, -1.0, field=chosen).any()


def test_any_kind_and_layout_of_arrays_gives_the_same_answers():
    land, chosen = territory("islands"), field("islands")
    lon, lat = np.round(np.array(hard_points(5.0, 100, 29)), 1).astype(np.float32)
    range_m = np.arange(len(lon)) * 5000
    wide = [np.asarray(values, dtype=np.float64) for values in (lon, lat, range_m)]
    expected = within(*wide[:2], land, wide[2], field=chosen)
    assert within(lon, lat, land, range_m, field=chosen).tolist() == expected.tolist()
    assert within(list(lon), list(lat), land, list(range_m), field=chosen).tolist() == (
        expected.tolist()
    )
    rows = np.column_stack(wide)
    strided = within(rows[:, 0], rows[:, 1], land, rows[:, 2], field=chosen)
    assert strided.tolist() == expected.tolist()
    grid = within(wide[0][:30, None], wide[1][:40], land, 1e6, field=chosen)
    assert grid.shape == (30, 40)
    for i, j in [(0, 0), (29, 39), (3, 17)]:
        assert grid[i, j] == within(wide[0][i], wide[1][j], land, 1e6)
    folded = [values.reshape(2, -1).T for values in wide]
    assert within(*folded[:2], land, folded[2], field=chosen).tolist() == (
        expected.reshape(2, -1).T.tolist()
    )


def test_a_batch_may_be_split_anywhere(monkeypatch):
    land, lon, lat = territory("islands"), *hard_points(5.0, 100, 30)
    whole = within(lon, lat, land, 9e5, field=field("islands"))
    monkeypatch.setattr(decide, "PART", 37)
    monkeypatch.setattr("deploygeo.geodesy.field._CHUNK", 11)
    monkeypatch.setattr(decide, "_EXACT", 5)
    assert within(lon, lat, land, 9e5, field=field("islands")).tolist() == whole.tolist()
    ranges = within(lon, lat, land, np.full(len(lon), 9e5), field=field("islands"))
    assert ranges.tolist() == whole.tolist()


def test_bad_input_is_named():
    land = territory("square")
    with pytest.raises(CoordinateError, match=r"^lon 190.0 at row 2 is outside"):
        within([0, 1, 190], 0, land, 1.0)
    with pytest.raises(CoordinateError, match=r"^lat 95.0 at row \(1, 0\) is outside"):
        within(np.zeros((2, 2)), [[0.0], [95.0]], land, 1.0)
    for lon, lat, range_m in [("east", 0, 1), ([1, 2], [1, 2, 3], 1), ([1, 2], 1, [1, 2, 3])]:
        with pytest.raises(CoordinateError, match="not numbers that broadcast"):
            within(lon, lat, land, range_m)
    with pytest.raises(SettingError, match="not a number"):
        within(0, 0, land, "far")
    for land_ in (land, EMPTY):
        with pytest.raises(SettingError, match=r"from 2.0 to 1.0 at row 1 ends before it begins"):
            within([0, 0], 0, land_, [1, 2], most_m=[1, 1])
    with pytest.raises(SettingError, match="is not a field of"):
        within(0, 0, territory("islands"), 1.0, field=field("square"))
    with pytest.raises(SettingError, match="unknown field"):
        within(0, 0, land, 1.0, field="fast")


def test_many_points_are_worth_building_a_field(monkeypatch):
    land = Territory.of(shapely.box(0, 0, 1, 1))
    lon, lat = hard_points(10.0, 10, 31)
    within(lon, lat, land, 1e6)
    assert kept_field(land) is None
    built = []
    monkeypatch.setattr(decide, "field_of", lambda land: built.append(land) or field("square"))
    monkeypatch.setattr(decide, "BUILD_FROM", len(lon))
    within(lon, lat, land, 1e6)
    assert built == [land]


def test_memory_is_bounded_whatever_the_number_of_points(tmp_path):
    count = 6_000_000
    rng = np.random.default_rng(32)
    mapped = []
    for name, low, high in (("lon", -180, 180), ("lat", -90, 90)):
        values = np.memmap(tmp_path / name, dtype=np.float32, mode="w+", shape=count)
        values[:] = rng.uniform(low, high, count)
        mapped.append(values)
    chosen = field("square", 10.0)
    tracemalloc.start()
    answer = within(*mapped, territory("square"), 2.5e7, field=chosen)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.all()
    # One byte a point of answer, and a part at a time of everything else.
    assert peak < count + 60 * decide.PART
