"""Laws of ceilings: what is part of a total adds nothing to it, and who passes need not meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import shapely
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries
from deploygeo.checker.scene import position
from deploygeo.model import Deployment, Interval, Record, Stay
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.situations import gravest_by_host, of_people, situations
from deploygeo.treaties import Clause, Treaty

__all__ = [
    "TOTALS",
    "a_part_adds_nothing_to_its_total",
    "a_total_is_asked_on_every_day",
    "another_total_lessens_no_count",
    "who_passes_through_need_not_meet",
]

#: The days of those that pass through, of which none is told to be the one.
_BEGIN: Final = date(2021, 12, 1)
_DAYS: Final = Stay(_BEGIN, date(2021, 12, 20))

#: A track so long to either side leaves most states.
_WAY_DEG: Final = 8.0


def a_part_adds_nothing_to_its_total(situation: Situation, share: float) -> None:
    """A part that is named as one of a force changes no verdict on it and no margin.

    Reason: whoever reports a division, and one of its battalions besides, has reported the same
    people twice; a ceiling counts each once.

    Counterexample: an implementation that adds up whatever is in the file finds 5 000 people and
    a breach where there are 4 500 and none.

    Parameters
    ----------
    situation : Situation
        Its first force is made a whole whose people are known.
    share : float
        Of its people, from 0 to 1, that are the part.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> force = Deployment(id="f", party="USA", kind="ground_force", geometry=(21, 52.2),
    ...                    personnel=4500)
    >>> at_base = Situation(load("nato-russia-2021"), (force,), "4")
    >>> a_part_adds_nothing_to_its_total(at_base, 0.1)
    """
    if not situation.things:
        return
    first, *rest = situation.things
    if isinstance(first, Record):
        return
    people = first.personnel or Interval(4_500)
    whole = of_people(first, people.lo)
    some: dict[str, Any] = {
        "id": "part",
        "name": None,
        "personnel": Interval(int(share * people.lo)),
        "part_of": whole.id,
    }
    part: Deployment = replace(whole, **some)
    alone = situation.with_things((whole, *rest))
    both = situation.with_things((whole, *rest, part))
    before = {(item.party, item.host): item for item in alone.verdicts()}
    after = {(item.party, item.host): item for item in both.verdicts()}
    require(set(before) == set(after), "a part makes a group of its own", alone, both)
    for key, item in before.items():
        later = after[key]
        require(
            (item.verdict, item.margins) == (later.verdict, later.margins),
            f"{item.id} is {item.verdict} {item.margins}; with {part.personnel} of its"
            f" {whole.personnel} people named apart {later.verdict} {later.margins}",
            alone,
            both,
        )


def another_total_lessens_no_count(situation: Situation, people: int, fewer: int) -> None:
    """A breach by a reported total stays one beside a smaller total, whichever is told first.

    Reason: a total says how many there are at least; a second one of fewer people says nothing
    against it, and what stands first in a file does not come first.

    Counterexample: an implementation that takes the first total that it reads counts 500 where
    another report has 4 500, and leaves open what is a breach.

    Parameters
    ----------
    situation : Situation
        Its first force is taken as the total, and once more as the smaller one.
    people, fewer : int
        Of the total; and of the smaller one, at most as many.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> force = Deployment(id="f", party="USA", kind="ground_force", geometry=(21, 52.2))
    >>> at_base = Situation(load("nato-russia-2021"), (force,), "4")
    >>> another_total_lessens_no_count(at_base, 4500, 500)
    """
    forces = [thing for thing in situation.things if isinstance(thing, Deployment)]
    if not forces:
        return
    as_total: dict[str, Any] = {
        "id": "total",
        "name": None,
        "personnel": Interval(people),
        "contingents": (),
        "part_of": None,
        "total": True,
    }
    total: Deployment = replace(forces[0], **as_total)
    as_smaller: dict[str, Any] = {
        "id": "smaller",
        "name": None,
        "personnel": Interval(min(people, fewer)),
    }
    smaller: Deployment = replace(total, **as_smaller)
    alone = situation.with_things((total,))
    for things in ((total, smaller), (smaller, total)):
        both = situation.with_things(things)
        after = {(item.party, item.host): item.verdict for item in both.verdicts()}
        for item in alone.verdicts():
            now = after.get((item.party, item.host), "not-applicable")
            require(
                item.verdict != "violation" or now == "violation",
                f"{item.id} is a violation by a total of {people}, and {now} beside one of"
                f" {min(people, fewer)}",
                alone,
                both,
            )


def who_passes_through_need_not_meet(
    treaty: Treaty, clause: str, force: Deployment, people: int
) -> None:
    """Two that only pass through a state are in breach together only if one of them is alone.

    Reason: each is there at some time of its stay and it is not known when, so that they need
    never have been there at once; a ceiling is about those that are there at one time.

    Counterexample: an implementation that counts a track with all its people on every day of it
    finds two columns of 3 000 that followed each other through a state over a ceiling of 4 000.

    Parameters
    ----------
    treaty : Treaty
    clause : str
        About groups.
    force : Deployment
        One on a track of several days that leaves the state.
    people : int
        Of either.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> column = Deployment(id="c", party="USA", kind="ground_force", stay=_DAYS,
    ...                     geometry=shapely.LineString([(12, 52), (28, 54)]))
    >>> who_passes_through_need_not_meet(load("nato-russia-2021"), "4", column, 3000)
    """
    changes: dict[str, Any] = {"id": "one", "name": None, "personnel": Interval(people)}
    one = replace(force, **changes)
    two = replace(one, id="two")
    both = Situation(treaty, (one, two), clause)
    alone = {(item.party, item.host): item.verdict for item in both.with_things((one,)).verdicts()}
    for item in both.verdicts():
        single = alone.get((item.party, item.host), "not-applicable")
        stays = item.host is not None and not _leaves(force, item.host)
        require(
            item.verdict != "violation" or single == "violation" or stays,
            f"{item.id} is a violation by two that pass through, and {single} by one of them",
            both,
        )


def _leaves(force: Deployment, state: str) -> bool:
    """Return whether a track ends, or begins, outside a state by more than any border's error."""
    line = shapely.get_coordinates(force.geometry)
    return any(
        boundaries.presence_margin_m(float(lon), float(lat), state, on=_BEGIN).hi_m < 0.0
        for lon, lat in (line[0], line[-1])
    )


