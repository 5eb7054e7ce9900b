"""Pages of the register of works."""

from .detail import WorksDetail
from .editing import WorksCreate, WorksUpdate, works_delete
from .history import works_cite, works_state, works_uncite
from .list import WorksList, works_export
from .map import WorksMap
from .organisations import (
    OrganisationCreate,
    OrganisationList,
    OrganisationUpdate,
    member_add,
    member_remove,
)
from .photos import works_photo, works_photo_add, works_photo_delete

__all__ = [
    "OrganisationCreate",
    "OrganisationList",
    "OrganisationUpdate",
    "WorksCreate",
    "WorksDetail",
    "WorksList",
    "WorksMap",
    "WorksUpdate",
    "member_add",
    "member_remove",
    "works_cite",
    "works_delete",
    "works_export",
    "works_photo",
    "works_photo_add",
    "works_photo_delete",
    "works_state",
    "works_uncite",
]
