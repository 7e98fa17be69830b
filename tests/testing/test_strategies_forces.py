"""Deployments, records and scenes: valid, with all they may have, and relevant to clauses."""

import time
from collections import Counter
from dataclasses import fields
from datetime import date

import pytest
from hypothesis import strategies as st

from deploygeo.checker import Settings
from deploygeo.checker.verdicts import verdicts
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.io import read, to_features
from deploygeo.model import (
    ACTIVITIES,
    BASINGS,
    ECHELONS,
    EXTENTS,
    KINDS,
    LOADOUTS,
    RECORD_KINDS,
    SCENARIOS,
    Deployment,
    Record,
    Stay,
)
from deploygeo.testing.strategies import deployments, drawn, records, scenes, simplest
from deploygeo.treaties import library, load

DRAFTS = [load(name) for name in library()]
CHECKED = [
    pytest.param(treaty, clause, id=f"{treaty.id}/{clause.id}")
    for treaty in DRAFTS
    for clause in treaty.clauses
    if clause.check != "none"
]
FIXTURES = ["tests/treaties/inf-1987", "tests/treaties/korea-2018"]


def agreed(treaty):
    """Settings under which nothing is left open: parameters agreed, entry into force known."""
    params = {item.name: 100.0 for item in treaty.parameters}
    return Settings(params=params, in_force=date(2021, 12, 17))


@pytest.fixture(scope="module")
def any_deployments():
    return drawn(deployments(), 2_000)


def test_deployments_have_every_value_of_every_property(any_deployments):
    seen = {
        field.name: Counter(repr(getattr(one, field.name)) for one in any_deployments)
        for field in fields(Deployment)
    }
    words = {
        "kind": KINDS,
        "activity": ACTIVITIES,
        "basing": BASINGS,
        "echelon": ECHELONS,
        "extent": EXTENTS,
        "loadout": LOADOUTS,
        "scenario": SCENARIOS,
    }
    for name, known in words.items():
        assert set(map(repr, known)) <= set(seen[name]), name
    for name in set(seen) - {"id", "origin"}:
        assert len(seen[name]) > 1, name
    for name in ("nuclear", "total"):
        assert {"True", "False"} <= set(seen[name])
    assert {one.geometry.geom_type for one in any_deployments} == {
        *("Point", "MultiPoint", "LineString", "MultiLineString"),
        *("Polygon", "MultiPolygon", "GeometryCollection"),
    }
    assert any(one.times for one in any_deployments)


def test_most_deployments_are_at_a_point_with_few_properties(any_deployments):
    points = sum(one.geometry.geom_type == "Point" for one in any_deployments)
    assert points > len(any_deployments) / 3


def test_deployments_of_a_file_are_read_as_they_were_drawn(any_deployments):
    unlike = {repr(one): one for one in any_deployments[:300]}.values()
    for one in unlike:
        (again,) = read(to_features([one])).deployments
        assert one == again


def test_some_deployments_have_no_place_only_where_that_may_be(any_deployments):
    assert all(one.geometry is not None for one in any_deployments)
    assert any(one.geometry is None for one in drawn(deployments(placed=False), 300))


@pytest.mark.parametrize("name", [*library(), *FIXTURES])
def test_deployments_of_a_treaty_are_those_of_any_clause_that_can_be_checked(name):
    found = drawn(deployments(treaty=name), 60)
    assert all(isinstance(one, Deployment) for one in found)
    assert len({repr(one) for one in found}) > 20


@pytest.mark.parametrize(("treaty", "clause"), CHECKED)
def test_a_third_of_the_scenes_for_a_clause_are_applicable_and_both_verdicts_occur(treaty, clause):
    settings = agreed(treaty)
    told = Counter()
    for things in drawn(scenes(treaty=treaty, clause=clause, settings=settings, max_size=3), 50):
        first = things[0].id
        found = [
            one.verdict
            for one in verdicts(things, treaty, [clause.id], settings)
            if first in one.members
        ]
        told[found[0] if found else "not-applicable"] += 1
    assert told["violation"] > 0
    assert told["compliant"] > 0
    assert told["not-applicable"] <= told.total() * 2 / 3


