"""``deploygeo treaty``: the treaties that ship, and those that others write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from deploygeo.cli import consistency, prove

if TYPE_CHECKING:
    from deploygeo.treaties import Clause, Treaty

__all__ = ["clause_text", "command"]

_CHECKS = {
    "rule": "checked",
    "flag": "flagged for a human",
    "none": "not checkable",
}


@click.group("treaty")
def command() -> None:
    """List, show, lint, test, prove, compare and audit treaties."""


command.add_command(prove.command)
command.add_command(consistency.compare)
command.add_command(consistency.audit)


@command.command("list")
def list_() -> None:
    """List the treaties that ship."""
    from deploygeo import treaties
    from deploygeo.cli.options import table
    from deploygeo.cli.output import emit

    loaded = [treaties.load(id_) for id_ in treaties.library()]
    emit(table([(one.id, one.status, f"{len(one.clauses)} clauses", one.title) for one in loaded]))


@command.command()
@click.argument("treaty")
def show(treaty: str) -> None:
    """Show every clause of a treaty: what it says, its rule, or why it has none."""
    from deploygeo import treaties
    from deploygeo.cli.output import emit
    from deploygeo.cli.running import as_treaty
    from deploygeo.report._words import plain

    loaded = treaties.load(as_treaty(treaty))
    head = f"{plain(loaded.id)}: {plain(loaded.title)} ({loaded.status})\n"
    if loaded.note:
        head += f"{plain(loaded.note)}\n"
    head += f"source: {plain(loaded.source)}\n"
    emit("\n".join([head, *(clause_text(loaded, clause) for clause in loaded.clauses)]))


@command.command()
@click.argument("treaties_", nargs=-1, metavar="[TREATY]…")
@click.option("--deep", is_flag=True, help="Look for clauses that say nothing, or contradict.")
@click.option("--strict", is_flag=True, help="With --deep: exit 1 where there is advice.")
@consistency.choice_options
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Of --deep.",
)
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    help="With --deep: write a deployment for each advice, and tell the command that checks it.",
)
@click.pass_context
def lint(
    context: click.Context,
    /,
    treaties_: tuple[str, ...],
    deep: bool,
    strict: bool,
    form: str,
    output: str | None,
    **chosen: Any,
) -> int:
    """Tell every fault of treaty files; of those that ship without an argument.

    With --deep, tell also of what loads: clauses that nothing violates, or that everything
    violates; clauses that another one makes needless; an obligation that nobody can obey together
    with another clause; exceptions that excuse everything; values between two classes that are in
    neither or in both; and what nothing uses. Each is proved from the expressions, or was searched
    among deployments made from the clauses, and says which. It is advice: the exit code stays 0,
    or is 1 with --strict. The other options belong to --deep.
    """
    if deep:
        return consistency.deep(treaties_, form, output, strict, chosen)
    for name in ("strict", "form", "output", *chosen):
        if context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT:
            option = next(item.opts[-1] for item in context.command.params if item.name == name)
            raise click.UsageError(f"{option} belongs to --deep", context)
    from deploygeo import treaties
    from deploygeo.cli.output import complain, emit
    from deploygeo.cli.running import as_treaty
    from deploygeo.report._words import plain

    code = 0
    for name in treaties_ or treaties.library():
        faults = treaties.lint(as_treaty(name))
        for fault in faults:
            complain(str(fault))
        if faults:
            code = 2
        else:
            emit(f"{plain(name)}: no faults\n")
    return code


@command.command()
@click.argument("treaties_", nargs=-1, metavar="[TREATY]…")
@click.option("--all", "full", is_flag=True, help="Tell also the cases that passed.")
def test(treaties_: tuple[str, ...], full: bool) -> int:
    """Run the cases of treaties; of those that ship without an argument."""
    from deploygeo import treaties
    from deploygeo.checker import run_cases
    from deploygeo.cli.output import emit, progress
    from deploygeo.cli.running import as_treaty
    from deploygeo.report._words import plain

    code = 0
    for name in treaties_ or treaties.library():
        with progress(f"testing {plain(name)}"):
            results = run_cases(as_treaty(name))
        lines = []
        for result in results:
            told = f"{plain(result.clause)}: {plain(result.name)}"
            if not result.passed:
                lines.append(f"FAILED {told}: expected {result.expected}, got {result.actual}")
            elif full:
                lines.append(f"passed {told}: {result.actual}")
        failed = sum(1 for result in results if not result.passed)
        lines.append(f"{plain(name)}: {len(results)} cases, {failed} failed")
        emit("".join(f"{line}\n" for line in lines))
        if failed or not results:
            code = 2
    return code


def clause_text(treaty: Treaty, clause: Clause) -> str:
    """Return a clause as text: paraphrase, rule, exceptions, source."""
    from deploygeo.report._words import plain

    head = f"{treaty.id}/{clause.id}, article {clause.article} ({_CHECKS[clause.check]})"
    facts = [
        ("", clause.text),
        ("why", clause.why),
        ("asked of", f"each {clause.subject}" if clause.check != "none" else ""),
        ("binds", str(clause.bearers) if clause.bearers is not None else ""),
        ("applies", str(clause.applies) if clause.check != "none" else ""),
        ("prohibits" if clause.modality == "prohibit" else "obliges", _node(clause.rule)),
        ("counts", _node(clause.counts)),
        *((f"unless {one.name}", f"{one.text} {one.rule}".strip()) for one in clause.unless),
        ("source", clause.source),
    ]
    lines = [plain(head)]
    lines += [f"  {f'{name}: ' if name else ''}{plain(text)}" for name, text in facts if text]
    return "\n".join(lines) + "\n"


def _node(node: object) -> str:
    return "" if node is None else str(node)
