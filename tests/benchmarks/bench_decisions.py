"""Is the territory within range? One answer for each of ten million points over Europe."""

import json
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from deploygeo.geodesy import distance_m, within

from .work import BAND_M, BEYOND_M, RANGES_KM, Points

COLUMNS = [*(f"{km} km" for km in RANGES_KM), "per point"]
TABLE = "decisions"


@dataclass
class Judged:
    """Points with the oracle's answer; half of them less than `BAND_M` from their range."""

    points: Points
    range_m: object
    expected: np.ndarray


def range_of(work, column, count):
    """Return the range or ranges of a column for the first so many points."""
    return work.ranges_m[:count] if column == "per point" else float(column.split()[0]) * 1e3


@pytest.fixture(scope="session")
def judged(work):
    made = {}

    def get(column):
        if column not in made:
            half, sample = work.count(600), 200_000
            points, range_m = work.decisions.first(sample), range_of(work, column, sample)
            off = np.abs(distance_m(points.lon, points.lat, work.territory) - range_m)
            index = np.append(np.arange(half), np.flatnonzero(off < BAND_M)[:half])
            chosen = points.take(index)
            far = range_m[index] if column == "per point" else range_m
            made[column] = Judged(chosen, far, work.judge.distance_m(chosen.lon, chosen.lat) <= far)
        return made[column]

    return get


@pytest.fixture(scope="session")
def on_ridge(work):
    """Return points on the ridge, all of them within their ranges."""
    distance_m = work.judge.distance_m(work.ridge.lon, work.ridge.lat)
    return Judged(work.ridge, distance_m + BEYOND_M, np.ones(len(distance_m), dtype=bool))


def note(timed, decide, case, ridge, most=None):
    """Record how many answers are wrong; `decide` takes points and ranges."""
    step = 1 if most is None else -(-len(case.expected) // most)
    far = case.range_m[::step] if np.ndim(case.range_m) else case.range_m
    wrong = decide(case.points.take(slice(None, None, step)), far) != case.expected[::step]
    missed = ~decide(ridge.points.first(most), ridge.range_m[:most])
    timed.note(
        wrong=wrong.sum(), judged=len(wrong), ridge_wrong=missed.sum(), ridge=len(missed)
    )  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def bench_field(work, distances, timed, judged, on_ridge, column):
    points, range_m = work.decisions, range_of(work, column, 10_000_000)

    def decide(points=points, range_m=range_m):
        return within(points.lon, points.lat, work.territory, range_m, field=distances)

    answer = timed(
        decide, table=TABLE, column=column, row="deploygeo `within`, from the field",
        count=len(points),
    )  # fmt: skip
    note(timed, decide, judged(column), on_ridge)
    # The whole of it against our own exact measure, since no other is fast enough.
    some = slice(None, work.count(1_000_000))
    exact = distance_m(points.lon[some], points.lat[some], work.territory)
    far = range_m[some] if column == "per point" else range_m
    timed.note(unlike_exact=(answer[some] != (exact <= far)).sum(), compared=len(exact))


@pytest.mark.parametrize("column", COLUMNS)
def bench_exact(work, timed, judged, on_ridge, column):
    count = work.count(200_000)
    points, range_m = work.decisions.first(count), range_of(work, column, count)

    def decide(points=points, range_m=range_m):
        return within(points.lon, points.lat, work.territory, range_m, field=None)

    timed(
        decide, table=TABLE, column=column, row="deploygeo `within`, all measured", count=count
    )  # fmt: skip
    note(timed, decide, judged(column), on_ridge)


PEERS = [
    # Name, row, points, points judged (all if None).
    ("PostGIS", "PostGIS `ST_DWithin(geography)`", 20_000, None),
    ("Sedona", "SedonaDB `ST_DWithin(geography)` join, all cores", 400_000, None),
    ("Spherely", "spherely `distance`, prepared", 4_000, None),
    ("S2", "S2 bindings, `GetDistance` in a loop", 20_000, None),
    ("Planar", "shapely `dwithin`, prepared, EPSG:3995", 1_000_000, None),
    ("Frames", "geopandas `sjoin` `dwithin`, EPSG:3995", 10_000, None),
    ("ByHand", "shapely + pyproj by hand, a plane about each point", 20, 40),
]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize(("name", "row", "full", "most"), PEERS, ids=[p[0] for p in PEERS])
def bench_peer(work, peer, timed, judged, on_ridge, column, name, row, full, most):
    other, count = peer(name), work.count(full)
    loaded = other.load(work.decisions.first(count), range_of(work, column, count))
    timed(
        lambda: other.decide(loaded), table=TABLE, column=column, row=row, count=count,
        rounds=2, warm=name != "ByHand", version=other.version,
        **({"cpu": other.cpu_s} if name == "PostGIS" else {}),
    )  # fmt: skip

    def decide(points, range_m):
        return other.decide(other.load(points, range_m))

    note(timed, decide, judged(column), on_ridge, most)


STREAM = """
import json, resource, sys, time
import numpy as np
from deploygeo import boundaries
from deploygeo.geodesy import field_of, within

territory = boundaries.territory("RUS", level="hybrid")
field, rng, hits, spent = field_of(territory), np.random.default_rng(8), 0, 0.0
total = int(sys.argv[1])
for _ in range(total // 1_000_000):
    lon, lat = rng.uniform(-30, 60, 1_000_000), rng.uniform(30, 82, 1_000_000)
    begin = time.process_time()
    hits += int(within(lon, lat, territory, 1.6e6, field=field).sum())
    spent += time.process_time() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"peak_mib": peak, "within_s": spent, "hits": hits}))
"""


def bench_stream(work, distances, timed):
    """A process of its own, so that its memory is that of the stream alone."""
    total = 10_000_000 if work.quick else 100_000_000
    answers = []

    def stream():
        command = [sys.executable, "-c", STREAM, str(total)]
        run = subprocess.run(command, check=True, capture_output=True, text=True)
        answers.append(json.loads(run.stdout))

    timed(
        stream, table="stream", column="", row="deploygeo `within`, parts of 10⁶ points, 1600 km",
        count=total, rounds=1, warm=False, cpu=lambda: answers[-1]["within_s"] if answers else 0.0,
    )  # fmt: skip
    timed.note(peak_mib=round(answers[-1]["peak_mib"]))
