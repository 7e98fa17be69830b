"""``deploygeo zone``: what a clause closes to a party, as a map or as shares of seas and land."""

from __future__ import annotations

import math
from typing import Any

import click

from deploygeo.cli.options import choices, day_option

__all__ = ["command", "ranges_of"]

FORMATS = ("text", "csv", "json")


@click.command("zone")
@click.argument("clause", required=False, metavar="[TREATY/CLAUSE]")
@click.option(
    "--range", "range_", metavar="KM", help="What the weapon reaches; with --shares a list."
)
@click.option("--party", metavar="CODE", help="The party that it is closed to, as USA.")
@click.option("--shares", is_flag=True, help="Shares of seas and of states' land, not a map.")
@day_option("--on", "Who held what on this day; the treaty's own date without.")
@click.option(
    "--worldview",
    metavar="NAME",
    help="Who holds disputed land; un without, and with --shares un, de-facto and russia.",
)
@click.option("--reading", multiple=True, metavar="NAME=VALUE", help="A reading of the words.")
@click.option("--param", multiple=True, metavar="NAME=NUMBER", help="A number left to be agreed.")
@click.option(
    "--borders",
    type=click.Choice(["hybrid", "ne10"]),
    default="hybrid",
    show_default=True,
    help="The border data.",
)
@click.option(
    "--tolerance",
    type=float,
    metavar="METRES",
    help="How far an outline may be off; 100 without, and 300 with --shares.",
)
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), help="Of shares; text without.")
@click.option("-o", "--output", metavar="FILE", help="Write here instead of standard output.")
def command(
    clause: str | None,
    range_: str | None,
    party: str | None,
    shares: bool,
    on: str | None,
    worldview: str | None,
    reading: tuple[str, ...],
    param: tuple[str, ...],
    borders: str,
    tolerance: float | None,
    form: str | None,
    output: str | None,
) -> None:
    """Draw what a clause closes to a party, as GeoJSON.

    With --shares, tell instead how much of ten seas and of every state's land is closed, at ranges
    from 50 to 2500 km and in three worldviews; without a clause, by every clause that depends
    on a reach (some minutes).

    \b
    deploygeo zone us-russia-2021/5.2 --party USA --range 1600 -o closed.geojson
    deploygeo zone us-russia-2021/5.2 --party USA --shares --range 300,500
    deploygeo zone --shares -f csv -o shares.csv

    What the clause asks of a deployment and not of its place (its kind, what it does) is taken
    as given; the file says what. Exceptions are not taken off.
    """  # noqa: D301 - click reads the \b
    from deploygeo.cli.output import check_target, emit, progress
    from deploygeo.cli.targets import refuse_replacing

    check_target(output)
    refuse_replacing([output], {"the treaty": ((clause or "").rpartition("/")[0],)})
    chosen = choices((), on, worldview or "un", reading, param, None, borders)
    if chosen.matrix:
        raise click.UsageError("--reading all belongs to deploygeo check")
    common: dict[str, Any] = {
        "on": chosen.on,
        "readings": chosen.readings,
        "params": chosen.params,
        "level": borders,
        **({} if tolerance is None else {"tolerance_m": tolerance}),
    }
    ranges = ranges_of(range_)
    if shares:
        from deploygeo.report import zones as reporters
        from deploygeo.zones.shared import RANGES_KM, WORLDVIEWS
        from deploygeo.zones.shared import shares as shares_of

        with progress("measuring seas and land"):
            rows = shares_of(
                clause,
                ranges_km=RANGES_KM if ranges is None else ranges,
                parties=None if party is None else [party],
                worldviews=WORLDVIEWS if worldview is None else [worldview],
                **common,
            )
        text = {
            "text": reporters.shares_to_text,
            "csv": reporters.shares_to_csv,
            "json": reporters.shares_to_json,
        }[form or "text"](rows)
        emit(text, output)
        return
    if clause is None:
        raise click.UsageError("name a clause, for example us-russia-2021/5.2, or give --shares")
    if form is not None:
        raise click.UsageError("-f belongs to --shares; a zone is GeoJSON")
    if ranges is not None and len(ranges) != 1:
        raise click.UsageError("one --range draws a zone; a list of them belongs to --shares")
    from deploygeo.report.zones import zone_to_geojson
    from deploygeo.zones.zoned import zone_of

    with progress(f"drawing {clause[:60]}"):
        drawn = zone_of(
            clause,
            party,
            None if ranges is None else ranges[0],
            worldview=chosen.worldview,
            **common,
        )
    emit(zone_to_geojson(drawn), output)


def ranges_of(text: str | None) -> list[float] | None:
    """Return the ranges that an option gives.

    >>> ranges_of("50, 1600"), ranges_of(None)
    ([50.0, 1600.0], None)
    """
    if text is None:
        return None
    from deploygeo.errors import SettingError
    from deploygeo.report._words import plain

    found = []
    for part in text.split(","):
        try:
            value = float(part)
        except ValueError:
            value = math.nan
        if not 0.0 < value < math.inf or "_" in part or not part.isascii():
            raise SettingError(
                f"--range: '{plain(part.strip())}' is no number of kilometres above 0; give 1 or "
                "more, for example 1600"
            )
        found.append(value)
    return found
