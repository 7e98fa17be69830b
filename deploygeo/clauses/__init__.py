"""The logic of clauses: truth in three values, margins, expressions and their vocabulary."""

from deploygeo.clauses.evaluate import Facts, Number, Region, evaluate
from deploygeo.clauses.expression import Node
from deploygeo.clauses.language import compile_expression
from deploygeo.clauses.outcome import Measure, Outcome, Reason
from deploygeo.clauses.truth import Margin, Truth
from deploygeo.clauses.vocabulary import VOCABULARY, Word

__all__ = [
    "VOCABULARY",
    "Facts",
    "Margin",
    "Measure",
    "Node",
    "Number",
    "Outcome",
    "Reason",
    "Region",
    "Truth",
    "Word",
    "compile_expression",
    "evaluate",
]
