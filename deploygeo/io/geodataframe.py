"""GeoDataFrames in and out; geopandas is needed only here (``pip install deploygeo[geo]``)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from deploygeo.errors import Fault, InputError, did_you_mean
from deploygeo.io._text import RefusedError
from deploygeo.io.features import IGNORED_KEYS, feature_of
from deploygeo.model import Deployment, Record
from deploygeo.model.deployment import DEPLOYMENT_KEYS
from deploygeo.model.record import RECORD_KEYS

__all__ = ["frame_features", "from_geodataframe", "to_geodataframe"]

_KEYS = frozenset({*DEPLOYMENT_KEYS, *RECORD_KEYS})
_DAYS = frozenset({"from", "until", "on"})
# Columns of a table hold one value; a list in them is JSON text when it comes from a file.
_LISTS = frozenset(
    {"range_km", "loadable_range_km", "radius_km", "personnel", "contingents", "times"}
    | {"with", "by", "for"}
)


def from_geodataframe(frame: Any) -> tuple[Deployment | Record, ...]:
    """Return the deployments and records of a GeoDataFrame, one a row.

    Raises
    ------
    InputError
        With every fault at once; `deploygeo.io.read` gives the good rows as well.
    """
    from deploygeo.io.reading import read

    reading = read(frame)
    if reading.faults:
        raise InputError(reading.faults)
    things: list[Deployment | Record] = [*reading.deployments, *reading.records]
    return tuple(sorted(things, key=lambda one: one.origin.feature or 0 if one.origin else 0))


def to_geodataframe(things: Iterable[Deployment | Record]) -> Any:
    """Return deployments and records as a GeoDataFrame in lon/lat, one a row.

    The columns are the keys of a GeoJSON feature's properties that are in use.

    Examples
    --------
    >>> radar = Deployment(id="r", party="USA", kind="radar", geometry=(37.97, 38.34))
    >>> to_geodataframe([radar]).columns.to_list()
    ['id', 'party', 'kind', 'activity', 'geometry']
    """
    import geopandas

    rows = []
    shapes = []
    for thing in things:
        rows.append(feature_of(thing)["properties"])
        shapes.append(thing.geometry if isinstance(thing, Deployment) else None)
    used = {key for row in rows for key in row}
    order = list(dict.fromkeys((*DEPLOYMENT_KEYS, *RECORD_KEYS)))
    columns = {
        key: _column([row.get(key) for row in rows]) for key in order if key in used or key == "id"
    }
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="OGC:CRS84")


def _column(values: list[Any]) -> Any:
    """Return a column that keeps None and numbers as they are: object, not float with nan."""
    import pandas

    return pandas.Series(values, dtype=object)


def frame_features(frame: Any, tell: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a GeoDataFrame as features; unknown columns are told once each."""
    try:
        shapes = frame.geometry
    except AttributeError:
        raise RefusedError(Fault("the GeoDataFrame has no geometry column", "<frame>")) from None
    if frame.crs is None:
        text = "the GeoDataFrame has no CRS; say which with frame.set_crs(...)"
        raise RefusedError(Fault(text, "<frame>"))
    try:
        # CRS84 is lon/lat by definition; geopandas keeps x, y order for EPSG:4326 as well
        shapes = shapes.to_crs("OGC:CRS84")
    except Exception as error:  # pyproj and GEOS raise many kinds here
        text = f"the CRS cannot be transformed to lon/lat: {error}"
        raise RefusedError(Fault(text, "<frame>")) from None
    names = []
    for name in frame.columns:
        if name == shapes.name:
            continue
        if name in _KEYS:
            names.append(name)
        elif name not in IGNORED_KEYS:
            hint = did_you_mean(str(name)[:60], sorted(_KEYS), most=0)
            tell(f"unknown column {str(name)[:60]!r}{hint}")
    columns = {name: frame[name].tolist() for name in names}
    for index, shape in enumerate(shapes):
        properties = {name: _plain(name, values[index]) for name, values in columns.items()}
        yield {
            "type": "Feature",
            "properties": {key: value for key, value in properties.items() if value is not None},
            "geometry": shape,
        }


def _plain(name: str, value: Any) -> Any:
    """Return a cell as JSON would have it; None where it is missing."""
    if hasattr(value, "tolist") and not isinstance(value, datetime):
        value = value.tolist()
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, datetime) and name in _DAYS and value.time() == time():
        return date(value.year, value.month, value.day)
    if name in _LISTS and isinstance(value, str) and value[:1] == "[":
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
