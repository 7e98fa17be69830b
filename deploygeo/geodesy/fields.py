"""Fields of territories: from memory, from the user's cache, or built."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from deploygeo.errors import SettingError
from deploygeo.geodesy import cache as disk
from deploygeo.geodesy.build import built, layout
from deploygeo.geodesy.cells import NODE_ERROR_M
from deploygeo.geodesy.field import DistanceField
from deploygeo.geodesy.shape import Territory, check_territory

__all__ = ["STEP_DEG", "field_of", "kept_field", "saved_field"]

#: Spacing of nodes: 260 000 of them, 7.3 MB.
STEP_DEG = 0.5

#: Finest and coarsest spacing: 26 million nodes, and cells of a thousand kilometres.
_STEPS_DEG = (0.05, 10.0)

#: Fields kept in memory.
_KEPT = 8

_kept: OrderedDict[tuple[object, ...], DistanceField] = OrderedDict()
_lock = threading.Lock()


def _name(territory: Territory, step_deg: float) -> tuple[object, ...]:
    # Shapes compare by identity, and a field that is kept keeps its shapes.
    return (*territory.shapes, territory.edges, step_deg)


def _keep(field: DistanceField) -> DistanceField:
    with _lock:
        _kept[_name(field.territory, field.step_deg)] = field
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return field


def kept_field(territory: Territory, *, step_deg: float = STEP_DEG) -> DistanceField | None:
    """Return the field of a territory if it is in memory.

    >>> import shapely
    >>> kept_field(Territory.of(shapely.box(0, 0, 1, 1))) is None
    True
    """
    name = _name(territory, step_deg)
    with _lock:
        found = _kept.get(name)
        if found is not None:
            _kept.move_to_end(name)
    return found


def saved_field(territory: Territory, *, step_deg: float = STEP_DEG) -> DistanceField | None:
    """Return the field of a territory if it is in memory or in the user's cache."""
    found = kept_field(territory, step_deg=step_deg)
    if found is not None:
        return found
    arrays = disk.load(disk.key_of(territory, step_deg), layout(step_deg))
    return None if arrays is None else _keep(_field(territory, step_deg, arrays))


def field_of(
    territory: Territory, *, step_deg: float = STEP_DEG, cache: bool = True
) -> DistanceField:
    """Return the field of a territory: from memory, from the user's cache, or built.

    Parameters
    ----------
    territory : Territory
    step_deg : float
        Spacing of the nodes in degrees, from 0.05 to 10; divides 90.
    cache : bool
        Whether to look in the user's cache and to save there what was built.

    Raises
    ------
    SettingError
        If the territory is none or empty, so that it has no distances, or the step does not
        divide 90.

    Examples
    --------
    >>> import shapely
    >>> from deploygeo.geodesy import EMPTY
    >>> field = field_of(Territory.of(shapely.Point(0, 90)), step_deg=5, cache=False)
    >>> round(field.node_m[-1, 0]), round(field.node_m[0, 0])
    (0, 20003931)
    >>> field_of(EMPTY)
    Traceback (most recent call last):
    deploygeo.errors.SettingError: an empty territory has no distance field
    """
    check_territory(territory)
    if territory.is_empty:
        raise SettingError("an empty territory has no distance field")
    step_deg = _checked_step(step_deg)
    found = (
        saved_field(territory, step_deg=step_deg)
        if cache
        else kept_field(territory, step_deg=step_deg)
    )
    if found is not None:
        return found
    arrays = built(territory, step_deg)
    if cache:
        disk.save(disk.key_of(territory, step_deg), arrays)
    return _keep(_field(territory, step_deg, arrays))


def _checked_step(step_deg: float) -> float:
    low, high = _STEPS_DEG
    if low <= step_deg <= high and abs(90.0 / step_deg - round(90.0 / step_deg)) < 1e-9:
        return float(step_deg)
    raise SettingError(f"step_deg {step_deg} does not divide 90 or is not from {low} to {high:g}")


def _field(
    territory: Territory, step_deg: float, arrays: tuple[NDArray[np.generic], ...]
) -> DistanceField:
    node, gap, *rest = arrays
    for array in arrays:
        array.setflags(write=False)
    return DistanceField(territory, step_deg, node, gap, NODE_ERROR_M, *rest)  # type: ignore[arg-type]
