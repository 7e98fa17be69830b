"""The laws of logic hold, and each is broken by the implementation that it names."""

import math
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from deploygeo import clauses
from deploygeo.checker import judge
from deploygeo.clauses import Margin, Truth, compile_expression
from deploygeo.clauses import outcome as outcome_of
from deploygeo.clauses.expression import And, Combine, Compare, Literal, Name, Not, Or
from deploygeo.clauses.outcome import claim, leaf
from deploygeo.model import Interval
from deploygeo.testing import LawBrokenError, laws
from deploygeo.testing.laws import comparisons, conditions, scores, truths, uncertainty
from deploygeo.testing.laws.facts import Told, told
from deploygeo.testing.laws.logic import LOGIC

# the package has a function of the module's name
evaluate = sys.modules["deploygeo.clauses.evaluate"]

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
COMPARED = evaluate.compared
WIDE = Interval(400.0, 700.0)


@pytest.mark.parametrize("law", LOGIC, ids=lambda law: law.name)
def test_a_law_of_logic_holds(law):
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(**law.given())
    def tried(**case):
        law.holds(**case)

    tried()


def test_every_law_of_logic_is_in_the_list_of_all():
    assert set(LOGIC) <= set(laws.LAWS)


def breaks(law, *case):
    with pytest.raises(LawBrokenError) as caught:
        law(*case)
    assert caught.value.message


def ranged(known, **more):
    return Told(numbers={"range": known}, **more)


# -- truths


def test_none_for_unknown_breaks_the_tables(monkeypatch):
    """In Python `None and False` is None."""
    monkeypatch.setattr(Truth, "__and__", lambda one, other: one if one is not T else other)
    breaks(truths.truths_join_by_the_tables_of_kleene, U, F)


def test_unknown_that_counts_as_false_breaks_the_tables(monkeypatch):
    monkeypatch.setattr(Truth, "__or__", lambda one, other: T if T in (one, other) else F)
    breaks(truths.truths_join_by_the_tables_of_kleene, U, U)


def test_unknown_that_counts_as_false_breaks_the_law_of_knowing_more(monkeypatch):
    monkeypatch.setattr(Truth, "__invert__", lambda one: F if one is T else T)
    breaks(truths.knowing_more_never_turns_a_decision, [U], [True])


def test_ends_kept_in_place_break_the_law_of_negation(monkeypatch):
    monkeypatch.setattr(outcome_of, "negation", lambda one: replace(one, truth=~one.truth))
    near = leaf("", T, margin=Margin(1.0, 2.0, "km"), place=1.0)
    breaks(truths.negation_exchanges_and_and_or, [near, claim("", value=None)])


def test_a_score_left_alone_breaks_the_law_of_negation(monkeypatch):
    negation = outcome_of.negation

    def without_score(one):
        return replace(negation(one), score_m=one.score_m)

    monkeypatch.setattr(outcome_of, "negation", without_score)
    breaks(truths.negation_exchanges_and_and_or, [claim("", value=True), claim("", value=False)])


def joined_with(margins_of):
    """Return a conjunction with margins of its own."""
    conjunction = outcome_of.conjunction

    def join(outcomes):
        parts = tuple(outcomes)
        return replace(conjunction(parts), margins=margins_of(parts))

    return join


def by_the_first(parts):
    return next((part.margins for part in parts if part.margins), ())


def by_the_least(parts):
    """Return the least margin of all parts, also of those that do not decide."""
    found = [margin for part in parts for margin in part.margins]
    return (max(found, key=lambda margin: margin.hi),) if found else ()


FAR, NEAR = (leaf("", F, margin=Margin(-x, -x, "km"), place=1.0) for x in (9.0, 1.0))


def test_the_first_margin_breaks_the_law_of_order(monkeypatch):
    monkeypatch.setattr(outcome_of, "conjunction", joined_with(by_the_first))
    breaks(truths.grouping_and_order_do_not_matter, [FAR, NEAR, claim("", value=False)], 1)


def test_a_margin_that_does_not_decide_breaks_the_law_of_margins(monkeypatch):
    inside = leaf("", T, margin=Margin(30.0, 40.0, "km"), place=1.0)
    monkeypatch.setattr(outcome_of, "conjunction", joined_with(by_the_least))
    breaks(truths.margins_agree_with_the_truth, [inside, claim("", value=False)])


