"""The law of depths: how deep inside a place lies is how far it is to the outline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from deploygeo import geodesy
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import lands, places

__all__ = ["DEPTHS", "a_depth_is_the_way_to_the_outline"]

#: What distances may be off.
_EXACT_M: Final = 1e-3


def a_depth_is_the_way_to_the_outline(
    territory: geodesy.Territory, point: tuple[float, float]
) -> None:
    """Inside, a signed distance is minus the way to the outline; outside, it is the distance.

    Reason: a margin of a place inside tells how far it is from leaving; nought tells nothing, and
    would leave every force at home as near to the border as one on it.

    Counterexample: an implementation whose distances are never negative finds no place in Russia
    deeper inside it than its border.

    Parameters
    ----------
    territory : Territory
        Of several shapes the depth is that in one of them, and no more is asked here.
    point : tuple of float

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> import shapely
    >>> square = geodesy.Territory.of(shapely.box(0, 0, 1, 1))
    >>> a_depth_is_the_way_to_the_outline(square, (0.25, 0.5))
    """
    signed = float(geodesy.signed_m(*point, territory))
    away = float(geodesy.distance_m(*point, territory))
    if away > 0.0 or math.isnan(away):
        require(
            signed == away or (math.isnan(away) and math.isnan(signed)),
            f"{point} is {away} m away from {territory!r}, and {signed} m with a sign",
        )
        return
    require(signed <= 0.0, f"{point} is in {territory!r}, and {signed} m away with a sign")
    if len(territory.shapes) == 1:
        out = float(geodesy.nearest_edge(*point, territory).distance_m)
        require(
            math.isnan(out) or math.isinf(signed) or abs(-signed - out) <= _EXACT_M,
            f"{point} is {out} m from the outline of {territory!r}, and {-signed} m deep in it",
        )


def _cases() -> Mapping[str, SearchStrategy[Any]]:
    return {"territory": lands(), "point": places()}


DEPTHS: Final[tuple[Law, ...]] = (Law(a_depth_is_the_way_to_the_outline, _cases),)
