"""The verdict of one clause on one deployment, record or group, by the naive way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from deploygeo.testing.oracles import times
from deploygeo.testing.oracles.groups import Gathering, counts_of, gatherings, peak_days
from deploygeo.testing.oracles.language import Logic, Pact, all_of, any_of, opposite
from deploygeo.testing.oracles.place import REACH_M
from deploygeo.testing.oracles.question import Question
from deploygeo.testing.oracles.scene import Actor, Choices, Event, Scene, Span

__all__ = ["GRAVITY", "Answer", "answers"]

GRAVITY: Final = ("violation", "indeterminate", "excused", "compliant", "not-applicable")
"""Every verdict, the gravest first."""


@dataclass(frozen=True)
class Answer:
    """A verdict on one subject.

    Parameters
    ----------
    subject : str
        The id of a deployment, with its party where it has contingents, or of a record;
        ``DEU-in-LTU`` for a group.
    verdict : str
        One of `GRAVITY`; indeterminate where the text or the facts leave something open.
    slack_km : float
        At least how far the place would have to move for another verdict; infinite where place
        does not matter, and at most how far limits were looked for.
    stay : Span
        Of the subject.
    measured : tuple of float
        The distances measured on the way, in km.
    counted : tuple of str
        The ids of those of a group that its clause counts.
    exception : str
        The name of the exception that excuses a deployment or a record.
    """

    subject: str
    verdict: str
    slack_km: float
    stay: Span
    measured: tuple[float, ...] = ()
    counted: tuple[str, ...] = ()
    exception: str = ""


def answers(
    pact: Pact,
    clause: str,
    features: Iterable[Mapping[str, Any]] | Scene,
    choices: Choices | None = None,
    *,
    about: str | None = None,
    reach_km: float = REACH_M / 1000.0,
) -> tuple[Answer, ...]:
    """Return the verdicts of a clause on what is in a scene.

    Parameters
    ----------
    pact : Pact
    clause : str
        Its id.
    features : iterable of GeoJSON features, or Scene
        Deployments at one point each, and records.
    choices : Choices, optional
    about : str, optional
        Only on the deployment or record of this id, as a feature; all by default.
    reach_km : float
        How far limits are looked for; a slack is never greater.

    Raises
    ------
    NotImplementedError
        For the least distance between two territories.

    Examples
    --------
    >>> from pathlib import Path
    >>> pact = Pact.read(Path("deploygeo/treaties/library/us-russia-2021/treaty.toml"))
    >>> ship = {"id": "s", "party": "USA", "kind": "surface_warship", "range_km": 1600}
    >>> sea = {"type": "Point", "coordinates": [34.0, 43.0]}
    >>> feature = {"type": "Feature", "properties": ship, "geometry": sea}
    >>> found = answers(pact, "5.2", [feature], Choices(level="ne10"))[0]
    >>> found.verdict, round(found.measured[0])
    ('violation', 317)
    """
    scene = features if isinstance(features, Scene) else Scene.of(features)
    asked = choices or Choices()
    table = pact.clause(clause)
    subjects: list[Actor | Event | Gathering] = []
    match pact.asked_of(table):
        case "record":
            subjects += [event for event in scene.events if about in (None, event.id)]
        case "deployment":
            subjects += [actor for actor in scene.actors if about in (None, actor.feature)]
        case _:
            subjects += [
                group
                for group in gatherings(pact, table, scene, asked)
                if about is None or about in {actor.feature for actor in group.actors}
            ]
    return tuple(_answer(pact, table, scene, asked, one, reach_km * 1000.0) for one in subjects)


def _answer(
    pact: Pact,
    clause: Mapping[str, Any],
    scene: Scene,
    choices: Choices,
    subject: Actor | Event | Gathering,
    reach_m: float,
) -> Answer:
    party = "" if isinstance(subject, Event) else subject.party
    stay = subject.stay
    why = times.why_never(pact, clause, choices, party, stay)
    days: list[date]
    if isinstance(subject, Gathering):
        days = peak_days(pact, choices, subject, others=False)
    elif isinstance(subject, Event) and subject.kind == "accession" and stay.start is not None:
        # a state accedes on one day, however long it is a member
        days = [stay.start]
        done = Span(stay.start, stay.start)
        why = why or times.why_never(pact, clause, replace(choices, on=None), party, done)
    else:
        bound = times.bound_stay(pact, clause, choices, party, stay)
        days = times.days_of(pact, clause, choices, bound or stay)
    if why:
        return Answer(subject.id, "not-applicable", math.inf, stay)
    measured: list[float] = []
    found: list[tuple[str, float, str]] = []
    todo = list(days)
    while todo:
        asked = Question(pact, clause, scene, choices, subject, todo.pop(0), reach_m=reach_m)
        found.append(_judged(asked))
        measured += asked.measured
        if asked.is_over_all and isinstance(subject, Gathering):
            more = peak_days(pact, choices, subject, others=True)
            todo += [day for day in more if day not in days]
            days = [*days, *more]
    verdict = min((verdict for verdict, _, _ in found), key=GRAVITY.index)
    slacks = [slack for one, slack, _ in found if verdict != "violation" or one == verdict]
    excuse = next(name for one, _, name in found if one == verdict)
    slack = max(slacks) if verdict == "violation" else min(slacks)
    if not isinstance(subject, Gathering):
        return Answer(subject.id, verdict, slack, stay, tuple(measured), (), excuse)
    asked = Question(pact, clause, scene, choices, subject, days[0], reach_m=reach_m)
    everyone = {m.actor.id: m.actor for m in (*subject.members, *subject.others)}
    counts = {name: counts_of(asked, actor) for name, actor in everyone.items()}
    # sums rest on who counts, and where
    known = [one.slack for one in counts.values() if one.truth is not None]
    slack = min([slack, subject.slack_km, *known])
    ids = tuple(actor.id for actor in subject.actors if counts[actor.id].truth is True)
    return Answer(subject.id, verdict, slack, stay, tuple(measured), ids)


def _judged(asked: Question) -> tuple[str, float, str]:
    """Return the verdict of a day, its slack, and the exception that excuses."""
    clause, subject = asked.clause, asked.subject
    if not isinstance(subject, Event) and not asked.own & asked.bearers:
        return "not-applicable", math.inf, ""
    applies = asked.logic(str(clause.get("applies", "always")))
    if applies.truth is False:
        return "not-applicable", applies.slack, ""
    if isinstance(subject, Gathering):
        some = any_of(counts_of(asked, m.actor) for m in subject.there(asked, subject.members))
        if some.truth is False:
            return "not-applicable", min(applies.slack, some.slack), ""
        applies = all_of([applies, some])
    breach = _breach(asked)
    if breach.truth is False:
        return "compliant", breach.slack, ""
    if None in (applies.truth, breach.truth):
        return "indeterminate", 0.0, ""
    slack = min(applies.slack, breach.slack)
    if isinstance(subject, Gathering):
        return (*_excused_members(asked, subject, slack), "")
    for exception in clause.get("unless", ()):
        found = asked.logic(str(exception["rule"]))
        slack = min(slack, found.slack)
        if found.truth is not False:
            verdict = "excused" if found.truth else "indeterminate"
            return verdict, slack, str(exception["name"])
    return "violation", slack, ""


def _breach(asked: Question) -> Logic:
    found = asked.logic(str(asked.clause["rule"]))
    return opposite(found) if asked.clause.get("modality") == "oblige" else found


def _excused_members(asked: Question, group: Gathering, slack: float) -> tuple[str, float]:
    """Return the verdict on a breach by a group: who is excused does not count towards it.

    Where nobody of the sender is left to count, the sender breaches nothing.
    """

    def someone_is_left(out: set[str]) -> bool:
        own = group.there(replace(asked, left_out=frozenset(out)), group.members)
        return any(counts_of(asked, member.actor).truth is not False for member in own)

    excused: set[str] = set()
    perhaps: set[str] = set()
    everyone = (*group.members, *group.others) if asked.is_over_all else group.members
    for member in group.there(asked, everyone):
        single = replace(asked, subject=member.actor)
        found = [single.logic(str(row["rule"])) for row in asked.clause.get("unless", ())]
        slack = min([slack, *(one.slack for one in found if one.truth is not None)])
        if any(one.truth for one in found):
            excused.add(member.actor.id)
        elif any(one.truth is None for one in found):
            perhaps.add(member.actor.id)
    rest = _breach(replace(asked, left_out=frozenset(excused)))
    if rest.truth is False or (excused and not someone_is_left(excused)):
        return "excused", slack
    if rest.truth is None:
        return "indeterminate", slack
    without = replace(asked, left_out=frozenset(excused | perhaps))
    if perhaps and (_breach(without).truth is not True or not someone_is_left(excused | perhaps)):
        return "indeterminate", slack
    return "violation", slack
