"""Forms of what a programme is made of."""

from .reporting import MonitoringFormForm
from .structure import ApplicabilityForm, ComponentForm, PhaseForm, ProgrammeForm
from .targets import TargetForm

__all__ = [
    "ApplicabilityForm",
    "ComponentForm",
    "MonitoringFormForm",
    "PhaseForm",
    "ProgrammeForm",
    "TargetForm",
]
