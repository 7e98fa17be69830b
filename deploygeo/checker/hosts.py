"""Whose territory a deployment is in: certainly, in part, on its way, or perhaps.

A place has an error, and so have borders; an area may straddle several states, and a track
cross them. What is not certain is kept as such, so that a force near a border is neither
counted nor passed over in silence.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from deploygeo import boundaries
from deploygeo.boundaries import TERRITORIAL_SEA_M, PresenceMargin, host_of, presence_margin_m
from deploygeo.checker.explore import Piece, pieces_of
from deploygeo.model import Deployment, Stay

__all__ = ["Certainty", "Host", "Outlook", "Surroundings"]

Certainty = Literal["there", "partly", "passing", "perhaps"]

_THERE: Final[Certainty] = "there"
_PERHAPS: Final[Certainty] = "perhaps"

MOST_LOOKS: Final = 200
"""Looks at one track or area; what then is still undecided stays so."""

SMALLEST_M: Final = 500.0
"""Pieces are split down to this, which is below the error of most borders."""

_BORDER_ERROR_M: Final = 10_000.0
"""More than any stated error of the border data: what is farther off need not be asked."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The choices on which a host depends."""

    worldview: str = "un"
    level: str = "hybrid"
    overseas: bool = True


@dataclass(frozen=True, slots=True)
class Host:
    """A state that a deployment is in.

    Parameters
    ----------
    state : str
        An overseas territory has its own name where those do not count as their state.
    certainty : {"there", "partly", "passing", "perhaps"}
        All of it is there; a part of it, for an area that several states share; all of it at
        some time, for a track; or it may be there.
    is_overseas : bool
        The territory is not metropolitan, so that the choice of `overseas` decides the state.
    """

    state: str
    certainty: Certainty
    is_overseas: bool = False


@dataclass
class _Look:
    """What one piece of a geometry says: who surely holds its middle, and whom it may touch."""

    piece: Piece
    error_m: float
    on: date
    outlook: Outlook
    owner: tuple[str, bool] | None = None
    is_settled: bool = False
    touched: set[tuple[str, bool]] = field(default_factory=set)

    def __post_init__(self) -> None:
        radius_m = self.piece.radius_m + self.error_m
        look = self.outlook
        state, zone = host_of(
            *self.piece.place, on=self.on, worldview=look.worldview, level=look.level
        )
        if state is not None and zone == "land":
            self.owner = self._deep_in(state)
            if self.owner is not None:
                self.is_settled = True
                return
        if state is not None:
            margin = self._margin(state)
            if margin.lo_m > self.error_m:
                self.owner = self._name(state, margin.unit)
            if margin.lo_m > radius_m:
                self.is_settled = True
                return
        held = boundaries.holders(look.worldview, self.on)
        near = _units_near(self.piece, self.error_m, look.level)
        for other in sorted({held[unit] for unit in near} - {""}):
            margin = self._margin(other)
            if margin.hi_m + radius_m >= 0.0:
                self.touched.add(self._name(other, margin.unit))
        self.is_settled = not self.touched

    def _deep_in(self, state: str) -> tuple[str, bool] | None:
        """Return the state if the depth in one of its units is enough, which is cheap to know."""
        look = self.outlook
        store = boundaries.borders(look.level)
        held = boundaries.holders(look.worldview, self.on)
        mine = [unit for unit in store.parts_near(*self.piece.place, 0.0) if held[unit] == state]
        found = store.signed_of(mine, *self.piece.place, whole=False)
        if found is None:
            return None
        error_m = store.error_m(found.lon, found.lat, (found.unit,)) + self.error_m
        if -found.value_m <= error_m + self.piece.radius_m:
            return None
        return self._name(state, found.unit)

    def _margin(self, state: str) -> PresenceMargin:
        look = self.outlook
        return presence_margin_m(
            *self.piece.place, state, on=self.on, worldview=look.worldview, level=look.level
        )

    def _name(self, state: str, unit: str) -> tuple[str, bool]:
        is_overseas = not boundaries.units()[unit].metropolitan
        return (unit if is_overseas and not self.outlook.overseas else state, is_overseas)


