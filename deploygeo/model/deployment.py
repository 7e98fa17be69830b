"""A deployment: a hypothetical or reported placement of forces, and its checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from deploygeo.model._flaws import MAX_BRIGADES, MAX_ID, MAX_POSITION_ERROR_KM, Flaws, raise_flaws
from deploygeo.model._shown import Path, shown, unwrapped
from deploygeo.model.catalogue import System, systems
from deploygeo.model.geometry import check_geometry, vertex_count
from deploygeo.model.values import Interval, Stay
from deploygeo.model.vocabulary import (
    ACTIVITIES,
    BASINGS,
    ECHELONS,
    EXTENTS,
    KINDS,
    LOADOUTS,
    SCENARIOS,
    default_activity,
    default_extent,
)

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "DEPLOYMENT_KEYS",
    "Contingent",
    "Deployment",
    "IntervalLike",
    "Origin",
    "StayLike",
    "check_deployment",
]

IntervalLike = Interval | float | Sequence[float] | None
Day = date | str | None
StayLike = Stay | date | str | tuple[Day, Day] | None

# The keys of a feature's ``properties``, in the order in which they are written.
DEPLOYMENT_KEYS = (
    "id",
    "name",
    "party",
    "kind",
    "activity",
    "system",
    "range_km",
    "loadable_range_km",
    "radius_km",
    "basing",
    "nuclear",
    "personnel",
    "contingents",
    "total",
    "part_of",
    "echelon",
    "brigades",
    "from",
    "until",
    "on",
    "times",
    "extent",
    "position_error_km",
    "framework",
    "loadout",
    "with",
    "un_mandate",
    "scenario",
    "source",
    "notes",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a deployment or record was read."""

    source: str
    line: int | None = None
    feature: int | None = None


@dataclass(frozen=True, slots=True)
class Contingent:
    """The share of one party in a multinational unit; personnel None is not known."""

    party: str
    personnel: Interval | None = None


