"""Laws of reports: what every finding names, and what every form of it keeps."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis.strategies import SearchStrategy

from deploygeo import io, report
from deploygeo.checker import VERDICTS, Finding
from deploygeo.clauses.truth import Margin
from deploygeo.model import Deployment, Record
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.situations import situations
from deploygeo.treaties import Clause, Treaty

__all__ = [
    "REPORTS",
    "a_report_survives_json",
    "every_finding_names_what_it_rests_on",
    "the_same_input_gives_the_same_bytes",
]

# A report has three decimals of a kilometre and five of a degree: half of the last of them,
# and what doubles of that size cannot tell apart.
_KM = 0.5e-3 + 1e-9
_DEGREES = 0.5e-5 + 1e-12

FORMS = (
    report.to_json,
    report.to_ndjson,
    report.to_csv,
    report.to_geojson,
    report.to_kml,
    report.to_text,
    report.to_concise,
    report.to_markdown,
    report.to_sarif,
    report.to_junit,
    report.to_github,
)


def every_finding_names_what_it_rests_on(situation: Situation) -> None:
    """Every finding names its article, the border data, the worldview and readings, and its margin.

    Reason: a verdict without these is an opinion. What was decided by a measure has a margin, which
    agrees in sign with the verdict; each measure has an error and a witness point; a reading whose
    change would change the verdict is named; and an open verdict says what would decide it.

    Counterexample: an implementation that reports the margin of the breach as that of
    compliance prints "+1 282 km" for a ship that is 1 282 km inside the reach.

    Parameters
    ----------
    situation : Situation

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.model import Deployment
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> every_finding_names_what_it_rests_on(Situation(load("us-russia-2021"), (ship,)))
    """
    settings = situation.settings
    measured = {verdict.id for verdict in situation.verdicts() if verdict.margins}
    for finding in situation.report().findings:
        clause = situation.treaty.clause(finding.clause)
        for holds, told in (
            (finding.article == clause.article, f"article {finding.article}"),
            (finding.text == clause.text, "text"),
            (finding.level == settings.level, f"border data {finding.level}"),
            (finding.worldview == settings.worldview, f"worldview {finding.worldview}"),
            (finding.verdict in VERDICTS, f"verdict {finding.verdict}"),
            (bool(finding.members), "no members"),
            (finding.verdict != "indeterminate" or bool(finding.why), "no reason why it is open"),
            (finding.verdict != "excused" or bool(finding.exception), "no exception"),
            (_reads(situation, finding), f"readings {dict(finding.readings)}"),
            (_agrees(finding.verdict, finding.margin), f"margin {finding.margin}"),
            (_has_its_margin(finding, measured), "no margin"),
            (_is_witnessed(finding), f"measures {finding.measures}"),
        ):
            require(holds, f"{finding.id} ({finding.verdict}) has {told}", situation)


def _reads(situation: Situation, finding: Finding) -> bool:
    """Return whether the readings named are the treaty's, as chosen, with all that decide."""
    known = {
        reading.name: situation.settings.chosen(reading) for reading in situation.treaty.readings
    }
    changes = {flip.change.partition(" = ")[0] for flip in finding.stability}
    return all(
        known.get(name) == value for name, value in finding.readings.items()
    ) and changes & set(known) <= set(finding.readings)


def _has_its_margin(finding: Finding, measured: set[str]) -> bool:
    decided = finding.verdict in ("violation", "excused", "compliant")
    return finding.margin is not None or not decided or finding.id not in measured


def _agrees(verdict: str, margin: Margin | None) -> bool:
    if margin is None or verdict not in ("violation", "excused", "compliant"):
        return margin is None or verdict == "indeterminate"
    return margin.lo >= 0.0 if verdict == "compliant" else margin.hi <= 0.0


def _is_witnessed(finding: Finding) -> bool:
    return all(
        measure.error_km >= 0.0
        and measure.distance_km >= 0.0
        and -180.0 <= measure.lon <= 180.0
        and -90.0 <= measure.lat <= 90.0
        and bool(measure.what)
        for measure in finding.measures
    )


