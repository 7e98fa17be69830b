"""The command that checks a file again under the same choices."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from deploygeo.checker.findings import Settings

__all__ = ["check_command"]


def check_command(file: str, treaties: Sequence[str], settings: Settings) -> str:
    """Return the command that gives the verdicts on a file anew, quoted for a shell.

    Parameters
    ----------
    file : str
    treaties : sequence of str
        Ids or files.
    settings : Settings
        What is as it would be without is left out.

    Examples
    --------
    >>> check_command("a b.geojson", ["t"], Settings(params={"width_km": 100.0}))
    "deploygeo check 'a b.geojson' -t t --param width_km=100"
    >>> check_command("-", [], Settings())
    'deploygeo check -'
    >>> check_command("-x/1.geojson", [], Settings())
    'deploygeo check ./-x/1.geojson'
    """
    if file.startswith("-") and file != "-":  # a file and no option
        file = f"./{file}"
    words = ["deploygeo", "check", file]
    for treaty in treaties:
        words += ["-t", treaty]
    if settings.worldview != "un":
        words += ["--worldview", settings.worldview]
    for name, value in sorted(settings.readings.items()):
        words += ["--reading", f"{name}={value}"]
    for name, number in sorted(settings.params.items()):
        told = int(number) if number == int(number) else repr(number)
        words += ["--param", f"{name}={told}"]
    if settings.on is not None:
        words += ["--on", settings.on.isoformat()]
    if settings.in_force is not None:
        words += ["--in-force", settings.in_force.isoformat()]
    if settings.level != "hybrid":
        words += ["--borders", settings.level]
    return shlex.join(words)
