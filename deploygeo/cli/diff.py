"""``deploygeo diff``: what differs between two JSON reports."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("diff")
@click.argument("before", metavar="A.json")
@click.argument("after", metavar="B.json")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("-o", "--output", metavar="FILE", help="Write here instead of standard output.")
def command(before: str, after: str, form: str, output: str | None) -> int:
    """Tell what differs between two reports of 'deploygeo check -f json'.

    What is new, gone or changed in B, of a change the verdicts and by how much the margin moved,
    and what of the receipts differs. Findings of one id are one finding.

    Exit: 0 the findings are the same, whatever the receipts say; 1 they differ; 2 usage, or a file
    that is no whole report of this format.
    """
    from deploygeo.cli.output import check_target, emit, line_width
    from deploygeo.cli.targets import refuse_replacing
    from deploygeo.report.changes import difference_to_json, difference_to_text
    from deploygeo.report.difference import difference
    from deploygeo.report.earlier import read_earlier

    check_target(output)
    refuse_replacing([output], {"one of the reports": (before, after)})
    found = difference(read_earlier(before), read_earlier(after))
    if form == "json":
        text = difference_to_json(found)
    else:
        text = difference_to_text(found, width=line_width(output))
    emit(text, output)
    return 0 if found.is_empty else 1
