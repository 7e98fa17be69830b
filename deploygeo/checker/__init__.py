"""Run clauses against deployments, and say what was found and why."""

from deploygeo.checker.cases import CaseResult, run_cases
from deploygeo.checker.findings import (
    HUMAN,
    VERDICTS,
    Episode,
    Finding,
    Flip,
    Move,
    NotCheckable,
    Report,
    Settings,
    Waypoint,
)
from deploygeo.checker.run import check

__all__ = [
    "HUMAN",
    "VERDICTS",
    "CaseResult",
    "Episode",
    "Finding",
    "Flip",
    "Move",
    "NotCheckable",
    "Report",
    "Settings",
    "Waypoint",
    "check",
    "run_cases",
]
