"""Check hypothetical military deployments against arms-control clauses.

Names are imported on use, so that ``import deploygeo`` waits for no geometry.

>>> import deploygeo as dg
>>> len(dg.nato("2021-12-17"))
30
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deploygeo.boundaries import territory
    from deploygeo.checker import check
    from deploygeo.checker.findings import Finding, Report
    from deploygeo.errors import DeploygeoError
    from deploygeo.geodesy import distance_m, nearest, within
    from deploygeo.io import read
    from deploygeo.model import Deployment, Record, group, nato, systems
    from deploygeo.treaties import load as treaty
    from deploygeo.zones.shared import Share, shares
    from deploygeo.zones.zoned import ClosedZone, zone_of

    __version__: str

__all__ = [
    "ClosedZone",
    "DeploygeoError",
    "Deployment",
    "Finding",
    "Record",
    "Report",
    "Share",
    "__version__",
    "check",
    "distance_m",
    "group",
    "nato",
    "nearest",
    "read",
    "shares",
    "systems",
    "territory",
    "treaty",
    "within",
    "zone_of",
]

# Name → (module, its name there).
_HOMES = {
    "ClosedZone": ("deploygeo.zones.zoned", "ClosedZone"),
    "Deployment": ("deploygeo.model", "Deployment"),
    "DeploygeoError": ("deploygeo.errors", "DeploygeoError"),
    "Finding": ("deploygeo.checker.findings", "Finding"),
    "Record": ("deploygeo.model", "Record"),
    "Report": ("deploygeo.checker.findings", "Report"),
    "Share": ("deploygeo.zones.shared", "Share"),
    "check": ("deploygeo.checker", "check"),
    "distance_m": ("deploygeo.geodesy", "distance_m"),
    "group": ("deploygeo.model", "group"),
    "nato": ("deploygeo.model", "nato"),
    "nearest": ("deploygeo.geodesy", "nearest"),
    "read": ("deploygeo.io", "read"),
    "shares": ("deploygeo.zones.shared", "shares"),
    "systems": ("deploygeo.model", "systems"),
    "territory": ("deploygeo.boundaries", "territory"),
    "treaty": ("deploygeo.treaties", "load"),
    "within": ("deploygeo.geodesy", "within"),
    "zone_of": ("deploygeo.zones.zoned", "zone_of"),
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = _version()
    elif name in _HOMES:
        from importlib import import_module

        module, there = _HOMES[name]
        value = getattr(import_module(module), there)
    else:
        raise AttributeError(f"module 'deploygeo' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("deploygeo")
    except PackageNotFoundError:  # a checkout that is not installed
        return "unknown"
