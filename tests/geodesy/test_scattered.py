"""Points sought one by one find what groups of them find."""

import numpy as np
import pytest
import shapely

from deploygeo.geodesy import Territory, bulk, forest, nearest, nearest_edge, scattered, within
from deploygeo.geodesy.ellipsoid import ecef
from deploygeo.geodesy.pieces import hilbert

from .sets import SETS

#: Rounding of ECEF coordinates.
SLACK_M = 1e-6


def globe(count, seed=11):
    rng = np.random.default_rng(seed)
    return rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))


def chosen(which):
    """Return a choice of the points sought one by one: all, none, or every other group."""
    return lambda trees, xyz, limit: np.arange(len(limit)) // 64 % 2 < which if trees.levels else (
        np.zeros(len(limit), dtype=bool)
    )  # fmt: skip


@pytest.mark.parametrize("name", ["islands", "hole with an enclave", "mixture", "points", "lines",
                                  "both sides of 180", "tiny ring about the pole"])  # fmt: skip
def test_one_by_one_is_as_in_groups_to_the_last_bit(name, monkeypatch):
    territory = Territory.of(SETS[name])
    lon, lat = globe(400)
    found = []
    for which in (0, 1, 2):
        monkeypatch.setattr(bulk, "apart", chosen(which))
        found.append([nearest(lon, lat, territory), nearest_edge(lon, lat, territory)])
    for other in found[1:]:
        np.testing.assert_equal(other, found[0])


def test_within_is_the_same_one_by_one_for_ranges_of_any_kind(monkeypatch):
    territory = Territory.of(SETS["islands"])
    lon, lat = globe(400)
    range_m = np.random.default_rng(3).uniform(-1e5, 1.2e7, len(lon))
    range_m[:3] = np.nan, 0.0, np.inf
    monkeypatch.setattr(bulk, "apart", chosen(2))
    alone = within(lon, lat, territory, range_m)
    expected = np.asarray(nearest(lon, lat, territory).distance_m) <= range_m
    assert expected.tolist() == alone.tolist()
    assert 0 < alone.sum() < len(alone)


def test_memory_bounds_change_nothing(monkeypatch):
    territory = Territory.of(SETS["islands"])
    lon, lat = globe(200)
    monkeypatch.setattr(bulk, "apart", chosen(2))
    expected = nearest(lon, lat, territory)
    monkeypatch.setattr(scattered, "_PAIRS", 7)
    monkeypatch.setattr(scattered, "_AT_ONCE", 64)
    np.testing.assert_equal(nearest(lon, lat, territory), expected)


def test_points_lie_apart_when_they_are_few_and_in_groups_when_they_are_many():
    trees = Territory.of(SETS["islands"]).forest()
    rng = np.random.default_rng(5)

    def share(count):
        lon, lat = rng.uniform(0, 90, count), rng.uniform(30, 40, count)
        order = np.argsort(hilbert(lon, lat))
        alone = scattered.apart(trees, ecef(lon[order], lat[order]), np.full(count, np.inf))
        assert len(alone) == count
        return alone.mean()

    assert share(100) == 1.0
    assert share(100_000) < 0.1


@pytest.mark.parametrize("name", ["islands", "lines", "both sides of 180"])
def test_every_ball_of_a_forest_holds_its_children_and_has_the_boundary_in_its_middle(name):
    territory = Territory.of(SETS[name])
    trees = territory.forest()
    for over, below, block in zip(trees.levels, trees.levels[1:], trees.blocks, strict=False):
        parent = np.repeat(np.arange(len(over)), over.count)
        gap = [getattr(below, axis) - getattr(over, axis)[parent] for axis in "xyz"]
        far = np.sqrt(sum(step**2 for step in gap)) + below.ball_m
        assert (far <= over.ball_m[parent] + SLACK_M).all()
        known = np.isfinite(block.x)
        assert block.x[known].tolist() == below.x.tolist()
        assert known.sum(axis=1).tolist() == over.count.tolist()
    middle = np.concatenate([level.lon for level in trees.levels[:-1]])
    place = nearest_edge(middle, np.concatenate([level.lat for level in trees.levels[:-1]]),
                         territory)  # fmt: skip
    assert place.distance_m.max() <= forest.NEAR_M


def test_the_middle_of_a_ball_is_the_child_about_which_it_is_least():
    line = Territory.of(shapely.LineString([(0, 0), (0.03, 0), (0.06, 0), (0.09, 0), (1e-1, 0)]))
    coarse = line.forest().levels[-2]
    assert coarse.lon.round(3).tolist() == [0.045]
