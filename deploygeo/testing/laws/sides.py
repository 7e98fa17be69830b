"""The law of two sides: whoever exchanges the parties and the world exchanges the verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis.strategies import SearchStrategy

from deploygeo.boundaries import exchanged
from deploygeo.clauses.expression import Call, Literal, Name, Node
from deploygeo.model import Contingent, Deployment, Record, groups
from deploygeo.model.parties import PARTIES
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.situations import situations
from deploygeo.treaties import Clause, Treaty
from deploygeo.treaties.anatomy import words_of, written_out

__all__ = [
    "SIDES",
    "exchanging_the_parties_exchanges_the_verdicts",
    "insiders_of",
    "outsiders_of",
    "two_states",
]

# Words whose answer is about certain states, whatever a clause says.
_ABOUT_STATES = frozenset({"states", "group", "presence", "joins", "sea", "line"})

# Two places of an answer, each rounded once, that a set of states in another order may change.
_SAME_KM = 1e-6


def exchanging_the_parties_exchanges_the_verdicts(situation: Situation) -> None:
    """A symmetric clause says the same once the two parties have exchanged all that they have.

    Reason: a clause that speaks of either party and the other, and names neither, treats them
    alike. Its forces, and the land on which they stand and which they reach, change hands; each
    verdict goes with the force.

    Counterexample: an implementation that takes "the other party" to be Russia, whoever acts,
    lets a Russian warship off Alaska pass, and stops an American one in the Black Sea.

    Parameters
    ----------
    situation : Situation
        Of a treaty whose two sides are one state each.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> exchanging_the_parties_exchanges_the_verdicts(
    ...     Situation(load("us-russia-2021"), (ship,), "5.2"))
    """
    pair = two_states(situation.treaty)
    if pair is None or any(_is_allied(thing) for thing in situation.things):
        return
    swap = {pair[0]: pair[1], pair[1]: pair[0]}
    turned = situation.with_things(tuple(_turned(thing, swap) for thing in situation.things)).under(
        worldview=exchanged(situation.settings.worldview, *pair)
    )
    after = {(item.clause, item.members, item.host): item for item in turned.verdicts()}
    for verdict in situation.verdicts():
        host = None if verdict.host is None else swap.get(verdict.host, verdict.host)
        members = tuple(_turned_name(name, swap) for name in verdict.members)
        other = after.get((verdict.clause, members, host))
        found = "not asked" if other is None else other.verdict
        told = f"{verdict.id} is {verdict.verdict}; with the parties exchanged it is {found}"
        require(found == verdict.verdict, told, situation)
        margins = {} if other is None else {item.unit: item for item in other.margins}
        for margin in verdict.margins:
            same = margins.get(margin.unit)
            near = same is not None and all(
                one == two or abs(one - two) <= _SAME_KM
                for one, two in ((margin.lo, same.lo), (margin.hi, same.hi))
            )
            require(near, f"{told}; the margin was {margin} and is {same}", situation)


def _turned_name(name: str, swap: Mapping[str, str]) -> str:
    """Return the name of what a member becomes; a contingent is named ``feature/PARTY``."""
    feature, slash, party = name.rpartition("/")
    return f"{feature}/{swap[party]}" if slash and party in swap else name


def _is_allied(thing: Deployment | Record) -> bool:
    """Return whether a thing is of an alliance, which cannot change hands as a state can."""
    named = {thing.party, *thing.partners}
    if isinstance(thing, Record):
        named |= set(thing.by)
    else:
        named |= {part.party for part in thing.contingents}
    return bool(named & set(groups()))


def _turned(thing: Deployment | Record, swap: Mapping[str, str]) -> Deployment | Record:
    def other(party: str) -> str:
        return swap.get(party, party)

    partners = tuple(other(party) for party in thing.partners)
    if isinstance(thing, Record):
        return replace(
            thing,
            party=None if thing.party is None else other(thing.party),
            by=tuple(other(party) for party in thing.by),
            partners=partners,
        )
    return replace(
        thing,
        party=other(thing.party),
        partners=partners,
        contingents=tuple(
            Contingent(other(part.party), part.personnel) for part in thing.contingents
        ),
    )


def two_states(treaty: Treaty) -> tuple[str, str] | None:
    """Return the two states that are the two sides of a treaty; None where its sides are others.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> two_states(load("us-russia-2021")), two_states(load("nato-russia-2021"))
    (('USA', 'RUS'), None)
    """
    found = [_one_state(side.states) for side in treaty.sides]
    if len(found) != 2 or None in found or found[0] == found[1]:
        return None
    return (str(found[0]), str(found[1]))


def _one_state(node: Node) -> str | None:
    match node:
        case Call(name="states", args=(Literal(value=str() as state),)):
            return state
    return None


def insiders_of(treaty: Treaty) -> frozenset[str]:
    """Return the states that a side or a bearer of a treaty may be on any day.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> sorted(insiders_of(load("us-russia-2021")))
    ['RUS', 'USA']
    """
    nodes = [side.states for side in treaty.sides]
    nodes += [clause.bearers for clause in treaty.clauses if clause.bearers is not None]
    found: set[str] = set()
    for top in nodes:
        for node in written_out(treaty, top):
            match node:
                case Name(name="everyone"):
                    return frozenset(PARTIES)
                case Call(name="states", args=args):
                    found |= {str(arg.value) for arg in args if isinstance(arg, Literal)}
                case Call(name="group", args=(Literal(value=str() as name), *_)):
                    found |= {member.state for member in groups()[name].members}
    return frozenset(found)


def outsiders_of(treaty: Treaty) -> list[str]:
    """Return the states that no side and no bearer of a treaty can be on any day.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> "CHE" in outsiders_of(load("nato-russia-2021")), "FIN" in outsiders_of(
    ...     load("nato-russia-2021"))
    (True, False)
    """
    return sorted(set(PARTIES) - insiders_of(treaty) - set(groups()))


def _situation(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    return {"situation": situations(treaty, clause)}


def _is_lopsided(treaty: Treaty, clause: Clause) -> str:
    if two_states(treaty) is None:
        return "its sides are not one state each"
    if clause.bearers is not None:
        return "it says whom it binds"
    named = sorted(words_of(treaty, clause) & _ABOUT_STATES)
    if named:
        return f"it asks for {', '.join(named)}"
    return ""


SIDES: tuple[Law, ...] = (
    Law(exchanging_the_parties_exchanges_the_verdicts, _situation, "clause", _is_lopsided),
)
