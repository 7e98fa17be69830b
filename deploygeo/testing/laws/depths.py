"""Laws of depths and holes: how deep inside, or in a hole, is how far it is to the outline."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import shapely
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import geodesy
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import lands, places

__all__ = [
    "DEPTHS",
    "a_depth_is_the_way_to_the_outline",
    "a_place_in_a_hole_is_as_far_as_the_rim",
]

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


def a_place_in_a_hole_is_as_far_as_the_rim(
    middle: tuple[float, float], wide_deg: float, point: tuple[float, float]
) -> None:
    """From a place in a hole of a territory it is as far as to the rim of the hole.

    Reason: an enclave, and a lake that is left out, is no part of the territory around it; what
    is nearest to it is its own border.

    Counterexample: an implementation that knows a polygon by its outer ring finds Lesotho inside
    South Africa, or as far from it as the coast.

    Parameters
    ----------
    middle : tuple of float
        Of the hole.
    wide_deg : float
        Its width; the territory is three times as wide.
    point : tuple of float
        Where in the hole, as shares of its width from -0.5 to 0.5.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_place_in_a_hole_is_as_far_as_the_rim((28.0, -29.5), 2.0, (0.1, -0.3))
    """
    lon, lat = middle
    boxes = [
        shapely.box(lon - size, lat - size, lon + size, lat + size)
        for size in (1.5 * wide_deg, 0.5 * wide_deg)
    ]
    around = geodesy.Territory.of(shapely.Polygon(boxes[0].exterior, [boxes[1].exterior]))
    rim = geodesy.Territory.of(shapely.LineString(boxes[1].exterior))
    place = (lon + point[0] * wide_deg, lat + point[1] * wide_deg)
    away, least = (float(geodesy.distance_m(*place, one)) for one in (around, rim))
    require(
        abs(away - least) <= _EXACT_M,
        f"{place} is in a hole, {least} m from its rim, and told to be {away} m away",
    )


def _holes() -> Mapping[str, SearchStrategy[Any]]:
    shares = st.floats(-0.49, 0.49)
    return {
        "middle": st.tuples(st.floats(-150.0, 150.0), st.floats(-70.0, 70.0)),
        "wide_deg": st.sampled_from([1.0, 0.01, 5.0, 12.0]),
        "point": st.tuples(shares, shares),
    }


def _cases() -> Mapping[str, SearchStrategy[Any]]:
    return {"territory": lands(), "point": places()}


DEPTHS: Final[tuple[Law, ...]] = (
    Law(a_depth_is_the_way_to_the_outline, _cases),
    Law(a_place_in_a_hole_is_as_far_as_the_rim, _holes),
)
