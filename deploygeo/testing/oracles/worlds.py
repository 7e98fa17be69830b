"""Exact worlds: what a file that states intervals may mean, one number and one place each."""

from __future__ import annotations

import ast
import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from geographiclib.geodesic import Geodesic

from deploygeo.testing.oracles.language import Pact
from deploygeo.testing.oracles.scene import AIRCRAFT, Actor

__all__ = ["exact_worlds", "thresholds"]

Feature = Mapping[str, Any]

_MOST: Final[Mapping[str, float]] = {
    "range_km": 50_000.0,
    "loadable_range_km": 50_000.0,
    "radius_km": 50_000.0,
    "personnel": 20_000_000.0,
}


def thresholds(pact: Pact, clause: Mapping[str, Any], params: Mapping[str, float]) -> list[float]:
    """Return the numbers that a clause may compare something with, and their sums in pairs.

    Examples
    --------
    >>> from pathlib import Path
    >>> pact = Pact.read(Path("deploygeo/treaties/library/nato-russia-2021/treaty.toml"))
    >>> thresholds(pact, pact.clause("5"), {})
    [0.0, 500.0, 1000.0, 1500.0, 5500.0, 6000.0, 6500.0]
    """
    found: set[float] = set(params.values())
    for node in pact.nodes(*pact.texts(clause)):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            found.add(float(node.value))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "param":
            name = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            row = pact.params.get(str(name), {})
            rows = (row, *row.get("values", ()))
            found |= {float(item["value"]) for item in rows if "value" in item}
    single = sorted(found)
    if len(single) <= 8:
        found |= {one + other for i, one in enumerate(single) for other in single[i + 1 :]}
    return sorted(found)


def exact_worlds(
    features: Sequence[Feature],
    numbers: Iterable[float],
    rng: random.Random,
    count: int,
    *,
    moving: bool = True,
) -> Iterator[list[Feature]]:
    """Yield scenes in which every quantity is one number and every place is exact.

    The first two have all quantities at their least and at their greatest; then each quantity
    is at an end, at or beside one of the numbers given, or anywhere between.

    Parameters
    ----------
    features : sequence of GeoJSON features
    numbers : iterable of float
        Thresholds; persons, or kilometres of range.
    rng : random.Random
    count : int
        Of scenes.
    moving : bool
        Whether places move within their error; else they are where the file says.

    Examples
    --------
    >>> unit = {"id": "u", "party": "DEU", "kind": "radar", "personnel": [5, 900]}
    >>> scene = [{"type": "Feature", "properties": unit, "geometry": None}]
    >>> import random
    >>> found = exact_worlds(scene, [100.0], random.Random(1), 4)
    >>> [world[0]["properties"]["personnel"] for world in found][:2]
    [5, 900]
    """
    points = sorted({number for number in numbers if math.isfinite(number)})
    for index in range(count):
        yield [_exact(feature, points, rng, index, moving) for feature in features]


def _exact(
    feature: Feature, points: Sequence[float], rng: random.Random, index: int, moving: bool
) -> Feature:
    row = dict(feature["properties"])
    if "record" in row:
        return feature
    geometry = feature.get("geometry")
    error_km = float(row.pop("position_error_km", 0.0) or 0.0)
    if geometry is not None and error_km and moving and index > 1:
        geometry = _moved(geometry, rng, error_km)
    actor = Actor("", "", row, None)
    parts = row.get("contingents") or ()
    if parts:
        row["contingents"] = [
            {
                **part,
                "personnel": _chosen(
                    Actor("", "", {**row, "personnel": part.get("personnel")}, None),
                    "personnel",
                    points,
                    rng,
                    index,
                ),
            }
            for part in parts
        ]
    reach = _chosen(actor, "range_km", points, rng, index)
    more = Actor("", "", {**row, "range_km": reach}, None)
    row["range_km"] = reach
    # the longest that fits is at least what is carried, where nothing says what fits
    row["loadable_range_km"] = _chosen(more, "loadable_range_km", points, rng, index)
    if actor.kind in AIRCRAFT:
        row["radius_km"] = _chosen(actor, "radius_km", points, rng, index)
    if not parts:
        row["personnel"] = _chosen(actor, "personnel", points, rng, index)
    return {**feature, "geometry": geometry, "properties": row}


def _chosen(
    actor: Actor, name: str, points: Sequence[float], rng: random.Random, index: int
) -> float:
    low, high = actor.quantity(name)
    high = max(low, min(high, _MOST[name]))
    whole = name == "personnel"
    if index < 2 or low == high:
        value = (low, high)[index % 2]
    else:
        between = [point for point in points if low <= point <= high]
        if between and rng.random() < 0.6:
            value = rng.choice(between)
            step = rng.choice([-1, 0, 1])
            value = value + step if whole else math.nextafter(value, value + step)
            if not whole and rng.random() < 0.3:
                value += rng.choice([-1, 1]) * rng.uniform(0.0, 20.0)
        else:
            value = rng.choice(
                [low, high, rng.uniform(low, high), rng.uniform(low, min(high, low + 2e4))]
            )
        value = min(high, max(low, round(value) if whole else value))
    return int(value) if whole else value


def _moved(geometry: Mapping[str, Any], rng: random.Random, error_km: float) -> Mapping[str, Any]:
    lon, lat = geometry["coordinates"][:2]
    away = error_km * 999.0 * rng.choice([1.0, rng.random()])
    to = Geodesic.WGS84.Direct(lat, lon, rng.uniform(-180.0, 180.0), away)
    return {**geometry, "coordinates": [float(to["lon2"]), float(to["lat2"])]}
