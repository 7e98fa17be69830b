"""What a check returns: findings, and the report that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from typing import Any

from deploygeo.clauses.outcome import Measure, Reason
from deploygeo.clauses.truth import Margin
from deploygeo.errors import Fault
from deploygeo.model.deployment import Origin

__all__ = [
    "VERDICTS",
    "Episode",
    "Finding",
    "Flip",
    "Move",
    "NotCheckable",
    "Report",
    "Settings",
    "Waypoint",
]

VERDICTS = ("violation", "indeterminate", "excused", "compliant", "not-applicable")
"""Every verdict, the gravest first."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices under which a check runs; every report prints them.

    Parameters
    ----------
    worldview : str
        Who holds disputed land to be whose.
    readings : mapping of str to str
        Readings that differ from their defaults.
    params : mapping of str to float
        Parameters that the texts leave to be agreed.
    on : date or None
        The day to check; None takes each deployment's own.
    in_force : date or None
        From when the drafts count as in force; None: as if always.
    level : str
        The border data: ``hybrid`` or ``ne10``.
    """

    worldview: str = "un"
    readings: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, float] = field(default_factory=dict)
    on: date | None = None
    in_force: date | None = None
    level: str = "hybrid"


@dataclass(frozen=True, slots=True)
class Flip:
    """One single change that gives another verdict."""

    change: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Move:
    """The nearest position found that complies, seen from where the deployment is."""

    distance_km: float
    bearing_deg: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A place on a track, with its time where the track has times."""

    lon: float
    lat: float
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of a track on which a breach holds at every place.

    Parameters
    ----------
    first, last, deepest : Waypoint
    depth_km : tuple of float
        How deep at the deepest place, at least and at most; infinite where place does not matter.
    certain : bool
        Whether it certainly holds; otherwise only that it may.
    from_start, to_end : bool
        The track begins, or ends, within.
    """

    first: Waypoint
    last: Waypoint
    deepest: Waypoint
    depth_km: tuple[float, float]
    certain: bool = True
    from_start: bool = False
    to_end: bool = False


@dataclass(frozen=True, slots=True)
class NotCheckable:
    """A clause that no machine can check, and why."""

    treaty: str
    clause: str
    article: str
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One clause applied to one deployment, record or group.

    Parameters
    ----------
    id : str
        ``treaty/clause@subject``; unique in a report and the same in every run.
    subject : {"deployment", "record", "group"}
    members : tuple of str
        Ids of the deployments that it is about: one, or those of a group.
    on : date or None
        The day for which dated sets and holders were taken.
    verdict : str
        One of `VERDICTS`.
    why : tuple of str
        For an indeterminate verdict, what would decide it: ``range``, ``baseline``,
        ``parameter width_km``, ``finding perceived-threat``, ``position`` …
    margin : Margin or None
        Signed in favour of compliance: negative is the depth of a breach.
    measures : tuple of Measure
        Distances measured, the decisive first.
    readings : mapping of str to str
        The readings that the verdict consulted, with their values.
    stability : tuple of Flip
        Every single change of reading or worldview that gives another verdict.
    review : bool
        The clause only flags for a human.
    place : tuple of float or None
        Longitude and latitude that stand for the deployment.
    episodes : tuple of Episode
        Of a track, the stretches of the breach, in order.
    open_km : float
        The longest stretch of the track that was not settled within the evaluations allowed: a
        shorter episode may be missing. 0 where none is.
    """

    id: str
    treaty: str
    clause: str
    article: str
    text: str
    subject: str
    members: tuple[str, ...]
    name: str
    party: str
    on: date | None
    verdict: str
    why: tuple[str, ...] = ()
    margin: Margin | None = None
    measures: tuple[Measure, ...] = ()
    range_km: tuple[float, float] | None = None
    range_source: str = ""
    host: str | None = None
    zone: str | None = None
    sea: str | None = None
    level: str = "hybrid"
    worldview: str = "un"
    readings: Mapping[str, str] = field(default_factory=dict)
    reason: Reason | None = None
    exception: str | None = None
    nearest_compliant: Move | None = None
    stability: tuple[Flip, ...] = ()
    assumed: tuple[str, ...] = ()
    review: bool = False
    place: tuple[float, float] | None = None
    episodes: tuple[Episode, ...] = ()
    open_km: float = 0.0
    origin: Origin | None = field(default=None, compare=False)

    @property
    def margin_km(self) -> tuple[float, float] | None:
        """The margin in kilometres; None where the clause measures none."""
        if self.margin is None or self.margin.unit != "km":
            return None
        return (self.margin.lo, self.margin.hi)

    @property
    def witness(self) -> tuple[float, float] | None:
        """Longitude and latitude of the decisive boundary point."""
        return (self.measures[0].lon, self.measures[0].lat) if self.measures else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All findings of one check, with the choices under which it ran.

    Examples
    --------
    >>> Report(settings=Settings(), findings=()).exit_code()
    0
    """

    settings: Settings
    findings: tuple[Finding, ...]
    not_checkable: tuple[NotCheckable, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    treaties: tuple[str, ...] = ()
    as_if: tuple[str, ...] = ()
    source: str = ""
    sha256: str = ""
    deployments: int = 0
    records: int = 0

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings whose verdict is a violation."""
        return tuple(item for item in self.findings if item.verdict == "violation")

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings have each verdict, in the order of `VERDICTS`."""
        counted = Counter(item.verdict for item in self.findings)
        return {verdict: counted[verdict] for verdict in VERDICTS}

    def of(self, subject: str, clause: str) -> tuple[Finding, ...]:
        """Return the findings about one deployment or record under one clause.

        Parameters
        ----------
        subject : str
            An id; ``id/PARTY`` for one contingent.
        clause : str
            ``treaty/clause``.
        """
        return tuple(
            item
            for item in self.findings
            if f"{item.treaty}/{item.clause}" == clause and subject in item.members
        )

    # The reporters stand above this module. These four are for the reader at a prompt, who
    # holds a report and nothing else; they look up by name what they may not import.

    def to_json(self) -> str:
        """Return the report as JSON; see `deploygeo.report.to_json`."""
        return str(_reporters().to_json(self))

    def to_geojson(self) -> str:
        """Return placements, witnesses and lines as GeoJSON; see `deploygeo.report`."""
        return str(_reporters().to_geojson(self))

    def to_frame(self) -> Any:
        """Return the findings as a pandas DataFrame; needs the extra ``geo``."""
        return _reporters().to_frame(self)

    def _repr_html_(self) -> str:
        return str(_reporters().to_html(self))

    def exit_code(self, fail_on: str = "violation") -> int:
        """Return 0, 1 for a violation, 3 for an input fault, 4 for indeterminate only."""
        if self.faults:
            return 3
        if fail_on != "never" and self.violations:
            return 1
        if fail_on == "indeterminate" and self.counts["indeterminate"]:
            return 4
        return 0


def _reporters() -> Any:
    return import_module("deploygeo.report")
