"""A locus: a set of places, put together from regions and what is within a distance of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from deploygeo.checker.wording import told
from deploygeo.clauses.evaluate import Region

__all__ = [
    "AllOf",
    "AnyOf",
    "Inside",
    "Near",
    "Outside",
    "Place",
    "Whole",
    "all_of",
    "any_of",
    "inverse",
    "leaves",
]


@dataclass(frozen=True, slots=True)
class Whole:
    """Everywhere, or nowhere."""

    everywhere: bool

    def __str__(self) -> str:
        return "everywhere" if self.everywhere else "nowhere"


@dataclass(frozen=True, slots=True)
class Inside:
    """In a region."""

    region: Region

    def __str__(self) -> str:
        return f"inside {_named(self.region)}"


@dataclass(frozen=True, slots=True)
class Near:
    """At most so far from a region, in kilometres."""

    region: Region
    km: float

    def __str__(self) -> str:
        return f"within {self.km:g} km of {_named(self.region)}"


@dataclass(frozen=True, slots=True)
class Outside:
    """All that another set leaves."""

    of: Place

    def __str__(self) -> str:
        text = str(self.of)
        if isinstance(self.of, Inside):
            return f"outside {_named(self.of.region)}"
        return f"not ({text})"


@dataclass(frozen=True, slots=True)
class AllOf:
    """What several sets have in common."""

    parts: tuple[Place, ...]

    def __str__(self) -> str:
        return " and ".join(
            f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What is in one of several sets."""

    parts: tuple[Place, ...]

    def __str__(self) -> str:
        return " or ".join(
            f"({part})" if isinstance(part, AllOf) else str(part) for part in self.parts
        )


Place: TypeAlias = Whole | Inside | Near | Outside | AllOf | AnyOf

_NAMES: Final = {"border": "the border line", "outer": "the outer border", "sea": "the "}


def _named(region: Region) -> str:
    if region.kind in ("land", "territory"):
        return f"the {region.kind} of {told(region.states)}"
    return f"{_NAMES.get(region.kind, region.kind + ' ')}{region.name}"


def leaves(place: Place) -> tuple[Whole | Inside | Near, ...]:
    """Return what a set is made of.

    >>> leaves(Outside(Whole(True)))
    (Whole(everywhere=True),)
    """
    match place:
        case Outside(of=of):
            return leaves(of)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
    return (place,)


def inverse(place: Place) -> Place:
    """Return all that a set leaves.

    >>> inverse(inverse(Near(Region("sea", name="Black Sea"), 50.0)))
    Near(region=Region(kind='sea', ...), km=50.0)
    >>> print(inverse(Whole(True)))
    nowhere
    """
    match place:
        case Whole(everywhere=everywhere):
            return Whole(not everywhere)
        case Outside(of=of):
            return of
    return Outside(place)


def all_of(parts: Iterable[Place]) -> Place:
    """Return what sets have in common; what holds everywhere or nowhere is simplified away.

    >>> print(all_of([]), all_of([Whole(True), Whole(False)]), sep=", ")
    everywhere, nowhere
    """
    found: list[Place] = []
    for part in parts:
        if part == Whole(False):
            return part
        if part != Whole(True):
            found.extend(part.parts if isinstance(part, AllOf) else (part,))
    if len(found) > 1:
        return AllOf(tuple(dict.fromkeys(found)))
    return found[0] if found else Whole(True)


def any_of(parts: Iterable[Place]) -> Place:
    """Return what is in one of several sets, simplified likewise.

    >>> print(any_of([]), any_of([Whole(True), Whole(False)]), sep=", ")
    nowhere, everywhere
    """
    found: list[Place] = []
    for part in parts:
        if part == Whole(True):
            return part
        if part != Whole(False):
            found.extend(part.parts if isinstance(part, AnyOf) else (part,))
    if len(found) > 1:
        return AnyOf(tuple(dict.fromkeys(found)))
    return found[0] if found else Whole(False)
