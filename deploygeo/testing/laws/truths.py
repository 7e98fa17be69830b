"""Laws of truth and margins: Kleene's logic, and how far a condition is from its threshold."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo.clauses import Margin, Outcome, Truth
from deploygeo.clauses import outcome as outcome_of
from deploygeo.clauses import truth as truth_of
from deploygeo.testing.law import Law, require

__all__ = [
    "TRUTHS",
    "agrees",
    "grouping_and_order_do_not_matter",
    "knowing_more_never_turns_a_decision",
    "margins_agree_with_the_truth",
    "negation_exchanges_and_and_or",
    "outcomes",
    "truths_join_by_the_tables_of_kleene",
]

_T, _U, _F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE

#: One, other, both, either: Kleene (1952), Introduction to Metamathematics, § 64.
_TABLES: Final = {
    (_T, _T): (_T, _T),
    (_T, _U): (_U, _T),
    (_T, _F): (_F, _T),
    (_U, _T): (_U, _T),
    (_U, _U): (_U, _U),
    (_U, _F): (_F, _U),
    (_F, _T): (_F, _T),
    (_F, _U): (_F, _U),
    (_F, _F): (_F, _F),
}
_NOT: Final = {_T: _F, _U: _U, _F: _T}


def truths_join_by_the_tables_of_kleene(one: Truth, other: Truth) -> None:
    """Joining truths by `and`, `or` and `not` gives what Kleene's tables say.

    Reason: unknown stands for true or false, it is not known which; so what both would give is
    known, and nothing else. False and unknown is false, true or unknown is true.

    Counterexample: with None for unknown, Python's `None and False` is None; in Łukasiewicz's or
    in SQL's habit of dropping rows, an unknown exception counts as none.

    Parameters
    ----------
    one, other : Truth

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> truths_join_by_the_tables_of_kleene(Truth.FALSE, Truth.UNKNOWN)
    """
    both, either = _TABLES[one, other]
    found = (one & other, truth_of.all_of([one, other]), one | other, truth_of.any_of([one, other]))
    require(
        found == (both, both, either, either) and ~one is _NOT[one],
        f"{one} and {other} is {found[0]} or {found[1]}, either is {found[2]} or {found[3]}, "
        f"and not {one} is {~one}; the tables have {both}, {either}, {_NOT[one]}",
    )


def knowing_more_never_turns_a_decision(parts: Sequence[Truth], known: Sequence[bool]) -> None:
    """What is decided while something is unknown stays so, whatever is learned of it.

    Reason: Kleene's logic is monotone in information. A report may therefore say "compliant" of
    what is not fully known, and no later fact takes that back.

    Counterexample: an unknown that counts as false makes `not unknown` true, which learning that
    it was true turns round.

    Parameters
    ----------
    parts : sequence of Truth
    known : sequence of bool
        What the unknown ones turn out to be, in order; false where there is none left.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> knowing_more_never_turns_a_decision([Truth.UNKNOWN, Truth.FALSE], [True])
    """
    left = itertools.chain(known, itertools.repeat(False))
    learned = [Truth.of(next(left)) if part is _U else part for part in parts]
    for join in (truth_of.all_of, truth_of.any_of):
        for before, after in ((join(parts), join(learned)), (~join(parts), ~join(learned))):
            require(
                before in (_U, after),
                f"{join.__name__} of {parts} is {before}, and of {learned} {after}",
            )


def negation_exchanges_and_and_or(parts: Sequence[Outcome]) -> None:
    """Not all is the same as some not, and not not is the same: truth, margins and score.

    Reason: De Morgan's laws. A duty is checked as the negation of its rule, so that a margin of an
    obligation must be that of the prohibition of the opposite, with its sign turned.

    Counterexample: a negation that keeps the ends of a margin in place, [-hi, lo], or that leaves
    the score alone, tells the depth of a breach where there is clearance.

    Parameters
    ----------
    parts : sequence of Outcome

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> here = outcome_of.leaf("", Truth.TRUE, margin=Margin(1, 2, "km"), place=1)
    >>> negation_exchanges_and_and_or([here, outcome_of.claim("", None)])
    """
    opposite = [outcome_of.negation(part) for part in parts]
    for join, other in (
        (outcome_of.conjunction, outcome_of.disjunction),
        (outcome_of.disjunction, outcome_of.conjunction),
    ):
        one, two = outcome_of.negation(join(parts)), other(opposite)
        require(
            _value(one) == _value(two),
            f"not {join.__name__} of {_shown(parts)} is {_value(one)}, and {other.__name__} of the "
            f"opposites {_value(two)}",
        )
    for part in parts:
        twice = outcome_of.negation(outcome_of.negation(part))
        require(_value(twice) == _value(part), f"not not {_value(part)} is {_value(twice)}")


def grouping_and_order_do_not_matter(parts: Sequence[Outcome], turn: int) -> None:
    """In which order conditions are joined, and in which groups, changes no truth and no margin.

    Reason: a draft may list its conditions as it likes; what a report says follows from what they
    are. The greatest and the least do not depend on the order either.

    Counterexample: a margin that is the first one found, or the last one that decides, changes with
    the order of two conditions that both fail.

    Parameters
    ----------
    parts : sequence of Outcome
    turn : int
        By how many places they are turned, and where they are grouped.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> far, near = (outcome_of.leaf("", Truth.FALSE, margin=Margin(-x, -x, "km")) for x in (9, 1))
    >>> grouping_and_order_do_not_matter([far, near, outcome_of.claim("", False)], 1)
    """
    at = turn % len(parts)
    turned = [*parts[at:], *parts[:at]]
    for join in (outcome_of.conjunction, outcome_of.disjunction):
        whole = join(parts)
        for other in (join(turned), join(list(reversed(parts)))):
            require(
                _value(whole) == _value(other),
                f"{join.__name__} of {_shown(parts)} is {_value(whole)}, and in another order "
                f"{_value(other)}",
            )
        if at > 0:
            grouped = join([join(parts[:at]), join(parts[at:])])
            require(
                _value(whole) == _value(grouped),
                f"{join.__name__} of {_shown(parts)} is {_value(whole)}, and grouped at {at} "
                f"{_value(grouped)}",
            )


def margins_agree_with_the_truth(parts: Sequence[Outcome]) -> None:
    """Where a truth is decided no margin says otherwise, and no score.

    Reason: a margin is how far a condition is from its threshold: positive where it holds. Zero is
    on the threshold, which the operator decides.

    Counterexample: a conjunction that takes the least margin of all its parts tells "30 km inside"
    of a ship that is no party's, or a clearance beside a violation.

    Parameters
    ----------
    parts : sequence of Outcome

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> inside = outcome_of.leaf("", Truth.TRUE, margin=Margin(30, 40, "km"), place=1)
    >>> margins_agree_with_the_truth([inside, outcome_of.claim("", False)])
    """
    for join in (outcome_of.conjunction, outcome_of.disjunction):
        found = join(parts)
        for outcome in (found, outcome_of.negation(found)):
            require(
                agrees(outcome),
                f"{join.__name__} of {_shown(parts)} gives {_value(outcome)}",
            )


def agrees(outcome: Outcome) -> bool:
    """Return whether no margin and no end of the score contradicts the truth.

    A margin that decides for itself must decide as the truth does, where that is decided. A score
    bounds the truth along a track: above zero it holds, below zero it does not, and where it does,
    no end is below zero.

    >>> agrees(outcome_of.leaf("", Truth.TRUE, margin=Margin(-2, -1, "km")))
    False
    """
    low, high = outcome.score_m
    truth = outcome.truth
    if truth is not _U and any(margin.truth not in (_U, truth) for margin in outcome.margins):
        return False
    units = [margin.unit for margin in outcome.margins]
    return (
        len(units) == len(set(units))
        and low <= high
        and (low <= 0.0 or truth is _T)
        and (high >= 0.0 or truth is _F)
        and (truth is not _T or low >= 0.0)
        and (truth is not _F or high <= 0.0)
    )


def _value(outcome: Outcome) -> tuple[Any, ...]:
    margins = {margin.unit: (margin.lo + 0.0, margin.hi + 0.0) for margin in outcome.margins}
    low, high = outcome.score_m
    return outcome.truth, margins, (low + 0.0, high + 0.0)  # 0 and -0 are the same


def _shown(parts: Sequence[Outcome]) -> str:
    return str([_value(part) for part in parts])


# -- cases


def truths() -> SearchStrategy[Truth]:
    """Return the three truths.

    >>> truths().validate()
    """
    return st.sampled_from([_F, _U, _T])


def _margin(ends: tuple[int, int], unit: str, touches: bool) -> Outcome:
    """Return a leaf with a margin; `touches` decides where it touches zero."""
    low, high = float(min(ends)), float(max(ends))
    if low > 0.0 or (low == 0.0 and touches):
        truth = _T
    elif high < 0.0 or (high == 0.0 and not touches):
        truth = _F
    else:
        truth = _U
    margin = Margin(low, high, unit)
    place = 1.0 if unit == "km" else 0.0
    return outcome_of.leaf(f"within {low:g} to {high:g} {unit}", truth, margin=margin, place=place)


def outcomes() -> SearchStrategy[Outcome]:
    """Return outcomes of single conditions: claims, and comparisons with a margin.

    >>> outcomes().validate()
    """
    claims = truths().map(
        lambda truth: outcome_of.leaf(f"a claim that is {truth.value}", truth, why="more")
    )
    ends = st.tuples(st.integers(-3, 3), st.integers(-3, 3))
    units = st.sampled_from(["km", "persons"])
    return claims | st.builds(_margin, ends, units, st.booleans())


def _parts() -> Mapping[str, SearchStrategy[Any]]:
    return {"parts": st.lists(outcomes(), min_size=2, max_size=5)}


#: All laws of truth.
TRUTHS: Final[tuple[Law, ...]] = (
    Law(truths_join_by_the_tables_of_kleene, lambda: {"one": truths(), "other": truths()}),
    Law(
        knowing_more_never_turns_a_decision,
        lambda: {
            "parts": st.lists(truths(), max_size=5),
            "known": st.lists(st.booleans(), max_size=5),
        },
    ),
    Law(negation_exchanges_and_and_or, _parts),
    Law(grouping_and_order_do_not_matter, lambda: {**_parts(), "turn": st.integers(0, 4)}),
    Law(margins_agree_with_the_truth, _parts),
)
