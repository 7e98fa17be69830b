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
    monkeypatch.setattr("deploygeo.report.sarif.own_version", lambda: "0")
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


#: All that bites somewhere: controls, bidi, formulas, workflow commands, HTML, Markdown, links,
#: placeholders, what XML 1.0 cannot hold, and half of a surrogate pair.
NASTY = (
    "=cmd|' /C calc'!A0\x1b[31m\x00\x07\x9b\u202eevil\u2066\r\n::error file=a::x\n##[error]y\t"
    "<script>alert(1)</script><img src=x onerror=alert(1)> ![i](http://evil.example/a.png) "
    "[l](javascript:alert(1)) | `a` ``b`` $[name] {0} ]]> &lt; &amp; \ufffe\ud800 www.evil.example "
    "a@evil.example @user #1 50% _b_ **c** ~~d~~ <!-- \\ ;=1+1;@SUM(1) a,b:c\u2028\u2029"
)


def spoilt(text):
    """Return a report in every text of which stands a text."""
    measure = Measure(text, 318.2412, 1.0, 37.1, 45.1, text)
    point = Waypoint(30.0, 43.0, datetime(2021, 11, 10, tzinfo=UTC))
    common = {
        "treaty": text,
        "clause": text,
        "article": text,
        "text": text,
        "name": text,
        "party": text,
        "on": date(2021, 11, 10),
        "why": (text, text),
        "margin": Margin(-20.0, -10.0, "km"),
        "measures": (measure,),
        "range_km": (1600.0, 2400.0),
        "range_source": text,
        "sea": text,
        "level": text,
        "worldview": text,
        "readings": {text: text},
        "reason": Reason(text, Truth.TRUE, None, (Reason(text, Truth.UNKNOWN),)),
        "exception": text,
        "stability": (Flip(text, "compliant"),),
        "assumed": (text,),
        "origin": Origin(text, 4, 0),
        "episodes": (Episode(point, point, point, (1.0, 2.0)),),
        "nearest_compliant": Move(1.0, 2.0, 3.0, 4.0),
        "zone": text,
    }
    verdicts = ("violation", "indeterminate", "excused", "compliant")
    findings = [
        Finding(
            id=f"{text}@{verdict}",
            subject="deployment",
            members=(text,),
            verdict=verdict,
            place=(34.0, 43.0),
            **common,
        )
        for verdict in verdicts
    ]
    findings += [
        Finding(
            id=f"{text}@group",
            subject="group",
            members=(text, "b"),
            verdict="violation",
            **common | {"origin": None},
        ),
        Finding(
            id=f"{text}@group of a host",
            subject="group",
            members=(text,),
            verdict="violation",
            host=text,
            **common,
        ),
        Finding(
            id=f"{text}@record", subject="record", members=(text,), verdict="violation", **common
        ),
        Finding(
            id=f"{text}@human",
            subject="deployment",
            members=(text,),
            verdict="indeterminate",
            review=True,
            **common,
        ),
    ]
    return Report(
        settings=Settings(worldview=text, readings={text: text}, params={text: 1.0}, level=text),
        findings=tuple(findings),
        not_checkable=(NotCheckable(text, text, text, text, text),),
        faults=(Fault(text, text, 9, 7, 3, text, text, text),),
        warnings=(Fault(text, text, 9, None, 3, text, text),),
        treaties=(text,),
        as_if=(text,),
        treaty_sums={text: "7e" * 32},
        source=text,
        sha256="f1" * 32,
        deployments=4,
        records=1,
    )


@pytest.fixture(params=["", *"=+-@\t\r\0", "＝", "::", "<", "# ", "> ", "1. ", "- "])
def nasty(request):
    return spoilt(request.param + NASTY)
