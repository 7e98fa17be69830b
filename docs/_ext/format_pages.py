"""The pages of the input and of the report, from the JSON Schemas that the package holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from docstrings import fields
from doctext import code, escaped, grouped, marked, page, table

from deploygeo.io import Limits
from deploygeo.model import (
    ACTIVITIES,
    BASINGS,
    ECHELONS,
    EXTENTS,
    KINDS,
    LOADOUTS,
    PARTIES,
    RECORD_KINDS,
    SCENARIOS,
    Deployment,
    Record,
    _flaws,
    groups,
    systems,
)
from deploygeo.report import earlier, input_schema, report_schema
from deploygeo.report.formats import FORMATS
from deploygeo.report.tables import COLUMNS

__all__ = ["input_format", "report_format"]


def input_format() -> str:
    """Return the page of what a file may hold."""
    schema = input_schema()["$defs"]
    return page(
        "Input format",
        "A file is GeoJSON (RFC 7946): a FeatureCollection, one Feature, one Feature a line, or a "
        "sequence (RFC 8142). "
        "Each feature is a *deployment*, or a *record* where its properties have the key "
        "`record`. Positions are longitude, then latitude, in degrees on WGS 84. A deployment "
        "has a geometry: a Point, a LineString (a track), a Polygon, their Multi-forms, or a "
        "GeometryCollection of them. A record has none (`null`). "
        "[Formats and samples](formats.md) has one of each.",
        "This page is made from the JSON Schema that the package holds; `deploygeo schema input` "
        "prints it. `null` is the same as absent. A key that is not listed is a fault, except "
        "those of simplestyle, which are not read: `title`, `description`, and what begins with "
        "`marker-`, `stroke` or `fill`.",
        "## A deployment",
        _properties(schema["deployment"], _meanings(Deployment, {"stay": ("from", "until", "on")})),
        "## A record",
        _properties(
            schema["record"],
            _meanings(
                Record,
                {"stay": ("from", "until", "on"), "kind": ("record",), "subject": ("for",)}
                | {"states": ("holds",), "partners": ("with",)},
            ),
        ),
        "## The words of a file",
        *_words(),
        "## Parties",
        "A party is a state by its ISO 3166-1 alpha-3 code, `XKX` for Kosovo, or `NATO` for what "
        f"it owns itself. Known: {_parties(schema['party']['enum'])}.",
        "## Limits",
        "What is larger is refused with a message that names the limit. `--limit NAME=NUMBER` and "
        "{py:class}`deploygeo.io.Limits` change it.",
        table(("Limit", "Of what", "Default"), _limits()),
        "A value beyond these is a fault, whatever the settings: what is larger was meant in "
        "another unit.",
        table(("Value", "At most"), [(what, grouped(most)) for what, most in _GREATEST]),
        "An earlier report, for `--baseline` or `deploygeo diff`, has at most "
        f"{grouped(earlier.MAX_BYTES)} bytes.",
    )


_WORDS = {
    "Kind": KINDS,
    "Activity": ACTIVITIES,
    "Basing": BASINGS,
    "Echelon": ECHELONS,
    "Extent": EXTENTS,
    "Loadout": LOADOUTS,
    "Scenario": SCENARIOS,
    "Record": RECORD_KINDS,
}


def _words() -> list[str]:
    """Return a table for each list of words, under a heading that the keys lead to."""
    parts = []
    for title, words in _WORDS.items():
        rows = [(code(word), escaped(what)) for word, what in words.items()]
        parts += [f"### {title}", table(("Word", "What it means"), rows)]
    return parts


def _parties(codes: list[str]) -> str:
    return ", ".join(f"{code(party)} {escaped(PARTIES[party])}" for party in codes)


# What the docstrings of `Deployment` and `Record` leave to the reader of a file.
_KEYS = {
    "kind": "What it is: clauses ask for kinds.",
    "name": "What reports call it; its id otherwise.",
    "system": "A weapon system of the [catalogue](systems.md); gives what the file leaves out.",
    "loadable_range_km": "Of the longest weapon that the type can carry.",
    "radius_km": "Combat radius of an aircraft.",
    "basing": "From where it is launched; the system's own without.",
    "nuclear": "Whether it is a nuclear weapon, or about nuclear weapons.",
    "contingents": "The parties of a multinational unit, each with `party` and, where it is known, "
    "`personnel`; each is counted by its own flag.",
    "total": "Whether it reports all forces of its party there; totals and parts are never added.",
    "part_of": "The id of the deployment that already counts it.",
    "echelon": "The size of a ground unit.",
    "brigades": "How many brigades are under one command.",
    "from": "The first day of the stay.",
    "until": "The last day of the stay, itself included.",
    "on": "The day, where the stay is one day.",
    "extent": "Of an area: somewhere inside it, or everywhere in it.",
    "position_error_km": "How far off the position may be; part of every margin.",
    "framework": "Under which agreement or operation it acts.",
    "loadout": "Whether the weapons are reported, or assumed to be the usual ones.",
    "with": "The other states that take part, train or are trained.",
    "un_mandate": "A mandate of the Security Council that is asserted, in words.",
    "scenario": "The scenario of an exercise.",
    "source": "Where it was reported.",
    "notes": "Anything else; nothing reads it.",
    "for": "Ids of the deployments, or names of the clauses, that it is for.",
    "holds": "What a finding says: whether it holds.",
    "record": "What happened.",
    "text": "What was said or decided, in words.",
}


_GREATEST = (
    ("A range or a combat radius, km", _flaws.MAX_KM),
    ("`position_error_km`", _flaws.MAX_POSITION_ERROR_KM),
    ("`personnel`", _flaws.MAX_PERSONNEL),
    ("`brigades`", _flaws.MAX_BRIGADES),
)


def _limits() -> list[tuple[str, str, str]]:
    values = Limits()
    return [
        (code(name), marked(item.text), grouped(getattr(values, name)))
        for item in fields(Limits)
        for name in item.names
    ]


def _meanings(thing: type, other: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return what the docstring of a class says of each key of a file."""
    told: dict[str, str] = {}
    for item in fields(thing):
        for name in item.names:
            for key in other.get(name, (name,)):
                told.setdefault(key, item.text)
    return told


