"""Whose land or sea a point lies in, on a small made-up world with known answers.

Land near the equator: AAA (0-1 E), aaa-east (1-1.5 E, of AAA, but of BBB in worldview
``other``), BBB (1.5-3 E), all 0-1 N; an island CCC at 1.3-1.4 N, 33 km north of AAA; EEE
across the antimeridian at 10-11 N. A bay on the south coast of BBB is its internal waters.
"""

import math
import shutil
import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo.boundaries import TERRITORIAL_SEA_M, Borders, locate, presence_margin_m
from deploygeo.boundaries.boxes import Boxes
from deploygeo.errors import BoundaryError, CoordinateError, SettingError, UnknownNameError
from deploygeo.geodesy import direct, inverse

ROUNDING_M = 0.01  # a hundredth of what the data resolve

LAND = [
    ("AAA", shapely.box(0, 0, 1, 1)),
    ("aaa-east", shapely.box(1, 0, 1.5, 1)),
    ("BBB", shapely.box(1.5, 0, 3, 1)),
    ("CCC", shapely.box(0.2, 1.3, 0.4, 1.4)),
    ("EEE", shapely.box(179, 10, 180, 11)),
    ("EEE", shapely.box(-180, 10, -179, 11)),
]
BORDERS = [
    ("AAA", "aaa-east", shapely.LineString([(1, 0), (1, 1)])),
    ("BBB", "aaa-east", shapely.LineString([(1.5, 0), (1.5, 1)])),
]
WATERS = [("BBB", "Bay", shapely.box(2, -0.5, 3, 0))]
SEAS = [("Near Sea", shapely.box(-5, -5, 5, 5)), ("", shapely.box(6, -5, 8, 5))]


def _blob(geometry):
    # No envelope in the header: the builder writes one, and both are standard.
    return struct.pack("<2sBBi", b"GP", 0, 1, 4326) + shapely.to_wkb(geometry, byte_order=1)


def _write(path, tables):
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
    for name, columns, rows in tables:
        database.execute(f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY, {columns})")
        database.execute("INSERT INTO gpkg_contents VALUES (?)", (name,))
        for row in rows:
            marks = ",".join("?" * len(row))
            database.execute(f"INSERT INTO {name} VALUES (NULL,{marks})", row)  # noqa: S608
    database.commit()
    database.close()


def small_world(folder):
    """Write the small world to a folder."""
    box = "min_lon REAL, min_lat REAL, max_lon REAL, max_lat REAL"
    _write(
        folder / "hybrid.gpkg",
        [
            ("land", f"geom, unit TEXT, {box}", [(_blob(g), u, *g.bounds) for u, g in LAND]),
            ("land_boxes", f"unit TEXT, {box}", [(u, *g.bounds) for u, g in LAND]),
            (
                "borders",
                "geom, unit_a TEXT, unit_b TEXT, kind TEXT",
                [(_blob(g), a, b, "land") for a, b, g in BORDERS],
            ),
            (
                "internal_waters",
                "geom, unit TEXT, name TEXT",
                [(_blob(g), u, n) for u, n, g in WATERS],
            ),
        ],
    )
    _write(
        folder / "seas.gpkg",
        [("seas", f"geom, name TEXT, {box}", [(_blob(g), n, *g.bounds) for n, g in SEAS])],
    )
    units = "".join(
        f'[units.{unit}]\nname = "{unit}"\nsovereign = "{unit}"\nmetropolitan = {flag}\n'
        for unit, flag in [("AAA", "true"), ("BBB", "true"), ("CCC", "true"), ("EEE", "true")]
    )
    units += '[units.aaa-east]\nname = "East"\nkind = "disputed"\nsovereign = "AAA"\n'
    (folder / "units.toml").write_text(units)
    (folder / "worldviews.toml").write_text(
        '[worldview.un]\ntitle = "un"\n[worldview.other]\ntitle = "other"\n'
        '[[hold]]\nworldview = "other"\nunit = "aaa-east"\nholder = "BBB"\nfrom = 2014-03-18\n'
    )
    (folder / "seas.toml").write_text('[sea."Great Sea"]\npolygons = ["Near Sea"]\n')
    (folder / "errors.toml").write_text(
        "[levels.hybrid]\ncoast_m = 1000\nland_border_m = 3500\nclaim_line_m = 5000\n"
        '[[levels.hybrid.coast]]\nname = "CCC"\nbox = [0.1, 1.2, 0.5, 1.5]\ncoast_m = 400\n'
        '[claim_lines]\nunits = ["aaa-east"]\n'
    )
    return folder


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return Borders(small_world(tmp_path_factory.mktemp("world")))


