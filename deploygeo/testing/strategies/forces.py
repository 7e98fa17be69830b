"""Strategies of deployments: any valid one, or those that a clause has something to say about."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import shapely
from hypothesis.strategies import SearchStrategy

from deploygeo.checker import Settings
from deploygeo.checker.scene import AIRCRAFT
from deploygeo.checker.timing import entry_into_force
from deploygeo.errors import SettingError
from deploygeo.model import (
    ACTIVITIES,
    BASINGS,
    BOMBERS,
    ECHELONS,
    EXTENTS,
    KINDS,
    LOADOUTS,
    PARTIES,
    SCENARIOS,
    Contingent,
    Deployment,
    Interval,
    Stay,
)
from deploygeo.model import systems as catalogue
from deploygeo.testing.strategies._draw import Draw, chance, count, named, pick, some, told, true
from deploygeo.testing.strategies.choices import treaty_of
from deploygeo.testing.strategies.outlines import Position
from deploygeo.testing.strategies.places import draw_position, draw_times, legs, track_of
from deploygeo.testing.strategies.sites import Ground, draw_site
from deploygeo.testing.strategies.values import (
    FAMILIAR,
    draw_interval,
    draw_party,
    draw_stay,
)
from deploygeo.testing.strategies.wishes import Asked, Limit, Wishes, steer
from deploygeo.treaties import Clause, Treaty

__all__ = ["Focus", "deployments", "draw_deployment"]

#: Texts that reports must print as they are, the plainest first.
_TEXTS: Final = ("x", "Ämari", 'say "no"', "NO", "=1+1", "<b>&amp;</b>", "two\nlines", "日本")

_MOST_KM: Final = 50_000.0
_MOST_PEOPLE: Final = 20_000_000.0

#: Ranges that classes of missiles end at, whatever a clause says.
_RANGES_KM: Final = (500.0, 1_000.0, 5_500.0)

_LEGS: Final = legs(1, 4)

#: The properties that a deployment may lack, the plainest first.
_OPTIONAL: Final = (
    *("range_km", "personnel", "stay", "activity", "nuclear", "basing", "system", "echelon"),
    *("loadable_range_km", "radius_km", "position_error_km", "scenario", "brigades", "partners"),
    *("total", "part_of", "contingents", "extent", "framework", "loadout", "un_mandate"),
    *("name", "source", "notes"),
)


class Focus:
    """A clause to draw things for, and the choices it is asked under.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
    settings : Settings
    """

    def __init__(self, treaty: Treaty, clause: Clause, settings: Settings) -> None:
        self.treaty, self.clause, self.settings = treaty, clause, settings
        self._asked: dict[str, Asked] = {}
        bearers = self.of("USA").bearers()
        known = sorted(bearers & set(PARTIES))
        self.bearers = (
            *(party for party in FAMILIAR if party in bearers),
            *(party for party in known if party not in FAMILIAR),
        )
        self.days = tuple(_days(treaty, settings))

    def of(self, party: str) -> Asked:
        """Return the clause as it is asked of something of a party."""
        if party not in self._asked:
            self._asked[party] = Asked(self.treaty, self.clause, self.settings, party)
        return self._asked[party]

    def draw_party(self, draw: Draw) -> str:
        """Draw a party that the clause binds, seldom another."""
        if not self.bearers or chance(draw, 10):
            return draw_party(draw)
        # the first few often, and all of them
        return pick(draw, self.bearers[:3] if true(draw) else self.bearers)

    def draw_wishes(self, draw: Draw, asked: Asked) -> Wishes:
        """Draw what makes the clause apply, and what breaks it or keeps it."""
        wishes = Wishes()
        clause = self.clause
        aim = count(draw, 0, 7)
        steer(draw, asked, clause.applies, True, wishes)
        if clause.counts is not None:
            steer(draw, asked, clause.counts, True, wishes)
        if clause.rule is not None and aim < 7:
            broken = aim >= 3
            steer(draw, asked, clause.rule, broken is (clause.modality == "prohibit"), wishes)
        for exception in clause.unless:
            steer(draw, asked, exception.rule, aim == 6, wishes)
        return wishes

    def __repr__(self) -> str:
        return f"{self.treaty.id}/{self.clause.id}"


def _days(treaty: Treaty, settings: Settings) -> list[date]:
    """Return the days on which something changes for a treaty, the one asked about first."""
    found = [settings.on, treaty.reference_date, settings.in_force]
    for span in treaty.in_force:
        found += [span.start, span.end]
    for item in treaty.definitions:
        found += [item.start, item.end]
    for parameter in treaty.parameters:
        found += [start for start, _ in parameter.values]
    days = dict.fromkeys(day for day in found if day is not None)
    return list(days) or [date(2021, 12, 17)]


def focus_of(
    treaty: Treaty | str | None, clause: Clause | str | None, settings: Settings | None
) -> Focus | None:
    """Return what to draw for; None for anything.

    Raises
    ------
    SettingError
        For a clause without its treaty, and one that cannot be checked.
    """
    if treaty is None:
        if clause is not None:
            raise SettingError("a clause is one of a treaty: give the treaty too")
        return None
    of = treaty_of(treaty)
    checkable = [one for one in of.clauses if one.check != "none"]
    if clause is None:
        return None if not checkable else Focus(of, checkable[0], settings or Settings())
    chosen = clause if isinstance(clause, Clause) else of.clause(clause)
    if chosen.check == "none":
        raise SettingError(f"clause {chosen.id} of {of.id} cannot be checked: {chosen.why}")
    return Focus(of, chosen, settings or Settings())


def deployments(
    *,
    treaty: Treaty | str | None = None,
    clause: Clause | str | None = None,
    settings: Settings | None = None,
    placed: bool = True,
) -> SearchStrategy[Deployment]:
    """Return a strategy of valid deployments, any or such as a treaty is about.

    Parameters
    ----------
    treaty : Treaty, or id or path of one, optional
        Draw what one of its clauses is about: of parties that are bound, of the kinds, with the
        activities, ranges and people that it asks for, at places in its regions, near its
        limits and on either side of them, at times when it binds. Some break it, some keep it,
        and to some it does not apply.
    clause : Clause or id, optional
        This clause of the treaty; by default any that can be checked.
    settings : Settings, optional
        Under these choices.
    placed : bool
        All have a place, as those of a file must; otherwise some have none.

    Raises
    ------
    UnknownNameError
        For an unknown treaty or clause.
    SettingError
        For a clause without its treaty, and for one that cannot be checked.

    Notes
    -----
    Shrinks to a deployment with nothing but an id, a party, a kind and a point. All have the id
    ``d``; `scenes` draws several together.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(deployments())
    Deployment(id='d', party='USA', kind='ground_force', geometry=<POINT (0 0)>)
    >>> ships = deployments(treaty="us-russia-2021", clause="5.2")
    >>> simplest(ships, lambda ship: ship.kind == "auxiliary_ship").party
    'USA'
    >>> deployments(treaty="us-russia-2021", clause="5.2")
    deployments(clause='5.2', treaty='us-russia-2021')
    """
    foci = foci_of(treaty, clause, settings)

    def draw_one(draw: Draw) -> Deployment:
        return draw_deployment(draw, pick(draw, foci) if foci else None, placed=placed)

    return named(
        "deployments",
        draw_one,
        treaty=None if treaty is None else told(repr(treaty_of(treaty).id)),
        clause=None if clause is None else told(repr(foci[0].clause.id)),
        settings=settings,
        placed=None if placed else False,
    )


def foci_of(
    treaty: Treaty | str | None, clause: Clause | str | None, settings: Settings | None
) -> tuple[Focus, ...]:
    """Return the clauses to draw for; none for anything."""
    if treaty is not None and clause is None:
        of = treaty_of(treaty)
        found = [focus_of(of, one, settings) for one in of.clauses if one.check != "none"]
    else:
        found = [focus_of(treaty, clause, settings)]
    return tuple(focus for focus in found if focus is not None)


#: A plain kind first; the others in the order of their table.
_KINDS: Final = ("ground_force", *(kind for kind in KINDS if kind != "ground_force"))


def draw_deployment(
    draw: Draw, focus: Focus | None = None, *, name: str = "d", placed: bool = True
) -> Deployment:
    """Draw a deployment, such as a clause is about or any."""
    if focus is None or chance(draw, 16):
        return _any(draw, name, placed)
    party = focus.draw_party(draw)
    asked = focus.of(party)
    wishes = focus.draw_wishes(draw, asked)
    return wished(draw, focus, asked, wishes, name=name, placed=placed)


def _any(draw: Draw, name: str, placed: bool) -> Deployment:
    values: dict[str, Any] = {"id": name, "party": draw_party(draw), "kind": pick(draw, _KINDS)}
    if values["kind"] in BOMBERS:
        values["activity"] = pick(draw, tuple(ACTIVITIES))
    site = draw_position(draw)
    for key in some(draw, _OPTIONAL, 0, 6):
        values[key] = _property(draw, key, values)
    if placed or not chance(draw, 8):
        _place(draw, site, values)
    return _made(values)


def _made(values: dict[str, Any]) -> Deployment:
    if values.get("times") and isinstance(values.get("stay"), Stay):
        del values["stay"]  # that of the times
    return Deployment(**values)


def _property(
    draw: Draw, key: str, values: Mapping[str, Any], days: tuple[date, ...] = (date(2021, 12, 17),)
) -> Any:
    """Draw the value of an optional property."""
    match key:
        case "range_km" | "loadable_range_km" | "radius_km":
            return draw_interval(draw, _RANGES_KM, most=_MOST_KM if chance(draw, 9) else 20_000.0)
        case "personnel":
            most = _MOST_PEOPLE if chance(draw, 9) else 50_000.0
            return draw_interval(draw, (1_000.0, 5_000.0), most=most, whole=True)
        case "stay":
            return draw_stay(draw, days)
        case "activity":
            return pick(draw, tuple(ACTIVITIES))
        case "nuclear":
            return not true(draw)
        case "total":
            return True
        case "basing":
            return pick(draw, tuple(BASINGS))
        case "system":
            return pick(draw, tuple(catalogue()))
        case "echelon":
            return pick(draw, tuple(ECHELONS))
        case "position_error_km":
            return pick(draw, (1.0, 0.1, 10.0, 100.0, 2_000.0))
        case "scenario":
            return pick(draw, tuple(SCENARIOS))
        case "brigades":
            return count(draw, 0, 4)
        case "partners":
            found = some(draw, FAMILIAR, 1, 3)
            return tuple(found)
        case "part_of":
            return pick(draw, ("whole", "d1", "d2"))
        case "contingents":
            return _contingents(draw, tuple(FAMILIAR))
        case "extent":
            return pick(draw, tuple(EXTENTS))
        case "loadout":
            return pick(draw, tuple(LOADOUTS))
        case _:  # name, framework, un_mandate, source, notes
            return pick(draw, _TEXTS)


def _contingents(draw: Draw, among: tuple[str, ...]) -> tuple[Contingent, ...]:
    return tuple(
        Contingent(
            party,
            None if not true(draw) else draw_interval(draw, most=50_000.0, whole=True),
        )
        for party in some(draw, among, 1, 3)
    )


# -- where


def _place(draw: Draw, site: Position, values: dict[str, Any]) -> None:
    """Put a deployment at a site: mostly as a point, or as what begins or lies there."""
    match pick(draw, _FORMS):
        case "point":
            values["geometry"] = shapely.Point(site)
        case "track":
            values["geometry"] = track_of(site, draw(_LEGS))
        case "timed":
            values["geometry"] = track_of(site, draw(_LEGS), crossing=False)
            first = values["stay"].start if isinstance(values.get("stay"), Stay) else None
            size = len(values["geometry"].coords)
            values["times"] = draw_times(draw, size, first or date(2021, 12, 17))
        case "area":
            values["geometry"] = _area(draw, site)
        case "points":
            values["geometry"] = shapely.MultiPoint([site, _beside(site)])
        case "areas":
            one, other = _area(draw, site), _area(draw, _beside(site, 30.0))
            values["geometry"] = shapely.MultiPolygon([one, other])
        case _:
            values["geometry"] = shapely.GeometryCollection(
                [shapely.Point(site), shapely.Point(_beside(site))]
            )


#: The forms of a place; most are points, which are checked most often.
_FORMS: Final = (
    *(["point"] * 14),
    *("area", "track", "timed", "area", "points", "areas", "collection"),
)


def _beside(site: Position, degrees: float = 1.0) -> Position:
    lon, lat = site
    return (lon + degrees if lon + degrees <= 180.0 else lon - degrees), lat


def _area(draw: Draw, site: Position) -> Any:
    """Draw an area that holds a site, or has it as a corner."""
    half = pick(draw, (0.1, 1.0, 0.01, 5.0))
    west, east = max(-180.0, site[0] - half), min(180.0, site[0] + half)
    south, north = max(-90.0, site[1] - half), min(90.0, site[1] + half)
    return shapely.box(round(west, 9), round(south, 9), round(east, 9), round(north, 9))


# -- as wished


def wished(
    draw: Draw,
    focus: Focus,
    asked: Asked,
    wishes: Wishes,
    *,
    name: str = "d",
    placed: bool = True,
) -> Deployment:
    """Draw a deployment as wished, with no more than it takes and seldom something besides."""
    values: dict[str, Any] = {"id": name, "party": _party(draw, asked, wishes)}
    kinds = wishes.words.get("kind", _KINDS)
    values["kind"] = pick(draw, kinds)
    for key in ("activity", "basing", "scenario", "framework", "echelon"):
        if key in wishes.words:
            values[key] = pick(draw, wishes.words[key])
    if values["kind"] in BOMBERS and "activity" not in values:
        values["activity"] = pick(draw, tuple(ACTIVITIES))
    if "nuclear" in wishes.flags and (wishes.flags["nuclear"] or true(draw)):
        values["nuclear"] = wishes.flags["nuclear"]
    if wishes.flags.get("mandate"):
        values["un_mandate"] = "UNSC 1244"
    numbers = _quantities(draw, wishes, values)
    _partners(draw, wishes, values)
    stay = _stay(draw, focus, wishes)
    if stay is not None:
        values["stay"] = stay
    site = draw_site(draw, Ground(asked), wishes.places, numbers)
    for key in some(draw, [key for key in _BESIDES if key not in values], 0, 2):
        values[key] = _property(draw, key, values, focus.days)
    if values.get("contingents"):
        among = tuple(dict.fromkeys((values["party"], *focus.bearers[:6])))
        values["contingents"] = _contingents(draw, among)
    if placed or not chance(draw, 16):
        _place(draw, site, values)
    return _made(values)


#: What is added to a deployment as wished, seldom; the plainest first.
_BESIDES: Final = (
    *("personnel", "range_km", "activity", "position_error_km", "total", "part_of", "echelon"),
    *("stay", "nuclear", "system", "loadable_range_km", "radius_km", "brigades", "scenario"),
    *("contingents", "extent", "partners", "loadout", "un_mandate", "framework", "basing"),
    *("name", "source", "notes"),
)


def _party(draw: Draw, asked: Asked, wishes: Wishes) -> str:
    for states, holds in wishes.shares.get("own", ()):
        if (asked.party in states) is not holds:
            bearers = asked.bearers() or frozenset(PARTIES)
            found = sorted(party for party in bearers if (party in states) is holds)
            if found:
                return pick(draw, found)
    return asked.party


def _quantities(draw: Draw, wishes: Wishes, values: dict[str, Any]) -> dict[str, float]:
    """Draw the numbers that are wished for; return the ranges, which places depend on."""
    numbers: dict[str, float] = {}
    wanted = {place.within for place in wishes.places if isinstance(place.within, str)}
    for quantity in ("range", "loadable_range", "platform_range"):
        if quantity in wishes.limits or quantity in wanted:
            limits = wishes.limits.get(quantity, ())
            found = _kept(draw, limits, most=20_000.0, usual=(1_600.0, 500.0, 2_500.0))
            numbers[quantity] = found.lo
            key = "range_km" if quantity == "platform_range" else f"{quantity}_km"
            values.setdefault(key, found)
            if quantity == "platform_range" and values["kind"] in AIRCRAFT:
                values.setdefault("radius_km", Interval(0))
    for quantity in ("personnel", "total"):
        if quantity in wishes.limits and "personnel" not in values:
            values["personnel"] = _kept(
                draw, wishes.limits[quantity], most=_MOST_PEOPLE, usual=(100.0, 5_000.0), whole=True
            )
    if "brigades" in wishes.limits:
        found = _kept(draw, wishes.limits["brigades"], most=10_000.0, usual=(1.0, 2.0), whole=True)
        values["brigades"] = int(found.lo)
    return numbers


def kept_number(
    draw: Draw,
    limits: Sequence[Limit],
    *,
    most: float,
    usual: tuple[float, ...],
    whole: bool = False,
) -> float:
    """Draw a number that keeps some limits: a usual one, at or next to a limit, or between."""
    low = max((one.value for one in limits if one.operator in (">", ">=")), default=0.0)
    high = min((one.value for one in limits if one.operator in ("<", "<=")), default=most)
    ends = [end for end in dict.fromkeys((low, high)) if end not in (0.0, most)]
    tried = [*usual]
    for end in ends:
        if whole:
            tried += [math.floor(end), math.ceil(end) - 1.0, math.floor(end) + 1.0]
        else:
            tried += [end, math.nextafter(end, 0.0), math.nextafter(end, math.inf)]
    tried += [(low + min(high, 2 * low + 1_000.0)) // 2, low, 0.0]
    good = [
        float(one)
        for one in dict.fromkeys(tried)
        if 0.0 <= one <= most and all(limit.holds(one) for limit in limits)
    ]
    if good and not chance(draw, 6):
        return pick(draw, good)
    first, last = math.ceil(low), math.floor(min(high, most))
    found = float(count(draw, first, last)) if first <= last else min(low, most)
    return found if all(limit.holds(found) for limit in limits) or not good else good[0]


def _kept(
    draw: Draw,
    limits: Sequence[Limit],
    *,
    most: float,
    usual: tuple[float, ...],
    whole: bool = False,
) -> Interval:
    one = kept_number(draw, limits, most=most, usual=usual, whole=whole)
    if not chance(draw, 5):
        return Interval(one)
    if chance(draw, 3):  # across the limits, so that nothing is decided
        return draw_interval(
            draw, tuple(limit.value for limit in limits), most=most, whole=whole, exact=False
        )
    other = kept_number(draw, limits, most=most, usual=usual, whole=whole)
    return Interval(min(one, other), max(one, other))


def _partners(draw: Draw, wishes: Wishes, values: dict[str, Any]) -> None:
    for states, holds in wishes.shares.get("partners", ()):
        known = [party for party in PARTIES if (party in states) is holds and party != "NATO"]
        familiar = [party for party in FAMILIAR if party in known]
        if known:
            values["partners"] = (pick(draw, familiar if familiar and true(draw) else known),)
            return


def _stay(draw: Draw, focus: Focus, wishes: Wishes) -> Stay | None:
    lengths = wishes.limits.get("stay_days")
    elapsed = wishes.limits.get("days_in_force")
    start = entry_into_force(focus.treaty, focus.settings)
    if elapsed and start is not None:
        days = kept_number(draw, elapsed, most=365_000.0, usual=(0.0, 30.0), whole=True)
        day = start + timedelta(days=min(int(days), (date.max - start).days))
        return Stay(day, day)
    if lengths:
        days = kept_number(draw, lengths, most=3_650.0, usual=(1.0, 30.0), whole=True)
        day = pick(draw, focus.days)
        if days >= 1 and day.year < 9_000:
            return Stay(day, day + timedelta(days=int(days) - 1))
    if not chance(draw, 3):
        return None
    return draw_stay(draw, focus.days)
