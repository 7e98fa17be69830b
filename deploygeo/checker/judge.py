"""From a clause and a subject to a verdict: applicability, breach, exceptions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import shapely

from deploygeo.checker.explore import over
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import VERDICTS, Settings
from deploygeo.checker.groups import peak_days
from deploygeo.checker.memory import Memory
from deploygeo.checker.scene import Actor, Group, Scene, Subject
from deploygeo.checker.timing import clipped, days_of, idle
from deploygeo.checker.totals import counted, members_on, nothing_counted, total
from deploygeo.clauses.evaluate import evaluate, value_of
from deploygeo.clauses.expression import And, Node, Not
from deploygeo.clauses.outcome import Outcome, leaf, negation
from deploygeo.clauses.truth import Margin, Truth
from deploygeo.model import Interval, Record, Stay
from deploygeo.treaties.schema import Clause, Treaty

__all__ = ["Judgement", "cases_of", "decide", "judge", "judged"]

# Records of what is done on one day.
_ACTS = frozenset(["accession"])


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

    geometry = case.deployment.geometry
    if isinstance(geometry, shapely.Point):
        return ask((float(geometry.x), float(geometry.y)))
    return over(geometry, ask, uncertain=case.deployment.extent == "uncertain")


def cases_of(
    treaty: Treaty,
    clause: Clause,
    scene: Scene,
    subject: Subject,
    settings: Settings,
    memory: Memory | None = None,
) -> tuple[Case, ...] | str:
    """Return a case for each day on which to ask, or why the clause does not apply in time."""
    days: str | tuple[date, ...]
    if memory is not None and memory.days:
        days = memory.days[0]
    else:
        days = _asked_on(treaty, clause, subject, settings)
        if memory is not None and not isinstance(days, str):
            memory.days.append(days)
    if isinstance(days, str):
        return days
    return tuple(Case(treaty, clause, scene, subject, day, settings, memory=memory) for day in days)


def _asked_on(
    treaty: Treaty, clause: Clause, subject: Subject, settings: Settings
) -> tuple[date, ...] | str:
    """Return the days on which to ask, or why there is none."""
    if isinstance(subject, Group):
        party, stay = subject.sender, subject.period
    elif isinstance(subject, Actor):
        party, stay = subject.deployment.party, subject.deployment.stay
    else:
        party, stay = "", subject.stay
    why = idle(treaty, clause, settings, party, stay)
    if isinstance(subject, Group):
        days = peak_days(treaty, settings, subject)
    elif isinstance(subject, Record) and subject.kind in _ACTS and stay.start is not None:
        # an act is done on its day, however long what it brings about lasts
        days = (stay.start,)
        done = replace(settings, on=None)
        why = why or idle(treaty, clause, done, party, Stay.on(stay.start))
    else:
        span = clipped(treaty, clause, settings, party, stay)
        days = days_of(treaty, clause, settings, span or stay)
    return why or days


def judged(
    treaty: Treaty,
    clause: Clause,
    scene: Scene,
    subject: Subject,
    settings: Settings,
    *,
    brief: bool = False,
    memory: Memory | None = None,
) -> tuple[Case, Judgement] | str:
    """Return the case of the gravest verdict over all days, or why there is none.

    The case has consulted what all of them did. Of days that are as grave it is the one with
    the most people, and then the one nearest to the treaty's date. With `brief` only the
    verdict is to be relied upon.
    """
    cases = cases_of(treaty, clause, scene, subject, settings, memory)
    if isinstance(cases, str):
        return cases
    found = []
    asked = list(cases)
    for case in asked:
        case.wanted = "truth" if brief else "all"
        found.append((case, judge(case)))
        if brief and found[-1][1].verdict == VERDICTS[0]:
            break
        if case.is_over_all and isinstance(subject, Group):
            # only now is it known that the arrivals of others matter
            known = {item.on for item in asked}
            more = peak_days(treaty, settings, subject, others=True)
            asked += [replace(case, on=day) for day in more if day not in known]
    case, judgement = min(found, key=lambda pair: _order(*pair)) if len(found) > 1 else found[0]
    for other, _ in found:
        case.consulted |= other.consulted
    return case, judgement


def _order(case: Case, judgement: Judgement) -> tuple[float, ...]:
    grave = VERDICTS.index(judgement.verdict)
    if not isinstance(case.subject, Group):
        return (grave,)
    people = total(case, "sender-host")
    return (grave, -people.lo, -people.hi, case.on != case.treaty.reference_date)


def bound(case: Case) -> Outcome:
    """Return whether the clause binds the party."""
    return case.once(case.clause, lambda: _bound(case))


def _bound(case: Case) -> Outcome:
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
    uncounted = nothing_counted(case) if isinstance(case.subject, Group) else None
    if uncounted is not None and uncounted.truth is Truth.FALSE:
        return Judgement("not-applicable", (), uncounted)
    breach = _breach(case)
    if breach.truth is Truth.FALSE:
        return Judgement("compliant", (), breach)
    rule = _rule(case)
    where: Node = And(
        (case.clause.applies, Not(rule) if case.clause.modality == "oblige" else rule)
    )
    if _meets(case, applies) and _meets(case, breach):
        # each holds somewhere on the track or area, but there may be no place where both do
        breach = decide(where, case)
        if breach.truth is Truth.FALSE:
            return Judgement("compliant", (), breach)
    # whether any of a group counts is part of whether the clause applies
    open_why = () if uncounted is None else uncounted.why
    why = tuple(dict.fromkeys((*applies.why, *open_why, *breach.why)))
    if Truth.UNKNOWN in (breach.truth, applies.truth) or uncounted is not None:
        return Judgement("indeterminate", why or ("position",), breach, where=where)
    if isinstance(case.subject, Group):
        return _without_excused(case, case.subject, breach)
    for exception in case.clause.unless:
        found = decide(exception.rule, case)
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
        and outcome.score_m != (math.inf, math.inf)
    )


def _rule(case: Case) -> Node:
    if case.clause.rule is None:
        raise TypeError(f"{case.clause.id} has no rule")
    return case.clause.rule


def _breach(case: Case) -> Outcome:
    breach = decide(_rule(case), case)
    return negation(breach) if case.clause.modality == "oblige" else breach


def _without_excused(case: Case, group: Group, breach: Outcome) -> Judgement:
    """Return the verdict on a breach by a group: what is excused does not count towards it.

    Where none of the sender's own is left to count, it breaches nothing, whatever the rule
    says of others or of the host.
    """

    def is_any_left(out: Iterable[str]) -> bool:
        own = members_on(case.without(out), group.placements)
        return any(counted(case, item.actor).truth is not Truth.FALSE for item in own)

    excused: dict[str, str] = {}
    undecided: dict[str, tuple[str, ...]] = {}
    others = group.others if case.is_over_all else ()
    for item in members_on(case, (*group.placements, *others)):
        single = case.about(item.actor)
        for exception in case.clause.unless:
            found = decide(exception.rule, single)
            if found.truth is Truth.TRUE:
                excused[item.actor.id] = f"{exception.name}: {exception.text}"
                undecided.pop(item.actor.id, None)
                break
            if found.truth is Truth.UNKNOWN:
                undecided[item.actor.id] = found.why or (exception.name,)
    rest = _breach(case.without(excused)) if excused else breach
    if rest.truth is Truth.FALSE or (excused and not is_any_left(excused)):
        own = {item.actor.id for item in group.placements}
        used = dict.fromkeys(text for id_, text in excused.items() if id_ in own)
        return Judgement("excused", (), breach, "; ".join(used or excused.values()))
    if rest.truth is Truth.UNKNOWN:
        return Judgement("indeterminate", rest.why or ("position",), rest)
    perhaps = {*excused, *undecided}
    if undecided and (
        not is_any_left(perhaps) or _breach(case.without(perhaps)).truth is not Truth.TRUE
    ):
        why = dict.fromkeys(reason for reasons in undecided.values() for reason in reasons)
        return Judgement("indeterminate", tuple(why), rest)
    return Judgement("violation", (), rest)
