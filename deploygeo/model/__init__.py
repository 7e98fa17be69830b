"""The values that are checked: deployments, records, systems, groups.

No geometry library is imported until a geometry is built.
"""

from deploygeo.model.baseline import Presence, presence
from deploygeo.model.catalogue import System, system, systems
from deploygeo.model.deployment import Contingent, Deployment, Origin
from deploygeo.model.membership import Group, Membership, group, groups, members, nato
from deploygeo.model.parties import PARTIES
from deploygeo.model.record import Record
from deploygeo.model.values import Interval, Stay
from deploygeo.model.vocabulary import (
    ACTIVITIES,
    BASINGS,
    BOMBERS,
    ECHELONS,
    EXTENTS,
    KINDS,
    LOADOUTS,
    RECORD_KINDS,
    SCENARIOS,
)

__all__ = [
    "ACTIVITIES",
    "BASINGS",
    "BOMBERS",
    "ECHELONS",
    "EXTENTS",
    "KINDS",
    "LOADOUTS",
    "PARTIES",
    "RECORD_KINDS",
    "SCENARIOS",
    "Contingent",
    "Deployment",
    "Group",
    "Interval",
    "Membership",
    "Origin",
    "Presence",
    "Record",
    "Stay",
    "System",
    "group",
    "groups",
    "members",
    "nato",
    "presence",
    "system",
    "systems",
]
