"""The law of reach: what a longer range does to a verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo.model import Deployment, Interval, Record
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.situations import about_records, graver, situations
from deploygeo.treaties import Clause, Treaty
from deploygeo.treaties.limits import limits, pulls

__all__ = ["REACH", "class_edges_km", "more_reach_never_fewer_violations"]

Cases = Mapping[str, SearchStrategy[Any]]


def more_reach_never_fewer_violations(
    situation: Situation, shorter_km: float, longer_km: float
) -> None:
    """A longer reach never ends a breach, inside one class where a clause has classes.

    Reason: what is within 500 km is within 1 600 km. A clause about missiles of 500 to
    5 500 km lets a longer one go, so that only ranges of one class are compared.

    Counterexample: an implementation that compares the range with the distance to the middle of
    the territory, or takes ``reach < distance`` for ``reach >= distance``.

    Parameters
    ----------
    situation : Situation
    shorter_km, longer_km : float
        Ranges that the first force is given in turn.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43))
    >>> at_sea = Situation(load("us-russia-2021"), (ship,), "5.2")
    >>> more_reach_never_fewer_violations(at_sea, 300, 400)
    """
    forces = [thing for thing in situation.things if isinstance(thing, Deployment)]
    if not forces or shorter_km > longer_km or situation.clause is None:
        return
    chosen = {
        reading.name: situation.settings.chosen(reading) for reading in situation.treaty.readings
    }
    if "down" in pulls(situation.treaty, situation.clause, "range", chosen):
        edges = class_edges_km(situation.treaty, situation.clause)
        if any(shorter_km <= edge <= longer_km for edge in edges):
            return
    short, long = (
        situation.with_things(
            (replace(forces[0], range_km=Interval(reach)), *_others(situation, forces[0]))
        )
        for reach in (shorter_km, longer_km)
    )
    after = {item.id: item for item in long.verdicts()}
    for verdict in short.verdicts():
        later = after[verdict.id].verdict
        require(
            not graver(verdict.verdict, later),
            f"{verdict.id} is {verdict.verdict} with {shorter_km:g} km and {later} with"
            f" {longer_km:g} km",
            short,
            long,
        )


def class_edges_km(treaty: Treaty, clause: str) -> list[float]:
    """Return the ranges at which a clause begins or ends a class of missiles, in kilometres.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> class_edges_km(load("us-russia-2021"), "6"), class_edges_km(load("us-russia-2021"), "5.2")
    ([0.0, 500.0, 1000.0, 5500.0], [])
    """
    found = {limit.value for limit in limits(treaty, clause) if limit.quantity == "range"}
    return sorted(value for value in found if value is not None)


def _others(situation: Situation, force: Deployment) -> tuple[Deployment | Record, ...]:
    return tuple(thing for thing in situation.things if thing is not force)


def _reaching(treaty: Treaty, clause: Clause) -> Cases:
    edges = [0.0, *class_edges_km(treaty, clause.id), 20_000.0]
    classes = sorted({(low, high) for low, high in pairwise(edges) if low < high})

    def pair(bounds: tuple[float, float]) -> SearchStrategy[tuple[float, float]]:
        inside = st.floats(math.nextafter(bounds[0], math.inf), math.nextafter(bounds[1], 0.0))
        return st.tuples(inside, inside).map(lambda two: (min(two), max(two)))

    ranges = st.shared(st.sampled_from(classes).flatmap(pair), key="reach")
    return {
        "situation": situations(treaty, clause, most=2),
        "shorter_km": ranges.map(lambda two: two[0]),
        "longer_km": ranges.map(lambda two: two[1]),
    }


def _ranges(treaty: Treaty, clause: Clause) -> str:
    found = pulls(treaty, clause, "range", inside_one_class=True)
    if "down" in found:
        return "less range may breach it"
    if not pulls(treaty, clause, "range"):
        return "it asks for no range"
    return about_records(treaty, clause)


REACH: tuple[Law, ...] = (Law(more_reach_never_fewer_violations, _reaching, "clause", _ranges),)
