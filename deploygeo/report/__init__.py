"""Reports: one result, many forms. Nothing here decides anything.

A form is imported when it is first asked for, and with it what it needs: the page, the zones and
pandas take longer to load than a small file to check.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deploygeo.report.geojson import to_geojson
    from deploygeo.report.github import to_github
    from deploygeo.report.html import to_html
    from deploygeo.report.junit import to_junit
    from deploygeo.report.kml import to_kml
    from deploygeo.report.markdown import to_markdown
    from deploygeo.report.matrix import reading_matrix, to_matrix
    from deploygeo.report.page import to_page
    from deploygeo.report.sarif import to_sarif
    from deploygeo.report.schema import input_schema, report_schema
    from deploygeo.report.structured import to_json, to_ndjson
    from deploygeo.report.tables import to_csv, to_frame
    from deploygeo.report.text import to_concise, to_text

__all__ = [
    "input_schema",
    "reading_matrix",
    "report_schema",
    "to_concise",
    "to_csv",
    "to_frame",
    "to_geojson",
    "to_github",
    "to_html",
    "to_json",
    "to_junit",
    "to_kml",
    "to_markdown",
    "to_matrix",
    "to_ndjson",
    "to_page",
    "to_sarif",
    "to_text",
]

# Name → module.
_HOMES = {
    "input_schema": "deploygeo.report.schema",
    "reading_matrix": "deploygeo.report.matrix",
    "report_schema": "deploygeo.report.schema",
    "to_concise": "deploygeo.report.text",
    "to_csv": "deploygeo.report.tables",
    "to_frame": "deploygeo.report.tables",
    "to_geojson": "deploygeo.report.geojson",
    "to_github": "deploygeo.report.github",
    "to_html": "deploygeo.report.html",
    "to_json": "deploygeo.report.structured",
    "to_junit": "deploygeo.report.junit",
    "to_kml": "deploygeo.report.kml",
    "to_markdown": "deploygeo.report.markdown",
    "to_matrix": "deploygeo.report.matrix",
    "to_ndjson": "deploygeo.report.structured",
    "to_page": "deploygeo.report.page",
    "to_sarif": "deploygeo.report.sarif",
    "to_text": "deploygeo.report.text",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'deploygeo.report' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
