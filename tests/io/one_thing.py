"""Files of some size that are nothing but one thing, over and over."""

import json
import math
import random

POINT = '{"type":"Point","coordinates":[1,2]}'
SHIP = '"party":"USA","kind":"surface_warship"'


def files(names, size):
    """Return contents of about `size` bytes, by what they are full of."""
    return {name: MAKERS[name](size).encode("utf-8", "surrogatepass") for name in names}


def _in_list(text):
    return lambda size: _collection(",".join([text] * (size // (len(text) + 1))))


def _over_and_over(text, before="", after=""):
    return lambda size: before + text * (size // len(text)) + after


def _collection(text):
    return f'{{"type":"FeatureCollection","features":[{text}]}}'


def _feature(geometry=POINT, properties=SHIP, id_="a"):
    head = f'{{"type":"Feature","id":"{id_}","geometry":{geometry}'
    return f'{head},"properties":{{{properties}}}}}'


def _listed(text, before, after):
    """Return a maker of one feature with a list of `text`."""
    return lambda size: _collection(
        before + ",".join([text] * (size // (len(text) + 1))) + after + "}"
    )


def _numbered(size, text, each, start=_collection):
    return start(",".join(text(number) for number in range(size // each)))


def _property(name, text):
    return _listed(
        text,
        f'{{"type":"Feature","id":"a","geometry":{POINT},"properties":{{{SHIP},"{name}":[',
        "]}",
    )


def _geometry(kind, member, text):
    head = f'{{"type":"Feature","id":"a","properties":{{{SHIP}}},"geometry":{{'
    return _listed(text, f'{head}"type":"{kind}","{member}":[', "]}")


def _drawn(kind, coordinates):
    text = json.dumps({"type": kind, "coordinates": coordinates}, separators=(",", ":"))
    return _collection(_feature(text))


def _circle(count, radius=5.0, lon=0.0, lat=40.0):
    turns = [2 * math.pi * number / count for number in range(count)]
    ring = [[lon + radius * math.cos(turn), lat + radius * math.sin(turn)] for turn in turns]
    ring = [[round(lon, 9), round(lat, 9)] for lon, lat in ring]
    return [*ring, ring[0]]


def _scattered(count):
    rng = random.Random(3)  # noqa: S311
    ring = [[round(rng.uniform(-9, 9), 6), round(rng.uniform(30, 50), 6)] for _ in range(count)]
    return [*ring, ring[0]]


def _holes(count):
    return [
        _circle(4, 0.001, number % 300 * 0.1, 30 + number // 300 * 0.1) for number in range(count)
    ]


FRAME = [[-20, 0], [70, 0], [70, 70], [-20, 70], [-20, 0]]
TRIANGLE = "[[[0,40],[1,40],[1,41],[0,40]]]"
MAKERS = {
    "numbers": _in_list("1"),
    "empty objects": _in_list("{}"),
    "nulls": _in_list("null"),
    "features of nothing": _in_list('{"type":"Feature"}'),
    "one feature": _in_list(_feature()),
    "features with faults of their own": lambda size: _numbered(
        size,
        lambda n: f'{{"type":"Feature","id":"{n}","properties":{{"party":"U{n}","kind":"k{n}"}}}}',
        75,
    ),
    "brackets": _over_and_over("["),
    "braces": _over_and_over('{"a":'),
    "a number": _over_and_over("1", '{"type":"FeatureCollection","features":[', "]}"),
    "escapes": _over_and_over("\\u00e9", '{"type":"FeatureCollection","features":["', '"]}'),
    "a text without an end": _over_and_over("x", '{"type":"FeatureCollection","features":["'),
    "blanks": _over_and_over(" "),
    "line breaks": _over_and_over("\n", '{"type":"FeatureCollection","features":[', "1]}"),
    "commas": _over_and_over(",", '{"type":"FeatureCollection","features":['),
    "lines of numbers": _over_and_over("1\n"),
    "lines of braces": _over_and_over("{\n"),
    "separators": _over_and_over("\x1e"),
    "sequences of numbers": _over_and_over("\x1e1\n"),
    "zero bytes": _over_and_over("\0"),
    "unknown properties": lambda size: _numbered(
        size, lambda n: f'"k{n}":1', 12, lambda text: _feature(properties=text)
    ),
    "one property": _listed('"k":1', '{"type":"Feature","geometry":null,"properties":{', "}"),
    "not a number": _listed("NaN", f'{{"type":"Feature","id":"a","geometry":{POINT},"x":[', "]"),
    "members": lambda size: _numbered(
        size,
        lambda n: f'"k{n}":1',
        12,
        lambda text: f'{{{text},"type":"FeatureCollection","features":[]}}',
    ),
    "an id": lambda size: _collection(_feature(id_="x" * size)),
    "combining marks": lambda size: _collection(
        _feature(properties='"party":"' + "e\u0301" * (size // 3) + '"')
    ),
    "halves of pairs": lambda size: _collection(
        _feature(properties='"party":"' + "\\ud800" * (size // 6) + '"')
    ),
    "a ring": lambda size: _drawn("Polygon", [_circle(size // 27)]),
    "a ring that crosses itself": lambda size: _drawn("Polygon", [_scattered(size // 22)]),
    "a line": lambda size: _drawn("LineString", _scattered(size // 22)),
    "points": lambda size: _drawn("MultiPoint", _scattered(size // 22)),
    "islands": lambda size: _drawn("MultiPolygon", [[ring] for ring in _holes(size // 85)]),
    "holes": lambda size: _drawn("Polygon", [FRAME, *_holes(size // 85)]),
    "one triangle": _geometry("MultiPolygon", "coordinates", TRIANGLE),
    "a collection": _geometry("GeometryCollection", "geometries", POINT),
    "wrong positions": _geometry("MultiPoint", "coordinates", "[999,9]"),
    "no positions": _geometry("MultiPoint", "coordinates", "1"),
    "partners": _property("with", '"FRA"'),
    "unknown partners": _property("with", '"F"'),
    "contingents": _property("contingents", '{"party":"FRA","personnel":5}'),
    "empty contingents": _property("contingents", "{}"),
    "times": _property("times", '"2021-12-17T09:30:00Z"'),
    "wrong times": _property("times", "1"),
    "ranges": _property("range_km", "1"),
}
