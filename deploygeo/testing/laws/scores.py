"""Laws of scores: what the value of a condition at one place says of the places around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import clauses
from deploygeo.clauses import Node, Truth
from deploygeo.clauses.expression import And, Call, Combine, Compare, Literal, Name, Or
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, require
from deploygeo.testing.laws.conditions import ROUNDING_M, conditions, decide
from deploygeo.testing.laws.facts import Told, told
from deploygeo.testing.laws.truths import agrees
from deploygeo.testing.laws.uncertainty import classes, quantities

__all__ = [
    "SCORES",
    "a_score_bounds_what_holds_nearby",
    "a_score_changes_no_faster_than_the_place",
    "margins_and_scores_agree_with_the_truth",
]


def margins_and_scores_agree_with_the_truth(condition: Node, facts: Told) -> None:
    """No margin and no score of a whole condition contradicts its truth.

    Reason: the margin of a report is that of the breach, and the score decides tracks and areas by
    its sign. Either with the wrong sign is a verdict turned round.

    Counterexample: a margin joined from all operands, also those that do not decide; a score of
    zero for a claim that does not depend on place.

    Parameters
    ----------
    condition : Node
    facts : Told

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.model import Interval
    >>> node = clauses.compile_expression("nuclear and distance(land(own)) < 12")
    >>> facts = Told(truths={"nuclear": Truth.FALSE}, away={"distance(land(own))": Interval(5.0)})
    >>> margins_and_scores_agree_with_the_truth(node, facts)
    """
    for answer in (clauses.evaluate, decide):
        found = answer(condition, facts.but())
        require(
            agrees(found),
            f"{condition} is {found.truth} with {found.margins} and a score of {found.score_m} m, "
            f"with {facts}",
        )


def a_score_changes_no_faster_than_the_place(
    condition: Node, facts: Told, to_km: Sequence[float]
) -> None:
    """Where the place moves by some metres, a condition's score changes by no more metres.

    Reason: a condition over a track or an area is decided by its scores at a few places and this
    bound; so it holds for sums and differences of distances, and for all that is put together.

    Counterexample: a difference of two distances that counts as one changes by two metres a metre:
    the end of a track, where it is in breach, is told to be compliant.

    Parameters
    ----------
    condition : Node
    facts : Told
    to_km : sequence of float
        Other places.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.model import Interval
    >>> node = clauses.compile_expression("distance(land(own)) - distance(land(parties)) > 10")
    >>> away = {"distance(land(own))": Interval(0.0), "distance(land(parties))": Interval(900.0)}
    >>> a_score_changes_no_faster_than_the_place(node, Told(away=away, at_km=100.0), [300.0])
    """
    here = clauses.evaluate(condition, facts.but())
    for at_km in to_km:
        there = clauses.evaluate(condition, facts.but(at_km=at_km))
        moved_m = abs(at_km - facts.at_km) * 1000.0
        for one, two in zip(here.score_m, there.score_m, strict=True):
            require(
                one == two or abs(one - two) <= moved_m + ROUNDING_M,
                f"the score of {condition} is {here.score_m} m at {facts.at_km} km and "
                f"{there.score_m} m at {at_km} km, with {facts}",
            )


def a_score_bounds_what_holds_nearby(condition: Node, facts: Told, to_km: Sequence[float]) -> None:
    """A condition that fails by more than the place moves fails there too, and holds likewise.

    Reason: that is what a score is for. Of a condition that jumps it decides its own place alone.

    Counterexample: the class limit of a distance is constant but for its steps; with a score that
    says "place does not matter", the middle of a track decides for all of it.

    Parameters
    ----------
    condition : Node
    facts : Told
    to_km : sequence of float
        Other places.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.model import Interval
    >>> node = clauses.compile_expression("step_up(distance(land(own)), 500) <= 500")
    >>> facts = Told(away={"distance(land(own))": Interval(0.0)}, at_km=900.0)
    >>> a_score_bounds_what_holds_nearby(node, facts, [499.0])
    """
    here = clauses.evaluate(condition, facts.but())
    low, high = here.score_m
    for at_km in to_km:
        there = clauses.evaluate(condition, facts.but(at_km=at_km)).truth
        moved_m = abs(at_km - facts.at_km) * 1000.0 + ROUNDING_M
        require(
            (low <= moved_m or there is Truth.TRUE) and (high >= -moved_m or there is Truth.FALSE),
            f"{condition} has a score of {here.score_m} m at {facts.at_km} km, and is {there} at "
            f"{at_km} km, with {facts}",
        )


# -- cases


_MEASURING: Final = (
    *("nuclear", "reaches", "distance", "separation", "inside", "range", "param"),
    *("land", "territory", "own", "parties", "states"),
)


def _two_distances() -> SearchStrategy[Node]:
    """Return conditions on the sum, the difference or the order of two distances."""
    lands = st.sampled_from(["own", "parties"]).map(lambda name: Call("land", (Name(name),)))
    away = lands.map(lambda land: Call("distance", (land,)))
    limits = st.sampled_from([0.0, 12.0, 500.0]).map(Literal)
    signs = st.sampled_from(["<=", "<", ">", ">="]).map(lambda sign: (sign,))
    joined = st.builds(Combine, away, st.sampled_from("+-"), away)
    return st.builds(Compare, st.tuples(joined | away, limits | away), signs) | st.builds(
        lambda land, reach: Call("reaches", (land, reach)), lands, joined | away
    )


def _placed(*more: str) -> Mapping[str, SearchStrategy[Any]]:
    words = strategies.predicates(words=(*_MEASURING, *more), params=("lead",))
    several = st.lists(_two_distances() | words, min_size=2, max_size=3).map(tuple)
    drawn = st.shared(
        _two_distances() | words | several.map(And) | several.map(Or),
        key=f"the condition of a score with {more}",
    )
    places = st.sampled_from([0.001, 5.0, 500.0]) | st.integers(-20_000, 20_000).map(float)
    return {
        "condition": drawn,
        "facts": drawn.flatmap(told),
        "to_km": st.lists(places, min_size=1, max_size=5),
    }


def _measured() -> Mapping[str, SearchStrategy[Any]]:
    # half of them with a quantity that is cut at its thresholds, and margins put together again
    cut = st.tuples(classes(), quantities().map(lambda quantity: Told(numbers={"range": quantity})))
    whole = conditions().flatmap(lambda node: st.tuples(st.just(node), told(node)))
    drawn = st.shared(whole | cut, key="a condition and its facts")
    return {"condition": drawn.map(itemgetter(0)), "facts": drawn.map(itemgetter(1))}


#: All laws of scores.
SCORES: Final[tuple[Law, ...]] = (
    Law(margins_and_scores_agree_with_the_truth, _measured),
    Law(a_score_changes_no_faster_than_the_place, _placed),
    Law(a_score_bounds_what_holds_nearby, lambda: _placed("step_up")),
)