def south_of_coast(distance_m):
    lon, lat = direct(0.5, 0.0, 180.0, distance_m)
    return float(lon), float(lat)


def test_a_point_on_land_is_of_the_holder_of_the_unit(world):
    here = locate(1.25, 0.5, source=world)
    assert (here.state, here.zone, here.unit, here.sea, here.coast_m) == (
        "AAA",
        "land",
        "aaa-east",
        None,
        0.0,
    )


def test_the_holder_follows_the_worldview_and_the_date(world):
    held = [
        locate(1.25, 0.5, source=world, worldview=view, on=on).state
        for view, on in [("un", "2021-12-17"), ("other", "2021-12-17"), ("other", "2014-03-17")]
    ]
    assert held == ["AAA", "BBB", "AAA"]


def test_the_territorial_sea_ends_at_twelve_nautical_miles(world):
    inside = locate(*south_of_coast(TERRITORIAL_SEA_M - 0.5), source=world)
    outside = locate(*south_of_coast(TERRITORIAL_SEA_M + 0.5), source=world)
    assert (inside.state, inside.zone) == ("AAA", "territorial-sea")
    assert (outside.state, outside.zone) == (None, "high-seas")


def test_a_limit_is_near_inside_the_data_error_and_one_nautical_mile(world):
    # 1 000 m + 1 852 m
    found = [
        locate(*south_of_coast(TERRITORIAL_SEA_M + gap), source=world).limit_confidence
        for gap in (-2853.0, -2851.0, 2851.0, 2853.0)
    ]
    assert found == ["clear", "near-limit", "near-limit", "clear"]


def test_neighbours_at_sea_divide_by_the_nearest_land(world):
    gap, _ = inverse(0.3, 1.0, 0.3, 1.3)
    found = []
    for step in (-1.0, 1.0):
        lon, lat = direct(0.3, 1.0, 0.0, float(gap) / 2 + step)
        found.append(locate(float(lon), float(lat), source=world).state)
    assert found == ["AAA", "CCC"]


def test_the_margin_at_the_equidistance_line_carries_the_errors_of_both_coasts(world):
    gap, _ = inverse(0.3, 1.0, 0.3, 1.3)
    lon, lat = direct(0.3, 1.0, 0.0, float(gap) / 2 - 100.0)
    margin = presence_margin_m(float(lon), float(lat), "AAA", source=world)
    assert margin.value_m == pytest.approx(100.0, abs=ROUNDING_M)
    assert margin.error_m == (1000.0 + 400.0) / 2
    assert (margin.lo_m, margin.hi_m) == (margin.value_m - 700.0, margin.value_m + 700.0)


def test_behind_a_closing_line_waters_are_internal_and_the_sea_is_measured_from_it(world):
    bay = locate(2.5, -0.3, source=world)
    assert (bay.state, bay.zone, bay.sea.name) == ("BBB", "internal-waters", "Near Sea")
    lon, lat = direct(2.5, -0.5, 180.0, TERRITORIAL_SEA_M - 1.0)
    beyond = locate(float(lon), float(lat), source=world)
    assert (beyond.state, beyond.zone) == ("BBB", "territorial-sea")
    assert beyond.coast_m > 3 * TERRITORIAL_SEA_M


def test_a_border_between_two_units_of_one_state_is_no_limit(world):
    """11 km from aaa-east, 55 km from either coast: the depth passes over the border."""
    depth, _ = inverse(0.9, 0.5, 0.9, 0.0)
    to_border, _ = inverse(0.9, 0.5, 1.0, 0.5)
    whole = presence_margin_m(0.9, 0.5, "AAA", parts="land", source=world)
    cut = presence_margin_m(0.9, 0.5, "AAA", parts="land", worldview="other", source=world)
    assert whole.value_m == pytest.approx(float(depth), abs=1.0)
    assert cut.value_m == pytest.approx(float(to_border), abs=1.0)
    assert (whole.error_m, cut.error_m) == (1000.0, 5000.0)


