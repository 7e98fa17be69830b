"""Maps without a script: inline SVG for notebooks, and figures for papers."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET  # what is parsed was written here
from dataclasses import replace

import matplotlib
import numpy as np
import pytest
import shapely
from matplotlib.figure import Figure
from pyproj import Geod

import deploygeo as dg
from deploygeo.checker.findings import Episode, Finding, Report, Settings, Waypoint
from deploygeo.clauses.outcome import Measure
from deploygeo.errors import SettingError
from deploygeo.model import Deployment
from deploygeo.report import to_html
from deploygeo.report.planar import Frame, frame_of, lines_in, points_in, polygons_in
from deploygeo.report.plot import draw_report, draw_zone
from deploygeo.report.svgmap import places_shown, to_svg, witness_pairs

SVG = "{http://www.w3.org/2000/svg}"
GEOD = Geod(ellps="WGS84")


def finding(id_, lon, lat, verdict="violation", party="USA", **more):
    return Finding(
        id=f"t/1@{id_}",
        treaty="t",
        clause="1",
        article="1",
        text="",
        subject="deployment",
        members=(id_,),
        name=id_,
        party=party,
        on=None,
        verdict=verdict,
        place=(lon, lat),
        **more,
    )


def report_of(*findings, **settings):
    return Report(settings=Settings(**settings), findings=findings, source="a.geojson")


# -- the plane


def test_distances_from_the_centre_are_geodesics():
    frame = Frame(34.0, 43.0, 3000.0, 2000.0)
    for lon, lat in ((35.0, 44.0), (60.0, 30.0), (-5.0, 70.0), (34.0, 43.0)):
        x, y = frame.projected([(lon, lat)])[0]
        known = GEOD.inv(34.0, 43.0, lon, lat)[2] / 1000.0
        assert np.hypot(x, y) == pytest.approx(known, abs=1e-4)


def test_what_the_scale_bar_says_of_the_corners_is_an_upper_bound():
    frame = Frame(20.0, 50.0, 1800.0, 1200.0)
    left, bottom, right, top = frame.box
    worst = 0.0
    for x, y in ((left, bottom), (right, top), (left, top), (right, bottom), (right, 0.0)):
        azimuth = np.degrees(np.arctan2(x, y))
        reach = np.hypot(x, y) * 1000.0
        ends = [GEOD.fwd(20.0, 50.0, azimuth + turn, reach)[:2] for turn in (-0.5, 0.5)]
        drawn = np.hypot(*np.diff(frame.projected(ends), axis=0)[0])
        worst = max(worst, drawn / (GEOD.inv(*ends[0], *ends[1])[2] / 1000.0))
    assert worst <= frame.stretch * 1.002  # the ellipsoid is not a sphere
    assert worst > 1.0 + 0.9 * (frame.stretch - 1.0)


def test_a_frame_shows_what_it_is_made_for():
    places = [(28.0 + step, 41.0 + step / 4.0) for step in range(15)]
    _, inside = points_in(frame_of(places), places)
    assert inside.all()
    assert frame_of([(10.0, 50.0)]).half_width_km == 75.0
    around = frame_of([(lon, 0.0) for lon in range(-180, 180, 30)])
    assert around.half_width_km == 9000.0


@pytest.mark.parametrize(
    ("centre", "polygon", "place", "inside"),
    [
        ((0.0, 0.0), shapely.box(-5, -5, 5, 5), (0.0, 0.0), True),
        ((180.0, 60.0), shapely.box(170, 55, 180, 65), (179.0, 60.0), True),
        ((180.0, 60.0), shapely.box(170, 55, 180, 65), (-179.0, 60.0), False),
        # a cap round the pole, as RFC 7946 has it
        ((0.0, 80.0), shapely.box(-180, 70, 180, 90), (0.0, 85.0), True),
        ((0.0, 80.0), shapely.box(-180, 70, 180, 90), (0.0, 65.0), False),
        # nearly everything, with the point opposite to the centre
        ((0.0, 0.0), shapely.box(-180, -90, 180, 90).difference(shapely.box(-1, -1, 1, 1)),
         (3.0, 3.0), True),
        ((0.0, 0.0), shapely.box(-180, -90, 180, 90).difference(shapely.box(-1, -1, 1, 1)),
         (0.0, 0.0), False),
    ],
)  # fmt: skip
def test_areas_keep_their_inside_and_outside(centre, polygon, place, inside):
    frame = Frame(*centre, 2500.0, 2000.0)
    drawn = shapely.union_all(polygons_in(frame, [polygon]))
    assert shapely.contains_xy(drawn, *frame.projected([place])[0]) == inside


def test_an_edge_along_a_parallel_is_no_geodesic():
    frame = Frame(-110.0, 49.0, 1500.0, 1000.0)
    (line,) = lines_in(frame, [[(-120.0, 49.0), (-100.0, 49.0)]])
    middle = frame.projected([(-110.0, 49.0)])[0]
    assert line.distance(shapely.Point(middle)) < 0.1


# -- in a notebook


def test_a_notebook_has_a_map_and_a_table_below_200_kb(small):
    report = small[0]
    shown = report._repr_html_()
    assert shown == report._repr_html_()
    assert len(shown.encode("utf-8")) < 200_000
    assert shown.index("<svg") < shown.index("<table")
    picture = ET.fromstring(re.search(r"<svg.*</svg>", shown)[0])  # noqa: S314
    titles = [node.text for node in picture.iter(f"{SVG}title")]
    assert any("USS Porter in the Black Sea: violation" in title for title in titles)
    assert "script" not in {node.tag.removeprefix(SVG) for node in picture.iter()}
    assert picture.get("role") == "img"
    assert picture.get("aria-label").startswith("Map of ")


def test_ten_thousand_findings_stay_a_small_piece_of_html():
    rows = [finding(f"d{n}", n % 360 - 180.0, n % 120 - 60.0) for n in range(10_000)]
    shown = to_html(report_of(*rows))
    assert len(shown.encode("utf-8")) < 200_000
    assert shown.count("<circle") <= 300
    assert "and 9800 more" in shown


def test_the_map_of_a_worldview_has_its_colours():
    ship = finding("a", 34.0, 45.0)
    assert to_svg(report_of(ship)) != to_svg(report_of(ship, worldview="russia"))
    assert to_svg(report_of(ship)) == to_svg(report_of(ship, worldview="no such view"))


def test_disputed_land_has_a_dashed_rim_and_no_border_of_a_state():
    """Crimea and four oblasts had the same line about them as every state."""
    near, far = (to_svg(report_of(finding("a", *at))) for at in ((34.0, 45.0), (-30.0, 40.0)))
    dashed = [path for path in re.findall(r"<path [^>]+>", near) if "dasharray" in path]
    assert len(dashed) == 1
    assert 'fill="none"' in dashed[0]
    assert "dasharray" not in far
    # at the isthmus of Crimea one worldview has one piece of land, and the other two
    isthmus = finding("a", 34.0, 46.2)
    rings = [to_svg(report_of(isthmus, worldview=view)).count("z") for view in ("un", "russia")]
    assert rings[0] < rings[1]


def test_nothing_that_has_a_place_is_no_map():
    absent = finding("a", 34.0, 45.0, verdict="not-applicable")
    assert to_svg(report_of(absent)) == ""
    assert "<svg" not in to_html(report_of())


def test_the_witness_of_a_single_ship_is_on_the_map_and_a_far_one_is_not():
    near = finding(
        "a", 34.0, 43.0, measures=(Measure("land of RUS", 318.0, 1.0, 36.6, 45.1, "RUS"),)
    )
    far = finding(
        "a", 34.0, 43.0, measures=(Measure("land of USA", 7000.0, 1.0, -67.0, 44.0, "USA"),)
    )
    for row, seen in ((near, True), (far, False)):
        frame = frame_of(places_shown([row.place], [row]))
        assert points_in(frame, [row.witness])[1].tolist() == [seen]
        assert 'stroke="#6b21a8"' in to_svg(report_of(row))


# -- for papers


def test_a_report_is_written_as_png_svg_and_pdf_the_same_each_time(tmp_path):
    report = report_of(finding("a", 33.0, 44.0), finding("b", 33.4, 44.6, "compliant"))
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    for kind, magic in begins.items():
        paths = [tmp_path / f"{number}.{kind}" for number in (1, 2)]
        for path in paths:
            assert isinstance(report.plot(path=path), Figure)
        first, second = (path.read_bytes() for path in paths)
        assert first.startswith(magic)
        assert first == second
    text = (tmp_path / "1.svg").read_text(encoding="utf-8")
    told = re.sub(r"\s+", " ", text)
    assert "true along lines through +" in told
    assert "Azimuthal equidistant about" in told
    assert "worldview un" in told


def test_the_scale_bar_is_as_long_as_it_says():
    figure = draw_report(report_of(finding("a", 30.0, 44.0), finding("b", 36.0, 43.0)))
    axes = figure.axes[0]
    (bar,) = [line for line in axes.lines if len(line.get_xdata()) == 2]
    told = next(text.get_text() for text in axes.texts if "true along" in text.get_text())
    assert f"{np.ptp(bar.get_xdata()):g} km" in told.replace(" ", "", told.count(" 000"))


def test_tracks_areas_and_groups_are_drawn(small):
    report, deployments, _ = small
    bare, full = report.plot(), report.plot(deployments)
    widths = [
        [float(one.get_linewidths()[0]) for one in figure.axes[0].collections]
        for figure in (bare, full)
    ]
    assert [found.count(1.3) for found in widths] == [0, 2]


def test_a_zone_has_a_figure_too(tmp_path):
    zone = dg.zone_of("us-russia-2021/5.2", "USA", 300, level="ne10", tolerance_m=3000.0)
    figure = zone.plot(path=tmp_path / "zone.png")
    title = figure.axes[0].get_title()
    assert title.startswith("us-russia-2021/5.2 closes to the United States, at a reach of 300 km")
    assert (tmp_path / "zone.png").stat().st_size > 20_000
    assert draw_zone(zone, title="$a$ & <b>").axes[0].get_title() == "$a$ & <b>"
    assert "part of it" not in figure.axes[0].get_xlabel()


@pytest.mark.parametrize("usetex", [False, True])
def test_names_are_no_formulas_no_markup_and_no_tex(tmp_path, usetex):
    """With TeX switched on a name of a file was run by it."""
    report = report_of(finding("$\\frac{$ <script>", 30.0, 44.0))
    source = "$x^{$ \\input{a} \\$y$</text><script>"
    bad = Report(settings=report.settings, findings=report.findings, source=source)
    with matplotlib.rc_context({"text.usetex": usetex}):
        figure = draw_report(bad, path=tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    shown = " ".join(node.text or "" for node in ET.fromstring(text).iter())  # noqa: S314
    assert source in shown
    assert "<script" not in text
    assert not any(one.get_usetex() for one in figure.findobj(matplotlib.text.Text))


def test_a_verdict_is_told_by_its_shape_and_a_legend_tells_what_is_there():
    marked = {"violation": "o", "indeterminate": "D", "excused": "^", "compliant": "s"}
    figure = draw_report(
        report_of(*(finding(name, 30.0 + at, 44.0, name) for at, name in enumerate(marked)))
    )
    (legend,) = figure.legends
    told = {line.get_label(): line.get_marker() for line in legend.get_lines()}
    assert {name: told[name] for name in marked} == marked
    assert "to the witness" not in told


def test_what_lies_outside_is_told(tmp_path):
    crowd = [finding(str(at), 30.0 + at / 10.0, 44.0) for at in range(20)]
    report = report_of(*crowd, finding("far", -150.0, -50.0))
    assert "1 of 21 places lies outside" in re.sub(
        r"\s+", " ", draw_report(report).axes[0].get_xlabel()
    )
    assert "1 of 21 places lies outside</text>" in to_svg(report)
    assert "outside" not in to_svg(report_of(*crowd))
    zone = dg.zone_of("us-russia-2021/5.2", "RUS", 1000, level="ne10", tolerance_m=5000.0)
    assert "part of it lies outside the figure" in re.sub(
        r"\s+", " ", draw_zone(zone).axes[0].get_xlabel()
    )


def test_no_line_runs_from_the_middle_of_a_track_or_an_area():
    """It ran from where nothing had been measured."""
    measured = (Measure("land of RUS", 318.0, 1.0, 36.6, 45.1, "RUS"),)
    row = finding("a", 34.0, 43.0, measures=measured)
    shape = {"type": "LineString", "coordinates": [[30.0, 43.0], [34.0, 43.0]]}
    track = Deployment(id="a", party="USA", kind="patrol_aircraft", geometry=shape)
    ship = Deployment(id="a", party="USA", kind="surface_warship", geometry=(34.0, 43.0))
    assert witness_pairs([row]) == witness_pairs([row], [ship]) == [((34.0, 43.0), row.witness)]
    assert witness_pairs([row], [track]) == []
    point = Waypoint(34.0, 43.0)
    on_track = replace(row, episodes=(Episode(point, point, point, (1.0, 1.0)),))
    assert witness_pairs([on_track]) == []


def test_geometry_of_any_kind_and_none_is_drawn():
    shapes = (
        None,
        {"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]},
        {"type": "MultiPolygon", "coordinates": [[[[0, 80], [1, 80], [1, 81], [0, 80]]]]},
        {"type": "LineString", "coordinates": [[179.0, 10.0], [180.0, 11.0]]},
    )
    made = [
        Deployment(id=f"d{n}", party="USA", kind="radar", geometry=shape)
        for n, shape in enumerate(shapes)
    ]
    rows = [finding(one.id, 0.0, 0.0) for one in made]
    assert draw_report(report_of(*rows), made).axes


@pytest.mark.parametrize("name", ["a.bmp", "a", "a.png.gz"])
def test_another_suffix_is_refused_before_anything_is_drawn(name):
    with pytest.raises(SettingError, match=r"ends in \.pdf, \.png or \.svg"):
        report_of().plot(path=name)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SettingError, match=r"cannot write .*gone/a\.png: No such file"):
        report_of().plot(path=tmp_path / "gone" / "a.png")


def test_without_matplotlib_the_message_says_what_to_install():
    code = (
        "import sys; sys.modules['matplotlib'] = None; sys.modules['matplotlib.figure'] = None\n"
        "from deploygeo.checker.findings import Report, Settings\n"
        "from deploygeo.errors import SettingError\n"
        "try: Report(settings=Settings(), findings=()).plot()\n"
        "except SettingError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == (
        "a figure needs matplotlib, which is not installed: pip install 'deploygeo[plot]'\n"
    )


def test_settings_of_matplotlib_stay_as_they_were(tmp_path):
    before = dict(matplotlib.rcParams)
    report_of(finding("a", 30.0, 44.0)).plot(path=tmp_path / "a.svg")
    assert dict(matplotlib.rcParams) == before
