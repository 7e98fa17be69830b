"""Territories, places and pins on the borders that ship."""

import shutil
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo.boundaries import (
    LEVELS,
    border_line,
    borders,
    data_folder,
    error_m,
    locate,
    outer_border,
    presence_margin_m,
    sea_at,
    territory,
    units_of,
    verify,
)
from deploygeo.boundaries.verify import content_hash
from deploygeo.errors import BoundaryError, SettingError, UnknownNameError
from deploygeo.geodesy import Territory, direct, distance_m, nearest_edge

USS_PORTER = (34.0, 43.0)
HMS_DEFENDER = (33.42, 44.33)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("worldview", "km"), [("un", 318), ("russia", 154)])
def test_the_middle_of_the_black_sea_is_this_far_from_russia(level, worldview, km):
    russia = territory("RUS", worldview=worldview, level=level)
    assert distance_m(*USS_PORTER, russia) / 1e3 == pytest.approx(km, abs=3)


@pytest.mark.parametrize("level", LEVELS)
def test_no_vertex_of_russia_lies_in_crimea(level):
    """Subtracting one polygon of Crimea from another coast leaves slivers: 100 km too short."""
    russia = shapely.union_all([shape.geometry for shape in territory("RUS", level=level).shapes])
    lon, lat = shapely.get_coordinates(russia).T
    inside = (lon > 32.0) & (lon < 36.55) & (lat > 44.3) & (lat < 46.2)
    assert int(inside.sum()) == 0


@pytest.mark.parametrize(("lon", "lat"), [(7.06, 50.17), (5.0, 47.0), (10.0, 51.0), (14.0, 50.0)])
def test_the_depth_in_a_union_is_that_in_the_polygon_of_all(lon, lat):
    """On the border of Germany and Luxembourg one side has a vertex more, and its three edges
    were shared with none: Buechel lay 80 km deep in Europe, by a witness on that border."""
    store = borders("hybrid")
    units = ["AUT", "BEL", "CHE", "CZE", "DEU", "DNK", "FRA", "ITA", "LIE", "LUX", "NLD", "POL"]
    polygons = [shapely.get_parts(store.shape(unit).geometry) for unit in units]
    box = shapely.box(-6.0, 40.0, 26.0, 58.0)
    near = [polygon for parts in polygons for polygon in parts if polygon.intersects(box)]
    whole = Territory.of(shapely.union_all(near, grid_size=1e-5))
    found = store.signed_of(units, lon, lat)
    assert found.value_m == pytest.approx(-nearest_edge(lon, lat, whole).distance_m, abs=1.5)


@pytest.mark.parametrize("level", LEVELS)
def test_no_edge_inside_a_union_of_neighbours_is_a_way_out(level):
    """On a way through the union the depth never falls to zero."""
    units = ["BEL", "DEU", "FRA", "LUX", "ESP", "PRT"]
    store = borders(level)
    for lon in (2.6, 4.0, 5.0, 6.0, 6.49721, 7.0):
        assert store.signed_of(units, lon, 49.79944).value_m < -70e3


