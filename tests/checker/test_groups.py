"""Ceilings: who is counted, where, when, against what, and who is excused."""

import pytest

from deploygeo.checker import check
from deploygeo.model import Contingent, Deployment, Record

NATO = "nato-russia-2021"
POLAND = (21.0, 52.2)
ALL = ["NATO", "RUS"]


def unit(id_="x", place=POLAND, **more):
    defaults = {"party": "USA", "kind": "ground_force", "stay": "2021-12-17"}
    return Deployment(id=id_, geometry=place, **(defaults | more))


def box(west, south, east, north):
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [ring]}


def consent(id_, subject, stay=None, by=ALL):
    return Record(id=id_, kind="consent", by=by, subject=[subject], stay=stay)


def groups(*scene, **choices):
    """Return the findings under article 4, by the end of their id."""
    report = check(scene, NATO, **choices)
    return {item.id.partition("@")[2]: item for item in report.findings if item.clause == "4"}


def only(*scene, **choices):
    (finding,) = groups(*scene, **choices).values()
    return finding


def persons(finding):
    return (finding.margin.lo, finding.margin.hi)


def flips(finding):
    return {flip.change: flip.verdict for flip in finding.stability}


# -- the baseline


@pytest.mark.parametrize(("people", "verdict"), [(19, "compliant"), (20, "violation")])
def test_a_ceiling_for_each_host_has_a_total_over_all_senders(people, verdict):
    """The total over all senders was never worked out, so this was never decided."""
    scene = unit("a", personnel=people - 15), unit("b", party="GBR", personnel=15)
    for finding in groups(*scene, readings={"baseline": "host"}).values():
        assert finding.verdict == verdict
        assert persons(finding) == (19 - people, 19 - people)
    assert "baseline = host" not in flips(only(unit(personnel=5)))


def test_forces_at_home_and_of_states_that_are_not_bound_are_in_no_total_over_all_senders():
    scene = unit("a", personnel=5), unit("b", party="POL", personnel=500)
    scene += (unit("c", party="LTU", personnel=500),)
    finding = groups(*scene, readings={"baseline": "host"})["USA-in-POL"]
    assert persons(finding) == (14, 14)


def test_another_sender_who_comes_later_is_there_on_its_own_days():
    """The peak over all senders is not on the day on which the first of them came."""
    early = unit("a", personnel=5, stay=("2020-01-01", None))
    late = unit("b", party="GBR", personnel=15, stay=("2023-01-01", "2023-02-01"))
    found = groups(early, late, readings={"baseline": "host"})
    assert found["USA-in-POL"].verdict == "violation"
    assert groups(early, late)["USA-in-POL"].verdict == "compliant"


def test_the_month_the_measure_and_the_source_of_a_baseline_are_named():
    """The reason said that the figure of September was of 27 May."""
    finding = only(unit(personnel=131))
    text = "there (131 persons) > on 1997-05-27, figure of September 1997 (19 persons)"
    assert finding.reason.text == text
    (note,) = finding.assumed
    assert note.startswith("the baseline of USA in POL is 19 of September 1997 (DMDC active-duty")
    assert "https://github.com/meflynn/troopdata" in note


@pytest.mark.parametrize(
    ("scene", "figure"),
    [
        (unit(place=(24.2, 55.1), party="DEU", personnel=5), "no figure (0 persons)"),
        (unit(place=(29.6, 46.85), party="RUS"), "no verified figure of RUS (0–∞ persons)"),
        (unit(place=(34.1, 44.95), party="RUS"), "ceiling of May 1997 (0–25 000 persons)"),
    ],
    ids=["none", "unverified", "ceiling"],
)
def test_a_baseline_says_what_kind_of_figure_it_is(scene, figure):
    assert only(scene).reason.text.endswith(f"on 1997-05-27, {figure}")


@pytest.mark.parametrize(("people", "verdict"), [(170, "compliant"), (171, "violation")])
def test_greenland_counts_with_denmark_on_both_sides(people, verdict):
    """131 in Greenland were held against the 39 of Denmark proper."""
    readings = {"other_europe": "any"}
    finding = only(unit(place=(-68.7, 76.53), personnel=people), readings=readings)
    assert (finding.verdict, finding.host) == (verdict, "DNK")
    assert persons(finding) == (170 - people, 170 - people)
    assert flips(finding)["overseas = metropolitan"] == "not-applicable"


