"""Pages on which a programme is entered and put right."""

from .parts import part_delete
from .steps import (
    OutputKindCreate,
    OutputKindList,
    OutputKindUpdate,
    ReportStepCreate,
    ReportStepUpdate,
)
from .structure import (
    ApplicabilityCreate,
    ApplicabilityUpdate,
    ComponentCreate,
    ComponentUpdate,
    PhaseCreate,
    PhaseUpdate,
    ProgrammeCreate,
    ProgrammeUpdate,
)
from .targets import (
    MonitoringFormCreate,
    MonitoringFormUpdate,
    TargetCreate,
    TargetUpdate,
)

__all__ = [
    "ApplicabilityCreate",
    "ApplicabilityUpdate",
    "ComponentCreate",
    "ComponentUpdate",
    "MonitoringFormCreate",
    "MonitoringFormUpdate",
    "OutputKindCreate",
    "OutputKindList",
    "OutputKindUpdate",
    "PhaseCreate",
    "PhaseUpdate",
    "ProgrammeCreate",
    "ProgrammeUpdate",
    "ReportStepCreate",
    "ReportStepUpdate",
    "TargetCreate",
    "TargetUpdate",
    "part_delete",
]
