"""Treaties as data: loading, linting, and those that ship."""

from deploygeo.treaties.loader import library, lint, load, readings
from deploygeo.treaties.schema import Clause, Definition, Reading, ReadingValue, Treaty, Unless

__all__ = [
    "Clause",
    "Definition",
    "Reading",
    "ReadingValue",
    "Treaty",
    "Unless",
    "library",
    "lint",
    "load",
    "readings",
]
