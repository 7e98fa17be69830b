"""The laws of clauses on treaties that nobody wrote, with situations drawn for them."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deploygeo.testing import LAWS, strategies

# The naive evaluator reads a file, which a treaty drawn here has not: test_oracles_drawn has one.
OF_CLAUSES = [
    law for law in LAWS if law.about == "clause" and law.name != "a-naive-evaluation-agrees"
]
# Each case draws a treaty, and forces for it; the longer run is tests/soak/laws.py.
FEW = settings(
    max_examples=12,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def try_law(law, data):
    """Draw a treaty, a clause of which the law speaks, and a case; return whether there was one."""
    treaty = data.draw(strategies.treaties()).treaty
    clauses = [
        clause
        for clause in treaty.clauses
        if clause.check != "none" and not law.exempt(treaty, clause)
    ]
    if not clauses:
        return False
    clause = data.draw(st.sampled_from(clauses))
    case = {name: data.draw(values) for name, values in law.given(treaty, clause).items()}
    law.holds(**case)
    return True


@pytest.mark.parametrize("law", OF_CLAUSES, ids=lambda law: law.name)
def test_a_law_holds_on_random_treaties(law):
    tried = []

    @FEW
    @given(st.data())
    def run(data):
        tried.append(try_law(law, data))

    run()
    assert tried