@dataclass(frozen=True, slots=True, init=False)
class Deployment:
    """A placement: whose, what, where, when, with which systems and how many people.

    Parameters
    ----------
    id : str
        Unique in a file.
    party : str
        ISO 3166-1 alpha-3, XKX, or NATO for what it owns itself.
    kind : str
        One of `KINDS`.
    geometry : shapely geometry, (lon, lat), GeoJSON mapping or None
        WGS 84 degrees. A file must give one. A LineString is a track, geodesic between its
        fixes; the edges of a Polygon are straight in longitude and latitude (RFC 7946). Of
        either, an edge that spans more than 180° of longitude is refused: cut it there.
    activity : str, optional
        One of `ACTIVITIES`; required for bombers, because one on the ground is not flying.
    range_km, loadable_range_km, radius_km : number, (min, max) or Interval, optional
        What the file says; it wins over the catalogue. Absent is unknown, 0 is none.
    personnel : number, (min, max) or Interval, optional
        Absent is unknown.
    stay : Stay, date, "YYYY-MM-DD" or (from, until), optional
        The days on which it holds; where only `times` are given, theirs.
    times : sequence of aware datetime, optional
        One per position of a LineString.
    name, source, notes : str, optional
        What reports call it, where it was reported, and anything else.
    system, loadout : str, optional
        A weapon system of the catalogue, and whether its weapons are ``reported`` or ``assumed``.
    basing, nuclear : str and bool, optional
        From where it is launched, and whether it is a nuclear weapon; the system's own without.
    contingents, total, part_of : sequence of Contingent, bool and str, optional
        The parties of a multinational unit; whether all forces of the party there are meant; the
        id of the deployment that already counts it.
    echelon, brigades : str and int, optional
        The size of a ground unit, and how many brigades are under one command.
    extent, position_error_km : str and number, optional
        What its area means, and how far off its position may be.
    framework, partners : str and sequence of str, optional
        Under which agreement, and with which states it acts; in a file the latter is ``with``.
    un_mandate, scenario : str, optional
        A mandate that is asserted, in words; the scenario of an exercise.
    origin : Origin, optional
        Where it was read.

    Raises
    ------
    InputError
        With every fault at once.

    Examples
    --------
    >>> porter = Deployment(id="porter", party="USA", kind="surface_warship",
    ...                     geometry=(34.0, 43.0), range_km=[1600, 2400], stay="2021-11-10")
    >>> porter.strike_range
    (Interval(lo=1600.0, hi=2400.0), 'the file')
    >>> Deployment(id="b", party="US", kind="heavy_bomber", geometry=(24.0, 155.0))
    Traceback (most recent call last):
    ...
    deploygeo.errors.InputError: (id 'b') /party: unknown party 'US'; did you mean 'USA'...
    (id 'b') /activity: activity is required for a heavy_bomber; one on the ground is not flying...
    (id 'b') /geometry/1: lat 155.0 is outside [-90, 90]; are lon and lat swapped?...
    """

    id: str
    name: str
    party: str
    kind: str
    geometry: BaseGeometry | None
    activity: str
    system: str | None
    range_km: Interval | None
    loadable_range_km: Interval | None
    radius_km: Interval | None
    basing: str | None
    nuclear: bool | None
    personnel: Interval | None
    contingents: tuple[Contingent, ...]
    total: bool
    part_of: str | None
    echelon: str | None
    brigades: int | None
    stay: Stay
    times: tuple[datetime, ...]
    extent: str
    position_error_km: float
    framework: str | None
    loadout: str | None
    partners: tuple[str, ...]
    un_mandate: str | None
    scenario: str | None
    source: str | None
    notes: str | None
    origin: Origin | None = field(compare=False)

    def __init__(
        self,
        *,
        id: str,  # noqa: A002 - the word of the file
        party: str,
        kind: str,
        geometry: BaseGeometry | Mapping[str, Any] | Sequence[float] | None = None,
        name: str | None = None,
        activity: str | None = None,
        system: str | None = None,
        range_km: IntervalLike = None,
        loadable_range_km: IntervalLike = None,
        radius_km: IntervalLike = None,
        basing: str | None = None,
        nuclear: bool | None = None,
        personnel: IntervalLike = None,
        contingents: Sequence[Contingent | Mapping[str, Any]] = (),
        total: bool = False,
        part_of: str | None = None,
        echelon: str | None = None,
        brigades: int | None = None,
        stay: StayLike = None,
        times: Sequence[datetime | str] = (),
        extent: str | None = None,
        position_error_km: float = 0.0,
        framework: str | None = None,
        loadout: str | None = None,
        partners: Sequence[str] = (),
        un_mandate: str | None = None,
        scenario: str | None = None,
        source: str | None = None,
        notes: str | None = None,
        origin: Origin | None = None,
    ) -> None:
        raw = dict(locals())
        for key in ("self", "geometry", "stay", "partners", "origin"):
            del raw[key]
        raw |= {"with": partners, **stay_keys(stay)}
        flaws = Flaws()
        values = check_deployment(flaws, raw, geometry, needs_place=False)
        if flaws:  # NumPy's numbers are numbers
            flaws = Flaws()
            raw, geometry = unwrapped(raw), unwrapped(geometry)
            values = check_deployment(flaws, raw, geometry, needs_place=False)
        raise_flaws(flaws, id)
        self._fill(values, origin)

    def _fill(self, values: Mapping[str, Any], origin: Origin | None) -> None:
        for key, value in values.items():
            object.__setattr__(self, key, value)
        object.__setattr__(self, "origin", origin)

    @classmethod
    def _of(cls, values: Mapping[str, Any], origin: Origin | None) -> Deployment:
        """Return a deployment of values that `check_deployment` has found good."""
        made = cls.__new__(cls)
        made._fill(values, origin)
        return made

    @property
    def catalogue(self) -> System | None:
        """The catalogue's entry of the system, or None without a system."""
        return None if self.system is None else systems()[self.system]

    @property
    def strike_range(self) -> tuple[Interval | None, str]:
        """The range of the weapons aboard in km, and who says so."""
        return self._reach("range_km")

    @property
    def loadable_range(self) -> tuple[Interval | None, str]:
        """The range of the weapons that could be aboard in km, and who says so."""
        return self._reach("loadable_range_km")

    @property
    def combat_radius(self) -> tuple[Interval | None, str]:
        """The combat radius of the carrier in km, and who says so."""
        return self._reach("radius_km")

    def _reach(self, key: str) -> tuple[Interval | None, str]:
        stated: Interval | None = getattr(self, key)
        if stated is not None:
            return stated, "the file"
        entry = self.catalogue
        known: Interval | None = getattr(entry, key) if entry is not None else None
        if entry is None or known is None:
            return None, "not known"
        mark = ", weak source" if entry.status == "weak-source" else ""
        return known, f"the catalogue, {entry.id}{mark}"

    @property
    def launch_basing(self) -> str | None:
        """The basing of the file, or else of the catalogue."""
        entry = self.catalogue
        return self.basing if self.basing is not None or entry is None else entry.basing

    @property
    def is_nuclear(self) -> bool | None:
        """Whether it is nuclear-capable by the file, or else by the catalogue."""
        entry = self.catalogue
        return self.nuclear if self.nuclear is not None or entry is None else entry.nuclear

    def __repr__(self) -> str:
        """Return what was given, without what was not.

        >>> Deployment(id="a", party="FRA", kind="radar", geometry=(2.0, 48.0))
        Deployment(id='a', party='FRA', kind='radar', geometry=<POINT (2 48)>)
        """
        texts = []
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name in _QUIET and value == _QUIET[entry.name]:
                continue
            if (entry.name, value) in (
                ("name", self.id),
                ("activity", default_activity(self.kind)),
                ("extent", _extent(self.kind, self.activity, self.geometry)),
            ):
                continue
            texts.append(f"{entry.name}={value!r}")
        return f"Deployment({', '.join(texts)})"