def _units_near(piece: Piece, error_m: float, level: str) -> list[str]:
    radius_m = piece.radius_m + error_m + TERRITORIAL_SEA_M + _BORDER_ERROR_M
    return boundaries.borders(level).parts_near(*piece.place, radius_m)


class Surroundings:
    """A deployment with the units of land near it, which decide whose territory it is in.

    Examples
    --------
    >>> force = Deployment(id="a", party="DEU", kind="ground_force", geometry=(14.0, 52.6))
    >>> Surroundings(force, "ne10").hosts(date(2021, 12, 17), Outlook(level="ne10"))
    (Host(state='DEU', certainty='there', is_overseas=False),)
    >>> nowhere = Deployment(id="b", party="DEU", kind="ground_force")
    >>> Surroundings(nowhere, "ne10").hosts(date(2021, 12, 17), Outlook(level="ne10"))
    ()
    """

    def __init__(self, deployment: Deployment, level: str) -> None:
        geometry = deployment.geometry
        self._deployment = deployment
        self._error_m = deployment.position_error_km * 1000.0
        self._pieces = [] if geometry is None else pieces_of(geometry)
        near = (unit for piece in self._pieces for unit in _units_near(piece, self._error_m, level))
        self._near = tuple(sorted(set(near)))
        self._kept: dict[object, tuple[Host, ...]] = {}

    def hosts(self, on: date, outlook: Outlook) -> tuple[Host, ...]:
        """Return the states whose land or waters it is in on a day, in order."""
        held = boundaries.holders(outlook.worldview, on)
        # nothing else decides, so days and worldviews that agree on it share an answer
        key = (outlook.level, outlook.overseas, *(held[unit] for unit in self._near))
        if key not in self._kept:
            self._kept[key] = tuple(self._hosts_now(on, outlook))
        return self._kept[key]

    def spans(self, stay: Stay, worldview: str) -> Iterator[Stay]:
        """Yield a stay in pieces during which no land near it changes hands."""
        turns: set[date] = set()
        for hold in boundaries.tables().holds_of(worldview):
            if hold.unit in self._near:
                turns |= {day for day in (hold.start,) if day is not None}
                turns |= {day + timedelta(days=1) for day in (hold.end,) if day is not None}
        start = stay.start
        for turn in sorted(turns):
            before = turn - timedelta(days=1)
            if stay.covers(before) and stay.covers(turn):
                yield Stay(start, before)
                start = turn
        yield Stay(start, stay.end)

    def _hosts_now(self, on: date, outlook: Outlook) -> Iterator[Host]:
        surely: set[tuple[str, bool]] = set()
        perhaps: set[tuple[str, bool]] = set()
        outside = False
        # the largest piece first, so that the looks are spread evenly
        heap = [(-piece.radius_m, i, piece) for i, piece in enumerate(self._pieces)]
        heapq.heapify(heap)
        looks = len(heap)
        while heap:
            *_, piece = heapq.heappop(heap)
            here = _Look(piece, self._error_m, on, outlook)
            if here.owner is not None:
                surely.add(here.owner)
            if here.is_settled:
                outside = outside or here.owner is None
            elif piece.radius_m > SMALLEST_M and looks < MOST_LOOKS:
                if (outside or len(surely) > 1) and here.touched <= surely:
                    continue  # nothing more to learn
                for part in piece.split():
                    looks += 1
                    heapq.heappush(heap, (-part.radius_m, looks, part))
            else:
                perhaps |= here.touched
                outside = True
        # one host a state, whatever parts of it were met
        certain = dict.fromkeys((state for state, _ in perhaps), _PERHAPS)
        certain |= dict.fromkeys((state for state, _ in surely), self._certainty)
        if not outside and len(certain) == 1:
            certain = dict.fromkeys(certain, _THERE)
        overseas = {state for state, is_overseas in surely | perhaps if is_overseas}
        for state, certainty in sorted(certain.items()):
            yield Host(state, certainty, state in overseas)

    @property
    def _certainty(self) -> Certainty:
        """How certain is what holds at some point of a place that no one state holds all of."""
        geometry = self._deployment.geometry
        if geometry is not None and geometry.geom_type.endswith("LineString"):
            return "passing"
        return "perhaps" if self._deployment.extent == "uncertain" else "partly"
