"""Redraw the classic mistake: a circle on a Mercator map is no circle on the Earth.

Range rings in newspapers are circles on a Mercator map, and "within 1 600 km of Russia" a band of
one width around it. Mercator stretches towards the poles, so the band is far too narrow in the
north and too wide in the south. This writes a page that shows both side by side, and prints by
how much the mistake is off.
"""

import math
from html import escape
from pathlib import Path

import numpy as np
import shapely
from pyproj import Geod

import deploygeo as dg
from deploygeo import boundaries
from deploygeo.report.page.atlas import unit_polygons
from deploygeo.report.planar import Frame, lines_in, polygons_in

PAGE = Path("mercator-mistake.html")
CLAUSE, PARTY, REACH_KM = "us-russia-2021/5.2", "USA", 1600
SCALE_AT = 60.0  # where the scale bar of the mistaken map is true: Russia is about there
EARTH_KM = 6378.137
TURN = np.array([360.0, 0.0])
GEOD = Geod(ellps="WGS84")
SHIPS = {"Black Sea": (34.0, 43.0), "North Sea": (3.0, 56.0), "Norwegian Sea": (8.0, 69.5)}
PLACES = {
    "Station Nord": (-16.7, 81.6),
    "Alert": (-62.3, 82.5),
    "Keflavik": (-22.6, 64.0),
    "Souda Bay": (24.1, 35.5),
    "Delhi": (77.2, 28.6),
    "Okinawa": (127.8, 26.3),
}


def mercator(points):
    """Return longitudes and latitudes as kilometres on a Mercator map, true at the equator."""
    lon, lat = np.radians(np.asarray(points, dtype=float)).T
    return EARTH_KM * np.column_stack([lon, np.arctanh(np.sin(lat))])


def unmercator(points):
    x, y = np.asarray(points, dtype=float).T / EARTH_KM
    return np.degrees(np.column_stack([x, np.arcsin(np.tanh(y))]))


def stretched(lat):
    """Return how much larger than true a Mercator map is at a latitude."""
    return 1.0 / math.cos(math.radians(lat))


def ring_reaches(lon, lat):
    """Return how far a circle on the map really is from its centre: north, east and south."""
    x, y = mercator([(lon, lat)])[0]
    drawn = REACH_KM * stretched(lat)
    ends = unmercator([(x, y + drawn), (x + drawn, y), (x, y - drawn)])
    return [GEOD.inv(lon, lat, *end)[2] / 1000.0 for end in ends]


def mistaken_band():
    """Return what lies within the reach of Russia if distance is read off a Mercator map."""
    land = []
    for shape in dg.territory("RUS", level="ne10").shapes:
        for part in shapely.get_parts(shapely.simplify(shape.geometry, 0.1)):
            # Chukotka goes on east of 180°, or the band would be cut there
            moved = shapely.transform(part, lambda xy: np.where(xy < [-20, -91], xy + TURN, xy))
            land.append(shapely.transform(moved, mercator))
    band = shapely.buffer(shapely.union_all(land), REACH_KM * stretched(SCALE_AT), quad_segs=32)
    return shapely.transform(band, unmercator)


def in_mistake(band, lon, lat):
    """Return which places are in the band, whose longitudes go on beyond 180°."""
    return shapely.contains_xy(band, lon, lat) | shapely.contains_xy(band, lon + 360.0, lat)


def areas(zone, band):
    """Return the areas that both have, that the mistake adds, and that it misses, in 10⁶ km².

    The land of the United States is in none of them: it is not closed to them.
    """
    step = 0.5
    lon, lat = np.meshgrid(
        np.arange(-180 + step / 2, 180, step), np.arange(-90 + step / 2, 90, step)
    )
    cell = (EARTH_KM * math.radians(step)) ** 2 * np.cos(np.radians(lat))
    own = shapely.union_all([one.geometry for one in dg.territory("USA", level="ne10").shapes])
    true = shapely.contains_xy(zone, lon, lat)
    wrong = in_mistake(band, lon, lat) & ~shapely.contains_xy(own, lon, lat)
    return [float(cell[held].sum()) / 1e6 for held in (true & wrong, wrong & ~true, true & ~wrong)]


# -- the page: two maps as SVG, out of the same zone

WIDTH = 560


def svg(parts, height, label):
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(label)}">'
        f'<rect width="{WIDTH}" height="{height:.0f}" class="sea"/>{"".join(parts)}</svg>'
    )


def path(lines, kind, box):
    """Return lines of kilometres, seen through a box, as a path; classes give the colours."""
    left, _, right, top = box
    scale = WIDTH / (right - left)
    steps = []
    for line in lines:
        points = np.round((np.asarray(line) - [left, top]) * [scale, -scale], 1)
        if len(points) > 1:
            steps.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points))
    return f'<path class="{kind}" d="{"".join(steps)}"/>'


def polygons_of(*shapes):
    """Return the polygons in shapes, also those in collections of collections."""
    parts = shapely.get_parts(shapely.get_parts(list(shapes)))
    return [part for part in parts if part.geom_type == "Polygon"]


def rings_of(polygons):
    return [ring.coords for one in polygons for ring in (one.exterior, *one.interiors)]


def land(of_russia):
    for unit, polygons in unit_polygons().items():
        if (unit == "RUS") == of_russia:
            yield from (shapely.Polygon(rings[0], rings[1:]) for rings in polygons)


