"""The territory and the points that every tool gets, and how much of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from geodesy.judge import Judge
from geodesy.oracle import GEOD
from geodesy.ridge import Sphere, ridge

from deploygeo import boundaries
from deploygeo.geodesy import Territory, distance_m, field_of, within

#: Longitudes and latitudes of Europe and its seas, in degrees.
EUROPE = (-30.0, 60.0, 30.0, 82.0)
#: Named seas of the border data that count as Europe's.
SEAS = (
    "Baltic Sea",
    "Barents Sea",
    "Black Sea",
    "Mediterranean Sea",
    "North Sea",
    "Norwegian Sea",
    "Sea of Azov",
)
RANGES_KM = (500, 1600)
ZONES_KM = (50, 500, 1600, 5500)
#: Per-point ranges, in metres.
LEAST_M, MOST_M = 50e3, 5_500e3
#: How much the range of a point on the ridge is more than its distance, in metres.
BEYOND_M = 1e3
#: How near to the range the hard half of the judged points lies.
BAND_M = 20e3


@dataclass(frozen=True)
class Points:
    lon: np.ndarray
    lat: np.ndarray

    def __len__(self) -> int:
        return len(self.lon)

    def first(self, count: int | None) -> Points:
        return Points(self.lon[:count], self.lat[:count])

    def take(self, index: np.ndarray | slice) -> Points:
        return Points(self.lon[index], self.lat[index])

    def __add__(self, other: Points) -> Points:
        return Points(np.append(self.lon, other.lon), np.append(self.lat, other.lat))


def uniform(rng: np.random.Generator, size: int, box=(-180.0, 180.0, -90.0, 90.0)) -> Points:
    """Return points uniform on the sphere, in a box."""
    west, east, south, north = box
    low, high = np.sin(np.radians([south, north]))
    return Points(
        rng.uniform(west, east, size), np.degrees(np.arcsin(rng.uniform(low, high, size)))
    )


class Work:
    """Russia, `hybrid` borders, as a territory and as one polygon, with points about it."""

    def __init__(self, quick: bool) -> None:
        self.quick = quick
        #: What a peer gets for one outline.
        self.limit_s = 15 if quick else 30
        self.polygon = shapely.union_all(
            [shape.geometry for shape in boundaries.territory("RUS", level="hybrid").shapes]
        )
        self.territory = Territory.of(self.polygon, "RUS")
        self.judge = Judge(self.polygon)

    def count(self, full: int) -> int:
        """Return how many points to take where the full run takes so many."""
        return max(10, full // 4) if self.quick else full

    @cached_property
    def decisions(self) -> Points:
        """Return the points to decide about."""
        return uniform(np.random.default_rng(1), 10_000_000, EUROPE)

    @cached_property
    def ranges_m(self) -> np.ndarray:
        """Return one range for each of them."""
        return np.random.default_rng(2).uniform(LEAST_M, MOST_M, len(self.decisions))

    def seas(self) -> Points:
        """Return points in Europe's seas."""
        polygons = shapely.union_all(
            [
                shape.geometry
                for name in SEAS
                for shape in boundaries.borders().seas.territory(name).shapes
            ]
        )
        shapely.prepare(polygons)
        every = uniform(np.random.default_rng(3), 1_500_000, EUROPE)
        return every.take(shapely.contains_xy(polygons, every.lon, every.lat))

    def globe(self) -> Points:
        """Return points anywhere."""
        return uniform(np.random.default_rng(4), 200_000)

    def near(self) -> Points:
        """Return points within 100 km of the border, inside and outside."""
        rng = np.random.default_rng(5)
        edge = self.judge.edges[rng.integers(len(self.judge.edges), size=200_000)]
        size = len(edge)
        lon, lat, _ = GEOD.fwd(
            edge[:, 0], edge[:, 1], rng.uniform(0, 360, size), rng.uniform(0, 100e3, size)
        )
        return Points(lon, lat)

    def far(self) -> Points:
        """Return points more than 10 000 km away."""
        every = uniform(np.random.default_rng(6), 400_000, (-180.0, 180.0, -90.0, 0.0))
        field = field_of(self.territory)
        return every.take(~within(every.lon, every.lat, self.territory, 1e7, field=field))

    @cached_property
    def ridge(self) -> Points:
        """Return points less than 6000 km away where the sphere chooses another part."""
        starts = uniform(np.random.default_rng(7), 4_000, (0.0, 180.0, 0.0, 82.0))
        away = np.asarray(distance_m(starts.lon, starts.lat, self.territory))
        starts = starts.take((away > 200e3) & (away < 6e6))
        sphere = Sphere(self.polygon)
        points = Points(*ridge(sphere, starts.lon, starts.lat))
        off = sphere.distance_m(points.lon, points.lat) - np.asarray(
            distance_m(points.lon, points.lat, self.territory)
        )
        return points.take(np.argsort(-off)[: self.count(200)])
