"""The laws of agreement: a verdict is that of a naive evaluator, its errors are those stated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import shapely
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from deploygeo import boundaries, geodesy
from deploygeo.checker import Settings
from deploygeo.checker.scene import position
from deploygeo.io import to_features
from deploygeo.model import Deployment, Record
from deploygeo.testing import strategies
from deploygeo.testing.law import Law, Situation, require
from deploygeo.testing.laws.situations import about_records, situations
from deploygeo.testing.oracles.comparing import compare
from deploygeo.testing.oracles.scene import Choices
from deploygeo.treaties import Clause, Treaty
from deploygeo.treaties.anatomy import readings_of, texts_of, words_of

__all__ = [
    "AGREEMENT",
    "a_finding_names_the_readings_that_flip_it",
    "a_naive_evaluation_agrees",
    "an_error_is_no_less_than_the_stated_ones",
]

#: Errors are sums of two or three numbers below 10 000 km.
_ROUNDING_KM: Final = 1e-9

#: JSON has kilometres to a metre.
_DIGIT_KM: Final = 1e-3

#: Words that the naive evaluator has no answer to.
_UNKNOWN_WORDS: Final = frozenset(["brings_nearer"])

_LEVEL: Final = "ne10"

#: What many files leave out.
_OFTEN_LEFT_OUT: Final = ("echelon", "personnel", "range_km", "basing", "scenario", "brigades")

#: Overseas territories of states that treaties are often about, and the values of that reading.
_FAR_AWAY: Final = ("GUM", "PRI", "GRL", "FRO", "NCL", "GUF", "BMU", "FLK")
_OVERSEAS: Final = ("included", "metropolitan")

#: The day of the drafts that ship, for treaties without a date.
_DAY: Final = date(2021, 12, 17)


def a_naive_evaluation_agrees(situation: Situation) -> None:
    """A verdict is the one that a naive evaluator gives in every exact world the file may mean.

    Reason: `deploygeo.testing.oracles` answers the same clause once more, from the text of the
    treaty file, the border data and GeographicLib, with no code of ours in common: one number for
    each quantity and one place for each force. What is decided must be so in all such worlds;
    what is left open must differ between them, or lie nearer to a limit than the stated errors.

    Counterexample: an implementation that takes NATO's members of the day for those of 27 May
    1997 agrees with itself under every other law, and has nothing to say of German forces in
    Lithuania.

    Parameters
    ----------
    situation : Situation
        Of a treaty that was read from a file. Forces are taken at one point each, the border
        data at the level ``ne10``.

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=[200, 400])
    >>> a_naive_evaluation_agrees(Situation(load("us-russia-2021"), (ship,), "5.2"))
    """
    treaty = situation.treaty
    file = _file_of(treaty)
    if file is None:
        return
    at_points = situation.with_things(tuple(map(_at_a_point, situation.things))).under(level=_LEVEL)
    chosen = at_points.settings
    choices = Choices(
        worldview=chosen.worldview,
        readings=dict(chosen.readings),
        params=dict(chosen.params),
        on=chosen.on,
        in_force=chosen.in_force,
        level=chosen.level,
    )
    features = to_features(at_points.things)["features"]
    clauses = None if situation.clause is None else (situation.clause,)
    for one in compare(file, features, choices, clauses):
        found = sorted({answer.verdict for answer in one.answers})
        require(
            one.is_right and not (one.said != "indeterminate" and "indeterminate" in found),
            f"{treaty.id}/{one.clause} on {one.subject} is {one.said}"
            f" ({', '.join(one.why) or 'for no reason'}); evaluated naively it is"
            f" {' or '.join(found)}: {one.how}",
            at_points,
        )


def _at_a_point(thing: Deployment | Record) -> Deployment | Record:
    """Return a thing at one point of where it is."""
    if isinstance(thing, Record) or thing.geometry is None:
        return thing
    changes: dict[str, Any] = {"geometry": position(thing), "times": (), "extent": None}
    return replace(thing, **changes)


def an_error_is_no_less_than_the_stated_ones(situation: Situation) -> None:
    """The error of a distance holds that of the border at the witness and that of the place.

    Reason: a coast is good to some kilometres, and a ship is where somebody says it is; a verdict
    is decided only where neither can turn it, so no report tells less of them than the data do.

    Counterexample: with the error of the border data forgotten, a ship whose range is half a
    kilometre short of a coast that is good to two is told to comply.

    Parameters
    ----------
    situation : Situation

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=300, position_error_km=2)
    >>> an_error_is_no_less_than_the_stated_ones(
    ...     Situation(load("us-russia-2021"), (ship,), "5.2"))
    """
    own = {
        thing.id: thing.position_error_km
        for thing in situation.things
        if isinstance(thing, Deployment)
    }
    level = situation.settings.level
    report = situation.report()
    told = {row["id"]: row["measures"] for row in json.loads(report.to_json())["findings"]}
    for finding in report.findings:
        place_km = max((own[name] for name in finding.members if name in own), default=0.0)
        require(
            len(told[finding.id]) == len(finding.measures),
            f"{finding.id} measures {len(finding.measures)} distances, its JSON"
            f" {len(told[finding.id])}",
            situation,
        )
        for measure, row in zip(finding.measures, told[finding.id], strict=True):
            if measure.unit not in boundaries.units():
                continue
            border_m = boundaries.error_m(measure.lon, measure.lat, (measure.unit,), level=level)
            # a limit half-way between two coasts has the mean of their errors
            share = 0.5 if measure.what.startswith("limit of ") else 1.0
            least_km = share * border_m / 1000.0 + place_km
            require(
                measure.error_km >= least_km - _ROUNDING_KM,
                f"{finding.id} gives the distance to the {measure.what} an error of"
                f" {measure.error_km} km; the border and the place alone have {least_km} km",
                situation,
            )
            require(
                (row.get("error_km") or 0.0) >= least_km - _DIGIT_KM,
                f"{finding.id} gives the distance to the {measure.what} an error of"
                f" {measure.error_km} km, and its JSON one of {row.get('error_km')}",
                situation,
            )
            margin = finding.margin
            if margin is None or margin.unit != "km" or measure is not finding.measures[0]:
                continue
            # deep inside it is certain that the distance is nought
            require(
                measure.distance_km <= measure.error_km
                or margin.hi - margin.lo >= least_km - _ROUNDING_KM,
                f"{finding.id} has a margin of {margin.lo} to {margin.hi} km, although the border"
                f" and the place have an error of {least_km} km either way",
                situation,
            )


def a_finding_names_the_readings_that_flip_it(situation: Situation) -> None:
    """A reading whose change flips a verdict is among those that the finding names.

    Reason: a verdict rests on each reading that could turn it, also where that has its default;
    whoever cites it cites them.

    Counterexample: an implementation that names the readings that the user chose, and no others,
    gives a verdict under the default of "national" as one that rests on no reading.

    Parameters
    ----------
    situation : Situation

    Raises
    ------
    LawBrokenError

    Examples
    --------
    >>> from deploygeo.treaties import load
    >>> ship = Deployment(id="s", party="USA", kind="surface_warship", geometry=(34, 43),
    ...                   range_km=300)
    >>> a_finding_names_the_readings_that_flip_it(
    ...     Situation(load("us-russia-2021"), (ship,), "5.2"))
    """
    known = {reading.name for reading in situation.treaty.readings}
    for finding in situation.report().findings:
        flipping = {flip.change.split(" = ")[0] for flip in finding.stability} & known
        missing = sorted(flipping - set(finding.readings))
        require(
            not missing,
            f"{finding.id} would be another verdict under another {', '.join(missing)}, and names"
            f" {', '.join(sorted(finding.readings)) or 'no reading'}",
            situation,
        )
        for name, value in finding.readings.items():
            chosen = situation.settings.chosen(situation.treaty.reading(name))
            require(value == chosen, f"{finding.id} has {name} = {value}, not {chosen}", situation)


# -- the cases


@st.composite
def _scenes(draw: st.DrawFn, treaty: Treaty, clause: Clause) -> Situation:
    days = st.none() | st.sampled_from(_days(treaty))
    settings = Settings(
        worldview=draw(strategies.worldviews()),
        readings=draw(strategies.readings(treaty)),
        params=draw(strategies.params(treaty)),
        on=draw(st.none() | days),
        in_force=draw(days) if not treaty.in_force else None,
        level=_LEVEL,
    )
    things = draw(strategies.scenes(treaty=treaty, clause=clause, settings=settings))
    changes: dict[str, Any] = {}
    match draw(st.integers(0, 9)):
        case 0:  # what a file often does not say, so that it is open whether a clause applies
            left_out = [_OFTEN_LEFT_OUT, *((key,) for key in _OFTEN_LEFT_OUT)]
            changes = dict.fromkeys(draw(st.sampled_from(left_out)))
        case 1:
            place, worldview = draw(st.sampled_from(_disputed()))
            settings = replace(settings, worldview=worldview)
            changes = {"geometry": place, "times": (), "extent": None}
        case 2:
            own = [place for place, state in _overseas() if state in {one.party for one in things}]
            place = draw(st.sampled_from(own or [place for place, _ in _overseas()]))
            readings = {**settings.readings, "overseas": draw(st.sampled_from(_OVERSEAS))}
            settings = replace(settings, readings=readings)
            changes = {"geometry": place, "times": (), "extent": None}
        case 3:  # one of its readings, as seldom as it is chosen
            names = sorted(readings_of(treaty, clause))
            if names:
                reading = treaty.reading(draw(st.sampled_from(names)))
                value = draw(st.sampled_from(reading.names))
                settings = replace(settings, readings={**settings.readings, reading.name: value})
        case 4:  # about the coast and the limit of some state's waters
            coast = strategies.positions(kinds=("coasts", "limits"), level=_LEVEL)
            changes = {"geometry": shapely.Point(*draw(coast)), "times": (), "extent": None}
        case 5 | 6:  # in the waters of a state, or as far inland
            coast = strategies.positions(near=_states(treaty, clause), distance_km=1, level=_LEVEL)
            way, off_m = draw(st.integers(0, 359)), draw(st.integers(3_000, 21_000))
            lon, lat = geodesy.direct(*draw(coast), float(way), float(off_m))
            changes = {
                "geometry": shapely.Point(float(lon), float(lat)),
                "times": (),
                "extent": None,
            }
        case 7:  # what the alliance itself owns
            changes = {"party": "NATO", "contingents": ()}
    things = tuple(
        replace(thing, **changes) if isinstance(thing, Deployment) else thing for thing in things
    )
    return Situation(treaty, things, clause.id, settings)


def _states(treaty: Treaty, clause: Clause) -> tuple[str, ...]:
    """Return the states that a clause names; some others where it names none."""
    named = set(texts_of(treaty, clause, "states")) & boundaries.states()
    return tuple(sorted(named)) or ("UKR", "RUS", "USA")


@lru_cache(maxsize=1)
def _disputed() -> tuple[tuple[shapely.Point, str], ...]:
    """Return places with a worldview in which they are another state's than in the default one."""
    usual = boundaries.holders(boundaries.DEFAULT_WORLDVIEW, _DAY)
    store = boundaries.borders(_LEVEL)
    found = []
    for worldview in sorted(boundaries.worldviews()):
        held = boundaries.holders(worldview, _DAY)
        for name in store.unit_ids():
            land = store.largest((name,))
            if held[name] != usual[name] and land is not None:
                found.append((land.representative_point(), worldview))
    return tuple(found)


