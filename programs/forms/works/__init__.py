"""Forms of the register of works."""

from .filters import WorksFilter
from .history import DecisionForm, PhotoForm, StateForm
from .organisations import MemberForm, OrganisationForm
from .works import WorksForm

__all__ = [
    "DecisionForm",
    "MemberForm",
    "OrganisationForm",
    "PhotoForm",
    "StateForm",
    "WorksFilter",
    "WorksForm",
]
