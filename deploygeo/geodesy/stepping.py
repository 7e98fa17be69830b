"""Where a 1-Lipschitz function along a path crosses a level, and where it is least.

Let f change by at most one a metre, and let a level and the values at both ends of a stretch be
known. From an end at which f is g away from the level, f stays on that side for the next g
metres: so much is stepped over at once, from both ends, and only the *core* between is open. A
core of width c that both sides leave on the same side of the level can hide at most a dip to c/2
beyond it, for in the middle f is at most c/2 away from the level seen from either end; the same
holds for a second crossing in a core whose sides differ. So cores are halved, all together, until
each is as narrow as twice the floor wanted. Every crossing with more than the floor on both of
its sides is then found, however short, and lies in a core whose width is known.

The least value is found likewise (Piyavskii 1972, Shubert 1972, doi:10.1137/0709036): between two
known values f lies above two slopes of one a metre, and where these meet is asked next, until
nowhere can be lower than the best by more than a tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from deploygeo.geodesy.ellipsoid import FloatArray

__all__ = ["Crossed", "Lowest", "along", "crossed", "lowest"]

#: Four times the error of a distance (1 mm), which each of two values may have on both sides.
_SLACK_M = 4e-3

#: Bound of memory: so many places are asked at once.
_AT_ONCE = 1 << 17

Values: TypeAlias = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """Where a function crosses a level.

    Attributes
    ----------
    place, value : ndarray
        All that was asked, in order.
    low, high : ndarray
        The core of each crossing, in order; they alternate between down and up.
    starts_below : bool
        Whether the function is at or below the level at the start.
    open_m : float
        The widest core that was left wider than wanted; 0 where none was.
    """

    place: FloatArray
    value: FloatArray
    low: FloatArray
    high: FloatArray
    starts_below: bool
    open_m: float

    def below(self, length_m: float) -> tuple[FloatArray, FloatArray]:
        """Return starts and ends of the stretches at or below the level.

        At either the function is certainly so; the crossing is the core's width away at most.
        """
        down = np.arange(len(self.low)) % 2 == int(self.starts_below)
        starts, ends = self.high[down], self.low[~down]
        if self.starts_below:
            starts = np.concatenate([[0.0], starts])
        if len(starts) > len(ends):
            ends = np.concatenate([ends, [length_m]])
        return starts, ends


def crossed(
    values: Values,
    length_m: float,
    level_m: float,
    *,
    floor_m: float,
    tolerance_m: float,
    ask: FloatArray | None = None,
    most: int | None = None,
) -> Crossed:
    """Find the crossings of a level on [0, length_m].

    Parameters
    ----------
    values : callable
        Gives the function at an array of places; infinities, where it has any, everywhere.
    length_m, level_m : float
    floor_m : float
        Stretches beyond the level by more than this are all found.
    tolerance_m : float
        Width to which the core of a crossing is narrowed, where that is below twice the floor.
    ask : ndarray, optional
        Places, in order, that are to be on the right side of the level, however near they are to
        it: asked unless their side is certain.
    most : int, optional
        So many places are asked and no more: the widest cores first.

    Examples
    --------
    A dip of a metre on a stretch of a thousand kilometres:

    >>> found = crossed(lambda u: np.abs(u - 123_456.7) + 9.0, 1e6, 10.0, floor_m=0.5,
    ...                 tolerance_m=1.0)
    >>> np.round(found.below(1e6), 1).tolist(), len(found.place) < 50
    ([[123455.7], [123457.7]], True)
    """
    place = np.array([0.0, length_m]) if length_m > 0.0 else np.zeros(1)
    asked = [(place, values(place))]
    value = asked[0][1]
    done: list[FloatArray] = []
    work = np.array([place[:-1], place[1:], value[:-1] - level_m, value[1:] - level_m])
    widest = 0.0
    while work.shape[1]:
        low, high, mixed = _cores(work)
        width = high - low
        wanted = np.where(mixed, min(tolerance_m, 2.0 * floor_m - _SLACK_M), 2 * floor_m - _SLACK_M)
        middle, named = _middles(work, low, high, ask)
        ready = (width <= wanted) & ~named
        done.append(np.array([low, high])[:, ready & mixed])
        left = np.flatnonzero(~ready)
        room = _AT_ONCE if most is None else most - sum(len(known[0]) for known in asked)
        if len(left) and room <= 0:
            done.append(np.array([low, high])[:, ~ready & mixed])
            widest = max(0.0, float(width[left].max()))
            break
        chosen, rest = left, left[:0]
        if len(left) > room:
            order = np.argsort(-width[left], kind="stable")
            chosen, rest = left[order[:room]], left[order[room:]]
        middle = np.where(width <= wanted, middle, (low + high) / 2.0)[chosen]
        found = values(middle)
        asked.append((middle, found))
        a, b, va, vb = work[:, chosen]
        vm = found - level_m
        work = np.concatenate(
            [np.array([a, middle, va, vm]), np.array([middle, b, vm, vb]), work[:, rest]], axis=1
        )
    cores = np.concatenate(done, axis=1) if done else np.zeros((2, 0))
    cores = cores[:, np.argsort(cores[0], kind="stable")]
    place, known = (np.concatenate(part) for part in zip(*asked, strict=True))
    order = np.argsort(place, kind="stable")
    starts_below = bool(value[0] <= level_m)
    return Crossed(place[order], known[order], cores[0], cores[1], starts_below, widest)


def _cores(work: FloatArray) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Return the ends of the core of each stretch, and whether its sides differ."""
    a, b, va, vb = work
    mixed = (va <= 0.0) != (vb <= 0.0)
    # An infinity is so everywhere; beside a finite value of the other side it clears nothing.
    reach_a, reach_b = np.minimum(np.abs(va), b - a), np.minimum(np.abs(vb), b - a)
    steep = mixed & ~(np.isfinite(va) & np.isfinite(vb))
    reach_a[steep] = reach_b[steep] = 0.0
    low, high = a + reach_a, b - reach_b
    # Rounding may let the two of a crossing overlap by a millimetre.
    high = np.where(mixed, np.maximum(low, high), high)
    return low, high, mixed


