"""The programme's money as a ledger: lines of capital, what was decided of them, what was paid.

Amounts are in million đồng with three decimals (a thousand đồng). A line says what money is for
(year or phase, component, source, kind) and who holds it; lines hang below each other from the
province down to works. Nothing is ever changed or deleted: what was decided is a `CapitalChange`,
what was paid a `Disbursement`, and a mistake is reversed. The database keeps the totals of every
line and refuses an entry after which, on any day, a line would have passed on or paid more than
it has (migration 0004).
"""

from .closing import ClosedMonth
from .entries import CapitalChange, Disbursement, FirstOfMonth
from .lines import CapitalPlan, CapitalPlanQuerySet
from .sources import CapitalKind, FundingSource

__all__ = [
    "CapitalChange",
    "CapitalKind",
    "CapitalPlan",
    "CapitalPlanQuerySet",
    "ClosedMonth",
    "Disbursement",
    "FirstOfMonth",
    "FundingSource",
]
