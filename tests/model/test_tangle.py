"""Outlines that GEOS would look at for hours are refused; those that are only long are not."""

import time

import numpy as np
import pytest
import shapely

from deploygeo.io import read
from deploygeo.model.tangle import is_tangled


def teeth(count):
    """Return a valid outline of long teeth side by side at 45°: all of their boxes overlap."""
    step = 20 / count
    ring = [(0.0, 0.0)]
    for tooth in range(count):
        at = tooth * step
        ring += [(at + 50 + step / 2, at - 50 + step / 2), (at + step, at + step)]
    return shapely.Polygon([*ring, (-5, 25), (-5, -5), (0, 0)])


def squares(count):
    return shapely.multipolygons(
        [shapely.box(-size, -size, size, size) for size in np.linspace(0.1, 80, count)]
    )


def rings(count):
    """Return valid rings, each within the next."""
    sizes = np.linspace(0.1, 80, 2 * count)
    inner, outer = sizes[::2], sizes[1::2]
    boxes = [shapely.box(-size, -size, size, size).exterior for size in sizes]
    assert len(inner) == len(outer)
    return shapely.multipolygons(
        [shapely.Polygon(big, [small]) for small, big in zip(boxes[::2], boxes[1::2], strict=True)]
    )


def circle(count, sway):
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    radius = 40 + sway * (np.arange(count) % 2)
    return shapely.Polygon(np.c_[radius * np.cos(angle), radius * np.sin(angle)])


@pytest.mark.parametrize("outline", [teeth(8_000), squares(20_000), rings(6_000)])
def test_parts_that_lie_over_each_other_are_refused_in_seconds(outline):
    """GEOS took 4 s for 8 000 teeth, and four times as long for each twice as many."""
    start = time.process_time()
    properties = {"id": "a", "party": "USA", "kind": "exercise"}
    feature = {"type": "Feature", "properties": properties, "geometry": outline}
    (fault,) = read(feature).faults
    assert "parts of the outline lie over each other" in fault.message
    assert time.process_time() - start < 8.0


@pytest.mark.parametrize(
    "outline",
    [
        teeth(1_000),
        squares(1_000),
        rings(1_000),
        circle(400_000, 0.0),
        circle(400_000, 0.001),
        shapely.multipolygons(
            [shapely.box(x, y, x + 0.4, y + 0.4) for x in range(-90, 90) for y in range(-60, 60)]
        ),
        shapely.LineString(teeth(8_000).exterior.coords),
        shapely.Polygon(),
    ],
)
def test_what_is_only_long_or_of_many_parts_is_checked(outline):
    assert not is_tangled(outline)


def test_of_very_many_runs_a_sample_is_asked():
    """The whole of them would take the memory of the geometry once more."""
    assert not is_tangled(circle(1_000_000, 0.001))
    assert is_tangled(teeth(150_000))
