"""Every form of a report in one table: its name, its function, and the suffixes that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from deploygeo.report._words import WIDTH

if TYPE_CHECKING:
    from deploygeo.checker.findings import Report
    from deploygeo.model import Deployment
    from deploygeo.zones.zoned import ClosedZone

__all__ = ["FORMATS", "Format", "Material", "format_of"]


@dataclass(frozen=True, slots=True)
class Material:
    """What a form is made of; most need the report alone.

    Parameters
    ----------
    report : Report
    deployments : tuple of Deployment
        Those that were checked, for maps and for the lines of groups.
    zones : tuple of ClosedZone
        Those to draw; see `deploygeo.report.violated.violated_zones`.
    full, color, width
        Of text: whether to tell all, with colours, and how long a line may be.
    """

    report: Report
    deployments: tuple[Deployment, ...] = ()
    zones: tuple[ClosedZone, ...] = ()
    full: bool = False
    color: bool = False
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Format:
    """One form of a report.

    Parameters
    ----------
    name : str
        As ``-f`` has it.
    render : callable
        From `Material` to text.
    suffixes : tuple of str
        Of files that have it where ``-f`` says nothing.
    what : str
        What it is for, in a few words.
    draws : bool
        Whether it can show zones.
    """

    name: str
    render: Callable[[Material], str]
    suffixes: tuple[str, ...]
    what: str
    draws: bool = False


def format_of(path: str) -> Format | None:
    """Return the form that a file's suffix asks for; text without a suffix, None for another.

    Parameters
    ----------
    path : str
        ``-`` is standard output.

    Examples
    --------
    >>> format_of("a/b.SARIF.json").name, format_of("a.geojson").name, format_of("-").name
    ('sarif', 'geojson', 'text')
    >>> format_of("report.pdf") is None
    True
    """
    name = PurePath(path).name.casefold()
    known = [
        (suffix, form)
        for form in FORMATS.values()
        for suffix in form.suffixes
        if name.endswith(suffix) and name != suffix
    ]
    if known:
        return max(known, key=lambda pair: len(pair[0]))[1]
    return None if PurePath(path).suffix else FORMATS["text"]


# Each imports what it needs when it is asked for, so that the command starts fast.


def _text(of: Material) -> str:
    from deploygeo.report.text import to_text

    return to_text(of.report, color=of.color, all=of.full, width=of.width)


def _concise(of: Material) -> str:
    from deploygeo.report.text import to_concise

    return to_concise(of.report)


def _json(of: Material) -> str:
    from deploygeo.report.structured import to_json

    return to_json(of.report)


def _ndjson(of: Material) -> str:
    from deploygeo.report.structured import to_ndjson

    return to_ndjson(of.report)


def _csv(of: Material) -> str:
    from deploygeo.report.tables import to_csv

    return to_csv(of.report)


def _geojson(of: Material) -> str:
    from deploygeo.report.geojson import to_geojson

    return to_geojson(of.report, of.deployments, of.zones)


def _kml(of: Material) -> str:
    from deploygeo.report.kml import to_kml

    return to_kml(of.report, of.deployments, of.zones)


def _html(of: Material) -> str:
    from deploygeo.report.page import to_page

    return to_page(of.report, of.deployments)


def _markdown(of: Material) -> str:
    from deploygeo.report.markdown import to_markdown

    return to_markdown(of.report)


def _sarif(of: Material) -> str:
    from deploygeo.report.sarif import to_sarif

    return to_sarif(of.report, of.deployments)


def _junit(of: Material) -> str:
    from deploygeo.report.junit import to_junit

    return to_junit(of.report, of.deployments)


def _github(of: Material) -> str:
    from deploygeo.report.github import to_github

    return to_github(of.report, of.deployments)


#: A new form is one function from `Material` to text, and one line here.
FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        form.name: form
        for form in (
            Format("text", _text, (".txt",), "for people, in full"),
            Format("concise", _concise, (), "one line a finding"),
            Format("json", _json, (".json",), "everything, with a schema"),
            Format("ndjson", _ndjson, (".ndjson", ".jsonl"), "one JSON object a line"),
            Format("csv", _csv, (".csv",), "one row a finding"),
            Format("geojson", _geojson, (".geojson",), "a map, RFC 7946", draws=True),
            Format("kml", _kml, (".kml",), "a map for virtual globes", draws=True),
            Format("html", _html, (".html", ".htm"), "one page with map and reasons"),
            Format("md", _markdown, (".md", ".markdown"), "for a merge request or wiki"),
            Format("sarif", _sarif, (".sarif", ".sarif.json"), "for code scanning, 2.1.0"),
            Format("junit", _junit, (".xml",), "for test dashboards"),
            Format("github", _github, (), "workflow commands of GitHub"),
        )
    }
)
