"""Every law of logic: truths and margins, comparisons, and conditions as a whole."""

from __future__ import annotations

from typing import Final

from deploygeo.testing.law import Law
from deploygeo.testing.laws.comparisons import COMPARISONS
from deploygeo.testing.laws.conditions import CONDITIONS
from deploygeo.testing.laws.scores import SCORES
from deploygeo.testing.laws.truths import TRUTHS
from deploygeo.testing.laws.uncertainty import UNCERTAINTY

__all__ = ["LOGIC"]

#: All laws of logic.
LOGIC: Final[tuple[Law, ...]] = (*TRUTHS, *COMPARISONS, *CONDITIONS, *UNCERTAINTY, *SCORES)
