"""Files, frames and mappings in; deployments, records and faults out."""

from deploygeo.io._sink import Reading
from deploygeo.io.features import to_features
from deploygeo.io.geodataframe import from_geodataframe, to_geodataframe
from deploygeo.io.limits import Limits
from deploygeo.io.reading import read

__all__ = ["Limits", "Reading", "from_geodataframe", "read", "to_features", "to_geodataframe"]
