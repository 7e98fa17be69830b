"""The pages of the tables that the package holds: worldviews, errors, groups, systems."""

from __future__ import annotations

import tomllib
from pathlib import Path

from doctext import code, escaped, linked, page, table

from deploygeo import boundaries
from deploygeo.boundaries import data_folder
from deploygeo.model import Interval, groups, systems
from deploygeo.model.baseline import __file__ as baseline_module
from deploygeo.model.baseline import load_presence
from deploygeo.report._names import spoken

__all__ = ["border_errors", "groups_of_states", "presence_1997", "weapon_systems", "worldviews"]

NO_BREAK = "\N{NO-BREAK SPACE}"


def worldviews() -> str:
    """Return the page of the worldviews and of the units that they divide."""
    table_ = boundaries.tables()
    parts = []
    for view in table_.worldviews.values():
        rows = [
            (
                escaped(table_.units[hold.unit].name),
                code(hold.unit),
                f"{code(hold.holder)} "
                + ("itself" if hold.holder == hold.unit else escaped(spoken(hold.holder))),
                " ".join(
                    f"{word} {day}"
                    for word, day in (("from", hold.start), ("until", hold.end))
                    if day is not None
                )
                or "always",
                linked(hold.source),
            )
            for hold in table_.holds_of(view.name)
        ]
        default = " (default)" if view.name == boundaries.DEFAULT_WORLDVIEW else ""
        parts += [
            f"## {code(view.name)}{default}: {escaped(view.title)}",
            escaped(view.text),
            f"Source: {linked(view.source)}.",
            table(("Unit", "Id", "Held by", "When", "Source"), rows),
        ]
    for kind, title in (("disputed", "Disputed units"), ("dependency", "Dependencies")):
        rows = [
            (escaped(unit.name), code(unit.id), code(unit.sovereign))
            + (("yes" if unit.metropolitan else "no",) if kind == "dependency" else ())
            + ((linked(unit.source),) if kind == "disputed" else ())
            for unit in table_.units.values()
            if unit.kind == kind
        ]
        last = "Source" if kind == "disputed" else "Under `overseas = metropolitan`"
        parts += [f"## {title}", table(("Unit", "Id", "Its sovereign, without a row", last), rows)]
    return page(
        "Worldviews",
        "A *unit* is the smallest piece of land that no worldview divides. A worldview is a list "
        "of rows: who holds which unit to be whose, from when until when, both days included. A "
        "unit without a row on the day is its sovereign's. "
        "[Whose borders](../explanation/borders.md) says why it is done so.",
        *parts,
    )


def border_errors() -> str:
    """Return the page of the stated errors."""
    errors = tomllib.loads((data_folder() / "errors.toml").read_text("utf-8"))
    parts = []
    for level, row in errors["levels"].items():
        general = [
            ("a coast without a row below", _km(row["coast_m"])),
            ("a land border without a row of its own", _km(row["land_border_m"])),
            ("the line of a disputed area", _km(row["claim_line_m"])),
            ("anything else", _km(row["default_m"])),
        ]
        coasts = [
            (
                escaped(item["name"]),
                ", ".join(f"{at:g}" for at in item["box"]),
                _km(item["coast_m"]),
            )
            for item in row.get("coast", ())
        ]
        parts += [
            f"## {code(level)}",
            table(("The nearest place is on", "Error, km"), general),
            table(("Coast", "West, south, east, north", "Error, km"), coasts),
        ]
    pairs = [
        (", ".join(map(code, item["units"])), _km(item["error_m"]))
        for item in errors.get("land_border", ())
    ]
    parts += ["## Land borders that were measured", table(("Between", "Error, km"), pairs)]
    return page(
        "Errors of the border data",
        "How far the borders may be off: 95 % of the differences to a finer reference "
        "(OpenStreetMap of December 2017, used to compare only) are no larger. The error of a "
        "distance is that of the boundary at its witness; of the coasts the first whose box, in "
        "degrees, holds the witness counts. The table is `boundaries/errors.toml`.",
        *[part for part in parts if part],
    )


