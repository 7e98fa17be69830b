"""Deep lint and comparisons of treaties as text and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deploygeo.checker.findings import Settings
from deploygeo.consistency import (
    CODES,
    Advice,
    Comparison,
    DeepLint,
    Gap,
    Outcome,
    Row,
    Situation,
)
from deploygeo.report._words import WIDTH, many, pairs_text, plain, quantity, wrapped
from deploygeo.report.structured import dumped, versions

__all__ = [
    "choices_line",
    "comparison_to_json",
    "comparison_to_text",
    "deep_to_json",
    "deep_to_text",
    "settings_mapping",
]

_MOST_PLACES = 6
_MOST_ENTRIES = 4
_MOST_GAPS = 4
_MOST_PARTIES = 5
_MOST_KINDS = 3


def deep_to_text(
    found: DeepLint, commands: Mapping[int, str] | None = None, *, width: int = WIDTH
) -> str:
    """Return what a deep lint found as text.

    Parameters
    ----------
    found : DeepLint
    commands : mapping of int to str, optional
        By position of an advice: the command that reproduces its witness.
    width : int
        Of a line.

    Examples
    --------
    >>> from datetime import date
    >>> clean = DeepLint("t", Settings(), date(2021, 12, 17), clauses=("1",), candidates=7)
    >>> print(deep_to_text(clean), end="")
    t, as if in force; worldview un; default readings; sets of 2021-12-17
    1 clause: nothing found (7 candidates tried)
    """
    head = f"{plain(found.treaty)}{', as if in force' if found.as_if else ''}; "
    lines = [f"{head}{choices_line(found.settings)}; sets of {found.on}"]
    for at, advice in enumerate(found.advice):
        lines += ["", *_advice_lines(found.treaty, advice, (commands or {}).get(at))]
    if found.advice:
        lines.append("")
    looked = many(len(found.clauses), "clause")
    if found.not_checkable:
        looked += f", and {len(found.not_checkable)} that cannot be checked"
    lines.append(
        f"{looked}: {_counted(found.advice) or 'nothing found'} "
        f"({quantity(found.candidates)} candidates tried)"
    )
    return _wrapped(lines, width)


def _counted(advice: Sequence[Advice]) -> str:
    counts = {code: sum(one.code == code for one in advice) for code in CODES}
    return ", ".join(f"{count} {code}" for code, count in counts.items() if count)


def _advice_lines(treaty: str, advice: Advice, command: str | None) -> list[str]:
    sure: str = advice.certainty
    if sure == "searched":
        sure += f", {many(advice.tried, 'candidate')}"
    where = f" {', '.join(map(plain, advice.clauses))}" if advice.clauses else ""
    lines = [f"{advice.code}{where} ({sure})", f"  {plain(advice.text)}"]
    if advice.witness is not None:
        said = ", ".join(f"{plain(one.clause)} {one.verdict}" for one in advice.outcomes)
        lines.append(f"  for example {plain(advice.witness)}: {said}")
    if command is not None:
        lines.append(f"  $ {command}")
    return lines


def comparison_to_text(
    found: Comparison,
    commands: Mapping[int, str] | None = None,
    *,
    full: bool = False,
    width: int = WIDTH,
) -> str:
    """Return a comparison as text: what one treaty forbids and the other does not, then gaps.

    Parameters
    ----------
    found : Comparison
    commands : mapping of int to str, optional
        By position among the differences and then the gaps: the command that reproduces it.
    full : bool
        Tell every gap and every place, not the first ones alone.
    width : int
        Of a line.

    Examples
    --------
    >>> print(comparison_to_text(Comparison(("a", "a"), Settings())), end="")
    a with itself: no differences
    """
    one, two = map(plain, found.treaties)
    if one == two:
        return f"{one} with itself: no differences\n"
    commands = commands or {}
    lines = [f"{one} and {two}; {choices_line(found.settings)}"]
    if found.as_if:
        lines.append(f"drafts, taken as if in force: {', '.join(map(plain, found.as_if))}")
    lines.append(
        f"{quantity(found.candidates)} candidates were tried: all that follows was seen, and there"
        " may be more"
    )
    for forbids, allows in (found.treaties, found.treaties[::-1]):
        mine = [at for at, item in enumerate(found.differences) if item.forbids == forbids]
        head = f"Forbidden by {plain(forbids)}, not by {plain(allows)}"
        lines += ["", head if mine else f"{head}: nothing found"]
        for clause in dict.fromkeys(found.differences[at].clause for at in mine):
            same = [at for at in mine if found.differences[at].clause == clause]
            lines += _clause_lines(found, same, commands, full)
    if found.gaps:
        lines += ["", "Forbidden to some by one, and to others by neither"]
        for name in dict.fromkeys((gap.treaty, gap.clause) for gap in found.gaps):
            same = [at for at, gap in enumerate(found.gaps) if (gap.treaty, gap.clause) == name]
            who = [(found.gaps[at].forbidden, found.gaps[at].open_to) for at in same]
            shown = same if full or commands else _first(same, who)
            rest = len(same) - len(shown)
            lines.append(f" {plain('/'.join(name))}{f' ({rest} more with --all)' if rest else ''}")
            for at in shown:
                command = commands.get(len(found.differences) + at)
                lines += _gap_lines(found, found.gaps[at], command, full)
    tail = [
        ("Whatever was found to violate these, the other forbids too", found.covered),
        ("Nothing was found that violates these", found.silent),
        ("Of these not every deployment could be tried", found.thinned),
    ]
    for told, names in tail:
        if names:
            lines += ["", f"{told}: {', '.join(map(plain, names))}"]
    alike = _alike(found)
    return _wrapped([*lines, *(["", alike] if alike else [])], width)


def _clause_lines(
    found: Comparison, positions: Sequence[int], commands: Mapping[int, str], full: bool
) -> list[str]:
    """Return what one clause forbids and the other treaty does not."""
    items = [found.differences[at] for at in positions]
    first = items[0]
    notes = []
    if first.review:
        notes.append("only a human can decide")
    undecided = dict.fromkeys(name for item in items for name in item.undecided)
    about = dict.fromkeys(name for item in items for name in item.against if name not in undecided)
    if about and not first.review:
        told = ", ".join(map(plain, about))
        notes.append(f"such deployments, elsewhere or by others: {plain(first.allows)}/{told}")
    if undecided and not first.review:
        told = ", ".join(map(plain, undecided))
        notes.append(f"may forbid it once all is known: {plain(first.allows)}/{told}")
    shown = positions
    if not full and not commands:
        shown = _first(positions, [item.parties for item in items])
    if len(shown) < len(positions):
        notes.append(f"{len(positions) - len(shown)} more with --all")
    lines = [f" {plain(first.clause)}" + (f" ({'; '.join(notes)})" if notes else "")]
    for at in shown:
        item = found.differences[at]
        what = ", ".join(
            [f"{_kinds(item.kinds)} of {_parties(item.parties)}", *map(plain, item.features)]
        )
        most = len(item.rows) if full else _MOST_PLACES
        where = "" if item.review else _where(item.rows, found.top_km, most)
        lines.append(f"   {what}{where}")
        if not item.review or at in commands:
            lines.append(f"     smallest: {plain(item.witness)}")
        if at in commands:
            lines.append(f"     $ {commands[at]}")
    return lines


def _first(positions: Sequence[int], who: Sequence[object]) -> list[int]:
    """Return the first positions, of each who one before another of the same.

    >>> _first([3, 4, 5, 6, 7, 8], ["a", "a", "a", "a", "b", "b"])
    [3, 4, 7, 8]
    """
    seen: dict[object, int] = {}
    order = []
    for at, one in zip(positions, who, strict=True):
        seen[one] = seen.get(one, 0) + 1
        order.append((seen[one], at))
    return sorted(at for _, at in sorted(order)[:_MOST_ENTRIES])


def _gap_lines(found: Comparison, gap: Gap, command: str | None, full: bool) -> list[str]:
    what = ", ".join([_kinds(gap.kinds), *map(plain, gap.features)])
    lines = [
        f"   {what}: forbidden to {_parties(gap.forbidden)}, open to {_parties(gap.open_to)}"
        f"{_where(gap.rows, found.top_km, len(gap.rows) if full else _MOST_GAPS)}"
    ]
    if gap.undecided:
        told = ", ".join(map(plain, gap.undecided))
        lines.append(f"     ({told} may forbid some of it once all is known)")
    if command is not None:
        lines += [f"     smallest: {plain(gap.witness)}", f"     $ {command}"]
    return lines


def _kinds(kinds: Sequence[str]) -> str:
    """Return kinds, the first ones by name.

    >>> _kinds(("radar",)), _kinds(("a", "b", "c", "d", "e"))
    ('radar', 'a, b, c and 2 other kinds')
    """
    rest = len(kinds) - _MOST_KINDS
    return ", ".join(kinds[:_MOST_KINDS]) + (f" and {many(rest, 'other kind')}" if rest > 0 else "")


def _parties(parties: Sequence[str]) -> str:
    shown = list(map(plain, parties[:_MOST_PARTIES]))
    rest = len(parties) - len(shown)
    return ", ".join(shown) + (f" and {many(rest, 'other')}" if rest else "")


def _where(rows: Sequence[Row], top_km: float, most: int) -> str:
    """Return places with ranges, those with the same ranges together."""
    placed = [row for row in rows if row.place is not None]
    if not placed:
        return ""
    told: dict[str, list[str]] = {}
    for row in placed[:most]:
        place = "" if row.place is None else row.place.name
        told.setdefault(_ranges(row.ranges_km, top_km), []).append(place)
    parts = [
        ", ".join(map(plain, names)) + (f" {ranges}" if ranges else "")
        for ranges, names in told.items()
    ]
    rest = len(placed) - most
    if rest > 0:
        parts.append(f"{rest} more {'place' if rest == 1 else 'places'}")
    return f": {'; '.join(parts)}"


def _ranges(ranges_km: Sequence[float], top_km: float) -> str:
    """Return ranges from the least to the greatest.

    >>> _ranges((500.0, 800.0, 6000.0), 6000.0), _ranges((500.0, 5500.0), 6000.0), _ranges((), 1.0)
    ('from 500 km', '500–5 500 km', '')
    """
    if not ranges_km:
        return ""
    least, most = quantity(ranges_km[0]), quantity(ranges_km[-1])
    if len(ranges_km) == 1:
        return f"at {least} km"
    return f"from {least} km" if ranges_km[-1] >= top_km else f"{least}–{most} km"


def _alike(found: Comparison) -> str:
    """Return which states and kinds stand for others, of those that are named."""
    named = {party for item in found.differences for party in item.parties}
    named |= {party for gap in found.gaps for party in (*gap.forbidden, *gap.open_to)}
    named |= {kind for item in found.differences for kind in item.kinds[:_MOST_KINDS]}
    parts = [
        f"{plain(first)} for {len(cell)}"
        for first, cell in found.alike.items()
        if first in named and len(cell) > 1
    ]
    if not parts:
        return ""
    return (
        "A state stands for all that no clause tells from it, but for what is its own, and a kind"
        " too: " + ", ".join(parts)
    )


def choices_line(settings: Settings) -> str:
    """Return the choices of a run in a line.

    Parameters
    ----------
    settings : Settings

    Examples
    --------
    >>> choices_line(Settings(readings={"national": "any"}, params={"width_km": 100.0}))
    'worldview un; readings changed: national = any; parameters: width_km = 100'
    """
    parts = [f"worldview {plain(settings.worldview)}"]
    if settings.level != "hybrid":
        parts.append(f"borders {plain(settings.level)}")
    if settings.on is not None:
        parts.append(f"on {settings.on}")
    if settings.in_force is not None:
        parts.append(f"in force from {settings.in_force}")
    parts.append(
        f"readings changed: {pairs_text(settings.readings)}"
        if settings.readings
        else "default readings"
    )
    if settings.params:
        values = {name: f"{value:g}" for name, value in settings.params.items()}
        parts.append(f"parameters: {pairs_text(values)}")
    return "; ".join(parts)


def _wrapped(lines: Sequence[str], width: int) -> str:
    # a command is copied, so it stays one line
    return "".join(
        f"{piece}\n"
        for line in lines
        for piece in ([line] if line.lstrip().startswith("$ ") else wrapped(line, width))
    )


# -- for programs


def deep_to_json(found: Sequence[DeepLint]) -> str:
    """Return deep lints as JSON.

    Parameters
    ----------
    found : sequence of DeepLint

    Examples
    --------
    >>> deep_to_json([]).startswith('{"format": "deploygeo-deep-lint/1"')
    True
    """
    body = {
        "format": "deploygeo-deep-lint/1",
        **versions(),
        "treaties": [_deep_mapping(one) for one in found],
    }
    return dumped(body) + "\n"


def _deep_mapping(found: DeepLint) -> dict[str, Any]:
    return {
        "treaty": found.treaty,
        "as_if_in_force": found.as_if,
        "settings": settings_mapping(found.settings),
        "on": found.on.isoformat(),
        "clauses": list(found.clauses),
        "not_checkable": list(found.not_checkable),
        "candidates": found.candidates,
        "advice": [
            {
                "code": one.code,
                "clauses": list(one.clauses),
                "text": one.text,
                "certainty": one.certainty,
                "tried": one.tried,
                **_witness(one.witness, one.outcomes),
            }
            for one in found.advice
        ],
    }


def comparison_to_json(found: Comparison) -> str:
    """Return a comparison as JSON.

    Parameters
    ----------
    found : Comparison

    Examples
    --------
    >>> comparison_to_json(Comparison(("a", "b"), Settings())).startswith('{"format": "deploygeo-c')
    True
    """
    body = {
        "format": "deploygeo-comparison/1",
        **versions(),
        "treaties": list(found.treaties),
        "as_if_in_force": list(found.as_if),
        "settings": settings_mapping(found.settings),
        "candidates": found.candidates,
        "differences": [
            {
                "forbids": one.forbids,
                "clause": one.clause,
                "allows": one.allows,
                "against": list(one.against),
                "undecided": list(one.undecided),
                "review": one.review,
                "parties": list(one.parties),
                "kinds": list(one.kinds),
                "features": list(one.features),
                "places": _places(one.rows),
                **_witness(one.witness, one.outcomes),
            }
            for one in found.differences
        ],
        "gaps": [
            {
                "treaty": gap.treaty,
                "clause": gap.clause,
                "forbidden_to": list(gap.forbidden),
                "open_to": list(gap.open_to),
                "undecided": list(gap.undecided),
                "kinds": list(gap.kinds),
                "features": list(gap.features),
                "places": _places(gap.rows),
                **_witness(gap.witness, ()),
            }
            for gap in found.gaps
        ],
        "forbidden_by_both": list(found.covered),
        "not_violated": list(found.silent),
        "thinned": list(found.thinned),
        "alike": {first: list(cell) for first, cell in found.alike.items()},
    }
    return dumped(body) + "\n"


def _places(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {
            "name": row.place.name,
            "lon": row.place.lon,
            "lat": row.place.lat,
            "ranges_km": list(row.ranges_km),
        }
        for row in rows
        if row.place is not None
    ]


def _witness(witness: Situation | None, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    features = [] if witness is None else witness.features
    return {
        "witness": None if witness is None else {"type": "FeatureCollection", "features": features},
        "outcomes": [
            {"treaty": one.treaty, "clause": one.clause, "verdict": one.verdict} for one in outcomes
        ],
    }


def settings_mapping(settings: Settings) -> dict[str, Any]:
    """Return the choices of a run for JSON.

    Parameters
    ----------
    settings : Settings

    Examples
    --------
    >>> settings_mapping(Settings())["worldview"]
    'un'
    """
    return {
        "worldview": settings.worldview,
        "readings": dict(sorted(settings.readings.items())),
        "params": dict(sorted(settings.params.items())),
        "on": None if settings.on is None else settings.on.isoformat(),
        "in_force": None if settings.in_force is None else settings.in_force.isoformat(),
        "level": settings.level,
    }
