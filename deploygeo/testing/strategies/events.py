"""Strategies of records: accessions, consents, cooperation, findings, notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from deploygeo.checker import Settings
from deploygeo.clauses.expression import Call
from deploygeo.errors import SettingError
from deploygeo.model import PARTIES, RECORD_KINDS, Deployment, Record, Stay, groups
from deploygeo.testing.strategies._draw import Draw, chance, count, named, pick, some, told, true
from deploygeo.testing.strategies.choices import treaty_of
from deploygeo.testing.strategies.focus import Focus, foci_of
from deploygeo.testing.strategies.values import FAMILIAR, draw_party, draw_stay
from deploygeo.testing.strategies.wishes import Asked, Wishes
from deploygeo.treaties import Clause, Treaty
from deploygeo.treaties.anatomy import all_of, texts_of, words_of

__all__ = ["draw_record", "records"]

_TEXTS: Final = ("x", "Ämari", 'say "no"', "NO", "=1+1", "<b>&amp;</b>")
_DAY: Final = date(2021, 12, 17)
_OPTIONAL: Final = ("stay", "name", "text", "source", "notes", "group", "partners", "clause")


def records(
    *,
    treaty: Treaty | str | None = None,
    clause: Clause | str | None = None,
    deployments: Iterable[Deployment] = (),
    settings: Settings | None = None,
) -> SearchStrategy[Record]:
    """Return a strategy of valid records, any or such as a clause asks for.

    Parameters
    ----------
    treaty : Treaty, or id or path of one, optional
    clause : Clause or id, optional
        Draw what this clause, or any of the treaty, takes note of: accessions to the groups that
        it names, consents of those whose consent it asks for, findings on what a human is to
        assert, notices.
    deployments : iterable of Deployment
        What consents, notices and findings are about; a consent may also name the clause.
    settings : Settings, optional
        Under these choices.

    Raises
    ------
    UnknownNameError
        For an unknown treaty or clause.
    SettingError
        For a clause without its treaty, and for one that cannot be checked.

    Notes
    -----
    Shrinks to the first kind that fits, with nothing but what it needs. All have the id ``r``;
    `scenes` draws several together.

    Examples
    --------
    >>> from deploygeo.testing.strategies import simplest
    >>> simplest(records(treaty="us-russia-2021", clause="4.1")).kind
    'accession'
    >>> simplest(records(), lambda record: record.kind == "notice").party
    'USA'
    """
    foci = foci_of(treaty, clause, settings)
    about = tuple(deployments)
    for one in about:
        if not isinstance(one, Deployment):
            raise SettingError(f"records are about deployments, not {one!r}")

    def draw_one(draw: Draw) -> Record:
        return draw_record(draw, pick(draw, foci) if foci else None, about)

    return named(
        "records",
        draw_one,
        treaty=None if treaty is None else told(repr(treaty_of(treaty).id)),
        clause=None if clause is None else told(repr(foci[0].clause.id)),
        deployments=about or None,
        settings=settings,
    )


def draw_record(
    draw: Draw,
    focus: Focus | None = None,
    about: tuple[Deployment, ...] = (),
    *,
    name: str = "r",
) -> Record:
    """Draw a record, such as a clause takes note of or any."""
    if focus is None or chance(draw, 16):
        return _any(draw, about, name)
    if focus.clause.subject == "record":
        party = focus.draw_party(draw)
        asked = focus.of(party)
        return _wished(draw, focus, asked, focus.draw_wishes(draw, asked), name)
    kinds = _kinds_for(focus)
    return _about(draw, focus, about, pick(draw, kinds), name) if kinds else _any(draw, about, name)


def _needed(draw: Draw, kind: str, values: dict[str, Any], days: tuple[date, ...]) -> None:
    """Draw what a kind of record cannot do without."""
    match kind:
        case "accession":
            values.setdefault("party", draw_party(draw))
            values.setdefault("group", pick(draw, tuple(groups())))
            day = pick(draw, days) + timedelta(days=pick(draw, (0, -1, 1)))
            values.setdefault("stay", Stay(day, day if true(draw) else None))
        case "consent":
            values.setdefault("by", tuple(some(draw, FAMILIAR, 1, 3)))
            values.setdefault("subject", (pick(draw, ("d", "d0", "d1")),))
        case "cooperation":
            values.setdefault("party", draw_party(draw))
            others = [party for party in FAMILIAR if party != values["party"]]
            values.setdefault("partners", tuple(some(draw, others, 1, 2)))
        case "finding":
            values.setdefault("clause", pick(draw, ("x", "threat")))
            values.setdefault("states", true(draw))
        case _:
            values.setdefault("party", draw_party(draw))


def _any(draw: Draw, about: tuple[Deployment, ...], name: str) -> Record:
    kind = pick(draw, tuple(RECORD_KINDS))
    values: dict[str, Any] = {"id": name, "kind": kind}
    if about and kind != "accession":
        values["subject"] = tuple(one.id for one in some(draw, about, 1, 2))
    _needed(draw, kind, values, (_DAY,))
    for key in some(draw, [key for key in _OPTIONAL if key not in values], 0, 3):
        match key:
            case "stay":
                values[key] = draw_stay(draw)
            case "group":
                values[key] = pick(draw, tuple(groups()))
            case "partners":
                values[key] = tuple(some(draw, FAMILIAR, 1, 2))
            case _:
                values[key] = pick(draw, _TEXTS)
    return Record(**values)


# -- of a clause about records


def _wished(draw: Draw, focus: Focus, asked: Asked, wishes: Wishes, name: str) -> Record:
    kind = pick(draw, wishes.words.get("record", tuple(RECORD_KINDS)))
    values: dict[str, Any] = {"id": name, "kind": kind}
    party = _one_of(draw, wishes, "joining") or _one_of(draw, wishes, "own")
    values["party"] = party or (draw_party(draw) if kind == "accession" else asked.party)
    if wishes.group is not None:
        values["group"] = wishes.group
    partner = _one_of(draw, wishes, "partners", values["party"])
    if partner is not None:
        values["partners"] = (partner,)
    if kind == "accession" and wishes.group is not None:
        values["stay"] = _accession_day(draw, focus, values["party"], wishes.group)
    _needed(draw, kind, values, focus.days)
    if "stay" not in values and chance(draw, 3):
        values["stay"] = draw_stay(draw, focus.days)
    return Record(**values)


def _one_of(draw: Draw, wishes: Wishes, word: str, other_than: str = "") -> str | None:
    """Draw a party that shares a state with the sets it should, and with none that it should not.

    Where no party does all, the last wishes are dropped.
    """
    wanted = list(wishes.shares.get(word, ()))
    while wanted:
        found = [
            party
            for party in PARTIES
            if party not in ("NATO", other_than)
            and all((party in states) is holds for states, holds in wanted)
        ]
        if found:
            familiar = [party for party in FAMILIAR if party in found]
            return pick(draw, familiar if familiar and true(draw) else found)
        wanted.pop()
    return None


def _accession_day(draw: Draw, focus: Focus, party: str, group: str) -> Stay:
    """Draw the day of an accession: a day of the treaty, or about the true one."""
    days = list(focus.days)
    days += [
        member.start
        for member in groups()[group].members
        if member.state == party and member.start is not None
    ]
    day = pick(draw, days) + timedelta(days=pick(draw, (0, 1, -1, 30)))
    return Stay(day, day if true(draw) else None)


# -- of a clause about deployments


def _kinds_for(focus: Focus) -> tuple[str, ...]:
    words = words_of(focus.treaty, focus.clause)
    found = []
    if "consent" in words:
        found.append("consent")
    if words & {"asserted", "scenario"}:
        found.append("finding")
    if "notice" in words:
        found.append("notice")
    return tuple(found)


def _about(draw: Draw, focus: Focus, about: tuple[Deployment, ...], kind: str, name: str) -> Record:
    values: dict[str, Any] = {"id": name, "kind": kind}
    subjects = [one.id for one in about]
    clause = focus.clause.id
    match kind:
        case "consent":
            values["by"] = _consenting(draw, focus, about)
            named_ = [*subjects, clause, f"{focus.treaty.id}/{clause}"]
            values["subject"] = tuple(some(draw, named_, 1, 2))
        case "finding":
            values["clause"] = pick(draw, _conditions(focus))
            values["states"] = not true(draw)
            if subjects and true(draw):
                values["subject"] = (pick(draw, subjects),)
        case _:
            values["party"] = about[0].party if about else draw_party(draw)
            values["subject"] = tuple(some(draw, [*subjects, clause], 1, 2))
    stay = _covering(draw, focus, about, kind)
    if stay is not None:
        values["stay"] = stay
    return Record(**values)


def _consenting(draw: Draw, focus: Focus, about: tuple[Deployment, ...]) -> tuple[str, ...]:
    """Draw who consents: all that are asked, all but one, or a few."""
    asked = focus.of(about[0].party if about else "USA")
    wanted: frozenset[str] = frozenset()
    for node in all_of(focus.treaty, focus.clause):
        if isinstance(node, Call) and node.name == "consent":
            wanted |= asked.states(node.args[0]) or frozenset()
    everyone = sorted(wanted & set(PARTIES)) or list(FAMILIAR)
    match count(draw, 0, 3):
        case 0 | 1:
            return tuple(everyone)
        case 2 if len(everyone) > 1:
            left_out = pick(draw, everyone)
            return tuple(party for party in everyone if party != left_out)
        case _:
            return tuple(some(draw, everyone, 1, 3))


def _conditions(focus: Focus) -> tuple[str, ...]:
    asserted = texts_of(focus.treaty, focus.clause, "asserted")
    scenarios = texts_of(focus.treaty, focus.clause, "scenario")
    clause = focus.clause.id
    return (
        *asserted,
        *(f"{name}-scenario" for name in scenarios),
        clause,
        f"{focus.treaty.id}/{clause}",
    )


def _covering(draw: Draw, focus: Focus, about: tuple[Deployment, ...], kind: str) -> Stay | None:
    """Draw when a record holds: always, for the stay of what it is about, or short of it."""
    form = count(draw, 0, 3)
    if form == 0:
        return None
    stay = about[0].stay if about else Stay()
    if kind == "notice":
        start = stay.start or pick(draw, focus.days)
        lead = pick(draw, (7, 0, 6, 8, 30))
        day = start - timedelta(days=lead)
        return Stay(day, day)
    if form == 1 and not stay.is_open:
        return stay
    return draw_stay(draw, focus.days)
