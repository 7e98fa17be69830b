"""Independent second implementations, which share no code with the product.

They read the data files themselves and use nothing but the standard library and
``geographiclib``, which is pure Python. `distance` measures to borders by brute force. `verdict`
evaluates one clause of a treaty file on one deployment, record or group by the naive way, in an
exact world: places, borders and quantities are what they are said to be. `compare` holds the
product's verdicts, which know of errors and intervals, beside theirs.

They know points only, no tracks and no areas, and of the distance between two territories only
whether it is zero.

>>> from deploygeo.testing import oracles
>>> line = {"type": "LineString", "coordinates": [[0, 49], [60, 49]]}
>>> round(oracles.distance_m(30.0, 50.0, line))
111219
"""

from deploygeo.testing.oracles.comparing import RIGHT, Comparison, compare, weigh
from deploygeo.testing.oracles.distance import Found, distance_m, nearest_of
from deploygeo.testing.oracles.earth import World, world
from deploygeo.testing.oracles.language import Pact
from deploygeo.testing.oracles.regions import Region
from deploygeo.testing.oracles.scene import Choices, Scene
from deploygeo.testing.oracles.verdict import Answer, answers
from deploygeo.testing.oracles.worlds import exact_worlds

__all__ = [
    "RIGHT",
    "Answer",
    "Choices",
    "Comparison",
    "Found",
    "Pact",
    "Region",
    "Scene",
    "World",
    "answers",
    "compare",
    "distance_m",
    "exact_worlds",
    "nearest_of",
    "weigh",
    "world",
]