def _km(metres: float) -> str:
    return f"{metres / 1000:g}"


def groups_of_states() -> str:
    """Return the page of the groups, each with its members by date."""
    parts = []
    for group in groups().values():
        rows = [
            (
                f"{code(item.state)} {escaped(spoken(item.state))}",
                str(item.start or "always"),
                str(item.end or ""),
                linked(item.source),
            )
            for item in sorted(group.members, key=lambda item: (str(item.start or ""), item.state))
        ]
        parts += [
            f"## {code(group.id)}: {escaped(group.name)}",
            escaped(group.text),
            f"Source: {linked(group.source)}." if group.source else "",
            table(("Member", "From", "Until", "Source"), rows),
        ]
    return page(
        "Groups of states",
        "Who belongs to a group depends on the day; the first and the last day of a membership "
        "are included. `deploygeo groups show NATO --on 2021-12-17` asks for one day, and "
        "`group('NATO')` is the word of a treaty file.",
        *parts,
    )


def presence_1997() -> str:
    """Return the page of who had how many people where in 1997, each figure with its source."""
    rows = [
        (
            escaped(spoken(item.sender)),
            escaped(spoken(item.host)),
            _interval(item.personnel),
            escaped(f"{item.when}; {item.measure}{f'. {item.note}' if item.note else ''}"),
            linked(item.source),
            escaped(item.status),
        )
        for item in load_presence(Path(baseline_module).with_name("presence_1997.csv")).values()
    ]
    return page(
        "Forces abroad in 1997",
        "[Article 4 of the agreement with NATO](../clauses/nato-russia-2021/4.md) forbids forces "
        "in addition to those that stood in a state on 27 May 1997. These are the figures that "
        "were found, the nearest to that day. One that is unknown or *unverified* decides nothing. "
        "Where there is no row, nobody looked; that is not to say that nobody was there, and the "
        "reading `baseline_absent` says what is taken.",
        table(("Sender", "Host", "People", "When, and of what", "Source", "Status"), rows),
    )


def weapon_systems() -> str:
    """Return the page of the catalogue, each system with its sources."""
    rows, parts = [], []
    for item in systems().values():
        rows.append(
            (
                f"[{code(item.id)}](#{_anchor(item.id)})",
                escaped(item.name),
                escaped(item.kind.replace("_", " ")),
                _interval(item.range_km),
                _interval(item.radius_km) if item.radius_km else "",
                {True: "yes", False: "no", None: "unknown"}[item.nuclear],
            )
        )
        facts = [
            ("loadable range, km", _interval(item.loadable_range_km)),
            ("weapons", ", ".join(code(weapon) for weapon in item.weapons)),
            ("operators", ", ".join(code(state) for state in item.operators)),
            ("status", item.status),
            ("note", escaped(item.note)),
            *(("source", linked(source)) for source in item.sources),
        ]
        parts += [
            f"({_anchor(item.id)})=",
            f"### {escaped(item.name)} ({code(item.id)})",
            table(("What", "Value"), [fact for fact in facts if fact[1]]),
        ]
    return page(
        "Weapon systems",
        "Public ranges as intervals: the lowest and the highest published figure. An interval is "
        "a spread of sources, never a minimum engagement range; *unknown* is not zero. For a ship "
        "or a bomber it is the reach of the weapon usually carried. What a file says of a "
        "deployment wins over this table. [What reach means](../explanation/reach.md) says how "
        "they are used.",
        table(("Id", "System", "Kind", "Range, km", "Combat radius, km", "Nuclear"), rows),
        "## Sources",
        *parts,
    )


def _anchor(id_: str) -> str:
    return f"system-{id_}"


def _interval(interval: Interval | None) -> str:
    if interval is None:
        return "unknown"
    lo, hi = (f"{end:,.0f}".replace(",", NO_BREAK) for end in (interval.lo, interval.hi))
    return lo if lo == hi else f"{lo} to {hi}"
