"""The asymmetry of a treaty: what each clause closes to each side, and whose forces it hits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from deploygeo.checker.facts import Case
from deploygeo.checker.findings import HUMAN, Settings
from deploygeo.checker.scene import Actor, Scene
from deploygeo.checker.settings import prepared
from deploygeo.checker.verdicts import Verdict, verdicts
from deploygeo.clauses.evaluate import States, value_of
from deploygeo.consistency.areas import Area, Ledger
from deploygeo.consistency.conditions import day_of
from deploygeo.consistency.deep import chosen_clauses
from deploygeo.consistency.unused import records_asked
from deploygeo.errors import Fault, SettingError
from deploygeo.io import read
from deploygeo.model import Deployment, Record, members
from deploygeo.treaties import Clause, Treaty

__all__ = ["RANGES_KM", "Audit", "Breaches", "Cost", "audit", "sides_of"]

RANGES_KM: Final = (500.0, 2500.0)
"""Ranges at which a clause about reach is measured: the ends of what cruise missiles reach."""

TOLERANCE_M: Final = 3_000.0
"""Of outlines: coarse, since shares of seas and states are told to a tenth of a hundredth."""

_OTHERS: Final = "others"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one clause closes to one side.

    Parameters
    ----------
    clause : str
    side : str
        Its name; where not all of its parties find the same closed, their codes.
    parties : tuple of str
        Those whom the clause binds and who find the same closed.
    range_km : float or None
        The reach; None where the clause asks for none.
    own_land, other_land, seas : Area or None
        What is closed of the parties' own land, of all other land, and of ten seas; None where
        nothing that the clause is about can be there.
    why : str
        Why no area was measured; empty where one was.
    """

    clause: str
    side: str
    parties: tuple[str, ...]
    range_km: float | None = None
    own_land: Area | None = None
    other_land: Area | None = None
    seas: Area | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Breaches:
    """How many deployments, records or groups of a file have which verdict, of one side.

    Parameters
    ----------
    clause : str
    side : str
        For a clause about records, the side that the clause binds.
    counts : mapping of str to int
        By verdict, without what does not apply; `HUMAN` for what only a human decides.
    """

    clause: str
    side: str
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Audit:
    """What a treaty costs each side.

    Parameters
    ----------
    treaty : str
    settings : Settings
    on : date
    sides : tuple of str
    costs : tuple of Cost
        By clause, range and side.
    breaches : tuple of Breaches
        By clause and side; empty without deployments.
    deployments, records : int
        How many were counted.
    idle_records : tuple of str
        Ids of records of a kind that no clause asks for.
    not_checkable : tuple of str
    tolerance_m : float
        Of the outlines.
    faults, warnings : tuple of Fault
        Of the deployments.
    as_if : bool
        The treaty is a draft.
    """

    treaty: str
    settings: Settings
    on: date
    sides: tuple[str, ...]
    costs: tuple[Cost, ...] = ()
    breaches: tuple[Breaches, ...] = ()
    deployments: int = 0
    records: int = 0
    idle_records: tuple[str, ...] = ()
    not_checkable: tuple[str, ...] = ()
    tolerance_m: float = TOLERANCE_M
    source: str = ""
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    as_if: bool = True


