"""Verdicts alone: what a check finds, without what a report tells besides.

A search asks for thousands of verdicts, of which it shows one. Stability, the nearest
position that complies, episodes and hosts are most of the time of a check.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from deploygeo.checker.findings import Settings
from deploygeo.checker.judge import judged
from deploygeo.checker.run import named, subjects_of
from deploygeo.checker.scene import Group, scene_of
from deploygeo.clauses.truth import Margin
from deploygeo.model import Deployment, Record
from deploygeo.treaties import Treaty

__all__ = ["Verdict", "verdicts"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One clause applied to one deployment, record or group, and no more than the verdict.

    Parameters
    ----------
    id : str
        That of the `Finding` of a check.
    clause : str
        The id of the clause in its treaty.
    subject : {"deployment", "record", "group"}
    members : tuple of str
        Ids of the deployments that it is about.
    party : str
    host : str or None
        Of a group.
    on : date or None
        The day that decided; None where the clause does not apply in time.
    verdict : str
    why : tuple of str
        What would decide it, or why it does not apply in time.
    margins : tuple of Margin
        Of the breach, one a unit: positive where it is one.
    review : bool
        The clause only flags for a human.
    """

    id: str
    clause: str
    subject: str
    members: tuple[str, ...]
    party: str
    host: str | None
    on: date | None
    verdict: str
    why: tuple[str, ...] = ()
    margins: tuple[Margin, ...] = ()
    review: bool = False

    def margin(self, unit: str) -> Margin | None:
        """Return the margin of the breach in a unit, or None."""
        return next((margin for margin in self.margins if margin.unit == unit), None)


def verdicts(
    things: Iterable[Deployment | Record],
    treaty: Treaty,
    clauses: Sequence[str] | None = None,
    settings: Settings | None = None,
) -> tuple[Verdict, ...]:
    """Return the verdicts on deployments and records, the same as those of a check.

    Parameters
    ----------
    things : iterable of Deployment and Record
        With ids that differ.
    treaty : Treaty
    clauses : sequence of str, optional
        Ids of clauses; all that can be checked by default.
    settings : Settings, optional
        Taken as they are: readings and parameters that the treaty does not have are not asked.

    Raises
    ------
    UnknownNameError
        For a clause that the treaty has not.

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> [found.verdict for found in verdicts([ship], load("us-russia-2021"), ["5.2", "6"])]
    ['violation', 'not-applicable']
    >>> verdicts([], load("us-russia-2021"))
    ()
    """
    settings = settings or Settings()
    known = list(things)
    scene = scene_of(
        [thing for thing in known if isinstance(thing, Deployment)],
        [thing for thing in known if isinstance(thing, Record)],
    )
    chosen = treaty.clauses if clauses is None else [treaty.clause(name) for name in clauses]
    found = []
    for clause in chosen:
        if clause.check == "none":
            continue
        for subject in subjects_of(treaty, clause, scene, settings):
            _, party, members, key = named(subject)
            host = subject.host if isinstance(subject, Group) else None
            head = (f"{treaty.id}/{clause.id}@{key}", clause.id, clause.subject, members)
            asked = judged(treaty, clause, scene, subject, settings)
            flag = clause.check == "flag"
            if isinstance(asked, str):
                why = (asked,)
                found.append(Verdict(*head, party, host, None, "not-applicable", why, (), flag))
                continue
            case, judgement = asked
            margins = () if judgement.outcome is None else judgement.outcome.margins
            found.append(
                Verdict(
                    *head, party, host, case.on, judgement.verdict, judgement.why, margins, flag
                )
            )
    return tuple(found)
