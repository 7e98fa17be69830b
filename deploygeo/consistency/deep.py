"""Deep lint: what the clauses of one treaty make impossible, needless or empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from deploygeo.checker.settings import prepared
from deploygeo.consistency.advice import CODES, Advice, DeepLint
from deploygeo.consistency.classes import meeting
from deploygeo.consistency.conditions import day_of
from deploygeo.consistency.pairs import conflicts, redundancies
from deploygeo.consistency.single import singly
from deploygeo.consistency.survey import Survey, checkable
from deploygeo.consistency.unused import unused
from deploygeo.errors import SettingError
from deploygeo.treaties import Treaty

__all__ = ["chosen_clauses", "deep_lint"]


def deep_lint(
    treaty: str | Path | Treaty,
    *,
    clauses: Iterable[str] | None = None,
    on: date | str | None = None,
    worldview: str = "un",
    readings: Mapping[str, str] | None = None,
    params: Mapping[str, float] | None = None,
    in_force: date | str | None = None,
    level: str = "hybrid",
) -> DeepLint:
    """Look for clauses that say nothing, too much, or what another clause says or denies.

    What the expressions show is proved, for the readings chosen and the day of the treaty. What
    they do not show is searched: deployments and records of every kind that the clauses tell
    apart are tried at telling places. A search that finds nothing else proves nothing.

    Parameters
    ----------
    treaty : id, path or Treaty
    clauses : iterable of str, optional
        Only these, and how they stand to each other; without them also what nothing uses.
    on, worldview, readings, params, in_force, level
        As for `deploygeo.check`.

    Returns
    -------
    DeepLint

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
    >>> found = deep_lint("us-russia-2021", clauses=["5.3", "6"], level="ne10")
    >>> [str(advice) for advice in found.advice]
    ['undecided: 5.3: nothing violates it while the parameter separation_km has no value (proved)']
    >>> deep_lint("us-russia-2021", clauses=["6"], level="ne10").is_clean
    True
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
    asked = chosen_clauses(loaded, clauses)
    survey = Survey((loaded,), settings, tuple((loaded, loaded.clause(id_)) for id_ in asked))
    advice: list[Advice] = []
    violable = []
    for _, clause in survey.clauses:
        single = singly(survey, loaded, clause)
        advice += single.advice
        if single.is_violable:
            violable.append(clause)
    advice += redundancies(survey, loaded, tuple(violable))
    advice += conflicts(survey, loaded, tuple(clause for _, clause in survey.clauses))
    advice += meeting(survey, loaded, violable)
    if clauses is None:
        advice += unused(loaded, _path_of(treaty))
    codes = list(CODES)
    order = [clause.id for clause in loaded.clauses]
    advice.sort(key=lambda one: (codes.index(one.code), [order.index(id_) for id_ in one.clauses]))
    return DeepLint(
        loaded.id,
        settings,
        day_of(loaded, survey.clauses[0][1], settings),
        tuple(advice),
        asked,
        tuple(clause.id for clause in loaded.clauses if clause.check == "none"),
        survey.count,
        loaded.status == "draft",
    )


def chosen_clauses(treaty: Treaty, clauses: Iterable[str] | None) -> tuple[str, ...]:
    """Return the ids of clauses that can be checked: those named, or all.

    Raises
    ------
    SettingError
        If there is none, or one that is named cannot be checked.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> chosen_clauses(load("nato-russia-2021"), ["5"])
    ('5',)
    >>> chosen_clauses(load("nato-russia-2021"), ["8"])
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: nato-russia-2021/8 cannot be checked: a savings clause; ...
    """
    if clauses is None:
        found = tuple(clause.id for clause in checkable(treaty))
        if not found:
            raise SettingError(f"{treaty.id} has no clause that can be checked")
        return found
    named = [treaty.clause(id_) for id_ in dict.fromkeys(clauses)]
    for clause in named:
        if clause.check == "none":
            raise SettingError(f"{treaty.id}/{clause.id} cannot be checked: {clause.why}")
    if not named:
        raise SettingError("name at least one clause")
    return tuple(clause.id for clause in named)


def _path_of(treaty: object) -> Path | None:
    if isinstance(treaty, Treaty) or not isinstance(treaty, str | Path):
        return None
    path = Path(treaty)
    return path if path.is_file() else None
