"""Who had how many people where in 1997: the baseline that some clauses refer to."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from deploygeo.errors import Fault, InputError
from deploygeo.model.parties import PARTIES, TERRITORIES
from deploygeo.model.values import Interval

__all__ = ["Presence", "load_presence", "presence"]

_TABLE = Path(__file__).with_name("presence_1997.csv")
_COLUMNS = (
    "sender",
    "host",
    "year",
    "month",
    "personnel_min",
    "personnel_max",
    "measure",
    "note",
    "source",
    "status",
)


# not from `calendar`, which follows the locale
_MONTHS = {
    "1": "January",
    "2": "February",
    "3": "March",
    "4": "April",
    "5": "May",
    "6": "June",
    "7": "July",
    "8": "August",
    "9": "September",
    "10": "October",
    "11": "November",
    "12": "December",
}


@dataclass(frozen=True, slots=True)
class Presence:
    """The personnel of one sender in one host, counted at one time; None is unknown."""

    sender: str
    host: str
    year: int
    month: str
    personnel: Interval | None
    measure: str
    note: str
    source: str
    status: str

    @property
    def when(self) -> str:
        """The month and year of the count, or the year where no month is given."""
        month = _MONTHS.get(self.month, self.month)
        return f"{month} {self.year}" if month else str(self.year)

    @property
    def is_sourced(self) -> bool:
        """Whether a source that a reader would recognise gives the figure."""
        return self.personnel is not None and self.status == "sourced"


def presence(sender: str, host: str, on_year: int = 1997) -> Presence | None:
    """Return the row for a sender and a host, or None where there is no row.

    No row means that nobody looked, not that nobody was there.

    Parameters
    ----------
    sender, host : str
        ISO 3166-1 alpha-3 codes.
    on_year : int
        Only figures of 1997 ship.

    Returns
    -------
    Presence or None

    Examples
    --------
    >>> presence("USA", "ATA") is None
    True
    """
    return _presence().get((sender, host, on_year))


@cache
def _presence() -> Mapping[tuple[str, str, int], Presence]:
    return MappingProxyType(load_presence(_TABLE))


def load_presence(path: Path) -> dict[tuple[str, str, int], Presence]:
    """Read a table of presence from a CSV file, all faults at once.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict of (sender, host, year) to Presence

    Raises
    ------
    InputError
        With one fault per wrong row, each with its line.

    Examples
    --------
    >>> load_presence(_TABLE)["USA", "DEU", 1997].host
    'DEU'
    """
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8")), strict=True)
        if tuple(rows.fieldnames or ()) != _COLUMNS:
            raise InputError(Fault(f"the columns must be {', '.join(_COLUMNS)}", path.name, line=1))
        found: dict[tuple[str, str, int], Presence] = {}
        faults: list[Fault] = []
        for row in rows:
            try:
                entry = _row(row)
                if (entry.sender, entry.host, entry.year) in found:
                    raise ValueError(f"{entry.sender} in {entry.host} in {entry.year} comes twice")
            except ValueError as error:
                faults.append(Fault(str(error), path.name, line=rows.line_num))
                continue
            found[entry.sender, entry.host, entry.year] = entry
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(Fault(f"cannot read the table: {error}", path.name)) from error
    if faults:
        raise InputError(faults)
    return found


def _row(row: Mapping[str, str | None]) -> Presence:
    text = {key: (row.get(key) or "").strip() for key in _COLUMNS}
    for key in ("sender", "host"):
        if text[key] not in PARTIES and text[key] not in TERRITORIES:
            raise ValueError(f"unknown {key} {text[key]!r}")
    for key in ("year", "personnel_min", "personnel_max"):
        if text[key] and not (text[key].isascii() and text[key].isdigit()):
            raise ValueError(f"{key} is a whole number, not {text[key]!r}")
    low, high = text["personnel_min"], text["personnel_max"]
    if bool(low) != bool(high):
        raise ValueError("personnel_min and personnel_max are given together or not at all")
    return Presence(
        sender=text["sender"],
        host=text["host"],
        year=int(text["year"]),
        month=text["month"],
        personnel=Interval(int(low), int(high)) if low else None,
        measure=text["measure"],
        note=text["note"],
        source=text["source"],
        status=text["status"],
    )
