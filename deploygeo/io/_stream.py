"""Strict JSON, one feature at a time, with the offset of each.

The text is walked with the standard decoder's own scanner through a window, so that memory
is that of one feature and one block, what stands before a broken place is still read, and each
feature knows where it starts. On top of the decoder: no NaN, Infinity or duplicate key, no nesting
deeper than the limit, no exception that is not a fault.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from deploygeo.io._strict import Broken, DeepError, Member, Strict, flaw_text, not_json
from deploygeo.io._window import SEPARATOR, Window

__all__ = ["Item", "stream"]

# Each error of the decoder counts the lines before it: without a bound, a file of broken
# lines takes quadratic time (600 kB took 35 s).
_MOST_BROKEN = 100
_MOST_ODD = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One element of ``features`` or one object of a sequence, and its offset in the window."""

    value: Any
    offset: int
    in_collection: bool
    flaws: tuple[tuple[str, str], ...] = ()
    index: int | None = None


# Yields what it meets and returns the offset after the value, or None where it broke.
_Walk = Generator[Item | Member | Broken, None, int | None]


def stream(window: Window, depth: int) -> Iterator[Item | Member | Broken]:
    """Yield what a GeoJSON text or a sequence of them holds, in order.

    A FeatureCollection yields its features as items and its other members as
    members; any other object or value yields itself as one item. An offset holds until the
    next is asked for.

    Raises
    ------
    TooLongError
        If one value is longer than the window may be.
    """
    strict = Strict(window, depth)
    separated = window.first == SEPARATOR
    at = _skip(window, 0)
    is_list = window.at(at) == "["
    collection = False
    is_first = True
    index = broken = 0
    while window.has(at):
        window.begin(at)
        if collection:
            what = "the list" if is_list else "the FeatureCollection"
            text = f"more text after the end of {what}"
            yield strict.broken(text, at, is_final=True)
            return
        start = at
        # one broken object alone may be anything
        is_comma = window.at(at) == ","
        known = index if (separated or not is_first) and not is_comma else None
        if window.at(at) == "{":
            strict.collected = False
            result = yield from _object(strict, at, index, known)
            collection = strict.collected
        elif is_list and is_first:
            strict.collected = collection = True
            result = yield from _features(strict, at)
        else:
            result = yield from _plain(strict, at, index, known)
        is_first = False
        index += not is_comma
        if result is not None:
            at = _skip(window, window.drop(result))
            continue
        if strict.collected:  # its features would be taken for a sequence
            return
        broken += 1
        if broken >= _MOST_BROKEN:
            reason = f"{broken} objects of this sequence are broken; what follows was not read"
            yield strict.broken(reason, start, is_final=True)
            return
        # A sequence of one object a line goes on at the next line, or after the next
        # record separator (RFC 8142); anything else ends at its first fault.
        mark = window.find(SEPARATOR if separated else "\n", start + 1)
        if mark < 0:
            return
        at = _skip(window, mark)
        if not separated and (window.at(at) != "{" or window.text[at - 1] != "\n"):
            return
        at = window.drop(at)


def _skip(window: Window, at: int) -> int:
    return window.skip(at, also=SEPARATOR)


def _plain(strict: Strict, at: int, index: int, known: int | None) -> _Walk:
    try:
        value, end = strict.value(at)
    except DeepError as deep:
        end = strict.after(deep.start)
        yield strict.too_deep(deep, end, index)
        return end if end >= 0 else strict.window.close()
    except json.JSONDecodeError as error:
        yield not_json(strict, error, known, at)
        return None
    yield Item(value, at, False, tuple(strict.flaws), index)
    return end


def _object(strict: Strict, start: int, index: int, known: int | None) -> _Walk:
    """Walk one object; stream its ``features`` when it has them.

    `index` is its own in a sequence, `known` the same where it is sure to be in one.
    """
    window = strict.window
    first = strict.member("type", None, start)
    members: dict[str, Member] = {}
    flaws: list[tuple[str, str]] = []
    odd: list[Broken] = []
    collected = is_lost = False
    at = window.skip(start + 1)
    try:
        while window.at(at) != "}" or members or collected:  # a comma wants a member
            key_at = at
            key, at = _key(strict, at)
            if key == "features" and window.at(at) == "[":
                if collected or key in members:
                    yield strict.broken("the member 'features' comes twice", at)
                    return None
                if index:
                    reason = "a FeatureCollection cannot stand in a sequence of features"
                    yield strict.broken(reason, start, index)
                    return None
                collected = strict.collected = True
                result = yield from _features(strict, at)
                if result is None:
                    yield from _crs(members)
                    return None
                at = result
                window.begin(at)
            else:
                value_at = at
                try:
                    value, at = strict.value(at)
                except DeepError as deep:  # what stands beside it is read
                    at = strict.after(value_at)
                    yield strict.too_deep(deep, at, None if collected else known, path=(key,))
                    if at < 0:
                        yield from _crs(members)
                        return None if collected else window.close()
                    value, is_lost = None, True
                    strict.flaws.clear()
                if len(odd) < _MOST_ODD:
                    if key in members:
                        told = strict.broken(flaw_text("duplicate", key), key_at, path=(key,))
                        odd.append(told)
                    odd += islice(strict.odd(key, value_at), _MOST_ODD)
                flaws += strict.flaws
                if key in members:
                    flaws.append(("duplicate", key))
                members[key] = strict.member(key, value, value_at)
            at = window.skip(at)
            if window.at(at) == ",":
                at = window.skip(at + 1)
                continue
            if window.at(at) == "}":
                break
            raise json.JSONDecodeError("Expecting ',' or '}'", window.text, at)
    except json.JSONDecodeError as error:
        yield not_json(strict, error, known, -1 if collected else start)
        yield from _crs(members)
        return None
    if collected or ("type" in members and members["type"].value == "FeatureCollection"):
        strict.collected = True
        yield from odd
        members.setdefault("type", first)
        if not collected:
            members.setdefault("features", replace(first, key="features"))
        yield from members.values()
    elif not is_lost:
        whole = {key: member.value for key, member in members.items()}
        yield Item(whole, start, False, tuple(flaws), index)
    return at + 1


def _crs(members: dict[str, Member]) -> Iterator[Member]:
    """Yield the CRS of a broken collection: the features before the break depend on it."""
    if "crs" in members:
        yield members["crs"]


def _key(strict: Strict, at: int) -> tuple[str, int]:
    window = strict.window
    if window.at(at) != '"':
        raise json.JSONDecodeError("Expecting a name in double quotes", window.text, at)
    key, at = strict.value(at)
    at = window.skip(at)
    if window.at(at) != ":":
        raise json.JSONDecodeError("Expecting ':'", window.text, at)
    return key, window.skip(at + 1)


def _features(strict: Strict, at: int) -> _Walk:
    window = strict.window
    index = 0
    at = window.skip(at + 1)
    if window.at(at) == "]":
        return at + 1
    while True:
        at = window.drop(at)
        window.begin(at)
        try:
            value, end = strict.value(at)
            yield Item(value, at, True, tuple(strict.flaws))
        except DeepError as deep:
            end = strict.after(deep.start)
            yield strict.too_deep(deep, end, index, in_collection=True)
            if end < 0:
                return None
        except json.JSONDecodeError as error:
            yield not_json(strict, error, index)
            return None
        index += 1
        at = window.skip(end)
        if window.at(at) == "]":
            return at + 1
        if window.at(at) != ",":
            wanted = json.JSONDecodeError("Expecting ',' or ']'", window.text, at)
            yield not_json(strict, wanted, index)
            return None
        at = window.skip(at + 1)
