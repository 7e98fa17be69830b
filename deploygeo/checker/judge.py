"""From a clause and a subject to a verdict: applicability, breach, exceptions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from deploygeo.checker.explore import over
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Settings
from deploygeo.checker.scene import Actor, Group, Scene, Subject, days_of, groups_of, total_on
from deploygeo.clauses.evaluate import evaluate, value_of
from deploygeo.clauses.expression import And, Node, Not
from deploygeo.clauses.outcome import Outcome, leaf, negation
from deploygeo.clauses.truth import Margin, Truth
from deploygeo.model import Interval, Stay
from deploygeo.treaties.schema import Clause, Treaty

__all__ = ["Judgement", "case_of", "decide", "judge", "subject_groups", "window"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with what led to it.

    `where` is the condition that a place in breach fulfils.
    """

    verdict: str
    why: tuple[str, ...] = ()
    outcome: Outcome | None = None
    exception: str | None = None
    where: Node | None = None


def decide(node: Node, case: Case) -> Outcome:
    """Return the outcome of a condition over the place and the uncertain quantities.

    An uncertain quantity that occurs twice is one quantity: where the whole interval decides
    nothing, it is cut at the thresholds it was compared with, and every piece must agree.
    """
    case.cuts.clear()
    whole = _over_place(node, case)
    if whole.truth is not Truth.UNKNOWN:
        return whole
    for name, found in sorted(case.cuts.items()):
        if name in case.assigned:
            continue
        interval = case.quantity(name)
        cuts = sorted(at for at in found if interval.lo <= at <= interval.hi)
        if interval.is_exact or not cuts:
            continue
        outcomes: list[Outcome] = []
        truths: set[Truth] = set()
        for piece in _pieces(interval, cuts):
            case.assigned[name] = piece
            outcomes.append(_over_place(node, case))
            truths = {outcome.truth for outcome in outcomes}
            # over a track there is a cut for every place that was asked: stop at the first doubt
            if len(truths) > 1 or Truth.UNKNOWN in truths:
                break
        del case.assigned[name]
        if len(truths) == 1 and Truth.UNKNOWN not in truths:
            return _hull(outcomes)
    return whole


def _pieces(interval: Interval, cuts: Sequence[float]) -> Iterator[Interval]:
    """Yield the interval in pieces: the cuts alone, and what lies open between them."""
    start = interval.lo
    for at in cuts:
        before = math.nextafter(at, -math.inf)
        if start <= before:
            yield Interval(start, before)
        yield Interval(at)
        start = math.nextafter(at, math.inf)
    if start <= interval.hi:
        yield Interval(start, interval.hi)


def _hull(outcomes: Sequence[Outcome]) -> Outcome:
    first = outcomes[0]
    margins: dict[str, Margin] = {}
    for outcome in outcomes:
        for margin in outcome.margins:
            known = margins.get(margin.unit)
            margins[margin.unit] = margin if known is None else known.hull(margin)
    # a unit that not every piece measures says nothing about the whole
    kept = [m for m in margins.values() if all(item.margin(m.unit) for item in outcomes)]
    return replace(first, margins=tuple(kept))


def _over_place(node: Node, case: Case) -> Outcome:
    if not isinstance(case.subject, Actor) or case.deployment.geometry is None:
        return evaluate(node, case)

    def ask(place: tuple[float, float]) -> Outcome:
        case.place = place
        return evaluate(node, case)

    uncertain = case.deployment.extent == "uncertain"
    return over(case.deployment.geometry, ask, uncertain=uncertain)


def window(treaty: Treaty, settings: Settings, party: str, stay: Stay) -> Stay | None:
    """Return the part of a stay in which the treaty binds, or None.

    A draft binds as if always, or from ``settings.in_force``; a treaty in its intervals.
    """
    spans: list[tuple[date | None, date | None]]
    if treaty.in_force:
        spans = [(s.start, s.end) for s in treaty.in_force if s.party in ("", party)]
    else:
        spans = [(settings.in_force, None)]
    for start, end in spans:
        if stay.overlaps(Stay(start, end)):
            starts = [day for day in (stay.start, start) if day is not None]
            ends = [day for day in (stay.end, end) if day is not None]
            return Stay(max(starts, default=None), min(ends, default=None))
    return None


def day_of(treaty: Treaty, settings: Settings, stay: Stay) -> date | None:
    """Return the day of a stay to check: `on`, or the day nearest to the treaty's own date."""
    if settings.on is not None:
        return settings.on if stay.covers(settings.on) else None
    day = treaty.reference_date or stay.start or stay.end or date(2021, 12, 17)
    if stay.start is not None and day < stay.start:
        return stay.start
    if stay.end is not None and day > stay.end:
        return stay.end
    return day


def case_of(
    treaty: Treaty, clause: Clause, scene: Scene, subject: Subject, settings: Settings
) -> Case | str:
    """Return the case, or why the clause does not apply in time."""
    if isinstance(subject, Group):
        return _group_case(treaty, clause, scene, subject, settings)
    if isinstance(subject, Actor):
        stay, party = subject.deployment.stay, subject.deployment.party
    else:
        stay, party = subject.stay, ""
    span: Stay | None = stay
    if not clause.standing:
        span = window(treaty, settings, party, stay)
        if span is None:
            return "not in force then"
    day = day_of(treaty, settings, span or stay)
    if day is None:
        return f"not there on {settings.on}"
    return Case(treaty, clause, scene, subject, day, settings)


