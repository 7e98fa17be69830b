"""Outlines of everything within range, and how far they are from the range."""

import multiprocessing
import time

import numpy as np
import pytest
import shapely
from geodesy.judge import Judge
from geodesy.oracle import GEOD

from deploygeo import boundaries, geodesy

from . import peers
from .work import ZONES_KM

TABLE = "zones"
#: The S2 bindings get the `ne10` border in vertices that are at most so many degrees off it; the
#: error is measured to that border, so it is none of theirs.
THINNED_DEG = 0.05


@pytest.fixture(scope="session")
def border(work):
    """Return a function from the name of a border to its polygon, territory and judge."""
    made = {"hybrid": (work.polygon, work.territory, work.judge)}

    def get(name):
        if name not in made:
            shapes = boundaries.territory("RUS", level="ne10").shapes
            polygon = shapely.union_all([shape.geometry for shape in shapes])
            polygon = polygon.simplify(THINNED_DEG) if "thinned" in name else polygon
            made[name] = polygon, geodesy.Territory.of(polygon, "RUS"), Judge(polygon)
        return made[name]

    return get


def corners(lon, lat):
    """Return the vertices of an outline and the middles of its edges, without the cut at 180°."""
    to = np.roll(np.arange(len(lon)), -1)
    seam = (np.abs(lon) > 179.999) | (np.abs(lat) > 89.999)
    azimuth, _, length = GEOD.inv(lon, lat, lon[to], lat[to])
    edge = ~(seam | seam[to])
    middle = GEOD.fwd(lon[edge], lat[edge], azimuth[edge], length[edge] / 2)
    return np.array([np.append(lon[~seam], middle[0]), np.append(lat[~seam], middle[1])])


def straight(geometry):
    """Return the same of outlines whose edges are straight in longitude and latitude."""
    found = []
    for part in shapely.get_parts(geometry):
        for ring in (part.exterior, *part.interiors):
            a, b = shapely.get_coordinates(ring)[:-1], shapely.get_coordinates(ring)[1:]
            seam = (np.abs(a) > [179.999, 89.999]).any(axis=1)
            edge = ~(seam | np.roll(seam, -1))
            found += [a[~seam], (a[edge] + b[edge]) / 2]
    return np.concatenate(found).T


def note(timed, work, border, places, km, vertices):
    """Record the greatest difference to the range: all by our measure, some by the oracle."""
    _, territory, judge = border
    off = np.abs(geodesy.distance_m(*places, territory) - km * 1e3)
    order = np.argsort(-off)
    half = work.count(80)
    some = np.unique(np.append(order[:half], np.linspace(0, len(off) - 1, half).astype(int)))
    expected = judge.distance_m(*places[:, some])
    timed.note(
        error_m=max(off.max(), np.abs(expected - km * 1e3).max()), judged=len(some),
        measured=len(off), vertices=vertices,
    )  # fmt: skip


@pytest.mark.parametrize("km", ZONES_KM)
def bench_zone(work, border, timed, km):
    zone = getattr(geodesy, "zone", None)
    if zone is None:
        pytest.skip("deploygeo zones: this version has no deploygeo.geodesy.zone")
    made = timed(
        lambda: zone(work.territory, km), table=TABLE, column=f"{km} km",
        row="deploygeo `zone`, tolerance 100 m, `hybrid`", count=1, rounds=2, warm=False,
    )  # fmt: skip
    geometry = getattr(made, "geometry", made)
    note(
        timed, work, border("hybrid"), straight(geometry), km, shapely.get_num_coordinates(geometry)
    )


def skip_most(work, name, km):
    """Skip what would take long and end in nothing."""
    if name == "hybrid" and (work.quick or km not in (50, 1600)):
        pytest.skip("outlines beside ours on `hybrid`: only 50 and 1600 km, and in the long run")


@pytest.mark.parametrize("name", ["hybrid", "ne10"])
@pytest.mark.parametrize("km", ZONES_KM)
def bench_postgis(work, peer, border, timed, km, name):
    skip_most(work, name, km)
    other, row = peer("PostGIS"), f"PostGIS `ST_Buffer(geography)`, `{name}`"
    polygon, seconds = border(name)[0], work.limit_s
    where = {"table": TABLE, "column": f"{km} km", "row": row, "version": other.version}
    import psycopg

    def buffer():
        other.run(f"set statement_timeout = '{seconds}s'")
        try:
            return other.buffer(km * 1e3, polygon)
        except psycopg.errors.QueryCanceled:
            return None
        except psycopg.Error as error:
            return str(error).splitlines()[0]
        finally:
            other.run("set statement_timeout = 0")

    made = timed(buffer, count=1, rounds=1, warm=False, cpu=other.cpu_s, **where)
    if made is None or isinstance(made, str):
        timed.note(failed=made or f"stopped after {seconds} s")
        return
    rings = [
        shapely.get_coordinates(ring)[:-1]
        for part in shapely.get_parts(made)
        for ring in (part.exterior, *part.interiors)
    ]
    places = np.concatenate([corners(*ring.T) for ring in rings], axis=1)
    note(timed, work, border(name), places, km, sum(map(len, rings)))


def _buffer(polygon, range_m, answers):
    """Run in a process of its own: the bindings can't be interrupted, and may take all memory."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    made = peers.S2(polygon)
    begin, spent = time.perf_counter(), time.process_time()
    loops = made.buffer(range_m)
    answers.put((time.perf_counter() - begin, time.process_time() - spent, loops))


@pytest.mark.parametrize("name", ["hybrid", "ne10 thinned"])
@pytest.mark.parametrize("km", ZONES_KM[:3:2])
def bench_s2(work, peer, border, timed, km, name):
    skip_most(work, name, km)
    polygon, seconds = border(name)[0], work.limit_s
    size = shapely.get_num_coordinates(polygon)
    row = "S2 bindings, `S2BufferOperation`, " + name.replace(
        "ne10 thinned", f"`ne10` thinned to {size} vertices"
    ).replace("hybrid", "`hybrid`")
    other = peer("S2")
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    spent = []

    def buffer():
        process = context.Process(target=_buffer, args=(polygon, km * 1e3, answers))
        process.start()
        try:
            wall, cpu, loops = answers.get(timeout=seconds)
        except Exception:
            return None
        finally:
            process.kill()
            process.join()
        spent.append(cpu)
        timed.note(wall_s=wall)
        return loops

    loops = timed(
        buffer, table=TABLE, column=f"{km} km", row=row, count=1, rounds=1, warm=False,
        cpu=lambda: sum(spent), version=other.version,
    )  # fmt: skip
    if loops is None:
        timed.note(failed=f"stopped after {seconds} s")
        return
    places = np.concatenate([corners(*loop.T) for loop in loops], axis=1)
    note(timed, work, border(name), places, km, sum(map(len, loops)))