def mercator_map(zone, band):
    """Return the mistaken band on the map that it was drawn on, over the true zone."""
    window = shapely.box(-60.0, 8.0, 215.0, 84.5)
    box = mercator(shapely.get_coordinates(window)).min(axis=0).tolist()
    box += mercator(shapely.get_coordinates(window)).max(axis=0).tolist()
    frame = shapely.buffer(window.boundary, 0.01)

    def seen(shapes):
        """Return shapes with what lies beyond 180° once more to the east, as one."""
        valid = shapely.make_valid(np.array(list(shapes)))
        moved = shapely.transform(valid, lambda xy: xy + TURN)
        here = shapely.intersection(np.append(valid, moved), window)
        return shapely.union_all(polygons_of(*here))

    def rim(shape):
        lines = shapely.get_parts(shapely.difference(shape.boundary, frame))
        return [mercator(line.coords) for line in lines]

    def drawn(shape):
        return [mercator(ring) for ring in rings_of(polygons_of(shapely.segmentize(shape, 1.0)))]

    parts = [
        path(drawn(seen(land(of_russia=False))), "land", box),
        path(drawn(seen(land(of_russia=True))), "russia", box),
        path(drawn(seen([zone])), "zone", box),
        path(rim(seen([zone])), "rim", box),
        path(rim(seen([band])), "mistake", box),
    ]
    height = WIDTH * (box[3] - box[1]) / (box[2] - box[0])
    return svg(parts, height, "Mercator map: the mistaken band of one width, and the true zone")


def true_map(zone, band):
    """Return the true zone on a map whose distances from the centre are true."""
    frame = Frame(95.0, 68.0, 6600.0, 5400.0)
    zones = polygons_of(zone)
    east = shapely.intersection(band, shapely.box(180.0, -90.0, 360.0, 90.0))
    halves = [shapely.intersection(band, shapely.box(-180.0, -90.0, 180.0, 90.0))]
    halves.append(shapely.transform(east, lambda xy: xy - TURN))
    parts = [
        path(rings_of(polygons_in(frame, land(of_russia=False))), "land", frame.box),
        path(rings_of(polygons_in(frame, land(of_russia=True))), "russia", frame.box),
        path(rings_of(polygons_in(frame, zones)), "zone", frame.box),
        path([line.coords for line in lines_in(frame, rings_of(zones))], "rim", frame.box),
        path(
            [line.coords for line in lines_in(frame, rings_of(polygons_of(*halves)))],
            "mistake",
            frame.box,
        ),
    ]
    height = WIDTH * frame.half_height_km / frame.half_width_km
    return svg(parts, height, "Azimuthal equidistant map: the true zone, and the mistaken band")


STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.5rem }
figure { margin: 0 } svg { width: 100%; border: 1px solid #8a99a8 }
figcaption { font-size: .9rem } pre { overflow-x: auto; background: #f4f7f9; padding: 1rem }
.sea { fill: #e3eef5 } .land { fill: #f3f0e6; stroke: #8a99a8; stroke-width: .4 }
.russia { fill: #f2d8d0; stroke: #8a99a8; stroke-width: .4 }
.zone { fill: #1f5fb0; fill-opacity: .2; fill-rule: evenodd }
.rim { fill: none; stroke: #1f5fb0; stroke-width: 1.6 }
.mistake { fill: none; stroke: #b3261e; stroke-width: 1.6; stroke-dasharray: 6 4 }
"""


def page(zone, band, told):
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The Mercator mistake</title><style>{STYLE}</style></head><body>
<h1>The Mercator mistake</h1>
<p>Within {REACH_KM} km of Russia: the dashed red line is a band of one width around Russia on a
Mercator map, with the scale at {SCALE_AT:g}° N. The blue area is what {CLAUSE} closes to the
United States at that reach, measured along geodesics on the ellipsoid and without its own
territory. Whose land is whose is that of the worldview {boundaries.DEFAULT_WORLDVIEW}.</p>
<div class="maps">
<figure>{mercator_map(zone, band)}<figcaption>Mercator: the mistake looks even, and is not. The
map ends before the pole, round which the true zone goes.</figcaption></figure>
<figure>{true_map(zone, band)}<figcaption>Azimuthal equidistant about 95° E 68° N: distances from
the centre are true. The same two outlines.</figcaption></figure>
</div>
<pre>{escape(told)}</pre>
</body></html>
"""


def main():
    lines = [f"a circle of {REACH_KM} km on a Mercator map really reaches, in km:"]
    for sea, (lon, lat) in SHIPS.items():
        north, east, south = ring_reaches(lon, lat)
        lines.append(
            f"  {sea:<14} {lat:4.1f}° N  north {north:5.0f}  east {east:5.0f}  south {south:5.0f}"
        )
    zone = dg.zone_of(CLAUSE, PARTY, REACH_KM, level="ne10", tolerance_m=3000.0).geometry
    band = mistaken_band()
    both, added, missed = areas(zone, band)
    lines += [
        f"within {REACH_KM} km of Russia, in million km²:",
        f"  right {both + missed:.0f}; the mistake adds {added:.0f} and misses {missed:.0f}",
        "and of some places:",
    ]
    russia = dg.territory("RUS", level="ne10")
    for place, (lon, lat) in PLACES.items():
        away = dg.distance_m(lon, lat, russia) / 1000.0
        believed = bool(in_mistake(band, np.array([lon]), np.array([lat]))[0])
        words = {True: "inside", False: "outside"}
        mark = "" if believed == (away <= REACH_KM) else "  <- wrong"
        lines.append(
            f"  {place:<12} {away:5.0f} km: {words[away <= REACH_KM]}, "
            f"on the Mercator map {words[believed]}{mark}"
        )
    told = "\n".join(lines)
    print(told)
    thin = shapely.simplify(zone, 0.05)
    PAGE.write_text(page(thin, shapely.simplify(band, 0.05), told), encoding="utf-8")
    print(f"written: {PAGE}")


if __name__ == "__main__":
    main()
