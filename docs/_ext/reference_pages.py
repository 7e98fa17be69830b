"""The reference: commands, input, report, treaty language, tables of the package, from itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import click
from docstrings import fields, section
from doctext import block, code, escaped, linked, marked, page, table

from deploygeo import boundaries
from deploygeo.boundaries import data_folder
from deploygeo.clauses import VOCABULARY, Word
from deploygeo.cli.app import COMMANDS, cli
from deploygeo.io import Limits
from deploygeo.model import Deployment, Record, groups, systems
from deploygeo.report import input_schema, report_schema
from deploygeo.treaties import readings

__all__ = ["reference_pages"]


def reference_pages() -> dict[str, str]:
    """Return the pages by document name."""
    return {
        "reference/command-line": _command_line(),
        "reference/input": _input(),
        "reference/report": _report(),
        "reference/vocabulary": _vocabulary(),
        "reference/readings": _readings(),
        "reference/worldviews": _worldviews(),
        "reference/border-errors": _border_errors(),
        "reference/groups": _groups(),
        "reference/systems": _systems(),
    }


# -- the command line


def _command_line() -> str:
    parts = []
    for path, command in _commands(cli, ("deploygeo",)):
        parts += _command(path, command)
    return page(
        "Command line",
        "The report goes to standard output, everything else to standard error. The same input "
        "gives the same bytes. [Errors and exit codes](errors.md) says what the codes mean.",
        *parts,
    )


def _commands(
    command: click.Command, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _commands(below, (*path, name))


def _command(path: tuple[str, ...], command: click.Command) -> list[str]:
    names = list(cli.context_settings["help_option_names"])
    context = click.Context(command, info_name=" ".join(path), help_option_names=names)
    usage = " ".join([*path, *command.collect_usage_pieces(context)])
    parts = [f"{'#' * min(len(path) + 1, 4)} {code(' '.join(path))}", block(usage, "text")]
    parts += [_paragraph(text) for text in (command.help or "").split("\n\n")]
    options = [
        item.get_help_record(context)
        for item in command.get_params(context)
        if isinstance(item, click.Option)
    ]
    rows = [(code(record[0]), escaped(record[1])) for record in options if record]
    parts.append(table(("Option", "What it does"), rows))
    if isinstance(command, click.Group):
        below = [
            (name, command.get_command(context, name)) for name in command.list_commands(context)
        ]
        told = [(code(name), _short(name, item, path)) for name, item in below if item]
        parts.append(table(("Command", "What it does"), told))
    return parts


def _short(name: str, command: click.Command, path: tuple[str, ...]) -> str:
    if len(path) == 1 and name in COMMANDS:
        return escaped(COMMANDS[name][1])
    return escaped(command.get_short_help_str(limit=200))


def _paragraph(text: str) -> str:
    """Return a paragraph of a help text; what click is told not to wrap is a block."""
    text = text.strip("\n")
    if text.lstrip().startswith("\b"):
        return block("\n".join(line.strip() for line in text.splitlines()[1:]), "text")
    return escaped(text)


# -- what goes in, and what comes out


def _input() -> str:
    schema = input_schema()["$defs"]
    limits = Limits()
    return page(
        "Input format",
        "A file is GeoJSON (RFC 7946): a FeatureCollection, one Feature, or one Feature a line. "
        "Each feature is a *deployment*, or a *record* where its properties have the key "
        "`record`. Positions are longitude, then latitude, in degrees on WGS 84. A deployment "
        "has a geometry: a Point, a LineString (a track), a Polygon or their Multi-forms. A "
        "record has none (`null`).",
        "This page is made from the JSON Schema that the package holds; `deploygeo schema input` "
        "prints it. A key that is not listed is a fault. `null` is the same as absent.",
        "## A deployment",
        _properties(schema["deployment"], _meanings(Deployment, {"stay": ("from", "until", "on")})),
        "## A record",
        _properties(
            schema["record"],
            _meanings(
                Record,
                {"stay": ("from", "until", "on"), "kind": ("record",), "subject": ("for",)}
                | {"states": ("holds",), "partners": ("with",)},
            ),
        ),
        "## Parties",
        "A party is a state by its ISO 3166-1 alpha-3 code, `XKX` for Kosovo, or `NATO` for what "
        f"it owns itself. Known: {', '.join(map(code, schema['party']['enum']))}.",
        "## Limits",
        f"A file has at most {limits.bytes // 2**20} MiB and {limits.depth} levels of nesting, "
        f"and {limits.faults} faults are told one by one. {_notes(Limits)}",
    )


# What the docstrings of `Deployment` and `Record` leave to the reader of a file.
_KEYS = {
    "kind": "What it is: clauses ask for kinds.",
    "name": "What reports call it; its id otherwise.",
    "system": "A weapon system of the [catalogue](systems.md); gives what the file leaves out.",
    "loadable_range_km": "Of the longest weapon that the type can carry.",
    "radius_km": "Combat radius of an aircraft.",
    "basing": "From where it is launched; the system's own without.",
    "nuclear": "Whether it is a nuclear weapon, or about nuclear weapons.",
    "contingents": "The parties of a multinational unit; each is counted by its own flag.",
    "total": "Whether it reports all forces of its party there; totals and parts are never added.",
    "part_of": "The id of the deployment that already counts it.",
    "echelon": "The size of a ground unit.",
    "brigades": "How many brigades are under one command.",
    "from": "The first day of the stay.",
    "until": "The last day of the stay, itself included.",
    "on": "The day, where the stay is one day.",
    "extent": "Of an area: somewhere inside it, or everywhere in it.",
    "position_error_km": "How far off the position may be; part of every margin.",
    "framework": "Under which agreement or operation it acts.",
    "loadout": "Whether the weapons are reported, or assumed to be the usual ones.",
    "with": "The other states that take part, train or are trained.",
    "un_mandate": "A mandate of the Security Council that is asserted, in words.",
    "scenario": "The scenario of an exercise.",
    "source": "Where it was reported.",
    "notes": "Anything else; nothing reads it.",
    "record": "What happened.",
    "text": "What was said or decided, in words.",
}


def _notes(thing: object) -> str:
    return marked(" ".join(section(thing, "Notes").split()))


def _meanings(thing: type, other: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return what the docstring of a class says of each key of a file."""
    told: dict[str, str] = {}
    for item in fields(thing):
        for name in item.names:
            for key in other.get(name, (name,)):
                told.setdefault(key, item.text)
    return told


