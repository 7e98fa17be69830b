"""Territories as a function of states, worldview and date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from deploygeo.boundaries.files import data_folder
from deploygeo.boundaries.seas import Sea, Seas
from deploygeo.boundaries.store import DEFAULT_LEVEL, borders
from deploygeo.boundaries.tables import (
    DEFAULT_ON,
    DEFAULT_WORLDVIEW,
    Unit,
    Worldview,
    as_date,
    as_states,
    tables,
)
from deploygeo.errors import SettingError
from deploygeo.geodesy import Nearest, Territory

__all__ = [
    "border_line",
    "error_m",
    "holders",
    "nearest_of",
    "outer_border",
    "sea_at",
    "states",
    "territory",
    "unit_nearest",
    "units",
    "units_of",
    "worldviews",
]


def units() -> Mapping[str, Unit]:
    """Return the unit table, by unit id.

    Examples
    --------
    >>> units()["crimea"].kind
    'disputed'
    """
    return tables().units


def states() -> frozenset[str]:
    """Return every state that holds something in some worldview.

    Examples
    --------
    >>> {"USA", "RUS", "UKR"} <= states(), "crimea" in states()
    (True, False)
    """
    return tables().states


def worldviews() -> Mapping[str, Worldview]:
    """Return the worldviews, by name.

    Examples
    --------
    >>> {"un", "de-facto", "russia"} <= set(worldviews())
    True
    """
    return tables().worldviews


def holders(worldview: str = DEFAULT_WORLDVIEW, on: str | date = DEFAULT_ON) -> Mapping[str, str]:
    """Return who holds each unit in a worldview on a date, by unit id.

    Parameters
    ----------
    worldview : str
        Who holds disputed land to be whose.
    on : str or date
        The day, as ``2021-12-17``.

    Raises
    ------
    UnknownNameError
        For an unknown worldview.

    Examples
    --------
    >>> holders("un")["crimea"], holders("russia")["crimea"]
    ('UKR', 'RUS')
    >>> holders("russia", "2014-01-01")["crimea"]
    'UKR'
    """
    return tables().holders(worldview, as_date(on))


def units_of(
    states: str | Iterable[str],
    *,
    on: str | date = DEFAULT_ON,
    worldview: str = DEFAULT_WORLDVIEW,
    overseas: bool = True,
) -> tuple[str, ...]:
    """Return the units that some states hold, sorted.

    Parameters
    ----------
    states : str or iterable of str
        ISO 3166-1 alpha-3.
    on : date or str
    worldview : str
    overseas : bool
        Whether dependencies and overseas departments count.

    Raises
    ------
    UnknownNameError
        For an unknown state or worldview.

    Examples
    --------
    >>> "crimea" in units_of("UKR"), "crimea" in units_of("UKR", worldview="russia")
    (True, False)
    >>> "PRI" in units_of("USA"), "PRI" in units_of("USA", overseas=False)
    (True, False)
    >>> units_of([])
    ()
    """
    table = tables()
    wanted = as_states(states)
    table.check_states(wanted)
    held = table.holders(worldview, as_date(on))
    return tuple(
        sorted(
            unit.id
            for unit in table.units.values()
            if held[unit.id] in wanted and (overseas or unit.metropolitan)
        )
    )


def territory(
    states: str | Iterable[str],
    *,
    on: str | date = DEFAULT_ON,
    worldview: str = DEFAULT_WORLDVIEW,
    parts: str = "land",
    level: str = DEFAULT_LEVEL,
    overseas: bool = True,
) -> Territory:
    """Return the territory of some states, to measure to.

    Parameters
    ----------
    states : str or iterable of str
        ISO 3166-1 alpha-3. Several states give one territory.
    on : date or str
        Who held what on this day.
    worldview : str
    parts : {"land", "land+waters"}
        ``land+waters`` adds the internal waters that the data give. The territorial sea is no
        polygon: see `presence_margin_m` and `locate`.
    level : str
        ``hybrid`` or ``ne10``.
    overseas : bool
        Whether dependencies and overseas departments count.

    Raises
    ------
    UnknownNameError
        For an unknown state, worldview or level.
    SettingError
        For unknown `parts`.
    BoundaryError
        If the data are missing or damaged.

    Examples
    --------
    >>> [shape.name for shape in territory("XKX", level="ne10").shapes]
    ['XKX']
    >>> territory([], level="ne10").shapes
    ()
    """
    if parts not in ("land", "land+waters"):
        raise SettingError(
            f"unknown parts {parts!r}; take 'land' or 'land+waters' "
            "(the territorial sea is measured by presence_margin_m)"
        )
    land = borders(level)
    wanted = as_states(states)
    land.tables.check_states(wanted)
    held = land.tables.holders(worldview, as_date(on))
    mine = land.holder_units(wanted, held, overseas=overseas)
    name = "+".join(sorted(wanted))
    found = land.territory(mine, name)
    if parts == "land+waters":
        return Territory(name=name, shapes=found.shapes + land.waters(mine).shapes)
    return found


def border_line(
    units_a: Iterable[str], units_b: Iterable[str], *, level: str = DEFAULT_LEVEL
) -> Territory:
    """Return the common border of two sets of units, on land and by agreement at sea, as lines.

    Parameters
    ----------
    units_a, units_b : iterable of str
        Ids of units, as `units` has them.
    level : {"hybrid", "ne10"}
        Which border data.

    Examples
    --------
    >>> [shape.name for shape in border_line(["RUS"], ["FIN"], level="ne10").shapes]
    ['FIN–RUS']
    >>> border_line(["RUS"], ["PRT"], level="ne10").shapes
    ()
    """
    return borders(level).border_line(units_a, units_b)


def outer_border(units: Iterable[str], *, level: str = DEFAULT_LEVEL) -> Territory:
    """Return the borders of a set of units with all that is outside, as lines; no coasts.

    Parameters
    ----------
    units : iterable of str
        Ids of units, as `units` has them.
    level : {"hybrid", "ne10"}
        Which border data.

    Examples
    --------
    >>> [shape.name for shape in outer_border(["PRT"], level="ne10").shapes]
    ['ESP–PRT']
    >>> outer_border(["ISL"], level="ne10").is_empty  # an island has no neighbour
    True
    """
    return borders(level).outer_border(units)


def sea_at(lon: float, lat: float) -> Sea | None:
    """Return the named sea at a point, else the nearest within 60 km, flagged, else None.

    Parameters
    ----------
    lon, lat : float
        Degrees on WGS 84.

    Examples
    --------
    >>> sea = sea_at(34.0, 43.0)
    >>> sea.title, sea.is_fallback
    ('Black Sea', False)
    >>> sea_at(37.6, 55.75) is None
    True
    """
    return _seas().at(lon, lat)


@lru_cache(maxsize=1)
def _seas() -> Seas:
    return Seas(data_folder())


def error_m(
    lon: float,
    lat: float,
    units: Iterable[str] | None = None,
    *,
    level: str = DEFAULT_LEVEL,
) -> float:
    """Return the stated 95 % error of the boundary near a witness point, in metres.

    Parameters
    ----------
    lon, lat : float
        A point of a coast, a land border or a claim line.
    units : iterable of str, optional
        The units whose boundary it is.
    level : {"hybrid", "ne10"}
        Which border data.

    Examples
    --------
    >>> error_m(33.48, 44.5, level="ne10") >= error_m(33.48, 44.5, level="hybrid")
    True
    """
    return borders(level).error_m(lon, lat, units)


def unit_nearest(unit: str, lon: float, lat: float, *, level: str = DEFAULT_LEVEL) -> Nearest:
    """Return the nearest point of the land of a unit; kept, since others may ask again.

    Parameters
    ----------
    unit : str
        Its id, as `units` has it.
    lon, lat : float
        Degrees on WGS 84.
    level : {"hybrid", "ne10"}
        Which border data.

    Examples
    --------
    >>> found = unit_nearest("crimea", 33.42, 44.33, level="ne10")
    >>> found.inside, round(found.distance_m / 1e3)
    (False, 19)
    """
    return borders(level).unit_nearest(unit, lon, lat)


def nearest_of(
    units: Iterable[str], lon: float, lat: float, *, level: str = DEFAULT_LEVEL
) -> tuple[Nearest, str]:
    """Return the nearest point of the land of several units, and its unit; far units are not read.

    Parameters
    ----------
    units : iterable of str
        Ids of units, as `units` has them.
    lon, lat : float
        Degrees on WGS 84.
    level : {"hybrid", "ne10"}
        Which border data.

    Examples
    --------
    >>> found, unit = nearest_of(units_of("RUS"), 34.0, 43.0, level="ne10")
    >>> unit, round(found.distance_m / 1e3)
    ('RUS', 317)
    """
    return borders(level).nearest_of(units, lon, lat)
