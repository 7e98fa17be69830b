"""KML and GeoJSON, read again by GDAL and by Python's own XML parser."""

import json
from itertools import pairwise
from xml.etree import ElementTree

import pyogrio
import pytest
import shapely

import deploygeo
from deploygeo import report as reporters
from deploygeo.checker.findings import Report, Settings
from deploygeo.model import Deployment
from deploygeo.report.features import ROLES, features_of
from deploygeo.report.violated import violated_zones

KML = "{http://www.opengis.net/kml/2.2}"
AREA = {
    "type": "Polygon",
    "coordinates": [
        [[20, 50], [20, 52], [22, 52], [22, 50], [20, 50]],
        [[20.5, 50.5], [21, 50.5], [21, 51], [20.5, 51], [20.5, 50.5]],
    ],
}
MIXED = {
    "type": "GeometryCollection",
    "geometries": [
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "MultiPoint", "coordinates": [[1, 3], [2, 3]]},
        {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        AREA,
    ],
}


OVER = [[[170, 60], [180, 61]], [[-180, 61], [-170, 62], [-160, 61]]]


def ship(id_, geometry, **more):
    return Deployment(id=id_, party="USA", kind="surface_warship", geometry=geometry, **more)


SHIPS = (
    ship("point", (34.0, 43.0), range_km=1600),
    ship("track", {"type": "LineString", "coordinates": [[-40, 60], [-10, 60], [-12, 58]]}),
    ship("area", AREA),
    ship("areas", {"type": "MultiPolygon", "coordinates": [AREA["coordinates"]]}),
    ship("over", {"type": "MultiLineString", "coordinates": OVER}),
    ship("mixed", MIXED),
    ship("nowhere", None),
)


@pytest.fixture(scope="module")
def checked():
    # an area takes seconds to check, and no more than its shape is asked for here
    return deploygeo.check([one for one in SHIPS if one.id in ("point", "track", "nowhere")])


