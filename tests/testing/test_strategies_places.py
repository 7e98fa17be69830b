"""Positions, tracks and territories: valid, biased as promised, simple when they shrink."""

import math
from collections import Counter

import pytest
import shapely

from deploygeo import boundaries, geodesy
from deploygeo.boundaries import TERRITORIAL_SEA_M
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.model import Deployment
from deploygeo.testing.strategies import (
    drawn,
    positions,
    simplest,
    territories,
    tracks,
)
from deploygeo.testing.strategies.places import KINDS, track_of
from deploygeo.testing.strategies.shapes import SHAPES


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_position_is_one(kind):
    for lon, lat in drawn(positions(kinds=kind), 100):
        assert isinstance(lon, float)
        assert isinstance(lat, float)
        assert -180.0 <= lon <= 180.0
        assert -90.0 <= lat <= 90.0


def test_positions_are_at_the_poles_and_at_180_degrees_and_a_double_before_them():
    at = drawn(positions(kinds=("poles", "antimeridian")), 400)
    lats, lons = Counter(lat for _, lat in at), Counter(lon for lon, _ in at)
    for pole in (90.0, -90.0, math.nextafter(90.0, 0.0)):
        assert lats[pole] > 0
    for seam in (180.0, -180.0, math.nextafter(180.0, 0.0), -math.nextafter(180.0, 0.0)):
        assert lons[seam] > 0


def test_positions_of_the_kind_anywhere_are_all_over_the_globe():
    at = drawn(positions(kinds="anywhere"), 1_000)
    boxes = Counter((int(lon // 60), int(lat // 60)) for lon, lat in at)
    assert len({box for box, many in boxes.items() if many >= 10}) >= 12
    assert sum(lon == round(lon) and lat == round(lat) for lon, lat in at) > 100
    assert sum(lon != round(lon) for lon, _ in at) > 300


def test_positions_of_the_kind_limits_lie_on_or_near_the_limit_of_a_territorial_sea():
    store = boundaries.borders()
    off_m = []
    for place in drawn(positions(kinds="limits"), 60):
        found, _ = store.nearest_of(store.unit_ids(), *place)
        off_m.append(abs(float(found.distance_m) - TERRITORIAL_SEA_M))
    # a step from a vertex may end on land, but many a time it does not
    assert sum(off <= 1.001 for off in off_m) >= 5


def test_positions_of_the_kind_seas_lie_in_a_named_sea():
    at = [boundaries.sea_at(*place) for place in drawn(positions(kinds="seas"), 60)]
    assert all(at)
    assert sum(not sea.is_fallback for sea in at) >= 55
    assert len({sea.title for sea in at}) > 10


def test_positions_within_states_are_inside_their_land():
    for place in drawn(positions(within=("UKR", "MDA")), 60):
        assert boundaries.host_of(*place) in {("UKR", "land"), ("MDA", "land")}


def test_positions_near_a_state_are_within_the_distance_of_it():
    land = boundaries.territory("UKR")
    far_m = [geodesy.distance_m(*at, land) for at in drawn(positions(near="UKR", distance_km=30))]
    assert max(far_m) <= 30_000.1
    assert min(far_m) == 0.0
    assert sum(far_m) > 0.0


def test_positions_near_a_position_are_that_and_round_about_it():
    at = drawn(positions(near=(30.0, 50.0), distance_km=1), 60)
    assert (30.0, 50.0) in at
    assert max(geodesy.inverse(30.0, 50.0, *place)[0] for place in at) <= 1_000.1


def test_positions_within_a_polygon_with_a_hole_are_not_in_the_hole():
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(1, 1, 9, 9))
    for place in drawn(positions(within=geodesy.Territory.of(ring)), 60):
        assert ring.covers(shapely.Point(place))


def test_positions_shrink_to_whole_degrees():
    assert simplest(positions()) == (0.0, 0.0)
    assert simplest(positions(kinds="anywhere"), lambda at: at[0] <= -11) == (-11.0, 0.0)
    assert simplest(positions(kinds="poles")) == (0.0, 90.0)
    assert simplest(positions(kinds="antimeridian")) == (180.0, 0.0)


def test_strategies_print_as_the_call_that_makes_them():
    assert repr(positions()) == "positions()"
    assert repr(positions(kinds="seas")) == "positions(kinds='seas')"
    assert repr(tracks(max_size=3)) == "tracks(max_size=3)"
    assert repr(territories(kinds=("box", "star"))) == "territories(kinds=('box', 'star'))"


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda: positions(kinds="sea"), UnknownNameError, "did you mean 'seas'"),
        (lambda: positions(kinds=()), SettingError, "no kind of position is left"),
        (lambda: positions(near="Blak Sea"), UnknownNameError, "unknown state or sea"),
        (lambda: positions(near=()), SettingError, "there is no land"),
        (lambda: positions(near="UKR", distance_km=-1), SettingError, "from 0 to 20004"),
        (lambda: positions(distance_km=True), SettingError, "not True"),
        (lambda: positions(within=geodesy.EMPTY), SettingError, "there is no land"),
        (
            lambda: positions(within=geodesy.Territory.of(shapely.Point(0, 0))),
            SettingError,
            "has no inside",
        ),
        (lambda: positions(level="ne50"), UnknownNameError, "unknown level"),
        (lambda: tracks(min_size=1), SettingError, "min_size is a whole number from 2"),
        (lambda: tracks(min_size=5, max_size=4), SettingError, "above max_size 4"),
        (lambda: territories(kinds="boxes"), UnknownNameError, "did you mean 'box'"),
        (lambda: territories(max_parts=0), SettingError, "max_size is a whole number from 1"),
    ],
)
def test_a_wrong_argument_is_told_at_once(make, error, told):
    with pytest.raises(error, match=told):
        make()


