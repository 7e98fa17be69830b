"""``deploygeo explain``: what a clause says, or why a deployment gets its verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from deploygeo.cli.options import choices, run_options

__all__ = ["command"]


@click.command("explain")
@click.argument("what", metavar="CLAUSE | FILE#ID")
@run_options
def command(what: str, **shared: Any) -> int:
    """Explain a clause (us-russia-2021/5.2), or all findings about one deployment (FILE#ID)."""
    from deploygeo.cli.output import emit

    file, mark, id_ = what.rpartition("#")
    if mark and file:
        text = _deployment(file, id_, shared)
    else:
        text = _clause(what, choices(**shared).treaties)
    emit(text)
    return 0


def _clause(what: str, only: tuple[str, ...] | None) -> str:
    from deploygeo import treaties
    from deploygeo.cli.running import as_treaty
    from deploygeo.cli.treaty import clause_text
    from deploygeo.errors import SettingError, UnknownNameError

    if Path(what).is_file():
        raise SettingError(f"name a deployment of the file: {what}#ID")
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
        known = [
            f"{treaty.id}/{clause.id}" if slash else clause.id
            for treaty in loaded
            for clause in treaty.clauses
        ]
        raise UnknownNameError("clause", what, set(known))
    return "\n".join(found)


def _deployment(file: str, id_: str, shared: dict[str, Any]) -> str:
    from deploygeo.cli.running import run, tell_faults
    from deploygeo.errors import SettingError, UnknownNameError
    from deploygeo.report._words import plain
    from deploygeo.report.text import article_text, finding_lines, reason_lines

    chosen = choices(**shared)
    if chosen.matrix:
        raise SettingError("--reading all belongs to deploygeo check")
    report, _ = run([file], chosen)
    tell_faults(report)
    about = [
        finding
        for finding in report.findings
        if id_ in finding.members or any(one.startswith(f"{id_}/") for one in finding.members)
    ]
    if not about:
        known = sorted({one for finding in report.findings for one in finding.members})
        raise UnknownNameError("id", id_, known)
    lines: list[str] = []
    for finding in about:
        lines += ["", f"{article_text(finding.article)}: {plain(finding.text)}"]
        lines += [f"  {line}" for line in finding_lines(finding, name=False)]
        if finding.reason is not None:
            lines += [f"    {line}" for line in reason_lines(finding.reason)]
    return "\n".join(lines[1:]) + "\n"
