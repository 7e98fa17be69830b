"""Write BENCHMARKS.md, and the speed paragraph of the README, from one run's results.

python -m benchmarks.report RESULTS.json BENCHMARKS.md [README.md]
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Row = dict[str, Any]

#: The paragraph of the README is between these.
BEGIN, END = "<!-- speed: written by make bench -->", "<!-- end of speed -->"

INTRODUCTION = """# Benchmarks

One run on one machine: the same points and the same polygon for every tool, the territory of
Russia with `hybrid` borders under the worldview `un`: {vertices} vertices. Nothing here is a
gate.

- **Machine.** {machine}
- **Load.** {load}
- **Versions.** {versions}
- **Rerun.** `make bench` (about 12 minutes; `make bench QUICK=1`, about 4, leaves this file
  alone). PostGIS needs Debian's packages `postgresql` and `postgresql-15-postgis-3`, or the like;
  a server of the benchmark's own then runs on loopback, with its data in a temporary folder, and
  is stopped at the end. What is absent is skipped.

A *rate* is points a second by the clock, in the best of a few rounds; a *rate a core* is points a
second of processor time, of all threads and of the database's process. *× slower* is the ratio of
rates a core to that of the first row, below 1 where the row is faster: load disturbs it least.
Loading the polygon and making a tool's points is not timed, except where a plane is needed: to
project the points is part of the work. Slow tools got fewer points.

*Wrong* and *error* are against an oracle that shares nothing with deploygeo but PROJ's inverse
and GEOS's test for inside: brute force along every edge that can hold the nearest point, edges
straight in longitude and latitude (`tests/geodesy/oracle.py`, `tests/geodesy/judge.py`). "0 of 1
200" is a sample, and no proof: the proofs are in the code, and `tests/geodesy` holds them.
"""

DECISIONS = """## Decisions

Is the point within range? Points uniform over Europe and its seas (30° W to 60° E, 30° to 82° N);
*per point*: ranges uniform from 50 to 5500 km. Half of the judged points are less than 20 km from
their range. *On the ridge*: wrong answers at points where the nearest point on a sphere is in
another part of the territory than the nearest on the ellipsoid, with ranges 1 km more than their
distance; all the same in the three tables.
"""

DISTANCES = """## Distance

Exact distance, the test for inside included; deploygeo gives the witness too, the others no
witness. *On the ridge*: error at those points, which are less than 6000 km away. By hand, a plane
about a point is exact until the polygon reaches around the point's antipode.
"""

ZONES = """## Zones

