"""Laws of words: what a clause says of groups, reach and territory is what the data say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from importlib import import_module
from typing import Any, Final, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries, clauses, geodesy, model
from deploygeo.checker import Settings
from deploygeo.clauses import Number, Outcome, Truth
from deploygeo.clauses.evaluate import Value, value_of
from deploygeo.clauses.vocabulary import Type
from deploygeo.model import Deployment
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.ellipsoid import BOTH_M, Position
from deploygeo.testing.laws.holders import LEVEL, TODAY, held_days, memberships
from deploygeo.treaties import load

__all__ = [
    "WORDS",
    "a_distance_is_that_to_the_land_of_the_day",
    "a_group_in_a_text_is_that_of_its_day",
    "inside_a_territory_is_where_its_state_is_host",
    "reaches_is_a_distance_at_most_the_range",
]

_BOTH_KM: Final = BOTH_M / 1000.0


def asked(
    text: str, gives: Type, point: Position, on: date = TODAY, worldview: str = "un"
) -> Value:
    """Return what an expression of a clause says of a ship at a place on a day.

    >>> sorted(asked("states('RUS', 'USA')", "states", (34.0, 43.0)))
    ['RUS', 'USA']
    """
    treaty = load("us-russia-2021")
    scene = import_module("deploygeo.checker.scene")
    facts = import_module("deploygeo.checker.facts")
    ship = Deployment(
        id="a ship", party="USA", kind="surface_warship", geometry=point, range_km=1_600
    )
    case = facts.Case(
        treaty,
        treaty.clause("5.2"),
        scene.scene_of([ship], []),
        scene.Actor(ship.id, ship),
        on,
        Settings(worldview=worldview, level=LEVEL),
        place=point,
    )
    return value_of(clauses.compile_expression(text, gives=gives), case)


def _number(text: str, *case: Any) -> Number:
    return cast(Number, asked(text, "number", *case))


def _outcome(text: str, *case: Any) -> Outcome:
    return cast(Outcome, asked(text, "truth", *case))


def a_group_in_a_text_is_that_of_its_day(group: str, on: date, then: date) -> None:
    """A group means its members on the day asked, and with a day in quotes those of that day.

    Reason: "the members of NATO on 27 May 1997" are sixteen, whenever it is asked; "NATO" without a
    day has Finland from 4 April 2023 on, and "the day before" not yet on that day.

    Counterexample: with the NATO of today for that of 1997, or of the day asked for the day in the
    text, Polish forces in Romania count among those that may stand there.

    Parameters
    ----------
    group : str
    on : date
        The day asked.
    then : date
        The day in quotes.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_group_in_a_text_is_that_of_its_day("NATO", date(2023, 4, 4), date(1997, 5, 27))
    """
    for words, day in (
        (f"group('{group}', '{then.isoformat()}')", then),
        (f"group('{group}')", on),
        (f"group('{group}', 'before')", on - timedelta(days=1)),
    ):
        expected = model.members(group, day)
        found = asked(words, "states", (34.0, 43.0), on)
        require(
            found == expected,
            f"{words} on {on} differs from the members on {day} by "
            f"{sorted(expected ^ cast(frozenset[str], found))}",
        )


def a_distance_is_that_to_the_land_of_the_day(
    point: Position, state: str, worldview: str, on: date
) -> None:
    """The distance that a clause has is the geodesic one to the land that a state holds that day.

    Reason: the number is what a report tells, with a witness and an error; the error is that of the
    border data, and the distance itself is measured.

    Counterexample: a sphere for the ellipsoid is up to 27 km off at 5 500 km; the land of today for
    that of the day, or of the default worldview, is another one from Kerch to Crimea.

    Parameters
    ----------
    point : tuple of float
    state : str
    worldview : str
    on : date

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_distance_is_that_to_the_land_of_the_day((34.0, 43.0), "RUS", "russia", TODAY)
    """
    land = boundaries.territory(state, on=on, worldview=worldview, level=LEVEL)
    expected = float(geodesy.distance_m(*point, land)) / 1000.0
    found = _number(f"distance(land(states('{state}')))", point, on, worldview)
    if math.isnan(expected):
        require(found.lo == math.inf, f"{state} holds no land on {on}, {found.lo} km from {point}")
        return
    told = [measure.distance_km for measure in found.measures]
    require(
        len(told) == 1
        and abs(told[0] - expected) <= _BOTH_KM
        and found.lo - _BOTH_KM <= expected <= found.hi + _BOTH_KM,
        f"land of {state} on {on} ({worldview}) is {expected:.6f} km from {point}; the clause has "
        f"{told}, from {found.lo:.6f} to {found.hi:.6f} km",
    )


def reaches_is_a_distance_at_most_the_range(point: Position, state: str) -> None:
    """A weapon reaches what is at most its range away, the range itself included.

    Reason: "in reach" is a distance compared with a range, once; with an error it is certain up to
    the lower end of the distance, and impossible only below it.

    Counterexample: with `<` for `<=` a missile of 500 km does not reach what is 500 km away.

    Parameters
    ----------
    point : tuple of float
    state : str

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> reaches_is_a_distance_at_most_the_range((34.0, 43.0), "RUS")
    """
    land = f"land(states('{state}'))"
    away = _number(f"distance({land})", point)
    if math.isinf(away.hi):
        return
    for reach in (away.lo, away.hi, math.nextafter(away.lo, 0.0), math.nextafter(away.hi, 0.0)):
        expected = Truth.of(True if reach >= away.hi else (False if reach < away.lo else None))
        words = f"reaches({land}, {reach!r})"
        found = _outcome(words, point).truth
        require(
            found is expected,
            f"{words} at {point} is {expected}, not {found}; it is from {away.lo!r} to "
            f"{away.hi!r} km away",
        )
        compared = _outcome(f"distance({land}) <= {reach!r}", point).truth
        require(found is compared, f"{words} at {point} is {found}, and compared {compared}")


def inside_a_territory_is_where_its_state_is_host(
    point: Position, worldview: str, on: date
) -> None:
    """What is inside a state's territory is on its land, in its waters or in its territorial sea.

    Reason: "the national territory" of a text has the sea beside it, and the airspace above; the
    host of a place is told by the same rule. Within the error of the limit either may be unknown.

    Counterexample: with the territorial sea forgotten a destroyer 8 km off a coast is in nobody's
    territory, and a patrol aircraft over it too; distance to the territory is that to the land.

    Parameters
    ----------
    point : tuple of float
    worldview : str
    on : date

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> inside_a_territory_is_where_its_state_is_host((33.42, 44.33), "un", date(2021, 6, 23))
    >>> inside_a_territory_is_where_its_state_is_host((34.0, 43.0), "un", date(2021, 6, 23))
    """
    host, zone = boundaries.host_of(*point, on=on, worldview=worldview, level=LEVEL)
    holders = boundaries.holders(worldview, on)
    near = boundaries.borders(LEVEL).parts_near(*point, 2 * boundaries.TERRITORIAL_SEA_M)
    for state in sorted({holders[unit] for unit in near} - {""}):
        territory = f"territory(states('{state}'))"
        inside = _outcome(f"inside({territory})", point, on, worldview)
        require(
            inside.truth is not (Truth.FALSE if state == host else Truth.TRUE),
            f"{point} is {zone} of {host} on {on} ({worldview}), and inside {territory} is "
            f"{inside.truth}",
        )
        margin = inside.margin("km")
        error = inside.measures[0].error_km if inside.measures else 0.0
        require(
            state != host
            or inside.truth is Truth.TRUE
            or (margin is not None and abs(margin.lo) <= 2 * error + _BOTH_KM),
            f"{point} is {zone} of {host}, and inside {territory} is {inside.truth} by {margin}",
        )
        on_land = _outcome(f"inside(land(states('{state}')))", point, on, worldview).truth
        require(
            not (on_land is Truth.TRUE and inside.truth is Truth.FALSE),
            f"{point} is on land of {state} and outside of its territory",
        )
        away = _number(f"distance({territory})", point, on, worldview)
        land = _number(f"distance(land(states('{state}')))", point, on, worldview)
        sea_km = boundaries.TERRITORIAL_SEA_M / 1000.0
        require(
            away.hi <= max(0.0, land.hi - sea_km) + 2 * error + _BOTH_KM,
            f"{territory} is up to {away.hi:.3f} km from {point}, and its land {land.hi:.3f} km",
        )
        require(
            not (on_land is Truth.TRUE and away.lo > 0.0),
            f"{territory} is {away.lo:.3f} km from {point}, which is on land of {state}",
        )


# -- cases

_STATES: Final = ("RUS", "UKR", "USA", "GEO", "EST", "DNK", "TUR", "GBR")


def _places() -> SearchStrategy[Position]:
    kinds = ("limits", "coasts", "borders", "seas")
    return strategies.positions(kinds=kinds, level=LEVEL)


def _groups() -> Mapping[str, SearchStrategy[Any]]:
    drawn = memberships()
    return {**drawn, "then": drawn["on"]}


#: All laws of words.
WORDS: Final[tuple[Law, ...]] = (
    Law(a_group_in_a_text_is_that_of_its_day, _groups),
    Law(
        a_distance_is_that_to_the_land_of_the_day,
        lambda: {
            "point": _places(),
            "state": st.sampled_from(_STATES),
            "worldview": strategies.worldviews(),
            "on": held_days(),
        },
    ),
    Law(
        reaches_is_a_distance_at_most_the_range,
        lambda: {"point": _places(), "state": st.sampled_from(_STATES)},
    ),
    Law(
        inside_a_territory_is_where_its_state_is_host,
        lambda: {"point": _places(), "worldview": strategies.worldviews(), "on": held_days()},
    ),
)
