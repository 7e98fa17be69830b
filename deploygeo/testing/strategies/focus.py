"""A clause to draw things for, under the choices of a run."""

from __future__ import annotations

from datetime import date

from deploygeo.checker import Settings
from deploygeo.clauses.expression import Node
from deploygeo.errors import SettingError
from deploygeo.model import PARTIES
from deploygeo.testing.strategies._draw import Draw, chance, count, pick, true
from deploygeo.testing.strategies.choices import treaty_of
from deploygeo.testing.strategies.values import FAMILIAR, draw_party
from deploygeo.testing.strategies.wishes import Asked, Wishes, steer
from deploygeo.treaties import Clause, Treaty

__all__ = ["Focus", "foci_of"]


class Focus:
    """A clause to draw things for, and the choices it is asked under.

    Parameters
    ----------
    treaty : Treaty
    clause : Clause
    settings : Settings
    """

    def __init__(self, treaty: Treaty, clause: Clause, settings: Settings) -> None:
        self.treaty, self.clause, self.settings = treaty, clause, settings
        self._asked: dict[str, Asked] = {}
        bearers = self.of("USA").bearers()
        known = sorted(bearers & set(PARTIES))
        self.bearers = (
            *(party for party in FAMILIAR if party in bearers),
            *(party for party in known if party not in FAMILIAR),
        )
        self.days = tuple(_days(treaty, settings))

    def of(self, party: str) -> Asked:
        """Return the clause as it is asked of something of a party."""
        if party not in self._asked:
            self._asked[party] = Asked(self.treaty, self.clause, self.settings, party)
        return self._asked[party]

    def draw_party(self, draw: Draw) -> str:
        """Draw a party that the clause binds, seldom another."""
        if not self.bearers or chance(draw, 10):
            return draw_party(draw)
        # the first few often, and all of them
        return pick(draw, self.bearers[:3] if true(draw) else self.bearers)

    def draw_wishes(
        self, draw: Draw, asked: Asked, *, breach: bool = False, toward: Node | None = None
    ) -> Wishes:
        """Draw what makes the clause apply, and what breaks it or keeps it.

        Parameters
        ----------
        draw : Draw
        asked : Asked
        breach : bool
            Surely what breaks it.
        toward : expression, optional
            A condition that should be what decides.
        """
        wishes = Wishes(toward=toward)
        clause = self.clause
        aim = 3 if breach else count(draw, 0, 7)
        steer(draw, asked, clause.applies, True, wishes)
        if clause.counts is not None:
            steer(draw, asked, clause.counts, True, wishes)
        if clause.rule is not None and aim < 7:
            broken = aim >= 3
            steer(draw, asked, clause.rule, broken is (clause.modality == "prohibit"), wishes)
        for exception in clause.unless:
            steer(draw, asked, exception.rule, aim == 6, wishes)
        return wishes

    def __repr__(self) -> str:
        return f"{self.treaty.id}/{self.clause.id}"


def _days(treaty: Treaty, settings: Settings) -> list[date]:
    """Return the days on which something changes for a treaty, the one asked about first."""
    found = [settings.on, treaty.reference_date, settings.in_force]
    for span in treaty.in_force:
        found += [span.start, span.end]
    for item in treaty.definitions:
        found += [item.start, item.end]
    for parameter in treaty.parameters:
        found += [start for start, _ in parameter.values]
    days = dict.fromkeys(day for day in found if day is not None)
    return list(days) or [date(2021, 12, 17)]


def foci_of(
    treaty: Treaty | str | None, clause: Clause | str | None, settings: Settings | None
) -> tuple[Focus, ...]:
    """Return the clauses to draw for; none for anything."""
    if treaty is not None and clause is None:
        of = treaty_of(treaty)
        found = [_focus_of(of, one, settings) for one in of.clauses if one.check != "none"]
    else:
        found = [_focus_of(treaty, clause, settings)]
    return tuple(focus for focus in found if focus is not None)


def _focus_of(
    treaty: Treaty | str | None, clause: Clause | str | None, settings: Settings | None
) -> Focus | None:
    """Return what to draw for; None for anything.

    Raises
    ------
    SettingError
        For a clause without its treaty, and one that cannot be checked.
    """
    if treaty is None:
        if clause is not None:
            raise SettingError("a clause is one of a treaty: give the treaty too")
        return None
    of = treaty_of(treaty)
    checkable = [one for one in of.clauses if one.check != "none"]
    if clause is None:
        return None if not checkable else Focus(of, checkable[0], settings or Settings())
    chosen = clause if isinstance(clause, Clause) else of.clause(clause)
    if chosen.check == "none":
        raise SettingError(f"clause {chosen.id} of {of.id} cannot be checked: {chosen.why}")
    return Focus(of, chosen, settings or Settings())
