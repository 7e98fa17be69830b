"""Every law of geometry: the ellipsoid, distances, ranges, borders, and the words for them."""

from __future__ import annotations

from typing import Final

from deploygeo.testing.law import Law
from deploygeo.testing.laws.distances import DISTANCES
from deploygeo.testing.laws.ellipsoid import ELLIPSOID
from deploygeo.testing.laws.holders import HOLDERS
from deploygeo.testing.laws.passages import PASSAGES
from deploygeo.testing.laws.ranges import RANGES
from deploygeo.testing.laws.sea import SEA
from deploygeo.testing.laws.witnesses import WITNESSES
from deploygeo.testing.laws.words import WORDS
from deploygeo.testing.laws.writing import WRITING
from deploygeo.testing.laws.zones import ZONES

__all__ = ["GEOMETRY"]

#: All laws of geometry.
GEOMETRY: Final[tuple[Law, ...]] = (
    *ELLIPSOID,
    *DISTANCES,
    *WITNESSES,
    *WRITING,
    *RANGES,
    *ZONES,
    *PASSAGES,
    *HOLDERS,
    *SEA,
    *WORDS,
)