@pytest.mark.parametrize(
    "wrong",
    [
        leaf("", T, margin=Margin(-2.0, -1.0, "km")),
        leaf("", F, score_m=(1.0, 2.0)),
        leaf("", T, score_m=(-1.0, 2.0)),
        leaf("", U, score_m=(1.0, 2.0)),
        leaf("", U, score_m=(-2.0, -1.0)),
        leaf("", F, score_m=(-2.0, 1.0)),
        replace(FAR, margins=FAR.margins * 2),
    ],
)
def test_an_outcome_that_contradicts_itself_does_not_agree(wrong):
    assert not truths.agrees(wrong)


# -- comparisons


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_less_for_at_most_breaks_the_law_of_ties(monkeypatch, operator):
    strict = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
    monkeypatch.setattr(
        evaluate, "compared", lambda one, sign, other, cut: COMPARED(one, strict[sign], other, cut)
    )
    breaks(comparisons.a_tie_goes_as_the_operator_says, 500.0, operator)


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_a_comparison_to_a_metre_breaks_the_law_of_ties(monkeypatch, operator):
    def rounded(one, sign, other, cut):
        return COMPARED(*(exactly(round(x.lo, 3), x) for x in (one,)), sign, other, cut)

    monkeypatch.setattr(evaluate, "compared", rounded)
    breaks(comparisons.a_tie_goes_as_the_operator_says, 500.0, operator)


def exactly(value, number):
    return replace(number, lo=value, hi=value)


def middle(number):
    return exactly((number.lo + number.hi) / 2.0, number)


def by_middles(one, sign, other, cut):
    return COMPARED(middle(one), sign, middle(other), cut)


def test_the_middles_break_the_law_of_all_values(monkeypatch):
    monkeypatch.setattr(evaluate, "compared", by_middles)
    breaks(comparisons.a_comparison_says_what_all_values_say, WIDE, ">=", Interval(500.0))


def test_less_for_at_most_breaks_the_law_of_all_values(monkeypatch):
    monkeypatch.setattr(evaluate, "_HOLDS", {**evaluate._HOLDS, "<=": lambda a, b: a < b})
    touching = (Interval(400.0, 500.0), "<=", Interval(500.0, 600.0))
    breaks(comparisons.a_comparison_says_what_all_values_say, *touching)


def test_the_wrong_sign_breaks_the_law_of_margins_of_comparisons(monkeypatch):
    def turned(one, sign, other, cut):
        found = COMPARED(one, sign, other, cut)
        return replace(found, margins=tuple(-margin for margin in found.margins))

    monkeypatch.setattr(evaluate, "compared", turned)
    law = comparisons.a_margin_is_the_way_to_the_threshold
    breaks(law, Interval(300.0), ">=", Interval(500.0))


def test_a_margin_between_middles_breaks_the_law_of_margins_of_comparisons(monkeypatch):
    def between(one, sign, other, cut):
        return replace(
            COMPARED(one, sign, other, cut), margins=by_middles(one, sign, other, cut).margins
        )

    monkeypatch.setattr(evaluate, "compared", between)
    breaks(comparisons.a_margin_is_the_way_to_the_threshold, WIDE, ">=", Interval(500.0))


def test_sides_swapped_under_the_same_sign_break_the_law_of_turning_round(monkeypatch):
    def swapped(one, sign, other, cut):
        return COMPARED(other, "<=", one, cut) if sign == ">" else COMPARED(one, sign, other, cut)

    monkeypatch.setattr(evaluate, "compared", swapped)
    law = comparisons.turning_a_comparison_round_changes_nothing
    breaks(law, Interval(1.0), "<", Interval(1.0))


def lowest(one, sign, other, cut):
    """Compare by the lower ends alone."""
    return COMPARED(exactly(one.lo, one), sign, exactly(other.lo, other), cut)


def test_an_error_on_one_end_breaks_the_law_of_wider_intervals(monkeypatch):
    monkeypatch.setattr(evaluate, "compared", lowest)
    law = comparisons.a_wider_interval_decides_no_more
    breaks(law, Interval(500.0), ">=", Interval(500.0), 1.0, 0.0)


def test_a_chain_without_its_last_link_breaks_the_law_of_chains(monkeypatch):
    monkeypatch.setattr(evaluate, "conjunction", lambda outcomes: next(iter(outcomes)))
    law = comparisons.a_chain_holds_where_each_link_does
    breaks(law, Interval(500.0), "<=", Interval(500.0), "<")


# -- conditions


