"""The programme as leaders look at it: money in every cut, works, communes, down to a payment."""

from .communes import CommuneDetail
from .dashboard import ProgrammeCurve, ProgrammeDashboard
from .exporting import CutExport
from .lists import FundedWorksList, LineList, PaymentList

__all__ = [
    "CommuneDetail",
    "CutExport",
    "FundedWorksList",
    "LineList",
    "PaymentList",
    "ProgrammeCurve",
    "ProgrammeDashboard",
]
