"""The product's verdicts beside the oracle's: where they differ, and where they may.

The oracle knows exact worlds only. The product is asked about a file, whose quantities may be
intervals and whose places and borders have errors; so its verdict is right if

- it is decided, and the oracle gives the same wherever it decides, in every exact world that the
  file may mean;
- or it is indeterminate, and the oracle leaves something open too, or its verdicts, or which
  exception excuses, differ from world to world, or a place is nearer to a limit than the stated
  errors, or who of a group counts towards its total differs;
- or it rests on quantities that hang together, and the oracle too leaves it open where it
  calculates with the intervals of the file: sums of people, and the ranges of what is carried, of
  what fits and of the platform. The product cuts intervals one quantity at a time.

A clause whose breach is ruled out is complied with, whether or not it is known to apply: so
*compliant* may stand for *not applicable* where some world, or some place near by, complies.

This is the one module of the oracles that meets the product, to ask it.
"""

from __future__ import annotations

import ast
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from deploygeo.checker import Settings
from deploygeo.checker.verdicts import verdicts
from deploygeo.io import read
from deploygeo.model import Deployment, Record
from deploygeo.testing.oracles import place, times
from deploygeo.testing.oracles.earth import world
from deploygeo.testing.oracles.language import Pact
from deploygeo.testing.oracles.scene import Choices, Scene, Span
from deploygeo.testing.oracles.verdict import GRAVITY, Answer, answers
from deploygeo.testing.oracles.worlds import exact_worlds, thresholds
from deploygeo.treaties import Treaty, load

__all__ = ["RIGHT", "Comparison", "compare", "weigh"]

RIGHT: Final = (
    "equal",
    "open",
    "varies",
    "near",
    "who-counts",
    "entangled",
    "ruled-out",
    "on-the-line",
)
"""The ways in which a verdict is right; the others are ``wrong`` and ``unjustified``."""
_TIE_KM: Final = 2e-6
"""Nearer than this to a limit, two exact answers may differ: distances agree to 1 mm."""
_FEW, _MANY = 6, 400
_RANGES: Final = frozenset(["range", "loadable_range", "platform_range"])


