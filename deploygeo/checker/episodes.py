"""Episodes: from where to where, and when, a track is in breach."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Final, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Episode, Waypoint
from deploygeo.clauses.evaluate import evaluate
from deploygeo.clauses.expression import Node
from deploygeo.geodesy.clock import Clock
from deploygeo.geodesy.path import Path
from deploygeo.geodesy.stepping import along, crossed, lowest

__all__ = ["FLOOR_M", "MOST_EVALUATIONS", "episodes", "paths_of"]

MOST_EVALUATIONS: Final = 400
"""Evaluations of one condition along one deployment, about a millisecond each: a track of 3 000 km
needs about 20 for each episode; as many as `deploygeo.checker.explore` allows. The ends of the
episodes found are asked besides."""

FLOOR_M: Final = 100.0
"""A first and a last place are known to this, and every episode that is deeper is listed; borders
are good to some hundreds of metres."""

_SHARE = 0.01
_JOINED_M = 1.0


def episodes(case: Case, where: Node, verdict: str) -> tuple[tuple[Episode, ...], float]:
    """Return the episodes of a track in which a condition holds.

    Parameters
    ----------
    case : Case
        Of a deployment. One that is no line, or whose line is one uncertain place, has none.
    where : expression
        The whole condition of a breach, which must hold at one and the same place.
    verdict : str
        Of a violation, and of one that is excused, the episodes are those in which the condition
        certainly holds, if there are any; else those in which it may.

    Returns
    -------
    episodes : tuple of Episode
    open_km : float
        The longest stretch left undecided, in which a shorter episode may hide; 0 if the list is
        complete.

    Notes
    -----
    The score of a condition changes by at most one metre a metre of the track, for *and* and *or*
    of distances keep that. So `deploygeo.geodesy.stepping` finds every episode deeper than
    `FLOOR_M`, until `MOST_EVALUATIONS` are spent. The score counts the stated error of the borders
    against (or, where it only may hold, for) the condition. That error is not continuous: it steps
    by up to some kilometres where another stretch of border becomes the nearest, and an episode
    that only such a step makes may be missed.
    """
    deployment = getattr(case.subject, "deployment", None)
    if deployment is None or deployment.geometry is None or deployment.extent == "uncertain":
        return (), 0.0
    paths = paths_of(deployment.geometry)
    if not paths:
        return (), 0.0
    clocks: list[Clock | None] = [None] * len(paths)
    if len(paths) == 1 and len(deployment.times) == len(paths[0].lon):
        clocks = [Clock.of(deployment.times, len(deployment.times))]
    most = max(2, MOST_EVALUATIONS // len(paths))
    before = case.place
    found: list[Episode] = []
    open_km = 0.0
    for certain in (False,) if verdict == "indeterminate" else (True, False):
        rows = [
            _Search(case, where, path, clock, certain).run(most)
            for path, clock in zip(paths, clocks, strict=True)
        ]
        found = [one for row, _ in rows for one in row]
        open_km = max(width for _, width in rows)
        if found:
            break
    case.place = before
    return tuple(found), open_km


def paths_of(geometry: BaseGeometry) -> list[Path]:
    """Return the paths of a line; lines cut at the antimeridian are joined again.

    Examples
    --------
    >>> cut = shapely.MultiLineString([[(179, 0), (180, 0)], [(-180, 0), (-179, 0)]])
    >>> [round(path.length_m) for path in paths_of(cut)]
    [222639]
    >>> paths_of(shapely.Point(0, 0))
    []
    """
    if geometry.geom_type not in ("LineString", "MultiLineString"):
        return []
    lines = [shapely.get_coordinates(part) for part in shapely.get_parts(geometry)]
    groups = [[lines[0]]]
    for one, other in pairwise(lines):
        seam = Path.of(*np.array([one[-1], other[0]]).T)
        if seam.length_m <= _JOINED_M:
            groups[-1].append(other)
        else:
            groups.append([other])
    return [Path.of(*np.concatenate(group).T) for group in groups]


class _Search:
    """One condition along one path; it remembers every score."""

    def __init__(
        self, case: Case, where: Node, path: Path, clock: Clock | None, certain: bool
    ) -> None:
        self.case = case
        self.where = where
        self.path = path
        self.clock = clock
        self.certain = certain
        self.scores: dict[float, tuple[float, float]] = {}

    def values(self, way_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return minus the score, so that at or below 0 the condition holds."""
        places = zip(*(part.tolist() for part in self.path.at(way_m)), strict=True)
        for way, place in zip(way_m.tolist(), places, strict=True):
            if way not in self.scores:
                self.case.place = place
                self.scores[way] = evaluate(self.where, self.case).score_m
        end = 0 if self.certain else 1
        return np.array([-self.scores[way][end] for way in way_m.tolist()], dtype=np.float64)

    def run(self, most: int) -> tuple[list[Episode], float]:
        length = self.path.length_m
        found = crossed(self.values, length, 0.0, floor_m=FLOOR_M, tolerance_m=FLOOR_M, most=most)
        starts, ends = found.below(length)
        if len(starts) == 0:
            return [], found.open_m / 1000
        place, value = along(self.values, found, starts, ends)
        least = lowest(
            self.values,
            place,
            value,
            starts,
            ends,
            lambda depth: np.maximum(FLOOR_M, _SHARE * np.abs(depth)),
            most=max(0, most - len(place)),
        )
        rows = zip(
            self.points(starts),
            self.points(ends, last=True),
            self.points(least.place),
            (self.scores[way] for way in least.place.tolist()),
            (starts == 0.0).tolist(),
            (ends == length).tolist(),
            strict=True,
        )
        return [
            Episode(first, last, deepest, (lo / 1000, hi / 1000), self.certain, begin, end)
            for first, last, deepest, (lo, hi), begin, end in rows
        ], found.open_m / 1000

    def points(self, way_m: NDArray[np.float64], *, last: bool = False) -> list[Waypoint]:
        lon, lat = self.path.at(way_m)
        times: list[datetime | None] = [None] * len(way_m)
        if self.clock is not None:
            fix, fraction = self.path.locate(way_m, last=last)
            times = cast("list[datetime | None]", self.clock.at(fix, fraction))
        return [Waypoint(*row) for row in zip(lon.tolist(), lat.tolist(), times, strict=True)]
