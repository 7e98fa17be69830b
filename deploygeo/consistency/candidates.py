"""From a choice of facts and a place to the situation that has them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from deploygeo import geodesy
from deploygeo.checker.findings import Settings
from deploygeo.checker.scene import AIRCRAFT
from deploygeo.checker.timing import entry_into_force
from deploygeo.consistency.conditions import PARTNERS
from deploygeo.consistency.logic import Atom, Formula, atoms_of, models, truth_of
from deploygeo.consistency.places import Place
from deploygeo.consistency.situations import PRINCIPAL, Draft, Situation, drafted
from deploygeo.model._flaws import MAX_KM
from deploygeo.model.vocabulary import BOMBERS
from deploygeo.treaties import Clause, Treaty

__all__ = ["RANGES_KM", "Maker", "choices_of", "fits", "is_free"]

RANGES_KM: Final = (50.0, 300.0, 500.0, 800.0, 1000.0, 1600.0, 2500.0, 5500.0)
"""From coastal missiles to the longest of the intermediate ones."""

_AFLOAT: Final = frozenset({"surface_warship", "auxiliary_ship", "coast_guard", "submarine"})
_ANYWHERE: Final = AIRCRAFT | {"exercise", "nuclear_weapon"}
_DIRECT: Final = {
    "kind": "kind",
    "activity": "activity",
    "basing": "basing",
    "nuclear": "nuclear",
    "framework": "framework",
    "scenario": "scenario",
    "echelon": "echelon",
    "personnel": "personnel",
    "brigades": "brigades",
    "range": "range_km",
    "loadable_range": "loadable_range_km",
    PARTNERS: "partners",
}
_WHOLE: Final = frozenset({"personnel", "brigades"})


def is_free(atom: Atom) -> bool:
    """Return whether a fact is not chosen but follows from the place and the world."""
    return bool(atom.rests_on)


def fits(kind: str, place: Place) -> bool:
    """Return whether a kind of deployment belongs where it is: ships at sea, sites on land.

    >>> at_sea = Place("Black Sea", 34.0, 43.0, "sea")
    >>> fits("surface_warship", at_sea), fits("missile_launcher", at_sea)
    (True, False)
    """
    if kind in _ANYWHERE:
        return True
    return (kind in _AFLOAT) == (place.medium == "sea")


def choices_of(
    formula: Formula, domains: Mapping[str, Sequence[Any]], whole: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """Yield choices of facts under which a formula may hold, whatever the place makes of it.

    Every value of a quantity that a reach rests on is tried, since the place decides which of them
    matter, and every value of the facts that are `whole`.

    Examples
    --------
    >>> far = Atom("land RUS within range", "", rests_on=frozenset({"place", "range"}))
    >>> list(choices_of(far, {far.fact: (False, True), "range": (300.0, 500.0)}))
    [{'range': 300.0}, {'range': 500.0}]
    """
    rests = {fact for atom in atoms_of(formula) for fact in atom.rests_on}
    for choice in models(formula, domains, free=is_free, whole=whole):
        settled = frozenset(whole).intersection(choice)
        quantities = sorted(rests.intersection(domains).difference(settled))
        yield from _spread(formula, domains, quantities, choice)


def _spread(
    formula: Formula,
    domains: Mapping[str, Sequence[Any]],
    quantities: Sequence[str],
    choice: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    if not quantities:
        yield choice
        return
    fact, rest = quantities[0], quantities[1:]
    atoms = [atom for atom in atoms_of(formula) if atom.fact == fact]
    for value in domains[fact]:
        # a chosen value stands for all that its atoms do not tell apart
        alike = fact not in choice or all(
            atom.holds(value) == atom.holds(choice[fact]) for atom in atoms
        )
        if alike and truth_of(formula, {**choice, fact: value}) is not False:
            yield from _spread(formula, domains, rest, {**choice, fact: value})


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes situations for one clause.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
    settings : Settings
    on : date
        The day on which it is asked of what has no date.
    """

    treaty: Treaty
    clause: Clause
    settings: Settings
    on: date

    def made(
        self,
        party: str,
        choice: Mapping[str, Any],
        place: Place | None,
        atoms: Mapping[str, Atom],
    ) -> Situation | None:
        """Return the situation of some facts at a place; None where there cannot be one.

        Parameters
        ----------
        party : str
        choice : mapping
            Facts that matter.
        place : Place or None
            None for a record.
        atoms : mapping of str to Atom
            By fact: what the facts are about.
        """
        if self.clause.subject == "record":
            return Situation(self._record(party, choice))
        values: dict[str, Any] = {"id": PRINCIPAL, "party": party, "kind": "ground_force"}
        for fact, value in choice.items():
            name = _DIRECT.get(fact)
            if name is not None and value is not None:
                values[name] = int(value) if fact in _WHOLE else value
        if choice.get("un_mandate"):
            values["un_mandate"] = "asserted"
        if not self._reach(values, choice):
            return None
        values["stay"] = self._stay(choice)
        if values["kind"] in BOMBERS:
            values.setdefault("activity", "deploy")
        main = drafted(values, place)
        others = [
            other
            for fact, value in choice.items()
            if fact in atoms and not isinstance(value, str)
            for other in self._others(main, atoms[fact], value)
        ]
        return Situation(main, tuple(others))

    def _reach(self, values: dict[str, Any], choice: Mapping[str, Any]) -> bool:
        """Split the reach of an aircraft into that of its weapon and its own."""
        whole = choice.get("platform_range")
        if whole is None or values["kind"] not in AIRCRAFT:
            return True
        carried = values.setdefault("range_km", max(0.0, whole - MAX_KM))
        values["radius_km"] = whole - carried
        return bool(0.0 <= whole - carried <= MAX_KM)

    def _stay(self, choice: Mapping[str, Any]) -> object:
        start = entry_into_force(self.treaty, self.settings)
        days = choice.get("days_in_force")
        if days is not None and start is not None:
            return _day(start, days)
        length = choice.get("stay_days")
        if length is not None:
            return (self.on, _day(self.on, max(0.0, length - 1.0)))
        return self.on if "notice_days" in choice else None

    def _record(self, party: str, choice: Mapping[str, Any]) -> Draft:
        kind = choice.get("record", "accession")
        start = entry_into_force(self.treaty, self.settings)
        days = choice.get("days_in_force")
        values: dict[str, Any] = {
            "id": PRINCIPAL,
            "kind": kind,
            "party": party,
            "stay": self.on if days is None or start is None else _day(start, days),
        }
        partners = choice.get(PARTNERS, ())
        match kind:
            case "accession":
                values["group"] = choice.get("joins", "NATO")
            case "cooperation":
                values["partners"] = partners or ("CHE",)
            case "consent":
                values |= {"by": (party, *partners), "subject": (self.clause.id,)}
            case "finding":
                values |= {"clause": self.clause.id, "states": True}
            case "notice":
                values |= {"by": (party,)}
        if kind not in ("cooperation", "consent"):
            values["partners"] = partners
        return drafted(values)

    def _others(self, main: Draft, atom: Atom, value: Any) -> Iterator[Draft]:
        """Yield the records and forces that make a fact what it is chosen to be."""
        fact = atom.fact
        if fact.startswith("consent of ") and value and isinstance(atom.about, frozenset):
            by = tuple(sorted(atom.about))
            if by:
                yield drafted(
                    {"id": "consent", "kind": "consent", "by": by, "subject": (PRINCIPAL,)}
                )
        elif fact.startswith("found: "):
            name = str(atom.about)
            yield drafted(
                {
                    "id": f"finding-{name}"[:60],
                    "kind": "finding",
                    "clause": name,
                    "states": bool(value),
                    "subject": (PRINCIPAL,),
                }
            )
        elif fact == "notice_days":
            yield drafted(
                {
                    "id": "notice",
                    "kind": "notice",
                    "by": (main.given["party"],),
                    "subject": (PRINCIPAL,),
                    "stay": self.on - timedelta(days=min(int(value), (self.on - date.min).days)),
                }
            )
        elif fact.startswith("separation from ") and isinstance(atom.about, tuple):
            states, kinds = atom.about
            other = self._neighbour(main, states, kinds, float(value))
            if other is not None:
                yield other

    def _neighbour(
        self, main: Draft, states: frozenset[str], kinds: Sequence[str], km: float
    ) -> Draft | None:
        """Return a force of one of some states at a distance; None where there need be none."""
        if main.place is None or not states or not kinds or km > 5_000.0:
            return None
        lon, lat = geodesy.direct(main.place.lon, main.place.lat, 0.0, km * 1000.0)
        spot = Place("beside it", round(float(lon), 6), round(float(lat), 6), main.place.medium)
        activity = "fly" if kinds[0] in AIRCRAFT else None
        party = "USA" if "USA" in states else "RUS" if "RUS" in states else min(states)
        return drafted(
            {"id": "other", "party": party, "kind": kinds[0], "activity": activity}, spot
        )


def _day(start: date, days: float) -> date:
    last = (date.max - start).days
    return start + timedelta(days=min(last, math.floor(days)))
