"""States, seas and kinds by name, where the data have codes."""

from __future__ import annotations

import re

from deploygeo import boundaries
from deploygeo.model import KINDS
from deploygeo.model.parties import name_of

__all__ = ["named", "spoken", "state_name", "unit_name", "zone_name"]

# A code stands alone: it is no part of an id such as efp-rukla/BEL.
_CODE = re.compile(r"(?<![\w/#-])(?:[A-Z]{3}|NATO)(?![\w/#-])")
_WORD = re.compile("|".join(sorted((kind for kind in KINDS if "_" in kind), key=len, reverse=True)))
_WITH_ARTICLE = frozenset({"British Indian Ocean Territory", "Netherlands"})
_ARTICLE_ENDS = ("Islands", "Republic", "Territories", "of the Congo")
_ZONES = {
    "high-seas": "on the high seas",
    "internal-waters": "internal waters",
    "territorial-sea": "territorial sea",
}


def state_name(code: str) -> str:
    """Return the name of a party; a code that is none, as it is.

    Examples
    --------
    >>> state_name("RUS"), state_name("NATO"), state_name("crimea")
    ('Russia', 'NATO', 'crimea')
    """
    return name_of(code)


def spoken(code: str) -> str:
    """Return the name of a party as it stands in a sentence.

    Examples
    --------
    >>> spoken("USA"), spoken("RUS")
    ('the United States', 'Russia')
    """
    name = state_name(code)
    starts = name.startswith(("United ", "US ")) or name in _WITH_ARTICLE
    return f"the {name}" if starts or name.endswith(_ARTICLE_ENDS) else name


def unit_name(unit: str) -> str:
    """Return the name of a unit of land: a state or a disputed area.

    Examples
    --------
    >>> unit_name("USA"), unit_name("crimea"), unit_name("border line")
    ('United States', 'Crimea and Sevastopol', 'border line')
    """
    if name_of(unit) != unit:
        return name_of(unit)
    known = boundaries.units()
    return known[unit].name if unit in known else unit


def zone_name(zone: str) -> str:
    """Return a zone in words.

    >>> zone_name("territorial-sea"), zone_name("land")
    ('territorial sea', 'land')
    """
    return _ZONES.get(zone, zone)


def named(text: str) -> str:
    """Return a text with states and kinds by name.

    Examples
    --------
    >>> named("party is USA"), named("kind is surface_warship"), named("efp-rukla/BEL")
    ('party is the United States', 'kind is surface warship', 'efp-rukla/BEL')
    """
    text = _CODE.sub(lambda match: spoken(match.group()), text)
    return _WORD.sub(lambda match: match.group().replace("_", " "), text)
