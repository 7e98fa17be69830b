"""Drawing: strategies that print as the call that made them, and choices that shrink to the first.

A strategy of this package checks its arguments when it is called, and draws by a plain function
of ``draw``, so that one may use another without making a strategy at each draw.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from random import Random
from typing import Any, TypeAlias, TypeVar

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo.errors import SettingError, UnknownNameError

__all__ = [
    "Draw",
    "chance",
    "count",
    "drawn",
    "listed",
    "named",
    "numbered",
    "pick",
    "simplest",
    "sized",
    "some",
    "spread",
    "told",
    "true",
]

T = TypeVar("T")


#: What Hypothesis hands to a composite strategy.
Draw: TypeAlias = st.DrawFn


def named(name: str, draw: Callable[[Draw], T], /, **arguments: Any) -> SearchStrategy[T]:
    """Return a strategy that draws by a function and prints as a call with these arguments.

    Arguments that are None are left out.

    >>> named("digits", lambda draw: draw(st.integers(0, 9)), base=10, near=None)
    digits(base=10)
    """

    def drawing(draw_: Draw, /, **_: Any) -> T:
        return draw(draw_)

    drawing.__name__ = drawing.__qualname__ = name
    told_of = {key: value for key, value in arguments.items() if value is not None}
    found: SearchStrategy[T] = st.composite(drawing)(**told_of)
    return found


class told:  # noqa: N801 - reads as a function
    """A value that prints as some text: a treaty by its id instead of all its clauses.

    >>> told("the treaty")
    the treaty
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def count(draw: Draw, least: int, most: int) -> int:
    """Draw a whole number; it shrinks to the least that is nearest to zero."""
    return draw(st.integers(least, most))


def pick(draw: Draw, items: Sequence[T]) -> T:
    """Draw one of some things; it shrinks to the first."""
    return items[0] if len(items) == 1 else items[draw(st.integers(0, len(items) - 1))]


def true(draw: Draw) -> bool:
    """Draw true or false; it shrinks to false."""
    return draw(st.booleans())


def chance(draw: Draw, one_in: int) -> bool:
    """Draw true once in so many times; it shrinks to false."""
    return one_in <= 1 or draw(st.integers(0, one_in - 1)) == one_in - 1


def some(draw: Draw, items: Sequence[T], least: int = 0, most: int = 3) -> list[T]:
    """Draw a few different things of some, in their order; it shrinks to the fewest."""
    most = min(most, len(items))
    wanted = count(draw, min(least, most), most)
    found: list[int] = []
    for _ in range(wanted):
        left = [i for i in range(len(items)) if i not in found]
        found.append(pick(draw, left))
    return [items[i] for i in sorted(found)]


def spread(draw: Draw, parts: int = 64) -> float:
    """Draw a fraction within (0, 1); it shrinks to a half, then to quarters.

    >>> simplest(st.composite(spread)(), lambda share: share != 0.5)
    0.25
    """
    index, share, step = count(draw, 1, parts - 1), 0.0, 0.5
    while index:  # the binary digits, mirrored at the point
        share += step * (index & 1)
        index, step = index >> 1, step / 2
    return share


def drawn(strategy: SearchStrategy[T], count: int = 100) -> list[T]:
    """Return values of a strategy, as a property test would get them; each time the same.

    Parameters
    ----------
    strategy : SearchStrategy
    count : int
        How many at most: there are fewer where a strategy has no more ways to draw one.

    Raises
    ------
    SettingError
        For a count that is none.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> set(drawn(st.booleans())) == {False, True}
    True
    >>> drawn(st.just(1), 0)
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: count is a number from 1 to 100000, not 0
    """
    numbered("count", count, 1, 100_000)
    found: list[T] = []
    calm = settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @calm
    @given(strategy)
    def keep(value: T) -> None:
        found.append(value)

    keep()
    return found


def simplest(strategy: SearchStrategy[T], condition: Callable[[T], bool] = lambda value: True) -> T:
    """Return the simplest value of a strategy that fulfils a condition; each time the same.

    Parameters
    ----------
    strategy : SearchStrategy
    condition : callable, optional

    Raises
    ------
    hypothesis.errors.NoSuchExample
        If 2 000 draws hold none.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> simplest(st.integers(), lambda number: number * number > 50)
    8
    >>> simplest(st.integers())
    0
    """
    calm = settings(
        max_examples=2_000, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    return find(strategy, condition, settings=calm, random=Random(0))  # noqa: S311 - no secret


# -- arguments


def listed(what: str, given: Iterable[str] | str, known: Collection[str]) -> tuple[str, ...]:
    """Return some known names, each once, in the order given.

    >>> listed("kind", "radar", ["radar", "artillery"])
    ('radar',)
    >>> listed("kind", [], ["radar", "artillery"])
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: no kind is left to draw from
    """
    names = (given,) if isinstance(given, str) else tuple(dict.fromkeys(given))
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise UnknownNameError(what, name, known)
    if not names:
        raise SettingError(f"no {what} is left to draw from")
    return names


def numbered(what: str, given: object, least: float, most: float) -> float:
    """Return a number within bounds.

    >>> numbered("distance_km", -1, 0, 20_004)
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: distance_km is a number from 0 to 20004, not -1
    """
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not least <= given <= most:  # type: ignore[operator]
        raise SettingError(f"{what} is a number from {least:g} to {most:g}, not {given!r}")
    return given  # type: ignore[return-value]


def sized(least: object, most: object, *, floor: int, ceiling: int) -> tuple[int, int]:
    """Return the bounds of a size.

    >>> sized(3, 2, floor=2, ceiling=100)
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: min_size 3 is above max_size 2
    """
    for what, size in (("min_size", least), ("max_size", most)):
        if isinstance(size, bool) or not isinstance(size, int) or not floor <= size <= ceiling:
            raise SettingError(f"{what} is a whole number from {floor} to {ceiling}, not {size!r}")
    low, high = int(least), int(most)  # type: ignore[call-overload]
    if low > high:
        raise SettingError(f"min_size {low} is above max_size {high}")
    return low, high