def test_several_states_count_as_one_territory(world):
    alone = presence_margin_m(1.51, 0.5, "BBB", source=world).value_m
    both = presence_margin_m(1.51, 0.5, ["AAA", "BBB"], source=world).value_m
    assert alone < 1.2e3
    assert both > 55e3


def test_a_cut_at_the_antimeridian_is_no_limit(world):
    half_degree, _ = inverse(180.0, 10.5, 180.0, 10.0)
    for lon in (180.0, -180.0, 179.99, -179.99):
        margin = presence_margin_m(lon, 10.5, "EEE", parts="land", source=world)
        assert margin.value_m == pytest.approx(float(half_degree), abs=1.0)


def test_a_far_point_is_its_distance_less_twelve_nautical_miles_away(world):
    far, _ = inverse(0.0, 0.0, -10.0, 0.0)
    margin = presence_margin_m(-10.0, 0.0, "AAA", source=world)
    assert margin.value_m == pytest.approx(TERRITORIAL_SEA_M - float(far), abs=ROUNDING_M)
    assert (margin.witness_lon, margin.witness_lat) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_states_that_hold_nothing_are_infinitely_far(world):
    margin = presence_margin_m(0.5, 0.5, [], source=world)
    assert (margin.value_m, margin.unit) == (-math.inf, "")
    assert math.isnan(margin.witness_lon)


@settings(max_examples=300, deadline=None)
@given(
    lon=st.floats(-1.5, 4.5),
    lat=st.floats(-1.5, 2.5),
    azimuth=st.floats(0, 360),
    step=st.floats(0, 50e3),
    states=st.sampled_from(["AAA", "BBB", "CCC", ("AAA", "CCC"), ("AAA", "BBB")]),
    worldview=st.sampled_from(["un", "other"]),
    parts=st.sampled_from(["land", "land+sea"]),
)
def test_a_margin_changes_by_at_most_a_metre_per_metre(
    world, lon, lat, azimuth, step, states, worldview, parts
):
    there = direct(lon, lat, azimuth, step)
    one, two = (
        presence_margin_m(
            float(x), float(y), states, worldview=worldview, parts=parts, source=world
        ).value_m
        for x, y in ((lon, lat), there)
    )
    assert abs(one - two) <= step + ROUNDING_M


def test_behind_a_bay_the_way_out_is_longer_than_the_margin_and_the_margin_says_so(world):
    """The coast of AAA is straight, so from land the limit is the depth and 12 nautical miles
    away; but no way is tried from land, and a lower bound was printed as exact in 2026."""
    from_land = presence_margin_m(0.5, 0.1, ["AAA", "BBB"], source=world)
    assert (from_land.is_bound, from_land.hi_m) == (True, math.inf)
    at_sea = presence_margin_m(0.5, -0.1, ["AAA", "BBB"], source=world)
    assert not at_sea.is_bound
    assert at_sea.hi_m == at_sea.value_m + at_sea.error_m
    by_a_border = presence_margin_m(1.45, 0.5, "AAA", source=world)
    assert not by_a_border.is_bound


@settings(max_examples=60, deadline=None)
@given(
    lon=st.floats(-1.5, 4.5),
    lat=st.floats(-1.5, 2.5),
    states=st.sampled_from(["AAA", "BBB", ("AAA", "CCC"), ("AAA", "BBB")]),
    view=st.sampled_from(["un", "other"]),
)
def test_a_margin_with_its_error_contains_the_way_to_the_limit(world, lon, lat, states, view):
    """Of 72 ways the shortest is at most 1.5 % longer than the shortest of all, or 100 m."""
    margin = presence_margin_m(lon, lat, states, worldview=view, source=world)
    ends = (margin.lo_m + margin.error_m, margin.hi_m - margin.error_m)
    farthest = max(abs(end) for end in ends)
    assert min(abs(end) for end in ends) == pytest.approx(abs(margin.value_m))
    # from the sea outside, the neighbour's sea off the nearest coast is passed over
    if math.isinf(farthest) or margin.value_m < 0.0:
        return
    crossed = False
    for azimuth in range(0, 360, 5):
        x, y = direct(lon, lat, float(azimuth), 1.015 * farthest + 100.0)
        there = presence_margin_m(float(x), float(y), states, worldview=view, source=world)
        crossed |= (there.value_m <= 0.0) != (margin.value_m <= 0.0)
    assert crossed


