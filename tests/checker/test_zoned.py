import json

import numpy as np
import pytest
import shapely

import deploygeo as dg
from deploygeo.cli.app import main
from deploygeo.errors import SettingError
from deploygeo.report.zones import shares_to_csv, shares_to_json, shares_to_text, zone_to_geojson


@pytest.fixture(scope="module")
def strike():
    return dg.zone_of("us-russia-2021/5.2", "RUS", 400, level="ne10")


@pytest.fixture(scope="module")
def presence():
    return dg.zone_of("nato-russia-2021/7.1", "USA", level="ne10", tolerance_m=500)


def test_the_zone_is_rfc_7946(strike):
    assert strike.geometry.geom_type == "MultiPolygon"
    assert strike.geometry.is_valid
    assert all(part.exterior.is_ccw for part in strike.geometry.geoms)
    west, south, east, north = strike.geometry.bounds
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90


def test_the_zone_says_how_true_it_is(strike):
    assert 0 < strike.worst_m <= 100.0
    assert strike.area_km2 > 1e6


def test_the_zone_holds_what_is_within_reach_and_outside_own_territory(strike):
    """About the Bering Strait, where the zone crosses 180°, away from outlines by their error."""
    rng = np.random.default_rng(3)
    lon = rng.uniform(165, 200, 4_000)
    lon = np.where(lon > 180, lon - 360, lon)
    lat = rng.uniform(55, 72, 4_000)
    usa, rus = dg.territory("USA", level="ne10"), dg.territory("RUS", level="ne10")
    far, home = dg.distance_m(lon, lat, usa), dg.distance_m(lon, lat, rus)
    expected = (far <= 400e3) & (home > 22_224.0)
    # on foreign land within twelve miles of one's own it is not one's own
    clear = (np.abs(far - 400e3) > 200) & (np.abs(home - 22_224.0) > 200) & (far > 0.0)
    actual = shapely.intersects_xy(strike.geometry, lon, lat)
    assert clear.sum() > 3_000
    assert np.array_equal(expected[clear], actual[clear])


def test_both_sides_of_the_antimeridian_are_there(strike):
    assert shapely.intersects_xy(strike.geometry, -179.0, 54.0)
    assert shapely.intersects_xy(strike.geometry, 179.5, 52.5)
    parts = shapely.bounds(shapely.get_parts(strike.geometry))
    assert (parts[:, 2] - parts[:, 0]).max() < 355


def test_a_presence_zone_is_territory_with_its_sea_and_without_neighbours(presence):
    inside = [(30.5, 50.4), (34.1, 44.95), (30.9, 46.3)]  # Kyiv, Crimea, off Odesa
    outside = [(37.6, 55.75), (21.0, 52.2), (34.0, 43.0), (37.8, 47.22 - 0.6)]
    assert all(shapely.intersects_xy(presence.geometry, *place) for place in inside)
    assert not any(shapely.intersects_xy(presence.geometry, *place) for place in outside[:3])
    assert any("12 nautical miles" in note for note in presence.notes)


def test_a_zone_asks_for_what_it_needs_and_refuses_the_rest():
    with pytest.raises(SettingError, match="binds several; name a party"):
        dg.zone_of("us-russia-2021/5.2", range_km=500)
    with pytest.raises(SettingError, match="asks for no range"):
        dg.zone_of("us-russia-2021/7.1", "USA", 500)
    with pytest.raises(SettingError, match="tolerance_m"):
        dg.zone_of("us-russia-2021/5.2", "USA", 500, tolerance_m=0)


def test_the_same_zone_has_the_same_bytes(strike):
    again = dg.zone_of("us-russia-2021/5.2", "RUS", 400, level="ne10")
    assert zone_to_geojson(strike) == zone_to_geojson(again)


def test_the_file_says_what_it_shows(strike):
    whole = json.loads(zone_to_geojson(strike))
    (feature,) = whole["features"]
    told = feature["properties"]
    assert whole["type"] == "FeatureCollection"
    assert feature["id"] == "us-russia-2021/5.2@RUS:400"
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert told["closed"] == "outside the territory of RUS and within 400 km of the land of USA"
    assert told["worst_deviation_m"] <= told["tolerance_m"] == 100.0
    assert (told["worldview"], told["level"], told["on"]) == ("un", "ne10", "2021-12-17")
    assert told["borders"].startswith("sha256:")
    assert "as if in force" in told["as_if"]
    assert told["readings"]["national"] == "own"
    drawn = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert drawn.is_valid


