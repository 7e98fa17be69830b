"""What clauses close to the parties of each side, measured: own land, other land, and ten seas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deploygeo import boundaries
from deploygeo.checker.findings import Settings
from deploygeo.clauses.evaluate import States
from deploygeo.consistency.candidates import fits
from deploygeo.consistency.conditions import conditions_of
from deploygeo.consistency.facts import KIND_ORDER
from deploygeo.consistency.logic import truth_of
from deploygeo.consistency.places import PLACES
from deploygeo.errors import SettingError
from deploygeo.treaties import Clause, Treaty
from deploygeo.zones.closed import Closed, bound_by, closed_to
from deploygeo.zones.ground import SEAS
from deploygeo.zones.laid import Layers
from deploygeo.zones.locus import AllOf, AnyOf, Inside, Near, Outside, Place, leaves
from deploygeo.zones.outlines import held_by, stages_of

__all__ = ["Area", "Ledger", "Measured"]

Sums: TypeAlias = NDArray[np.float64]

MOST_GROUPS: Final = 3
"""Groups of parties of one side that a clause closes different places to, and that are measured."""


@dataclass(frozen=True, slots=True)
class Area:
    """How much of some land or sea is closed.

    Parameters
    ----------
    closed_km2, whole_km2 : float
        On the ellipsoid.
    error_km2 : float
        By how much the tolerance of the outlines may put it off.

    Examples
    --------
    >>> Area(25.0, 100.0, 1.0).share
    0.25
    >>> Area(0.0, 0.0, 0.0).share
    0.0
    """

    closed_km2: float
    whole_km2: float
    error_km2: float

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.closed_km2 / self.whole_km2) if self.whole_km2 else 0.0

    @property
    def error(self) -> float:
        """Of the share."""
        return min(1.0, self.error_km2 / self.whole_km2) if self.whole_km2 else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A row of the ledger, as `Cost` has it without the clause."""

    side: str
    parties: tuple[str, ...]
    range_km: float | None = None
    own_land: Area | None = None
    other_land: Area | None = None
    seas: Area | None = None
    why: str = ""


