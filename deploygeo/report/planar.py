"""A piece of the Earth on a plane: what drawings in reports and papers are made from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Frame", "frame_of", "lines_in", "outline_places", "points_in", "polygons_in"]

Position = tuple[float, float]
Points = NDArray[np.float64]

#: An edge of a file is straight in longitude and latitude: it gets vertices so far apart.
_STEP_DEG = 1.0
#: A view reaches so far at most: beyond, the far side of the Earth is drawn out of all shape.
_FARTHEST_KM = 9_000.0
_NEAREST_KM = 60.0
#: Around what is shown.
_MARGIN = 1.25
#: Of the places, this share is brought into view; a single one far off does not shrink the rest.
_SHARE = 0.95
#: Round the point opposite to the centre, which a plane draws as a circle.
_OPPOSITE_DEG = 2.0
_SEAM_LON = 179.99
_POLE_LAT = 89.99


@dataclass(frozen=True, slots=True)
class Frame:
    """What a drawing shows: a rectangle about a centre, in an azimuthal equidistant projection.

    Distances from the centre are true, and so are directions there; both are those of the
    ellipsoid WGS 84.

    Parameters
    ----------
    lon, lat : float
        The centre, in degrees.
    half_width_km, half_height_km : float

    Examples
    --------
    >>> frame = Frame(0.0, 0.0, 1000.0, 500.0)
    >>> frame.projected([(0.0, 0.0), (1.0, 0.0)]).round(2).tolist()
    [[0.0, 0.0], [111.32, 0.0]]
    """

    lon: float
    lat: float
    half_width_km: float
    half_height_km: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top in kilometres from the centre."""
        return (
            -self.half_width_km,
            -self.half_height_km,
            self.half_width_km,
            self.half_height_km,
        )

    @property
    def reach_km(self) -> float:
        """The distance from the centre to a corner."""
        return math.hypot(self.half_width_km, self.half_height_km)

    @property
    def stretch(self) -> float:
        """By how much a distance across is drawn too long, at the farthest corner.

        Along lines through the centre the scale is true; across them it grows outwards.
        """
        angle = self.reach_km / 6371.0
        return angle / math.sin(angle) if angle > 0.0 else 1.0

    def projected(self, positions: Sequence[Position] | Points) -> Points:
        """Return positions in kilometres east and north of the centre."""
        points = np.asarray(positions, dtype=np.float64).reshape(-1, 2)
        to_plane = _to_plane(self.lon, self.lat)
        x, y = to_plane.transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y]) / 1000.0


@lru_cache(maxsize=64)
def _to_plane(lon: float, lat: float) -> Any:
    from pyproj import Transformer

    plane = f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +ellps=WGS84 +units=m +no_defs"
    return Transformer.from_crs("+proj=longlat +ellps=WGS84 +no_defs", plane, always_xy=True)


def frame_of(places: Sequence[Position], aspect: float = 1.5, *, share: float = _SHARE) -> Frame:
    """Return a frame that shows most of some places: Europe where there are none.

    Parameters
    ----------
    places : sequence of (lon, lat)
    aspect : float
        Width by height.
    share : float
        Of the places: how many are shown for certain.

    Examples
    --------
    >>> frame = frame_of([(179.0, 60.0), (-179.0, 60.0)])
    >>> round(abs(frame.lon)), round(frame.half_width_km / frame.half_height_km, 3)
    (180, 1.5)
    >>> frame_of([]).lat
    50.0
    """
    if not len(places):
        return Frame(20.0, 50.0, 2_400.0, 2_400.0 / aspect)
    radians = np.radians(np.asarray(places, dtype=np.float64).reshape(-1, 2))
    lon, lat = radians[:, 0], radians[:, 1]
    x, y, z = (
        float((np.cos(lat) * np.cos(lon)).mean()),
        float((np.cos(lat) * np.sin(lon)).mean()),
        float(np.sin(lat).mean()),
    )
    flat = math.hypot(x, y)
    if math.hypot(flat, z) < 1e-9:  # all round the Earth
        x, y, z, flat = 1.0, 0.0, 0.0, 1.0
    centre = Frame(
        round(math.degrees(math.atan2(y, x)), 3), round(math.degrees(math.atan2(z, flat)), 3), 1, 1
    )
    shown = np.abs(centre.projected(np.degrees(radians)))
    half_width, half_height = np.quantile(shown, share, axis=0, method="higher")
    width = max(float(half_width), float(half_height) * aspect, _NEAREST_KM) * _MARGIN
    width = min(width, _FARTHEST_KM)
    return Frame(centre.lon, centre.lat, width, width / aspect)


