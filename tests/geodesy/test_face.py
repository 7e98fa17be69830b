"""What callers rely on: shapes of results, errors, empty sets, unions."""

import subprocess
import sys

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, box

from deploygeo.errors import CoordinateError, SettingError
from deploygeo.geodesy import (
    EMPTY,
    Shape,
    Territory,
    area_m2,
    crossings,
    direct,
    distance_m,
    field_of,
    inverse,
    nearest,
    nearest_edge,
    separation_m,
    signed_m,
    within,
    zone,
)

from .oracle import GEOD
from .sets import SETS

ISLANDS = Territory.of(SETS["islands"], "islands")
WEST = Shape.of(box(0, 0, 1, 1), "west")
EAST = Shape.of(box(1, 0, 2, 1), "east")
BOTH = Territory("both", (WEST, EAST))


def globe(count, seed=5):
    rng = np.random.default_rng(seed)
    return rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))


@pytest.mark.parametrize("measure", [distance_m, signed_m])
def test_scalar_equals_batch_to_the_last_bit(measure):
    lon, lat = globe(120)
    batch = measure(lon, lat, ISLANDS)
    assert [measure(x, y, ISLANDS) for x, y in zip(lon, lat, strict=True)] == batch.tolist()
    halves = [measure(lon[i : i + 47], lat[i : i + 47], ISLANDS) for i in (0, 47, 94)]
    assert np.concatenate(halves).tolist() == batch.tolist()


@pytest.mark.parametrize("measure", [nearest, nearest_edge])
def test_scalar_witnesses_equal_those_of_a_batch(measure):
    lon, lat = globe(60)
    batch = measure(lon, lat, ISLANDS)
    for i in range(60):
        assert measure(lon[i], lat[i], ISLANDS) == tuple(column[i] for column in batch)


def test_scalars_give_floats_back():
    assert type(distance_m(5, 5, BOTH)) is float
    assert type(within(5, 5, BOTH, 1.0)) is bool
    found = nearest(5, 5, BOTH)
    assert [type(value) for value in found] == [float, float, float, str, int, bool]
    assert [type(value) for value in (*inverse(0, 0, 1, 1), *direct(0, 0, 0, 1))] == [float] * 4


def test_points_broadcast_like_a_ufunc():
    lon, lat = np.linspace(-10, 10, 5), np.linspace(-50, 50, 3)[:, None]
    assert distance_m(lon, lat, BOTH).shape == (3, 5)
    assert distance_m(lon, lat, BOTH)[1, 4] == distance_m(10.0, 0.0, BOTH)
    assert nearest(lon, lat, BOTH).shape.shape == (3, 5)
    assert within(0.0, 5.0, BOTH, np.array([1.0, 1e6])).tolist() == [False, True]
    assert distance_m([], [], BOTH).shape == (0,)
    assert nearest([], [], BOTH).lon.shape == (0,)


@pytest.mark.parametrize("nothing", [EMPTY, Territory.of(shapely.MultiPolygon())])
def test_nothing_is_at_no_distance(nothing):
    assert np.isnan(distance_m(0, 0, nothing))
    assert np.isnan(signed_m([0, 1], 0, nothing)).tolist() == [True, True]
    assert nearest(0, 0, nothing).ring == -1
    assert np.isnan(nearest_edge([0], [0], nothing).distance_m).all()
    assert within(0, 0, nothing, np.inf) is False
    assert np.isnan(separation_m(nothing, BOTH))
    assert nothing.is_empty


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        (0.0, 91.0, "lat 91.0 is outside [-90, 90]; lon 0.0 would be a latitude: are lon and lat "
                    "swapped?"),
        ([0.0, 1.0, 2.0], [0.0, 95.0, 99.0], "lat 95.0 at row 1 is outside [-90, 90]; lon 1.0 "
                    "would be a latitude: are lon and lat swapped?"),
        (100.0, 95.0, "lat 95.0 is outside [-90, 90]"),
        ([0.0, np.nan], 0.0, "lon nan at row 1 is not finite"),
        (0.0, [np.inf], "lat inf at row 0 is not finite"),
        (190.0, 0.0, "lon 190.0 is outside [-180, 180]; -170 is the same meridian"),
        (5000.0, 0.0, "lon 5000.0 is outside [-180, 180]"),
        ([[0.0, 1.0], [2.0, 999.0]], 0.0, "lon 999.0 at row (1, 1) is outside [-180, 180]"),
    ],
)  # fmt: skip
def test_a_bad_coordinate_is_named_by_its_first_row(lon, lat, message):
    for measure in (distance_m, nearest, nearest_edge, signed_m):
        with pytest.raises(CoordinateError) as caught:
            measure(lon, lat, BOTH)
        assert str(caught.value) == message
    with pytest.raises(CoordinateError):
        within(lon, lat, EMPTY, 1.0)


