"""Pages of the programmes; each noun has its own file."""

from .design import (
    ApplicabilityCreate,
    ApplicabilityUpdate,
    ComponentCreate,
    ComponentUpdate,
    MonitoringFormCreate,
    MonitoringFormUpdate,
    PhaseCreate,
    PhaseUpdate,
    ProgrammeCreate,
    ProgrammeUpdate,
    TargetCreate,
    TargetUpdate,
    part_delete,
)
from .results import TargetDetail, TargetList
from .structure import (
    ComponentDetail,
    MonitoringFormList,
    ProgrammeDetail,
    ProgrammeList,
    PublishedCapitalList,
)

__all__ = [
    "ApplicabilityCreate",
    "ApplicabilityUpdate",
    "ComponentCreate",
    "ComponentDetail",
    "ComponentUpdate",
    "MonitoringFormCreate",
    "MonitoringFormList",
    "MonitoringFormUpdate",
    "PhaseCreate",
    "PhaseUpdate",
    "ProgrammeCreate",
    "ProgrammeDetail",
    "ProgrammeList",
    "ProgrammeUpdate",
    "PublishedCapitalList",
    "TargetCreate",
    "TargetDetail",
    "TargetList",
    "TargetUpdate",
    "part_delete",
]
