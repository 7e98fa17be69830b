"""Deployments as a CSV table: one a row, its position in lon and lat, or as it was written down.

It is read row by row, so that memory is that of one row and of what is kept. A cell is text,
whatever a spreadsheet would make of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from deploygeo.errors import CoordinateError, Fault, did_you_mean
from deploygeo.io._rows import Row, Rows
from deploygeo.io._sink import Sink, Spot
from deploygeo.io._text import RefusedError, chunks_of
from deploygeo.io.cells import KEYS, text_cell
from deploygeo.io.coordinates import Position, parse_angle, parse_dms, parse_position
from deploygeo.io.features import IGNORED_KEYS
from deploygeo.io.limits import Limits
from deploygeo.io.reading import Reading, _Hashed
from deploygeo.model._shown import Path, printable, shown

__all__ = ["read_table"]

_AXES = {
    "lon": "lon",
    "longitude": "lon",
    "long": "lon",
    "lng": "lon",
    "lat": "lat",
    "latitude": "lat",
}
_WHOLE: dict[str, Callable[[str], Position]] = {"position": parse_position, "dms": parse_dms}
_PLANE = frozenset({"x", "y", "easting", "northing", "e", "n"})
_SHAPES = frozenset({"geometry", "geom", "the_geom", "wkt", "wkb", "shape"})
_NO_POSITION = (
    "no column has the positions; name them lon and lat in decimal degrees, or one column "
    "position, dms or mgrs"
)


def read_table(path: str, limits: Limits) -> Reading:
    r"""Read a CSV file; faults are returned, not raised.

    Parameters
    ----------
    path : str
    limits : Limits
        A row is at most `value` characters long, and 64 times `text`.

    Returns
    -------
    Reading

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = FilePath(folder, "a.csv")
    ...     rows = "id,party,kind,lon,lat,range_km", "r,USA,radar,24.7,59.4,500-900"
    ...     _ = table.write_text("\n".join(rows))
    ...     read_table(str(table), Limits()).deployments
    (Deployment(id='r', party='USA', kind='radar', geometry=<POINT (24.7 59.4)>,
    range_km=Interval(lo=500.0, hi=900.0)...),)
    >>> read_table("no-such.csv", Limits()).faults[0].message
    'there is no such file'
    """
    sink = Sink(printable(path), limits)
    chunks = _Hashed(chunks_of(FilePath(path), sink.name, limits.bytes))
    try:
        _read(sink, Rows(chunks, sink.name, limits))
    except RefusedError as refused:
        sink.fault(refused.fault, always=True)
    return sink.close(chunks.close())


def _read(sink: Sink, rows: Rows) -> None:
    header = _Header()
    for row in rows:
        if row.wrong is not None:
            at, text = row.wrong
            if not header.names:
                spot = row.spot(at)
                raise RefusedError(
                    Fault(text, sink.name, spot.line, spot.column, excerpt=spot.excerpt)
                )
            sink.lose(text, row.spot(at))
        elif not header.names:
            # what Excel puts above a table
            if any(row.cells) and row.cells != ["sep=", ""]:
                header.read(sink, row)
        elif any(row.cells):
            _take(sink, header, row)
    if not header.names:
        raise RefusedError(Fault("the file is empty", sink.name))


def _take(sink: Sink, header: _Header, row: Row) -> None:
    if len(row.cells) != len(header.names):
        count = len(row.cells)
        cells = f"{count} cell{'s' if count != 1 else ''}"
        text = f"the row has {cells}, and the header {len(header.names)} columns"
        hint = "; put a cell with a comma in quotes" if count > len(header.names) else ""
        at = row.starts[min(count - 1, len(header.names))]
        sink.lose(text + hint, row.spot(at))
        return
    wrong: list[tuple[Path, str]] = []
    properties = {
        name: value
        for column, name in header.properties.items()
        if (value := text_cell(name, row.cells[column])) is not None
    }
    for column in header.nameless:
        if row.cells[column]:
            text = f"{shown(row.cells[column])} stands in column {column + 1}, which has no name"
            wrong.append((("properties", ""), text))
    geometry = None
    try:
        place = header.position(row.cells)
    except _CellError as error:
        wrong.append((("geometry", "coordinates", *error.axis), str(error)))
    else:
        if place is not None:
            geometry = {"type": "Point", "coordinates": [place.lon, place.lat]}
            _add_error(properties, place.error_m / 1000)
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    where = partial(_spot, header, row)
    sink.take(feature, row.line, where, wrong)


def _spot(header: _Header, row: Row, path: Path) -> Spot:
    return row.spot(row.starts[header.column(path, row)])


def _add_error(properties: dict[str, Any], error_km: float) -> None:
    """Add what a grid reference leaves open to what the row says itself."""
    said = properties.get("position_error_km", 0)
    if error_km and isinstance(said, int | float) and said >= 0:
        properties["position_error_km"] = said + error_km


class _CellError(ValueError):
    """A position that cannot be read, and which coordinate of it."""

    def __init__(self, text: str, *axis: int) -> None:
        super().__init__(text)
        self.axis = axis


@dataclass(slots=True)
class _Header:
    """Which column holds what."""

    names: list[str] = field(default_factory=list)
    properties: dict[int, str] = field(default_factory=dict)
    axes: dict[str, int] = field(default_factory=dict)
    whole: tuple[str, int] | None = None
    nameless: list[int] = field(default_factory=list)

    def read(self, sink: Sink, row: Row) -> None:
        """Take the names; refuse a table of which no row could be read."""
        refused = False

        def refuse(text: str, column: int = 0, *, always: bool = True) -> None:
            nonlocal refused
            refused = True
            tell(text, column, always=always)

        def tell(text: str, column: int, *, always: bool = False) -> None:
            # what is only counted is not located: of thousands of columns that took seconds
            spot = row.spot(row.starts[column]) if always or not sink.is_full else Spot()
            told = Fault(text, sink.name, spot.line, spot.column, excerpt=spot.excerpt)
            sink.fault(told, always=always)

        self.names = [cell.strip(" \t") for cell in row.cells]
        if len(self.names) == 1 and (found := re.search("[;\t|]", self.names[0])):
            mark = "tabs" if found[0] == "\t" else shown(found[0])
            refuse(f"the cells are separated by {mark}; save the table with commas between them")
            raise _all_told(sink)
        places: list[str] = []
        seen: set[str] = set()
        for column, name in enumerate(self.names):
            folded = name.casefold()
            if not name:
                self.nameless.append(column)
            elif name in seen:
                text = f"the column {shown(name)} comes twice; keep one of them"
                refuse(text, column, always=False)
            elif folded in _AXES:
                axis = _AXES[folded]
                if axis in self.axes:
                    other = self.names[self.axes[axis]]
                    refuse(f"{shown(name)} and {shown(other)} are both the {axis}", column)
                self.axes[axis] = column
            elif folded in _WHOLE or folded == "mgrs":
                self.whole = folded, column
                places.append(name)
            elif folded in _PLANE:
                text = f"the column {shown(name)} may be of any projection; if it is in degrees, "
                refuse(f"{text}name the columns lon and lat", column)
            elif folded in _SHAPES:
                text = f"the column {shown(name)}: a row is a point, in lon and lat; "
                refuse(f"{text}lines and areas are read from GeoJSON or GeoPackage", column)
            elif name in KEYS:
                self.properties[column] = name
            elif name not in IGNORED_KEYS:
                hint = "." if sink.is_full else did_you_mean(name[:60], sorted(KEYS), most=0)
                tell(f"unknown column {shown(name)}{hint}", column)
            seen.add(name)
        if len(self.axes) == 1:
            missing = "lat" if "lon" in self.axes else "lon"
            refuse(f"the column {missing} is missing", next(iter(self.axes.values())))
        if self.axes:
            places.append("lon and lat")
        if len(places) > 1:
            refuse(f"positions are in {' and in '.join(places)}; keep one of them")
        known = set(self.properties.values())
        if not places and "record" not in known:
            refuse(_NO_POSITION)
        needed = ("id",) if "record" in known else ("id", "party", "kind")
        for name in needed:
            if name not in known:
                near = did_you_mean(name, [one for one in self.names if one not in KEYS], most=0)
                refuse(f"the column {name} is missing{near if near != '.' else ''}")
        if refused:
            raise _all_told(sink)

    def position(self, cells: list[str]) -> Position | None:
        """Return the position of a row; None where its cells are blank."""
        try:
            if self.whole is not None:
                kind, column = self.whole
                text = cells[column]
                if not text.strip(" \t"):
                    return None
                if kind == "mgrs":
                    from deploygeo.io.mgrs import parse_mgrs  # pyproj takes a while

                    return parse_mgrs(text)
                return _WHOLE[kind](text)
        except CoordinateError as error:
            raise _CellError(str(error)) from None
        if not self.axes or not any(cells[column].strip(" \t") for column in self.axes.values()):
            return None
        found = []
        for index, axis in enumerate(("lon", "lat")):
            try:
                found.append(parse_angle(cells[self.axes[axis]], axis))
            except CoordinateError as error:
                raise _CellError(str(error), index) from None
        return Position(*found)

    def column(self, path: Path, row: Row) -> int:
        """Return the column that a path into the feature is about."""
        if path[:1] == ("geometry",):
            if self.whole is not None:
                return self.whole[1]
            axis = "lat" if path[-1] == 1 else "lon"
            return self.axes.get(axis, 0)
        if path == ("properties", ""):
            return next(column for column in self.nameless if row.cells[column])
        if len(path) > 1:
            for column, name in self.properties.items():
                if name == path[1]:
                    return column
        return 0


def _all_told(sink: Sink) -> RefusedError:
    """Return the end of reading; the last fault told is the one that it carries."""
    sink.fault_count -= 1
    return RefusedError(sink.faults.pop())