def _group_case(
    treaty: Treaty, clause: Clause, scene: Scene, group: Group, settings: Settings
) -> Case | str:
    span = window(treaty, settings, group.sender, Stay())
    days = (
        (settings.on,)
        if settings.on is not None
        else days_of(group.actors, treaty.reference_date) or (treaty.reference_date,)
    )
    best: tuple[float, float, date] | None = None
    for day in days:
        if day is None or (span is not None and not span.covers(day)):
            continue
        if settings.on is not None and not any(
            actor.deployment.stay.covers(day) for actor in group.actors
        ):
            continue
        found = total_on(group.actors, day)
        rank = (found.lo, found.hi, day == treaty.reference_date)
        # of equal peaks the one on the treaty's own date
        if best is None or rank > (*best[:2], best[2] == treaty.reference_date):
            best = (found.lo, found.hi, day)
    if best is None:
        return f"not there on {settings.on}" if settings.on else "not in force then"
    case = Case(treaty, clause, scene, group, best[2], settings)
    case.total = Interval(best[0], best[1])
    return case


def subject_groups(
    treaty: Treaty, clause: Clause, scene: Scene, settings: Settings, day: date
) -> tuple[Group, ...]:
    """Return the groups of a clause: what its `counts` admits, by sender and host."""
    choices = (settings.worldview, settings.level, tuple(sorted(settings.readings.items())))
    key = (treaty.id, clause.id, day, choices, tuple(sorted(settings.params.items())))
    if key in scene.groups:
        return scene.groups[key]
    counted = []
    for actor in scene.actors:
        if clause.counts is not None:
            case = Case(treaty, clause, scene, actor, day, settings)
            # what may count is counted: an unknown membership must not hide a force
            if evaluate(clause.counts, case).truth is Truth.FALSE:
                continue
        counted.append(actor)
    scene.groups[key] = groups_of(
        scene, on=day, worldview=settings.worldview, level=settings.level, counted=counted
    )
    return scene.groups[key]


def bound(case: Case) -> Outcome:
    """Return whether the clause binds the party."""
    if isinstance(case.subject, Actor | Group):
        bearers = value_of(case.clause.bearers, case) if case.clause.bearers else case.parties
        if not isinstance(bearers, frozenset):
            raise TypeError("bearers are a set of states")
        told = ", ".join(sorted(case.own_states)) if len(case.own_states) < 4 else "NATO"
        return leaf(f"{told} is bound", Truth.of(bool(case.own_states & bearers)))
    return leaf("a record of what the parties did", Truth.TRUE)


def judge(case: Case) -> Judgement:
    """Return the verdict of one case.

    Applies false: not applicable. Breach false: compliant, whether or not it is known to
    apply. Both true: a violation, unless an exception holds. Otherwise indeterminate.
    """
    binding = bound(case)
    if binding.truth is Truth.FALSE:
        return Judgement("not-applicable", ("the party is not bound",), binding)
    applies = decide(case.clause.applies, case)
    if applies.truth is Truth.FALSE:
        return Judgement("not-applicable", (), applies)
    if case.clause.rule is None:
        raise TypeError(f"{case.clause.id} has no rule")
    breach = decide(case.clause.rule, case)
    if case.clause.modality == "oblige":
        breach = negation(breach)
    if breach.truth is Truth.FALSE:
        return Judgement("compliant", (), breach)
    rule = case.clause.rule
    where: Node = And(
        (case.clause.applies, Not(rule) if case.clause.modality == "oblige" else rule)
    )
    if _meets(case, applies) and _meets(case, breach):
        # each holds somewhere on the track or area, but there may be no place where both do
        breach = decide(where, case)
        if breach.truth is Truth.FALSE:
            return Judgement("compliant", (), breach)
    why = tuple(dict.fromkeys((*applies.why, *breach.why)))
    if breach.truth is Truth.UNKNOWN or applies.truth is Truth.UNKNOWN:
        return Judgement("indeterminate", why or ("position",), breach, where=where)
    for exception in case.clause.unless:
        found = _excused(exception.rule, case)
        if _meets(case, found):
            # it excuses only the places where it holds
            rest = And((where, Not(exception.rule)))
            left = decide(rest, case)
            if left.truth is Truth.TRUE:
                breach, where = left, rest
                continue
            found = negation(left)
        if found.truth is Truth.TRUE:
            told = f"{exception.name}: {exception.text}"
            return Judgement("excused", (), breach, told, where)
        if found.truth is Truth.UNKNOWN:
            return Judgement("indeterminate", found.why or (exception.name,), breach, where=where)
    return Judgement("violation", (), breach, where=where)


def _meets(case: Case, outcome: Outcome) -> bool:
    """Return whether a condition holds on part of a track or area, and place matters to it."""
    subject = case.subject
    return (
        isinstance(subject, Actor)
        and subject.deployment.geometry is not None
        and subject.deployment.geometry.geom_type != "Point"
        and subject.deployment.extent == "occupied"
        and outcome.truth is Truth.TRUE
        and any(math.isfinite(end) for end in outcome.score_m)
    )


def _excused(rule: Node, case: Case) -> Outcome:
    """Return whether an exception holds; for a group, for each of its members."""
    if not isinstance(case.subject, Group):
        return decide(rule, case)
    outcomes = []
    for actor in case.subject.actors:
        single = replace(case, subject=actor, consulted=case.consulted)
        outcomes.append(decide(rule, single))
    return min(outcomes, key=lambda outcome: outcome.truth.rank)
