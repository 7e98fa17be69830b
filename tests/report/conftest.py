import math
from datetime import UTC, date, datetime

import pytest

from deploygeo.checker.findings import (
    Episode,
    Finding,
    Flip,
    Move,
    NotCheckable,
    Report,
    Settings,
    Waypoint,
)
from deploygeo.clauses.outcome import Measure, Reason
from deploygeo.clauses.truth import Margin, Truth
from deploygeo.errors import Fault
from deploygeo.model import Origin


def finding(clause="5.2", about="porter", verdict="violation", **values):
    return Finding(
        id=f"us-russia-2021/{clause}@{about}",
        treaty="us-russia-2021",
        clause=clause,
        verdict=verdict,
        **{
            "article": clause.replace(".2", "(2)"),
            "text": "Both refrain.",
            "subject": "deployment",
            "members": (about,),
            "name": "USS Porter",
            "party": "USA",
            "on": date(2021, 11, 10),
        }
        | values,
    )


@pytest.fixture(autouse=True)
def same_versions(monkeypatch):
    """Golden files outlive versions."""
    tools = ("deploygeo", "numpy", "shapely", "GEOS", "pyproj", "PROJ")
    known = dict.fromkeys(tools, "0")
    monkeypatch.setattr("deploygeo.report.receipt.tool_versions", lambda: known)
    monkeypatch.setattr("deploygeo.report.receipt.borders_sha256", lambda: "b0" * 32)


def noon(lon, lat, hour=12):
    return Waypoint(lon, lat, datetime(2021, 11, 10, hour, 30, 45, tzinfo=UTC))


EPISODES = (
    Episode(
        noon(30.0, 43.0, 1), noon(34.0, 43.0, 4), noon(34.0, 43.0, 4), (80.5, 82.5), True, True
    ),
    Episode(noon(-35.0, 42.0), noon(36.0, -42.5), noon(35.5, 42.0), (1280.76, 2082.76)),
)


@pytest.fixture
def make():
    return finding


@pytest.fixture
def report():
    """One finding of each verdict, in no order, with awkward texts and numbers."""
    margin = Margin(-2082.76, -1280.76, "km")
    measure = Measure("land of RUS", 318.2412, 1.0, 37.1234567, 45.1, "RUS")
    leaf = Reason("within range of land of RUS", Truth.TRUE, -margin)
    breach = finding(
        margin=margin,
        measures=(measure,),
        range_km=(1600.0, 2400.0),
        range_source="the catalogue, arleigh-burke",
        zone="high-seas",
        sea="Black Sea",
        readings={"reach": "weapon", "national": "own"},
        reason=Reason("and", Truth.TRUE, None, (leaf, Reason("not inside own", Truth.TRUE))),
        nearest_compliant=Move(1282.04, 245.2, 19.2, 38.1),
        stability=(Flip("worldview = x", "compliant"), Flip("deploy = stay", "indeterminate")),
        assumed=("usual loadout",),
        origin=Origin("a.geojson", 4, 0),
        episodes=EPISODES,
        open_km=12.5,
    )
    unknown = finding(
        "6",
        "deveselu",
        "indeterminate",
        name="=HYPERLINK(\x1b[2J\u202eevil)",
        why=("range",),
        margin=Margin(-math.inf, 30.0, "km"),
        episodes=(
            Episode(
                Waypoint(1.0, 2.0),
                Waypoint(3.0, 4.0),
                Waypoint(3.0, 4.0),
                (-math.inf, math.inf),
                certain=False,
                to_end=True,
            ),
        ),
    )
    group = finding(
        "10",
        "USA-in-POL",
        "excused",
        subject="group",
        name="forces of United States in Poland",
        members=("a", "b"),
        exception="consent",
        margin=Margin(-188.0, -188.0, "persons"),
        host="POL",
        zone="land",
    )
    fine = finding("5.2", "whitney", "compliant", name="<b>Mount & Whitney</b>")
    idle = finding("5.2", "f16", "not-applicable", name="F-16")
    flags = [
        finding("7.4", f"zapad-{n}", "indeterminate", name=f"Zapad {n}", review=True)
        for n in range(10)
    ]
    return Report(
        settings=Settings(readings={"deploy": "presence"}, params={"width_km": 100.0}),
        findings=(group, fine, *flags, unknown, idle, breach),
        not_checkable=(NotCheckable("us-russia-2021", "1", "1", "Interests.", "not observable"),),
        faults=(Fault("lat 148.0 is outside [-90, 90]", "a.geojson", line=9),),
        treaties=("us-russia-2021",),
        as_if=("us-russia-2021",),
        treaty_sums={"us-russia-2021": "7e" * 32},
        source="a.geojson",
        sha256="f1" * 32,
        deployments=15,
    )
