"""Lists of the programmes as workbooks: given away, edited, and taken back in."""

from .decisions import DecisionResource
from .households import HouseholdList

__all__ = ["DecisionResource", "HouseholdList"]
