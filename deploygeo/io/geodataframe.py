"""GeoDataFrames in and out; geopandas is needed only here (``pip install deploygeo[geo]``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from deploygeo.errors import Fault, InputError
from deploygeo.io._text import RefusedError
from deploygeo.io.cells import KEYS, plain_cell, unknown_column
from deploygeo.io.features import IGNORED_KEYS, feature_of
from deploygeo.model import Deployment, Record
from deploygeo.model.deployment import DEPLOYMENT_KEYS
from deploygeo.model.record import RECORD_KEYS

__all__ = ["frame_features", "from_geodataframe", "to_geodataframe"]

_INTERVALS = frozenset({"range_km", "loadable_range_km", "radius_km", "personnel"})
_TRUTHS = frozenset({"nuclear", "total", "holds"})
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
    elif key in _INTERVALS or key == "position_error_km":
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
        if name in KEYS:
            names.append(name)
        elif name not in IGNORED_KEYS:
            tell(unknown_column(str(name)))
    columns = {name: frame[name].tolist() for name in names}
    for index, shape in enumerate(shapes):
        properties = {name: plain_cell(name, values[index]) for name, values in columns.items()}
        yield {
            "type": "Feature",
            "properties": {key: value for key, value in properties.items() if value is not None},
            "geometry": shape,
        }