def _properties(schema: Mapping[str, Any], meanings: Mapping[str, str]) -> str:
    rows = []
    for name, value in schema["properties"].items():
        if not value:
            continue
        needed = "yes" if name in schema["required"] else ""
        own = meanings.get(name, "")
        # "One of `KINDS`." says no more than the list beside it
        told = _KEYS.get(name) or re.sub(r"^One of `[A-Z_]+`[.;] ?", "", own)
        told = told if name in _KEYS else marked(told[:1].upper() + told[1:])
        rows.append((code(name), needed, _type(value).removesuffix(" or null"), told))
    return table(("Key", "Needed", "Value", "What it is"), rows)


def _type(schema: Mapping[str, Any]) -> str:
    """Return a schema in a few words."""
    told = _kind(schema)
    description = schema.get("description", "")
    return f"{told} ({marked(description)})" if description else told


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {"party": "[a party](#parties)"}.get(name, f"a {name}, as below")
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(_kind(item) for item in schema[key])
    if "const" in schema:
        return code(str(schema["const"]))
    if "enum" in schema and set(schema["enum"]) in (set(systems()), set(groups())):
        what = "systems" if set(schema["enum"]) == set(systems()) else "groups"
        return f"the id of one of the [{what}]({what}.md)"
    if "enum" in schema:
        return ", ".join(code(str(item)) for item in schema["enum"])
    kinds = schema.get("type", [])
    told = [_simple(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return " or ".join(told) or "anything"


def _simple(kind: str, schema: Mapping[str, Any]) -> str:
    if kind == "array":
        pair = schema.get("minItems") == schema.get("maxItems") == 2
        return f"{'a pair' if pair else 'a list'} of {_kind(schema['items'])}"
    if kind == "object":
        if not schema.get("properties"):
            return f"names with {_kind(schema.get('additionalProperties') or {})}"
        return "an object"
    if kind == "string":
        form = {"date": "a day, `YYYY-MM-DD`", "date-time": "a time with its zone"}
        return form.get(schema.get("format", ""), "text")
    least = f" from {schema['minimum']}" if "minimum" in schema else ""
    words = {"number": "a number", "integer": "a whole number", "boolean": "true or false"}
    return f"{words.get(kind, kind)}{least}"


def _report() -> str:
    schema = report_schema()
    check = cli.get_command(click.Context(cli), "check")
    assert check is not None
    form = next(item for item in check.params if item.name in ("form", "forms", "format"))
    choices = getattr(form.type, "choices", ())
    return page(
        "Report format",
        f"`deploygeo check -f FORMAT` writes one of: {', '.join(map(code, choices))}. They are "
        "forms of one result: every form says what was checked as if in force, under which "
        "worldview and readings, and how many checks came out how.",
        "This page is made from the JSON Schema that the package holds; `deploygeo schema report` "
        "prints it. In Python, `deploygeo.check` returns a "
        "{py:class}`~deploygeo.checker.Report`, whose `to_json` gives the same.",
        "## The report",
        *_objects("", schema, 2),
        *(
            part
            for name, value in schema.get("$defs", {}).items()
            for part in (f"## A {name}", *_objects(name, value, 2))
        ),
    )


def _objects(path: str, schema: Mapping[str, Any], depth: int) -> list[str]:
    """Return a table of the keys of an object, and one for each object below it."""
    rows, below = [], []
    for name, value in schema["properties"].items():
        inner = _inner(value)
        at = f"{path}.{name}" if path else name
        if inner is not None:
            below += [f"{'#' * (depth + 1)} {code(at)}", *_objects(at, inner, depth)]
        needed = "" if name in schema.get("required", ()) else "maybe"
        rows.append((code(name), _type(value), needed))
    return [
        table(("Key", "Value", "Always there"), [(a, b, c or "yes") for a, b, c in rows]),
        *below,
    ]


def _inner(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the object with keys of its own that a schema holds, if any."""
    if schema.get("properties"):
        return schema
    for item in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found = _inner(item)
        if found is not None:
            return found
    return _inner(schema["items"]) if "items" in schema else None


# -- the treaty language


NO_BREAK = "\N{NO-BREAK SPACE}"
_GIVES = {
    "truth": "Conditions",
    "number": "Numbers",
    "states": "Sets of states",
    "region": "Regions",
}


def _vocabulary() -> str:
    parts = []
    for gives, title in _GIVES.items():
        rows = [
            (code(_call(name, word)), escaped(word.meaning), ", ".join(word.asked_of))
            for name, word in VOCABULARY.items()
            if word.gives == gives
        ]
        parts += [f"## {title}", table(("Word", "What it means", "Asked of"), rows)]
    return page(
        "The vocabulary",
        f"The {len(VOCABULARY)} words of the treaty language, made from the table that the "
        "compiler itself uses. No word names a treaty. Brackets mark what may be left out, `…` "
        "what may be repeated. *Asked of* says of what a word can be asked: a deployment, a "
        "record, a group of deployments of one sender in one host state, or a side of the treaty. "
        "[Treaty files](treaty-files.md) says how words are joined.",
        *parts,
    )


def _call(name: str, word: Word) -> str:
    if not word.takes:
        return name
    last = word.texts[-1:] or ("text",)
    texts = iter([*word.texts, *last * len(word.takes)])
    told = [f"'{next(texts).upper()}'" if kind == "text" else kind for kind in word.takes]
    if word.optional:
        needed = len(told) - word.optional
        told = [*told[:needed], *(f"[{item}]" for item in told[needed:])]
    return f"{name}({', '.join([*told, '…'] if word.more else told)})"


def _readings() -> str:
    parts = []
    for reading in readings():
        rows = [
            (code(v.name) + (" (default)" if v.name == reading.default else ""), escaped(v.text))
            for v in reading.values
        ]
        parts += [f"## {code(reading.name)}", escaped(reading.question), table(("Value", ""), rows)]
    return page(
        "Readings",
        "A reading is a named choice where the words are ambiguous. These are shared by the "
        "treaties that ship; a treaty file may add its own. `--reading NAME=VALUE` chooses one, "
        "and [Readings explained](../explanation/readings.md) says why they are there.",
        *parts,
    )


# -- tables of the package


def _worldviews() -> str:
    table_ = boundaries.tables()
    parts = []
    for view in table_.worldviews.values():
        rows = [
            (
                escaped(table_.units[hold.unit].name),
                code(hold.unit),
                code(hold.holder),
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


def _border_errors() -> str:
    errors = tomllib.loads((data_folder() / "errors.toml").read_text("utf-8"))
    parts = []
    for level, row in errors["levels"].items():
        general = [
            ("a coast without a row below", _km(row["coast_m"])),
            ("a land border without a row of its own", _km(row["land_border_m"])),
            ("the line of a disputed area", _km(row["claim_line_m"])),
            ("anything else", _km(row["default_m"])),
        ]
        coasts = [(escaped(item["name"]), _km(item["coast_m"])) for item in row.get("coast", ())]
        parts += [
            f"## {code(level)}",
            table(("The nearest place is on", "Error, km"), general),
            table(("Coast", "Error, km"), coasts),
        ]
    pairs = [
        (", ".join(map(code, item["units"])), _km(item["error_m"]))
        for item in errors.get("land_border", ())
    ]
    parts += ["## Land borders that were measured", table(("Between", "Error, km"), pairs)]
    return page(
        "Errors of the border data",
        "How far the borders may be off, as 95 % of the differences to a finer reference. The "
        "error of a distance is that of the boundary at its witness. The table is "
        "`boundaries/errors.toml`, and the first row that contains the witness counts.",
        *[part for part in parts if part],
    )


def _km(metres: float) -> str:
    return f"{metres / 1000:g}"


def _groups() -> str:
    parts = []
    for group in groups().values():
        rows = [
            (
                code(item.state),
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


def _systems() -> str:
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
            table(("", ""), [fact for fact in facts if fact[1]]),
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


def _interval(interval: Any) -> str:
    if interval is None:
        return "unknown"
    lo, hi = (f"{end:,.0f}".replace(",", NO_BREAK) for end in (interval.lo, interval.hi))
    return lo if lo == hi else f"{lo} to {hi}"
