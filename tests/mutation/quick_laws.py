"""The laws of logic on a few cases each: with the unit tests, what the mutation tool runs.

No test module by its name, so that the suite, which tries them on more, leaves it alone.
"""

import pytest

from deploygeo.testing.laws.logic import LOGIC
from deploygeo.testing.prove import Trial, tried
from deploygeo.treaties import load

TREATY = load("us-russia-2021")


@pytest.mark.parametrize("law", LOGIC, ids=lambda law: law.name)
def test_a_law_of_logic_holds(law):
    assert tried(Trial(law, TREATY), examples=40).outcome == "held"
