"""``deploygeo explain``: what a clause says, or why a deployment gets its verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from deploygeo.cli.exits import EXIT_INPUT
from deploygeo.cli.options import choices, run_options

__all__ = ["command"]

_ASKED = "what would break the clause, and whether it is so:"


class _Command(click.Command):
    """Takes -#ID for a deployment of standard input, and not for options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        stdin = [arg for arg in args if arg.startswith("-#")]
        if stdin and "--" not in args:
            args = [*(arg for arg in args if arg not in stdin), "--", *stdin]
        return super().parse_args(ctx, args)


@click.command("explain", cls=_Command)
@click.argument("what", metavar="CLAUSE | FILE#ID")
@run_options
def command(what: str, **shared: Any) -> int:
    """Explain a clause (us-russia-2021/5.2), or all findings about one deployment (FILE#ID)."""
    from deploygeo.cli.output import emit

    file, mark, id_ = what.rpartition("#")
    if not mark or not file:
        emit(_clause(what, choices(**shared).treaties))
        return 0
    text, code = _deployment(file, id_, shared)
    emit(text)
    return code


def _clause(what: str, only: tuple[str, ...] | None) -> str:
    from deploygeo import treaties
    from deploygeo.cli.running import as_treaty
    from deploygeo.cli.treaty import clause_text
    from deploygeo.errors import SettingError, UnknownNameError

    if Path(what).is_file():
        raise SettingError(f"name a deployment of the file: {what}#ID")
    if what in treaties.library() and not only:
        ids = ", ".join(clause.id for clause in treaties.load(what).clauses)
        raise SettingError(f"name a clause of the treaty: {what}/ID. Known: {ids}.")
    names = [as_treaty(text) for text in only or treaties.library()]
    treaty_id, slash, clause_id = what.rpartition("/")
    if slash:
        names = [as_treaty(treaty_id)]
    loaded = [treaties.load(name) for name in names]
    found = [
        clause_text(treaty, clause)
        for treaty in loaded
        for clause in treaty.clauses
        if clause.id == clause_id
    ]
    if not found:
        known = [f"{treaty.id}/{clause.id}" for treaty in loaded for clause in treaty.clauses]
        raise UnknownNameError("clause", what, set(known))
    return "\n".join(found)


def _deployment(file: str, id_: str, shared: dict[str, Any]) -> tuple[str, int]:
    from deploygeo.cli.output import complain, line_width
    from deploygeo.cli.running import run, tell_faults
    from deploygeo.errors import SettingError, UnknownNameError
    from deploygeo.report._words import choices_text, plain, wrapped
    from deploygeo.report.text import article_text, finding_lines, reason_lines

    chosen = choices(**shared)
    if chosen.matrix:
        raise SettingError("--reading all belongs to deploygeo check")
    report, _ = run([file], chosen)
    tell_faults(report)
    code = EXIT_INPUT if report.faults else 0
    about = [
        finding
        for finding in report.findings
        if id_ in finding.members or any(one.startswith(f"{id_}/") for one in finding.members)
    ]
    if not about:
        known = sorted({one for finding in report.findings for one in finding.members})
        error = UnknownNameError("id", id_, known)
        if not report.faults:
            raise error
        complain(f"error: {error}")  # it may stand in what could not be read
        return "", code
    lines = choices_text(report)
    for finding in about:
        lines += ["", f"{article_text(finding.article)}: {plain(finding.text)}"]
        lines += [f"  {line}" for line in finding_lines(finding, name=False)]
        if finding.reason is not None:
            asked = "why it does not apply:" if finding.verdict == "not-applicable" else _ASKED
            lines += [f"    {asked}", *(f"      {line}" for line in reason_lines(finding.reason))]
    width = line_width(None)
    return "".join(f"{piece}\n" for line in lines for piece in wrapped(line, width)), code
