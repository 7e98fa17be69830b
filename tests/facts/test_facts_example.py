"""The example file: built from its table, complete, and honest about positions and sources."""

import csv
import datetime as dt
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from deploygeo.io import read

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
COLLECTION = json.loads((EXAMPLES / "europe-2021-12-17.geojson").read_text(encoding="utf-8"))
FEATURES = {feature["properties"]["id"]: feature for feature in COLLECTION["features"]}
SYSTEMS = tomllib.loads((ROOT / "deploygeo/model/systems.toml").read_text(encoding="utf-8"))
KEYS = {
    "id",
    "name",
    "party",
    "kind",
    "activity",
    "system",
    "range_km",
    "loadable_range_km",
    "radius_km",
    "basing",
    "nuclear",
    "personnel",
    "contingents",
    "total",
    "part_of",
    "echelon",
    "brigades",
    "from",
    "until",
    "on",
    "times",
    "extent",
    "position_error_km",
    "framework",
    "loadout",
    "with",
    "un_mandate",
    "scenario",
    "source",
    "notes",
    "record",
    "group",
    "by",
    "for",
    "clause",
    "holds",
    "text",
}
KINDS = {
    "surface_warship",
    "submarine",
    "auxiliary_ship",
    "coast_guard",
    "heavy_bomber",
    "medium_bomber",
    "combat_aircraft",
    "patrol_aircraft",
    "missile_launcher",
    "ground_force",
    "air_base",
    "naval_base",
    "nuclear_weapon",
    "nuclear_storage",
    "missile_defence",
    "radar",
    "training_mission",
    "headquarters",
    "logistics",
    "training_area",
    "peacekeeping",
    "exercise",
}
STANDARD = [
    "uss-porter-black-sea",
    "uss-porter-constanta",
    "uss-porter-batumi",
    "uss-mount-whitney-batumi",
    "hms-defender-fiolent",
    "b-1b-lithuania",
    "tu-160-norwegian-sea",
    "tu-22m3-belarus",
    "b61-buechel",
    "b61-kleine-brogel",
    "b61-volkel",
    "b61-aviano",
    "b61-ghedi",
    "b61-incirlik",
    "iskander-chernyakhovsk",
    "aegis-ashore-deveselu",
    "jmtg-u-yavoriv",
    "unifier-yavoriv",
    "efp-tapa",
    "efp-adazi",
    "efp-rukla",
    "efp-orzysz",
    "baltic-air-policing-amari",
    "baltic-air-policing-siauliai",
    "us-germany-total",
    "us-italy-total",
    "us-poland-total",
    "russia-crimea-total",
    "russia-transnistria",
    "zapad-2021-brest",
    "zapad-2021-mulino",
    "finland-accession",
    "sweden-accession",
]


def test_the_file_is_what_the_table_gives():
    script = str(EXAMPLES / "build_europe.py")
    outcome = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True)
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")


def test_there_are_at_least_sixty_deployments_and_ids_are_unique():
    assert len(COLLECTION["features"]) == len(FEATURES)
    assert sum("record" not in each["properties"] for each in FEATURES.values()) >= 60


def test_every_deployment_of_the_standard_findings_is_there():
    assert [each for each in STANDARD if each not in FEATURES] == []


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_uses_known_keys_and_words(name):
    properties = FEATURES[name]["properties"]
    assert set(properties) <= KEYS
    assert properties["source"]
    assert properties["notes"]
    if "record" not in properties:
        assert properties["kind"] in KINDS
        assert properties.get("system", "b61") in SYSTEMS["system"]
        assert properties.get("part_of", name) in FEATURES


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_has_a_date_and_its_stay_is_ordered(name):
    properties = FEATURES[name]["properties"]
    days = {
        key: dt.date.fromisoformat(properties[key])
        for key in ("from", "until", "on")
        if key in properties
    }
    assert days
    assert not {"on", "from"} <= set(days)
    if {"from", "until"} <= set(days):
        assert days["from"] <= days["until"]


@pytest.mark.parametrize("name", FEATURES)
def test_what_is_at_sea_or_in_the_air_states_a_position_error(name):
    properties = FEATURES[name]["properties"]
    moving = properties.get("kind") in {"surface_warship", "auxiliary_ship", "coast_guard"}
    if moving or properties.get("activity") == "fly":
        assert properties["position_error_km"] > 0


@pytest.mark.parametrize("name", FEATURES)
def test_a_whole_and_its_parts_are_of_one_party(name):
    properties = FEATURES[name]["properties"]
    if "part_of" in properties:
        whole = FEATURES[properties["part_of"]]["properties"]
        assert whole.get("total") or whole.get("personnel")
        assert whole["party"] == properties["party"]


def test_the_positions_that_the_documentation_quotes():
    assert FEATURES["uss-porter-black-sea"]["geometry"]["coordinates"] == [34.0, 43.0]
    assert FEATURES["hms-defender-fiolent"]["geometry"]["coordinates"] == [33.42, 44.33]
    assert FEATURES["tu-160-norwegian-sea"]["geometry"]["coordinates"] == [8.0, 69.5]
    assert FEATURES["hms-defender-fiolent"]["properties"]["position_error_km"] == 2


def test_the_totals_of_germany_and_italy_are_on_either_side_of_their_1997_figures():
    path = ROOT / "deploygeo/model/presence_1997.csv"
    with path.open(encoding="utf-8", newline="") as file:
        then = {(row["sender"], row["host"]): row["personnel_max"] for row in csv.DictReader(file)}
    germany = FEATURES["us-germany-total"]["properties"]["personnel"]
    italy = FEATURES["us-italy-total"]["properties"]["personnel"]
    assert germany < int(then["USA", "DEU"])
    assert italy > int(then["USA", "ITA"])


def test_a_record_has_no_geometry_and_names_its_group():
    for name in ("finland-accession", "sweden-accession"):
        assert FEATURES[name]["geometry"] is None
        assert FEATURES[name]["properties"]["record"] == "accession"
        assert FEATURES[name]["properties"]["group"] == "NATO"


def test_the_reader_takes_the_whole_file_without_a_fault():
    reading = read(EXAMPLES / "europe-2021-12-17.geojson")
    assert not reading.faults
    assert len(FEATURES) == len(reading.deployments) + len(reading.records)
