"""What a zone's proofs rest on: what is near, and where the range is crossed."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from deploygeo.geodesy import Territory, covering, nearest
from deploygeo.geodesy.covering import Points
from deploygeo.geodesy.mesh import Samples
from deploygeo.geodesy.roots import Roots

GEOD = Geod(ellps="WGS84")
#: What crossings of the range may miss it by.
CLOSE_M = 1.0


def around(reach_m, count=300, seed=4):
    """Return witnesses and points at about a distance from them."""
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    return lon, lat, Points(*GEOD.fwd(lon, lat, rng.uniform(0, 360, count), reach_m)[:2])


@pytest.mark.parametrize("reach_m", [1e3, 5e4, 1.6e6, 1.5e7, 1.99e7])
def test_near_is_what_geodesics_say_to_the_nanometre(reach_m):
    lon, lat, points = around(np.full(300, reach_m))
    exact = np.asarray(GEOD.inv(points.lon, points.lat, lon, lat)[2])
    rng = np.random.default_rng(5)
    limit = exact + rng.choice([-1e4, -1.0, -1e-8, 0.0, 1e-8, 1.0, 1e4], 300)
    limit[:3] = -1.0, np.nan, -np.inf
    expected = exact <= limit
    assert expected.tolist() == covering._near(limit, lon, lat, points).tolist()
    assert expected.tolist() == covering._near(limit, lon, lat, points, points).tolist()


def test_chords_spare_geodesics_where_they_decide(monkeypatch):
    lon, lat, points = around(np.full(300, 5e4))
    asked = []
    exact = covering._geodesic
    monkeypatch.setattr(covering, "_geodesic", lambda *a: asked.append(len(a[1])) or exact(*a))
    limit = np.where(np.arange(300) < 10, 5e4, 6e4)
    covering._near(limit, lon, lat, points)
    assert sum(asked) <= 10


@pytest.mark.parametrize("range_m", [5e4, 3e6])
def test_a_crossing_is_measured_once_where_the_nearest_point_is_the_same_all_along(range_m):
    spot = Territory.of(shapely.Point(30, 60))
    asked = []

    def measure(lon, lat):
        asked.append(len(lon))
        return Samples(*nearest(lon, lat, spot)[:3])

    turn = np.linspace(0, 350, 36)
    inner, outer = (
        Points(*GEOD.fwd(np.full(36, 30.0), np.full(36, 60.0), turn, np.full(36, at))[:2])
        for at in (range_m - 1e3, range_m + 2e3)
    )
    near, far = measure(*inner), measure(*outer).distance_m
    asked.clear()
    at, found = Roots(measure, range_m, CLOSE_M).find(np.arange(36), inner, outer, near, far)
    assert asked == [36]
    assert np.abs(nearest(*at, spot).distance_m - range_m).max() <= CLOSE_M
    assert found.distance_m == pytest.approx(range_m, abs=CLOSE_M)
