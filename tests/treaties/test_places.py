"""Places in findings: the nearest compliant position, separations, eastern ends, tracks."""

import math

import pytest
import shapely

from deploygeo.boundaries import borders, units_of
from deploygeo.checker import check
from deploygeo.checker.explore import farthest_m, nearest_point
from deploygeo.clauses.truth import Truth
from deploygeo.geodesy import inverse
from deploygeo.model import Deployment, Record

US, NATO = "us-russia-2021", "nato-russia-2021"


def unit(**values):
    filled = {"id": "x", "party": "USA", "kind": "ground_force", "stay": "2021-12-17"}
    return Deployment(**{**filled, **values})


def only(deployments, treaty, clause, **choices):
    return check(deployments, treaty, **choices).of("x", f"{treaty}/{clause}")[0]


@pytest.mark.parametrize(
    ("treaty", "clause", "most_km", "values"),
    [
        (NATO, "5", 970, {"party": "RUS", "kind": "missile_launcher", "range_km": 500}),
        (US, "7.1", 28, {"party": "RUS", "kind": "nuclear_weapon"}),
        (US, "6", 1662, {"kind": "missile_launcher", "range_km": 1500}),
    ],
    ids=["kaliningrad", "sukhumi", "alaska"],
)
def test_the_nearest_compliant_position_is_no_farther_than_one_that_is_known(
    treaty, clause, most_km, values
):
    """In 2026 eight bearings alone gave 2 588 km, 40 km, and nothing from Alaska."""
    place = {"5": (21.0, 54.6), "7.1": (41.0, 43.0), "6": (-162.0, 66.0)}[clause]
    finding = only(unit(geometry=place, **values), treaty, clause)
    assert finding.verdict == "violation"
    move = finding.nearest_compliant
    assert move.distance_km <= most_km
    away_m, _ = inverse(*place, move.lon, move.lat)
    assert float(away_m) / 1000 == pytest.approx(move.distance_km)
    there = only(unit(geometry=(move.lon, move.lat), **values), treaty, clause)
    assert there.verdict == "compliant"


@pytest.mark.parametrize("place", [(7.06, 50.17), (5.47, 51.17), (35.43, 37.0), (12.6, 46.03)])
def test_a_depth_that_is_a_lower_bound_says_so(place):
    """At Buechel 80 ± 4 km were printed, and the way out is 312 km."""
    finding = only(unit(kind="nuclear_weapon", geometry=place), US, "7.1")
    measure = finding.measures[0]
    assert measure.at_least
    assert finding.margin.lo == -math.inf
    assert measure.distance_km - measure.error_km < finding.nearest_compliant.distance_km
    assert "at least" in finding.reason.text


def test_a_separation_is_to_the_nearest_point_of_a_track():
    """One point stood for the track of an aircraft over the ship: compliant by 326 km."""
    ship = unit(kind="surface_warship", geometry=(34.0, 43.0))
    track = shapely.LineString([(30.0, 43.0), (38.0, 43.0)])
    other = unit(id="y", party="RUS", kind="combat_aircraft", activity="fly", geometry=track)
    finding = only([ship, other], US, "5.3", params={"separation_km": 10})
    assert (finding.verdict, finding.measures[0].unit) == ("violation", "y")


def test_an_aircraft_somewhere_in_an_area_leaves_a_separation_open():
    ship = unit(kind="surface_warship", geometry=(34.0, 43.0))
    area = shapely.box(33.0, 42.5, 35.0, 43.5)
    values = {"id": "y", "party": "RUS", "kind": "combat_aircraft", "activity": "fly"}
    other = unit(geometry=area, extent="uncertain", **values)
    assert only([ship, other], US, "5.3", params={"separation_km": 10}).verdict == "indeterminate"
    assert only([ship, other], US, "5.3", params={"separation_km": 300}).verdict == "violation"


def test_no_point_of_a_geometry_is_farther_than_the_farthest_nor_nearer_than_the_nearest():
    for geometry in (shapely.box(33, 42, 35, 44), shapely.LineString([(30, 43), (38, 40)])):
        near_m, _ = nearest_point(geometry, (20.0, 41.0))
        far_m = farthest_m(geometry, (20.0, 41.0))
        for x, y in shapely.get_coordinates(geometry):
            assert near_m <= float(inverse(20.0, 41.0, x, y)[0]) <= far_m


def test_the_aleutians_are_the_far_west():
    """Kiska at 177.6 E was the eastern end of NATO's land, and Poland lay west of it."""
    store = borders()
    members = units_of(["USA", "TUR", "NOR", "DEU"], overseas=False)
    assert store.easternmost(members) == pytest.approx(44.8, abs=0.1)
    poland = Record(id="x", kind="accession", party="POL", group="NATO", stay="1999-03-12")
    finding = only(poland, US, "4.1", readings={"eastward": "line-1990"})
    assert finding.verdict == "violation"


def test_the_range_of_a_launcher_is_one_quantity_whether_weapon_or_platform():
    """5 000 to 7 000 km was out of class or out of reach, but not under reach = platform."""
    missile = unit(
        party="RUS", kind="missile_launcher", range_km=(5000, 7000), geometry=(21.8, 54.63)
    )
    finding = only(missile, US, "6")
    assert finding.verdict == "compliant"
    assert not [flip for flip in finding.stability if flip.change == "reach = platform"]


def test_the_reason_for_a_track_says_how_its_fixes_are_joined():
    track = shapely.LineString([(30.0, 43.0), (38.0, 43.0)])
    finding = only(unit(kind="surface_warship", range_km=1600, geometry=track), US, "5.2")
    assert finding.reason.truth is Truth.TRUE
    assert "geodesic between its fixes" in finding.reason.text


def test_nobody_has_no_land_and_so_is_out_of_reach(tmp_path):
    """A set of states that comes out empty ended the check with an error about border data."""
    (tmp_path / "treaty.toml").write_text(
        'id = "nobody-2021"\ntitle = "T"\nstatus = "draft"\nsource = "S"\n'
        '[[side]]\nname = "A"\nstates = "states(\'USA\')"\n'
        '[[clause]]\nid = "1"\narticle = "1"\ntext = "T"\n'
        'rule = "reaches(land(own - own), range) or distance(territory(own - own)) < 5"\n'
    )
    ship = unit(kind="surface_warship", range_km=1600, geometry=(34.0, 43.0))
    finding = check(ship, tmp_path).findings[0]
    assert finding.verdict == "compliant"
    assert "no state (nothing)" in finding.reason.children[0].text
