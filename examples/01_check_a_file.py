"""Check a file of deployments against both drafts, and read the report.

The file holds publicly reported deployments around 17 December 2021; each says its source.
"""

from pathlib import Path

import deploygeo as dg

FILE = Path(__file__).with_name("europe-2021-12-17.geojson")

# Each line: who, which clause, the verdict, and what was measured. A finding has many more
# fields: margin, witness point, readings, reasons, and every change that flips the verdict.
QUESTIONS = (
    ("uss-porter-black-sea", "us-russia-2021/5.2"),
    ("uss-porter-batumi", "us-russia-2021/4.2"),
    ("uss-mount-whitney-batumi", "us-russia-2021/5.2"),
    ("hms-defender-fiolent", "us-russia-2021/5.2"),
)

report = dg.check(FILE)
print(f"worldview {report.settings.worldview}, borders {report.settings.level}")
for subject, clause in QUESTIONS:
    (finding,) = report.of(subject, clause)
    print(f"{subject}: {clause}: {finding.verdict}")

(porter,) = report.of("uss-porter-black-sea", "us-russia-2021/5.2")
measure = porter.measures[0]
print(f"The ship is {measure.distance_km:.0f} km from the {measure.what};")
print(f"its weapon reaches {porter.range_km[0]:.0f} km; assumed: {', '.join(porter.assumed)}.")
print(f"exit code of the shell command: {report.exit_code()}")
