"""Reading files and checking them, as `check` and `explain` both do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from deploygeo.checker import check
from deploygeo.checker.findings import Report, Source
from deploygeo.cli.options import Choices
from deploygeo.cli.output import complain
from deploygeo.errors import Fault, InputError, SettingError
from deploygeo.io import Reading, read
from deploygeo.io._sink import ids_of, parts_of_nothing
from deploygeo.io.alike import told
from deploygeo.model import Deployment, Origin, Record
from deploygeo.model._shown import shown

__all__ = ["as_treaty", "run", "tell_faults"]


def run(files: Sequence[str], chosen: Choices) -> tuple[Report, tuple[Deployment, ...]]:
    """Read files and check all that is good in them together.

    Returns
    -------
    report : Report
        With the faults of every file.
    deployments : tuple of Deployment
        Those that were checked.
    """
    if files.count("-") > 1:
        raise SettingError("standard input can be read only once; give '-' once")
    readings = [read(file, limits=chosen.limits) for file in files]
    if chosen.strict and any(one.faults for one in readings):
        raise InputError(fault for one in readings for fault in one.faults)
    whole = readings[0] if len(readings) == 1 else _joined(readings)
    treaties = None if chosen.treaties is None else [as_treaty(text) for text in chosen.treaties]
    report = check(
        [*whole.deployments, *whole.records],
        treaties,
        on=chosen.on,
        worldview=chosen.worldview,
        readings=chosen.readings,
        params=chosen.params,
        in_force=chosen.in_force,
        level=chosen.level,
    )
    report = replace(
        report,
        faults=(*whole.faults, *report.faults),
        warnings=(*whole.warnings, *report.warnings),
        source=whole.source,
        sha256=whole.sha256,
        inputs=tuple(Source(one.source, one.sha256) for one in readings),
    )
    return report, whole.deployments


def as_treaty(text: str) -> str | Path:
    """Return a treaty's id, or the path of its file where the text can be nothing else.

    Examples
    --------
    >>> as_treaty("us-russia-2021"), as_treaty("my/treaty.toml").name
    ('us-russia-2021', 'treaty.toml')
    """
    return Path(text) if text.endswith(".toml") or "/" in text or "\\" in text else text


def tell_faults(report: Report) -> None:
    """Write faults and warnings to standard error, those of one kind together."""
    for text in told(report.warnings):
        complain(f"warning: {text}")
    for text in told(report.faults):
        complain(f"fault: {text}")


def _joined(readings: Sequence[Reading]) -> Reading:
    """Return several readings as one; an id that two files use is a fault of the second."""
    taken: dict[str, Origin | None] = {}
    kept: list[Deployment | Record] = []
    twice: list[Fault] = []
    things: list[Deployment | Record] = []
    for one in readings:
        things += (*one.deployments, *one.records)
    for thing in things:
        names = ids_of(thing)
        known = next((name for name in names if name in taken), None)
        if known is not None:
            twice.append(_taken(thing, known, taken[known]))
        else:
            taken |= dict.fromkeys(names, thing.origin)
            kept.append(thing)
    both = read(kept)
    # what is not in one file may be in another
    alone = {
        fault for one in readings for fault in parts_of_nothing((*one.deployments, *one.records))
    }
    odd = [fault for one in readings for fault in one.warnings if fault not in alone]
    digest = hashlib.sha256("".join(one.sha256 for one in readings).encode()).hexdigest()
    return replace(
        both,
        faults=(*(fault for one in readings for fault in one.faults), *twice),
        warnings=(*odd, *parts_of_nothing(kept)),
        source=", ".join(one.source for one in readings),
        sha256=digest,
    )


def _taken(thing: Deployment | Record, name: str, first: Origin | None) -> Fault:
    where = "another file"
    if first is not None:
        where = f"{first.source}:{first.line}" if first.line is not None else first.source
    of = "" if name == thing.id else ", of a contingent,"
    text = f"the id {shown(name)}{of} is taken by {where}"
    at = thing.origin or Origin("")
    pointer = "" if at.feature is None else f"/features/{at.feature}/properties/id"
    return Fault(text, at.source, at.line, None, at.feature, thing.id, pointer)
