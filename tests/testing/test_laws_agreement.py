"""The laws of agreement and of totals hold, and each is broken by the program that it names."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from deploygeo import boundaries, geodesy
from deploygeo.checker import judge, places, totals, words
from deploygeo.checker.findings import Settings
from deploygeo.clauses.truth import Truth
from deploygeo.geodesy import pieces
from deploygeo.model import Deployment, Record, Stay, members
from deploygeo.report import structured
from deploygeo.testing import LawBrokenError, Situation
from deploygeo.testing.laws.agreement import (
    AGREEMENT,
    a_finding_names_the_readings_that_flip_it,
    a_naive_evaluation_agrees,
    an_error_is_no_less_than_the_stated_ones,
)
from deploygeo.testing.laws.depths import (
    DEPTHS,
    a_depth_is_the_way_to_the_outline,
    a_place_in_a_hole_is_as_far_as_the_rim,
)
from deploygeo.testing.laws.totals import (
    TOTALS,
    a_part_adds_nothing_to_its_total,
    a_total_is_asked_on_every_day,
    another_total_lessens_no_count,
    who_passes_through_need_not_meet,
)
from deploygeo.testing.laws.waters import WATERS, behind_a_closing_line_is_no_high_sea
from deploygeo.testing.prove import trials, tried
from deploygeo.treaties import load

US, NATO = load("us-russia-2021"), load("nato-russia-2021")
BREADTH = load(Path(__file__).parents[1] / "mutation" / "breadth")
LAWS = (*AGREEMENT, *DEPTHS, *TOTALS, *WATERS)


def ship(id_="s", place=(34.0, 43.0), party="USA", **more):
    more.setdefault("range_km", 1600)
    return Deployment(id=id_, party=party, kind="surface_warship", geometry=place, **more)


def force(id_="f", place=(21.0, 52.2), party="USA", **more):
    return Deployment(id=id_, party=party, kind="ground_force", geometry=place, **more)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_law_says_what_it_states_why_and_what_breaks_it(law):
    assert law.statement.endswith(".")
    assert law.reason
    assert law.counterexample


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@pytest.mark.parametrize("treaty", [US, NATO, BREADTH], ids=lambda treaty: treaty.id)
def test_a_law_holds_on_every_clause(law, treaty):
    proofs = [tried(trial, examples=6) for trial in trials(treaty, laws=[law])]
    assert [(one.trial.name, one.why) for one in proofs if one.outcome == "broken"] == []
    assert [one.trial.name for one in proofs if one.outcome == "untried"] == []


# -- agreement


def test_agreement_is_broken_by_members_of_the_day_for_those_of_1997(monkeypatch):
    monkeypatch.setitem(words.WORDS, "group", lambda case, name, day="": members(name, case.on))
    abroad = force(party="DEU", place=(24.2, 55.1), personnel=5000)
    with pytest.raises(LawBrokenError, match="DEU-in-LTU"):
        a_naive_evaluation_agrees(Situation(NATO, (abroad,), "4"))


def test_agreement_is_broken_by_a_verdict_where_the_text_leaves_it_open(monkeypatch):
    """A verdict was taken for right where the naive evaluator decides in no world at all."""
    monkeypatch.setattr(judge, "decide", certain(judge.decide))
    exercise = Deployment(id="e", party="USA", kind="exercise", geometry=(21, 52.2), personnel=9000)
    with pytest.raises(LawBrokenError, match="indeterminate"):
        a_naive_evaluation_agrees(Situation(BREADTH, (exercise,), "notice"))


def certain(decide):
    """Return `decide`, with what is unknown taken to be false."""

    def wrong(node, case):
        found = decide(node, case)
        return replace(found, truth=Truth.FALSE) if found.truth is Truth.UNKNOWN else found

    return wrong


def test_agreement_takes_a_track_at_a_point_of_it():
    crossing = ship(place=shapely.LineString([(30, 43), (38, 43)]))
    a_naive_evaluation_agrees(Situation(US, (crossing,), "5.2"))


def test_agreement_says_nothing_of_a_treaty_that_is_no_file(monkeypatch):
    monkeypatch.setitem(words.WORDS, "range", words.WORDS["personnel"])
    nowhere = replace(US, folder=None)
    a_naive_evaluation_agrees(Situation(nowhere, (ship(),), "5.2"))
    assert AGREEMENT[0].exempt(nowhere, nowhere.clause("5.2")) == "it was not read from a file"


def test_agreement_is_exempt_where_a_word_is_not_known_to_the_naive_evaluator():
    assert "brings_nearer" in AGREEMENT[0].exempt(US, US.clause("4.1"))


def test_errors_are_broken_by_borders_without_one(monkeypatch):
    borders = type(boundaries.borders("hybrid"))
    at_sea = Situation(US, (ship(range_km=300, position_error_km=1),), "5.2")
    an_error_is_no_less_than_the_stated_ones(at_sea)
    told = boundaries.error_m
    monkeypatch.setattr(borders, "error_m", lambda *_: 0.0)
    monkeypatch.setattr(boundaries, "error_m", lambda *args, **more: 2000.0)
    with pytest.raises(LawBrokenError, match="an error of"):
        an_error_is_no_less_than_the_stated_ones(at_sea)
    assert told is not boundaries.error_m


def test_errors_are_broken_by_places_without_one(monkeypatch):
    monkeypatch.setattr(places, "_error_km", lambda case: 0.0)
    at_sea = Situation(US, (ship(range_km=300, position_error_km=7),), "5.2")
    with pytest.raises(LawBrokenError, match="an error of"):
        an_error_is_no_less_than_the_stated_ones(at_sea)


def test_errors_are_broken_by_json_without_them(monkeypatch):
    real = structured._measure
    monkeypatch.setattr(structured, "_measure", lambda one: {**real(one), "error_km": None})
    at_sea = Situation(US, (ship(range_km=300),), "5.2")
    with pytest.raises(LawBrokenError, match="its JSON one of None"):
        an_error_is_no_less_than_the_stated_ones(at_sea)


def test_readings_are_broken_by_naming_the_chosen_ones_alone(monkeypatch):
    at_sea = Situation(US, (ship(range_km=300),), "5.2")
    a_finding_names_the_readings_that_flip_it(at_sea)
    report = at_sea.report()
    bare = replace(report, findings=tuple(replace(one, readings={}) for one in report.findings))
    monkeypatch.setattr(Situation, "report", lambda self: bare)
    with pytest.raises(LawBrokenError, match="names no reading"):
        a_finding_names_the_readings_that_flip_it(at_sea)


# -- totals


def test_parts_are_broken_by_a_sum_of_all_that_is_in_the_file(monkeypatch):
    monkeypatch.setattr(totals, "_top", lambda there, name: name)
    at_base = Situation(NATO, (force(personnel=4500),), "4")
    with pytest.raises(LawBrokenError, match="named apart"):
        a_part_adds_nothing_to_its_total(at_base, 0.1)


def test_passing_is_broken_by_a_sum_of_all_that_pass(monkeypatch):
    monkeypatch.setattr(totals, "_at_rest", lambda share: share)
    stay = Stay(date(2021, 12, 1), date(2021, 12, 20))
    column = force(place=shapely.LineString([(12, 52), (28, 54)]), stay=stay)
    with pytest.raises(LawBrokenError, match="pass through"):
        who_passes_through_need_not_meet(BREADTH, "guests", column, 1600)


def test_passing_says_nothing_of_those_that_stay_in_the_state():
    stay = Stay(date(2021, 12, 1), date(2021, 12, 20))
    inside = force(place=shapely.LineString([(19, 52), (21, 52.5)]), stay=stay)
    who_passes_through_need_not_meet(BREADTH, "guests", inside, 1600)


def test_days_are_broken_by_asking_only_the_first(monkeypatch):
    real = judge.peak_days
    monkeypatch.setattr(judge, "peak_days", lambda *args, **more: real(*args, **more)[:1])
    at_base = Situation(NATO, (force(personnel=4500),), "4")
    with pytest.raises(LawBrokenError, match="was there before"):
        a_total_is_asked_on_every_day(at_base, 3)


def test_totals_are_broken_by_taking_the_first(monkeypatch):
    real = totals._sum

    def wrong(shares):
        wholes = [share for share in shares if share.actor.deployment.total]
        return real(wholes[:1] or shares)

    monkeypatch.setattr(totals, "_sum", wrong)
    at_base = Situation(NATO, (force(personnel=4500),), "4")
    with pytest.raises(LawBrokenError, match="beside one of"):
        another_total_lessens_no_count(at_base, 4500, 0)


# -- depths and waters


def test_depths_are_broken_by_distances_that_are_never_negative(monkeypatch):
    square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    for point in ((0.25, 0.5), (1.0, 0.5), (3.0, 0.5)):
        a_depth_is_the_way_to_the_outline(square, point)
    a_depth_is_the_way_to_the_outline(geodesy.EMPTY, (0.0, 0.0))
    monkeypatch.setattr(geodesy, "signed_m", geodesy.distance_m)
    with pytest.raises(LawBrokenError, match="deep in it"):
        a_depth_is_the_way_to_the_outline(square, (0.25, 0.5))


def test_holes_are_broken_by_the_outer_ring_alone(monkeypatch):
    a_place_in_a_hole_is_as_far_as_the_rim((28.0, -29.5), 2.0, (0.1, -0.3))
    monkeypatch.setattr(pieces.shapely, "get_rings", outer_rings)
    with pytest.raises(LawBrokenError, match="in a hole"):
        a_place_in_a_hole_is_as_far_as_the_rim((28.0, -29.5), 2.0, (0.1, -0.3))


def outer_rings(polygons, return_index):
    assert return_index
    return shapely.get_exterior_ring(polygons), np.arange(len(polygons))


def test_waters_are_broken_by_looking_for_land_alone(monkeypatch):
    """The middle of the White Sea is 70 km from land."""
    place, day = (38.0, 65.6), date(2021, 12, 17)
    behind_a_closing_line_is_no_high_sea(place, "un", day)
    monkeypatch.setattr(boundaries, "host_of", lambda *args, **more: (None, "high-seas"))
    with pytest.raises(LawBrokenError, match="internal waters of RUS"):
        behind_a_closing_line_is_no_high_sea(place, "un", day)


def test_records_alone_break_nothing():
    agreed = Record(id="c", kind="consent", by=["RUS"], subject=["4"])
    alone = Situation(NATO, (agreed,), "4", Settings())
    a_part_adds_nothing_to_its_total(alone, 0.5)
    a_total_is_asked_on_every_day(alone, 1)
    another_total_lessens_no_count(alone, 5, 1)
