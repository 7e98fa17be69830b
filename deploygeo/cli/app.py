"""The group of commands, its exit codes, and what becomes of errors."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Sequence
from typing import Final

import click

from deploygeo.cli.exits import EXIT_INPUT, EXIT_INTERRUPTED, EXIT_USAGE
from deploygeo.errors import DeploygeoError, InputError

__all__ = ["COMMANDS", "main"]

#: Name → (module, one line of help). The help stands here so that listing imports nothing.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "check": ("check", "Check files of deployments against treaties."),
    "diff": ("diff", "Tell what differs between two JSON reports."),
    "explain": ("explain", "Explain a clause, or every finding about one deployment."),
    "treaty": ("treaty", "List, show, lint, test, prove, compare and audit treaties."),
    "distance": ("distance", "Measure from a place to a state."),
    "zone": ("zone", "Draw what a clause closes, or tell its shares of seas and land."),
    "systems": ("systems", "List and show the catalogue of weapon systems."),
    "readings": ("readings", "List the readings of ambiguous words."),
    "worldviews": ("worldviews", "List who holds disputed land to be whose."),
    "groups": ("groups", "List and show groups of states by date."),
    "boundaries": ("boundaries", "List and verify the border data."),
    "schema": ("schema", "Print a JSON Schema of the input or of the report."),
}

_EPILOG = (
    "Exit: 0 no violation, 1 violation, 2 usage or treaty fault, 3 input fault, "
    "4 only indeterminate with --fail-on indeterminate."
)


class _LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"deploygeo.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from deploygeo.errors import did_you_mean
            from deploygeo.report._words import plain

            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"unknown command '{plain(args[0])}'{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        import deploygeo

        click.echo(f"deploygeo {deploygeo.__version__}")
        ctx.exit()


@click.group(
    cls=_LazyGroup, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version.",
)
def cli() -> None:
    """Check hypothetical military deployments against arms-control clauses."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; no error ends in a traceback.

    Parameters
    ----------
    args : sequence of str, optional
        What stands behind ``deploygeo``; by default that of the process.

    Examples
    --------
    >>> main(["no-such-command"])
    Traceback (most recent call last):
    ...
    SystemExit: 2
    """
    sys.exit(_run(args))


def _run(args: Sequence[str] | None) -> int:
    try:
        result = cli.main(
            args=None if args is None else list(args),
            prog_name="deploygeo",
            standalone_mode=False,
        )
        code = result if isinstance(result, int) else 0
        # what is still in a buffer meets a broken pipe here and not at the interpreter's end
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        _usage(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        return EXIT_INTERRUPTED
    except DeploygeoError as error:
        return _report_error(error)
    except BrokenPipeError:
        from deploygeo.cli.output import drop_stdout

        drop_stdout()
        return 0
    except OSError as error:
        _say(f"{error.strerror or error}" + (f": {error.filename}" if error.filename else ""))
        return EXIT_USAGE
    except (MemoryError, RecursionError) as error:
        _say(f"the input is too large or too deep ({type(error).__name__})")
        return EXIT_INPUT
    return code


def _report_error(error: DeploygeoError) -> int:
    faults = getattr(error, "faults", None)
    if faults:
        from deploygeo.io.alike import told

        for text in told(faults):
            _say(text)
    else:
        _say(str(error))
    return EXIT_INPUT if isinstance(error, InputError) else EXIT_USAGE


def _usage(error: click.ClickException) -> None:
    message = error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None or message.startswith("Usage:"):  # the help, where nothing was asked
        _say(message, "")
        return
    _say(context.get_usage(), "")
    _say(f"{message}\nTry '{context.command_path} --help'.")


def _say(text: str, head: str = "error: ") -> None:
    from deploygeo.cli.output import complain

    with contextlib.suppress(OSError):
        complain(f"{head}{text}")
