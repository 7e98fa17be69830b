"""The words about place: inside, distance, reach, separation, and how far east a state goes."""

from __future__ import annotations

import functools
import math
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from deploygeo import boundaries, geodesy
from deploygeo.checker.explore import farthest_m, nearest_point
from deploygeo.checker.scene import Actor, Group, Subject
from deploygeo.checker.wording import told as _told
from deploygeo.clauses.evaluate import Number, Region, States
from deploygeo.clauses.outcome import Measure, Outcome, leaf
from deploygeo.clauses.truth import Margin, Truth
from deploygeo.errors import TreatyError
from deploygeo.model import Stay
from deploygeo.treaties.beside import line_of_file

if TYPE_CHECKING:
    from deploygeo.checker.facts import Case

__all__ = [
    "border_of",
    "brings_nearer",
    "distance",
    "extends_east",
    "ids",
    "inside",
    "lies_east",
    "line_of",
    "reaches",
    "separation",
    "stays",
]

_NO_PLACE = "position"
# Positional error of a line that a treaty file gives: what its own metadata state, or this.
_LINE_ERROR_M = 0.0


def ids(subject: Subject) -> tuple[str, ...]:
    """Return the ids by which records name a subject."""
    if isinstance(subject, Actor):
        return (subject.id, subject.feature)
    if isinstance(subject, Group):
        return tuple(name for actor in subject.actors for name in (actor.id, actor.feature))
    return (subject.id,)


def stays(subject: Subject) -> tuple[Stay, ...]:
    """Return the stays that a consent must cover."""
    if isinstance(subject, Group):
        return tuple(actor.deployment.stay for actor in subject.actors)
    return (subject.deployment.stay if isinstance(subject, Actor) else subject.stay,)


def _error_km(case: Case) -> float:
    return case.deployment.position_error_km


def inside(case: Case, region: Region) -> Outcome:
    """Return whether the place is inside a region, with the depth as its margin."""
    if region.kind in ("sea", "line", "border", "outer"):
        number = distance(case, region)
        truth = Truth.TRUE if number.hi <= 0 else Truth.FALSE
        if number.lo <= 0 < number.hi:
            truth = Truth.UNKNOWN
        margin = Margin(-number.hi, -number.lo, "km") if number.measures else None
        if region.kind == "sea" and truth is Truth.TRUE and case.place is not None:
            sea = boundaries.borders(case.settings.level).seas.territory(region.name)
            depth_km = -float(geodesy.signed_m(*case.place, sea)) / 1000.0
            margin = Margin(depth_km - _error_km(case), depth_km + _error_km(case), "km")
        text = f"inside {region.name or region.kind}"
        return leaf(text, truth, margin=margin, measures=number.measures, why=number.why, place=1.0)
    what = f"the {region.kind} of {_told(region.states)}"
    if case.place is None:
        return leaf(f"inside {what}: no place is given", Truth.UNKNOWN, why=_NO_PLACE)
    found = boundaries.presence_margin_m(
        *case.place,
        region.states,
        on=case.on,
        worldview=case.worldview,
        parts="land" if region.kind == "land" else "land+sea",
        level=case.settings.level,
        overseas=case.overseas,
        enough_m=_error_km(case) * 1000.0 if case.brief else None,
        both_ends=case.wanted == "all",
    )
    if math.isinf(found.value_m):
        return leaf(f"inside {what}, which holds nothing", Truth.FALSE)
    error_km = found.error_m / 1000.0 + _error_km(case)
    value_km = found.value_m / 1000.0
    lo = found.lo_m / 1000.0 - _error_km(case)
    hi = found.hi_m / 1000.0 + _error_km(case)
    margin = Margin(lo, hi, "km")
    measure = Measure(
        f"limit of {what}",
        abs(value_km),
        error_km,
        found.witness_lon,
        found.witness_lat,
        found.unit,
        found.is_bound,
    )
    side = "inside" if value_km >= 0 else "outside"
    least = "at least " if found.is_bound else ""
    text = f"{least}{abs(value_km):,.1f} ± {error_km:,.1f} km {side} {what}".replace(",", " ")
    # the bound, and not the distance, is what changes by at most a metre a metre
    score_m = ((value_km - error_km) * 1000.0, (value_km + error_km) * 1000.0)
    return leaf(
        text, margin.truth, margin=margin, measures=(measure,), why=_NO_PLACE, score_m=score_m
    )


