"""An uncertain quantity that occurs twice in a rule is one quantity."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo import check
from deploygeo.clauses import Number, Truth, compile_expression, evaluate
from deploygeo.model import Deployment
from deploygeo.treaties import load

TREATY = """
id = "t"
title = "A treaty"
status = "draft"
source = "nowhere"

[[side]]
name = "Russia"
states = "states('RUS')"

[[side]]
name = "United States"
states = "states('USA')"

[[clause]]
id = "1"
article = "1"
text = "A rule."
rule = "{}"
"""


@pytest.fixture(scope="module")
def treaty_of(tmp_path_factory):
    def build(rule):
        path = tmp_path_factory.mktemp("treaty") / "treaty.toml"
        path.write_text(TREATY.format(rule))
        return load(path)

    return build


def judged(treaty, range_km, place=(34.0, 43.0), party="USA"):
    unit = Deployment(
        id="a", party=party, kind="missile_launcher", geometry=place, range_km=range_km
    )
    (finding,) = check(unit, treaty).findings
    return finding


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        # 400 to 700 km: below or in the class, and in reach of Russia (318 km) in either case
        ("500 <= range <= 5500 and reaches(land(counterparts), range)", "indeterminate"),
        ("(range < 500 or range >= 500) and reaches(land(counterparts), range)", "violation"),
        ("range < 500 and range > 600", "compliant"),
        ("range < 500 or range > 450", "violation"),
        ("range <= 500 and range >= 500", "indeterminate"),
        ("range < 500 and range >= 500", "compliant"),
        ("not (range < 600) or range < 600", "violation"),
        ("range > 300 and range < 800", "violation"),
    ],
)
def test_a_range_of_400_to_700_km_is_one_range_in_all_of_a_rule(treaty_of, rule, verdict):
    assert judged(treaty_of(rule), [400, 700]).verdict == verdict


def test_in_the_class_means_out_of_reach(treaty_of):
    """5 927 km from the United States: no range that is in the class reaches it."""
    treaty = treaty_of("500 <= range <= 5500 and reaches(land(counterparts), range)")
    finding = judged(treaty, [400, 7000], place=(21.8, 54.63), party="RUS")
    assert finding.verdict == "compliant"


@pytest.mark.parametrize("range_km", [499, 500, 501])
def test_an_exact_range_needs_no_split(treaty_of, range_km):
    finding = judged(treaty_of("range >= 500"), range_km)
    assert finding.verdict == ("violation" if range_km >= 500 else "compliant")


def test_an_undecided_rule_names_the_quantity_that_would_decide(treaty_of):
    assert judged(treaty_of("range >= 500"), [400, 700]).why == ("range",)


@settings(max_examples=50, deadline=None)
@given(
    st.integers(0, 12),
    st.integers(0, 6),
    st.lists(
        st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 18)),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([" and ", " or "]),
)
def test_an_interval_says_what_all_of_its_ranges_say(treaty_of, low, width, terms, join):
    rule = join.join(f"range {sign} {limit}" for sign, limit in terms)
    treaty = treaty_of(rule)
    halves = [low + step / 2 for step in range(2 * width + 1)]
    exact = {judged(treaty, value).verdict for value in halves}
    found = judged(treaty, [low, low + width]).verdict
    assert found == (exact.pop() if len(exact) == 1 else "indeterminate")


def test_infinity_less_infinity_is_unknown_and_not_false():
    """Two distances to nothing differed by not-a-number, which compares false, in 2026."""
    facts = Nowhere()
    for sign in ("<", ">="):
        node = compile_expression(f"personnel - personnel {sign} 5")
        assert evaluate(node, facts).truth is Truth.UNKNOWN


class Nowhere:
    """Facts in which every number is infinite."""

    brief = False

    def once(self, _asked, ask):
        return ask()

    def definition(self, name):
        return None

    def word(self, name, args):
        return Number(math.inf, math.inf, "km")

    def cut(self, quantity, at):
        pass
