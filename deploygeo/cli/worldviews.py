"""``deploygeo worldviews``: who holds disputed land to be whose."""

from __future__ import annotations

import click

from deploygeo.cli.options import day, day_option

__all__ = ["command"]


@click.group("worldviews")
def command() -> None:
    """List who holds disputed land to be whose."""


@command.command("list")
@day_option("--on", "List also who holds each disputed unit on this day.")
def list_(on: str | None) -> None:
    """List the worldviews with their sources."""
    from deploygeo import boundaries
    from deploygeo.cli.options import table
    from deploygeo.cli.output import emit
    from deploygeo.report._words import plain

    when = day("--on", on)
    known = boundaries.worldviews()
    lines: list[str] = []
    for view in known.values():
        mark = " (default)" if view.name == boundaries.DEFAULT_WORLDVIEW else ""
        lines += [f"{view.name}{mark}: {view.title}", f"  {view.text}", f"  source: {view.source}"]
    text = "".join(f"{plain(line)}\n" for line in lines)
    if when is not None:
        disputed = sorted(
            unit.id for unit in boundaries.units().values() if unit.kind == "disputed"
        )
        held = {name: boundaries.holders(name, when) for name in known}
        rows = [("unit", *known)]
        rows += [(unit, *(held[name][unit] for name in known)) for unit in disputed]
        text += f"\n{table(rows)}"
    emit(text)
