"""Two treaties side by side: what one forbids and the other does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from deploygeo.checker.findings import Settings
from deploygeo.checker.settings import prepared
from deploygeo.consistency.advice import Outcome, smallest
from deploygeo.consistency.gaps import Gap, Row, gaps_of, in_order, rows_of
from deploygeo.consistency.hits import Hit, Hits, Ranges, features_of, ranged
from deploygeo.consistency.situations import Situation
from deploygeo.consistency.survey import Survey, checkable
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.treaties import Clause, Treaty, load

__all__ = ["Comparison", "Difference", "compare"]

_SECOND: Final = "(second)"


@dataclass(frozen=True, slots=True)
class Difference:
    """Deployments of one sort that one treaty forbids and the other does not.

    Parameters
    ----------
    forbids, allows : str
        The ids of the treaties.
    clause : str
        Of the treaty that forbids them.
    against : tuple of str
        The clauses of the other treaty that are about such deployments, but forbid them at other
        places or ranges only; empty where nothing in it is about them.
    undecided : tuple of str
        Clauses of the other treaty that may forbid them, once something left open is known.
    parties : tuple of str
        Who is forbidden: of states that no clause tells apart, the best known.
    kinds : tuple of str
        Of kinds that no clause tells apart, the best known.
    features : tuple of str
        What else matters, in words.
    rows : tuple of Row
        Where, and at which ranges of those tried.
    witness : Situation
        The smallest.
    outcomes : tuple of Outcome
        What the clauses say of the witness.
    review : bool
        Only if a human finds so.
    """

    forbids: str
    allows: str
    clause: str
    against: tuple[str, ...]
    undecided: tuple[str, ...]
    parties: tuple[str, ...]
    kinds: tuple[str, ...]
    features: tuple[str, ...]
    rows: tuple[Row, ...]
    witness: Situation
    outcomes: tuple[Outcome, ...] = ()
    review: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison of two treaties found.

    Parameters
    ----------
    treaties : tuple of str
        Their ids.
    settings : Settings
    differences : tuple of Difference
    gaps : tuple of Gap
    covered : tuple of str
        ``treaty/clause`` of those of which everything found is forbidden by the other treaty too.
    silent : tuple of str
        ``treaty/clause`` of those that nothing was found to violate.
    candidates : int
        Deployments and records that were tried.
    alike : mapping of str to tuple of str
        For each state or kind that stands for others, all of those: no clause tells them apart,
        but for what is a state's own.
    top_km : float
        The greatest range that was tried.
    thinned : tuple of str
        ``treaty/clause`` of those for which there was more to try than could be tried.
    as_if : tuple of str
        Those of the treaties that are drafts.
    """

    treaties: tuple[str, str]
    settings: Settings
    differences: tuple[Difference, ...] = ()
    gaps: tuple[Gap, ...] = ()
    covered: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    candidates: int = 0
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    top_km: float = 0.0
    thinned: tuple[str, ...] = ()
    as_if: tuple[str, ...] = ()

    @property
    def are_same(self) -> bool:
        """Whether no difference was found."""
        return not self.differences


def compare(
    a: str | Path | Treaty,
    b: str | Path | Treaty,
    *,
    clauses: Iterable[str] | None = None,
    on: date | str | None = None,
    worldview: str = "un",
    readings: Mapping[str, str] | None = None,
    params: Mapping[str, float] | None = None,
    in_force: date | str | None = None,
    level: str = "hybrid",
) -> Comparison:
    """Look for deployments that one treaty forbids and another does not, and what neither closes.

    Candidates come from the clauses of both: every kind of deployment that they tell apart, by
    every party that they tell apart, with ranges at and beside every limit, at telling places. It
    is a search: it shows what it found, and there may be more.

    Parameters
    ----------
    a, b : id, path or Treaty
    clauses : iterable of str, optional
        ``treaty/clause``: only these; all that can be checked by default.
    on, worldview, readings, params, in_force, level
        As for `deploygeo.check`.

    Returns
    -------
    Comparison
        Differences grouped by clause, kind and bearer, each with its places and ranges and the
        smallest deployment that shows it.

    Raises
    ------
    UnknownNameError
        For an unknown treaty, clause, worldview, reading or parameter.
    TreatyError
        If a treaty file is wrong.
    SettingError
        For an option that does not fit, or if neither treaty has a clause that can be checked.

    Examples
    --------
    >>> found = compare("us-russia-2021", "nato-russia-2021", level="ne10",
    ...                 clauses=["us-russia-2021/4.1", "nato-russia-2021/6"])
    >>> found.are_same, found.covered
    (True, ('us-russia-2021/4.1', 'nato-russia-2021/6'))
    >>> compare("us-russia-2021", "us-russia-2021").are_same
    True
    """
    one, two = _both(a, b)
    _, settings = prepared(
        (one,) if one is two else (one, two),
        on=on,
        worldview=worldview,
        readings=readings,
        params=params,
        in_force=in_force,
        level=level,
    )
    ids = (one.id, two.id)
    drafts = tuple(dict.fromkeys(item.id for item in (one, two) if item.status == "draft"))
    asked = _asked((one, two), clauses)
    if one is two:
        return Comparison(ids, settings, as_if=drafts)
    survey = Survey((one, two), settings, asked)
    hits = Hits(survey, one, two)
    differences = _differences(hits)
    gaps = gaps_of(hits)
    names = [(f"{treaty.id}/{clause.id}", treaty, clause) for treaty, clause in asked]
    told = {f"{item.forbids}/{item.clause}" for item in differences}
    violated = {f"{hit.treaty.id}/{hit.clause.id}" for hit in hits.found}
    return Comparison(
        ids,
        settings,
        differences,
        gaps,
        tuple(name for name, *_ in names if name in violated - told),
        tuple(name for name, *_ in names if name not in violated),
        survey.count,
        {cell[0]: cell for cell in (*survey.cells, *survey.kind_cells)},
        max(map(float, survey.domains.get("range", (0.0,)))),
        survey.thinned,
        drafts,
    )


