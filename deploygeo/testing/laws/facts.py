"""Facts that are simply told: what laws of logic evaluate conditions against.

They know no geometry, no treaty and no file. Places lie on a line, so that a distance is a
difference; every other word has a value that was told, by its name and its words in quotes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo.clauses import VOCABULARY, Margin, Node, Number, Outcome, Region, Truth
from deploygeo.clauses.evaluate import Value, value_of
from deploygeo.clauses.expression import Literal, walk
from deploygeo.clauses.outcome import claim, leaf
from deploygeo.model import Interval

__all__ = ["QUANTITIES", "Told", "told"]

#: Words that are one uncertain quantity, by that name, wherever they occur.
QUANTITIES: Final = ("range", "loadable_range", "platform_range", "personnel")

_UNITS: Final = {
    **dict.fromkeys(QUANTITIES, "km of range"),
    **dict.fromkeys(("personnel", "total", "presence"), "persons"),
    **dict.fromkeys(("stay_days", "days_in_force", "notice"), "days"),
    "brigades": "brigades",
}
#: Words whose value is how far away something is.
_PLACED: Final = frozenset(["distance", "separation", "reaches", "inside"])


@dataclass
class Told:
    """Facts that were told, as `deploygeo.clauses.evaluate` asks for them.

    Parameters
    ----------
    truths : mapping of str to Truth
        Of conditions that measure nothing.
    numbers : mapping of str to Interval
        Of numbers that do not depend on the place.
    away : mapping of str to Interval
        Where on the line what is measured to lies; its width is the error of the distance.
    at_km : float
        The place.
    brief : bool
        Only the truth is wanted.

    Examples
    --------
    >>> from deploygeo import clauses
    >>> facts = Told(truths={"nuclear": Truth.UNKNOWN}, numbers={"range": Interval(400.0, 600.0)})
    >>> node = clauses.compile_expression("nuclear or range >= 500")
    >>> clauses.evaluate(node, facts).truth, facts.cuts
    (<Truth.UNKNOWN: 'unknown'>, {'range': {500.0}})
    """

    truths: Mapping[str, Truth] = field(default_factory=dict)
    numbers: Mapping[str, Interval] = field(default_factory=dict)
    away: Mapping[str, Interval] = field(default_factory=dict)
    at_km: float = 0.0
    brief: bool = False
    cuts: dict[str, set[float]] = field(default_factory=dict, repr=False)
    assigned: dict[str, Interval] = field(default_factory=dict, repr=False)
    subject: None = field(default=None, repr=False)

    # -- the protocol

    def definition(self, name: str) -> Node | None:
        """Return None: nothing is defined."""
        return None

    def once(self, asked: object, ask: Callable[[], Outcome]) -> Outcome:
        """Return what is asked, each time anew."""
        return ask()

    def cut(self, quantity: str, at: float) -> None:
        """Learn that a comparison splits a quantity."""
        self.cuts.setdefault(quantity, set()).add(at)

    def word(self, name: str, args: tuple[Value, ...]) -> Value:
        """Return the value of a word."""
        key = _key(name, args)
        match VOCABULARY[name].gives:
            case "states":
                return frozenset([key])
            case "region":
                return Region(name, name=key)
            case "number":
                return self._number(name, key, args)
            case _:
                return self._truth(name, key, args)

    def quantity(self, name: str) -> Interval:
        """Return an uncertain quantity, or the piece of it that is assigned."""
        return self.assigned.get(name, self.numbers.get(name, Interval(0.0, math.inf)))

    # -- other facts

    def but(self, **changes: Any) -> Told:
        """Return the same facts with changes, not yet asked anything."""
        return replace(self, cuts={}, assigned={}, **changes)

    def wider(self, by: float, forgotten: frozenset[str]) -> Told:
        """Return the same facts known less exactly: wider numbers, some claims forgotten."""

        def widened(known: Interval) -> Interval:
            return Interval(known.lo - by, known.hi + by)

        return self.but(
            truths={
                key: Truth.UNKNOWN if key in forgotten else truth
                for key, truth in self.truths.items()
            },
            numbers={
                key: Interval(max(0.0, known.lo - by), known.hi + by)
                for key, known in self.numbers.items()
            },
            away={key: widened(known) for key, known in self.away.items()},
        )

    def settled(self, share: float, *, as_true: bool) -> Told:
        """Return facts that are known exactly, and that these do not contradict.

        Parameters
        ----------
        share : float
            Which point of every interval, from 0 for its lower end to 1 for its upper.
        as_true : bool
            What unknown claims turn out to be.
        """
        point = _between(share)
        return self.but(
            truths={
                key: Truth.of(as_true) if truth is Truth.UNKNOWN else truth
                for key, truth in self.truths.items()
            },
            numbers={key: point(known) for key, known in self.numbers.items()},
            away={key: point(known) for key, known in self.away.items()},
        )

    # -- words

    def _number(self, name: str, key: str, args: tuple[Value, ...]) -> Number:
        if name == "step_up":
            number, *limits = (arg for arg in args if isinstance(arg, Number))
            for end in (end for limit in limits for end in (limit.lo, limit.hi)):
                if number.quantity and math.isfinite(end):
                    self.cut(number.quantity, end)
            return _stepped(number, *limits)
        if name in _PLACED:
            low, high = self._away(key)
            return Number(low, high, "km", key, "", "position", (), 1.0)
        known = self.quantity(name) if name in QUANTITIES else self.numbers[key]
        quantity = name if name in QUANTITIES else ""
        return Number(known.lo, known.hi, _UNITS.get(name, ""), key, quantity, name)

    def _truth(self, name: str, key: str, args: tuple[Value, ...]) -> Outcome:
        if name in ("always", "never"):
            return claim(name, name == "always")
        if name in _PLACED:
            low, high = self._away(key)
            reach = next((arg for arg in args if isinstance(arg, Number)), None)
            if reach is None:  # a region as wide as the widest place
                reach = Number(10.0, 10.0)
            elif reach.quantity:
                self.cut(reach.quantity, low)
                self.cut(reach.quantity, high)
            margin = Margin(reach.lo - high, reach.hi - low, "km")
            known = True if margin.lo >= 0.0 else (False if margin.hi < 0.0 else None)
            place = 1.0 + reach.place
            return leaf(key, Truth.of(known), margin=margin, why="position", place=place)
        if name == "notice":
            (lead,) = (arg for arg in args if isinstance(arg, Number))
            given = self.numbers[key]
            known = True if given.lo >= lead.hi else (False if given.hi < lead.lo else None)
            return claim(key, known, "notice")
        truth = self.truths[key]
        return leaf(key, truth, why=key)

    def _away(self, key: str) -> tuple[float, float]:
        middle, error = self.away[key].lo, self.away[key].hi - self.away[key].lo
        low, high = middle - self.at_km, middle + error - self.at_km
        nearest = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
        return nearest, max(abs(low), abs(high))


def _between(share: float) -> Callable[[Interval], Interval]:
    def point(known: Interval) -> Interval:
        if math.isinf(known.hi):
            return Interval(known.lo + share * 1e4)
        return Interval(known.hi if share == 1.0 else known.lo + share * (known.hi - known.lo))

    return point


def _key(name: str, args: tuple[Value, ...]) -> str:
    """Return the name by which a value is told: with what is in quotes, without numbers."""
    told = []
    for arg in args:
        if isinstance(arg, str):
            told.append(repr(arg))
        elif isinstance(arg, frozenset):
            told.append(" | ".join(sorted(arg)) or "nobody")
        elif isinstance(arg, Region):
            told.append(arg.name)
    return f"{name}({', '.join(told)})" if told else name


def _stepped(number: Number, *limits: Number) -> Number:
    """Return the least limit that is not below a number, or the number; limits may be uncertain."""

    def possible(value: float, highest: bool) -> float:
        certain = [limit for limit in limits if limit.lo >= value]
        if highest and certain:
            return min(limit.hi for limit in certain)
        ends = [max(value, limit.hi if highest else limit.lo) for limit in limits]
        within = [end for end, limit in zip(ends, limits, strict=True) if limit.hi >= value]
        return max([value, *within]) if highest else min(within, default=value)

    place = math.inf if any(item.place for item in (number, *limits)) else 0.0
    low, high = possible(number.lo, False), possible(number.hi, True)
    return Number(low, high, number.unit, "class limit", "", number.why, (), place)


# -- telling facts


class _Asked(Told):
    """Facts that note what they are asked, and leave all of it open."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, dict[str, None]] = {"truth": {}, "number": {}, "away": {}}

    def word(self, name: str, args: tuple[Value, ...]) -> Value:
        gives, key = VOCABULARY[name].gives, _key(name, args)
        if name in _PLACED:
            self.asked["away"][key] = None
        elif (gives == "number" and name != "step_up") or name == "notice":
            self.asked["number"][key] = None
        elif gives == "truth" and name not in ("always", "never"):
            self.asked["truth"][key] = None
        if gives == "number":
            return Number(0.0, math.inf, text=key)
        # what is unknown stops neither `and` nor `or`
        return leaf(key, Truth.UNKNOWN) if gives == "truth" else super().word(name, args)


