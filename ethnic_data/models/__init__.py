"""Groups, indicators, observations and published tables."""

from .groups import EthnicGroup, GroupAlias, GroupCode, GroupKind, LocalGroup, group_key
from .indicators import NO_SEX, TOPICS, Aggregation, Indicator, IndicatorLevel, Sex
from .observations import Missing, Observation
from .published import (
    FigureKind,
    PublishedColumn,
    PublishedFigure,
    PublishedRow,
    PublishedTable,
)
from .replaced import ReplacedObservation

__all__ = [
    "NO_SEX",
    "TOPICS",
    "Aggregation",
    "EthnicGroup",
    "FigureKind",
    "GroupAlias",
    "GroupCode",
    "GroupKind",
    "Indicator",
    "IndicatorLevel",
    "LocalGroup",
    "Missing",
    "Observation",
    "PublishedColumn",
    "PublishedFigure",
    "PublishedRow",
    "PublishedTable",
    "ReplacedObservation",
    "Sex",
    "group_key",
]
