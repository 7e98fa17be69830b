"""The oracle of verdicts beside the product: all worked cases, and random treaties and scenes."""

import json
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import drafting
import pytest

import deploygeo.checker.facts
import deploygeo.checker.words
from deploygeo.checker.findings import VERDICTS
from deploygeo.clauses.vocabulary import VOCABULARY
from deploygeo.model.membership import members
from deploygeo.testing import oracles
from deploygeo.testing.oracles import words
from deploygeo.testing.oracles.scene import Span
from deploygeo.testing.oracles.verdict import GRAVITY
from deploygeo.treaties import load

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "deploygeo" / "treaties" / "library"
FOLDERS = {
    "us-russia-2021": LIBRARY / "us-russia-2021",
    "nato-russia-2021": LIBRARY / "nato-russia-2021",
    "inf-1987": ROOT / "tests" / "treaties" / "inf-1987",
    "korea-2018": ROOT / "tests" / "treaties" / "korea-2018",
}
ERRORS_DECIDE = {
    "4(2): on one side of that border or the other",
    "7(1): somewhere on either side of a border",
    "4: on either side of the border of Kaliningrad",
    "7(1): 19 km off, within a position error of 6 km",
    "7(2): a width that the borders are not exact enough for",
    "1(2): live fire somewhere near 5 km",
}
"""Cases that are indeterminate by the error of a border or a position alone."""
RANGES_DECIDE = {
    "6: a launcher on land adds nothing to its missile, which is above both limits",
}
"""Cases that are decided for every range of an interval, which the oracle leaves open."""


def plain(value):
    return value.isoformat() if isinstance(value, date) else value


def feature(row, name):
    key = "deployment" if "deployment" in row else "record"
    properties = {"id": name, **{k: plain(v) for k, v in row[key].items()}}
    place = row.get("place")
    geometry = None
    if place is not None:
        kind = "LineString" if isinstance(place[0], list) else "Point"
        geometry = {"type": kind, "coordinates": place}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def cases_of(name):
    """The cases of a treaty that are about points."""
    keys = ("worldview", "readings", "params", "on", "in_force")
    for row in tomllib.loads((FOLDERS[name] / "cases.toml").read_text("utf-8"))["case"]:
        rows = [row, *row.get("more", [])]
        found = [feature(one, f"more-{i}" if i else "case") for i, one in enumerate(rows)]
        if all(one["geometry"] is None or one["geometry"]["type"] == "Point" for one in found):
            chosen = oracles.Choices(**{key: row[key] for key in keys if key in row})
            yield row, found, chosen


@pytest.mark.parametrize("name", FOLDERS)
def test_every_worked_case_at_a_point_has_the_verdict_of_the_oracle(name):
    pact = oracles.Pact.read(FOLDERS[name] / "treaty.toml")
    count = 0
    for row, features, chosen in cases_of(name):
        about = features[0]["properties"]["id"]
        found = oracles.answers(pact, row["clause"], features, chosen, about=about, reach_km=9.0)
        verdicts = [one.verdict for one in found] or ["not-applicable"]
        verdict = min(verdicts, key=GRAVITY.index)
        count += 1
        if row["name"] in ERRORS_DECIDE:
            assert row["verdict"] == "indeterminate", row["name"]
            assert verdict != "indeterminate", row["name"]
        elif verdict == "indeterminate":
            open_ = row["name"] in RANGES_DECIDE or "system" in features[0]["properties"]
            assert row["verdict"] == "indeterminate" or open_, row["name"]
        else:
            assert row["verdict"] == verdict, row["name"]
    assert count > 10


@pytest.mark.parametrize("name", FOLDERS)
def test_every_verdict_on_the_worked_cases_stands_beside_the_oracle(name):
    seen = Counter()
    for row, features, chosen in cases_of(name):
        treaty = FOLDERS[name] / "treaty.toml"
        for one in oracles.compare(treaty, features, chosen, [row["clause"]]):
            seen[one.how] += 1
            assert one.is_right, (row["name"], one.said, one.how)
    assert seen["equal"] > sum(seen.values()) / 2


@pytest.fixture(scope="module")
def near():
    """Some vertices of borders and coasts."""
    earth = oracles.world()
    return [
        (lons[i], lats[i])
        for unit in ("RUS", "NOR", "EST", "UKR", "crimea", "POL", "TUR", "FIN", "GEO")
        for part in earth.land[unit].parts
        for lons, lats in part.rings
        for i in range(0, len(lons), 300)
    ]


@pytest.mark.parametrize("name", ["us-russia-2021", "nato-russia-2021"])
def test_random_scenes_under_the_drafts_stand_beside_the_oracle(name, near):
    for seed in range(12):
        rng = drafting.seeded(f"{name}/{seed}")
        chosen = drafting.choices(rng)
        values = {reading.name: reading.names for reading in load(name).readings}
        chosen["readings"] = {n: rng.choice(v) for n, v in values.items() if rng.random() < 0.2}
        scene = drafting.scene(rng, near)
        try:
            found = oracles.compare(name, scene, oracles.Choices(**chosen), rng=rng)
        except NotImplementedError:  # the distance between two territories
            continue
        assert [one for one in found if not one.is_right] == [], seed


