"""Where a condition is deepest on a track or in an area, against sampling of the condition."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from deploygeo.checker import explore
from deploygeo.checker.explore import MOST_EVALUATIONS, TOLERANCE_M, over
from deploygeo.clauses.outcome import leaf
from deploygeo.clauses.truth import Truth
from deploygeo.geodesy import inverse
from deploygeo.geodesy.path import Path

TRACK = shapely.LineString([(-20.0, 40.0), (5.0, 62.0), (30.0, 35.0)])
AREA = shapely.Polygon([(10, 50), (24, 50), (24, 58), (16, 54), (10, 58)])
HOLED = AREA.difference(shapely.Point(20, 53).buffer(1.5))
GEOMETRIES = {"track": TRACK, "area": AREA, "with a hole": HOLED}


def islands(seed):
    """A condition that holds within a range of some islands; deeper where it is nearer."""
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-25, 35, 6), rng.uniform(33, 64, 6)
    range_m = rng.uniform(1e5, 9e5)
    asked = []

    def score_m(place):
        return float(np.max(range_m - inverse(place[0], place[1], lon, lat)[0]))

    def ask(place):
        asked.append(place)
        score = score_m(place)
        return replace(leaf("near", Truth.of(score >= 0.0)), score_m=(score, score))

    return ask, score_m, asked


def sampled(geometry):
    if geometry.geom_type == "LineString":
        path = Path.of(*shapely.get_coordinates(geometry).T)
        return list(zip(*path.at(np.linspace(0.0, path.length_m, 3_000)), strict=True))
    west, south, east, north = geometry.bounds
    lon, lat = np.meshgrid(np.linspace(west, east, 80), np.linspace(south, north, 80))
    inside = shapely.intersects_xy(geometry, lon, lat)
    edge = shapely.get_coordinates(shapely.segmentize(geometry.boundary, 0.05))
    return [*zip(lon[inside], lat[inside], strict=True), *map(tuple, edge)]


@pytest.mark.parametrize("seed", [1, 4, 5])
@pytest.mark.parametrize("name", GEOMETRIES)
def test_no_sampled_place_is_deeper_than_the_deepest_by_more_than_a_hundredth(name, seed):
    ask, score_m, asked = islands(seed)
    best, bound = explore._deepest(explore.pieces_of(GEOMETRIES[name]), ask)
    deepest = max(score_m(place) for place in sampled(GEOMETRIES[name]))
    reached = best.score_m[1]
    allowed = max(TOLERANCE_M, 0.01 * abs(reached))
    assert deepest <= bound
    assert reached == max(map(score_m, asked))
    assert len(asked) <= MOST_EVALUATIONS + 1
    if len(asked) < MOST_EVALUATIONS:
        assert reached >= deepest - allowed
        assert bound <= reached + allowed
    else:  # six ranges end at nearly one depth: the bound says what is not known
        assert (name, seed) in {("area", 5), ("with a hole", 5)}


@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("seed", [1, 4, 5])
@pytest.mark.parametrize("name", GEOMETRIES)
def test_the_truth_over_a_geometry_is_that_of_its_samples(name, seed, uncertain):
    ask, score_m, _ = islands(seed)
    truth = over(GEOMETRIES[name], ask, uncertain=uncertain).truth
    scores = [score_m(place) for place in sampled(GEOMETRIES[name])]
    if uncertain:
        wanted = {Truth.TRUE} if min(scores) > TOLERANCE_M else {Truth.UNKNOWN}
        wanted = {Truth.FALSE} if max(scores) < -TOLERANCE_M else wanted
    else:
        wanted = {Truth.of(max(scores) >= 0.0)}
    close = min(abs(max(scores)), abs(min(scores))) < 0.01 * max(map(abs, scores))
    assert truth in wanted or close


def test_what_is_not_decided_is_told_in_kilometres():
    """The margin runs from the shallowest place to the deepest."""
    ask, score_m, _ = islands(1)
    outcome = over(AREA, ask, uncertain=True)
    scores = [score_m(place) for place in sampled(AREA)]
    (margin,) = outcome.margins
    assert margin.unit == "km"
    assert outcome.why == ("position",)
    assert margin.lo <= min(scores) / 1000 <= margin.lo + 0.02 * abs(margin.lo)
    assert margin.hi >= max(scores) / 1000 >= margin.hi - 0.02 * abs(margin.hi)
