"""Strategies of cases within metres, people or days of a limit that a clause sets."""

from __future__ import annotations

from hypothesis.strategies import SearchStrategy

from deploygeo.checker import Settings
from deploygeo.errors import SettingError
from deploygeo.testing.strategies._draw import Draw, count, named, pick, told
from deploygeo.testing.strategies.cases import TURNS, NearThreshold, draw_case
from deploygeo.testing.strategies.choices import treaty_of
from deploygeo.testing.strategies.focus import foci_of
from deploygeo.testing.strategies.limits import marks_of
from deploygeo.treaties import Clause, Treaty

__all__ = ["near_threshold"]


def near_threshold(
    *,
    treaty: Treaty | str,
    clause: Clause | str | None = None,
    settings: Settings | None = None,
) -> SearchStrategy[NearThreshold]:
    """Return a strategy of cases at a limit that a clause sets, or within metres or days of it.

    The limits are those of ranges and their classes, of people, brigades and days, of distances
    and reach, the outlines of the regions to be inside of (12 nautical miles off a coast, say),
    what stood somewhere before, and the day from which the clause binds. All else is as a breach
    needs it, so that the limit is often what decides.

    Parameters
    ----------
    treaty : Treaty, or id or path of one
    clause : Clause or id, optional
        This clause of the treaty; by default any that can be checked.
    settings : Settings, optional
        Under these choices. The parameters of the clause that are not agreed, and a day of entry
        into force where one matters, are added to them.

    Raises
    ------
    UnknownNameError
        For an unknown treaty or clause.
    SettingError
        For a clause that cannot be checked or sets no limit at all.

    Notes
    -----
    Shrinks to the first limit of the first clause, and to exactly that.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> case = simplest(near_threshold(treaty="nato-russia-2021", clause="7.2"))
    >>> case.quantity, case.side, case.situation.settings.params
    ('distance', 'at', {'width_km': 100.0})
    >>> near_threshold(treaty="nato-russia-2021", clause="7.2")
    near_threshold(clause='7.2', treaty='nato-russia-2021')
    """
    found = [(focus, marks_of(focus)) for focus in foci_of(treaty, clause, settings)]
    limited = [(focus, marks) for focus, marks in found if marks]
    if not limited:
        which = f"clause {found[0][0].clause.id}" if len(found) == 1 else "no clause"
        raise SettingError(f"{which} of {treaty_of(treaty).id} sets no limit to be near to")

    def draw_one(draw: Draw) -> NearThreshold:
        focus, marks = pick(draw, limited)
        which, turn = divmod(count(draw, 0, len(marks) * TURNS - 1), TURNS)
        return draw_case(draw, focus, marks[which], turn)

    return named(
        "near_threshold",
        draw_one,
        treaty=told(repr(treaty_of(treaty).id)),
        clause=None if clause is None else told(repr(found[0][0].clause.id)),
        settings=settings,
    )
