"""What the oracles found the product to do wrong."""

import json
from datetime import date

import pytest

from deploygeo.checker import Settings
from deploygeo.checker.verdicts import verdicts
from deploygeo.io import read
from deploygeo.treaties import load

HEAD = """
id = "draft"
title = "A draft"
status = "draft"
source = "nobody"
[[side]]
name = "both"
states = "states('USA', 'RUS', 'FRA')"
"""


@pytest.fixture
def said(tmp_path):
    def ask(clause, *features, **choices):
        path = tmp_path / "treaty.toml"
        path.write_text(f'{HEAD}\n[[clause]]\nid = "1"\narticle = "1"\ntext = "t"\n{clause}\n')
        reading = read({"type": "FeatureCollection", "features": list(features)})
        assert reading.faults == ()
        things = (*reading.deployments, *reading.records)
        found = verdicts(things, load(path), settings=Settings(**choices))
        return {one.id.split("@")[1]: one.verdict for one in found}

    return ask


def unit(lon, lat, **row):
    row = {"id": "u", "party": "USA", "kind": "ground_force", **row}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": row,
    }


def record(**row):
    return {"type": "Feature", "geometry": None, "properties": {"id": "r", **row}}


def test_a_ship_is_not_separated_from_itself(said):
    """It counted as the nearest other ship of its own state, at no distance at all."""
    rule = """rule = "separation(own, 'surface_warship') < 10" """
    ship = unit(-30.0, 50.0, kind="surface_warship")
    near = unit(-30.0, 50.05, kind="surface_warship", id="v")
    assert said(rule, ship) == {"u": "compliant"}
    assert said(rule, ship, near) == {"u": "violation", "v": "violation"}


def test_a_contingent_is_not_separated_from_another_of_its_ship(said):
    """The contingents of one ship counted as other ships at no distance from each other."""
    rule = """rule = "separation(parties, 'surface_warship') < 10" """
    crew = [{"party": "USA", "personnel": 5}, {"party": "FRA", "personnel": 5}]
    ship = unit(-30.0, 50.0, kind="surface_warship", party="NATO", contingents=crew)
    assert said(rule, ship) == {"u/USA": "compliant", "u/FRA": "compliant"}


@pytest.mark.parametrize("region", ["land(states('FRA'))", "sea('Black Sea')", "line('box')"])
def test_who_may_be_outside_is_not_certainly_within_reach(said, tmp_path, region):
    """Inside a region the distance was certainly 0, whatever the error of the position."""
    box = [[30, 40], [40, 40], [40, 46], [30, 46], [30, 40]]
    (tmp_path / "box.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [box]}))
    # some 250, 140 and 200 km inside
    place = (2.5, 47.0) if "FRA" in region else (34.0, 43.0)
    for error, expected in ((0.0, "violation"), (600.0, "indeterminate")):
        near = unit(*place, position_error_km=error)
        assert said(f'rule = "reaches({region}, 5)"', near) == {"u": expected}
        assert said(f'rule = "distance({region}) <= 5"', near) == {"u": expected}


def test_who_may_be_outside_is_not_certainly_inside_a_sea(said):
    """A place in a sea polygon was certainly inside, whatever the error of the position."""
    rule = """rule = "inside(sea('Black Sea'))" """
    assert said(rule, unit(34.0, 43.0, position_error_km=20.0)) == {"u": "violation"}
    assert said(rule, unit(34.0, 43.0, position_error_km=600.0)) == {"u": "indeterminate"}


def test_who_counts_may_depend_on_the_place(said):
    """What a group counts was asked at no place at all, and so left open."""
    clause = """
subject = "group"
rule = "total('sender-host') > 0"
counts = "distance(land(states('RUS'))) < 500"
"""
    assert said(clause, unit(25.0, 58.8)) == {"USA-in-EST": "violation"}
    assert said(clause, unit(-4.0, 40.0)) == {"USA-in-ESP": "not-applicable"}


def test_who_counts_is_decided_as_any_other_condition(said):
    """A range that is not known was two ranges, so that 500 to 300 km may have counted."""
    clause = """
subject = "group"
rule = "total('sender-host') > 0"
counts = "range > 500 and range < 300"
"""
    assert said(clause, unit(-4.0, 40.0)) == {"USA-in-ESP": "not-applicable"}


def test_a_group_of_which_perhaps_none_counts_breaches_nothing_for_certain(said):
    """A rule that nobody breaches too gave a violation, though it may not apply to anyone."""
    clause = """
subject = "group"
rule = "not total('sender-host') > 5000"
counts = "range > 300"
"""
    assert said(clause, unit(-4.0, 40.0, personnel=9)) == {"USA-in-ESP": "indeterminate"}
    one = unit(-4.0, 40.0, personnel=9, range_km=400)
    assert said(clause, one) == {"USA-in-ESP": "violation"}


def test_a_group_that_is_perhaps_elsewhere_breaches_nothing_for_certain(said):
    """A rule without a total gave a violation for a host state that they may not be in."""
    clause = """
subject = "group"
rule = "host_in(states('ESP'))"
"""
    near = unit(-7.0, 40.0, personnel=9, position_error_km=20.0)
    found = said(clause, near)
    assert found == {"USA-in-ESP": "indeterminate", "USA-in-PRT": "compliant"}
    assert said(clause, unit(-4.0, 40.0, personnel=9)) == {"USA-in-ESP": "violation"}


def test_a_record_without_a_party_is_of_nobody_who_joins(said):
    """It was of a state None, which crashed the words about states."""
    clause = """
subject = "record"
applies = "record('consent')"
rule = "share(joining, states('UKR')) or extends_east(joining, states('POL'))"
"""
    row = record(record="consent", by=["USA"], **{"for": ["u"]})
    assert said(clause, row) == {"r": "indeterminate"}
    row = record(record="accession", party="UKR", group="NATO", on=str(date(2022, 3, 1)))
    assert said(clause, row) == {"r": "not-applicable"}
