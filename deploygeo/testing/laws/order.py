"""Laws of order: neither the order of a file nor how it is split changes a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import io
from deploygeo.model import Deployment, Record
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.situations import situations
from deploygeo.treaties import Clause, Treaty
from deploygeo.treaties.anatomy import words_of

__all__ = [
    "ORDER",
    "a_force_alone_is_judged_as_in_company",
    "an_id_stands_for_one_thing",
    "the_order_of_a_file_does_not_matter",
]

Cases = Mapping[str, SearchStrategy[Any]]


def the_order_of_a_file_does_not_matter(situation: Situation, order: list[int]) -> None:
    """A file in another order has the same verdicts, with the same margins.

    Reason: a file is a set of things; what stands first in it does not come first.

    Counterexample: an implementation that adds people up as it reads them, and stops at the
    first total, finds 4 500 or 6 000 depending on which stands first.

    Parameters
    ----------
    situation : Situation
    order : list of int
        Keys by which the things are sorted.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> one = Deployment(id="a", party="USA", kind="ground_force", geometry=(21, 52.2),
    ...                  personnel=4500)
    >>> two = replace(one, id="b", personnel=1500)
    >>> both = Situation(load("nato-russia-2021"), (one, two), "4")
    >>> the_order_of_a_file_does_not_matter(both, [1, 0])
    """
    keyed = sorted(zip(order, range(len(situation.things)), strict=False))
    places = [place for _, place in keyed]
    places += [place for place in range(len(situation.things)) if place not in places]
    turned = situation.with_things(tuple(situation.things[place] for place in places))
    after = {item.id: item for item in turned.verdicts()}
    before = {item.id: item for item in situation.verdicts()}
    require(set(before) == set(after), "other things are asked in another order", situation, turned)
    for id_, verdict in before.items():
        later = after[id_]
        same = (verdict.verdict, set(verdict.members), set(verdict.margins)) == (
            later.verdict,
            set(later.members),
            set(later.margins),
        )
        told = f"{id_} is {verdict.verdict} {verdict.margins}, and in another order"
        require(same, f"{told} {later.verdict} {later.margins}", situation, turned)


def a_force_alone_is_judged_as_in_company(situation: Situation) -> None:
    """A force is judged alike alone and in company, where a clause asks for no other force.

    Reason: a clause about one deployment looks at that one, and at the records, which are kept.

    Counterexample: an implementation that remembers what it measured under a key without the
    place gives the second ship the distance of the first.

    Parameters
    ----------
    situation : Situation

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> far = replace(ship, id="t", geometry=(-140, 20))
    >>> a_force_alone_is_judged_as_in_company(
    ...     Situation(load("us-russia-2021"), (ship, far), "5.2"))
    """
    records = tuple(thing for thing in situation.things if isinstance(thing, Record))
    forces = [thing for thing in situation.things if isinstance(thing, Deployment)]
    together = {item.id: item for item in situation.verdicts() if item.subject == "deployment"}
    for force in forces:
        alone = situation.with_things((force, *records))
        for verdict in alone.verdicts():
            if verdict.subject == "deployment":
                other = together[verdict.id]
                require(
                    verdict == other,
                    f"{verdict.id} is {verdict.verdict} {verdict.margins} alone and"
                    f" {other.verdict} {other.margins} in company",
                    situation,
                    alone,
                )


def an_id_stands_for_one_thing(situation: Situation) -> None:
    """Two things with one id are a fault, and the first of them is still checked.

    Reason: a finding names what it is about by its id.

    Counterexample: an implementation that keeps things by id silently checks the last one only.

    Parameters
    ----------
    situation : Situation

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43))
    >>> an_id_stands_for_one_thing(Situation(load("us-russia-2021"), (ship,)))
    """
    if not situation.things:
        return
    first, *rest = situation.things
    double = [first, *(replace(thing, id=first.id) for thing in rest), first]
    reading = io.read(double)
    kept = (*reading.deployments, *reading.records)
    require(
        kept == (first,) and reading.fault_count == len(double) - 1,
        f"of {len(double)} things with the id {first.id!r}, {len(kept)} were kept and"
        f" {reading.fault_count} told as faults",
        situation.with_things(tuple(double)),
    )


# -- the cases


def _ordering(treaty: Treaty, clause: Clause) -> Cases:
    return {
        "situation": situations(treaty, clause, least=2),
        "order": st.permutations(range(5)).map(list),
    }


def _two(treaty: Treaty, clause: Clause) -> Cases:
    return {"situation": situations(treaty, clause, least=2)}


def _asks_for_others(treaty: Treaty, clause: Clause) -> str:
    if clause.subject != "deployment":
        return f"it is about {clause.subject}s"
    return "it asks for other forces" if "separation" in words_of(treaty, clause) else ""


ORDER: tuple[Law, ...] = (
    Law(the_order_of_a_file_does_not_matter, _ordering, "clause"),
    Law(a_force_alone_is_judged_as_in_company, _two, "clause", _asks_for_others),
    Law(an_id_stands_for_one_thing, _two, "clause"),
)
