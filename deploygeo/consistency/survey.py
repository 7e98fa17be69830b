"""What is searched: parties, facts and places that the clauses themselves tell apart.

Every attribute is covered: of values that no expression distinguishes, one is tried. Places are a
sample, so a search that finds nothing proves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from deploygeo.checker.facts import Case
from deploygeo.checker.findings import VERDICTS, Settings
from deploygeo.checker.scene import Actor, Scene
from deploygeo.checker.verdicts import verdicts
from deploygeo.clauses.evaluate import Region, States, value_of
from deploygeo.clauses.expression import Call, Combine, Name
from deploygeo.consistency.candidates import RANGES_KM, Maker, choices_of, fits
from deploygeo.consistency.conditions import Conditions, conditions_of, day_of
from deploygeo.consistency.facts import COUNTS, KIND_ORDER, cells_of_states, facts_of, related
from deploygeo.consistency.logic import Atom, Formula, TooManyStepsError, atoms_of
from deploygeo.consistency.places import PLACES, Place, host_of, ladder, places_for
from deploygeo.consistency.situations import PRINCIPAL, Situation
from deploygeo.model import Deployment
from deploygeo.treaties import Clause, Treaty
from deploygeo.treaties.anatomy import all_of, written_out

__all__ = ["Survey", "Tried", "checkable"]

MOST_SITUATIONS: Final = 3_000
"""Situations by one party that are tried on one clause of a comparison: some seconds of work."""

_ALLIANCE: Final = "NATO"
_PERSONAL: Final = frozenset({"own", "counterparts", "partners", "joining"})
_REACH: Final = ("range", "loadable_range", "platform_range")
_PEOPLE: Final = (1.0, 1_000.0, 1_000_000.0)


@dataclass(frozen=True, slots=True)
class Tried:
    """A verdict, and what would decide it or why the clause does not apply."""

    verdict: str
    why: tuple[str, ...] = ()


def checkable(treaty: Treaty) -> tuple[Clause, ...]:
    """Return the clauses that a machine or a human can decide.

    >>> from deploygeo.treaties import load
    >>> [clause.id for clause in checkable(load("nato-russia-2021"))]
    ['4', '5', '6', '7.1', '7.2']
    """
    return tuple(clause for clause in treaty.clauses if clause.check != "none")


@dataclass
class Survey:
    """Treaties under one set of choices, with all that is tried on them.

    Parameters
    ----------
    treaties : tuple of Treaty
    settings : Settings
    clauses : tuple of (Treaty, Clause), optional
        Those that are looked at; all that can be checked by default.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> draft = load("us-russia-2021")
    >>> survey = Survey((draft,), Settings(level="ne10"), ((draft, draft.clause("6")),))
    >>> survey.parties
    ('USA', 'RUS', 'GBR')
    """

    treaties: tuple[Treaty, ...]
    settings: Settings
    clauses: tuple[tuple[Treaty, Clause], ...] = ()
    _known: dict[object, Tried] = field(default_factory=dict, repr=False)
    _conditions: dict[object, Conditions] = field(default_factory=dict, repr=False)
    _seen: set[Situation] = field(default_factory=set, repr=False)
    _thinned: dict[str, None] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self.clauses:
            self.clauses = tuple(
                (treaty, clause) for treaty in self.treaties for clause in checkable(treaty)
            )

    # -- what there is to choose from

    @cached_property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """The states in classes that no clause divides, but for what is a state's own."""
        return cells_of_states(_sets(self.clauses, self.settings))

    @property
    def parties(self) -> tuple[str, ...]:
        """The best known state of every class."""
        return tuple(cell[0] for cell in self.cells)

    def cell(self, party: str) -> tuple[str, ...]:
        """Return the class of a state."""
        return next(cell for cell in self.cells if party in cell)

    def conditions(self, treaty: Treaty, clause: Clause, party: str) -> Conditions:
        """Return what a clause says of a party."""
        key = (treaty.id, clause.id, party)
        if key not in self._conditions:
            self._conditions[key] = conditions_of(treaty, clause, self.settings, party)
        return self._conditions[key]

    def bound(self, treaty: Treaty, clause: Clause) -> tuple[str, ...]:
        """Return the parties that a clause can be asked of."""
        return tuple(
            party
            for party in self.parties
            if self.conditions(treaty, clause, party).applies is not False
        )

    def allied(self, treaty: Treaty, clause: Clause) -> tuple[str, ...]:
        """Return the alliance, where a clause binds what it owns itself: proofs hold for it too."""
        if clause.subject == "record":
            return ()
        found = self.conditions(treaty, clause, _ALLIANCE)
        return () if found.applies is False else (_ALLIANCE,)

    @cached_property
    def _formulas(self) -> tuple[Formula, ...]:
        found = []
        for treaty, clause in self.clauses:
            for party in self.parties:
                one = self.conditions(treaty, clause, party)
                found += [one.applies, one.breach, *one.excused]
        return tuple(found)

    @cached_property
    def domains(self) -> dict[str, tuple[Any, ...]]:
        """The values of every fact."""
        more: dict[str, Sequence[float]] = dict.fromkeys(_REACH, RANGES_KM)
        if any("personnel" in atom.rests_on for atom in self.atoms.values()):
            more["personnel"] = _PEOPLE
        found = facts_of(self._formulas, more)
        for atom in self.atoms.values():
            for fact in atom.rests_on:
                if fact in more:
                    found.setdefault(fact, tuple(more[fact]))
        return found

    @cached_property
    def atoms(self) -> dict[str, Atom]:
        """What every fact is about."""
        return {atom.fact: atom for atom in atoms_of(*self._formulas)}

    @cached_property
    def kind_cells(self) -> tuple[tuple[str, ...], ...]:
        """The kinds of deployments in classes that no clause divides."""
        atoms = [atom for atom in atoms_of(*self._formulas) if atom.fact == "kind"]
        found: dict[tuple[bool, ...], list[str]] = {}
        for kind in KIND_ORDER:
            found.setdefault(tuple(atom.holds(kind) for atom in atoms), []).append(kind)
        return tuple(tuple(cell) for cell in found.values())

    @property
    def kinds(self) -> tuple[str, ...]:
        """The best known kind of every class."""
        return tuple(cell[0] for cell in self.kind_cells)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places that are tried."""
        found: dict[tuple[float, float], Place] = {}
        for treaty in self.treaties:
            mine = [clause for one, clause in self.clauses if one is treaty]
            if not mine:
                continue
            on = day_of(treaty, mine[0], self.settings)
            homes = [
                party
                for party in self.parties
                if any(
                    clause.subject != "record" and party in self.bound(treaty, clause)
                    for clause in mine
                )
            ]
            atoms = atoms_of(
                *(
                    part
                    for clause in mine
                    for party in self.parties
                    for part in (
                        self.conditions(treaty, clause, party).breached,
                        *self.conditions(treaty, clause, party).excused,
                    )
                )
            )
            hosts = [
                atom.about.states if isinstance(atom.about, Region) else atom.about
                for atom in atoms
                if (isinstance(atom.about, Region) and atom.about.states and not atom.cuts)
                or (atom.fact == "host" and isinstance(atom.about, frozenset))
            ]
            regions = [atom.about for atom in atoms if isinstance(atom.about, Region)]
            near = places_for(
                treaty,
                self.settings,
                on,
                homes=homes,
                hosts=[one for one in hosts if isinstance(one, frozenset)],
                regions=regions,
            )
            found |= {place.at: place for place in reversed(near)}
            for place in self._near(treaty, mine[0], atoms):
                found.setdefault(place.at, place)
        known = {place.at: place for place in PLACES}
        return tuple((known | found).values())

    def _near(self, treaty: Treaty, clause: Clause, atoms: Iterable[Atom]) -> Iterator[Place]:
        """Yield places near limits of distances, and on lines and borders."""
        case = _case(treaty, clause, self.settings, "USA")
        limits: dict[Region, set[float]] = {}
        for atom in atoms:
            region = atom.about
            if not isinstance(region, Region) or region.kind == "unknown":
                continue
            if atom.cuts or region.kind in ("line", "border", "outer"):
                ends = {cut for cut in atom.cuts if 0.0 < cut < 15_000.0}
                limits.setdefault(region, set()).update(ends)
        for region, ends in limits.items():
            yield from ladder(region, case, ends)

    # -- trying

    def tried(self, situation: Situation, treaty: Treaty, clause: Clause) -> Tried:
        """Return the verdict of a clause on what a situation is about."""
        key = (situation, treaty.id, clause.id)
        if key not in self._known:
            self._seen.add(situation)
            found = [
                one
                for one in verdicts(situation.things, treaty, [clause.id], self.settings)
                if PRINCIPAL in one.members
            ]
            if found:
                gravest = min(found, key=lambda one: VERDICTS.index(one.verdict))
                self._known[key] = Tried(gravest.verdict, gravest.why)
            else:
                self._known[key] = Tried("not-applicable")
        return self._known[key]

    def is_violated(self, situation: Situation, treaty: Treaty, clause: Clause) -> bool:
        """Return whether a situation violates a clause."""
        return self.tried(situation, treaty, clause).verdict == "violation"

    @property
    def count(self) -> int:
        """How many situations were tried."""
        return len(self._seen)

    @cached_property
    def foes(self) -> dict[str, States]:
        """For every party those on the other sides of any of the treaties."""
        found: dict[str, States] = {}
        for party in self.parties:
            foes: States = frozenset()
            for treaty in self.treaties:
                clause = next((clause for one, clause in self.clauses if one is treaty), None)
                if clause is not None:
                    case = _case(treaty, clause, self.settings, party)
                    foes |= case.counterparts if party in case.parties else frozenset()
            found[party] = foes
        return found

    @cached_property
    def hosts(self) -> dict[Place, str | None]:
        """Whose land every place on land is."""
        treaty, clause = self.clauses[0]
        on = day_of(treaty, clause, self.settings)
        return {
            place: host_of(place, self.settings, on) if place.medium == "land" else None
            for place in self.places
        }

    def is_odd(self, kind: str, party: str, place: Place | None) -> bool:
        """Return whether a deployment is unlikely where it is: a ship on land, or a foe's guest."""
        if place is None:
            return False
        return not fits(kind, place) or self.hosts.get(place) in self.foes.get(party, ())

    def chosen(
        self,
        formula: Formula,
        treaty: Treaty,
        clause: Clause,
        party: str,
        *,
        odd: bool = False,
        finely: bool = False,
    ) -> Iterator[tuple[dict[str, Any], Situation]]:
        """Yield the situations under which a formula about a party may hold, and their facts.

        Parameters
        ----------
        formula : formula
        treaty, clause : Treaty, Clause
            Whose day and subject count.
        party : str
        odd : bool
            Only the unlikely ones.
        finely : bool
            Every kind and amount that any clause tells apart, where the formula asks for one.
        """
        domains: Mapping[str, Sequence[Any]] = self.domains
        whole: tuple[str, ...] = ()
        if finely:
            domains, whole = {**domains, "kind": self.kinds}, ("kind", *_REACH, *sorted(COUNTS))
        places: Sequence[Place | None] = self.places
        if clause.subject == "record":
            places = () if odd else (None,)
        choices: Iterable[dict[str, Any]] = self._choices(formula, domains, whole, (treaty, clause))
        if finely:
            choices = list(choices)
            step = math.ceil(len(choices) * len(places) / MOST_SITUATIONS)
            if step > 1:  # fewer places rather than fewer sorts of deployments
                self._thinned[f"{treaty.id}/{clause.id}"] = None
                places = places[::step]
        for choice in choices:
            for place in places:
                made = self.made(choice, treaty, clause, party, place)
                if made is not None and self.is_odd(made.kind, party, place) == odd:
                    yield choice, made

    def _choices(
        self,
        formula: Formula,
        domains: Mapping[str, Sequence[Any]],
        whole: Sequence[str],
        asked: tuple[Treaty, Clause],
    ) -> Iterator[dict[str, Any]]:
        """Yield choices of facts, as many as can be looked at."""
        treaty, clause = asked
        try:
            for count, choice in enumerate(choices_of(related(formula), domains, whole)):
                if count >= MOST_SITUATIONS:
                    break
                yield choice
            else:
                return
        except TooManyStepsError:
            pass
        self._thinned[f"{treaty.id}/{clause.id}"] = None

    @property
    def thinned(self) -> tuple[str, ...]:
        """``treaty/clause`` of those for which there was more to try than was tried."""
        return tuple(self._thinned)

    def made(
        self,
        choice: Mapping[str, Any],
        treaty: Treaty,
        clause: Clause,
        party: str,
        place: Place | None,
    ) -> Situation | None:
        """Return the situation of some facts, or None where there cannot be one."""
        on = day_of(treaty, clause, self.settings, party)
        return Maker(treaty, clause, self.settings, on).made(party, choice, place, self.atoms)

    def situations(
        self,
        formula: Formula,
        treaty: Treaty,
        clause: Clause,
        party: str,
        *,
        odd: bool = False,
    ) -> Iterator[Situation]:
        """Yield the situations under which a formula about a party may hold."""
        for _, made in self.chosen(formula, treaty, clause, party, odd=odd):
            yield made