def _both(a: str | Path | Treaty, b: str | Path | Treaty) -> tuple[Treaty, Treaty]:
    """Load two treaties; two versions of one are named apart."""
    one, two = (item if isinstance(item, Treaty) else load(item) for item in (a, b))
    if one == two:
        return one, one
    return one, replace(two, id=f"{two.id} {_SECOND}") if one.id == two.id else two


def _asked(
    treaties: tuple[Treaty, Treaty], clauses: Iterable[str] | None
) -> tuple[tuple[Treaty, Clause], ...]:
    known = [(treaty, clause) for treaty in treaties for clause in checkable(treaty)]
    if not known:
        raise SettingError(
            f"neither {treaties[0].id} nor {treaties[1].id} has a clause that can be checked"
        )
    if clauses is None:
        return tuple(known)
    by_name = {f"{treaty.id}/{clause.id}": (treaty, clause) for treaty, clause in known}
    wanted = dict.fromkeys(clauses)
    for name in wanted:
        if name not in by_name:
            raise UnknownNameError("clause", name, by_name)
    if not wanted:
        raise SettingError("name at least one clause")
    return tuple(by_name[name] for name in by_name if name in wanted)


def _differences(hits: Hits) -> tuple[Difference, ...]:
    sorts: dict[tuple[object, ...], Ranges] = {}
    heads: dict[tuple[object, ...], Hit] = {}
    for hit in (*hits.found, *hits.escapes()):
        allowed = hits.plainly(hit.situation, hits.other(hit.treaty))
        if allowed is not None and hits.violates(allowed, hit.treaty, hit.clause):
            heads.setdefault(hit.sort, hit)
            ranged(sorts.setdefault(hit.sort, {}), allowed)
    found = [
        _difference(hits, [heads[sort] for sort in same], [sorts[sort] for sort in same])
        for same in _merged(hits, sorts, heads)
    ]
    order = [(treaty.id, clause.id) for treaty, clause in hits.survey.clauses]
    found.sort(key=lambda one: (one.review, order.index((one.forbids, one.clause))))
    return tuple(found)


def _merged(
    hits: Hits,
    sorts: Mapping[tuple[object, ...], Ranges],
    heads: Mapping[tuple[object, ...], Hit],
) -> Iterable[list[tuple[object, ...]]]:
    """Return sorts together that differ in who or in the kind alone."""
    by_party: dict[object, list[tuple[object, ...]]] = {}
    for sort, rows in sorts.items():
        treaty, clause, party, _, features = sort
        about = _about(hits, heads[sort])
        key = (treaty, clause, party, features, about, frozenset(rows_of(rows)))
        by_party.setdefault(key, []).append(sort)
    merged: dict[object, list[tuple[object, ...]]] = {}
    for same in by_party.values():
        treaty, clause, _, _, features = same[0]
        kinds = tuple(sort[3] for sort in same)
        rows_there = frozenset(rows_of(sorts[same[0]]))
        about = _about(hits, heads[same[0]])
        key = (treaty, clause, kinds, features, about, rows_there)
        merged.setdefault(key, []).extend(same)
    return merged.values()


def _difference(hits: Hits, same: list[Hit], rows: list[Ranges]) -> Difference:
    hit, survey = same[0], hits.survey
    allows = hits.other(hit.treaty)
    clauses = hits.clauses(allows)
    ordered = in_order(survey, hit.party, rows[0])
    first = next(iter(ordered.values()))

    def shows(one: Situation) -> bool:
        return survey.is_violated(one, hit.treaty, hit.clause) and hits.says(one, allows) in (
            "allowed",
            "left-open",
        )

    witness = smallest(first[min(first)], shows)
    outcomes = [Outcome(hit.treaty.id, hit.clause.id, "violation")]
    for clause in clauses:
        verdict = survey.tried(witness, allows, clause).verdict
        if verdict != "not-applicable" and not hits.is_ruled_out(witness, allows, clause):
            outcomes.append(Outcome(allows.id, clause.id, verdict))
    return Difference(
        hit.treaty.id,
        allows.id,
        hit.clause.id,
        _about(hits, hit),
        hits.undecided(allows, rows[0]),
        tuple(dict.fromkeys(one.party for one in same)),
        tuple(dict.fromkeys(one.situation.kind for one in same)),
        features_of(hit.situation),
        rows_of(ordered),
        witness,
        tuple(outcomes),
        hit.clause.check == "flag",
    )


def _about(hits: Hits, hit: Hit) -> tuple[str, ...]:
    """Return the clauses of the other treaty that may forbid such a deployment elsewhere."""
    allows = hits.other(hit.treaty)
    return tuple(
        clause.id
        for clause in hits.clauses(allows)
        if clause.check != "flag" and not hits.is_ruled_out(hit.situation, allows, clause)
    )
