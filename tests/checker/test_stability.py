"""The stability of a finding against brute force: every single change, asked anew.

Before, article 4 never listed `deploy`, findings that do not apply listed nothing, and flags
said that they hold under everything without having been asked.
"""

import itertools

import pytest

from deploygeo import boundaries
from deploygeo.checker import VERDICTS, check
from deploygeo.model import Deployment, Record
from deploygeo.treaties import library, load

NATO_4 = "4"
READINGS = {item.name: item for treaty in library() for item in load(treaty).readings}
PARAMS = {"width_km": 100.0, "deadline_days": 30.0, "separation_km": 10.0}


def unit(id_, place, party="USA", kind="ground_force", **more):
    more.setdefault("stay", "2021-12-17")
    return Deployment(id=id_, party=party, kind=kind, geometry=place, **more)


def box(west, south, east, north):
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [ring]}


SCENES = {
    "a warship in the Black Sea": [unit("a", (34.0, 43.0), kind="surface_warship", range_km=1600)],
    "a visit to an ally's port": [
        unit("a", (28.66, 44.15), kind="surface_warship", activity="visit", range_km=[100, 1600])
    ],
    "a transit off Crimea": [
        unit("a", (33.42, 44.33), "GBR", "surface_warship", activity="transit")
    ],
    "a coast guard ship": [unit("a", (41.5, 41.7), kind="coast_guard", range_km=300)],
    "a medium bomber": [
        unit("a", (30.0, 54.0), "RUS", "medium_bomber", activity="fly", range_km=5000)
    ],
    "a missile in the class or not": [
        unit("a", (21.8, 54.63), "RUS", "missile_launcher", range_km=[400, 700])
    ],
    "a missile on Guam": [unit("a", (144.8, 13.5), kind="missile_launcher", range_km=800)],
    "weapons abroad": [
        unit("a", (7.06, 50.17), kind="nuclear_weapon"),
        unit("b", (41.0, 43.0), "RUS", kind="nuclear_storage", nuclear=True),
    ],
    "forces in Crimea and at home": [
        unit("a", (34.1, 44.95), "RUS", personnel=30_000),
        unit("b", (37.6, 55.75), "RUS", personnel=30_000),
    ],
    "forces in Transnistria": [unit("a", (29.6, 46.85), "RUS", activity="base", personnel=1500)],
    "forces in Germany and Poland": [
        unit("a", (9.0, 50.0), activity="base", personnel=60_000),
        unit("b", (21.0, 52.2), personnel=15),
        unit("c", (20.5, 52.0), "GBR", personnel=15),
    ],
    "forces on Greenland": [unit("a", (-68.7, 76.53), personnel=131)],
    "peacekeepers in Kosovo": [
        unit("a", (21.2, 42.4), "ITA", "peacekeeping", personnel=620, un_mandate="1244")
    ],
    "an exercise near a border line": [
        unit("a", (24.0, 52.4), "RUS", "exercise", echelon="brigade", brigades=2, personnel=9000)
    ],
    "a place on either side of a border": [
        unit("a", (21.0, 54.36), "RUS", personnel=100, position_error_km=20)
    ],
    "an area across a border": [unit("a", box(13.5, 52.2, 15.5, 52.8), "DEU", personnel=100)],
    "a training mission": [
        unit("a", (23.5, 49.96), "CAN", "training_mission", partners=["UKR"], personnel=200)
    ],
    "accessions and consent": [
        Record(id="r", kind="accession", party="FIN", group="NATO", stay="2023-04-04"),
        Record(id="s", kind="accession", party="LTU", group="NATO", stay="2004-03-29"),
        unit("a", (24.2, 55.1), "DEU", personnel=500),
        Record(id="c", kind="consent", by=["NATO", "RUS"], subject=["a"]),
    ],
}


def verdicts(scene, worldview, readings):
    report = check(scene, worldview=worldview, readings=readings, params=PARAMS)
    return {finding.id: finding for finding in report.findings}


def verdict_of(finding, before, after):
    """Return the verdict on what a finding is about under other choices.

    A group is followed to where its members are then.
    """
    if finding.clause != NATO_4 or finding.subject != "group":
        return after[finding.id].verdict
    pairs = {
        (member, item.host)
        for item in before.values()
        if item.subject == "group" and item.party == finding.party
        for member in item.members
    }
    found = [
        item.verdict
        for item in after.values()
        if item.subject == "group" and item.party == finding.party
        for member in item.members
        if member in finding.members
        and (item.host == finding.host or (member, item.host) not in pairs)
    ]
    return min(found, key=VERDICTS.index, default="not-applicable")


def changes(worldview, readings):
    for name, reading in READINGS.items():
        for value in reading.names:
            if value != readings.get(name, reading.default):
                yield f"{name} = {value}", worldview, {**readings, name: value}
    for other in boundaries.worldviews():
        if other != worldview:
            yield f"worldview = {other}", other, readings


@pytest.mark.parametrize(
    ("name", "worldview", "readings"),
    [
        *((name, "un", {}) for name in SCENES),
        ("forces in Crimea and at home", "russia", {}),
        ("forces in Crimea and at home", "un", {"deploy": "based"}),
        ("forces in Transnistria", "de-facto", {"other_europe": "any"}),
        ("forces in Germany and Poland", "un", {"other_europe": "any", "baseline": "host"}),
        ("forces on Greenland", "un", {"other_europe": "any"}),
        ("forces on Greenland", "un", {"other_europe": "any", "overseas": "metropolitan"}),
        ("weapons abroad", "russia", {"nuclear_outside": "literal"}),
    ],
)
def test_the_listed_flips_are_those_of_brute_force(name, worldview, readings):
    scene = SCENES[name]
    before = verdicts(scene, worldview, readings)
    expected = {id_: {} for id_ in before}
    for change, view, chosen in changes(worldview, readings):
        after = verdicts(scene, view, chosen)
        for id_, finding in before.items():
            verdict = verdict_of(finding, before, after)
            if verdict != finding.verdict:
                expected[id_][change] = verdict
    listed = {
        id_: {flip.change: flip.verdict for flip in finding.stability}
        for id_, finding in before.items()
    }
    assert expected == listed


def test_all_findings_of_the_scenes_flip_somewhere_or_do_not_apply():
    """The test above would pass on scenes that nothing changes."""
    found = itertools.chain.from_iterable(
        verdicts(scene, "un", {}).values() for scene in SCENES.values()
    )
    flipping = {finding.verdict for finding in found if finding.stability}
    assert flipping == {"violation", "indeterminate", "excused", "compliant", "not-applicable"}
