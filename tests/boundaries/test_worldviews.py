"""Who holds what: units, worldviews, dates."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploygeo.boundaries import (
    borders,
    exchanged,
    holders,
    states,
    tables,
    units,
    units_of,
    worldviews,
)
from deploygeo.errors import BoundaryError, SettingError, UnknownNameError


@pytest.mark.parametrize(
    ("worldview", "on", "holder"),
    [
        ("un", "2021-12-17", "UKR"),
        ("un", "2014-01-01", "UKR"),
        ("russia", "2014-03-17", "UKR"),
        ("russia", "2014-03-18", "RUS"),
        ("de-facto", "2021-12-17", "RUS"),
    ],
)
def test_crimea_is_held_by(worldview, on, holder):
    assert holders(worldview, on)["crimea"] == holder


def test_every_unit_with_land_has_a_holder_in_every_worldview():
    for worldview in worldviews():
        held = holders(worldview)
        assert [unit for unit in borders("ne10").unit_ids() if not held.get(unit)] == []


def test_every_unit_of_the_table_has_land():
    assert sorted(units()) == list(borders("ne10").unit_ids())


@given(
    worldview=st.sampled_from(sorted(worldviews())),
    on=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
)
def test_on_any_day_every_unit_falls_to_exactly_one_state(worldview, on):
    shared = [unit for state in states() for unit in units_of(state, on=on, worldview=worldview)]
    assert sorted(shared) == sorted(units())


def test_the_holders_change_only_on_the_days_that_rows_name():
    for hold in tables().holds:
        for day in (hold.start, hold.end):
            if day is not None:
                assert hold.covers(day)
        if hold.start is not None:
            assert not hold.covers(hold.start - timedelta(days=1))
        if hold.end is not None:
            assert not hold.covers(hold.end + timedelta(days=1))


def test_overseas_units_can_be_left_out():
    assert {"PRI", "GUM", "USA"} <= set(units_of("USA"))
    assert set(units_of("USA")) - set(units_of("USA", overseas=False)) >= {"PRI", "GUM"}
    assert {"GUF", "REU"} <= set(units_of("FRA")) - set(units_of("FRA", overseas=False))
    assert "GRL" in units_of("DNK")
    assert "SJM" in units_of("NOR")


def test_several_states_and_no_state():
    assert set(units_of(["USA", "RUS"])) == set(units_of("USA")) | set(units_of("RUS"))
    assert units_of([]) == ()


def test_a_date_may_be_text_a_day_or_a_moment():
    days = ("2014-03-18", date(2014, 3, 18), datetime(2014, 3, 18, 23, 59))
    assert len({holders("russia", day)["crimea"] for day in days}) == 1


def test_the_holders_cannot_be_changed():
    with pytest.raises(TypeError):
        holders()["crimea"] = "USA"  # type: ignore[index]


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: holders("rusia"), UnknownNameError, "did you mean 'russia'"),
        (lambda: units_of("UKA"), UnknownNameError, "unknown state 'UKA'"),
        (lambda: holders("un", "2021-02-30"), SettingError, "'2021-02-30' is not a date"),
        (lambda: holders("un", 2021), SettingError, "2021 is not a date"),
    ],
)
def test_what_is_not_known_is_refused_by_name(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_tables_that_contradict_themselves_are_refused_with_every_contradiction(tmp_path):
    (tmp_path / "units.toml").write_text('[units.AAA]\nname = "A"\nsovereign = "AAA"\n')
    (tmp_path / "worldviews.toml").write_text(
        '[worldview.un]\ntitle = "un"\n'
        '[[hold]]\nworldview = "un"\nunit = "AAB"\nholder = "AAA"\n'
        '[[hold]]\nworldview = "nu"\nunit = "AAA"\nholder = "AAA"\n'
        '[[hold]]\nworldview = "un"\nunit = "AAA"\nholder = "X"\nuntil = 2014-03-18\n'
        '[[hold]]\nworldview = "un"\nunit = "AAA"\nholder = "Y"\nfrom = 2014-03-18\n'
    )
    with pytest.raises(BoundaryError) as caught:
        tables(tmp_path)
    for text in (
        "unknown unit 'AAB'",
        "unknown worldview 'nu'",
        "two holders of 'AAA' at a time",
    ):
        assert text in str(caught.value)


def test_a_table_that_does_not_parse_is_refused(tmp_path):
    (tmp_path / "units.toml").write_text("[units.AAA\n")
    with pytest.raises(BoundaryError, match=r"units\.toml does not parse"):
        tables(tmp_path)


def test_two_states_exchange_all_that_they_hold_and_nobody_else_does():
    held = holders("russia", "2021-12-17")
    turned = holders(exchanged("russia", "USA", "RUS"), "2021-12-17")
    swap = {"USA": "RUS", "RUS": "USA"}
    assert dict(turned) == {unit: swap.get(state, state) for unit, state in held.items()}
    assert turned["crimea"] == "USA"
