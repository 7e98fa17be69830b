import json
from dataclasses import replace

import numpy as np
import pytest
import shapely

import deploygeo as dg
from deploygeo import geodesy
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


def verdicts(drawn, lon, lat, **asked):
    """Return what the checker finds for a deployment of the clause's kind at every place."""
    closed = drawn.closed
    reach = {} if closed.range_km is None else {"range_km": (closed.range_km, closed.range_km)}
    there = [
        dg.Deployment(
            id=str(i), party=closed.party, geometry=(float(x), float(y)), **asked, **reach
        )
        for i, (x, y) in enumerate(zip(lon, lat, strict=True))
    ]
    report = dg.check(
        there,
        treaties=closed.treaty,
        worldview=closed.settings.worldview,
        readings=closed.settings.readings,
        params=closed.settings.params,
        level=closed.settings.level,
    )
    found = {f.members[0]: f.verdict for f in report.findings if f.clause == closed.clause.id}
    return np.array([str(found[str(i)]) for i in range(len(there))])


def scattered(box, count, seed):
    """Return places in a box, which may reach beyond 180°."""
    west, south, east, north = box
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(west, east, count), rng.uniform(south, north, count)
    return np.where(lon > 180.0, lon - 360.0, lon), lat


def beside(drawn, box, count, seed, metres):
    """Return places in a box that are some metres off the outline, to the left and to the right."""
    west, south, east, north = box
    rings = shapely.get_rings(shapely.get_parts(drawn.geometry))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero((ring[1:] == ring[:-1]) & (np.abs(xy[1:, 0]) < 179.9))
    a, b = xy[edge], xy[edge + 1]
    x = (a[:, 0] - west) % 360.0 + west
    here = (x > west) & (x < east) & (a[:, 1] > south) & (a[:, 1] < north)
    here &= np.hypot(*(b - a).T) > 1e-4
    chosen = np.random.default_rng(seed).choice(np.flatnonzero(here), count)
    a, b = a[chosen], b[chosen]
    bearing = geodesy.inverse(*a.T, *b.T)[1]
    side = np.where(np.arange(count) % 2 == 0, 90.0, -90.0)
    lon, lat = geodesy.direct(*((a + b) / 2.0).T, bearing + side, metres)
    return np.asarray(lon), np.asarray(lat)


SHIP = {"kind": "surface_warship"}
STRAIT = (165.0, 55.0, 200.0, 72.0)
DIOMEDE = (190.2, 65.3, 192.0, 66.2)
BLACK_SEA = (27.0, 40.5, 42.0, 47.5)
UKRAINE = (22.0, 43.0, 41.0, 53.0)


@pytest.mark.parametrize(
    ("clause", "party", "range_km", "box", "asked", "choices"),
    [
        ("us-russia-2021/5.2", "RUS", 400, STRAIT, SHIP, {}),
        ("us-russia-2021/5.2", "USA", 400, DIOMEDE, SHIP, {}),
        ("us-russia-2021/5.2", "USA", 400, BLACK_SEA, SHIP, {}),
        ("us-russia-2021/5.2", "USA", 400, BLACK_SEA, SHIP, {"worldview": "russia"}),
        (
            "us-russia-2021/5.2",
            "USA",
            300,
            BLACK_SEA,
            SHIP,
            {"readings": {"target_territory": "with-sea"}},
        ),
        (
            "us-russia-2021/6",
            "RUS",
            1000,
            STRAIT,
            {"kind": "missile_launcher"},
            {"readings": {"limb6": "ranged"}},
        ),
        ("nato-russia-2021/7.1", "USA", None, UKRAINE, {**SHIP, "activity": "exercise"}, {}),
        (
            "nato-russia-2021/7.2",
            "USA",
            None,
            (19.0, 53.0, 29.0, 60.0),
            {"kind": "exercise", "activity": "exercise", "echelon": "division"},
            {"params": {"width_km": 60.0}},
        ),
    ],
)
def test_a_place_is_in_the_zone_where_the_clause_is_broken_there(
    clause, party, range_km, box, asked, choices
):
    """Everywhere, and 6 km to either side of the outline: beyond its tolerance and the borders'.

    Where the checker says *indeterminate* the place is within the error of the border data.
    """
    drawn = dg.zone_of(clause, party, range_km, level="ne10", tolerance_m=200, **choices)
    places = scattered(box, 40, 3), beside(drawn, box, 40, 5, 6_000.0)
    lon, lat = (np.concatenate(part) for part in zip(*places, strict=True))
    verdict = verdicts(drawn, lon, lat, **asked)
    inside = shapely.intersects_xy(drawn.geometry, lon, lat)
    decided = verdict != "indeterminate"
    assert np.array_equal(inside[decided], verdict[decided] == "violation")
    assert set(verdict[decided]) == {"violation", "compliant"}
    assert np.count_nonzero(decided) > 50


def test_both_sides_of_the_antimeridian_are_there(strike):
    assert shapely.intersects_xy(strike.geometry, -179.0, 54.0)
    assert shapely.intersects_xy(strike.geometry, 179.5, 52.5)
    parts = shapely.bounds(shapely.get_parts(strike.geometry))
    assert (parts[:, 2] - parts[:, 0]).max() < 355


