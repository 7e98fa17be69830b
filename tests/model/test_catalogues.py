"""The shipped tables load, and a wrong table says where it is wrong."""

import subprocess
import sys
from datetime import date

import pytest

from deploygeo.errors import InputError, SettingError, UnknownNameError
from deploygeo.model import (
    ACTIVITIES,
    KINDS,
    PARTIES,
    group,
    groups,
    members,
    nato,
    presence,
    system,
    systems,
)
from deploygeo.model.baseline import load_presence
from deploygeo.model.catalogue import load_systems
from deploygeo.model.membership import load_groups
from deploygeo.model.parties import TERRITORIES


def test_importing_the_model_imports_no_geometry():
    names = "[name in sys.modules for name in ('shapely', 'numpy')]"
    code = f"import deploygeo.model, deploygeo.io, sys; print({names})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[False, False]\n"


def test_every_word_has_a_meaning_of_one_line():
    meanings = [*KINDS.values(), *ACTIVITIES.values()]
    assert [text for text in meanings if not text or "\n" in text] == []


def test_parties_and_territories_are_those_of_iso_3166_with_kosovo_and_nato():
    assert len(PARTIES) + len(TERRITORIES) == 251
    assert not PARTIES.keys() & TERRITORIES.keys()
    assert [code for code in PARTIES if len(code) != 3] == ["NATO"]


def test_every_shipped_system_has_a_name_and_a_source():
    assert [one.id for one in systems().values() if not one.sources or not one.name] == []


def test_nato_grows_on_the_day_of_accession():
    assert [len(nato(day)) for day in ("1997-05-27", "1999-03-11", "1999-03-12", "2021-12-17")] == [
        16,
        16,
        19,
        30,
    ]
    assert (
        nato("2021-12-17") == group("NATO").on(date(2021, 12, 17)) == members("NATO", "2021-12-17")
    )


def test_a_group_on_what_is_not_a_day_is_refused():
    for day in ("2021", "2021-13-01", "20211217", 2021):
        with pytest.raises(SettingError):
            nato(day)


def test_an_unknown_group_is_named_with_the_near_one():
    with pytest.raises(UnknownNameError, match="NATO"):
        members("Nato", "2021-12-17")


def test_all_group_members_are_parties():
    states = {member.state for one in groups().values() for member in one.members}
    assert states - PARTIES.keys() == set()


def test_presence_of_a_pair_that_nobody_looked_up_is_none():
    assert presence("USA", "USA", 1815) is None


def test_presence_of_us_forces_in_germany_and_italy_in_1997_is_known():
    found = [presence("USA", host).personnel for host in ("DEU", "ITA")]
    assert [interval.lo for interval in found] == [60053.0, 11677.0]


def test_a_wrong_catalogue_lists_all_its_faults(tmp_path):
    path = tmp_path / "systems.toml"
    path.write_text(
        '[system.a]\nname = ""\nrange_km = [5, 1]\nbasing = "see"\n'
        '[system.b]\nname = "b"\nstatus = "sourced"\noperators = ["USSR"]\nrnage_km = 3\n'
    )
    with pytest.raises(InputError) as caught:
        load_systems(path)
    assert [fault.pointer for fault in caught.value.faults] == [
        "system.a.name",
        "system.a.range_km",
        "system.a.basing",
        "system.b.rnage_km",
        "system.b.operators",
        "system.b.sources",
    ]


def test_wrong_groups_list_all_their_faults(tmp_path):
    path = tmp_path / "groups.toml"
    path.write_text(
        '[group.A]\nname = "A"\n[[group.A.member]]\nstate = "RUS"\nfrom = 2001-01-01\n'
        'until = 2000-01-01\n[[group.A.member]]\nstate = "USSR"\n[group.B]\nname = "B"\n'
    )
    with pytest.raises(InputError) as caught:
        load_groups(path)
    assert [fault.pointer for fault in caught.value.faults] == [
        "group.A.member[0]",
        "group.A.member[1].state",
        "group.B",
    ]


def test_a_wrong_table_of_presence_names_the_lines(tmp_path):
    head = "sender,host,year,month,personnel_min,personnel_max,measure,note,source,status\n"
    path = tmp_path / "presence.csv"
    path.write_text(
        head + "USA,DEU,1997,September,1,2,m,,s,sourced\nUSA,XXX,1997,,1,2,m,,s,sourced\n"
        "USA,DEU,1997,,,,m,,s,x\nUSA,ITA,1997,,1,,m,,s,x\n"
    )
    with pytest.raises(InputError) as caught:
        load_presence(path)
    assert [fault.line for fault in caught.value.faults] == [3, 4, 5]


@pytest.mark.parametrize("load", [load_systems, load_groups, load_presence])
def test_a_missing_table_is_an_input_error(load, tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        load(tmp_path / "none")


@pytest.mark.parametrize("name", [None, 5, [], "NTAO"])
def test_a_name_of_any_kind_that_nobody_defined_is_unknown(name):
    for find in (group, system):
        with pytest.raises(UnknownNameError, match="unknown"):
            find(name)
