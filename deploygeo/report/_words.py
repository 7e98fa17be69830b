"""Numbers, names and orders as every reporter writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from itertools import accumulate

from deploygeo.checker.findings import (
    HUMAN,
    VERDICTS,
    Episode,
    Finding,
    Flip,
    Report,
    Waypoint,
)
from deploygeo.clauses.outcome import Measure
from deploygeo.clauses.truth import Margin
from deploygeo.errors import Fault
from deploygeo.model._shown import printable
from deploygeo.report._names import named, unit_name

__all__ = [
    "WIDTH",
    "by_text",
    "choices_text",
    "counts_text",
    "distance_text",
    "episode_texts",
    "fault_text",
    "finite",
    "in_order",
    "listed",
    "many",
    "margin_text",
    "measure_text",
    "pairs_text",
    "place_text",
    "plain",
    "quantity",
    "range_text",
    "stability_text",
    "waypoint_text",
    "wrapped",
]

# Where to break ties between findings of one clause: the gravest first.
_RANK = {verdict: rank for rank, verdict in enumerate(VERDICTS)}
_DIGITS = re.compile(r"(\d+)")
#: How the counts of a report are told, in this order.
_COUNTED = {
    "violation": "violation",
    "indeterminate": "indeterminate",
    "excused": "excused",
    "compliant": "compliant",
    HUMAN: "for a human to judge",
    "not-applicable": "not applicable",
}
#: So many states are named in what was measured to; of more, only the nearest.
_MOST_STATES = 3
#: A line of a report is so long where no terminal says otherwise.
WIDTH = 100
_COUNT = re.compile(r"(\d+) states")
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
# Not within 1 282 ± 5 km.
_BREAK = re.compile(r"(?<=[^ \d−±]) +(?=[^ ±])|(?<=\d) +(?=[^ \d±k])")
_MARK = re.compile(r"(?<=[^ ]) {2,}(?=[^ ])")
#: A report keeps metres; border data are good to some hundreds of them.
KM_DIGITS = 3
#: About a metre, and the grid of the border data.
DEGREE_DIGITS = 5


def plain(text: object) -> str:
    r"""Return text from a file as one line that no terminal acts upon.

    Control characters, among them escapes and line ends, and format characters, among
    them those that reverse the direction of writing, are written as escapes.

    Examples
    --------
    >>> plain("HMS\x1b[2J Defender\n")
    'HMS\\x1b[2J Defender\\n'
    >>> plain("a\u202eb"), plain("Ämari [bold]")
    ('a\\u202eb', 'Ämari [bold]')
    """
    return printable(str(text))


def finite(value: float | None, digits: int) -> float | None:
    """Return a rounded number, or None for what JSON cannot hold.

    Examples
    --------
    >>> finite(1.23456, 3), finite(-0.0001, 3), finite(float("inf"), 3)
    (1.235, 0.0, None)
    """
    if value is None or not math.isfinite(value):
        return None
    return round(value, digits) + 0.0  # + 0.0 turns -0.0 into 0.0


def quantity(value: float, digits: int = 0) -> str:
    """Return a number with its thousands apart and a real minus sign.

    Examples
    --------
    >>> quantity(-1282.4), quantity(318.24, 1), quantity(float("inf")), quantity(-0.2)
    ('−1 282', '318.2', '∞', '0')
    """
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{abs(value):,.{digits}f}".replace(",", " ")
    is_zero = not any(char in "123456789" for char in text)
    return f"−{text}" if value < 0 and not is_zero else text


def distance_text(km: float, error_km: float | None = None) -> str:
    """Return a distance with its error.

    Examples
    --------
    >>> distance_text(318.24, 1.0), distance_text(0.0, 0.25), distance_text(5927.0)
    ('318.2 ± 1.0 km', '0.00 ± 0.25 km', '5 927.0 km')
    """
    digits = 2 if error_km is not None and error_km < 0.95 else 1
    if error_km is None:
        return f"{quantity(km, digits)} km"
    return f"{quantity(km, digits)} ± {quantity(error_km, digits)} km"


def margin_text(margin: Margin) -> str:
    """Return a margin in words: how far over the limit, or how far on the right side of it.

    Examples
    --------
    >>> margin_text(Margin(-2082.0, -1282.0, "km")), margin_text(Margin(22.7, 35.7, "km"))
    ('between 1 282 and 2 082 km over', 'between 22.7 and 35.7 km clear')
    >>> margin_text(Margin(-math.inf, -1.0, "persons")), margin_text(Margin(188, 188, "persons"))
    ('at least 1 person over', '188 persons below')
    >>> margin_text(Margin(-808.0, 1849.0, "km")), margin_text(Margin(-math.inf, 14.6, "km"))
    ('between 808 km over and 1 849 km clear', 'at most 14.6 km clear')
    >>> margin_text(Margin(-math.inf, math.inf, "km")), margin_text(Margin(0.0, 0.0, "persons"))
    ('', 'exactly at the limit')
    """
    right = "clear" if margin.unit == "km" else "below"
    lo, hi = margin.lo, margin.hi
    digits = _digits(margin)
    if lo == hi == 0.0:
        return "exactly at the limit"
    if hi <= 0.0:
        told = _between(-hi, -lo, margin.unit, digits)
        return f"{told} over" if told else ""
    if lo >= 0.0:
        told = _between(lo, hi, margin.unit, digits)
        return f"{told} {right}" if told else ""
    over = f"{_amount(-lo, margin.unit, digits)} over"
    clear = f"{_amount(hi, margin.unit, digits)} {right}"
    if math.isinf(lo):
        return "" if math.isinf(hi) else f"at most {clear}"
    return f"at most {over}" if math.isinf(hi) else f"between {over} and {clear}"


def by_text(margin: Margin) -> str:
    """Return by how much a condition holds or fails; empty where that says nothing.

    Examples
    --------
    >>> by_text(Margin(957.0, 1761.0, "km")), by_text(Margin(-5.0, -5.0, "days"))
    ('by between 957 and 1 761 km', 'by 5 days')
    >>> by_text(Margin(-1.0, 1.0, "km")), by_text(Margin(-math.inf, -math.inf, "km"))
    ('', '')
    """
    ends = sorted((abs(margin.lo), abs(margin.hi)))
    if margin.lo < 0.0 < margin.hi or math.isinf(ends[0]):
        return ""
    return f"by {_between(ends[0], ends[1], margin.unit, _digits(margin))}"


def _digits(margin: Margin) -> int:
    is_near = min(abs(margin.lo), abs(margin.hi)) < 100
    return 1 if margin.unit.startswith("km") and is_near else 0


def _between(least: float, most: float, unit: str, digits: int) -> str:
    if math.isinf(least):
        return ""
    if math.isinf(most):
        return f"at least {_amount(least, unit, digits)}"
    low, high = quantity(least, digits), quantity(most, digits)
    if low == high:
        return _amount(least, unit, digits)
    return f"between {low} and {_amount(most, unit, digits)}"


def _amount(value: float, unit: str, digits: int) -> str:
    one = value == 1.0 and unit.endswith("s")
    return f"{quantity(value, digits)} {plain(unit[:-1] if one else unit)}"


def measure_text(measure: Measure) -> str:
    """Return a measure: how far, and to what.

    Of many states, only the nearest is named.

    Examples
    --------
    >>> measure_text(Measure("land of RUS", 318.24, 1.0, 37.0, 45.1, "RUS"))
    '318.2 ± 1.0 km to the land of Russia'
    >>> measure_text(Measure("limit of the territory of ARM, AZE, BLR, UKR", 9, 1, 28, 45, "UKR"))
    '9.0 ± 1.0 km to the limit of the territory of Ukraine, the nearest of 4 states'
    >>> measure_text(Measure("land of 30 states", 29.2, 6.5, 21.8, 54.4, "POL"))
    '29.2 ± 6.5 km to the land of Poland, the nearest of 30 states'
    """
    what = plain(measure.what)
    head, of, codes = what.rpartition(" of ")
    told = _COUNT.fullmatch(codes)
    count = int(told[1]) if told else len(codes.split(", "))
    if of and measure.unit and count > _MOST_STATES and not codes.startswith("all states"):
        what = f"{head} of {unit_name(measure.unit)}, the nearest of {count} states"
    if what.startswith(("land of", "limit of", "territory of")):
        what = f"the {what}"
    least = "at least " if measure.at_least else ""
    return f"{least}{distance_text(measure.distance_km, measure.error_km)} to {named(what)}"


def place_text(lon: float, lat: float) -> str:
    """Return a place for people, longitude first as in the file.

    Examples
    --------
    >>> place_text(-5.25, 60.0)
    '5.25000° W 60.00000° N'
    """
    east = "W" if lon < 0 else "E"
    north = "S" if lat < 0 else "N"
    return f"{abs(lon):.{DEGREE_DIGITS}f}° {east} {abs(lat):.{DEGREE_DIGITS}f}° {north}"


def waypoint_text(point: Waypoint) -> str:
    """Return a place on a track, with its time to the minute.

    >>> from datetime import datetime
    >>> waypoint_text(Waypoint(32.1, 41.25, datetime(2021, 11, 5, 10, 12, 30, tzinfo=UTC)))
    '2021-11-05 10:12 UTC at 32.10° E 41.25° N'
    >>> waypoint_text(Waypoint(-32.1, -0.001))
    '32.10° W 0.00° N'
    """
    lon, lat = round(point.lon, 2), round(point.lat, 2)
    place = f"{abs(lon):.2f}° {'W' if lon < 0 else 'E'} {abs(lat):.2f}° {'S' if lat < 0 else 'N'}"
    if point.time is None:
        return place
    return f"{point.time.astimezone(UTC):%Y-%m-%d %H:%M} UTC at {place}"


def episode_texts(finding: Finding, most: int) -> Iterator[str]:
    """Yield a line for each episode of a track, then what is not listed.

    >>> first, last = Waypoint(30.0, 43.0), Waypoint(34.0, 43.0)
    >>> print(*episode_texts(Finding(id="a/b@c", treaty="a", clause="b", article="1", text="",
    ...     name="c", subject="deployment", members=("c",), party="USA", on=None,
    ...     verdict="violation", open_km=7.5, episodes=(Episode(first, last, last, (80.0, 82.0),
    ...     to_end=True),)), most=8), sep=chr(10))
    in breach from 30.00° E 43.00° N to the end of the track, 34.00° E 43.00° N; deepest
    80.0–82.0 km, 34.00° E 43.00° N
    the list of episodes may lack some shorter than 7.5 km
    """
    for episode in finding.episodes[:most]:
        yield _episode(episode)
    if len(finding.episodes) > most:
        yield f"and {len(finding.episodes) - most} more episodes"
    if finding.open_km > 0.0:
        yield f"the list of episodes may lack some shorter than {quantity(finding.open_km, 1)} km"


def _episode(episode: Episode) -> str:
    start = "the start of the track, " if episode.from_start else ""
    end = "the end of the track, " if episode.to_end else ""
    text = "in breach" if episode.certain else "perhaps in breach"
    text += f" from {start}{waypoint_text(episode.first)} to {end}{waypoint_text(episode.last)}"
    if not any(math.isfinite(km) for km in episode.depth_km):
        return text
    lo, hi = episode.depth_km
    digits = 1 if hi < 100 else 0
    depth = "–".join(dict.fromkeys(quantity(max(0.0, km), digits) for km in (lo, hi)))
    return f"{text}; deepest {depth} km, {waypoint_text(episode.deepest)}"


def range_text(finding: Finding) -> str:
    """Return the range that a finding used and who says so; empty without one.

    >>> range_text(Finding(id="a/b@c", treaty="a", clause="b", article="1", text="", name="c",
    ...     subject="deployment", members=("c",), party="USA", on=None, verdict="violation",
    ...     range_km=(1600.0, 2400.0), range_source="the file"))
    'range 1 600–2 400 km (the file)'
    """
    if finding.range_km is None:
        return ""
    ends = dict.fromkeys(quantity(end) for end in finding.range_km)
    source = f" ({plain(finding.range_source)})" if finding.range_source else ""
    return f"range {'–'.join(ends)} km{source}"


def pairs_text(pairs: Mapping[str, object]) -> str:
    """Return named choices in the order of their names.

    >>> pairs_text({"reach": "weapon", "national": "own"})
    'national = own, reach = weapon'
    """
    return ", ".join(f"{plain(name)} = {plain(pairs[name])}" for name in sorted(pairs))


def listed(names: Iterable[str]) -> str:
    """Return names as people join them.

    >>> listed(["range", "baseline", "date of entry and parameter days"]), listed([])
    ('range, baseline, date of entry and parameter days', '')
    """
    flat = list(dict.fromkeys(part for name in names for part in plain(name).split(" and ")))
    return " and ".join([", ".join(flat[:-1]), flat[-1]] if len(flat) > 1 else flat)


def counts_text(report: Report) -> str:
    """Return how many checks ran and how they came out, the gravest first.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> counts_text(Report(settings=Settings(), findings=()))
    '0 checks: none applied'
    """
    counts = report.counts
    parts = [
        many(counts[name], name) if name == "violation" else f"{counts[name]} {_COUNTED[name]}"
        for name in _COUNTED
        if counts[name]
    ]
    return f"{many(len(report.findings), 'check')}: {', '.join(parts) or 'none applied'}"


def fault_text(fault: Fault) -> str:
    r"""Return what is wrong in one line, without where, and how many more are like it.

    Examples
    --------
    >>> fault_text(Fault("no party", "a.json", 4, more=8)), fault_text(Fault("a\nb"))
    ('no party (and 8 more like it)', 'a\\nb')
    """
    return plain(str(Fault(fault.message, more=fault.more)))


def many(count: int, noun: str) -> str:
    """Return a count with its noun.

    >>> many(1, "check"), many(0, "fault")
    ('1 check', '0 faults')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def choices_text(report: Report) -> list[str]:
    """Return what every report says of its run: the choices, and what was never in force.

    Examples
    --------
    >>> from deploygeo.checker.findings import Settings
    >>> choices_text(Report(settings=Settings(), findings=(), as_if=("a",)))
    ['worldview un; borders hybrid; default readings', 'checked as if in force: this draft never
    was (a)']
    """
    settings = report.settings
    choices = [f"worldview {plain(settings.worldview)}", f"borders {plain(settings.level)}"]
    if settings.on is not None:
        choices.append(f"on {settings.on}")
    if settings.in_force is not None and not report.as_if:
        choices.append(f"drafts in force from {settings.in_force}")
    choices.append(
        f"readings changed: {pairs_text(settings.readings)}"
        if settings.readings
        else "default readings"
    )
    if settings.params:
        values = {name: f"{value:g}" for name, value in settings.params.items()}
        choices.append(f"parameters: {pairs_text(values)}")
    lines = ["; ".join(choices)]
    if report.as_if:
        names = ", ".join(plain(name) for name in report.as_if)
        since = f" from {settings.in_force}" if settings.in_force is not None else ""
        tail = {1: "this draft never was", 2: "neither draft ever was"}.get(
            len(report.as_if), "none of these drafts ever was"
        )
        lines.append(f"checked as if in force{since}: {tail} ({names})")
    if report.baseline is not None:
        known = many(report.baseline.known, "finding")
        against = plain(report.baseline.source.name)
        lines.append(f"only what is new against {against}: {known} that it has left out")
    return lines


