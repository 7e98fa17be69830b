"""What one party may not do and another may, since neither of two treaties forbids it to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from deploygeo.checker.findings import Settings
from deploygeo.consistency.conditions import day_of
from deploygeo.consistency.hits import Hit, Hits, Ranges, features_of, ranged
from deploygeo.consistency.places import Place, host_of
from deploygeo.consistency.situations import Situation
from deploygeo.consistency.survey import Survey

__all__ = ["Gap", "Row", "gaps_of", "in_order", "rows_of"]


MOSTLY: Final = 0.5
"""Parties are told together that have this share of their places in common."""


@dataclass(frozen=True, slots=True)
class Row:
    """A place, and the ranges of those tried at which something is so there.

    Parameters
    ----------
    place : Place or None
        None for records.
    ranges_km : tuple of float
        In order; empty where the range does not matter.
    """

    place: Place | None
    ranges_km: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What a clause forbids to some parties and neither treaty forbids to others.

    Parameters
    ----------
    treaty, clause : str
        What forbids it.
    forbidden : tuple of str
        To whom.
    open_to : tuple of str
        The parties to either treaty whom neither forbids the same at these places.
    kinds : tuple of str
    features : tuple of str
    rows : tuple of Row
        Where it is open to all of them; a party's own land and waters are left aside.
    witness : Situation
        The smallest, by the first to whom it is open.
    undecided : tuple of str
        ``treaty/clause`` of those that may forbid it, once something left open is known.
    """

    treaty: str
    clause: str
    forbidden: tuple[str, ...]
    open_to: tuple[str, ...]
    kinds: tuple[str, ...]
    features: tuple[str, ...]
    rows: tuple[Row, ...]
    witness: Situation
    undecided: tuple[str, ...] = ()


def rows_of(rows: Ranges) -> tuple[Row, ...]:
    """Return places with their ranges."""
    return tuple(
        Row(place, tuple(sorted(km for km in ranges if km >= 0.0)))
        for place, ranges in rows.items()
    )


def in_order(survey: Survey, party: str, rows: Ranges) -> Ranges:
    """Return rows with a party's own places first, then in the order of the places."""
    index = {place: at for at, place in enumerate(survey.places)}
    return dict(
        sorted(
            rows.items(),
            key=lambda row: (
                row[0] is not None and survey.hosts.get(row[0]) != party,
                -1 if row[0] is None else index[row[0]],
            ),
        )
    )


def gaps_of(hits: Hits) -> tuple[Gap, ...]:
    """Return what is forbidden to one party and open to another, by clause."""
    owners = _owners(hits.survey)
    parties = [party for party in hits.survey.parties if _is_bound(hits, party)]
    opened: dict[tuple[object, ...], Ranges] = {}
    heads: dict[tuple[object, ...], Hit] = {}
    for hit in _ends(hits):
        for party in parties:
            same = hit.situation.of(party)
            if party == hit.party or same.place is None or owners[same.place] == party:
                continue
            if hits.survey.is_odd(same.kind, party, same.place):
                continue
            first = hits.plainly(same, hits.one)
            both = None if first is None else hits.plainly(first, hits.two)
            if both is not None and hits.plainly(both, hits.one) == both:
                sort = (*hit.sort, party)
                heads.setdefault(sort, hit)
                ranged(opened.setdefault(sort, {}), both)
    # homes are left aside above, so parties that differ in nothing else have other places
    homes = {place for place, owner in owners.items() if owner in parties}
    by_bearer: dict[tuple[object, ...], list[_Open]] = {}
    for sort, rows in opened.items():
        by_bearer.setdefault(sort[:-1], []).append(_Open((str(sort[-1]),), rows, heads[sort]))
    by_kind: dict[tuple[object, ...], list[_Open]] = {}
    for (treaty, clause, bearer, _, features), found in by_bearer.items():
        for one in _together(found, homes):
            there = _elsewhere(one.rows, homes)
            key = (treaty, clause, bearer, features, one.parties, there)
            by_kind.setdefault(key, []).append(one)
    merged: dict[tuple[object, ...], list[_Open]] = {}
    for (treaty, clause, _, *rest), alike in by_kind.items():
        kinds = tuple(one.hit.situation.kind for one in alike)
        merged.setdefault((treaty, clause, kinds, *rest), []).extend(alike)
    return tuple(_gap(hits, same) for same in merged.values())


@dataclass(frozen=True, slots=True)
class _Open:
    """What is open to some parties, and a hit that shows that it is forbidden to another."""

    parties: tuple[str, ...]
    rows: Ranges
    hit: Hit


def _together(found: list[_Open], homes: set[Place]) -> list[_Open]:
    """Return parties to whom the same is open together; where some have more, what all have."""
    kept: list[_Open] = []
    for one in sorted(found, key=lambda item: len(_elsewhere(item.rows, homes))):
        mine = _elsewhere(one.rows, homes)
        for at, other in enumerate(kept):
            theirs = _elsewhere(other.rows, homes)
            if len(mine & theirs) >= MOSTLY * max(len(mine), len(theirs)):
                rows: Ranges = {}
                for place, ranges in (*other.rows.items(), *one.rows.items()):
                    row = Row(place, tuple(sorted(km for km in ranges if km >= 0.0)))
                    if place in homes or row in mine & theirs:
                        for situation in ranges.values():
                            ranged(rows, situation)
                kept[at] = _Open((*other.parties, *one.parties), rows, other.hit)
                break
        else:
            kept.append(one)
    return kept


def _elsewhere(rows: Ranges, homes: set[Place]) -> frozenset[Row]:
    return frozenset(row for row in rows_of(rows) if row.place not in homes)


def _gap(hits: Hits, same: list[_Open]) -> Gap:
    hit, order = same[0].hit, hits.survey.parties
    rows: Ranges = {}
    for one in same:
        for ranges in one.rows.values():
            for situation in ranges.values():
                ranged(rows, situation)
    ordered = in_order(hits.survey, "", rows)
    first = next(iter(ordered.values()))
    undecided = (
        f"{treaty.id}/{name}"
        for treaty in (hits.one, hits.two)
        for name in hits.undecided(treaty, rows)
    )
    return Gap(
        hit.treaty.id,
        hit.clause.id,
        tuple(dict.fromkeys(one.hit.party for one in same)),
        tuple(sorted(same[0].parties, key=order.index)),
        tuple(dict.fromkeys(one.hit.situation.kind for one in same)),
        features_of(hit.situation),
        rows_of(ordered),
        first[min(first)],
        tuple(undecided),
    )


def _ends(hits: Hits) -> Iterator[Hit]:
    """Yield the hits with the least and the greatest range at every place."""
    alike: dict[object, list[Hit]] = {}
    for hit in hits.found:
        if hit.situation.place is not None and hit.clause.check != "flag":
            alike.setdefault((*hit.sort, hit.situation.place), []).append(hit)
    for same in alike.values():
        same.sort(key=lambda hit: hit.situation.range_km or 0.0)
        yield from (same[0], same[-1]) if len(same) > 1 else same


def _is_bound(hits: Hits, party: str) -> bool:
    return any(
        clause.subject != "record" and party in hits.survey.bound(treaty, clause)
        for treaty, clause in hits.survey.clauses
    )


def _owners(survey: Survey) -> dict[Place, str | None]:
    """Return whose land or waters every place is in."""
    treaty, clause = survey.clauses[0]
    on = day_of(treaty, clause, survey.settings)
    settings: Settings = survey.settings
    return {place: host_of(place, settings, on) for place in survey.places}
