"""Strategies of the choices of a run: worldview, readings, parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries
from deploygeo.testing.strategies._draw import Draw, chance, count, named, pick, told, true
from deploygeo.testing.strategies.values import draw_number
from deploygeo.treaties import Treaty, load

__all__ = ["params", "readings", "treaty_of", "worldviews"]

_LEVELS: Final = (0.0, 1.0, 30.0, 100.0, 500.0)


def treaty_of(treaty: Treaty | str) -> Treaty:
    """Return a treaty, by itself or by what `deploygeo.treaties.load` takes.

    >>> treaty_of("us-russia-2021").id
    'us-russia-2021'
    """
    return treaty if isinstance(treaty, Treaty) else load(treaty)


def worldviews() -> SearchStrategy[str]:
    """Return a strategy of worldviews, half of the time the default one.

    Notes
    -----
    Shrinks to the default.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(worldviews()), simplest(worldviews(), lambda name: name != "un")
    ('un', 'de-facto')
    """
    default = boundaries.DEFAULT_WORLDVIEW
    others = [name for name in boundaries.worldviews() if name != default]
    return named(
        "worldviews", lambda draw: pick(draw, others) if others and true(draw) else default
    )


def readings(treaty: Treaty | str, *, most: int = 3) -> SearchStrategy[Mapping[str, str]]:
    """Return a strategy of chosen readings of a treaty, as `Settings` has them.

    Parameters
    ----------
    treaty : Treaty, or id or path of one
    most : int
        How many readings differ from their defaults, at most.

    Raises
    ------
    UnknownNameError, TreatyError
        If there is no such treaty, or it is wrong.

    Notes
    -----
    Shrinks to none chosen, that is the defaults.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(readings("us-russia-2021"))
    {}
    >>> simplest(readings("us-russia-2021"), lambda chosen: "reach" in chosen)
    {'reach': 'loadable'}
    """
    of = treaty_of(treaty)
    known = of.readings

    def draw_one(draw: Draw) -> Mapping[str, str]:
        found = {}
        for _ in range(count(draw, 0, min(most, len(known)))):
            reading = pick(draw, known)
            found[reading.name] = pick(draw, reading.names[1:])
        return dict(sorted(found.items()))

    return named("readings", draw_one, treaty=told(repr(of.id)))


def params(treaty: Treaty | str) -> SearchStrategy[Mapping[str, float]]:
    """Return a strategy of agreed parameters of a treaty, as `Settings` has them.

    Parameters
    ----------
    treaty : Treaty, or id or path of one

    Raises
    ------
    UnknownNameError, TreatyError
        If there is no such treaty, or it is wrong.

    Notes
    -----
    Shrinks to none agreed.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(params("us-russia-2021"), lambda agreed: len(agreed) == 1)
    {'stay_days': 0.0}
    """
    of = treaty_of(treaty)

    def draw_one(draw: Draw) -> Mapping[str, float]:
        found = {}
        for parameter in of.parameters:
            if chance(draw, 2):
                known = tuple(value for _, value in parameter.values if value >= 0)
                found[parameter.name] = draw_number(draw, known + _LEVELS[1:], most=100_000.0)
        return found

    return named("params", draw_one, treaty=told(repr(of.id)))
