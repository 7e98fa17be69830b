"""What is forbidden by which clause: situations that violate it, with no more than they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

from deploygeo.consistency.candidates import is_free
from deploygeo.consistency.logic import atoms_of, truth_of
from deploygeo.consistency.places import Place
from deploygeo.consistency.situations import Situation
from deploygeo.consistency.survey import Survey
from deploygeo.treaties import Clause, Treaty

__all__ = ["Hit", "Hits", "Ranges", "Says", "features_of", "is_left_open", "ranged"]

Says: TypeAlias = Literal["forbidden", "unclear", "left-open", "allowed"]

_ATTRIBUTES: Final = (
    *("activity", "basing", "nuclear", "framework", "scenario", "echelon", "un_mandate"),
    "partners",
)

_GRAVEST: Final[tuple[Says, ...]] = ("forbidden", "unclear", "left-open", "allowed")

#: By place and range: the situation there. -1 stands for a range that does not matter.
Ranges = dict[Place | None, dict[float, Situation]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A situation that a clause forbids, with the facts it was made of."""

    situation: Situation
    treaty: Treaty
    clause: Clause
    party: str
    choice: Mapping[str, Any]

    @property
    def sort(self) -> tuple[object, ...]:
        """What tells it from other sorts of deployments: all but place, range and numbers."""
        features = features_of(self.situation)
        return (self.treaty.id, self.clause.id, self.party, self.situation.kind, features)


def features_of(situation: Situation) -> tuple[str, ...]:
    """Return what matters of a situation beside party, kind, place, range, people and day."""
    passing = (" people", " person")
    return tuple(
        told
        for told in situation.features_told
        if not told.endswith(passing) and not told.startswith("on ")
    )


def ranged(rows: Ranges, situation: Situation) -> None:
    """Add a situation to the rows of its sort, unless one is there."""
    range_km = -1.0 if situation.range_km is None else situation.range_km
    known = rows.setdefault(situation.place, {})
    known.setdefault(range_km, situation)


