"""What differs between two reports that were written before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploygeo.report._words import plain
from deploygeo.report.earlier import Earlier

__all__ = ["Change", "Difference", "difference", "receipt_changes"]

#: What a change is not about: where in the file something stands, and what the receipts tell
#: once for all findings.
_PASSED_OVER = frozenset({"id", "origin", "worldview", "level"})


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that both reports have, told differently.

    Parameters
    ----------
    before, after : mapping
        As JSON has them.
    keys : tuple of str
        The keys that differ.
    """

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    keys: tuple[str, ...]

    @property
    def margin_by(self) -> tuple[float | None, float | None] | None:
        """How far each end of the margin moved; None without two margins in one unit."""
        old, new = self.before["margin"], self.after["margin"]
        if old is None or new is None or old["unit"] != new["unit"]:
            return None
        lo, hi = (
            None if old[end] is None or new[end] is None else round(new[end] - old[end], 3) + 0.0
            for end in ("lo", "hi")
        )
        return (lo, hi)


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two reports.

    Parameters
    ----------
    before, after : Earlier
    new, gone : tuple of mapping
        Findings whose id only the second, only the first has.
    changed : tuple of Change
        Those with one id that tell something else.
    same : int
        How many tell the same.
    clauses : tuple of str
        Clauses that no machine can check, with ``+`` where only the second has them, else ``-``.
    receipts : tuple of (what, before, after)
        What of the receipts differs.
    """

    before: Earlier
    after: Earlier
    new: tuple[Mapping[str, Any], ...]
    gone: tuple[Mapping[str, Any], ...]
    changed: tuple[Change, ...]
    same: int
    clauses: tuple[str, ...]
    receipts: tuple[tuple[str, str, str], ...]

    @property
    def is_empty(self) -> bool:
        """Whether both reports tell the same of everything, whatever their receipts say."""
        return not (self.new or self.gone or self.changed or self.clauses)


def difference(before: Earlier, after: Earlier) -> Difference:
    """Return what differs between two reports.

    Findings of one id are one finding: a treaty's clause about one deployment, record or group,
    whatever its verdict. Where in the file it stands is passed over, and so is what the receipts
    tell of all of them.

    Parameters
    ----------
    before, after : Earlier
        See `deploygeo.report.earlier.read_earlier`.

    Examples
    --------
    >>> from deploygeo.checker.findings import Report, Settings, Source
    >>> from deploygeo.report.structured import report_mapping
    >>> body = report_mapping(Report(settings=Settings(), findings=()))
    >>> one = Earlier(Source("a.json", ""), body)
    >>> difference(one, one).is_empty
    True
    """
    old = {finding["id"]: finding for finding in before.findings}
    new = {finding["id"]: finding for finding in after.findings}
    changed = []
    for id_, finding in new.items():
        if id_ in old:
            keys = tuple(
                key
                for key in finding
                if key not in _PASSED_OVER and finding[key] != old[id_].get(key)
            )
            if keys:
                changed.append(Change(old[id_], finding, keys))
    open_before, open_after = (
        [f"{one['treaty']}/{one['clause']}" for one in side.body["not_checkable"]]
        for side in (before, after)
    )
    return Difference(
        before,
        after,
        new=tuple(finding for id_, finding in new.items() if id_ not in old),
        gone=tuple(finding for id_, finding in old.items() if id_ not in new),
        changed=tuple(changed),
        same=len(new.keys() & old.keys()) - len(changed),
        clauses=(
            *(f"+{name}" for name in open_after if name not in open_before),
            *(f"-{name}" for name in open_before if name not in open_after),
        ),
        receipts=receipt_changes(before.body["receipt"], after.body["receipt"]),
    )


def receipt_changes(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """Return what of two receipts differs: what, and its two values as text.

    Parameters
    ----------
    before, after : mapping
        As JSON has them.

    Examples
    --------
    >>> receipt_changes({"on": None, "readings": {"reach": "weapon"}},
    ...                 {"on": "2021-12-17", "readings": {"reach": "weapon"}})
    (('on', '–', '2021-12-17'),)
    """
    old, new = dict(_flat(before)), dict(_flat(after))
    names = dict.fromkeys((*old, *new))
    return tuple(
        (name, old.get(name, "–"), new.get(name, "–"))
        for name in names
        if old.get(name) != new.get(name)
    )


def _flat(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in told.items():
        if isinstance(value, Mapping):
            for name, one in value.items():
                yield f"{key} {plain(name)}", _value(one)
        elif isinstance(value, list):
            for one in value:
                yield f"{key} {plain(one['name'])}", _value(one["sha256"])
        else:
            yield key, _value(value)


def _value(value: object) -> str:
    return "–" if value is None else plain(value)