@settings(max_examples=200, deadline=None)
@given(lon=st.floats(-1.5, 4.5), lat=st.floats(-1.5, 2.5), view=st.sampled_from(["un", "other"]))
def test_a_place_is_in_the_territory_of_the_state_it_is_said_to_be_of_and_of_no_other(
    world, lon, lat, view
):
    here = locate(lon, lat, worldview=view, source=world)
    inside = {
        state
        for state in ("AAA", "BBB", "CCC", "EEE")
        if presence_margin_m(lon, lat, state, worldview=view, source=world).value_m > ROUNDING_M
    }
    assert inside <= {here.state}
    assert here.state in inside or here.state is None or here.limit_m <= ROUNDING_M


def test_the_nearest_of_several_units_is_found_without_reading_far_ones(tmp_path):
    world = Borders(small_world(tmp_path))
    found, unit = world.nearest_of(world.unit_ids(), 0.5, -0.1)
    assert unit == "AAA"
    assert found.distance_m == pytest.approx(float(inverse(0.5, -0.1, 0.5, 0.0)[0]), abs=0.001)
    assert {name for _, name in world._shapes} == {"AAA"}


def test_a_shape_is_read_once_and_a_distance_is_measured_once(world):
    assert world.shape("CCC") is world.shape("CCC")
    assert world.unit_nearest("CCC", 3.0, 3.0) is world.unit_nearest("CCC", 3.0, 3.0)


def test_units_whose_boxes_are_near_are_listed_nearest_first(world):
    assert world.parts_near(0.3, 1.1, 40e3) == ["AAA", "CCC"]
    assert world.parts_near(-179.99, 10.5, 0.0) == ["EEE"]
    assert world.parts_near(0.0, -80.0, 1e3) == []
    # Internal waters count: the bay reaches half a degree south of the land.
    assert world.bounds_m(2.5, -0.4)["BBB"] == 0.0


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    west=st.floats(-180, 179),
    south=st.floats(-90, 89),
    across=st.floats(0, 1),
    up=st.floats(0, 1),
)
def test_a_box_bounds_the_distance_to_every_point_in_it(lon, lat, west, south, across, up):
    box = np.array([[west, south, min(west + 40.0, 180.0), min(south + 20.0, 90.0)]])
    x = west + across * (box[0, 2] - west)
    y = south + up * (box[0, 3] - south)
    assert Boxes.of(box).bound_m(lon, lat)[0] <= float(inverse(lon, lat, x, y)[0])


def test_a_box_on_the_meridian_of_the_point_is_bounded_within_one_percent():
    bound = Boxes.of([[10.0, 50.0, 20.0, 60.0]]).bound_m(15.0, 45.0)[0]
    assert bound == pytest.approx(float(inverse(15.0, 45.0, 15.0, 50.0)[0]), rel=0.01)


def test_a_point_in_no_sea_polygon_takes_the_nearest_and_says_so(world):
    inside, beside, far = (world.seas.at(lon, 4.0) for lon in (4.9, 5.2, 50.0))
    assert (inside.name, inside.groups, inside.is_fallback) == ("Near Sea", ("Great Sea",), False)
    assert (beside.name, beside.is_fallback) == ("Near Sea", True)
    assert beside.gap_m == pytest.approx(float(inverse(5.2, 4.0, 5.0, 4.0)[0]), abs=1.0)
    assert far is None


def test_a_sea_without_a_name_has_a_title(world):
    sea = world.seas.at(7.0, 0.0)
    assert (sea.name, sea.groups, sea.title) == ("", (), "the sea")


