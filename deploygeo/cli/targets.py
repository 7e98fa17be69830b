"""Which form of a report goes where: -f and -o, paired and checked before any work."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from deploygeo.cli.output import check_target
from deploygeo.errors import SettingError
from deploygeo.report._words import plain
from deploygeo.report.formats import FORMATS, Format, format_of

__all__ = ["Target", "check_targets", "refuse_replacing", "targets"]


@dataclass(frozen=True, slots=True)
class Target:
    """A form, and the file it goes to; None is standard output."""

    form: Format
    output: str | None


def targets(forms: Sequence[str], outputs: Sequence[str]) -> tuple[Target, ...]:
    """Pair forms with files: the first -f with the first -o, and so on.

    Without any -f the suffix of each file says its form. What can be meant in two ways is
    refused.

    Examples
    --------
    >>> [(one.form.name, one.output) for one in targets((), ("a.json", "b.kml"))]
    [('json', 'a.json'), ('kml', 'b.kml')]
    >>> [(one.form.name, one.output) for one in targets((), ())]
    [('text', None)]
    >>> targets(("csv", "json"), ("a.csv",))
    Traceback (most recent call last):
    ...
    click.exceptions.UsageError: 2 -f and 1 -o: give one -o for each -f, in the same order ...
    """
    if not outputs:
        if len(forms) > 1:
            raise click.UsageError(
                f"{len(forms)} -f and no -o: standard output takes one; give each -f a -o"
            )
        return (Target(FORMATS[forms[0]] if forms else FORMATS["text"], None),)
    if not forms:
        return tuple(Target(_of_suffix(output), output) for output in outputs)
    if len(forms) != len(outputs):
        raise click.UsageError(
            f"{len(forms)} -f and {len(outputs)} -o: give one -o for each -f, in the same order "
            "('-o -' is standard output), or no -f, and the suffixes say the forms"
        )
    pairs = tuple(
        Target(FORMATS[form], output) for form, output in zip(forms, outputs, strict=True)
    )
    for one in pairs:
        meant = format_of(one.output or "-")
        # -f geojson -o map.json is fine; -f json -f csv -o a.csv -o b.json is a slip
        if (
            meant is not None
            and meant is not one.form
            and meant.name in forms
            and _has_suffix(one.output)
        ):
            raise click.UsageError(
                f"-f {one.form.name} would go to {plain(one.output)}, whose suffix says "
                f"{meant.name}: put -f and -o in the same order"
            )
    return pairs


def check_targets(chosen: Sequence[Target], read: Mapping[str, Sequence[str]]) -> None:
    """Refuse what cannot be written, is written twice, or would replace what is read.

    Nothing is written by then, and nothing checked.

    Parameters
    ----------
    chosen : sequence of Target
    read : mapping of str to sequence of str
        What is read, by what a message calls it.
    """
    taken: set[str] = set()
    for one in chosen:
        output = "-" if one.output is None else one.output
        check_target(one.output)
        key = _key(output)
        if key in taken:
            where = "standard output" if output == "-" else plain(output)
            raise SettingError(f"two reports would go to {where}; give each -o a file of its own")
        taken.add(key)
    refuse_replacing([one.output for one in chosen], read)


def refuse_replacing(outputs: Sequence[str | None], read: Mapping[str, Sequence[str]]) -> None:
    """Refuse to write over what is read.

    Parameters
    ----------
    outputs : sequence of str or None
        None and ``-`` are standard output.
    read : mapping of str to sequence of str
        What is read, by what a message calls it.
    """
    for output in outputs:
        if output is None or output == "-":
            continue
        for what, names in read.items():
            if any(_is_same(name, output) for name in names):
                text = f"-o {plain(output)} is {what}; the report would replace it"
                raise SettingError(text)


def _is_same(name: str, output: str) -> bool:
    with contextlib.suppress(OSError, ValueError):
        # standard input may be a file as well, with < in front of it
        read = os.fstat(0) if name == "-" else Path(name).stat()
        return stat.S_ISREG(read.st_mode) and os.path.samestat(read, Path(output).stat())
    return False


def _of_suffix(output: str) -> Format:
    form = format_of(output)
    if form is None:
        known = ", ".join(suffix for one in FORMATS.values() for suffix in one.suffixes)
        raise click.UsageError(
            f"-o {plain(output)}: the suffix says no form; give its -f, or one of {known}"
        )
    return form


def _has_suffix(output: str | None) -> bool:
    return output not in (None, "-") and bool(Path(str(output)).suffix)


def _key(name: str) -> str:
    """Return what two names of one file have in common; of standard output, also /dev/stdout."""
    with contextlib.suppress(OSError, ValueError):
        found = os.fstat(1) if name == "-" else Path(name).stat()
        return f"{found.st_dev}:{found.st_ino}"
    with contextlib.suppress(OSError, ValueError):
        return name if name == "-" else os.path.realpath(name)
    return name