def wrapped(line: str, width: int) -> list[str]:
    """Return a line in pieces of at most `width` characters, the further ones indented more.

    Colours take no width; a number is not torn from its thousands, nor a word in two.

    Examples
    --------
    >>> wrapped("  margin of 1 282 km over", 16)
    ['  margin of', '    1 282 km', '    over']
    >>> wrapped("met    far from it all", 16)
    ['met    far from', '       it all']
    >>> wrapped("short", 16), wrapped("no-break-in-this-word", 5)
    (['short'], ['no-break-in-this-word'])
    """
    # how many characters are seen before each place
    seen = [1] * len(line)
    for escape in _ESCAPE.finditer(line):
        seen[slice(*escape.span())] = [0] * len(escape.group())
    column = [0, *accumulate(seen)]
    if column[-1] <= width:
        return [line]
    begins = len(line) - len(line.lstrip(" "))
    indent = begins + 2
    # what stands behind a mark goes on below its own beginning
    marks = [match.end() for match in _MARK.finditer(line)]
    if marks and column[marks[-1]] <= width // 2:
        indent = column[marks[-1]]
    breaks = [match.span() for match in _BREAK.finditer(line, begins)]
    pieces: list[str] = []
    lead, at, number = "", 0, 0
    while len(lead) + column[-1] - column[at] > width and number < len(breaks):
        room = width - len(lead) + column[at]
        while number + 1 < len(breaks) and column[breaks[number + 1][0]] <= room:
            number += 1
        start, end = breaks[number]
        pieces.append(lead + line[at:start])
        lead, at, number = " " * indent, end, number + 1
    return [*pieces, lead + line[at:]]