@dataclass
class Hits:
    """Everything that was found to be forbidden by the clauses of two treaties.

    Parameters
    ----------
    survey : Survey
    one, two : Treaty
    """

    survey: Survey
    one: Treaty
    two: Treaty

    def other(self, treaty: Treaty) -> Treaty:
        """Return the treaty to compare with."""
        return self.two if treaty is self.one else self.one

    def clauses(self, treaty: Treaty) -> tuple[Clause, ...]:
        """Return the clauses of a treaty that are looked at."""
        return tuple(clause for one, clause in self.survey.clauses if one is treaty)

    @cached_property
    def found(self) -> tuple[Hit, ...]:
        """The hits, by clause, without those that say more than is needed."""
        survey = self.survey
        kept: list[Hit] = []
        for treaty, clause in survey.clauses:
            for party in survey.bound(treaty, clause):
                violated = survey.conditions(treaty, clause, party).violated
                hits = [
                    Hit(situation, treaty, clause, party, choice)
                    for choice, situation in survey.chosen(
                        violated, treaty, clause, party, finely=clause.check != "flag"
                    )
                    if survey.is_violated(situation, treaty, clause)
                ]
                kept += _needed([self._leaner(hit) for hit in hits])
        return tuple(kept)

    def _leaner(self, hit: Hit) -> Hit:
        """Return a hit without the attributes that it can do without."""
        for name in _ATTRIBUTES:
            if name in hit.situation.main.given:
                less = hit.situation.leaving(name)
                if less is not None and self.survey.is_violated(less, hit.treaty, hit.clause):
                    choice = {fact: value for fact, value in hit.choice.items() if fact != name}
                    hit = replace(hit, situation=less, choice=choice)
        return hit

    def violates(self, situation: Situation, treaty: Treaty, clause: Clause) -> bool:
        """Return whether a situation violates a clause; it is not asked where it cannot."""
        if self.is_ruled_out(situation, treaty, clause):
            return False
        return self.survey.is_violated(situation, treaty, clause)

    def is_ruled_out(self, situation: Situation, treaty: Treaty, clause: Clause) -> bool:
        """Return whether the attributes of a situation alone show that it violates no clause."""
        if (clause.subject == "record") != situation.main.is_record:
            return True
        violated = self.survey.conditions(treaty, clause, situation.party).violated
        return truth_of(violated, situation.facts) is False

    def says(self, situation: Situation, treaty: Treaty) -> Says:
        """Return what a treaty says of a situation, as far as a machine can tell.

        It is left open where a clause may forbid it once a parameter, a baseline or the day of
        entry into force is known, and unclear where one may for another reason.
        """
        found: set[Says] = {"allowed"}
        for clause in self.clauses(treaty):
            if self.is_ruled_out(situation, treaty, clause):
                continue
            tried = self.survey.tried(situation, treaty, clause)
            if tried.verdict == "violation":
                return "forbidden"
            if tried.verdict == "indeterminate" and clause.check != "flag":
                found.add("left-open" if is_left_open(tried.why) else "unclear")
        return next(one for one in _GRAVEST if one in found)

    def plainly(self, situation: Situation, treaty: Treaty) -> Situation | None:
        """Return a situation that a treaty does not forbid, or leaves open; None if it may forbid.

        Where it is unclear for want of a number of people, one person is tried.
        """
        for one in (situation, situation.manned()):
            says = self.says(one, treaty)
            if says != "unclear":
                return one if says in ("allowed", "left-open") else None
        return None

    def is_forbidden(self, situation: Situation, treaty: Treaty) -> bool:
        """Return whether a situation violates any clause of a treaty."""
        return any(self.violates(situation, treaty, one) for one in self.clauses(treaty))

    def undecided(self, treaty: Treaty, rows: Ranges) -> tuple[str, ...]:
        """Return the clauses that may forbid one of some situations once all is known."""
        found: dict[str, None] = {}
        for situation in (one for ranges in rows.values() for one in ranges.values()):
            for clause in self.clauses(treaty):
                if clause.check == "flag" or self.is_ruled_out(situation, treaty, clause):
                    continue
                tried = self.survey.tried(situation, treaty, clause)
                if tried.verdict == "indeterminate" and is_left_open(tried.why):
                    found[clause.id] = None
        return tuple(found)

    def escapes(self) -> Iterator[Hit]:
        """Yield hits that both treaties forbid, with one more fact by which one does not.

        Only of those sorts for which there is no simpler difference.
        """
        plain = {
            hit.sort
            for hit in self.found
            if not self.is_forbidden(hit.situation, self.other(hit.treaty))
        }
        seen: set[object] = set()
        for hit in self.found:
            at = (*hit.sort, hit.situation.place)
            if hit.sort in plain or at in seen:
                continue
            seen.add(at)
            other = self.other(hit.treaty)
            for clause in self.clauses(other):
                if self.violates(hit.situation, other, clause):
                    yield from self._escapes(hit, other, clause)

    def _escapes(self, hit: Hit, other: Treaty, clause: Clause) -> Iterator[Hit]:
        survey, place = self.survey, hit.situation.place
        violated = survey.conditions(other, clause, hit.party).violated
        for atom in atoms_of(violated):
            fact = atom.fact
            if is_free(atom) or fact in hit.choice or fact not in survey.domains:
                continue
            first: dict[bool, Any] = {}
            for value in survey.domains[fact]:
                first.setdefault(bool(atom.holds(value)), value)
            values = first.values() if fact != "kind" else survey.kinds
            for value in values:
                choice = {**hit.choice, fact: value}
                made = survey.made(choice, hit.treaty, hit.clause, hit.party, place)
                if (
                    made is not None
                    and made != hit.situation
                    and not survey.is_odd(made.kind, hit.party, place)
                    and survey.is_violated(made, hit.treaty, hit.clause)
                ):
                    yield Hit(made, hit.treaty, hit.clause, hit.party, choice)


def is_left_open(why: Iterable[str]) -> bool:
    """Return whether what would decide a verdict is left open by the treaty or by history.

    >>> is_left_open(["parameter width_km"]), is_left_open(["position"])
    (True, False)
    """
    return any("parameter" in one or "entry into force" in one or "baseline" in one for one in why)


def _needed(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits without those that differ from another only in saying more."""
    alike: dict[object, list[Hit]] = {}
    for hit in hits:
        one = hit.situation
        alike.setdefault((one.kind, one.place, one.range_km), []).append(hit)
    found = []
    for same in alike.values():
        told = [frozenset(features_of(hit.situation)) for hit in same]
        seen: set[frozenset[str]] = set()
        for hit, mine in zip(same, told, strict=True):
            if mine not in seen and not any(other < mine for other in told):
                seen.add(mine)
                found.append(hit)
    return found