def a_report_survives_json(situation: Situation) -> None:
    """What a report says is what its JSON says when it is read again.

    Reason: other programs see only that. Numbers keep three decimals of a kilometre and five of
    a degree; infinity, which JSON has not, is null.

    Counterexample: an implementation that writes NaN or Infinity makes a file that no strict
    reader takes, and one that formats 1 282 km with a blank makes text of a number.

    Parameters
    ----------
    situation : Situation

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.model import Deployment
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> a_report_survives_json(Situation(load("us-russia-2021"), (ship,)))
    """
    found = situation.report()

    def refuse(name: str) -> None:
        require(False, f"the JSON has {name}, which is no JSON", situation)

    text = report.to_json(found)
    read = json.loads(text, parse_constant=refuse)
    rows = {row["id"]: row for row in read["findings"]}
    require(len(rows) == len(found.findings), "findings are missing in the JSON", situation)
    for finding in found.findings:
        row = rows[finding.id]
        for key in ("treaty", "clause", "article", "text", "verdict", "worldview", "level", "name"):
            require(
                row[key] == getattr(finding, key),
                f"{finding.id} has the {key} {row[key]!r} in the JSON",
                situation,
            )
        require(
            tuple(row["members"]) == finding.members
            and tuple(row["why"]) == finding.why
            and row["readings"] == dict(finding.readings)
            and {(flip["change"], flip["verdict"]) for flip in row["stability"]}
            == {(flip.change, flip.verdict) for flip in finding.stability},
            f"{finding.id} has other members, reasons, readings or flips in the JSON",
            situation,
        )
        margin = finding.margin
        require(
            (row["margin"] is None) == (margin is None)
            and (
                margin is None
                or (
                    row["margin"]["unit"] == margin.unit
                    and _near(margin.lo, row["margin"]["lo"], _KM)
                    and _near(margin.hi, row["margin"]["hi"], _KM)
                )
            ),
            f"{finding.id} has the margin {margin}, and {row['margin']} in the JSON",
            situation,
        )
        witness = finding.witness
        require(
            (row["witness"] is None) == (witness is None)
            and (witness is None or all(map(_near, witness, row["witness"], (_DEGREES, _DEGREES)))),
            f"{finding.id} has the witness {witness}, and {row['witness']} in the JSON",
            situation,
        )


def _near(value: float, read: float | None, tolerance: float) -> bool:
    if read is None:
        return not math.isfinite(value)
    return abs(value - read) <= tolerance


def the_same_input_gives_the_same_bytes(situation: Situation) -> None:
    """Writing the input down and reading it again changes no byte of any report.

    Reason: a report is cited by its checksum.

    Counterexample: an implementation that lists the members of a set in the order of its hashes
    prints another line in every run.

    Parameters
    ----------
    situation : Situation

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.model import Deployment
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=1600)
    >>> the_same_input_gives_the_same_bytes(Situation(load("us-russia-2021"), (ship,)))
    """
    reading = io.read(json.loads(situation.geojson()))
    again: tuple[Deployment | Record, ...] = (*reading.deployments, *reading.records)
    require(reading.is_whole, f"what was written is at fault: {reading.faults}", situation)
    require(
        sorted(again, key=lambda thing: thing.id)
        == sorted(situation.things, key=lambda thing: thing.id),
        "a force or record is another one once it was written and read",
        situation,
    )
    # where a thing was read is of the file, and not of the thing
    parsed = tuple(replace(thing, origin=None) for thing in again)
    first, second = situation.report(), situation.with_things(parsed).report()
    for form in FORMS:
        one, two = (form(found) for found in (first, second))
        told = next((line for line in two.splitlines() if line not in one.splitlines()), "")
        require(one == two, f"{form.__name__} is not the same again: {told[:200]}", situation)


def _situation(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    return {"situation": situations(treaty, clause)}


REPORTS: tuple[Law, ...] = (
    Law(every_finding_names_what_it_rests_on, _situation, "clause"),
    Law(a_report_survives_json, _situation, "clause"),
    Law(the_same_input_gives_the_same_bytes, _situation, "clause"),
)