def _case(treaty: Treaty, clause: Clause, settings: Settings, party: str) -> Case:
    actor = Actor("d", Deployment(id="d", party=party, kind="ground_force"))
    on = day_of(treaty, clause, settings, party)
    return Case(treaty, clause, Scene((actor,), ()), actor, on, settings)


def _sets(clauses: Iterable[tuple[Treaty, Clause]], settings: Settings) -> Iterator[States]:
    """Yield the sets of states that expressions name, apart from those of a party's own."""
    for treaty, clause in clauses:
        readings = {one.name: settings.chosen(one) for one in treaty.readings}
        case = _case(treaty, clause, settings, "USA")
        nodes = list(all_of(treaty, clause, readings))
        for side in treaty.sides:
            nodes += written_out(treaty, side.states, readings)
        for node in nodes:
            if isinstance(node, Combine) or (
                isinstance(node, Name | Call) and node.name in ("states", "group", "parties")
            ):
                words = {
                    one.name
                    for one in written_out(treaty, node, readings)
                    if isinstance(one, Name | Call)
                }
                if not words & _PERSONAL and not _is_number(words):
                    value = value_of(node, case)
                    if isinstance(value, frozenset):
                        yield value


def _is_number(words: set[str]) -> bool:
    return not words & {"states", "group", "parties", "everyone"}
