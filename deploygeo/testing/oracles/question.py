"""One clause asked of one deployment, record or group on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from deploygeo.testing.oracles.earth import World, world
from deploygeo.testing.oracles.language import Logic, Pact, value_of
from deploygeo.testing.oracles.place import REACH_M
from deploygeo.testing.oracles.scene import Actor, Choices, Event, Scene, states_of
from deploygeo.testing.oracles.words import WORDS

if TYPE_CHECKING:
    from deploygeo.testing.oracles.groups import Gathering

__all__ = ["Question"]

States = frozenset[str]


@dataclass
class Question:
    """A clause of a treaty, of whom and on what day it is asked, and under which choices.

    Parameters
    ----------
    pact, clause, scene, choices
        The treaty, the table of the clause, all that is there, and the choices.
    subject : Actor, Event or Gathering
    on : date
    left_out : frozenset of str
        Ids of actors that do not count towards a total.
    reach_m : float
        How far limits are looked for.
    measured : list of float
        The distances in km that were measured, for whoever looks for thresholds.
    """

    pact: Pact
    clause: Mapping[str, Any]
    scene: Scene
    choices: Choices
    subject: Actor | Event | Gathering
    on: date
    left_out: frozenset[str] = frozenset()
    reach_m: float = REACH_M
    measured: list[float] = field(default_factory=list)
    is_over_all: bool = False

    # -- for the language

    def definition(self, name: str) -> str | None:
        """Return the expression of a name on the day."""
        return self.pact.definition(name, self.on, self.choices.readings)

    def word(self, name: str, args: list[Any]) -> Any:
        """Return the value of a word of the vocabulary."""
        return WORDS[name](self, *args)

    def logic(self, text: str) -> Logic:
        """Return whether a condition holds."""
        found = value_of(text, self)
        if not isinstance(found, Logic):
            raise TypeError(f"{text} is no condition")
        return found

    # -- who

    @cached_property
    def earth(self) -> World:
        """The border data."""
        return world(self.choices.level)

    @cached_property
    def held(self) -> dict[str, str]:
        """Who holds each unit of land."""
        return dict(self.earth.holders(self.choices.worldview, self.on))

    @property
    def overseas(self) -> bool:
        """Whether overseas territories count."""
        return self.pact.chosen("overseas", self.choices.readings) == "included"

    def units(self, states: States, *, overseas: bool | None = None) -> States:
        """Return the units of some states."""
        counted = self.overseas if overseas is None else overseas
        return self.earth.units_of(states, self.held, overseas=counted)

    @cached_property
    def own(self) -> States:
        """The state that acts."""
        if isinstance(self.subject, Actor):
            return self.subject.states(self.on)
        if isinstance(self.subject, Event):
            return states_of([self.subject.party], self.on)
        return self.subject.actors[0].states(self.on)

    @cached_property
    def sides(self) -> list[States]:
        """The sides of the treaty."""
        return [value_of(row["states"], self) for row in self.pact.table.get("side", ())]

    @property
    def parties(self) -> States:
        """All parties."""
        return frozenset().union(*self.sides)

    @property
    def counterparts(self) -> States:
        """The sides to which the state that acts does not belong."""
        return frozenset().union(*(side for side in self.sides if not side & self.own))

    @property
    def actor(self) -> Actor:
        """The deployment that is asked about."""
        if not isinstance(self.subject, Actor):
            raise TypeError(f"{self.clause['id']} asks for what only a deployment has")
        return self.subject

    @property
    def row(self) -> Mapping[str, Any]:
        """Its properties."""
        return self.actor.row

    @property
    def bearers(self) -> States:
        """Whom the clause binds."""
        text = self.clause.get("bearers")
        found: States = self.parties if text is None else value_of(text, self)
        return found

    # -- records

    def ids(self) -> tuple[str, ...]:
        """Return the names by which a record may be about this."""
        clause = self.clause["id"]
        own = (self.subject.id, getattr(self.subject, "feature", ""))
        return (f"{self.pact.id}/{clause}", clause, *own)

    def finding(self, name: str) -> Logic | None:
        """Return what humans found last; two on one day must agree."""
        clause = self.clause["id"]
        begun = self.subject.stay.start
        dated = [
            (event.stay.start or date.min, bool(event.row["holds"]))
            for event in self.scene.events
            if event.kind == "finding"
            and event.row.get("clause") in (name, clause, f"{self.pact.id}/{clause}")
            and event.is_about(self.ids())
            # what ended before this began was about something else
            and not (begun and event.stay.end and event.stay.end < begun)
        ]
        if not dated:
            return None
        last = max(day for day, _ in dated)
        said = {holds for day, holds in dated if day == last}
        return Logic(None, 0.0) if len(said) > 1 else Logic(said.pop())
