"""Strategies of scenes: deployments and records together, as a check is given them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import shapely
from hypothesis.strategies import SearchStrategy

from deploygeo.checker import Settings
from deploygeo.checker.scene import position
from deploygeo.model import BOMBERS, PARTIES, Deployment, Record
from deploygeo.testing.strategies._draw import Draw, chance, named, pick, sized, told, true
from deploygeo.testing.strategies.choices import treaty_of
from deploygeo.testing.strategies.events import draw_record
from deploygeo.testing.strategies.focus import Focus, foci_of
from deploygeo.testing.strategies.forces import draw_deployment
from deploygeo.testing.strategies.outlines import stepped
from deploygeo.testing.strategies.values import FAMILIAR
from deploygeo.testing.strategies.wished import PLAIN_KINDS, kept_number, wished
from deploygeo.testing.strategies.wishes import Asked, Wishes
from deploygeo.treaties import Clause, Treaty
from deploygeo.units import METRES_PER_KM

__all__ = ["Thing", "companion", "draw_scene", "granted", "scenes"]

Thing = Deployment | Record


def scenes(
    *,
    treaty: Treaty | str | None = None,
    clause: Clause | str | None = None,
    settings: Settings | None = None,
    max_size: int = 4,
) -> SearchStrategy[tuple[Thing, ...]]:
    """Return a strategy of deployments and records that belong together.

    Parameters
    ----------
    treaty : Treaty, or id or path of one, optional
    clause : Clause or id, optional
        Draw what this clause, or any of the treaty, has something to say about: besides a
        deployment as `deployments` draws it, the other one that a separation is measured to, the
        finding that a human must make, the consent that excuses, forces of the same or of another
        sender in the same place.
    settings : Settings, optional
        Under these choices.
    max_size : int
        The most deployments and records.

    Raises
    ------
    UnknownNameError
        For an unknown treaty or clause.
    SettingError
        For a clause without its treaty, one that cannot be checked, and a size that is none.

    Notes
    -----
    Deployments have the ids ``d0``, ``d1`` …, records ``r0``, ``r1`` …. Shrinks to one thing.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> [thing.id for thing in simplest(scenes(), lambda things: len(things) == 2)]
    ['d0', 'd1']
    >>> found = scenes(treaty="us-russia-2021", clause="5.1")
    >>> simplest(found, lambda things: len(things) > 1 and things[1].id == "r0")[1].kind
    'finding'
    """
    foci = foci_of(treaty, clause, settings)
    _, most = sized(1, max_size, floor=1, ceiling=100)

    def draw_one(draw: Draw) -> tuple[Thing, ...]:
        return draw_scene(draw, pick(draw, foci) if foci else None, most)

    return named(
        "scenes",
        draw_one,
        treaty=None if treaty is None else told(repr(treaty_of(treaty).id)),
        clause=None if clause is None else told(repr(foci[0].clause.id)),
        settings=settings,
        max_size=None if max_size == 4 else max_size,
    )


def draw_scene(draw: Draw, focus: Focus | None, most: int = 4) -> tuple[Thing, ...]:
    """Draw a scene of at most so many things."""
    drawn = _records(draw, focus, most) if _is_of_records(focus) else _forces(draw, focus, most)
    found: list[Thing] = []
    for thing in drawn:
        found.append(thing)
        if len(found) == most:
            break
    return tuple(_numbered(found))


def _is_of_records(focus: Focus | None) -> bool:
    return focus is not None and focus.clause.subject == "record"


def _numbered(things: list[Thing]) -> Iterator[Thing]:
    """Yield things with ids of their own, which records and parts refer to."""
    counts = {Deployment: 0, Record: 0}
    for thing in things:
        number = counts[type(thing)]
        counts[type(thing)] += 1
        yield thing if thing.id == f"{thing.id[0]}{number}" else _renamed(thing, number)


def _renamed(thing: Thing, number: int) -> Thing:
    name = f"{'d' if isinstance(thing, Deployment) else 'r'}{number}"
    shown = name if thing.name == thing.id else thing.name
    changes: dict[str, Any] = {"id": name, "name": shown}
    if isinstance(thing, Deployment):
        if thing.part_of == name:
            changes["part_of"] = None
        if thing.times:
            changes["stay"] = None
        return replace(thing, **changes)
    return replace(thing, **changes)


def _records(draw: Draw, focus: Focus | None, most: int) -> Iterator[Thing]:
    yield draw_record(draw, focus, name="r0")
    for number in range(1, most):
        if not true(draw):
            return
        if chance(draw, 3):
            yield draw_deployment(draw, None, name="d0")
        else:
            yield draw_record(draw, focus, name=f"r{number}")


def _forces(draw: Draw, focus: Focus | None, most: int) -> Iterator[Thing]:
    if focus is None or chance(draw, 16):
        first = draw_deployment(draw, None, name="d0")
        yield first
    else:
        party = focus.draw_party(draw)
        asked = focus.of(party)
        wishes = focus.draw_wishes(draw, asked)
        first = wished(draw, focus, asked, wishes, name="d0")
        yield first
        other = companion(draw, wishes, first)
        if other is not None:
            yield other
        yield from granted(draw, asked, wishes, first)
    for number in range(1, most):
        if not true(draw):
            return
        match pick(draw, ("deployment", "beside", "record")):
            case "deployment":
                yield draw_deployment(draw, focus, name=f"d{number}")
            case "beside":
                yield _beside(draw, draw_deployment(draw, focus, name=f"d{number}"), first)
            case _:
                yield draw_record(draw, focus, (first,), name=f"r{number}")


def _beside(draw: Draw, one: Deployment, first: Deployment) -> Deployment:
    """Return a deployment where another is, when it is, and perhaps of its party or part of it."""
    changes: dict[str, Any] = {
        "geometry": first.geometry,
        "extent": first.extent,
        "stay": first.stay,
        "times": first.times,
    }
    if not one.contingents and true(draw):
        changes["party"] = first.party
    changes["part_of"] = first.id if chance(draw, 3) else None
    return replace(one, **changes)


#: Azimuths in which another is placed.
_AZIMUTHS: Final = (0.0, 90.0, 180.0, 270.0, 45.0)


def companion(draw: Draw, wishes: Wishes, first: Deployment) -> Deployment | None:
    """Draw the other deployment that a separation is measured to, if one is wished."""
    if wishes.companion is None:
        return None
    states, kinds = wishes.companion
    parties = [party for party in (*FAMILIAR, *sorted(states)) if party in states]
    kind = pick(draw, kinds or PLAIN_KINDS)
    away_km = kept_number(draw, wishes.companion_limits, most=20_000.0, usual=(1.0, 10.0, 200.0))
    site = position(first)
    place = None
    if site is not None:
        place = shapely.Point(stepped(site, pick(draw, _AZIMUTHS), away_km * METRES_PER_KM))
    return Deployment(
        id="d1",
        party=pick(draw, list(dict.fromkeys(parties)) or list(PARTIES)),
        kind=kind,
        activity="fly" if kind in BOMBERS else None,
        geometry=place,
        stay=first.stay,
    )


def granted(draw: Draw, asked: Asked, wishes: Wishes, first: Deployment) -> Iterator[Record]:
    """Yield the records that are wished: what a human found, and who consented."""
    for name, states in wishes.asserted.items():
        if chance(draw, 6):
            continue
        yield Record(id=f"r{len(name)}", kind="finding", clause=name, states=states)
    if wishes.consent and not chance(draw, 6):
        by = sorted(state for state in wishes.consent if state in PARTIES)
        yield Record(id="r", kind="consent", by=by, subject=first.id)
    if any(limit.operator in (">", ">=") for limit in wishes.limits.get("notice", ())):
        start = first.stay.start
        days = int(kept_number(draw, wishes.limits["notice"], most=365.0, usual=(7.0,), whole=True))
        if start is not None and start.toordinal() > days + 1:
            day = type(start).fromordinal(start.toordinal() - days)
            yield Record(id="r", kind="notice", party=asked.party, subject=first.id, stay=day)