# a separation takes two, and a record is no deployment: see the scenes
ALONE = [
    param
    for param in CHECKED
    if param.values[1].subject != "record" and "separation" not in str(param.values[1].applies)
]


@pytest.mark.parametrize(("treaty", "clause"), ALONE)
def test_a_third_of_the_deployments_for_a_clause_are_applicable(treaty, clause):
    told = Counter()
    for one in drawn(deployments(treaty=treaty, clause=clause), 40):
        found = verdicts([one], treaty, [clause.id])
        told[found[0].verdict if found else "not-applicable"] += 1
    assert told["not-applicable"] <= told.total() * 2 / 3


@pytest.mark.parametrize("name", FIXTURES)
def test_fixtures_in_force_are_broken_and_kept(name):
    treaty = load(name)
    for clause in treaty.clauses:
        if clause.check == "none":
            continue
        told = Counter(
            verdicts([one], treaty, [clause.id])[0].verdict
            for one in drawn(deployments(treaty=treaty, clause=clause), 80)
            if not one.contingents
        )
        assert told["violation"] > 0, clause.id
        assert told["compliant"] > 0, clause.id


@pytest.mark.parametrize(("treaty", "clause"), CHECKED)
def test_a_deployment_for_a_clause_is_drawn_in_ten_milliseconds(treaty, clause):
    """The least of five rounds: the first ones still read borders of states not drawn before."""
    found = deployments(treaty=treaty, clause=clause)
    spent = []
    for _ in range(5):
        start = time.process_time()
        drawn(found, 40)
        spent.append((time.process_time() - start) / 40)
    assert min(spent) < 0.010


def test_deployments_shrink_to_a_point_without_any_property():
    plain = simplest(deployments())
    assert plain == Deployment(id="d", party="USA", kind="ground_force", geometry=(0.0, 0.0))
    ship = simplest(deployments(), lambda one: one.kind == "submarine")
    assert ship == Deployment(id="d", party="USA", kind="submarine", geometry=(0.0, 0.0))
    asked = simplest(deployments(), lambda one: one.range_km is not None)
    assert repr(asked) == (
        "Deployment(id='d', party='USA', kind='ground_force', geometry=<POINT (0 0)>, "
        "range_km=Interval(lo=0.0, hi=0.0))"
    )


@pytest.mark.parametrize(("name", "clause"), [("us-russia-2021", "6"), ("nato-russia-2021", "7.1")])
def test_a_breach_shrinks_to_what_it_takes(name, clause):
    treaty = load(name)

    def is_broken(one):
        found = verdicts([one], treaty, [clause])
        return bool(found) and found[0].verdict == "violation"

    found = simplest(deployments(treaty=treaty, clause=clause), is_broken)
    assert found.geometry.geom_type == "Point"
    assert found.stay == Stay()
    assert found.party == "USA"
    # id, party, kind, place, a range of two ends and a basing
    assert repr(found).count("=") <= 8


# -- records


def test_records_are_of_every_kind_with_every_property():
    found = drawn(records(), 600)
    assert {one.kind for one in found} == set(RECORD_KINDS)
    for field in fields(Record):
        if field.name not in ("id", "origin"):
            assert len({repr(getattr(one, field.name)) for one in found}) > 1, field.name


def test_records_of_a_file_are_read_as_they_were_drawn():
    for one in drawn(records(), 150):
        (again,) = read(to_features([one])).records
        assert one == again


def test_consents_are_of_the_parties_asked_and_name_the_deployments_or_the_clause():
    force = Deployment(id="f", party="DEU", kind="ground_force", geometry=(26.0, 46.0))
    found = drawn(records(treaty="nato-russia-2021", clause="4", deployments=[force]), 100)
    consents = [one for one in found if one.kind == "consent"]
    assert len(consents) > 80
    named = {name for one in consents for name in one.subject}
    assert {"f", "4", "nato-russia-2021/4"} <= named
    assert max(len(one.by) for one in consents) == 31
    assert min(len(one.by) for one in consents) < 5


