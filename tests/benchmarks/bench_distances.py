"""How far is it, and where is the nearest point? The test for inside included."""

import numpy as np
import pytest

from deploygeo.geodesy import nearest

TABLE = "distances"
COLUMNS = {
    "Europe's seas": ("seas", 300_000),
    "globe": ("globe", 200_000),
    "within 100 km of the border": ("near", 200_000),
    "beyond 10 000 km": ("far", 100_000),
}


@pytest.fixture(scope="session")
def case(work):
    """Return points to time, points to judge, and the oracle's distances of these, by column."""
    made, ridge = {}, []

    def get(column):
        if not ridge:
            ridge.append(work.judge.distance_m(work.ridge.lon, work.ridge.lat))
        if column not in made:
            name, full = COLUMNS[column]
            points = getattr(work, name)().first(work.count(full))
            some = points.first(work.count(400))
            made[column] = points, some, work.judge.distance_m(some.lon, some.lat)
        return *made[column], ridge[0]

    return get


@pytest.mark.parametrize("column", COLUMNS)
def bench_nearest(work, timed, case, column):
    points, some, expected, ridge = case(column)

    def measure(points=points):
        return nearest(points.lon, points.lat, work.territory)

    timed(
        measure, table=TABLE, column=column, row="deploygeo `nearest`: distance and witness",
        count=len(points), rounds=2,
    )  # fmt: skip
    note(timed, measure(some).distance_m, expected, measure(work.ridge).distance_m, ridge)


PEERS = [
    # Name, row, points, points judged (all if None); distance only, no witness.
    ("PostGIS", "PostGIS `ST_Distance(geography)`", 5_000, None),
    ("Sedona", "SedonaDB `ST_Distance(geography)`, all cores", 30, 40),
    ("Spherely", "spherely `distance`, prepared", 2_000, None),
    ("S2", "S2 bindings, `GetDistance` in a loop", 10_000, None),
    ("Planar", "shapely `distance`, EPSG:3995", 1_000, None),
    ("Frames", "geopandas `sjoin_nearest`, EPSG:3995", 1_000, None),
    ("ByHand", "shapely + pyproj by hand, a plane about each point", 20, 40),
]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize(("name", "row", "full", "most"), PEERS, ids=[p[0] for p in PEERS])
def bench_peer(work, peer, timed, case, column, name, row, full, most):
    other, count = peer(name), work.count(full)
    points, some, expected, ridge = case(column)
    loaded = other.load(points.first(count))
    timed(
        lambda: other.distance_m(loaded), table=TABLE, column=column, row=row, count=count,
        rounds=2, warm=most is None, version=other.version,
        **({"cpu": other.cpu_s} if name == "PostGIS" else {}),
    )  # fmt: skip
    few = slice(None, most)
    actual = other.distance_m(other.load(some.take(few)))
    on_ridge = other.distance_m(other.load(work.ridge.take(few)))
    note(timed, actual, expected[few], on_ridge, ridge[few])


def note(timed, actual, expected, on_ridge, ridge):
    timed.note(
        error_m=np.abs(actual - expected).max(), judged=len(expected),
        ridge_error_m=np.abs(on_ridge - ridge).max(), ridge=len(ridge),
    )  # fmt: skip
