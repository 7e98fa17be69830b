"""Sides by which pictures are coloured; no verdict knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from deploygeo.boundaries import DEFAULT_ON, holders
from deploygeo.errors import UnknownNameError
from deploygeo.model.membership import members

__all__ = ["SIDES", "holders_in", "side_of", "sides_on"]

SIDES: Mapping[str, str] = MappingProxyType(
    {"nato": "NATO", "csto": "Russia and the CSTO", "other": "other states"}
)
"""Each side, with its title."""


def holders_in(worldview: str, on: date) -> Mapping[str, str]:
    """Return who holds each unit; the default worldview for a name that is none.

    A report from a checker has a worldview that exists; one that was made by hand is drawn too.

    Parameters
    ----------
    worldview : str
    on : date

    Examples
    --------
    >>> holders_in("russia", DEFAULT_ON)["crimea"], holders_in("<b>", DEFAULT_ON)["crimea"]
    ('RUS', 'UKR')
    """
    try:
        return holders(worldview, on)
    except UnknownNameError:
        return holders(on=on)


def side_of(party: str, on: date | None = None) -> str:
    """Return the side of a party on a day: the day of the drafts without.

    Parameters
    ----------
    party : str
    on : date, optional

    Examples
    --------
    >>> side_of("FIN"), side_of("FIN", date(2023, 6, 1)), side_of("RUS"), side_of("no state")
    ('other', 'nato', 'csto', 'other')
    """
    return sides_on(on or DEFAULT_ON).get(party, "other")


@lru_cache(maxsize=64)
def sides_on(on: date) -> Mapping[str, str]:
    """Return the side of every state that has one.

    Parameters
    ----------
    on : date

    Examples
    --------
    >>> sides_on(date(1949, 1, 1))
    mappingproxy({'NATO': 'nato', 'RUS': 'csto'})
    """
    found = {"NATO": "nato", "RUS": "csto"}
    found |= dict.fromkeys(sorted(members("CSTO", on)), "csto")
    found |= dict.fromkeys(sorted(members("NATO", on)), "nato")
    return MappingProxyType(found)
