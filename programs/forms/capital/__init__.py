"""Forms about money: what decisions say, payments, closed months, what is looked at."""

from .amounts import AmountField
from .deciding import AdjustmentForm, AllocationRow, AssignmentRow, CarryOverForm, DecisionForm
from .filters import PlanFilter
from .paying import PaymentForm, ReopenForm, ReversalForm
from .treasury import ChoosingForm, ExtractForm, ScaleForm

__all__ = [
    "AdjustmentForm",
    "AllocationRow",
    "AmountField",
    "AssignmentRow",
    "CarryOverForm",
    "ChoosingForm",
    "DecisionForm",
    "ExtractForm",
    "PaymentForm",
    "PlanFilter",
    "ReopenForm",
    "ReversalForm",
    "ScaleForm",
]
