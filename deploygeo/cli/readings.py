"""``deploygeo readings``: what ambiguous words may mean."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.group("readings")
def command() -> None:
    """List the readings of ambiguous words."""


@command.command("list")
def list_() -> None:
    """List every reading, its question, and its values, the default marked."""
    from deploygeo import treaties
    from deploygeo.cli.output import emit
    from deploygeo.report._words import plain

    lines: list[str] = []
    for reading in treaties.readings():
        lines.append(f"{plain(reading.name)}: {plain(reading.question)}")
        width = max(len(value.name) for value in reading.values)
        for value in reading.values:
            mark = "*" if value.name == reading.default else " "
            lines.append(f"  {mark} {plain(value.name).ljust(width)}  {plain(value.text)}")
    lines.append("* is the default; choose with --reading NAME=VALUE")
    emit("".join(f"{line}\n" for line in lines))
