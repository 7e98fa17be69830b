"""Episodes of tracks: where a rule is broken, against sampling of the rule itself."""

import json
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo import boundaries, check
from deploygeo import report as reporters
from deploygeo.checker import episodes as module
from deploygeo.checker.episodes import FLOOR_M, paths_of
from deploygeo.geodesy import distance_m, inverse
from deploygeo.model import Deployment
from deploygeo.treaties import load

profile = settings(max_examples=25, deadline=None, derandomize=True, database=None)
TREATY = """
id = "band"
title = "A band off the coast"
status = "draft"
source = "invented for this test"

[[clause]]
id = "1"
article = "1"
text = "Warships stay away."
bearers = "everyone"
"""
UKR = "distance(land(states('UKR')))"
TUR = "distance(land(states('TUR')))"
# Across the Black Sea from the Bosporus to Odesa, and on to Batumi.
ACROSS = [(29.2, 41.5), (30.9, 46.2), (41.3, 41.8)]
#: The stated error of a coast there is 1 km, and of the delta on its border 3.5 km.
ERROR_KM = 5.0


@pytest.fixture
def treaty(tmp_path):
    def make(rule, **more):
        path = tmp_path / "treaty.toml"
        lines = [f"{key} = {json.dumps(value)}" for key, value in {**more, "rule": rule}.items()]
        path.write_text("\n".join([TREATY.rstrip(), *lines]) + "\n", encoding="utf-8")
        return load(path)

    return make


def ship(places=ACROSS, **values):
    geometry = {"type": "LineString", "coordinates": [list(place) for place in places]}
    filled = {"geometry": geometry, "stay": None if "times" in values else "2021-11-10"}
    return Deployment(id="ship", party="USA", kind="surface_warship", **{**filled, **values})


def only(report):
    (finding,) = report.findings
    return finding


def sampled(places, count=1500):
    (path,) = paths_of(ship(places).geometry)
    ways = np.linspace(0, path.length_m, count)
    return ways, path.at(ways)


def away_km(places_at, state):
    units = boundaries.units_of([state], on=date(2021, 11, 10), worldview="un", overseas=True)
    return distance_m(*places_at, boundaries.borders("hybrid").territory(units)) / 1000


def listed(finding, ways, at):
    """Return which samples lie in an episode, by the nearest sample of its ends."""
    inside = np.zeros(len(ways), dtype=bool)
    for episode in finding.episodes:
        ends = [
            int(
                np.argmin(inverse(*at, np.full(len(ways), one.lon), np.full(len(ways), one.lat))[0])
            )
            for one in (episode.first, episode.last)
        ]
        inside[ends[0] : ends[1] + 1] = True
    return inside


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        (f"{UKR} < 150", lambda ukr, tur: ukr < 150),
        (f"{UKR} > 200 and {TUR} > 60", lambda ukr, tur: (ukr > 200) & (tur > 60)),
        (f"{UKR} < 100 or {TUR} < 50", lambda ukr, tur: (ukr < 100) | (tur < 50)),
        (f"not ({UKR} < 100 or {TUR} < 50)", lambda ukr, tur: ~((ukr < 100) | (tur < 50))),
    ],
)
def test_the_episodes_of_a_rule_are_the_sampled_stays(treaty, rule, holds):
    finding = only(check(ship(), treaty(rule)))
    ways, at = sampled(ACROSS)
    ukr, tur = away_km(at, "UKR"), away_km(at, "TUR")
    inside = listed(finding, ways, at)
    assert finding.verdict == "violation"
    assert finding.open_km == 0.0
    assert len(finding.episodes) >= 1
    # the stated error of the coast is counted for the ship
    sure = np.all([holds(ukr + a, tur + b) for a in (-5, 5) for b in (-5, 5)], axis=0)
    maybe = np.any([holds(ukr + a, tur + b) for a in (-5, 5) for b in (-5, 5)], axis=0)
    step = ways[1]
    assert step > FLOOR_M  # so that the ends are good to one sample
    margin = np.convolve(maybe, [1, 1, 1], "same") > 0
    assert not (inside & ~margin).any()
    core = np.convolve(~sure, [1, 1, 1], "same") == 0
    assert not (core & ~inside).any()


