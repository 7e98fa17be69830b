"""A record: an event without a place that clauses ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploygeo.model._flaws import MAX_ID, Flaws, raise_flaws
from deploygeo.model.deployment import Origin, StayLike, stay_keys
from deploygeo.model.membership import groups
from deploygeo.model.values import Stay
from deploygeo.model.vocabulary import RECORD_KINDS

__all__ = ["RECORD_KEYS", "Record", "check_record"]

# The keys of a record's ``properties``, in the order in which they are written.
RECORD_KEYS = (
    "id",
    "name",
    "record",
    "party",
    "group",
    "by",
    "for",
    "with",
    "clause",
    "holds",
    "from",
    "until",
    "on",
    "text",
    "source",
    "notes",
)


@dataclass(frozen=True, slots=True, init=False)
class Record:
    """An accession, a consent, a notice, a finding by a human, or a cooperation.

    Parameters
    ----------
    id : str
        Unique in a file.
    kind : str
        One of `RECORD_KINDS`.
    party : str, optional
        Who accedes, notifies or cooperates.
    group : str, optional
        What a party accedes to: a group id such as NATO.
    by : sequence of str
        The parties that consent, or that give notice.
    subject : sequence of str
        Ids of deployments or clauses that it is for; in a file ``for``.
    clause : str, optional
        The clause or condition that a finding is about.
    states : bool, optional
        What a finding says: whether it holds; in a file ``holds``.
    stay : Stay, date, "YYYY-MM-DD" or (from, until), optional
        When it happens or is in force.
    partners : sequence of str
        With whom a party cooperates; in a file ``with``.
    text, source : str, optional
        What was said or decided, and where it was reported.
    name, notes : str, optional
        What reports call it, and anything else.
    origin : Origin, optional
        Where it was read.

    Raises
    ------
    InputError
        With every fault at once.

    Examples
    --------
    >>> finland = Record(id="fin", kind="accession", party="FIN", group="NATO", stay="2023-04-04")
    >>> finland.stay.start.isoformat()
    '2023-04-04'
    >>> Record(id="c", kind="consent")
    Traceback (most recent call last):
    ...
    deploygeo.errors.InputError: (id 'c'): a consent needs by: the parties that agree
    (id 'c'): a consent needs for: ids of deployments or clauses
    """

    id: str
    kind: str
    party: str | None
    stay: Stay
    group: str | None
    by: tuple[str, ...]
    subject: tuple[str, ...]
    clause: str | None
    states: bool | None
    text: str | None
    source: str | None
    partners: tuple[str, ...]
    name: str
    notes: str | None
    origin: Origin | None = field(compare=False)

    def __init__(
        self,
        *,
        id: str,  # noqa: A002 - the word of the file
        kind: str,
        party: str | None = None,
        stay: StayLike = None,
        group: str | None = None,
        by: str | Sequence[str] = (),
        subject: str | Sequence[str] = (),
        clause: str | None = None,
        states: bool | None = None,
        text: str | None = None,
        source: str | None = None,
        partners: str | Sequence[str] = (),
        name: str | None = None,
        notes: str | None = None,
        origin: Origin | None = None,
    ) -> None:
        raw: dict[str, Any] = {
            "id": id,
            "name": name,
            "record": kind,
            "party": party,
            "group": group,
            "by": by,
            "for": subject,
            "with": partners,
            "clause": clause,
            "holds": states,
            "text": text,
            "source": source,
            "notes": notes,
            **stay_keys(stay),
        }
        flaws = Flaws()
        values = check_record(flaws, raw, None)
        raise_flaws(flaws, id)
        self._fill(values, origin)

    def _fill(self, values: Mapping[str, Any], origin: Origin | None) -> None:
        for key, value in values.items():
            object.__setattr__(self, key, value)
        object.__setattr__(self, "origin", origin)

    @classmethod
    def _of(cls, values: Mapping[str, Any], origin: Origin | None) -> Record:
        """Return a record of values that `check_record` has found good."""
        made = cls.__new__(cls)
        made._fill(values, origin)
        return made


def check_record(flaws: Flaws, raw: Mapping[str, Any], geometry: object) -> dict[str, Any]:
    """Return the fields of a record; what is wrong goes to `flaws`.

    Parameters
    ----------
    flaws : Flaws
        Collects what is wrong.
    raw : mapping
        Properties, by the keys of a file.
    geometry : object
        Must be None.

    Returns
    -------
    dict
        The fields of a `Record`; of use only where `flaws` is empty.

    Examples
    --------
    >>> flaws = Flaws()
    >>> _ = check_record(flaws, {"id": "a", "record": "notice"}, (34.0, 43.0))
    >>> flaws.found[0]
    (('geometry',), 'a record has no place; its geometry is null')
    """
    at = ("properties",)
    if raw.get("id") is None:
        flaws.add(at, "id is missing")
    kind = flaws.word((*at, "record"), raw.get("record"), RECORD_KINDS)
    if raw.get("record") is None:
        flaws.add(at, "record is missing: what kind of record is it?")
    if geometry is not None:
        flaws.add(("geometry",), "a record has no place; its geometry is null")
    id_ = flaws.identifier((*at, "id"), raw.get("id"))
    name = flaws.text((*at, "name"), raw.get("name"))
    values = {
        "id": id_,
        "name": name if name is not None else id_,
        "kind": kind,
        "party": flaws.party((*at, "party"), raw.get("party")),
        "stay": flaws.stay(at, raw),
        "group": None
        if raw.get("group") is None
        else flaws.word((*at, "group"), raw["group"], groups()),
        "by": flaws.parties((*at, "by"), raw.get("by")),
        "subject": flaws.texts((*at, "for"), raw.get("for")),
        "partners": flaws.parties((*at, "with"), raw.get("with")),
        "clause": flaws.text((*at, "clause"), raw.get("clause"), most=MAX_ID),
        "states": flaws.truth((*at, "holds"), raw.get("holds")),
        "text": flaws.text((*at, "text"), raw.get("text")),
        "source": flaws.text((*at, "source"), raw.get("source")),
        "notes": flaws.text((*at, "notes"), raw.get("notes")),
    }
    for key, why in _NEEDS.get(kind or "", ()):
        if not any(_is_given(raw.get(one)) for one in key.split(" or ")):
            flaws.add(at, f"{_a(kind)} needs {key}: {why}")
    return values


# What each kind cannot do without: the key, and what it says.
_NEEDS: dict[str, tuple[tuple[str, str], ...]] = {
    "accession": (
        ("party", "who joins"),
        ("group", "what it joins"),
        ("on or from", "the day of accession"),
    ),
    "consent": (
        ("by", "the parties that agree"),
        ("for", "ids of deployments or clauses"),
    ),
    "cooperation": (("party", "one side"), ("with or by", "the other side")),
    "finding": (
        ("clause", "the clause or condition"),
        ("holds", "true or false"),
    ),
    "notice": (("party or by", "who gives notice"),),
}


def _a(kind: str | None) -> str:
    return f"an {kind}" if kind == "accession" else f"a {kind}"


def _is_given(value: object) -> bool:
    return value is not None and not (isinstance(value, list | tuple | str) and not value)