def a_total_is_asked_on_every_day(situation: Situation, sooner: int) -> None:
    """A breach by those that are there on some days stays one whoever was there before them.

    Reason: the peak over the time decides. That few were there at first, and the day on which
    they came, change nothing about the day on which there were too many.

    Counterexample: an implementation that asks only on the first day of a presence does not see
    the division that came later.

    Parameters
    ----------
    situation : Situation
        Its forces are taken to be there from 1 to 20 December 2021.
    sooner : int
        How many days before that one man of the first of them comes, and stays till then.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> force = Deployment(id="f", party="USA", kind="ground_force", geometry=(21, 52.2),
    ...                    personnel=4500)
    >>> at_base = Situation(load("nato-russia-2021"), (force,), "4")
    >>> a_total_is_asked_on_every_day(at_base, 3)
    """
    forces = [thing for thing in situation.things if isinstance(thing, Deployment)]
    if not forces:
        return
    records = [thing for thing in situation.things if isinstance(thing, Record)]
    then = [replace(force, stay=_DAYS, times=()) for force in forces]
    one_man: dict[str, Any] = {
        "id": "first",
        "name": None,
        "personnel": Interval(1),
        "contingents": (),
        "part_of": None,
        "total": False,
        "stay": Stay(_BEGIN - timedelta(days=sooner), _BEGIN),
    }
    first = replace(then[0], **one_man)
    before = situation.with_things((*then, *records))
    after = situation.with_things((*then, first, *records))
    found = gravest_by_host(after)
    for item in before.verdicts():
        now = found.get((item.party, item.host), "not-applicable")
        require(
            item.verdict != "violation" or now == "violation",
            f"{item.id} is a violation, and {now} where one man was there before",
            before,
            after,
        )


# -- the cases


def _whole(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    return {
        "situation": situations(treaty, clause, records=False),
        "share": st.floats(0.0, 1.0),
    }


def _again(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    people = st.sampled_from([4_500, 10_000]) | st.integers(1, 200_000)
    return {
        "situation": situations(treaty, clause, most=1, records=False),
        "people": people,
        "fewer": st.integers(0, 5_000),
    }


def _coming(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    return {
        "situation": situations(treaty, clause, records=False),
        "sooner": st.integers(1, 400),
    }


def _passing(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    def on_its_way(force: Deployment) -> Deployment:
        place = position(force) or (21.0, 52.2)
        west, east = (max(-180.0, min(180.0, place[0] + way)) for way in (-_WAY_DEG, _WAY_DEG))
        way = shapely.LineString([(west, place[1]), place, (east, place[1])])
        return replace(
            force,
            geometry=way,
            times=(),
            extent="occupied",
            stay=_DAYS,
            contingents=(),
            part_of=None,
            total=False,
        )

    return {
        "treaty": st.just(treaty),
        "clause": st.just(clause.id),
        "force": strategies.deployments(treaty=treaty, clause=clause.id).map(on_its_way),
        "people": st.sampled_from([1_600, 2_000, 2_900, 4_000]) | st.integers(1, 100_000),
    }


def _about_others(treaty: Treaty, clause: Clause) -> str:
    return "" if clause.subject == "group" else "it is not about groups"


TOTALS: Final[tuple[Law, ...]] = (
    Law(a_part_adds_nothing_to_its_total, _whole, "clause", _about_others),
    Law(another_total_lessens_no_count, _again, "clause", _about_others),
    Law(who_passes_through_need_not_meet, _passing, "clause", _about_others),
    Law(a_total_is_asked_on_every_day, _coming, "clause", _about_others),
)
