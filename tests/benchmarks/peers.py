"""Other tools, each with the polygon loaded, behind the same few verbs.

`load` makes of points what the tool works on, and is not timed; `decide` and `distance_m` are.
A tool that is not installed raises `AbsentError`.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from types import ModuleType

import numpy as np
import pyproj
import shapely

from .postgis import AbsentError
from .work import Points

EARTH_M = 6_371_010.0
POLAR = 3995


def needed(name: str) -> ModuleType:
    """Import a peer's module."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise AbsentError(f"no {name}: pip install 'deploygeo[bench]'") from None


def version(*packages: str) -> str:
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)


class Sedona:
    """SedonaDB's spherical geography; runs on all cores."""

    def __init__(self, polygon: shapely.Geometry) -> None:
        self.arrow = needed("pyarrow")
        self.db = needed("sedonadb").connect()
        self.version = version("sedonadb")
        wkb = self.arrow.array([shapely.to_wkb(polygon)], self.arrow.binary())
        self.db.create_data_frame(self.arrow.table({"wkb": wkb})).to_view("raw", overwrite=True)
        self._keep("select ST_GeogFromWKB(wkb) g from raw", "territory")

    def _keep(self, query: str, name: str) -> None:
        self.db.sql(query).to_memtable().to_view(name, overwrite=True)

    def load(self, points: Points, range_m: np.ndarray | float = 0.0) -> int:
        size = len(points)
        columns = {
            "id": np.arange(size),
            "lon": points.lon,
            "lat": points.lat,
            "m": np.full(size, range_m) if np.isscalar(range_m) else range_m,
        }
        self.db.create_data_frame(self.arrow.table(columns)).to_view("raw", overwrite=True)
        self._keep("select id, m, ST_GeogPoint(lon, lat) g from raw", "point")
        self.constant = f"{float(range_m)!r}" if np.isscalar(range_m) else "p.m"
        return size

    def _rows(self, query: str):
        return self.arrow.table(self.db.sql(query))

    def decide(self, size: int) -> np.ndarray:
        join = f"ST_DWithin(p.g, t.g, {self.constant})"
        rows = self._rows("select p.id from point p join territory t on " + join)  # noqa: S608
        hit = np.zeros(size, dtype=bool)
        hit[rows["id"].to_numpy()] = True
        return hit

    def distance_m(self, size: int) -> np.ndarray:
        rows = self._rows("select p.id, ST_Distance(p.g, t.g) d from point p, territory t")
        distance = np.empty(size)
        distance[rows["id"].to_numpy()] = rows["d"].to_numpy()
        return distance


class Spherely:
    """spherely: S2 behind vectorised functions; the polygon prepared."""

    def __init__(self, polygon: shapely.Geometry) -> None:
        self.module = needed("spherely")
        self.version = version("spherely")
        self.polygon = self.module.from_wkb(shapely.to_wkb(polygon))
        self.module.prepare(self.polygon)

    def load(self, points: Points, range_m: np.ndarray | float = 0.0):
        return self.module.points(points.lon, points.lat), range_m

    def decide(self, loaded) -> np.ndarray:
        return self.distance_m(loaded) <= loaded[1]

    def distance_m(self, loaded) -> np.ndarray:
        return self.module.distance(loaded[0], self.polygon)


