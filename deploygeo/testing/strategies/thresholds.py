"""Strategies of cases within metres, people or days of a limit that a clause sets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeAlias

import shapely
from hypothesis import reject
from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries, geodesy
from deploygeo.boundaries import TERRITORIAL_SEA_M
from deploygeo.checker import Settings
from deploygeo.checker.scene import position
from deploygeo.checker.timing import entry_into_force
from deploygeo.clauses.evaluate import Region
from deploygeo.clauses.expression import Call, walk
from deploygeo.clauses.expression import Literal as Constant
from deploygeo.errors import SettingError
from deploygeo.model import Deployment, Interval, Record, Stay, presence
from deploygeo.testing.law import Situation
from deploygeo.testing.strategies._draw import Draw, count, named, pick, told
from deploygeo.testing.strategies.choices import treaty_of
from deploygeo.testing.strategies.events import draw_record
from deploygeo.testing.strategies.focus import Focus, foci_of
from deploygeo.testing.strategies.limits import Mark, marks_of
from deploygeo.testing.strategies.outlines import Position, stepped
from deploygeo.testing.strategies.scenes import Thing, companion, granted
from deploygeo.testing.strategies.sites import Ground
from deploygeo.testing.strategies.wished import wished
from deploygeo.testing.strategies.wishes import Asked, Wishes
from deploygeo.treaties import Clause, Treaty
from deploygeo.units import METRES_PER_KM

__all__ = ["NearThreshold", "Side", "at_distance", "near_threshold"]

Side: TypeAlias = Literal["below", "at", "above"]

#: How far from a limit, in its own unit: metres of distance, kilometres of range, people, days.
_METRES: Final = (0.0, -1.0, 1.0, -100.0, 100.0, -0.001, 0.001, -12_000.0, 12_000.0)
_KILOMETRES: Final = (0.0, -1.0, 1.0, -0.001, 0.001, -10.0, 10.0)
_WHOLE: Final = (0.0, -1.0, 1.0)

#: What a parameter that is not agreed is set to.
_AGREED: Final = (100.0, 1.0, 30.0)

_AT_KM: Final = 1e-9

#: A place is moved to a distance until it is as near to it as this, or so often.
_CLOSE_M: Final = 1e-7
_MOVES: Final = 12


@dataclass(frozen=True)
class NearThreshold:
    """A case at a limit of a clause, or just off it.

    Parameters
    ----------
    situation : Situation
        The deployments and records, and the choices under which the limit is what it is. The
        first of them is the one in question.
    quantity : str
        What is limited: ``range``, ``distance``, ``depth`` (inside a region), ``personnel`` …
    limit : str
        The limit, as the clause has it.
    by : float
        The quantity less its limit, as measured on the case that was made.
    unit : str
        ``km``, ``km of range``, ``persons``, ``brigades``, ``days``.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> near = near_threshold(treaty="us-russia-2021", clause="6")
    >>> case = simplest(near, lambda case: case.limit == "range <= 5500" and case.by > 0)
    >>> case.side, case.unit, case.situation.things[0].range_km.lo > 5500
    ('above', 'km of range', True)
    """

    situation: Situation
    quantity: str
    limit: str
    by: float
    unit: str

    @property
    def side(self) -> Side:
        """Where the quantity lies: below its limit, at it, or above.

        A place is at a limit that is nearer than a micrometre, as geodesics are no better.
        """
        if abs(self.by) <= (_AT_KM if self.unit == "km" else 0.0):
            return "at"
        return "below" if self.by < 0.0 else "above"

    def __repr__(self) -> str:
        """Return the limit and by how much it is missed, before the situation."""
        return (
            f"NearThreshold({self.limit!r}, {self.quantity} {self.side} by {abs(self.by):g}"
            f" {self.unit}, {self.situation!r})"
        )


def near_threshold(
    *,
    treaty: Treaty | str,
    clause: Clause | str | None = None,
    settings: Settings | None = None,
) -> SearchStrategy[NearThreshold]:
    """Return a strategy of cases at a limit that a clause sets, or within metres or days of it.

    The limits are those of ranges and their classes, of people, brigades and days, of distances
    and reach, the outlines of the regions to be inside of (12 nautical miles off a coast, say),
    what stood somewhere before, and the day from which the clause binds. All else is as a breach
    needs it, so that the limit is often what decides.

    Parameters
    ----------
    treaty : Treaty, or id or path of one
    clause : Clause or id, optional
        This clause of the treaty; by default any that can be checked.
    settings : Settings, optional
        Under these choices. A parameter that a limit needs and that is not agreed, and a day of
        entry into force, are added to them.

    Raises
    ------
    UnknownNameError
        For an unknown treaty or clause.
    SettingError
        For a clause that cannot be checked or sets no limit at all.

    Notes
    -----
    Shrinks to the first limit of the first clause, and to exactly that.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> case = simplest(near_threshold(treaty="nato-russia-2021", clause="7.2"))
    >>> case.quantity, case.side, case.situation.settings.params
    ('day', 'at', {})
    >>> near = near_threshold(treaty="nato-russia-2021", clause="7.2")
    >>> case = simplest(near, lambda case: case.quantity == "distance")
    >>> case.limit[-20:], case.situation.settings.params
    ("<= param('width_km')", {'width_km': 100.0})
    >>> near_threshold(treaty="nato-russia-2021", clause="7.2")
    near_threshold(clause='7.2', treaty='nato-russia-2021')
    """
    found = [(focus, marks_of(focus)) for focus in foci_of(treaty, clause, settings)]
    pairs = [(focus, mark) for focus, marks in found for mark in marks]
    if not pairs:
        which = f"clause {found[0][0].clause.id}" if len(found) == 1 else "no clause"
        raise SettingError(f"{which} of {treaty_of(treaty).id} sets no limit to be near to")

    def draw_one(draw: Draw) -> NearThreshold:
        focus, mark = pick(draw, pairs)
        return _Maker(draw, focus, mark).made()

    return named(
        "near_threshold",
        draw_one,
        treaty=told(repr(treaty_of(treaty).id)),
        clause=None if clause is None else told(repr(found[0][0].clause.id)),
        settings=settings,
    )


def at_distance(ground: Ground, region: Region, start: Position, away_m: float) -> Position:
    """Return a place at a distance from a region: a start, moved along the way to its witness.

    The distance is 1-Lipschitz, and a step along the geodesic from the witness changes it by the
    whole step while that is the nearest point; so a few steps suffice, unless the witness jumps.
    Where they do not, the place is as near to the distance as it got.
    """
    place = start
    best, error = start, math.inf
    for _ in range(_MOVES):
        found = ground.nearest(region, place)
        if not math.isfinite(found.distance_m):
            return place
        off = float(found.distance_m) - away_m
        if abs(off) < abs(error):
            best, error = place, off
        if abs(off) <= _CLOSE_M:
            break
        witness = (float(found.lon), float(found.lat))
        gone, azimuth = geodesy.inverse(*witness, *place)
        if float(gone) == 0.0:  # inside, or on the very edge: any way out
            azimuth = 90.0
        lon, lat = geodesy.direct(*witness, float(azimuth), away_m)
        place = float(lon), float(lat)
    return best


class _Maker:
    """Makes one case near a limit."""

    def __init__(self, draw: Draw, focus: Focus, mark: Mark) -> None:
        self.draw, self.mark = draw, mark
        self.focus = self._agreed(focus)
        self.asked: Asked = self.focus.of(self.focus.draw_party(draw))
        self.ground = Ground(self.asked)

    def _agreed(self, focus: Focus) -> Focus:
        """Return the clause under choices that make its limit a number and its days countable."""
        settings, treaty = focus.settings, focus.treaty
        names = [
            arg.value
            for node in (() if self.mark.limit is None else walk(self.mark.limit))
            if isinstance(node, Call) and node.name == "param"
            for arg in node.args
            if isinstance(arg, Constant) and isinstance(arg.value, str)
        ]
        known = {item.name for item in treaty.parameters if item.values}
        missing = {
            n: pick(self.draw, _AGREED) for n in names if n not in {*known, *settings.params}
        }
        if missing:
            settings = replace(settings, params={**settings.params, **missing})
        timed = self.mark.form == "force" or self.mark.quantity == "days_in_force"
        if timed and entry_into_force(treaty, settings) is None:
            settings = replace(settings, in_force=focus.days[0])
        return focus if settings is focus.settings else Focus(treaty, focus.clause, settings)

    def made(self) -> NearThreshold:
        """Return the case."""
        if self.focus.clause.subject == "record":
            return self._timed(draw_record(self.draw, self.focus, name="r0"))
        wishes = self.focus.draw_wishes(self.draw, self.asked, breach=True)
        first = wished(self.draw, self.focus, self.asked, wishes, name="d0", plain=True)
        match self.mark.form:
            case "force":
                return self._timed(first, wishes)
            case "number" if self.mark.quantity == "days_in_force":
                return self._timed(first, wishes)
            case "number":
                return self._counted(first, wishes)
            case "reach":
                return self._reaching(first, wishes)
            case "distance":
                return self._away(first, wishes)
            case "inside":
                return self._inside(first, wishes)
            case "baseline":
                return self._beyond(first, wishes)
            case "separation":
                return self._apart(first, wishes)
            case "notice":
                return self._noticed(first, wishes)

    def _told(
        self, first: Thing, wishes: Wishes | None, by: float, unit: str, *more: Thing
    ) -> NearThreshold:
        things = [first, *more]
        if wishes is not None and isinstance(first, Deployment):
            other = None if self.mark.form == "separation" else companion(self.draw, wishes, first)
            things += [] if other is None else [other]
            things += [
                replace(record, id=f"r{index}", name=f"r{index}")
                for index, record in enumerate(granted(self.draw, self.asked, wishes, first))
            ]
        situation = Situation(
            self.focus.treaty, tuple(things), self.focus.clause.id, self.focus.settings
        )
        return NearThreshold(situation, self.mark.quantity, self.mark.text, by, unit)

    def _limit(self) -> float:
        """Return the number that the limit is; a usual one where only the check knows it."""
        number = None if self.mark.limit is None else self.asked.number(self.mark.limit)
        return 100.0 if number is None or not 0.0 <= number < math.inf else number

    def _region(self) -> Region | None:
        found = None if self.mark.region is None else self.asked.value(self.mark.region)
        return found if isinstance(found, Region) else None

    # -- numbers of a deployment

    def _counted(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        limit, quantity = self._limit(), self.mark.quantity
        match quantity:
            case "personnel":
                people = _whole(limit, pick(self.draw, _WHOLE))
                made = replace(first, personnel=Interval(people))
                return self._told(made, wishes, people - limit, "persons")
            case "brigades":
                brigades = int(min(10_000, _whole(limit, pick(self.draw, _WHOLE))))
                return self._told(
                    replace(first, brigades=brigades), wishes, brigades - limit, quantity
                )
            case "stay_days":
                days = max(1, int(_whole(limit, pick(self.draw, _WHOLE))))
                start = _fitting(first.stay.start or self.focus.days[0], days)
                stay = Stay(start, start + timedelta(days=days - 1))
                return self._told(replace(first, stay=stay), wishes, days - limit, "days")
        reach = min(self._moved_range(limit), 50_000.0)
        return self._told(_ranged(first, quantity, reach), wishes, reach - limit, "km of range")

    def _moved_range(self, limit: float) -> float:
        """Draw a range at a limit, at the next double on either side, or some way off."""
        index = count(self.draw, 0, len(_KILOMETRES) + 1)
        match index:
            case 1:
                return math.nextafter(limit, 0.0)
            case 2:
                return math.nextafter(limit, math.inf)
        return max(0.0, limit + _KILOMETRES[max(0, index - 2)])

    # -- places

    def _reaching(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        region, quantity = self._region(), self.mark.quantity
        site = position(first)
        if region is None or site is None:
            reject()
        steps = sorted(n for step in self.mark.steps if (n := self.asked.number(step)) is not None)
        reach = _reach_of(first, quantity)
        away = self.ground.distance_km(region, site)
        usual = wishes.limits.get(quantity, ())
        if not steps and 0.0 < away < 20_000.0 and all(limit.holds(away) for limit in usual):
            reach = self._moved_range(away)
            made = _ranged(first, quantity, reach)
            return self._told(made, wishes, reach - away, "km of range")
        reach = next((step for step in steps if reach <= step), reach)
        made = self._placed(first, region, site, reach, pick(self.draw, _METRES))
        away = self.ground.distance_km(region, position(made) or site)
        return self._told(made, wishes, reach - away, "km of range")

    def _away(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        region, site, limit = self._region(), position(first), self._limit()
        if region is None or site is None:
            reject()
        made = self._placed(first, region, site, limit, pick(self.draw, _METRES))
        return self._told(
            made, wishes, self.ground.distance_km(region, position(made) or site) - limit, "km"
        )

    def _placed(
        self, first: Deployment, region: Region, site: Position, away_km: float, off_m: float
    ) -> Deployment:
        away_m = max(0.0, away_km * METRES_PER_KM + off_m)
        if region.kind == "territory":
            away_m += TERRITORIAL_SEA_M
        start = site
        vertices = self.ground.outline(region).vertices
        if away_m > 0.0 and len(vertices) and self.ground.distance_km(region, site) == 0.0:
            # from inside there is no way out but by the edge
            vertex = self.ground.outline(region).vertex(count(self.draw, 0, len(vertices) - 1))
            start = stepped(vertex, count(self.draw, 0, 359), away_m)
        return replace(
            first, geometry=shapely.Point(at_distance(self.ground, region, start, away_m))
        )

    def _inside(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        region, site = self._region(), position(first)
        if region is None or site is None:
            reject()
        off = pick(self.draw, _METRES)
        if region.kind == "territory":  # the sea belongs to it as far as its limit
            land = Region("land", region.states)
            made = self._placed(first, land, site, TERRITORIAL_SEA_M / METRES_PER_KM, off)
        else:
            made = self._placed(first, region, site, 0.0, abs(off))
        return self._told(made, wishes, self._depth_km(region, position(made) or site), "km")

    def _depth_km(self, region: Region, place: Position) -> float:
        if region.kind in ("land", "territory"):
            chosen = self.asked.settings
            found = boundaries.presence_margin_m(
                *place,
                region.states & boundaries.states(),
                on=self.asked.on,
                worldview=chosen.worldview,
                parts="land" if region.kind == "land" else "land+sea",
                level=chosen.level,
            )
            return found.value_m / METRES_PER_KM
        return -self.ground.distance_km(region, place)

    # -- others and what was before

    def _beyond(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        site, chosen = position(first), self.asked.settings
        limit = 0.0
        days = [
            arg.value
            for node in (() if self.mark.limit is None else walk(self.mark.limit))
            if isinstance(node, Call) and node.name == "presence"
            for arg in node.args[:1]
            if isinstance(arg, Constant) and isinstance(arg.value, str)
        ]
        if site is not None and days:
            host, _ = boundaries.host_of(
                *site, on=self.asked.on, worldview=chosen.worldview, level=chosen.level
            )
            row = presence(first.party, host or "", date.fromisoformat(days[0]).year)
            if row is not None and row.personnel is not None:
                limit = pick(self.draw, (row.personnel.hi, row.personnel.lo))
        elif not days:
            limit = self._limit()
        people = _whole(limit, pick(self.draw, _WHOLE))
        made = replace(first, personnel=Interval(people))
        return self._told(made, wishes, people - limit, "persons")

    def _apart(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        other, site, limit = companion(self.draw, wishes, first), position(first), self._limit()
        if other is None or site is None:
            reject()
        away_m = min(19_000.0 * METRES_PER_KM, limit * METRES_PER_KM)
        away_m = max(0.0, away_m + pick(self.draw, _METRES))
        lon, lat = geodesy.direct(*site, pick(self.draw, (0.0, 90.0, 225.0)), away_m)
        there = (float(lon), float(lat))
        moved = replace(other, geometry=shapely.Point(there), stay=first.stay)
        by = float(geodesy.inverse(*site, *there)[0]) / METRES_PER_KM - limit
        return self._told(first, wishes, by, "km", moved)

    # -- days

    def _timed(self, first: Thing, wishes: Wishes | None = None) -> NearThreshold:
        start = entry_into_force(self.focus.treaty, self.focus.settings) or self.focus.days[0]
        limit = self._limit() if self.mark.limit is not None else 0.0
        off = pick(self.draw, _WHOLE)
        days = _whole(limit, off, least=-1.0)
        day = start + timedelta(days=min(days, (date.max - start).days - 1))
        made: Any = replace(first, stay=Stay(day, day))
        return self._told(made, wishes, (day - start).days - limit, "days")

    def _noticed(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        limit = self._limit()
        lead = int(_whole(limit, pick(self.draw, _WHOLE)))
        start = _fitting(first.stay.start or self.focus.days[0], 0)
        day = start - timedelta(days=lead)
        made = replace(first, stay=Stay(start, None))
        record = Record(id="r0", kind="notice", party=first.party, subject="d0", stay=day)
        return self._told(made, None, lead - limit, "days", record)


def _whole(limit: float, off: float, least: float = 0.0) -> float:
    """Return a whole number at a limit, or the next one below or above it.

    >>> _whole(5.5, -1.0), _whole(5.5, 1.0), _whole(0.0, -1.0)
    (5.0, 6.0, 0.0)
    """
    found = math.ceil(limit) - 1.0 if off < 0 else math.floor(limit) + off
    return max(least, min(found, 20_000_000.0))


def _fitting(day: date, days: int) -> date:
    """Return a day, or one from which so many more fit into the calendar.

    >>> _fitting(date.max, 3)
    datetime.date(9999, 12, 28)
    """
    return min(day, date.max - timedelta(days=days))


def _reach_of(deployment: Deployment, quantity: str) -> float:
    found = deployment.loadable_range_km if quantity == "loadable_range" else deployment.range_km
    return 1_600.0 if found is None else found.lo


def _ranged(deployment: Deployment, quantity: str, reach: float) -> Deployment:
    """Return a deployment with exactly so long a range, of the kind that a clause asks for."""
    changes: dict[str, Any] = {"range_km": Interval(reach)}
    if quantity == "loadable_range":
        changes = {"loadable_range_km": Interval(reach), "range_km": Interval(0.0)}
    elif quantity == "platform_range":
        changes["radius_km"] = Interval(0.0)
    return replace(deployment, **changes)
