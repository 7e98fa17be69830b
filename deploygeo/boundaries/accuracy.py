"""The positional error that is stated for a boundary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from deploygeo.boundaries.files import read_toml
from deploygeo.errors import BoundaryError

__all__ = ["Accuracy", "Coast"]


@dataclass(frozen=True, slots=True)
class Coast:
    """A region with one stated error of its coasts."""

    name: str
    box: tuple[float, float, float, float]  # west, south, east, north
    error_m: float

    def covers(self, lon: float, lat: float) -> bool:
        """Return whether a point lies in the box.

        Examples
        --------
        >>> Coast("Black Sea", (27.0, 40.8, 42.0, 47.0), 1000.0).covers(27.0, 43.0)
        True
        >>> Coast("Black Sea", (27.0, 40.8, 42.0, 47.0), 1000.0).covers(20.0, 43.0)
        False
        """
        west, south, east, north = self.box
        return west <= lon <= east and south <= lat <= north


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The 95 % errors of one level: coasts by region, land borders, claim lines.

    Examples
    --------
    >>> stated = Accuracy((Coast("Black Sea", (27.0, 40.8, 42.0, 47.0), 1000.0),), 2000.0,
    ...                   3500.0, 5000.0, {("GEO", "RUS"): 2900.0}, frozenset({"abkhazia"}))
    >>> stated.coast_error_m(33.0, 44.0), stated.coast_error_m(0.0, 0.0)
    (1000.0, 2000.0)

    The Russian side of Abkhazia is the border of Georgia and Russia, its inner side a
    claim line:

    >>> stated.border_error_m(("abkhazia", "RUS"), ("GEO", "RUS"))
    2900.0
    >>> stated.border_error_m(("abkhazia", "GEO"), ("GEO", "GEO"))
    5000.0
    """

    coasts: tuple[Coast, ...]
    coast_m: float
    land_border_m: float
    claim_line_m: float
    pairs: Mapping[tuple[str, str], float]
    claimed: frozenset[str]

    @classmethod
    def read(cls, folder: Path, level: str) -> Accuracy:
        """Return the errors of a level from ``errors.toml``.

        Raises
        ------
        BoundaryError
            If the file is missing, or states nothing usable of the level.
        """
        table = read_toml(folder / "errors.toml")
        try:
            return cls._of(table, table["levels"][level])
        except (KeyError, TypeError, ValueError) as error:
            raise BoundaryError(
                f"{folder / 'errors.toml'} does not state the errors of {level} ({error!r}); "
                "install deploygeo again"
            ) from error

    @classmethod
    def _of(cls, table: Mapping[str, Any], level: Mapping[str, Any]) -> Accuracy:
        coasts = []
        for row in level.get("coast", ()):
            west, south, east, north = (float(side) for side in row["box"])
            box = (west, south, east, north)
            coasts.append(Coast(str(row["name"]), box, float(row["coast_m"])))
        pairs = {}
        for row in table.get("land_border", ()):
            a, b = sorted(str(unit) for unit in row["units"])
            pairs[a, b] = float(row["error_m"])
        return cls(
            coasts=tuple(coasts),
            coast_m=float(level["coast_m"]),
            land_border_m=float(level["land_border_m"]),
            claim_line_m=float(level["claim_line_m"]),
            pairs=MappingProxyType(pairs),
            claimed=frozenset(table.get("claim_lines", {}).get("units", ())),
        )

    def coast_error_m(self, lon: float, lat: float) -> float:
        """Return the error of the coast at a point: of the first region that covers it."""
        for coast in self.coasts:
            if coast.covers(lon, lat):
                return coast.error_m
        return self.coast_m

    def border_error_m(self, units: tuple[str, str], sovereigns: tuple[str, str]) -> float:
        """Return the error of the land border of two units.

        Parameters
        ----------
        units : pair of str
        sovereigns : pair of str
            Whose they are where a worldview says nothing. Between two units of one state the
            border of a unit that is delimited by a claim line is that line.
        """
        for a, b in (sorted(units), sorted(sovereigns)):
            if (a, b) in self.pairs:
                return self.pairs[a, b]
        is_inner = sovereigns[0] == sovereigns[1]
        if is_inner and not self.claimed.isdisjoint(units):
            return self.claim_line_m
        return self.land_border_m
