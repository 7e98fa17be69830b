"""``deploygeo groups``: groups of states and who is in them when."""

from __future__ import annotations

import click

from deploygeo.cli.options import day, day_option

__all__ = ["command"]


@click.group("groups")
def command() -> None:
    """List and show groups of states by date."""


@command.command("list")
def list_() -> None:
    """List the groups."""
    from deploygeo.cli.options import table
    from deploygeo.cli.output import emit
    from deploygeo.model import groups

    emit(table([(one.id, one.name) for one in groups().values()]))


@command.command()
@click.argument("group")
@day_option("--on", "Only the members on this day.")
def show(group: str, on: str | None) -> None:
    """Show the members of a group, with the days on which they came and went."""
    from deploygeo.cli.options import table
    from deploygeo.cli.output import emit
    from deploygeo.model import PARTIES
    from deploygeo.model.membership import group as find
    from deploygeo.report._words import plain

    when = day("--on", on)
    one = find(group)
    kept = [member for member in one.members if when is None or member.covers(when)]
    on_day = f" on {when}" if when is not None else ""
    members = len({member.state for member in kept})
    head = f"{one.id}: {one.name}, {members} members{on_day}"
    rows = [
        (
            member.state,
            PARTIES.get(member.state, ""),
            f"from {member.start}" if member.start is not None else "",
            f"until {member.end}" if member.end is not None else "",
        )
        for member in kept
    ]
    emit(f"{plain(head)}\n{table(rows)}")
