"""The words about records: accessions, consent, notices, and what humans found."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from deploygeo.checker import places, timing
from deploygeo.checker.scene import Actor
from deploygeo.checker.wording import told
from deploygeo.clauses.evaluate import Number, States
from deploygeo.clauses.outcome import Outcome, claim
from deploygeo.model import Record, Stay, members
from deploygeo.model.parties import PARTIES

if TYPE_CHECKING:
    from deploygeo.checker.facts import Case

__all__ = ["asserted", "consent", "finding", "joins", "mandate", "notice", "record"]


_PARTIES = frozenset(PARTIES)


def record(case: Case, *kinds: str) -> Outcome:
    """Return whether the record is of one of these kinds."""
    kind = case.record.kind if case.record else "none"
    return claim(f"record of {kind}", kind in kinds)


def joins(case: Case, name: str) -> Outcome:
    """Return whether the accession is to this group."""
    joined = case.record.group if case.record else None
    return claim(f"accession to {joined}", joined == name)


def _about(record: Record, case: Case) -> bool:
    clause = case.clause.id
    names = {f"{case.treaty.id}/{clause}", clause, *places.ids(case.subject)}
    return bool(names & set(record.subject)) or (not record.subject and record.kind == "finding")


def consent(case: Case, states: States) -> Outcome:
    """Return whether all of these states agreed, for all of the stay in which the clause binds.

    Several records of one party count together. Nobody is asked for land that no party holds,
    such as Bir Tawil: no record can name it.
    """
    states &= _PARTIES
    given: dict[str, list[Stay]] = {}
    for record in case.scene.records:
        if record.kind == "consent" and _about(record, case):
            for party in record.by:
                for state in members("NATO", case.on) if party == "NATO" else (party,):
                    given.setdefault(state, []).append(record.stay)
    if not given:
        return claim(f"consent is missing of {told(states)}", not states)
    stays = [_bound(case, stay) for stay in places.stays(case.subject)]
    missing = frozenset(
        state
        for state in states
        if not all(stay.is_covered(given.get(state, ())) for stay in stays)
    )
    return claim(
        f"consent is missing of {told(missing)}" if missing else "all consented", not missing
    )


def _bound(case: Case, stay: Stay) -> Stay:
    party = case.deployment.party if isinstance(case.subject, Actor) else ""
    return timing.clipped(case.treaty, case.clause, case.settings, party, stay) or stay


def notice(case: Case, days: Number) -> Outcome:
    """Return whether notice was given at least so many days before."""
    start = case.deployment.stay.start
    if start is None:
        return claim("the start is not known", None, "from")
    leads = [
        (start - record.stay.start).days
        for record in case.scene.records
        if record.kind == "notice" and _about(record, case) and record.stay.start is not None
    ]
    best = max(leads, default=-1)
    given = None if days.lo <= best < days.hi else best >= days.hi
    return claim(f"notice {best} days before" if leads else "no notice", given, days.why)


def finding(case: Case, name: str) -> Outcome | None:
    """Return what humans found: the last word counts, and two on one day must agree."""
    names = (name, case.clause.id, f"{case.treaty.id}/{case.clause.id}")
    starts = [stay.start for stay in places.stays(case.subject) if stay.start is not None]
    begun = min(starts, default=None)
    dated = [
        (record.stay.start or date.min, record.states)
        for record in case.scene.records
        if record.kind == "finding"
        and record.clause in names
        and _about(record, case)
        # what ended before this began was about something else
        and not (begun and record.stay.end and record.stay.end < begun)
    ]
    if not dated:
        return None
    last = max(day for day, _ in dated)
    said = {states for day, states in dated if day == last}
    if len(said) > 1:
        why = f"two human findings on {name} that contradict each other"
        return claim(f"humans contradict each other on {name}", None, why)
    states = said.pop()
    return claim(f"a human found on {name}: {states}", states)


def asserted(case: Case, name: str) -> Outcome:
    """Return what a human found; unknown without a finding."""
    found = finding(case, name)
    return found or claim(f"no finding on {name}", None, f"a human finding on {name}")


def mandate(case: Case) -> Outcome:
    """Return whether a mandate of the Security Council is asserted."""
    mandate = case.deployment.un_mandate
    return claim(f"mandate asserted: {mandate or 'none'}", bool(mandate))
