"""Pages of what came of the money."""

from .households import HouseholdRegister, household_forget
from .outputs import BeneficiarySummary, OutputSummary, OutputWorks, WorksOutputs
from .targets import TargetDetail, TargetList

__all__ = [
    "BeneficiarySummary",
    "HouseholdRegister",
    "OutputSummary",
    "OutputWorks",
    "TargetDetail",
    "TargetList",
    "WorksOutputs",
    "household_forget",
]
