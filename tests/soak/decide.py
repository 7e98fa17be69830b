"""Decide many points with the field and exactly, and count the differences: there are none.

Half of the points lie anywhere in a box of longitude and latitude with any range, half within
metres to kilometres of the threshold. By hand, as in
``python tests/soak/decide.py 1000000 --seed 1 --units RUS``; it ends with 1 if there is one.
"""

import argparse
import sys
import time

import numpy as np

from deploygeo import boundaries
from deploygeo.geodesy import distance_m, field_of, within

PART = 100_000
EUROPE, GLOBE = (-25.0, 60.0, 34.0, 72.0), (-180.0, 180.0, -90.0, 90.0)


def soak(count, seed, units, box):
    """Return the number of differences, and print what was looked at."""
    territory = boundaries.borders().territory(
        boundaries.units_of(units, on="2021-12-17", worldview="un")
    )
    begun = time.perf_counter()
    field = field_of(territory)
    print(f"{territory}: field ready after {time.perf_counter() - begun:.1f} s")
    rng = np.random.default_rng(seed)
    wrong = outside = left = 0
    gap = np.inf
    begun = time.perf_counter()
    for done in range(0, count, PART):
        size = min(PART, count - done)
        lon, lat = rng.uniform(box[0], box[1], size), rng.uniform(box[2], box[3], size)
        exact = distance_m(lon, lat, territory)
        off = rng.choice([-1, 1], size) * 10.0 ** rng.uniform(-3, 4, size)
        range_m = np.where(np.arange(size) % 2, rng.uniform(0, 5.5e6, size), exact + off)
        lo, hi = field.bounds_m(lon, lat)
        outside += np.count_nonzero((exact < lo - 1e-3) | (exact > hi + 1e-3))
        apart = exact > 0
        room = np.concatenate([(exact - lo)[lo > 0], (hi - exact)[apart]])
        gap = min(gap, np.min(room, initial=np.inf))
        answer = field.decide(lon, lat, range_m)
        left += np.count_nonzero(answer < 0)
        wrong += np.count_nonzero((answer >= 0) & (answer != (exact <= range_m)))
        if done == 0:
            full = within(lon, lat, territory, range_m, field=field)
            wrong += np.count_nonzero(full != (exact <= range_m))
        for one in (50e3, 500e3, 1600e3, 5500e3):
            answer = field.decide(lon, lat, one)
            wrong += np.count_nonzero((answer >= 0) & (answer != (exact <= one)))
    print(
        f"{count} points, seed {seed}: {wrong} decisions differ, {outside} distances out of "
        f"bounds, least room {gap:.4f} m, {left / count:.1%} left to the exact kernel; "
        f"{time.perf_counter() - begun:.0f} s"
    )
    return wrong + outside


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, help="number of points")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--units", nargs="+", default=["RUS"], help="states, such as RUS")
    parser.add_argument("--globe", action="store_true", help="not only Europe and its seas")
    given = parser.parse_args()
    return int(soak(given.count, given.seed, given.units, GLOBE if given.globe else EUROPE) > 0)


if __name__ == "__main__":
    sys.exit(main())