@lru_cache(maxsize=1)
def _overseas() -> tuple[tuple[shapely.Point, str], ...]:
    """Return a place in each of some overseas territories, and whose it is."""
    store = boundaries.borders(_LEVEL)
    lands = [(store.largest((name,)), name) for name in _FAR_AWAY]
    return tuple(
        (land.representative_point(), boundaries.units()[name].sovereign)
        for land, name in lands
        if land is not None
    )


def _days(treaty: Treaty) -> list[date]:
    """Return days on which something about a treaty begins, and the days before and after."""
    known = {treaty.reference_date, *(span.start for span in treaty.in_force), _DAY}
    return [
        day + timedelta(days=more)
        for day in sorted(day for day in known if day not in (None, date.min))
        for more in (0, -1, 1, 90, 400)
    ]


def _scene(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    return {"situation": _scenes(treaty, clause)}


def _situation(treaty: Treaty, clause: Clause) -> Mapping[str, SearchStrategy[Any]]:
    return {"situation": situations(treaty, clause, most=1)}


def _file_of(treaty: Treaty) -> Path | None:
    """Return the file of a treaty; None for one that was drawn, or put together."""
    file = None if treaty.folder is None else treaty.folder / "treaty.toml"
    return file if file is not None and file.is_file() else None


def _is_beyond(treaty: Treaty, clause: Clause) -> str:
    if _file_of(treaty) is None:
        return "it was not read from a file"
    unknown = sorted(words_of(treaty, clause) & _UNKNOWN_WORDS)
    return f"the naive evaluator does not know {', '.join(unknown)}" if unknown else ""


AGREEMENT: Final[tuple[Law, ...]] = (
    Law(a_naive_evaluation_agrees, _scene, "clause", _is_beyond),
    Law(an_error_is_no_less_than_the_stated_ones, _situation, "clause", about_records),
    Law(a_finding_names_the_readings_that_flip_it, _situation, "clause"),
)
