"""Polygons, lines and points: what is inside, and all edges in balls."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from deploygeo.testing.oracles.balls import Ball, Ring, leaves, length, tree, unit

__all__ = ["Part", "Region"]

_ROW: Final = 32  # edges that are passed over together where they are not at a latitude


@dataclass(eq=False)
class Part:
    """One polygon with its holes, or one line or point; what is asked often is kept.

    Parameters
    ----------
    rings : list of (lons, lats)
        Closed for a polygon.
    is_area : bool
    """

    rings: list[Ring]
    is_area: bool = True
    box: tuple[float, float, float, float] = field(init=False)
    _ball: Ball | None = field(default=None, init=False, repr=False)
    _rows: list[tuple[float, float, float, Ring, int, int]] | None = field(
        default=None, init=False, repr=False
    )

    def __post_init__(self) -> None:
        lons, lats = self.rings[0]
        self.box = (min(lons), min(lats), max(lons), max(lats))

    def covers(self, lon: float, lat: float) -> bool:
        """Return whether a point lies in the polygon: an odd number of edges are east of it."""
        west, south, east, north = self.box
        if not self.is_area or not (west <= lon <= east and south <= lat <= north):
            return False
        if self._rows is None:
            self._rows = list(_rows_of(self.rings))
        is_in = False
        for low, high, far, (lons, lats), start, end in self._rows:
            if lat < low or lat > high or lon > far:
                continue
            x0, y0 = lons[start], lats[start]
            for i in range(start + 1, end + 1):
                x1, y1 = lons[i], lats[i]
                if (y0 > lat) != (y1 > lat):
                    # which side of the edge, without dividing
                    side = (x1 - x0) * (lat - y0) - (lon - x0) * (y1 - y0)
                    if side == 0.0:
                        return True
                    if (side > 0.0) == (y1 > y0):
                        is_in = not is_in
                elif y0 == lat == y1 and min(x0, x1) <= lon <= max(x0, x1):
                    return True
                x0, y0 = x1, y1
        return is_in

    @property
    def rough(self) -> Ball:
        """A ball around the box of the part, which costs little."""
        west, south, east, north = self.box
        lon, lat = (west + east) / 2.0, (south + north) / 2.0
        # from the middle straight in longitude and latitude to any point of the box
        reach = length(west, south, east, north) / 2.0
        return Ball(unit(lon, lat), reach, lon, lat, more=lambda: self.ball)

    @property
    def ball(self) -> Ball:
        """All edges of the part, in balls within balls."""
        if self._ball is None:
            self._ball = tree([leaf for ring in self.rings for leaf in leaves(ring)])
        return self._ball


class Region:
    """A set of polygons, lines and points.

    Parameters
    ----------
    parts : sequence of Part
    name : str

    Examples
    --------
    >>> square = Region.of({"type": "Polygon",
    ...                     "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}, "square")
    >>> square.covers(0.5, 0.5), square.covers(1.0, 0.5), square.covers(-180.0, 0.5)
    (True, True, False)
    """

    def __init__(self, parts: Sequence[Part], name: str = "") -> None:
        self.parts = tuple(parts)
        self.name = name
        self._root: Ball | None = None

    @classmethod
    def of(cls, geometry: Mapping[str, Any], name: str = "") -> Region:
        """Return the region of a GeoJSON geometry, feature or collection of features."""
        return cls(list(_parts_of(geometry)), name)

    @property
    def root(self) -> Ball | None:
        """A ball around all parts; None where there are none."""
        if self._root is None and self.parts:
            self._root = tree([part.rough for part in self.parts])
        return self._root

    def covers(self, lon: float, lat: float) -> bool:
        """Return whether a point lies inside, under both names of 180 degrees."""
        names = (lon, -lon) if abs(lon) == 180.0 else (lon,)
        return any(part.covers(name, lat) for part in self.parts for name in names)


def _rows_of(rings: Iterable[Ring]) -> Iterator[tuple[float, float, float, Ring, int, int]]:
    """Yield runs of edges with their least and greatest latitude and greatest longitude."""
    for ring in rings:
        lons, lats = ring
        for start in range(0, len(lons) - 1, _ROW):
            end = min(start + _ROW, len(lons) - 1)
            band = lats[start : end + 1]
            yield min(band), max(band), max(lons[start : end + 1]), ring, start, end


def _ring(points: Sequence[Sequence[float]]) -> Ring:
    return array("d", [p[0] for p in points]), array("d", [p[1] for p in points])


def _parts_of(value: Mapping[str, Any]) -> Iterator[Part]:
    match value["type"]:
        case "FeatureCollection":
            for feature in value["features"]:
                yield from _parts_of(feature)
        case "Feature":
            yield from _parts_of(value["geometry"])
        case "GeometryCollection":
            for inner in value["geometries"]:
                yield from _parts_of(inner)
        case "Polygon":
            yield Part([_ring(ring) for ring in value["coordinates"]])
        case "MultiPolygon":
            for rings in value["coordinates"]:
                yield Part([_ring(ring) for ring in rings])
        case "LineString":
            yield Part([_ring(value["coordinates"])], is_area=False)
        case "MultiLineString":
            for line in value["coordinates"]:
                yield Part([_ring(line)], is_area=False)
        case "Point":
            yield Part([_ring([value["coordinates"]])], is_area=False)
        case "MultiPoint":
            for point in value["coordinates"]:
                yield Part([_ring([point])], is_area=False)
        case kind:
            raise ValueError(f"{kind!r} is no GeoJSON geometry")
