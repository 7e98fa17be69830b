"""What is written reads back equal: features and GeoDataFrames."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from deploygeo.errors import InputError
from deploygeo.io import from_geodataframe, read, to_features, to_geodataframe
from deploygeo.model import (
    ACTIVITIES,
    BASINGS,
    ECHELONS,
    KINDS,
    PARTIES,
    Contingent,
    Deployment,
    Record,
    Stay,
)

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)
PARTY = st.sampled_from(sorted(PARTIES))
TEXT = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20).filter(
    lambda text: text.strip() == text
)
KM = st.floats(0, 50_000)
INTERVALS = st.none() | KM | st.tuples(KM, KM).map(sorted)
PEOPLE = st.none() | st.integers(0, 10**6)
DAY = st.dates(date(1949, 1, 1), date(2049, 1, 1))
STAYS = st.one_of(
    st.none(), DAY, st.tuples(DAY, DAY).map(sorted).map(tuple), st.tuples(DAY, st.none())
)


@st.composite
def deployments(draw, id_=TEXT):
    lon, lat = draw(st.floats(-170, 170)), draw(st.floats(-80, 80))
    geometry = draw(
        st.sampled_from(
            [
                shapely.Point(lon, lat),
                shapely.LineString([(lon, lat), (lon + 1, lat + 1)]),
                shapely.box(lon, lat, lon + 1, lat + 2),
                shapely.MultiPoint([(lon, lat), (lon + 1, lat)]),
            ]
        )
    )
    times = ()
    if geometry.geom_type == "LineString" and draw(st.booleans()):
        moment = datetime(2021, 12, 17, 9, 30, 0, draw(st.integers(0, 999_999)), tzinfo=UTC)
        times = (moment, moment)
    return Deployment(
        id=draw(id_),
        party=draw(PARTY),
        kind=draw(st.sampled_from(sorted(KINDS))),
        activity=draw(st.sampled_from(sorted(ACTIVITIES))),
        geometry=geometry,
        name=draw(st.none() | TEXT),
        range_km=draw(INTERVALS),
        radius_km=draw(INTERVALS),
        personnel=draw(PEOPLE),
        contingents=[Contingent(party) for party in draw(st.sets(PARTY, max_size=3))],
        basing=draw(st.none() | st.sampled_from(sorted(BASINGS))),
        echelon=draw(st.none() | st.sampled_from(sorted(ECHELONS))),
        nuclear=draw(st.none() | st.booleans()),
        total=draw(st.booleans()),
        stay=draw(STAYS) if not times else None,
        times=times,
        extent=draw(st.none() | st.sampled_from(["occupied", "uncertain"])),
        position_error_km=draw(st.floats(0, 100)),
        partners=sorted(draw(st.sets(PARTY, max_size=3))),
        notes=draw(st.none() | TEXT),
    )


@given(st.lists(deployments(), max_size=4, unique_by=lambda one: one.id))
def test_deployments_read_back_equal(things):
    text = json.dumps(to_features(things))
    reading = read(json.loads(text))
    assert reading.faults == ()
    assert list(reading.deployments) == things


@settings(max_examples=20, deadline=None)
@given(st.lists(deployments(), min_size=1, max_size=4, unique_by=lambda one: one.id))
def test_geodataframes_read_back_equal(things):
    assert list(from_geodataframe(to_geodataframe(things))) == things


def test_records_read_back_equal():
    things = [
        Record(id="f", kind="accession", party="FIN", group="NATO", stay="2023-04-04"),
        Record(
            id="c", kind="consent", by=("USA", "RUS"), subject=("a",), stay=("2021-12-01", None)
        ),
        Record(id="s", kind="finding", clause="5(1)", states=False, text="it does not"),
        Record(id="k", kind="cooperation", party="USA", partners=("UKR",)),
    ]
    assert list(read(to_features(things)).records) == things
    assert list(from_geodataframe(to_geodataframe(things))) == things


def test_an_empty_list_gives_an_empty_frame():
    assert from_geodataframe(to_geodataframe([])) == ()


def frame(**columns):
    table = {"id": ["a"], "party": ["USA"], "kind": ["radar"], **columns}
    return geopandas.GeoDataFrame(table, geometry=[shapely.Point(2.0, 48.0)], crs="EPSG:4326")


def test_a_projected_frame_is_transformed():
    (radar,) = from_geodataframe(frame().to_crs("EPSG:3857"))
    assert shapely.distance(radar.geometry, shapely.Point(2.0, 48.0)) < 1e-9


def test_a_frame_without_a_crs_is_refused():
    with pytest.raises(InputError, match="no CRS"):
        from_geodataframe(frame().set_crs(None, allow_override=True))


def test_an_unknown_column_is_told_once_and_the_rows_are_read():
    reading = read(frame(rnage_km=[5]))
    assert [fault.message for fault in reading.faults] == [
        "unknown column 'rnage_km'; did you mean 'range_km'?"
    ]
    assert len(reading.deployments) == 1


def test_missing_cells_are_absent_and_numbers_of_numpy_are_numbers():
    import pandas

    table = frame(
        range_km=[float("nan")],
        brigades=[2],
        nuclear=[True],
        **{"from": [pandas.Timestamp("2021-12-17")]},
    )
    (radar,) = from_geodataframe(table)
    assert (radar.range_km, radar.brigades, radar.nuclear) == (None, 2, True)
    assert radar.stay == Stay(date(2021, 12, 17), None)


def test_a_row_without_a_place_is_a_fault():
    table = frame()
    table.loc[0, "geometry"] = None
    assert [fault.pointer for fault in read(table).faults] == ["/features/0/geometry"]


def test_lists_survive_a_file_of_texts():
    (radar,) = from_geodataframe(frame(range_km=["[500, 2500]"], **{"with": ['["UKR"]']}))
    assert (radar.range_km.hi, radar.partners) == (2500, ("UKR",))


EXAMPLE = Path(__file__).parents[2] / "examples" / "europe-2021-12-17.geojson"


def everything(source):
    reading = read(source)
    assert reading.faults == ()
    return [*reading.deployments, *reading.records]


def test_the_example_reads_the_same_through_geopandas():
    """GDAL made 1.0 of true and lists of one of numbers: 27 faults."""
    assert everything(geopandas.read_file(EXAMPLE)) == everything(EXAMPLE)


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.parquet"])
def test_a_frame_reads_back_equal_from_a_file(name, tmp_path):
    """Columns of objects came back as texts: 60 faults in a GeoPackage."""
    things = everything(EXAMPLE)
    frame = to_geodataframe(things)
    path = tmp_path / name
    if name.endswith("parquet"):
        frame.to_parquet(path)
        assert everything(geopandas.read_parquet(path)) == things
        return
    frame.to_file(path)
    assert everything(geopandas.read_file(path)) == things
    if name.endswith("geojson"):
        assert everything(path) == things


def test_texts_in_columns_of_numbers_are_numbers():
    (radar,) = from_geodataframe(
        frame(
            position_error_km=["1.5"], personnel=["20"], nuclear=["True"], **{"with": ["['UKR']"]}
        )
    )
    assert (radar.position_error_km, radar.personnel.hi, radar.nuclear) == (1.5, 20, True)
    assert radar.partners == ("UKR",)
    assert "number" in read(frame(position_error_km=["nan"])).faults[0].message


def test_a_table_without_places_or_with_a_column_twice_is_refused_in_words():
    import pandas

    table = pandas.DataFrame({"id": ["a"], "lon": [2.0]})
    assert "no geometry column; make it a GeoDataFrame" in read(table).faults[0].message
    twice = frame(name=["x"])
    twice.columns = ["id", "party", "id", "name", "geometry"]
    assert read(twice).faults[0].message == "the column 'id' comes twice; keep one of them"
