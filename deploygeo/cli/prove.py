"""``deploygeo treaty prove``: the laws, tried on a treaty file."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deploygeo.cli.exits import EXIT_INTERRUPTED, EXIT_USAGE
from deploygeo.errors import SettingError

if TYPE_CHECKING:
    from deploygeo.testing.prove import Proof

__all__ = ["command"]

_MISSING = "treaty prove needs Hypothesis: pip install 'deploygeo[testing]'"
_NO_TIME = "no case was tried in that time: give more --seconds, or fewer laws"


@click.command("prove")
@click.argument("treaty")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, other cases.")
@click.option(
    "--examples",
    type=click.IntRange(1),
    default=None,
    help="Cases of each law on each clause; 25 without.",
)
@click.option("--seconds", type=float, default=None, help="A budget of time for all of it.")
@click.option(
    "--law", "laws", multiple=True, metavar="NAME", help="Only this law, as the report names it."
)
@click.option("--clause", "clauses", multiple=True, metavar="ID", help="Only this clause.")
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    default=".",
    help="Where the files go that show a broken law; here without.",
)
@click.option(
    "--list-laws",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, option, wanted: _list_laws(context) if wanted else None,
    help="Name the laws, tell what each says, and try none.",
)
@click.option("--all", "full", is_flag=True, help="Tell also what each law says, and exemptions.")
def command(
    treaty: str,
    seed: int,
    examples: int | None,
    seconds: float | None,
    laws: tuple[str, ...],
    clauses: tuple[str, ...],
    output: str,
    full: bool,
) -> int:
    """Try on a treaty every law that applies to it.

    A law that holds did so in the cases tried, and no more is claimed. One that does not is
    shown by the smallest case found, as GeoJSON files that `deploygeo check` reads, each with
    its command. The same seed tries the same cases. Exit: 0 all hold, 1 a law is broken,
    2 usage, a fault of the treaty file, or no case tried, 130 interrupted.
    """
    with _needs_the_extra():
        from deploygeo.testing.prove import EXAMPLES, check_treaty, trials
        from deploygeo.testing.telling import summary, told, written
    from deploygeo.cli.output import check_folder, complain, emit
    from deploygeo.cli.running import as_treaty
    from deploygeo.report._words import plain

    check_folder(output)
    laws, clauses = (tuple(dict.fromkeys(names)) for names in (laws, clauses))
    name = as_treaty(treaty)
    todo = trials(name, laws=laws or None, clauses=clauses or None)
    if not todo:
        raise SettingError(f"{plain(treaty)} has no clause that can be checked")
    head = f"{plain(todo[0].treaty.id)}: seed {seed}, {examples or EXAMPLES} cases each\n"
    proofs: list[Proof] = []
    refused, code = "", EXIT_USAGE
    with _bar(len(todo), f"proving {plain(treaty)[:40]}") as step:

        def tell(proof: Proof) -> None:
            proofs.append(proof)
            step(proof)

        try:
            check_treaty(
                name,
                laws=laws or None,
                clauses=clauses or None,
                examples=EXAMPLES if examples is None else examples,
                seed=seed,
                seconds=seconds,
                progress=tell,
            )
        except KeyboardInterrupt:  # what took minutes is told all the same
            refused = f"interrupted after {len(proofs)} of {len(todo)} trials"
            code = EXIT_INTERRUPTED
    if not refused and {proof.outcome for proof in proofs} <= {"exempt", "untried"}:
        refused = _NO_TIME if any(proof.outcome == "untried" for proof in proofs) else ""
    broken = [proof for proof in proofs if proof.outcome == "broken"]
    text = head + summary(proofs, full=full)
    for proof in broken:
        files: dict[int, str] = {}
        try:
            files = written(proof, Path(output))
        except SettingError as error:
            refused = str(error)
        text += f"\n{_plain_lines(told(proof, treaty, files))}"
    emit(text)
    if refused:
        complain(f"error: {refused}")
        return code
    return 1 if broken else 0


@contextlib.contextmanager
def _needs_the_extra() -> Iterator[None]:
    """Say what to install where an import fails for want of a package of the extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in ("hypothesis", "geographiclib"):
            raise
        raise SettingError(_MISSING) from None


def _list_laws(context: click.Context) -> None:
    """Print the names and statements of all laws, and end."""
    with _needs_the_extra():
        from deploygeo.testing import LAWS
    from deploygeo.cli.output import emit

    emit("".join(f"{law.name}\n    {law.statement}\n" for law in LAWS))
    context.exit()


def _plain_lines(text: str) -> str:
    from deploygeo.report._words import plain

    return "".join(f"{plain(line)}\n" for line in text.split("\n"))


@contextlib.contextmanager
def _bar(length: int, label: str) -> Iterator[Callable[[Proof], None]]:
    """Show on a terminal how far the trials are, and nothing elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda proof: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield lambda proof: bar.update(1)