# -- tracks


def test_every_track_is_one_that_a_deployment_takes():
    found = drawn(tracks(), 300)
    for track in found:
        ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=track)
        assert ship.geometry == track
    assert {track.geom_type for track in found} == {"LineString", "MultiLineString"}


def test_a_timed_track_has_a_time_for_each_fix_and_is_one_line():
    for track, times in drawn(tracks(timed=True, min_size=3, max_size=5), 100):
        assert track.geom_type == "LineString"
        assert 3 <= len(times) == len(track.coords) <= 5
        ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=track, times=times)
        assert ship.stay.covers(times[0].date())


def test_a_track_that_crosses_180_degrees_is_cut_there():
    cut = [track for track in drawn(tracks(), 300) if track.geom_type == "MultiLineString"]
    for track in cut:
        for before, after in zip(track.geoms, list(track.geoms)[1:], strict=False):
            last, first = before.coords[-1], after.coords[0]
            assert abs(last[0]) == 180.0
            assert first == (-last[0], last[1])


def test_a_track_at_a_pole_has_an_extent():
    assert shapely.is_valid(track_of((10.0, 90.0), [(90.0, 0.0)]))
    assert track_of((10.0, 90.0), [(0.0, 0.0)]).length > 0


def test_tracks_shrink_to_few_fixes():
    assert simplest(tracks()) == shapely.LineString([(0, 0), (0, 1)])
    long = simplest(tracks(kinds="anywhere"), lambda track: track.length > 30)
    assert len(long.coords) <= 3


# -- territories


@pytest.mark.parametrize("kind", [kind for kind in SHAPES if kind != "land"])
def test_every_kind_of_territory_is_valid_and_measurable(kind):
    for land in drawn(territories(kinds=kind), 40):
        geometry = land.shapes[0].geometry
        assert geometry.is_valid, shapely.is_valid_reason(geometry)
        assert not land.is_empty
        assert math.isfinite(geodesy.distance_m(12.3, -45.6, land))


def test_territories_have_the_hard_features_that_their_kinds_promise():
    def of(kind):
        return [land.shapes[0].geometry for land in drawn(territories(kinds=kind), 60)]

    assert any(g.geom_type == "MultiPolygon" for g in of("hole"))
    assert any(len(g.interiors) == 2 for g in of("hole") if g.geom_type == "Polygon")
    assert all(g.bounds[0] == -180.0 and g.bounds[2] == 180.0 for g in of("across-180"))
    assert {g.bounds[0] == -180.0 for g in of("at-180")} == {True, False}
    assert any(abs(g.bounds[1]) == 90.0 or abs(g.bounds[3]) == 90.0 for g in of("pole"))
    assert any(g.bounds[2] - g.bounds[0] == 300.0 for g in of("parallel"))
    assert max(len(shapely.get_parts(g)) for g in of("archipelago")) == 4
    assert max(g.area for g in of("tiny")) < 2e-10
    assert max(g.area for g in of("sliver")) < 1e-3
    assert {g.geom_type for g in of("points")} == {"Point", "MultiPoint"}
    assert {g.geom_type for g in of("lines")} == {"LineString", "MultiLineString"}
    assert {g.geom_type for g in of("mixture")} == {"GeometryCollection"}


def test_territories_are_of_all_kinds_but_land_by_default():
    names = Counter(land.shapes[0].geometry.geom_type for land in drawn(territories(), 800))
    assert len(names) == 7


def test_territories_print_as_well_known_text_that_can_be_read_again():
    for land in drawn(territories(), 40):
        assert shapely.from_wkt(land.name).equals(land.shapes[0].geometry)


def test_territories_of_the_kind_land_are_of_states():
    names = {land.name for land in drawn(territories(kinds="land"), 60)}
    assert {"RUS", "USA"} <= names <= boundaries.states()


def test_territories_shrink_to_a_box_and_to_fewer_corners():
    assert simplest(territories()).shapes[0].geometry.equals(shapely.box(0, 0, 1, 1))
    star = simplest(territories(kinds="star"))
    assert len(star.shapes[0].geometry.exterior.coords) == 4
    wide = simplest(territories(kinds="star"), lambda land: land.shapes[0].geometry.area > 20)
    assert len(wide.shapes[0].geometry.exterior.coords) == 4
