"""The page of the command line, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click
from doctext import block, code, escaped, page, table

from deploygeo.cli.app import COMMANDS, cli

__all__ = ["command_line"]

_ENVIRONMENT = (
    (
        "`DEPLOYGEO_CACHE`",
        "The folder where bounds of distances are kept, some megabytes a territory and at most 32 "
        "of them; `off` keeps none. Without it the user's cache folder is taken.",
    ),
    ("`NO_COLOR`, or `TERM=dumb`", "No colours on a terminal. Files and pipes never have any."),
)


def command_line() -> str:
    """Return the page of the commands, each with its options."""
    parts = []
    for path, command in _commands(cli, ("deploygeo",)):
        parts += _command(path, command)
    return page(
        "Command line",
        "The report goes to standard output, everything else to standard error. The same input "
        "gives the same bytes. [Errors and exit codes](errors.md) says what the codes mean.",
        *parts,
        "## The environment",
        table(("Variable", "What it does"), _ENVIRONMENT),
    )


def _commands(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _commands(below, (*path, name))


def _command(path: tuple[str, ...], command: click.Command) -> list[str]:
    names = list(cli.context_settings["help_option_names"])
    context = click.Context(command, info_name=" ".join(path), help_option_names=names)
    usage = " ".join([*path, *command.collect_usage_pieces(context)])
    parts = [f"{'#' * min(len(path) + 1, 4)} {code(' '.join(path))}", block(usage, "text")]
    parts += [_paragraph(text) for text in (command.help or "").split("\n\n")]
    options = [
        item.get_help_record(context)
        for item in command.get_params(context)
        if isinstance(item, click.Option)
    ]
    # a list of choices is as long as a line, and breaks at its bars
    rows = [
        (code(record[0].replace("|", " | ")), escaped(record[1])) for record in options if record
    ]
    parts.append(table(("Option", "What it does"), rows))
    if isinstance(command, click.Group):
        below = [
            (name, command.get_command(context, name)) for name in command.list_commands(context)
        ]
        told = [(code(name), _short(name, item, path)) for name, item in below if item]
        parts.append(table(("Command", "What it does"), told))
    return parts


def _short(name: str, command: click.Command, path: tuple[str, ...]) -> str:
    if len(path) == 1 and name in COMMANDS:
        return escaped(COMMANDS[name][1])
    return escaped(command.get_short_help_str(limit=200))


def _paragraph(text: str) -> str:
    """Return a paragraph of a help text; what click is told not to wrap is a block."""
    text = text.strip("\n")
    if text.lstrip().startswith("\b"):
        return block("\n".join(line.strip() for line in text.splitlines()[1:]), "text")
    return escaped(text)
