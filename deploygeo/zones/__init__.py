"""What a clause closes to each party: as a zone on the map, and as shares of seas and land.

The expression of a clause is construed as a set of places (`construe`, `closed`, `locus`). That
is drawn (`zoned`, by `outlines` and `waters`), or laid over pieces of sea and land (`shared`, by
`ground`, `laid` and `tiles`).
"""

from deploygeo.zones.closed import Closed, closed_to
from deploygeo.zones.ground import SEAS
from deploygeo.zones.shared import RANGES_KM, WORLDVIEWS, Share, shares
from deploygeo.zones.zoned import ClosedZone, zone_of

__all__ = [
    "RANGES_KM",
    "SEAS",
    "WORLDVIEWS",
    "Closed",
    "ClosedZone",
    "Share",
    "closed_to",
    "shares",
    "zone_of",
]
