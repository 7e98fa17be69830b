"""A few laws of clauses on a few cases each: with the cases of the treaties, what the mutation
tool runs for the checker. No test module by its name, as `quick_laws`.
"""

from pathlib import Path

import pytest

from deploygeo.testing.laws.agreement import AGREEMENT
from deploygeo.testing.laws.choices import CHOICES
from deploygeo.testing.laws.totals import TOTALS
from deploygeo.testing.prove import trials, tried
from deploygeo.treaties import load

BREADTH = load(Path(__file__).parent / "breadth")
TRIALS = [
    *((trial, 6) for trial in trials(BREADTH, laws=[AGREEMENT[0]])),
    *((t, 6) for t in trials("nato-russia-2021", laws=[AGREEMENT[0]], clauses=["4", "5"])),
    *((t, 6) for t in trials("us-russia-2021", laws=[AGREEMENT[0]], clauses=["5.1", "5.2"])),
    *((t, 2) for t in trials(BREADTH, laws=TOTALS, clauses=["guests"])),
    *((t, 2) for t in trials("us-russia-2021", laws=CHOICES, clauses=["5.2"])),
]


@pytest.mark.parametrize(("trial", "examples"), TRIALS, ids=[trial.name for trial, _ in TRIALS])
def test_a_law_holds(trial, examples):
    assert tried(trial, examples=examples).outcome == "held"
