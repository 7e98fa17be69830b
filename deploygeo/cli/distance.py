"""``deploygeo distance``: from a place to the land of a state."""

from __future__ import annotations

import re

import click

from deploygeo.cli.options import day, day_option

__all__ = ["command"]

_PLACE = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*,\s*([+-]?\d+(?:\.\d*)?)\s*", re.ASCII)


# a western longitude begins with a minus sign, as an option does
@click.command("distance", context_settings={"ignore_unknown_options": True})
@click.argument("place")
@click.argument("state")
@day_option("--on", "Who held what on this day; 2021-12-17 without.")
@click.option("--worldview", default="un", show_default=True, help="Who holds disputed land.")
@click.option(
    "--borders",
    type=click.Choice(["hybrid", "ne10"]),
    default="hybrid",
    show_default=True,
    help="The border data.",
)
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(
    place: str, state: str, on: str | None, worldview: str, borders: str, form: str
) -> None:
    """Measure from PLACE (lon,lat in degrees) to the land of STATE (ISO alpha-3)."""
    from deploygeo import boundaries
    from deploygeo.clauses.outcome import Measure
    from deploygeo.cli.output import emit
    from deploygeo.errors import SettingError, UnknownNameError
    from deploygeo.report._names import unit_name
    from deploygeo.report._words import (
        DEGREE_DIGITS,
        KM_DIGITS,
        finite,
        measure_text,
        place_text,
        plain,
    )
    from deploygeo.report.structured import dumped

    match = _PLACE.fullmatch(place)
    if match is None:
        raise SettingError(f"{place!r} is not a place; write lon,lat, for example 34.0,43.0")
    lon, lat = float(match[1]), float(match[2])
    when = day("--on", on) or boundaries.DEFAULT_ON
    if state not in boundaries.states():
        from deploygeo.model.parties import party_hint

        raise SettingError(f"unknown state '{plain(state)}'{party_hint(state[:60])}")
    units = boundaries.units_of(state, on=when, worldview=worldview)
    if not units:
        raise UnknownNameError("holder of land", state, boundaries.states())
    found, unit = boundaries.nearest_of(units, lon, lat, level=borders)
    witness = float(found.lon), float(found.lat)
    error_km = boundaries.error_m(*witness, [unit], level=borders) / 1000.0
    distance_km = float(found.distance_m) / 1000.0
    if form == "json":
        shown = {
            "distance_km": finite(distance_km, KM_DIGITS),
            "error_km": finite(error_km, KM_DIGITS),
            "inside": bool(found.inside),
            "witness": [finite(value, DEGREE_DIGITS) for value in witness],
            "state": state,
            "unit": unit,
            "on": when.isoformat(),
            "worldview": worldview,
            "level": borders,
        }
        emit(dumped(shown, indent=1) + "\n")
        return
    measure = Measure(f"land of {state}", distance_km, error_km, *witness, unit)
    where = "inside; the place itself" if found.inside else f"witness {place_text(*witness)}"
    emit(
        f"{measure_text(measure)}\n{where} ({unit_name(unit)})\n"
        f"worldview {worldview}; borders {borders}; on {when}\n"
    )