def test_an_overseas_territory_in_europe_is_no_host_of_its_own_either():
    readings = {"other_europe": "any", "overseas": "metropolitan"}
    finding = only(unit(place=(-2.13, 49.21), personnel=6), readings=readings)
    assert (finding.verdict, finding.host) == ("not-applicable", "JEY")


def test_greenland_is_not_denmark_where_overseas_territories_do_not_count():
    readings = {"other_europe": "any", "overseas": "metropolitan"}
    scene = unit("a", (-68.7, 76.53), personnel=131), unit("b", (9.5, 56.2), personnel=40)
    found = groups(*scene, readings=readings)
    assert found["USA-in-GRL"].verdict == "not-applicable"
    assert persons(found["USA-in-DNK"]) == (-1, -1)


# -- when


def test_a_later_force_does_not_hide_an_earlier_one_of_unknown_size():
    """Ten people in 2021 hid that it is unknown how many there were in 2018."""
    early = unit("a", stay=("2018-01-01", "2018-02-01"))
    late = unit("b", personnel=10, stay=("2021-01-01", "2021-12-31"))
    found = groups(early, late)
    assert {key: item.verdict for key, item in found.items()} == {
        "USA-in-POL:2018-01-01": "indeterminate",
        "USA-in-POL:2021-01-01": "compliant",
    }
    assert [item.members for item in found.values()] == [("a",), ("b",)]


def test_stays_without_a_day_between_them_are_one_period_judged_by_its_gravest_day():
    early = unit("a", stay=("2018-01-01", "2018-02-01"))
    late = unit("b", personnel=10, stay=("2018-02-02", "2021-12-31"))
    finding = only(early, late)
    assert (finding.verdict, finding.members) == ("indeterminate", ("a", "b"))


def test_forces_that_came_before_entry_into_force_are_judged_from_then_on():
    """Only arrivals were judged, so that a force of 2017 did not fall under a treaty of 2022."""
    finding = only(unit(personnel=500, stay=("2017-01-01", None)), in_force="2022-01-01")
    assert (finding.verdict, str(finding.on)) == ("violation", "2022-01-01")
    gone = unit(personnel=500, stay=("2017-01-01", "2021-12-31"))
    assert only(gone, in_force="2022-01-01").why == ("not in force then",)


@pytest.mark.parametrize("worldview", ["un", "de-facto", "russia"])
def test_the_host_is_that_of_the_day(worldview):
    """Crimea in January 2013 was taken as Russian because it was so taken of 2021."""
    force = unit(party="RUS", place=(34.1, 44.95), personnel=30_000, stay="2013-01-17")
    finding = only(force, worldview=worldview)
    assert (finding.verdict, finding.host) == ("violation", "UKR")


def test_a_force_that_stays_while_land_changes_hands_has_a_host_before_and_after():
    force = unit(party="RUS", place=(34.1, 44.95), personnel=30_000, stay=("2013-01-17", None))
    found = groups(force, worldview="russia")
    assert [(item.host, item.verdict, str(item.on)) for item in found.values()] == [
        ("RUS", "not-applicable", "2021-12-17"),
        ("UKR", "violation", "2014-03-17"),
    ]
    assert list(groups(force)) == ["RUS-in-UKR"]


def test_forces_at_home_are_counted_as_not_applicable():
    """Forces in Crimea left no trace in a report under another worldview."""
    force = unit(party="RUS", place=(34.1, 44.95), personnel=40_000)
    finding = only(force, worldview="russia")
    assert (finding.verdict, flips(finding)) == ("not-applicable", {"worldview = un": "violation"})


# -- who counts


def test_a_stay_that_may_be_no_deployment_does_not_make_a_breach():
    """A force whose stay has no agreed length was counted as certain."""
    readings = {"deploy": "stay"}
    finding = only(unit(personnel=500), readings=readings)
    assert (finding.verdict, finding.why) == ("indeterminate", ("parameter stay_days",))
    open_stay = unit(personnel=500, stay=("2021-12-01", None))
    finding = only(open_stay, readings=readings, params={"stay_days": 60})
    assert (finding.verdict, finding.why) == ("indeterminate", ("length of the stay",))
    for days, verdict in ((30, "violation"), (31, "not-applicable")):
        month = unit(personnel=500, stay=("2021-12-01", "2021-12-31"))
        assert only(month, readings=readings, params={"stay_days": days}).verdict == verdict


def test_a_group_of_which_nothing_counts_says_what_would_count():
    finding = only(unit(personnel=500), readings={"deploy": "based"})
    expected = {"deploy = presence": "violation", "deploy = stay": "indeterminate"}
    assert (finding.verdict, flips(finding)) == ("not-applicable", expected)