def test_what_is_not_a_number_or_does_not_broadcast_is_a_coordinate_error():
    for lon, lat in [("east", 0.0), ([1, 2], [1, 2, 3])]:
        with pytest.raises(CoordinateError, match="not numbers that broadcast"):
            distance_m(lon, lat, BOTH)


def test_a_bad_vertex_is_named():
    with pytest.raises(CoordinateError, match=r"^lon 181.0 at vertex 1 is outside"):
        Shape.of(shapely.LineString([(0, 0), (181, 0)]))


def test_unknown_edges_are_refused():
    with pytest.raises(SettingError, match="planar"):
        Territory.of(box(0, 0, 1, 1), edges="geodesic")


def test_a_union_is_as_near_as_its_nearest_shape_and_names_it():
    found = nearest([-1, 3, 0.5, 1.5, 1.0], 0.5, BOTH)
    assert found.shape.tolist() == ["west", "east", "west", "east", "west"]
    lon, lat = globe(80)
    shapes = [distance_m(lon, lat, Territory("", (shape,))) for shape in BOTH.shapes]
    assert distance_m(lon, lat, BOTH).tolist() == np.minimum(*shapes).tolist()
    swapped = Territory("", (EAST, WEST))
    assert distance_m(lon, lat, swapped).tolist() == distance_m(lon, lat, BOTH).tolist()


def test_depth_in_a_union_is_never_overstated():
    """On the border between two shapes the greatest depth that either shape proves is 0."""
    lon = np.linspace(0.05, 1.95, 20)
    whole = Territory.of(box(0, 0, 2, 1))
    stated, true = -signed_m(lon, 0.5, BOTH), -signed_m(lon, 0.5, whole)
    assert (stated <= true + 1e-3).all()
    assert signed_m(1.0, 0.5, BOTH) == pytest.approx(0.0, abs=1e-6)


def test_overlapping_shapes_give_the_greater_depth():
    big = Shape.of(box(0, 0, 4, 4), "big")
    small = Shape.of(box(1, 1, 2, 2), "small")
    one = signed_m(1.5, 1.5, Territory("", (big,)))
    assert signed_m(1.5, 1.5, Territory("", (small, big))) == one


def test_rings_are_numbered_in_their_order():
    enclave = Territory.of(SETS["hole with an enclave"])
    assert nearest_edge([-1, 3.5, 1.2, 4.6], [44, 44, 41.25, 44.5], enclave).ring.tolist() == [
        0, 1, 2, 3,
    ]  # fmt: skip


def test_the_cut_at_the_antimeridian_is_no_boundary_where_both_sides_belong():
    pacific = Territory.of(SETS["both sides of 180"])
    assert nearest_edge(180.0, 64.0, pacific).lat == pytest.approx(60.0, abs=0.1)
    assert signed_m(179.999, 64.0, pacific) < -400_000
    # Above 68 N the western side ends, and the cut is a shore.
    assert signed_m(179.9, 69.0, pacific) == pytest.approx(-4_001, abs=1)
    assert distance_m(-179.9, 69.0, pacific) == pytest.approx(4_001, abs=1)


def test_the_pole_in_a_cap_is_deep_inside():
    cap = Territory.of(SETS["northern cap"])
    expected = -inverse(0.0, 90.0, 0.0, 75.0)[0]
    assert signed_m([0.0, 50.0, -180.0], 90.0, cap) == pytest.approx([expected] * 3, abs=1e-6)


def test_the_whole_globe_has_no_boundary():
    world = Territory.of(box(-180, -90, 180, 90))
    assert distance_m(12.0, 34.0, world) == 0.0
    assert np.isnan(nearest_edge(12.0, 34.0, world).distance_m)
    assert signed_m(12.0, 34.0, world) == -np.inf


@pytest.mark.parametrize("range_m", [0.0, 1e3, 5e5, 2e6, 1.9e7])
def test_within_is_distance_compared(range_m):
    lon, lat = globe(150)
    for territory in (ISLANDS, BOTH):
        expected = distance_m(lon, lat, territory) <= range_m
        assert within(lon, lat, territory, range_m).tolist() == expected.tolist()
    edge = distance_m(lon[0], lat[0], ISLANDS)
    assert within(lon[0], lat[0], ISLANDS, edge)
    assert not within(lon[0], lat[0], ISLANDS, np.nextafter(edge, 0))
    assert not within(0.5, 0.5, BOTH, -1.0)
    assert not within(0.5, 0.5, BOTH, np.nan)