@pytest.mark.parametrize(
    ("node", "form", "spelt"),
    [
        (Not(And((Name("nuclear"), Name("always")))), Not, lambda node: f"not {node.operand}"),
        (
            Compare(
                (
                    Name("range"),
                    Combine(Name("range"), "-", Combine(Name("personnel"), "-", Literal(1.0))),
                ),
                ("<",),
            ),
            Combine,
            lambda node: f"{node.left} {node.operator} {node.right}",
        ),
        (
            Compare((Name("range"), Literal(499.99999999999994)), ("<",)),
            Literal,
            lambda node: f"{node.value:g}",
        ),
    ],
    ids=["brackets of not", "brackets of minus", "the last bit"],
)
def test_a_spelling_that_leaves_something_out_breaks_the_law_of_spelling(
    monkeypatch, node, form, spelt
):
    conditions.a_spelling_is_its_condition(node)
    monkeypatch.setattr(form, "__str__", spelt)
    breaks(conditions.a_spelling_is_its_condition, node)


def stopping_at(stop):
    """Evaluate operands until one of some truths."""

    def until(operands, facts, last, combine):
        found = []
        for operand in operands:
            found.append(clauses.evaluate(operand, facts))
            if stop(found[-1], last, facts):
                break
        return combine(found)

    return until


def test_stopping_at_the_first_unknown_breaks_the_law_of_operands(monkeypatch):
    monkeypatch.setattr(
        evaluate, "_until", stopping_at(lambda one, last, _: one.truth in (U, last))
    )
    law = conditions.the_order_of_operands_does_not_matter
    breaks(law, compile_expression("nuclear and never"), Told(truths={"nuclear": U}), 1)


def test_unknown_that_counts_as_false_breaks_the_law_of_opposites(monkeypatch):
    def negated(one):
        return replace(outcome_of.negation(one), truth=F if one.truth is T else T)

    monkeypatch.setattr(evaluate, "negation", negated)
    law = conditions.the_opposite_is_opposite
    breaks(law, compile_expression("nuclear or range < 500"), ranged(WIDE, truths={"nuclear": U}))


def test_a_brief_answer_of_the_first_operand_breaks_the_law_of_brief_answers(monkeypatch):
    monkeypatch.setattr(evaluate, "_until", stopping_at(lambda one, last, facts: facts.brief))
    law = conditions.a_brief_answer_is_the_same_answer
    breaks(law, compile_expression("always and range < 500"), ranged(Interval(600.0)))


# -- uncertainty


def test_an_error_on_one_end_breaks_the_law_of_less_knowledge(monkeypatch):
    monkeypatch.setattr(evaluate, "compared", lowest)
    law = uncertainty.less_knowledge_decides_no_more
    breaks(law, compile_expression("range >= 500"), ranged(Interval(500.0)), 1.0, [])


def test_unknown_that_counts_as_false_breaks_the_law_of_less_knowledge(monkeypatch):
    def negated(one):
        return replace(outcome_of.negation(one), truth=F if one.truth is T else T)

    monkeypatch.setattr(evaluate, "negation", negated)
    facts = Told(truths={"nuclear": T})
    law = uncertainty.less_knowledge_decides_no_more
    breaks(law, compile_expression("not nuclear"), facts, 0.0, [0])


def by_both_ends(node, case):
    """Decide by the two ends of an interval alone."""
    ends = [case.but(numbers={"range": Interval(at)}) for at in (WIDE.lo, WIDE.hi)]
    found = [clauses.evaluate(node, end) for end in ends]
    return found[0] if found[0].truth is found[1].truth else clauses.evaluate(node, case)


def test_two_ends_break_the_law_of_every_point(monkeypatch):
    monkeypatch.setattr(judge, "decide", by_both_ends)
    law = uncertainty.a_decision_holds_at_every_point
    node = compile_expression("range < 500 or range > 600")
    breaks(law, node, ranged(WIDE), [0.5], True)


@pytest.mark.parametrize(
    ("rule", "known"),
    [
        ("range < 500 or range >= 500", WIDE),
        ("range < 500 and range > 600", WIDE),
        ("500 <= range <= 5500 and (range < 1000 or range >= 1000)", Interval(500.0, 2500.0)),
        ("range <= 500 or range > 500", Interval(500.0, 501.0)),
    ],
)
def test_each_occurrence_for_itself_breaks_the_law_of_one_quantity(monkeypatch, rule, known):
    node = compile_expression(rule)
    uncertainty.one_quantity_is_one_quantity(node, known)
    monkeypatch.setattr(judge, "decide", clauses.evaluate)
    breaks(uncertainty.one_quantity_is_one_quantity, node, known)


