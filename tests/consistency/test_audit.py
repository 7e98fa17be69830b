"""The audit measures what each clause closes to each side, and counts whose forces it hits."""

import pytest
from drafts import HEAD, clause, draft

from deploygeo.consistency import Area, audit
from deploygeo.errors import SettingError, TreatyError, UnknownNameError
from deploygeo.model import Deployment, Record
from deploygeo.zones.shared import shares

SHIPS = [
    Deployment(id="u", party="USA", kind="surface_warship", geometry=(34, 43), range_km=1600),
    Deployment(id="r", party="RUS", kind="surface_warship", geometry=(34, 43), range_km=1600),
    Deployment(id="n", party="USA", kind="nuclear_weapon", geometry=(6.6, 51.8)),
]


@pytest.fixture(scope="module")
def missiles():
    """What the two drafts close to ground-launched missiles, as both articles are at 2 500 km."""
    found = {}
    for treaty, article in (("us-russia-2021", "6"), ("nato-russia-2021", "5")):
        for row in audit(treaty, clauses=[article], ranges_km=2500, level="ne10").costs:
            found[treaty, row.side] = row
    return found


def test_the_same_pledge_is_nearly_free_for_russia_in_one_draft_and_costly_in_the_other(missiles):
    """21 and 65 percent of Russia, 16 of the United States: as the notes on the drafts have it."""
    share = {key: 100.0 * row.own_land.share for key, row in missiles.items()}
    assert share["us-russia-2021", "Russia"] == pytest.approx(21.0, abs=1.0)
    assert share["us-russia-2021", "United States"] == pytest.approx(16.0, abs=1.0)
    assert share["nato-russia-2021", "Russia"] == pytest.approx(65.0, abs=1.0)
    assert missiles["us-russia-2021", "Russia"].other_land.share == 1.0


def test_what_is_launched_from_the_ground_closes_no_sea(missiles):
    assert {row.seas for row in missiles.values()} == {None}


def test_the_measured_shares_are_those_of_zones(missiles):
    rows = shares("us-russia-2021/6", ranges_km=2500, parties="RUS", worldviews="un", level="ne10")
    (own,) = (row for row in rows if row.kind == "land" and row.place == "RUS")
    area = missiles["us-russia-2021", "Russia"].own_land
    assert abs(own.share - area.share) <= own.error + area.error
    assert own.area_km2 == pytest.approx(area.whole_km2)


def test_a_finer_outline_stays_within_the_error_that_a_coarse_one_states():
    coarse, fine = (
        audit("nato-russia-2021", clauses=["7.1"], level="ne10", tolerance_m=metres).costs[0]
        for metres in (3000.0, 300.0)
    )
    assert abs(coarse.seas.share - fine.seas.share) <= coarse.seas.error + fine.seas.error
    assert fine.seas.error < coarse.seas.error
    assert coarse.side == "NATO"
    assert coarse.own_land.share == 0.0


def test_forces_are_counted_by_side_and_verdict():
    found = audit("us-russia-2021", SHIPS, clauses=["7.3", "7.1", "5.2"][:1], level="ne10")
    assert [(row.side, dict(row.counts)) for row in found.breaches] == [
        ("United States", {}),
        ("Russia", {}),
    ]
    found = audit("us-russia-2021", SHIPS, clauses=["4.1", "5.3"], level="ne10")
    assert found.deployments == 3
    told = {(row.clause, row.side): dict(row.counts) for row in found.breaches}
    assert told["4.1", "United States"] == {}


def test_an_accession_is_a_breach_of_whom_the_clause_binds():
    georgia = Record(id="g", kind="accession", party="GEO", group="NATO", stay="2022-03-01")
    found = audit("us-russia-2021", [georgia], clauses=["4.1"])
    assert {row.side: dict(row.counts) for row in found.breaches} == {
        "United States": {"violation": 1},
        "Russia": {},
    }


def test_what_only_a_human_decides_is_counted_apart():
    radar = Deployment(id="r", party="USA", kind="radar", geometry=(21.0, 52.2))
    found = audit("us-russia-2021", radar, clauses=["5.1"])
    assert dict(found.breaches[0].counts) == {"for-a-human": 1}


def test_who_is_on_no_side_is_counted_among_others(tmp_path):
    path = draft(tmp_path / "t", clause("1", "always", bearers="everyone", applies="kind('radar')"))
    radar = Deployment(id="r", party="FRA", kind="radar", geometry=(2.0, 48.0))
    found = audit(path, [radar])
    assert {row.side: dict(row.counts) for row in found.breaches}["others"] == {"violation": 1}


def test_records_that_no_clause_asks_for_are_named():
    notice = Record(id="told", kind="notice", party="USA", stay="2021-12-01")
    consent = Record(id="agreed", kind="consent", by=("USA",), subject=("x",))
    found = audit("nato-russia-2021", [notice, consent], clauses=["6"])
    assert found.idle_records == ("told",)


def test_why_a_clause_is_not_measured_is_told():
    found = audit("us-russia-2021", clauses=["3", "4.1", "5.3", "7.3"])
    assert {row.clause: row.why for row in found.costs} == {
        "3": "only a human can decide it",
        "4.1": "it asks of records, which have no place",
        "5.3": "it measures between deployments, wherever they are",
        "7.3": "its rule names no place under these readings",
    }
    assert [row.why for row in audit("nato-russia-2021", clauses=["7.2"]).costs] == [
        "parameter width_km has no value"
    ]


def test_parties_of_one_side_that_find_other_places_closed_are_told_apart(tmp_path):
    baltic = "states('EST', 'LVA', 'LTU', 'FIN', 'POL')"
    path = draft(
        tmp_path / "t",
        clause("1", "inside(land(own))", applies="kind('radar')", bearers=baltic),
        head=HEAD.replace("states('USA')", baltic),
    )
    rows = audit(path, level="ne10").costs
    measured = [row for row in rows if not row.why]
    assert [row.side for row in measured] == ["EST", "FIN", "LTU"]
    assert {row.own_land.share for row in measured} == {1.0}
    assert {row.other_land.share for row in measured} == {0.0}
    (rest,) = (row for row in rows if row.why)
    assert rest.parties == ("LVA", "POL")
    assert rest.why.startswith("2 more, to each of whom it closes other places")


def test_an_area_without_anything_is_no_share():
    assert Area(0.0, 0.0, 0.0).share == 0.0
    assert Area(2.0, 1.0, 5.0).share == Area(2.0, 1.0, 5.0).error == 1.0


def test_faults_of_the_deployments_are_told_and_the_rest_is_counted():
    rows = [{"type": "Feature", "properties": {"id": "x"}, "geometry": None}, SHIPS[0]]
    found = audit("us-russia-2021", rows, clauses=["7.3"])
    assert found.deployments == 1
    assert any("party is missing" in str(fault) for fault in found.faults)


@pytest.mark.parametrize("ranges", [[], 0, -5, [500, "x"], float("nan"), True])
def test_ranges_that_are_none_are_refused(ranges):
    with pytest.raises(SettingError, match="range"):
        audit("us-russia-2021", clauses=["7.3"], ranges_km=ranges)


def test_wrong_names_and_files_are_refused(tmp_path):
    with pytest.raises(UnknownNameError, match="unknown treaty"):
        audit("nato")
    with pytest.raises(TreatyError, match="there is no such file"):
        audit(tmp_path / "none.toml")
    with pytest.raises(SettingError, match="cannot be checked"):
        audit("us-russia-2021", clauses=["1"])
    with pytest.raises(UnknownNameError, match="parameter"):
        audit("us-russia-2021", params={"width": 3.0})
