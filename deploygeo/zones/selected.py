"""Which clauses are asked about: one by its name, or all that depend on a reach."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from deploygeo.checker.findings import Settings
from deploygeo.errors import SettingError
from deploygeo.treaties import Clause, Treaty, library, load
from deploygeo.zones.closed import bound_by, closed_to

__all__ = ["clause_of", "known_to", "strike_clauses"]

#: Within every class of missiles that a clause names, so that none of them is without effect.
_ANY_RANGE_KM = 2500.0


def clause_of(name: str | Path) -> tuple[Treaty, Clause]:
    """Return a clause by ``treaty/clause``; the treaty may be the path of its file.

    Raises
    ------
    UnknownNameError
        For an unknown treaty or clause.
    SettingError
        If only a treaty is named.

    Examples
    --------
    >>> clause_of("us-russia-2021/5.2")[1].article
    '5(2)'
    >>> clause_of("us-russia-2021/5.3x")
    Traceback (most recent call last):
    ...
    deploygeo.errors.UnknownNameError: unknown clause of us-russia-2021 '5.3x'; did you mean ...
    """
    text = str(name)
    head, slash, id_ = text.rpartition("/")
    if not slash or text.endswith(".toml"):
        treaty = load(Path(text) if text.endswith(".toml") else text)
        ids = ", ".join(clause.id for clause in treaty.clauses)
        raise SettingError(f"name a clause of the treaty: {text}/ID. Known: {ids}.")
    treaty = load(Path(head) if head.endswith(".toml") or "/" in head else head)
    return treaty, treaty.clause(id_)


def strike_clauses(settings: Settings) -> tuple[tuple[Treaty, Clause], ...]:
    """Return the shipped clauses that close more the farther a weapon reaches.

    Parameters
    ----------
    settings : Settings
        Readings may make a clause ask for a reach, or not; those that a treaty lacks are passed
        over.

    Examples
    --------
    >>> [f"{treaty.id}/{clause.id}" for treaty, clause in strike_clauses(Settings())]
    ['nato-russia-2021/5', 'us-russia-2021/5.2', 'us-russia-2021/6']
    """
    found = []
    for treaty in map(load, library()):
        known = known_to(treaty, settings)
        for clause in treaty.clauses:
            try:
                bound = bound_by(treaty, clause, known)
                closed = closed_to(treaty, clause, bound[0], _ANY_RANGE_KM, known)
            except SettingError:  # closes no place, or needs a number that nobody gave
                continue
            if closed.range_km is not None:
                found.append((treaty, clause))
    return tuple(found)


def known_to(treaty: Treaty, settings: Settings) -> Settings:
    """Return settings without readings and parameters that a treaty does not have.

    >>> known_to(load("us-russia-2021"), Settings(params={"width_km": 50.0})).params
    {}
    """
    readings = {item.name for item in treaty.readings}
    params = {item.name for item in treaty.parameters}
    return replace(
        settings,
        readings={name: value for name, value in settings.readings.items() if name in readings},
        params={name: value for name, value in settings.params.items() if name in params},
    )
