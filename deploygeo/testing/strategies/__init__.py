"""Strategies for Hypothesis: places, forces, records, choices, clauses and whole treaties.

Each is a function with a plural name and arguments by keyword, which it checks when it is called.
What is drawn is biased to where something may go wrong, and shrinks to what a reader takes in at a
glance: `simplest` returns that, and `drawn` some of what a test would get.

>>> from hypothesis import given, settings
>>> @settings(max_examples=20, database=None)
... @given(place=positions(kinds="limits"))
... def test_a_place_is_a_place(place):
...     assert -180 <= place[0] <= 180
>>> test_a_place_is_a_place()
"""

from deploygeo.testing.strategies._draw import drawn, simplest
from deploygeo.testing.strategies.cases import NearThreshold
from deploygeo.testing.strategies.choices import params, readings, worldviews
from deploygeo.testing.strategies.events import records
from deploygeo.testing.strategies.expressions import predicates
from deploygeo.testing.strategies.files import TreatyFile, treaties
from deploygeo.testing.strategies.forces import deployments
from deploygeo.testing.strategies.places import positions, tracks
from deploygeo.testing.strategies.scenes import scenes
from deploygeo.testing.strategies.shapes import territories
from deploygeo.testing.strategies.thresholds import near_threshold
from deploygeo.testing.strategies.values import intervals, parties, stays, systems

__all__ = [
    "NearThreshold",
    "TreatyFile",
    "deployments",
    "drawn",
    "intervals",
    "near_threshold",
    "params",
    "parties",
    "positions",
    "predicates",
    "readings",
    "records",
    "scenes",
    "simplest",
    "stays",
    "systems",
    "territories",
    "tracks",
    "treaties",
    "worldviews",
]
