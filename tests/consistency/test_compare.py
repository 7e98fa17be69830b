"""Comparisons find by a general search what one treaty forbids and the other does not."""

import pytest
from drafts import HEAD, clause, draft, unless

from deploygeo.checker.run import check
from deploygeo.consistency import Gap, compare
from deploygeo.errors import SettingError, TreatyError, UnknownNameError
from deploygeo.treaties import load

DRAFTS = ("us-russia-2021", "nato-russia-2021")
ABROAD = "inside(territory(everyone - own))"


@pytest.fixture(scope="module")
def drafts():
    """The two drafts of 2021, compared as a whole: nothing in the search names them."""
    return compare(*DRAFTS)


def rows_of(item):
    return {row.place.name: row.ranges_km for row in item.rows if row.place is not None}


def test_moscow_and_kaliningrad_are_open_to_a_missile_in_one_draft_and_closed_in_the_other(drafts):
    (found,) = (
        one
        for one in drafts.differences
        if one.forbids == "nato-russia-2021" and one.clause == "5" and one.parties == ("RUS",)
    )
    assert found.allows == "us-russia-2021"
    assert found.against == ("6",)
    assert found.kinds == ("missile_launcher",)
    rows = rows_of(found)
    assert 2500.0 in rows["Moscow"]
    assert 2500.0 in rows["Kaliningrad"]
    # it reaches the United States from the far east, so there both drafts close it
    assert "Anadyr" not in rows


def test_the_witness_of_a_difference_is_checked_to_differ(drafts):
    for one in drafts.differences:
        things = {"type": "FeatureCollection", "features": one.witness.features}
        report = check(things, DRAFTS)
        assert report.faults == ()
        forbids = [item for item in report.violations if "witness" in item.members]
        assert f"{one.forbids}/{one.clause}" in {f"{v.treaty}/{v.clause}" for v in forbids}
        assert {item.treaty for item in forbids} == {one.forbids}


def test_neither_draft_stops_a_british_destroyer_on_the_black_sea(drafts):
    (found,) = (
        one
        for one in drafts.gaps
        if (one.treaty, one.clause) == ("us-russia-2021", "5.2")
        and "USA" in one.forbidden
        and "GBR" in one.open_to
        and "surface_warship" in one.kinds
    )
    assert "Black Sea" in rows_of(found)
    ship = next(
        {**feature, "properties": {**feature["properties"], "party": party}}
        for feature in found.witness.features
        for party in ["GBR"]
    )
    ship["geometry"]["coordinates"] = [34.0, 43.0]
    report = check({"type": "FeatureCollection", "features": [ship]}, DRAFTS)
    assert report.violations == ()
    ship["properties"]["party"] = "USA"
    (violation,) = check({"type": "FeatureCollection", "features": [ship]}, DRAFTS).violations
    assert (violation.treaty, violation.clause) == ("us-russia-2021", "5.2")


def test_a_gap_is_open_at_every_place_and_to_every_party_that_it_names(drafts):
    for gap in drafts.gaps:
        for party in gap.open_to:
            one = gap.witness.of(party)
            if gap.witness.party == party:
                report = check({"type": "FeatureCollection", "features": one.features}, DRAFTS)
                assert report.violations == ()


def test_russia_is_free_to_be_where_one_draft_bars_the_other_side(drafts):
    (found,) = (
        gap
        for gap in drafts.gaps
        if (gap.treaty, gap.clause) == ("nato-russia-2021", "7.1") and "ground_force" in gap.kinds
    )
    assert found.open_to == ("RUS",)
    assert {"USA", "GBR", "POL"} <= set(found.forbidden)
    assert {"Kyiv", "Tbilisi"} <= set(rows_of(found))
    # what stood in Ukraine in 1997 was not verified, so article 4 may forbid some of it
    assert found.undecided == ("nato-russia-2021/4",)


def test_what_both_drafts_forbid_is_told_as_such(drafts):
    assert drafts.covered == ("us-russia-2021/4.1", "us-russia-2021/4.2", "nato-russia-2021/6")
    assert drafts.silent == ("us-russia-2021/5.3", "us-russia-2021/7.2", "nato-russia-2021/7.2")


def test_no_party_has_a_gap_at_home(drafts):
    for gap in drafts.gaps:
        if gap.open_to == ("RUS",):
            assert not {"Moscow", "territorial sea off Novorossiysk"} & set(rows_of(gap))


def test_a_treaty_does_not_differ_from_itself(tmp_path):
    path = draft(tmp_path / "t", clause("1", ABROAD))
    assert compare(path, path).are_same
    assert compare(path, load(path)).candidates == 0


@pytest.fixture
def pair(tmp_path):
    """Compare two treaty files, each of one clause or more."""

    def go(one, other, **choices):
        head = HEAD.replace('"small"', '"other"')
        a = draft(tmp_path / "a", *one)
        b = draft(tmp_path / "b", *other, head=head)
        return compare(a, b, level="ne10", **choices)

    return go


def ships(id_, *kinds):
    return clause(id_, ABROAD, applies=f"kind({', '.join(map(repr, kinds))})")


def told(found):
    return [(one.forbids, one.clause, one.kinds) for one in found.differences]


