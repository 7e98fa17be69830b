"""GeoDataFrames in and out; geopandas is needed only here (``pip install deploygeo[geo]``)."""

from __future__ import annotations

import ast
import json
import math
import re
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
_INTERVALS = frozenset({"range_km", "loadable_range_km", "radius_km", "personnel"})
_NUMBERS = frozenset({"position_error_km", "brigades"})
_TRUTHS = frozenset({"nuclear", "total", "holds"})
# Columns of a table hold one value; a list in them is text when it comes from a GeoPackage.
_LISTS = _INTERVALS | {"contingents", "times", "with", "by", "for"}
_NUMBER = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
_NO_PLACES = (
    "the table has no geometry column; make it a GeoDataFrame with "
    "geopandas.GeoDataFrame(frame, geometry=geopandas.points_from_xy(lon, lat), crs=4326)"
)


def from_geodataframe(frame: Any) -> tuple[Deployment | Record, ...]:
    """Return the deployments and records of a GeoDataFrame, one a row.

    Parameters
    ----------
    frame : GeoDataFrame
        Its columns are the keys of a GeoJSON feature's properties, its CRS is known. What
        GDAL makes of mixed columns is taken for what it was: 1.0 for true, text for a list.

    Returns
    -------
    tuple of Deployment and Record
        In the order of the rows.

    Raises
    ------
    InputError
        With every fault at once; `deploygeo.io.read` gives the good rows as well.

    Examples
    --------
    >>> radar = Deployment(id="r", party="USA", kind="radar", geometry=(37.97, 38.34))
    >>> from_geodataframe(to_geodataframe([radar])) == (radar,)
    True
    >>> from_geodataframe(to_geodataframe([]))
    ()
    """
    from deploygeo.io.reading import read

    reading = read(frame)
    if reading.faults:
        raise InputError(reading.faults)
    things: list[Deployment | Record] = [*reading.deployments, *reading.records]
    return tuple(sorted(things, key=lambda one: one.origin.feature or 0 if one.origin else 0))


def to_geodataframe(things: Iterable[Deployment | Record]) -> Any:
    """Return deployments and records as a GeoDataFrame in lon/lat, one a row.

    The columns are the keys of a GeoJSON feature's properties that are in use, of types that
    every format of GDAL and Parquet can hold: what `to_file` writes reads back equal.

    Parameters
    ----------
    things : iterable of Deployment and Record

    Returns
    -------
    GeoDataFrame
        In ``OGC:CRS84``. A column of intervals holds numbers, or lists where any is not exact;
        ``contingents`` are JSON text.

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
        key: _column(key, [row.get(key) for row in rows])
        for key in order
        if key in used or key == "id"
    }
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="OGC:CRS84")


def _column(key: str, values: list[Any]) -> Any:
    """Return a column of one type: GDAL writes what is mixed as text."""
    import pandas

    if key in _TRUTHS:
        return pandas.Series(values, dtype="boolean")
    if key == "brigades":
        return pandas.Series(values, dtype="Int64")
    if key == "contingents":
        # GDAL writes JSON text into GeoJSON as what it says, and only as long as it is JSON
        values = [rows and json.dumps(rows) for rows in values]
    elif key in _INTERVALS and any(isinstance(value, list) for value in values):
        values = [_ends(value) for value in values]
    elif key in _INTERVALS or key in _NUMBERS:
        return pandas.Series(values, dtype="float64")
    return pandas.Series(values, dtype=object)


def _ends(value: Any) -> list[float] | None:
    """Return a number or a pair as a pair."""
    if value is None:
        return None
    low, high = value if isinstance(value, list) else (value, value)
    return [float(low), float(high)]


def frame_features(frame: Any, tell: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a GeoDataFrame as features; unknown columns are told once each.

    Parameters
    ----------
    frame : GeoDataFrame
    tell : callable
        Is given the text of each fault that is of the frame and not of a row.

    Returns
    -------
    iterator of dict

    Raises
    ------
    RefusedError
        If the whole frame cannot be read.

    Examples
    --------
    >>> list(frame_features(to_geodataframe([]), print))
    []
    """
    try:
        shapes = frame.geometry
    except AttributeError:
        raise RefusedError(Fault(_NO_PLACES, "<frame>")) from None
    twice = [str(name)[:60] for name in frame.columns[frame.columns.duplicated()]]
    if twice:
        text = f"the column {twice[0]!r} comes twice; keep one of them"
        raise RefusedError(Fault(text, "<frame>"))
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
    if isinstance(value, str) and name in _LISTS | _NUMBERS | _TRUTHS:
        value = _of_text(name, value)
    if name in _TRUTHS and isinstance(value, int | float) and value in (0, 1):
        return bool(value)  # GDAL has no truth values with gaps
    if name in _INTERVALS and isinstance(value, list) and len(value) == 1:
        return value[0]  # of a column in which other rows have two ends
    return value


def _of_text(name: str, text: str) -> Any:
    """Return the list, number or truth that a text column holds; else the text."""
    if name in _TRUTHS:
        return {"true": True, "false": False}.get(text.lower(), text)
    is_list = name in _LISTS and text[:1] == "["
    if not is_list and not (name in _INTERVALS | _NUMBERS and _NUMBER.fullmatch(text)):
        return text
    # JSON, or a list as Python prints it, which is what the usual writers leave in a table
    for parse in (json.loads, ast.literal_eval):
        try:
            return parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return text
