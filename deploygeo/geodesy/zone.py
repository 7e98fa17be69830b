"""Zones: everything within a distance of a territory, as geometry that is proven."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from deploygeo.errors import SettingError
from deploygeo.geodesy.contour import Decides, outline
from deploygeo.geodesy.coordinates import checked
from deploygeo.geodesy.ellipsoid import LARGEST_M, FloatArray
from deploygeo.geodesy.measure import nearest
from deploygeo.geodesy.mesh import Measure, Samples
from deploygeo.geodesy.rings import polygons
from deploygeo.geodesy.shape import Territory, check_territory

__all__ = ["LEAST_KM", "Zone", "zone"]

#: Below this a zone is hardly more than the territory's own outline.
LEAST_KM = 1.0

#: A tolerance between ten times the error of crossings (a hundredth of it, measured to 1 mm) and
#: a tenth of the range, with which the proof has room.
_LEAST_TOLERANCE_M = 1.0
_MOST_OF_RANGE = 0.1

#: Shapes of which boxes are asked; in a collection with lines the corners do.
_AREAL = ("Polygon", "MultiPolygon")

#: Where edges are measured, besides their ends.
_QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """Everything within a distance of a territory.

    Attributes
    ----------
    geometry : shapely.MultiPolygon
        Valid, cut at 180°, exteriors counter-clockwise (RFC 7946); edges are straight in
        longitude and latitude. A pole inside is covered: its polygon reaches along latitude
        90 from -180 to 180.
    range_km, tolerance_m : float
        What was asked for. A point inside is at most ``tolerance_m`` farther than the range, one
        outside at most ``tolerance_m`` nearer.
    worst_vertex_m, worst_edge_m : float
        The greatest difference between the range and the distance measured at the vertices, and
        at a quarter, half and three quarters of every edge; the cut at 180° is no edge.
    least_width_m : float
        Holes into which a circle of this diameter fits are there; narrower ones may be missing.
        There are no narrow islands: each part of a zone is as wide as the range on every side.
    measured : int
        At how many points the exact distance was asked for.
    """

    geometry: Any
    range_km: float
    tolerance_m: float
    worst_vertex_m: float
    worst_edge_m: float
    least_width_m: float
    measured: int

    def __repr__(self) -> str:
        return (
            f"Zone({self.range_km:g} km, {shapely.get_num_coordinates(self.geometry)} vertices, "
            f"tolerance {self.tolerance_m:g} m)"
        )

    def contains(self, lon: ArrayLike, lat: ArrayLike) -> bool | NDArray[np.bool_]:
        """Return whether points lie in or on the zone.

        The same as `within`, but for points whose distance differs from the range by no more than
        the tolerance.

        Parameters
        ----------
        lon, lat : array_like of float
            Degrees. Broadcast against each other; scalars give a bool back.

        Raises
        ------
        CoordinateError
            As for `distance_m`.

        Examples
        --------
        >>> import shapely
        >>> around = zone(Territory.of(shapely.Point(179.0, 0.0)), 500)
        >>> around.contains([-180.0, 180.0, -177.0, -176.0], 0.0)
        array([ True,  True,  True, False])
        """
        x, y, shape = checked(lon, lat)
        shapely.prepare(self.geometry)
        hit = np.asarray(shapely.intersects_xy(self.geometry, x, y), dtype=np.bool_)
        seam = np.flatnonzero((np.abs(x) == 180.0) & ~hit)
        hit[seam] = shapely.intersects_xy(self.geometry, -x[seam], y[seam])
        return hit.reshape(shape) if shape else bool(hit[0])


def zone(
    territory: Territory,
    range_km: float,
    *,
    tolerance_m: float = 100.0,
    field: Decides | None = None,
) -> Zone:
    """Return everything within a distance of a territory.

    Parameters
    ----------
    territory : Territory
        The zone of a territory of nothing is empty.
    range_km : float
        From 1 on. From half the circumference on (20 004 km) the zone of anything is the globe.
    tolerance_m : float
        How far the outline may be from the range: from 1 to a tenth of it.
    field : DistanceField, optional
        Saves some measuring where it is at hand.

    Raises
    ------
    SettingError
        If the territory is none, the range or the tolerance is no such number, or the field is
        another territory's.

    Notes
    -----
    That no point is on the wrong side by more than the tolerance is proven, not sampled: see
    `deploygeo.geodesy.contour`. A hole is missed only if no point of it is farther than the range
    by more than the tolerance. The distance to what is within range is the distance to the
    territory less the range, so the largest circle in such a hole has a diameter of at most twice
    the tolerance: this is `least_width_m`.

    Examples
    --------
    >>> import shapely
    >>> around = zone(Territory.of(shapely.Point(0.0, 0.0)), 1000)
    >>> around.geometry.geom_type, len(around.geometry.geoms), around.least_width_m
    ('MultiPolygon', 1, 200.0)
    >>> around.worst_edge_m < 100.0, around.contains(8.98, 0.0), around.contains(8.99, 0.0)
    (True, True, False)

    Nothing, and everything:

    >>> from deploygeo.geodesy import EMPTY
    >>> zone(EMPTY, 500).geometry.is_empty
    True
    >>> zone(Territory.of(shapely.Point(0.0, 0.0)), 20_004).geometry.bounds
    (-180.0, -90.0, 180.0, 90.0)
    """
    check_territory(territory)
    range_m, tolerance = _settings(range_km, tolerance_m)
    if getattr(field, "territory", territory) is not territory:
        raise SettingError(f"the field is not that of {territory!r}; leave it out or build its own")
    if territory.is_empty:
        return Zone(shapely.MultiPolygon(), range_m / 1e3, tolerance, 0.0, 0.0, 0.0, 0)
    if range_m >= LARGEST_M:
        everything = shapely.orient_polygons(
            shapely.MultiPolygon([shapely.box(-180.0, -90.0, 180.0, 90.0)])
        )
        return Zone(everything, range_m / 1e3, tolerance, 0.0, 0.0, 0.0, 0)
    count = 0

    def measure(lon: FloatArray, lat: FloatArray) -> Samples:
        nonlocal count
        count += len(lon)
        found = nearest(lon, lat, territory)
        return Samples(*(np.atleast_1d(value) for value in found[:3]))

    areas = [shape.geometry for shape in territory.shapes if shape.geometry.geom_type in _AREAL]
    shapely.prepare(areas)

    def holds(box: FloatArray) -> NDArray[np.bool_]:
        boxes = shapely.box(*box.T)
        held = np.zeros(len(box), dtype=np.bool_)
        for land in areas:
            held |= shapely.covers(land, boxes)
        return held

    chords = outline(measure, range_m, tolerance, holds=holds, field=field)
    geometry = polygons(chords)
    worst_vertex = chords.worst_m
    if not geometry.is_valid:
        geometry = _mended(geometry)
        worst_vertex = _worst(geometry, (0.0,), range_m, measure)
    worst_edge = _worst(geometry, _QUARTERS, range_m, measure)
    return Zone(
        geometry, range_m / 1e3, tolerance, worst_vertex, worst_edge, 2.0 * tolerance, count
    )


def _settings(range_km: float, tolerance_m: float) -> tuple[float, float]:
    """Return range and tolerance in metres, or refuse them."""
    try:
        range_, tolerance = float(range_km), float(tolerance_m)
    except (TypeError, ValueError):
        raise SettingError(
            f"range_km {range_km!r} and tolerance_m {tolerance_m!r} must be numbers"
        ) from None
    if not math.isfinite(range_) or range_ < LEAST_KM:
        hint = "give 20004 for the whole globe" if range_ == math.inf else "give 1 or more"
        raise SettingError(f"range_km {range_km} is no range from {LEAST_KM:g} km on; {hint}")
    most = 1e3 * range_ * _MOST_OF_RANGE
    if not _LEAST_TOLERANCE_M <= tolerance <= most:
        raise SettingError(
            f"tolerance_m {tolerance_m} is not between {_LEAST_TOLERANCE_M:g} m and a tenth of "
            f"the range, {most:g} m; 100 and 10 are usual"
        )
    return range_ * 1e3, tolerance


def _mended(geometry: Any) -> Any:
    """Return valid polygons of rings that meet where they should not."""
    parts = shapely.get_parts(shapely.make_valid(geometry))
    parts = shapely.get_parts(parts)
    areal = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return shapely.orient_polygons(shapely.MultiPolygon(list(areal)))


def _worst(geometry: Any, at: tuple[float, ...], range_m: float, measure: Measure) -> float:
    """Return how far the distance on edges is from the range at most."""
    rings = shapely.get_rings(shapely.get_parts(geometry))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    a, b = xy[edge], xy[edge + 1]
    cut = (np.abs(a[:, 0]) == 180.0) & (a[:, 0] == b[:, 0])
    cut |= (np.abs(a[:, 1]) == 90.0) & (a[:, 1] == b[:, 1])
    a, b = a[~cut], b[~cut]
    lon, lat = np.concatenate([a + share * (b - a) for share in at]).T
    found = measure(lon, lat)
    return float(np.abs(found.distance_m - range_m).max(initial=0.0))
