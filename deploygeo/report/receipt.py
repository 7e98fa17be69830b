"""The receipt: what a report rests on, so that anyone can make it again.

It holds no time of day and no machine: the same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from deploygeo.boundaries import data_folder
from deploygeo.checker.findings import Baseline, Report, Source
from deploygeo.report._words import finite, pairs_text, plain

__all__ = [
    "ELLIPSOID",
    "Receipt",
    "borders_sha256",
    "own_version",
    "receipt",
    "receipt_lines",
    "receipt_mapping",
    "receipt_pairs",
    "tool_versions",
]

#: The only one: distances are geodesics on it.
ELLIPSOID = "WGS 84"
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a report rests on.

    Parameters
    ----------
    versions : mapping of str to str
        deploygeo, numpy, shapely, GEOS, pyproj and PROJ.
    ellipsoid : str
    inputs : tuple of Source
        Each file, with the SHA-256 of its bytes; of what came from Python, that of its content.
    treaties : tuple of Source
        Each treaty by its id; the checksum is empty where it was made in Python.
    level, borders_sha256 : str
        The border data, and the checksum of the manifest that holds theirs.
    worldview : str
    readings : mapping of str to str
        Every reading that was changed or that a finding consulted, with its value.
    params : mapping of str to float
    on : date or None
        The day that was asked about; None: each deployment's own.
    in_force : date or None
        From when the drafts counted as in force; None: as if always.
    baseline : Baseline or None
        What the report was held against, where it tells only what is new.
    """

    versions: Mapping[str, str]
    ellipsoid: str
    inputs: tuple[Source, ...]
    treaties: tuple[Source, ...]
    level: str
    borders_sha256: str
    worldview: str
    readings: Mapping[str, str]
    params: Mapping[str, float]
    on: date | None
    in_force: date | None
    baseline: Baseline | None


def receipt(report: Report) -> Receipt:
    """Return the receipt of a report.

    Parameters
    ----------
    report : Report

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> made = receipt(Report(settings=Settings(worldview="russia"), findings=(), source="a"))
    >>> made.worldview, made.ellipsoid, made.inputs
    ('russia', 'WGS 84', (Source(name='a', sha256=''),))
    >>> receipt(Report(settings=Settings(), findings=())).inputs
    ()
    """
    settings = report.settings
    inputs = report.inputs
    if not inputs and (report.source or report.sha256):
        inputs = (Source(report.source, report.sha256),)
    consulted = {name: value for one in report.findings for name, value in one.readings.items()}
    readings = {**settings.readings, **consulted}
    return Receipt(
        versions=tool_versions(),
        ellipsoid=ELLIPSOID,
        inputs=inputs,
        treaties=tuple(Source(id_, report.treaty_sums.get(id_, "")) for id_ in report.treaties),
        level=settings.level,
        borders_sha256=borders_sha256(),
        worldview=settings.worldview,
        readings={name: readings[name] for name in sorted(readings)},
        params={name: settings.params[name] for name in sorted(settings.params)},
        on=settings.on,
        in_force=settings.in_force,
        baseline=report.baseline,
    )


def receipt_mapping(made: Receipt) -> dict[str, Any]:
    """Return a receipt as JSON has it.

    Parameters
    ----------
    made : Receipt

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> shown = receipt_mapping(receipt(Report(settings=Settings(), findings=())))
    >>> list(shown)[:4], shown["on"]
    (['versions', 'ellipsoid', 'inputs', 'treaties'], None)
    """
    baseline = made.baseline
    return {
        "versions": dict(made.versions),
        "ellipsoid": made.ellipsoid,
        "inputs": [_source(one) for one in made.inputs],
        "treaties": [_source(one) for one in made.treaties],
        "borders": {"level": made.level, "sha256": made.borders_sha256},
        "worldview": made.worldview,
        "readings": dict(made.readings),
        "params": {name: finite(value, 9) for name, value in made.params.items()},
        "on": _day(made.on),
        "in_force": _day(made.in_force),
        "baseline": None
        if baseline is None
        else {**_source(baseline.source), "known": baseline.known},
    }


