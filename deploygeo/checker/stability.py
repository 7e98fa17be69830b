"""Which single change of a reading or of the worldview would give another verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from deploygeo import boundaries
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import VERDICTS, Flip, Settings
from deploygeo.checker.groups import continued, groups_of
from deploygeo.checker.judge import judged
from deploygeo.checker.memory import WORLDVIEW
from deploygeo.checker.scene import Actor, Group, Subject, is_point

__all__ = ["flips_of"]


def flips_of(case: Case, verdict: str) -> tuple[Flip, ...]:
    """Return every single change that gives another verdict than that of a case.

    Only what the case consulted is asked anew. That is enough: an evaluation is the same as
    long as all that it consulted is.
    """
    flips = []
    for name, value, settings in _changes(case):
        found = _verdict(case, name, settings)
        if found != verdict:
            told = "worldview" if name == WORLDVIEW else name
            flips.append(Flip(f"{told} = {value}", found))
    return tuple(flips)


def _changes(case: Case) -> Iterator[tuple[str, str, Settings]]:
    settings = case.settings
    for reading in case.treaty.readings:
        if reading.name in case.consulted:
            for value in reading.names:
                if value != settings.chosen(reading):
                    readings = {**settings.readings, reading.name: value}
                    yield reading.name, value, replace(settings, readings=readings)
    if WORLDVIEW in case.consulted or isinstance(case.subject, Group):
        for worldview in sorted(boundaries.worldviews()):
            if worldview != settings.worldview:
                yield WORLDVIEW, worldview, replace(settings, worldview=worldview)


def _verdict(case: Case, change: str, settings: Settings) -> str:
    """Return the gravest verdict on what the subject becomes under other choices."""
    subjects: list[Subject] = [case.subject]
    if isinstance(case.subject, Group):
        choices = case.treaty, case.clause, case.scene
        subjects = [
            *continued(
                case.subject, groups_of(*choices, case.settings), groups_of(*choices, settings)
            )
        ]
    verdicts = [_verdict_on(case, subject, change, settings) for subject in subjects]
    return min(verdicts, key=VERDICTS.index, default="not-applicable")


def _verdict_on(case: Case, subject: Subject, change: str, settings: Settings) -> str:
    # over a track or an area the scores of all conditions bound the search
    brief = not isinstance(subject, Actor) or is_point(subject.deployment)
    memory = None if case.memory is None else case.memory.under(change)
    choices = case.treaty, case.clause, case.scene
    found = judged(*choices, subject, settings, brief=brief, memory=memory)
    return "not-applicable" if isinstance(found, str) else found[1].verdict
