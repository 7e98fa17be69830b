"""The closed vocabulary of clause expressions: every word, what it takes and what it gives.

No word names a treaty. The words grow out of nine kinds of question: attribute,
dated membership, where, distance, when, total, as-of, exists, asserted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["VOCABULARY", "About", "Type", "Word"]

Type: TypeAlias = Literal["truth", "number", "states", "region", "text"]
About: TypeAlias = Literal["deployment", "record", "group", "side"]

_ANY: Final[tuple[About, ...]] = ("deployment", "record", "group", "side")
_SUBJECT: Final[tuple[About, ...]] = ("deployment", "record", "group")
_DEPLOYMENT: Final[tuple[About, ...]] = ("deployment",)
_RECORD: Final[tuple[About, ...]] = ("record",)
_GROUP: Final[tuple[About, ...]] = ("group",)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the vocabulary.

    Parameters
    ----------
    gives : str
        The type of its value.
    meaning : str
        One sentence for the author of a treaty.
    takes : tuple of str
        The types of its arguments, in order.
    more : str or None
        The type of any further arguments; None where there may be none.
    optional : int
        How many of the last of `takes` may be left out.
    texts : tuple of str
        The list that each of its words in quotes must come from, the last one for all that
        follow: ``kind``, ``state``, ``group`` …; ``date``, ``day`` and ``key`` have a form
        instead; empty where any word goes.
    asked_of : tuple of str
        What it can be asked of: a deployment, a record, a group, or in a side of the treaty.
    """

    gives: Type
    meaning: str
    takes: tuple[Type, ...] = ()
    more: Type | None = None
    optional: int = 0
    texts: tuple[str, ...] = ()
    asked_of: tuple[About, ...] = _ANY


def _texts(meaning: str, texts: str, asked_of: tuple[About, ...] = _DEPLOYMENT) -> Word:
    return Word("truth", meaning, ("text",), "text", texts=(texts,), asked_of=asked_of)