The outline of everything within range. *Error*: the greatest difference between the range and the
true distance, at the vertices and the middles of the edges. `ne10` is a smaller border ({ne10}
vertices), and each error is to the border that was given. What didn't end within {limit} s was
stopped. S2's error fraction is 0.01.
"""


def grouped(value: float) -> str:
    r"""Return a whole number in groups of three.

    >>> grouped(1234567.0)
    '1\xa0234\xa0567'
    """
    return f"{round(value):,}".replace(",", "\u00a0")


def rounded(value: float) -> str:
    r"""Return a number to two digits; three from 1000 on, where they tell something.

    >>> rounded(98765432.0), rounded(0.0123), rounded(3.04)
    ('98\xa0800\xa0000', '0.012', '3.0')
    """
    if value >= 10:
        digits = len(str(int(value)))
        return grouped(round(value, min(0, (3 if digits > 3 else 2) - digits)))
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def length(metres: float) -> str:
    """Return an error in its own unit.

    >>> length(2e-8), length(10.8), length(5924.5), length(float("inf"))
    ('< 1 mm', '11 m', '5.9 km', 'none')
    """
    if metres != metres or metres == float("inf"):
        return "none"
    if metres < 1e-3:
        return "< 1 mm"
    return f"{rounded(metres)} m" if metres < 1e3 else f"{rounded(metres / 1e3)} km"


def rows_of(results: Row) -> list[Row]:
    """Return one row a benchmark, with its wall time."""
    found = []
    for benchmark in results["benchmarks"]:
        info = benchmark["extra_info"]
        if "table" in info:
            found.append({"wall_s": benchmark["stats"]["min"], **info})
    return found


def table(head: Iterable[str], body: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, body)]
    lines.insert(1, ["---"] + ["---:"] * (len(lines[0]) - 1))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def rate(row: Row, of: str = "wall_s") -> float:
    return float(row["count"] / row[of])


def slower(row: Row, first: Row) -> str:
    return "" if row is first else "× " + rounded(rate(first, "cpu_s") / rate(row, "cpu_s"))


def first_of(rows: list[Row], start: str) -> Row | None:
    return next((row for row in rows if row["row"].startswith(start)), None)


def compared(rows: list[Row], answers: Iterable[tuple[str, Any]]) -> str:
    """Return a table for each column of one kind of work, against its first row."""
    text = []
    for column in dict.fromkeys(row["column"] for row in rows):
        here = [row for row in rows if row["column"] == column]
        head = [column, "points", "rate", "rate a core", "× slower", *(name for name, _ in answers)]
        body = [
            [
                row["row"],
                grouped(row["count"]),
                rounded(rate(row)),
                rounded(rate(row, "cpu_s")),
                slower(row, here[0]),
                *(answer(row) for _, answer in answers),
            ]
            for row in here
        ]
        text.append(table(head, body))
    return "\n".join(text)


def zones(rows: list[Row]) -> str:
    """Return the table of outlines."""
    body = []
    for row in rows:
        failed = row.get("failed")
        seconds = "" if failed else f"{rounded(row.get('wall_s', 0))} s"
        processor = "" if failed else f"{rounded(row['cpu_s'])} s"
        body.append(
            [
                f"{row['column']}: {row['row']}",
                seconds,
                processor,
                grouped(row["vertices"]) if "vertices" in row else "",
                failed or f"{length(row['error_m'])} of {grouped(row['measured'])} places",
            ]
        )
    return table(["outline", "time", "processor time", "vertices", "error"], body)


def once(rows: list[Row], name: str) -> str:
    body = [
        [
            f"{row['column']}: {row['row']}" if row["column"] else row["row"],
            f"{rounded(row['wall_s'])} s",
            f"{rounded(row['cpu_s'])} s",
        ]
        for row in rows
    ]
    return table([name, "time", "processor time"], body)


def load_of(run: Row, cores: int) -> str:
    """Return how busy the machine was, and what that means for the figures."""
    low, middle, high = run["load"]
    text = (
        f"Load average {low} to {high}, median {middle}, on {cores} cores; this run alone makes "
        "about 1. "
    )
    if middle > cores * 0.75:
        return text + (
            "**Other work shared the cores**: times and rates by the clock are worse than on a "
            "quiet machine, rates a core somewhat, ratios least."
        )
    return text + "The machine was otherwise quiet."


def headline(rows: list[Row], run: Row) -> str:
    """Return the paragraph of the README."""
    decisions = [row for row in rows if row["table"] == "decisions" and row["column"] == "1600 km"]
    distances = [row for row in rows if row["table"] == "distances"]
    seas = [row for row in distances if row["column"] == "Europe's seas"]
    field, exact = first_of(decisions, "deploygeo"), first_of(seas, "deploygeo")
    if field is None or exact is None:
        return ""
    ours = [row for row in distances if row["row"].startswith("deploygeo")]
    theirs = [row for row in distances if row["row"].startswith("PostGIS")]
    others = [
        f"{rounded(rate(field, 'cpu_s') / rate(row, 'cpu_s'))} times {name}"
        for name in ("PostGIS", "SedonaDB")
        if (row := first_of(decisions, name)) is not None
    ]
    wrong = sum(row["wrong"] for row in rows if row["row"].startswith("deploygeo `within`, from"))
    text = (
        "**Speed.** Whether Russia is within 1600 km of a point is decided "
        f"{rounded(rate(field, 'cpu_s') / 1e6)} million times a second and core over Europe"
    )
    text += f" ({' and '.join(others)} in the same run)" if others else ""
    text += f", {wrong or 'none'} of the judged wrong; the exact distance with its witness "
    text += f"{grouped(round(rate(exact, 'cpu_s'), -3))} times"
    worst = max(max(row["error_m"], row["ridge_error_m"]) for row in ours)
    text += f", with an error {'below 1 mm' if worst < 1e-3 else 'of ' + length(worst)}"
    if theirs:
        base = {row["column"]: rate(row, "cpu_s") for row in ours}
        least = min(base[row["column"]] / rate(row, "cpu_s") for row in theirs)
        far = length(max(max(row["error_m"], row["ridge_error_m"]) for row in theirs))
        text += f" (PostGIS: {far}, and at least {rounded(least)} times slower)"
    busy = run["load"][1] > 1.5
    text += ". " + ("Measured while other work shared the machine. " if busy else "")
    return text + "`BENCHMARKS.md` has the tables, and `make bench` repeats them."


def wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, 118, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def written(results: Row) -> str:
    """Return the text of BENCHMARKS.md."""
    machine, run, rows = results["machine_info"], results["run"], rows_of(results)
    kind = {name: [row for row in rows if row["table"] == name] for name in (
        "decisions", "stream", "distances", "fields", "zones", "command"
    )}  # fmt: skip
    versions = dict.fromkeys(
        name for row in rows for name in str(row.get("version", "")).split(", ") if name
    )
    for name in machine["versions"].split(", "):
        versions.pop(name, None)
    text = [
        INTRODUCTION.format(
            vertices=grouped(run["vertices"]),
            machine=(
                f"{machine['cores']} cores ({machine['model']}), {machine['memory_gib']} GiB, "
                f"{machine['system']}, Python {machine['python']}."
            ),
            load=load_of(run, machine["cores"]),
            versions=(
                f"deploygeo {machine['deploygeo']}, numpy {machine['numpy']}, "
                + ", ".join([machine["versions"], *versions])
                + f"; {run['date']}, {run['minutes']} minutes."
            ),
        )
    ]
    if run["quick"]:
        text.insert(1, "**A quick run**: few points, two rounds. Not for publication.\n")
    if kind["decisions"]:
        text += [
            DECISIONS,
            compared(
                kind["decisions"],
                [
                    ("wrong", lambda row: f"{grouped(row['wrong'])} of {grouped(row['judged'])}"),
                    ("on the ridge", lambda row: f"{row['ridge_wrong']} of {row['ridge']}"),
                ],
            ),
        ]
        unlike = [row for row in kind["decisions"] if "unlike_exact" in row]
        text.append(
            f"Of {grouped(sum(row['compared'] for row in unlike))} decisions from the field, "
            f"{grouped(sum(row['unlike_exact'] for row in unlike))} differ from deploygeo's exact "
            "distance.\n"
        )
    for row in kind["stream"]:
        text.append(
            f"A stream of {grouped(row['count'])} points, 10⁶ at a time: "
            f"{grouped(row['peak_mib'])} MiB at most in memory, "
            f"{rounded(rate(row, 'cpu_s'))} points a second and core.\n"
        )
    if kind["distances"]:
        errors = [
            ("error", lambda row: f"{length(row['error_m'])} of {grouped(row['judged'])}"),
            ("on the ridge", lambda row: f"{length(row['ridge_error_m'])} of {row['ridge']}"),
        ]
        text += [DISTANCES, compared(kind["distances"], errors)]
    if kind["fields"]:
        text += [
            "## Fields\n",
            "The bounds that decisions rest on: built once for a territory, kept in the user's "
            "cache.\n",
            once(kind["fields"], "field"),
        ]
    if kind["zones"]:
        text += [
            ZONES.format(ne10=grouped(run["ne10_vertices"]), limit=run["limit_s"]),
            zones(kind["zones"]),
        ]
    if kind["command"]:
        text += [
            "## The command\n",
            once(kind["command"], "whole process, interpreter start included"),
        ]
    if run["skipped"]:
        text += ["## Not measured\n", *(f"- {reason}" for reason in run["skipped"]), ""]
    lines = "\n".join(text).rstrip().split("\n")
    return (
        "\n".join(wrapped(line, "  ") if line.startswith("- **") else line for line in lines) + "\n"
    )


def main(results: str, page: str, readme: str | None = None) -> None:
    given = json.loads(Path(results).read_text(encoding="utf-8"))
    Path(page).write_text(written(given), encoding="utf-8")
    if readme:
        place = Path(readme)
        before, _, rest = place.read_text(encoding="utf-8").partition(BEGIN + "\n")
        _, _, after = rest.partition(END)
        paragraph = wrapped(headline(rows_of(given), given["run"]))
        place.write_text(f"{before}{BEGIN}\n{paragraph}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
