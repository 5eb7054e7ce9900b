"""Pages of groups, indicators, observations and published tables."""

from .explorer import (
    explorer,
    explorer_export,
    saved_view_change,
    saved_view_create,
    saved_view_delete,
    saved_view_list,
)
from .exports import group_export, indicator_export
from .groups import GroupDetail, GroupList
from .indicators import IndicatorDetail, IndicatorList
from .observations import ObservationList
from .old_system import old_system, old_system_open
from .people import (
    DeputyCreate,
    DeputyDetail,
    DeputyList,
    DeputyUpdate,
    PeopleLog,
    PrestigiousCreate,
    PrestigiousDetail,
    PrestigiousList,
    PrestigiousUpdate,
    deputy_export,
    people_blank,
    people_import,
    people_import_confirm,
    people_import_discard,
    people_import_progress,
    people_import_start,
    people_import_undo,
    prestigious_export,
    prestigious_remove,
    prestigious_review,
)
from .published import PublishedDetail, PublishedList
from .rounds import round_compare, round_compare_export, round_list, round_table

__all__ = [
    "DeputyCreate",
    "DeputyDetail",
    "DeputyList",
    "DeputyUpdate",
    "GroupDetail",
    "GroupList",
    "IndicatorDetail",
    "IndicatorList",
    "ObservationList",
    "PeopleLog",
    "PrestigiousCreate",
    "PrestigiousDetail",
    "PrestigiousList",
    "PrestigiousUpdate",
    "PublishedDetail",
    "PublishedList",
    "deputy_export",
    "explorer",
    "explorer_export",
    "group_export",
    "indicator_export",
    "old_system",
    "old_system_open",
    "people_blank",
    "people_import",
    "people_import_confirm",
    "people_import_discard",
    "people_import_progress",
    "people_import_start",
    "people_import_undo",
    "prestigious_export",
    "prestigious_remove",
    "prestigious_review",
    "round_compare",
    "round_compare_export",
    "round_list",
    "round_table",
    "saved_view_change",
    "saved_view_create",
    "saved_view_delete",
    "saved_view_list",
]