def audit(
    treaty: str | Path | Treaty,
    deployments: object = None,
    *,
    clauses: Iterable[str] | None = None,
    ranges_km: Iterable[float] | float = RANGES_KM,
    on: date | str | None = None,
    worldview: str = "un",
    readings: Mapping[str, str] | None = None,
    params: Mapping[str, float] | None = None,
    in_force: date | str | None = None,
    level: str = "hybrid",
    tolerance_m: float = TOLERANCE_M,
) -> Audit:
    """Return what every clause costs each side: the area it closes, and the forces it hits.

    Parameters
    ----------
    treaty : id, path or Treaty
    deployments : path, mapping, iterable …, optional
        As `deploygeo.check` takes them: counted by side and verdict.
    clauses : iterable of str, optional
        Only these; all that can be checked by default.
    ranges_km : float or iterable of float
        For clauses that depend on what a weapon reaches.
    on, worldview, readings, params, in_force, level
        As for `deploygeo.check`.
    tolerance_m : float
        Of the outlines. Every share has the error that this may make.

    Returns
    -------
    Audit

    Raises
    ------
    UnknownNameError
        For an unknown treaty, clause, worldview, reading or parameter.
    TreatyError
        If the treaty file is wrong.
    SettingError
        For an option that does not fit, or if the treaty has no clause that can be checked.

    Examples
    --------
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> found = audit("us-russia-2021", [ship], clauses=["7.3"], level="ne10")
    >>> found.costs[0].why
    'its rule names no place under these readings'
    >>> [(one.side, dict(one.counts)) for one in found.breaches]
    [('United States', {}), ('Russia', {})]
    """
    (loaded,), settings = prepared(
        treaty,
        on=on,
        worldview=worldview,
        readings=readings,
        params=params,
        in_force=in_force,
        level=level,
    )
    asked = [loaded.clause(id_) for id_ in chosen_clauses(loaded, clauses)]
    day = day_of(loaded, asked[0], settings)
    sides = sides_of(loaded, settings, day)
    ledger = Ledger(loaded, settings, _ranges(ranges_km), tolerance_m)
    costs = [
        Cost(
            clause.id,
            row.side,
            row.parties,
            row.range_km,
            row.own_land,
            row.other_land,
            row.seas,
            row.why,
        )
        for clause in asked
        for row in ledger.rows(clause, sides)
    ]
    source = None
    if deployments is not None:
        single = isinstance(deployments, Deployment | Record)
        source = read([deployments] if single else deployments)
    breaches: list[Breaches] = []
    idle: tuple[str, ...] = ()
    if source is not None:
        things: list[Deployment | Record] = [*source.deployments, *source.records]
        found = verdicts(things, loaded, [clause.id for clause in asked], settings)
        breaches = list(_breaches(loaded, asked, sides, found, settings, day))
        wanted = records_asked(loaded)
        idle = tuple(record.id for record in source.records if record.kind not in wanted)
    return Audit(
        loaded.id,
        settings,
        day,
        tuple(sides),
        tuple(costs),
        tuple(breaches),
        0 if source is None else len(source.deployments),
        0 if source is None else len(source.records),
        idle,
        tuple(clause.id for clause in loaded.clauses if clause.check == "none"),
        tolerance_m,
        "" if source is None else source.source,
        () if source is None else source.faults,
        () if source is None else source.warnings,
        loaded.status == "draft",
    )


def sides_of(treaty: Treaty, settings: Settings, on: date) -> dict[str, States]:
    """Return the sides of a treaty on a day, by name.

    >>> from deploygeo.treaties import load
    >>> found = sides_of(load("nato-russia-2021"), Settings(), date(2021, 12, 17))
    >>> [(name, len(states)) for name, states in found.items()]
    [('Russia', 1), ('NATO', 30)]
    """
    actor = Actor("d", Deployment(id="d", party="USA", kind="ground_force"))
    case = Case(treaty, treaty.clauses[0], Scene((actor,), ()), actor, on, settings)
    found: dict[str, States] = {}
    for side in treaty.sides:
        states = value_of(side.states, case)
        found[side.name] = states if isinstance(states, frozenset) else States()
    return found


def _breaches(
    treaty: Treaty,
    clauses: Sequence[Clause],
    sides: Mapping[str, States],
    found: Iterable[Verdict],
    settings: Settings,
    on: date,
) -> Iterator[Breaches]:
    counted: dict[tuple[str, str], Counter[str]] = {}
    bearers = {
        clause.id: _bearers(treaty, clause, settings, on)
        for clause in clauses
        if clause.subject == "record"
    }
    for one in found:
        if one.verdict == "not-applicable":
            continue
        states = bearers.get(one.clause)
        if states is None:
            states = members("NATO", on) if one.party == "NATO" else frozenset({one.party})
        side = next((name for name, of in sides.items() if of & states), _OTHERS)
        verdict = HUMAN if one.review and one.verdict == "indeterminate" else one.verdict
        counted.setdefault((one.clause, side), Counter())[verdict] += 1
    for clause in clauses:
        for side in (*sides, _OTHERS):
            counts = counted.get((clause.id, side), Counter())
            if counts or side != _OTHERS:
                yield Breaches(clause.id, side, dict(sorted(counts.items())))


def _bearers(treaty: Treaty, clause: Clause, settings: Settings, on: date) -> States:
    """Return whom a clause about records binds, as far as that does not depend on the record."""
    record = Record(id="d", kind="notice", by=("USA",), party="USA", stay=on)
    case = Case(treaty, clause, Scene((), (record,)), record, on, settings)
    states = case.parties if clause.bearers is None else value_of(clause.bearers, case)
    return states if isinstance(states, frozenset) else States()


def _ranges(given: Iterable[float] | float) -> tuple[float, ...]:
    found = []
    for value in given if isinstance(given, Iterable) else (given,):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
            raise SettingError(f"the range {value!r} is no number of kilometres above 0")
        found.append(float(value))
    if not found:
        raise SettingError("give at least one range in kilometres")
    return tuple(sorted(set(found)))
