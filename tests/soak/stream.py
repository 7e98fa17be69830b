"""Decide many points from a file in parts, and print the greatest memory that took.

By hand, as in ``python tests/soak/stream.py 100000000``. Two 32-bit numbers a point are written to
a temporary file first, so there must be room for that; it ends with 1 if memory reached a GiB.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from deploygeo import boundaries
from deploygeo.geodesy import within

PART = 1 << 21
LIMIT_MIB = 1024.0


def write(path, count, seed):
    """Write points anywhere between 60° S and the north pole."""
    rng = np.random.default_rng(seed)
    with path.open("wb") as file:
        for begin in range(0, count, PART):
            size = min(PART, count - begin)
            points = np.empty((size, 2), dtype=np.float32)
            points[:, 0] = rng.uniform(-180, 180, size)
            points[:, 1] = rng.uniform(-60, 90, size)
            points.tofile(file)


def hits(path, territory, range_m):
    """Return how many points of a file are within range; only a part at a time is in memory."""
    found = 0
    with path.open("rb") as file:
        while len(points := np.fromfile(file, dtype=np.float32, count=2 * PART)):
            points = points.reshape(-1, 2)
            found += np.count_nonzero(within(points[:, 0], points[:, 1], territory, range_m))
    return found


def peak_mib():
    """Return the greatest resident memory of this process so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, help="number of points")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--units", nargs="+", default=["RUS"], help="states, such as RUS")
    parser.add_argument("--range-km", type=float, default=1600.0)
    given = parser.parse_args()
    territory = boundaries.borders().territory(
        boundaries.units_of(given.units, on="2021-12-17", worldview="un")
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points"
        write(path, given.count, given.seed)
        begun = time.process_time()
        found = hits(path, territory, given.range_km * 1e3)
        took = time.process_time() - begun
    print(
        f"{given.count} points, {found} within {given.range_km:g} km of {territory}: "
        f"{took:.1f} s of processor, field included; at most {peak_mib():.0f} MiB resident"
    )
    return int(peak_mib() >= LIMIT_MIB)


if __name__ == "__main__":
    sys.exit(main())
