"""Run clauses against deployments, and say what was found and why."""

from deploygeo.checker.cases import CaseResult, run_cases
from deploygeo.checker.findings import (
    HUMAN,
    VERDICTS,
    Finding,
    Flip,
    Move,
    NotCheckable,
    Report,
    Settings,
)
from deploygeo.checker.run import check

__all__ = [
    "HUMAN",
    "VERDICTS",
    "CaseResult",
    "Finding",
    "Flip",
    "Move",
    "NotCheckable",
    "Report",
    "Settings",
    "check",
    "run_cases",
]
