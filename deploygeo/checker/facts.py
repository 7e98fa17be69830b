"""The facts of one case: one clause asked of one subject on one day."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from deploygeo.checker.findings import Settings
from deploygeo.checker.memory import WORLDVIEW, Known, Memory
from deploygeo.checker.scene import AIRCRAFT, Actor, Group, Scene, Subject, personnel_of, states_of
from deploygeo.checker.words import WORDS
from deploygeo.clauses.evaluate import Number, States, Value, value_of
from deploygeo.clauses.expression import Node
from deploygeo.clauses.outcome import Outcome
from deploygeo.errors import TreatyError
from deploygeo.model import Deployment, Interval, Record
from deploygeo.treaties.schema import Clause, Treaty

__all__ = ["Case"]


@dataclass
class Case:
    """One clause asked of one subject on one day, under one set of choices.

    It learns what the answer consulted (readings, worldview) and where comparisons cut an
    uncertain quantity, so that stability asks only what can matter. `left_out` are members
    of a group that an exception takes out of its total, `notes` what a report must name, and
    `is_over_all` says that a total over all senders was asked. `wanted` says how much of an
    outcome is to be relied upon: all of it, its truth and its score, or its truth. `memory`
    holds what was asked of the subject before, where that has one place.
    """

    treaty: Treaty
    clause: Clause
    scene: Scene
    subject: Subject
    on: date
    settings: Settings
    place: tuple[float, float] | None = None
    left_out: frozenset[str] = frozenset()
    notes: dict[str, None] = field(default_factory=dict)
    is_over_all: bool = False
    consulted: set[str] = field(default_factory=set)
    cuts: dict[str, set[float]] = field(default_factory=dict)
    assigned: dict[str, Interval] = field(default_factory=dict)
    wanted: Literal["all", "score", "truth"] = "all"
    memory: Memory | None = None
    _sides: tuple[tuple[States, ...], frozenset[str]] | None = field(default=None, init=False)

    def about(self, actor: Actor) -> Case:
        """Return the same question of one member of a group; what it consults is learnt here."""
        return replace(self, subject=actor, cuts={}, assigned={}, memory=None)

    def without(self, left_out: Iterable[str]) -> Case:
        """Return the same question of a group without some of its members."""
        return replace(self, left_out=frozenset(left_out))

    # -- the protocol of clauses.evaluate

    @property
    def brief(self) -> bool:
        """Whether only the truth is wanted."""
        return self.wanted == "truth"

    def definition(self, name: str) -> Node | None:
        """Return the definition that is live on the day, under the chosen reading."""
        found = self.treaty.definition(name, self.on)
        if found is None:
            return None
        return found.under[self.reading(found.reading)] if found.rule is None else found.rule

    def word(self, name: str, args: tuple[Value, ...]) -> Value:
        """Return the value of a word of the vocabulary."""
        return WORDS[name](self, *args)

    def cut(self, quantity: str, at: float) -> None:
        """Learn that a comparison splits a quantity."""
        self.cuts.setdefault(quantity, set()).add(at)

    def once(self, asked: object, ask: Callable[[], Outcome]) -> Outcome:
        """Return what is asked: as it was, where that is known to be so, or else anew."""
        memory = self.memory
        if memory is None or self.assigned:
            return ask()
        known = memory.recalled(self.on, asked) if memory.change else None
        if known is None:
            if memory.change:
                return ask()
            around = self.consulted, self.cuts
            self.consulted, self.cuts = set(), {}
            outcome = ask()
            known = Known(asked, outcome, frozenset(self.consulted), self.cuts)
            self.consulted, self.cuts = around
            memory.learn(self.on, known)
        self.consulted |= known.consulted
        for quantity, found in known.cuts.items():
            self.cuts.setdefault(quantity, set()).update(found)
        return known.outcome

    # -- choices

    def reading(self, name: str) -> str:
        """Return the chosen value of a reading, and remember that it was asked."""
        self.consulted.add(name)
        return self.settings.chosen(self.treaty.reading(name))

    @property
    def worldview(self) -> str:
        """The worldview, remembered as asked."""
        self.consulted.add(WORLDVIEW)
        return self.settings.worldview

    @property
    def overseas(self) -> bool:
        """Whether overseas territories count."""
        return self.reading("overseas") == "included"

    # -- who

    @functools.cached_property
    def own_states(self) -> States:
        """The state that acts."""
        if isinstance(self.subject, Actor):
            return self.subject.own(self.on)
        if isinstance(self.subject, Group):
            return self.subject.actors[0].own(self.on)
        return states_of((self.subject.party,) if self.subject.party else (), self.on)

    @property
    def sides(self) -> tuple[States, ...]:
        """The sides of the treaty on the day."""
        if self._sides is None:
            around, self.consulted = self.consulted, set()
            found = [value_of(side.states, self) for side in self.treaty.sides]
            sets = tuple(item for item in found if isinstance(item, frozenset))
            self._sides = sets, frozenset(self.consulted)
            self.consulted = around
        # whoever uses them consults what they did
        self.consulted |= self._sides[1]
        return self._sides[0]

    @property
    def parties(self) -> States:
        """All parties."""
        return frozenset().union(*self.sides)

    @property
    def counterparts(self) -> States:
        """The parties on the sides to which the state that acts does not belong."""
        return frozenset().union(*(side for side in self.sides if not side & self.own_states))

    @property
    def deployment(self) -> Deployment:
        """The deployment that the case is about."""
        if isinstance(self.subject, Actor):
            return self.subject.deployment
        raise TreatyError(
            f"{self.treaty.id} {self.clause.id} asks a {self.clause.subject} for what only a"
            " deployment has"
        )

    @property
    def record(self) -> Record | None:
        """The record that the case is about, if it is about one."""
        return self.subject if isinstance(self.subject, Record) else None

    # -- quantities

    def quantity(self, name: str) -> Interval:
        """Return an uncertain quantity, as given or as assigned for one piece of it."""
        if name in self.assigned:
            return self.assigned[name]
        deployment = self.deployment
        if name == "personnel":
            return personnel_of(deployment)
        carried, _ = deployment.strike_range
        if name == "range":
            return carried or Interval(0.0, math.inf)
        if name == "loadable_range":
            # the longest that fits is at least what is carried
            given, _ = deployment.loadable_range
            return given or Interval(carried.lo if carried else 0.0, math.inf)
        carried = carried or Interval(0.0, math.inf)
        if deployment.kind not in AIRCRAFT:
            return carried
        radius, _ = deployment.combat_radius
        if radius is None:
            return Interval(carried.lo, math.inf)
        return Interval(carried.lo + radius.lo, carried.hi + radius.hi)

    def number(self, name: str, unit: str, why: str) -> Number:
        """Return a quantity as a number that remembers which it is."""
        interval = self.quantity(name)
        return Number(interval.lo, interval.hi, unit, name.replace("_", " "), name, why)