def _middles(
    work: FloatArray, low: FloatArray, high: FloatArray, ask: FloatArray | None
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return of each core the middle one of the places to ask that lie in it, if any does."""
    if ask is None or len(ask) == 0:
        return low, np.zeros(len(low), dtype=np.bool_)
    first = np.searchsorted(ask, np.maximum(low - _SLACK_M, np.nextafter(work[0], np.inf)), "left")
    last = np.searchsorted(ask, np.minimum(high + _SLACK_M, np.nextafter(work[1], 0.0)), "right")
    return ask[np.minimum((first + last) // 2, len(ask) - 1)], last > first


@dataclass(frozen=True, slots=True, eq=False)
class Lowest:
    """The least value of each group of stretches.

    Attributes
    ----------
    place, value : ndarray
        Where it was found, and the value.
    bound : ndarray
        No value of the group is lower.
    """

    place: FloatArray
    value: FloatArray
    bound: FloatArray


def lowest(
    values: Values,
    place: FloatArray,
    value: FloatArray,
    starts: FloatArray,
    ends: FloatArray,
    tolerance_m: Callable[[FloatArray], FloatArray],
    *,
    most: int | None = None,
) -> Lowest:
    """Find the least value on each of some stretches that do not overlap.

    Parameters
    ----------
    values : callable
        As for `crossed`.
    place, value : ndarray
        What is known, in order; both ends of every stretch are among it.
    starts, ends : ndarray
        The stretches, in order.
    tolerance_m : callable
        How far the least found may lie above the true one, by the least found.
    most : int, optional
        So many places are asked and no more: the most promising first.

    Examples
    --------
    >>> known = np.array([0.0, 1e6])
    >>> least = lowest(lambda u: np.hypot(u - 4e5, 3e4), known, np.hypot(known - 4e5, 3e4),
    ...                known[:1], known[1:], lambda value: np.ones_like(value))
    >>> bool(30_000 <= least.value[0] <= 30_001), bool(least.bound[0] >= 29_999)
    (True, True)
    """
    best, best_at = np.full(len(starts), np.inf), starts.copy()
    if len(starts) == 0:
        return Lowest(best_at, best, best)

    def offer(group: NDArray[np.int64], at: FloatArray, found: FloatArray) -> None:
        order = np.lexsort((at, found, group))
        first = order[np.unique(group[order], return_index=True)[1]]
        first = first[found[first] < best[group[first]]]
        best[group[first]], best_at[group[first]] = found[first], at[first]

    group = np.searchsorted(starts, place, side="right") - 1
    i = np.flatnonzero((group >= 0) & (place <= ends[np.maximum(group, 0)]))
    offer(group[i], place[i], value[i])
    of = np.searchsorted(starts, place[:-1], side="right") - 1
    i = np.flatnonzero((of >= 0) & (place[1:] <= ends[np.maximum(of, 0)]))
    bound = best.copy()
    group, work = of[i], np.array([place[i], place[i + 1], value[i], value[i + 1]])
    spent = 0
    while len(group):
        a, b, va, vb = work
        with np.errstate(invalid="ignore"):  # of infinities; nan is as good as done
            foot = (va + vb - (b - a)) / 2.0
            open_ = foot < best[group] - tolerance_m(best)[group]
            meet = (a + b + va - vb) / 2.0
        np.minimum.at(bound, group[~open_], np.fmin(foot, best[group])[~open_])
        left = np.flatnonzero(open_)
        room = _AT_ONCE if most is None else min(_AT_ONCE, most - spent)
        if len(left) and room <= 0:
            np.minimum.at(bound, group[left], foot[left])
            break
        chosen, rest = left, left[:0]
        if len(left) > room:
            order = np.argsort(foot[left], kind="stable")
            chosen, rest = left[order[:room]], left[order[room:]]
        spent += len(chosen)
        middle = np.clip(meet[chosen], a[chosen], b[chosen])
        found = values(middle)
        offer(group[chosen], middle, found)
        a, b, va, vb = work[:, chosen]
        left_half, right_half = np.array([a, middle, va, found]), np.array([middle, b, found, vb])
        work = np.concatenate([left_half, right_half, work[:, rest]], axis=1)
        group = np.concatenate([group[chosen], group[chosen], group[rest]])
    return Lowest(best_at, best, np.minimum(bound, best))


def along(
    values: Values, found: Crossed, starts: FloatArray, ends: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return all that is known of a function, with the ends of some stretches asked as well."""
    more = np.setdiff1d(np.concatenate([starts, ends]), found.place)
    place = np.concatenate([found.place, more])
    value = np.concatenate([found.value, values(more) if len(more) else more])
    order = np.argsort(place, kind="stable")
    return place[order], value[order]