def test_random_treaties_stand_beside_the_oracle(tmp_path, near):
    (tmp_path / "frontier.geojson").write_text(json.dumps(drafting.LINE), encoding="utf-8")
    path = tmp_path / "treaty.toml"
    said = Counter()
    for seed in range(40):
        rng = drafting.seeded(f"draft/{seed}")
        draft = drafting.Draft(rng)
        path.write_text(draft.text, encoding="utf-8")
        chosen = drafting.choices(rng, draft)
        known = {reading.name for reading in load(path).readings}
        chosen["readings"] = {n: v for n, v in chosen["readings"].items() if n in known}
        scene = drafting.scene(rng, near)
        found = oracles.compare(path, scene, oracles.Choices(**chosen), rng=rng)
        assert [one for one in found if not one.is_right] == [], seed
        said.update(one.said for one in found)
    assert set(said) >= {"violation", "compliant", "indeterminate", "not-applicable"}


def test_the_oracle_knows_the_whole_vocabulary():
    assert set(VOCABULARY) == set(words.WORDS)
    assert GRAVITY == VERDICTS


def unit(lon=25.0, lat=58.8, **row):
    row = {"id": "u", "party": "DEU", "kind": "ground_force", "personnel": 500, **row}
    place = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": place, "properties": row}


def todays(name):
    return members(name, date(2024, 6, 1))


def test_a_product_that_takes_todays_members_for_those_of_1997_is_caught(monkeypatch):
    poles = [unit(31.0, 49.0, party="POL")]
    assert all(one.is_right for one in oracles.compare("nato-russia-2021", poles))
    words = {**deploygeo.checker.words.WORDS, "group": lambda case, name, day="": todays(name)}
    monkeypatch.setattr(deploygeo.checker.facts, "WORDS", words)
    found = oracles.compare("nato-russia-2021", poles, clauses=["4"])
    assert [(one.said, one.how) for one in found] == [("violation", "wrong")]


def test_a_product_that_forgets_who_is_strictly_above_is_caught(tmp_path, monkeypatch):
    words = dict(deploygeo.checker.words.WORDS)
    words["echelon_above"] = lambda case, name: words["always"](case)
    monkeypatch.setattr(deploygeo.checker.facts, "WORDS", words)
    row = unit(echelon="brigade", kind="exercise")
    chosen = oracles.Choices(params={"width_km": 400.0})
    found = oracles.compare("nato-russia-2021", [row], chosen, ["7.2"])
    assert [(one.said, one.how) for one in found] == [("violation", "wrong")]


def test_a_product_that_leaves_open_what_is_clear_is_caught(monkeypatch):
    words = dict(deploygeo.checker.words.WORDS)
    words["kind"] = lambda case, *names: words["asserted"](case, "kind")
    monkeypatch.setattr(deploygeo.checker.facts, "WORDS", words)
    found = oracles.compare("nato-russia-2021", [unit()], clauses=["5"])
    assert [(one.said, one.how) for one in found] == [("indeterminate", "unjustified")]


def answer(verdict, slack=100.0, **more):
    return oracles.Answer("u", verdict, slack, Span(), **more)


@pytest.mark.parametrize(
    ("said", "found", "how"),
    [
        ("violation", ["violation", "violation"], "equal"),
        ("violation", ["violation", "compliant"], "wrong"),
        ("violation", ["violation", "indeterminate"], "equal"),
        ("violation", ["indeterminate"], "open"),
        ("compliant", ["compliant", "not-applicable"], "ruled-out"),
        ("compliant", ["not-applicable"], "wrong"),
        ("not-applicable", ["compliant"], "wrong"),
        ("indeterminate", ["violation", "compliant"], "varies"),
        ("indeterminate", ["violation", "indeterminate"], "open"),
        ("indeterminate", ["violation", "violation"], "unjustified"),
    ],
)
def test_a_verdict_is_weighed_by_those_of_exact_worlds(said, found, how):
    assert oracles.weigh(said, [answer(verdict) for verdict in found], 7.0) == how


def test_a_near_limit_justifies_doubt_and_no_decision():
    assert oracles.weigh("indeterminate", [answer("violation", 6.0)], 7.0) == "near"
    assert oracles.weigh("compliant", [answer("violation", 6.0)], 7.0) == "wrong"
    assert oracles.weigh("compliant", [answer("violation", 1e-6)], 7.0) == "on-the-line"
    assert oracles.weigh("compliant", [answer("not-applicable", 6.0)], 7.0) == "ruled-out"


def test_two_exceptions_by_turns_justify_doubt():
    found = [answer("excused", exception=name) for name in ("consent", "mandate")]
    assert oracles.weigh("indeterminate", found, 7.0) == "varies"


def test_exact_worlds_have_the_ends_and_the_thresholds_of_what_is_given():
    row = unit(range_km=[400, 600], personnel=[10, 20], position_error_km=5.0)
    worlds = list(oracles.exact_worlds([row], [500.0], drafting.seeded(1), 60))
    ranges = [world[0]["properties"]["range_km"] for world in worlds]
    people = [world[0]["properties"]["personnel"] for world in worlds]
    assert ranges[:2] == [400, 600]
    assert 500.0 in ranges
    assert all(400 <= value <= 600 for value in ranges)
    assert set(people) <= set(range(10, 21))
    assert {10, 20} <= set(people)
    places = {tuple(world[0]["geometry"]["coordinates"]) for world in worlds}
    assert len(places) > 10
    assert "position_error_km" not in worlds[0][0]["properties"]


def test_a_track_is_refused():
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    with pytest.raises(ValueError, match="u is no point, but a LineString"):
        oracles.Scene.of([{**unit(), "geometry": line}])


def test_a_faulty_feature_is_refused():
    with pytest.raises(ValueError, match="unknown kind"):
        oracles.compare("nato-russia-2021", [unit(kind="tank")])
