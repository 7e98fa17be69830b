"""The sets of states, read as plain TOML: counts, dates and sources."""

import datetime as dt
import re
import tomllib
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "deploygeo" / "model" / "groups.toml"
GROUPS = tomllib.loads(PATH.read_text(encoding="utf-8"))["group"]
MADRID_EVE = dt.date(1997, 5, 27)
DRAFTS = dt.date(2021, 12, 17)


def members(group, on):
    return {
        row["state"]
        for row in GROUPS[group]["member"]
        if row.get("from", dt.date.min) <= on <= row.get("until", dt.date.max)
    }


@pytest.mark.parametrize(
    ("group", "on", "count"),
    [
        ("NATO", dt.date(1949, 4, 3), 0),
        ("NATO", dt.date(1949, 4, 4), 12),
        ("NATO", MADRID_EVE, 16),
        ("NATO", dt.date(1999, 3, 11), 16),
        ("NATO", dt.date(1999, 3, 12), 19),
        ("NATO", dt.date(2004, 3, 29), 26),
        ("NATO", dt.date(2009, 4, 1), 28),
        ("NATO", dt.date(2017, 6, 5), 29),
        ("NATO", dt.date(2020, 3, 26), 29),
        ("NATO", DRAFTS, 30),
        ("NATO", dt.date(2023, 4, 3), 30),
        ("NATO", dt.date(2023, 4, 4), 31),
        ("NATO", dt.date(2024, 3, 7), 32),
        ("CSTO", MADRID_EVE, 9),
        ("CSTO", dt.date(1999, 4, 1), 9),
        ("CSTO", dt.date(1999, 4, 2), 6),
        ("CSTO", dt.date(2008, 1, 1), 7),
        ("CSTO", DRAFTS, 6),
        ("former-USSR", DRAFTS, 15),
        ("m49-eastern-europe", DRAFTS, 10),
        ("m49-europe", DRAFTS, 45),
        ("south-caucasus", DRAFTS, 3),
        ("central-asia", DRAFTS, 5),
        ("un-eastern-european-group", DRAFTS, 23),
        ("coe", DRAFTS, 47),
        ("coe", dt.date(2022, 3, 16), 46),
        ("coe", dt.date(1971, 1, 1), 17),
        ("osce", DRAFTS, 57),
        ("nuclear-weapon-states", DRAFTS, 5),
    ],
)
def test_a_group_has_the_known_number_of_members_on_a_date(group, on, count):
    assert count == len(members(group, on))


def test_three_members_of_nato_were_soviet_republics_in_2021():
    assert {"EST", "LVA", "LTU"} == members("NATO", DRAFTS) & members("former-USSR", DRAFTS)


def test_uzbekistan_has_two_spells_in_the_csto():
    spells = [row for row in GROUPS["CSTO"]["member"] if row["state"] == "UZB"]
    assert [row["from"].year for row in spells] == [1994, 2006]
    assert [row["until"].year for row in spells] == [1999, 2012]


def test_eastern_europe_is_part_of_europe_and_leaves_out_the_baltic_states():
    eastern = members("m49-eastern-europe", DRAFTS)
    assert eastern < members("m49-europe", DRAFTS)
    assert set() == eastern & {"EST", "LVA", "LTU"}


def test_europe_has_kosovo_and_neither_cyprus_nor_turkiye_nor_the_south_caucasus():
    europe = members("m49-europe", DRAFTS)
    assert "XKX" in europe
    assert set() == europe & {"CYP", "TUR", *members("south-caucasus", DRAFTS)}


def test_every_member_of_nato_takes_part_in_the_osce():
    assert members("NATO", DRAFTS) <= members("osce", DRAFTS)


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_has_a_name_a_text_and_a_source(name):
    assert {"name", "text", "source", "member"} == set(GROUPS[name])
    assert all(GROUPS[name].values())


@pytest.mark.parametrize("name", GROUPS)
def test_rows_are_well_formed_and_spells_of_a_state_do_not_overlap(name):
    spells = defaultdict(list)
    for row in GROUPS[name]["member"]:
        assert set(row) <= {"state", "from", "until", "source"}
        assert re.fullmatch("[A-Z]{3}", row["state"])
        spells[row["state"]].append((row.get("from", dt.date.min), row.get("until", dt.date.max)))
    for each in spells.values():
        each.sort()
        assert all(start <= end for start, end in each)
        assert all(former[1] < later[0] for former, later in pairwise(each))
