"""Laws of consent: what it takes to have everyone's, and what is excused by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo.clauses.expression import Call, Name
from deploygeo.model import Deployment, Record, Stay
from deploygeo.model.parties import PARTIES
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.situations import gravest_by_host, of_people, situations
from deploygeo.treaties import Clause, Treaty
from deploygeo.treaties.anatomy import bodies, words_of, written_out
from deploygeo.treaties.limits import pulls

__all__ = ["CONSENTS", "no_two_consents_without_a_common_party", "what_is_excused_adds_nothing"]


def no_two_consents_without_a_common_party(situation: Situation, some: frozenset[str]) -> None:
    """What is excused by the consent of some alone is not excused by that of all the others alone.

    Reason: a clause that asks for the consent of several asks for that of each. If those that it
    asks are among some, they are not among the others; and if it asks both, neither is enough.

    Counterexample: an implementation that is content with one of the parties excuses a division
    by the consent of Russia, and by that of the thirty others without Russia.

    Parameters
    ----------
    situation : Situation
        Records in it of consent are left out.
    some : frozenset of str
        Those that consent first; then all the others do.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> force = Deployment(id="f", party="USA", kind="ground_force", geometry=(21, 52.2),
    ...                    personnel=4500)
    >>> at_base = Situation(load("nato-russia-2021"), (force,), "4")
    >>> no_two_consents_without_a_common_party(at_base, frozenset({"RUS"}))
    """
    others = frozenset(_SINGLE) - some
    nobody = situation.with_things(tuple(one for one in situation.things if not _consents(one)))
    before = gravest_by_host(nobody)
    first, second = (_with_consent(nobody, by) for by in (some, others))
    one, other = gravest_by_host(first), gravest_by_host(second)
    for key, verdict in before.items():
        if verdict != "excused":
            require(
                not one.get(key) == other.get(key) == "excused",
                f"{key} is excused by the consent of {_told(some)}, and by that of all others",
                first,
                second,
            )


def what_is_excused_adds_nothing(situation: Situation, people: int, few: int) -> None:
    """A force that is excused makes no breach of what is none without it.

    Reason: whoever allowed a force did not thereby forbid the one beside it. A ceiling is about
    those that nobody excused.

    Counterexample: an implementation that takes the whole sum once something is above the
    ceiling finds a breach by 300 people who came before the 9 000 to whom all consented.

    Parameters
    ----------
    situation : Situation
        Its first force is the one that all consent to; beside it stands a smaller one of the
        same sender, of which nobody was asked.
    people, few : int
        Of either.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> force = Deployment(id="f", party="USA", kind="ground_force", geometry=(21, 52.2))
    >>> at_base = Situation(load("nato-russia-2021"), (force,), "4")
    >>> what_is_excused_adds_nothing(at_base, 9000, 300)
    """
    forces = [thing for thing in situation.things if isinstance(thing, Deployment)]
    if not forces:
        return
    large = replace(of_people(forces[0], people), total=False)
    named: dict[str, Any] = {"id": "small", "name": None}
    small: Deployment = replace(of_people(large, few), **named)
    consent = Record(id="agreed", kind="consent", by=_SINGLE, subject=(large.id,), stay=_ALWAYS)
    alone = situation.with_things((small,))
    both = situation.with_things((small, large, consent))
    excused = gravest_by_host(situation.with_things((large, consent)))
    before, after = gravest_by_host(alone), gravest_by_host(both)
    for key, verdict in after.items():
        if excused.get(key) == "excused":
            was = before.get(key, "not-applicable")
            require(
                verdict != "violation" or was == "violation",
                f"{key} is {was} by {few} people, and a violation beside {people} that are excused",
                alone,
                both,
            )


#: Every party that is one state.
_SINGLE: Final = tuple(party for party in PARTIES if party != "NATO")

_ALWAYS: Final = Stay()

#: Sets of states that are the same whoever acts.
_FIXED: Final = frozenset({"states", "group", "parties", "everyone"})


def _consents(thing: Deployment | Record) -> bool:
    return isinstance(thing, Record) and thing.kind == "consent"


def _with_consent(situation: Situation, by: frozenset[str]) -> Situation:
    """Return a situation in which some consent to all that the clause speaks of."""
    if not by:
        return situation
    agreed = Record(
        id="agreed",
        kind="consent",
        by=tuple(sorted(by)),
        subject=(str(situation.clause),),
        stay=_ALWAYS,
    )
    return situation.with_things((*situation.things, agreed))


def _told(parties: frozenset[str]) -> str:
    named = sorted(parties)
    return ", ".join(named) if len(named) < 4 else f"{', '.join(named[:3])} and {len(named) - 3}"


# -- the cases


def _apart(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    one = st.sampled_from(["RUS", "USA", "GBR", "DEU", "POL"]).map(lambda party: {party})
    return {
        "situation": situations(treaty, clause, most=2),
        "some": st.one_of(one, st.sets(st.sampled_from(_SINGLE))).map(frozenset),
    }


def _beside(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    return {
        "situation": situations(treaty, clause, most=1, records=False),
        "people": st.sampled_from([9_000, 200_000]) | st.integers(1, 200_000),
        "few": st.sampled_from([0, 300]) | st.integers(0, 5_000),
    }


def _asked_once(treaty: Treaty, clause: Clause) -> str:
    """Return why nothing follows from two consents: it is asked of some or of others, or not."""
    if clause.subject == "record":
        return "it is about records"
    asked = [
        node
        for one in clause.unless
        for node in written_out(treaty, one.rule)
        if isinstance(node, Call) and node.name == "consent"
    ]
    if len(asked) != 1:
        return "it asks for several consents" if asked else "it knows no exception by consent"
    if "consent" in words_of(treaty, replace(clause, unless=())):
        return "it asks for consent in its rule"
    names = {
        node.name
        for node in written_out(treaty, asked[0])
        if isinstance(node, Name | Call) and not bodies(treaty, node.name)
    }
    if clause.subject == "group" and not names <= _FIXED | {"consent"}:
        return "it asks others for each member of a group"
    return "consent may bring a breach about" if "up" in pulls(treaty, clause, "consent") else ""


def _of_groups(treaty: Treaty, clause: Clause) -> str:
    if clause.subject != "group":
        return "it is not about groups"
    if clause.modality == "oblige":
        return "it obliges"
    if "down" in pulls(treaty, clause, "personnel"):
        return "it has a lower bound of people"
    return "" if "consent" in words_of(treaty, clause) else "it knows no exception by consent"


CONSENTS: Final[tuple[Law, ...]] = (
    Law(no_two_consents_without_a_common_party, _apart, "clause", _asked_once),
    Law(what_is_excused_adds_nothing, _beside, "clause", _of_groups),
)