@pytest.fixture
def run(capfdbinary):
    def go(*args):
        with pytest.raises(SystemExit) as left:
            main(args)
        told = capfdbinary.readouterr()
        return left.value.code or 0, told.out.decode(), told.err.decode()

    return go


def test_the_command_writes_a_file(run, tmp_path):
    file = tmp_path / "zone.geojson"
    args = ("zone", "us-russia-2021/6", "--range", "300", "--party", "USA", "-o", str(file))
    assert run(*args) == (0, "", "")
    assert json.loads(file.read_text())["features"][0]["geometry"] is None


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "name a clause"),
        (("us-russia-2021/5.2", "--party", "USA"), "--range 1600"),
        (("us-russia-2021/5.2", "--range", "500"), "--party: RUS, USA"),
        (("us-russia-2021/5.2", "--range", "500", "--party", "UAS"), "did you mean 'USA'"),
        (("us-russia-2021/5.22",), "did you mean '5.2'"),
        (("us-rusia-2021/5.2",), "did you mean 'us-russia-2021'"),
        (("us-russia-2021",), "name a clause of the treaty"),
        (("us-russia-2021/8",), "closes no place"),
        (("us-russia-2021/5.2", "--range", "5x"), "'5x' is no number"),
        (("us-russia-2021/5.2", "--range", "5,6", "--party", "USA"), "one --range draws a zone"),
        (("us-russia-2021/5.2", "-f", "csv"), "-f belongs to --shares"),
        (("us-russia-2021/5.2", "--worldview", "rusia"), "did you mean 'russia'"),
        (("--shares", "us-russia-2021/8"), "closes no place"),
        (("--shares", "us-russia-2021/5.2", "--range", "0"), "'0' is no number"),
        (("--shares", "us-russia-2021/5.2", "--reading", "reech=class"), "did you mean 'reach'"),
    ],
)
def test_what_is_wrong_is_said_and_the_exit_code_is_two(run, args, message):
    code, out, err = run("zone", *args)
    assert (code, out) == (2, "")
    assert message in err


@pytest.fixture(scope="module")
def rows():
    return dg.shares("us-russia-2021/5.2", ranges_km=[1000], parties=["RUS"], level="ne10",
                     tolerance_m=5_000)  # fmt: skip


def test_shares_as_text_csv_and_json_tell_the_same(rows):
    bering = next(row for row in rows if row.place == "Bering Sea" and row.worldview == "un")
    text = shares_to_text(rows)
    assert "us-russia-2021/5.2, closed to RUS, worldview un, percent" in text
    assert (
        f"Bering Sea  {100 * bering.share:.1f}"
        in " ".join(text.split(" ")).replace("          ", "")
        or f"{100 * bering.share:.1f}" in text
    )
    lines = shares_to_csv(rows).splitlines()
    assert len(lines) == len(rows) + 1
    assert f"us-russia-2021,5.2,RUS,1000.0,un,sea,Bering Sea,{round(bering.share, 6)}" in "\n".join(
        lines
    )
    told = json.loads(shares_to_json(rows))
    assert len(told["shares"]) == len(rows)
    assert told["borders"].startswith("sha256:")


def test_of_other_worldviews_the_text_tells_what_differs(rows):
    text = shares_to_text(rows)
    assert "worldview russia, percent: the same" in text


def test_shares_of_the_same_question_have_the_same_bytes(rows):
    again = dg.shares("us-russia-2021/5.2", ranges_km=[1000], parties=["RUS"], level="ne10",
                      tolerance_m=5_000)  # fmt: skip
    assert shares_to_json(rows) == shares_to_json(again)


def test_the_command_tells_shares(run):
    code, out, err = run(
        "zone", "--shares", "nato-russia-2021/7.1", "--party", "USA", "--worldview", "un",
        "--borders", "ne10", "-f", "csv",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "nato-russia-2021,7.1,USA,,un,land,UKR,1.0,0.0," in out
