"""Files, frames and mappings in; deployments, records and faults out."""

from deploygeo.io.features import to_features
from deploygeo.io.geodataframe import from_geodataframe, to_geodataframe
from deploygeo.io.reading import Limits, Reading, read

__all__ = ["Limits", "Reading", "from_geodataframe", "read", "to_features", "to_geodataframe"]
