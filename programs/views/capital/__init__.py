"""Pages about money: the plan as a tree, one line, decisions, payments, closed months."""

from .carrying import CarryOverCreate, carry_over_progress
from .closing import ClosedMonthList, month_close, month_reopen
from .deciding import AdjustmentCreate, AllocationCreate, AssignmentCreate
from .exporting import PlanExport, PlanHistoryExport
from .line import PlanDetail
from .medium_term import MediumTermList
from .paying import PaymentCreate, ReversalCreate
from .treasury import (
    treasury_choose,
    treasury_confirm,
    treasury_detail,
    treasury_discard,
    treasury_list,
    treasury_progress,
    treasury_rematch,
    treasury_scale,
)
from .tree import PlanList

__all__ = [
    "AdjustmentCreate",
    "AllocationCreate",
    "AssignmentCreate",
    "CarryOverCreate",
    "ClosedMonthList",
    "MediumTermList",
    "PaymentCreate",
    "PlanDetail",
    "PlanExport",
    "PlanHistoryExport",
    "PlanList",
    "ReversalCreate",
    "carry_over_progress",
    "month_close",
    "month_reopen",
    "treasury_choose",
    "treasury_confirm",
    "treasury_detail",
    "treasury_discard",
    "treasury_list",
    "treasury_progress",
    "treasury_rematch",
    "treasury_scale",
]
