"""Pages of the programmes; each noun has its own file."""

from .structure import (
    ComponentDetail,
    MonitoringFormList,
    ProgrammeDetail,
    ProgrammeList,
    PublishedCapitalList,
    TargetList,
)

__all__ = [
    "ComponentDetail",
    "MonitoringFormList",
    "ProgrammeDetail",
    "ProgrammeList",
    "PublishedCapitalList",
    "TargetList",
]
