"""The law of internal waters: what lies behind a closing line is a state's, and no high sea."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

import shapely
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require

__all__ = ["WATERS", "behind_a_closing_line_is_no_high_sea"]

_LEVEL: Final = "ne10"


def behind_a_closing_line_is_no_high_sea(
    point: tuple[float, float], worldview: str, on: date
) -> None:
    """A place in internal waters is the state's that holds them, however far its land is.

    Reason: straight baselines close bays and the White Sea (UNCLOS articles 7 and 8), and the
    sea behind them is as much the state's as its land.

    Counterexample: an implementation that looks only for land within 12 nautical miles finds the
    middle of the White Sea to be high sea, where any ship may stay.

    Parameters
    ----------
    point : tuple of float
        In waters that the data give as internal.
    worldview : str
    on : date

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> behind_a_closing_line_is_no_high_sea((38.0, 65.6), "un", date(2021, 12, 17))
    """
    store = boundaries.borders(_LEVEL)
    held = boundaries.holders(worldview, on)
    here = shapely.Point(point)
    owners = {
        held[unit]
        for unit in store.with_waters
        for shape in store.waters((unit,)).shapes
        if shape.geometry.intersects(here)
    }
    host, zone = boundaries.host_of(*point, on=on, worldview=worldview, level=_LEVEL)
    require(
        not owners or (zone != "high-seas" and (zone == "land" or host in owners)),
        f"{point} is in internal waters of {', '.join(sorted(owners))}, and told to be {zone} of"
        f" {host}",
    )


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[float, float], ...]:
    """Return a place or two in each of the internal waters."""
    store = boundaries.borders(_LEVEL)
    found = []
    for unit in sorted(store.with_waters):
        for shape in store.waters((unit,)).shapes:
            for part in shapely.get_parts(shape.geometry):
                middle = part.representative_point()
                inner = shapely.maximum_inscribed_circle(part).coords[0]
                found += [(float(middle.x), float(middle.y)), (float(inner[0]), float(inner[1]))]
    return tuple(found)


def _cases() -> Mapping[str, SearchStrategy[Any]]:
    return {
        "point": st.sampled_from(_places()),
        "worldview": strategies.worldviews(),
        "on": st.sampled_from([date(2021, 12, 17), date(1997, 5, 27), date(2024, 1, 1)]),
    }


WATERS: Final[tuple[Law, ...]] = (Law(behind_a_closing_line_is_no_high_sea, _cases),)
