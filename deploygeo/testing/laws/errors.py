"""Laws of what is not known exactly: an error decides nothing, a decision holds throughout it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo.model import Deployment, Interval
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.reach import class_edges_km
from deploygeo.testing.laws.situations import about_records, gravest, situations
from deploygeo.treaties import Clause, Treaty

__all__ = [
    "ERRORS",
    "a_decided_verdict_holds_at_every_point",
    "a_wider_error_decides_nothing",
]

Cases = Mapping[str, SearchStrategy[Any]]

# What `deploygeo.model` takes at most.
_MOST_KM = 50_000.0
_MOST_PEOPLE = 20_000_000.0
_MOST_POSITION_ERROR_KM = 2_000.0


def a_wider_error_decides_nothing(
    situation: Situation, position_km: float, range_km: float, people: int
) -> None:
    """Knowing a force less exactly never decides what was open, nor turns a decision round.

    Reason: a wider interval holds the narrower one, so whatever was possible still is.

    Counterexample: an implementation that takes the middle of an interval, and not its ends,
    turns an indeterminate ship with a range of 300 to 400 km into a compliant one at 200 to
    440 km.

    Parameters
    ----------
    situation : Situation
    position_km, range_km : float
        By how much the errors of every force grow.
    people : int
        By how many on either side.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=[300, 400])
    >>> a_wider_error_decides_nothing(Situation(load("us-russia-2021"), (ship,)), 5, 90, 0)
    """
    wide = situation.with_things(
        tuple(
            _widened(thing, position_km, range_km, people)
            if isinstance(thing, Deployment)
            else thing
            for thing in situation.things
        )
    )
    narrow_found, wide_found = _by_force(situation), _by_force(wide)
    for about, before in narrow_found.items():
        after = wide_found.get(about, "not-applicable")
        require(
            after in (before, "indeterminate"),
            f"{' '.join(about)} is {before}, and {after} once less is known",
            situation,
            wide,
        )
    for about, after in wide_found.items():
        if about not in narrow_found:
            require(
                after in ("not-applicable", "compliant", "indeterminate"),
                f"{' '.join(about)} is asked of nothing, and {after} once less is known",
                situation,
                wide,
            )


def _by_force(situation: Situation) -> Mapping[tuple[str, ...], str]:
    """Return the gravest verdict by clause and subject; of a group, by sender and host."""
    found: dict[tuple[str, ...], list[str]] = {}
    for item in situation.verdicts():
        about = (item.party, "in", item.host or "") if item.subject == "group" else (item.id,)
        found.setdefault((item.clause, *about), []).append(item.verdict)
    return {about: gravest(tuple(verdicts)) for about, verdicts in found.items()}


def _widened(force: Deployment, position_km: float, range_km: float, people: int) -> Deployment:
    reach, personnel = force.range_km, force.personnel
    if reach is not None:
        reach = Interval(max(0.0, reach.lo - range_km), min(_MOST_KM, reach.hi + range_km))
    if personnel is not None:
        personnel = Interval(
            max(0.0, personnel.lo - people), min(_MOST_PEOPLE, personnel.hi + people)
        )
    error_km = min(_MOST_POSITION_ERROR_KM, force.position_error_km + position_km)
    return replace(force, range_km=reach, personnel=personnel, position_error_km=error_km)


def a_decided_verdict_holds_at_every_point(
    situation: Situation, range_at: float, people_at: float
) -> None:
    """A verdict that is decided for an interval is the verdict at every point of it.

    Reason: the interval says that any of its points may be the truth. A quantity that occurs
    twice is one quantity: a range of 500 to 2 500 km is in the class whichever it is.

    Counterexample: an implementation that takes the two ends of ``500 <= range <= 5500`` for
    two quantities leaves a range of 500 to 2 500 km open, and one that cuts it at 500 without
    the point itself decides for 500 to 600 km what does not hold at 500.

    Parameters
    ----------
    situation : Situation
    range_at, people_at : float
        Where in each interval the point is: 0 its low end, 1 its high end.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> site = Deployment(id="m", party="USA", kind="missile_launcher", geometry=(144.8, 13.5),
    ...                   range_km=[500, 2500])
    >>> on_guam = Situation(load("us-russia-2021"), (site,), "6")
    >>> on_guam.verdicts()[0].verdict
    'compliant'
    >>> a_decided_verdict_holds_at_every_point(on_guam, 0.0, 0.5)
    """
    point = situation.with_things(
        tuple(
            _at(thing, range_at, people_at, class_edges_km(situation.treaty, situation.clause))
            if isinstance(thing, Deployment) and situation.clause is not None
            else thing
            for thing in situation.things
        )
    )
    found = {item.id: item for item in point.verdicts()}
    for verdict in situation.verdicts():
        if verdict.verdict == "indeterminate":
            continue
        at = found[verdict.id].verdict if verdict.id in found else "not-applicable"
        require(
            at == verdict.verdict,
            f"{verdict.id} is {verdict.verdict} for the interval, and {at} at a point of it",
            situation,
            point,
        )


def _at(force: Deployment, range_at: float, people_at: float, edges: list[float]) -> Deployment:
    reach, personnel = force.range_km, force.personnel
    if reach is not None:
        inside = [edge for edge in edges if reach.lo <= edge <= reach.hi]
        # half of the points are the edges of classes, where a decision turns
        if inside and range_at > 0.5:
            reach = Interval(inside[int((range_at - 0.5) * 2 * len(inside)) % len(inside)])
        else:
            reach = Interval(_between(reach, min(1.0, 2 * range_at)))
    if personnel is not None:
        personnel = Interval(float(math.floor(_between(personnel, people_at))))
    return replace(force, range_km=reach, personnel=personnel)


def _between(interval: Interval, share: float) -> float:
    value = interval.lo + share * (interval.hi - interval.lo)
    return min(interval.hi, max(interval.lo, value))


# -- the cases


def _widening(treaty: Treaty, clause: Clause) -> Cases:
    return {
        "situation": situations(treaty, clause),
        "position_km": st.floats(0.0, 500.0),
        "range_km": st.floats(0.0, 3_000.0),
        "people": st.integers(0, 20_000),
    }


def _pointing(treaty: Treaty, clause: Clause) -> Cases:
    share = st.floats(0.0, 1.0)
    return {"situation": situations(treaty, clause), "range_at": share, "people_at": share}


ERRORS: tuple[Law, ...] = (
    Law(a_wider_error_decides_nothing, _widening, "clause", about_records),
    Law(a_decided_verdict_holds_at_every_point, _pointing, "clause", about_records),
)