def test_a_sea_or_a_group_is_a_territory(world):
    assert [len(world.seas.territory(name).shapes) for name in ("Near Sea", "Great Sea")] == [1, 1]
    with pytest.raises(UnknownNameError, match="did you mean 'Near Sea'"):
        world.seas.territory("Neer Sea")


def test_border_lines_join_the_units_asked_for(world):
    between = world.border_line(["AAA"], ["aaa-east", "BBB"])
    assert [shape.name for shape in between.shapes] == ["AAA–aaa-east"]
    outer = world.outer_border(["AAA", "aaa-east"])
    assert [shape.name for shape in outer.shapes] == ["BBB–aaa-east"]
    assert world.border_line(["AAA"], ["CCC"]).is_empty


def test_the_error_is_that_of_the_coast_the_land_border_or_the_claim_line(world):
    points = [(0.3, 1.3), (0.5, 0.0), (1.5, 0.5), (1.0, 0.5)]
    assert [world.error_m(*point) for point in points] == [400.0, 1000.0, 3500.0, 5000.0]
    # The border of others does not count.
    assert world.error_m(1.0, 0.5, ["BBB"]) == 1000.0


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        ({"lon": math.nan}, CoordinateError, "lon nan"),
        ({"lat": 90.1}, CoordinateError, "lat 90.1"),
        ({"lon": 181.0}, CoordinateError, "lon 181.0"),
        ({"states": "AAB"}, UnknownNameError, "unknown state 'AAB'; did you mean 'AAA'"),
        ({"worldview": "othre"}, UnknownNameError, "did you mean 'other'"),
        ({"on": "17 December"}, SettingError, "is not a date"),
        ({"parts": "air"}, SettingError, "unknown parts 'air'"),
    ],
)
def test_what_is_not_known_is_refused_by_name(world, call, error, text):
    arguments = {"lon": 0.5, "lat": 0.5, "states": "AAA"} | call
    with pytest.raises(error, match=text):
        presence_margin_m(
            arguments.pop("lon"),
            arguments.pop("lat"),
            arguments.pop("states"),
            source=world,
            **arguments,
        )


def test_a_unit_that_is_none_is_refused_by_name(world):
    with pytest.raises(UnknownNameError, match="unknown unit 'AAC'; did you mean 'AAA'"):
        world.shape("AAC")
    with pytest.raises(UnknownNameError, match="unknown unit 'AAC'"):
        world.nearest_of(["AAC"], 0.0, 0.0)


def test_a_folder_of_any_name_is_read_and_left_as_it_was(tmp_path):
    folder = tmp_path / "a #1 50%3f?mode=rw ä"
    folder.mkdir()
    small_world(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert locate(0.5, 0.5, source=Borders(folder)).state == "AAA"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_missing_and_damaged_data_say_what_to_do(tmp_path):
    with pytest.raises(BoundaryError, match=r"units\.toml is missing; install deploygeo again"):
        Borders(tmp_path / "nowhere")
    folder = small_world(tmp_path)
    with pytest.raises(UnknownNameError, match="unknown level 'osm'"):
        Borders(folder, "osm")
    with pytest.raises(BoundaryError, match=r"ne10\.gpkg is missing"):
        Borders(folder, "ne10")
    (folder / "ne10.gpkg").write_bytes(b"no database at all" * 99)
    with pytest.raises(BoundaryError, match="is not a GeoPackage"):
        Borders(folder, "ne10")


def test_a_damaged_geometry_says_what_to_do(tmp_path):
    folder = small_world(tmp_path)
    shutil.copy(folder / "hybrid.gpkg", folder / "ne10.gpkg")
    for damage, text in [
        (b"GP\x00\x01\xe6\x10\x00\x00\x01\x03", "damaged geometry"),
        (b"XX", "no GeoPackage header"),
        (b"GP\x00\x0f\xe6\x10\x00\x00\x01\x03", "unknown envelope code 7"),
    ]:
        database = sqlite3.connect(Path(folder) / "ne10.gpkg")
        database.execute("UPDATE land SET geom = ? WHERE unit = 'CCC'", (damage,))
        database.commit()
        database.close()
        with pytest.raises(BoundaryError, match=text):
            Borders(folder, "ne10").shape("CCC")