def _measured(
    case: Case, region: Region, place: tuple[float, float]
) -> tuple[geodesy.Nearest, str, float]:
    """Return the nearest point of a region, its unit, and its stated error in metres."""
    store = boundaries.borders(case.settings.level)
    if region.kind in ("land", "territory"):
        units = boundaries.units_of(
            sorted(region.states), on=case.on, worldview=case.worldview, overseas=case.overseas
        )
        if not units:  # these states hold nothing on that day
            return geodesy.nearest(*place, geodesy.EMPTY), "", 0.0
        found, unit = store.nearest_of(units, *place)
        error_m = 0.0
        if math.isfinite(found.distance_m):
            error_m = store.error_m(float(found.lon), float(found.lat), (unit,))
        return found, unit, error_m
    if region.kind in ("border", "outer"):
        level, worldview = case.settings.level, case.worldview
        line = border_of(level, worldview, case.on, region.kind, region.states, region.others)
        return _to_line(level, line, place)
    if region.kind == "sea":
        found = geodesy.nearest(*place, store.seas.territory(region.name))
        return found, region.name, 0.0
    found = geodesy.nearest(*place, line_of(case.treaty.folder, region.name))
    return found, region.name, _LINE_ERROR_M


# Stability asks the same places under other readings, and most worldviews agree on a line:
# 4 096 answers take about 2 MB.
@functools.lru_cache(maxsize=4_096)
def _to_line(
    level: str, line: geodesy.Territory, place: tuple[float, float]
) -> tuple[geodesy.Nearest, str, float]:
    found = geodesy.nearest_edge(*place, line)
    error_m = 0.0
    if math.isfinite(found.distance_m):
        error_m = boundaries.borders(level).error_m(float(found.lon), float(found.lat))
    return found, "border line", error_m


@functools.lru_cache(maxsize=64)
def border_of(
    level: str, worldview: str, on: date, kind: str, states: States, others: States
) -> geodesy.Territory:
    """Return the outer border of states, or the border line between two sets of them."""

    def units(of: States) -> tuple[str, ...]:
        return boundaries.units_of(sorted(of), on=on, worldview=worldview)

    if kind == "outer":
        return boundaries.outer_border(units(states), level=level)
    return boundaries.border_line(units(states), units(others), level=level)


@functools.lru_cache(maxsize=32)
def line_of(folder: Path | None, name: str) -> geodesy.Territory:
    """Return a line or an area that a treaty folder gives as GeoJSON."""
    path = None if folder is None else folder / f"{name}.geojson"
    if path is None or not path.is_file():
        raise TreatyError(f"the treaty folder has no {name}.geojson for line({name!r})")
    return geodesy.Territory.of(line_of_file(path), name)


def distance(case: Case, region: Region) -> Number:
    """Return the geodesic distance to a region, in kilometres, with its stated error."""
    told = _told(region.states) if region.states else region.name or "no state"
    what = {"border": "the border line", "outer": "the outer border"}.get(
        region.kind, f"{region.kind} of {told}" if region.states else told
    )
    nothing = Number(0.0, math.inf, "km", f"distance to {what}", "", _NO_PLACE, (), 1.0)
    if case.place is None:
        return nothing
    found, unit, error_m = _measured(case, region, case.place)
    value_m = float(found.distance_m)
    if math.isnan(value_m) or math.isinf(value_m):
        return Number(math.inf, math.inf, "km", f"distance to {what} (nothing)", "", "", (), 1.0)
    # neighbours may hold part of these 12 nmi, so the sea is at least this far
    belt_m = boundaries.TERRITORIAL_SEA_M if region.kind == "territory" else 0.0
    if value_m == 0.0 and error_m + _error_km(case) * 1000.0 > belt_m:
        # who is not deep inside may be outside
        value_m = -_depth_m(case, region, case.place, found)
    error_km = error_m / 1000.0 + _error_km(case)
    value_km = (value_m - belt_m) / 1000.0
    away_km = max(0.0, value_km)
    measure = Measure(what, away_km, error_km, float(found.lon), float(found.lat), unit)
    return Number(
        max(0.0, value_km - error_km),
        max(0.0, value_km + error_km),
        "km",
        f"distance to {what}",
        "",
        _NO_PLACE,
        (measure,),
        1.0,
    )


def _depth_m(
    case: Case, region: Region, place: tuple[float, float], found: geodesy.Nearest
) -> float:
    """Return how deep inside a region a place lies that is no distance away from it."""
    store = boundaries.borders(case.settings.level)
    if region.kind in ("land", "territory"):
        units = boundaries.units_of(
            sorted(region.states), on=case.on, worldview=case.worldview, overseas=case.overseas
        )
        depth = store.signed_of(units, *place)
        return 0.0 if depth is None else -depth.value_m
    if region.kind in ("border", "outer") or not bool(found.inside):  # on a line
        return 0.0
    if region.kind == "sea":
        return -float(geodesy.signed_m(*place, store.seas.territory(region.name)))
    return -float(geodesy.signed_m(*place, line_of(case.treaty.folder, region.name)))


