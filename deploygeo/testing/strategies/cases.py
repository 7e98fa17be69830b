"""Making one case near one limit of a clause."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeAlias

import shapely
from hypothesis import reject

from deploygeo import boundaries, geodesy
from deploygeo.boundaries import TERRITORIAL_SEA_M
from deploygeo.checker.scene import position
from deploygeo.checker.timing import entry_into_force
from deploygeo.clauses.evaluate import Region
from deploygeo.clauses.expression import Call, walk
from deploygeo.clauses.expression import Literal as Constant
from deploygeo.model import Deployment, Interval, Record, Stay, presence
from deploygeo.testing.law import Situation
from deploygeo.testing.strategies._draw import Draw, count, pick
from deploygeo.testing.strategies.events import draw_record
from deploygeo.testing.strategies.focus import Focus
from deploygeo.testing.strategies.limits import Mark
from deploygeo.testing.strategies.outlines import Position, at_distance, stepped
from deploygeo.testing.strategies.places import inside_outline
from deploygeo.testing.strategies.scenes import Thing, companion, granted
from deploygeo.testing.strategies.sites import Ground
from deploygeo.testing.strategies.wished import wished
from deploygeo.testing.strategies.wishes import Asked, Wishes
from deploygeo.treaties.anatomy import params_of, words_of
from deploygeo.units import METRES_PER_KM

__all__ = ["TURNS", "NearThreshold", "Side", "draw_case"]

Side: TypeAlias = Literal["below", "at", "above"]

#: How far from a limit, in its own unit: metres of distance, kilometres of range, people, days.
#: A range may also be the next double below or above, which has no number here. There are as many
#: of each, so that one choice of a limit and a turn covers them evenly.
TURNS: Final = 9
_METRES: Final = (0.0, -1.0, 1.0, -100.0, 100.0, -0.001, 0.001, -12_000.0, 12_000.0)
_KILOMETRES: Final = (0.0, -math.inf, math.inf, -1.0, 1.0, -0.001, 0.001, -10.0, 10.0)
_WHOLE: Final = (0.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0)

#: The turns in which a place is left where it is, though nobody was there before.
_WITHOUT_OTHERS: Final = (4, 6)

#: What a parameter that is not agreed is set to.
_AGREED: Final = (100.0, 1.0, 30.0)

_AT_KM: Final = 1e-9


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
    >>> from deploygeo.testing.strategies import near_threshold, simplest
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


def draw_case(draw: Draw, focus: Focus, mark: Mark, turn: int) -> NearThreshold:
    """Draw a case near one limit: at it in turn 0, below it in odd ones, above in even ones."""
    return _Maker(draw, focus, mark, turn).made()


class _Maker:
    """Makes one case near a limit."""

    def __init__(self, draw: Draw, focus: Focus, mark: Mark, turn: int) -> None:
        self.draw, self.mark, self.turn = draw, mark, turn
        self.focus = self._agreed(focus)
        self.asked: Asked = self.focus.of(self.focus.draw_party(draw))
        self.ground = Ground(self.asked)

    def _agreed(self, focus: Focus) -> Focus:
        """Return the clause under choices that leave nothing open which a limit may need."""
        settings, treaty = focus.settings, focus.treaty
        known = {item.name for item in treaty.parameters if item.values}
        names = params_of(treaty, focus.clause)
        missing = [name for name in names if name not in known and name not in settings.params]
        if missing:
            value = pick(self.draw, _AGREED)
            settings = replace(
                settings, params={**settings.params, **dict.fromkeys(missing, value)}
            )
        timed = self.mark.form == "force" or "days_in_force" in words_of(treaty, focus.clause)
        if timed and entry_into_force(treaty, settings) is None:
            settings = replace(settings, in_force=focus.days[0])
        return focus if settings is focus.settings else Focus(treaty, focus.clause, settings)

    def made(self) -> NearThreshold:
        """Return the case."""
        if self.focus.clause.subject == "record":
            return self._timed(draw_record(self.draw, self.focus, name="r0"))
        wishes = self.focus.draw_wishes(self.draw, self.asked, breach=True, toward=self.mark.node)
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
                people = _whole(limit, _WHOLE[self.turn])
                made = replace(first, personnel=Interval(people))
                return self._told(made, wishes, people - limit, "persons")
            case "brigades":
                brigades = int(min(10_000, _whole(limit, _WHOLE[self.turn])))
                return self._told(
                    replace(first, brigades=brigades), wishes, brigades - limit, quantity
                )
            case "stay_days":
                days = max(1, int(_whole(limit, _WHOLE[self.turn])))
                start = _fitting(first.stay.start or self.focus.days[0], days)
                stay = Stay(start, start + timedelta(days=days - 1))
                return self._told(replace(first, stay=stay), wishes, days - limit, "days")
        reach = min(self._moved_range(limit), 50_000.0)
        return self._told(_ranged(first, quantity, reach), wishes, reach - limit, "km of range")

    def _moved_range(self, limit: float) -> float:
        """Return a range at a limit, at the next double on either side, or some way off."""
        off = _KILOMETRES[self.turn]
        return math.nextafter(limit, max(off, 0.0)) if math.isinf(off) else max(0.0, limit + off)

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
        made = self._placed(first, region, site, reach, _METRES[self.turn])
        away = self.ground.distance_km(region, position(made) or site)
        return self._told(made, wishes, reach - away, "km of range")

    def _away(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        region, site, limit = self._region(), position(first), self._limit()
        if region is None or site is None:
            reject()
        made = self._placed(first, region, site, limit, _METRES[self.turn])
        return self._told(
            made, wishes, self.ground.distance_km(region, position(made) or site) - limit, "km"
        )

    def _placed(
        self, first: Deployment, region: Region, site: Position, away_km: float, off_m: float
    ) -> Deployment:
        away_m = max(0.0, away_km * METRES_PER_KM + off_m)
        if region.kind == "territory":
            away_m += TERRITORIAL_SEA_M

        def nearest(place: Position) -> geodesy.Nearest:
            return self.ground.nearest(region, place)

        start = site
        vertices = self.ground.outline(region).vertices
        if away_m > 0.0 and len(vertices) and self.ground.distance_km(region, site) == 0.0:
            # from inside there is no way out but by the edge
            vertex = self.ground.outline(region).vertex(count(self.draw, 0, len(vertices) - 1))
            start = stepped(vertex, count(self.draw, 0, 359), away_m)
        return replace(first, geometry=shapely.Point(at_distance(nearest, start, away_m)))

    def _inside(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        region, site = self._region(), position(first)
        if region is None or site is None:
            reject()
        off = _METRES[self.turn]
        if region.kind == "territory":  # the sea belongs to it as far as its limit
            land = Region("land", region.states)
            made = self._placed(first, land, site, TERRITORIAL_SEA_M / METRES_PER_KM, off)
        else:
            made = replace(first, geometry=shapely.Point(self._at_edge(region, off)))
        made = self._reaching_there(made, wishes)
        return self._told(made, wishes, self._depth_km(region, position(made) or site), "km")

    def _at_edge(self, region: Region, off_m: float) -> Position:
        """Draw a place on the outline of a region, or off it on the side that is asked for."""
        outline = self.ground.outline(region)
        if len(outline.vertices) == 0:
            reject()
        vertex = outline.vertex(count(self.draw, 0, len(outline.vertices) - 1))
        first = count(self.draw, 0, 359)
        place = vertex
        for turn in range(0, 360, 30):
            place = stepped(vertex, first + turn, abs(off_m))
            if off_m == 0.0 or (self._depth_km(region, place) < 0.0) is (off_m < 0.0):
                break
        return place

    def _reaching_there(self, made: Deployment, wishes: Wishes) -> Deployment:
        """Return a deployment with the range for what it is to reach from where it is now."""
        site = position(made)
        for place in wishes.places:
            if site is None or not place.holds or not isinstance(place.within, str):
                continue
            away = self.ground.distance_km(place.region, site)
            reach = math.ceil(away * 1.1) + 50.0 if math.isfinite(away) else math.inf
            kept = all(limit.holds(reach) for limit in wishes.limits.get(place.within, ()))
            if kept and _reach_of(made, place.within) < reach <= 20_000.0:
                made = _ranged(made, place.within, reach)
        return made

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
        years = [
            date.fromisoformat(arg.value).year
            for node in (() if self.mark.limit is None else walk(self.mark.limit))
            if isinstance(node, Call) and node.name == "presence"
            for arg in node.args[:1]
            if isinstance(arg, Constant) and isinstance(arg.value, str)
        ]
        if not years:
            limit = self._limit()
        else:
            first = self._where_some_were(first, wishes, years[0])
            limit = self._stood(first, years[0])
        people = _whole(limit, _WHOLE[self.turn])
        made = replace(first, personnel=Interval(people))
        return self._told(made, wishes, people - limit, "persons")

    def _where_some_were(self, first: Deployment, wishes: Wishes, year: int) -> Deployment:
        """Return a deployment in a state where its party had people, if one fits the wishes."""
        states = {state for place in wishes.places if place.holds for state in place.region.states}
        hosts = [
            host
            for host in sorted(states)
            if (row := presence(first.party, host, year)) is not None
            and row.personnel is not None
            and row.personnel.lo > 0
        ]
        if not hosts or self.turn in _WITHOUT_OTHERS:
            return first
        host = self.ground.outline(Region("land", frozenset((pick(self.draw, hosts),))))
        return replace(first, geometry=shapely.Point(inside_outline(self.draw, host)))

    def _stood(self, first: Deployment, year: int) -> float:
        """Return how many people stood there before, none where nobody looked."""
        site, chosen = position(first), self.asked.settings
        if site is None:
            return 0.0
        host, _ = boundaries.host_of(
            *site, on=self.asked.on, worldview=chosen.worldview, level=chosen.level
        )
        row = presence(first.party, host or "", year)
        return 0.0 if row is None or row.personnel is None else row.personnel.hi

    def _apart(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        other, site, limit = companion(self.draw, wishes, first), position(first), self._limit()
        if other is None or site is None:
            reject()
        away_m = min(19_000.0 * METRES_PER_KM, limit * METRES_PER_KM)
        away_m = max(0.0, away_m + _METRES[self.turn])
        lon, lat = geodesy.direct(*site, pick(self.draw, (0.0, 90.0, 225.0)), away_m)
        there = (float(lon), float(lat))
        moved = replace(other, geometry=shapely.Point(there), stay=first.stay)
        by = float(geodesy.inverse(*site, *there)[0]) / METRES_PER_KM - limit
        return self._told(first, wishes, by, "km", moved)

    # -- days

    def _timed(self, first: Thing, wishes: Wishes | None = None) -> NearThreshold:
        start = entry_into_force(self.focus.treaty, self.focus.settings) or self.focus.days[0]
        limit = self._limit() if self.mark.limit is not None else 0.0
        off = _WHOLE[self.turn]
        days = _whole(limit, off, least=-1.0)
        day = start + timedelta(days=min(days, (date.max - start).days - 1))
        made: Any = replace(first, stay=Stay(day, day))
        return self._told(made, wishes, (day - start).days - limit, "days")

    def _noticed(self, first: Deployment, wishes: Wishes) -> NearThreshold:
        limit = self._limit()
        lead = int(_whole(limit, _WHOLE[self.turn]))
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
