"""A situation: one deployment or record, with the records and forces that it needs round it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from deploygeo.consistency.conditions import LAUNCHERS
from deploygeo.consistency.places import Place
from deploygeo.io.features import feature_of
from deploygeo.model import KINDS, RECORD_KINDS, Deployment, Record
from deploygeo.model.vocabulary import BOMBERS, default_activity

__all__ = ["PRINCIPAL", "Draft", "Situation", "drafted"]

PRINCIPAL: Final = "witness"
"""The id of what a situation is about."""

Values: TypeAlias = tuple[tuple[str, Any], ...]

_ALWAYS: Final = frozenset({"id", "party", "kind"})
_NEEDED: Final = _ALWAYS | {"stay", "group", "by", "subject", "clause", "states", "partners"}

_QUANTITIES: Final = {
    "range_km": "range {} km",
    "loadable_range_km": "loadable range {} km",
    "radius_km": "combat radius {} km",
    "personnel": "{} people",
    "brigades": "{} brigades",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A deployment or record that is not made yet: the arguments that it takes, and its place.

    Examples
    --------
    >>> drafted({"id": "a", "party": "GBR", "kind": "radar"}, Place("London", -0.1, 51.5)).thing
    Deployment(id='a', party='GBR', kind='radar', geometry=<POINT (-0.1 51.5)>)
    """

    values: Values
    place: Place | None = None

    @property
    def thing(self) -> Deployment | Record:
        """The deployment or record."""
        return _made(self)

    @property
    def given(self) -> Mapping[str, Any]:
        """The arguments, by name."""
        return _given(self.values)

    @property
    def is_record(self) -> bool:
        """Whether it is a record."""
        return self.given["kind"] in RECORD_KINDS

    def without(self, name: str) -> Draft:
        """Return it without an argument."""
        return replace(self, values=tuple(pair for pair in self.values if pair[0] != name))

    def giving(self, **values: Any) -> Draft:
        """Return it with other values of some arguments."""
        return replace(self, values=tuple({**self.given, **values}.items()))


def drafted(values: Mapping[str, Any], place: Place | None = None) -> Draft:
    """Return a draft; what is None is left out, and what moves only in flight is said to do so."""
    kept = {name: value for name, value in values.items() if value is not None and value != ()}
    kind = kept.get("kind")
    if kind in BOMBERS:
        kept.setdefault("activity", "deploy")
    elif isinstance(kind, str) and kind in KINDS and kept.get("activity") == default_activity(kind):
        del kept["activity"]
    if kind in LAUNCHERS and kept.get("basing") == "ground":
        del kept["basing"]
    return Draft(tuple(kept.items()), place)


# A search asks each of its thousands of situations for these again and again.
@functools.lru_cache(maxsize=65_536)
def _given(values: Values) -> Mapping[str, Any]:
    return MappingProxyType(dict(values))