class S2:
    """The S2 bindings: a loop in Python over points."""

    def __init__(self, polygon: shapely.Geometry) -> None:
        self.s2 = needed("s2geometry")
        self.version = version("s2geometry")
        self.polygon = self._polygon(polygon)

    def _point(self, lon: float, lat: float):
        return self.s2.S2LatLng.FromDegrees(lat, lon).ToPoint()

    def _polygon(self, polygon: shapely.Geometry):
        loops = []
        for part in shapely.get_parts(polygon):
            for ring in (part.exterior, *part.interiors):
                loop = self.s2.S2Loop()
                loop.Init([self._point(*xy) for xy in shapely.get_coordinates(ring)[:-1].tolist()])
                loop.Normalize()
                loops.append(loop)
        made = self.s2.S2Polygon()
        made.InitNested(loops)
        return made

    def load(self, points: Points, range_m: np.ndarray | float = 0.0):
        pairs = zip(points.lon.tolist(), points.lat.tolist(), strict=True)
        return [self._point(lon, lat) for lon, lat in pairs], range_m

    def decide(self, loaded) -> np.ndarray:
        return self.distance_m(loaded) <= loaded[1]

    def distance_m(self, loaded) -> np.ndarray:
        get = self.polygon.GetDistance
        return np.array([get(point).radians() for point in loaded[0]]) * EARTH_M

    def buffer(self, range_m: float) -> list[np.ndarray]:
        """Return the vertices of each loop of a buffer, in rows of lon, lat."""
        options = self.s2.S2BufferOperationOptions()
        options.set_buffer_radius(self.s2.S1Angle.Radians(range_m / EARTH_M))
        options.set_error_fraction(0.01)
        made = self.s2.S2Polygon()
        layer = self.s2.S2PolygonLayer(made)
        given = self.polygon.Clone()
        # The operation owns both, which the bindings don't say.
        layer.this.disown()
        given.this.disown()
        operation = self.s2.S2BufferOperation(layer, options)
        operation.AddPolygon(given)
        operation.Build()
        loops = []
        for i in range(made.num_loops()):
            loop = made.loop(i)
            corners = (self.s2.S2LatLng(loop.vertex(k)) for k in range(loop.num_vertices()))
            loops.append(np.array([(at.lng().degrees(), at.lat().degrees()) for at in corners]))
        return loops


class Planar:
    """shapely in a polar stereographic plane, the polygon prepared."""

    def __init__(self, polygon: shapely.Geometry) -> None:
        self.version = version("shapely", "pyproj")
        self.project = pyproj.Transformer.from_crs(4326, POLAR, always_xy=True).transform
        self.polygon = shapely.transform(
            polygon, lambda xy: np.column_stack(self.project(xy[:, 0], xy[:, 1]))
        )
        shapely.prepare(self.polygon)

    def load(self, points: Points, range_m: np.ndarray | float = 0.0):
        return points, range_m

    def _points(self, points: Points) -> np.ndarray:
        return shapely.points(*self.project(points.lon, points.lat))

    def decide(self, loaded) -> np.ndarray:
        return shapely.dwithin(self.polygon, self._points(loaded[0]), loaded[1])

    def distance_m(self, loaded) -> np.ndarray:
        return shapely.distance(self.polygon, self._points(loaded[0]))


class Frames(Planar):
    """geopandas: a spatial join in the same plane."""

    def __init__(self, polygon: shapely.Geometry) -> None:
        super().__init__(polygon)
        self.geopandas = needed("geopandas")
        self.version = version("geopandas")
        self.frame = self.geopandas.GeoDataFrame(geometry=[self.polygon], crs=POLAR)

    def load(self, points: Points, range_m: np.ndarray | float = 0.0):
        geometry = self.geopandas.points_from_xy(points.lon, points.lat, crs=4326)
        return self.geopandas.GeoDataFrame(geometry=geometry), range_m

    def decide(self, loaded) -> np.ndarray:
        points, range_m = loaded
        found = self.geopandas.sjoin(
            points.to_crs(POLAR), self.frame, predicate="dwithin", distance=range_m
        )
        hit = np.zeros(len(points), dtype=bool)
        hit[found.index.to_numpy()] = True
        return hit

    def distance_m(self, loaded) -> np.ndarray:
        found = self.geopandas.sjoin_nearest(
            loaded[0].to_crs(POLAR), self.frame, distance_col="distance_m"
        )
        return found["distance_m"].to_numpy()


class ByHand:
    """shapely and pyproj by hand: the polygon projected about each point, equidistantly."""

    def __init__(self, polygon: shapely.Geometry) -> None:
        self.version = version("shapely", "pyproj")
        self.polygon = polygon

    def load(self, points: Points, range_m: np.ndarray | float = 0.0):
        return points, range_m

    def _one(self, lon: float, lat: float) -> float:
        plane = pyproj.CRS.from_proj4(f"+proj=aeqd +lon_0={lon!r} +lat_0={lat!r} +ellps=WGS84")
        project = pyproj.Transformer.from_crs(4326, plane, always_xy=True).transform
        there = shapely.transform(
            self.polygon, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1]))
        )
        return shapely.distance(there, shapely.Point(0, 0))

    def distance_m(self, loaded) -> np.ndarray:
        points = loaded[0]
        pairs = zip(points.lon.tolist(), points.lat.tolist(), strict=True)
        return np.array([self._one(lon, lat) for lon, lat in pairs])

    def decide(self, loaded) -> np.ndarray:
        return self.distance_m(loaded) <= loaded[1]
