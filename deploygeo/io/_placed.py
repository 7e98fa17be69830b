"""A sink for features of which the reader itself knows where each part stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from deploygeo.errors import Fault
from deploygeo.io._sink import Sink, _At, _id, _Tell
from deploygeo.io._text import RefusedError
from deploygeo.io.alike import kind_of
from deploygeo.io.reading import too_many
from deploygeo.model import Origin
from deploygeo.model._flaws import Path, pointer

__all__ = ["PlacedSink", "Spot"]


class Spot(NamedTuple):
    """A place in a source of text, and the line of it with a caret."""

    line: int | None = None
    column: int | None = None
    excerpt: str = ""


Where = Callable[[Path], Spot]


@dataclass(slots=True)
class PlacedSink(Sink):
    """Takes features with a function that tells where a path into them stands."""

    _where: Where = lambda _: Spot()

    def take(
        self, value: object, line: int | None, where: Where, also: Iterable[tuple[Path, str]] = ()
    ) -> None:
        """Check one feature; `also` is what its reader has found wrong with it before."""
        self.check_room(line)
        self._where = where
        index = self.features
        self.features += 1
        at = _At(None, index, _id(value), ("features", index))
        found, thing = self._parsed(value, Origin(self.name, line, index))
        known = list(also)
        told = {path[0] for path, _ in known if path}
        rest = [(path, text) for path, text in found.found if not path or path[0] not in told]
        for path, text in (*known, *rest):
            self._tell(self.fault, path, text, at)
        for path, text in found.warnings:
            self._tell(self.warn, path, text, at)
        if thing is not None and not known:
            self._keep(thing, line, at)

    def lose(self, text: str, spot: Spot) -> None:
        """Count a feature that cannot be read at all."""
        self.check_room(spot.line)
        index = self.features
        self.features += 1
        at = pointer(("features", index))
        self.fault(Fault(text, self.name, spot.line, spot.column, index, None, at, spot.excerpt))

    def check_room(self, line: int | None) -> None:
        """Refuse more features than are taken."""
        if self.features >= self.limits.features:
            raise RefusedError(too_many(self.limits.features, self.name, line))

    def _tell(self, to: _Tell, path: Path, text: str, at: _At) -> None:
        fault = Fault(text, self.name, None, None, at.feature, at.id, pointer((*at.prefix, *path)))
        if not self.is_full or kind_of(fault) not in self._kinds:
            line, column, excerpt = self._where(path)
            fault = replace(fault, line=line, column=column, excerpt=excerpt)
        to(fault)
