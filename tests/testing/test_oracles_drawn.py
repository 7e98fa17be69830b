"""The oracle of verdicts beside the product, on what the strategies draw."""

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploygeo.io import to_features
from deploygeo.testing import oracles
from deploygeo.testing.strategies import params, readings, scenes, treaties, worldviews

MANY = int(os.environ.get("DEPLOYGEO_ORACLE_EXAMPLES", "0"))
"""More examples by hand."""


def repeatable(count):
    return settings(
        max_examples=MANY or count,
        derandomize=not MANY,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def at_points(things):
    """What of a scene is at one point, or is a record."""
    found = [
        feature
        for feature in to_features(things)["features"]
        if feature["geometry"] is None or feature["geometry"]["type"] == "Point"
    ]
    return [f for f in found if f["geometry"] is not None or "record" in f["properties"]]


def stands(treaty, things, chosen, clauses=None):
    features = at_points(things)
    try:
        found = oracles.compare(treaty, features, chosen, clauses)
    except NotImplementedError:  # the distance between two territories
        return
    wrong = [(one.clause, one.subject, one.said, one.how) for one in found if not one.is_right]
    assert wrong == [], json.dumps(features)


@repeatable(15)
@given(data=st.data(), file=treaties(max_definitions=2))
def test_drawn_treaties_stand_beside_the_oracle(data, file):
    things = data.draw(scenes(treaty=file.treaty))
    chosen = oracles.Choices(
        worldview=data.draw(worldviews()),
        readings=data.draw(readings(file.treaty)),
        params=data.draw(params(file.treaty)),
    )
    with tempfile.TemporaryDirectory() as folder:
        stands(file.write(Path(folder)), things, chosen)


@pytest.mark.parametrize("treaty", ["us-russia-2021", "nato-russia-2021"])
@repeatable(12)
@given(data=st.data())
def test_drawn_scenes_under_the_drafts_stand_beside_the_oracle(treaty, data):
    things = data.draw(scenes(treaty=treaty))
    chosen = oracles.Choices(
        worldview=data.draw(worldviews()),
        readings=data.draw(readings(treaty)),
        params=data.draw(params(treaty)),
    )
    stands(treaty, things, chosen)
