"""The nearest position that complies, found by stepping as far as the margin allows."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Move
from deploygeo.clauses.evaluate import evaluate
from deploygeo.clauses.outcome import Outcome, negation
from deploygeo.geodesy import direct, inverse

__all__ = ["nearest_compliant"]

COMPASS: Final = 8
"""Directions tried besides those to and from the witness."""

MOST_POSITIONS: Final = 60
"""Positions tried on one set of bearings: each measures anew, and a check has many findings."""

MOST_REFINED: Final = 4
"""Besides these, positions tried between the bearings once one complies."""

_APART_DEG: Final = 5.0
# The best on the bearings is refined where more than a tenth of it may be gained, and looked for
# anew where more than half may.
_WORTH: Final = 1.1
_FAR: Final = 2.0
_FLOOR_M: Final = 50.0
_HALF_GLOBE_M: Final = 2.0e7


def nearest_compliant(case: Case, outcome: Outcome, place: tuple[float, float]) -> Move | None:
    """Return the nearest position found at which the rule is certainly not breached.

    The score of the breach falls by at most one metre a metre, so on every bearing nothing
    complies before what has been gone plus the score there. The bearing on which that is
    least is followed first, so the first position that complies is the nearest on all of
    them, to 50 m or 1 %. Then the bearings on either side of it are tried, at half the angle
    each time, a little nearer than the best; those on which that complies are followed back
    to where they begin to. Where that is still far beyond the score at the place itself, than
    which nothing is nearer, the bearings half-way between are followed too. A position
    between may be nearer still. None where place does not decide or nothing was found.
    """
    depth_m = outcome.score_m[1]
    if not math.isfinite(depth_m) or depth_m <= 0:
        return None
    case.wanted = "score"
    around = _Around(case, place)
    found = _first(around, list(_bearings(outcome, place)), depth_m, _HALF_GLOBE_M)
    if found is not None and found[1] > _WORTH * depth_m:
        found = _nearer(around, *found, depth_m)
    if found is None or found[1] > _FAR * depth_m:
        # far beyond what cannot comply: perhaps a pocket between the bearings was missed
        between = [(i + 0.5) * 360.0 / COMPASS for i in range(COMPASS)]
        farthest = _HALF_GLOBE_M if found is None else found[1]
        found = _first(around, between, depth_m, farthest) or found
    case.place, case.wanted = place, "all"
    if found is None:
        return None
    bearing, gone = found
    return Move(gone / 1000, bearing % 360.0, *around.at(bearing, gone))


class _Around:
    """How deep a breach may be at positions around a place, as far as that was asked."""

    def __init__(self, case: Case, place: tuple[float, float]) -> None:
        self._case = case
        self._place = place
        self._asked: list[tuple[float, float, float]] = []

    def at(self, bearing: float, gone: float) -> tuple[float, float]:
        """Return the position so far from the place on a bearing."""
        lon, lat = direct(*self._place, bearing, gone)
        return float(lon), float(lat)

    def score_m(self, bearing: float, gone: float, enough_m: float) -> float:
        """Return how deep a breach may be at a position.

        Where the positions asked before say that it is deeper than `enough_m`, that is a lower
        bound: the score changes by at most one metre a metre, and it costs much to ask anew.
        """
        lon, lat = self.at(bearing, gone)
        if self._asked:
            asked = np.array(self._asked)
            away_m, _ = inverse(lon, lat, asked[:, 0], asked[:, 1])
            least_m = float((asked[:, 2] - away_m).max())
            if least_m > enough_m:
                return least_m
        self._case.place = lon, lat
        score_m = self._now()
        self._asked.append((lon, lat, score_m))
        return score_m

    def _now(self) -> float:
        clause = self._case.clause
        if clause.rule is None:
            return math.inf
        outcome = evaluate(clause.rule, self._case)
        if clause.modality == "oblige":
            outcome = negation(outcome)
        return outcome.score_m[1]


def _first(
    around: _Around, bearings: list[float], depth_m: float, farthest_m: float
) -> tuple[float, float] | None:
    """Return the bearing and distance of the nearest position on some bearings that complies."""
    heap = [(depth_m, i, bearing) for i, bearing in enumerate(bearings)]
    for _ in range(MOST_POSITIONS):
        if not heap or heap[0][0] >= farthest_m:
            break
        gone, i, bearing = heap[0]
        least_m = max(_FLOOR_M, 0.01 * gone)
        left_m = around.score_m(bearing, gone, least_m)
        if left_m <= 0:
            return bearing, gone
        heapq.heapreplace(heap, (gone + max(left_m, least_m), i, bearing))
    return None


def _nearer(around: _Around, bearing: float, gone: float, depth_m: float) -> tuple[float, float]:
    """Return a bearing and distance that comply, no farther than those given."""
    tried = 0
    angle = 360.0 / COMPASS / 2
    while tried < MOST_REFINED and gone - depth_m > max(_FLOOR_M, 0.01 * gone):
        middle = bearing
        for side in (middle - angle, middle + angle):
            near = gone - max(_FLOOR_M, 0.01 * gone)
            tried += 1
            if around.score_m(side, near, 0.0) > 0:
                continue
            bearing, gone = side, near
            least = depth_m
            # between what breaches and what complies, as far as the budget goes
            while tried < MOST_REFINED and gone - least > max(_FLOOR_M, 0.01 * gone):
                half = (least + gone) / 2
                tried += 1
                left_m = around.score_m(side, half, 0.0)
                if left_m <= 0:
                    gone = half
                else:
                    least = min(gone, half + left_m)
            break
        else:
            angle /= 2
            if angle < 1.0:
                break
    return bearing, gone


def _bearings(outcome: Outcome, place: tuple[float, float]) -> Iterator[float]:
    """Yield the bearings to and from the witnesses, the decisive one first, and a compass."""
    chosen: list[float] = []
    for measure in reversed(outcome.measures[:2]):
        back_m, back = inverse(*place, measure.lon, measure.lat)
        if float(back_m) > 1.0:
            chosen += [(float(back) + 180.0) % 360.0, float(back) % 360.0]
    chosen += [i * 360.0 / COMPASS for i in range(COMPASS)]
    for i, bearing in enumerate(chosen):
        if all(
            abs((bearing - other + 180.0) % 360.0 - 180.0) >= _APART_DEG for other in chosen[:i]
        ):
            yield bearing
