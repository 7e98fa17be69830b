"""The closed vocabularies of deployments and records: name → what it means, in one line."""

from __future__ import annotations

__all__ = [
    "ACTIVITIES",
    "BASINGS",
    "BOMBERS",
    "ECHELONS",
    "EXTENTS",
    "KINDS",
    "LOADOUTS",
    "RECORD_KINDS",
    "SCENARIOS",
    "default_activity",
    "default_extent",
]

#: What a deployment is.
KINDS: dict[str, str] = {
    "air_base": "an airfield that armed forces use",
    "artillery": "tube or rocket artillery, below missile range",
    "auxiliary_ship": "a naval ship that is not a combatant: command, tanker, survey, hospital",
    "coast_guard": "a ship or craft of a coast or border guard",
    "combat_aircraft": "a fighter, strike or ground-attack aircraft, or a unit of them",
    "exercise": "a military exercise as a whole",
    "ground_force": "troops on land, from a team to a front",
    "headquarters": "a command post or staff",
    "heavy_bomber": "a bomber of intercontinental range: B-52H, B-1B, B-2A, Tu-95MS, Tu-160",
    "logistics": "a depot, transit point or supply unit",
    "medium_bomber": "a bomber below intercontinental range: Tu-22M3",
    "missile_defence": "a site or battery that intercepts missiles or aircraft",
    "missile_launcher": "a launcher of ballistic or cruise missiles on land, or a unit of them",
    "naval_base": "a port that naval forces use",
    "nuclear_storage": "a site that stores nuclear weapons or can",
    "nuclear_weapon": "a nuclear weapon or a stock of them",
    "patrol_aircraft": "a maritime patrol, surveillance or reconnaissance aircraft",
    "peacekeeping": "a force with a peacekeeping task",
    "radar": "a radar site",
    "submarine": "a submarine of any propulsion",
    "surface_warship": "a naval combatant on the surface",
    "training_area": "a range or ground for exercises",
    "training_mission": "instructors who train the forces of a host",
    "transport_aircraft": "a transport or tanker aircraft",
}

#: The kinds of which a file must say the activity.
BOMBERS = frozenset({"heavy_bomber", "medium_bomber"})

#: What a deployment does.
ACTIVITIES: dict[str, str] = {
    "base": "keep or run a permanent site",
    "deploy": "be stationed or operate there",
    "exercise": "take part in an exercise",
    "fly": "be in the air",
    "train": "train the forces of a host",
    "transit": "pass through on the way elsewhere",
    "visit": "call at a port or airfield for days",
}

#: The size of a ground unit, smallest first: a clause compares by position.
ECHELONS: dict[str, str] = {
    "squad": "about 10 people",
    "platoon": "about 30 people",
    "company": "about 120 people; also a battery or squadron",
    "battalion": "about 600 people; also a battlegroup",
    "regiment": "two to five battalions, below a brigade",
    "brigade": "about 4 000 people",
    "division": "several brigades or regiments",
    "corps": "several divisions or brigades",
    "army": "several corps or divisions",
    "front": "several armies; also a strategic command",
}

#: From where a weapon is launched.
BASINGS: dict[str, str] = {
    "air": "launched from an aircraft",
    "ground": "launched from land",
    "sea": "launched from a ship or submarine",
}

#: What an area or a track means.
EXTENTS: dict[str, str] = {
    "occupied": "present everywhere in the geometry: any one of its points suffices",
    "uncertain": "somewhere in the geometry: the place is not known better",
}

#: How the weapons are known.
LOADOUTS: dict[str, str] = {
    "assumed": "the weapons are the usual ones of that type; nobody reported them aboard",
    "reported": "the source says that these weapons were there",
}

#: What an exercise practises.
SCENARIOS: dict[str, str] = {
    "conventional": "practises operations without nuclear weapons",
    "nuclear": "practises the use of nuclear weapons",
}

#: What a record tells.
RECORD_KINDS: dict[str, str] = {
    "accession": "a state joins a group",
    "consent": "parties agree to something that a clause forbids otherwise",
    "cooperation": "two or more parties cooperate militarily, without a place",
    "finding": "a human states whether a clause or a condition holds",
    "notice": "a party tells the others of something",
}

_ACTIVITY_OF = {
    "air_base": "base",
    "exercise": "exercise",
    "naval_base": "base",
    "nuclear_storage": "base",
    "training_mission": "train",
}

# What is built or marked out fills its outline; what moves is somewhere inside it.
_FILLS_ITS_OUTLINE = frozenset(
    {"air_base", "exercise", "naval_base", "nuclear_storage", "training_area"}
)


def default_activity(kind: str) -> str | None:
    """Return the activity that a kind has when none is given, or None where one must be.

    Parameters
    ----------
    kind : str
        One of `KINDS`.

    Examples
    --------
    >>> default_activity("naval_base"), default_activity("submarine")
    ('base', 'deploy')
    >>> default_activity("heavy_bomber") is None    # one on the ground is not flying
    True
    """
    return None if kind in BOMBERS else _ACTIVITY_OF.get(kind, "deploy")


def default_extent(kind: str, activity: str, *, is_area: bool) -> str:
    """Return how a geometry is to be read when the file does not say.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    activity : str
        One of `ACTIVITIES`.
    is_area : bool
        The geometry is a Polygon or MultiPolygon.

    Examples
    --------
    >>> default_extent("exercise", "exercise", is_area=True)
    'occupied'
    >>> default_extent("submarine", "deploy", is_area=True)
    'uncertain'
    >>> default_extent("submarine", "transit", is_area=False)
    'occupied'
    """
    if not is_area or activity in {"exercise", "base"} or kind in _FILLS_ITS_OUTLINE:
        return "occupied"
    return "uncertain"
