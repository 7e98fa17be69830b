"""``deploygeo treaty lint --deep``, ``compare`` and ``audit``: whether clauses fit each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from deploygeo.cli.exits import EXIT_INPUT
from deploygeo.cli.options import Choices, choices, day_option

if TYPE_CHECKING:
    from deploygeo.checker.findings import Settings
    from deploygeo.consistency import Situation

__all__ = ["audit", "choice_options", "compare", "deep"]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def choice_options(command: _Command) -> _Command:
    """Add the options of a run that are not about which treaty, which `choices` reads."""
    for option in reversed(
        (
            day_option(
                "--on", "Take dated sets and borders of this day; the treaty's own without."
            ),
            click.option(
                "--worldview", default="un", show_default=True, help="Who holds disputed land."
            ),
            click.option(
                "--reading", multiple=True, metavar="NAME=VALUE", help="A reading of the words."
            ),
            click.option(
                "--param", multiple=True, metavar="NAME=NUMBER", help="A number left to be agreed."
            ),
            day_option("--in-force", "Take drafts as in force from this day only."),
            click.option(
                "--borders",
                type=click.Choice(["hybrid", "ne10"]),
                default="hybrid",
                show_default=True,
                help="The border data.",
            ),
        )
    ):
        command = option(command)
    return command


def deep(
    names: Sequence[str],
    form: str,
    output: str | None,
    strict: bool,
    chosen: dict[str, Any],
) -> int:
    """Look for clauses of treaties that say nothing, too much, or what others say or deny."""
    from deploygeo import treaties
    from deploygeo.checker.command import check_command
    from deploygeo.cli.output import complain, emit, line_width, progress
    from deploygeo.cli.running import as_treaty
    from deploygeo.consistency import deep_lint
    from deploygeo.report._words import plain
    from deploygeo.report.consistency import deep_to_json, deep_to_text

    options = _arguments(chosen)
    folder = _folder(output)
    found, faulty, texts = [], False, []
    for name in names or treaties.library():
        faults = treaties.lint(as_treaty(name))
        for fault in faults:
            complain(str(fault))
        if faults:
            faulty = True
            continue
        with progress(f"looking deeply at {plain(name)[:60]}"):
            one = deep_lint(as_treaty(name), **options)
        found.append(one)
        commands = {}
        if folder is not None:
            for at, advice in enumerate(one.advice):
                if advice.witness is not None:
                    parts = (one.treaty, f"{at + 1:02}", advice.code, *advice.clauses)
                    file = _written(folder, parts, advice.witness)
                    commands[at] = check_command(str(file), [name], one.settings)
        texts.append(deep_to_text(one, commands, width=line_width(None)))
    if form == "json":
        emit(deep_to_json(found))
    else:
        emit("\n".join(texts))
    if faulty:
        return 2
    return 1 if strict and any(one.advice for one in found) else 0


@click.command("compare")
@click.argument("a", metavar="TREATY")
@click.argument("b", metavar="TREATY")
@click.option("--clause", "clauses", multiple=True, metavar="TREATY/ID", help="Only this clause.")
@choice_options
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    help="Write each smallest deployment into a file, and tell the command that checks it.",
)
@click.option("--all", "full", is_flag=True, help="Tell every gap and every place.")
def compare(
    a: str,
    b: str,
    clauses: tuple[str, ...],
    form: str,
    output: str | None,
    full: bool,
    **chosen: Any,
) -> None:
    """Tell what one treaty forbids and another does not, and what neither forbids to some.

    Candidates are made from the clauses of both: every kind of deployment and every party that they
    tell apart, ranges at and beside every limit, and telling places. What is told was found;
    there may be more. Differences are no fault: the exit code is 0 with them and without.

    \b
    deploygeo treaty compare us-russia-2021 nato-russia-2021
    deploygeo treaty compare old/treaty.toml new/treaty.toml -o differences
    """  # noqa: D301 - click reads the \b
    from deploygeo import consistency
    from deploygeo.cli.output import emit, line_width, progress
    from deploygeo.cli.running import as_treaty
    from deploygeo.report._words import plain
    from deploygeo.report.consistency import comparison_to_json, comparison_to_text

    options = _arguments(chosen)
    folder = _folder(output)
    with progress(f"comparing {plain(a)[:40]} and {plain(b)[:40]}"):
        found = consistency.compare(as_treaty(a), as_treaty(b), clauses=clauses or None, **options)
    commands = {}
    if folder is not None:
        witnesses = [
            *((one.forbids, one.clause, one.kinds[0], one.witness) for one in found.differences),
            *((f"gap-{one.treaty}", one.clause, one.kinds[0], one.witness) for one in found.gaps),
        ]
        for at, (*parts, witness) in enumerate(witnesses):
            file = _written(folder, (f"{at + 1:02}", *map(str, parts)), witness)
            commands[at] = _both(file, a, b, found.treaties, found.settings)
    if form == "json":
        emit(comparison_to_json(found))
    else:
        emit(comparison_to_text(found, commands, full=full, width=line_width(None)))


@click.command("audit")
@click.argument("treaty")
@click.argument("file", required=False)
@click.option("--clause", "clauses", multiple=True, metavar="ID", help="Only this clause.")
@click.option(
    "--range", "range_", metavar="KM", help="What weapons reach, a list; 500,2500 without."
)
@choice_options
@click.option(
    "--tolerance",
    type=float,
    metavar="METRES",
    help="How far an outline may be off; 3000 without.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
)
@click.option("-o", "--output", metavar="FILE", help="Write here instead of standard output.")
def audit(
    treaty: str,
    file: str | None,
    clauses: tuple[str, ...],
    range_: str | None,
    tolerance: float | None,
    form: str,
    output: str | None,
    **chosen: Any,
) -> int:
    """Tell for each clause what it costs each side: the area it closes, the forces it hits.

    With a FILE of deployments, count those of each side by verdict. Measuring all clauses takes
    up to a minute.

    \b
    deploygeo treaty audit nato-russia-2021
    deploygeo treaty audit us-russia-2021 examples/europe-2021-12-17.geojson --clause 5.2
    """  # noqa: D301 - click reads the \b
    from deploygeo import consistency
    from deploygeo.cli.output import check_target, complain, emit, line_width, progress
    from deploygeo.cli.running import as_treaty
    from deploygeo.cli.targets import refuse_replacing
    from deploygeo.cli.zone import ranges_of
    from deploygeo.report._words import plain
    from deploygeo.report.audit import audit_to_csv, audit_to_json, audit_to_text

    check_target(output)
    read = {"the input": () if file is None else (file,), "the treaty": (treaty,)}
    refuse_replacing([output], read)
    options = _arguments(chosen)
    ranges = ranges_of(range_)
    if ranges is not None:
        options["ranges_km"] = ranges
    if tolerance is not None:
        options["tolerance_m"] = tolerance
    with progress(f"measuring what {plain(treaty)[:60]} closes"):
        found = consistency.audit(as_treaty(treaty), file, clauses=clauses or None, **options)
    for warning in found.warnings:
        complain(f"warning: {warning}")
    for fault in found.faults:
        complain(f"fault: {fault}")
    if form == "text":
        emit(audit_to_text(found, width=line_width(output)), output)
    else:
        emit({"csv": audit_to_csv, "json": audit_to_json}[form](found), output)
    return EXIT_INPUT if found.faults else 0


def _arguments(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return the shared options as the functions of `deploygeo.consistency` take them."""
    read: Choices = choices((), **chosen)
    if read.matrix:
        raise click.UsageError("--reading all belongs to deploygeo check")
    return {
        "on": read.on,
        "worldview": read.worldview,
        "readings": read.readings,
        "params": read.params,
        "in_force": read.in_force,
        "level": read.level,
    }