def told(node: Node, *, exact: bool = False) -> SearchStrategy[Told]:
    """Return a strategy of facts that answer all that a condition asks.

    Parameters
    ----------
    node : Node
    exact : bool
        Every number is known exactly, and every claim.

    Examples
    --------
    >>> from hypothesis import find
    >>> from deploygeo import clauses
    >>> node = clauses.compile_expression("nuclear and range < 500")
    >>> facts = find(told(node), lambda facts: True)
    >>> facts.truths, facts.numbers
    ({'nuclear': <Truth.FALSE: 'false'>}, {'range': Interval(lo=0.0, hi=0.0)})
    """
    asked = _Asked()
    for item in walk(node):  # each alone: what settles a conjunction hides what comes after it
        value_of(item, asked)
    # mostly at the numbers that the condition names, next to them, and between them
    literals = [item.value for item in walk(node) if isinstance(item, Literal)]
    named = {float(value) for value in literals if not isinstance(value, str)} | {0.0, 10.0}
    ends = st.sampled_from(sorted({end for at in named for end in _about(at)}))
    truths = st.sampled_from([Truth.FALSE, Truth.TRUE, *([] if exact else [Truth.UNKNOWN])])
    points = ends.map(Interval)
    numbers = points if exact else points | st.tuples(ends, ends).map(_interval) | _open(ends)
    # on either side of the place, too, so that one comes nearer while another goes away
    far = st.sampled_from([-900.0, 900.0]).map(Interval)
    places = far | points if exact else far | points | st.tuples(ends, ends).map(_interval)
    return st.builds(
        Told,
        truths=st.fixed_dictionaries(dict.fromkeys(asked.asked["truth"], truths)),
        numbers=st.fixed_dictionaries(dict.fromkeys(asked.asked["number"], numbers)),
        away=st.fixed_dictionaries(dict.fromkeys(asked.asked["away"], places)),
        at_km=st.sampled_from([0.0, 5.0, -3.0, 400.0]),
    )


def _about(at: float) -> tuple[float, ...]:
    below = max(0.0, math.nextafter(at, -math.inf))
    return (at, below, math.nextafter(at, math.inf), max(0.0, at - 7.0), at + 100.0)


def _interval(ends: tuple[float, float]) -> Interval:
    return Interval(min(ends), max(ends))


def _open(ends: SearchStrategy[float]) -> SearchStrategy[Interval]:
    return ends.map(lambda end: Interval(end, math.inf))
