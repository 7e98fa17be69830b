"""Shares that were computed before, on a sphere, with coarse grids and seas drawn by hand.

They are right to two points of a hundred, and farthest places to 15 km. Ours differ by at most 1.2
points (the Baltic within 300 km) and otherwise by 0.6 at most.
"""

import numpy as np
import pytest
import shapely

import deploygeo as dg
from deploygeo import boundaries

POINTS = 2.0


@pytest.fixture(scope="module")
def ships():
    """Article 5(2), closed to the United States, in percent."""
    rows = dg.shares(
        "us-russia-2021/5.2",
        ranges_km=[300, 500, 524, 554, 633, 663, 778, 808],
        parties="USA",
        worldviews=["un", "russia"],
    )
    return {(row.worldview, row.range_km, row.place): 100.0 * row.share for row in rows}


@pytest.fixture(scope="module")
def missiles():
    """Missiles at home under either draft: the part of a party's own land, in percent."""
    common = {"worldviews": "un", "level": "ne10", "tolerance_m": 2_000}
    rows = dg.shares(
        "us-russia-2021/6", ranges_km=[500, 2500, 5500], readings={"limb6": "ranged"}, **common
    )
    rows += dg.shares("nato-russia-2021/5", ranges_km=[500, 2500], parties="RUS", **common)
    rows += dg.shares("nato-russia-2021/5", ranges_km=[2500], parties="USA", **common)
    return {
        (f"{row.treaty}/{row.clause}", party, row.range_km, row.place): 100.0 * row.share
        for row in rows
        for party in row.parties
    }


@pytest.mark.parametrize(
    ("worldview", "range_km", "sea", "reference"),
    [
        ("un", 300, "Black Sea", 46),  # 46.0
        ("un", 500, "Black Sea", 76),  # 75.8
        ("russia", 300, "Black Sea", 80),  # 80.2
        ("russia", 500, "Black Sea", 99),  # 98.9
        ("un", 300, "Baltic Sea", 46),  # 47.2: see test_shares on where it ends
        ("un", 500, "Baltic Sea", 91),  # 91.2
        ("russia", 300, "Baltic Sea", 46),
        ("russia", 500, "Baltic Sea", 91),
    ],
)
def test_a_sea_within_reach_of_russia(ships, worldview, range_km, sea, reference):
    assert abs(ships[worldview, range_km, sea] - reference) <= POINTS


@pytest.mark.parametrize(
    ("worldview", "sea", "farthest_km"),
    [("un", "Black Sea", 793), ("russia", "Black Sea", 539), ("un", "Baltic Sea", 648)],
)
def test_the_farthest_place_of_a_sea_is_where_its_share_becomes_whole(
    ships, worldview, sea, farthest_km
):
    assert ships[worldview, farthest_km - 15, sea] < 100.0
    assert ships[worldview, farthest_km + 15, sea] == pytest.approx(100.0, abs=1e-9)


@pytest.mark.parametrize(
    ("clause", "party", "range_km", "reference"),
    [
        ("us-russia-2021/6", "RUS", 500, 0.6),  # 0.7
        ("us-russia-2021/6", "RUS", 2500, 21),  # 20.8
        ("us-russia-2021/6", "RUS", 5500, 86),  # 85.7
        ("us-russia-2021/6", "USA", 2500, 16),  # 15.9
        ("nato-russia-2021/5", "RUS", 500, 6),  # 6.0
        ("nato-russia-2021/5", "RUS", 2500, 65),  # 64.4
        ("nato-russia-2021/5", "USA", 2500, 16),  # 15.9
    ],
)
def test_own_land_where_a_missile_would_reach_the_other(
    missiles, clause, party, range_km, reference
):
    assert abs(missiles[clause, party, range_km, party] - reference) <= POINTS


@pytest.mark.parametrize("ally", ["DEU", "GRC", "ISL", "ITA", "POL", "TUR"])
def test_a_missile_of_2500_km_is_closed_to_all_of_a_european_ally(missiles, ally):
    assert missiles["nato-russia-2021/5", "USA", 2500, ally] == pytest.approx(100.0, abs=1e-3)


@pytest.mark.parametrize("ally", ["ESP", "PRT", "FRA"])
def test_but_not_to_all_of_spain_portugal_and_overseas_france(missiles, ally):
    assert 10.0 < missiles["nato-russia-2021/5", "USA", 2500, ally] < 90.0


@pytest.mark.parametrize(
    ("place", "worldview", "reference_km"),
    [
        ((24.42, 44.05), "un", 974),  # Deveselu
        ((24.42, 44.05), "russia", 653),
        ((17.10, 54.48), "un", 162),  # Redzikowo
    ],
)
def test_the_missile_defence_sites_are_as_far_as_was_computed(place, worldview, reference_km):
    away_m = dg.distance_m(*place, dg.territory("RUS", worldview=worldview))
    assert away_m / 1e3 == pytest.approx(reference_km, abs=15)


def test_west_of_60_degrees_a_quarter_of_russia_is_closed_to_500_km_and_all_to_2500():
    store = boundaries.borders("ne10")
    land = store.polygons(boundaries.units_of("RUS"))
    rng = np.random.default_rng(11)
    lon = rng.uniform(19.0, 60.0, 60_000)
    lat = np.degrees(np.arcsin(rng.uniform(np.sin(np.radians(41)), np.sin(np.radians(82)), 60_000)))
    i = np.unique(shapely.STRtree(land).query(shapely.points(lon, lat), "intersects")[0])
    nato = store.territory(boundaries.units_of(dg.nato("2021-12-17")))
    away_km = dg.distance_m(lon[i], lat[i], nato) / 1e3
    assert len(i) > 10_000
    assert abs(100.0 * np.mean(away_km <= 500.0) - 25.0) <= POINTS
    assert away_km.max() < 2500.0