def test_pieces_without_their_thresholds_break_the_law_of_one_quantity(monkeypatch):
    def halves(interval, cuts):
        yield from (Interval(interval.lo, cuts[0] - 1.0), Interval(cuts[0] + 1.0, interval.hi))

    monkeypatch.setattr(judge, "_pieces", halves)
    node = compile_expression("range < 500 or range > 500")
    breaks(uncertainty.one_quantity_is_one_quantity, node, WIDE)


# -- scores

OWN, THEIRS = "distance(land(own))", "distance(land(parties))"


def leaf_with(change):
    def changed(text, truth, *, place=0.0, **more):
        return leaf(text, truth, place=change(place), **more)

    return changed


def test_a_margin_of_all_operands_breaks_the_law_of_margins_of_conditions(monkeypatch):
    monkeypatch.setattr(evaluate, "conjunction", joined_with(by_the_least))
    node = compile_expression(f"{OWN} < 12 and nuclear")
    facts = Told(truths={"nuclear": F}, away={OWN: Interval(5.0)})
    breaks(scores.margins_and_scores_agree_with_the_truth, node, facts)


def test_a_difference_that_counts_as_one_distance_breaks_the_law_of_scores(monkeypatch):
    """As conditions over tracks were decided until 2026."""
    monkeypatch.setattr(evaluate, "leaf", leaf_with(lambda place: min(place, 1.0)))
    node = compile_expression(f"{OWN} - {THEIRS} > 10")
    facts = Told(away={OWN: Interval(0.0), THEIRS: Interval(900.0)}, at_km=100.0)
    breaks(scores.a_score_changes_no_faster_than_the_place, node, facts, [300.0])


def test_a_step_that_counts_as_constant_breaks_the_law_of_places_nearby(monkeypatch):
    monkeypatch.setattr(
        evaluate, "leaf", leaf_with(lambda place: 0.0 if math.isinf(place) else place)
    )
    node = compile_expression(f"step_up({OWN}, 500) <= 500")
    facts = Told(away={OWN: Interval(0.0)}, at_km=900.0)
    breaks(scores.a_score_bounds_what_holds_nearby, node, facts, [499.0])


# -- the facts that laws are tried against


def test_facts_that_are_told_answer_every_condition():
    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(**conditions.cases())
    def answered(condition, facts):
        assert clauses.evaluate(condition, facts).truth in (T, U, F)

    answered()


def test_exact_facts_leave_nothing_open():
    node = compile_expression(
        "(nuclear or range < 500) and notice(3) and reaches(land(own), range)"
    )

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(told(node, exact=True))
    def decided(facts):
        assert clauses.evaluate(node, facts).truth is not U

    decided()


def test_settled_facts_contradict_no_others():
    facts = Told(
        truths={"nuclear": U, "always": T},
        numbers={"range": WIDE, "personnel": Interval(1.0, math.inf)},
        away={OWN: Interval(-5.0, 5.0)},
    )
    for share in (0.0, 0.25, 1.0):
        exact = facts.settled(share, as_true=True)
        assert exact.truths == {"nuclear": T, "always": T}
        for kind in ("numbers", "away"):
            known, points = getattr(facts, kind), getattr(exact, kind)
            assert all(points[key].lo in known[key] and points[key].is_exact for key in known)


@pytest.mark.parametrize(
    ("number", "limits", "expected"),
    [
        ((400, 400), [(500, 500), (1000, 1000)], (500, 500)),
        ((400, 700), [(500, 500), (1000, 1000)], (500, 1000)),
        ((1200, 1200), [(500, 500), (1000, 1000)], (1200, 1200)),
        ((400, 400), [(0, math.inf)], (400, math.inf)),
        ((400, 400), [(0, math.inf), (600, 600)], (400, 600)),
        ((400, 400), [(300, 500)], (400, 500)),
    ],
)
def test_a_step_of_what_is_not_known_holds_every_step_that_is_possible(number, limits, expected):
    node = compile_expression(
        f"step_up(range, {', '.join(f'param({str(i)!r})' for i in range(len(limits)))}) <= 0"
    )
    known = {"range": Interval(*number)}
    known |= {f"param({str(i)!r})": Interval(*limit) for i, limit in enumerate(limits)}
    margin = clauses.evaluate(node, Told(numbers=known)).margins[0]
    assert (-margin.hi, -margin.lo) == expected


def test_or_is_not_and():
    """The strategies of conditions draw both."""
    found = set()

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(conditions.conditions())
    def drawn(condition):
        found.add(type(condition))

    drawn()
    assert {And, Or, Not, Compare} <= found
