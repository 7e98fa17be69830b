"""The closed vocabulary of clause expressions: every word, what it takes and what it gives.

No word names a treaty. The words grow out of nine kinds of question: attribute,
dated membership, where, distance, when, total, as-of, exists, asserted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["VOCABULARY", "Type", "Word"]

Type: TypeAlias = Literal["truth", "number", "states", "region", "text"]


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
    choices : str or None
        The closed list its words must come from: ``kind``, ``activity``, ``basing``, ``echelon``.
    """

    gives: Type
    meaning: str
    takes: tuple[Type, ...] = ()
    more: Type | None = None
    optional: int = 0
    choices: str | None = None


def _texts(meaning: str, choices: str) -> Word:
    return Word("truth", meaning, ("text",), "text", choices=choices)


VOCABULARY: Final[dict[str, Word]] = {
    # attribute
    "always": Word("truth", "True."),
    "never": Word("truth", "False."),
    "kind": _texts("The deployment is of one of these kinds.", "kind"),
    "activity": _texts("It is doing one of these.", "activity"),
    "basing": _texts("It is launched or based on ground, sea or in the air.", "basing"),
    "framework": Word("truth", "It acts in this framework.", ("text",), "text"),
    "scenario": Word("truth", "The exercise has this scenario; unknown unless given.", ("text",)),
    "nuclear": Word("truth", "It is said to be a nuclear weapon, or about nuclear weapons."),
    "echelon_above": Word(
        "truth",
        "Its echelon is above this one; a single ship, aircraft or battery is not above a brigade.",
        ("text",),
        choices="echelon",
    ),
    "range": Word("number", "Reach of the weapon it carries, km."),
    "loadable_range": Word("number", "Reach of the longest weapon that its class can carry, km."),
    "platform_range": Word("number", "Weapon reach, plus the combat radius of an aircraft, km."),
    "personnel": Word("number", "Its personnel."),
    "brigades": Word("number", "Brigades under one command."),
    "step_up": Word(
        "number", "The least of the limits that is not below the number.", ("number",), "number"
    ),
    # dated membership
    "own": Word("states", "The state that deploys; for what an alliance owns, its members."),
    "partners": Word("states", "The states it acts with or trains."),
    "joining": Word("states", "The state whose accession is recorded."),
    "parties": Word("states", "All parties to the treaty on the date."),
    "counterparts": Word("states", "The parties on the other side."),
    "everyone": Word("states", "All states."),
    "states": Word("states", "These states, by ISO 3166-1 alpha-3.", ("text",), "text"),
    "group": Word(
        "states",
        "Members of a group on the date, on a given date, or on the day 'before'.",
        ("text", "text"),
        optional=1,
    ),
    "party_in": Word("truth", "The deploying state is one of these.", ("states",)),
    "share": Word("truth", "The two sets have a state in common.", ("states", "states")),
    # where
    "land": Word("region", "Land of these states.", ("states",)),
    "territory": Word(
        "region", "Land, internal waters, territorial sea, and the airspace above.", ("states",)
    ),
    "sea": Word("region", "A named sea.", ("text",)),
    "border_line": Word(
        "region",
        "Where states of the first set border on states of the second.",
        ("states", "states"),
    ),
    "outer_border": Word("region", "Border between these states and all others.", ("states",)),
    "line": Word("region", "A line or area that the treaty folder gives as GeoJSON.", ("text",)),
    "inside": Word("truth", "It is inside the region, or on its edge.", ("region",)),
    "host_in": Word("truth", "The host state of the group is one of these.", ("states",)),
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
    "distance": Word("number", "Geodesic distance to the region, km.", ("region",)),
    "reaches": Word("truth", "The region is within this range, km.", ("region", "number")),
    "separation": Word(
        "number",
        "Distance to the nearest deployment under way of these states and kinds at the time, km.",
        ("states", "text"),
        "text",
        choices="kind",
    ),
    # when
    "stay_days": Word("number", "Length of the stay in days."),
    "days_in_force": Word("number", "Days since the treaty entered into force; unknown as if."),
    # total, as-of
    "total": Word("number", "Peak personnel, per 'sender-host' or per 'host'.", ("text",)),
    "presence": Word(
        "number", "Personnel that stood there on a date, per the same key.", ("text", "text")
    ),
    # exists, asserted
    "record": Word("truth", "The record is of one of these kinds.", ("text",), "text"),
    "joins": Word("truth", "The accession is to this group.", ("text",)),
    "consent": Word("truth", "All of these states consented for the whole stay.", ("states",)),
    "notice": Word("truth", "Notice was given at least so many days before.", ("number",)),
    "mandate": Word("truth", "A mandate of the Security Council is asserted."),
    "asserted": Word("truth", "A human found so; unknown without a finding.", ("text",)),
    # parameters
    "param": Word("number", "A parameter of the treaty; unknown while not agreed.", ("text",)),
}
