"""Geodesic measurement on the WGS 84 ellipsoid: numbers in, numbers out.

Closed sets are `Shape` and `Territory`; their vertices are joined by lines straight in longitude
and latitude, as RFC 7946 says. Points are longitudes and latitudes in degrees, scalar or array.

>>> import shapely
>>> from deploygeo.geodesy import Territory, distance_m
>>> strip = Territory.of(shapely.MultiPolygon([shapely.box(178, -1, 180, 1),
...                                            shapely.box(-180, -1, -179, 1)]))
>>> round(distance_m(-178.0, 0.0, strip), 3), distance_m(180.0, 0.0, strip)
(111319.491, 0.0)
"""

from deploygeo.geodesy.area import area_m2, areas_m2
from deploygeo.geodesy.decide import within
from deploygeo.geodesy.ellipsoid import direct, inverse
from deploygeo.geodesy.field import DistanceField
from deploygeo.geodesy.fields import field_of
from deploygeo.geodesy.measure import (
    Nearest,
    distance_m,
    nearest,
    nearest_edge,
    signed_m,
)
from deploygeo.geodesy.separation import separation_m
from deploygeo.geodesy.shape import EMPTY, Shape, Territory
from deploygeo.geodesy.track import Approach, Crossings, Gap, Passage, TrackPoint, crossings
from deploygeo.geodesy.zone import Zone, zone

__all__ = [
    "EMPTY",
    "Approach",
    "Crossings",
    "DistanceField",
    "Gap",
    "Nearest",
    "Passage",
    "Shape",
    "Territory",
    "TrackPoint",
    "Zone",
    "area_m2",
    "areas_m2",
    "crossings",
    "direct",
    "distance_m",
    "field_of",
    "inverse",
    "nearest",
    "nearest_edge",
    "separation_m",
    "signed_m",
    "within",
    "zone",
]
