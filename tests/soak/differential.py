"""Ask the product and the oracles the same of random treaties and scenes, and count.

By hand, as in ``python tests/soak/differential.py --minutes 60 --seed 1 --out found``; every
disagreement becomes a folder with the treaty, the scene and both answers, and it ends with 1 if
there is one. ``--case N`` asks one case again and prints it.
"""

import argparse
import json
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

import shapely

from deploygeo import geodesy
from deploygeo.testing import oracles
from deploygeo.treaties import load

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "testing"))
import drafting  # noqa: E402

SHIPPED = ("us-russia-2021", "nato-russia-2021")
ROOM_M = 1e-3
SLOW_S, TELL_S = 30.0, 120.0


def borders():
    """Return vertices of the land of the states that scenes are about, one in a hundred."""
    earth = oracles.world()
    return [
        (lons[i], lats[i])
        for unit in (*drafting.STATES, "crimea", "ordlo", "abkhazia", "transnistria")
        if unit in earth.land
        for part in earth.land[unit].parts
        for lons, lats in part.rings
        for i in range(0, len(lons), 100)
        if lats[i] > 30
    ]


def case(seed, number, near, folder):
    """Return the treaty, the scene and the choices of one case."""
    rng = drafting.seeded(f"{seed}/{number}")
    if rng.random() < 0.15:
        name = rng.choice(SHIPPED)
        chosen = drafting.choices(rng)
        used = {r.name: r.names for r in load(name).readings}
        chosen["readings"] = {n: rng.choice(v) for n, v in used.items() if rng.random() < 0.2}
        treaty = name
    else:
        draft = drafting.Draft(rng)
        treaty = folder / "treaty.toml"
        treaty.write_text(draft.text, encoding="utf-8")
        chosen = drafting.choices(rng, draft)
        known = {r.name for r in load(treaty).readings}
        chosen["readings"] = {n: v for n, v in chosen["readings"].items() if n in known}
    return treaty, drafting.scene(rng, near), oracles.Choices(**chosen), rng


def shape(rng):
    """Return a random set of polygons, lines and points."""
    parts = []
    for _ in range(rng.choice([1, 1, 2, 5])):
        lon, lat = rng.uniform(-180, 180), rng.uniform(-85, 85)
        wide = 10 ** rng.uniform(-3, 2)
        ring = []
        for i in range(rng.randint(3, 9)):
            off = complex(0, 1) ** (4 * i / 9) * wide * rng.uniform(0.3, 1.0)
            x, y = lon + off.real, lat + off.imag
            ring.append((max(-180.0, min(180.0, x)), max(-90.0, min(90.0, y))))
        kind = rng.choice([shapely.Polygon, shapely.Polygon, shapely.LineString])
        made = kind(ring)
        if made.is_valid and not made.is_empty:
            parts.append(made)
    return shapely.GeometryCollection(parts)


def distances(rng, count):
    """Return the greatest difference between both distances on one random shape, in metres."""
    made = shape(rng)
    territory = geodesy.Territory.of(made)
    region = oracles.Region.of(json.loads(shapely.to_geojson(made)))
    worst = 0.0
    for _ in range(count):
        lon, lat = rng.uniform(-180, 180), rng.uniform(-90, 90)
        if rng.random() < 0.3 and not made.is_empty:
            west, south, east, north = made.bounds
            lon, lat = rng.uniform(west, east), rng.uniform(south, north)
        one = float(geodesy.distance_m(lon, lat, territory))
        other = 0.0 if region.covers(lon, lat) else oracles.nearest_of([region], lon, lat).metres
        if region.parts:
            worst = max(worst, abs(one - other))
    return worst, made


def told(one):
    return {
        "clause": one.clause,
        "subject": one.subject,
        "product": one.said,
        "why": one.why,
        "how": one.how,
        "oracle": [
            {"verdict": a.verdict, "slack_km": repr(a.slack_km), "measured": a.measured[:6]}
            for a in one.answers[:12]
        ],
    }


