"""The territorial sea drawn, against the margin by which the checker judges it."""

import numpy as np
import pytest
import shapely

from deploygeo import boundaries
from deploygeo.geodesy import Territory, zone
from deploygeo.zones.outlines import BELT_KM
from deploygeo.zones.tiles import cut, joined
from deploygeo.zones.waters import LINE_M, nearer_to_others

TOLERANCE_M = 100.0
#: Twelve miles at 70° of latitude in degrees, and some more.
AROUND_DEG = 0.7


def near(units, box):
    """Return the land of units about a box, in pieces."""
    land = boundaries.borders("ne10").polygons(units)
    frame = shapely.box(*(np.array(box) + AROUND_DEG * np.array([-1, -1, 1, 1])))
    land = shapely.intersection(land[shapely.intersects(land, frame)], frame)
    return cut(land, 2)


def sea_of(own, others):
    belt = zone(Territory.of(joined(own)), BELT_KM, tolerance_m=TOLERANCE_M).geometry
    return shapely.difference(belt, nearer_to_others(belt, own, others))


@pytest.mark.parametrize(
    ("state", "box"),
    [
        ("RUS", (145.0, 43.2, 146.5, 44.6)),  # Kunashir and Hokkaido
        ("JPN", (145.0, 43.2, 146.5, 44.6)),
        ("RUS", (-169.4, 65.4, -168.5, 66.0)),  # the Diomede islands, 4 km apart
        ("USA", (-169.4, 65.4, -168.5, 66.0)),
        ("FIN", (26.0, 59.6, 28.5, 60.6)),  # three states in the Gulf of Finland
        ("UKR", (36.2, 44.9, 37.2, 45.6)),  # the Strait of Kerch
        # Carlingford Lough: of points centimetres apart GEOS made cells that it then refused
        ("IRL", (-6.9, 53.1, -5.7, 54.3)),
    ],
)
def test_the_sea_is_drawn_half_way_to_a_neighbour_as_it_is_judged(state, box):
    own = near(boundaries.units_of(state), box)
    mine = set(boundaries.units_of(state))
    others = [unit for unit in boundaries.borders("ne10").unit_ids() if unit not in mine]
    drawn = sea_of(own, near(others, box))
    rng = np.random.default_rng(29)
    west, south, east, north = box
    lon, lat = rng.uniform(west, east, 250), rng.uniform(south, north, 250)
    margin_m = np.array(
        [
            boundaries.presence_margin_m(x, y, state, level="ne10").value_m
            for x, y in zip(lon, lat, strict=True)
        ]
    )
    clear = np.abs(margin_m) > LINE_M
    assert clear.sum() > 230
    assert np.array_equal(
        margin_m[clear] > 0.0, shapely.intersects_xy(drawn, lon[clear], lat[clear])
    )
    assert 20 < np.count_nonzero(margin_m > 0.0) < 250


def test_across_180_degrees_it_is_as_elsewhere():
    """Two islands on either side of the antimeridian, and the same two at the meridian."""

    at_zero, at_180 = (
        sea_of(
            np.array([shapely.box(west - 0.3, 10.0, west - 0.2, 10.1)]),
            np.array([shapely.box(east, 10.0, east + 0.05, 10.1)]),
        )
        for west, east in ((0.0, 0.0), (180.0, -180.0))
    )
    x, y = (grid.ravel() for grid in np.meshgrid(np.arange(-0.6, 0.4, 0.0103), [9.9, 10.05, 10.2]))
    far = np.where(x > 0.0, x - 180.0, x + 180.0)
    near_zero = shapely.intersects_xy(at_zero, x, y)
    assert np.array_equal(near_zero, shapely.intersects_xy(at_180, far, y))
    assert near_zero[np.abs(x + 0.15) < 0.01].all()
    assert not near_zero[x > -0.09].any()


def test_land_of_others_is_never_one_s_own_and_a_lone_island_has_its_whole_belt():
    island, coast = shapely.box(0, 0, 0.1, 0.1), shapely.box(0.15, -1, 1, 1)
    own, others = np.array([island]), np.array([coast])
    drawn = sea_of(own, others)
    assert not shapely.intersects_xy(drawn, 0.2, 0.05)
    assert shapely.intersects_xy(drawn, 0.12, 0.05)
    belt = zone(Territory.of(island), BELT_KM, tolerance_m=TOLERANCE_M).geometry
    far = np.array([shapely.box(5, 5, 6, 6)])
    assert nearer_to_others(belt, own, far).is_empty
