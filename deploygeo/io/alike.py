"""Faults that are the same fault, in many features."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from deploygeo.errors import Fault

__all__ = ["alike", "kind_of", "told"]

# What differs from feature to feature: what is in quotes, and numbers. An apostrophe in a word
# begins no quotation.
_QUOTED = re.compile(r"(?<!\w)'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NUMBER = re.compile(r"[-+]?\d[\d.eE+-]*…?")
_STEP = re.compile(r"/\d+(?=/|$)")
# What comes after it is advice, which is left out where nobody will read it.
_ADVICE = re.compile(r";|\. |\.$")
#: Of so many others the features are named.
_NAMED = 3


def kind_of(fault: Fault) -> tuple[str, str, str]:
    """Return what a fault has in common with others of its kind: source, place and message.

    Parameters
    ----------
    fault : Fault

    Examples
    --------
    >>> one = Fault("lat 148.0 is outside [-90, 90]", "a.geojson", 4, feature=1,
    ...             pointer="/features/1/geometry/coordinates/1")
    >>> two = Fault("lat -95 is outside [-90, 90]", "a.geojson", 9, feature=7,
    ...             pointer="/features/7/geometry/coordinates/1")
    >>> kind_of(one) == kind_of(two), kind_of(one)[1]
    (True, '/features/*/geometry/coordinates/*')
    >>> kind_of(Fault("the feature's id 'a' and its property 'b' differ"))[2]
    "the feature's id '' and its property '' differ"
    """
    said = _ADVICE.split(_QUOTED.sub("''", fault.message), maxsplit=1)[0]
    return fault.source, _STEP.sub("/*", fault.pointer), _NUMBER.sub("0", said)


def alike(faults: Iterable[Fault]) -> tuple[tuple[Fault, ...], ...]:
    """Return faults grouped by their kind, in the order of the first of each.

    Parameters
    ----------
    faults : iterable of Fault

    Examples
    --------
    >>> rows = [Fault("no party", feature=i, pointer=f"/features/{i}") for i in range(3)]
    >>> [len(group) for group in alike([*rows, Fault("the file is empty")])]
    [3, 1]
    >>> alike([])
    ()
    """
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault(kind_of(fault), []).append(fault)
    return tuple(tuple(group) for group in groups.values())


def told(faults: Iterable[Fault]) -> tuple[str, ...]:
    """Return the text of each kind of fault: the first, and how many more there are.

    Parameters
    ----------
    faults : iterable of Fault

    Examples
    --------
    >>> rows = [Fault("no party", "a", feature=i, pointer=f"/features/{i}") for i in range(9)]
    >>> print(*told(rows), sep=chr(10))
    a: features[0] /features/0: no party
      and 8 more like it: features[1], features[2], features[3], …
    >>> told([])
    ()
    """
    texts = []
    for first, *others in alike(faults):
        text = str(replace(first, more=0))
        count = first.more + sum(1 + other.more for other in others)
        if count:
            named = [f"features[{other.feature}]" for other in others if other.feature is not None][
                :_NAMED
            ]
            where = f": {', '.join(named)}" if named else ""
            end = ", …" if named and len(named) < count else ""
            text += f"\n  and {count} more like it{where}{end}"
        texts.append(text)
    return tuple(texts)
