"""The part of a text that is in memory: read on as it is needed, let go when it is done with.

A walk over the text works on `Window.text` and on offsets into it. It asks for more where the
text in memory ends, and drops what lies before a place that it does not come back to, so that
memory is that of one feature and one block, however long the source is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from deploygeo.io._scan import Place, skip_blanks

__all__ = ["SEPARATOR", "TooLongError", "Window"]

#: Begins each text of a sequence of RFC 8142.
SEPARATOR = "\x1e"

#: A value that may have been cut by the end of the text in memory is read again with more: the
#: longest word of JSON and its neighbours is -Infinity, the longest escape \uD83D\uDE00.
_NEAR_THE_END = 16

#: So much is let go at once, so that the rest is not copied for every feature.
_DROPPED = 2**20

#: A line is shown so far to either side of what is wrong in it.
_AROUND = 200


#: What a value comes to in memory is told by its marks, one of these for some 40 bytes at most:
#: without a bound, a feature of 126 MB that is a list of empty lists took more than 3 GB.
_WEIGHTS = {",": 1, '"': 1, "[": 2, "{": 3, ":": 4}
#: Shorter values are not weighed.
_LIGHT = 2**22


class TooLongError(Exception):
    """What should be one value is longer, or holds more, than a window may; names the limit."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class Window:
    """A text of which only a part is in memory.

    Parameters
    ----------
    blocks : iterator of str
        The text, in order.
    most : int
        Characters that may be held at once.
    positions : int
        As much as a geometry of so many positions may be in the value that is read.

    Examples
    --------
    >>> window = Window(iter(['{"a"', ': 1}']), 100, 10)
    >>> window.text, window.grow(), window.text, window.grow()
    ('{"a"', True, '{"a": 1}', False)
    >>> window.place(5)
    Place(line=1, column=6)
    """

    __slots__ = (
        "_at",
        "_blocks",
        "_column",
        "_counted",
        "_heaviest",
        "_line",
        "_most",
        "_start",
        "first",
        "text",
    )

    def __init__(self, blocks: Iterator[str], most: int, positions: int) -> None:
        self._blocks = blocks
        self._most = most
        #: a position is [lon,lat,z], and there is more to a feature
        self._heaviest = 5 * positions + 1_000_000
        #: where the value that is read begins
        self._start = 0
        #: the line and the characters of it that stand before the text in memory
        self._line = 1
        self._column = 0
        #: lines before an offset that was asked for
        self._at = 0
        self._counted = 0
        self.text = next(blocks, "")
        self.first = self.text[skip_blanks(self.text, 0) :][:1]

    def grow(self) -> bool:
        """Read on; return whether there was more.

        Raises
        ------
        TooLongError
            If as much as may be held is held already.
        """
        if len(self.text) >= self._most:
            raise TooLongError("value")
        self._weigh(self._heaviest)
        # as much again as there is, so that what is read twice is never more than what is new
        parts, wanted = [self.text], len(self.text)
        for block in self._blocks:
            parts.append(block)
            wanted -= len(block)
            if wanted <= 0:
                break
        if len(parts) == 1:
            return False
        self.text = "".join(parts)
        # of what is new, a part may belong to the features behind
        self._weigh(self._heaviest + self._heaviest // 2)
        return True

    def begin(self, at: int) -> None:
        """Take an offset for the beginning of the value that is read."""
        self._start = at

    def _weigh(self, most: int) -> None:
        """Raise where the value that is read would come to too much memory."""
        if len(self.text) - self._start > _LIGHT:
            marks = _WEIGHTS.items()
            if sum(self.text.count(mark, self._start) * weight for mark, weight in marks) > most:
                raise TooLongError("vertices")

    def close(self) -> int:
        """Read nothing more; return the offset of the end."""
        self._blocks = iter(())
        return len(self.text)

    def has(self, at: int) -> bool:
        """Return whether there is text at an offset, reading on where there may be."""
        while at >= len(self.text):
            if not self.grow():
                return False
        return True

    def skip(self, at: int, also: str = "") -> int:
        """Return the offset of the next character that is not blank, or of the end."""
        while True:
            at = skip_blanks(self.text, at)
            if at == len(self.text):
                if not self.grow():
                    return at
                continue
            if not also or self.text[at] != also:
                return at
            at += 1

    def at(self, offset: int) -> str:
        """Return the character at an offset; nothing at the end."""
        return self.text[offset] if self.has(offset) else ""

    def find(self, mark: str, at: int) -> int:
        """Return the offset of the next `mark`, or -1."""
        while (found := self.text.find(mark, at)) < 0:
            at = len(self.text)
            if not self.grow():
                return -1
        return found

    def may_be_cut(self, at: int) -> bool:
        """Return whether an error at an offset may be due to the end of what is in memory."""
        return at >= len(self.text) - _NEAR_THE_END

    def drop(self, at: int) -> int:
        """Let go of what lies before an offset, if it is much; return what the offset is then.

        What stands just before it on its line is kept, to be shown with it.
        """
        cut = at - _AROUND
        if cut < _DROPPED:
            return at
        place = self.place(cut)
        self.text = self.text[cut:]
        self._line, self._column = place.line, place.column - 1
        self._at = self._counted = 0
        self._start = max(0, self._start - cut)
        return _AROUND

    def line(self, offset: int) -> int:
        """Return the one-based line of an offset; cheap when asked for in order."""
        if offset < self._at:
            return self._line + self._counted - self.text.count("\n", offset, self._at)
        self._counted += self.text.count("\n", self._at, offset)
        self._at = offset
        return self._line + self._counted

    def place(self, offset: int) -> Place:
        """Return the one-based line and column of an offset."""
        line = self.line(offset)
        start = self.text.rfind("\n", 0, offset)
        return Place(line, offset - start + (self._column if start < 0 else 0))

    def row(self, offset: int) -> tuple[str, int]:
        """Return what stands around an offset on its line, and the one-based column in that."""
        with contextlib.suppress(TooLongError):
            self.has(offset + _AROUND)
        start = max(0, offset - _AROUND)
        start = max(start, self.text.rfind("\n", start, offset) + 1)
        text, _, _ = self.text[start : offset + _AROUND].partition("\n")
        return text, offset - start + 1
