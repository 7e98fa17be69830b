"""Numbers, names and orders as every reporter writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC

from deploygeo.checker.findings import VERDICTS, Episode, Finding, Flip, Report, Waypoint
from deploygeo.clauses.outcome import Measure
from deploygeo.clauses.truth import Margin
from deploygeo.model._flaws import printable

__all__ = [
    "distance_text",
    "episode_texts",
    "finite",
    "in_order",
    "margin_text",
    "measure_text",
    "pairs_text",
    "place_text",
    "plain",
    "quantity",
    "range_text",
    "stability_text",
    "waypoint_text",
]

# Where to break ties between findings of one clause: the gravest first.
_RANK = {verdict: rank for rank, verdict in enumerate(VERDICTS)}
_DIGITS = re.compile(r"(\d+)")
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
    """Return a margin, from its end nearer to compliance where it is a breach.

    Examples
    --------
    >>> margin_text(Margin(-2082.0, -1282.0, "km"))
    'margin −1 282 … −2 082 km'
    >>> margin_text(Margin(-3.6, -2.4, "km")), margin_text(Margin(-188.0, -188.0, "persons"))
    ('margin −2.4 … −3.6 km', 'margin −188 persons')
    """
    ends = (margin.hi, margin.lo) if margin.hi < 0 else (margin.lo, margin.hi)
    is_km = margin.unit.startswith("km")
    digits = 1 if is_km and min(map(abs, ends)) < 100 else 0
    texts = list(dict.fromkeys(quantity(end, digits) for end in ends))
    return f"margin {' … '.join(texts)} {plain(margin.unit)}"


def measure_text(measure: Measure) -> str:
    """Return a measure: how far, and to what.

    Examples
    --------
    >>> measure_text(Measure("land of RUS", 318.24, 1.0, 37.0, 45.1, "RUS"))
    '318.2 ± 1.0 km to land of RUS'
    """
    return f"{distance_text(measure.distance_km, measure.error_km)} to {plain(measure.what)}"


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