@functools.lru_cache(maxsize=65_536)
def _made(draft: Draft) -> Deployment | Record:
    if draft.is_record:
        return Record(**draft.given)
    return Deployment(**draft.given, geometry=None if draft.place is None else draft.place.at)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is looked at by itself.

    Parameters
    ----------
    main : Draft
        What it is about; its id is `PRINCIPAL`.
    others : tuple of Draft
        Records about it, and forces near it.
    """

    main: Draft
    others: tuple[Draft, ...] = ()

    @property
    def things(self) -> tuple[Deployment | Record, ...]:
        """All of it, the main thing first."""
        return tuple(draft.thing for draft in (self.main, *self.others))

    @property
    def features(self) -> list[dict[str, Any]]:
        """All of it as GeoJSON features."""
        return [feature_of(thing) for thing in self.things]

    @property
    def party(self) -> str:
        """Whose it is."""
        return str(self.main.given.get("party", ""))

    @property
    def kind(self) -> str:
        """The kind of deployment or record."""
        return str(self.main.given["kind"])

    @property
    def range_km(self) -> float | None:
        """The range of its weapon, where it matters."""
        value = self.main.given.get("range_km")
        return None if value is None else float(value)

    @property
    def place(self) -> Place | None:
        """Where it is."""
        return self.main.place

    @property
    def facts(self) -> Mapping[str, Any]:
        """Its attributes as facts, those that are not given too; no quantities, and no place."""
        return _facts(self.main.values)

    @property
    def features_told(self) -> tuple[str, ...]:
        """What matters of it beside party, kind, range and place, in words."""
        return tuple(_told(self))

    def of(self, party: str) -> Situation:
        """Return the same by another party."""
        return replace(self, main=self.main.giving(party=party))

    def manned(self) -> Situation:
        """Return the same with one person, unless it says how many."""
        if self.main.is_record or "personnel" in self.main.given:
            return self
        return replace(self, main=self.main.giving(personnel=1))

    def simpler(self) -> Iterator[Situation]:
        """Yield situations that say less: without one of the others, or one of the arguments."""
        for at in range(len(self.others)):
            yield replace(self, others=self.others[:at] + self.others[at + 1 :])
        for name, _ in reversed(self.main.values):
            less = self.leaving(name)
            if less is not None:
                yield less

    def leaving(self, name: str) -> Situation | None:
        """Return the same without one argument, or None where it cannot do without it."""
        needed = _NEEDED if self.main.is_record else _ALWAYS
        if name in needed or (name == "activity" and self.kind in BOMBERS):
            return None
        return replace(self, main=self.main.without(name))

    def __str__(self) -> str:
        """Return it in words.

        >>> draft = drafted({"id": "a", "party": "GBR", "kind": "surface_warship",
        ...                  "range_km": 1600.0}, Place("Black Sea", 34.0, 43.0, "sea"))
        >>> str(Situation(draft))
        'surface_warship of GBR, range 1 600 km, at 34,43 (Black Sea)'
        """
        given = self.main.given
        party = given.get("party") or ", ".join(given.get("by", ()))
        parts = [f"{self.kind} of {party}" if party else self.kind, *_told(self)]
        if self.range_km is not None:
            parts.insert(1, _QUANTITIES["range_km"].format(_number(self.range_km)))
        if self.place is not None:
            parts.append(f"at {self.place.lon:g},{self.place.lat:g} ({self.place.name})")
        return ", ".join(parts)


@functools.lru_cache(maxsize=65_536)
def _facts(values: Values) -> Mapping[str, Any]:
    given = dict(values)
    if given["kind"] in RECORD_KINDS:
        partners = (*given.get("partners", ()), *given.get("by", ()))
        own = given.get("party")
        return {
            "record": given["kind"],
            "joins": given.get("group"),
            "partners": tuple(one for one in partners if one != own),
        }
    kept = ("basing", "nuclear", "framework", "scenario", "echelon")
    return {
        "kind": given["kind"],
        "activity": given.get("activity", default_activity(given["kind"])),
        "partners": tuple(given.get("partners", ())),
        "un_mandate": True if "un_mandate" in given else None,
        **{name: given.get(name) for name in kept},
    }


def _told(situation: Situation) -> Iterator[str]:
    given = situation.main.given
    for name, value in given.items():
        if name == "personnel" and value == 1:
            yield "1 person"
        elif name in _QUANTITIES and name != "range_km":
            yield _QUANTITIES[name].format(_number(float(value)))
        elif name == "activity":
            yield str(value)
        elif name == "basing":
            yield f"based on {value}"
        elif name == "nuclear":
            yield "nuclear"
        elif name == "scenario":
            yield f"{value} scenario"
        elif name == "echelon":
            yield f"echelon {value}"
        elif name == "framework":
            yield f"framework {value}"
        elif name == "partners":
            yield f"with {', '.join(value)}"
        elif name == "group":
            yield f"to {value}"
        elif name == "un_mandate":
            yield "with a mandate of the Security Council"
        elif name == "stay":
            yield _stay(value)
    for other in situation.others:
        yield _companion(other)


def _stay(value: object) -> str:
    if isinstance(value, tuple):
        return f"from {value[0]} until {value[1]}"
    return f"on {value}"


def _companion(draft: Draft) -> str:
    given = draft.given
    match given["kind"]:
        case "consent":
            by = given["by"]
            who = ", ".join(by) if len(by) <= 3 else f"{len(by)} states"
            return f"with the consent of {who}"
        case "finding":
            says = "holds" if given["states"] else "does not hold"
            return f"a human finding that {given['clause']} {says}"
        case "notice":
            return f"with notice on {given['stay']}"
        case "accession" | "cooperation":
            return f"beside an {given['kind']}"
    where = "" if draft.place is None else f" at {draft.place.lon:g},{draft.place.lat:g}"
    return f"beside a {given['kind']} of {given['party']}{where}"


def _number(value: float) -> str:
    return f"{value:,.10g}".replace(",", " ")