def test_findings_are_on_what_a_human_is_to_assert():
    found = drawn(records(treaty="us-russia-2021", clause="3"), 100)
    told = Counter(one.clause for one in found if one.kind == "finding")
    assert {"attack-preparation", "3", "us-russia-2021/3"} <= set(told)
    scenario = drawn(records(treaty="us-russia-2021", clause="7.4"), 60)
    assert "nuclear-scenario" in {one.clause for one in scenario}
    assert {one.states for one in found if one.kind == "finding"} == {True, False}


def test_accessions_are_to_the_groups_that_a_clause_names():
    found = drawn(records(treaty="us-russia-2021", clause="4.1"), 150)
    groups = Counter(one.group for one in found if one.kind == "accession")
    assert groups["NATO"] > 100
    assert len({one.party for one in found}) > 5


# -- scenes


def test_scenes_have_ids_of_their_own_and_are_read_as_drawn():
    for things in drawn(scenes(), 60):
        ids = [thing.id for thing in things]
        assert len(set(ids)) == len(ids)
        reading = read(to_features(things))
        again = {thing.id: thing for thing in (*reading.deployments, *reading.records)}
        assert again == {thing.id: thing for thing in things}


def test_scenes_hold_forces_of_one_sender_in_one_place_and_parts_of_each_other():
    found = drawn(scenes(treaty="nato-russia-2021", clause="4"), 150)
    pairs = [
        (one, other)
        for things in found
        for one in things
        for other in things
        if isinstance(one, Deployment) and isinstance(other, Deployment) and one.id < other.id
    ]
    assert any(one.geometry == other.geometry for one, other in pairs)
    assert any(one.party == other.party and one.geometry == other.geometry for one, other in pairs)
    assert any(other.part_of == one.id for one, other in pairs)
    assert any(isinstance(thing, Record) for things in found for thing in things)


def test_scenes_shrink_to_one_thing():
    assert len(simplest(scenes(treaty="us-russia-2021", clause="5.2"))) == 1
    two = simplest(scenes(), lambda things: sum(isinstance(t, Deployment) for t in things) == 2)
    assert [thing.id for thing in two] == ["d0", "d1"]


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (lambda: deployments(clause="5"), SettingError, "give the treaty too"),
        (lambda: deployments(treaty="no-treaty"), UnknownNameError, "unknown treaty"),
        (
            lambda: deployments(treaty="us-russia-2021", clause="99"),
            UnknownNameError,
            "unknown clause of us-russia-2021",
        ),
        (
            lambda: deployments(treaty="us-russia-2021", clause="1"),
            SettingError,
            "clause 1 of us-russia-2021 cannot be checked: the test is effect",
        ),
        (lambda: records(deployments=["d"]), SettingError, "records are about deployments"),
        (lambda: scenes(max_size=0), SettingError, "whole number from 1"),
    ],
)
def test_a_wrong_argument_is_told_at_once(make, error, told):
    with pytest.raises(error, match=told):
        make()


def test_strategies_print_as_the_call_that_makes_them():
    told = "deployments(clause='5.2', treaty='us-russia-2021')"
    assert repr(deployments(treaty="us-russia-2021", clause="5.2")) == told
    assert repr(deployments()) == "deployments()"
    assert repr(records(treaty=load("us-russia-2021"))) == "records(treaty='us-russia-2021')"
    assert repr(scenes(max_size=2)) == "scenes(max_size=2)"
    assert "settings=Settings(worldview='un'" in repr(deployments(settings=Settings()))


def test_strategies_of_this_package_combine_with_those_of_hypothesis():
    both = st.lists(deployments(), min_size=1, max_size=2) | st.just([])
    assert simplest(both, lambda found: len(found) == 1)[0].id == "d"