def _properties(schema: Mapping[str, Any], meanings: Mapping[str, str]) -> str:
    rows = []
    for name, value in schema["properties"].items():
        if not value:
            continue
        needed = name in schema["required"]
        own = meanings.get(name, "")
        # "One of `KINDS`." says no more than the list beside it
        told = _KEYS.get(name) or re.sub(r"^One of `[A-Z_]+`[.;] ?", "", own)
        told = told if name in _KEYS else marked(told[:1].upper() + told[1:])
        kind = _type(value).removesuffix(" or null")
        rows.append((code(name), f"{told} **Needed.**" if needed else told, kind))
    return table(("Key", "What it is", "Value"), rows)


_SEVERAL = {"an object": "objects", "text": "texts", "a number": "numbers"}


def _type(schema: Mapping[str, Any]) -> str:
    """Return a schema in a few words."""
    told = _kind(schema)
    description = schema.get("description", "")
    return f"{told} ({marked(description)})" if description else told


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {"party": "[a party](#parties)"}.get(name, f"a {name}, as below")
    for key in ("anyOf", "oneOf"):
        if key in schema and any(item.get("minItems") == 2 for item in schema[key]):
            number = next((_kind(item) for item in schema[key] if "minItems" not in item), "")
            if number.startswith("a number"):
                return f"{number}, or `[least, most]`"
        if key in schema:
            return " or ".join(_kind(item) for item in schema[key])
    if "const" in schema:
        return code(str(schema["const"]))
    for title, words in _WORDS.items():
        if set(schema.get("enum", ())) == set(words):
            return f"[one of these](#{title.lower()})"
    if "enum" in schema and set(schema["enum"]) in (set(systems()), set(groups())):
        what = "systems" if set(schema["enum"]) == set(systems()) else "groups"
        return f"the id of one of the [{what}]({what}.md)"
    if "enum" in schema:
        return ", ".join(code(str(item)) for item in schema["enum"])
    kinds = schema.get("type", [])
    told = [_simple(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return " or ".join(told) or "anything"


def _simple(kind: str, schema: Mapping[str, Any]) -> str:
    if kind == "array":
        pair = schema.get("minItems") == schema.get("maxItems") == 2
        items = _kind(schema["items"])
        return f"{'a pair' if pair else 'a list'} of {_SEVERAL.get(items, items)}"
    if kind == "object":
        if not schema.get("properties"):
            return f"names with {_kind(schema.get('additionalProperties') or {})}"
        return "an object"
    if kind == "string":
        form = {"date": "a day, `YYYY-MM-DD`", "date-time": "a time with its zone"}
        return form.get(schema.get("format", ""), "text")
    least = f" from {schema['minimum']}" if "minimum" in schema else ""
    words = {"number": "a number", "integer": "a whole number", "boolean": "true or false"}
    return f"{words.get(kind, kind)}{least}"


def report_format() -> str:
    """Return the page of what a report holds."""
    schema = report_schema()
    forms = [
        (
            code(form.name),
            escaped(form.what),
            ", ".join(map(code, form.suffixes)),
            "yes" if form.draws else "",
        )
        for form in FORMATS.values()
    ]
    return page(
        "Report format",
        "`deploygeo check` writes a report in one or several forms, `-f` by name or `-o` by the "
        "suffix of the file. They are forms of one result: every form says what was checked as if "
        "in force, under which worldview and readings, and how many checks came out how, and has "
        "a *receipt*. [Formats and samples](formats.md) shows some of each.",
        table(("Form", "What it is for", "Suffixes", "Draws zones"), forms),
        "## JSON",
        "This page is made from the JSON Schema that the package holds; `deploygeo schema report` "
        "prints it. In Python, `deploygeo.check` returns a "
        "{py:class}`~deploygeo.checker.Report`, whose `to_json` gives the same.",
        "### The report",
        *_objects("", schema, 3),
        *(
            part
            for name, value in schema.get("$defs", {}).items()
            for part in (f"### A {name}", *_objects(name, value, 3))
        ),
        "## CSV",
        "One row a finding. Intervals are two columns, an empty cell is nothing, `unbounded` is a "
        f"margin without an end. The columns: {', '.join(map(code, COLUMNS))}.",
    )


def _objects(path: str, schema: Mapping[str, Any], depth: int) -> list[str]:
    """Return a table of the keys of an object, and one for each object below it."""
    rows, below = [], []
    for name, value in schema["properties"].items():
        inner = _inner(value)
        at = f"{path}.{name}" if path else name
        if inner is not None:
            below += [f"{'#' * (depth + 1)} {code(at)}", *_objects(at, inner, depth)]
        needed = "" if name in schema.get("required", ()) else "maybe"
        rows.append((code(name), _type(value), needed))
    head = ("Key", "Value", "Always there")
    width = 3 if any(last for *_, last in rows) else 2
    told = [(name, kind, last or "yes")[:width] for name, kind, last in rows]
    return [table(head[:width], told), *below]


def _inner(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the object with keys of its own that a schema holds, if any."""
    if schema.get("properties"):
        return schema
    for item in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found = _inner(item)
        if found is not None:
            return found
    return _inner(schema["items"]) if "items" in schema else None
