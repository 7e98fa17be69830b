"""The situations on which laws about clauses are tried: a few forces and records, and choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo.checker import VERDICTS, Settings
from deploygeo.checker.verdicts import Verdict
from deploygeo.model import Deployment, Record
from deploygeo.testing import strategies
from deploygeo.testing.law import Situation
from deploygeo.treaties import Clause, Treaty

__all__ = ["by_subject", "graver", "gravest", "is_about_groups", "situations"]

# Forces in one situation: enough for two senders in one state, and one more.
_MOST_FORCES = 3
_MOST_RECORDS = 2


@st.composite
def _situations(
    draw: st.DrawFn, treaty: Treaty, clause: Clause, least: int, most: int, records: bool
) -> Situation:
    forces: list[Deployment] = []
    if clause.subject != "record":
        drawn = st.lists(
            strategies.deployments(treaty=treaty, clause=clause.id), min_size=least, max_size=most
        )
        forces = _together(draw, draw(drawn))
    told: list[Record] = []
    if clause.subject == "record":
        told = draw(
            st.lists(
                strategies.records(treaty=treaty, clause=clause.id),
                min_size=least,
                max_size=_MOST_RECORDS,
            )
        )
    elif records:
        told = draw(
            st.lists(
                strategies.records(treaty=treaty, clause=clause.id, deployments=forces),
                max_size=_MOST_RECORDS,
            )
        )
    named = [replace(record, id=f"r{i}") for i, record in enumerate(told)]
    settings = Settings(
        worldview=draw(strategies.worldviews()),
        readings=draw(strategies.readings(treaty)),
        params=draw(strategies.params(treaty)),
    )
    return Situation(treaty, (*forces, *named), clause.id, settings)


def _together(draw: st.DrawFn, drawn: list[Deployment]) -> list[Deployment]:
    """Return forces with ids of their own, some of them where the first is and when it is there.

    Far from each other they would have nothing to do with each other, and a ceiling is asked of
    those that share a state.
    """
    forces: list[Deployment] = []
    for i, one in enumerate(drawn):
        changes: dict[str, Any] = {"id": f"d{i}", "name": None, "part_of": None}
        if i and not one.times and not forces[0].times and draw(st.booleans()):
            changes |= {
                "geometry": forces[0].geometry,
                "extent": forces[0].extent,
                "stay": forces[0].stay,
            }
        forces.append(replace(one, **changes))
    return forces


def situations(
    treaty: Treaty,
    clause: Clause,
    *,
    least: int = 1,
    most: int = _MOST_FORCES,
    records: bool = True,
) -> SearchStrategy[Situation]:
    """Draw situations that concern a clause.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
    least, most : int
        Forces; for a clause about records, `least` counts those.
    records : bool
        Whether there may be records besides forces.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> treaty = load("us-russia-2021")
    >>> drawn = situations(treaty, treaty.clause("5.2"), most=1, records=False)
    >>> drawn.validate()
    """
    return _situations(treaty, clause, least, most, records)


def is_about_groups(treaty: Treaty, clause: Clause) -> bool:
    """Return whether a clause is asked of groups."""
    return clause.subject == "group"


def graver(one: str, other: str) -> bool:
    """Return whether a verdict is graver than another.

    Excused, compliant and not applicable are alike: none of them is a breach.

    Examples
    --------
    >>> graver("violation", "indeterminate"), graver("compliant", "excused")
    (True, False)
    """
    order = {"violation": 2, "indeterminate": 1}
    return order.get(one, 0) > order.get(other, 0)


def gravest(found: tuple[str, ...]) -> str:
    """Return the gravest of some verdicts; of none, not-applicable.

    Examples
    --------
    >>> gravest(("compliant", "violation")), gravest(())
    ('violation', 'not-applicable')
    """
    return min(found, key=VERDICTS.index, default="not-applicable")


def by_subject(verdicts: tuple[Verdict, ...]) -> Mapping[tuple[str, ...], Verdict]:
    """Return verdicts by what they are about.

    That is the deployment or record; a group is told by its sender, its host, and who is in it.
    """
    return {
        (item.party, item.host or "", *sorted(item.members))
        if item.subject == "group"
        else (item.id,): item
        for item in verdicts
    }


def day_after(things: tuple[Deployment | Record, ...]) -> date:
    """Return a day after every stay of known end and every start."""
    days = [day for thing in things for day in (thing.stay.start, thing.stay.end) if day]
    return max([*days, date(2021, 12, 17)]) + timedelta(days=1)
