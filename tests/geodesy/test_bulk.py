"""Many points: the same answers as one by one, to the last bit, by bounds that hold."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from deploygeo.boundaries import borders, units_of
from deploygeo.geodesy import (
    Territory,
    descent,
    distance_m,
    nearest,
    nearest_edge,
    rows,
    signed_m,
    within,
)
from deploygeo.geodesy.dominance import anchored, measured
from deploygeo.geodesy.ellipsoid import chord_below, ecef, geodesic_above
from deploygeo.geodesy.groups import groups_of

from .sets import SETS

GEOD = Geod(ellps="WGS84")
#: Rounding of ECEF coordinates.
SLACK_M = 1e-6
FEW = 50


def hard(geometry, count, seed):
    """Return points over the globe, near a set, near its antipode, and at poles and seam."""
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    vertex = shapely.get_coordinates(geometry)
    vertex = vertex[rng.integers(len(vertex), size=count)]
    near = GEOD.fwd(*vertex.T, rng.uniform(0, 360, count), 10 ** rng.uniform(-2, 5.5, count))[:2]
    east = (vertex[:, 0] + 360) % 360 - 180
    antipode = GEOD.fwd(
        east, -vertex[:, 1], rng.uniform(0, 360, count), 10 ** rng.uniform(-2, 5, count)
    )[:2]
    seam = np.where(rng.random(count) < 0.5, 180.0, -180.0), rng.uniform(-90, 90, count)
    pole = rng.uniform(-180, 180, count), np.where(rng.random(count) < 0.5, 90.0, -90.0)
    pole = pole[0], pole[1] * (1 - 10 ** rng.uniform(-9, -2, count))
    parts = [(lon, lat), near, antipode, seam, pole]
    lon, lat = (np.concatenate([part[axis] for part in parts]) for axis in (0, 1))
    # near a pole or an antipode whole rings may tie, and each of their pieces is minimised
    kind = np.repeat(np.arange(len(parts)), count)
    turn = np.tile(np.arange(count), len(parts))
    some = turn < np.array([count, count, count // 12, count // 3, count // 20])[kind]
    lon, lat = lon[some], lat[some]
    order = rng.permutation(len(lon))
    return np.clip(lon[order], -180, 180), np.clip(lat[order], -90, 90)


def few(measure, lon, lat, territory):
    """Return what a measure gives for batches so small that points are taken one by one."""
    parts = [
        measure(lon[i : i + FEW], lat[i : i + FEW], territory) for i in range(0, len(lon), FEW)
    ]
    if isinstance(parts[0], tuple):
        return type(parts[0])(*map(np.concatenate, zip(*parts, strict=True)))
    return np.concatenate(parts)


@pytest.mark.parametrize("name", SETS)
def test_many_points_are_answered_as_few_are(name):
    territory = Territory.of(SETS[name])
    lon, lat = hard(SETS[name], 120, len(name))
    for measure in (nearest, nearest_edge):
        for one, other in zip(
            measure(lon, lat, territory), few(measure, lon, lat, territory), strict=True
        ):
            np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(signed_m(lon, lat, territory), few(signed_m, lon, lat, territory))


@pytest.mark.parametrize("states", [["RUS"], ["NOR", "SWE", "DNK", "GBR"]])
def test_many_points_are_answered_as_few_are_on_real_coasts(states):
    store = borders("ne10")
    territory = store.territory(units_of(states, on="2021-12-17"))
    lon, lat = hard(shapely.union_all([s.geometry for s in territory.shapes]), 250, 3)
    for one, other in zip(
        nearest(lon, lat, territory), few(nearest, lon, lat, territory), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_limits_drop_nothing_that_is_within_them():
    territory = borders("ne10").territory(units_of(["RUS"], on="2021-12-17"))
    lon, lat = hard(territory.shapes[0].geometry, 400, 4)
    away = distance_m(lon, lat, territory)
    for factor in (0.0, 0.9, 1.0, 1.1):
        limit = away * factor
        np.testing.assert_array_equal(within(lon, lat, territory, limit), away <= limit)


def test_how_points_are_grouped_cannot_be_seen(monkeypatch):
    territory = Territory.of(SETS["islands"])
    lon, lat = hard(SETS["islands"], 200, 7)
    few_points = nearest(lon, lat, territory)
    monkeypatch.setattr(descent, "_FEW_POINTS", 0)
    for one, other in zip(nearest(lon, lat, territory), few_points, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_size_of_a_piece_of_work_cannot_be_seen(monkeypatch):
    territory = Territory.of(SETS["islands"])
    lon, lat = hard(SETS["islands"], 60, 5)
    whole = distance_m(lon, lat, territory)
    monkeypatch.setattr(rows, "_AT_ONCE", 97)
    np.testing.assert_array_equal(distance_m(lon, lat, territory), whole)


latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


@given(longitudes, latitudes, longitudes, latitudes)
def test_the_geodesic_lies_between_its_bounds_by_chord(lon1, lat1, lon2, lat2):
    a, b = (ecef(np.array([x]), np.array([y])) for x, y in ((lon1, lat1), (lon2, lat2)))
    chord = np.sqrt(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)))
    s = np.array([GEOD.inv(lon1, lat1, lon2, lat2)[2]])
    assert s <= geodesic_above(chord) + SLACK_M
    assert chord <= chord_below(s) + SLACK_M


@given(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), longitudes, latitudes)
def test_the_bounds_hold_next_to_the_antipode(dlon, dlat, lon, lat):
    other = (lon + 360 + dlon) % 360 - 180, float(np.clip(dlat - lat, -90, 90))
    test_the_geodesic_lies_between_its_bounds_by_chord.hypothesis.inner_test(lon, lat, *other)


@given(longitudes, latitudes, longitudes, latitudes, st.floats(0, 3e5), st.integers(0, 2**32 - 1))
def test_a_prediction_errs_by_no_more_than_it_says(lon, lat, to_lon, to_lat, spread_m, seed):
    """Points about one place, the pieces of a ragged line about another."""
    rng = np.random.default_rng(seed)
    lon, lat, _ = GEOD.fwd(
        np.full(16, lon),
        np.full(16, lat),
        rng.uniform(0, 360, 16),
        rng.uniform(0, 1, 16) * spread_m,
    )
    to_lon, to_lat = np.clip(to_lon, -179, 179), np.clip(to_lat, -89, 89)
    line = np.column_stack([to_lon, to_lat]) + rng.uniform(-0.3, 0.3, (9, 2))
    forest = Territory.of(shapely.LineString(line)).forest()
    lon, lat = np.asarray(lon), np.asarray(lat)
    xyz = ecef(lon, lat)
    groups = groups_of(xyz, np.full(16, np.inf), 16)
    runs, leaves = forest.levels[-2], forest.levels[-1]
    for run in range(len(runs)):
        known = measured(groups, runs, np.array([0]), np.array([run]))
        anchors = anchored(groups, runs, np.array([0]), np.array([run]), known)
        for leaf in range(runs.first[run], runs.first[run] + runs.count[run]):
            predicted = anchors.level - sum(
                u * q + v * x
                for u, v, q, x in zip(
                    anchors[1:4], anchors[4:7], xyz, (leaves.x, leaves.y, leaves.z), strict=True
                )
                for x in [x[leaf]]
            )
            exact = GEOD.inv(
                lon, lat, np.full(16, leaves.lon[leaf]), np.full(16, leaves.lat[leaf])
            )[2]
            assert (np.abs(predicted - exact) <= anchors.error_m + SLACK_M).all()


def test_many_points_are_all_inside_the_whole_globe():
    lon, lat = hard(SETS["square"], 60, 6)
    globe = Territory.of(shapely.box(-180, -90, 180, 90))
    assert (distance_m(lon, lat, globe) == 0.0).all()
    assert np.isnan(nearest_edge(lon, lat, globe).distance_m).all()
    assert nearest_edge(lon, lat, globe).inside.all()


def test_chords_asked_for_again_and_again_are_kept_and_stay_the_same():
    pieces = Territory.of(SETS["islands"]).shapes[0].pieces()
    some = np.arange(40, 60)
    first = pieces.chords(some)
    assert pieces._lazy.chords is None
    for _ in range(len(pieces) // len(some)):
        again = pieces.chords(some)
    assert pieces._lazy.chords is not None
    np.testing.assert_equal(again, first)
