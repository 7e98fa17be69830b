"""Where the nearest point on a sphere is not the nearest on the ellipsoid.

Two parts of a territory are about equally far from the points of a ridge. The sphere's ridge lies
beside the ellipsoid's, kilometres away; between the two, a tool that looks for the nearest point
on a sphere and measures to it on the ellipsoid measures to the wrong part, and always too far.
"""

import numpy as np
from scipy.spatial import cKDTree

from .judge import unit
from .oracle import GEOD, edges_of

#: Degrees between the points that stand for an edge. The nearest point of an edge is one of its
#: ends or a least distance: to miss that by 0.005° costs (550 m)² / (2 · distance), 2 m at 100 km.
STEP_DEG = 0.01


class Sphere:
    """The nearest point on a sphere, of points on every edge."""

    def __init__(self, geometry):
        edges = edges_of(geometry)
        count = np.ceil(np.abs(edges[:, 2:] - edges[:, :2]).max(axis=1) / STEP_DEG).astype(int) + 1
        start = np.concatenate([[0], np.cumsum(count)[:-1]])
        t = (np.arange(count.sum()) - np.repeat(start, count)) / np.repeat(count, count)
        every = np.repeat(edges, count, axis=0)
        self.lon = every[:, 0] + t * (every[:, 2] - every[:, 0])
        self.lat = every[:, 1] + t * (every[:, 3] - every[:, 1])
        self.tree = cKDTree(unit(self.lon, self.lat))

    def nearest(self, lon, lat):
        """Return the nearest point on the sphere: longitude, latitude."""
        index = self.tree.query(unit(lon, lat))[1]
        return self.lon[index], self.lat[index]

    def distance_m(self, lon, lat):
        """Return the distance on the ellipsoid to the nearest point on the sphere."""
        return GEOD.inv(lon, lat, *self.nearest(lon, lat))[2]


def ridge(sphere, lon, lat, *, apart_m=200e3, steps=24):
    """Return points on the sphere's ridges, on both sides, from starts outside the territory.

    From each start a line of 300 km goes in any direction; where the nearest point at its end is
    another part of the territory, the line is halved until its ends are within metres of the ridge.
    """
    rng = np.random.default_rng(len(lon))
    azimuth = rng.uniform(0, 360, len(lon))
    a = np.array([lon, lat])
    b = np.array(GEOD.fwd(lon, lat, azimuth, np.full(len(lon), 300e3))[:2])
    near, far = (np.array(sphere.nearest(*p)) for p in (a, b))
    differ = GEOD.inv(*near, *far)[2] > apart_m
    a, b, near = a[:, differ], b[:, differ], near[:, differ]
    for _ in range(steps):
        there, _, length = GEOD.inv(*a, *b)
        middle = np.array(GEOD.fwd(*a, there, length / 2)[:2])
        same = GEOD.inv(*near, *sphere.nearest(*middle))[2] < apart_m / 2
        a, b = np.where(same, middle, a), np.where(same, b, middle)
    return np.concatenate([a, b], axis=1)
