"""The shares of seas and of states' land that a clause closes to each party."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from deploygeo import boundaries
from deploygeo.checker.findings import Settings
from deploygeo.checker.settings import prepared
from deploygeo.clauses.evaluate import States
from deploygeo.errors import SettingError, UnknownNameError
from deploygeo.treaties import Clause, Treaty
from deploygeo.zones.closed import Closed, bound_by, closed_to
from deploygeo.zones.ground import SEAS
from deploygeo.zones.laid import Layers
from deploygeo.zones.locus import Near, leaves
from deploygeo.zones.outlines import held_by, stages_of
from deploygeo.zones.selected import clause_of, known_to, strike_clauses

__all__ = ["RANGES_KM", "WORLDVIEWS", "Share", "shares", "side_of"]

#: From coastal missiles to the longest cruise missiles that the catalogue has.
RANGES_KM: Final = (50.0, 300.0, 500.0, 800.0, 1000.0, 1600.0, 2500.0)

#: The worldviews that are compared.
WORLDVIEWS: Final = ("un", "de-facto", "russia")


@dataclass(frozen=True, slots=True)
class Share:
    """How much of one sea, or of one state's land, a clause closes to a party.

    Attributes
    ----------
    treaty, clause : str
        Their ids.
    party : str
        The party, or the side whose parties all find the same closed.
    parties : tuple of str
        The parties, by code.
    range_km : float or None
        The reach; None where the clause asks for none.
    worldview : str
    kind : {"sea", "land"}
    place : str
        The name of the sea, or the code of the state.
    share : float
        From 0 to 1.
    error : float
        By how much the share may be off for the tolerance of the outlines alone.
    closed_km2, area_km2 : float
        What is closed, and all there is.
    """

    treaty: str
    clause: str
    party: str
    parties: tuple[str, ...]
    range_km: float | None
    worldview: str
    kind: str
    place: str
    share: float
    error: float
    closed_km2: float
    area_km2: float


def shares(
    clause: str | None = None,
    *,
    ranges_km: Iterable[float] | float = RANGES_KM,
    parties: Iterable[str] | None = None,
    worldviews: Iterable[str] = WORLDVIEWS,
    on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    params: Mapping[str, float] | None = None,
    level: str = boundaries.DEFAULT_LEVEL,
    tolerance_m: float = 300.0,
) -> tuple[Share, ...]:
    """Return the shares of ten seas and of every state's land that clauses close to each party.

    Parameters
    ----------
    clause : str, optional
        ``treaty/clause``; every shipped clause that depends on a reach without.
    ranges_km : float or iterable of float
        Kilometres. A clause that asks for no range is told once.
    parties : str or iterable of str, optional
        Only these, ISO 3166-1 alpha-3.
    worldviews : str or iterable of str
    on : date or "YYYY-MM-DD", optional
        Who held what on this day; the treaty's own date without.
    readings, params : mapping, optional
        As for `deploygeo.check`.
    level : {"hybrid", "ne10"}
        The border data.
    tolerance_m : float
        Of the outlines; a tenth of the range at most. It moves no share by more than its `error`.

    Returns
    -------
    tuple of Share
        By clause, worldview, range, party; seas first, then states by code.

    Raises
    ------
    UnknownNameError
        For an unknown treaty, clause, party, worldview, reading, parameter or level.
    SettingError
        If the clause closes no place, or lacks a range or a parameter.

    Notes
    -----
    Areas are those of the ellipsoid. A sea is its polygon less what the data give as land. What
    is closed comes from outlines of `zone`, cut in longitude and latitude. The territorial sea
    that a clause exempts is 12 nautical miles from the state's land and internal waters, half way
    to a neighbour where that is nearer.

    Examples
    --------
    >>> shares("us-russia-2021/5.2", ranges_km=[])
    ()
    >>> shares("us-russia-2021/8")
    Traceback (most recent call last):
    ...
    deploygeo.errors.SettingError: us-russia-2021/8 closes no place: ...
    """
    ranges = _ranges(ranges_km)
    views = _names(worldviews)
    named = [] if clause is None else [clause_of(clause)]
    asked: list[_Asked] = []
    settings = Settings()
    chosen = []
    for view in views:
        _, settings = prepared(
            [treaty for treaty, _ in named] or None,
            on=on,
            worldview=view,
            readings=readings,
            params=params,
            in_force=None,
            level=level,
        )
        chosen.append(settings)
    for treaty, one in named or strike_clauses(settings):
        for known in (known_to(treaty, one_view) for one_view in chosen):
            asked.append(_Asked(treaty, one, known, bound_by(treaty, one, known)))
    only = None if parties is None else _bound(_names(parties), asked)
    plan = [
        # The widest first: what is exempt there is exempt nearer too, and is drawn once.
        [
            [
                closed_to(treaty, one, party, range_km, settings)
                for party in bound
                if only is None or party in only
            ]
            for range_km in reversed(ranges)
        ]
        for treaty, one, settings, bound in asked
    ]
    stages = {states: stages_of(kms) for states, kms in _reaches(plan).items()}
    layers = Layers(level, tolerance_m, stages)
    return tuple(row for tried in plan for row in _of_view(tried, views, layers))


def _reaches(plan: Sequence[Sequence[Sequence[Closed]]]) -> dict[States, set[float]]:
    """Return the ranges at which the land of states is asked for."""
    found: dict[States, set[float]] = {}
    for closed in (closed for tried in plan for row in tried for closed in row):
        for leaf in leaves(closed.place):
            if isinstance(leaf, Near) and leaf.region.kind == "land":
                found.setdefault(leaf.region.states, set()).add(leaf.km)
    return found


class _Asked(NamedTuple):
    """A clause under one worldview, and whom it binds."""

    treaty: Treaty
    clause: Clause
    settings: Settings
    bound: tuple[str, ...]


def _names(given: Iterable[str]) -> tuple[str, ...]:
    """Return names, each once; a single one may stand for itself.

    >>> _names("USA"), _names(["USA", "RUS", "USA"])
    (('USA',), ('USA', 'RUS'))
    """
    return (given,) if isinstance(given, str) else tuple(dict.fromkeys(given))


def _bound(parties: tuple[str, ...], asked: Sequence[_Asked]) -> tuple[str, ...]:
    """Return parties, or refuse one that no clause asked about binds."""
    known = {code for *_, bound in asked for code in bound}
    for party in parties:
        if party not in known:
            clauses = ", ".join(sorted({f"{treaty.id}/{one.id}" for treaty, one, *_ in asked}))
            raise UnknownNameError(f"party of {clauses}", party, known)
    return parties


def _ranges(given: Iterable[float] | float) -> tuple[float, ...]:
    """Return ranges in order, each once; a single one may stand for itself.

    >>> _ranges(500), _ranges([300, 50, 300])
    ((500.0,), (50.0, 300.0))
    """
    found = []
    for value in given if isinstance(given, Iterable) else (given,):
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if not 0.0 < number < float("inf"):
            raise SettingError(
                f"the range {value!r} is no number of kilometres above 0; give 1 or more"
            )
        found.append(number)
    return tuple(sorted(set(found)))


def _of_view(
    tried: Sequence[Sequence[Closed]], views: tuple[str, ...], layers: Layers
) -> list[Share]:
    """Return the rows of one clause under one worldview, from the widest range to the nearest."""
    rows: dict[float | None, list[Share]] = {}
    for found in tried:
        alike: dict[object, list[Closed]] = {}
        for closed in found:
            alike.setdefault(closed.place, []).append(closed)
        key = found[0].range_km
        if key in rows:
            continue
        rows[key] = []
        for same in alike.values():
            codes = tuple(closed.party for closed in same)
            rows[key] += _rows(same[0], side_of(same[0], codes), codes, views, layers)
    order = sorted(rows, key=lambda item: -1.0 if item is None else item)
    return [row for key in order for row in rows[key]]


def side_of(closed: Closed, codes: tuple[str, ...]) -> str:
    """Return the name of the side that parties are, or their codes."""
    if len(codes) == 1:
        return codes[0]
    for name, states in closed.sides:
        if states == frozenset(codes):
            return name
    return ", ".join(codes)


def _rows(
    closed: Closed,
    party: str,
    codes: tuple[str, ...],
    views: tuple[str, ...],
    layers: Layers,
) -> list[Share]:
    held = held_by(closed, views)
    cover, errors = layers.lay(closed, held)
    whole = layers.ground
    covered, total = whole.covered_m2(cover), whole.sums(whole.area_m2)

    def row(kind: str, place: str, which: list[int]) -> Share:
        area = float(total[which].sum())
        part = float(covered[which].sum())
        return Share(
            closed.treaty.id,
            closed.clause.id,
            party,
            codes,
            closed.range_km,
            closed.settings.worldview,
            kind,
            place,
            min(1.0, part / area),
            min(1.0, float(errors[which].sum()) / area),
            part / 1e6,
            area / 1e6,
        )

    rows = [row("sea", sea, [i]) for i, sea in enumerate(SEAS)]
    store = boundaries.borders(closed.settings.level)
    held_all = store.tables.holders(closed.settings.worldview, closed.on)
    by_state: dict[str, list[int]] = {}
    for i, unit in enumerate(whole.names[len(SEAS) :], start=len(SEAS)):
        state = held_all[unit]
        if state:  # land that nobody claims has none
            by_state.setdefault(state, []).append(i)
    rows += [row("land", state, by_state[state]) for state in sorted(by_state)]
    return rows