def _folder(output: str | None) -> Path | None:
    """Return the folder for the files, made if need be; refuse what is none."""
    from deploygeo.errors import SettingError
    from deploygeo.report._words import plain

    if output is None:
        return None
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(
            f"cannot write into {plain(output)}: {reason}; name a folder with -o"
        ) from None
    return folder


def _written(folder: Path, parts: Sequence[str], witness: Situation) -> Path:
    """Write a deployment with what it needs as GeoJSON, and return the file."""
    from deploygeo.cli.output import emit
    from deploygeo.report.structured import dumped

    name = "-".join(_UNSAFE.sub("-", part).strip("-.") for part in parts)
    file = folder / f"{name[:120]}.geojson"
    rows = ",\n".join(dumped(feature) for feature in witness.features)
    emit(f'{{"type": "FeatureCollection", "features": [\n{rows}\n]}}\n', str(file))
    return file


def _both(file: Path, a: str, b: str, ids: tuple[str, str], settings: Settings) -> str:
    """Return the command that checks a file against two treaties; two versions of one apart."""
    from deploygeo.checker.command import check_command

    if ids[1].removesuffix(" (second)") == ids[0]:
        return "; ".join(check_command(str(file), [one], settings) for one in (a, b))
    return check_command(str(file), [a, b], settings)
