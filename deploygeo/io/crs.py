"""Coordinate systems: what is lon/lat already, and the way there from what is not."""

from __future__ import annotations

from typing import Any

from deploygeo.io._limited import Refused, Warned
from deploygeo.io.wkb import Transform

__all__ = ["CrsError", "taken_to_lon_lat", "to_lon_lat"]

_LON_LAT = frozenset({"OGC:CRS84", "EPSG:4326"})
#: A definition is some kilobytes; PROJ takes its time over a longer one.
_MOST_CHARACTERS = 200_000


class CrsError(ValueError):
    """A coordinate system that is unknown or from which there is no way to lon/lat."""


def to_lon_lat(crs: str | dict[str, Any]) -> tuple[str, Transform | None]:
    """Return the name of a coordinate system, and what takes its x and y to lon and lat.

    Parameters
    ----------
    crs : str or dict
        A code such as ``"EPSG:3857"``, WKT, or PROJJSON. x is always the first, whatever the
        authority says of the order of the axes.

    Returns
    -------
    str
    callable or None
        None for WGS 84 in lon/lat.

    Raises
    ------
    CrsError
        If PROJ does not know it, or knows only a rough way to WGS 84.

    Examples
    --------
    >>> to_lon_lat("OGC:CRS84")
    ('OGC:CRS84', None)
    >>> name, transform = to_lon_lat("EPSG:3857")
    >>> name, transform([0.0], [0.0])
    ('EPSG:3857', ([0.0], [0.0]))
    """
    if isinstance(crs, str) and crs.upper() in _LON_LAT:
        return crs.upper(), None
    import pyproj
    from pyproj.exceptions import ProjError

    if len(str(crs)) > _MOST_CHARACTERS:
        raise CrsError("the definition of the coordinate system is too long")
    pyproj.network.set_network_enabled(False)  # type: ignore[attr-defined]
    try:
        system = pyproj.CRS.from_json_dict(crs) if isinstance(crs, dict) else _named(crs)
        target = pyproj.CRS.from_user_input("OGC:CRS84")
        authority = system.to_authority()
        name = ":".join(authority) if authority else system.name
        if system.equals(target, ignore_axis_order=True):
            return name, None
        change = pyproj.Transformer.from_crs(system, target, always_xy=True, allow_ballpark=False)
    except (ProjError, ValueError, TypeError, KeyError, RecursionError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise CrsError(f"the coordinate system cannot be taken to lon/lat: {reason}") from None

    def transform(xs: list[float], ys: list[float]) -> tuple[list[float], list[float]]:
        lons, lats = change.transform(xs, ys)
        return list(lons), list(lats)

    return name, transform


def taken_to_lon_lat(crs: str | dict[str, Any]) -> tuple[Transform | None, list[Warned]]:
    """Return what takes the positions of a file to lon and lat, and what there is to say of it.

    Parameters
    ----------
    crs : str or dict
        As for `to_lon_lat`.

    Raises
    ------
    Refused
        Where that raises.

    Examples
    --------
    >>> taken_to_lon_lat("EPSG:4326")
    (None, [])
    """
    try:
        name, transform = to_lon_lat(crs)
    except CrsError as error:
        raise Refused(str(error)) from None
    if transform is None:
        return None, []
    text = f"crs: the positions are in {name} and were taken to lon/lat; the edges between them "
    return transform, [Warned(f"{text}are those of lon/lat")]


def _named(crs: str) -> Any:
    """Return a system by its code or WKT, but not by a file or the address of one."""
    import pyproj

    if "[" in crs:
        return pyproj.CRS.from_wkt(crs)
    authority, _, code = crs.partition(":")
    return pyproj.CRS.from_authority(authority, code)