def receipt_pairs(made: Receipt) -> list[tuple[str, str]]:
    r"""Return a receipt as names and texts, for forms that have no more than these.

    Parameters
    ----------
    made : Receipt

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> pairs = receipt_pairs(receipt(Report(settings=Settings(), findings=(), source="a\n")))
    >>> dict(pairs)["ellipsoid"], dict(pairs)["input a\\n"], dict(pairs)["asked on"]
    ('WGS 84', 'sha256 unknown', "each deployment's own day")
    """
    values = {name: f"{value:.12g}" for name, value in made.params.items()}
    pairs = [
        *made.versions.items(),
        ("ellipsoid", made.ellipsoid),
        *((f"input {plain(one.name)}", _sum(one.sha256)) for one in made.inputs),
        *((f"treaty {plain(one.name)}", _sum(one.sha256)) for one in made.treaties),
        (f"borders {plain(made.level)}", _sum(made.borders_sha256)),
        ("worldview", plain(made.worldview)),
        ("readings", pairs_text(made.readings) or "none consulted"),
        ("parameters", pairs_text(values) or "none given"),
        ("asked on", _day(made.on) or "each deployment's own day"),
        ("drafts in force from", _day(made.in_force) or "always"),
    ]
    if made.baseline is not None:
        source = made.baseline.source
        pairs.append((f"baseline {plain(source.name)}", _sum(source.sha256)))
        pairs.append(("known from the baseline", str(made.baseline.known)))
    return pairs


def receipt_lines(made: Receipt) -> list[str]:
    """Return a receipt for people: the versions in one line, the rest one a line.

    Parameters
    ----------
    made : Receipt

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> lines = receipt_lines(receipt(Report(settings=Settings(), findings=(), source="a")))
    >>> lines[0], lines[1].startswith("  deploygeo "), lines[2]
    ('receipt', True, '  input a: sha256 unknown')
    """
    versions = ", ".join(f"{name} {plain(told)}" for name, told in made.versions.items())
    rest = [pair for pair in receipt_pairs(made) if pair[0] not in made.versions]
    return [
        "receipt",
        f"  {versions}; ellipsoid {made.ellipsoid}",
        *(f"  {name}: {told}" for name, told in rest if name != "ellipsoid"),
    ]


@cache
def tool_versions() -> dict[str, str]:
    """Return the versions of what computes: the same versions give the same bytes.

    Examples
    --------
    >>> list(tool_versions())
    ['deploygeo', 'numpy', 'shapely', 'GEOS', 'pyproj', 'PROJ']
    """
    import numpy as np
    import pyproj
    import shapely

    return {
        "deploygeo": own_version(),
        "numpy": np.__version__,
        "shapely": shapely.__version__,
        "GEOS": shapely.geos_version_string,
        "pyproj": pyproj.__version__,
        "PROJ": pyproj.proj_version_str,
    }


def own_version() -> str:
    """Return the version of deploygeo; of a checkout that is not installed, ``unknown``.

    >>> own_version().count(".") in (0, 2)
    True
    """
    try:
        return version("deploygeo")
    except PackageNotFoundError:
        return _UNKNOWN


@cache
def borders_sha256() -> str:
    """Return the SHA-256 of the manifest of the border data, which has those of the files.

    >>> len(borders_sha256())
    64
    """
    try:
        manifest = (data_folder() / "MANIFEST.toml").read_bytes()
    except OSError:
        return ""
    return hashlib.sha256(manifest).hexdigest()


def _source(one: Source) -> dict[str, str | None]:
    return {"name": one.name, "sha256": one.sha256 or None}


def _sum(digest: str) -> str:
    return f"sha256 {digest or _UNKNOWN}"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
