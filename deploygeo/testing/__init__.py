"""Property tests of rule consistency, for the author of any treaty file.

Strategies draw places, deployments and whole treaties; laws are what must hold of them,
whatever a treaty says; oracles answer the same questions in another way. They need
Hypothesis: ``pip install deploygeo[testing]``.

>>> from deploygeo.testing import LAWS
>>> next(law for law in LAWS if law.name == "withdrawal-clears-every-prohibition").statement
'Once a party has withdrawn everything, no clause finds it in breach by its presence.'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deploygeo.testing import laws, oracles, strategies
    from deploygeo.testing.law import Law, LawBrokenError, Situation, require
    from deploygeo.testing.laws import LAWS
    from deploygeo.testing.prove import Proof, check_treaty

__all__ = [
    "LAWS",
    "Law",
    "LawBrokenError",
    "Proof",
    "Situation",
    "check_treaty",
    "laws",
    "oracles",
    "require",
    "strategies",
]

# Name → module; a pytest that only loads the plugin waits neither for Hypothesis nor for borders.
_HOMES = {
    "LAWS": "deploygeo.testing.laws",
    "Law": "deploygeo.testing.law",
    "LawBrokenError": "deploygeo.testing.law",
    "Proof": "deploygeo.testing.prove",
    "Situation": "deploygeo.testing.law",
    "check_treaty": "deploygeo.testing.prove",
    "require": "deploygeo.testing.law",
}
_MODULES = ("laws", "oracles", "strategies")


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    elif name in _MODULES:
        value = import_module(f"deploygeo.testing.{name}")
    else:
        raise AttributeError(f"module 'deploygeo.testing' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
