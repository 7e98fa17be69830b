"""``deploygeo check``: files in, reports out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from deploygeo.cli.options import Choices, choices, run_options
from deploygeo.report.formats import FORMATS

if TYPE_CHECKING:
    from deploygeo.checker.findings import Report
    from deploygeo.zones.zoned import ClosedZone

__all__ = ["command"]


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@run_options
@click.option(
    "-f",
    "--format",
    "forms",
    type=click.Choice(list(FORMATS)),
    multiple=True,
    help="May be given several times, each with its -o; by the suffix of -o without, else text.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write here instead of standard output ('-'); the first -o has the first -f, and so on.",
)
@click.option(
    "--baseline",
    metavar="OLD.json",
    help="Tell only what is new against this JSON report; the exit code follows it.",
)
@click.option(
    "--zones", is_flag=True, help="Draw into maps what the violated clauses close (seconds each)."
)
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "indeterminate", "never"]),
    default="violation",
    show_default=True,
    help="What makes the exit code 1, or 4 for indeterminate only.",
)
@click.option("--all", "full", is_flag=True, help="Tell also what complies or does not apply.")
def command(
    files: tuple[str, ...],
    forms: tuple[str, ...],
    outputs: tuple[str, ...],
    baseline: str | None,
    zones: bool,
    fail_on: str,
    full: bool,
    **shared: Any,
) -> int:
    """Check files of deployments against treaties.

    GeoJSON ('-' is standard input), CSV, GeoPackage, KML, GeoParquet, or Arrow.

    With --reading all, print for each verdict that is not stable what it is under each
    value of each reading.

    \b
    deploygeo check FILE -o report.json -o map.kml     # the suffixes say the forms
    deploygeo check FILE -f github -o - -f sarif -o report.sarif
    deploygeo check FILE --baseline report.json        # only what is new

    A finding is known to the baseline if it has one of the same treaty, clause, members, host and
    verdict.
    """  # noqa: D301 - click reads the \b
    from deploygeo.cli.output import complain, emit, line_width, progress, wants_color
    from deploygeo.cli.running import run, tell_faults
    from deploygeo.cli.targets import check_targets, targets
    from deploygeo.report.formats import Material

    chosen = choices(**shared)
    if chosen.matrix and (forms not in ((), ("text",)) or len(outputs) > 1):
        raise click.UsageError("--reading all prints text; leave -f out, and give one -o")
    wanted = targets(
        ("text",) if chosen.matrix else forms, outputs[:1] if chosen.matrix else outputs
    )
    if zones and not any(one.form.draws for one in wanted):
        able = ", ".join(name for name, form in FORMATS.items() if form.draws)
        raise click.UsageError(f"--zones draws into maps: {able}; html has zones of its own")
    check_targets(
        wanted,
        {
            "the input": files,
            "the baseline": () if baseline is None else (baseline,),
            "a treaty": chosen.treaties or (),
        },
    )
    earlier = None
    if baseline is not None:
        from deploygeo.report.earlier import read_earlier

        earlier = read_earlier(baseline)
    with progress(f"checking {', '.join(files)[:60]}"):
        report, deployments = run(files, chosen)
    tell_faults(report)
    if earlier is not None:
        from deploygeo.report.baseline import baseline_oddities, only_new

        whole, report = report, only_new(report, earlier)
        for odd in baseline_oddities(whole, earlier):
            complain(f"warning: {odd}")
    drawn = _zones(report, chosen) if zones else ()
    texts = []
    for one in wanted:
        material = Material(
            report,
            deployments,
            drawn,
            full=full,
            color=wants_color(one.output),
            width=line_width(one.output),
        )
        texts.append(_matrix(report) if chosen.matrix else one.form.render(material))
    # all are made before the first is written
    for one, text in zip(wanted, texts, strict=True):
        emit(text, one.output)
    return report.exit_code(fail_on)


def _zones(report: Report, chosen: Choices) -> tuple[ClosedZone, ...]:
    from pathlib import Path

    from deploygeo import treaties
    from deploygeo.cli.output import complain, progress
    from deploygeo.cli.running import as_treaty
    from deploygeo.report.violated import violated_zones

    named = [as_treaty(text) for text in chosen.treaties or ()]
    files = {treaties.load(one).id: one for one in named if isinstance(one, Path)}
    with progress("drawing what the violated clauses close"):
        drawn, left = violated_zones(report, files)
    for line in left:
        complain(f"no zone of {line}")
    return drawn


def _matrix(report: Report) -> str:
    from deploygeo.report.matrix import reading_matrix, to_matrix

    return to_matrix(reading_matrix(report, _values(report.treaties)), report)


def _values(ids: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the values of every reading that may matter, and of the worldview."""
    from deploygeo import boundaries, treaties

    shared = [(reading.name, reading.names) for reading in treaties.readings()]
    own = [
        (reading.name, reading.names)
        for id_ in ids
        if id_ in treaties.library()
        for reading in treaties.load(id_).readings
    ]
    return dict([*shared, *own]) | {"worldview": tuple(boundaries.worldviews())}
