"""Laws: what holds of every treaty, every deployment and every border, each with its reason.

A law is a function that takes one case and raises `LawBrokenError` where it does not hold, so
that anyone may try it on cases of their own; `LAWS` has each with the cases we try it on.

>>> sorted({law.about for law in LAWS})
['clause', 'deploygeo']
"""

from deploygeo.testing.law import Law
from deploygeo.testing.laws.agreement import AGREEMENT
from deploygeo.testing.laws.choices import CHOICES
from deploygeo.testing.laws.clauses import CLAUSES
from deploygeo.testing.laws.consents import CONSENTS
from deploygeo.testing.laws.depths import DEPTHS
from deploygeo.testing.laws.errors import ERRORS
from deploygeo.testing.laws.geometry import GEOMETRY
from deploygeo.testing.laws.logic import LOGIC
from deploygeo.testing.laws.order import ORDER
from deploygeo.testing.laws.reach import REACH
from deploygeo.testing.laws.reports import REPORTS
from deploygeo.testing.laws.sides import SIDES
from deploygeo.testing.laws.totals import TOTALS
from deploygeo.testing.laws.waters import WATERS

__all__ = ["LAWS"]

LAWS: tuple[Law, ...] = (
    *GEOMETRY,
    *DEPTHS,
    *WATERS,
    *LOGIC,
    *SIDES,
    *CLAUSES,
    *REACH,
    *TOTALS,
    *CONSENTS,
    *ERRORS,
    *ORDER,
    *CHOICES,
    *AGREEMENT,
    *REPORTS,
)
"""Every law, those about deploygeo itself first."""