class Tally:
    """What was compared, and what was found."""

    def __init__(self, out):
        self.out = out
        self.how, self.by_verdict, self.by_word, self.kept = (Counter() for _ in range(4))
        self.worst_m = 0.0

    def add(self, number, treaty, scene, chosen, found):
        """Count what was compared, and keep what is not right."""
        text = treaty.read_text(encoding="utf-8") if isinstance(treaty, Path) else ""
        words = set(re.findall(r"\b([a-z_]+)\b(?=\()|\b(range|personnel|nuclear|own)\b", text))
        words = {word for pair in words for word in pair if word}
        for one in found:
            self.how[one.how] += 1
            self.by_verdict[one.said] += 1
            for word in words or [f"{treaty} {one.clause}"]:
                self.by_word[word] += 1
        wrong = [one for one in found if not one.is_right]
        if wrong:
            self.kept["cases with a disagreement"] += 1
            self.keep(number, text or treaty, scene, chosen, wrong)
            for one in wrong:
                print(f"case {number}: {json.dumps(told(one), default=str)[:600]}", flush=True)

    def keep(self, number, text, scene, chosen, wrong):
        """Write one case to a folder of its own."""
        at = self.out / f"case-{number}"
        at.mkdir(parents=True, exist_ok=True)
        (at / "treaty.toml").write_text(text, encoding="utf-8")
        (at / "frontier.geojson").write_text(json.dumps(drafting.LINE), encoding="utf-8")
        collection = {"type": "FeatureCollection", "features": scene}
        (at / "scene.geojson").write_text(json.dumps(collection, indent=1), encoding="utf-8")
        worlds = [
            world
            for one in wrong
            for world, answer in zip(one.worlds, one.answers, strict=False)
            if answer.verdict != one.said
        ]
        answer = {
            "choices": repr(chosen),
            "wrong": [told(one) for one in wrong],
            "worlds": worlds[:2],
        }
        told_ = json.dumps(answer, indent=1, default=str)
        (at / "answers.json").write_text(told_, encoding="utf-8")

    def measure(self, number, rng):
        """Compare distances on one random shape."""
        apart, made = distances(rng, 5)
        self.how["distances compared"] += 5
        self.worst_m = max(self.worst_m, apart)
        if apart > ROOM_M:
            self.kept["distances apart"] += 1
            print(f"case {number}: {apart} m apart on {made.wkt[:300]}", flush=True)

    def line(self, number, seconds):
        """Print the counts so far."""
        print(
            f"{time.strftime('%H:%M:%S')} after {seconds / 60:.1f} min: {number} cases,"
            f" {sum(self.by_verdict.values())} verdicts; {dict(self.how)}; distances within"
            f" {self.worst_m * 1000:.6f} mm; {dict(self.kept)}",
            flush=True,
        )

    @property
    def bad(self):
        """Whatever should not be."""
        kept = self.kept["crashed"] + self.kept["distances apart"]
        return self.how["wrong"] + self.how["unjustified"] + kept


def one_case(seed, number, near, folder, tally):
    """Compare one case; half of them again with a reach near a distance that was measured."""
    treaty, scene, chosen, rng = case(seed, number, near, folder)
    found = []
    try:
        found = oracles.compare(treaty, scene, chosen, rng=rng)
        far = sorted({d for one in found for a in one.answers for d in a.measured if d < 2e4})
        if far and rng.random() < 0.5 and all(one.is_right for one in found):
            scene = drafting.nearby(rng, scene, far)
            found += oracles.compare(treaty, scene, chosen, rng=rng)
    except NotImplementedError as error:
        tally.kept[f"not known to the oracle: {error}"] += 1
    except Exception:
        tally.kept["crashed"] += 1
        print(f"case {number} crashed\n{traceback.format_exc()}", flush=True)
        text = treaty.read_text(encoding="utf-8") if isinstance(treaty, Path) else treaty
        tally.keep(number, text, scene, chosen, [])
    tally.add(number, treaty, scene, chosen, found)
    if number % 20 == 0:
        tally.measure(number, rng)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("disagreements"))
    parser.add_argument("--case", type=int, help="only this one")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    given = parser.parse_args()
    near, tally = borders(), Tally(given.out)
    begun = spoken = time.monotonic()
    first = number = given.first if given.case is None else given.case
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "frontier.geojson").write_text(json.dumps(drafting.LINE), encoding="utf-8")
        while True:
            started = time.monotonic()
            one_case(given.seed, number, near, folder, tally)
            now = time.monotonic()
            if now - started > SLOW_S:
                print(f"case {number} took {now - started:.0f} s", flush=True)
            number += 1
            if given.case is not None or now - begun >= given.minutes * 60:
                break
            if now - spoken > TELL_S:
                spoken = now
                tally.line(number - first, now - begun)
    tally.line(number - first, time.monotonic() - begun)
    print("by verdict of the product:", dict(tally.by_verdict.most_common()))
    print("by clause, or by word of the treaty:", dict(tally.by_word.most_common()))
    return int(tally.bad > 0)


if __name__ == "__main__":
    sys.exit(main())
