"""The data files, read by the standard library alone: land, borders, seas, holds, groups, figures.

A GeoPackage is an SQLite file whose geometries are WKB behind a short header.
"""

from __future__ import annotations

import csv
import math
import sqlite3
import struct
import tomllib
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from deploygeo.testing.oracles.balls import Edge, Ring
from deploygeo.testing.oracles.regions import Part, Region

__all__ = ["Presence", "World", "groups", "members", "presence", "systems", "world"]

_PACKAGE: Final = Path(__file__).resolve().parents[2]
_ENVELOPES: Final = (0, 32, 48, 48, 64)  # bytes, by the code in bits 1 to 3 of the flags
_CELL: Final = 5  # degrees; of the index by which a point finds the polygons around it
_ASIDE: Final = 60.0 / 111_000.0  # degrees of latitude: what lies on either side of an edge

Hold = tuple[str, str, str, date | None, date | None]


def _folder() -> Path:
    inner = _PACKAGE / "_boundaries"
    return inner if inner.is_dir() else _PACKAGE.parent / "boundaries"


def _rings(blob: bytes) -> Iterator[tuple[int, list[Ring]]]:
    """Yield the parts of a geometry: 2 and its line, or 3 and the rings of its polygon."""
    yield from _wkb(blob, 8 + _ENVELOPES[(blob[3] >> 1) & 7])[0]


def _wkb(blob: bytes, at: int) -> tuple[list[tuple[int, list[Ring]]], int]:
    order = "<" if blob[at] else ">"
    kind, count = struct.unpack_from(f"{order}II", blob, at + 1)
    at += 9
    if kind in (5, 6):  # several lines or polygons
        found = []
        for _ in range(count):
            inner, at = _wkb(blob, at)
            found += inner
        return found, at
    rings = []
    for _ in range(count if kind == 3 else 1):
        if kind == 3:
            (count,) = struct.unpack_from(f"{order}I", blob, at)
            at += 4
        values = array("d", struct.unpack_from(f"{order}{2 * count}d", blob, at))
        at += 16 * count
        rings.append((values[::2], values[1::2]))
    return [(kind, rings)], at


class World:
    """Land, internal waters, borders and seas, and who holds what.

    Examples
    --------
    >>> earth = world("ne10")
    >>> earth.unit_at(34.11, 44.95), earth.unit_at(34.0, 43.0)
    ('crimea', None)
    >>> from datetime import date
    >>> held = earth.holders("un", date(2021, 12, 17))
    >>> held["crimea"], "crimea" in earth.units_of({"UKR"}, held)
    ('UKR', True)
    """

    def __init__(self, level: str) -> None:
        folder = _folder()
        rows = tomllib.loads((folder / "units.toml").read_text("utf-8"))["units"]
        self.sovereign = {name: str(row.get("sovereign", name)) for name, row in rows.items()}
        self.overseas = {name for name, row in rows.items() if not row.get("metropolitan", True)}
        views = tomllib.loads((folder / "worldviews.toml").read_text("utf-8"))
        self.worldviews = tuple(views["worldview"])
        self.holds: list[Hold] = [
            (row["worldview"], row["unit"], row["holder"], row.get("from"), row.get("until"))
            for row in views["hold"]
        ]
        holders = [hold[2] for hold in self.holds]
        self.states = frozenset([*self.sovereign.values(), *holders]) - {""}
        with sqlite3.connect(f"{(folder / f'{level}.gpkg').as_uri()}?mode=ro", uri=True) as data:
            self.land = _regions(data.execute("SELECT unit, geom FROM land ORDER BY fid"))
            self.waters = _regions(data.execute("SELECT unit, geom FROM internal_waters"))
            self.borders = [
                (str(a), str(b), _region([blob], f"{a}-{b}"))
                for a, b, blob in data.execute("SELECT unit_a, unit_b, geom FROM borders")
            ]
        with sqlite3.connect(f"{(folder / 'seas.gpkg').as_uri()}?mode=ro", uri=True) as data:
            self.seas = _regions(data.execute("SELECT name, geom FROM seas WHERE name != ''"))
        named = tomllib.loads((folder / "seas.toml").read_text("utf-8"))["sea"]
        self.sea_groups = {name: tuple(row["polygons"]) for name, row in named.items()}
        errors = tomllib.loads((folder / "errors.toml").read_text("utf-8"))
        stated = errors["levels"][level]
        self.error_km = (
            max(
                stated["coast_m"],
                stated["land_border_m"],
                stated["claim_line_m"],
                *(row["coast_m"] for row in stated.get("coast", ())),
                *(row["error_m"] for row in errors.get("land_border", ())),
            )
            / 1000.0
        )
        self._cells: dict[tuple[int, int], list[tuple[str, Part]]] = {}
        for unit, region in self.land.items():
            for part in region.parts:
                for cell in _cells(part.box):
                    self._cells.setdefault(cell, []).append((unit, part))
        self._sides: dict[tuple[str, Edge], tuple[str | None, str | None]] = {}
        self.unit_at = lru_cache(65_536)(self._unit_at)

    def holders(self, worldview: str, on: date) -> Mapping[str, str]:
        """Return who holds each unit on a day."""
        held = dict(self.sovereign)
        for view, unit, holder, start, end in self.holds:
            if view == worldview and (start or on) <= on <= (end or on):
                held[unit] = holder
        return held

    def units_of(
        self, states: Collection[str], held: Mapping[str, str], *, overseas: bool = True
    ) -> frozenset[str]:
        """Return the units that some states hold, with or without those overseas."""
        return frozenset(
            unit
            for unit, holder in held.items()
            if holder in states and (overseas or unit not in self.overseas)
        )

    def _unit_at(self, lon: float, lat: float) -> str | None:
        names = (lon, -lon) if abs(lon) == 180.0 else (lon,)
        for name in names:
            cell = (math.floor(name / _CELL), math.floor(lat / _CELL))
            for unit, part in self._cells.get(cell, ()):
                if part.covers(name, lat):
                    return unit
        return None

    def water_at(self, lon: float, lat: float) -> str | None:
        """Return the unit whose internal waters a point lies in."""
        return next((u for u, waters in self.waters.items() if waters.covers(lon, lat)), None)

    def sides(self, edge: Edge) -> tuple[str | None, str | None]:
        """Return what lies 60 m off the middle of an edge on either side.

        A unit of land, or ``~`` and the unit whose internal waters it is, or None for the sea.
        """
        found = self._sides.get(("", edge))
        if found is None:
            x0, y0, x1, y1 = edge
            flat = max(math.cos(math.radians((y0 + y1) / 2.0)), 1e-6)
            along, up = (x1 - x0) * flat, y1 - y0
            scale = _ASIDE / (math.hypot(along, up) or 1.0)
            middle = ((x0 + x1) / 2.0, (y0 + y1) / 2.0)
            one, other = (
                self._side(middle[0] - turn * up * scale / flat, middle[1] + turn * along * scale)
                for turn in (1.0, -1.0)
            )
            found = self._sides["", edge] = (one, other)
        return found

    def _side(self, lon: float, lat: float) -> str | None:
        unit = self.unit_at(lon, lat)
        if unit is None:
            water = self.water_at(lon, lat)
            return None if water is None else f"~{water}"
        return unit


