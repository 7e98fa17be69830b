"""Laws of holders: who holds which land, and who belongs to which group, on which day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries, model
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require

__all__ = [
    "HOLDERS",
    "LEVEL",
    "TODAY",
    "a_group_changes_only_on_its_dates",
    "a_holder_changes_only_on_its_dates",
    "held_days",
    "memberships",
    "worldviews_divide_the_same_land",
]

LEVEL: Final = "ne10"


_DAY: Final = timedelta(days=1)


def worldviews_divide_the_same_land(worldview: str, other: str, on: date, then: date) -> None:
    """Every worldview, on every day, gives each unit of land to one holder, and none is lost.

    Reason: a worldview says whose the land is, and not how much there is. So the holders' units
    have none in common, and together with what nobody holds they are all units.

    Counterexample: in a worldview with a row for Crimea and none for what is left of Ukraine, a
    table of territories by state, and not by unit, has Crimea twice or not at all.

    Parameters
    ----------
    worldview, other : str
        Two worldviews.
    on, then : date
        The days on which they are asked.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> worldviews_divide_the_same_land("un", "russia", date(2021, 12, 17), date(1990, 1, 1))
    """
    units = set(boundaries.units())
    for view, day in ((worldview, on), (other, then)):
        held = boundaries.holders(view, day)
        require(
            set(held) == units, f"{view} on {day} leaves out {units.symmetric_difference(held)}"
        )
        found: dict[str, str] = {}
        for state in sorted(boundaries.states()):
            for unit in boundaries.units_of(state, on=day, worldview=view):
                require(
                    unit not in found,
                    f"{view} on {day} gives {unit} to {found.get(unit)} and to {state}",
                )
                require(
                    held[unit] == state,
                    f"{view} on {day} gives {unit} to {held[unit]}, and units_of to {state}",
                )
                found[unit] = state
        nobody = {unit for unit in units if held[unit] not in boundaries.states()}
        require(
            units == nobody | set(found), f"{view} on {day} loses {units - nobody - set(found)}"
        )
        everyone = sorted(boundaries.states())
        land = boundaries.territory(everyone, on=day, worldview=view, level=LEVEL)
        names = {shape.name for shape in land.shapes}
        every = set(boundaries.borders(LEVEL).unit_ids())
        require(
            len(names) == len(land.shapes) and names | (nobody & every) == every,
            f"the land of all states, in {view} on {day}, is not the land there is: "
            f"{names ^ (every - nobody)}",
        )


def a_holder_changes_only_on_its_dates(worldview: str, on: date) -> None:
    """Who holds a unit changes on the days that a worldview names, and on no other.

    Reason: a row of a worldview holds from its first day to its last, both included; so a verdict
    on a day rests on who held the land that day, and each change has a source.

    Counterexample: with `<` for `<=` Crimea is Russia's in no worldview on 18 March 2014, the day
    from which Russia holds it to be so; holders of today are told for 1990.

    Parameters
    ----------
    worldview : str
    on : date

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_holder_changes_only_on_its_dates("russia", date(2014, 3, 18))
    """
    now = boundaries.holders(worldview, on)
    before = boundaries.holders(worldview, on - _DAY)
    rows = [row for row in boundaries.tables().holds if row.worldview == worldview]
    for unit, holder in now.items():
        live = [row.holder for row in rows if row.unit == unit and _covers(row, on)]
        expected = live[0] if live else boundaries.units()[unit].sovereign
        require(
            len(live) < 2 and holder == expected,
            f"{worldview} on {on} gives {unit} to {holder!r}; its rows to {live or [expected]}",
        )
        changes = {
            day
            for row in rows
            if row.unit == unit
            for day in (row.start, None if row.end is None else row.end + _DAY)
        }
        require(
            holder == before[unit] or on in changes,
            f"{worldview} gives {unit} to {before[unit]!r} and from {on} to {holder!r}, and names "
            f"no such day",
        )


def _covers(row: Any, on: date) -> bool:
    return (row.start is None or row.start <= on) and (row.end is None or on <= row.end)


def a_group_changes_only_on_its_dates(group: str, on: date) -> None:
    """A state belongs to a group from the first day of a membership to the last, and no day more.

    Reason: what a clause says of "members on 27 May 1997" is about sixteen states; each membership
    has its dates and their source, and a year that a text does not name makes no member.

    Counterexample: the NATO of today for that of 1997 has Poland among those whose forces stood on
    27 May 1997 where they may stand; with `<` for `<=` nobody joins on the day of accession.

    Parameters
    ----------
    group : str
    on : date

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> a_group_changes_only_on_its_dates("NATO", date(1997, 5, 27))
    """
    now, before = model.members(group, on), model.members(group, on - _DAY)
    rows = model.group(group).members
    expected = {row.state for row in rows if _covers(row, on)}
    require(now == expected, f"{group} on {on} differs from its dates by {sorted(now ^ expected)}")
    begun = {row.state for row in rows if row.start == on}
    ended = {row.state for row in rows if row.end == on - _DAY}
    require(
        now - before <= begun and before - now <= ended,
        f"{group} changes on {on} by {sorted(now ^ before)}, and names that day for "
        f"{sorted(begun | ended)}",
    )
    require(
        begun <= now and model.nato(on) == model.members("NATO", on),
        f"on {on} {sorted(begun - now)} join {group} and are no members",
    )


TODAY: Final = date(2021, 12, 17)


def _days(named: set[date | None]) -> SearchStrategy[date]:
    known = sorted(day for day in named if day is not None)
    about = st.tuples(st.sampled_from([TODAY, *known]), st.integers(-1, 1))
    return about.map(lambda pair: pair[0] + pair[1] * _DAY) | st.dates(date(1940, 1, 1))


def held_days() -> SearchStrategy[date]:
    """Return days on which a worldview changes, the days about them, and others.

    >>> held_days().validate()
    """
    rows = boundaries.tables().holds
    return _days({day for row in rows for day in (row.start, row.end)})


def _worlds() -> Mapping[str, SearchStrategy[Any]]:
    views, days = strategies.worldviews(), held_days()
    return {"worldview": views, "other": views, "on": days, "then": days}


def memberships() -> Mapping[str, SearchStrategy[Any]]:
    """Return groups, and days on which some group changes, about those, and others.

    >>> sorted(memberships())
    ['group', 'on']
    """
    known = model.groups()
    rows = [row for group in known.values() for row in group.members]
    return {
        "group": st.sampled_from(sorted(known)),
        "on": _days({day for row in rows for day in (row.start, row.end)}),
    }


#: All laws of holders.
HOLDERS: Final[tuple[Law, ...]] = (
    Law(worldviews_divide_the_same_land, _worlds),
    Law(
        a_holder_changes_only_on_its_dates,
        lambda: {"worldview": strategies.worldviews(), "on": held_days()},
    ),
    Law(a_group_changes_only_on_its_dates, memberships),
)
