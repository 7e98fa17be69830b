"""Values that are no truths: sets, sums and differences, definitions, and what reasons are told.

Each of these could be changed in the source without a test of this folder noticing.
"""

import math

import pytest

from deploygeo.clauses import compile_expression
from deploygeo.clauses.evaluate import Number, evaluate, value_of
from deploygeo.clauses.expression import Combine, Literal, Name, Not
from deploygeo.clauses.outcome import Measure, claim, conjunction, disjunction, leaf, negation
from deploygeo.clauses.truth import Margin, Truth


class Known:
    """Facts with names for values, and definitions."""

    brief = False

    def __init__(self, definitions=None, **words):
        self.definitions = definitions or {}
        self.words = words

    def definition(self, name):
        return self.definitions.get(name)

    def word(self, name, args):
        return self.words[name]

    def cut(self, quantity, at):
        pass

    def once(self, asked, ask):
        return ask()


FACTS = Known(
    a=frozenset({"USA", "FRA"}),
    b=frozenset({"FRA", "DEU"}),
    near=Number(1.0, 2.0, "km", "near", "", "position", (), 1.0),
    far=Number(10.0, 30.0, "", "far", "reach", "range"),
    yes=claim("said", True),
)


@pytest.mark.parametrize(
    ("sign", "expected"),
    [("|", {"USA", "FRA", "DEU"}), ("&", {"FRA"}), ("-", {"USA"})],
)
def test_sets_are_joined_cut_and_taken_away(sign, expected):
    assert value_of(Combine(Name("a"), sign, Name("b")), FACTS) == expected


def test_a_sum_and_a_difference_have_both_errors_and_the_unit_of_either():
    total = value_of(Combine(Name("near"), "+", Name("far")), FACTS)
    assert (total.lo, total.hi, total.unit, total.quantity) == (11.0, 32.0, "km", "")
    assert (total.why, total.place, total.text) == ("position and range", 1.0, "near + far")
    less = value_of(Combine(Name("far"), "-", Name("near")), FACTS)
    assert (less.lo, less.hi, less.unit) == (8.0, 29.0, "km")


def test_infinity_less_infinity_is_any_number():
    endless = Known(x=Number(math.inf, math.inf), y=Number(math.inf, math.inf))
    found = value_of(Combine(Name("x"), "-", Name("y")), endless)
    assert (found.lo, found.hi) == (-math.inf, math.inf)


def test_a_definition_stands_for_what_it_says():
    facts = Known({"peaceful": Not(Name("yes"))}, yes=claim("said", True))
    assert evaluate(Name("peaceful"), facts).truth is Truth.FALSE
    assert evaluate(Name("yes"), facts).truth is Truth.TRUE


def test_a_definition_compiles_to_its_name():
    found = compile_expression("peaceful", definitions={"peaceful": "truth"})
    assert found == Name("peaceful")


def test_a_number_in_a_text_is_told_as_it_is_written():
    assert value_of(Literal(12.5), FACTS) == Number(12.5, 12.5, text="12.5")


def test_the_reason_of_not_is_the_reason_of_what_it_negates():
    inner = claim("said", None, "a record")
    reason = negation(inner).reason
    assert (reason.text, reason.truth, reason.children) == ("not", Truth.UNKNOWN, (inner.reason,))
    assert claim("said", None).why == ()


def test_what_is_no_condition_or_no_number_is_refused_by_name():
    with pytest.raises(TypeError, match="near is not a condition"):
        evaluate(Name("near"), FACTS)
    with pytest.raises(TypeError, match="is not a number"):
        value_of(Combine(Name("yes"), "+", Name("near")), FACTS)


def at(km, truth, name):
    measure = Measure(name, abs(km), 1.0, 0.0, 0.0, "RUS")
    return leaf(name, truth, margin=Margin(km, km + 1, "km"), measures=(measure,), place=1.0)


@pytest.mark.parametrize("turned", [False, True])
def test_and_keeps_the_least_margin_and_tells_its_measure_first(turned):
    parts = [at(5.0, Truth.TRUE, "near"), at(900.0, Truth.TRUE, "far"), claim("said", True)]
    found = conjunction(reversed(parts) if turned else parts)
    assert found.margins == (Margin(5.0, 6.0, "km"),)
    assert [measure.what for measure in found.measures] == ["near", "far"]
    assert found.reason.text == "and"


@pytest.mark.parametrize("turned", [False, True])
def test_or_keeps_the_greatest_margin_and_tells_its_measure_first(turned):
    parts = [at(5.0, Truth.TRUE, "near"), at(900.0, Truth.TRUE, "far"), claim("said", False)]
    found = disjunction(reversed(parts) if turned else parts)
    assert found.margins == (Margin(900.0, 901.0, "km"),)
    assert [measure.what for measure in found.measures] == ["far", "near"]
    assert found.reason.text == "or"
