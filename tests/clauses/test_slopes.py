"""How fast a condition changes with the place, where it compares more than one distance."""

import math

import pytest
import shapely

from deploygeo import check
from deploygeo.clauses import Number, Truth
from deploygeo.clauses.evaluate import compared
from deploygeo.clauses.outcome import leaf
from deploygeo.clauses.truth import Margin
from deploygeo.model import Deployment, Record
from deploygeo.treaties import load

TREATY = """
id = "t"
title = "A treaty"
status = "draft"
source = "nowhere"

[[side]]
name = "Russia"
states = "states('RUS')"

[[side]]
name = "United States"
states = "states('USA')"

[[parameter]]
name = "lead"
text = "Days, to be agreed."

[[clause]]
id = "1"
article = "1"
text = "A rule."
rule = "{}"
"""

ICELAND, IRELAND = "land(states('ISL'))", "land(states('IRL'))"
# 430.7 km farther from Ireland than from Iceland at its end; the second line is at 383.7
TRACK = shapely.MultiLineString([[(-11, 56), (-15, 61)], [(-14.84, 60.8), (-14.842, 60.8)]])


@pytest.fixture
def verdict_of(tmp_path):
    def verdict(rule, geometry, *records, **more):
        path = tmp_path / "treaty.toml"
        path.write_text(TREATY.format(rule))
        ship = {"id": "a", "party": "USA", "kind": "surface_warship", **more}
        (found,) = check([Deployment(**ship, geometry=geometry), *records], load(path)).findings
        return found.verdict

    return verdict


@pytest.mark.parametrize(
    "rule",
    [
        f"distance({IRELAND}) - distance({ICELAND}) > 415.7",
        f"distance({IRELAND}) > distance({ICELAND}) + 415.7",
        f"reaches({ICELAND}, distance({IRELAND}) - 415.7)",
    ],
)
def test_a_track_on_which_two_distances_draw_apart_is_searched_to_its_end(verdict_of, rule):
    """It was told compliant in 2026, though its last fix alone was in breach.

    A difference of two distances changes by two metres a metre, and counted as one.
    """
    assert verdict_of(rule, (-15, 61)) == "violation"
    assert verdict_of(rule, TRACK) == "violation"


def test_a_step_of_a_distance_is_not_told_to_be_the_same_along_a_track(verdict_of):
    """Steps counted as no matter of place in 2026, and the middle of a track decided for it all."""
    rule = f"step_up(distance({ICELAND}), 300, 1000) <= 500"
    assert verdict_of(rule, (-18, 62.7)) == "violation"
    assert verdict_of(rule, shapely.LineString([(-11, 56), (-18, 62.7)])) == "violation"
    assert verdict_of(rule, shapely.LineString([(-11, 50), (-18, 50)])) == "indeterminate"


def test_the_score_of_a_leaf_is_its_margin_over_how_fast_that_changes():
    margin = Margin(2.0, 4.0, "km")
    scores = [leaf("", Truth.TRUE, margin=margin, place=place).score_m for place in (1, 2)]
    assert scores == [(2000.0, 4000.0), (1000.0, 2000.0)]


@pytest.mark.parametrize(
    ("truth", "score_m"),
    [
        (Truth.TRUE, (0.0, math.inf)),
        (Truth.UNKNOWN, (-math.inf, math.inf)),
        (Truth.FALSE, (-math.inf, 0.0)),
    ],
)
def test_the_score_of_what_jumps_decides_its_own_place_alone(truth, score_m):
    assert leaf("", truth, margin=Margin(-1.0, 1.0, "km"), place=math.inf).score_m == score_m


def test_two_distances_that_are_compared_change_twice_as_fast():
    away, near = Number(7, 7, "km", place=1.0), Number(3, 3, "km", place=1.0)
    assert compared(near, "<", away, lambda *_: None).score_m == (2000.0, 2000.0)
    assert compared(near, "<", Number(7, 7), lambda *_: None).score_m == (4000.0, 4000.0)


@pytest.mark.parametrize(
    ("rule", "range_km", "verdict"),
    [
        ("step_up(range, param('lead')) <= 500", 400, "indeterminate"),
        ("step_up(range, param('lead'), 600) <= 600", 400, "violation"),
        ("step_up(range, param('lead')) >= 400", 400, "violation"),
        ("step_up(range, 500) <= 500", 500, "violation"),
        ("step_up(range, 500) <= 500", math.nextafter(500, 501), "compliant"),
    ],
)
def test_a_step_at_a_limit_that_is_not_agreed_is_not_known(verdict_of, rule, range_km, verdict):
    """A limit to be agreed counted as zero in 2026, and the rule was decided."""
    assert verdict_of(rule, (-15, 61), range_km=range_km) == verdict


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("notice(9)", "violation"),
        ("notice(10)", "compliant"),
        ("notice(param('lead'))", "indeterminate"),
    ],
)
def test_notice_against_a_lead_that_is_not_agreed_is_not_known(verdict_of, rule, verdict):
    """Nine days counted as enough in 2026 whatever was to be agreed: the lead counted as zero."""
    told = Record(id="n", kind="notice", party="USA", subject=["a"], stay="2022-01-01")
    stay = ("2022-01-10", "2022-01-20")
    assert verdict_of(rule, (-15, 61), told, stay=stay) == verdict


def test_no_notice_is_none_whatever_lead_is_agreed(verdict_of):
    stay = ("2022-01-10", "2022-01-20")
    assert verdict_of("notice(param('lead'))", (-15, 61), stay=stay) == "compliant"