#: The words of the treaty language, by name.
VOCABULARY: Final[dict[str, Word]] = {
    # attribute
    "always": Word("truth", "True."),
    "never": Word("truth", "False."),
    "kind": _texts("The deployment is of one of these kinds.", "kind"),
    "activity": _texts("It is doing one of these.", "activity"),
    "basing": _texts("It is launched or based on ground, sea or in the air.", "basing"),
    "framework": Word(
        "truth", "It acts in this framework.", ("text",), "text", asked_of=_DEPLOYMENT
    ),
    "scenario": Word(
        "truth",
        "The exercise has this scenario; unknown unless given.",
        ("text",),
        texts=("scenario",),
        asked_of=_DEPLOYMENT,
    ),
    "nuclear": Word(
        "truth",
        "It is said to be a nuclear weapon, or about nuclear weapons.",
        asked_of=_DEPLOYMENT,
    ),
    "echelon_above": Word(
        "truth",
        "Its echelon is above this one; a single ship, aircraft or battery is not above a brigade.",
        ("text",),
        texts=("echelon",),
        asked_of=_DEPLOYMENT,
    ),
    "range": Word("number", "Reach of the weapon it carries, km.", asked_of=_DEPLOYMENT),
    "loadable_range": Word(
        "number", "Reach of the longest weapon that its class can carry, km.", asked_of=_DEPLOYMENT
    ),
    "platform_range": Word(
        "number", "Weapon reach, plus the combat radius of an aircraft, km.", asked_of=_DEPLOYMENT
    ),
    "personnel": Word("number", "Its personnel.", asked_of=_DEPLOYMENT),
    "brigades": Word("number", "Brigades under one command.", asked_of=_DEPLOYMENT),
    "step_up": Word(
        "number", "The least of the limits that is not below the number.", ("number",), "number"
    ),
    # dated membership
    "own": Word(
        "states",
        "The state that deploys; for what an alliance owns, its members.",
        asked_of=_SUBJECT,
    ),
    "partners": Word(
        "states", "The states it acts with or trains.", asked_of=("deployment", "record")
    ),
    "joining": Word("states", "The state whose accession is recorded.", asked_of=_RECORD),
    "parties": Word("states", "All parties to the treaty on the date.", asked_of=_SUBJECT),
    "counterparts": Word("states", "The parties on the other side.", asked_of=_SUBJECT),
    "everyone": Word("states", "All states."),
    "states": Word(
        "states", "These states, by ISO 3166-1 alpha-3.", ("text",), "text", texts=("state",)
    ),
    "group": Word(
        "states",
        "Members of a group on the date, on a given date, or on the day 'before'.",
        ("text", "text"),
        optional=1,
        texts=("group", "day"),
    ),
    "party_in": Word("truth", "The deploying state is one of these.", ("states",)),
    "share": Word("truth", "The two sets have a state in common.", ("states", "states")),
    # where
    "land": Word("region", "Land of these states.", ("states",)),
    "territory": Word(
        "region", "Land, internal waters, territorial sea, and the airspace above.", ("states",)
    ),
    "sea": Word("region", "A named sea.", ("text",), texts=("sea",)),
    "border_line": Word(
        "region",
        "Where states of the first set border on states of the second.",
        ("states", "states"),
    ),
    "outer_border": Word("region", "Border between these states and all others.", ("states",)),
    "line": Word(
        "region",
        "A line or area that the treaty folder gives as GeoJSON.",
        ("text",),
        texts=("line",),
    ),
    "inside": Word(
        "truth", "It is inside the region, or on its edge.", ("region",), asked_of=_DEPLOYMENT
    ),
    "host_in": Word(
        "truth", "The host state of the group is one of these.", ("states",), asked_of=_GROUP
    ),
    "extends_east": Word(
        "truth", "The first set reaches further east than the second.", ("states", "states")
    ),
    "lies_east": Word(
        "truth",
        "The first set's middle lies east of all land of the second at its latitude.",
        ("states", "states"),
    ),
    "brings_nearer": Word(
        "truth",
        "Adding the first set to the second lessens the second's distance to the third.",
        ("states", "states", "states"),
    ),
    # distance
    "distance": Word(
        "number", "Geodesic distance to the region, km.", ("region",), asked_of=_DEPLOYMENT
    ),
    "reaches": Word(
        "truth", "The region is within this range, km.", ("region", "number"), asked_of=_DEPLOYMENT
    ),
    "separation": Word(
        "number",
        "Distance to the nearest deployment under way of these states and kinds at the time, km.",
        ("states", "text"),
        "text",
        texts=("kind",),
        asked_of=_DEPLOYMENT,
    ),
    # when
    "stay_days": Word("number", "Length of the stay in days.", asked_of=_DEPLOYMENT),
    "days_in_force": Word("number", "Days since the treaty entered into force; unknown as if."),
    # total, as-of
    "total": Word(
        "number",
        "Peak personnel, per 'sender-host' or per 'host'.",
        ("text",),
        texts=("key",),
        asked_of=_GROUP,
    ),
    "presence": Word(
        "number",
        "Personnel that stood there on a date, per the same key.",
        ("text", "text"),
        texts=("date", "key"),
        asked_of=_GROUP,
    ),
    # exists, asserted
    "record": _texts("The record is of one of these kinds.", "record", _RECORD),
    "joins": Word(
        "truth", "The accession is to this group.", ("text",), texts=("group",), asked_of=_RECORD
    ),
    "consent": Word("truth", "All of these states consented for the whole stay.", ("states",)),
    "notice": Word(
        "truth", "Notice was given at least so many days before.", ("number",), asked_of=_DEPLOYMENT
    ),
    "mandate": Word(
        "truth", "A mandate of the Security Council is asserted.", asked_of=_DEPLOYMENT
    ),
    "asserted": Word("truth", "A human found so; unknown without a finding.", ("text",)),
    # parameters
    "param": Word(
        "number",
        "A parameter of the treaty; unknown while not agreed.",
        ("text",),
        texts=("param",),
    ),
}
