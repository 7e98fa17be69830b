"""The nearest position that complies, found by stepping as far as the margin allows."""

from __future__ import annotations

import math
from typing import Final

from deploygeo import geodesy
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Move
from deploygeo.clauses.evaluate import evaluate
from deploygeo.clauses.outcome import Outcome, negation

__all__ = ["nearest_compliant"]

BEARINGS: Final = 4
"""Directions tried where the way straight off the witness is not provably the shortest."""

MOST_POSITIONS: Final = 16
"""Positions tried for one finding: each measures anew, and most checks have many findings."""

_STEPS: Final = 8
_FLOOR_M: Final = 50.0


def nearest_compliant(case: Case, outcome: Outcome, place: tuple[float, float]) -> Move | None:
    """Return the nearest position found at which the rule is certainly not breached.

    The score of the breach falls by at most one metre a metre, so no position nearer than
    the score complies: a way on which it falls that fast is the shortest. Otherwise the
    shortest of several bearings is given, which is a position that complies though perhaps
    not the nearest. None where place does not decide or nothing was found.
    """
    depth_m = outcome.score_m[1]
    if not math.isfinite(depth_m) or depth_m <= 0:
        return None
    bearings = [i * 360.0 / BEARINGS for i in range(BEARINGS)]
    for measure in reversed(outcome.measures[:2]):  # the decisive one first
        back_m, back = geodesy.inverse(*place, measure.lon, measure.lat)
        if float(back_m) > 1.0:
            bearings[:0] = [(float(back) + 180.0) % 360.0, float(back) % 360.0]
    best: Move | None = None
    left = MOST_POSITIONS
    for bearing in bearings:
        most_m = best.distance_km * 1000 if best else 1.9e7
        found, used = _along(case, place, bearing, depth_m, most_m, min(left, _STEPS))
        left -= used
        if found is not None and (best is None or found.distance_km < best.distance_km):
            best = found
            if best.distance_km * 1000 <= depth_m + 2 * _FLOOR_M:
                break
    case.place = place
    return best


def _along(
    case: Case,
    place: tuple[float, float],
    bearing: float,
    depth_m: float,
    most_m: float,
    steps: int,
) -> tuple[Move | None, int]:
    """Return the first position on a bearing that complies, and how many were tried."""
    gone = depth_m
    for step in range(steps):
        if gone >= most_m:
            return None, step
        lon, lat = geodesy.direct(*place, bearing, gone)
        case.place = (float(lon), float(lat))
        rule = case.clause.rule
        if rule is None:
            return None, step
        outcome = evaluate(rule, case)
        if case.clause.modality == "oblige":
            outcome = negation(outcome)
        if outcome.score_m[1] <= 0:
            return Move(gone / 1000, bearing % 360.0, float(lon), float(lat)), step + 1
        gone += max(outcome.score_m[1], _FLOOR_M, 0.01 * gone)
    return None, steps
