"""People whose ethnicity the portal knows: personal data, behind roles, every look recorded."""

from .access import PeopleAccess, PeopleList
from .deputies import Block, CouncilDeputy, CouncilDeputyQuerySet, CouncilTerm
from .imports import PeopleImport
from .person import Education, PersonQuerySet, PersonRecord, Qualification
from .prestigious import (
    PrestigiousPerson,
    PrestigiousPersonQuerySet,
    PrestigiousReview,
    RecognitionLevel,
)

__all__ = [
    "Block",
    "CouncilDeputy",
    "CouncilDeputyQuerySet",
    "CouncilTerm",
    "Education",
    "PeopleAccess",
    "PeopleImport",
    "PeopleList",
    "PersonQuerySet",
    "PersonRecord",
    "PrestigiousPerson",
    "PrestigiousPersonQuerySet",
    "PrestigiousReview",
    "Qualification",
    "RecognitionLevel",
]
