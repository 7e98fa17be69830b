import pytest

from deploygeo.checker.findings import Settings
from deploygeo.clauses.evaluate import Region
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.treaties import load
from deploygeo.zones.closed import bound_by, closed_to
from deploygeo.zones.locus import AllOf, Inside, Near, Outside, Whole, leaves

US, NATO = load("us-russia-2021"), load("nato-russia-2021")


def closed(treaty, clause, party, range_km=None, **settings):
    return closed_to(treaty, treaty.clause(clause), party, range_km, Settings(**settings))


def land(*states):
    return Region("land", frozenset(states))


def territory(*states):
    return Region("territory", frozenset(states))


def test_what_is_in_reach_is_closed_but_for_own_territory():
    found = closed(US, "5.2", "USA", 1600)
    expected = AllOf((Outside(Inside(territory("USA"))), Near(land("RUS"), 1600.0)))
    assert expected == found.place
    assert found.range_km == 1600


def test_the_other_party_finds_the_mirror_of_it_closed():
    found = closed(US, "5.2", "RUS", 500)
    expected = AllOf((Outside(Inside(territory("RUS"))), Near(land("USA"), 500.0)))
    assert expected == found.place


def test_a_territory_is_reached_twelve_miles_earlier_than_its_land():
    found = closed(US, "5.2", "USA", 500, readings={"target_territory": "with-sea"})
    assert Near(land("RUS"), 522.224) in leaves(found.place)


def test_under_a_flat_ban_no_range_is_asked():
    found = closed(US, "5.2", "USA", None, readings={"range_condition": "flat"})
    assert Outside(Inside(territory("USA"))) == found.place
    assert found.range_km is None


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("absolute-abroad", "outside the territory of USA or within 700 km of the land of RUS"),
        ("ranged", "within 700 km of the land of RUS"),
    ],
)
def test_the_reading_says_whether_missiles_abroad_are_closed_everywhere(reading, expected):
    assert expected == str(closed(US, "6", "USA", 700, readings={"limb6": reading}).place)


def test_the_limit_of_the_class_stands_for_the_range_of_a_missile():
    found = closed(NATO, "5", "USA", 700, readings={"reach": "class"})
    assert Near(land("RUS"), 1000.0) == found.place


@pytest.mark.parametrize("range_km", [499.0, 5501.0])
def test_a_missile_of_no_banned_class_finds_nothing_closed(range_km):
    assert Whole(False) == closed(US, "6", "USA", range_km).place


@pytest.mark.parametrize("range_km", [500.0, 5500.0])
def test_the_ends_of_the_banned_class_belong_to_it(range_km):
    assert Whole(False) != closed(US, "6", "USA", range_km).place


def test_a_clause_about_presence_closes_the_territory_itself():
    found = closed(NATO, "7.1", "USA")
    assert "UKR" in found.place.region.states
    assert found.place.region.kind == "territory"


def test_what_is_not_about_place_is_assumed_and_told():
    found = closed(US, "4.2", "USA")
    assert {"UKR", "GEO"} <= leaves(found.place)[0].region.states
    assert any("not activity" in text for text in found.assumed)


def test_a_group_is_closed_out_of_its_hosts():
    assert {"POL", "UKR"} <= closed(NATO, "4", "USA").place.region.states


def test_an_exception_is_told_and_not_taken_off():
    assert any(text.startswith("consent") for text in closed(NATO, "4", "USA").unless)


def test_a_width_left_to_be_agreed_must_be_given():
    with pytest.raises(SettingError, match=r"parameter width_km .* --param width_km=100"):
        closed(NATO, "7.2", "USA")
    found = closed(NATO, "7.2", "USA", params={"width_km": 50.0})
    assert found.place.km == 50.0
    assert found.place.region.kind == "border"


@pytest.mark.parametrize(
    ("clause", "why"),
    [
        ("1", "observable fact"),
        ("3", "only a human"),
        ("4.1", "records, which have no place"),
        ("5.1", "only a human"),
        ("5.3", "between deployments"),
        ("7.3", "names no place"),
        ("8", "not a rule about deployments"),
    ],
)
def test_a_clause_without_a_place_says_so(clause, why):
    with pytest.raises(SettingError, match=f"us-russia-2021/{clause} closes no place: .*{why}"):
        closed(US, clause, "USA", 500)


def test_a_reach_without_a_range_asks_for_one():
    with pytest.raises(SettingError, match="--range 1600"):
        closed(US, "5.2", "USA")


@pytest.mark.parametrize("range_km", [-1.0, float("nan"), float("inf")])
def test_a_range_that_is_none_is_refused(range_km):
    with pytest.raises(SettingError, match="no number of kilometres"):
        closed(US, "5.2", "USA", range_km)


def test_a_party_that_is_not_bound_is_named_with_those_that_are():
    with pytest.raises(UnknownNameError, match="did you mean 'USA'"):
        closed(US, "4.2", "UAS")
    assert bound_by(US, US.clause("4.2"), Settings()) == ("USA",)
    assert len(bound_by(NATO, NATO.clause("5"), Settings())) == 31


def test_every_clause_that_ships_is_drawn_or_says_why_not():
    for treaty in (US, NATO):
        settings = Settings(params={"width_km": 20.0} if treaty is NATO else {})
        for clause in treaty.clauses:
            try:
                bound = bound_by(treaty, clause, settings)
            except SettingError as error:
                assert "closes no place" in str(error)  # noqa: PT017 - either is right
                continue
            try:
                found = closed_to(treaty, clause, bound[0], 1000.0, settings)
            except SettingError as error:
                assert "closes no place" in str(error)  # noqa: PT017 - either is right
            else:
                assert str(found.place) != ""
