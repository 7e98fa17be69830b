"""Borders of the world at two levels of detail, who holds what, and the named seas.

Functions take states (ISO 3166-1 alpha-3, XKX for Kosovo), a date and a worldview;
`Borders` is the store below them, by unit.
"""

from __future__ import annotations

from deploygeo.boundaries.files import data_folder
from deploygeo.boundaries.locate import Location, host_of, locate
from deploygeo.boundaries.presence import (
    TERRITORIAL_SEA_M,
    PresenceMargin,
    presence_margin_m,
)
from deploygeo.boundaries.seas import Sea, Seas
from deploygeo.boundaries.store import DEFAULT_LEVEL, LEVELS, Borders, Signed, borders
from deploygeo.boundaries.tables import (
    DEFAULT_ON,
    DEFAULT_WORLDVIEW,
    Hold,
    Tables,
    Unit,
    Worldview,
    exchanged,
    tables,
)
from deploygeo.boundaries.territories import (
    border_line,
    error_m,
    holders,
    nearest_of,
    outer_border,
    sea_at,
    states,
    territory,
    unit_nearest,
    units,
    units_of,
    worldviews,
)
from deploygeo.boundaries.verify import verify

__all__ = [
    "DEFAULT_LEVEL",
    "DEFAULT_ON",
    "DEFAULT_WORLDVIEW",
    "LEVELS",
    "TERRITORIAL_SEA_M",
    "Borders",
    "Hold",
    "Location",
    "PresenceMargin",
    "Sea",
    "Seas",
    "Signed",
    "Tables",
    "Unit",
    "Worldview",
    "border_line",
    "borders",
    "data_folder",
    "error_m",
    "exchanged",
    "holders",
    "host_of",
    "locate",
    "nearest_of",
    "outer_border",
    "presence_margin_m",
    "sea_at",
    "states",
    "tables",
    "territory",
    "unit_nearest",
    "units",
    "units_of",
    "verify",
    "worldviews",
]
