"""The border data at one level of detail: land, borders, depths, stated errors and seas."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path

from deploygeo.boundaries.accuracy import Accuracy
from deploygeo.boundaries.depth import Depths, Signed
from deploygeo.boundaries.files import data_folder
from deploygeo.boundaries.land import LEVELS
from deploygeo.boundaries.seas import Seas
from deploygeo.errors import UnknownNameError

__all__ = ["DEFAULT_LEVEL", "LEVELS", "Borders", "Signed", "borders"]

#: The border data that are taken where nothing else is said.
DEFAULT_LEVEL = "hybrid"


class Borders(Depths):
    """The units of one level of detail, with their stated errors and the named seas.

    Parameters
    ----------
    folder : Path
        The folder of the border data.
    level : str
        ``hybrid`` or ``ne10``.

    Examples
    --------
    >>> borders("ne10").holder_units({"XKX"}, {"XKX": "XKX"})
    ('XKX',)
    """

    def __init__(self, folder: Path, level: str = DEFAULT_LEVEL) -> None:
        super().__init__(folder, level)

    @cached_property
    def accuracy(self) -> Accuracy:
        """The stated positional errors."""
        return Accuracy.read(self.folder, self.level)

    def error_m(self, lon: float, lat: float, units: Iterable[str] | None = None) -> float:
        """Return the stated 95 % error of the boundary near a witness, in metres.

        Parameters
        ----------
        lon, lat : float
            A point of a boundary.
        units : iterable of str, optional
            The units whose boundary it is; other borders that pass there do not count.
        """
        pairs = self.borders_at(lon, lat)
        if units is not None:
            mine = frozenset(units)
            pairs = [pair for pair in pairs if not mine.isdisjoint(pair)]
        if not pairs:
            return self.accuracy.coast_error_m(lon, lat)
        return max(
            self.accuracy.border_error_m((a, b), (self._sovereign(a), self._sovereign(b)))
            for a, b in pairs
        )

    def _sovereign(self, unit: str) -> str:
        return self.units[unit].sovereign if unit in self.units else unit

    @cached_property
    def seas(self) -> Seas:
        """The named seas; the same at every level."""
        return Seas(self.folder)


@lru_cache(maxsize=len(LEVELS))
def borders(level: str = DEFAULT_LEVEL) -> Borders:
    """Return the borders that ship with the library, opened once per level.

    Parameters
    ----------
    level : {"hybrid", "ne10"}
        Which border data.

    Raises
    ------
    UnknownNameError
        If there is no such level.
    BoundaryError
        If the data are missing or damaged.

    Examples
    --------
    >>> borders("ne10").level
    'ne10'
    >>> borders("ne50")
    Traceback (most recent call last):
    ...
    deploygeo.errors.UnknownNameError: unknown level 'ne50'; did you mean 'ne10'? ...
    """
    if level not in LEVELS:
        raise UnknownNameError("level", level, LEVELS)
    return Borders(data_folder(), level)
