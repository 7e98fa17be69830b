"""The oracle for large territories: brute force over those edges that can hold the minimum.

Which edges can't is proven. Take a point of the ellipsoid for the point of a sphere of radius S
with the same longitude and latitude. An arc that is ds long on the sphere is between ds·M/S and
ds·N/S long on the ellipsoid, M and N the least and the greatest radius of curvature anywhere:
M at the equator along the meridian, N at the poles. So is every shortest path, and every distance.
"""

import numpy as np
import shapely

from .oracle import GEOD, edges_of, least

SPHERE_M = 6_371_008.8
LEAST_RADIUS_M = GEOD.b**2 / GEOD.a
GREATEST_RADIUS_M = GEOD.a**2 / GEOD.b
#: Rounding of the sphere's distances, from the arcus sine of a chord, with room to spare.
ROUNDING_M = 1.0


def unit(lon, lat):
    """Return the points of the unit sphere in rows."""
    x, y = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])


class Judge:
    """Brute force for one geometry."""

    def __init__(self, geometry):
        self.geometry = geometry
        shapely.prepare(geometry)
        self.edges = edges_of(geometry)
        x0, y0, x1, y1 = self.edges.T
        self.start = unit(x0, y0)
        widest = np.cos(np.radians(np.where(y0 * y1 <= 0, 0, np.minimum(abs(y0), abs(y1)))))
        # At least the length of the edge on the ellipsoid.
        self.length_m = GREATEST_RADIUS_M * np.hypot(
            np.radians(y1 - y0), widest * np.radians(x1 - x0)
        )

    def is_inside(self, lon, lat):
        """Return whether points lie in or on the geometry, under both names of 180°."""
        hit = shapely.intersects_xy(self.geometry, lon, lat)
        return hit | (shapely.intersects_xy(self.geometry, -lon, lat) & (np.abs(lon) == 180))

    def candidates(self, lon, lat):
        """Return the edges that can hold the point nearest to a point."""
        chord = np.linalg.norm(self.start - unit(lon, lat), axis=1)
        sphere_m = 2 * SPHERE_M * np.arcsin(np.minimum(chord / 2, 1))
        first = self.edges[sphere_m.argmin()]
        best_m = GEOD.inv(lon, lat, first[0], first[1])[2]
        below_m = LEAST_RADIUS_M / SPHERE_M * (sphere_m - ROUNDING_M) - self.length_m
        return self.edges[below_m <= best_m]

    def distance_m(self, lon, lat):
        """Return distances, 0 inside or on."""
        inside = self.is_inside(lon, lat)
        return np.array(
            [
                0.0 if hit else least(x, y, self.candidates(x, y))
                for x, y, hit in zip(lon, lat, inside, strict=True)
            ]
        )
