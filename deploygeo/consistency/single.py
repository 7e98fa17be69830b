"""What is odd about one clause by itself: never violated, always violated, swallowed, undecided."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from deploygeo.checker.timing import entry_into_force
from deploygeo.clauses.expression import And, Node, Not
from deploygeo.consistency.advice import Advice, Outcome, smallest
from deploygeo.consistency.conditions import Unset, day_of, reader_of
from deploygeo.consistency.facts import related
from deploygeo.consistency.logic import (
    Atom,
    Every,
    Formula,
    Opposite,
    Some,
    TooManyStepsError,
    every,
    opposite,
    satisfiable,
    some,
)
from deploygeo.consistency.situations import Situation
from deploygeo.consistency.survey import Survey, Tried
from deploygeo.treaties import Clause, Treaty

__all__ = ["Single", "outcomes_of", "singly"]

MOST_TRIED: Final = 10_000
"""Candidates for one question: what says that a search found nothing says how many it tried."""

_STARVED: Final = "date of entry into force"


@dataclass
class Single:
    """What is known of one clause after it was looked at by itself.

    Parameters
    ----------
    advice : list of Advice
    is_violable : bool
        Something violates it.
    """

    advice: list[Advice] = field(default_factory=list)
    is_violable: bool = False


def singly(survey: Survey, treaty: Treaty, clause: Clause) -> Single:
    """Return what is odd about a clause by itself."""
    found = Single()
    parties = survey.bound(treaty, clause)
    if not parties:
        text = "it binds nobody on the day, so that nothing violates it"
        found.advice.append(Advice("never-violated", (clause.id,), text, "proved"))
        return found
    violated = {party: survey.conditions(treaty, clause, party).violated for party in parties}
    everyone = (*parties, *survey.allied(treaty, clause))
    if all(
        is_impossible(survey, survey.conditions(treaty, clause, party).violated)
        for party in everyone
    ):
        found.advice.append(_proved(survey, treaty, clause, parties))
        return found
    told = _left_open(survey, treaty, clause, everyone)
    if told:
        found.advice.append(_undecided(survey, treaty, clause, parties, told, "proved", 0))
        return found
    seen = _Seen()
    for one in candidates(survey, treaty, clause, parties, violated):
        tried = survey.tried(one, treaty, clause)
        seen.count += 1
        seen.why |= dict.fromkeys(tried.why if tried.verdict == "indeterminate" else ())
        seen.excused = seen.excused or (one if tried.verdict == "excused" else None)
        if tried.verdict == "violation":
            found.is_violable = True
            break
    if not found.is_violable:
        found.advice.append(_not_found(survey, treaty, clause, parties, seen))
        return found
    found.advice += _always(survey, treaty, clause, parties)
    return found


@dataclass
class _Seen:
    count: int = 0
    why: dict[str, None] = field(default_factory=dict)
    excused: Situation | None = None


def is_impossible(survey: Survey, formula: Formula) -> bool:
    """Return whether no facts at all fulfil a formula; not where that is too much to look at."""
    try:
        return satisfiable(related(formula), survey.domains) is None
    except TooManyStepsError:
        return False


def candidates(
    survey: Survey,
    treaty: Treaty,
    clause: Clause,
    parties: tuple[str, ...],
    formulas: dict[str, Formula],
) -> Iterator[Situation]:
    """Yield situations for some formulas by party, those in unlikely places last."""
    found = (
        one
        for odd in (False, True)
        for party in parties
        for one in survey.situations(formulas[party], treaty, clause, party, odd=odd)
    )
    yield from itertools.islice(found, MOST_TRIED)


def outcomes_of(
    survey: Survey, treaty: Treaty, clauses: tuple[Clause, ...], witness: Situation | None
) -> tuple[Outcome, ...]:
    """Return what clauses say of a witness."""
    if witness is None:
        return ()
    return tuple(
        Outcome(treaty.id, clause.id, survey.tried(witness, treaty, clause).verdict)
        for clause in clauses
    )


def witness_of(
    survey: Survey,
    treaty: Treaty,
    clause: Clause,
    parties: tuple[str, ...],
    formulas: dict[str, Formula],
    *verdicts: str,
) -> Situation | None:
    """Return the smallest situation found on which a clause gives one of some verdicts."""
    for one in candidates(survey, treaty, clause, parties, formulas):
        tried = survey.tried(one, treaty, clause)
        if tried.verdict in verdicts:
            return _smallest(survey, treaty, clause, one, tried)
    return None


def _smallest(
    survey: Survey, treaty: Treaty, clause: Clause, one: Situation, tried: Tried
) -> Situation:
    return smallest(one, lambda less: survey.tried(less, treaty, clause) == tried)


def _proved(survey: Survey, treaty: Treaty, clause: Clause, parties: tuple[str, ...]) -> Advice:
    breached = {party: survey.conditions(treaty, clause, party).breached for party in parties}
    if clause.unless and not all(is_impossible(survey, one) for one in breached.values()):
        names = _swallowing(survey, treaty, clause, parties)
        witness = witness_of(survey, treaty, clause, parties, breached, "excused")
        return Advice(
            "swallowed",
            (clause.id,),
            f"{names} excuses every breach, so that nothing violates the clause",
            "proved",
            0,
            witness,
            outcomes_of(survey, treaty, (clause,), witness),
        )
    by_party = {party: _parts(survey, treaty, clause, party) for party in parties}
    core = _core(survey, by_party[parties[0]])
    # the nearest that there is: all holds but one of the conditions that exclude each other
    nearly = {
        party: every([formula for text, formula in parts if text != core[-1]])
        for party, parts in by_party.items()
    }
    witness = witness_of(survey, treaty, clause, parties, nearly, "compliant", "not-applicable")
    told = f"'{core[0]}' never holds"
    if len(core) > 1:
        told = "these never hold together: " + "; ".join(f"'{text}'" for text in core)
    return Advice(
        "never-violated",
        (clause.id,),
        f"nothing violates it: {told}",
        "proved",
        0,
        witness,
        outcomes_of(survey, treaty, (clause,), witness),
    )


def _swallowing(survey: Survey, treaty: Treaty, clause: Clause, parties: tuple[str, ...]) -> str:
    """Return the exceptions that do it: one by itself if one does."""
    for at, one in enumerate(clause.unless):
        formulas = []
        for party in parties:
            conditions = survey.conditions(treaty, clause, party)
            formulas.append(every([conditions.breached, opposite(conditions.excused[at])]))
        if all(is_impossible(survey, formula) for formula in formulas):
            return f"the exception '{one.name}'"
    return "the exceptions together: " + ", ".join(f"'{one.name}'" for one in clause.unless)


def _parts(survey: Survey, treaty: Treaty, clause: Clause, party: str) -> list[tuple[str, Formula]]:
    """Return all that must hold for a violation, as it is written and as formulas."""
    day = day_of(treaty, clause, survey.settings, party)
    reader = reader_of(treaty, clause, survey.settings, party, day)
    nodes = _conjuncts(clause.applies)
    if clause.counts is not None:
        nodes += _conjuncts(clause.counts)
    if clause.rule is not None:
        is_ban = clause.modality == "prohibit"
        nodes += _conjuncts(clause.rule) if is_ban else [Not(clause.rule)]
    found = {str(node): reader.read(node) for node in nodes}
    for one in clause.unless:
        found[f"not {one.rule}"] = opposite(reader.read(one.rule))
    return list(found.items())


def _core(survey: Survey, parts: list[tuple[str, Formula]]) -> list[str]:
    """Return the fewest of some conditions that exclude each other."""
    kept = list(parts)
    for part in parts:
        rest = [other for other in kept if other is not part]
        if is_impossible(survey, every([formula for _, formula in rest])):
            kept = rest
    return [text for text, _ in kept]


def _conjuncts(node: Node) -> list[Node]:
    return list(node.operands) if isinstance(node, And) else [node]


def _left_open(survey: Survey, treaty: Treaty, clause: Clause, parties: tuple[str, ...]) -> str:
    """Return what lacks a value, if nothing can be a violation without it; else nothing."""
    entry = entry_into_force(treaty, survey.settings)
    missing: dict[str, None] = {}

    def lacks(atom: Atom) -> str:
        if atom.fact.startswith("param "):
            return f"the parameter {atom.fact.removeprefix('param ')} has no value"
        if isinstance(atom.about, Unset):
            return f"the parameter {atom.about.param} has no value"
        if atom.fact == "days_in_force" and entry is None:
            return "the day of entry into force is not known"
        return ""

    def known(atom: Atom, wanted: bool) -> Formula:
        """Return whether what lacks a number is as wanted for every number; or it may be."""
        if isinstance(atom.about, Unset):
            may_be = wanted != atom.about.never
            return (atom if wanted else opposite(atom)) if may_be else False
        values = [value for value in survey.domains[atom.fact] if value >= 0.0]
        return all(atom.holds(value) == wanted for value in values)

    def sure(formula: Formula, holds: bool) -> Formula:
        """Return what must be for a formula to hold, or not to, without what is missing."""
        match formula:
            case bool():
                return formula == holds
            case Atom():
                why = lacks(formula)
                if not why:
                    return formula if holds else opposite(formula)
                told = known(formula, holds)
                if told is False:
                    missing[why] = None
                return told
            case Opposite(of=of):
                return sure(of, not holds)
            case Every(parts=parts):
                both = [sure(part, holds) for part in parts]
                return every(both) if holds else some(both)
            case Some(parts=parts):
                either = [sure(part, holds) for part in parts]
                return some(either) if holds else every(either)

    for party in parties:
        violated = survey.conditions(treaty, clause, party).violated
        if not is_impossible(survey, sure(violated, True)):
            return ""
    return " and ".join(missing)


def _undecided(
    survey: Survey,
    treaty: Treaty,
    clause: Clause,
    parties: tuple[str, ...],
    told: str,
    certainty: str,
    count: int,
) -> Advice:
    violated = {party: survey.conditions(treaty, clause, party).violated for party in parties}
    witness = witness_of(survey, treaty, clause, parties, violated, "indeterminate")
    return Advice(
        "undecided",
        (clause.id,),
        f"nothing violates it while {told}",
        "proved" if certainty == "proved" else "searched",
        count,
        witness,
        outcomes_of(survey, treaty, (clause,), witness),
    )


def _not_found(
    survey: Survey, treaty: Treaty, clause: Clause, parties: tuple[str, ...], seen: _Seen
) -> Advice:
    """Return what a search says that found no violation."""
    open_ = [why for why in seen.why if why.startswith("parameter ") or _STARVED in why]
    if open_:
        told = " and ".join(
            f"the {why} {'has no value' if why.startswith('parameter ') else 'is not known'}"
            for why in open_
        )
        return _undecided(survey, treaty, clause, parties, told, "searched", seen.count)
    if seen.excused is not None:
        excused = smallest(
            seen.excused, lambda one: survey.tried(one, treaty, clause).verdict == "excused"
        )
        names = ", ".join(f"'{one.name}'" for one in clause.unless)
        return Advice(
            "swallowed",
            (clause.id,),
            f"every breach that was tried is excused by {names}",
            "searched",
            seen.count,
            excused,
            outcomes_of(survey, treaty, (clause,), excused),
        )
    applies = {party: survey.conditions(treaty, clause, party).applies for party in parties}
    witness = witness_of(survey, treaty, clause, parties, applies, "compliant", "not-applicable")
    return Advice(
        "never-violated",
        (clause.id,),
        "nothing that was tried violates it",
        "searched",
        seen.count,
        witness,
        outcomes_of(survey, treaty, (clause,), witness),
    )


def _always(
    survey: Survey, treaty: Treaty, clause: Clause, parties: tuple[str, ...]
) -> Iterator[Advice]:
    obeyed = {party: survey.conditions(treaty, clause, party).obeyed for party in parties}
    violated = {party: survey.conditions(treaty, clause, party).violated for party in parties}
    certainty, count = "proved", 0
    everyone = (*parties, *survey.allied(treaty, clause))
    if not all(
        is_impossible(survey, survey.conditions(treaty, clause, party).obeyed) for party in everyone
    ):
        certainty = "searched"
        for one in candidates(survey, treaty, clause, parties, obeyed):
            count += 1
            if survey.tried(one, treaty, clause).verdict in ("compliant", "excused"):
                return
    everything = all(survey.conditions(treaty, clause, party).applies is True for party in parties)
    what = "deployment by a party that it binds" if clause.subject != "record" else "record"
    text = f"every {what} violates it" if everything else "all that it applies to violates it"
    witness = witness_of(survey, treaty, clause, parties, violated, "violation")
    yield Advice(
        "always-violated",
        (clause.id,),
        text,
        "proved" if certainty == "proved" else "searched",
        count,
        witness,
        outcomes_of(survey, treaty, (clause,), witness),
    )
