"""Lists of the programmes as workbooks: given away, edited, and taken back in."""

from .decisions import DecisionResource
from .households import HouseholdList
from .organisations import OrganisationResource
from .works import WorksResource

__all__ = ["DecisionResource", "HouseholdList", "OrganisationResource", "WorksResource"]
