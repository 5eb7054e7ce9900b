"""Groups, indicators, observations and published tables."""

from .categories import Category, Dimension
from .foreseen import ForeseenChanges, ValuesVersion
from .groups import EthnicGroup, GroupAlias, GroupCode, GroupKind, LocalGroup, group_key
from .indicators import NO_SEX, TOPICS, Aggregation, Indicator, IndicatorLevel, Sex
from .observations import Missing, Observation
from .people import (
    CouncilDeputy,
    CouncilTerm,
    PeopleAccess,
    PeopleImport,
    PrestigiousPerson,
    PrestigiousReview,
    RecognitionLevel,
)
from .published import (
    FigureKind,
    PublishedColumn,
    PublishedFigure,
    PublishedRow,
    PublishedTable,
)
from .replaced import ReplacedObservation
from .rollups import HiddenCounts, Rollup, RollupSet, RollupState, Unsummed, set_key
from .rounds import FullCount, SurveyRound, SurveyTable, told_of
from .saved_views import SavedView

__all__ = [
    "NO_SEX",
    "TOPICS",
    "Aggregation",
    "Category",
    "CouncilDeputy",
    "CouncilTerm",
    "Dimension",
    "EthnicGroup",
    "FigureKind",
    "ForeseenChanges",
    "FullCount",
    "GroupAlias",
    "GroupCode",
    "GroupKind",
    "HiddenCounts",
    "Indicator",
    "IndicatorLevel",
    "LocalGroup",
    "Missing",
    "Observation",
    "PeopleAccess",
    "PeopleImport",
    "PrestigiousPerson",
    "PrestigiousReview",
    "PublishedColumn",
    "PublishedFigure",
    "PublishedRow",
    "PublishedTable",
    "RecognitionLevel",
    "ReplacedObservation",
    "Rollup",
    "RollupSet",
    "RollupState",
    "SavedView",
    "Sex",
    "SurveyRound",
    "SurveyTable",
    "Unsummed",
    "ValuesVersion",
    "group_key",
    "set_key",
    "told_of",
]
