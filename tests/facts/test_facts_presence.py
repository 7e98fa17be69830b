"""Who had how many people where in 1997, read as plain CSV."""

import csv
from pathlib import Path

PATH = Path(__file__).parents[2] / "deploygeo" / "model" / "presence_1997.csv"
with PATH.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
BY_PAIR = {(row["sender"], row["host"]): row for row in ROWS}
COLUMNS = "sender,host,year,month,personnel_min,personnel_max,measure,note,source,status"


def personnel(sender, host):
    row = BY_PAIR[sender, host]
    return row["personnel_min"], row["personnel_max"]


def test_the_columns_are_those_that_the_reader_expects():
    assert COLUMNS.split(",") == list(ROWS[0])


def test_a_pair_has_one_row():
    assert len(ROWS) == len(BY_PAIR)


def test_every_row_is_of_1997_and_names_a_source():
    assert {"1997"} == {row["year"] for row in ROWS}
    assert all(row["source"] and row["measure"] for row in ROWS)


def test_figures_are_ordered_and_an_unverified_row_has_none():
    for row in ROWS:
        low, high = row["personnel_min"], row["personnel_max"]
        if row["status"] == "unverified":
            assert (low, high) == ("", "")
        else:
            assert row["status"] == "sourced"
            assert 0 <= int(low) <= int(high)


def test_the_us_figures_are_exact_and_those_of_the_september_report_say_so():
    rows = [row for row in ROWS if row["sender"] == "USA"]
    assert all(row["personnel_min"] == row["personnel_max"] for row in rows)
    assert all(row["month"] == "9" or "annual" in row["measure"] for row in rows)


def test_the_figures_of_the_standard_findings():
    assert personnel("USA", "DEU") == ("60053", "60053")
    assert personnel("USA", "ITA") == ("11677", "11677")
    assert personnel("USA", "ROU") == ("12", "12")
    assert personnel("USA", "UKR") == ("10", "10")


def test_a_ceiling_is_the_interval_from_zero():
    assert personnel("RUS", "UKR") == ("0", "25000")
    assert BY_PAIR["RUS", "UKR"]["measure"] == "ceiling"


def test_what_stood_in_transnistria_in_1997_is_unknown_and_not_zero():
    assert personnel("RUS", "MDA") == ("", "")
