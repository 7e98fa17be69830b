"""The catalogue of ranges, read as plain TOML."""

import re
import tomllib
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "deploygeo" / "model" / "systems.toml"
SYSTEMS = tomllib.loads(PATH.read_text(encoding="utf-8"))["system"]
REQUIRED = {"name", "kind", "basing", "weapons", "operators", "sources", "status", "note"}
OPTIONAL = {"range_km", "loadable_range_km", "radius_km", "nuclear"}
# Nothing on Earth is farther away than half a meridian ellipse, about 20 004 km.
FARTHEST_KM = 20_004


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_has_every_field_and_no_other(name):
    system = SYSTEMS[name]
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name)
    assert set(system) >= REQUIRED
    assert set(system) <= REQUIRED | OPTIONAL
    assert system["basing"] in {"ground", "sea", "air"}
    assert system["status"] in {"sourced", "weak-source"}
    assert system["sources"]
    assert all(re.fullmatch("[A-Z]{3}", operator) for operator in system["operators"])


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_interval_is_ordered_and_fits_on_the_earth(name):
    for key in ("range_km", "loadable_range_km", "radius_km"):
        if key in SYSTEMS[name]:
            low, high = SYSTEMS[name][key]
            assert 0 <= low <= high <= FARTHEST_KM


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_weapon_is_a_system_of_the_catalogue(name):
    assert set(SYSTEMS[name]["weapons"]) <= set(SYSTEMS)


@pytest.mark.parametrize(
    ("name", "range_km"),
    [
        ("tomahawk", [1600, 2400]),
        ("arleigh-burke", [1600, 2400]),
        ("blue-ridge", [0, 0]),
        ("type-45", [0, 0]),
        ("b-1b", [900, 1000]),
        ("jassm-er", [900, 1000]),
        ("tu-160", [2500, 5500]),
        ("kh-101", [2500, 5500]),
        ("tu-22m3", [400, 1000]),
        ("iskander-m", [400, 700]),
        ("aegis-ashore", [0, 2400]),
        ("9m729", [480, 2500]),
    ],
)
def test_the_systems_of_the_standard_findings_are_sourced(name, range_km):
    assert range_km == SYSTEMS[name]["range_km"]
    assert SYSTEMS[name]["status"] == "sourced"


def test_the_disputed_missile_straddles_the_limit_of_500_km():
    low, high = SYSTEMS["9m729"]["range_km"]
    assert low < 500 < high
