"""Whether clauses are consistent: with themselves, with each other, with those of another treaty.

`deep_lint` looks at one treaty, `compare` at two, and `audit` measures what a treaty costs each
side. All are deterministic. What the expressions alone decide is proved (`conditions`, `logic`);
the rest is searched among deployments made from the clauses themselves (`survey`, `candidates`).
"""

from deploygeo.consistency.advice import CODES, Advice, DeepLint, Outcome
from deploygeo.consistency.areas import Area
from deploygeo.consistency.costs import Audit, Breaches, Cost, audit
from deploygeo.consistency.deep import deep_lint
from deploygeo.consistency.differences import Comparison, Difference, compare
from deploygeo.consistency.gaps import Gap, Row
from deploygeo.consistency.places import Place
from deploygeo.consistency.situations import Situation

__all__ = [
    "CODES",
    "Advice",
    "Area",
    "Audit",
    "Breaches",
    "Comparison",
    "Cost",
    "DeepLint",
    "Difference",
    "Gap",
    "Outcome",
    "Place",
    "Row",
    "Situation",
    "audit",
    "compare",
    "deep_lint",
]