def test_only_those_who_count_are_members():
    scene = unit("a", personnel=20, activity="base"), unit("b", personnel=20)
    assert only(*scene, readings={"deploy": "based"}).members == ("a",)


# -- where


def test_a_force_on_either_side_of_a_border_is_not_certain_to_be_beyond_it():
    """The point alone decided, whatever its error."""
    found = groups(unit(party="RUS", place=(21.0, 54.36), personnel=100, position_error_km=20))
    assert {key: (item.verdict, item.why) for key, item in found.items()} == {
        "RUS-in-POL": ("indeterminate", ("position",)),
        "RUS-in-RUS": ("not-applicable", ()),
    }
    assert persons(found["RUS-in-POL"]) == (-100, 0)


@pytest.mark.parametrize(
    ("extent", "verdict"), [("uncertain", "indeterminate"), ("occupied", "violation")]
)
def test_an_area_across_a_border_is_in_both_states(extent, verdict):
    """The middle of the area alone decided, so that there was no finding for Poland."""
    area = unit(party="DEU", place=box(13, 52, 15.5, 53), extent=extent, personnel=100)
    found = groups(area)
    assert list(found) == ["DEU-in-DEU", "DEU-in-POL"]
    assert found["DEU-in-POL"].verdict == verdict


def test_an_area_within_one_state_is_there_with_all_its_people():
    assert persons(only(unit(place=box(20.8, 52, 21.2, 52.4), personnel=100))) == (-81, -81)


def test_a_track_is_in_every_state_that_it_crosses():
    """The middle of the track alone decided."""
    track = {"type": "LineString", "coordinates": [(17.0, 52.4), (9.0, 52.4)]}
    found = groups(unit(party="DEU", place=track, personnel=100))
    assert persons(found["DEU-in-POL"]) == (-100, -100)


def test_a_track_over_a_state_and_its_islands_is_there_once():
    """Past Jersey and Cornwall it was in the United Kingdom twice."""
    track = {"type": "LineString", "coordinates": [(-75, 40), (-10, 50), (30, 43)]}
    readings = {"other_europe": "any"}
    found = groups(unit(place=track, personnel=11_379), readings=readings)["USA-in-GBR"]
    assert persons(found) == (5, 5)  # 11 379 and 5 on Gibraltar in 1997
    assert "overseas = metropolitan" not in flips(found)


def test_two_that_pass_through_in_a_month_need_not_meet():
    track = {"type": "LineString", "coordinates": [(17.0, 52.4), (9.0, 52.4)]}
    month = {"place": track, "personnel": 15, "stay": ("2021-12-01", "2021-12-31")}
    finding = groups(unit("a", **month), unit("b", **month))["USA-in-POL"]
    assert (finding.verdict, persons(finding)) == ("indeterminate", (-11, 4))
    day = month | {"stay": "2021-12-17"}
    assert groups(unit("a", **day), unit("b", **day))["USA-in-POL"].verdict == "violation"


def test_a_force_far_out_at_sea_has_no_host():
    assert groups(unit(kind="surface_warship", place=(34.0, 43.0))) == {}


# -- totals and their parts


@pytest.mark.parametrize(
    ("other", "verdict", "margin"),
    [
        ({"part_of": "t"}, "compliant", (4, 4)),
        ({}, "indeterminate", (-8, 4)),
        ({"total": True}, "indeterminate", (-8, 4)),
        ({"total": True, "part_of": "t"}, "compliant", (4, 4)),
    ],
)
def test_what_does_not_say_whether_it_is_part_of_a_total_may_be(other, verdict, margin):
    """A total swallowed all others of its group, and another total too."""
    whole = unit("t", personnel=15, total=True)
    finding = only(whole, unit("u", personnel=12, **other))
    assert (finding.verdict, persons(finding)) == (verdict, margin)
    assert finding.why == (("part_of",) if verdict == "indeterminate" else ())


def test_parts_that_are_more_than_their_whole_are_what_is_there():
    whole = unit("t", personnel=5, total=True)
    finding = only(whole, *(unit(i, personnel=6, part_of="t") for i in "abc"))
    assert persons(finding) == (1, 1)


def test_parts_of_each_other_are_counted():
    one, other = unit("a", personnel=20, part_of="b"), unit("b", personnel=20, part_of="a")
    assert persons(only(one, other)) == (-21, -21)