def reaches(case: Case, region: Region, reach: Number) -> Outcome:
    """Return whether the region is within a range, with range less distance as its margin."""
    away = distance(case, region)
    if reach.quantity:
        for end in (away.lo, away.hi):
            if math.isfinite(end):
                case.cut(reach.quantity, end)
    told = f"{reach.lo:,.0f}" if reach.lo == reach.hi else f"{reach.lo:,.0f}–{reach.hi:,.0f}"
    far = (
        f"{away.measures[0].distance_km:,.1f} ± {away.measures[0].error_km:,.1f} km"
        if away.measures
        else "an unknown distance"
    )
    text = f"{away.text} is {far}, against a {reach.text} of {told} km"
    text = text.replace(",", " ").replace("inf", "∞")
    if away.lo == math.inf:
        return leaf(text, Truth.FALSE)
    if reach.lo >= away.hi:
        truth = Truth.TRUE
    elif reach.hi < away.lo:
        truth = Truth.FALSE
    else:
        truth = Truth.UNKNOWN
    lo = reach.lo - away.hi if away.hi < math.inf else -math.inf
    wide = reach.hi - reach.lo
    why = reach.why if wide > 0 and wide >= away.hi - away.lo else _NO_PLACE
    return leaf(
        text,
        truth,
        margin=Margin(lo, reach.hi - away.lo, "km"),
        measures=away.measures,
        why=why,
        place=away.place + reach.place,
    )


def separation(case: Case, states: States, kinds: frozenset[str]) -> Number:
    """Return the distance to the nearest other deployment of some states and kinds.

    Of a track or an area its nearest point counts; the times along two tracks are not
    compared. What is based somewhere is not under way and does not count.
    """
    best = lo = hi = math.inf
    measures: tuple[Measure, ...] = ()
    for actor in case.scene.actors:
        other = actor.deployment
        if other.id == case.deployment.id:  # itself, or another contingent of it
            continue
        if other.kind not in kinds or not actor.own(case.on) & states:
            continue
        if other.geometry is None or case.place is None or other.activity == "base":
            continue
        if not other.stay.overlaps(case.deployment.stay):
            continue
        away_m, place = nearest_point(other.geometry, case.place)
        near = away_m / 1000.0
        far = near
        if other.extent == "uncertain":  # it is at one unknown point of its area
            far = farthest_m(other.geometry, case.place) / 1000.0
        error = _error_km(case) + other.position_error_km
        lo, hi = min(lo, max(0.0, near - error)), min(hi, far + error)
        if near < best:
            best, error_km = near, error
            measures = (Measure(actor.id, best, error_km, *place, actor.id),)
    text = "separation" if measures else "separation (no other is there)"
    return Number(lo, hi, "km", text, "", _NO_PLACE, measures, 1.0)


# -- how far east: for the readings of an eastward expansion


def _units(case: Case, states: States) -> tuple[str, ...]:
    return boundaries.units_of(sorted(states), on=case.on, worldview=case.worldview, overseas=False)


def extends_east(case: Case, one: States, other: States) -> Outcome:
    """Return whether the first states reach further east than the second.

    Longitudes run from the middle of each state: its land across the antimeridian from there
    is its far west, as the Aleutians are.
    """
    store = boundaries.borders(case.settings.level)
    east, before = store.easternmost(_units(case, one)), store.easternmost(_units(case, other))
    text = f"{_told(one)} reaches {east:.2f}° E, the others {before:.2f}° E"
    return leaf(text, Truth.of(east > before))


def lies_east(case: Case, one: States, other: States) -> Outcome:
    """Return whether the middle of the first lies east of all of the second at its latitude."""
    store = boundaries.borders(case.settings.level)
    own = store.largest(_units(case, one))
    if own is None:
        return leaf(f"{_told(one)} has no land in the data", Truth.UNKNOWN, why="border data")
    middle = own.centroid
    east = store.easternmost_at(_units(case, other), middle.y)
    text = f"{_told(one)} has its middle at {middle.x:.1f}° E {middle.y:.1f}° N, the others "
    text += "no land there" if math.isinf(east) else f"end at {east:.1f}° E there"
    return leaf(text, Truth.of(middle.x > east))


def brings_nearer(case: Case, one: States, other: States, third: States) -> Outcome:
    """Return whether the first states lie nearer to the third than the second do."""

    def gap_m(states: States) -> float:
        return _gap_m(case.settings.level, case.worldview, case.on, states, third)

    before = gap_m(other)
    # touching already: nothing is nearer than zero
    after = 0.0 if before == 0.0 else gap_m(one)
    text = f"the least distance was {before / 1000:.1f} km and "
    text += f"would be {min(before, after) / 1000:.1f} km"
    return leaf(text, Truth.of(after < before))


@functools.lru_cache(maxsize=64)
def _gap_m(level: str, worldview: str, on: date, one: States, other: States) -> float:
    store = boundaries.borders(level)

    def units(states: States) -> tuple[str, ...]:
        return boundaries.units_of(sorted(states), on=on, worldview=worldview)

    # a common land border in the data settles it without measuring
    if not boundaries.border_line(units(one), units(other), level=level).is_empty:
        return 0.0
    return geodesy.separation_m(store.territory(units(one)), store.territory(units(other)))