@profile
@given(
    st.lists(st.tuples(st.floats(28, 41), st.floats(41, 46)), min_size=2, max_size=5),
    st.floats(20, 300),
)
def test_no_sampled_breach_is_left_out_and_none_is_invented(places, limit):
    if inverse(*places[0], *places[-1])[0] < 1 or len(set(places)) < 2:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "treaty.toml")
        path.write_text(f'{TREATY}rule = "{UKR} < {limit:.3f}"\n', encoding="utf-8")
        finding = only(check(ship(places), load(path)))
    _, at = sampled(places)
    ukr = away_km(at, "UKR")
    if finding.verdict == "compliant":
        assert finding.episodes == ()
        assert ukr.min() >= limit - 2 * ERROR_KM
        return
    certain = all(episode.certain for episode in finding.episodes)
    for episode in finding.episodes:
        for one in (episode.first, episode.last, episode.deepest):
            assert away_km((one.lon, one.lat), "UKR") <= limit + (0 if certain else ERROR_KM)
    nearest = min(away_km((one.deepest.lon, one.deepest.lat), "UKR") for one in finding.episodes)
    assert nearest <= ukr.min() + max(0.1, 0.01 * limit) + ERROR_KM


def test_a_conjunction_must_hold_at_one_and_the_same_place(treaty):
    """Near Turkey at one end, near Ukraine at the other, and nowhere near both."""
    finding = only(check(ship(), treaty(f"{UKR} < 60 and {TUR} < 60")))
    assert finding.verdict == "compliant"
    assert finding.episodes == ()


def test_where_a_clause_applies_and_where_it_is_broken_is_one_place(treaty):
    """Each was sought on the track by itself, so that 5.3 was broken where it did not apply."""
    near_both = treaty(f"{UKR} < 60", applies=f"{TUR} < 60")
    assert only(check(ship(), near_both)).verdict == "compliant"
    finding = only(check(ship(), treaty(f"{UKR} < 400", applies=f"{TUR} < 200")))
    assert finding.verdict == "violation"
    for one in finding.episodes:
        for end in (one.first, one.last):
            assert away_km((end.lon, end.lat), "TUR") <= 200
            assert away_km((end.lon, end.lat), "UKR") <= 400


def test_an_exception_that_holds_elsewhere_on_the_track_excuses_nothing(tmp_path):
    text = f"""{TREATY}
rule = "{UKR} < 100"

[[clause.unless]]
name = "home waters"
text = "Near Turkey all is allowed."
rule = "{TUR} < %s"
"""
    for limit, verdict in (("60", "violation"), ("900", "excused")):
        path = tmp_path / "treaty.toml"
        path.write_text(text % limit, encoding="utf-8")
        finding = only(check(ship(), load(path)))
        assert finding.verdict == verdict
        assert len(finding.episodes) == 1


def test_an_obligation_that_is_broken_everywhere_is_one_episode(treaty):
    finding = only(check(ship(), treaty(f"{UKR} > 2000", modality="oblige")))
    assert finding.verdict == "violation"
    assert [(one.from_start, one.to_end) for one in finding.episodes] == [(True, True)]


def test_times_are_linear_in_the_distance_gone(treaty):
    start = datetime(2021, 11, 10, tzinfo=UTC)
    times = [start, start + timedelta(hours=20)]
    places = [(30.9, 41.8), (30.9, 46.0)]
    finding = only(check(ship(places, times=times), treaty(f"{UKR} < 150")))
    (episode,) = finding.episodes
    whole = inverse(*places[0], *places[1])[0]
    gone = inverse(*places[0], episode.first.lon, episode.first.lat)[0]
    expected = start + timedelta(hours=20) * (gone / whole)
    assert abs(episode.first.time - expected) <= timedelta(seconds=1)
    assert episode.last.time == times[-1]
    assert (episode.from_start, episode.to_end) == (False, True)
    assert episode.first.time <= episode.deepest.time <= episode.last.time
    told = " ".join(
        reporters.to_text(check(ship(places, times=times), treaty(f"{UKR} < 150"))).split()
    )
    assert f"in breach from {episode.first.time:%Y-%m-%d %H:%M} UTC at 30.90° E " in told
    assert "to the end of the track, 2021-11-10 20:00 UTC at 30.90° E 46.00° N; deepest" in told


def test_a_rule_that_no_place_changes_is_one_episode_without_a_depth(treaty):
    finding = only(check(ship(), treaty("always")))
    (episode,) = finding.episodes
    assert (episode.from_start, episode.to_end) == (True, True)
    assert episode.depth_km == (np.inf, np.inf)
    assert json.loads(reporters.to_json(check(ship(), treaty("always"))))["findings"][0][
        "episodes"
    ][0]["depth_km"] == [None, None]


