"""``deploygeo check``: files in, report out."""

from __future__ import annotations

from typing import Any

import click

from deploygeo.cli.options import choices, run_options

__all__ = ["command"]

FORMATS = ("text", "concise", "json", "ndjson", "csv", "geojson")


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@run_options
@click.option(
    "-f", "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True
)
@click.option("-o", "--output", metavar="FILE", help="Write here instead of standard output.")
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
    form: str,
    output: str | None,
    fail_on: str,
    full: bool,
    **shared: Any,
) -> int:
    """Check GeoJSON files of deployments ('-' is standard input) against treaties.

    With --reading all, print for each verdict that is not stable what it is under each
    value of each reading.
    """
    from deploygeo import report as reporters
    from deploygeo.cli.output import emit, line_width, progress, wants_color
    from deploygeo.cli.running import overwrites, run, tell_faults

    chosen = choices(**shared)
    if chosen.matrix and form != "text":
        raise click.UsageError("--reading all prints text; leave -f out")
    overwrites(files, output)
    with progress(f"checking {', '.join(files)[:60]}"):
        report, deployments = run(files, chosen)
    tell_faults(report)
    if chosen.matrix:
        rows = reporters.reading_matrix(report, _values(report.treaties))
        text = reporters.to_matrix(rows, report)
    elif form == "text":
        width = line_width(output)
        text = reporters.to_text(report, color=wants_color(output), all=full, width=width)
    elif form == "geojson":
        text = reporters.to_geojson(report, deployments)
    else:
        text = {
            "concise": reporters.to_concise,
            "json": reporters.to_json,
            "ndjson": reporters.to_ndjson,
            "csv": reporters.to_csv,
        }[form](report)
    emit(text, output)
    return report.exit_code(fail_on)


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
