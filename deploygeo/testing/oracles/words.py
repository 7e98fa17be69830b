"""What every word of the vocabulary means for a question."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from deploygeo.testing.oracles import places, times
from deploygeo.testing.oracles.earth import members
from deploygeo.testing.oracles.language import Logic, Number, compared
from deploygeo.testing.oracles.scene import AIRCRAFT, ECHELONS, Actor, Event, states_of

if TYPE_CHECKING:
    from deploygeo.testing.oracles.question import Question

__all__ = ["WORDS"]

States = frozenset[str]

# What has an echelon; a single ship, aircraft, battery or team is not above a brigade.
_FORMATIONS: Final = frozenset(["ground_force", "exercise", "peacekeeping", "headquarters"])
_NO_BRIGADE: Final = 1_000  # half of the smallest brigade in general references


# -- attributes


def _is(key: str) -> Callable[..., Logic]:
    def word(asked: Question, *names: str) -> Logic:
        value = asked.row.get(key) if key == "framework" else getattr(asked.actor, key)
        return Logic(value in names)

    return word


def _basing(asked: Question, *names: str) -> Logic:
    value = asked.row.get("basing") or asked.actor.system.get("basing")
    if value is None and asked.actor.kind in ("missile_launcher", "missile_defence"):
        value = "ground"
    return Logic(None, 0.0) if value is None else Logic(value in names)


def _scenario(asked: Question, name: str) -> Logic:
    found = asked.finding(f"{name}-scenario")
    value = asked.row.get("scenario")
    if found is not None:
        return found
    return Logic(None, 0.0) if value is None else Logic(value == name)


def _echelon_above(asked: Question, name: str) -> Logic:
    echelon, personnel = asked.row.get("echelon"), asked.row.get("personnel")
    if echelon is not None:
        return Logic(ECHELONS.index(echelon) > ECHELONS.index(name))
    if asked.actor.kind not in _FORMATIONS:
        return Logic(False)
    if personnel is not None and asked.actor.quantity("personnel")[1] <= _NO_BRIGADE:
        return Logic(False)
    return Logic(None, 0.0)


def _platform_range(asked: Question) -> Number:
    low, high = asked.actor.quantity("range_km")
    if asked.actor.kind in AIRCRAFT:
        more = asked.actor.quantity("radius_km")
        low, high = low + more[0], high + more[1]
    return Number(low, high)


def _brigades(asked: Question) -> Number:
    value = asked.row.get("brigades")
    return Number(0.0, math.inf) if value is None else Number(float(value), float(value))


def _step_up(_: Question, number: Number, *limits: Number) -> Number:
    known = sorted(limit.lo for limit in limits if limit.lo == limit.hi)
    low, high = (
        next((end for end in known if end >= value), value) for value in (number.lo, number.hi)
    )
    is_bound = any(end >= number.hi for end in known)
    for limit in limits:
        if limit.lo < limit.hi:  # it may be anywhere between
            low = min(low, max(number.lo, limit.lo))
            high = high if is_bound else max(high, limit.hi)
    return Number(low, high)


# -- sets of states


def _group(asked: Question, name: str, day: str = "") -> States:
    if day == "before":
        return members(name, asked.on - timedelta(days=1))
    return members(name, date.fromisoformat(day) if day else asked.on)


def _partners(asked: Question) -> States:
    subject = asked.subject
    if isinstance(subject, Event):
        return states_of([*subject.names("with"), *subject.names("by")], asked.on) - asked.own
    value = asked.row.get("with") or ()
    return states_of([value] if isinstance(value, str) else value, asked.on)


def _joining(asked: Question) -> States:
    return asked.own if isinstance(asked.subject, Event) else frozenset()


def _share(_: Question, one: States, other: States) -> Logic:
    return Logic(bool(one & other)) if one else Logic(None, 0.0)


# -- time


def _stay_days(asked: Question) -> Number:
    stay = asked.actor.stay
    if stay.start is None or stay.end is None:
        return Number(1.0, math.inf)
    days = float((stay.end - stay.start).days + 1)
    return Number(days, days)


def _days_in_force(asked: Question) -> Number:
    start = times.entry_into_force(asked.pact, asked.choices)
    if start is None:
        return Number(0.0, math.inf)
    days = float((asked.on - start).days)
    return Number(days, days)


def _param(asked: Question, name: str) -> Number:
    value = asked.pact.param(name, asked.on, asked.choices.params)
    return Number(0.0, math.inf) if value is None else Number(float(value), float(value))


# -- records


def _record(asked: Question, *kinds: str) -> Logic:
    return Logic(isinstance(asked.subject, Event) and asked.subject.kind in kinds)


def _joins(asked: Question, name: str) -> Logic:
    return Logic(isinstance(asked.subject, Event) and asked.subject.row.get("group") == name)


def _consent(asked: Question, states: States) -> Logic:
    subject = asked.subject
    party = subject.party if isinstance(subject, Actor) else ""
    stay = times.bound_stay(asked.pact, asked.clause, asked.choices, party, subject.stay)
    given: dict[str, list[Any]] = {}
    for event in asked.scene.events:
        if event.kind == "consent" and event.is_about(asked.ids()):
            for by in event.names("by"):
                for state in members("NATO", asked.on) if by == "NATO" else (by,):
                    given.setdefault(state, []).append(event.stay)
    # a holder of land that is no party has a name and no code of three letters
    parties = (state for state in states if len(state) == 3 and state.isupper())
    return Logic(all((stay or subject.stay).is_covered(given.get(state, ())) for state in parties))


def _notice(asked: Question, days: Number) -> Logic:
    start = asked.actor.stay.start
    if start is None:
        return Logic(None, 0.0)
    leads = [
        (start - event.stay.start).days
        for event in asked.scene.events
        if event.kind == "notice" and event.stay.start and event.is_about(asked.ids())
    ]
    best = float(max(leads, default=-1))
    return compared(Number(best, best), ">=", days)


def _asserted(asked: Question, name: str) -> Logic:
    return asked.finding(name) or Logic(None, 0.0)


WORDS: Final[Mapping[str, Callable[..., Any]]] = {
    "always": lambda _: Logic(True),
    "never": lambda _: Logic(False),
    "kind": _is("kind"),
    "activity": _is("activity"),
    "framework": _is("framework"),
    "basing": _basing,
    "scenario": _scenario,
    "nuclear": lambda asked: Logic(
        asked.row.get("nuclear") is True or asked.actor.kind == "nuclear_weapon"
    ),
    "echelon_above": _echelon_above,
    "range": lambda asked: Number(*asked.actor.quantity("range_km")),
    "loadable_range": lambda asked: Number(*asked.actor.quantity("loadable_range_km")),
    "platform_range": _platform_range,
    "personnel": lambda asked: Number(*asked.actor.quantity("personnel")),
    "brigades": _brigades,
    "step_up": _step_up,
    "own": lambda asked: asked.own,
    "partners": _partners,
    "joining": _joining,
    "parties": lambda asked: asked.parties,
    "counterparts": lambda asked: asked.counterparts,
    "everyone": lambda asked: asked.earth.states,
    "states": lambda _, *names: frozenset(names),
    "group": _group,
    "party_in": lambda asked, states: Logic(bool(asked.own & states)),
    "share": _share,
    "land": lambda _, states: ("land", states),
    "territory": lambda _, states: ("territory", states),
    "sea": lambda _, name: ("sea", name),
    "line": lambda _, name: ("line", name),
    "border_line": lambda _, one, other: ("border", one, other),
    "outer_border": lambda _, states: ("outer", states),
    "inside": places.inside,
    "host_in": places.host_in,
    "extends_east": places.extends_east,
    "lies_east": places.lies_east,
    "brings_nearer": places.brings_nearer,
    "distance": places.distance,
    "reaches": places.reaches,
    "separation": places.separation,
    "stay_days": _stay_days,
    "days_in_force": _days_in_force,
    "total": lambda asked, key: asked.subject.total(asked, key),
    "presence": lambda asked, day, key: asked.subject.presence(asked, day, key),
    "record": _record,
    "joins": _joins,
    "consent": _consent,
    "notice": _notice,
    "mandate": lambda asked: Logic(bool(asked.row.get("un_mandate"))),
    "asserted": _asserted,
    "param": _param,
}
