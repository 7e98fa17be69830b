"""Check the same ships under three worldviews: whose is Crimea?

deploygeo takes no side. The worldview is a choice, every report prints it, and a finding lists
the worldviews under which its verdict would be another.
"""

import json
from pathlib import Path

import deploygeo as dg

FILE = Path(__file__).with_name("europe-2021-12-17.geojson")
PORTER = ("uss-porter-black-sea", "us-russia-2021/5.2")
DEFENDER = ("hms-defender-fiolent", "nato-russia-2021/7.1")

features = [
    feature
    for feature in json.loads(FILE.read_text(encoding="utf-8"))["features"]
    if feature["id"] in (PORTER[0], DEFENDER[0])
]
for worldview in ("un", "de-facto", "russia"):
    report = dg.check(features, worldview=worldview)
    (porter,) = report.of(*PORTER)
    (defender,) = report.of(*DEFENDER)
    measure = porter.measures[0]
    print(f"{worldview}:")
    print(f"  USS Porter, 5(2): {porter.verdict}; {measure.distance_km:.0f} km to {measure.unit}")
    print(f"  HMS Defender, 7(1): {defender.verdict}; in waters of {defender.host}")
