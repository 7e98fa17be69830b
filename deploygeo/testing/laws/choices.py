"""The law of stability: every listed change of a choice flips the verdict, and no other does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries
from deploygeo.checker.verdicts import Verdict
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.situations import gravest, situations
from deploygeo.treaties import Clause, Treaty

__all__ = ["CHOICES", "every_listed_flip_flips_and_no_other"]


def every_listed_flip_flips_and_no_other(situation: Situation) -> None:
    """Each change that a finding lists flips its verdict as listed, and each other change keeps it.

    Reason: "holds under all readings" is a claim about all of them. Every single change of a
    reading or of the worldview is made, and everything asked anew.

    Counterexample: an implementation that asks only the readings that the finding of the first
    day consulted says of a force in Crimea that nothing depends on the worldview.

    Parameters
    ----------
    situation : Situation

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.model import Deployment
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=300)
    >>> every_listed_flip_flips_and_no_other(Situation(load("us-russia-2021"), (ship,), "5.2"))
    """
    report = situation.report()
    before = situation.verdicts()
    asked = {item.id for item in before}
    listed = {
        finding.id: {flip.change: flip.verdict for flip in finding.stability}
        for finding in report.findings
        if finding.id in asked
    }
    for change, changed in _changes(situation):
        after = changed.verdicts()
        for verdict in before:
            found = _becomes(verdict, before, after)
            expected = found if found != verdict.verdict else None
            said = listed.get(verdict.id, {}).get(change)
            require(
                said == expected,
                f"{verdict.id} is {verdict.verdict}; under {change} it is {found}, and the"
                f" finding says {said or 'nothing'}",
                situation,
                changed,
            )


def _changes(situation: Situation) -> Iterator[tuple[str, Situation]]:
    """Yield every single change of a choice, as a finding writes it, and what comes of it."""
    settings = situation.settings
    for reading in situation.treaty.readings:
        for value in reading.names:
            if value != settings.chosen(reading):
                readings = {**settings.readings, reading.name: value}
                yield f"{reading.name} = {value}", situation.under(readings=readings)
    for worldview in boundaries.worldviews():
        if worldview != settings.worldview:
            yield f"worldview = {worldview}", situation.under(worldview=worldview)


def _becomes(verdict: Verdict, before: tuple[Verdict, ...], after: tuple[Verdict, ...]) -> str:
    """Return the verdict on what a subject becomes; a group is followed to its members."""
    if verdict.subject != "group":
        return gravest(tuple(item.verdict for item in after if item.id == verdict.id))
    pairs = {
        (member, item.host)
        for item in before
        if item.subject == "group" and item.party == verdict.party
        for member in item.members
    }
    return gravest(
        tuple(
            item.verdict
            for item in after
            if item.subject == "group"
            and item.clause == verdict.clause
            and item.party == verdict.party
            for member in item.members
            if member in verdict.members
            and (item.host == verdict.host or (member, item.host) not in pairs)
        )
    )


def _situation(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    # at one time and place: the periods of a group are followed in tests of their own
    return {"situation": situations(treaty, clause, most=2)}


CHOICES: tuple[Law, ...] = (Law(every_listed_flip_flips_and_no_other, _situation, "clause"),)
