"""Run clauses against deployments, and say what was found and why."""

from deploygeo.checker.cases import CaseResult, run_cases
from deploygeo.checker.findings import (
    HUMAN,
    VERDICTS,
    Baseline,
    Episode,
    Finding,
    Flip,
    Move,
    NotCheckable,
    Report,
    Settings,
    Source,
    Waypoint,
)
from deploygeo.checker.run import check

__all__ = [
    "HUMAN",
    "VERDICTS",
    "Baseline",
    "CaseResult",
    "Episode",
    "Finding",
    "Flip",
    "Move",
    "NotCheckable",
    "Report",
    "Settings",
    "Source",
    "Waypoint",
    "check",
    "run_cases",
]