def outline_places(geometry: Any) -> list[Position]:
    """Return places along the outline of an area, spread evenly, for `frame_of`.

    Parameters
    ----------
    geometry : shapely geometry
        In degrees; an empty one has none.

    Examples
    --------
    >>> len(outline_places(shapely.box(0, 0, 10, 10)))
    28
    """
    points = shapely.get_coordinates(shapely.segmentize(geometry, _STEP_DEG))
    lon, lat = np.radians(points).T
    vectors = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    # one of each cell of some 160 km: a jagged coast has no more weight than a smooth one
    _, first = np.unique(np.rint(vectors * 40.0), axis=0, return_index=True)
    return [(float(x), float(y)) for x, y in points[np.sort(first)]]


def polygons_in(frame: Frame, polygons: Iterable[Any], *, steps: bool = True) -> list[Any]:
    """Return what of some polygons lies in a frame, in kilometres from its centre.

    Parameters
    ----------
    frame : Frame
    polygons : iterable of shapely.Polygon
        Of RFC 7946: edges are straight in longitude and latitude.
    steps : bool
        Whether long edges need vertices between; not where all are short.

    Examples
    --------
    >>> frame = Frame(0.0, 0.0, 50.0, 50.0)
    >>> [round(part.area) for part in polygons_in(frame, [shapely.box(0, 0, 10, 10)])]
    [2500]
    >>> polygons_in(frame, [shapely.box(60, 0, 61, 1)])
    []
    """
    # on both sides of the antimeridian, should it lie there
    turns = ((frame.lon + turn, -frame.lat) for turn in (-180.0, 180.0))
    opposite = shapely.MultiPoint(list(turns))
    window = shapely.box(*frame.box)
    found = []
    for polygon in polygons:
        for part in _without(polygon, opposite):
            rings = [np.asarray(ring.coords)[:, :2] for ring in (part.exterior, *part.interiors)]
            drawn = [frame.projected(_stepped(ring) if steps else ring) for ring in rings]
            if not any(_meets(ring, frame) for ring in drawn):
                continue
            # rings may change places, as about the far side, so that what two enclose is out
            shape: Any = shapely.MultiPolygon()
            for ring in drawn:
                one = _areal(shapely.Polygon(ring))
                shape = shapely.symmetric_difference(shape, one)
            inside = shapely.intersection(shape, window)
            found += _parts_of(inside, "Polygon")
    return found


def _parts_of(geometry: Any, kind: str) -> list[Any]:
    """Return the parts of one kind that are not empty."""
    parts = shapely.get_parts(geometry)
    return [part for part in parts if part.geom_type == kind and not part.is_empty]


def _without(polygon: Any, opposite: Any) -> list[Any]:
    """Return a polygon without what lies round the point opposite to the centre."""
    if not shapely.dwithin(polygon, opposite, _OPPOSITE_DEG):
        return [polygon]
    hole = shapely.buffer(opposite, _OPPOSITE_DEG)
    # a coast that was simplified may cross itself
    cut = shapely.difference(_areal(polygon), hole)
    return [part for part in shapely.get_parts(cut) if part.geom_type == "Polygon"]


