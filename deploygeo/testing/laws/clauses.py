"""Laws of clauses: what more or fewer forces, consent, parties and days do to a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo.model import Deployment, Record
from deploygeo.model.parties import PARTIES
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.sides import outsiders_of
from deploygeo.testing.laws.situations import about_records, graver, situations
from deploygeo.treaties import Clause, Treaty
from deploygeo.treaties.anatomy import words_of
from deploygeo.treaties.limits import pulls

__all__ = [
    "CLAUSES",
    "adding_a_force_clears_no_breach",
    "before_entry_into_force_nothing_is_violated",
    "consent_only_excuses",
    "who_has_left_breaches_nothing",
    "whoever_is_no_party_breaches_nothing",
    "withdrawal_clears_every_prohibition",
]

Cases = Mapping[str, SearchStrategy[Any]]


def withdrawal_clears_every_prohibition(situation: Situation, party: str) -> None:
    """Once a party has withdrawn everything, no clause finds it in breach by its presence.

    Reason: a prohibition forbids presence and acts; who is nowhere and does nothing breaks none.

    Counterexample: a ceiling that counts what stood there on 27 May 1997 as still there finds
    the United States over it in Germany without a single deployment in the file.

    Parameters
    ----------
    situation : Situation
    party : str
        Who withdraws. A contingent of a multinational force goes with it.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> withdrawal_clears_every_prohibition(Situation(load("us-russia-2021"), (ship,)), "USA")
    """
    left = situation.with_things(tuple(_without(situation.things, party)))
    for verdict in left.verdicts():
        require(
            verdict.subject == "record" or verdict.party != party or verdict.verdict != "violation",
            f"{party} has withdrawn everything and is found in breach: {verdict.id}",
            left,
        )


def _without(things: tuple[Deployment | Record, ...], party: str) -> list[Deployment | Record]:
    """Return what is left where a party withdraws its forces and contingents."""
    found: list[Deployment | Record] = []
    for thing in things:
        if isinstance(thing, Record):
            found.append(thing)
        elif thing.contingents:
            rest = tuple(part for part in thing.contingents if part.party != party)
            if rest:
                found.append(replace(thing, contingents=rest))
        elif thing.party != party:
            found.append(thing)
    return found


def who_has_left_breaches_nothing(situation: Situation) -> None:
    """On a day after a force has left, no clause finds it in breach.

    Reason: a clause about deployments is about those that are there.

    Counterexample: an implementation that asks the day only of the treaty's interval, and not
    of the stay, finds the ship that left the Black Sea in November in breach in December.

    Parameters
    ----------
    situation : Situation
        Its day is replaced by the one after the last stay.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600, stay="2021-11-10")
    >>> who_has_left_breaches_nothing(Situation(load("us-russia-2021"), (ship,)))
    """
    ends = [thing.stay.end for thing in situation.things if isinstance(thing, Deployment)]
    known = [end for end in ends if end is not None]
    if not known or max(known) >= date.max - timedelta(days=1):
        return
    after = situation.under(on=max(known) + timedelta(days=1))
    gone = {
        thing.id
        for thing in situation.things
        if isinstance(thing, Deployment) and thing.stay.end is not None
    }
    for verdict in after.verdicts():
        require(
            verdict.verdict != "violation" or not gone.issuperset(verdict.members),
            f"on {after.settings.on} all have left, and {verdict.id} is a violation",
            after,
        )


def whoever_is_no_party_breaches_nothing(situation: Situation, outsider: str) -> None:
    """A state that is no party to a treaty breaches none of its clauses.

    Reason: a treaty binds its parties alone (Vienna Convention on the Law of Treaties, article
    34).

    Counterexample: an implementation that leaves the bearers out of the question finds a Swiss
    training mission in Ukraine in breach of a draft between Russia and NATO.

    Parameters
    ----------
    situation : Situation
        Its forces are taken as those of the outsider.
    outsider : str
        A state that no side of the treaty and no bearer of a clause can name.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> whoever_is_no_party_breaches_nothing(Situation(load("us-russia-2021"), (ship,)), "CHE")
    """
    theirs = tuple(
        replace(thing, party=outsider, contingents=(), partners=())
        for thing in situation.things
        if isinstance(thing, Deployment)
    )
    records = tuple(thing for thing in situation.things if isinstance(thing, Record))
    there = situation.with_things((*theirs, *records))
    for verdict in there.verdicts():
        require(
            verdict.subject == "record" or verdict.verdict == "not-applicable",
            f"{outsider} is no party, and {verdict.id} is {verdict.verdict}",
            there,
        )


def adding_a_force_clears_no_breach(situation: Situation, force: Deployment) -> None:
    """Another force ends no breach of a clause that has no lower bound.

    Reason: a ceiling is passed by more, and a place is barred whoever else is in it. A clause
    with a lower bound (keep at least so many, stay at least so far apart) is exempt.

    Counterexample: an implementation that takes a reported total in place of the forces beside
    it counts 4 500 people where it counted 6 000 before, once the total is added.

    Parameters
    ----------
    situation : Situation
    force : Deployment
        With an id that nothing else in the situation has.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> more = replace(ship, id="t", party="GBR")
    >>> adding_a_force_clears_no_breach(Situation(load("us-russia-2021"), (ship,)), more)
    """
    more = situation.with_things((*situation.things, force))
    after = more.verdicts()
    for verdict in situation.verdicts():
        if verdict.verdict != "violation":
            continue
        same = [
            item
            for item in after
            if (item.clause, item.party, item.host) == (verdict.clause, verdict.party, verdict.host)
            and set(item.members) & set(verdict.members)
        ]
        require(
            any(item.verdict == "violation" for item in same),
            f"{verdict.id} is a violation, and no longer once {force.id} is there too",
            situation,
            more,
        )


def consent_only_excuses(situation: Situation, consent: Record) -> None:
    """More consent never makes a breach.

    Reason: consent is a defence. Where a clause knows it only as an exception, it excuses
    breaches and leaves what complies as it is.

    Counterexample: an implementation that takes any consent as one that is asked for turns a
    compliant force into an excused one, and one that takes consent of one party for that of
    all, and negates it, makes a breach.

    Parameters
    ----------
    situation : Situation
    consent : Record
        Of the kind ``consent``, with an id that nothing else in the situation has.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> force = Deployment(id="f", party="DEU", kind="ground_force", geometry=(24.2, 55.1),
    ...                    personnel=500)
    >>> given = Record(id="c", kind="consent", by=["NATO", "RUS"], subject=["f"])
    >>> consent_only_excuses(Situation(load("nato-russia-2021"), (force,), "4"), given)
    """
    agreed = situation.with_things((*situation.things, consent))
    after = {item.id: item for item in agreed.verdicts()}
    for verdict in situation.verdicts():
        later = after[verdict.id]
        told = f"{verdict.id} was {verdict.verdict} and is {later.verdict} with the consent"
        require(not graver(later.verdict, verdict.verdict), told, situation, agreed)
        clause = situation.treaty.clause(verdict.clause)
        if not _asks_for_consent(situation.treaty, clause):
            kept = later.verdict == verdict.verdict
            was_open = verdict.verdict in ("violation", "indeterminate")
            allowed = kept or (was_open and later.verdict in ("excused", "indeterminate"))
            require(allowed, told, situation, agreed)


def _asks_for_consent(treaty: Treaty, clause: Clause) -> bool:
    """Return whether consent is asked for in the rule itself and not as an exception alone."""
    return "consent" in words_of(treaty, replace(clause, unless=()))


def before_entry_into_force_nothing_is_violated(situation: Situation, day: date) -> None:
    """Before a treaty is in force nothing violates it, save what a clause asks of all time.

    Reason: what does not bind cannot be broken; a clause that reaches back says so.

    Counterexample: an implementation that compares the first day with ``<=`` where it should
    with ``<`` finds a breach on the day before.

    Parameters
    ----------
    situation : Situation
    day : date
        The day of entry into force of a draft; the day before it is checked. Of a treaty with
        dates of its own it is the day before its first.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> at_sea = Situation(load("us-russia-2021"), (ship,))
    >>> before_entry_into_force_nothing_is_violated(at_sea, date(2022, 3, 1))
    """
    starts = [span.start for span in situation.treaty.in_force]
    first = min(starts, default=day)
    if first == date.min:
        return
    before = situation.under(on=first - timedelta(days=1), in_force=None if starts else first)
    for verdict in before.verdicts():
        require(
            situation.treaty.clause(verdict.clause).standing or verdict.verdict == "not-applicable",
            f"in force from {first}, and {verdict.id} is {verdict.verdict} on the day before",
            before,
        )


# -- the cases


def _situation(treaty: Treaty, clause: Clause) -> Cases:
    return {"situation": situations(treaty, clause)}


def _withdrawal(treaty: Treaty, clause: Clause) -> Cases:
    drawn = situations(treaty, clause)
    parties = st.sampled_from(sorted(set(PARTIES)))
    return {
        "situation": st.shared(drawn, key="withdrawal"),
        "party": st.shared(drawn, key="withdrawal").flatmap(
            lambda one: st.sampled_from(_parties(one)) if _parties(one) else parties
        ),
    }


def _parties(situation: Situation) -> list[str]:
    forces = [thing for thing in situation.things if isinstance(thing, Deployment)]
    named = [force.party for force in forces if not force.contingents]
    return sorted({*named, *(part.party for one in forces for part in one.contingents)})


def _outsider(treaty: Treaty, clause: Clause) -> Cases:
    return {
        "situation": situations(treaty, clause),
        "outsider": st.sampled_from(outsiders_of(treaty)),
    }


def _adding(treaty: Treaty, clause: Clause) -> Cases:
    drawn = strategies.deployments(treaty=treaty, clause=clause.id)
    return {
        "situation": situations(treaty, clause),
        "force": drawn.map(lambda one: replace(one, id="added", name="added")),
    }


def _consenting(treaty: Treaty, clause: Clause) -> Cases:
    drawn = st.shared(situations(treaty, clause), key="consent")

    def given(situation: Situation) -> SearchStrategy[Record]:
        forces = [thing for thing in situation.things if isinstance(thing, Deployment)]
        anyone = st.builds(
            Record,
            id=st.just("agreed"),
            kind=st.just("consent"),
            by=st.sampled_from([["NATO", "RUS"], ["USA", "RUS"], ["RUS"], ["NATO"]]),
            subject=st.sampled_from([[clause.id], *([force.id] for force in forces)]),
        )
        if "consent" not in words_of(treaty, clause):
            return anyone
        # those whose consent the clause asks for, whichever treaty it is of
        asked = strategies.records(treaty=treaty, clause=clause.id, deployments=forces)
        fits = asked.filter(lambda record: record.kind == "consent")
        return st.one_of(fits.map(lambda record: replace(record, id="agreed")), anyone)

    return {"situation": drawn, "consent": drawn.flatmap(given)}


def _entering(treaty: Treaty, clause: Clause) -> Cases:
    days = st.dates(date(1990, 1, 1), date(2035, 12, 31))
    return {"situation": situations(treaty, clause), "day": days}


# -- what is exempt


def _obliges(treaty: Treaty, clause: Clause) -> str:
    return about_records(treaty, clause) or ("it obliges" if clause.modality == "oblige" else "")


def _has_lower_bound(treaty: Treaty, clause: Clause) -> str:
    if clause.modality == "oblige":
        return "it obliges"
    if "down" in pulls(treaty, clause, "personnel"):
        return "it has a lower bound of people"
    if "up" in pulls(treaty, clause, "separation"):
        return "it has a lower bound of nearness"
    return about_records(treaty, clause)


def _wants_consent(treaty: Treaty, clause: Clause) -> str:
    return "consent may bring a breach about" if "up" in pulls(treaty, clause, "consent") else ""


def _everyone_is_bound(treaty: Treaty, clause: Clause) -> str:
    return about_records(treaty, clause) or ("" if outsiders_of(treaty) else "all are parties")


def _stands(treaty: Treaty, clause: Clause) -> str:
    return "it is asked of all time" if clause.standing else ""


CLAUSES: tuple[Law, ...] = (
    Law(withdrawal_clears_every_prohibition, _withdrawal, "clause", _obliges),
    Law(who_has_left_breaches_nothing, _situation, "clause", _obliges),
    Law(whoever_is_no_party_breaches_nothing, _outsider, "clause", _everyone_is_bound),
    Law(adding_a_force_clears_no_breach, _adding, "clause", _has_lower_bound),
    Law(consent_only_excuses, _consenting, "clause", _wants_consent),
    Law(before_entry_into_force_nothing_is_violated, _entering, "clause", _stands),
)
