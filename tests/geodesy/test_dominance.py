"""What is dropped before it is measured, or not searched all along, could not have been nearest."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from deploygeo.boundaries import borders, units_of
from deploygeo.geodesy import Territory, bulk, descent, minimise, nearest, rows
from deploygeo.geodesy.dominance import by_nearest
from deploygeo.geodesy.groups import heads_of, sizes_of
from deploygeo.geodesy.minimise import on_piece

from .sets import SETS

GEOD = Geod(ellps="WGS84")
#: Points on each piece at which the distance is measured.
ALONG = np.linspace(0.0, 1.0, 33)


def distances(pieces, piece, lon, lat):
    """Return the distance from points to their pieces at ALONG, a row for each."""
    t = np.tile(ALONG, len(piece))
    each = np.repeat(np.arange(len(piece)), len(ALONG))
    x, y = on_piece(pieces, piece[each], t)
    return np.asarray(GEOD.inv(lon[each], lat[each], x, y)[2]).reshape(-1, len(ALONG))


def pairs_of(name, count, seed):
    """Return a forest, points anywhere, and for each twelve pieces that lie together, sorted."""
    trees = Territory.of(SETS[name]).forest()
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    start = rng.integers(0, max(1, len(trees.pieces) - 12), count)
    piece = (start[:, None] + np.arange(12)).ravel() % len(trees.pieces)
    return trees, lon, lat, np.repeat(np.arange(count), 12), piece


@pytest.mark.parametrize("name", ["islands", "slanted", "parallel at 80 N", "lines"])
def test_a_piece_that_is_nearest_is_never_dropped_by_what_another_predicts(name):
    trees, lon, lat, point, piece = pairs_of(name, 300, 8)
    exact = distances(trees.pieces, piece, lon[point], lat[point]).min(axis=1)
    least = np.repeat(exact.reshape(-1, 12).min(axis=1), 12)
    for likely in (exact, -exact):  # whichever piece is measured
        step = trees.pieces.steps(piece)
        keep = by_nearest(trees.levels[-1], (lon, lat), likely, point, piece, step)
        assert keep[exact == least].all()
    assert keep.mean() < 1.0


@pytest.mark.parametrize("plan", ["_OF_FEW", "_OF_MANY"])
@pytest.mark.parametrize("place", [(150, -60), (-110, -35), (-60, -5), (20, 35)])
def test_dense_points_far_off_are_answered_as_single_ones(plan, place, monkeypatch):
    territory = borders("ne10").territory(units_of(["RUS"], on="2021-12-17"))
    rng = np.random.default_rng(9)
    lon, lat = place[0] + rng.uniform(-12, 12, 3000), place[1] + rng.uniform(-9, 9, 3000)
    monkeypatch.setattr(descent, "_OF_FEW", getattr(descent, plan))
    monkeypatch.setattr(bulk, "apart", lambda trees, xyz, limit: np.zeros(len(limit), dtype=bool))
    many = nearest(lon, lat, territory)
    monkeypatch.setattr(rows, "_MANY", 1000)
    some = nearest(lon[::60], lat[::60], territory)
    for one, other in zip(many, some, strict=True):
        np.testing.assert_array_equal(one[::60], other)


@pytest.mark.parametrize("name", ["islands", "slanted", "parallel at 80 N", "northern cap"])
def test_the_distance_rises_or_falls_where_that_is_certain(name):
    trees, lon, lat, point, piece = pairs_of(name, 300, 10)
    there = distances(trees.pieces, piece, lon[point], lat[point])
    at = np.full(len(piece), 0.5)
    s, slope, *_ = minimise._derivatives(trees.pieces, piece, lon[point], lat[point], at)
    rises = minimise._rises(trees.pieces, piece, s, slope)
    assert (np.abs(rises) > 0.0).mean() > 0.2
    sure = rises != 0.0
    assert (np.diff(there[sure], axis=1) * rises[sure, None] > -1e-7).all()


def test_no_piece_of_a_ragged_coast_is_scanned_but_near_the_antipode(monkeypatch):
    """Every eighth piece beyond a quarter of the globe was scanned in 53 steps before."""
    scanned = []
    scan = minimise._scan
    monkeypatch.setattr(minimise, "_scan", lambda *a: scanned.append(len(a[1])) or scan(*a))
    territory = Territory.of(SETS["islands"])
    rng = np.random.default_rng(11)
    lon, lat = rng.uniform(-180, 180, 3000), np.degrees(np.arcsin(rng.uniform(-1, 1, 3000)))
    away = nearest(lon, lat, territory).distance_m
    assert ((away > 1.1e7) & (away < 1.9e7)).sum() > 300
    assert sum(scanned) <= 10


def test_the_middle_of_a_concave_piece_is_no_least():
    """A parallel seen from beyond the pole bends away: the least is at an end."""
    line = Territory.of(shapely.LineString([(-2, 80), (2, 80)]))
    found = nearest(180.0, 85.0, line)
    ends = GEOD.inv([180.0] * 2, [85.0] * 2, [-2.0, 2.0], [80.0] * 2)[2]
    assert found.distance_m == min(ends)
    assert abs(found.lon) == 2.0


def test_runs_are_found_in_arrays_of_any_size():
    for values in ([], [3], [3, 3, 3], [1, 1, 2, 5, 5, 5]):
        array = np.array(values, dtype=np.int64)
        heads = heads_of(array)
        assert [array[i] for i in heads] == sorted(set(values))
        assert sizes_of(heads, len(array)).tolist() == [
            values.count(v) for v in sorted(set(values))
        ]
