"""The situations on which laws about clauses are tried: a few forces and records, and choices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo.checker import VERDICTS, Settings
from deploygeo.checker.scene import is_point, position
from deploygeo.model import Deployment, Interval, Record
from deploygeo.testing import strategies
from deploygeo.testing.law import Situation
from deploygeo.treaties import Clause, Treaty

__all__ = ["about_records", "graver", "gravest", "gravest_by_host", "of_people", "situations"]

# Forces in one situation: enough for two senders in one state, and one more.
_MOST_FORCES = 3
_MOST_RECORDS = 2
# One track or area in so many is tried as it is.
_ONE_IN = 6


@st.composite
def _situations(
    draw: st.DrawFn, treaty: Treaty, clause: Clause, least: int, most: int, records: bool
) -> Situation:
    settings = Settings(
        worldview=draw(strategies.worldviews()),
        readings=draw(strategies.readings(treaty)),
        params=draw(strategies.params(treaty)),
    )
    about: dict[str, Any] = {"treaty": treaty, "clause": clause.id}
    forces: list[Deployment] = []
    told: list[Record] = []
    if clause.subject == "record":
        alone = st.lists(strategies.records(**about), min_size=least, max_size=_MOST_RECORDS)
        told = draw(alone)
    else:
        drawn = st.lists(strategies.deployments(**about), min_size=least, max_size=most)
        forces = _together(draw, draw(drawn))
        if records:
            with_them = strategies.records(**about, deployments=forces)
            told = draw(st.lists(with_them, max_size=_MOST_RECORDS))
    named = [replace(record, id=f"r{i}") for i, record in enumerate(told)]
    return Situation(treaty, (*forces, *named), clause.id, settings)


def _together(draw: st.DrawFn, drawn: list[Deployment]) -> list[Deployment]:
    """Return forces with ids of their own, some of them where the first is and when it is there.

    Far from each other they would have nothing to do with each other, and a ceiling is asked of
    those that share a state.
    """
    forces: list[Deployment] = []
    for i, one in enumerate(drawn):
        changes: dict[str, Any] = {"id": f"d{i}", "name": None, "part_of": None}
        if not is_point(one) and draw(st.integers(1, _ONE_IN)) < _ONE_IN:
            # a track or an area is asked at some hundred places, a point at one
            changes |= {"geometry": position(one), "times": (), "extent": "occupied"}
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


def about_records(treaty: Treaty, clause: Clause) -> str:
    """Return why a law of forces says nothing about a clause; empty where it does.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> treaty = load("us-russia-2021")
    >>> about_records(treaty, treaty.clause("4.1")), about_records(treaty, treaty.clause("5.2"))
    ('it is about records', '')
    """
    return "it is about records" if clause.subject == "record" else ""


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


def gravest_by_host(situation: Situation) -> dict[tuple[str, str | None], str]:
    """Return the gravest verdict for each party and host.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> force = Deployment(id="f", party="USA", kind="ground_force", geometry=(21, 52.2),
    ...                    personnel=4500)
    >>> gravest_by_host(Situation(load("nato-russia-2021"), (force,), "4"))
    {('USA', 'POL'): 'violation'}
    """
    found: dict[tuple[str, str | None], str] = {}
    for item in situation.verdicts():
        key = (item.party, item.host)
        found[key] = gravest((item.verdict, found.get(key, "not-applicable")))
    return found


def of_people(force: Deployment, people: float) -> Deployment:
    """Return a force of so many people, all of its own party and part of no other.

    Examples
    --------
    >>> force = Deployment(id="f", party="USA", kind="ground_force", geometry=(21, 52.2))
    >>> of_people(force, 300).personnel
    Interval(lo=300.0, hi=300.0)
    """
    known: dict[str, Any] = {
        "personnel": Interval(people),
        "contingents": (),
        "part_of": None,
    }
    alone: Deployment = replace(force, **known)
    return alone