@dataclass
class Ledger:
    """Measures what the clauses of one treaty close.

    Parameters
    ----------
    treaty : Treaty
    settings : Settings
    ranges_km : tuple of float
    tolerance_m : float
    """

    treaty: Treaty
    settings: Settings
    ranges_km: tuple[float, ...]
    tolerance_m: float
    _layers: dict[object, Layers] = field(default_factory=dict, repr=False)
    _laid: dict[object, tuple[Sums, Sums]] = field(default_factory=dict, repr=False)

    def rows(self, clause: Clause, sides: Mapping[str, States]) -> Iterator[Measured]:
        """Yield what a clause closes, by range and side.

        A clause that asks for no range is measured once.
        """
        try:
            bound = bound_by(self.treaty, clause, self.settings)
        except SettingError as error:
            yield Measured("", (), why=_why(error))
            return
        if not bound:
            yield Measured("", (), why="it binds nobody on the day")
            return
        try:
            closed = [
                [closed_to(self.treaty, clause, party, km, self.settings) for party in bound]
                for km in sorted(self.ranges_km, reverse=True) or (None,)
            ]
        except SettingError as error:
            yield Measured("", (), why=_why(error))
            return
        if closed[0][0].range_km is None:
            closed = closed[:1]
        layers = self._layers_for(closed)
        rows = [
            row
            for alike in reversed(closed)
            for name, states in _named(bound, sides)
            for row in self._of_side(clause, layers, name, states, alike)
        ]
        yield from rows

    def _layers_for(self, closed: Sequence[Sequence[Closed]]) -> Layers:
        reaches: dict[States, set[float]] = {}
        for one in (one for row in closed for one in row):
            for leaf in leaves(one.place):
                if isinstance(leaf, Near) and leaf.region.kind == "land":
                    reaches.setdefault(leaf.region.states, set()).add(leaf.km)
        stages = {states: stages_of(kms) for states, kms in reaches.items()}
        key = tuple(sorted((tuple(sorted(states)), kms) for states, kms in stages.items()))
        if key not in self._layers:
            self._layers[key] = Layers(self.settings.level, self.tolerance_m, stages)
        return self._layers[key]

    def _of_side(
        self,
        clause: Clause,
        layers: Layers,
        name: str,
        states: Sequence[str],
        closed: Sequence[Closed],
    ) -> Iterator[Measured]:
        groups: dict[object, list[Closed]] = {}
        for one in closed:
            if one.party in states:
                groups.setdefault(one.place, []).append(one)
        order = sorted(groups.values(), key=lambda same: -len(same))
        for same in order[:MOST_GROUPS]:
            codes = tuple(one.party for one in same)
            told = name if len(order) == 1 else ", ".join(codes)
            yield self._measured(clause, layers, told, codes, same[0])
        rest = [one for same in order[MOST_GROUPS:] for one in same]
        if rest:
            codes = tuple(one.party for one in rest)
            why = f"{len(codes)} more, to each of whom it closes other places; name them apart"
            yield Measured(name, codes, rest[0].range_km, why=why)

    def _measured(
        self, clause: Clause, layers: Layers, side: str, codes: tuple[str, ...], closed: Closed
    ) -> Measured:
        on_land, at_sea = _media(self.treaty, clause, self.settings, codes[0])
        if not at_sea:  # a territory ends at the coast there, which is far sooner known
            closed = replace(closed, place=_ashore(closed.place))
        whole, held = layers.ground, held_by(closed)
        key = (closed.place, held)
        if key not in self._laid:
            cover, found = layers.lay(closed, held)
            self._laid[key] = whole.covered_m2(cover), found
        (covered, errors), total = self._laid[key], whole.sums(whole.area_m2)
        store = boundaries.borders(closed.settings.level)
        holders = store.tables.holders(closed.settings.worldview, closed.on)
        owner = [holders[unit] for unit in whole.names[len(SEAS) :]]
        at = np.arange(len(whole.names))
        is_sea = at < len(SEAS)
        is_own = np.array([False] * len(SEAS) + [state in codes for state in owner])

        def area(which: NDArray[np.bool_]) -> Area:
            parts = (covered[which].sum(), total[which].sum(), errors[which].sum())
            return Area(*(float(part) / 1e6 for part in parts))

        return Measured(
            side,
            codes,
            closed.range_km,
            area(is_own) if on_land else None,
            area(~is_own & ~is_sea) if on_land else None,
            area(is_sea) if at_sea else None,
        )


def _ashore(place: Place) -> Place:
    """Return a set that is the same on land, without territorial seas.

    >>> from deploygeo.clauses.evaluate import Region
    >>> str(_ashore(Outside(Inside(Region("territory", frozenset({"USA"}))))))
    'outside the land of USA'
    """
    match place:
        case Inside(region=region) if region.kind == "territory":
            return Inside(replace(region, kind="land"))
        case Outside(of=of):
            return Outside(_ashore(of))
        case AllOf(parts=parts):
            return AllOf(tuple(_ashore(part) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(_ashore(part) for part in parts))
    return place


def _media(treaty: Treaty, clause: Clause, settings: Settings, party: str) -> tuple[bool, bool]:
    """Return whether what a clause is about can be on land, and at sea."""
    violated = conditions_of(treaty, clause, settings, party).violated
    land = next(place for place in PLACES if place.medium == "land")
    sea = next(place for place in PLACES if place.medium == "sea")
    on_land = at_sea = False
    for kind in KIND_ORDER:
        if truth_of(violated, {"kind": kind}) is not False:
            on_land = on_land or fits(kind, land)
            at_sea = at_sea or fits(kind, sea)
    return on_land, at_sea


def _named(
    bound: Sequence[str], sides: Mapping[str, States]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the sides with those of their parties that a clause binds."""
    rest = set(bound)
    for name, states in sides.items():
        mine = tuple(party for party in bound if party in states)
        rest -= set(mine)
        if mine:
            yield name, mine
    if rest:
        yield "others", tuple(sorted(rest))


def _why(error: SettingError) -> str:
    """Return what an error says, without the name of the clause and what to try.

    >>> _why(SettingError("t/8 closes no place: it asks of records; try a clause about reach"))
    'it asks of records'
    >>> _why(SettingError("t/2 closes no place while parameter width_km has no value; give one"))
    'parameter width_km has no value'
    """
    text = str(error).split("; ")[0]
    for mark in (" closes no place: ", " closes no place while "):
        if mark in text:
            return text.split(mark, 1)[1]
    return text
