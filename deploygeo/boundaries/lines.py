"""The common borders of the units, as lines: which pass near a place, and between whom."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from deploygeo.boundaries.extents import Extents
from deploygeo.boundaries.files import geometries
from deploygeo.geodesy import Shape, Territory

__all__ = ["METRES_PER_DEGREE", "ON_BORDER_M", "Lines"]

# A witness this near to the line of a land border is on that border. Vertices are rounded
# to 1.1 m, and a border runs at most 100 m off the geodesic through its vertices
# (its edges are at most 56 km long).
ON_BORDER_M = 100.0
# Borders kept, each a choice of lines.
_KEPT_BORDERS = 64
METRES_PER_DEGREE = 111_000.0  # of latitude, and of longitude at the equator; rounded down


class Lines(Extents):
    """Land with its borders."""

    def __init__(self, folder: Path, level: str) -> None:
        super().__init__(folder, level)
        # days and worldviews that agree on a border share what is compiled of it
        self._border_of = lru_cache(_KEPT_BORDERS)(self._border_of_now)
        self._line = lru_cache(None)(self._line_now)

    @cached_property
    def _lines(self) -> tuple[list[tuple[str, str]], list[str], NDArray[np.object_]]:
        rows = self._rows("SELECT unit_a, unit_b, kind, geom FROM borders ORDER BY fid")
        pairs = [(str(row[0]), str(row[1])) for row in rows]
        return pairs, [str(row[2]) for row in rows], geometries(row[3] for row in rows)

    @cached_property
    def _neighbours(self) -> Mapping[str, Mapping[str, list[int]]]:
        """The units with a common land border with each unit, and the rows of its lines."""
        found: dict[str, dict[str, list[int]]] = {}
        pairs, kinds, _ = self._lines
        for row, (a, b) in enumerate(pairs):
            if kinds[row] == "land":
                for one, other in ((a, b), (b, a)):
                    found.setdefault(one, {}).setdefault(other, []).append(row)
        return found

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._lines[2])

    def borders_at(self, lon: float, lat: float) -> list[tuple[str, str]]:
        """Return the pairs of units whose common land border passes within 100 m."""
        return self._borders_near(lon, lat, ON_BORDER_M)

    def _borders_near(self, lon: float, lat: float, radius_m: float) -> list[tuple[str, str]]:
        high = radius_m / METRES_PER_DEGREE
        wide = min(high / max(math.cos(math.radians(lat)), 1e-3), 1.0)
        box = shapely.box(lon - wide, lat - high, lon + wide, lat + high)
        pairs, kinds, _ = self._lines
        found = self._tree.query(box, predicate="intersects")
        return sorted({pairs[i] for i in found.tolist() if kinds[i] == "land"})

    def border_line(
        self,
        units_a: Iterable[str],
        units_b: Iterable[str],
        *,
        kinds: Collection[str] = ("land", "sea"),
    ) -> Territory:
        """Return the common border of two sets of units, as lines.

        Parameters
        ----------
        units_a, units_b : iterable of str
        kinds : collection of str
            ``land``, and ``sea`` for agreed lines between two states at sea.
        """
        first, second = frozenset(units_a), frozenset(units_b)
        return self._selected(
            lambda a, b: (a in first and b in second) or (a in second and b in first), kinds
        )

    def outer_border(
        self, units: Iterable[str], *, kinds: Collection[str] = ("land", "sea")
    ) -> Territory:
        """Return the borders of a set of units with all that is outside, as lines; no coasts.

        `kinds` are those of `border_line`.
        """
        inner = frozenset(units)
        return self._selected(lambda a, b: (a in inner) != (b in inner), kinds)

    def _selected(self, wanted: Callable[[str, str], bool], kinds: Collection[str]) -> Territory:
        pairs, kind, _ = self._lines
        rows = (i for i, pair in enumerate(pairs) if kind[i] in kinds and wanted(*pair))
        return self._border_of(tuple(rows))

    def _border_of_now(self, rows: tuple[int, ...]) -> Territory:
        return Territory(name="border", shapes=tuple(self._line(row) for row in rows))

    def _line_now(self, row: int) -> Shape:
        pairs, _, lines = self._lines
        return Shape.of(lines[row], "–".join(pairs[row]))
