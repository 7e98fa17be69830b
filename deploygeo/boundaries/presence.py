"""Where a point is: whose land, waters or sea, and how far inside or outside of that.

The territorial sea is not a polygon here. A point at sea belongs to the state whose
land (or internal waters) is nearest, where that is at most 12 nautical miles off; so
neighbours divide by equidistance. With s the signed distance to the land of some
states, negative inside, and r that to the land of all others, their territory is where

    min(12 nmi − s, (r − s) / 2)

is positive, and this function changes by at most one metre per metre: its absolute
value never exceeds the distance to the limit. It falls short of it behind a bay, say,
where the sea at the end of the shortest way to the coast is not the nearest high sea. So
where it may, a position on the limit is sought, which bounds the distance from above.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping
from datetime import date
from numbers import Real
from typing import Literal, NamedTuple

from deploygeo.boundaries.store import DEFAULT_LEVEL, Borders, Signed, borders
from deploygeo.boundaries.tables import DEFAULT_ON, DEFAULT_WORLDVIEW, as_date, as_states
from deploygeo.errors import CoordinateError, SettingError
from deploygeo.geodesy import direct, inverse

__all__ = [
    "TERRITORIAL_SEA_M",
    "PresenceMargin",
    "check_point",
    "margin_of",
    "presence_margin_m",
]

#: 12 nautical miles (UNCLOS art. 3).
TERRITORIAL_SEA_M = 22_224.0

# The nearest-state rule looks no farther than this. The second term of the margin is cut
# off to [-_OTHERS_M, _OTHERS_M + ...]: with r at least -60 km it exceeds the first as soon
# as s > 104 km, and with s below -104 km the depth alone is taken; so the cuts leave the
# margin continuous, exact within 60 km of a limit, and never too large in absolute value.
_OTHERS_M = 60_000.0
_FAR_M = _OTHERS_M + 2 * TERRITORIAL_SEA_M

# A place this near to the limit is on it: the data are rounded to 1.1 m.
_AT_LIMIT_M = 1.0

Parts = Literal["land", "land+sea"]


class PresenceMargin(NamedTuple):
    """How far inside the territory of some states a point is; negative outside.

    The limit is at least ``abs(value_m)`` away, and that is the distance unless
    ``is_bound``. ``error_m`` is the stated 95 % error of the boundary at the witness, and
    ``lo_m`` to ``hi_m`` contains the signed distance with its error. ``unit`` is the unit of
    those states that decides. All is minus infinity, and the witness nan, where the states
    hold nothing.
    """

    lo_m: float
    hi_m: float
    value_m: float
    witness_lon: float
    witness_lat: float
    error_m: float
    unit: str
    is_bound: bool = False


_NOWHERE = PresenceMargin(-math.inf, -math.inf, -math.inf, math.nan, math.nan, 0.0, "")


def presence_margin_m(
    lon: float,
    lat: float,
    states: str | Iterable[str],
    *,
    on: str | date = DEFAULT_ON,
    worldview: str = DEFAULT_WORLDVIEW,
    parts: Parts = "land+sea",
    level: str = DEFAULT_LEVEL,
    overseas: bool = True,
    source: Borders | None = None,
    enough_m: float | None = None,
    both_ends: bool = True,
) -> PresenceMargin:
    """Return how far inside the territory of some states a point is, in metres.

    Parameters
    ----------
    lon, lat : float
        Degrees.
    states : str or iterable of str
        ISO 3166-1 alpha-3. Several states count as one territory.
    on : date or str
        Who held what on this day.
    worldview : str
    parts : {"land+sea", "land"}
        With ``land+sea``: land, internal waters and 12 nautical miles of sea, limits to
        other states by equidistance. The airspace has the same limits.
    level : str
    overseas : bool
        Whether dependencies and overseas departments belong to their state.
    source : Borders, optional
        Other border data than those that ship.
    enough_m : float, optional
        A point that certainly lies deeper than this is not measured further: the margin is
        then a lower bound, which costs less.
    both_ends : bool
        Whether to look for a position on the limit where the margin is a lower bound. Without
        it, which costs less, the limit may then be infinitely far.

    Raises
    ------
    UnknownNameError
        For an unknown state, worldview or level.
    SettingError
        For unknown `parts` or a bad date.
    CoordinateError
        If the point is none.

    Notes
    -----
    On land alone the margin is the distance to the limit. With the sea it is so to a land
    border, and at sea where the limit lies straight ahead at that distance; elsewhere
    ``is_bound`` says that it is a lower bound, and ``lo_m`` or ``hi_m`` how far the limit may
    be, infinite where that is not known. From the sea outside, the limit is taken
    to be 12 nautical miles off the nearest land; where a neighbour's sea begins there it may
    be up to that much farther.

    Examples
    --------
    HMS Defender, 23 June 2021, 18.9 km off Cape Fiolent:

    >>> margin = presence_margin_m(33.42, 44.33, "UKR", on="2021-06-23", level="ne10")
    >>> margin.unit, 2e3 < margin.value_m < 5e3
    ('crimea', True)
    >>> presence_margin_m(33.42, 44.33, [], level="ne10").value_m
    -inf
    """
    if parts not in ("land", "land+sea"):
        raise SettingError(f"unknown parts {parts!r}; take 'land' or 'land+sea'")
    land = borders(level) if source is None else source
    check_point(lon, lat)
    wanted = as_states(states)
    land.tables.check_states(wanted)
    held = land.tables.holders(worldview, as_date(on))
    return margin_of(
        land,
        lon,
        lat,
        wanted,
        held,
        parts=parts,
        overseas=overseas,
        enough_m=enough_m,
        both_ends=both_ends,
    )


def margin_of(
    land: Borders,
    lon: float,
    lat: float,
    wanted: frozenset[str],
    held: Mapping[str, str],
    *,
    parts: Parts = "land+sea",
    overseas: bool = True,
    enough_m: float | None = None,
    both_ends: bool = True,
) -> PresenceMargin:
    """Return the margin in the territory of some of the holders of a day, checked before."""
    mine = land.holder_units(wanted, held, overseas=overseas)
    every = mine if overseas else land.holder_units(wanted, held)
    place = float(lon), float(lat)
    if enough_m is not None:
        shallow = _shallow(land, *place, mine, parts)
        if shallow is not None and shallow.lo_m > enough_m:
            return shallow
    found = (_presence_of if both_ends else _least_of)(land, *place, mine, every, parts)
    return found if isinstance(found, PresenceMargin) else found.margin


@functools.lru_cache(maxsize=20_000)
def _shallow(
    land: Borders, lon: float, lat: float, mine: tuple[str, ...], parts: Parts
) -> PresenceMargin | None:
    """Return how deep a point lies in one unit of a territory, if in any: a lower bound."""
    own = land.signed_of(mine, lon, lat, with_waters=parts == "land+sea", whole=False)
    if own is None or own.value_m >= 0.0:
        return None
    found = _margin(land, -own.value_m, own, land.error_m(own.lon, own.lat, (own.unit,)))
    return found._replace(hi_m=math.inf, is_bound=True)


class _Least(NamedTuple):
    """A margin that may be a lower bound, with the land of the states and that of others."""

    margin: PresenceMargin
    own: Signed | None = None
    rest: Signed | None = None
    others: tuple[str, ...] = ()


# By units, so that dates and worldviews that agree on them share one answer: stability asks
# the same point under many choices. 20 000 answers take about 10 MB.
@functools.lru_cache(maxsize=20_000)
def _least_of(
    land: Borders,
    lon: float,
    lat: float,
    mine: tuple[str, ...],
    every: tuple[str, ...],
    parts: Parts,
) -> _Least:
    own = land.signed_of(mine, lon, lat, with_waters=parts == "land+sea")
    if own is None:
        return _Least(_NOWHERE)
    if parts == "land":
        error = land.error_m(own.lon, own.lat, (own.unit,))
        return _Least(_margin(land, -own.value_m, own, error))
    others = tuple(sorted(set(land.unit_ids()).difference(every)))
    found, rest = _with_sea(land, own, others, lon, lat)
    if found.value_m < 0.0:
        found = found._replace(lo_m=-math.inf, is_bound=True)
    else:
        found = found._replace(hi_m=math.inf, is_bound=True)
    return _Least(found, own, rest, others)


@functools.lru_cache(maxsize=20_000)
def _presence_of(
    land: Borders,
    lon: float,
    lat: float,
    mine: tuple[str, ...],
    every: tuple[str, ...],
    parts: Parts,
) -> PresenceMargin:
    found, own, rest, others = _least_of(land, lon, lat, mine, every, parts)
    if own is None:
        return found
    farthest = _farthest(land, (lon, lat), (mine, others), own, rest, found)
    ends = (found.value_m - found.error_m, found.value_m + found.error_m)
    if farthest <= abs(found.value_m) + _AT_LIMIT_M:
        return found._replace(lo_m=ends[0], hi_m=ends[1], is_bound=False)
    if found.value_m < 0.0:
        return found._replace(lo_m=-farthest - found.error_m)
    return found._replace(hi_m=farthest + found.error_m)


def _farthest(
    land: Borders,
    place: tuple[float, float],
    units: tuple[tuple[str, ...], tuple[str, ...]],
    own: Signed,
    rest: Signed | None,
    found: PresenceMargin,
) -> float:
    """Return how far the limit is at most: to the land across it, or by a way that ends there."""
    value = abs(found.value_m)
    by_sea = found.value_m >= TERRITORIAL_SEA_M - own.value_m - _AT_LIMIT_M
    if found.value_m < 0.0:
        return value if by_sea else own.value_m
    if rest is None and not by_sea:  # so far inside that no others are looked for
        return value if land.borders_at(own.lon, own.lat) else math.inf
    farthest = math.inf if rest is None else rest.value_m
    if farthest <= value + _AT_LIMIT_M or own.value_m <= 0.0:
        return farthest
    # From a place at sea the limit is as near as it can be if it is straight ahead there.
    towards, turn = (own, 180.0) if by_sea or rest is None else (rest, 0.0)
    _, bearing = inverse(*place, towards.lon, towards.lat)
    lon, lat = direct(*place, float(bearing) + turn, value)
    there = land.signed_of(units[0], float(lon), float(lat), with_waters=True)
    if there is not None:
        left = _with_sea(land, there, units[1], float(lon), float(lat))[0].value_m
        if left <= _AT_LIMIT_M:
            return value
    return farthest


def check_point(lon: object, lat: object) -> None:
    """Refuse what is no position.

    Raises
    ------
    CoordinateError
        With the values.
    """
    # Written so that nan fails.
    if not (
        isinstance(lon, Real)
        and isinstance(lat, Real)
        and abs(float(lat)) <= 90.0
        and abs(float(lon)) <= 180.0
    ):
        raise CoordinateError(
            f"lon {lon!r}, lat {lat!r} is no position: |lat| is at most 90 and |lon| at most 180"
        )


def _with_sea(
    land: Borders, own: Signed, others: Iterable[str], lon: float, lat: float
) -> tuple[PresenceMargin, Signed | None]:
    """Return the margin, and the nearest land of others if it was looked for and found."""
    s = own.value_m
    error = land.error_m(own.lon, own.lat, (own.unit,))
    if s >= _FAR_M:
        return _margin(land, TERRITORIAL_SEA_M - s, own, error), None
    if s <= -_FAR_M:
        return _margin(land, -s, own, error), None
    # Beyond 2 * 12 nmi - s the first term is the smaller one.
    reach = min(2 * TERRITORIAL_SEA_M - s, _FAR_M)
    reach = max(reach, 0.0)
    near = set(land.parts_near(lon, lat, reach)).intersection(others)
    rest = land.signed_of(near, lon, lat, with_waters=True, within_m=reach, whole=False)
    first = TERRITORIAL_SEA_M - s
    r = _FAR_M if rest is None else max(rest.value_m, -_OTHERS_M)
    second = (r - s) / 2
    if first <= second or rest is None:
        return _margin(land, min(first, second), own, error), rest
    other_error = land.error_m(rest.lon, rest.lat, (rest.unit,))
    witness = rest if s < 0.0 else own
    shown = Signed(s, witness.lon, witness.lat, own.unit)
    return _margin(land, second, shown, (error + other_error) / 2), rest


def _margin(land: Borders, value: float, witness: Signed, error: float) -> PresenceMargin:
    return PresenceMargin(
        value - error, value + error, value, witness.lon, witness.lat, error, witness.unit
    )