def test_a_pole_in_reach_is_covered_to_the_edge_of_the_map():
    drawn = dg.zone_of("us-russia-2021/5.2", "USA", 2500, level="ne10", tolerance_m=500)
    assert shapely.intersects_xy(drawn.geometry, [-180.0, -77.0, 0.0, 120.0, 180.0], 90.0).all()
    assert drawn.geometry.bounds[3] == 90.0
    assert not shapely.intersects_xy(drawn.geometry, 0.0, -90.0)


def test_positions_are_rounded_and_what_rounding_spoils_is_mended():
    """Corners a few millimetres from an edge come to lie on it: no polygon may touch itself."""
    drawn = dg.zone_of("us-russia-2021/6", "USA", 300)
    sliver = shapely.Polygon([(0, 0), (2, 0), (1.5, 1), (1.0, 4e-8), (0.5, 1)])
    crossed = shapely.Polygon([(0, 0), (1, 4e-8), (2, 0), (2, 1), (1, 4.5e-8), (0, 1)])
    for spoilt in (sliver, crossed):
        shape = shapely.orient_polygons(shapely.MultiPolygon([spoilt]))
        assert shape.is_valid
        (feature,) = json.loads(zone_to_geojson(replace(drawn, geometry=shape)))["features"]
        shown = shapely.from_geojson(json.dumps(feature["geometry"]))
        xy = shapely.get_coordinates(shown)
        assert shown.is_valid
        assert np.array_equal(xy, xy.round(7))
        assert shown.area == pytest.approx(shape.area, rel=1e-6)
        assert all(part.exterior.is_ccw for part in shown.geoms)


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
        (("us-russia-2021/5.2", "--range", "500", "--party", "FRA"), "Known: RUS, USA"),
        (("us-russia-2021/5.2", "--range", "500", "--party", ""), "Known: RUS, USA"),
        (("us-russia-2021/5.2", "--range", "5x"), "'5x' is no number"),
        (("us-russia-2021/5.2", "--range", "0"), "'0' is no number of kilometres above 0"),
        (("us-russia-2021/5.2", "--range=-5"), "'-5' is no number"),
        (("us-russia-2021/5.2", "--range", "nan"), "'nan' is no number"),
        (("us-russia-2021/5.2", "--range", "inf"), "give 1 or more, for example 1600"),
        (("us-russia-2021/5.2", "--range", ""), "'' is no number"),
        (
            ("us-russia-2021/5.2", "--range", "0.5", "--party", "USA", "--borders", "ne10"),
            "within 0.5 km of the land of RUS: nothing nearer than 1 km is drawn",
        ),
        (
            ("us-russia-2021/5.2", "--range", "9", "--party", "USA", "--tolerance", "nan"),
            "tolerance_m nan is not between 1 m and a tenth of the range",
        ),
        (("nato-russia-2021/7.2", "--party", "USA"), "--param width_km=100"),
        (
            ("nato-russia-2021/7.2", "--party", "USA", "--param", "width_km=0"),
            "within 0 km of the border line: nothing nearer than 1 km",
        ),
        (("us-russia-2021/7.1", "--range", "500", "--party", "USA"), "leave out the range 500"),
        (("us-russia-2021/5.2", "-o", "."), "cannot write .: it is a folder"),
        (("us-russia-2021/5.2", "-o", "no-such/zone.geojson"), "there is no folder"),
        (("us-russia-2021/5.2", "--on", "17.12.2021"), "write YYYY-MM-DD"),
        (("us-russia-2021/5.2", "--reading", "all"), "belongs to deploygeo check"),
        (("us-russia-2021/5.2", "--borders", "ne50"), "'ne50' is not one of"),
        (("/no-such.toml/5",), "there is no such file"),
        (("us-russia-2021/",), "unknown clause"),
        (("--shares", "--party", "XYZ"), "unknown party of nato-russia-2021/5, us-russia-2021"),
        (("--shares", "--reading", "reech=class"), "did you mean 'reach'"),
        (("--shares", "-o", "."), "cannot write .: it is a folder"),
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


@pytest.mark.parametrize("shares", [(), ("--shares",)])
def test_a_file_that_cannot_be_written_is_refused_before_the_work(run, monkeypatch, shares):
    """After two minutes of measuring the table was lost for a folder that was not there."""

    def worked(*_, **__):
        raise AssertionError("it was drawn first")

    monkeypatch.setattr("deploygeo.zones.zoned.zone_of", worked)
    monkeypatch.setattr("deploygeo.zones.shared.shares", worked)
    code, out, err = run("zone", "us-russia-2021/5.2", *shares, "-o", "no-such/folder/file")
    assert (code, out) == (2, "")
    assert "cannot write no-such/folder/file: there is no folder" in err


@pytest.fixture(scope="module")
def rows():
    return dg.shares("us-russia-2021/5.2", ranges_km=[1000], parties=["RUS"], level="ne10",
                     tolerance_m=5_000)  # fmt: skip


def test_shares_as_text_csv_and_json_tell_the_same(rows):
    bering = next(row for row in rows if row.place == "Bering Sea" and row.worldview == "un")
    text = shares_to_text(rows)
    assert "us-russia-2021/5.2, closed to RUS, worldview un, percent" in text
    cells = next(line for line in text.splitlines() if line.startswith("Bering Sea")).split()
    assert cells == ["Bering", "Sea", f"{100 * bering.share:.1f}"]
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
