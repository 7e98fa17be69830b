"""Whether a value fits one of our JSON Schemas: as much of the standard as they use."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from deploygeo.model._shown import pointer, shown

__all__ = ["KEYWORDS", "nonconformity"]

_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}
#: The keywords that are read or only annotate; a test holds our schemas to them.
KEYWORDS = frozenset(
    {
        *("$schema", "$defs", "$ref", "title", "description", "format", "type", "const", "enum"),
        *("properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
        *("anyOf", "oneOf", "minimum", "minLength", "pattern"),
    }
)


def nonconformity(value: Any, schema: Mapping[str, Any]) -> str | None:
    """Return the first way in which a value does not fit a schema, and where; None if it fits.

    Formats of texts (date, date-time) are annotations and not checked, as by default in the
    standard.

    Parameters
    ----------
    value : object
        As `json.loads` gives it.
    schema : mapping
        Of draft 2020-12, without keywords that ours do not use.

    Examples
    --------
    >>> schema = {"type": "object", "properties": {"a": {"enum": [1, 2]}}, "required": ["a"]}
    >>> nonconformity({"a": 1}, schema) is None
    True
    >>> nonconformity({"a": 3}, schema)
    '/a is 3, which is not one of 1, 2'
    >>> nonconformity({}, schema)
    'the top level lacks a'
    """
    return _wrong(value, schema, schema, ())


def _wrong(
    value: Any, schema: Mapping[str, Any], top: Mapping[str, Any], path: tuple[str | int, ...]
) -> str | None:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return _wrong(value, top["$defs"][name], top, path)
    where = pointer(path) or "the top level"
    told = f"{where} is {shown(value)}"
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(_is(value, name) for name in names):
            return f"{told}, which is no {' and no '.join(names)}"
    if "const" in schema and not _same(value, schema["const"]):
        return f"{told}, which is not {schema['const']!r}"
    if "enum" in schema and not any(_same(value, one) for one in schema["enum"]):
        return f"{told}, which is not one of {', '.join(map(str, schema['enum'][:24]))}"
    if "minimum" in schema and _is(value, "number") and value < schema["minimum"]:
        return f"{told}, which is below {schema['minimum']}"
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            return f"{where} is empty"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return f"{told}, which is not as {schema['pattern']} wants it"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            found = [_wrong(value, one, top, path) for one in schema[key]]
            fitting = found.count(None)
            if fitting == 0 or (key == "oneOf" and fitting != 1):
                # where one may be null, what is wrong with the other says more
                return next((one for one in found if one is not None), f"{told}, which fits two")
    if isinstance(value, dict):
        return _wrong_object(value, schema, top, path, where)
    if isinstance(value, list):
        return _wrong_list(value, schema, top, path, where)
    return None


def _wrong_object(
    value: dict[str, Any],
    schema: Mapping[str, Any],
    top: Mapping[str, Any],
    path: tuple[str | int, ...],
    where: str,
) -> str | None:
    known = schema.get("properties", {})
    for key in schema.get("required", ()):
        if key not in value:
            return f"{where} lacks {key}"
    rest = schema.get("additionalProperties", True)
    for key, one in value.items():
        if key in known:
            inner = known[key]
        elif isinstance(rest, Mapping):
            inner = rest
        elif rest:
            continue
        else:
            return f"{where} has {shown(key)}, which nobody defined"
        wrong = _wrong(one, inner, top, (*path, key))
        if wrong is not None:
            return wrong
    return None


def _wrong_list(
    value: list[Any],
    schema: Mapping[str, Any],
    top: Mapping[str, Any],
    path: tuple[str | int, ...],
    where: str,
) -> str | None:
    if len(value) < schema.get("minItems", 0) or len(value) > schema.get("maxItems", math.inf):
        return f"{where} has {len(value)} items"
    if "items" in schema:
        for index, one in enumerate(value):
            wrong = _wrong(one, schema["items"], top, (*path, index))
            if wrong is not None:
                return wrong
    return None


def _is(value: Any, name: str) -> bool:
    if name in ("number", "integer"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return name == "number" or value == int(value)
    return isinstance(value, _TYPES[name])


def _same(value: Any, other: Any) -> bool:
    # to Python 1 is True
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)
