"""Sets that are hard to measure, by name."""

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon, box


def coast(corners, levels, seed):
    """Return a ring of ragged lines between corners, like a coast."""
    rng = np.random.default_rng(seed)
    ring = np.array([*corners, corners[0]], dtype=float)
    for _ in range(levels):
        step = np.diff(ring, axis=0)
        bent = rng.uniform(-0.15, 0.15, (len(step), 1)) * np.column_stack([-step[:, 1], step[:, 0]])
        out = np.empty((2 * len(ring) - 1, 2))
        out[::2], out[1::2] = ring, (ring[:-1] + ring[1:]) / 2 + bent
        ring = out
    return np.round(ring, 6)


ISLANDS = MultiPolygon(
    [
        Polygon(coast([(30, 50), (60, 48), (70, 65), (35, 68)], 5, 1)),
        *(
            Polygon(coast([(x, y), (x + 0.4, y), (x + 0.2, y + 0.3)], 2, x))
            for x, y in [(20, 54), (75, 71), (80, 72), (25, 45), (72, 44)]
        ),
    ]
)
ENCLAVE = MultiPolygon(
    [
        Polygon(
            [(0, 40), (10, 40), (10, 48), (0, 48)],
            [[(3, 43), (3, 46), (7, 46), (7, 43)], [(1, 41), (1, 41.5), (1.5, 41.2)]],
        ),
        box(4.5, 44, 5.5, 45),
    ]
)
SETS = {
    "square": box(0, 0, 1, 1),
    "islands": ISLANDS,
    "hole with an enclave": ENCLAVE,
    "long parallel at 49 N": box(-125, 49, -95, 55),
    "parallel at 80 N": box(-150, 80, 150, 82),
    "northern cap": box(-180, 75, 180, 90),
    "ragged southern cap": Polygon(
        [(-180, -90), (180, -90), *coast([(180, -70), (60, -66), (-180, -70)], 4, 2)[:-16]]
    ).buffer(0),
    "wedge to the pole": Polygon([(10, 60), (60, 60), (60, 90), (10, 90)]),
    "tiny ring about the pole": Polygon(
        [(-180, 89.999), (180, 89.999), (180, 89.9995), (-180, 89.9995)]
    ),
    "both sides of 180": MultiPolygon([box(170, 60, 180, 70), box(-180, 60, -170, 68)]),
    "one side of 180": box(175, -10, 180, 10),
    "slanted": Polygon([(-20, -40), (100, 30), (101, 45), (-25, -30)]),
    "meridian line": shapely.LineString([(12.5, -80), (12.5, 80)]),
    "lines": shapely.MultiLineString([[(0, 0), (30, 40), (60, 0)], [(-170, -20), (-100, -70)]]),
    "equator": shapely.LineString([(-180, 0), (180, 0)]),
    "points": shapely.MultiPoint([(0, 0), (179.9, 10), (-179.9, 10), (5, 90)]),
    "mixture": shapely.GeometryCollection(
        [box(10, 10, 12, 12), shapely.Point(20, 20), shapely.LineString([(0, 0), (5, 5)])]
    ),
    "one metre": box(10, 50, 10.00001, 50.00001),
}
