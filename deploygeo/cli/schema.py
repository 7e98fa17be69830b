"""``deploygeo schema``: what goes in and what comes out, as JSON Schema."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("schema")
@click.argument("which", type=click.Choice(["input", "report"]), default="input")
def command(which: str) -> None:
    """Print the JSON Schema of a feature's properties (input) or of the JSON report."""
    from deploygeo.cli.output import emit
    from deploygeo.report import input_schema, report_schema
    from deploygeo.report.structured import dumped

    emit(dumped(input_schema() if which == "input" else report_schema(), indent=1) + "\n")
