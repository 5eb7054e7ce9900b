"""Pages of groups, indicators, observations and published tables."""

from .exports import group_export, indicator_export
from .groups import GroupDetail, GroupList
from .indicators import IndicatorDetail, IndicatorList
from .observations import ObservationList
from .published import PublishedDetail, PublishedList

__all__ = [
    "GroupDetail",
    "GroupList",
    "IndicatorDetail",
    "IndicatorList",
    "ObservationList",
    "PublishedDetail",
    "PublishedList",
    "group_export",
    "indicator_export",
]
