"""What a check returns: findings, and the report that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from deploygeo.clauses.outcome import Measure, Reason
from deploygeo.clauses.truth import Margin
from deploygeo.errors import Fault, SettingError
from deploygeo.model.deployment import Origin

if TYPE_CHECKING:
    from deploygeo.treaties.schema import Reading

__all__ = [
    "HUMAN",
    "VERDICTS",
    "Baseline",
    "Episode",
    "Finding",
    "Flip",
    "Move",
    "NotCheckable",
    "Report",
    "Settings",
    "Source",
    "Waypoint",
]

VERDICTS = ("violation", "indeterminate", "excused", "compliant", "not-applicable")
"""Every verdict, the gravest first."""
HUMAN = "for-a-human"
"""The count of what only a human can decide and none has."""


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

    def chosen(self, reading: Reading) -> str:
        """Return the chosen value of a reading."""
        return self.readings.get(reading.name, reading.default)


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


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier report: so many findings of this run are in it already and are left out."""

    source: Source
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One clause applied to one deployment, record or group.

    Parameters
    ----------
    id : str
        ``treaty/clause@subject``; unique in a report and the same in every run.
    treaty, clause, article, text : str
        The clause: the treaty's id, its own, what the text numbers it, and the paraphrase.
    subject : {"deployment", "record", "group"}
        What it is about.
    name, party : str
        What it is about, in words, and the state.
    members : tuple of str
        Ids of the deployments that it is about: one, or those of a group.
    on : date or None
        The day for which dated sets and holders were taken.
    verdict : str
        One of `VERDICTS`.
    why : tuple of str
        For an indeterminate verdict, what would decide it: ``range``, ``baseline``,
        ``parameter width_km``, ``a human finding on perceived-threat``, ``position`` …
    margin : Margin or None
        Signed in favour of compliance: negative is the depth of a breach.
    measures : tuple of Measure
        Distances measured, the decisive first.
    range_km, range_source : tuple of float or None, and str
        The range that was taken, from the least to the most, and whose figure that is.
    host, zone, sea : str or None
        In whose territory the deployment is, in which part of it, and in which sea.
    level, worldview : str
        The border data, and who holds disputed land.
    readings : mapping of str to str
        The readings that the verdict consulted, with their values.
    stability : tuple of Flip
        Every single change of reading or worldview that gives another verdict.
    review : bool
        The clause only flags for a human.
    reason : Reason or None
        The conditions that were asked, as a tree, and what each gave.
    exception : str or None
        What excuses a breach.
    nearest_compliant : Move or None
        The nearest place that complies, where one was found.
    assumed : tuple of str
        What was not reported and is assumed, such as a usual loadout.
    place : tuple of float or None
        Longitude and latitude that stand for the deployment.
    episodes : tuple of Episode
        Of a track, the stretches of the breach, in order.
    open_km : float
        The longest stretch of the track that was not settled within the evaluations allowed: a
        shorter episode may be missing. 0 where none is.
    origin : Origin or None
        Where the deployment or record was read.
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
    def is_open(self) -> bool:
        """Whether only a human can decide it, and none has: counted apart everywhere."""
        return self.review and self.verdict == "indeterminate"

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

    Parameters
    ----------
    settings : Settings
        Worldview, readings, parameters, day and border data of the run.
    findings : tuple of Finding
        Every clause asked of everything in the file, also where it does not apply.
    not_checkable : tuple of NotCheckable
        The clauses that no machine can check, and why.
    faults, warnings : tuple of Fault
        What is wrong with the input, so that it was not checked, and what is odd in it.
    treaties : tuple of str
        The ids of the treaties.
    as_if : tuple of str
        Those that are drafts: checked as if in force, from ``settings.in_force`` where given.
    treaty_sums : mapping of str to str
        The SHA-256 of each treaty's file, by the treaty's id; none for one made in Python.
    source, sha256 : str
        The file, and its checksum.
    inputs : tuple of Source
        Of several files each; ``sha256`` is then that of their checksums together.
    baseline : Baseline or None
        Given where the findings are only those that are new against an earlier report.
    deployments, records : int
        How many were checked.

    Examples
    --------
    >>> from deploygeo.checker import Settings
    >>> report = Report(settings=Settings(), findings=(), source="a.geojson")
    >>> report
    Report('a.geojson': 0 checks, none applied; worldview un)
    >>> report.exit_code()
    0
    """

    settings: Settings
    findings: tuple[Finding, ...]
    not_checkable: tuple[NotCheckable, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    treaties: tuple[str, ...] = ()
    as_if: tuple[str, ...] = ()
    treaty_sums: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    sha256: str = ""
    inputs: tuple[Source, ...] = ()
    baseline: Baseline | None = None
    deployments: int = 0
    records: int = 0

    @property
    def fault_count(self) -> int:
        """How many faults the input has, with those that are only counted with their kind."""
        return sum(1 + fault.more for fault in self.faults)

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings whose verdict is a violation."""
        return tuple(item for item in self.findings if item.verdict == "violation")

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings have each verdict, and how many are `HUMAN`; the sum is all.

        What only a human decides is in no count of a verdict until a human has decided it.
        """
        counted = Counter(HUMAN if item.is_open else item.verdict for item in self.findings)
        return {name: counted[name] for name in (*VERDICTS, HUMAN)}

    def of(self, subject: str, clause: str) -> tuple[Finding, ...]:
        """Return the findings about one deployment or record under one clause.

        Parameters
        ----------
        subject : str
            An id; ``id/PARTY`` for one contingent.
        clause : str
            ``treaty/clause``.

        Returns
        -------
        tuple of Finding
            Those about it alone and about groups that it is in; none for unknown names.

        Examples
        --------
        >>> from deploygeo.checker import Settings
        >>> Report(settings=Settings(), findings=()).of("porter", "us-russia-2021/5.2")
        ()
        """
        return tuple(
            item
            for item in self.findings
            if f"{item.treaty}/{item.clause}" == clause and subject in item.members
        )

    # The reporters stand above this module. These five are for the reader at a prompt, who
    # holds a report and nothing else; they look up by name what they may not import.

    def to_json(self) -> str:
        """Return the report as JSON, whose schema is ``deploygeo schema report``.

        Returns
        -------
        str

        Examples
        --------
        >>> from deploygeo.checker import Settings
        >>> Report(settings=Settings(), findings=()).to_json()[4:32]
        'format": "deploygeo-report/2'
        """
        return str(_reporters().to_json(self))

    def to_geojson(self) -> str:
        """Return every finding that applies as GeoJSON; see `deploygeo.report.to_geojson`.

        Returns
        -------
        str

        Examples
        --------
        >>> from deploygeo.checker import Settings
        >>> Report(settings=Settings(), findings=()).to_geojson()[:28]
        '{"type": "FeatureCollection"'
        """
        return str(_reporters().to_geojson(self))

    def to_frame(self) -> Any:
        """Return the findings as a pandas DataFrame, one a row; needs the extra ``geo``.

        Returns
        -------
        pandas.DataFrame

        Examples
        --------
        >>> from deploygeo.checker import Settings
        >>> len(Report(settings=Settings(), findings=()).to_frame())
        0
        """
        return _reporters().to_frame(self)

    def plot(self, deployments: Any = (), **options: Any) -> Any:
        """Return a figure for papers, and write it; needs the extra ``plot``.

        Parameters
        ----------
        deployments : iterable of Deployment
            Those that were checked, for tracks, areas and the places of groups.
        **options
            ``path``, ``zones`` and ``title`` of `deploygeo.report.plot.draw_report`.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        SettingError
            Without matplotlib, or for a file that is no PNG, SVG or PDF.

        Examples
        --------
        >>> from deploygeo.checker import Settings
        >>> Report(settings=Settings(), findings=()).plot(title="Nothing").axes[0].get_title()
        'Nothing'
        """
        return import_module("deploygeo.report.plot").draw_report(self, deployments, **options)

    def __repr__(self) -> str:
        """Return the counts; the findings of a file are a megabyte."""
        told = [f"{count} {name}" for name, count in self.counts.items() if count]
        checks = f"{len(self.findings)} checks, {', '.join(told) or 'none applied'}"
        if self.faults:
            count = self.fault_count
            checks += f"; {count} {'fault' if count == 1 else 'faults'} in the input"
        return f"Report({self.source!r}: {checks}; worldview {self.settings.worldview})"

    def _repr_html_(self) -> str:
        return str(_reporters().to_html(self))

    def exit_code(self, fail_on: str = "violation") -> int:
        """Return 0, 1 for a violation, 3 for an input fault, 4 for indeterminate only.

        What only a human decides makes no 4, or nearly every ship would.

        Parameters
        ----------
        fail_on : {"violation", "indeterminate", "never"}

        Raises
        ------
        SettingError
            For another word.

        Examples
        --------
        >>> from deploygeo.checker import Settings
        >>> Report(settings=Settings(), findings=()).exit_code("indeterminate")
        0
        """
        if fail_on not in ("violation", "indeterminate", "never"):
            text = f"fail_on is violation, indeterminate or never, not {fail_on!r}"
            raise SettingError(text)
        if self.faults:
            return 3
        if fail_on != "never" and self.violations:
            return 1
        if fail_on == "indeterminate" and self.counts["indeterminate"]:
            return 4
        return 0


def _reporters() -> Any:
    return import_module("deploygeo.report")
