"""What a clause closes to a party: the set of places that its own expression describes.

A rule is read as a set. What it says of place (`inside`, `reaches`, `distance`, `host_in`)
becomes regions and what is within a distance of them; *and*, *or*, *not* become intersection,
union and complement. What it asks of the deployment and not of the place (its kind, its activity,
its numbers) is taken to be such that the clause bites, and is told as assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from deploygeo import boundaries
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Settings
from deploygeo.checker.scene import Actor, Scene
from deploygeo.clauses.evaluate import States, value_of
from deploygeo.clauses.expression import And, Not
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.model import Deployment, Interval
from deploygeo.treaties import Clause, Treaty
from deploygeo.zones.construe import REACH_WORDS, construed, placeless
from deploygeo.zones.locus import Place

__all__ = ["Closed", "bound_by", "closed_to"]


@dataclass(frozen=True, slots=True)
class Closed:
    """What a clause closes to a party, and under which choices.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
    party : str
    range_km : float or None
        The reach of the weapon; None where the clause asks for none.
    on : date
        The day for which dated sets and holders were taken.
    settings : Settings
    place : Place
        The set.
    assumed : tuple of str
        What the rule asks and is taken as holding, since it is not about place.
    unless : tuple of str
        Exceptions that would excuse; they are not taken off.
    readings : dict of str to str
        The readings that the set depends on.
    overseas : bool
        Whether overseas territories count.
    sides : tuple of (str, frozenset of str)
        The sides of the treaty on the day.
    """

    treaty: Treaty
    clause: Clause
    party: str
    range_km: float | None
    on: date
    settings: Settings
    place: Place
    assumed: tuple[str, ...]
    unless: tuple[str, ...]
    readings: dict[str, str]
    overseas: bool
    sides: tuple[tuple[str, States], ...] = ()


def bound_by(treaty: Treaty, clause: Clause, settings: Settings) -> tuple[str, ...]:
    """Return the parties that a clause binds on the day, sorted.

    Raises
    ------
    SettingError
        If the clause has no rule about where deployments are.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> draft = load("us-russia-2021")
    >>> bound_by(draft, draft.clause("5.2"), Settings())
    ('RUS', 'USA')
    """
    _check_placed(treaty, clause)
    case = _case(treaty, clause, "", None, settings)
    bearers = case.parties if clause.bearers is None else value_of(clause.bearers, case)
    return tuple(sorted(bearers)) if isinstance(bearers, frozenset) else ()


def closed_to(
    treaty: Treaty,
    clause: Clause,
    party: str,
    range_km: float | None = None,
    settings: Settings | None = None,
) -> Closed:
    """Return what a clause closes to a party.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
    party : str
        ISO 3166-1 alpha-3.
    range_km : float, optional
        The reach of the weapon, for clauses that depend on one.
    settings : Settings, optional

    Raises
    ------
    UnknownNameError
        If the clause does not bind the party.
    SettingError
        If the clause is not about place, or lacks a range or a parameter.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> draft = load("us-russia-2021")
    >>> print(closed_to(draft, draft.clause("5.2"), "USA", 1600).place)
    outside the territory of USA and within 1600 km of the land of RUS
    """
    settings = settings or Settings()
    bound = bound_by(treaty, clause, settings)
    name = f"{treaty.id}/{clause.id}"
    if party not in bound:
        raise UnknownNameError(f"party of {name}", party, bound)
    if range_km is not None and not (0.0 <= range_km < math.inf):
        raise SettingError(f"the range {range_km} is no number of kilometres from 0 on")
    case = _case(treaty, clause, party, range_km, settings)
    rule = clause.rule if clause.modality == "prohibit" or clause.rule is None else Not(clause.rule)
    breach = clause.applies if rule is None else And((clause.applies, rule))
    found = construed(breach, case, name, range_km)
    if not found.is_placed:
        raise SettingError(placeless(name, "its rule names no place under these readings"))
    overseas = case.overseas  # a reading too: asked before those that were consulted are told
    return Closed(
        treaty,
        clause,
        party,
        range_km if found.asks_range else None,
        case.on,
        settings,
        found.place,
        found.assumed,
        tuple(f"{one.name}: {one.text}" for one in clause.unless),
        {
            item.name: settings.readings.get(item.name, item.default)
            for item in treaty.readings
            if item.name in case.consulted
        },
        overseas,
        tuple(zip((side.name for side in treaty.sides), case.sides, strict=True)),
    )


def _check_placed(treaty: Treaty, clause: Clause) -> None:
    name = f"{treaty.id}/{clause.id}"
    if clause.check == "none":
        raise SettingError(placeless(name, clause.why or "it is not checkable"))
    if clause.check == "flag":
        raise SettingError(placeless(name, "only a human can decide it"))
    if clause.subject == "record":
        raise SettingError(placeless(name, "it asks of records, which have no place"))


def _case(
    treaty: Treaty, clause: Clause, party: str, range_km: float | None, settings: Settings
) -> Case:
    # Its kind is never asked: what is not about place is assumed.
    actor = Actor("zone", Deployment(id="zone", party=party or "USA", kind="surface_warship"))
    day = settings.on or treaty.reference_date or boundaries.DEFAULT_ON
    case = Case(treaty, clause, Scene((actor,), ()), actor, day, settings)
    reach = Interval(0.0, math.inf) if range_km is None else Interval(range_km, range_km)
    case.assigned.update(dict.fromkeys(REACH_WORDS, reach))
    return case
