"""The files beside a treaty: a stranger's folder may hold links, pipes and files without end."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from deploygeo.errors import Fault, TreatyError
from deploygeo.io._stream import Item, stream
from deploygeo.io._strict import Broken, Member, flaw_text
from deploygeo.io._window import TooLongError, Window
from deploygeo.model._flaws import Flaws
from deploygeo.model._shown import pointer, shown
from deploygeo.model.geometry import check_geometry

if TYPE_CHECKING:
    from shapely import GeometryCollection

__all__ = ["MAX_LINE_BYTES", "MAX_LINE_POSITIONS", "content_of", "line_of_file"]

MAX_LINE_BYTES: Final = 10_000_000
"""A line beside a treaty: a border of a continent at full detail."""

MAX_LINE_POSITIONS: Final = 100_000
"""A line that runs to and fro over half the globe takes 80 µs an edge to measure to."""

_MAX_DEPTH: Final = 64


def content_of(path: Path, most: int) -> bytes:
    """Return the bytes of a file; nothing but a file of at most so many is opened.

    Parameters
    ----------
    path : Path
    most : int

    Raises
    ------
    TreatyError
        If it is no file, cannot be read, or is larger.

    Examples
    --------
    >>> content_of(Path(__file__).parent, 10)
    Traceback (most recent call last):
    ...
    deploygeo.errors.TreatyError: treaties: this is no file but a folder, a pipe or a device
    """
    try:
        # opening a pipe waits for who writes into it
        if not stat.S_ISREG(path.stat().st_mode):
            told = "this is no file but a folder, a pipe or a device"
            raise TreatyError(Fault(told, path.name))
        with path.open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, TreatyError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise TreatyError(Fault(f"the file cannot be read: {reason}", path.name)) from None
    if len(content) > most:
        raise TreatyError(Fault(f"the file is larger than {most} bytes", path.name))
    return content


def line_of_file(path: Path) -> GeometryCollection:
    """Return what a GeoJSON file beside a treaty draws.

    Parameters
    ----------
    path : Path
        A geometry, a feature or a collection of features, as strict as files of deployments.

    Raises
    ------
    TreatyError
        With the first thing that is wrong, and where.

    Examples
    --------
    >>> line_of_file(Path("no-such.geojson"))
    Traceback (most recent call last):
    ...
    deploygeo.errors.TreatyError: no-such.geojson: the file cannot be read: No such file or...
    """
    from shapely import GeometryCollection, get_num_coordinates

    content = content_of(path, MAX_LINE_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = content.count(b"\n", 0, error.start) + 1
        raise TreatyError(Fault("it is not UTF-8", path.name, at)) from None
    window = Window(iter([text]), len(text) + 1, MAX_LINE_POSITIONS)
    shapes = []
    for value, line in _values(window, path.name):
        is_feature = isinstance(value, dict) and value.get("type") == "Feature"
        flaws = Flaws(most_vertices=MAX_LINE_POSITIONS)
        shape = check_geometry(flaws, (), value.get("geometry") if is_feature else value)
        if flaws or shape is None:
            where, told = flaws.found[0]
            raise TreatyError(Fault(told, path.name, line, pointer=pointer(where)))
        shapes.append(shape)
    if not shapes:
        raise TreatyError(Fault("it holds nothing", path.name))
    found = GeometryCollection(shapes)
    count = int(get_num_coordinates(found))
    if count > MAX_LINE_POSITIONS:
        told = f"it has {count} positions; at most {MAX_LINE_POSITIONS}: simplify it"
        raise TreatyError(Fault(told, path.name))
    return found


def _values(window: Window, name: str) -> Iterator[tuple[Any, int]]:
    """Yield the features or geometries of a text, each with its line."""
    members: dict[str, Member] = {}
    parts = stream(window, _MAX_DEPTH)
    while True:
        try:
            part = next(parts, None)
        except TooLongError:
            told = f"it holds more values than {MAX_LINE_POSITIONS} positions have; simplify it"
            raise TreatyError(Fault(told, name)) from None
        if part is None:
            break
        if isinstance(part, Broken):
            raise TreatyError(Fault(part.message, name, *part.place, excerpt=part.excerpt))
        if isinstance(part, Item):
            line = window.line(part.offset)
            if part.flaws:
                raise TreatyError(Fault(flaw_text(*part.flaws[0]), name, line))
            _check_crs(part.value, name, line)
            yield part.value, line
        elif isinstance(part, Member):
            members[part.key] = part
    if "features" in members:
        value, line = members["features"].value, members["features"].place.line
        raise TreatyError(Fault(f"features is a list, not {shown(value)}", name, line))
    if "crs" in members:
        _check_crs({"crs": members["crs"].value}, name, members["crs"].place.line)


def _check_crs(value: object, name: str, line: int | None) -> None:
    if isinstance(value, dict) and value.get("crs") is not None:
        told = "GeoJSON is in lon/lat, WGS 84; transform it, and leave crs out"
        raise TreatyError(Fault(told, name, line))
