"""Run clauses against deployments, and say what was found and why."""

from deploygeo.checker.findings import VERDICTS, Finding, Flip, Move, NotCheckable, Report, Settings
from deploygeo.checker.run import check

__all__ = [
    "VERDICTS",
    "Finding",
    "Flip",
    "Move",
    "NotCheckable",
    "Report",
    "Settings",
    "check",
]