def test_separation_is_found_from_either_side():
    far = Territory.of(SETS["long parallel at 49 N"])
    assert separation_m(far, ISLANDS) == pytest.approx(separation_m(ISLANDS, far), abs=1e-3)


def test_separation_of_parallel_lines_is_found_between_vertices():
    """The nearest points of a parallel and of a slanted line are no vertex of the parallel."""
    line = Territory.of(shapely.LineString([(-30, 50), (30, 50)]))
    tent = Territory.of(shapely.LineString([(-20, 60), (3.3, 51), (25, 60)]))
    assert separation_m(line, tent) == pytest.approx(distance_m(3.3, 51.0, line), abs=1e-3)


def test_separation_is_zero_where_sets_touch_or_contain_each_other():
    pacific = Territory.of(SETS["one side of 180"])
    assert separation_m(pacific, Territory.of(box(-180, 0, -170, 1))) == 0.0
    assert separation_m(pacific, Territory.of(shapely.Point(178, 0))) == 0.0
    assert separation_m(BOTH, Territory.of(box(2, 1, 3, 3))) == 0.0


def test_separation_across_the_antimeridian_and_between_points():
    one, two = (Territory.of(shapely.Point(x, 10)) for x in (179.5, -179.5))
    assert separation_m(one, two) == inverse(179.5, 10, -179.5, 10)[0]


def test_a_shape_that_is_farther_than_another_of_its_territory_does_not_matter():
    """A shape all farther than the best known raised ValueError; a treaty fuzzer, 2026."""
    near, far = box(2, 0, 3, 1), box(60, 40, 61, 41)
    shapes = (*Territory.of(near).shapes, *Territory.of(far).shapes)
    both = Territory(name="both", shapes=shapes)
    here = Territory.of(shapely.segmentize(box(0, 0, 1, 1), 0.001))
    assert separation_m(both, here) == separation_m(Territory.of(near), here)


def test_area_agrees_with_geodesic_polygons_whose_edges_are_short():
    ring = shapely.segmentize(box(20, 40, 50, 60), 0.01)
    expected = abs(GEOD.geometry_area_perimeter(ring)[0])
    assert area_m2(box(20, 40, 50, 60)) == pytest.approx(expected, rel=1e-8)


def test_area_subtracts_holes_and_adds_parts():
    parts = SETS["hole with an enclave"]
    hole = area_m2(box(3, 43, 7, 46))
    assert area_m2(parts) == pytest.approx(
        area_m2(box(0, 40, 10, 48)) - hole - area_m2(shapely.Polygon(parts.geoms[0].interiors[1]))
        + area_m2(box(4.5, 44, 5.5, 45)), rel=1e-12)  # fmt: skip
    assert area_m2(MultiPolygon()) == 0.0


def test_direct_undoes_inverse():
    lon, lat = globe(50)
    distance, azimuth = inverse(10.0, 50.0, lon, lat)
    x, y = direct(10.0, 50.0, azimuth, distance)
    assert inverse(x, y, lon, lat)[0].max() < 1e-6


def test_importing_the_package_imports_neither_scipy_nor_geopy():
    code = (
        "import sys, deploygeo.geodesy; "
        "print([m for m in ('scipy', 'geopy', 'geographiclib', 'geopandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("value", ["RUS", None, box(0, 0, 1, 1), WEST])
@pytest.mark.parametrize(
    "ask",
    [
        lambda value: distance_m(0.0, 0.0, value),
        lambda value: nearest(0.0, 0.0, value),
        lambda value: nearest_edge(0.0, 0.0, value),
        lambda value: signed_m(0.0, 0.0, value),
        lambda value: within(0.0, 0.0, value, 5.0),
        lambda value: separation_m(BOTH, value),
        lambda value: crossings([0.0, 1.0], [0.0, 1.0], value, 5.0),
        lambda value: zone(value, 50),
        field_of,
    ],
)
def test_what_is_no_territory_is_named(ask, value):
    with pytest.raises(SettingError, match=r"is no territory: deploygeo\.territory"):
        ask(value)


@pytest.mark.parametrize("given", [("x", 5.0), (5.0, None, "x"), ([1.0, 2.0], [1.0, 2.0, 3.0])])
def test_an_azimuth_or_a_distance_that_is_no_number_is_refused(given):
    with pytest.raises(SettingError, match="azimuth and distance"):
        direct(0.0, 0.0, given[0], given[-1])