def _regions(rows: Iterable[tuple[str, bytes]]) -> dict[str, Region]:
    blobs: dict[str, list[bytes]] = {}
    for name, blob in rows:
        blobs.setdefault(name, []).append(blob)
    return {name: _region(found, name) for name, found in blobs.items()}


def _region(blobs: Iterable[bytes], name: str) -> Region:
    parts = [Part(rings, is_area=kind == 3) for blob in blobs for kind, rings in _rings(blob)]
    return Region(parts, name)


def _cells(box: tuple[float, float, float, float]) -> Iterator[tuple[int, int]]:
    west, south, east, north = (math.floor(side / _CELL) for side in box)
    for column in range(west, east + 1):
        for row in range(south, north + 1):
            yield column, row


@lru_cache(maxsize=2)
def world(level: str = "hybrid") -> World:
    """Return the world at a level of detail; read once.

    Parameters
    ----------
    level : {"hybrid", "ne10"}
        Which border data.

    Examples
    --------
    >>> world("ne10").unit_at(37.6, 55.75), world("ne10").unit_at(-30.0, 40.0)
    ('RUS', None)
    """
    return World(level)


# -- tables of states, systems and figures


@cache
def groups() -> Mapping[str, Any]:
    """Return the groups of states with their dated members, as the file has them."""
    found: Mapping[str, Any] = tomllib.loads(
        (_PACKAGE / "model" / "groups.toml").read_text("utf-8")
    )["group"]
    return found


@lru_cache(maxsize=4096)
def members(group: str, on: date) -> frozenset[str]:
    """Return the members of a group on a day.

    >>> len(members("NATO", date(1997, 5, 27)))
    16
    """
    return frozenset(
        row["state"]
        for row in groups()[group]["member"]
        if row.get("from", on) <= on <= row.get("until", on)
    )


@cache
def systems() -> Mapping[str, Any]:
    """Return the catalogue of weapon systems, as the file has it."""
    found: Mapping[str, Any] = tomllib.loads(
        (_PACKAGE / "model" / "systems.toml").read_text("utf-8")
    )["system"]
    return found


class Presence(NamedTuple):
    """How many people stood somewhere: at least, at most; infinite where nobody verified it."""

    lo: float
    hi: float


@cache
def presence() -> Mapping[tuple[str, str, int], Presence]:
    """Return the figures of presence by sender, host (a state or a unit) and year."""
    found = {}
    with (_PACKAGE / "model" / "presence_1997.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            low, high = row["personnel_min"].strip(), row["personnel_max"].strip()
            is_known = bool(low) and row["status"].strip() == "sourced"
            figure = Presence(float(low), float(high)) if is_known else Presence(0.0, math.inf)
            found[row["sender"].strip(), row["host"].strip(), int(row["year"])] = figure
    return found
