"""A clause as formulas: when it applies to a party, what breaches it, what excuses a breach.

Everything that depends on the party, the day and the readings alone is decided here; what is
left are facts about the deployment or record. Facts that the expressions cannot show to depend on
each other are taken as free, so that a formula may allow more than the world does, never less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from deploygeo import boundaries
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Settings
from deploygeo.checker.scene import AIRCRAFT, Actor, Scene
from deploygeo.checker.timing import clipped, idle, nearest_day
from deploygeo.clauses.evaluate import Region, States, value_of
from deploygeo.clauses.expression import (
    And,
    Call,
    Combine,
    Compare,
    Literal,
    Name,
    Node,
    Not,
    Or,
    walk,
)
from deploygeo.consistency.amounts import Amount, compared
from deploygeo.consistency.logic import Atom, Formula, every, opposite, some
from deploygeo.model import ECHELONS, Deployment, Record, Stay
from deploygeo.model.parties import PARTIES
from deploygeo.treaties import Clause, Treaty

__all__ = [
    "LAUNCHERS",
    "PARTNERS",
    "Conditions",
    "Unset",
    "conditions_of",
    "day_of",
    "reader_of",
    "region_text",
]

PARTNERS: Final = "partners"
LAUNCHERS: Final = frozenset({"missile_launcher", "missile_defence"})
"""Kinds that are launched from the ground unless they say otherwise."""

_ONE_OF: Final = frozenset({"kind", "activity", "framework", "scenario", "record", "joins"})
_PLACE: Final = frozenset({"place"})
_REACH: Final = frozenset({"range", "loadable_range", "platform_range"})
# Who holds land without being a party (Transnistria, say) consents to nothing: no record can
# name it, so that "everyone" never consents.
_CAN_CONSENT: Final = frozenset(PARTIES)


@dataclass(frozen=True, slots=True)
class Unset:
    """A comparison with a parameter that has no value, so that it is any number from 0.

    Parameters
    ----------
    param : str
    never : bool
        What it cannot be all the same: nothing is surely below a number that may be 0.
    """

    param: str
    never: bool


@dataclass(frozen=True)
class Conditions:
    """What a clause says of one party.

    Parameters
    ----------
    applies : formula
        False where it does not bind the party.
    breach : formula
        Of its rule, exceptions aside.
    excused : tuple of formula
        One for each exception.
    by_member : bool
        Exceptions are asked of each member of a group, of which some may be left.
    """

    applies: Formula
    breach: Formula
    excused: tuple[Formula, ...] = ()
    by_member: bool = False

    @cached_property
    def breached(self) -> Formula:
        """It applies and is breached, excused or not."""
        return every([self.applies, self.breach])

    @cached_property
    def violated(self) -> Formula:
        """It is breached, and no exception holds, as far as the facts of one deployment tell."""
        if self.by_member:
            return self.breached
        return every([self.breached, *(opposite(one) for one in self.excused)])

    @cached_property
    def obeyed(self) -> Formula:
        """It applies, and there is no breach or it is excused."""
        return every([self.applies, some([opposite(self.breach), *self.excused])])


def day_of(treaty: Treaty, clause: Clause, settings: Settings, party: str = "") -> date:
    """Return the day on which a clause is asked of what has no date.

    >>> from deploygeo.treaties import load
    >>> draft = load("us-russia-2021")
    >>> str(day_of(draft, draft.clause("6"), Settings()))
    '2021-12-17'
    """
    if settings.on is not None:
        return settings.on
    stay = clipped(treaty, clause, settings, party, Stay()) or Stay()
    return nearest_day(treaty, stay)


def conditions_of(
    treaty: Treaty, clause: Clause, settings: Settings, party: str, day: date | None = None
) -> Conditions:
    """Return what a clause says of a party.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
        One that is checked.
    settings : Settings
    party : str
        Who deploys, or the party of a record.
    day : date, optional
        For which dated sets are taken; that of `day_of` by default.

    Examples
    --------
    >>> from deploygeo.consistency.facts import facts_of
    >>> from deploygeo.consistency.logic import satisfiable
    >>> from deploygeo.treaties import load
    >>> draft = load("us-russia-2021")
    >>> conditions_of(draft, draft.clause("4.2"), Settings(), "RUS").applies
    False
    >>> found = conditions_of(draft, draft.clause("6"), Settings(), "RUS")
    >>> sorted(satisfiable(found.violated, facts_of([found.violated])))[:3]
    ['basing', 'inside territory RUS', 'kind']
    """
    reader = reader_of(treaty, clause, settings, party, day)
    if not reader.binds():
        return Conditions(False, False)
    parts = [reader.read(clause.applies)]
    if clause.counts is not None:
        parts.append(reader.read(clause.counts))
    rule = True if clause.rule is None else reader.read(clause.rule)
    return Conditions(
        every(parts),
        rule if clause.modality == "prohibit" else opposite(rule),
        tuple(reader.read(one.rule) for one in clause.unless),
        clause.subject == "group",
    )


def reader_of(
    treaty: Treaty, clause: Clause, settings: Settings, party: str, day: date | None = None
) -> _Reader:
    """Return what reads the expressions of a clause as formulas, for one party."""
    on = day or day_of(treaty, clause, settings, party)
    return _Reader(treaty, clause, settings, party, on)


@dataclass
class _Reader:
    """Reads expressions as formulas."""

    treaty: Treaty
    clause: Clause
    settings: Settings
    party: str
    on: date

    def __post_init__(self) -> None:
        if self.clause.subject == "record":
            record = Record(id="d", kind="notice", party=self.party, stay=self.on)
            self.case = Case(
                self.treaty, self.clause, Scene((), (record,)), record, self.on, self.settings
            )
            return
        actor = Actor("d", Deployment(id="d", party=self.party, kind="ground_force"))
        self.case = Case(
            self.treaty, self.clause, Scene((actor,), ()), actor, self.on, self.settings
        )

    def binds(self) -> bool:
        """Return whether the clause can be asked of the party at all."""
        stay = Stay() if self.settings.on is None else Stay.on(self.settings.on)
        if idle(self.treaty, self.clause, self.settings, self.party, stay):
            return False
        if self.clause.subject == "record":
            return True
        bearers = self.clause.bearers
        bound = self.case.parties if bearers is None else value_of(bearers, self.case)
        return isinstance(bound, frozenset) and bool(bound & self.case.own_states)

    def read(self, node: Node) -> Formula:
        """Return a condition as a formula."""
        match node:
            case And(operands=operands):
                return every([self.read(item) for item in operands])
            case Or(operands=operands):
                return some([self.read(item) for item in operands])
            case Not(operand=operand):
                return opposite(self.read(operand))
            case Compare():
                return self.by_carrier(node, self.compare)
            case Name(name=name):
                definition = self.case.definition(name)
                return self.word(name, ()) if definition is None else self.read(definition)
            case Call(name=name, args=args):
                if name == "reaches":
                    return self.by_carrier(node, self.reaches)
                return self.word(name, args)
        return self.free(str(node), node)

    # -- words that give a truth

    def word(self, name: str, args: tuple[Node, ...]) -> Formula:
        if name in ("always", "never"):
            return name == "always"
        if name in _ONE_OF:
            return _one_of(name, [str(arg.value) for arg in args if isinstance(arg, Literal)])
        match name:
            case "basing":
                names = [str(arg.value) for arg in args if isinstance(arg, Literal)]
                given = _one_of("basing", names)
                launchers = every([_one_of("basing", [None]), _one_of("kind", LAUNCHERS)])
                return some([given, launchers]) if "ground" in names else given
            case "nuclear":
                return some([_one_of("kind", ["nuclear_weapon"]), _one_of("nuclear", [True])])
            case "mandate":
                return _one_of("un_mandate", [True])
            case "echelon_above":
                order = list(ECHELONS)
                above = order[order.index(str(getattr(args[0], "value", order[-1]))) + 1 :]
                return _one_of("echelon", above)
            case "party_in":
                states = self.states(args[0])
                return (
                    self.free(name, *args)
                    if states is None
                    else bool(states & self.case.own_states)
                )
            case "share":
                return self.share(*args)
            case "inside":
                region = self.region(args[0])
                if _is_nowhere(region):
                    return False
                return Atom(f"inside {region_text(region)}", "", rests_on=_PLACE, about=region)
            case "host_in":
                states = self.states(args[0]) or States()
                return Atom(
                    "host",
                    _listed(states),
                    _among(states),
                    rests_on=_PLACE,
                    about=states,
                )
            case "consent":
                states = self.states(args[0]) or States()
                if not states <= _CAN_CONSENT:
                    return False
                return Atom(f"consent of {_listed(states)}", "", about=states)
            case "asserted":
                return Atom(f"found: {_text(args[0])}", "", about=_text(args[0]))
            case "notice":
                asked = self.amount(args[0], set())
                if asked is not None and asked.fact is None:
                    days = asked.of(0.0)
                    return Atom("notice_days", f">= {days:g}", lambda n: n >= days, (days,))
        return self.free(f"{name}({', '.join(map(str, args))})", *args)

    def share(self, *args: Node) -> Formula:
        sides = [None if self.asks(arg, PARTNERS) else self.states(arg) for arg in args]
        if None not in sides:
            one, other = (side or States() for side in sides)
            return bool(one & other)
        for arg, side in zip(args, reversed(sides), strict=True):
            # what is joined with partners by + or - is no list of partners any more
            if side is not None and self.is_name(arg, PARTNERS):
                return Atom(PARTNERS, _listed(side), _meets(side), about=side)
        return self.free(f"share({', '.join(map(str, args))})", *args)

    def is_name(self, node: Node, name: str) -> bool:
        if not isinstance(node, Name):
            return False
        definition = self.case.definition(node.name)
        return node.name == name if definition is None else self.is_name(definition, name)

    # -- numbers

    def by_carrier(self, node: Node, read: Callable[[Node, str], Formula]) -> Formula:
        """Return a condition on a reach: that of an aircraft begins with its own."""
        if not self.asks(node, "platform_range"):
            return read(node, "platform_range")
        flies = _one_of("kind", AIRCRAFT)
        return some(
            [
                every([flies, read(node, "platform_range")]),
                every([opposite(flies), read(node, "range")]),
            ]
        )

    def compare(self, node: Node, carrier: str) -> Formula:
        if not isinstance(node, Compare):
            raise TypeError(f"{node} compares nothing")
        rests: set[str] = set()
        amounts = [self.amount(term, rests, carrier) for term in node.terms]
        pairs = zip(amounts, node.operators, amounts[1:], strict=False)
        found: list[Formula] = []
        for at, (left, operator, right) in enumerate(pairs):
            one = compared(left, operator, right)
            if one is None:
                text = f"{node.terms[at]} {operator} {node.terms[at + 1]}"
                one = self.free(text.replace("platform_range", carrier), node)
                unset = _unset(left, operator, right)
                if unset is not None and isinstance(one, Atom):
                    one = replace(one, about=unset)
            found.append(one)
        return every(found)

    def reaches(self, node: Node, carrier: str) -> Formula:
        if not isinstance(node, Call):
            raise TypeError(f"{node} reaches nothing")
        region, rests = self.region(node.args[0]), set[str]()
        if _is_nowhere(region):
            return False
        amount = self.amount(node.args[1], rests, carrier)
        if amount is not None and amount.fact is None:
            km = amount.of(0.0)
            told = f"distance to {region_text(region)}"
            return Atom(told, f"<= {km:g}", lambda d: d <= km, (km,), _PLACE, region)
        text = str(amount.text if amount is not None else node.args[1])
        rests_on = _PLACE | rests | ({amount.fact} if amount and amount.fact else set())
        return Atom(
            f"{region_text(region)} within {text}",
            "",
            rests_on=rests_on,
            about=(region, text),
        )

    def amount(self, node: Node, rests: set[str], carrier: str = "platform_range") -> Amount | None:
        """Return a number as a function of one fact, or None; `rests` learns what it rests on."""
        match node:
            case Literal(value=value) if not isinstance(value, str):
                return Amount.exactly(float(value))
            case Combine(left=left, operator=operator, right=right):
                one = self.amount(left, rests, carrier)
                other = self.amount(right, rests, carrier)
                return None if one is None or other is None else one.joined(operator, other)
            case Name(name=name):
                definition = self.case.definition(name)
                if definition is not None:
                    return self.amount(definition, rests, carrier)
                fact = carrier if name == "platform_range" else name
                rests.add(fact)
                return Amount.of_fact(fact)
            case Call(name="step_up", args=args):
                inner, *limits = (self.amount(arg, rests, carrier) for arg in args)
                ends = [one.of(0.0) for one in limits if one is not None and one.fact is None]
                if inner is None or len(ends) < len(limits):
                    return None
                return inner.stepped(ends)
            case Call(name="param", args=args):
                number = value_of(node, self.case)
                lo, hi = getattr(number, "lo", 0.0), getattr(number, "hi", 1.0)
                return Amount.exactly(lo) if lo == hi else Amount.of_fact(f"param {_text(args[0])}")
            case Call(name="distance", args=args):
                rests.add("place")
                told = f"distance to {region_text(self.region(args[0]))}"
                return Amount.of_fact(told, _PLACE, self.region(args[0]))
            case Call(name="total", args=args):
                return Amount.of_fact("personnel")
            case Call(name="presence", args=args):
                rests.add("place")
                return Amount.of_fact(f"presence {' '.join(map(_text, args))}", _PLACE)
            case Call(name="separation", args=args):
                states = self.states(args[0]) or States()
                kinds = tuple(map(_text, args[1:]))
                told = f"separation from {' '.join(kinds)} of {_listed(states)}"
                return Amount.of_fact(told, about=(states, kinds))
        return None

    # -- what is known of a party on a day

    def asks(self, node: Node, *words: str) -> bool:
        """Return whether an expression rests on some words, under the chosen readings."""
        for item in walk(node):
            if isinstance(item, Name | Call):
                definition = self.case.definition(item.name) if isinstance(item, Name) else None
                if item.name in words or (definition is not None and self.asks(definition, *words)):
                    return True
        return False

    def states(self, node: Node) -> States | None:
        if self.asks(node, PARTNERS):
            return None
        value = value_of(node, self.case)
        return value if isinstance(value, frozenset) else None

    def region(self, node: Node) -> Region:
        if self.asks(node, PARTNERS):
            return Region("unknown", name=str(node))
        value = value_of(node, self.case)
        if not isinstance(value, Region):
            raise TypeError(f"{node} is not a region")
        return value

    def free(self, text: str, *asked: Node) -> Formula:
        """Return a condition that is a fact of its own."""
        rests = {"place"} if any(self.asks(node, *_PLACED) for node in asked) else set()
        for name in (*_REACH, "personnel", "stay_days", "days_in_force", "brigades"):
            if any(self.asks(node, name) for node in asked):
                rests.add(name)
        if any(self.asks(node, "total") for node in asked):
            rests.add("personnel")
        return Atom(f"{text} of {self.party}", "", rests_on=frozenset(rests or {"world"}))


_PLACED: Final = ("inside", "host_in", "distance", "reaches", "separation", "presence")


def _unset(left: Amount | None, operator: str, right: Amount | None) -> Unset | None:
    for one in (left, right):
        if one is not None and not one.is_shifted and (one.fact or "").startswith("param "):
            # at most 0, and at least infinity, are possible; below 0 and above infinity are not
            is_strict = operator in ("<", ">")
            return Unset((one.fact or "").removeprefix("param "), never=is_strict)
    return None


def _one_of(fact: str, values: Iterable[Any]) -> Formula:
    wanted = frozenset(values)
    return Atom(fact, " ".join(sorted(map(str, wanted))), lambda value: value in wanted)


def _among(states: States) -> Callable[[Any], bool]:
    return lambda host: host in states


def _meets(states: States) -> Callable[[Any], bool]:
    return lambda given: bool(states & set(given))


def _text(node: Node) -> str:
    return str(node.value) if isinstance(node, Literal) else str(node)


def _listed(states: States) -> str:
    return "+".join(sorted(states)) if len(states) < len(boundaries.states()) else "all states"


def _is_nowhere(region: Region) -> bool:
    return region.kind in ("land", "territory") and not region.states


def region_text(region: Region) -> str:
    """Return a region in one way, so that the same one is the same fact.

    >>> region_text(Region("land", frozenset({"USA", "CAN"})))
    'land CAN+USA'
    """
    parts = [region.kind, _listed(region.states) if region.states else "", region.name]
    if region.others:
        parts.append(f"with {_listed(region.others)}")
    return " ".join(part for part in parts if part)