def test_what_only_may_be_a_breach_is_told_as_such(treaty):
    finding = only(check(ship(range_km=[100, 500]), treaty("reaches(land(states('UKR')), range)")))
    assert finding.verdict == "violation"
    assert all(episode.certain for episode in finding.episodes)
    far = [(29.2, 41.5), (41.3, 41.8)]
    finding = only(
        check(ship(far, range_km=[100, 400]), treaty("reaches(land(states('UKR')), range)"))
    )
    assert finding.verdict == "indeterminate"
    assert len(finding.episodes) >= 1
    assert not any(episode.certain for episode in finding.episodes)


def test_a_point_an_area_and_an_uncertain_line_have_no_episodes(treaty):
    rule = treaty(f"{UKR} < 900")
    box = {"type": "Polygon", "coordinates": [[[30, 43], [32, 43], [32, 44], [30, 44], [30, 43]]]}
    point = {"type": "Point", "coordinates": [31, 44]}
    for one in (ship(geometry=point), ship(geometry=box), ship(extent="uncertain")):
        finding = only(check(one, rule))
        assert finding.verdict == "violation"
        assert finding.episodes == ()


def test_a_line_cut_at_the_antimeridian_is_one_track(treaty):
    cut = {
        "type": "MultiLineString",
        "coordinates": [[[175.0, 60.0], [180.0, 61.0]], [[-180.0, 61.0], [-172.0, 60.0]]],
    }
    finding = only(check(ship(geometry=cut), treaty("distance(land(states('RUS'))) < 600")))
    assert [(one.from_start, one.to_end) for one in finding.episodes] == [(True, True)]
    assert (finding.episodes[0].first.lon, finding.episodes[0].last.lon) == (175.0, -172.0)


def test_inside_a_sea_the_depth_is_the_way_to_its_limit(treaty):
    """Inside a sea the score was without place, so that a track through it was not searched."""
    places = [(25.0, 40.3), (26.5, 40.2), (29.3, 41.3), (34.0, 43.0), (38.0, 45.0), (37.0, 46.0)]
    finding = only(check(ship(places), treaty("inside(sea('Black Sea'))")))
    assert finding.verdict == "violation"
    assert finding.open_km == 0.0
    (episode,) = finding.episodes
    assert (episode.from_start, episode.to_end) == (False, False)
    assert episode.depth_km[0] > 100


def test_spent_evaluations_leave_a_stretch_open_and_the_report_says_so(treaty, monkeypatch):
    monkeypatch.setattr(module, "MOST_EVALUATIONS", 8)
    report = check(ship(), treaty(f"{UKR} < 150"))
    finding = only(report)
    assert finding.open_km > FLOOR_M / 1000
    assert "may lack some shorter than" in reporters.to_text(report)
    shown = json.loads(reporters.to_json(report))
    assert shown["findings"][0]["episodes_open_km"] == round(finding.open_km, 3)
    monkeypatch.undo()
    full = only(check(ship(), treaty(f"{UKR} < 150")))
    assert full.open_km == 0.0
    assert len(full.episodes) >= len(finding.episodes)


def test_evaluations_are_bounded_however_long_the_track_is(treaty, monkeypatch):
    asked = []
    plain = module.evaluate
    monkeypatch.setattr(module, "evaluate", lambda *args: asked.append(1) or plain(*args))
    turns = np.linspace(0, 60, 3000)
    places = [(33 + 4 * np.cos(t), 43.4 + 1.5 * np.sin(t)) for t in turns]
    finding = only(check(ship(places), treaty(f"{UKR} < 150")))
    assert len(finding.episodes) >= 5
    # and the two ends of each episode
    assert len(asked) <= module.MOST_EVALUATIONS + 2 * len(finding.episodes)


def test_a_report_with_episodes_fits_its_schema(treaty):
    times = [datetime(2021, 11, 10, hour, tzinfo=UTC) for hour in (0, 9, 20)]
    report = check(ship(times=times), treaty(f"{UKR} < 150"))
    shown = json.loads(reporters.to_json(report))
    jsonschema.Draft202012Validator(reporters.report_schema()).validate(shown)
    (episode,) = shown["findings"][0]["episodes"]
    assert episode["first"]["time"].startswith("2021-11-10T0")
    features = json.loads(reporters.to_geojson(report))["features"]
    roles = [one["properties"]["role"] for one in features]
    assert [role for role in roles if role.startswith("episode")] == [
        "episode-first",
        "episode-last",
        "episode-deepest",
    ]
    assert reporters.to_csv(report).count(episode["first"]["time"]) == 1
