"""Write a clause of your own: a text, a rule, and no new Python.

The rule is one line over a closed vocabulary; it is compiled, never evaluated as code. A slip
of the pen is reported with what was probably meant.
"""

import tempfile
from pathlib import Path

import deploygeo as dg

TREATY = """
id = "black-sea-band"
title = "A band off the coast"
status = "draft"
source = "invented for this example"

[[clause]]
id = "1"
article = "1"
text = "Warships of other states stay 200 km away from the land of Ukraine."
bearers = "everyone - states('UKR')"
applies = "kind('surface_warship')"
rule = "distance(land(states('UKR'))) < 200"
"""


def load(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "treaty.toml")
        path.write_text(text, encoding="utf-8")
        return dg.treaty(path)


treaty = load(TREATY)
ships = [
    dg.Deployment(
        id=id_, party=party, kind="surface_warship", geometry=(31.0, lat), stay="2021-11-10"
    )
    for id_, party, lat in (("near", "RUS", 44.5), ("far", "RUS", 42.0), ("own", "UKR", 45.5))
]
report = dg.check(ships, treaty)
for finding in report.findings:
    margin = finding.margin_km
    shown = "" if margin is None else f", by {abs(sum(margin) / 2):.0f} km"
    print(f"{finding.members[0]}: {finding.verdict}{shown}")

try:
    load(TREATY.replace("distance(land", "distanse(land"))
except dg.DeploygeoError as error:
    print(str(error).partition("?")[0].splitlines()[0] + "?")
