"""Crossings of tracks, against dense sampling with the distance itself."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo import boundaries
from deploygeo.errors import CoordinateError, SettingError
from deploygeo.geodesy import EMPTY, Territory, crossings, direct, distance_m, inverse
from deploygeo.geodesy.path import Path
from deploygeo.geodesy.track import FLOOR_M

from .sets import SETS
from .test_laws import lats, lons

profile = settings(max_examples=60, deadline=None, derandomize=True, database=None)
SAMPLES = 1500
#: An entry lies so far inside at most, by default.
TOLERANCE_M = 1.0
#: Two distances, each within 1 mm.
BOTH_M = 2e-3
SQUARE = Territory.of(shapely.box(0, 0, 1, 1))
BOTH_SIDES = Territory.of(SETS["both sides of 180"])


def way_of(path, point):
    leg = path.way_m[min(point.fix + 1, len(path.way_m) - 1)] - path.way_m[point.fix]
    return path.way_m[point.fix] + point.fraction * leg


def assert_agrees_with_sampling(lon, lat, territory, range_m):
    """Every sampled stay is found, every stay found is real, and nothing sampled is nearer."""
    found = crossings(lon, lat, territory, range_m)
    path = Path.of(lon, lat)
    fixes = distance_m(np.asarray(lon, float), np.asarray(lat, float), territory)
    stays = [(way_of(path, one.entry), way_of(path, one.exit)) for one in found.passages]
    ways = np.unique(np.append(np.linspace(0, path.length_m, SAMPLES), path.way_m))
    sampled = distance_m(*path.at(ways), territory)
    inside = np.zeros(len(ways), dtype=bool)
    for start, end in stays:
        inside |= (ways >= start) & (ways <= end)
    at_fix = np.zeros(len(fixes), dtype=bool)
    for start, end in stays:
        at_fix |= (path.way_m >= start) & (path.way_m <= end)
    assert fixes[~at_fix].min(initial=np.inf) >= range_m - BOTH_M
    beside = inside.copy()
    for start, end in stays:
        beside |= (ways >= start - TOLERANCE_M) & (ways <= end + TOLERANCE_M)
    assert sampled[~beside].min(initial=np.inf) >= range_m - FLOOR_M - BOTH_M
    # a range of 0 is the territory itself, out of which the track may be by half a metre
    assert sampled[inside].max(initial=-np.inf) <= range_m + FLOOR_M + BOTH_M
    for (start, end), one in zip(stays, found.passages, strict=True):
        assert start <= end
        assert one.closest.distance_m <= range_m + BOTH_M
        for way, point, out, own in (
            (start, one.entry, -TOLERANCE_M, one.starts_inside),
            (end, one.exit, TOLERANCE_M, one.ends_inside),
        ):
            assert distance_m(point.lon, point.lat, territory) <= range_m + BOTH_M
            if not own:
                near = np.clip(np.linspace(way, way + out, 21), 0.0, path.length_m)
                assert distance_m(*path.at(near), territory).max() >= range_m - 0.05 - BOTH_M
    for (_, end), (start, _) in pairwise(stays):
        between = np.linspace(end, start, 201)
        assert distance_m(*path.at(between), territory).max() >= range_m - BOTH_M
    allowed = max(1.0, 1e-4 * found.closest.distance_m) + FLOOR_M * bool(stays) + BOTH_M
    assert found.closest.distance_m <= sampled.min() + allowed
    assert sampled.min() >= found.closest.distance_m - allowed
    at = found.closest.at
    assert abs(distance_m(at.lon, at.lat, territory) - found.closest.distance_m) <= BOTH_M
    return found


@profile
@given(
    st.sampled_from(sorted(SETS)),
    st.lists(st.tuples(lons, lats), min_size=1, max_size=5),
    st.sampled_from([0.0, 1.0, 30e3, 500e3, 3e6, 1.2e7]) | st.floats(0, 2e7),
)
def test_every_sampled_stay_is_found_and_every_stay_found_is_sampled(name, fixes, range_m):
    assert_agrees_with_sampling(*zip(*fixes, strict=True), Territory.of(SETS[name]), range_m)


@profile
@given(
    st.floats(-179, 179),
    st.floats(-85, 85),
    st.lists(st.tuples(st.floats(-8, 8), st.floats(-4, 4)), min_size=2, max_size=8),
    st.floats(10e3, 400e3),
)
def test_a_zigzag_beside_a_square_agrees_with_sampling(lon, lat, steps, range_m):
    square = shapely.box(max(lon - 0.5, -180), lat - 0.5, min(lon + 0.5, 180), lat + 0.5)
    x = [(lon + east + 180) % 360 - 180 for east, _ in steps]
    y = [min(90, max(-90, lat + north)) for _, north in steps]
    assert_agrees_with_sampling(x, y, Territory.of(square), range_m)


@pytest.mark.parametrize("depth_m", [0.6, 5.0, 100.0])
def test_a_brief_stay_between_two_far_fixes_is_found(depth_m):
    """Fixes 2 000 km apart; the stay of 0.6 m depth lasts 1 km of them."""
    closest = crossings([-9.0, 9.0], [1.5, 1.5], SQUARE, 0.0).closest
    point = Territory.of(shapely.Point(closest.at.lon, closest.at.lat - 0.3))
    least = crossings([-9.0, 9.0], [1.5, 1.5], point, 0.0).closest.distance_m
    found = crossings([-9.0, 9.0], [1.5, 1.5], point, least + depth_m)
    assert len(found.passages) == 1
    stay = found.passages[0]
    assert abs(stay.closest.distance_m - least) <= 4.0
    gone, _ = inverse(stay.entry.lon, stay.entry.lat, stay.exit.lon, stay.exit.lat)
    # of a circle of radius r the chord at depth h is 2 sqrt(2 r h), a little longer on the globe
    assert gone == pytest.approx(2 * (2 * least * depth_m) ** 0.5, rel=0.02, abs=3.0)


def test_two_stays_a_metre_and_a_half_out_between_them_are_two():
    """A track cuts two circles that nearly touch."""
    points = Territory.of(shapely.MultiPoint([(0.0, 0.0), (1.0, 0.0)]))
    half = inverse(0.0, 0.0, 1.0, 0.0)[0] / 2
    assert len(crossings([-3.0, 3.0], [0.0, 0.0], points, half - 1.5).passages) == 2
    assert len(crossings([-3.0, 3.0], [0.0, 0.0], points, half + 0.01).passages) == 1


def test_a_graze_from_outside_at_half_a_metre_is_no_stay_and_is_told_as_the_closest():
    point = Territory.of(shapely.Point(0.0, 10.0))
    least = crossings([-9.0, 9.0], [0.0, 0.0], point, 0.0).closest.distance_m
    found = crossings([-9.0, 9.0], [0.0, 0.0], point, least - 111.0)
    assert found.passages == ()
    # along the equator the nearest place is where the meridian meets it
    assert found.closest.distance_m == pytest.approx(inverse(0, 0, 0, 10)[0], abs=111.0)


def test_a_track_over_the_antimeridian_is_one_stay():
    found = assert_agrees_with_sampling([160, -160], [65, 65], BOTH_SIDES, 10e3)
    assert len(found.passages) == 1
    assert found.passages[0].entry.lon > 160
    assert found.passages[0].exit.lon < -160


def test_a_track_along_the_antimeridian_has_the_same_stay_under_both_names():
    east = crossings([180.0, 180.0], [50.0, 75.0], BOTH_SIDES, 100e3).passages
    west = crossings([-180.0, -180.0], [50.0, 75.0], BOTH_SIDES, 100e3).passages
    assert len(east) == len(west) == 1
    assert abs(east[0].entry.lat - west[0].entry.lat) <= 1e-7
    assert abs(east[0].exit.lat - west[0].exit.lat) <= 1e-7


def test_a_track_over_the_pole_meets_the_cap_from_both_sides():
    cap = Territory.of(SETS["northern cap"])
    found = assert_agrees_with_sampling([20.0, -160.0], [60.0, 60.0], cap, 50e3)
    assert len(found.passages) == 1
    assert found.passages[0].entry.lon == pytest.approx(20.0)
    assert found.passages[0].exit.lon == pytest.approx(-160.0)
    assert found.passages[0].closest.distance_m == 0.0
    assert found.passages[0].closest.at.lat > 89.5


@pytest.mark.parametrize("lon", [-180.0, 0.0, 77.0])
def test_a_track_from_the_pole_leaves_on_the_meridian_of_the_next_fix(lon):
    cap = Territory.of(SETS["northern cap"])
    found = crossings([lon, 30.0], [90.0, 60.0], cap, 0.0)
    assert found.passages[0].starts_inside
    assert found.passages[0].exit.lon == pytest.approx(30.0)
    assert found.passages[0].exit.lat == pytest.approx(75.0, abs=1e-4)


@pytest.mark.parametrize(
    ("ends", "is_ambiguous"),
    [
        (((10.0, 40.0), (-170.0, -40.0)), True),
        (((0.0, 0.0), (180.0, 0.0)), True),
        (((0.0, 90.0), (55.0, -90.0)), True),
        (((0.0, 10.0), (179.9, -10.0)), True),
        (((0.0, 0.0), (170.0, 0.0)), False),
        (((10.0, 40.0), (-170.0, -40.001)), False),
        (((10.0, 40.0), (-170.0, 40.0)), False),
        (((10.0, 40.0), (50.0, -40.0)), False),
    ],
)
def test_a_leg_between_antipodes_is_one_of_the_shortest_and_is_named(ends, is_ambiguous):
    lon, lat = zip(*ends, strict=True)
    path = Path.of(lon, lat)
    assert path.ambiguous == ((0,) if is_ambiguous else ())
    assert crossings(lon, lat, SQUARE, 1e6).ambiguous == path.ambiguous
    assert path.length_m == inverse(*ends[0], *ends[1])[0]
    near_end = path.at(np.array([path.length_m * (1 - 1e-12)]))
    assert inverse(near_end[0][0], near_end[1][0], *ends[1])[0] <= 1e-3
    assert_agrees_with_sampling(lon, lat, SQUARE, 2e6)


def test_a_whole_track_within_is_one_stay_from_its_start_to_its_end():
    stay = crossings([0.2, 0.8, 0.5], [0.2, 0.5, 0.8], SQUARE, 0.0).passages
    assert [(one.starts_inside, one.ends_inside) for one in stay] == [(True, True)]
    assert (stay[0].entry.fix, stay[0].exit.fix, stay[0].exit.fraction) == (0, 2, 0.0)
    assert (stay[0].exit.lon, stay[0].exit.lat) == (0.5, 0.8)
    assert stay[0].closest.distance_m == 0.0


def test_a_start_within_is_said():
    stay = crossings([0.5, 5.0], [0.5, 0.5], SQUARE, 50e3).passages[0]
    assert (stay.starts_inside, stay.ends_inside) == (True, False)
    assert (stay.entry.lon, stay.entry.lat) == (0.5, 0.5)


@pytest.mark.parametrize(("lon", "count"), [(0.5, 1), (1.0, 1), (1.1, 1), (4.0, 0)])
def test_a_single_fix_is_a_track_without_length(lon, count):
    found = crossings([lon], [0.5], SQUARE, 20e3)
    assert len(found.passages) == count
    assert found.closest.distance_m == distance_m(lon, 0.5, SQUARE)
    for stay in found.passages:
        assert stay.entry == stay.exit == stay.closest.at
        assert stay.starts_inside
        assert stay.ends_inside


def test_repeated_fixes_hold_the_clock_and_not_the_way():
    """A ship that waits at a fix: it arrives with the first of them and leaves with the last."""
    hours = np.array(["2021-11-05T00", "2021-11-05T01", "2021-11-05T09", "2021-11-05T10"], "M8[h]")
    lon, lat = [-3.0, 0.5, 0.5, 4.0], [0.5] * 4
    stay = crossings(lon, lat, Territory.of(shapely.Point(0.5, 0.5)), 0.0, times=hours).passages[0]
    assert (stay.entry.fix, stay.exit.fix) == (1, 2)
    assert (stay.entry.time, stay.exit.time) == (hours[1], hours[2])
    waiting = crossings([0.5, 0.5], [0.5, 0.5], SQUARE, 0.0, times=hours[:2]).passages[0]
    assert (waiting.entry.time, waiting.exit.time) == (hours[0], hours[1])


def test_time_is_linear_in_the_distance_gone():
    times = [datetime(2021, 11, 5, 10, tzinfo=UTC), datetime(2021, 11, 5, 20, tzinfo=UTC)]
    point = Territory.of(shapely.Point(0.0, 0.0))
    degree = inverse(0, 0, 1, 0)[0]
    stay = crossings([-5.0, 5.0], [0.0, 0.0], point, degree, times=times).passages[0]
    # a metre of 111 km an hour is 0.03 s
    second = timedelta(seconds=0.05)
    assert abs(stay.entry.time - datetime(2021, 11, 5, 14, tzinfo=UTC)) <= second
    assert abs(stay.exit.time - datetime(2021, 11, 5, 16, tzinfo=UTC)) <= second
    assert abs(stay.closest.at.time - datetime(2021, 11, 5, 15, tzinfo=UTC)) <= second
    assert stay.entry.time.tzinfo is UTC


@pytest.mark.parametrize("unit", ["h", "s", "ms", "us", "ns"])
def test_numpy_times_of_any_unit_give_the_same_moments(unit):
    times = np.array(["2021-11-05T10", "2021-11-05T20"], "M8[h]").astype(f"M8[{unit}]")
    stay = crossings([-5.0, 5.0], [0.5, 0.5], SQUARE, 1e5, times=times).passages[0]
    again = crossings([-5.0, 5.0], [0.5, 0.5], SQUARE, 1e5, times=times.astype("M8[us]"))
    assert abs(stay.entry.time - again.passages[0].entry.time) <= np.timedelta64(1, "us")


def test_gaps_are_results_of_their_own():
    times = [datetime(2021, 11, 5, hour, tzinfo=UTC) for hour in (0, 1, 8, 9)]
    found = crossings([30, 31, 35, 36], [43] * 4, SQUARE, 0.0, times=times, gap=timedelta(hours=1))
    assert [(one.before.fix, one.after.fix) for one in found.gaps] == [(1, 2)]
    gap = found.gaps[0]
    assert (gap.before.time, gap.after.time) == (times[1], times[2])
    assert gap.length_m == inverse(31, 43, 35, 43)[0]
    assert found.passages == ()


def test_to_a_territory_of_nothing_there_is_no_stay_and_no_approach():
    found = crossings([0, 1], [0, 1], EMPTY, 1e6)
    assert (found.passages, found.closest) == ((), None)


@pytest.mark.parametrize("range_m", [2.1e7, np.inf])
def test_a_range_beyond_half_the_earth_is_everywhere(range_m):
    stay = crossings([-170, 60, 170], [-80, 20, 80], SQUARE, range_m).passages
    assert [(one.starts_inside, one.ends_inside) for one in stay] == [(True, True)]


def test_the_whole_globe_is_never_left():
    globe = Territory.of(shapely.box(-180, -90, 180, 90))
    found = crossings([-170, 60, 170], [-80, 20, 80], globe, 0.0)
    assert len(found.passages) == 1
    assert found.closest.distance_m == 0.0


def test_a_finer_tolerance_moves_entries_outwards_by_no_more_than_the_coarser():
    path = Path.of([-5.0, 5.0], [0.3, 0.9])
    coarse, fine = (
        crossings([-5.0, 5.0], [0.3, 0.9], SQUARE, 1e5, tolerance_m=tolerance).passages[0]
        for tolerance in (1.0, 0.01)
    )
    assert 0 <= way_of(path, coarse.entry) - way_of(path, fine.entry) <= 1.0
    assert 0 <= way_of(path, fine.exit) - way_of(path, coarse.exit) <= 1.0


NOON = datetime(2021, 11, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lon", "lat", "choices", "error", "says"),
    [
        ([], [], {}, CoordinateError, "at least one fix"),
        ([0, 1], [0], {}, CoordinateError, "equal length"),
        ([[0, 1]], [[0, 1]], {}, CoordinateError, "two lists"),
        (0.0, 0.0, {}, CoordinateError, "two lists"),
        ([0, np.nan], [0, 1], {}, CoordinateError, "lon nan at fix 1"),
        ([0, 50], [0, 100], {}, CoordinateError, "lat 100.0 at fix 1"),
        ([0, 1], [0, 1], {"range_m": -1.0}, SettingError, "from 0, not -1.0"),
        ([0, 1], [0, 1], {"range_m": np.nan}, SettingError, "not nan"),
        ([0, 1], [0, 1], {"range_m": "far"}, SettingError, "not 'far'"),
        ([0, 1], [0, 1], {"tolerance_m": 0.0}, SettingError, "tolerance"),
        ([0, 1], [0, 1], {"tolerance_m": np.nan}, SettingError, "tolerance"),
        ([0, 1], [0, 1], {"times": [NOON]}, SettingError, "for 2 fixes"),
        ([0, 1], [0, 1], {"times": [NOON, NOON - timedelta(1)]}, SettingError, r"times\[1\]"),
        ([0, 1], [0, 1], {"times": [NOON, NOON.replace(tzinfo=None)]}, SettingError, "no zone"),
        ([0, 1], [0, 1], {"times": ["noon", "night"]}, SettingError, "datetimes"),
        ([0, 1], [0, 1], {"times": np.array(["NaT"] * 2, "M8[s]")}, SettingError, "NaT"),
        ([0, 1], [0, 1], {"gap": timedelta(1)}, SettingError, "need their times"),
        ([0, 1], [0, 1], {"times": [NOON] * 2, "gap": timedelta(0)}, SettingError, "longer"),
        ([0, 1], [0, 1], {"times": [NOON] * 2, "gap": 3600}, SettingError, "timedelta"),
    ],
)
def test_bad_input_is_named(lon, lat, choices, error, says):
    with pytest.raises(error, match=says):
        crossings(lon, lat, SQUARE, **{"range_m": 1e5, **choices})


def test_along_a_border_of_the_world_every_sampled_stay_is_found():
    units = boundaries.units_of(["RUS"], on=date(2021, 12, 17), worldview="un", overseas=True)
    russia = boundaries.borders("hybrid").territory(units)
    # from the Bosporus past Crimea and Sochi to Batumi, along the coast
    lon, lat = [29.1, 33.4, 36.5, 38.5, 41.6], [41.3, 44.0, 44.3, 43.8, 41.7]
    for range_m in (0.0, 12 * 1852.0, 50e3):
        assert_agrees_with_sampling(lon, lat, russia, range_m)


def test_a_long_track_asks_for_few_distances(monkeypatch):
    """A hundred thousand fixes on a spiral, most of them far: 1-Lipschitz along the whole path."""
    from deploygeo.geodesy import track

    asked = []

    def counted(lon, lat, territory):
        asked.append(len(lon))
        return plain(lon, lat, territory)

    plain = track.signed_m
    monkeypatch.setattr(track, "signed_m", counted)
    turns = np.linspace(0, 40 * np.pi, 100_000)
    lon, lat = direct(0.5, 0.5, np.degrees(turns) % 360, 2e5 + 1e6 * turns / turns[-1])
    found = crossings(lon, lat, SQUARE, 4e5)
    assert len(found.passages) >= 1
    assert found.passages[0].starts_inside
    assert sum(asked) < 5_000
    assert len(asked) < 100
