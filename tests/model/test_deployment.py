import dataclasses
from datetime import UTC, date, datetime

import pytest
import shapely

from deploygeo import boundaries
from deploygeo.errors import InputError
from deploygeo.model import PARTIES, Contingent, Deployment, Interval, Record, Stay, systems
from deploygeo.model.parties import TERRITORIES

SHIP = {"id": "a", "party": "USA", "kind": "surface_warship"}


def faults(**fields):
    with pytest.raises(InputError) as caught:
        Deployment(**{**SHIP, "geometry": (34.0, 43.0), **fields})
    return [(fault.pointer, fault.message.split(";")[0]) for fault in caught.value.faults]


def test_all_faults_come_at_once():
    wrong = faults(
        party="Russia",
        kind="warship",
        range_km=[3, 1],
        stay=("2021-12-02", "2021-12-01"),
        brigades=1.5,
    )
    assert [pointer for pointer, _ in wrong] == [
        "/party",
        "/kind",
        "/until",
        "/brigades",
        "/range_km",
    ]


def test_numbers_and_pairs_become_intervals():
    ship = Deployment(**SHIP, geometry=(34.0, 43.0), range_km=0, radius_km=(1, 2), personnel=300)
    assert (ship.range_km, ship.radius_km, ship.personnel) == (
        Interval(0),
        Interval(1, 2),
        Interval(300),
    )


@pytest.mark.parametrize(
    "value", [True, "300", -1, float("nan"), float("inf"), 60_000, 10**400, [1], [1, None], {}]
)
def test_a_range_that_is_not_one_is_refused(value):
    assert faults(range_km=value)[0][0].startswith("/range_km")


def test_a_range_in_nautical_miles_is_refused_with_the_number_to_write():
    with pytest.raises(InputError, match=r"write 2500\.2"):
        Deployment(**SHIP, range_km="1350 nm")


def test_bombers_must_say_what_they_do():
    assert faults(kind="heavy_bomber") == [
        ("/activity", "activity is required for a heavy_bomber"),
    ]


@pytest.mark.parametrize(
    ("kind", "activity"),
    [
        ("submarine", "deploy"),
        ("naval_base", "base"),
        ("nuclear_storage", "base"),
        ("exercise", "exercise"),
        ("training_mission", "train"),
    ],
)
def test_other_kinds_have_a_usual_activity(kind, activity):
    assert Deployment(id="a", party="USA", kind=kind).activity == activity


def test_an_area_is_uncertain_unless_it_is_an_exercise_or_says_so():
    area = shapely.box(0, 0, 1, 1)
    kinds = [
        Deployment(id="a", party="USA", kind=kind, geometry=area).extent
        for kind in ("submarine", "exercise", "air_base")
    ]
    assert kinds == ["uncertain", "occupied", "occupied"]
    assert Deployment(**SHIP, geometry=area, extent="occupied").extent == "occupied"


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        (None, Stay()),
        ("2021-12-17", Stay.on(date(2021, 12, 17))),
        (date(2021, 12, 17), Stay.on(date(2021, 12, 17))),
        (("2021-12-01", None), Stay(date(2021, 12, 1), None)),
        (Stay(None, date(2021, 12, 1)), Stay(None, date(2021, 12, 1))),
    ],
)
def test_a_stay_may_be_given_in_several_ways(stay, expected):
    assert Deployment(**SHIP, stay=stay).stay == expected


def test_a_stay_of_times_is_refused():
    assert faults(stay=datetime(2021, 12, 17, tzinfo=UTC))[0][0] == "/on"


def test_times_go_with_the_positions_of_a_line_and_give_the_stay():
    times = ["2021-12-17T23:30:00-01:00", datetime(2021, 12, 18, 4, tzinfo=UTC)]
    track = Deployment(**SHIP, geometry=shapely.LineString([(0, 0), (1, 1)]), times=times)
    assert track.times[0] == datetime(2021, 12, 18, 0, 30, tzinfo=UTC)
    assert track.stay == Stay.on(date(2021, 12, 18))


@pytest.mark.parametrize(
    "times",
    [
        ["2021-12-17T00:00:00", "2021-12-18T00:00:00Z"],
        ["2021-12-17", "2021-12-18"],
        ["2021-12-17T00:00:60Z", "2021-12-18T00:00:00Z"],
        ["2021-12-18T00:00:00Z", "2021-12-17T00:00:00Z"],
        ["2021-12-18T00:00:00Z"],
        [1, 2],
        "2021-12-18T00:00:00Z",
        [datetime(2021, 12, 17), datetime(2021, 12, 18)],
    ],
)
def test_times_that_do_not_fit_are_refused(times):
    line = shapely.LineString([(0, 0), (1, 1)])
    assert faults(geometry=line, times=times)[0][0].startswith("/times")


def test_times_outside_the_stay_are_refused():
    line = shapely.LineString([(0, 0), (1, 1)])
    times = ["2021-12-17T00:00:00Z", "2021-12-18T00:00:00Z"]
    assert [at for at, _ in faults(geometry=line, times=times, stay="2021-12-17")] == ["/times"]


def test_contingents_are_checked_one_by_one():
    wrong = faults(contingents=[{"party": "UK"}, {"personnel": 5}, {"party": "FRA", "men": 3}, 7])
    assert [pointer for pointer, _ in wrong] == [
        "/contingents/0/party",
        "/contingents/1",
        "/contingents/2/men",
        "/contingents/3",
    ]
    assert faults(contingents=[Contingent("FRA"), Contingent("FRA")])[0][0] == "/contingents/1"