def test_a_kind_that_only_one_names_is_a_difference(pair):
    found = pair([ships("1", "surface_warship")], [ships("1", "surface_warship", "submarine")])
    assert {row[:1] + row[2:] for row in told(found)} == {("other", ("submarine",))}
    assert found.covered == ("small/1",)


def test_a_kind_that_one_leaves_out_of_all_is_a_difference(pair):
    found = pair([clause("1", ABROAD)], [clause("1", ABROAD, applies="not kind('radar')")])
    assert {row[:1] + row[2:] for row in told(found)} == {("small", ("radar",))}


def test_a_limit_that_belongs_to_one_class_and_not_to_the_other_is_a_difference(pair):
    def missiles(condition):
        return clause(
            "1", f"range {condition} 500 and {ABROAD}", applies="kind('missile_launcher')"
        )

    found = pair([missiles(">=")], [missiles(">")])
    assert {ranges for one in found.differences for ranges in rows_of(one).values()} == {(500.0,)}
    assert {one.witness.range_km for one in found.differences} == {500.0}


def test_an_exception_that_only_one_has_is_a_difference(pair):
    radar = clause("1", f"kind('radar') and {ABROAD}")
    found = pair([radar], [radar, unless("agreed", "consent(counterparts)")])
    assert {(one.forbids, one.parties, one.features) for one in found.differences} == {
        ("small", ("USA",), ("with the consent of RUS",)),
        ("small", ("RUS",), ("with the consent of USA",)),
    }


def test_a_place_that_only_one_closes_is_a_difference(pair):
    at_sea = clause("1", "inside(sea('Black Sea'))", applies="kind('submarine')")
    found = pair([at_sea], [clause("1", "inside(sea('Baltic Sea'))", applies="kind('submarine')")])
    places = {one.forbids: rows_of(one) for one in found.differences}
    assert "Black Sea" in places["small"]
    assert "Baltic Sea" not in places["small"]
    assert "Baltic Sea" in places["other"]


def test_a_border_between_states_has_places_on_it(pair):
    band = "distance(border_line(states('RUS'), states('EST'))) <= 50"
    found = pair([clause("1", band, applies="kind('exercise')")], [ships("1", "submarine")])
    names = {name for one in found.differences for name in rows_of(one)}
    assert any(name.startswith("within 50 km of the border line") for name in names)
    assert not any(name.startswith("beyond") for name in names)


def test_who_is_bound_is_a_difference_and_a_gap(pair):
    one = [clause("1", ABROAD, bearers="states('USA')", applies="kind('radar')")]
    other = [clause("1", ABROAD, applies="kind('radar')")]
    found = pair(one, other)
    assert {(item.forbids, item.parties) for item in found.differences} == {("other", ("RUS",))}
    assert found.gaps == ()  # the other closes it to both
    found = pair(one, [ships("1", "submarine")])
    assert [(gap.treaty, gap.forbidden, gap.open_to) for gap in found.gaps] == [
        ("small", ("USA",), ("RUS",))
    ]


def test_readings_and_parameters_change_what_differs(tmp_path):
    band = "distance(land(counterparts)) < param('km')"
    parameter = '[[parameter]]\nname = "km"\ntext = "t"\n\n'
    one = draft(tmp_path / "a", parameter, clause("1", band, applies="kind('submarine')"))
    two = draft(tmp_path / "b", ships("1", "radar"), head=HEAD.replace('"small"', '"other"'))
    assert compare(one, two).silent == ("small/1",)
    found = compare(one, two, params={"km": 300.0})
    assert ("small", "1", ("submarine",)) in told(found)
    assert not compare(*DRAFTS, clauses=["us-russia-2021/7.1"]).are_same


def test_two_versions_of_a_treaty_are_told_apart(tmp_path):
    one = draft(tmp_path / "a", ships("1", "submarine"))
    two = draft(tmp_path / "b", ships("1", "radar"))
    found = compare(one, two)
    assert found.treaties == ("small", "small (second)")
    assert {item.forbids for item in found.differences} == {"small", "small (second)"}


def test_the_same_comparison_gives_the_same_values(pair):
    sides = [ships("1", "surface_warship")], [ships("1", "radar")]
    assert pair(*sides) == pair(*sides)
    assert all(isinstance(gap, Gap) for gap in pair(*sides).gaps)


def test_wrong_names_and_files_are_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="unknown treaty 'nato'"):
        compare("us-russia-2021", "nato")
    with pytest.raises(TreatyError, match="there is no such file"):
        compare("us-russia-2021", tmp_path / "none.toml")
    with pytest.raises(UnknownNameError, match="unknown clause '5'"):
        compare(*DRAFTS, clauses=["5"])
    with pytest.raises(SettingError, match="name at least one clause"):
        compare(*DRAFTS, clauses=[])
    with pytest.raises(UnknownNameError, match="reading"):
        compare(*DRAFTS, readings={"no": "such"})
    text = '[[clause]]\nid = "1"\narticle = "1"\ntext = "t"\ncheck = "none"\nwhy = "intent"\n'
    bare = draft(tmp_path / "t", text)
    other = draft(tmp_path / "u", text, head=HEAD.replace('"small"', '"other"'))
    with pytest.raises(SettingError, match="neither small nor other has a clause"):
        compare(bare, other)
    assert compare(bare, "nato-russia-2021", clauses=["nato-russia-2021/6"]).candidates > 0