@pytest.mark.parametrize("level", LEVELS)
def test_hms_defender_was_in_the_territorial_sea_off_crimea(level):
    here = locate(*HMS_DEFENDER, on="2021-06-23", level=level)
    assert (here.state, here.zone, here.unit) == ("UKR", "territorial-sea", "crimea")
    assert here.coast_m / 1e3 == pytest.approx(18.9, abs=0.8)
    assert locate(*HMS_DEFENDER, worldview="russia", level=level).state == "RUS"
    margin = presence_margin_m(*HMS_DEFENDER, "UKR", level=level)
    assert margin.value_m / 1e3 == pytest.approx(3.3, abs=0.8)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("name", "lon", "lat", "state", "zone", "sea"),
    [
        ("Moscow", 37.62, 55.75, "RUS", "land", None),
        ("Kaliningrad", 20.5, 54.7, "RUS", "land", None),
        ("Yavoriv", 23.4, 49.95, "UKR", "land", None),
        ("Pristina", 21.16, 42.66, "XKX", "land", None),
        ("middle of the Black Sea", 34.0, 43.0, None, "high-seas", "Black Sea"),
        ("Norwegian Sea", 8.0, 69.5, None, "high-seas", "Norwegian Sea"),
        ("Atlantic", -40.0, 30.0, None, "high-seas", "North Atlantic Ocean"),
        ("White Sea", 38.0, 65.7, "RUS", "internal-waters", "White Sea"),
        ("south pole", 0.0, -90.0, "ATA", "land", None),
        ("Wrangel Island, on the antimeridian", 180.0, 71.2, "RUS", "land", None),
        ("the same point by its other name", -180.0, 71.2, "RUS", "land", None),
    ],
)
def test_places_are_where_a_map_has_them(level, name, lon, lat, state, zone, sea):
    here = locate(lon, lat, level=level)
    assert (here.state, here.zone, here.sea.title if here.sea else None) == (state, zone, sea)


def test_the_black_sea_is_no_one_elses_than_its_coasts():
    nobody = [
        state
        for state in ("RUS", "UKR", "TUR", "ROU", "BGR", "GEO")
        if presence_margin_m(*USS_PORTER, state, level="ne10").value_m > 0
    ]
    assert nobody == []


@settings(max_examples=150, deadline=None)
@given(
    lon=st.floats(15.0, 60.0),
    lat=st.floats(40.0, 70.0),
    azimuth=st.floats(0, 360),
    step=st.floats(0, 60e3),
    states=st.sampled_from(["RUS", "UKR", "POL", ("UKR", "MDA", "ROU"), ("RUS", "BLR")]),
    worldview=st.sampled_from(["un", "russia"]),
    parts=st.sampled_from(["land", "land+sea"]),
)
def test_on_real_borders_a_margin_changes_by_at_most_a_metre_per_metre(
    lon, lat, azimuth, step, states, worldview, parts
):
    x, y = direct(lon, lat, azimuth, step)
    one, two = (
        presence_margin_m(*point, states, worldview=worldview, parts=parts, level="ne10").value_m
        for point in ((lon, lat), (float(x), float(y)))
    )
    assert abs(one - two) <= step + 0.01


def test_deep_in_another_state_the_margin_is_continuous():
    """West to east through Belarus towards Russia, in steps of 1 km."""
    margins = []
    for i in range(400):
        lon, lat = direct(25.0, 54.0, 90.0, 1e3 * i)
        margins.append(presence_margin_m(float(lon), float(lat), "RUS", level="ne10").value_m)
    assert max(abs(a - b) for a, b in pairwise(margins)) <= 1e3 + 0.01


def test_a_territory_has_one_shape_per_unit_and_the_names_of_its_states():
    ukraine = territory(["UKR", "MDA"], level="ne10")
    assert ukraine.name == "MDA+UKR"
    assert sorted(shape.name for shape in ukraine.shapes) == sorted(units_of(["UKR", "MDA"]))
    assert territory([], level="ne10").is_empty


def test_internal_waters_are_added_on_request():
    land = territory("RUS", level="ne10")
    wet = territory("RUS", level="ne10", parts="land+waters")
    assert distance_m(38.0, 65.7, wet) == 0.0
    assert distance_m(38.0, 65.7, land) > 1e3


def test_a_territory_refuses_what_it_does_not_know():
    with pytest.raises(SettingError, match="measured by presence_margin_m"):
        territory("RUS", parts="land+sea", level="ne10")
    with pytest.raises(UnknownNameError, match="unknown level"):
        territory("RUS", level="ne110")
    with pytest.raises(UnknownNameError, match="unknown state 'crimia'"):
        territory("crimia", level="ne10")


def test_the_sea_between_russia_and_america_has_an_agreed_border():
    line = border_line(["RUS"], ["USA"], level="ne10")
    assert [shape.name for shape in line.shapes] == ["RUS–USA"]
    assert distance_m(-168.97694, 70.0, line) < 1.0


