"""JSON Schemas (draft 2020-12) of what goes in and of what comes out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from deploygeo.checker.findings import HUMAN, VERDICTS
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
    groups,
    systems,
)
from deploygeo.report.receipt import ELLIPSOID, tool_versions
from deploygeo.report.structured import FORMAT

__all__ = ["input_schema", "report_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_TRUTH = {"type": "boolean"}
_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_INTERVAL = {
    "oneOf": [
        {"type": "number", "minimum": 0},
        {
            "type": "array",
            "items": {"type": "number", "minimum": 0},
            "minItems": 2,
            "maxItems": 2,
        },
    ]
}


def input_schema() -> dict[str, Any]:
    """Return the schema of ``properties`` in a feature: a deployment or a record.

    Every key of a deployment may be null, which is the same as absent.

    Examples
    --------
    >>> input_schema()["$defs"]["deployment"]["required"]
    ['id', 'party', 'kind']
    """
    return {
        "$schema": _DRAFT,
        "title": "Properties of a deploygeo feature",
        "if": {"required": ["record"], "properties": {"record": {"not": {"type": "null"}}}},
        "then": {"$ref": "#/$defs/record"},
        "else": {"$ref": "#/$defs/deployment"},
        "$defs": {
            "deployment": _closed(_deployment(), ["id", "party", "kind"]),
            "record": _closed(_record(), ["id", "record"]),
            "party": _enum(PARTIES, "ISO 3166-1 alpha-3, XKX, or NATO for what it owns itself"),
        },
    }


def report_schema() -> dict[str, Any]:
    """Return the schema of the JSON report.

    Examples
    --------
    >>> report_schema()["properties"]["format"]
    {'const': 'deploygeo-report/2'}
    """
    text_or_none = {"type": ["string", "null"]}
    number_or_none = {"type": ["number", "null"]}
    pair = _pair(number_or_none)
    count = {"type": "integer", "minimum": 0}
    verdict = {"enum": list(VERDICTS)}
    margin = _object({"lo": number_or_none, "hi": number_or_none, "unit": _TEXT})
    measure = _object(
        {
            "what": _TEXT,
            "distance_km": number_or_none,
            "error_km": number_or_none,
            "witness": pair,
            "unit": _TEXT,
            "at_least": _TRUTH | {"description": "whether the distance is a lower bound"},
        }
    )
    move = _object({"distance_km": number_or_none, "bearing_deg": number_or_none, "position": pair})
    waypoint = _object(
        {"position": pair, "time": _or_none({"type": "string", "format": "date-time"})}
    )
    episode = _object(
        {
            **dict.fromkeys(("certain", "from_start", "to_end"), _TRUTH),
            **dict.fromkeys(("first", "last", "deepest"), waypoint),
            "depth_km": pair,
        }
    ) | {"description": "a stretch of a track on which a breach holds, or may where not certain"}
    line = {"type": ["integer", "null"]}
    fault = _object(
        {
            "message": _TEXT,
            "source": _TEXT,
            "line": line,
            "column": line,
            "feature": line,
            "id": text_or_none,
            "pointer": _TEXT,
            "more": count | {"description": "of the same kind, counted and not told one by one"},
        }
    )
    finding = _object(
        {
            **dict.fromkeys(("id", "treaty", "clause", "article", "text"), _TEXT),
            "subject": {"enum": ["deployment", "record", "group"]},
            "members": _list(_TEXT),
            **dict.fromkeys(("name", "party"), _TEXT),
            "on": text_or_none,
            "verdict": verdict,
            "review": _TRUTH,
            "why": _list(_TEXT),
            "margin_km": _or_none(pair)
            | {"description": "negative is the depth of a breach; an end without a bound is null"},
            "margin": _or_none(margin),
            "witness": _or_none(pair),
            "measures": _list(measure),
            "range_km": _or_none(pair),
            **dict.fromkeys(("range_source", "host", "zone", "sea"), text_or_none),
            **dict.fromkeys(("level", "worldview"), _TEXT),
            "readings": {"type": "object", "additionalProperties": _TEXT},
            "stability": _list(_object({"change": _TEXT, "verdict": verdict})),
            "exception": text_or_none,
            "assumed": _list(_TEXT),
            "nearest_compliant": _or_none(move),
            "episodes": _list(episode),
            "episodes_open_km": {"type": "number", "minimum": 0}
            | {"description": "an episode shorter than this may be missing from the list"},
            "reason": _or_none({"$ref": "#/$defs/reason"}),
            "origin": _or_none(_object({"source": _TEXT, "line": line, "feature": line})),
        }
    )
    reason = _object(
        {
            "text": _TEXT,
            "truth": {"enum": ["false", "unknown", "true"]},
            "margin": margin,
            "children": _list({"$ref": "#/$defs/reason"}),
        },
        required=["text", "truth"],
    )
    clause = _object(dict.fromkeys(("treaty", "clause", "article", "text", "why"), _TEXT))
    settings = _object(
        {
            "worldview": _TEXT,
            "readings": {"type": "object", "additionalProperties": _TEXT},
            "params": {"type": "object", "additionalProperties": number_or_none},
            "on": text_or_none,
            "in_force": text_or_none,
            "level": _TEXT,
        }
    )
    file = {"name": _TEXT, "sha256": text_or_none}
    receipt = _object(
        {
            "versions": _object(dict.fromkeys(tool_versions(), _TEXT)),
            "ellipsoid": {"const": ELLIPSOID},
            "inputs": _list(_object(file)),
            "treaties": _list(_object(file)),
            "borders": _object({"level": _TEXT, "sha256": _TEXT}),
            "worldview": _TEXT,
            "readings": {"type": "object", "additionalProperties": _TEXT}
            | {"description": "each that was changed or that a finding consulted"},
            "params": {"type": "object", "additionalProperties": number_or_none},
            "on": _or_none(_DAY),
            "in_force": _or_none(_DAY),
            "baseline": _or_none(_object({**file, "known": count}))
            | {"description": "given where findings are only those new against this report"},
        }
    ) | {"description": "what the report rests on, so that anyone can make it again"}
    whole = _object(
        {
            "format": {"const": FORMAT},
            "receipt": receipt,
            "source": _TEXT,
            **dict.fromkeys(("deployments", "records"), count),
            "treaties": _list(_TEXT),
            "as_if_in_force": _list(_TEXT)
            | {"description": "drafts, never in force; settings.in_force says from when"},
            "settings": settings,
            "checks": count,
            "counts": _object(dict.fromkeys((*VERDICTS, HUMAN), count))
            | {"description": f"{HUMAN} is in no verdict's count; the sum is all checks"},
            "findings": _list(finding),
            "not_checkable": _list(clause),
            **dict.fromkeys(("faults", "warnings"), _list(fault)),
        }
    )
    return {"$schema": _DRAFT, "title": FORMAT, **whole, "$defs": {"reason": reason}}


def _deployment() -> dict[str, Any]:
    party: dict[str, Any] = {"$ref": "#/$defs/party"}
    return {
        "id": {"type": "string", "minLength": 1},
        "name": _TEXT,
        "party": party,
        "kind": _enum(KINDS),
        "activity": _enum(ACTIVITIES),
        "system": _enum(systems()),
        "range_km": _INTERVAL,
        "loadable_range_km": _INTERVAL,
        "radius_km": _INTERVAL,
        "basing": _enum(BASINGS),
        "nuclear": _TRUTH,
        "personnel": _INTERVAL,
        "contingents": _list(_closed({"party": party, "personnel": _INTERVAL}, ["party"])),
        "total": _TRUTH,
        "part_of": _TEXT,
        "echelon": _enum(ECHELONS, "the smallest first"),
        "brigades": {"type": "integer", "minimum": 0},
        "from": _DAY,
        "until": _DAY,
        "on": _DAY,
        "times": _list({"type": "string", "format": "date-time"}),
        "extent": _enum(EXTENTS),
        "position_error_km": {"type": "number", "minimum": 0},
        "framework": _TEXT,
        "loadout": _enum(LOADOUTS),
        "with": _list(party),
        "un_mandate": _TEXT,
        "scenario": _enum(SCENARIOS),
        "source": _TEXT,
        "notes": _TEXT,
    }


def _record() -> dict[str, Any]:
    party: dict[str, Any] = {"$ref": "#/$defs/party"}
    parties = {"oneOf": [party, _list(party)]}
    return {
        "id": {"type": "string", "minLength": 1},
        "name": _TEXT,
        "record": _enum(RECORD_KINDS),
        "party": party,
        "group": _enum(groups()),
        "by": parties,
        "for": {"oneOf": [_TEXT, _list(_TEXT)]},
        "with": parties,
        "clause": _TEXT,
        "holds": _TRUTH,
        "from": _DAY,
        "until": _DAY,
        "on": _DAY,
        "text": _TEXT,
        "source": _TEXT,
        "notes": _TEXT,
    }


def _closed(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """Return the schema of an object of the user's: null is as good as absent, if not required."""
    return {
        "type": "object",
        "properties": {
            key: value if key in required else _or_none(value) for key, value in properties.items()
        }
        # keys of the simplestyle convention, which map tools write, are ignored
        | {"title": {}, "description": {}},
        "patternProperties": {"^(marker-|stroke|fill)": {}},
        "required": required,
        "additionalProperties": False,
    }


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _enum(names: Iterable[str], description: str = "") -> dict[str, Any]:
    shown: dict[str, Any] = {"enum": list(names)}
    return shown | {"description": description} if description else shown


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _pair(items: dict[str, Any]) -> dict[str, Any]:
    return _list(items) | {"minItems": 2, "maxItems": 2}


def _or_none(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