def stability_text(flips: Iterable[Flip]) -> str:
    """Return what would change a verdict.

    Examples
    --------
    >>> stability_text([])
    'holds under all readings and worldviews'
    >>> stability_text([Flip("worldview = russia", "compliant"),
    ...                 Flip("national = any", "compliant")])
    'compliant if national = any or worldview = russia'
    """
    by_verdict: dict[str, list[str]] = {}
    for flip in sorted(flips, key=lambda flip: (_RANK.get(flip.verdict, 9), flip.change)):
        by_verdict.setdefault(flip.verdict, []).append(plain(flip.change))
    if not by_verdict:
        return "holds under all readings and worldviews"
    return "; ".join(
        f"{plain(verdict)} if {' or '.join(changes)}" for verdict, changes in by_verdict.items()
    )


def in_order(report: Report) -> list[Finding]:
    """Return the findings by treaty, clause, verdict and id, whatever order they came in."""
    rank = {treaty: index for index, treaty in enumerate(report.treaties)}

    def key(finding: Finding) -> tuple[object, ...]:
        return (
            rank.get(finding.treaty, len(rank)),
            finding.treaty,
            natural(finding.clause),
            _RANK.get(finding.verdict, len(_RANK)),
            finding.id,
        )

    return sorted(report.findings, key=key)


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return a sort key under which 10 comes after 9.

    >>> sorted(["art-10", "art-9.2", "art-9"], key=natural)
    ['art-9', 'art-9.2', 'art-10']
    """
    parts = _DIGITS.split(text)
    return tuple(
        (int(part), "") if index % 2 else (-1, part)
        for index, part in enumerate(parts)
        if part or index == 0
    )
