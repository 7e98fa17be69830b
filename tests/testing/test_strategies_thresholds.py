"""Cases at the limits of clauses: on both sides, as near as they say, and as decisive."""

import math
from collections import Counter, defaultdict

import pytest
import shapely
from hypothesis import strategies as st

from deploygeo.checker import Settings
from deploygeo.checker.verdicts import verdicts
from deploygeo.errors import SettingError
from deploygeo.geodesy import Territory, nearest
from deploygeo.model import Deployment, Record
from deploygeo.testing.strategies import (
    NearThreshold,
    deployments,
    drawn,
    near_threshold,
    simplest,
)
from deploygeo.testing.strategies.cases import TURNS, draw_case
from deploygeo.testing.strategies.focus import Focus
from deploygeo.testing.strategies.limits import marks_of
from deploygeo.testing.strategies.outlines import at_distance
from deploygeo.treaties import library, load

PLACES = [*library(), "tests/treaties/inf-1987", "tests/treaties/korea-2018"]
CHECKED = [
    pytest.param(treaty, clause, id=f"{treaty.id}/{clause.id}")
    for treaty in map(load, PLACES)
    for clause in treaty.clauses
    if clause.check != "none"
]


def limits_of(name, clause, **settings):
    treaty = load(name)
    marks = marks_of(Focus(treaty, treaty.clause(clause), Settings(**settings)))
    return [(mark.form, mark.quantity, mark.text) for mark in marks]


def test_the_limits_of_a_clause_are_those_of_its_expressions_under_the_readings():
    assert limits_of("us-russia-2021", "6", readings={"limb6": "ranged"}) == [
        ("number", "range", "500 <= range"),
        ("number", "range", "range <= 5500"),
        ("reach", "range", "reaches(target, missile_reach)"),
        ("force", "day", "in force"),
    ]
    classes = limits_of("us-russia-2021", "6", readings={"reach": "class"})
    assert ("number", "range", "step_up(range, 1000, 5500)") in classes
    assert limits_of("us-russia-2021", "7.3") == [("force", "day", "in force")]
    # asked before entry into force as well, and about a record: only the day counts
    assert limits_of("us-russia-2021", "4.1") == [("number", "days_in_force", "days_in_force >= 0")]


def share(found, side):
    told = Counter()
    for (where, verdict), many in found.items():
        told[verdict] += many if where == side else 0
    return {verdict: many / told.total() for verdict, many in told.items()}


@pytest.mark.parametrize(("treaty", "clause"), CHECKED)
def test_cases_lie_on_both_sides_of_every_limit_and_decide(treaty, clause):
    focus = Focus(treaty, clause, Settings())
    cases = [
        case
        for mark in marks_of(focus)
        for turn in range(TURNS)
        for case in drawn(st.composite(draw_case)(focus=focus, mark=mark, turn=turn), 6)
    ]
    told = defaultdict(Counter)
    for case in cases:
        assert isinstance(case, NearThreshold)
        assert math.isfinite(case.by)
        things = case.situation.things
        assert len({thing.id for thing in things}) == len(things)
        found = [one for one in case.situation.verdicts() if things[0].id in one.members]
        verdict = found[0].verdict if found else "not-applicable"
        told[case.limit][case.side, verdict] += 1
    for limit, found in told.items():
        assert {"below", "above"} <= {side for side, _ in found}, limit
        above, below = share(found, "above"), share(found, "below")
        apart = sum(abs(above.get(v, 0) - below.get(v, 0)) for v in {*above, *below}) / 2
        # what holds above is often not what holds below, so that the limit decides; as borders
        # have an error of kilometres, only two of nine turns are beyond it
        assert apart > 0.1, (limit, above, below)


def test_ranges_are_at_the_limit_and_at_the_next_double_on_either_side():
    found = drawn(near_threshold(treaty="nato-russia-2021", clause="5"), 900)
    ranges = Counter(
        case.situation.things[0].range_km.lo for case in found if case.limit == "range <= 5500"
    )
    for near in (5_500.0, math.nextafter(5_500.0, 0.0), math.nextafter(5_500.0, math.inf)):
        assert ranges[near] > 0


def test_places_are_within_metres_of_a_width_or_as_far_as_they_say():
    found = [
        case
        for case in drawn(near_threshold(treaty="nato-russia-2021", clause="7.2"), 200)
        if case.quantity == "distance"
    ]
    near_m = sorted(abs(case.by) * 1_000.0 for case in found)
    assert sum(away <= 1.001 for away in near_m) >= len(found) / 4
    assert sum(case.side == "at" for case in found) > 0
    for case in found:
        force, settings = case.situation.things[0], case.situation.settings
        margin = verdicts([force], case.situation.treaty, ["7.2"], settings)[0].margin("km")
        if margin is not None and math.isfinite(margin.hi):
            # the margin of the breach is the width less the distance, with its error
            assert margin.lo - 1e-6 <= -case.by <= margin.hi + 1e-6


