"""``deploygeo systems``: the catalogue of weapon systems."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.group("systems")
def command() -> None:
    """List and show the catalogue of weapon systems."""


@command.command("list")
def list_() -> None:
    """List the systems with their ranges in kilometres and whether these are sourced."""
    from deploygeo.cli.options import table
    from deploygeo.cli.output import emit
    from deploygeo.model import systems

    rows = [
        (
            one.id,
            one.kind or "-",
            "-" if one.range_km is None else f"{one.range_km} km",
            one.status,
            one.name,
        )
        for one in systems().values()
    ]
    emit(table(rows))


@command.command()
@click.argument("system")
def show(system: str) -> None:
    """Show all that the catalogue says of a system, with its sources."""
    from deploygeo.cli.output import emit
    from deploygeo.model.catalogue import system as find
    from deploygeo.report._words import plain

    one = find(system)
    nuclear = {None: "", True: "yes", False: "no"}[one.nuclear]
    facts = {
        "kind": one.kind,
        "basing": one.basing or "",
        "range": "not known" if one.range_km is None else f"{one.range_km} km",
        "loadable range": "" if one.loadable_range_km is None else f"{one.loadable_range_km} km",
        "combat radius": "" if one.radius_km is None else f"{one.radius_km} km",
        "nuclear": nuclear,
        "weapons": ", ".join(one.weapons),
        "operators": ", ".join(one.operators),
        "status": one.status,
        "note": one.note,
    }
    lines = [f"{one.id}: {one.name}"]
    lines += [f"  {name}: {text}" for name, text in facts.items() if text]
    lines += [f"  source: {text}" for text in one.sources]
    emit("".join(f"{plain(line)}\n" for line in lines))
