"""The check: every clause of every treaty against everything in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from deploygeo import boundaries
from deploygeo.checker.episodes import episodes
from deploygeo.checker.facts import Case
from deploygeo.checker.findings import Finding, Flip, NotCheckable, Report, Settings
from deploygeo.checker.groups import groups_of
from deploygeo.checker.judge import Judgement, judged
from deploygeo.checker.memory import Memory
from deploygeo.checker.moves import nearest_compliant
from deploygeo.checker.scene import Actor, Group, Scene, Subject, is_point, position, scene_of
from deploygeo.checker.settings import prepared
from deploygeo.checker.stability import flips_of
from deploygeo.checker.totals import counted
from deploygeo.clauses.truth import Margin, Truth
from deploygeo.io import read
from deploygeo.model import Deployment, Origin, Record
from deploygeo.model.parties import name_of
from deploygeo.treaties import Clause, Treaty

__all__ = ["check", "named", "subjects_of"]


def check(
    source: object,
    treaties: str | Path | Treaty | Iterable[str | Path | Treaty] | None = None,
    *,
    on: date | str | None = None,
    worldview: str = "un",
    readings: Mapping[str, str] | None = None,
    params: Mapping[str, float] | None = None,
    in_force: date | str | None = None,
    level: str = "hybrid",
) -> Report:
    """Check deployments against treaties, clause by clause.

    Parameters
    ----------
    source : path, "-", mapping, GeoDataFrame, Deployment or iterable of these
        What to check; see `deploygeo.io.read`.
    treaties : id, path or Treaty, or several; optional
        Each once. All that ship by default: the two drafts of 17 December 2021.
    on : date or "YYYY-MM-DD", optional
        The day to check. By default each deployment's own: the day of its stay nearest to
        the treaty's date.
    worldview : str
        Who holds disputed land to be whose.
    readings : mapping, optional
        Readings that differ from their defaults.
    params : mapping, optional
        Parameters that the texts leave to be agreed: finite numbers from 0.
    in_force : date or "YYYY-MM-DD", optional
        From when a draft counts as in force; by default as if always.
    level : {"hybrid", "ne10"}
        The border data.

    Returns
    -------
    Report
        Findings in the order of treaties, clauses and the file. Faults of the input are in
        ``report.faults``, and what is good is checked.

    Raises
    ------
    UnknownNameError
        For an unknown treaty, worldview, level, reading, value of a reading, or parameter.
    SettingError
        For an argument of the wrong kind, a parameter that is not a finite number from 0, or
        an empty list of treaties.
    TreatyError
        If a treaty file is wrong.
    BoundaryError
        If the border data are missing or damaged.

    Notes
    -----
    A distance is within 1 mm of the WGS 84 geodesic to the border that the data give. The
    data are what limits it: the stated error of a coast is 1 to 4 km, of a land border 1.9 to
    7 km (95 %). It is part of every margin, and a margin that contains zero decides nothing.

    Examples
    --------
    >>> porter = Deployment(id="porter", party="USA", kind="surface_warship",
    ...                     geometry=(34.0, 43.0), range_km=1600, stay="2021-11-10")
    >>> report = check(porter, "us-russia-2021")
    >>> [(finding.article, finding.verdict) for finding in report.violations]
    [('5(2)', 'violation')]
    >>> round(report.violations[0].measures[0].distance_km)
    318
    >>> check([]).findings
    ()
    """
    loaded, settings = prepared(
        treaties,
        on=on,
        worldview=worldview,
        readings=readings,
        params=params,
        in_force=in_force,
        level=level,
    )
    reading = read([source] if isinstance(source, Deployment | Record) else source)
    scene = scene_of(reading.deployments, reading.records)
    findings: list[Finding] = []
    for treaty in loaded:
        for clause in treaty.clauses:
            if clause.check != "none":
                findings.extend(_findings(treaty, clause, scene, settings))
    return Report(
        settings=settings,
        findings=tuple(findings),
        not_checkable=tuple(
            NotCheckable(treaty.id, clause.id, clause.article, clause.text, clause.why)
            for treaty in loaded
            for clause in treaty.clauses
            if clause.check == "none"
        ),
        faults=reading.faults,
        warnings=reading.warnings,
        treaties=tuple(treaty.id for treaty in loaded),
        as_if=tuple(t.id for t in loaded if t.status == "draft"),
        treaty_sums={treaty.id: treaty.sha256 for treaty in loaded if treaty.sha256},
        source=reading.source,
        sha256=reading.sha256 or "",
        deployments=len(reading.deployments),
        records=len(reading.records),
    )


def _findings(
    treaty: Treaty, clause: Clause, scene: Scene, settings: Settings
) -> Iterator[Finding]:
    for subject in subjects_of(treaty, clause, scene, settings):
        found = judged(treaty, clause, scene, subject, settings, memory=_memory_of(subject))
        if isinstance(found, str):
            yield _timeless(treaty, clause, subject, settings, found)
            continue
        case, judgement = found
        flips = flips_of(case, judgement.verdict)
        case.memory = None  # what follows asks at other places
        yield _finding(case, judgement, flips)


def _memory_of(subject: Subject) -> Memory | None:
    """Return a memory for a subject with one place, or none: only that may be asked once."""
    if isinstance(subject, Group) or (
        isinstance(subject, Actor) and not is_point(subject.deployment)
    ):
        return None
    return Memory()


def subjects_of(
    treaty: Treaty, clause: Clause, scene: Scene, settings: Settings
) -> tuple[Subject, ...]:
    """Return what a clause is asked of in a scene."""
    if clause.subject == "record":
        return scene.records
    if clause.subject == "deployment":
        return scene.actors
    return groups_of(treaty, clause, scene, settings)


def _timeless(
    treaty: Treaty, clause: Clause, subject: Subject, settings: Settings, why: str
) -> Finding:
    name, party, members, key = named(subject)
    return Finding(
        id=f"{treaty.id}/{clause.id}@{key}",
        treaty=treaty.id,
        clause=clause.id,
        article=clause.article,
        text=clause.text,
        subject=clause.subject,
        members=members,
        name=name,
        party=party,
        on=None,
        verdict="not-applicable",
        why=(why,),
        level=settings.level,
        worldview=settings.worldview,
        review=clause.check == "flag",
    )


def named(subject: Subject) -> tuple[str, str, tuple[str, ...], str]:
    """Return the name, the party, the ids of the members, and the key of a subject."""
    if isinstance(subject, Actor):
        deployment = subject.deployment
        members = tuple(dict.fromkeys((subject.id, subject.feature)))
        return deployment.name or subject.id, deployment.party, members, subject.id
    if isinstance(subject, Group):
        members = tuple(
            dict.fromkeys(n for actor in subject.actors for n in (actor.id, actor.feature))
        )
        sender, host = (name_of(code) for code in (subject.sender, subject.host))
        name, key = f"forces of {sender} in {host}", f"{subject.sender}-in-{subject.host}"
        if subject.is_one_of:
            first = subject.period.start or f"until-{subject.period.end}"
            name, key = f"{name}, {subject.period}", f"{key}:{first}"
        return name, subject.sender, members, key
    return subject.name or subject.id, subject.party or "", (subject.id,), subject.id


def _finding(case: Case, judgement: Judgement, flips: tuple[Flip, ...]) -> Finding:
    clause, treaty, subject = case.clause, case.treaty, case.subject
    name, party, members, key = named(subject)
    if isinstance(subject, Group):
        left = [a for a in subject.actors if counted(case, a).truth is Truth.FALSE]
        if len(left) < len(subject.actors):
            uncounted = {name for actor in left for name in (actor.id, actor.feature)}
            members = tuple(name for name in members if name not in uncounted)
    outcome = judgement.outcome
    finding = Finding(
        id=f"{treaty.id}/{clause.id}@{key}",
        treaty=treaty.id,
        clause=clause.id,
        article=clause.article,
        text=clause.text,
        subject=clause.subject,
        members=members,
        name=name,
        party=party,
        on=case.on,
        verdict=judgement.verdict,
        why=judgement.why,
        level=case.settings.level,
        worldview=case.settings.worldview,
        readings={
            item.name: case.settings.readings.get(item.name, item.default)
            for item in treaty.readings
            if item.name in case.consulted
        },
        reason=outcome.reason if outcome else None,
        exception=judgement.exception,
        stability=flips,
        review=clause.check == "flag",
        host=subject.host if isinstance(subject, Group) else None,
        assumed=tuple(case.notes),
        origin=None if isinstance(subject, Group) else _origin(subject),
    )
    if judgement.verdict == "not-applicable" or outcome is None:
        return finding
    margin = _margin(case, judgement)
    finding = replace(finding, margin=margin, measures=outcome.measures)
    if not isinstance(subject, Actor):
        return finding
    return _placed(finding, case, judgement, subject.deployment)


def _origin(subject: Actor | Record) -> Origin | None:
    return subject.deployment.origin if isinstance(subject, Actor) else subject.origin


def _margin(case: Case, judgement: Judgement) -> Margin | None:
    """Return the margin in favour of compliance, in kilometres where the clause has any."""
    outcome = judgement.outcome
    if outcome is None or not outcome.margins:
        return None
    order = {"km": 0, "persons": 1, "km of range": 2}
    chosen = min(outcome.margins, key=lambda item: order.get(item.unit, 3))
    # judge() has already turned an obligation into the breach of it
    return -chosen


def _placed(finding: Finding, case: Case, judgement: Judgement, deployment: Deployment) -> Finding:
    """Return the finding with where it is, what it reaches, and where it would comply."""
    place = position(deployment)
    if place is None:
        return finding
    host, zone = boundaries.host_of(
        *place, on=case.on, worldview=case.settings.worldview, level=case.settings.level
    )
    sea = None if zone == "land" else boundaries.sea_at(*place)
    reach, source = deployment.strike_range
    assumed = []
    if deployment.loadout == "assumed":
        assumed.append(f"usual loadout of {deployment.system or deployment.kind}")
    system = deployment.catalogue
    if system is not None and system.status == "weak-source":
        assumed.append(f"{system.id}: weak source")
    if finding.verdict == "violation" and not finding.review and judgement.outcome is not None:
        at_point = is_point(deployment)
        move = nearest_compliant(case, judgement.outcome, place) if at_point else None
        finding = replace(finding, nearest_compliant=move)
    if judgement.where is not None and not finding.review:
        found, open_km = episodes(case, judgement.where, finding.verdict)
        finding = replace(finding, episodes=found, open_km=open_km)
    return replace(
        finding,
        range_km=None if reach is None else (reach.lo, reach.hi),
        range_source=source,
        host=host,
        zone=zone,
        sea=None if sea is None else sea.title,
        assumed=tuple(assumed),
        place=place,
    )
