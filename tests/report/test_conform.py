"""Our own reading of our schemas, beside jsonschema's."""

import copy
import json
import random

import jsonschema

from deploygeo import report as reporters
from deploygeo.report.conform import KEYWORDS, nonconformity
from deploygeo.report.schema import report_schema

ODD = [None, True, 0, -1, 1.5, "", "2021-02-03", "x", [], [1, 2], {}, {"lo": 1}, [None, None]]


def keywords(schema):
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            if key in ("properties", "$defs"):
                for one in value.values():
                    yield from keywords(one)
            elif key not in ("const", "enum"):
                yield from keywords(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from keywords(one)


def test_the_schema_of_the_report_has_no_keyword_that_is_not_read():
    assert set(keywords(report_schema())) <= KEYWORDS


def spots(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, one in value.items():
            yield from spots(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from spots(one, (*path, index))


def test_a_report_with_any_one_thing_wrong_is_judged_as_jsonschema_judges_it(report):
    """Six hundred times one value is put in the place of another, or a key added or left out."""
    schema = report_schema()
    judge = jsonschema.Draft202012Validator(schema)
    whole = json.loads(reporters.to_json(report))
    assert nonconformity(whole, schema) is None
    places = [path for path in spots(whole) if path]
    draw = random.Random(7)  # noqa: S311 - no secret
    verdicts = []
    for _ in range(600):
        body = copy.deepcopy(whole)
        *path, last = draw.choice(places)
        inner = body
        for step in path:
            inner = inner[step]
        how = draw.randrange(3)
        if how == 0:
            del inner[last]
        elif how == 1 and isinstance(inner, dict):
            inner["new"] = draw.choice(ODD)
        else:
            inner[last] = draw.choice(ODD)
        verdicts.append(judge.is_valid(body))
        assert (nonconformity(body, schema) is None) == verdicts[-1], (path, last)
    assert 0.05 < verdicts.count(True) / len(verdicts) < 0.6
