"""Pages of what came of the money."""

from .households import HouseholdRegister, household_forget
from .outputs import BeneficiarySummary, BeneficiaryWorks, OutputSummary, OutputWorks, WorksOutputs
from .targets import TargetDetail, TargetList

__all__ = [
    "BeneficiarySummary",
    "BeneficiaryWorks",
    "HouseholdRegister",
    "OutputSummary",
    "OutputWorks",
    "TargetDetail",
    "TargetList",
    "WorksOutputs",
    "household_forget",
]