def test_the_outer_border_of_ukraine_passes_over_the_borders_within():
    names = {shape.name for shape in outer_border(units_of("UKR"), level="ne10").shapes}
    assert {"POL–UKR", "MDA–UKR", "BLR–UKR"} <= names
    assert not {name for name in names if set(name.split("–")) <= set(units_of("UKR"))}


def test_the_depth_in_ukraine_does_not_stop_at_crimea():
    """5 km from the line between Crimea and Kherson, which is a limit in one worldview only."""
    within = presence_margin_m(34.2, 46.05, "UKR", parts="land", level="ne10")
    beyond = presence_margin_m(34.2, 46.05, "UKR", parts="land", worldview="russia", level="ne10")
    assert within.value_m > 20e3
    assert -10e3 < beyond.value_m < 0.0


def test_a_fjord_without_a_sea_polygon_takes_the_nearest():
    sea = sea_at(33.05, 68.98)  # Murmansk
    assert (sea.title, sea.is_fallback) == ("Barents Sea", True)


def test_the_error_is_stated_by_coast_and_by_border():
    assert error_m(33.52, 44.49, level="hybrid") == 1000.0
    assert error_m(33.52, 44.49, level="ne10") == 3000.0
    on_border = borders("ne10").border_line(["POL"], ["RUS"]).shapes[0].geometry
    lon, lat = shapely.get_coordinates(on_border)[10]
    assert error_m(float(lon), float(lat), level="ne10") == 6500.0


@pytest.mark.parametrize("level", LEVELS)
def test_the_content_is_what_the_manifest_says(level):
    assert verify(level) == []


@pytest.fixture
def copied(tmp_path):
    """Copy two files of the data, with a manifest that is right about them."""
    lines = []
    for name in ("ne10", "seas"):
        path = Path(shutil.copy(data_folder() / f"{name}.gpkg", tmp_path))
        database = sqlite3.connect(path)
        for (layer,) in database.execute("SELECT table_name FROM gpkg_contents").fetchall():
            digest, rows = content_hash(database, layer)
            lines += [f"[file.{name}.layer.{layer}]", f"rows = {rows}", f'sha256 = "{digest}"']
        database.close()
    (tmp_path / "MANIFEST.toml").write_text("\n".join(lines))
    return tmp_path


def test_a_right_manifest_has_no_problems(copied):
    assert verify("ne10", folder=copied) == []


def test_changed_rows_missing_layers_and_missing_files_are_reported(copied):
    database = sqlite3.connect(copied / "ne10.gpkg")
    database.execute("UPDATE land SET unit = 'UKR' WHERE fid = 1")
    database.execute("DELETE FROM internal_waters")
    database.execute("UPDATE gpkg_contents SET table_name = 'lines' WHERE table_name = 'borders'")
    database.commit()
    database.close()
    (copied / "seas.gpkg").unlink()
    problems = "\n".join(verify("ne10", folder=copied))
    assert "ne10.gpkg: layer 'land' has content hash" in problems
    assert "ne10.gpkg: layer 'internal_waters' has 0 rows, not" in problems
    assert "ne10.gpkg: layer 'borders' is missing" in problems
    assert "ne10.gpkg: layer 'lines' is not in the manifest" in problems
    assert "seas.gpkg is missing" in problems


def test_a_manifest_that_is_missing_or_silent_is_an_error(copied):
    with pytest.raises(BoundaryError, match=r"MANIFEST\.toml says nothing of hybrid\.gpkg"):
        verify("hybrid", folder=copied)
    with pytest.raises(UnknownNameError, match="unknown level 'ne11'"):
        verify("ne11", folder=copied)
    (copied / "MANIFEST.toml").unlink()
    with pytest.raises(BoundaryError, match=r"MANIFEST\.toml is missing"):
        verify("ne10", folder=copied)
