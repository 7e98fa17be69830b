"""How far east land goes, and the boxes that say where land may be."""

import numpy as np
import pytest
import shapely

from deploygeo.boundaries import borders
from deploygeo.boundaries.land import CELL_DEG


@pytest.fixture(scope="module")
def land():
    return borders("ne10")


def _parts(land, units):
    return [p for unit in units for p in shapely.get_parts(land.shape(unit).geometry)]


def test_the_eastern_end_on_a_parallel_is_that_of_the_land_cut_there(land):
    """Asked anew by cutting every polygon with the parallel."""
    choose = np.random.default_rng(7)
    states = ["USA", "RUS", "NOR", "POL", "CAN", "FJI", "NZL", "DEU", "KIR"]
    for _ in range(40):
        units, lat = choose.choice(states, 3, replace=False).tolist(), choose.uniform(-50.0, 75.0)
        ends = []
        for unit in units:
            boxes = shapely.bounds(_parts(land, [unit]))
            sizes = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
            turn = boxes[sizes.argmax(), [0, 2]].mean() + 180.0
            parallel = shapely.LineString([(-180.0, lat), (180.0, lat)])
            for polygon in _parts(land, [unit]):
                met = polygon.intersection(parallel)
                if not met.is_empty:
                    end = met.bounds[2]
                    ends.append(end - 360.0 if end > turn else end)
        found = land.easternmost_at(units, lat)
        assert found == pytest.approx(max(ends, default=-np.inf), abs=1e-9)


def test_the_largest_polygon_is_the_largest_of_all(land):
    for units in (["USA"], ["NOR", "SWE"], ["FJI"], ["RUS", "kaliningrad"]):
        known = [unit for unit in units if unit in land.unit_ids()]
        largest = max(_parts(land, known), key=lambda polygon: polygon.area)
        assert land.largest(known).equals(largest)
    assert land.largest([]) is None


@pytest.mark.parametrize("level", ["hybrid", "ne10"])
def test_the_boxes_are_those_of_the_land_by_cells(level):
    """They ship as a layer: putting 74 000 rows together takes a twentieth of a second."""
    store = borders(level)
    expected = store._rows(
        "SELECT unit, min(min_lon), min(min_lat), max(max_lon), max(max_lat) FROM land "
        "GROUP BY unit, CAST((min_lon + 180) / ? AS INTEGER), CAST((min_lat + 90) / ? AS INTEGER)",
        CELL_DEG,
        CELL_DEG,
    )
    boxes = "SELECT unit, min_lon, min_lat, max_lon, max_lat FROM land_boxes ORDER BY fid"
    assert store._rows(boxes) == expected
