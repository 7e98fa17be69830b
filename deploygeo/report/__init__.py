"""Reports: one result, many forms. Nothing here decides anything.

Pandas and PROJ are imported by the forms that need them, when they are asked for.
"""

from __future__ import annotations

from deploygeo.report.geojson import to_geojson
from deploygeo.report.github import to_github
from deploygeo.report.html import to_html
from deploygeo.report.junit import to_junit
from deploygeo.report.kml import to_kml
from deploygeo.report.markdown import to_markdown
from deploygeo.report.matrix import reading_matrix, to_matrix
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
    "to_sarif",
    "to_text",
]