_QUIET: dict[str, object] = {
    **dict.fromkeys(entry.name for entry in fields(Deployment)),
    "contingents": (),
    "total": False,
    "stay": Stay(),
    "times": (),
    "position_error_km": 0.0,
    "partners": (),
}


def stay_keys(stay: object) -> dict[str, object]:
    """Return a stay as the keys that a file has.

    Parameters
    ----------
    stay : Stay, date, "YYYY-MM-DD", (from, until) or None

    Examples
    --------
    >>> stay_keys(("2021-09-10", None)), stay_keys("2021-09-10")
    ({'from': '2021-09-10', 'until': None}, {'on': '2021-09-10'})
    """
    if stay is None:
        return {}
    if isinstance(stay, Stay):
        return {"from": stay.start, "until": stay.end}
    if isinstance(stay, tuple | list) and len(stay) == 2:
        return {"from": stay[0], "until": stay[1]}
    return {"on": stay}


def check_deployment(
    flaws: Flaws, raw: Mapping[str, Any], geometry: object, *, needs_place: bool = True
) -> dict[str, Any]:
    """Return the fields of a deployment; what is wrong goes to `flaws`.

    This is the one place where a deployment is checked, whether it comes from a
    file or from Python. `raw` has the keys of a feature's properties.

    Parameters
    ----------
    flaws : Flaws
        Collects what is wrong.
    raw : mapping
        Properties, by the keys of a file.
    geometry : object
        As `check_geometry` takes it, or None.
    needs_place : bool
        Without a geometry it is wrong.

    Returns
    -------
    dict
        The fields of a `Deployment`; of use only where `flaws` is empty.

    Examples
    --------
    >>> flaws = Flaws()
    >>> _ = check_deployment(flaws, {"id": "a", "party": "FRA", "kind": "radar"}, None)
    >>> flaws.found
    [(('geometry',), 'geometry is null: a deployment needs a place')]
    """
    at = ("properties",)
    id_ = _needed(flaws, "id", flaws.identifier((*at, "id"), raw.get("id")), raw)
    party = _needed(flaws, "party", flaws.party((*at, "party"), raw.get("party")), raw)
    kind = _needed(flaws, "kind", flaws.word((*at, "kind"), raw.get("kind"), KINDS), raw)
    activity = flaws.word((*at, "activity"), raw.get("activity"), ACTIVITIES)
    if kind is not None and raw.get("activity") is None:
        activity = default_activity(kind)
        if activity is None:
            text = f"activity is required for a {kind}; one on the ground is not flying: "
            flaws.add((*at, "activity"), text + "write fly, deploy, visit, …")
    personnel = flaws.people((*at, "personnel"), raw.get("personnel"))
    contingents = _contingents(flaws, raw.get("contingents"))
    built = None
    if geometry is not None:
        built = check_geometry(flaws, ("geometry",), geometry)
    elif needs_place:
        flaws.add(("geometry",), "geometry is null: a deployment needs a place")
    times = flaws.times((*at, "times"), raw.get("times"))
    stay = _stay(flaws, raw, times, built)
    part_of = flaws.identifier((*at, "part_of"), raw.get("part_of"))
    if part_of is not None and part_of == id_:
        flaws.add((*at, "part_of"), "a deployment cannot be part of itself")
    position_error = flaws.number(
        (*at, "position_error_km"), raw.get("position_error_km"), MAX_POSITION_ERROR_KM, unit="km"
    )
    brigades = flaws.number((*at, "brigades"), raw.get("brigades"), MAX_BRIGADES, whole=True)
    extent = flaws.word((*at, "extent"), raw.get("extent"), EXTENTS)
    name = flaws.text((*at, "name"), raw.get("name"))
    values = {
        **_ABSENT,
        "id": id_,
        "name": name if name is not None else id_,
        "party": party,
        "kind": kind,
        "geometry": built,
        "activity": activity,
        "personnel": personnel,
        "contingents": contingents,
        "part_of": part_of,
        "brigades": None if brigades is None else int(brigades),
        "stay": stay,
        "times": times,
        "extent": extent or _extent(kind or "", activity or "", built),
        "position_error_km": float(position_error or 0.0),
    }
    for key, (field_, check) in _ALONE.items():
        if raw.get(key) is not None:  # of most there is nothing to check
            values[field_] = check(flaws, ("properties", key), raw[key])
    return values


