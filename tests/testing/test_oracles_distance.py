"""The oracle of distance beside the product, and the bound by which it leaves edges out."""

import ast
import json
import math
import runpy
from datetime import date
from pathlib import Path

import drafting
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from deploygeo import boundaries, geodesy
from deploygeo.testing import oracles
from deploygeo.testing.oracles import Region, balls
from deploygeo.testing.oracles.distance import point_distance_m

SETS = runpy.run_path(str(Path(__file__).parents[1] / "geodesy" / "sets.py"))["SETS"]
MM = 1e-3
"""Metres that the two may be apart."""


def regions_of(geometry):
    return Region.of(json.loads(shapely.to_geojson(geometry)))


def away_m(region, lon, lat):
    return 0.0 if region.covers(lon, lat) else oracles.nearest_of([region], lon, lat).metres


@pytest.mark.parametrize("name", SETS)
def test_both_measure_hard_sets_alike(name):
    region, territory = regions_of(SETS[name]), geodesy.Territory.of(SETS[name])
    rng = np.random.default_rng(7)
    west, south, east, north = SETS[name].bounds
    places = [(rng.uniform(west, east), rng.uniform(south, north))]
    if name != "tiny ring about the pole":  # every piece of it is as far
        places += [(rng.uniform(-180, 180), rng.uniform(-90, 90))]
    places += [(rng.uniform(west - 5, east + 5), rng.uniform(south - 5, north + 5))]
    for lon, lat in places:
        lon, lat = float(np.clip(lon, -180, 180)), float(np.clip(lat, -90, 90))
        found = geodesy.nearest(lon, lat, territory)
        assert away_m(region, lon, lat) == pytest.approx(float(found.distance_m), abs=MM)


@pytest.mark.parametrize("name", ["both sides of 180", "one side of 180", "wedge to the pole"])
@pytest.mark.parametrize("place", [(180.0, 65.0), (-180.0, 65.0), (0.0, 90.0)])
def test_both_measure_at_poles_and_under_either_name_of_180(name, place):
    region, territory = regions_of(SETS[name]), geodesy.Territory.of(SETS[name])
    expected = float(geodesy.distance_m(*place, territory))
    assert away_m(region, *place) == pytest.approx(expected, abs=MM)


def test_both_measure_random_shapes_alike():
    rng = drafting.seeded(11)
    for _ in range(25):
        lon, lat, wide = rng.uniform(-150, 150), rng.uniform(-60, 60), 10 ** rng.uniform(-4, 1.4)
        ring = [
            (lon + wide * rng.uniform(0.2, 1) * math.cos(turn), lat + wide * math.sin(turn))
            for turn in (0.7 * i for i in range(9))
        ]
        made = rng.choice([shapely.Polygon, shapely.LineString])(ring)
        region, territory = regions_of(made), geodesy.Territory.of(made)
        for _ in range(2):
            place = (lon + rng.uniform(-9, 9), lat + rng.uniform(-9, 9))
            expected = float(geodesy.distance_m(*place, territory))
            assert away_m(region, *place) == pytest.approx(expected, abs=MM)


@pytest.mark.parametrize("state", ["RUS", "NOR", "USA", "FRA"])
def test_both_measure_to_the_land_of_states_alike(state):
    earth, day = oracles.world(), date(2021, 12, 17)
    units = earth.units_of({state}, earth.holders("un", day))
    assert sorted(units) == sorted(boundaries.units_of([state], on=day))
    regions = [earth.land[unit] for unit in units]
    rng = drafting.seeded(state)
    for _ in range(4):
        place = (rng.uniform(-30, 60), rng.uniform(35, 75))
        found, unit = boundaries.nearest_of(sorted(units), *place)
        if any(region.covers(*place) for region in regions):
            assert float(found.distance_m) == 0.0
            continue
        nearest = oracles.nearest_of(regions, *place)
        assert nearest.metres == pytest.approx(float(found.distance_m), abs=MM)
        assert nearest.name == unit


def test_no_edge_is_nearer_than_the_bound_of_the_ball_around_it():
    """The bound is what leaves edges out, so that it must never be too great."""
    region = regions_of(SETS["islands"])
    rng = drafting.seeded(3)
    found, todo = [], [region.root]
    while todo:
        ball = todo.pop()
        found.append(ball)
        todo += ball.below or (() if ball.more is None else (ball.more(),))
    for ball in found:
        lon, lat = rng.uniform(-180, 180), rng.uniform(-90, 90)
        below = balls.bound_m(balls.unit(lon, lat), ball)
        centre = point_distance_m(lon, lat, ball.lon, ball.lat)
        below = max(below, centre - ball.angle * balls.MOST_M)
        if ball.ring is None:
            continue
        lons, lats = ball.ring
        for i in range(ball.start, ball.end):
            for part in (0.0, 0.3, 1.0):
                x = lons[i] + part * (lons[i + 1] - lons[i])
                y = lats[i] + part * (lats[i + 1] - lats[i])
                assert point_distance_m(lon, lat, x, y) >= below - 1e-6


def test_a_short_way_is_between_the_least_and_the_most_metres_a_radian():
    for lat in range(-90, 91, 10):
        for bearing in (0.0, 90.0):
            there = Geodesic.WGS84.Direct(lat, 0.0, bearing, 1_000.0)
            one, other = (
                balls.unit(lon, lat_) for lon, lat_ in ((0.0, lat), (there["lon2"], there["lat2"]))
            )
            angle = balls.angle(one, other)
            assert balls.LEAST_M * angle <= 1_000.0 + 1e-6
            assert balls.MOST_M * angle >= 1_000.0 - 1e-6


def test_what_is_not_wanted_is_passed_over():
    square = regions_of(shapely.box(0, 0, 1, 1))
    found = oracles.nearest_of(
        [square], 2.0, 0.5, wanted=lambda name, edge: edge[0] == edge[2] == 0
    )
    assert round(found.metres / 111_319) == 2
    assert oracles.nearest_of([square], 2.0, 0.5, 1_000.0).metres == math.inf


def test_the_oracles_import_nothing_of_the_product():
    """Only `compare` does, which holds the two together."""
    folder = Path(oracles.__file__).parent
    taken = set()
    for path in folder.glob("*.py"):
        if path.name in ("comparing.py", "__init__.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                taken.add(node.module)
            elif isinstance(node, ast.Import):
                taken |= {name.name for name in node.names}
    ours = {name for name in taken if name.startswith("deploygeo")}
    assert {name for name in ours if not name.startswith("deploygeo.testing.oracles")} == set()
    others = {name.split(".")[0] for name in taken - ours}
    assert others & {"numpy", "shapely", "pyproj", "hypothesis"} == set()
    assert "geographiclib" in others