def _areal(polygon: Any) -> Any:
    """Return a polygon that is valid, without lines that are left over."""
    valid = shapely.make_valid(polygon)
    if valid.geom_type != "GeometryCollection":
        return valid
    parts = shapely.get_parts(shapely.get_parts(valid))
    return shapely.union_all([part for part in parts if part.geom_type == "Polygon"])


def _meets(ring: Points, frame: Frame) -> bool:
    left, bottom, right, top = frame.box
    low, high = ring.min(axis=0), ring.max(axis=0)
    return bool(low[0] <= right and high[0] >= left and low[1] <= top and high[1] >= bottom)


def lines_in(frame: Frame, lines: Iterable[Sequence[Position]], *, steps: bool = True) -> list[Any]:
    """Return what of some lines lies in a frame; edges along the antimeridian are cuts, not lines.

    Parameters
    ----------
    frame : Frame
    lines : iterable of sequences of (lon, lat)
    steps : bool
        As for `polygons_in`.

    Examples
    --------
    >>> frame = Frame(0.0, 0.0, 100.0, 100.0)
    >>> [line.length for line in lines_in(frame, [[(-9.0, 0.0), (9.0, 0.0)]])]
    [200.0]
    >>> lines_in(Frame(180.0, 0.0, 100.0, 100.0), [[(180.0, -9.0), (180.0, 9.0)]])
    []
    """
    window = shapely.box(*frame.box)
    found = []
    for line in lines:
        points = np.asarray(line, dtype=np.float64)[:, :2]
        for part in _uncut(points):
            drawn = frame.projected(_stepped(part) if steps else part)
            for piece in _near(drawn, frame):
                inside = shapely.intersection(shapely.LineString(piece), window)
                found += _parts_of(inside, "LineString")
    return found


def _near(points: Points, frame: Frame) -> list[Points]:
    """Return a line in parts without jumps, which it has on the far side."""
    jumps = np.hypot(*np.diff(points, axis=0).T) > max(4.0 * frame.reach_km, 4_000.0)
    return [part for part in np.split(points, np.flatnonzero(jumps) + 1) if len(part) > 1]


def _uncut(points: Points) -> list[Points]:
    on_seam = np.abs(points[:, 0]) > _SEAM_LON
    at_pole = np.abs(points[:, 1]) > _POLE_LAT
    cut = (on_seam[:-1] & on_seam[1:]) | (at_pole[:-1] & at_pole[1:])
    return [part for part in np.split(points, np.flatnonzero(cut) + 1) if len(part) > 1]


def points_in(frame: Frame, places: Sequence[Position]) -> tuple[Points, NDArray[np.bool_]]:
    """Return places in kilometres from the centre, and which of them lie in the frame.

    Parameters
    ----------
    frame : Frame
    places : sequence of (lon, lat)

    Examples
    --------
    >>> drawn, inside = points_in(Frame(0.0, 0.0, 100.0, 100.0), [(0.5, 0.0), (5.0, 0.0)])
    >>> inside.tolist()
    [True, False]
    """
    drawn = frame.projected(places)
    left, bottom, right, top = frame.box
    x, y = drawn[:, 0], drawn[:, 1]
    return drawn, (x >= left) & (x <= right) & (y >= bottom) & (y <= top)


def _stepped(points: Points) -> Points:
    """Return a line with vertices at most a step apart, straight in longitude and latitude."""
    spans = np.abs(np.diff(points, axis=0)).max(axis=1)
    counts = np.maximum(np.ceil(spans / _STEP_DEG).astype(np.intp), 1)
    if (counts == 1).all():
        return points
    starts = np.repeat(points[:-1], counts, axis=0)
    moves = np.repeat(np.diff(points, axis=0), counts, axis=0)
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    shares = (np.arange(counts.sum()) - firsts) / np.repeat(counts, counts)
    return np.vstack([starts + moves * shares[:, None], points[-1:]])
