"""References of the Military Grid Reference System: the square's centre, and how far off it is.

A reference names a square of 100 km to 1 m and not a point. The grid is that of NGA's
STND.0037 (2014): UTM from 80° S to 84° N with the wider zones of Norway and Svalbard, UPS
about the poles. pyproj projects; the letters are read here.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any, NamedTuple

from deploygeo.errors import CoordinateError
from deploygeo.io.coordinates import Position
from deploygeo.model._shown import shown

__all__ = ["parse_mgrs"]

_REFERENCE = re.compile(
    r"(?:([0-9]{1,2}) ?([A-Z])|([A-Z])) ?([A-Z]{2})(?: ?([0-9]+)(?: ([0-9]+))?)?"
)
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_HUNDRED_KM = 100_000
#: The letters of the rows come again after 20.
_CYCLE_M = 2_000_000
#: The farthest northing: the equator from the south, which a writer that rounds gets from just
#: south of it. Northern ones end at 9 330 km; beyond 10 002 km lies the other side of the pole.
_MOST_NORTHING_M = 10_000_000

_WEST, _EAST = "JKLPQRSTUXYZ", "ABCFGHJKLPQR"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class _Cap(NamedTuple):
    """The polar squares that one letter names."""

    columns: str
    left_m: int
    rows: str
    bottom_m: int
    is_south: bool


_CAPS = {
    "A": _Cap(_WEST, 800_000, _ALPHABET, 800_000, True),
    "B": _Cap(_EAST, 2_000_000, _ALPHABET, 800_000, True),
    "Y": _Cap(_WEST[5:], 1_300_000, _ALPHABET[:14], 1_300_000, False),
    "Z": _Cap(_EAST[:7], 2_000_000, _ALPHABET[:14], 1_300_000, False),
}
#: The least scale of either projection: a metre of the grid is at most 1 / scale on the ground.
_UTM_SCALE = 0.9996
_UPS_SCALE = 0.994
#: More than the projections are off; a pole is the very corner of a square.
_PROJECTION_M = 1e-6
#: Some writers round to the metre where others cut: a square of up to 10 m may lie 1 m outside
#: its band, of which 2e-5° are more; so may any square of its zone, below 60°.
_SLACK_DEG = 2e-5
_MOST_ROUNDED_M = 10
#: A larger square reaches into its band by more than the projections are off.
_REACH_DEG = 1e-9
#: Zones that are wider, narrower or not there in bands V and X: their bounds in longitude.
_SPECIAL: dict[tuple[int, str], tuple[int, int] | None] = {
    (31, "V"): (0, 3),
    (32, "V"): (3, 12),
    (31, "X"): (0, 9),
    (32, "X"): None,
    (33, "X"): (9, 21),
    (34, "X"): None,
    (35, "X"): (21, 33),
    (36, "X"): None,
    (37, "X"): (33, 42),
}


def parse_mgrs(text: str) -> Position:
    """Return the centre of the square that a grid reference names.

    Parameters
    ----------
    text : str
        Zone, band, square and up to 10 digits, with or without single blanks between them;
        A, B, Y or Z instead of zone and band about the poles.

    Returns
    -------
    Position
        ``error_m`` is how far from the centre a point of the square may lie on the ground.

    Raises
    ------
    CoordinateError
        Also for a square that does not touch the zone and band that the reference names.

    Examples
    --------
    >>> parse_mgrs("35VLF 69412 86850")
    Position(lon=24.700001..., lat=59.400003..., error_m=0.70739...)
    >>> parse_mgrs("ZAH").lat > 89, parse_mgrs("ZAH").error_m
    (True, 71137.5031...)
    >>> parse_mgrs("35ULF 69412 86850")
    Traceback (most recent call last):
    ...
    deploygeo.errors.CoordinateError: the square LF of zone 35 does not touch band U (48° to...
    """
    match = _REFERENCE.fullmatch(text.strip(" ").upper()) if text.isascii() else None
    if match is None:
        raise CoordinateError(
            f"{shown(text)} is no MGRS reference; write zone, band, square and an even number of "
            "digits, such as 35VLF 69412 86850"
        )
    zone, band, cap, square, first, second = match.groups()
    east, north, size_m = _digits(text, first or "", second)
    if cap is not None:
        return _polar(text, cap, square, east, north, size_m)
    return _utm(text, int(zone), band, square, east, north, size_m)


def _digits(text: str, first: str, second: str | None) -> tuple[int, int, int]:
    """Return how far from the corner of the 100 km square its part begins, and its side."""
    if second is None:
        if len(first) % 2:
            counted = f"{shown(text)} has {len(first)} digits"
            raise CoordinateError(f"{counted}; half of them are easting, so that they are even")
        first, second = first[: len(first) // 2], first[len(first) // 2 :]
    if len(first) != len(second):
        lengths = f"its easting has {len(first)} and its northing {len(second)}"
        raise CoordinateError(f"{shown(text)} is uneven: {lengths}; write as many digits of either")
    if len(first) > 5:
        raise CoordinateError(f"{shown(text)} has {2 * len(first)} digits; at most 10, for 1 m")
    size_m = 10 ** (5 - len(first))
    return int(first or "0") * size_m, int(second or "0") * size_m, size_m


def _utm(
    text: str, zone: int, band: str, square: str, east: int, north: int, size_m: int
) -> Position:
    if not 1 <= zone <= 60:
        raise CoordinateError(f"zone {zone} in {shown(text)}; zones are 1 to 60")
    if band not in _BANDS:
        what = "a band without a zone, about a pole" if band in _CAPS else "no band"
        raise CoordinateError(f"{band} in {shown(text)} is {what}; bands are C to X without I, O")
    bounds = _SPECIAL.get((zone, band), (6 * zone - 186, 6 * zone - 180))
    if bounds is None:
        raise CoordinateError(f"there is no zone {zone} in band X; {zone - 1} or {zone + 1}?")
    columns = _COLUMNS[(zone - 1) % 3]
    if square[0] not in columns:
        told = f"zone {zone} has no squares of column {square[0]}, in {shown(text)}"
        raise CoordinateError(f"{told}; its columns are {columns[0]} to {columns[-1]}")
    if square[1] not in _ROWS:
        raise CoordinateError(
            f"{square[1]} in {shown(text)} is no row of squares; rows are A to V without I, O"
        )
    easting = (columns.index(square[0]) + 1) * _HUNDRED_KM + east
    row = (_ROWS.index(square[1]) - (5 if zone % 2 == 0 else 0)) % len(_ROWS)
    is_south = band < "N"
    south = -80 + 8 * _BANDS.index(band)
    top = 84 if band == "X" else south + 8
    error_m = _half_diagonal_m(size_m, _UTM_SCALE)
    slack = _SLACK_DEG if size_m <= _MOST_ROUNDED_M else -_REACH_DEG
    first = row * _HUNDRED_KM + north
    for northing in range(first, _MOST_NORTHING_M + 1, _CYCLE_M):
        lons, lats = _outline(_projection(zone, is_south), easting, northing, size_m)
        if max(lats) < south - slack or min(lats) > top + slack:
            continue
        middle = sum(bounds) / 2
        half = (bounds[1] - bounds[0]) / 2 + _SLACK_DEG
        off = [(lon - middle + 180) % 360 - 180 for lon in lons]
        if min(off) > half or max(off) < -half:
            raise CoordinateError(
                f"{shown(text)} does not touch zone {zone}{band} (lon {bounds[0]} to {bounds[1]})"
                f"; its centre is at lon {lons[0]:.4f}, lat {lats[0]:.4f}"
            )
        return Position(lons[0], lats[0], error_m)
    hemisphere = "S" if is_south else "N"
    low, high = sorted((abs(south), abs(top)))
    raise CoordinateError(
        f"the square {square} of zone {zone} does not touch band {band} ({low}° to {high}° "
        f"{hemisphere}) at {shown(text)}; check the band and the letters of the square"
    )


def _polar(text: str, letter: str, square: str, east: int, north: int, size_m: int) -> Position:
    cap = _CAPS.get(letter)
    if cap is None:
        raise CoordinateError(
            f"{shown(text)} has no zone; only A, B, Y and Z, about the poles, go without"
        )
    if square[0] not in cap.columns or square[1] not in cap.rows:
        raise CoordinateError(f"{letter} has no square {square} about the pole, in {shown(text)}")
    easting = cap.left_m + cap.columns.index(square[0]) * _HUNDRED_KM + east
    northing = cap.bottom_m + cap.rows.index(square[1]) * _HUNDRED_KM + north
    lons, lats = _outline(_projection(0, cap.is_south), easting, northing, size_m)
    edge = 80 if cap.is_south else 84
    if max(abs(lat) for lat in lats) < edge - _SLACK_DEG:
        side = "S" if cap.is_south else "N"
        raise CoordinateError(
            f"{shown(text)} lies outside the polar squares, which begin at {edge}° {side}; "
            "write it with a zone"
        )
    error_m = _half_diagonal_m(size_m, _UPS_SCALE)
    return Position(lons[0], lats[0], error_m)


def _half_diagonal_m(size_m: int, scale: float) -> float:
    return size_m * math.sqrt(0.5) / scale + _PROJECTION_M


def _outline(
    projection: Any, easting: int, northing: int, size_m: int
) -> tuple[list[float], list[float]]:
    """Return the centre of a square, then its corners and the middles of its sides."""
    half = size_m / 2
    steps = ((1, 1), (0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2))
    lons, lats = projection(
        [easting + half * x for x, _ in steps],
        [northing + half * y for _, y in steps],
        inverse=True,
    )
    return list(lons), list(lats)


@cache
def _projection(zone: int, is_south: bool) -> Any:
    """Return UTM of a zone, or UPS for zone 0; the grid is WGS 84's."""
    from pyproj import Proj

    if zone:
        return Proj(proj="utm", zone=zone, south=is_south, ellps="WGS84")
    return Proj(
        proj="stere",
        lat_0=-90 if is_south else 90,
        k=_UPS_SCALE,
        x_0=2_000_000,
        y_0=2_000_000,
        ellps="WGS84",
    )