def test_personnel_is_at_what_stood_there_and_one_more():
    found = [
        case
        for case in drawn(near_threshold(treaty="nato-russia-2021", clause="4"), 200)
        if case.quantity == "total"
    ]
    assert {case.by for case in found} >= {0.0, 1.0, -1.0}
    assert max(case.situation.things[0].personnel.hi for case in found) > 1.0
    more = [case for case in found if case.by == 1.0]
    broken = [
        case for case in more if "violation" in {one.verdict for one in case.situation.verdicts()}
    ]
    assert len(broken) > len(more) / 2


def test_a_parameter_and_an_entry_into_force_are_agreed_where_a_limit_needs_them():
    days = near_threshold(treaty="us-russia-2021", clause="7.2")
    case = simplest(days, lambda case: case.quantity == "days_in_force" and case.by == 1.0)
    settings = case.situation.settings
    assert settings.params == {"deadline_days": 100.0}  # of three, the one that it rests on
    assert settings.in_force is not None
    own = Settings(params={"deadline_days": 7.0})
    kept = near_threshold(treaty="us-russia-2021", clause="7.2", settings=own)
    assert simplest(
        kept, lambda case: case.quantity == "days_in_force"
    ).situation.settings.params == {"deadline_days": 7.0}


def test_notices_and_separations_have_what_they_are_about():
    notices = near_threshold(treaty="tests/treaties/korea-2018", clause="1.3")
    case = simplest(notices, lambda case: case.quantity == "notice_days")
    assert [type(thing) for thing in case.situation.things] == [Deployment, Record]
    assert case.side == "at"
    ships = near_threshold(treaty="us-russia-2021", clause="5.3")
    case = simplest(ships, lambda case: case.quantity == "separation")
    assert [thing.id for thing in case.situation.things] == ["d0", "d1"]


def test_a_place_is_moved_to_a_distance_to_a_micrometre():
    square = Territory.of(shapely.box(10, 50, 20, 60))

    def from_square(place):
        return nearest(*place, square)

    for start in [(30.0, 55.0), (5.0, 45.0), (-170.0, -80.0), (15.0, 89.0)]:
        for away_m in (1.0, 22_224.0, 500_000.0, 5_500_000.0):
            place = at_distance(from_square, start, away_m)
            assert abs(from_square(place).distance_m - away_m) < 1e-6
    # from inside there is no way to tell
    assert at_distance(from_square, (15.0, 55.0), 5.0) == (15.0, 55.0)


def test_a_clause_without_a_limit_has_no_cases():
    treaty = load("us-russia-2021")
    standing = treaty.clause("4.1")
    readings = {"former_ussr": "read-back"}
    with pytest.raises(SettingError, match=r"clause 4\.1 of us-russia-2021 sets no limit"):
        near_threshold(treaty=treaty, clause=standing, settings=Settings(readings=readings))
    with pytest.raises(SettingError, match="cannot be checked"):
        near_threshold(treaty=treaty, clause="1")


def test_a_case_tells_its_limit_and_by_how_much_it_is_missed():
    case = simplest(
        near_threshold(treaty="nato-russia-2021", clause="5"),
        lambda case: case.limit == "range <= 5500" and case.by == 1.0,
    )
    assert repr(case).startswith(
        "NearThreshold('range <= 5500', range above by 1 km of range, "
        "Situation(deploygeo check - -t nato-russia-2021 <<<"
    )
    assert case.situation.clause == "5"


@pytest.mark.parametrize("name", library())
def test_cases_of_a_treaty_are_those_of_all_its_clauses(name):
    # what Hypothesis draws depends on the constants of all modules that were imported before
    found = {case.situation.clause for case in drawn(near_threshold(treaty=name), 800)}
    treaty = load(name)
    assert found == {one.id for one in treaty.clauses if one.check != "none"}


def test_cases_shrink_to_exactly_the_limit():
    case = simplest(
        near_threshold(treaty="nato-russia-2021", clause="5"),
        lambda case: case.limit == "500 <= range",
    )
    assert case.side == "at"
    assert case.situation.things[0].range_km.lo == 500.0


def test_limits_are_seldom_met_without_looking_for_them():
    """Why there is a strategy of its own: plain draws are hardly ever at a width to a metre."""
    treaty = load("nato-russia-2021")
    settings = Settings(params={"width_km": 100.0})
    close = 0
    for one in drawn(deployments(treaty=treaty, clause="7.2", settings=settings), 60):
        found = verdicts([one], treaty, ["7.2"], settings)
        margin = found[0].margin("km") if found else None
        close += margin is not None and abs(margin.lo + margin.hi) / 2 < 0.001
    assert close < 6
