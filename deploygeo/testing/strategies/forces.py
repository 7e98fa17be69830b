"""Strategies of deployments: any valid one, or those that a clause has something to say about."""

from __future__ import annotations

from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from deploygeo.checker import Settings
from deploygeo.model import ACTIVITIES, BOMBERS, Deployment
from deploygeo.testing.strategies._draw import Draw, chance, named, pick, some, told
from deploygeo.testing.strategies.choices import treaty_of
from deploygeo.testing.strategies.focus import Focus, foci_of
from deploygeo.testing.strategies.places import draw_position
from deploygeo.testing.strategies.properties import draw_property, put
from deploygeo.testing.strategies.values import draw_party
from deploygeo.testing.strategies.wished import PLAIN_KINDS, made, wished
from deploygeo.treaties import Clause, Treaty

__all__ = ["deployments", "draw_deployment"]

#: The properties that a deployment may lack, the plainest first.
_OPTIONAL: Final = (
    *("range_km", "personnel", "stay", "activity", "nuclear", "basing", "system", "echelon"),
    *("loadable_range_km", "radius_km", "position_error_km", "scenario", "brigades", "partners"),
    *("total", "part_of", "contingents", "extent", "framework", "loadout", "un_mandate"),
    *("name", "source", "notes"),
)


def deployments(
    *,
    treaty: Treaty | str | None = None,
    clause: Clause | str | None = None,
    settings: Settings | None = None,
    placed: bool = True,
) -> SearchStrategy[Deployment]:
    """Return a strategy of valid deployments, any or such as a treaty is about.

    Parameters
    ----------
    treaty : Treaty, or id or path of one, optional
        Draw what one of its clauses is about: of parties that are bound, of the kinds, with the
        activities, ranges and people that it asks for, at places in its regions, near its
        limits and on either side of them, at times when it binds. Some break it, some keep it,
        and to some it does not apply.
    clause : Clause or id, optional
        This clause of the treaty; by default any that can be checked.
    settings : Settings, optional
        Under these choices.
    placed : bool
        All have a place, as those of a file must; otherwise some have none.

    Raises
    ------
    UnknownNameError
        For an unknown treaty or clause.
    SettingError
        For a clause without its treaty, and for one that cannot be checked.

    Notes
    -----
    Shrinks to a deployment with nothing but an id, a party, a kind and a point. All have the id
    ``d``; `scenes` draws several together.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(deployments())
    Deployment(id='d', party='USA', kind='ground_force', geometry=<POINT (0 0)>)
    >>> ships = deployments(treaty="us-russia-2021", clause="5.2")
    >>> simplest(ships, lambda ship: ship.kind == "auxiliary_ship").party
    'USA'
    >>> deployments(treaty="us-russia-2021", clause="5.2")
    deployments(clause='5.2', treaty='us-russia-2021')
    """
    foci = foci_of(treaty, clause, settings)

    def draw_one(draw: Draw) -> Deployment:
        return draw_deployment(draw, pick(draw, foci) if foci else None, placed=placed)

    return named(
        "deployments",
        draw_one,
        treaty=None if treaty is None else told(repr(treaty_of(treaty).id)),
        clause=None if clause is None else told(repr(foci[0].clause.id)),
        settings=settings,
        placed=None if placed else False,
    )


def draw_deployment(
    draw: Draw, focus: Focus | None = None, *, name: str = "d", placed: bool = True
) -> Deployment:
    """Draw a deployment, such as a clause is about or any."""
    if focus is None or chance(draw, 16):
        return _any(draw, name, placed)
    party = focus.draw_party(draw)
    asked = focus.of(party)
    wishes = focus.draw_wishes(draw, asked)
    return wished(draw, focus, asked, wishes, name=name, placed=placed)


def _any(draw: Draw, name: str, placed: bool) -> Deployment:
    party, kind = draw_party(draw), pick(draw, PLAIN_KINDS)
    values: dict[str, Any] = {"id": name, "party": party, "kind": kind}
    if kind in BOMBERS:
        values["activity"] = pick(draw, tuple(ACTIVITIES))
    site = draw_position(draw)
    for key in some(draw, _OPTIONAL, 0, 6):
        values[key] = draw_property(draw, key, values)
    if placed or not chance(draw, 8):
        put(draw, site, values)
    return made(values)
