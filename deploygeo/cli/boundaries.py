"""``deploygeo boundaries``: the border data that ship."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.group("boundaries")
def command() -> None:
    """List and verify the border data."""


@command.command("list")
@click.option("--units", "with_units", is_flag=True, help="List also every unit of land.")
def list_(with_units: bool) -> None:
    """List the levels of detail, their sources and licences."""
    import tomllib

    from deploygeo import boundaries
    from deploygeo.cli.options import table
    from deploygeo.cli.output import emit

    path = boundaries.data_folder() / "MANIFEST.toml"
    try:
        manifest = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        from deploygeo.errors import BoundaryError

        raise BoundaryError(f"MANIFEST.toml: {error}; install deploygeo again") from error
    rows = []
    for name, file in sorted(manifest.get("file", {}).items()):
        mark = " (default)" if name == boundaries.DEFAULT_LEVEL else ""
        layers = file.get("layer", {})
        told = ", ".join(f"{layer} {layers[layer]['rows']}" for layer in sorted(layers))
        rows.append((f"{name}{mark}", told))
    text = f"{table(rows)}\n"
    sources = manifest.get("source", {})
    text += table([(source["title"], source["licence"]) for source in sources.values()])
    if with_units:
        units = sorted(boundaries.units().values(), key=lambda unit: unit.id)
        text += "\n" + table([(one.id, one.kind, one.sovereign, one.name) for one in units])
    emit(text)


@command.command()
@click.option(
    "--borders",
    "level",
    type=click.Choice(["hybrid", "ne10"]),
    multiple=True,
    help="Only this level; both without.",
)
def verify(level: tuple[str, ...]) -> int:
    """Compare the content of the border data with what the manifest says of it."""
    from deploygeo import boundaries
    from deploygeo.cli.output import complain, emit, progress

    code = 0
    for name in level or boundaries.LEVELS:
        with progress(f"reading {name}"):
            problems = boundaries.verify(name)
        for problem in problems:
            complain(f"error: {problem}")
        if problems:
            code = 2
        else:
            emit(f"{name}: as the manifest says\n")
    return code
