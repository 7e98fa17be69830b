"""Every measure against a brute-force judge, to a millimetre."""

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from geopy.distance import geodesic

from deploygeo.geodesy import Territory, distance_m, inverse, nearest, nearest_edge

from .oracle import GEOD, distance, edge_distance, is_inside, rings
from .sets import SETS

MILLIMETRE = 1e-3
#: The shortest distance that rounding of a coordinate (1e-14 degrees) may show.
ROUNDING_M = 1e-6


def points(name, geometry):
    """Return points over the globe, near the set, on it, at its antipode and at the poles."""
    rng = np.random.default_rng([ord(letter) for letter in name])
    lon, lat = rng.uniform(-180, 180, 14), np.degrees(np.arcsin(rng.uniform(-1, 1, 14)))
    xy = np.concatenate(rings(geometry))
    vertex = xy[rng.integers(len(xy), size=8)]
    away = [
        GEOD.fwd(x, y, azimuth, 10.0**power)[:2]
        for (x, y), azimuth, power in zip(
            vertex, rng.uniform(0, 360, 8), np.linspace(-2, 6.5, 8), strict=True
        )
    ]
    opposite = [((x + 360) % 360 - 180, -y) for x, y in vertex[:4]]
    jitter = [
        (np.clip(x + dx, -180, 180), np.clip(y + dy, -90, 90))
        for (x, y), dx, dy in zip(
            opposite, rng.uniform(-0.4, 0.4, 4), rng.uniform(-0.4, 0.4, 4), strict=True
        )
    ]
    middle = geometry.representative_point()
    special = [
        (180, 65), (-180, 65), (180, 0), (-180, -3), (0, 90), (120, -90), (33, 89.9999),
        (179.99999, 66), (-179.99999, 66), (middle.x, middle.y), (5, 44.5), (4, 43.5), (1.2, 41.2),
    ]  # fmt: skip
    every = np.array(
        [*zip(lon, lat, strict=True), *vertex[:4], *away, *opposite, *jitter, *special]
    )
    return every[:, 0], every[:, 1]


@pytest.mark.parametrize("name", SETS)
def test_distance_is_within_a_millimetre_of_brute_force(name):
    geometry = SETS[name]
    lon, lat = points(name, geometry)
    actual = distance_m(lon, lat, Territory.of(geometry))
    expected = [distance(x, y, geometry) for x, y in zip(lon, lat, strict=True)]
    np.testing.assert_allclose(actual, expected, rtol=0, atol=MILLIMETRE)


@pytest.mark.parametrize("name", SETS)
def test_witness_lies_on_the_set_at_the_distance_stated(name):
    geometry = SETS[name]
    lon, lat = points(name, geometry)
    found = nearest(lon, lat, Territory.of(geometry, name))
    for i, (x, y) in enumerate(zip(lon, lat, strict=True)):
        witness = found.lon[i], found.lat[i]
        second = Geodesic.WGS84.Inverse(y, x, witness[1], witness[0])["s12"]
        assert found.distance_m[i] == pytest.approx(second, abs=ROUNDING_M)
        on = geometry.distance(shapely.Point(witness))
        assert on < 1e-12 or (abs(witness[0]) == 180 or abs(witness[1]) == 90)
        assert found.shape[i] == name
        assert found.inside[i] == (is_inside(x, y, geometry) or found.distance_m[i] == 0)
        assert (found.ring[i] == -1) <= found.inside[i]


@pytest.mark.parametrize("name", SETS)
def test_depth_is_within_a_millimetre_of_brute_force(name):
    geometry = SETS[name]
    lon, lat = points(name, geometry)
    joined = name in ("both sides of 180", "northern cap", "ragged southern cap")
    joined |= name == "tiny ring about the pole"

    def no_boundary(edge):
        x0, y0, x1, y1 = edge
        if abs(y0) == 90 and y0 == y1 and name != "points":
            return True
        return joined and abs(x0) == 180 and x0 == x1

    extra = [(180, 68, 180, 70)] if name == "both sides of 180" else []
    found = nearest_edge(lon, lat, Territory.of(geometry))
    for i, (x, y) in enumerate(zip(lon, lat, strict=True)):
        expected = edge_distance(x, y, geometry, no_boundary)
        for x0, y0, x1, y1 in extra:
            line = shapely.LineString([(x0, y0), (x1, y1)])
            expected = min(expected, edge_distance(x, y, line))
        assert found.distance_m[i] == pytest.approx(expected, abs=MILLIMETRE)


def test_three_implementations_agree_on_a_witness():
    """Of the American plains against a parallel, by PROJ, geographiclib and geopy."""
    found = nearest(-110.0, 40.0, Territory.of(SETS["long parallel at 49 N"]))
    one = inverse(-110.0, 40.0, found.lon, found.lat)[0]
    two = Geodesic.WGS84.Inverse(40.0, -110.0, found.lat, found.lon)["s12"]
    three = geodesic((40.0, -110.0), (found.lat, found.lon), ellipsoid="WGS-84").meters
    assert [one, two, three] == pytest.approx([found.distance_m] * 3, abs=ROUNDING_M)


def test_an_edge_along_a_parallel_is_not_the_geodesic_between_its_ends():
    """The geodesic from (-125, 49) to (-95, 49) runs some 70 km farther north at its middle."""
    line = Territory.of(shapely.LineString([(-125, 49), (-95, 49)]))
    assert distance_m(-110.0, 49.0, line) == pytest.approx(0.0, abs=ROUNDING_M)
    assert distance_m(-110.0, 49.7, line) == pytest.approx(77_800, abs=100)


@pytest.mark.parametrize("offset", [0.0, 1e-9, 1e-3, 0.1, 0.3, 0.55, 0.7, 2.0])
def test_near_the_antipode_of_a_point_the_distance_is_the_inverse(offset):
    place = Territory.of(shapely.Point(30.0, 12.0))
    for dx, dy in [(1, 0), (0, 1), (-1, 0.5), (0.3, -1)]:
        lon, lat = -150.0 + dx * offset, -12.0 + dy * offset
        expected = Geodesic.WGS84.Inverse(lat, lon, 12.0, 30.0)["s12"]
        assert distance_m(lon, lat, place) == pytest.approx(expected, abs=ROUNDING_M)


def test_a_far_piece_square_to_the_geodesic_is_nearest_at_an_end():
    """Beyond a quarter of the globe the foot on the chord is the farthest point of a piece.

    The slope vanishes there, so a Newton step alone would stay.
    """
    line = shapely.LineString([(-0.02, 0.0), (0.02, 0.0)])
    for lon, lat in [(180.0, 20.0), (180.0, -35.0), (0.0, 89.0), (180.0, 0.3), (180.0, 1e-7)]:
        actual = distance_m(lon, lat, Territory.of(line))
        assert actual == pytest.approx(edge_distance(lon, lat, line), abs=MILLIMETRE)


def test_the_inside_of_a_circle_about_the_pole_is_measured_on_every_side():
    """All pieces of a parallel tie from the pole."""
    ring = Territory.of(shapely.LineString([(-180, 80), (180, 80)]))
    expected = GEOD.inv(0, 90, 0, 80)[2]
    assert distance_m([0, 77], [90, 90], ring) == pytest.approx([expected] * 2, abs=ROUNDING_M)
