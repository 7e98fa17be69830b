"""Numbers of an expression as functions of one fact, and comparisons of them as atoms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from deploygeo.consistency.logic import Atom, Formula

__all__ = ["Amount", "compared"]

MOST_CONSTANTS: Final = 12
"""Constants of one number whose sums and differences are looked at as limits."""

_HOLDS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as a function of at most one fact.

    Parameters
    ----------
    fact : str or None
        None for a constant.
    of : callable
        Its value for a value of the fact.
    text : str
    constants : frozenset of float
        The numbers in it: where it can begin to compare differently.
    rests_on : frozenset of str
        What decides the fact.
    about : object
        What it measures.
    is_shifted : bool
        It is a sum or a difference.
    """

    fact: str | None
    of: Callable[[float], float] = field(compare=False)
    text: str = ""
    constants: frozenset[float] = frozenset()
    rests_on: frozenset[str] = frozenset()
    about: object = None
    is_shifted: bool = False

    @classmethod
    def exactly(cls, value: float) -> Amount:
        """Return a constant.

        >>> Amount.exactly(500.0).of(0.0)
        500.0
        """
        return cls(None, lambda _: value, f"{value:g}", frozenset({value}))

    @classmethod
    def of_fact(
        cls, fact: str, rests_on: frozenset[str] = frozenset(), about: object = None
    ) -> Amount:
        """Return a fact itself.

        >>> Amount.of_fact("range").of(300.0)
        300.0
        """
        return cls(fact, lambda value: value, fact, frozenset(), rests_on, about)

    def joined(self, operator: str, other: Amount) -> Amount | None:
        """Return a sum or difference; None where it has two facts.

        >>> Amount.of_fact("range").joined("-", Amount.exactly(50.0)).of(300.0)
        250.0
        """
        if operator not in ("+", "-") or (
            self.fact is not None and other.fact is not None and self.fact != other.fact
        ):
            return None
        one, two, sign = self.of, other.of, 1.0 if operator == "+" else -1.0
        bearer = self if self.fact is not None else other
        return Amount(
            bearer.fact,
            lambda value: one(value) + sign * two(value),
            f"{self.text} {operator} {other.text}",
            self.constants | other.constants,
            self.rests_on | other.rests_on,
            bearer.about,
            True,
        )

    def stepped(self, limits: Sequence[float]) -> Amount:
        """Return the least of some limits that is not below, as ``step_up`` does.

        >>> Amount.of_fact("range").stepped([1000.0, 5500.0]).of(1001.0)
        5500.0
        """
        ends, inner = sorted(limits), self.of

        def step(value: float) -> float:
            number = inner(value)
            return next((end for end in ends if number <= end), number)

        told = ", ".join(f"{end:g}" for end in ends)
        return Amount(
            self.fact,
            step,
            f"step_up({self.text}, {told})",
            self.constants | frozenset(ends),
            self.rests_on,
            self.about,
            self.is_shifted,
        )


def compared(left: Amount | None, operator: str, right: Amount | None) -> Formula | None:
    """Return a comparison as an atom, or its truth; None where it rests on two facts.

    >>> compared(Amount.of_fact("range"), ">", Amount.exactly(500.0)).holds(500.0)
    False
    >>> compared(Amount.exactly(1.0), "<", Amount.exactly(2.0))
    True
    """
    if left is None or right is None:
        return None
    holds = _HOLDS[operator]
    if left.fact is None and right.fact is None:
        return holds(left.of(0.0), right.of(0.0))
    if left.fact is not None and right.fact is not None and left.fact != right.fact:
        return None
    bearer = left if left.fact is not None else right
    constants = sorted(left.constants | right.constants)[:MOST_CONSTANTS]
    cuts = set(constants)
    if left.is_shifted or right.is_shifted:
        cuts |= {one + sign * two for one in constants for two in constants for sign in (1.0, -1.0)}
    return Atom(
        bearer.fact or "",
        f"{left.text} {operator} {right.text}",
        lambda value: holds(left.of(value), right.of(value)),
        tuple(sorted(cuts)) or (0.0,),
        left.rests_on | right.rests_on,
        bearer.about,
    )
