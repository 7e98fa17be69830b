"""How a set of states is told in one line: all, all but a few, the few, or how many."""

from __future__ import annotations

from deploygeo import boundaries

__all__ = ["told"]

#: So many states are told by code; of more, how many they are.
_MOST = 12
#: So few are told as missing from all.
_MOST_MISSING = 3


def told(states: frozenset[str]) -> str:
    """Return a set of states in a few words, with ISO codes.

    Parameters
    ----------
    states : frozenset of str

    Examples
    --------
    >>> told(frozenset(["RUS", "BLR"])), told(frozenset())
    ('BLR, RUS', 'no state')
    >>> told(boundaries.states() - {"USA"}), told(frozenset(list(boundaries.states())[:40]))
    ('all states but USA', '40 states')
    """
    if not states:
        return "no state"
    if len(states) <= _MOST:
        return ", ".join(sorted(states))
    missing = boundaries.states() - states
    if len(missing) > _MOST_MISSING:
        return f"{len(states)} states"
    return f"all states but {', '.join(sorted(missing))}" if missing else "all states"
