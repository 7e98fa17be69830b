"""What each fact can be: the lists to choose from, and how facts about place hang together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

from deploygeo import boundaries
from deploygeo.clauses.evaluate import Region, States
from deploygeo.consistency.conditions import PARTNERS
from deploygeo.consistency.logic import Atom, Formula, atoms_of, domains_of, every, opposite, some
from deploygeo.model import ACTIVITIES, ECHELONS, KINDS, RECORD_KINDS, groups
from deploygeo.model._flaws import MAX_BRIGADES, MAX_KM, MAX_PERSONNEL
from deploygeo.model.parties import FORMER_STATES, PARTIES
from deploygeo.model.vocabulary import SCENARIOS

__all__ = ["COUNTS", "KIND_ORDER", "cells_of_states", "facts_of", "related", "states_in_order"]

COUNTS: Final = frozenset({"personnel", "brigades", "stay_days", "days_in_force", "notice_days"})
"""Quantities that are whole numbers."""

MOST_PARTNERS: Final = 3

_NEAR_KM: Final = 10.0

# What a deployment can say at most.
_LARGEST: Final = {
    "range": MAX_KM,
    "loadable_range": MAX_KM,
    "platform_range": 2.0 * MAX_KM,
    "personnel": float(MAX_PERSONNEL),
    "brigades": float(MAX_BRIGADES),
}

# Where several would do, the one that readers know best is told.
_FIRST_STATES: Final = (
    *("USA", "RUS", "GBR", "POL", "UKR", "DEU", "FRA", "TUR", "EST", "NOR", "GEO", "BLR", "KAZ"),
    *("FIN", "SWE", "CHN", "JPN", "IND", "CUB", "SRB"),
)
_FIRST_KINDS: Final = (
    *("ground_force", "surface_warship", "missile_launcher", "heavy_bomber", "combat_aircraft"),
    *("exercise", "submarine", "nuclear_weapon", "training_mission"),
)
KIND_ORDER: Final = (*_FIRST_KINDS, *(kind for kind in KINDS if kind not in _FIRST_KINDS))
"""Every kind, the best known first."""

_BRIGADES: Final = ("brigade", "division")

_LISTS: Final[Mapping[str, Sequence[Any]]] = {
    "kind": KIND_ORDER,
    "activity": ("deploy", *(name for name in ACTIVITIES if name != "deploy")),
    "basing": (None, "ground", "sea", "air"),
    "nuclear": (None, True),
    # what is not given is unknown, and shows nothing
    "scenario": tuple(SCENARIOS),
    "echelon": ("brigade", "division", *(name for name in ECHELONS if name not in _BRIGADES)),
    "un_mandate": (None, True),
    "record": tuple(RECORD_KINDS),
}


def states_in_order() -> tuple[str, ...]:
    """Return every state that can deploy, the best known first.

    >>> states_in_order()[:3]
    ('USA', 'RUS', 'GBR')
    """
    known = set(PARTIES).difference(groups(), FORMER_STATES)
    return (*_FIRST_STATES, *sorted(known.difference(_FIRST_STATES)))


def cells_of_states(sets: Iterable[States]) -> tuple[tuple[str, ...], ...]:
    """Return the states in classes that none of some sets divides, the best known first.

    >>> [cell[0] for cell in cells_of_states([frozenset({"RUS"}), frozenset({"POL", "EST"})])]
    ['USA', 'RUS', 'POL']
    """
    asked = list(dict.fromkeys(sets))
    found: dict[tuple[bool, ...], list[str]] = {}
    for state in states_in_order():
        found.setdefault(tuple(state in one for one in asked), []).append(state)
    return tuple(tuple(cell) for cell in found.values())


def facts_of(
    formulas: Iterable[Formula], more: Mapping[str, Iterable[float]] | None = None
) -> dict[str, tuple[Any, ...]]:
    """Return the values of every fact that formulas ask.

    Parameters
    ----------
    formulas : iterable of formula
    more : mapping, optional
        Further values of quantities.

    Examples
    --------
    >>> facts_of([Atom("personnel", "> 5000", lambda people: people > 5000, (5000.0, 5001.0))])
    {'personnel': (1000.0, 5000.0, 5001.0, 6000.0)}
    """
    asked = list(formulas)
    atoms = atoms_of(*asked)
    names = {atom.text for atom in atoms if atom.fact == "framework"}
    partners = [atom.about for atom in atoms if atom.fact == PARTNERS]
    lists: dict[str, Sequence[Any]] = {
        **_LISTS,
        "framework": (None, *sorted(name for text in names for name in text.split(" "))),
        "joins": tuple(sorted(groups(), key=lambda name: (name != "NATO", name))),
        "host": tuple(sorted(boundaries.states())),
        PARTNERS: _partners([one for one in partners if isinstance(one, frozenset)]),
    }
    found = domains_of(asked, lists)
    for fact, values in found.items():
        if fact in COUNTS:
            found[fact] = tuple(value for value in values if float(value).is_integer())
        if fact == "days_in_force":  # what stands is asked before, too
            found[fact] = (*found[fact], -1.0)
        if fact.startswith("separation from "):  # the other is near enough to be placed
            found[fact] = (min(_NEAR_KM, found[fact][0]), *found[fact][1:])
        most = _LARGEST.get(fact)
        if most is not None:
            found[fact] = tuple(value for value in found[fact] if value <= most)
        if more is not None and fact in more:
            found[fact] = tuple(dict.fromkeys((*found[fact], *more[fact])))
    return found


def _partners(sets: Sequence[States]) -> tuple[tuple[str, ...], ...]:
    """Return lists of partners that share states with the sets in every way that is possible."""
    first = [cell[0] for cell in cells_of_states(sets)]
    most = min(len(set(sets)), MOST_PARTNERS)
    sizes = (*range(1, most + 1), 0)  # none named is unknown
    return tuple(part for size in sizes for part in combinations(first, size))


def related(*formulas: Formula) -> Formula:
    """Return formulas together with what ties their facts about place to each other.

    What is inside a region is inside a larger one, and not inside one that is apart; it is at no
    distance from it, and reaches it. What reaches a region reaches a larger one.

    Examples
    --------
    >>> from deploygeo.consistency.logic import satisfiable
    >>> land, sea = (Region(kind, frozenset({"USA"})) for kind in ("land", "territory"))
    >>> on_land, at_home = Atom("on land", "", about=land), Atom("at home", "", about=sea)
    >>> satisfiable(related(on_land, opposite(at_home))) is None
    True
    """
    inside: dict[str, tuple[Atom, Region]] = {}
    reach: dict[str, tuple[Atom, Region, object]] = {}
    distances: list[tuple[Atom, Region]] = []
    for atom in atoms_of(*formulas):
        match atom.about:
            case Region() if atom.cuts:
                distances.append((atom, atom.about))
            case Region():
                inside[atom.fact] = (atom, atom.about)
            case (Region() as region, text):
                reach[atom.fact] = (atom, region, text)
    ties: list[Formula] = []
    for one, here in inside.values():
        for two, there in inside.values():
            if one is not two and _is_within(here, there):
                ties.append(some([opposite(one), two]))
            elif one.fact < two.fact and _are_apart(here, there):
                ties.append(some([opposite(one), opposite(two)]))
        for atom, there in distances:
            if _is_within(here, there):
                near: Formula = atom if atom.holds(0.0) else opposite(atom)
                ties.append(some([opposite(one), near]))
        for atom, there, _ in reach.values():
            if _is_within(here, there):
                ties.append(some([opposite(one), atom]))
    for one, here, text in reach.values():
        for two, there, other in reach.values():
            if one is not two and text == other and _is_within(here, there):
                ties.append(some([opposite(one), two]))
    return every([*formulas, *ties])


def _is_within(one: Region, other: Region) -> bool:
    if one == other:
        return True
    kinds = (one.kind, other.kind)
    fits = kinds in (("land", "land"), ("land", "territory"), ("territory", "territory"))
    return fits and one.states <= other.states


def _are_apart(one: Region, other: Region) -> bool:
    kinds = {one.kind, other.kind}
    return kinds <= {"land", "territory"} and not one.states & other.states