def test_contingents_of_one_unit_are_added_over_all_senders():
    mixed = unit(
        place=(24.2, 55.1),
        party="DEU",
        contingents=[Contingent("DEU", 5), Contingent("NLD", 7)],
    )
    readings = {"baseline": "host", "baseline_absent": "zero"}
    for finding in groups(mixed, readings=readings).values():
        assert persons(finding) == (3 - 12, 3 - 12)  # three Americans in Lithuania in 1997


# -- consent


def test_who_is_gone_need_not_have_had_consent():
    """A member that had left long before blocked the excuse."""
    scene = [
        unit("a", personnel=1, stay=("2020-06-01", "2021-02-01")),
        unit("b", personnel=500, stay=("2021-02-01", "2021-12-31")),
        consent("c", "b", ("2021-02-01", "2021-12-31")),
    ]
    assert only(*scene).verdict == "excused"


@pytest.mark.parametrize(
    ("second", "verdict"), [("2021-07-01", "excused"), ("2021-07-02", "violation")]
)
def test_records_of_consent_that_follow_each_other_cover_together(second, verdict):
    """Each record had to cover all of the stay."""
    scene = [
        unit("b", personnel=500, stay=("2021-02-01", "2021-12-31")),
        consent("c", "b", ("2021-01-01", "2021-06-30")),
        consent("d", "b", (second, None)),
    ]
    assert only(*scene).verdict == verdict


def test_consent_need_not_cover_what_was_before_entry_into_force():
    force = unit(personnel=500, stay=("2017-01-01", None))
    agreed = consent("c", "x", ("2022-01-01", None))
    assert only(force, agreed, in_force="2022-01-01").verdict == "excused"
    assert only(force, agreed).verdict == "violation"


@pytest.mark.parametrize(("rest", "verdict"), [(19, "excused"), (20, "violation")])
def test_who_has_consent_does_not_count_against_the_others(rest, verdict):
    """Five people without consent broke a ceiling of 19 because of a hundred with it."""
    scene = unit("a", personnel=100), unit("b", personnel=rest), consent("c", "a")
    finding = only(*scene)
    assert finding.verdict == verdict
    if verdict == "violation":
        assert persons(finding) == (-1, -1)


def test_consent_to_one_sender_lessens_the_total_over_all_of_them():
    scene = unit("a", personnel=100), unit("b", party="GBR", personnel=19), consent("c", "a")
    found = groups(*scene, readings={"baseline": "host"})
    assert {item.verdict for item in found.values()} == {"excused"}


EXCUSED = """
id = "excused"
title = "Forces abroad"
status = "draft"
source = "a test"
[[side]]
name = "one"
states = "states('USA', 'GBR')"
[[clause]]
id = "1"
article = "1"
text = "No force is abroad, unless its host consents."
subject = "group"
rule = "host_in(everyone - own)"
[[clause.unless]]
name = "consent"
text = "The host agreed."
rule = "consent(states('POL'))"
"""


@pytest.mark.parametrize(
    ("subjects", "verdict"),
    [([], "violation"), (["x"], "violation"), (["x", "y"], "excused")],
)
def test_a_group_of_which_all_are_excused_breaches_nothing(tmp_path, subjects, verdict):
    """A rule that is no total was a violation even where every member had consent."""
    (tmp_path / "treaty.toml").write_text(EXCUSED, encoding="utf-8")
    scene = [unit(), unit("y"), *(consent(f"c{one}", one, by=["POL"]) for one in subjects)]
    report = check(scene, tmp_path)
    assert [finding.verdict for finding in report.findings] == [verdict]


def test_a_part_that_may_be_there_is_not_lost_in_a_smaller_whole():
    """A total of a whole of 0 hid its part of 8 000, which only may be in Serbia."""
    border = (22.410368327728207, 42.850399375)  # some 3 600 m inside, where the error is 3 500
    whole = unit("w", border, kind="training_area", personnel=0, position_error_km=10)
    part = unit("p", border, kind="air_base", personnel=8000, part_of="w", position_error_km=0.1)
    found = groups(whole, part, level="ne10")
    assert {finding.verdict for finding in found.values()} == {"indeterminate"}
    spans = [high - low for low, high in map(persons, found.values())]
    assert spans == [8000.0, 8000.0]


def test_parts_of_parts_are_counted_once():
    """Those of a part, and the part itself, were both added to the least of the whole."""
    whole = unit("w", personnel=[0, 9000])
    part = unit("p", personnel=2000, part_of="w")
    inner = unit("q", personnel=500, part_of="p")
    assert persons(only(whole, part, inner))[1] == persons(only(whole, part))[1]