@pytest.mark.parametrize("text", ["", "  ", "\x1b[2J", "\ud800", "x\x00", "a" * 201, " a", "a\nb"])
def test_an_id_is_one_clean_line(text):
    assert faults(id=text)[0][0] in ("/id", "")


def test_html_in_a_name_is_kept_as_it_is():
    name = "<script>alert('x')</script>"
    assert Deployment(**SHIP, name=name).name == name


def test_a_value_of_the_file_wins_over_the_catalogue():
    entry = next(one for one in systems().values() if one.range_km is not None)
    given = Deployment(**SHIP, system=entry.id, range_km=0)
    assert given.strike_range == (Interval(0), "the file")
    interval, who = Deployment(**SHIP, system=entry.id).strike_range
    assert (interval, who.startswith(f"the catalogue, {entry.id}")) == (entry.range_km, True)
    assert Deployment(**SHIP).strike_range == (None, "not known")


def test_an_unknown_system_is_refused():
    assert faults(system="tomahawkk")[0][0] == "/system"


def test_a_copy_with_another_value_is_checked_again():
    ship = Deployment(**SHIP, geometry=(34.0, 43.0))
    assert dataclasses.replace(ship, party="GBR").party == "GBR"
    with pytest.raises(InputError):
        dataclasses.replace(ship, party="Britain")


def test_deployments_are_frozen_hashable_and_equal_by_value():
    one, other = (Deployment(**SHIP, geometry=(34.0, 43.0)) for _ in range(2))
    assert (one == other, hash(one) == hash(other)) == (True, True)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.party = "RUS"


@pytest.mark.parametrize(
    ("geometry", "pointer"),
    [
        ((540.0, 43.0), "/geometry/0"),
        ((43.0, 134.0), "/geometry/1"),
        ((float("nan"), 0.0), "/geometry/0"),
        ((10**400, 0), "/geometry/0"),
        ((True, 0.0), "/geometry/0"),
        ((1.0,), "/geometry"),
        ((), "/geometry"),
        ("here", "/geometry"),
        (shapely.Point(), "/geometry"),
        ({"type": "point", "coordinates": [0, 0]}, "/geometry/type"),
        ({"type": "Point"}, "/geometry"),
        ({"type": "Polygon", "coordinates": []}, "/geometry/coordinates"),
        ({"type": "Polygon", "coordinates": [[]]}, "/geometry/coordinates/0"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
            "/geometry/coordinates/0",
        ),
        ({"type": "LineString", "coordinates": [[0, 0]]}, "/geometry/coordinates"),
        ({"type": "LineString", "coordinates": [[0, 0], [0, 0]]}, "/geometry/coordinates"),
        ({"type": "LineString", "coordinates": [[170, 0], [-170, 0]]}, "/geometry/coordinates/1"),
        (
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
            "/geometry/coordinates",
        ),
        (
            {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection"}]},
            "/geometry/geometries/0",
        ),
        ({"type": "MultiPoint", "coordinates": [[0, 0], [0, 91]]}, "/geometry/coordinates/1/1"),
    ],
)
def test_a_wrong_geometry_is_refused_where_it_is_wrong(geometry, pointer):
    assert [at for at, _ in faults(geometry=geometry)] == [pointer]


def test_many_wrong_positions_are_counted():
    line = {"type": "LineString", "coordinates": [[0, 1000]] * 50}
    assert faults(geometry=line)[-1][1] == "and 45 more positions of this geometry are wrong"


def test_an_edge_along_a_pole_has_no_length_and_is_fine():
    cap = [[[-180, -90], [180, -90], [180, -80], [60, -80], [-60, -80], [-180, -80], [-180, -90]]]
    ship = Deployment(**SHIP, geometry={"type": "Polygon", "coordinates": cap})
    assert ship.geometry.bounds == (-180, -90, 180, -80)


def test_heights_are_dropped_from_a_shapely_geometry():
    assert Deployment(**SHIP, geometry=shapely.Point(1, 2, 3)).geometry == shapely.Point(1, 2)


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"kind": "accession"}, 3),
        ({"kind": "consent", "by": ["USA"], "subject": ["a"]}, 0),
        ({"kind": "consent", "by": "RUS", "subject": "a"}, 0),
        ({"kind": "consent"}, 2),
        ({"kind": "finding", "clause": "5(1)"}, 1),
        ({"kind": "finding", "clause": "5(1)", "states": False}, 0),
        ({"kind": "notice"}, 1),
        ({"kind": "cooperation", "party": "USA", "partners": ["UKR"]}, 0),
        ({"kind": "wedding"}, 1),
    ],
)
def test_each_kind_of_record_has_what_it_needs(fields, missing):
    try:
        Record(id="r", **fields)
        found = 0
    except InputError as error:
        found = len(error.faults)
    assert found == missing


def test_a_territory_is_no_party_and_its_state_is_named():
    """A ship of Greenland ended the check with an unknown state."""
    with pytest.raises(InputError, match=r"'GRL'; Greenland is a territory of DNK \(Denmark\)"):
        Deployment(id="x", party="GRL", kind="surface_warship", geometry=(0, 60))


def test_every_party_is_a_state_of_the_border_data_and_every_territory_belongs_to_one():
    assert set(PARTIES) - {"NATO"} <= boundaries.states()
    units = boundaries.units()
    sovereigns = {code: units[code].sovereign for code in TERRITORIES}
    assert sovereigns == {code: state for code, (_, state) in TERRITORIES.items()}
