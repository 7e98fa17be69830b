"""Options that several commands share, and how their text is read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from deploygeo.errors import SettingError
from deploygeo.report._words import plain

if TYPE_CHECKING:
    from deploygeo.io.limits import Limits

__all__ = [
    "ALL_READINGS",
    "Choices",
    "choices",
    "day",
    "day_option",
    "run_options",
    "table",
]

ALL_READINGS = "all"
_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Choices:
    """What the shared options of a run say, checked."""

    treaties: tuple[str, ...] | None
    on: date | None
    worldview: str
    readings: dict[str, str]
    params: dict[str, float]
    in_force: date | None
    level: str
    matrix: bool = False
    limits: Limits | None = None
    strict: bool = False


def run_options(command: _Command) -> _Command:
    """Add the options of a run, which `choices` reads."""
    for option in reversed(
        (
            click.option(
                "-t",
                "--treaty",
                "treaty",
                multiple=True,
                metavar="TREATY",
                help="Id or file of a treaty; both 2021 drafts without.",
            ),
            day_option("--on", "The day to check; each deployment's own without."),
            click.option(
                "--worldview", default="un", show_default=True, help="Who holds disputed land."
            ),
            click.option(
                "--reading",
                multiple=True,
                metavar="NAME=VALUE",
                help="A reading of ambiguous words; 'all' prints the matrix of readings.",
            ),
            click.option(
                "--param",
                multiple=True,
                metavar="NAME=NUMBER",
                help="A number that the text leaves to be agreed.",
            ),
            day_option("--in-force", "Take the drafts as in force from this day only."),
            click.option(
                "--borders",
                type=click.Choice(["hybrid", "ne10"]),
                default="hybrid",
                show_default=True,
                help="The border data.",
            ),
            *_INPUT,
        )
    ):
        command = option(command)
    return command


_INPUT: Final = (
    click.option(
        "--strict", is_flag=True, help="Check nothing where the input has a fault; exit 3."
    ),
    click.option(
        "--max-errors",
        type=click.IntRange(1),
        default=None,
        metavar="N",
        help="Tell so many faults one by one, and of so many kinds; 100 without.",
    ),
    click.option(
        "--limit",
        multiple=True,
        metavar="NAME=NUMBER",
        help="Of the input: bytes, features, vertices, value, text, depth; of formats that another"
        " process reads also unpacked, memory, seconds.",
    ),
)


def choices(
    treaty: Sequence[str],
    on: str | None,
    worldview: str,
    reading: Sequence[str],
    param: Sequence[str],
    in_force: str | None,
    borders: str,
    strict: bool = False,
    max_errors: int | None = None,
    limit: Sequence[str] = (),
) -> Choices:
    """Return the shared options, checked as far as their form goes."""
    named = [text for text in reading if text != ALL_READINGS]
    numbers = {}
    for name, text in _pairs("--param", param).items():
        try:
            numbers[name] = float(text)
        except ValueError:
            numbers[name] = math.nan
        if not math.isfinite(numbers[name]) or not text.isascii() or "_" in text:
            raise SettingError(f"--param {plain(name)}: '{plain(text)}' is not a number")
    return Choices(
        treaties=tuple(dict.fromkeys(treaty)) or None,
        on=day("--on", on),
        worldview=worldview,
        readings=_pairs("--reading", named),
        params=numbers,
        in_force=day("--in-force", in_force),
        level=borders,
        matrix=len(named) < len(reading),
        limits=_limits(limit, max_errors),
        strict=strict,
    )


def _limits(texts: Sequence[str], faults: int | None) -> Limits:
    from deploygeo.io.limits import limits_of

    numbers: dict[str, int] = {}
    for name, text in _pairs("--limit", texts).items():
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise SettingError(f"--limit {plain(name)}: '{plain(text)}' is not a whole number")
        numbers[name] = int(text)
    return limits_of(numbers if faults is None else {**numbers, "faults": faults})


def day_option(name: str, text: str) -> Callable[[_Command], _Command]:
    """Return an option that takes a day."""
    return click.option(name, metavar="DATE", default=None, help=text)


def day(option: str, text: str | None) -> date | None:
    """Return the day that an option gives.

    Examples
    --------
    >>> day("--on", "2021-12-17"), day("--on", None)
    (datetime.date(2021, 12, 17), None)
    >>> day("--on", "17.12.2021")
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: --on: '17.12.2021' is not a date; write YYYY-MM-DD
    """
    if text is None:
        return None
    try:
        if len(text) != 10 or not text.isascii():
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise SettingError(f"{option}: '{plain(text)}' is not a date; write YYYY-MM-DD") from None


def _pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name or not value:
            raise SettingError(f"{option}: '{plain(text)}' is not NAME=VALUE")
        if found.get(name, value) != value:
            raise SettingError(f"{option}: '{plain(name)}' is given twice, with two values")
        found[name] = value
    return found


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as columns; the last is as long as it is.

    Examples
    --------
    >>> table([("a", "first"), ("bcd", "second")]).splitlines()
    ['a    first', 'bcd  second']
    >>> table([])
    ''
    """
    if not rows:
        return ""
    shown = [[plain(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in list(zip(*shown, strict=True))[:-1]]
    return "".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)), row[-1]]
        ).rstrip()
        + "\n"
        for row in shown
    )
