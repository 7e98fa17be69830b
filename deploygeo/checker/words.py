"""Every word of the vocabulary, answered for a case."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from deploygeo import boundaries
from deploygeo.checker import places, records, timing, totals
from deploygeo.checker.scene import AIRCRAFT, states_of
from deploygeo.checker.wording import told as _told
from deploygeo.clauses.evaluate import Number, Region, States, Value
from deploygeo.clauses.outcome import Outcome, claim
from deploygeo.model import ECHELONS, members

if TYPE_CHECKING:
    from deploygeo.checker.facts import Case

__all__ = ["WORDS"]

# A single ship, aircraft, battery or training team is not above a brigade.
_FORMATIONS = frozenset(["ground_force", "exercise", "peacekeeping", "headquarters"])
# Half of the smallest brigade in general references (2 000 to 5 000).
_BELOW_BRIGADE = 1_000


def _platform_range(case: Case) -> Number:
    # what is no aircraft adds nothing to its weapon: it is that very quantity, once
    if case.deployment.kind not in AIRCRAFT:
        return case.number("range", "km of range", "range")
    return case.number("platform_range", "km of range", "combat radius")


def _one_of(key: str) -> Callable[..., Outcome]:
    def word(case: Case, *names: str) -> Outcome:
        value = getattr(case.deployment, key)
        return claim(f"{key} is {value}", value in names)

    return word


def _basing(case: Case, *names: str) -> Outcome:
    deployment = case.deployment
    value = deployment.launch_basing
    if value is None and deployment.kind in ("missile_launcher", "missile_defence"):
        value = "ground"  # the kinds are of launchers on land unless they say otherwise
    if value is None:
        return claim("basing is not given", None, "basing")
    return claim(f"based on {value}", value in names)


def _nuclear(case: Case) -> Outcome:
    # What does not say that it is nuclear is not taken to be: else every unit would be unknown.
    # A catalogue says what can carry nuclear weapons, not that it does.
    deployment = case.deployment
    said = deployment.nuclear is True or deployment.kind == "nuclear_weapon"
    return claim("said to be nuclear" if said else "not said to be nuclear", said)


def _scenario(case: Case, name: str) -> Outcome:
    found = records.finding(case, f"{name}-scenario")
    if found is not None:
        return found
    value = case.deployment.scenario
    known = None if value is None else value == name
    return claim(f"scenario is {value or 'not given'}", known, "scenario")


def _echelon_above(case: Case, name: str) -> Outcome:
    deployment = case.deployment
    order = list(ECHELONS)
    if deployment.echelon is not None:
        above = order.index(deployment.echelon) > order.index(name)
        return claim(f"echelon {deployment.echelon}, against {name}", above)
    if deployment.kind not in _FORMATIONS:
        return claim(f"a single {deployment.kind} is not above a {name}", False)
    if deployment.personnel is not None and deployment.personnel.hi <= _BELOW_BRIGADE:
        return claim(f"{deployment.personnel} people are no {name}", False)
    return claim("echelon is not given", None, "echelon")


def _group(case: Case, name: str, day: str = "") -> States:
    if day == "before":
        on = case.on - timedelta(days=1)
    else:
        on = date.fromisoformat(day) if day else case.on
    return members(name, on)


def _share(case: Case, one: States, other: States) -> Outcome:
    both = sorted(one & other)
    if not one:
        return claim("no state is named", None, "partners")
    told = _told(frozenset(both)) if both else f"none of {_told(one)}"
    return claim(f"among them: {told}", bool(both))


def _party_in(case: Case, states: States) -> Outcome:
    return claim(f"party is {_told(case.own_states)}", bool(case.own_states & states))


def _partners(case: Case) -> States:
    if case.record is not None:
        named = (*case.record.partners, *case.record.by)
        return states_of(named, case.on) - case.own_states
    return states_of(case.deployment.partners, case.on)


def _joining(case: Case) -> States:
    # a consent, say, names nobody who joins
    party = None if case.record is None else case.record.party
    return frozenset() if party is None else states_of((party,), case.on)


def _stay_days(case: Case) -> Number:
    stay = case.deployment.stay
    if stay.start is not None and stay.end is not None:
        days = float((stay.end - stay.start).days + 1)
        return Number(days, days, "days", "stay")
    return Number(1.0, math.inf, "days", "stay", "", "length of the stay")


def _days_in_force(case: Case) -> Number:
    start = timing.entry_into_force(case.treaty, case.settings)
    if start is None:
        return Number(0.0, math.inf, "days", "in force as if", "", "date of entry into force")
    days = float((case.on - start).days)
    return Number(days, days, "days", "in force")


def _param(case: Case, name: str) -> Number:
    known = next(item for item in case.treaty.parameters if item.name == name)
    value = case.settings.params.get(name, known.value(case.on))
    if value is None:
        return Number(0.0, math.inf, "", name, "", f"parameter {name}")
    return Number(value, value, "", name)


def _step_up(case: Case, number: Number, *limits: Number) -> Number:
    for end in (end for limit in limits for end in (limit.lo, limit.hi)):
        if number.quantity and math.isfinite(end):
            case.cut(number.quantity, end)

    def least(value: float) -> float:
        return min((max(value, limit.lo) for limit in limits if value <= limit.hi), default=value)

    def most(value: float) -> float:
        certain = [limit.hi for limit in limits if value <= limit.lo]
        # a limit that may be below the value may also be the only one above it
        return min(certain) if certain else max([value, *(limit.hi for limit in limits)])

    wide = [item.why for item in (number, *limits) if item.lo < item.hi and item.why]
    return Number(
        least(number.lo),
        most(number.hi),
        number.unit,
        f"class limit of {number.text}",
        "",
        " and ".join(dict.fromkeys(wide)),
        place=math.inf if any(item.place for item in (number, *limits)) else 0.0,
    )


def _separation(case: Case, states: States, *kinds: str) -> Number:
    return places.separation(case, states, frozenset(kinds))


WORDS: Mapping[str, Callable[..., Value]] = {
    "always": lambda case: claim("always", True),
    "never": lambda case: claim("never", False),
    "kind": _one_of("kind"),
    "activity": _one_of("activity"),
    "framework": _one_of("framework"),
    "basing": _basing,
    "scenario": _scenario,
    "nuclear": _nuclear,
    "echelon_above": _echelon_above,
    "range": lambda case: case.number("range", "km of range", "range"),
    "loadable_range": lambda case: case.number("loadable_range", "km of range", "loadable range"),
    "platform_range": _platform_range,
    "personnel": lambda case: case.number("personnel", "persons", "personnel"),
    "brigades": lambda case: (
        Number(0.0, math.inf, "brigades", "brigades", "", "brigades")
        if case.deployment.brigades is None
        else Number(case.deployment.brigades, case.deployment.brigades, "brigades", "brigades")
    ),
    "step_up": _step_up,
    "own": lambda case: case.own_states,
    "partners": _partners,
    "joining": _joining,
    "parties": lambda case: case.parties,
    "counterparts": lambda case: case.counterparts,
    "everyone": lambda case: boundaries.states(),
    "states": lambda case, *names: frozenset(names),
    "group": _group,
    "party_in": _party_in,
    "share": _share,
    "land": lambda case, states: Region("land", states),
    "territory": lambda case, states: Region("territory", states),
    "sea": lambda case, name: Region("sea", name=name),
    "border_line": lambda case, one, other: Region("border", one, other),
    "outer_border": lambda case, states: Region("outer", states),
    "line": lambda case, name: Region("line", name=name),
    "inside": lambda case, region: places.inside(case, region),
    "host_in": totals.host_in,
    "extends_east": lambda case, one, other: places.extends_east(case, one, other),
    "lies_east": lambda case, one, other: places.lies_east(case, one, other),
    "brings_nearer": lambda case, *sets: places.brings_nearer(case, *sets),
    "distance": lambda case, region: places.distance(case, region),
    "reaches": lambda case, region, reach: places.reaches(case, region, reach),
    "separation": _separation,
    "stay_days": _stay_days,
    "days_in_force": _days_in_force,
    "total": totals.total,
    "presence": totals.baseline,
    "record": records.record,
    "joins": records.joins,
    "consent": records.consent,
    "notice": records.notice,
    "mandate": records.mandate,
    "asserted": records.asserted,
    "param": _param,
}