@dataclass(frozen=True)
class Comparison:
    """One verdict of the product and how it stands beside the oracle's.

    Parameters
    ----------
    clause, subject : str
    said : str
        The product's verdict.
    how : str
        One of `RIGHT`; ``wrong`` or ``unjustified``.
    answers : tuple of Answer
        The oracle's, one an exact world.
    worlds : tuple
        Those worlds.
    why : tuple of str
        The product's reasons for being undecided.
    """

    clause: str
    subject: str
    said: str
    how: str
    answers: tuple[Answer, ...]
    worlds: tuple[Any, ...]
    why: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether the verdict is right."""
        return self.how in RIGHT


def weigh(said: str, found: Sequence[Answer], allowance_km: float) -> str:
    """Return in what way a verdict is right, or ``wrong`` or ``unjustified``.

    Parameters
    ----------
    said : str
        The product's verdict.
    found : sequence of Answer
        The oracle's, in exact worlds.
    allowance_km : float
        The sum of the stated errors.

    Examples
    --------
    >>> from deploygeo.testing.oracles.scene import Span
    >>> near, far = (Answer("a", "compliant", slack, Span()) for slack in (3.0, 30.0))
    >>> weigh("indeterminate", [near], 7.0), weigh("indeterminate", [far], 7.0)
    ('near', 'unjustified')
    >>> weigh("violation", [far], 7.0)
    'wrong'
    """
    decided = [answer for answer in found if answer.verdict != "indeterminate"]
    given = {answer.verdict for answer in decided}
    if said == "indeterminate":
        if len(decided) < len(found):
            return "open"
        if len({(answer.verdict, answer.exception) for answer in decided}) > 1:
            return "varies"
        if any(answer.slack_km <= allowance_km for answer in decided):
            return "near"
        # a total counts from nobody up who may not be of it
        return "who-counts" if len({answer.counted for answer in found}) > 1 else "unjustified"
    others = [a for a in decided if a.verdict != said and a.slack_km > _TIE_KM]
    if not others:
        return "equal" if given == {said} else "open" if not given else "on-the-line"
    if said == "compliant" and all(a.verdict == "not-applicable" for a in others):
        is_open = said in given or len(decided) < len(found)
        if is_open or any(answer.slack_km <= allowance_km for answer in others):
            return "ruled-out"
    return "wrong"


def compare(
    treaty: str | Path,
    features: Sequence[Mapping[str, Any]],
    choices: Choices | None = None,
    clauses: Sequence[str] | None = None,
    *,
    rng: random.Random | None = None,
) -> list[Comparison]:
    """Return every verdict of the product on a scene beside the oracle's.

    Parameters
    ----------
    treaty : str or Path
        The id of one that ships, or the path of a ``treaty.toml``.
    features : sequence of GeoJSON features
        Deployments at a point each, and records.
    choices : Choices, optional
    clauses : sequence of str, optional
        All that are checkable by default.
    rng : random.Random, optional
        What chooses exact worlds; always the same by default.

    Raises
    ------
    ValueError
        If the product refuses a feature.
    NotImplementedError
        Where the oracle does not know a word.

    Examples
    --------
    >>> ship = {"id": "s", "party": "USA", "kind": "surface_warship", "range_km": [200, 400]}
    >>> sea = {"type": "Point", "coordinates": [34.0, 43.0]}
    >>> feature = {"type": "Feature", "properties": ship, "geometry": sea}
    >>> [(one.said, one.how)
    ...  for one in compare("us-russia-2021", [feature], Choices(level="ne10"), ["5.2"])]
    [('indeterminate', 'varies')]
    """
    loaded = load(treaty)
    assert loaded.folder is not None  # noqa: S101 - it was read from a file
    pact = Pact.read(loaded.folder / "treaty.toml")
    asked = choices or Choices()
    reading = read({"type": "FeatureCollection", "features": list(features)})
    if reading.faults:
        raise ValueError("; ".join(map(str, reading.faults)))
    rng = rng or random.Random(0)  # noqa: S311 - nobody is kept from guessing
    found: list[Comparison] = []
    for clause in pact.clauses:
        if clause.get("check") == "none" or (clauses is not None and clause["id"] not in clauses):
            continue
        found += _clause(loaded, pact, clause, features, asked, rng)
    return found


def _clause(
    treaty: Treaty,
    pact: Pact,
    clause: Mapping[str, Any],
    features: Sequence[Mapping[str, Any]],
    choices: Choices,
    rng: random.Random,
) -> Iterator[Comparison]:
    reading = read({"type": "FeatureCollection", "features": list(features)})
    settings = Settings(
        worldview=choices.worldview,
        readings=dict(choices.readings),
        params=dict(choices.params),
        on=choices.on,
        in_force=choices.in_force,
        level=choices.level,
    )
    said: dict[str, tuple[str, tuple[str, ...]]] = {}
    things: list[Deployment | Record] = [*reading.deployments, *reading.records]
    for one in verdicts(things, treaty, (clause["id"],), settings):
        key = f"{one.party}-in-{one.host}" if one.subject == "group" else one.id.split("@", 1)[1]
        if key not in said or GRAVITY.index(one.verdict) < GRAVITY.index(said[key][0]):
            said[key] = (one.verdict, one.why)
    numbers = thresholds(pact, clause, choices.params)
    allowance = _allowance_km(features, choices)
    name = str(clause["id"])
    worlds: list[list[Mapping[str, Any]]] = []
    given: list[dict[str, Answer]] = []
    for count in (_FEW, _MANY):
        wanted = exact_worlds(features, numbers, rng, count, moving=count == _FEW)
        for scene in wanted:
            worlds.append(scene)
            given.append(_answers(pact, name, Scene.of(scene), choices, allowance))
            numbers += [far for one in given[-1].values() for far in one.measured]
        keys = sorted({*said, *(key for found in given for key in found)})
        rows = {key: _row(pact, worlds, given, key, choices) for key in keys}
        ways = {
            key: weigh(said.get(key, ("not-applicable", ()))[0], rows[key], allowance)
            for key in keys
        }
        # more worlds may justify a doubt, and find one that complies
        if all(way in RIGHT for way in ways.values()):
            break
    if "unjustified" in ways.values() and _is_entangled(pact, clause):
        whole = _answers(pact, name, Scene.of(features), choices, allowance)
        for key, way in ways.items():
            if way == "unjustified" and key in whole and whole[key].verdict == "indeterminate":
                ways[key] = "entangled"
    for key in keys:
        verdict, why = said.get(key, ("not-applicable", ()))
        yield Comparison(name, key, verdict, ways[key], tuple(rows[key]), tuple(worlds), why)


def _is_entangled(pact: Pact, clause: Mapping[str, Any]) -> bool:
    nodes = pact.nodes(*pact.texts(clause))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return pact.asked_of(clause) == "group" or len(names & _RANGES) > 1


def _allowance_km(features: Sequence[Mapping[str, Any]], choices: Choices) -> float:
    """Return the sum of the stated error of borders and the two largest of places."""
    rows = [feature["properties"] for feature in features]
    errors = sorted(float(row.get("position_error_km") or 0.0) for row in rows)
    return float(world(choices.level).error_km) + math.fsum(errors[-2:]) + 1e-3


def _answers(
    pact: Pact, clause: str, scene: Scene, choices: Choices, allowance: float
) -> dict[str, Answer]:
    """Return the gravest answer for each subject: a group may have several periods."""
    found: dict[str, Answer] = {}
    for one in answers(pact, clause, scene, choices, reach_km=allowance + 1.0):
        before = found.get(one.subject)
        if before is None or GRAVITY.index(one.verdict) < GRAVITY.index(before.verdict):
            found[one.subject] = one
    return found


def _row(
    pact: Pact,
    worlds: Sequence[Any],
    given: Sequence[Mapping[str, Answer]],
    key: str,
    choices: Choices,
) -> list[Answer]:
    """Return the answers for one subject; a group that is not there is nowhere applicable."""
    row = []
    for scene, found in zip(worlds, given, strict=True):
        if key in found:
            row.append(found[key])
            continue
        slacks = [math.inf]
        for actor in Scene.of(scene).actors:
            if actor.place is not None:
                earth = world(choices.level)
                held = dict(earth.holders(choices.worldview, choices.on or _day(pact, actor.stay)))
                slacks.append(place.host_of(earth, actor.place, held).slack_m / 1000.0)
        row.append(Answer(key, "not-applicable", min(slacks), Span()))
    return row


def _day(pact: Pact, stay: Span) -> date:
    return times.goal_of(pact, stay)