_Check = Callable[[Flaws, Path, Any], object]


def _word_of(known: Iterable[str]) -> _Check:
    return lambda flaws, path, value: flaws.word(path, value, known)


#: Properties that are checked by themselves: the field of each, and how it is checked.
_ALONE: dict[str, tuple[str, _Check]] = {
    "system": ("system", lambda flaws, path, value: flaws.word(path, value, systems())),
    "range_km": ("range_km", Flaws.kilometres),
    "loadable_range_km": ("loadable_range_km", Flaws.kilometres),
    "radius_km": ("radius_km", Flaws.kilometres),
    "basing": ("basing", _word_of(BASINGS)),
    "nuclear": ("nuclear", Flaws.truth),
    "total": ("total", lambda flaws, path, value: bool(flaws.truth(path, value))),
    "echelon": ("echelon", _word_of(ECHELONS)),
    "framework": ("framework", lambda flaws, path, value: flaws.text(path, value, most=MAX_ID)),
    "loadout": ("loadout", _word_of(LOADOUTS)),
    "with": ("partners", Flaws.parties),
    "un_mandate": ("un_mandate", Flaws.text),
    "scenario": ("scenario", _word_of(SCENARIOS)),
    "source": ("source", Flaws.text),
    "notes": ("notes", Flaws.text),
}
_ABSENT: dict[str, Any] = {
    **{field_: None for field_, _ in _ALONE.values()},
    "total": False,
    "partners": (),
}


def _needed(flaws: Flaws, key: str, value: str | None, raw: Mapping[str, Any]) -> str | None:
    if raw.get(key) is None:
        flaws.add(("properties",), f"{key} is missing")
    return value


def _extent(kind: str, activity: str, geometry: BaseGeometry | None) -> str:
    is_area = geometry is not None and geometry.geom_type in {"Polygon", "MultiPolygon"}
    return default_extent(kind, activity, is_area=is_area)


def _contingents(flaws: Flaws, value: object) -> tuple[Contingent, ...]:
    at = ("properties", "contingents")
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        flaws.add(
            at, f'contingents is a list of {{"party": …, "personnel": …}}, not {shown(value)}'
        )
        return ()
    found: list[Contingent] = []
    for index, row in flaws.rows(at, value):
        here = (*at, index)
        if isinstance(row, Contingent):
            row = {"party": row.party, "personnel": row.personnel}
        if not isinstance(row, Mapping):
            flaws.add(here, f'a contingent is {{"party": …, "personnel": …}}, not {shown(row)}')
            continue
        unknown = [key for key in row if key not in ("party", "personnel")]
        for _, key in flaws.rows(here, unknown):
            hint = flaws.hint(str(key), ("party", "personnel"))
            flaws.add((*here, str(key)), f"unknown key {shown(key)}{hint}")
        if row.get("party") is None:
            flaws.add(here, "a contingent needs a party")
        party = flaws.party((*here, "party"), row.get("party"))
        personnel = flaws.people((*here, "personnel"), row.get("personnel"))
        if party is not None and any(party == other.party for other in found):
            flaws.add(here, f"{party} has two contingents; add them up")
        if party is not None:
            found.append(Contingent(party, personnel))
    return tuple(found)


def _stay(
    flaws: Flaws,
    raw: Mapping[str, Any],
    times: tuple[datetime, ...],
    geometry: BaseGeometry | None,
) -> Stay:
    at = ("properties", "times")
    stay = flaws.stay(("properties",), raw)
    given = raw.get("times")
    if given is None or (isinstance(given, list | tuple) and not given):
        return stay
    if geometry is not None and isinstance(given, list | tuple):
        if geometry.geom_type != "LineString":
            flaws.add(
                at, f"times go with a LineString, one per position, not a {geometry.geom_type}"
            )
        elif len(given) != vertex_count(geometry):
            many = "time" if len(given) == 1 else "times"
            text = f"{len(given)} {many} for {vertex_count(geometry)} positions; give one each"
            flaws.add(at, text)
    if not times:
        return stay
    first, last = times[0].date(), times[-1].date()
    if first > last:
        return stay
    if stay.is_open:
        return Stay(first, last)
    if not stay.contains(Stay(first, last)):
        flaws.add(at, f"the times run from {first} to {last} (UTC), outside the stay ({stay})")
    return stay
