"""Council deputies and prestigious persons: lists, one person, files in and out, the log."""

from .editing import (
    DeputyCreate,
    DeputyUpdate,
    PrestigiousCreate,
    PrestigiousUpdate,
    prestigious_remove,
    prestigious_review,
)
from .files import (
    deputy_export,
    people_blank,
    people_import,
    people_import_confirm,
    people_import_discard,
    people_import_progress,
    people_import_start,
    people_import_undo,
    prestigious_export,
)
from .filling import people_beside, people_beside_link, people_fill
from .lists import DeputyDetail, DeputyList, PrestigiousDetail, PrestigiousList
from .log import PeopleLog

__all__ = [
    "DeputyCreate",
    "DeputyDetail",
    "DeputyList",
    "DeputyUpdate",
    "PeopleLog",
    "PrestigiousCreate",
    "PrestigiousDetail",
    "PrestigiousList",
    "PrestigiousUpdate",
    "deputy_export",
    "people_beside",
    "people_beside_link",
    "people_blank",
    "people_fill",
    "people_import",
    "people_import_confirm",
    "people_import_discard",
    "people_import_progress",
    "people_import_start",
    "people_import_undo",
    "prestigious_export",
    "prestigious_remove",
    "prestigious_review",
]