def read_by_gdal(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    layers = [name for name, _ in pyogrio.list_layers(path)]
    return [pyogrio.read_dataframe(path, layer=layer) for layer in layers]


def test_gdal_reads_every_feature_of_the_geojson_and_all_geometries_are_valid(checked, tmp_path):
    text = reporters.to_geojson(checked, SHIPS)
    (frame,) = read_by_gdal(tmp_path, "a.geojson", text)
    assert len(frame) == len(json.loads(text)["features"])
    assert frame.geometry.dropna().is_valid.all()
    assert set(frame["role"]) <= set(ROLES)


def test_gdal_reads_every_placemark_of_the_kml_at_the_same_place(checked, tmp_path):
    kml = reporters.to_kml(checked, SHIPS)
    frames = read_by_gdal(tmp_path, "a.kml", kml)
    shown = json.loads(reporters.to_geojson(checked, SHIPS))["features"]
    assert sum(len(frame) for frame in frames) == len(shown)
    in_kml = [one for frame in frames for one in frame.geometry]
    for mine, theirs in zip(shown, in_kml, strict=True):
        if mine["geometry"] is None:
            assert theirs is None
            continue
        here = shapely.from_geojson(json.dumps(mine["geometry"]))
        flat = shapely.force_2d(theirs)
        assert shapely.hausdorff_distance(_dissolved(here), _dissolved(flat)) < 1e-6


def _dissolved(geometry):
    return shapely.MultiPoint(shapely.get_coordinates(geometry))


def test_no_line_on_a_map_goes_round_the_globe_and_no_ring_turns_the_wrong_way(checked):
    """A track is geodesic between its fixes: it bulges from the parallel."""
    shown = json.loads(reporters.to_geojson(checked, SHIPS))["features"]
    parts = [
        part
        for one in shown
        if one["geometry"] is not None
        for part in shapely.get_parts(shapely.from_geojson(json.dumps(one["geometry"])))
    ]
    for part in parts:
        if part.geom_type == "LineString":
            lons = [lon for lon, _ in part.coords]
            assert max(abs(a - b) for a, b in pairwise(lons)) <= 180
        if part.geom_type == "Polygon":
            assert part.exterior.is_ccw
            assert not any(ring.is_ccw for ring in part.interiors)
    track = next(one for one in shown if one["id"] == "track#deployment")["geometry"]
    assert 60.8 < max(lat for _, lat in track["coordinates"]) < 60.9


def test_a_witness_has_a_line_from_a_point_and_none_from_the_middle_of_a_track(checked):
    """A line ran from the middle of a track, from where nothing had been measured."""
    roles = {}
    for one in features_of(checked, SHIPS):
        roles.setdefault(one.id.partition("#")[0].partition("@")[2], set()).add(one.role)
    assert {"witness", "line"} <= roles["point"]
    assert "witness" in roles["track"]
    assert "line" not in roles["track"]


def test_a_place_comes_back_from_the_map_within_a_millimetre(checked):
    from geographiclib.geodesic import Geodesic

    exact = (-123.12345678912, 49.98765432198)
    text = reporters.to_geojson(checked, [ship("a", exact)])
    lon, lat = json.loads(text)["features"][0]["geometry"]["coordinates"]
    assert Geodesic.WGS84.Inverse(exact[1], exact[0], lat, lon)["s12"] < 0.001
    assert f"{lon:.8f},{lat:.8f}" in reporters.to_kml(checked, [ship("a", exact)])


def test_the_map_is_the_same_in_whatever_order_the_deployments_come(checked):
    for render in (reporters.to_geojson, reporters.to_kml):
        assert render(checked, SHIPS) == render(checked, SHIPS[::-1])


def test_a_deployment_tells_its_gravest_verdict_and_what_found_it(checked):
    shown = json.loads(reporters.to_geojson(checked, SHIPS))["features"]
    by_id = {one["id"]: one["properties"] for one in shown}
    assert by_id["point#deployment"]["verdict"] == "violation"
    assert "us-russia-2021/5.2@point" in by_id["point#deployment"]["findings"]
    assert by_id["nowhere#deployment"]["verdict"] == "indeterminate"


def test_the_zone_of_a_violated_clause_holds_its_deployment_and_ends_where_it_would_comply():
    near = ship("near", (34.0, 43.0), range_km=[400, 500], stay="2021-11-10")
    report = deploygeo.check(near, "us-russia-2021", worldview="russia")
    zones, left = violated_zones(report)
    assert [zone.closed.range_km for zone in zones] == [400.0]
    assert [line.partition(" to ")[0] for line in left] == []
    shown = json.loads(reporters.to_geojson(report, [near], zones))["features"]
    assert shown[0]["id"] == "us-russia-2021/5.2@USA:400:2021-11-10#closed"
    assert shown[0]["properties"]["fill-opacity"] == 0.12
    zone = shapely.from_geojson(json.dumps(shown[0]["geometry"]))
    assert zone.is_valid
    assert zone.contains(shapely.Point(34.0, 43.0))
    assert "closed to USA by Article 5(2)" in reporters.to_kml(report, [near], zones)


def test_a_zone_is_drawn_once_where_another_day_changes_nothing(monkeypatch):
    days = ("2021-11-10", "2021-11-12")
    ships = [ship(day, (34.0, 43.0), range_km=400, stay=day) for day in days]
    drawn = []
    monkeypatch.setattr(
        "deploygeo.report.violated.zone_of", lambda name, *args, **more: drawn.append(name) or name
    )
    report = deploygeo.check(ships, "us-russia-2021", worldview="russia")
    assert len(report.violations) == 2
    assert violated_zones(report) == (("us-russia-2021/5.2",), ())
    assert drawn == ["us-russia-2021/5.2"]


def test_a_clause_without_a_reach_is_left_out_of_the_zones_with_a_reason():
    report = deploygeo.check(
        Deployment(id="a", party="USA", kind="exercise", geometry=(24.1, 56.9), stay="2021-11-10"),
        "us-russia-2021",
    )
    breached = {finding.clause for finding in report.violations if not finding.review}
    zones, left = violated_zones(report)
    assert zones == ()
    assert len(left) == len(breached)


def test_a_nasty_report_is_well_formed_xml_without_a_character_or_markup_of_its_own(nasty):
    text = reporters.to_kml(nasty, SHIPS)
    assert all(char.isprintable() or char == "\n" for char in text)
    root = ElementTree.fromstring(text.encode())  # noqa: S314 - our own text
    names = {element.tag.removeprefix(KML) for element in root.iter()}
    assert names <= {
        *("kml", "Document", "Folder", "Placemark", "name", "description", "Style", "styleUrl"),
        *("IconStyle", "LabelStyle", "LineStyle", "PolyStyle", "BalloonStyle", "color", "scale"),
        *("width", "text", "ExtendedData", "Data", "value", "TimeStamp", "when", "Point"),
        *("LineString", "Polygon", "MultiGeometry", "coordinates", "tessellate", "LinearRing"),
        *("outerBoundaryIs", "innerBoundaryIs"),
    }
    for element in root.iter():
        told = element.text or ""
        if element.tag == f"{KML}description":
            # a balloon reads this as HTML
            assert "<" not in told.replace("<br>", "")
        else:
            assert "<" not in told
        if element.tag != f"{KML}text":
            assert "$[" not in told
        assert "://" not in told
        assert "www.evil" not in told


def test_a_nasty_report_is_geojson_whose_titles_are_no_markup(nasty):
    text = reporters.to_geojson(nasty, SHIPS)
    assert all(char.isprintable() or char == "\n" for char in text)
    for one in json.loads(text)["features"]:
        for key in ("title", "description"):
            assert "<" not in one["properties"][key]
            assert one["properties"][key].isprintable()


@pytest.mark.parametrize("name", ["a.kml", "a.geojson"])
def test_gdal_reads_a_nasty_report_too(nasty, name, tmp_path):
    render = reporters.to_kml if name == "a.kml" else reporters.to_geojson
    frames = read_by_gdal(tmp_path, name, render(nasty, SHIPS))
    assert sum(len(frame) for frame in frames) > 20


def test_an_empty_report_is_kml_that_gdal_reads(tmp_path):
    text = reporters.to_kml(Report(settings=Settings(), findings=()))
    assert read_by_gdal(tmp_path, "a.kml", text) == []


def test_a_group_of_many_is_drawn_in_the_time_it_takes_to_name_its_members(make):
    """Each member was compared with all before it: of 100 000 that took minutes."""
    import time

    members = tuple(f"m{number}" for number in range(20_000))
    ships = [ship(name, (number / 1000, 50.0)) for number, name in enumerate(members)]
    group = make(subject="group", members=(*members, "m0"))
    begun = time.process_time()
    shown = json.loads(reporters.to_geojson(Report(settings=Settings(), findings=(group,)), ships))
    assert time.process_time() - begun < 8.0
    together = next(one for one in shown["features"] if one["properties"]["role"] == "members")
    assert len(together["geometry"]["coordinates"]) == 20_000
