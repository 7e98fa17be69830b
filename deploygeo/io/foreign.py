"""Which reader a file that is not GeoJSON has, by the end of its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from deploygeo.io._sink import Reading
from deploygeo.io.limits import Limits

__all__ = ["reader_for"]

_IN_A_CHILD = {
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
    ".geoparquet": "arrow",
    ".gpkg": "geopackage",
    ".ipc": "arrow",
    ".kml": "kml",
    ".kmz": "kml",
    ".parquet": "arrow",
}


def reader_for(path: str) -> Callable[[str, Limits], Reading] | None:
    """Return what reads a file, or None where it is taken for GeoJSON.

    Parameters
    ----------
    path : str
        Only the end of it counts.

    Examples
    --------
    >>> reader_for("a.csv").__name__, reader_for("a.geojson")
    ('read_table', None)
    """
    suffix = os.path.splitext(path)[1].casefold()  # noqa: PTH122 - the name may hold anything
    if suffix == ".csv":
        from deploygeo.io.table import read_table

        return read_table
    if (name := _IN_A_CHILD.get(suffix)) is not None:
        from deploygeo.io.child import read_in_child

        return partial(read_in_child, reader=name)
    return None
