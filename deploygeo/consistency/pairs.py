"""Two clauses of one treaty: whether one says nothing new, or nobody can obey both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from deploygeo.consistency.advice import Advice, smallest
from deploygeo.consistency.logic import Atom, Formula, every, opposite
from deploygeo.consistency.single import candidates, is_impossible, outcomes_of, witness_of
from deploygeo.consistency.situations import Situation
from deploygeo.consistency.survey import Survey
from deploygeo.treaties import Clause, Treaty

__all__ = ["conflicts", "redundancies"]


@dataclass(frozen=True, slots=True)
class _Contained:
    """That whatever violates one clause violates another: how sure, and after how many tries."""

    inner: Clause
    outer: Clause
    is_proved: bool
    tried: int = 0
    witness: Situation | None = field(default=None)


def redundancies(survey: Survey, treaty: Treaty, clauses: tuple[Clause, ...]) -> list[Advice]:
    """Return which clauses say nothing that another does not say.

    Parameters
    ----------
    survey : Survey
    treaty : Treaty
    clauses : tuple of Clause
        Those that something violates.
    """
    found: dict[tuple[str, str], _Contained] = {}
    for inner in clauses:
        for outer in clauses:
            if inner is not outer and _are_alike(inner, outer):
                one = _contained(survey, treaty, inner, outer)
                if one is not None:
                    found[inner.id, outer.id] = one
    advice = []
    for (inner_id, outer_id), one in found.items():
        other = found.get((outer_id, inner_id))
        if other is not None and inner_id > outer_id:
            continue  # told already, the other way round
        sure = one.is_proved and (other is None or other.is_proved)
        witness = one.witness or _both(survey, treaty, one.inner, one.outer)
        text = f"whatever violates it violates {outer_id} too"
        if other is not None:
            text += ", and the other way round: they forbid the same"
        advice.append(
            Advice(
                "redundant",
                (inner_id, outer_id),
                text,
                "proved" if sure else "searched",
                0 if sure else one.tried + (0 if other is None else other.tried),
                witness,
                outcomes_of(survey, treaty, (one.inner, one.outer), witness),
            )
        )
    return advice


def _are_alike(one: Clause, other: Clause) -> bool:
    """Return whether two clauses can be asked of the same thing."""
    return (one.subject == "record") == (other.subject == "record")


def _contained(survey: Survey, treaty: Treaty, inner: Clause, outer: Clause) -> _Contained | None:
    parties = survey.bound(treaty, inner)
    escapes: dict[str, Formula] = {
        party: every(
            [
                survey.conditions(treaty, inner, party).violated,
                opposite(survey.conditions(treaty, outer, party).violated),
            ]
        )
        for party in parties
    }
    alliance = [
        every([first.violated, opposite(second.violated)])
        for first, second in [
            tuple(survey.conditions(treaty, one, party) for one in (inner, outer))
            for party in survey.allied(treaty, inner)
        ]
    ]
    if all(is_impossible(survey, escape) for escape in (*escapes.values(), *alliance)):
        return _Contained(inner, outer, True)
    tried, witness = 0, None
    for one in candidates(survey, treaty, inner, parties, escapes):
        if not survey.is_violated(one, treaty, inner):
            continue
        verdict = survey.tried(one, treaty, outer).verdict
        if verdict != "violation":
            return None
        tried += 1
        witness = witness or one
    if witness is None:
        return None  # nothing to tell from
    best = smallest(
        witness,
        lambda less: all(survey.is_violated(less, treaty, clause) for clause in (inner, outer)),
    )
    return _Contained(inner, outer, False, tried, best)


def _both(survey: Survey, treaty: Treaty, one: Clause, other: Clause) -> Situation | None:
    """Return the smallest situation found that violates two clauses."""
    parties = survey.bound(treaty, one)
    formulas = {
        party: every([survey.conditions(treaty, clause, party).violated for clause in (one, other)])
        for party in parties
    }
    for found in candidates(survey, treaty, one, parties, formulas):
        if all(survey.is_violated(found, treaty, clause) for clause in (one, other)):
            return smallest(
                found,
                lambda less: all(
                    survey.is_violated(less, treaty, clause) for clause in (one, other)
                ),
            )
    return None


def conflicts(survey: Survey, treaty: Treaty, clauses: tuple[Clause, ...]) -> Iterator[Advice]:
    """Yield obligations that nobody can obey together with another clause.

    A deployment to which both apply cannot obey both, though it could obey either: all those of a
    kind, by a party.
    """
    for at, one in enumerate(clauses):
        for other in clauses[at + 1 :]:
            if "oblige" in (one.modality, other.modality) and _are_alike(one, other):
                pair = (one, other) if one.modality == "oblige" else (other, one)
                yield from _conflict(survey, treaty, *pair)


def _conflict(survey: Survey, treaty: Treaty, obliges: Clause, other: Clause) -> Iterator[Advice]:
    proved: dict[str, list[str]] = {}
    searched: dict[str, list[str]] = {}
    tried = 0
    for party in survey.bound(treaty, obliges):
        first, second = (survey.conditions(treaty, one, party) for one in (obliges, other))
        if second.applies is False:
            continue
        for kind in _kinds(survey, obliges):
            both = [_is(survey, kind, obliges), first.applies, second.applies]
            if is_impossible(survey, every(both)):
                continue
            apart = [
                every([*both, first.obeyed]),
                every([*both, second.obeyed]),
            ]
            if any(is_impossible(survey, one) for one in apart):
                continue
            together = every([*both, first.obeyed, second.obeyed])
            if is_impossible(survey, together):
                proved.setdefault(party, []).append(kind)
                continue
            count = _search(survey, treaty, (obliges, other), party, every(both))
            if count:
                tried += count
                searched.setdefault(party, []).append(kind)
    for found, count in ((proved, 0), (searched, tried)):
        if not found:
            continue
        who = _told(survey, found)
        parties = tuple(found)
        formulas: dict[str, Formula] = {}
        for party in parties:
            first, second = (survey.conditions(treaty, one, party) for one in (obliges, other))
            formulas[party] = every(
                [_is(survey, found[party][0], obliges), first.applies, second.applies]
            )
        witness = witness_of(survey, treaty, obliges, parties, formulas, "compliant", "violation")
        yield Advice(
            "conflict",
            (obliges.id, other.id),
            f"{who} cannot obey both",
            "searched" if count else "proved",
            count,
            witness,
            outcomes_of(survey, treaty, (obliges, other), witness),
        )


def _kinds(survey: Survey, clause: Clause) -> tuple[str, ...]:
    """Return a kind of every class that no clause divides."""
    if clause.subject == "record":
        return tuple(survey.domains.get("record", ("accession",)))
    return survey.kinds


def _is(survey: Survey, kind: str, clause: Clause) -> Formula:
    fact = "record" if clause.subject == "record" else "kind"
    if fact not in survey.domains:
        return True
    return Atom(fact, f"is {kind}", lambda value: value == kind)


def _told(survey: Survey, found: dict[str, list[str]]) -> str:
    kinds = list(dict.fromkeys(kind for names in found.values() for kind in names))
    what = "a deployment" if len(kinds) > 3 else f"a {' or '.join(kinds)}"
    return f"{what} of {' or '.join(found)}" if len(found) <= 3 else what


def _search(
    survey: Survey, treaty: Treaty, pair: tuple[Clause, Clause], party: str, both: Formula
) -> int:
    """Return how many candidates were tried if none obeys both and each clause is obeyed by one."""
    tried, obeyed = 0, [False, False]
    for one in candidates(survey, treaty, pair[0], (party,), {party: both}):
        verdicts = [survey.tried(one, treaty, clause).verdict for clause in pair]
        if any(verdict in ("not-applicable", "indeterminate") for verdict in verdicts):
            continue
        tried += 1
        fine = [verdict in ("compliant", "excused") for verdict in verdicts]
        if all(fine):
            return 0
        obeyed = [was or now for was, now in zip(obeyed, fine, strict=True)]
    return tried if all(obeyed) else 0
