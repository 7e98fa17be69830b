"""The nearest position that complies, found by stepping as far as the margin allows."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from typing import Final

from deploygeo import geodesy
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Move
from deploygeo.clauses.evaluate import evaluate
from deploygeo.clauses.outcome import Outcome, negation

__all__ = ["nearest_compliant"]

COMPASS: Final = 8
"""Directions tried besides those to and from the witness."""

MOST_POSITIONS: Final = 40
"""Positions tried for one finding: each measures anew, and most checks have many findings."""

_APART_DEG: Final = 5.0
_FLOOR_M: Final = 50.0
_HALF_GLOBE_M: Final = 2.0e7


def nearest_compliant(case: Case, outcome: Outcome, place: tuple[float, float]) -> Move | None:
    """Return the nearest position found at which the rule is certainly not breached.

    The score of the breach falls by at most one metre a metre, so on every bearing nothing
    complies before what has been gone plus the score there. The bearing on which that is
    least is followed first, so the first position that complies is the nearest on all of
    them, to 50 m or 1 %. A position between the bearings may be nearer still, but none is
    nearer than the score at the place itself. None where place does not decide or nothing was
    found.
    """
    depth_m = outcome.score_m[1]
    if not math.isfinite(depth_m) or depth_m <= 0:
        return None
    heap = [(depth_m, i, bearing) for i, bearing in enumerate(_bearings(outcome, place))]
    found = None
    for _ in range(MOST_POSITIONS):
        if not heap or heap[0][0] > _HALF_GLOBE_M:
            break
        gone, i, bearing = heap[0]
        lon, lat = geodesy.direct(*place, bearing, gone)
        left_m = _score_m(case, (float(lon), float(lat)))
        if left_m <= 0:
            found = Move(gone / 1000, bearing % 360.0, float(lon), float(lat))
            break
        heapq.heapreplace(heap, (gone + max(left_m, _FLOOR_M, 0.01 * gone), i, bearing))
    case.place = place
    return found


def _bearings(outcome: Outcome, place: tuple[float, float]) -> Iterator[float]:
    """Yield the bearings to and from the witnesses, the decisive one first, and a compass."""
    chosen: list[float] = []
    for measure in reversed(outcome.measures[:2]):
        back_m, back = geodesy.inverse(*place, measure.lon, measure.lat)
        if float(back_m) > 1.0:
            chosen += [(float(back) + 180.0) % 360.0, float(back) % 360.0]
    chosen += [i * 360.0 / COMPASS for i in range(COMPASS)]
    for i, bearing in enumerate(chosen):
        if all(
            abs((bearing - other + 180.0) % 360.0 - 180.0) >= _APART_DEG for other in chosen[:i]
        ):
            yield bearing


def _score_m(case: Case, place: tuple[float, float]) -> float:
    """Return how deep a breach may be at a place."""
    case.place = place
    rule = case.clause.rule
    if rule is None:
        return math.inf
    outcome = evaluate(rule, case)
    if case.clause.modality == "oblige":
        outcome = negation(outcome)
    return outcome.score_m[1]
