"""The same deployments in every format are the same deployments, and give the same report."""

import csv
import json
import re

import geopandas
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deploygeo.checker import check
from deploygeo.io import read, to_features, to_geodataframe
from deploygeo.model import Deployment, Record
from deploygeo.report import to_json
from deploygeo.testing.strategies import deployments

EXAMPLE = "examples/europe-2021-12-17.geojson"
FORMATS = ("gpkg", "kml", "parquet", "feather")


def write(things, folder, suffix):
    """Write with the libraries that everyone writes such files with."""
    path = folder / f"f.{suffix}"
    path.unlink(missing_ok=True)
    if suffix == "geojson":
        path.write_text(json.dumps(to_features(things)))
        return path
    if suffix == "csv":
        write_table(things, path)
        return path
    frame = to_geodataframe(things)
    if suffix == "parquet":
        frame.to_parquet(path)
    elif suffix == "feather":
        frame.to_feather(path)
    else:
        driver = {"gpkg": "GPKG", "kml": "LIBKML"}[suffix]
        pyogrio.write_dataframe(frame, path, driver=driver)
    return path


def write_table(things, path):
    def cell(key, value):
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if key == "contingents":
            return json.dumps(value)
        if isinstance(value, list) and isinstance(value[0], str):
            return json.dumps(value)
        return "-".join(map(repr, value)) if isinstance(value, list) else str(value)

    rows = [one["properties"] for one in to_features(things)["features"]]
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow([*names, "lon", "lat"])
        for row, thing in zip(rows, things, strict=True):
            place = getattr(thing, "geometry", None)
            at = ("", "") if place is None else (repr(place.x), repr(place.y))
            out.writerow([*(cell(name, row.get(name)) for name in names), *at])


def everything(reading):
    assert reading.faults == ()
    return sorted([*reading.deployments, *reading.records], key=lambda one: one.id)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_example_is_the_same_in_every_format(tmp_path, suffix):
    things = everything(read(EXAMPLE))
    assert everything(read(write(things, tmp_path, suffix))) == things


def test_the_points_of_the_example_are_the_same_in_a_table(tmp_path):
    things = [
        one
        for one in everything(read(EXAMPLE))
        if isinstance(one, Record) or one.geometry.geom_type == "Point"
    ]
    assert len(things) > 50
    assert everything(read(write(things, tmp_path, "csv"))) == things


def report_of(path):
    """Return the report without where and of what it was read."""
    told = json.loads(to_json(check(path, "us-russia-2021", on="2021-12-17")))
    assert told["findings"]
    told["receipt"].pop("inputs")  # the name and the checksum of the file
    text = json.dumps(told, sort_keys=True)
    text = re.sub(r'"line": (null|\d+)', '"line": 0', text)
    return text.replace(path.name, "f")


def without_hidden(thing):
    """GDAL leaves out what XML cannot hold, and pads no text."""
    texts = (thing.id, thing.name, thing.notes, thing.source, thing.framework, thing.un_mandate)
    return all(one is None or (one.isprintable() and one == one.strip()) for one in texts)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(
    st.lists(
        deployments(treaty="us-russia-2021", clause="5.2").filter(without_hidden),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([*FORMATS, "csv"]),
)
def test_the_same_deployments_give_the_same_report_in_every_format(tmp_path, drawn, suffix):
    things = [renamed(one, f"d{index}") for index, one in enumerate(drawn)]
    first = write(things, tmp_path, "geojson")
    expected = everything(read(first))
    types = {one.geometry.geom_type for one in things}
    assume(suffix != "csv" or types == {"Point"})
    # of several points KML has a MultiGeometry, whether or not they were a collection
    assume(suffix != "kml" or "GeometryCollection" not in types)
    path = write(things, tmp_path, suffix)
    assert everything(read(path)) == expected
    assert report_of(path) == report_of(first)


def renamed(thing, id_):
    """Return a deployment with an id of its own and no number of more than six decimals.

    GDAL writes KML with fifteen digits, and not the number that it was given.
    """
    text = json.dumps(to_features([thing])["features"][0])
    feature = json.loads(text, parse_float=lambda number: round(float(number), 6))
    feature["properties"] = {**feature["properties"], "id": id_, "part_of": None}
    reading = read(feature)
    assume(not reading.faults)  # a shape may be too small for six decimals
    return reading.deployments[0]


def test_where_a_deployment_stands_is_told_of_every_format(tmp_path):
    things = [
        Deployment(id="a", party="USA", kind="radar", geometry=(1, 2)),
        Deployment(id="b", party="USA", kind="radar", geometry=(3, 4)),
    ]
    lines = {}
    for suffix in (*FORMATS, "csv"):
        path = write(things, tmp_path, suffix)
        origin = read(path).deployments[1].origin
        assert origin.source == str(path)
        assert origin.feature == 1
        lines[suffix] = origin.line
    assert lines["csv"] == 3
    assert lines["kml"] > 3
    assert lines["gpkg"] is lines["parquet"] is lines["feather"] is None


@pytest.mark.parametrize(
    ("levels", "words"), [(500, "inside another"), (3_000, "deeper than can be read")]
)
def test_a_nested_geometry_in_a_frame_is_a_fault_and_no_crash(levels, words):
    """Of 3 000 levels there was a RecursionError."""
    nested = shapely.Point(1, 2)
    for _ in range(levels):
        nested = shapely.GeometryCollection([nested])
    frame = geopandas.GeoDataFrame(
        {"id": ["a"], "party": ["USA"], "kind": ["radar"]}, geometry=[nested], crs=4326
    )
    reading = read(frame)
    assert reading.deployments == ()
    assert words in reading.faults[0].message
    row = {"type": "Feature", "properties": {"id": "a"}, "geometry": b"\x01\x07\x00\x00\x00"}
    assert "geometry is a GeoJSON object" in str(read(row).faults)
